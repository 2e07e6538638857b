//! Which letters do these bytes mean?
//!
//! What follows is UTF-8 unless the file shows otherwise, decided once for the whole file and from its bytes alone, so
//! that detection and reading agree:
//!
//! - A byte order mark decides. Without one, zeros in every other byte mean UTF-16.
//! - ASCII means the same in every encoding left, so it is passed on until the first other byte, wherever that stands.
//!   From there [`limits::ENCODING_BYTES`] are looked at. Sequences that are valid UTF-8 hardly ever come about by chance:
//!   where there are any (an eighth of the broken lines), the file is UTF-8, and what is broken costs its record.
//! - Where there are none, a table is Windows-1252, the superset of Latin-1 that spreadsheets save. JSON is UTF-8 by its
//!   standard (RFC 8259, 8.1): there one broken line alone is taken for a broken record, several for Windows-1252.
//! - Long runs of such bytes are no Western text (Cyrillic, Chinese and so on in older encodings, or no text): rather than
//!   turning words into others, it stays UTF-8 and each record is rejected as it stands.
//!
//! Half of a UTF-16 pair becomes a byte that no UTF-8 has, so that it costs its record like any broken text.

use std::{
    io::{self, BufRead, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::limits;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
    Windows1252,
}

impl Encoding {
    /// For people; `None` for what needs no word.
    pub fn title(self) -> Option<&'static str> {
        match self {
            Self::Utf8 => None,
            Self::Utf16LittleEndian | Self::Utf16BigEndian => Some("UTF-16"),
            Self::Windows1252 => Some("Windows-1252"),
        }
    }

    fn decoder(self) -> Option<Decoder> {
        let encoding = match self {
            Self::Utf8 => return None,
            Self::Utf16LittleEndian => UTF_16LE,
            Self::Utf16BigEndian => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
        };
        Some(encoding.new_decoder_without_bom_handling())
    }
}

/// The text of a file as UTF-8, but for what is broken.
pub(crate) struct Text {
    input: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    at: usize,
    /// What is known to be ASCII ends here; only while the encoding is open.
    plain_to: usize,
    ended: bool,
    begins_as_json: bool,
    /// Not decided while all was ASCII.
    encoding: Option<Encoding>,
    decoding: Option<Decoding>,
    /// Bytes of the mark that is not part of the text, where offsets count them.
    start: u64,
    zeros: bool,
    taken: u64,
    budget: Budget,
}

/// How much may be read of a file that is only looked at. Beyond it reading ends in an error of this kind.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<AtomicU64>);

impl Budget {
    pub const EXHAUSTED: io::ErrorKind = io::ErrorKind::WouldBlock;

    fn endless() -> Self {
        Self(Arc::new(AtomicU64::new(u64::MAX)))
    }

    pub fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

struct Decoding {
    decoder: Decoder,
    text: Vec<u8>,
    at: usize,
    finished: bool,
}

const BUFFER: usize = 256 << 10;
const HEAD: usize = 4 << 10;

impl Text {
    pub fn new(input: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut text = Self {
            input,
            buffer: Vec::new(),
            at: 0,
            plain_to: 0,
            ended: false,
            begins_as_json: false,
            encoding: None,
            decoding: None,
            start: 0,
            zeros: false,
            taken: 0,
            budget: Budget::endless(),
        };
        text.grow(HEAD)?;
        let head = &text.buffer[..text.buffer.len().min(HEAD)];
        let (encoding, mark) = match head {
            [0xef, 0xbb, 0xbf, ..] => (Some(Encoding::Utf8), 3),
            [0xff, 0xfe, ..] => (Some(Encoding::Utf16LittleEndian), 2),
            [0xfe, 0xff, ..] => (Some(Encoding::Utf16BigEndian), 2),
            _ => (utf16_without_mark(head), 0),
        };
        text.zeros = encoding.is_none() && head.iter().filter(|byte| **byte == 0).count() * 10 > head.len();
        text.begins_as_json = matches!(head.trim_ascii_start().first(), Some(b'{' | b'['));
        text.at = mark;
        if encoding == Some(Encoding::Utf8) {
            text.start = mark as u64;
        }
        if let Some(encoding) = encoding {
            text.settle(encoding);
        }
        Ok(text)
    }

    /// Offset of the first byte after the byte order mark; 0 where the text is decoded.
    pub fn start(&self) -> u64 {
        self.start
    }

    pub fn budget(&self) -> Budget {
        self.budget.clone()
    }

    /// As far as it was decided by what was read.
    pub fn encoding(&self) -> Encoding {
        self.encoding.unwrap_or(Encoding::Utf8)
    }

    /// Zeros without the pattern of UTF-16: no text.
    pub fn is_binary(&self) -> bool {
        self.zeros
    }

