//! What lies in a zip archive, and how is one of its members read without believing a word of it?
//!
//! The crate `zip` reads the table of contents, entry by entry, from a reader that gives out no more bytes than a table
//! may have; the table is then checked as a whole before anything is unpacked: members that overlap, are encrypted or
//! packed in unknown ways, and sums that nobody would export, are refused by name. A member is unpacked as a stream
//! (by `flate2`, since a reader of `zip` cannot be handed to another thread); the stream ends in an error where it turns
//! out larger than declared, too large for its packed size, or other than its checksum. Names are only names: nothing
//! is ever written under them.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::SystemTime,
};

use zip::{
    CompressionMethod, ZipReadOptions,
    read::{Config, OwnedZipFileEntry},
    result::ZipError,
    unstable::read::ZipIterable,
};

use super::{
    disk::{Window, check_ratio, unpack, unreadable},
    open_files::{Handle, Origin},
};
use crate::{limits, safe_names::safe_path};
use hearback_domain::error::{Error, Result};

/// A zip file's first bytes: of its first member, or of the end of one without members.
pub(crate) const MAGIC: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// A file in an archive, as the table of contents has it.
#[derive(Debug)]
pub(crate) struct Member {
    /// Safe to join to a path, and unlike any other of the archive.
    pub name: String,
    pub size: u64,
    entry: OwnedZipFileEntry,
}

/// What an archive is to somebody who looks at its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArchiveKind {
    Files,
    /// XLSX (ECMA-376).
    Workbook,
    /// Another office document, a book, a program: its members mean nothing by themselves.
    Document,
}

/// An archive whose table of contents has been read and checked.
#[derive(Debug)]
pub(crate) struct Archive {
    path: PathBuf,
    handle: Arc<Handle>,
    /// Length and time of change of the file when its table of contents was read.
    seen: (u64, Option<SystemTime>),
    /// In the order of the table of contents; folders left out.
    pub members: Vec<Member>,
    /// The archive lies in another one: what lies in it is looked at, but nothing deeper.
    pub is_inner: bool,
    /// The state of a digest after the whole file, for the worksheets of a workbook.
    pub hashed: OnceLock<blake3::Hasher>,
    /// Somebody has found the members to be what the table of contents says.
    pub is_sound: OnceLock<()>,
}

impl Archive {
    /// `path` names the archive in messages.
    pub fn open(path: &Path, handle: Arc<Handle>, is_inner: bool) -> Result<Self> {
        let file = handle.file()?;
        let seen = stamp(path, &file)?;
        let members = members(path, &file)?;
        let (hashed, is_sound) = (OnceLock::new(), OnceLock::new());
        Ok(Self { path: path.to_owned(), handle, seen, members, is_inner, hashed, is_sound })
    }

    /// # Errors
    /// The file cannot be opened again, or is another one by now.
    fn file(&self) -> Result<Arc<File>> {
        let file = self.handle.file()?;
        if stamp(&self.path, &file)? != self.seen {
            return Err(Error::file(format!("{} changed while it was being read", self.path.display()))
                .hint("import it again when nothing writes to it any more"));
        }
        Ok(file)
    }

    /// The bytes of the archive itself.
    pub fn bytes(&self) -> Result<Window> {
        Window::whole(&self.path, &self.file()?)
    }

    pub fn size(&self) -> u64 {
        self.seen.0
    }

    pub fn kind(&self) -> ArchiveKind {
        let has = |name: &str| self.find(name).is_some();
        if has("[Content_Types].xml") && has("xl/workbook.xml") {
            ArchiveKind::Workbook
        } else if has("[Content_Types].xml")
            || has("META-INF/MANIFEST.MF")
            || has("META-INF/manifest.xml")
            || has("mimetype")
        {
            ArchiveKind::Document
        } else {
            ArchiveKind::Files
        }
    }

    /// The number of the member of this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.name == name)
    }

    /// A member's bytes, unpacked; `path` names it in messages.
    pub fn read(&self, path: &Path, member: usize) -> Result<Unpacked> {
        let Some(member) = self.members.get(member) else {
            return Err(Error::internal(format!("{} is not in its archive", path.display())));
        };
        let entry = &member.entry;
        if entry.encrypted() {
            return Err(Error::format(format!("{} is encrypted", path.display()))
                .hint("unpack it with its password and import what it holds"));
        }
        let is_packed = match entry.compression() {
            CompressionMethod::STORE => false,
            CompressionMethod::DEFLATE => true,
            other => {
                return Err(Error::format(format!(
                    "{} is packed by a method that is not read ({other})",
                    path.display()
                ))
                .hint("unpack it and import what it holds, or pack it with the usual method, deflate"));
            }
        };
        let file = self.file()?;
        let mut whole = Window::whole(&self.path, &file)?;
        let begins = entry.as_ref().with_reader(&mut whole, ZipReadOptions::new()).map(|found| found.data_start());
        let start = match begins {
            Ok(Some(start)) => start,
            Ok(None) => return Err(damaged(path)),
            Err(error) => return Err(damaged(path).because(error)),
        };
        let packed = Window::new(&file, start, entry.compressed_size());
        let bytes: Box<dyn Read + Send> = if is_packed {
            Box::new(flate2::bufread::DeflateDecoder::new(BufReader::with_capacity(64 << 10, packed)))
        } else {
            Box::new(packed)
        };
        Ok(Unpacked {
            bytes,
            left: member.size,
            done: 0,
            packed: entry.compressed_size(),
            checksum: flate2::Crc::new(),
            expected: entry.crc32(),
        })
    }
}

