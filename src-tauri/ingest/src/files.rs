//! Which files does the user mean, and how are their bytes reached?

use std::{
    cell::RefCell,
    collections::HashSet,
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    rc::Rc,
};

use super::limits;
use crate::{
    error::{Error, Result},
    job::{Job, Step, Unit},
};

/// The files meant by `paths`: files as given, folders with all that lies in them, in the order of their names.
///
/// Hidden files are passed over unless named directly; a folder is visited once, however many links lead to it.
///
/// # Errors
/// A path that is not there or may not be read; more than [`limits::FILES`] files; nothing at all.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut visited = HashSet::new();
    for path in paths {
        let kind = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
        if kind.is_dir() {
            visit(path, 0, &mut visited, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = HashSet::new();
    files.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    if files.is_empty() {
        return Err(Error::file("there is no file to import").hint("name files, or folders that hold files"));
    }
    Ok(files)
}

fn visit(folder: &Path, depth: usize, visited: &mut HashSet<PathBuf>, files: &mut Vec<PathBuf>) -> Result<()> {
    let place = folder.canonicalize().map_err(|error| unreadable(folder, error))?;
    if !visited.insert(place) {
        return Ok(());
    }
    if depth > limits::FOLDERS {
        return Err(Error::file(format!("{} lies more than {} folders deep", folder.display(), limits::FOLDERS)));
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|error| unreadable(folder, error))?;
    entries.sort();
    for path in entries {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        // A link that leads nowhere is nobody's export.
        let Ok(kind) = std::fs::metadata(&path) else { continue };
        if kind.is_dir() {
            visit(&path, depth + 1, visited, files)?;
        } else if kind.is_file() {
            if files.len() >= limits::FILES {
                return Err(Error::input(format!("the folders hold more than {} files", limits::FILES))
                    .hint("import them in parts"));
            }
            files.push(path);
        }
    }
    Ok(())
}

/// BLAKE3 of the file's bytes, hexadecimal.
///
/// # Errors
/// The file cannot be read, or the job was cancelled.
pub fn digest(path: &Path, job: &Job) -> Result<String> {
    let mut file = open_file(path)?;
    let mut hasher = blake3::Hasher::new();
    hash_rest(path, &mut file, &mut hasher, job)?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn hash_rest(path: &Path, file: &mut File, hasher: &mut blake3::Hasher, job: &Job) -> Result<u64> {
    let mut buffer = vec![0; 256 << 10];
    let mut total = 0;
    loop {
        job.check()?;
        match file.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                hasher.update(&buffer[..count]);
                total += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(path, error)),
        }
    }
}

pub(super) fn open_file(path: &Path) -> Result<File> {
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Error::file(format!("{} is a folder, not a file", path.display())));
    }
    Ok(file)
}

pub(super) fn unreadable(path: &Path, error: io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("{} is not there", path.display()),
        io::ErrorKind::PermissionDenied => format!("{} may not be read", path.display()),
        _ => format!("{} cannot be read", path.display()),
    };
    Error::file(message).because(error)
}

/// The decompressed bytes of a file, and how far the file itself has been read.
pub(super) struct Bytes {
    pub reader: Box<dyn BufRead>,
    pub tap: Tap,
    /// Bytes before the first record: the byte order mark.
    pub start: u64,
    pub compressed: bool,
}

/// Counts and digests what is read from the file, before decompression.
#[derive(Clone)]
pub(super) struct Tap(Rc<RefCell<Tapped>>);

struct Tapped {
    bytes: u64,
    hasher: blake3::Hasher,
}

struct TappedFile {
    file: File,
    tap: Tap,
}

impl Read for TappedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let mut state = self.tap.0.borrow_mut();
        state.bytes += count as u64;
        state.hasher.update(&buffer[..count]);
        Ok(count)
    }
}

impl Tap {
    pub fn bytes(&self) -> u64 {
        self.0.borrow().bytes
    }

    pub fn progress(&self, job: &Job, total: u64) {
        job.progress(Step::Reading, Unit::Bytes, self.bytes(), Some(total));
    }

    /// The digest of the whole file, reading what nobody asked for.
    pub fn finish(&self, path: &Path, job: &Job) -> Result<(String, u64)> {
        let mut file = open_file(path)?;
        let mut state = self.0.borrow_mut();
        file.seek(SeekFrom::Start(state.bytes)).map_err(|error| unreadable(path, error))?;
        state.bytes += hash_rest(path, &mut file, &mut state.hasher, job)?;
        Ok((state.hasher.finalize().to_hex().to_string(), state.bytes))
    }
}

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZIP: &[u8] = b"PK\x03\x04";
pub(super) const PARQUET: &[u8] = b"PAR1";

/// Opens a file for reading from its start: gzip unpacked, a UTF-8 byte order mark passed over.
pub(super) fn open(path: &Path) -> Result<Bytes> {
    let tap = Tap(Rc::new(RefCell::new(Tapped { bytes: 0, hasher: blake3::Hasher::new() })));
    let file = TappedFile { file: open_file(path)?, tap: tap.clone() };
    let mut reader: Box<dyn BufRead> = Box::new(BufReader::with_capacity(256 << 10, file));
    let magic = peek(&mut reader, path)?;
    if magic.starts_with(ZIP) {
        return Err(Error::format(format!("{} is a zip archive, which is not read yet", path.display()))
            .hint("unpack it and import the folder"));
    }
    let compressed = magic.starts_with(GZIP);
    if compressed {
        reader = Box::new(BufReader::with_capacity(256 << 10, flate2::bufread::MultiGzDecoder::new(reader)));
    }
    let head = peek(&mut reader, path)?;
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || (zeros > 0 && zeros * 3 >= head.len()) {
        return Err(Error::format(format!("{} is UTF-16 or binary, not UTF-8 text", path.display()))
            .hint("save or export it as UTF-8"));
    }
    let start = if head.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
    reader.consume(start);
    Ok(Bytes { reader, tap, start: start as u64, compressed })
}

/// Up to the first bytes of what is to come, consumed by nobody.
fn peek(reader: &mut Box<dyn BufRead>, path: &Path) -> Result<Vec<u8>> {
    let head = reader.fill_buf().map_err(|error| broken(path, error))?;
    Ok(head[..head.len().min(256)].to_vec())
}

/// A failure in the middle of reading: most often a compressed file that was cut off.
pub(super) fn broken(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Error::format(format!("{} ends too early: it was cut off or not fully downloaded", path.display()))
                .hint("fetch the file again")
                .because(error)
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Error::format(format!("{} is damaged: it cannot be unpacked", path.display())).because(error)
        }
        _ => unreadable(path, error),
    }
}
