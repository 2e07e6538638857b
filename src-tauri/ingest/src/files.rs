//! Which files does the user mean, and how are their bytes reached?
//!
//! What lies in an archive or a workbook has a path as well: `/folder/a.zip/chats.json`, `/folder/b.xlsx/Sheet1`.
//! No such file exists; [`resolve`] finds the one above it that does, and what is meant within.

use std::{
    cell::RefCell,
    collections::HashSet,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use super::{
    container::{
        archive::{self, Archive, Member, Window},
        encoding::{Budget, Text},
        workbook,
    },
    limits,
};
use crate::{
    error::{Error, Result},
    job::{Job, Step, Unit},
};

/// The files meant by `paths`: files as given, folders with all that lies in them, archives and workbooks as what they
/// hold, in the order of their names.
///
/// Hidden files are passed over unless named directly; a folder is visited once, however many links lead to it. An
/// archive that cannot be opened, or holds nothing, stands for itself: reading it says why.
///
/// # Errors
/// A path that is not there or may not be read; more than [`limits::FILES`] files; nothing at all.
pub fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut visited = HashSet::new();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(kind) if kind.is_dir() => visit(path, 0, &mut visited, &mut files)?,
            Ok(_) => files.push(path.clone()),
            Err(_) => {
                resolve(path)?;
                files.push(path.clone());
            }
        }
    }
    let mut seen = HashSet::new();
    files.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    let mut parts = Vec::with_capacity(files.len());
    for path in files {
        let inner = parts_of(&path);
        if inner.is_empty() {
            parts.push(path);
        } else {
            parts.extend(inner);
        }
        if parts.len() > limits::FILES {
            return Err(too_many_files());
        }
    }
    let mut seen = HashSet::new();
    parts.retain(|path| seen.insert(path.clone()));
    if parts.is_empty() {
        return Err(Error::file("there is no file to import").hint("name files, or folders that hold files"));
    }
    Ok(parts)
}

fn too_many_files() -> Error {
    Error::input(format!("the folders hold more than {} files", limits::FILES)).hint("import them in parts")
}

/// What an archive or a workbook holds; nothing for other files and for what cannot be looked into.
fn parts_of(path: &Path) -> Vec<PathBuf> {
    match resolve(path) {
        Ok(Place::File) => {
            let archive =
                open_file(path).ok().filter(|file| is_archive(&mut &*file)).and_then(|_| archive_at(path).ok());
            archive.map(|archive| parts_of_archive(path, &archive)).unwrap_or_default()
        }
        Ok(Place::Member(archive, member)) => parts_of_member(path, &archive, &member),
        Ok(Place::Sheet(..)) | Err(_) => Vec::new(),
    }
}

fn parts_of_archive(path: &Path, archive: &Archive) -> Vec<PathBuf> {
    let inner = match archive.kind() {
        archive::Kind::Workbook => workbook::sheets(path, &archive.file).unwrap_or_default(),
        // A text document is a file of its own, whatever it is made of.
        archive::Kind::Document => Vec::new(),
        archive::Kind::Files => {
            let mut paths: Vec<PathBuf> = Vec::new();
            let mut members: Vec<&Member> = archive.members.iter().filter(|member| !is_hidden(&member.name)).collect();
            members.sort_by(|one, other| one.name.cmp(&other.name));
            for member in members {
                let place = path.join(&member.name);
                let inner = parts_of_member(&place, archive, member);
                if inner.is_empty() {
                    paths.push(place);
                } else {
                    paths.extend(inner);
                }
            }
            return paths;
        }
    };
    inner.into_iter().map(|name| path.join(name)).collect()
}

/// An archive or a workbook within an archive.
fn parts_of_member(path: &Path, archive: &Archive, member: &Member) -> Vec<PathBuf> {
    if archive.is_inner || !archive.read(path, member).is_ok_and(|mut bytes| is_archive(&mut bytes)) {
        return Vec::new();
    }
    inner_archive(path, archive, member).map(|inner| parts_of_archive(path, &inner)).unwrap_or_default()
}

/// What systems put beside the files that somebody packed.
fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

fn is_archive(bytes: &mut dyn Read) -> bool {
    let mut magic = Vec::new();
    bytes.take(4).read_to_end(&mut magic).is_ok() && archive::MAGIC.iter().any(|known| magic == **known)
}

/// What a path leads to.
pub(super) enum Place {
    File,
    /// A file within an archive.
    Member(Rc<Archive>, Member),
    /// A sheet of a workbook, which lies open in this file.
    Sheet(Arc<File>, String),
}

