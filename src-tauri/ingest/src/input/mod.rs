//! What is one file to be read, wherever it lies, and how are its bytes reached?
//!
//! A file of the disk, a file within an archive (`/folder/a.zip/chats.json`, `/folder/a.zip/b.zip/chats.json`) and a
//! worksheet of a workbook (`/folder/b.xlsx/Sheet1`) are each an [`Input`]. No file of the latter names exists; an
//! [`Opener`] finds the one above them that does. An input is opened once, and then read as often as needed by position: its
//! size is known, its digest is worked out at most once, and its start can be had without disturbing anybody.
//!
//! Inputs know neither containers nor formats.

mod archive;
mod disk;
pub(crate) mod encoding;
mod open_files;
mod tap;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

pub(crate) use archive::{Archive, ArchiveKind, MAGIC as ARCHIVE_MAGIC};
pub(crate) use disk::{Window, broken, unreadable};
pub(crate) use tap::Tap;

use encoding::{Budget, Text};
use hearback_domain::{
    error::{Error, Result},
    job::Job,
};
use open_files::{Handle, OpenFiles, Origin};
use tap::{GZIP, Gunzipped};

/// One file to be read: of the disk, within an archive, or a worksheet.
#[derive(Clone, Debug)]
pub struct Input {
    path: PathBuf,
    source: Source,
    size: u64,
    digest: OnceLock<String>,
}

#[derive(Clone, Debug)]
enum Source {
    Disk(Arc<Handle>),
    /// The member of this number.
    Member(Arc<Archive>, usize),
    /// The worksheet that is reached under this name.
    Worksheet(Arc<Archive>, String),
}

/// Finds what paths lead to. Files and archives that several paths of one set lead to are opened once for all.
#[derive(Debug, Default)]
pub(crate) struct Opener {
    files: OpenFiles,
    /// The archives that paths led to last, by their own paths.
    archives: Mutex<Vec<(PathBuf, Arc<Archive>)>>,
}

impl Opener {
    /// What `path` leads to: a file of that name, or what it means within the archive or workbook above it.
    ///
    /// # Errors
    /// There is neither such a file nor one above it that holds it.
    pub fn input(&self, path: &Path) -> Result<Input> {
        let missing = match std::fs::metadata(path) {
            Ok(metadata) => return Ok(self.on_disk(path, metadata.len())),
            Err(error) => error,
        };
        for above in path.ancestors().skip(1) {
            let Ok(metadata) = std::fs::metadata(above) else { continue };
            let Some(rest) = path.strip_prefix(above).ok().filter(|_| metadata.is_file()) else { break };
            let rest: Vec<_> = rest.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let above = self.on_disk(above, metadata.len());
            if !above.is_archive()? {
                break;
            }
            return self.within(path, &above, &rest.join("/"));
        }
        Err(unreadable(path, missing))
    }

    /// A file of the disk that is known to be there, `size` bytes long.
    pub fn on_disk(&self, path: &Path, size: u64) -> Input {
        let opened = path.to_owned();
        let handle = self.files.handle(Origin::Disk, move || disk::open_regular(&opened));
        Input { path: path.to_owned(), source: Source::Disk(handle), size, digest: OnceLock::new() }
    }

    /// What `rest` means within `above`, which is an archive.
    fn within(&self, path: &Path, above: &Input, rest: &str) -> Result<Input> {
        let archive = self.archive(above)?;
        if archive.kind() == ArchiveKind::Workbook {
            return Ok(Input::worksheet(&archive, path.to_owned(), rest.to_owned()));
        }
        if let Some(member) = archive.find(rest) {
            return Ok(Input::member(&archive, path.to_owned(), member));
        }
        let holds = |name: &str| rest.strip_prefix(name).is_some_and(|after| after.starts_with('/'));
        match archive.members.iter().position(|member| holds(&member.name)).filter(|_| !archive.is_inner) {
            Some(member) => {
                let name = &archive.members[member].name;
                let inner = Input::member(&archive, above.path.join(name), member);
                self.within(path, &inner, rest.get(name.len() + 1..).unwrap_or_default())
            }
            None => Err(Error::file(format!("{} is not there", path.display()))),
        }
    }

    /// The input as an archive; of several paths into one archive its table of contents is read for the first.
    fn archive(&self, input: &Input) -> Result<Arc<Archive>> {
        const KEPT: usize = 2;
        let mut archives = self.archives.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = archives.iter().find(|(path, _)| *path == input.path) {
            return Ok(known.clone());
        }
        let archive = input.open_archive()?;
        archives.insert(0, (input.path.clone(), archive.clone()));
        archives.truncate(KEPT);
        Ok(archive)
    }
}