/// A handle of the member as a file of its own, unpacked to a temporary place whenever it is opened.
pub(crate) fn unpacked_handle(archive: &Arc<Archive>, path: PathBuf, member: usize) -> Arc<Handle> {
    let from = archive.clone();
    archive.handle.files().handle(Origin::Unpacked, move || unpack(&path, &mut from.read(&path, member)?))
}

fn stamp(path: &Path, file: &File) -> Result<(u64, Option<SystemTime>)> {
    let metadata = file.metadata().map_err(|error| unreadable(path, error))?;
    Ok((metadata.len(), metadata.modified().ok()))
}

fn damaged(path: &Path) -> Error {
    Error::format(format!("{} is a zip archive that is damaged or was cut off", path.display()))
        .hint("fetch the file again")
}

/// A reader that ends in an error after so many bytes, whatever is looked for in it.
struct Bounded {
    window: Window,
    left: u64,
}

impl Bounded {
    const EXHAUSTED: io::ErrorKind = io::ErrorKind::QuotaExceeded;
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.window.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or(Self::EXHAUSTED)?;
        Ok(count)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.window.seek(to)
    }
}

fn members(path: &Path, file: &Arc<File>) -> Result<Vec<Member>> {
    let too_many = || {
        Error::format(format!(
            "{} holds more than {} files, or a table of contents of more than {} MiB",
            path.display(),
            limits::ARCHIVE_MEMBERS,
            limits::ARCHIVE_DIRECTORY_BYTES >> 20
        ))
        .hint("unpack it and import the folder in parts")
    };
    let unlisted = |error: ZipError| match error {
        ZipError::Io(error) if error.kind() == Bounded::EXHAUSTED => too_many().because(error),
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => unreadable(path, error),
        error => damaged(path).because(error),
    };
    let reader = Bounded { window: Window::whole(path, file)?, left: limits::ARCHIVE_DIRECTORY_BYTES };
    let mut listed = ZipIterable::try_new(reader, Config::default()).map_err(unlisted)?;
    if listed.len() > limits::ARCHIVE_MEMBERS {
        return Err(too_many());
    }
    let mut taken = HashSet::new();
    let mut members = Vec::with_capacity(listed.len());
    for entry in listed.files().map_err(unlisted)? {
        let entry = OwnedZipFileEntry::from(entry.map_err(unlisted)?);
        // Whether a name is UTF-8 is often not said; few names in the other encoding, CP 437, are UTF-8 by chance.
        let name = match std::str::from_utf8(entry.name_raw()) {
            Ok(name) => name.to_owned(),
            Err(_) => entry.name().map_err(unlisted)?.into_owned(),
        };
        members.push(Member { name: safe_path(&name, &mut taken), size: entry.size(), entry });
    }
    check(path, &members)?;
    members.retain(|member| !member.name.ends_with('/'));
    Ok(members)
}

fn check(path: &Path, members: &[Member]) -> Result<()> {
    let total = members.iter().fold(0_u64, |sum, member| sum.saturating_add(member.size));
    if total > limits::ARCHIVE_BYTES {
        return Err(Error::format(format!(
            "{} would unpack to more than {} GiB",
            path.display(),
            limits::ARCHIVE_BYTES >> 30
        ))
        .hint("unpack it and import the folder in parts"));
    }
    /// The least that stands before a member's bytes.
    const HEADER: u64 = 30;
    let stretch = |member: &Member| {
        let start = member.entry.header_start();
        (start, start.saturating_add(HEADER).saturating_add(member.entry.compressed_size()))
    };
    let mut stretches: Vec<(u64, u64)> = members.iter().map(stretch).collect();
    stretches.sort_unstable();
    let directory = members.iter().map(|member| member.entry.central_header_start()).min();
    let ends_in_directory = stretches.last().zip(directory).is_some_and(|((_, end), directory)| *end > directory);
    if ends_in_directory || stretches.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err(Error::format(format!(
            "{} is a zip archive whose members overlap: it is damaged or made to do harm",
            path.display()
        ))
        .hint("fetch the file again, or unpack it and import what it holds"));
    }
    Ok(())
}

/// A member's bytes, held to what the archive says of it.
pub(crate) struct Unpacked {
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