/// # Errors
/// There is neither such a file nor one above it that holds it.
pub(super) fn resolve(path: &Path) -> Result<Place> {
    let missing = match std::fs::metadata(path) {
        Ok(_) => return Ok(Place::File),
        Err(error) => error,
    };
    for above in path.ancestors().skip(1) {
        let Ok(kind) = std::fs::metadata(above) else { continue };
        let Some(rest) = path.strip_prefix(above).ok().filter(|_| kind.is_file()) else { break };
        let rest: Vec<_> = rest.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        if !is_archive(&mut open_file(above)?) {
            break;
        }
        return within(path, above, &archive_at(above)?, &rest.join("/"));
    }
    Err(unreadable(path, missing))
}

/// What `rest` means within the archive at `place`.
fn within(path: &Path, place: &Path, archive: &Rc<Archive>, rest: &str) -> Result<Place> {
    if archive.kind() == archive::Kind::Workbook {
        return Ok(Place::Sheet(archive.file.clone(), rest.to_owned()));
    }
    if let Some(member) = archive.find(rest) {
        return Ok(Place::Member(archive.clone(), member.clone()));
    }
    let holds = |member: &&Member| rest.strip_prefix(&member.name).is_some_and(|after| after.starts_with('/'));
    match archive.members.iter().find(holds).filter(|_| !archive.is_inner) {
        Some(member) => {
            let place = place.join(&member.name);
            let inner = inner_archive(&place, archive, member)?;
            within(path, &place, &inner, rest.get(member.name.len() + 1..).unwrap_or_default())
        }
        None => Err(Error::file(format!("{} is not there", path.display()))),
    }
}

/// The archives opened last, with what shows whether they are still the same: the files of an archive are asked for
/// one by one, and each time its table of contents would be read anew, or an inner archive unpacked anew.
type Opened = Vec<(PathBuf, u64, Option<SystemTime>, Rc<Archive>)>;

thread_local! {
    static OPENED: RefCell<Opened> = const { RefCell::new(Vec::new()) };
}

fn opened(path: &Path, file: &File, open: impl FnOnce() -> Result<Archive>) -> Result<Rc<Archive>> {
    const KEPT: usize = 2;
    let metadata = file.metadata().map_err(|error| unreadable(path, error))?;
    let (size, modified) = (metadata.len(), metadata.modified().ok());
    let known = OPENED.with_borrow(|opened| {
        opened
            .iter()
            .find(|known| known.0 == path && known.1 == size && known.2 == modified)
            .map(|known| known.3.clone())
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let archive = Rc::new(open()?);
    OPENED.with_borrow_mut(|opened| {
        opened.retain(|known| known.0 != path);
        opened.insert(0, (path.to_owned(), size, modified, archive.clone()));
        opened.truncate(KEPT);
    });
    Ok(archive)
}

fn archive_at(path: &Path) -> Result<Rc<Archive>> {
    let file = open_file(path)?;
    opened(path, &file.try_clone().map_err(|error| unreadable(path, error))?, || Archive::open(path, Arc::new(file)))
}

fn inner_archive(path: &Path, archive: &Archive, member: &Member) -> Result<Rc<Archive>> {
    opened(path, &archive.file, || {
        let file = unpack(path, &mut archive.read(path, member)?)?;
        Ok(Archive { is_inner: true, ..Archive::open(path, Arc::new(file))? })
    })
}

/// Copies into a file without a name, which goes away with its handle.
fn unpack(path: &Path, bytes: &mut dyn Read) -> Result<File> {
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
                return Err(too_many_files());
            }
            files.push(path);
        }
    }
    Ok(())
}

/// Bytes of the file; of one within an archive unpacked, of a sheet those of its workbook.
///
/// # Errors
/// There is no such file.
pub fn size(path: &Path) -> Result<u64> {
    match resolve(path)? {
        Place::File => Ok(std::fs::metadata(path).map_err(|error| unreadable(path, error))?.len()),
        Place::Member(_, member) => Ok(member.size),
        Place::Sheet(file, _) => Ok(file.metadata().map_err(|error| unreadable(path, error))?.len()),
    }
}

