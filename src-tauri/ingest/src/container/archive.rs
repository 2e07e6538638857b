//! What lies in a zip archive, and how is one of its members read without believing a word of it?
//!
//! The table of contents at the archive's end is read into memory, bounded, and checked as a whole before anything is
//! unpacked: members that overlap, are encrypted or packed in unknown ways, and sums that nobody would export, are
//! refused by name. A member is unpacked as a stream; it ends in an error where it turns out larger than declared,
//! too large for its packed size, or other than its checksum. Names are only names: nothing is ever written under them.
//!
//! Layout: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 (records) and 4.5.3 (zip64).

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
};

use super::super::{files, limits};
use crate::error::{Error, Result};

/// A zip file's first bytes: of its first member, or of the end of one without members.
pub(in super::super) const MAGIC: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

#[derive(Clone, Debug)]
pub(in super::super) struct Member {
    /// Safe to join to a path, and unlike any other of the archive.
    pub name: String,
    pub size: u64,
    packed: u64,
    header: u64,
    checksum: u32,
    method: u16,
    encrypted: bool,
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// What an archive is to somebody who looks at its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Files,
    /// XLSX (ECMA-376).
    Workbook,
    /// Another office document, a book, a program: its parts mean nothing by themselves.
    Document,
}

#[derive(Debug)]
pub(in super::super) struct Archive {
    pub file: Arc<File>,
    /// In the order of the table of contents; folders left out.
    pub members: Vec<Member>,
    /// Lies in another one: what lies in it is looked at, but nothing deeper.
    pub is_inner: bool,
}

impl Archive {
    /// `path` names the archive in messages.
    pub fn open(path: &Path, file: Arc<File>) -> Result<Self> {
        let length = file.metadata().map_err(|error| files::unreadable(path, error))?.len();
        let (start, size, count, shift) = find_directory(path, &file, length)?;
        if count > limits::ARCHIVE_MEMBERS as u64 || size > limits::ARCHIVE_DIRECTORY_BYTES {
            return Err(Error::format(format!("{} holds more than {} files", path.display(), limits::ARCHIVE_MEMBERS))
                .hint("unpack it and import the folder in parts"));
        }
        let mut directory = vec![0; size as usize];
        Window::new(&file, start, size).read_exact(&mut directory).map_err(|error| files::broken(path, error))?;
        let members = parse_directory(&directory, count, shift).ok_or_else(|| damaged(path))?;
        check(path, &members, start)?;
        let members = members.into_iter().filter(|member| !member.name.ends_with('/')).collect();
        Ok(Self { file, members, is_inner: false })
    }

    pub fn kind(&self) -> Kind {
        let has = |name: &str| self.find(name).is_some();
        if has("[Content_Types].xml") && has("xl/workbook.xml") {
            Kind::Workbook
        } else if has("[Content_Types].xml")
            || has("META-INF/MANIFEST.MF")
            || has("META-INF/manifest.xml")
            || has("mimetype")
        {
            Kind::Document
        } else {
            Kind::Files
        }
    }