/// The text of a file, and how far the file itself has been read.
pub(crate) struct Decoded {
    pub text: Text,
    pub tap: Tap,
    /// Offset of the first record: after the byte order mark.
    pub start: u64,
}

/// What Excel before 2007 wrote; also what an encrypted workbook is kept in.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
pub(crate) const PARQUET: &[u8] = b"PAR1";

impl Input {
    /// What `path` leads to.
    ///
    /// # Errors
    /// There is neither such a file nor an archive or workbook above it that holds it.
    pub fn open(path: &Path) -> Result<Self> {
        Opener::default().input(path)
    }

    pub(crate) fn member(archive: &Arc<Archive>, path: PathBuf, member: usize) -> Self {
        let size = archive.members.get(member).map_or(0, |member| member.size);
        Self { path, source: Source::Member(archive.clone(), member), size, digest: OnceLock::new() }
    }

    pub(crate) fn worksheet(archive: &Arc<Archive>, path: PathBuf, name: String) -> Self {
        Self { path, source: Source::Worksheet(archive.clone(), name), size: archive.size(), digest: OnceLock::new() }
    }

    /// The path under which the input is named, imported and imported again.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file; of one within an archive unpacked, of a worksheet those of its workbook.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// BLAKE3 of the file's bytes, hexadecimal; of a file within an archive unpacked, so that it is the same wherever it
    /// lies. Of a worksheet: of its workbook's bytes, a zero and the worksheet's name.
    ///
    /// # Errors
    /// The file cannot be read, or the job was cancelled.
    pub fn digest(&self, job: &Job) -> Result<String> {
        if let Some(known) = self.digest.get() {
            return Ok(known.clone());
        }
        let mut hasher = blake3::Hasher::new();
        if let Source::Worksheet(workbook, name) = &self.source {
            hasher = match workbook.hashed.get() {
                Some(known) => known.clone(),
                None => {
                    hash_rest(&self.path, &mut workbook.bytes()?, &mut hasher, job)?;
                    workbook.hashed.get_or_init(|| hasher).clone()
                }
            };
            hasher.update(&[0]).update(name.as_bytes());
        } else {
            hash_rest(&self.path, &mut self.raw(0)?, &mut hasher, job)?;
        }
        Ok(self.digest.get_or_init(|| hasher.finalize().to_hex().to_string()).clone())
    }

    /// The digest and the number of bytes of a file of which `tap` has seen the start or all.
    pub(crate) fn finish(&self, tap: &Tap, job: &Job) -> Result<(String, u64)> {
        let (mut bytes, mut hasher, ended) = tap.state();
        if !ended {
            bytes += hash_rest(&self.path, &mut self.raw(bytes)?, &mut hasher, job)?;
        }
        let digest = hasher.finalize().to_hex().to_string();
        // What was read by now counts, whatever the file was before.
        Ok((digest, bytes))
    }

    /// The workbook that the input is a worksheet of, and the name under which the worksheet is reached.
    pub(crate) fn as_worksheet(&self) -> Option<(&Archive, &str)> {
        match &self.source {
            Source::Worksheet(workbook, name) => Some((workbook, name)),
            Source::Disk(_) | Source::Member(..) => None,
        }
    }

    /// Does the file begin as an archive does?
    pub(crate) fn is_archive(&self) -> Result<bool> {
        if self.as_worksheet().is_some() {
            return Ok(false);
        }
        let mut magic = Vec::new();
        self.raw(0)?.take(4).read_to_end(&mut magic).map_err(|error| broken(&self.path, error))?;
        Ok(ARCHIVE_MAGIC.iter().any(|known| magic == **known))
    }

    /// The file as an archive, with its table of contents read and checked.
    ///
    /// # Errors
    /// The file is no archive that can be read; a member of an archive that lies in another one.
    pub(crate) fn open_archive(&self) -> Result<Arc<Archive>> {
        let archive = match &self.source {
            Source::Disk(handle) => Archive::open(&self.path, handle.clone(), false),
            Source::Member(archive, member) if !archive.is_inner => {
                let handle = archive::unpacked_handle(archive, self.path.clone(), *member);
                Archive::open(&self.path, handle, true)
            }
            Source::Member(..) => Err(Error::format(format!(
                "{} is an archive that is not looked into here (at most one lies within another, and none within gzip)",
                self.path.display()
            ))
            .hint("unpack it and import the folder")),
            Source::Worksheet(..) => {
                Err(Error::internal(format!("{} is a worksheet, not an archive", self.path.display())))
            }
        };
        archive.map(Arc::new)
    }