/// BLAKE3 of the file's bytes, hexadecimal; of a file within an archive unpacked, so that it is the same wherever it
/// lies. Of a sheet: of its workbook's bytes, a zero and the sheet's name.
///
/// # Errors
/// The file cannot be read, or the job was cancelled.
pub fn digest(path: &Path, job: &Job) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    match resolve(path)? {
        Place::File => hash_rest(path, &mut open_file(path)?, &mut hasher, job)?,
        Place::Member(archive, member) => hash_rest(path, &mut archive.read(path, &member)?, &mut hasher, job)?,
        Place::Sheet(file, name) => {
            let bytes = hash_rest(path, &mut Window::whole(path, &file)?, &mut hasher, job)?;
            hasher.update(&[0]).update(name.as_bytes());
            bytes
        }
    };
    Ok(hasher.finalize().to_hex().to_string())
}

fn hash_rest(path: &Path, bytes: &mut dyn Read, hasher: &mut blake3::Hasher, job: &Job) -> Result<u64> {
    let mut buffer = vec![0; 256 << 10];
    let mut total = 0;
    loop {
        job.check()?;
        match bytes.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                hasher.update(&buffer[..count]);
                total += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(broken(path, error)),
        }
    }
}

/// Opens what can be read from front to back and again: a regular file. Pipes, sockets and devices may never end, and
/// opening one may wait for ever.
pub(super) fn open_file(path: &Path) -> Result<File> {
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

pub(super) fn unreadable(path: &Path, error: io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => format!("{} is not there", path.display()),
        io::ErrorKind::PermissionDenied => format!("{} may not be read", path.display()),
        _ => format!("{} cannot be read", path.display()),
    };
    Error::file(message).because(error)
}

/// The text of a file, and how far the file itself has been read.
pub(super) struct Bytes {
    pub reader: Text,
    pub tap: Tap,
    /// Offset of the first record: after the byte order mark.
    pub start: u64,
}

/// Counts and digests what is read from the file, before it is unpacked or decoded.
#[derive(Clone)]
pub(super) struct Tap(Arc<Mutex<Tapped>>);

struct Tapped {
    bytes: u64,
    hasher: blake3::Hasher,
    ended: bool,
}

struct TappedFile {
    bytes: Box<dyn Read + Send>,
    tap: Tap,
}

impl Read for TappedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let mut state = self.tap.lock();
        state.bytes += count as u64;
        state.hasher.update(&buffer[..count]);
        state.ended |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

impl Tap {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Tapped { bytes: 0, hasher: blake3::Hasher::new(), ended: false })))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tapped> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn bytes(&self) -> u64 {
        self.lock().bytes
    }

    pub fn progress(&self, job: &Job, total: u64) {
        job.progress(Step::Reading, Unit::Bytes, self.bytes(), Some(total));
    }

    /// The digest of the whole file, reading what nobody asked for.
    pub fn finish(&self, path: &Path, job: &Job) -> Result<(String, u64)> {
        let mut state = self.lock();
        if !state.ended {
            let mut rest = raw(path)?;
            let known = state.bytes;
            io::copy(&mut (&mut rest).take(known), &mut io::sink()).map_err(|error| broken(path, error))?;
            state.bytes += hash_rest(path, &mut rest, &mut state.hasher, job)?;
        }
        Ok((state.hasher.finalize().to_hex().to_string(), state.bytes))
    }
}

/// The bytes that the file, or the one within an archive, consists of.
fn raw(path: &Path) -> Result<Box<dyn Read + Send>> {
    match resolve(path)? {
        Place::File => Ok(Box::new(open_file(path)?)),
        Place::Member(archive, member) => Ok(Box::new(archive.read(path, &member)?)),
        Place::Sheet(..) => Err(Error::internal(format!("{} is a sheet and has no bytes of its own", path.display()))),
    }
}

const GZIP: &[u8] = &[0x1f, 0x8b];
/// What Excel before 2007 wrote; also what an encrypted workbook is kept in.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
pub(super) const PARQUET: &[u8] = b"PAR1";

/// Gzip unpacked, and held to a ratio as archives are.
struct Gunzipped {
    bytes: flate2::bufread::MultiGzDecoder<BufReader<Box<dyn Read + Send>>>,
    tap: Tap,
    done: u64,
}

impl Read for Gunzipped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.done += count as u64;
        archive::check_ratio(self.tap.bytes(), self.done)?;
        Ok(count)
    }
}

/// The unpacked bytes, and their first ones.
fn unpacked(path: &Path) -> Result<(Box<dyn Read + Send>, Vec<u8>, Tap)> {
    let tap = Tap::new();
    let file = TappedFile { bytes: raw(path)?, tap: tap.clone() };
    let (bytes, magic) = peek(path, Box::new(file))?;
    if !magic.starts_with(GZIP) {
        return Ok((bytes, magic, tap));
    }
    let bytes = flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(256 << 10, bytes));
    let (bytes, magic) = peek(path, Box::new(Gunzipped { bytes, tap: tap.clone(), done: 0 }))?;
    Ok((bytes, magic, tap))
}