    pub fn find(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The member's bytes, unpacked; `path` names it in messages.
    pub fn read(&self, path: &Path, member: &Member) -> Result<Unpacked> {
        if member.encrypted {
            return Err(Error::format(format!("{} is encrypted", path.display()))
                .hint("unpack it with its password and import what it holds"));
        }
        let mut header = [0; 30];
        Window::new(&self.file, member.header, 30)
            .read_exact(&mut header)
            .map_err(|error| files::broken(path, error))?;
        if !header.starts_with(MAGIC[0]) {
            return Err(damaged(path));
        }
        let skip = 30 + u64::from(short(&header, 26)) + u64::from(short(&header, 28));
        let packed = Window::new(&self.file, member.header.saturating_add(skip), member.packed);
        let bytes: Box<dyn Read + Send> = match member.method {
            STORED => Box::new(packed),
            DEFLATED => Box::new(flate2::bufread::DeflateDecoder::new(BufReader::with_capacity(64 << 10, packed))),
            other => {
                return Err(Error::format(format!(
                    "{} is packed by a method (number {other}) that is not read",
                    path.display()
                ))
                .hint("unpack it and import what it holds, or pack it with the usual method, deflate"));
            }
        };
        Ok(Unpacked {
            bytes,
            left: member.size,
            done: 0,
            packed: member.packed,
            checksum: flate2::Crc::new(),
            expected: member.checksum,
        })
    }
}

fn damaged(path: &Path) -> Error {
    Error::format(format!("{} is a zip archive that is damaged or was cut off", path.display()))
        .hint("fetch the file again")
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|bytes| bytes.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// Where the table of contents starts, its size, how many entries it has, and how far everything is shifted by what
/// stands before the archive (a self-extracting one has its program there).
fn find_directory(path: &Path, file: &Arc<File>, length: u64) -> Result<(u64, u64, u64, u64)> {
    const END: u64 = 22;
    const LONGEST_COMMENT: u64 = 0xffff;
    const LOCATOR: u64 = 20;
    let start = length.saturating_sub(END + LONGEST_COMMENT + LOCATOR);
    let mut tail = Vec::new();
    Window::new(file, start, length - start).read_to_end(&mut tail).map_err(|error| files::broken(path, error))?;
    let found =
        tail.windows(END as usize).enumerate().rev().find(|(at, end)| {
            end.starts_with(MAGIC[1]) && at + END as usize + usize::from(short(end, 20)) <= tail.len()
        });
    let Some((at, end)) = found else { return Err(damaged(path)) };
    let mut place = start + at as u64;
    let (mut count, mut size, mut offset) =
        (u64::from(short(end, 10)), u64::from(word(end, 12)), u64::from(word(end, 16)));
    let locator = at.checked_sub(LOCATOR as usize).and_then(|at| tail.get(at..)).unwrap_or_default();
    if locator.starts_with(b"PK\x06\x07") {
        let mut large = [0; 56];
        let at = long(locator, 8);
        Window::new(file, at, 56).read_exact(&mut large).map_err(|_| damaged(path))?;
        if !large.starts_with(b"PK\x06\x06") {
            return Err(damaged(path));
        }
        (count, size, offset, place) = (long(&large, 32), long(&large, 40), long(&large, 48), at);
    }
    let shift = place.checked_sub(size).and_then(|start| start.checked_sub(offset)).ok_or_else(|| damaged(path))?;
    Ok((offset + shift, size, count, shift))
}

fn parse_directory(mut bytes: &[u8], count: u64, shift: u64) -> Option<Vec<Member>> {
    const ENTRY: usize = 46;
    let mut members = Vec::new();
    let mut names = HashSet::new();
    for _ in 0..count {
        let entry = bytes.get(..ENTRY).filter(|entry| entry.starts_with(b"PK\x01\x02"))?;
        let lengths = [28, 30, 32].map(|at| usize::from(short(entry, at)));
        let name = bytes.get(ENTRY..ENTRY + lengths[0])?;
        let extra = bytes.get(ENTRY + lengths[0]..ENTRY + lengths[0] + lengths[1])?;
        let mut member = Member {
            name: safe_name(&String::from_utf8_lossy(name), &mut names),
            size: u64::from(word(entry, 24)),
            packed: u64::from(word(entry, 20)),
            header: u64::from(word(entry, 42)),
            checksum: word(entry, 16),
            method: short(entry, 10),
            encrypted: short(entry, 8) & 1 == 1,
        };
        large_values(&mut member, extra)?;
        member.header = member.header.checked_add(shift)?;
        members.push(member);
        bytes = bytes.get(ENTRY + lengths.iter().sum::<usize>()..)?;
    }
    Some(members)
}

/// Zip64: what does not fit into four bytes stands in an extra field, in this order.
fn large_values(member: &mut Member, mut extra: &[u8]) -> Option<()> {
    const ZIP64: u16 = 1;
    const ELSEWHERE: u64 = 0xffff_ffff;
    while extra.len() >= 4 {
        let (tag, size) = (short(extra, 0), usize::from(short(extra, 2)));
        let mut field = extra.get(4..4 + size)?;
        if tag == ZIP64 {
            for value in [&mut member.size, &mut member.packed, &mut member.header] {
                if *value == ELSEWHERE {
                    *value = field.get(..8).map(|field| long(field, 0))?;
                    field = &field[8..];
                }
            }
        }
        extra = extra.get(4 + size..)?;
    }
    Some(())
}

/// The name as parts of a path that lead nowhere else.
fn safe_name(name: &str, taken: &mut HashSet<String>) -> String {
    let is_folder = name.ends_with(['/', '\\']);
    let parts: Vec<String> = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).map(safe_part).collect();
    let plain = if parts.is_empty() { "_".to_owned() } else { parts.join("/") };
    if is_folder {
        return plain + "/";
    }
    unique(plain, taken)
}

/// A second one of the same name gets a number.
pub(super) fn unique(name: String, taken: &mut HashSet<String>) -> String {
    let mut number = 2_u32;
    let mut unique = name.clone();
    while !taken.insert(unique.clone()) {
        unique = format!("{name} ({number})");
        number += 1;
    }
    unique
}

/// One part of a path: no way up, no drive, no control characters.
pub(super) fn safe_part(part: &str) -> String {
    if part == ".." {
        return "__".into();
    }
    part.chars()
        .map(|letter| if letter.is_control() || matches!(letter, '/' | '\\' | ':') { '_' } else { letter })
        .collect()
}

fn check(path: &Path, members: &[Member], directory: u64) -> Result<()> {
    let total = members.iter().fold(0_u64, |sum, member| sum.saturating_add(member.size));
    if total > limits::ARCHIVE_BYTES {
        return Err(Error::format(format!(
            "{} would unpack to more than {} GiB",
            path.display(),
            limits::ARCHIVE_BYTES >> 30
        ))
        .hint("unpack it and import the folder in parts"));
    }
    let mut places: Vec<(u64, u64)> = members
        .iter()
        .map(|member| (member.header, member.header.saturating_add(30).saturating_add(member.packed)))
        .collect();
    places.sort_unstable();
    let ends_in_directory = places.last().is_some_and(|(_, end)| *end > directory);
    if ends_in_directory || places.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err(Error::format(format!(
            "{} is a zip archive whose members overlap: it is damaged or made to do harm",
            path.display()
        )));
    }
    Ok(())
}

