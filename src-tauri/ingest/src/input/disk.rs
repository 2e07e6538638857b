//! How is a file of the disk opened, and what is said where it cannot be read?

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::Arc,
};

use crate::limits;
use hearback_domain::error::{Error, Result};

/// Opens what can be read from front to back and again: a regular file. Pipes, sockets and devices may never end, and
/// opening one may wait for ever.
pub(crate) fn open_regular(path: &Path) -> Result<File> {
    let kind = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if kind.is_dir() {
        return Err(Error::file(format!("{} is a folder, not a file", path.display())));
    }
    if !kind.is_file() {
        return Err(Error::file(format!("{} is a pipe, a socket or a device, not a file", path.display()))
            .hint("save what comes out of it to a file first"));
    }
    File::open(path).map_err(|error| unreadable(path, error))
}

/// Copies into a file without a name, which goes away with its handle.
pub(crate) fn unpack(path: &Path, bytes: &mut dyn Read) -> Result<File> {
    let no_room = |error: io::Error| Error::file(format!("{} cannot be unpacked", path.display())).because(error);
    let mut file = tempfile::tempfile().map_err(no_room)?;
    let mut buffer = vec![0; 256 << 10];
    let mut total = 0;
    loop {
        let count = match bytes.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(broken(path, error)),
        };
        total += count as u64;
        if total > limits::TEMPORARY_BYTES {
            return Err(Error::format(format!(
                "{} is larger than {} GiB unpacked",
                path.display(),
                limits::TEMPORARY_BYTES >> 30
            ))
            .hint("unpack it first"));
        }
        file.write_all(&buffer[..count]).map_err(no_room)?;
    }
    file.seek(SeekFrom::Start(0)).map_err(no_room)?;
    Ok(file)
}

/// What an error of the system means for the person who named the file.
pub(crate) fn unreadable(path: &Path, error: io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => format!("{} is not there", path.display()),
        io::ErrorKind::PermissionDenied => format!("{} may not be read", path.display()),
        _ => format!("{} cannot be read", path.display()),
    };
    Error::file(message).because(error)
}

/// A failure in the middle of reading: most often a compressed file that was cut off.
pub(crate) fn broken(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Error::format(format!("{} ends too early: it was cut off or not fully downloaded", path.display()))
                .hint("fetch the file again")
                .because(error)
        }
        io::ErrorKind::QuotaExceeded => Error::format(format!(
            "{} unpacks to more than {} times its size, which no export does: it is made to do harm",
            path.display(),
            limits::RATIO
        ))
        .because(error),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Error::format(format!("{} is damaged: it cannot be unpacked", path.display())).because(error)
        }
        _ => unreadable(path, error),
    }
}

/// Did `packed` bytes become more than any export's do?
///
/// # Errors
/// An error that [`broken`] turns into the sentence on bombs.
pub(crate) fn check_ratio(packed: u64, unpacked: u64) -> io::Result<()> {
    if unpacked > limits::RATIO_FREE && unpacked / limits::RATIO > packed {
        return Err(io::Error::new(io::ErrorKind::QuotaExceeded, "it unpacks to far more than any export"));
    }
    Ok(())
}

/// A stretch of an open file, read by position: several readers of one file do not disturb one another.
pub(crate) struct Window {
    file: Arc<File>,
    start: u64,
    end: u64,
    at: u64,
}

impl Window {
    pub fn new(file: &Arc<File>, start: u64, size: u64) -> Self {
        Self { file: file.clone(), start, end: start.saturating_add(size), at: start }
    }

    /// From `start` to wherever the file ends by the time its end is read.
    pub fn from(file: &Arc<File>, start: u64) -> Self {
        Self::new(file, start, u64::MAX)
    }

    /// The whole file, as long as it is now.
    pub fn whole(path: &Path, file: &Arc<File>) -> Result<Self> {
        Ok(Self::new(file, 0, file.metadata().map_err(|error| unreadable(path, error))?.len()))
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buffer.len());
        let count = read_at(&self.file, &mut buffer[..most], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => self.start.checked_add(offset),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        match target.filter(|target| *target >= self.start) {
            Some(target) => {
                self.at = target;
                Ok(target - self.start)
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