    /// Up to `count` bytes of what comes next, consumed by nobody; fewer where decoding stops before.
    pub fn ahead(&mut self, count: usize) -> io::Result<&[u8]> {
        if self.decoding.is_none() && self.buffer.len() - self.at < count {
            self.grow(count)?;
        }
        let ahead = if self.decoding.is_some() { self.fill_buf()? } else { &self.buffer[self.at..] };
        Ok(&ahead[..ahead.len().min(count)])
    }

    fn settle(&mut self, encoding: Encoding) {
        self.encoding = Some(encoding);
        self.decoding = encoding.decoder().map(|decoder| Decoding {
            decoder,
            text: Vec::with_capacity(BUFFER),
            at: 0,
            finished: false,
        });
    }

    /// Reads on until `count` bytes lie ahead, or the input ends.
    fn grow(&mut self, count: usize) -> io::Result<()> {
        if self.at > 0 {
            self.buffer.drain(..self.at);
            self.plain_to = self.plain_to.saturating_sub(self.at);
            self.at = 0;
        }
        let mut filled = self.buffer.len();
        self.buffer.resize(filled.max(count.max(BUFFER)), 0);
        let mut result = Ok(());
        while filled < count && !self.ended {
            if self.taken > self.budget.0.load(Ordering::Relaxed) {
                result = Err(Budget::EXHAUSTED.into());
                break;
            }
            match self.input.read(&mut self.buffer[filled..]) {
                Ok(0) => self.ended = true,
                Ok(more) => {
                    filled += more;
                    self.taken += more as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        self.buffer.truncate(filled);
        result
    }

    /// Makes sure that something lies ahead. False at the end.
    fn refill(&mut self) -> io::Result<bool> {
        if self.at == self.buffer.len() {
            self.grow(1)?;
        }
        Ok(self.at < self.buffer.len())
    }

    fn decide(&mut self) -> io::Result<()> {
        self.grow(limits::ENCODING_BYTES)?;
        let window = &self.buffer[..self.buffer.len().min(limits::ENCODING_BYTES)];
        let whole = self.ended && window.len() == self.buffer.len();
        let evidence = Evidence::of(window, whole);
        self.settle(evidence.verdict(self.begins_as_json));
        Ok(())
    }

    fn decode(&mut self) -> io::Result<()> {
        let more = self.refill()?;
        let Some(decoding) = &mut self.decoding else { return Ok(()) };
        decoding.text.clear();
        decoding.at = 0;
        if decoding.finished {
            return Ok(());
        }
        decoding.text.resize(BUFFER, 0);
        let (result, read, written) = decoding.decoder.decode_to_utf8_without_replacement(
            &self.buffer[self.at..],
            &mut decoding.text[..BUFFER - 1],
            !more,
        );
        self.at += read;
        decoding.text.truncate(written);
        match result {
            DecoderResult::Malformed(..) => decoding.text.push(0xff),
            DecoderResult::InputEmpty => decoding.finished = !more,
            DecoderResult::OutputFull => {}
        }
        Ok(())
    }
}

impl BufRead for Text {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.encoding.is_none() && self.at >= self.plain_to && self.refill()? {
            let plain = self.buffer[self.at..].iter().position(|byte| !byte.is_ascii());
            self.plain_to = plain.map_or(self.buffer.len(), |plain| self.at + plain);
            if plain == Some(0) {
                self.decide()?;
            }
        }
        if self.decoding.is_some() {
            while self
                .decoding
                .as_ref()
                .is_some_and(|decoding| decoding.at == decoding.text.len() && !decoding.finished)
            {
                self.decode()?;
            }
            return Ok(self.decoding.as_ref().map_or(&[], |decoding| &decoding.text[decoding.at..]));
        }
        if self.encoding.is_none() {
            return Ok(&self.buffer[self.at..self.plain_to.max(self.at)]);
        }
        self.refill()?;
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, count: usize) {
        match &mut self.decoding {
            Some(decoding) => decoding.at = (decoding.at + count).min(decoding.text.len()),
            None => self.at = (self.at + count).min(self.buffer.len()),
        }
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

/// Letters of ASCII, which every export has, are a byte and a zero in UTF-16; in UTF-8 no zero stands in a text.
fn utf16_without_mark(head: &[u8]) -> Option<Encoding> {
    let pairs = head.len() / 2;
    let zeros = |place: usize| head.iter().skip(place).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let (encoding, most, least) =
        if odd >= even { (Encoding::Utf16LittleEndian, odd, even) } else { (Encoding::Utf16BigEndian, even, odd) };
    // Whatever the script, commas, quotes, digits and line ends are ASCII.
    (most * 10 >= pairs.max(1) && least * 20 <= most).then_some(encoding)
}

#[derive(Debug, Default)]
struct Evidence {
    /// Characters beyond ASCII in valid UTF-8.
    valid: usize,
    /// Lines with bytes that are no UTF-8.
    broken_lines: usize,
    /// Bytes beyond ASCII, and the runs in which they stand.
    high: usize,
    runs: usize,
}

impl Evidence {
    fn of(window: &[u8], whole: bool) -> Self {
        let mut evidence = Self::default();
        let mut line_is_broken = false;
        let mut seen = 0;
        for chunk in window.utf8_chunks() {
            seen += chunk.valid().len() + chunk.invalid().len();
            evidence.valid += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
            line_is_broken &= !chunk.valid().contains('\n');
            // The window may end within a character.
            let cut = seen == window.len() && !whole;
            if !chunk.invalid().is_empty() && !cut && !line_is_broken {
                evidence.broken_lines += 1;
                line_is_broken = true;
            }
        }
        let mut before = false;
        for byte in window {
            let high = !byte.is_ascii();
            evidence.high += usize::from(high);
            evidence.runs += usize::from(high && !before);
            before = high;
        }
        evidence
    }

    fn verdict(&self, is_json: bool) -> Encoding {
        let needed = if is_json { 2 } else { 1 };
        let is_utf8 = self.valid > 0 && self.valid * 8 >= self.broken_lines;
        let is_western = self.high <= self.runs * 2;
        if is_utf8 || self.broken_lines < needed || !is_western { Encoding::Utf8 } else { Encoding::Windows1252 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (Encoding, Vec<u8>) {
        let mut text = Text::new(Box::new(io::Cursor::new(bytes.to_vec()))).unwrap();
        let mut all = Vec::new();
        text.read_to_end(&mut all).unwrap();
        (text.encoding(), all)
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "name;note\nAndré;“naïve” – 5 €\n日本;語\n".repeat(40_000);
        let western = "name;note\nAndré;“naïve” – 5 €\n".repeat(40_000);
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for (expected, bytes) in [
            (Encoding::Utf8, text.clone().into_bytes()),
            (Encoding::Utf8, marked(b"\xef\xbb\xbf", text.as_bytes())),
            (Encoding::Utf16LittleEndian, marked(b"\xff\xfe", &le)),
            (Encoding::Utf16BigEndian, marked(b"\xfe\xff", &be)),
            (Encoding::Utf16LittleEndian, le.clone()),
            (Encoding::Utf16BigEndian, be.clone()),
        ] {
            let (encoding, bytes) = decoded(&bytes);
            assert_eq!(encoding, expected);
            assert!(bytes == text.as_bytes(), "{expected:?}");
        }
        let (bytes, _, lossy) = WINDOWS_1252.encode(&western);
        assert!(!lossy);
        assert_eq!(decoded(&bytes), (Encoding::Windows1252, western.clone().into_bytes()));
        // The first letter that tells stands a long way in.
        let late = [b"plain;text\n".repeat(100_000), bytes.to_vec()].concat();
        let (encoding, decoded) = decoded(&late);
        assert_eq!(encoding, Encoding::Windows1252);
        assert!(decoded.ends_with(western.as_bytes()));
    }

    #[test]
    fn what_is_broken_stays_broken() {
        let broken = [b"id,note\n1,caf\xe9\n".as_slice(), "2,café\n".as_bytes()].concat();
        assert_eq!(decoded(&broken), (Encoding::Utf8, broken.clone()), "one valid character says UTF-8");
        let json = b"{\"a\":\"caf\xe9\"}\n{\"a\":\"b\"}\n".to_vec();
        assert_eq!(decoded(&json), (Encoding::Utf8, json.clone()), "JSON is UTF-8: one line is broken");
        assert_eq!(decoded(&[json.as_slice(), json.as_slice()].concat()).0, Encoding::Windows1252);
        let chinese = b"id,note\n1,\xc4\xe3\xba\xc3\xca\xc0\xbd\xe7\n".to_vec();
        assert_eq!(decoded(&chinese), (Encoding::Utf8, chinese.clone()), "long runs are no Western text");
        let half = [b"\xff\xfe".as_slice(), &[b'a', 0, 0x00, 0xd8, b'b', 0, b'c']].concat();
        assert_eq!(decoded(&half).1, b"a\xffb\xff");
    }

    #[test]
    fn zeros_alone_are_no_text() {
        assert!(Text::new(Box::new(io::repeat(0).take(100_000))).unwrap().is_binary());
        assert!(!Text::new(Box::new(&b"{\"a\":\"\0\"}\n"[..])).unwrap().is_binary());
    }
}
