//! JSON lines: a line that is broken costs that line.
//!
//! A second thread reads, unpacks, digests, splits and parses a batch of lines ahead of the one that makes records of
//! them: the two halves take about as long. The order is that of the file. A file that is only looked at is read here.

use std::{
    io::{self, BufRead},
    ops::ControlFlow,
    sync::mpsc::{SyncSender, sync_channel},
};

use super::walk::{Walk, raw_text};
use crate::{
    input::{broken, encoding::Text},
    limits,
    row::{Detached, Reason, Row},
};
use hearback_domain::{Reject, error::Result};

pub(super) fn walk(walk: &mut Walk<'_>, mut input: Text, start: u64) -> Result<ControlFlow<()>> {
    if walk.visit.is_sample() {
        return walk_here(walk, input, start);
    }
    /// Batches that wait. Each may hold one line of the longest there are, so few.
    const WAITING: usize = 2;
    let (sender, receiver) = sync_channel::<io::Result<Batch>>(WAITING);
    std::thread::scope(|scope| {
        // Dropped at every way out of here, whereupon the other thread ends.
        let receiver = receiver;
        scope.spawn(move || read_ahead(&mut input, start, &sender));
        for batch in &receiver {
            let batch = batch.map_err(|error| broken(walk.path, error))?;
            let flow = deliver(walk, batch)?;
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// Lines, and what was found in them.
#[derive(Default)]
struct Batch {
    text: Vec<u8>,
    lines: Vec<BatchLine>,
}

struct BatchLine {
    /// Offset in the file.
    byte: u64,
    /// Where in the batch's text it stands.
    start: usize,
    end: usize,
    found: ParsedLine,
}

enum ParsedLine {
    Row(Detached),
    Broken(Reason),
    TooLong,
}

fn read_ahead(input: &mut Text, start: u64, sender: &SyncSender<io::Result<Batch>>) {
    /// Large enough that handing it over costs nothing, small enough to stay in a core's cache.
    const BATCH: usize = 256 << 10;
    let mut offset = start;
    loop {
        let mut batch = Batch { text: Vec::with_capacity(BATCH + (BATCH >> 2)), lines: Vec::new() };
        let mut ended = Ok(false);
        while batch.text.len() < BATCH && matches!(ended, Ok(false)) {
            ended = batch.take_line(input, &mut offset).map(|read| !read);
        }
        batch.parse();
        // Nobody listens any more: enough was seen.
        if sender.send(Ok(batch)).is_err() {
            return;
        }
        match ended {
            Ok(false) => {}
            Ok(true) => return,
            Err(error) => {
                // As above: where nobody listens, nobody minds.
                let _ = sender.send(Err(error));
                return;
            }
        }
    }
}

impl Batch {
    /// False at the file's end.
    fn take_line(&mut self, input: &mut Text, offset: &mut u64) -> io::Result<bool> {
        let begin = self.text.len();
        let (read, too_long) = read_line(input, &mut self.text)?;
        let line = &self.text[begin..];
        let start = begin + (line.len() - line.trim_ascii_start().len());
        let end = start + line.trim_ascii().len();
        let byte = *offset + (start - begin) as u64;
        *offset += read;
        if start < end || too_long {
            let found = if too_long { ParsedLine::TooLong } else { ParsedLine::Broken(String::new()) };
            self.lines.push(BatchLine { byte, start, end, found });
        }
        Ok(read > 0)
    }

    fn parse(&mut self) {
        let whole = std::str::from_utf8(&self.text).ok();
        for line in self.lines.iter_mut().filter(|line| !matches!(line.found, ParsedLine::TooLong)) {
            let bytes = &self.text[line.start..line.end];
            let row = match whole.and_then(|whole| whole.get(line.start..line.end)) {
                Some(text) => Row::from_json_text(text).map(|row| row.detach(text)),
                // Some line is no UTF-8: each for itself.
                None => std::str::from_utf8(bytes)
                    .map_err(|error| format!("not valid UTF-8: {error}"))
                    .and_then(|text| Ok(Row::from_json_text(text)?.detach(text))),
            };
            line.found = row.map_or_else(ParsedLine::Broken, ParsedLine::Row);
        }
    }
}

fn deliver(walk: &mut Walk<'_>, batch: Batch) -> Result<ControlFlow<()>> {
    let Batch { text, lines } = batch;
    let whole = std::str::from_utf8(&text).ok();
    for line in lines {
        let bytes = &text[line.start..line.end];
        let flow = match line.found {
            ParsedLine::TooLong => walk.too_long(line.byte, bytes)?,
            ParsedLine::Broken(reason) => walk.reject(line.byte, reason, bytes)?,
            ParsedLine::Row(row) => {
                let line_text = whole.and_then(|whole| whole.get(line.start..line.end));
                let line_text = line_text.or_else(|| std::str::from_utf8(bytes).ok()).unwrap_or_default();
                let origin = walk.next_origin(Some(line.byte))?;
                walk.visit.row(origin, row.attach(line_text), &|| raw_text(bytes))?
            }
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn walk_here(walk: &mut Walk<'_>, mut input: Text, start: u64) -> Result<ControlFlow<()>> {
    let mut line = Vec::new();
    let mut offset = start;
    loop {
        line.clear();
        let (read, too_long) = read_line(&mut input, &mut line).map_err(|error| broken(walk.path, error))?;
        if read == 0 {
            return Ok(ControlFlow::Continue(()));
        }
        let begin = offset + (line.len() - line.trim_ascii_start().len()) as u64;
        let record = line.trim_ascii();
        offset += read;
        let flow = if too_long {
            walk.too_long(begin, record)?
        } else if record.is_empty() {
            ControlFlow::Continue(())
        } else {
            walk.json(begin, record)?
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
}

/// Appends up to the line's end. Of a line beyond the limit only the start is kept.
fn read_line(input: &mut Text, line: &mut Vec<u8>) -> io::Result<(u64, bool)> {
    let (mut read, mut too_long) = (0, false);
    let begin = line.len();
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok((read, too_long));
        }
        let end = memchr::memchr(b'\n', available);
        let used = end.map_or(available.len(), |end| end + 1);
        if line.len() - begin + used > limits::RECORD_BYTES {
            too_long = true;
            line.truncate(begin + Reject::RAW_LIMIT);
            line.shrink_to(line.len());
        }
        if too_long {
            let room = (begin + Reject::RAW_LIMIT).saturating_sub(line.len()).min(used);
            line.extend_from_slice(&available[..room]);
        } else {
            line.extend_from_slice(&available[..used]);
        }
        input.consume(used);
        read += used as u64;
        if end.is_some() {
            return Ok((read, too_long));
        }
    }
}