/// What stands between two offsets of a file that others read at the same time.
pub(in super::super) struct Window {
    file: Arc<File>,
    start: u64,
    end: u64,
    at: u64,
}

impl Window {
    pub fn new(file: &Arc<File>, start: u64, size: u64) -> Self {
        Self { file: file.clone(), start, end: start.saturating_add(size), at: start }
    }

    pub fn whole(path: &Path, file: &Arc<File>) -> Result<Self> {
        Ok(Self::new(file, 0, file.metadata().map_err(|error| files::unreadable(path, error))?.len()))
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buffer.len());
        let count = read_at(&self.file, &mut buffer[..room], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => self.start.checked_add(place),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        match place.filter(|place| *place >= self.start) {
            Some(place) => {
                self.at = place;
                Ok(place - self.start)
            }
            None => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// A member's bytes, held to what the archive says of it.
pub(in super::super) struct Unpacked {
    bytes: Box<dyn Read + Send>,
    left: u64,
    done: u64,
    packed: u64,
    checksum: flate2::Crc,
    expected: u32,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        if count == 0 {
            if buffer.is_empty() {
                return Ok(0);
            }
            if self.left > 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if self.checksum.sum() != self.expected {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "its checksum is another"));
            }
            return Ok(0);
        }
        self.checksum.update(&buffer[..count]);
        self.done += count as u64;
        check_ratio(self.packed, self.done)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::new(io::ErrorKind::InvalidData, "it is larger than the archive says")),
        }
        Ok(count)
    }
}

/// # Errors
/// What [`files::broken`] turns into the sentence on bombs.
pub(in super::super) fn check_ratio(packed: u64, unpacked: u64) -> io::Result<()> {
    if unpacked > limits::RATIO_FREE && unpacked / limits::RATIO > packed {
        return Err(io::Error::new(io::ErrorKind::QuotaExceeded, "it unpacks to far more than any export"));
    }
    Ok(())
}