    /// The bytes that the file, or the one within an archive, consists of, without the first `skip`.
    fn raw(&self, skip: u64) -> Result<Box<dyn Read + Send>> {
        match &self.source {
            Source::Disk(handle) => Ok(Box::new(Window::from(&handle.file()?, skip))),
            Source::Member(archive, member) => {
                let mut bytes = archive.read(&self.path, *member)?;
                io::copy(&mut (&mut bytes).take(skip), &mut io::sink()).map_err(|error| broken(&self.path, error))?;
                Ok(Box::new(bytes))
            }
            Source::Worksheet(..) => {
                Err(Error::internal(format!("{} is a worksheet and has no bytes of its own", self.path.display())))
            }
        }
    }

    /// The unpacked bytes, their first ones once more, and how far the file itself is read.
    fn unpacked(&self) -> Result<(Box<dyn Read + Send>, Vec<u8>, Tap)> {
        let (bytes, tap) = Tap::into(self.raw(0)?);
        let (bytes, magic) = self.peek(bytes)?;
        if !magic.starts_with(GZIP) {
            return Ok((bytes, magic, tap));
        }
        let (bytes, magic) = self.peek(Box::new(Gunzipped::new(bytes, tap.clone())))?;
        Ok((bytes, magic, tap))
    }

    /// The first bytes, and all of them again.
    fn peek(&self, mut bytes: Box<dyn Read + Send>) -> Result<(Box<dyn Read + Send>, Vec<u8>)> {
        let mut magic = Vec::new();
        bytes.as_mut().take(8).read_to_end(&mut magic).map_err(|error| broken(&self.path, error))?;
        Ok((Box::new(io::Cursor::new(magic.clone()).chain(bytes)), magic))
    }

    /// The first bytes, unpacked: `count` of them, or all.
    pub(crate) fn head(&self, count: usize) -> Result<Vec<u8>> {
        let (bytes, _, _) = self.unpacked()?;
        let mut head = Vec::new();
        bytes.take(count as u64).read_to_end(&mut head).map_err(|error| broken(&self.path, error))?;
        Ok(head)
    }

    /// The bytes from the start: unpacked, as they are.
    pub(crate) fn bytes(&self) -> Result<(Box<dyn BufRead>, Tap)> {
        let (bytes, _, tap) = self.unpacked()?;
        Ok((Box::new(BufReader::with_capacity(256 << 10, bytes)), tap))
    }

    /// The text from the start: unpacked, decoded, a byte order mark passed over.
    ///
    /// # Errors
    /// The file is none that holds text.
    pub(crate) fn text(&self) -> Result<Decoded> {
        let path = &self.path;
        let (bytes, magic, tap) = self.unpacked()?;
        if ARCHIVE_MAGIC.iter().any(|known| magic.starts_with(known)) {
            return Err(Error::format(format!("{} is an archive, not text", path.display()))
                .hint("unpack it and import the folder"));
        }
        if magic.starts_with(COMPOUND) {
            return Err(Error::format(format!("{} is an old Excel file, or one with a password", path.display()))
                .hint("save it as an XLSX workbook without a password, or as CSV"));
        }
        let text = Text::new(bytes).map_err(|error| broken(path, error))?;
        if text.is_binary() && !magic.starts_with(PARQUET) {
            return Err(Error::format(format!("{} is binary, not text", path.display()))
                .hint("export it as JSON, CSV or Parquet"));
        }
        let start = text.start();
        Ok(Decoded { text, tap, start })
    }

    /// A file that can be read at any offset: itself, or an unpacked copy. With the digest and the number of bytes where
    /// these were seen on the way.
    pub(crate) fn seekable(&self, job: &Job) -> Result<(File, Option<(String, u64)>)> {
        if let Source::Disk(handle) = &self.source {
            let file = handle.file()?;
            let mut magic = Vec::new();
            let _ = Window::from(&file, 0).take(2).read_to_end(&mut magic);
            if magic != GZIP {
                let mut file = file.try_clone().map_err(|error| unreadable(&self.path, error))?;
                file.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&self.path, error))?;
                return Ok((file, None));
            }
        }
        let (mut bytes, _, tap) = self.unpacked()?;
        let file = disk::unpack(&self.path, &mut bytes)?;
        let digest = self.finish(&tap, job)?;
        Ok((file, Some(digest)))
    }
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

/// Was only so much to be read as was?
pub(crate) fn is_exhausted(error: &Error) -> bool {
    let cause = error.source.as_deref().and_then(|source| source.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == Budget::EXHAUSTED)
}

/// What systems put beside the files that somebody packed.
pub(crate) fn is_hidden(name: &str) -> bool {
    name.split('/').any(|segment| segment.starts_with('.') || segment == "__MACOSX")
}