/// The first bytes, and all of them again.
fn peek(path: &Path, mut bytes: Box<dyn Read + Send>) -> Result<(Box<dyn Read + Send>, Vec<u8>)> {
    let mut magic = Vec::new();
    bytes.as_mut().take(8).read_to_end(&mut magic).map_err(|error| broken(path, error))?;
    Ok((Box::new(io::Cursor::new(magic.clone()).chain(bytes)), magic))
}

/// Opens a file for reading its bytes from the start: unpacked, as they are.
pub(super) fn open_bytes(path: &Path) -> Result<(Box<dyn io::BufRead>, Tap)> {
    let (bytes, _, tap) = unpacked(path)?;
    Ok((Box::new(io::BufReader::with_capacity(256 << 10, bytes)), tap))
}

/// Opens a file for reading its text from the start: unpacked, decoded, a byte order mark passed over.
pub(super) fn open(path: &Path) -> Result<Bytes> {
    let (bytes, magic, tap) = unpacked(path)?;
    if archive::MAGIC.iter().any(|known| magic.starts_with(known)) {
        return Err(not_looked_into(path));
    }
    if magic.starts_with(COMPOUND) {
        return Err(Error::format(format!("{} is an old Excel file, or one with a password", path.display()))
            .hint("save it as an XLSX workbook without a password, or as CSV"));
    }
    let reader = Text::new(bytes).map_err(|error| broken(path, error))?;
    if reader.is_binary() && !magic.starts_with(PARQUET) {
        return Err(
            Error::format(format!("{} is binary, not text", path.display())).hint("export it as JSON, CSV or Parquet")
        );
    }
    let start = reader.start();
    Ok(Bytes { reader, tap, start })
}

/// Why an archive is still an archive when it comes to reading.
fn not_looked_into(path: &Path) -> Error {
    let known = match resolve(path) {
        Ok(Place::File) => archive_at(path),
        Ok(Place::Member(archive, member)) => inner_archive(path, &archive, &member),
        Ok(Place::Sheet(..)) => return Error::internal(format!("{} is a sheet, not an archive", path.display())),
        Err(error) => return error,
    };
    let archive = match known {
        Ok(archive) => archive,
        Err(error) => return error,
    };
    let visible = archive.members.iter().filter(|member| !is_hidden(&member.name)).count();
    match archive.kind() {
        archive::Kind::Workbook => match workbook::sheets(path, &archive.file) {
            Ok(sheets) if sheets.is_empty() => Error::format(format!("{} holds no records", path.display())),
            Ok(sheets) => Error::input(format!("{} is a workbook", path.display()))
                .hint(format!("name one of its sheets: {}", path.join(&sheets[0]).display())),
            Err(error) => error,
        },
        archive::Kind::Document => Error::format(format!("{} is a document, not an export", path.display()))
            .hint("tables are read from XLSX and CSV"),
        archive::Kind::Files if visible == 0 => {
            Error::format(format!("{} is an archive that holds no files", path.display()))
        }
        archive::Kind::Files => Error::format(format!(
            "{} is an archive that is not looked into here (at most one lies within another, and \
             none within gzip)",
            path.display()
        ))
        .hint("unpack it and import the folder"),
    }
}

/// A file that can be read at any place: itself, or an unpacked copy. With the digest where that was seen on the way.
pub(super) fn seekable(path: &Path, job: &Job) -> Result<(File, Option<(String, u64)>)> {
    if let Place::File = resolve(path)? {
        let mut file = open_file(path)?;
        let mut magic = [0; 2];
        let is_packed = file.read_exact(&mut magic).is_ok() && magic == GZIP;
        if !is_packed {
            file.seek(SeekFrom::Start(0)).map_err(|error| unreadable(path, error))?;
            return Ok((file, None));
        }
    }
    let (mut bytes, _, tap) = unpacked(path)?;
    let file = unpack(path, &mut bytes)?;
    let digest = tap.finish(path, job)?;
    Ok((file, Some(digest)))
}

/// A failure in the middle of reading: most often a compressed file that was cut off.
pub(super) fn broken(path: &Path, error: io::Error) -> Error {
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

/// Was only so much to be read as was?
pub(super) fn is_exhausted(error: &Error) -> bool {
    let cause = error.source.as_deref().and_then(|source| source.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == Budget::EXHAUSTED)
}
