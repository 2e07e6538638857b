//! Which files are open, and which were closed again because there are many?
//!
//! An import may name a hundred thousand files, and a system lets a process hold about a thousand open. A [`Handle`]
//! stands for a file that has been, and will be again, open whenever it is asked for; the ones used last are kept so.

use std::{
    collections::VecDeque,
    fs::File,
    sync::{Arc, Mutex, PoisonError},
};

use hearback_domain::error::Result;

/// Files that stay open. Those unpacked to a temporary place are fewer, since they cost room on the disk.
const OPEN: usize = 64;
const OPEN_UNPACKED: usize = 2;

/// The files of one import that are open, the one used last first.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenFiles(Arc<Mutex<Recent>>);

#[derive(Debug, Default)]
struct Recent {
    handles: u64,
    files: VecDeque<(u64, Arc<File>)>,
    unpacked: VecDeque<(u64, Arc<File>)>,
}

/// Where the bytes of a [`Handle`] come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Disk,
    /// A copy in a temporary file.
    Unpacked,
}

/// A file that can be opened again.
pub(crate) struct Handle {
    number: u64,
    files: OpenFiles,
    origin: Origin,
    open: Box<dyn Fn() -> Result<File> + Send + Sync>,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle").field("number", &self.number).field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl OpenFiles {
    fn lock(&self) -> std::sync::MutexGuard<'_, Recent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A handle that opens its file when it is first asked for, and again where it had to be closed since.
    pub fn handle(&self, origin: Origin, open: impl Fn() -> Result<File> + Send + Sync + 'static) -> Arc<Handle> {
        let mut recent = self.lock();
        recent.handles += 1;
        Arc::new(Handle { number: recent.handles, files: self.clone(), origin, open: Box::new(open) })
    }
}

impl Recent {
    fn of(&mut self, origin: Origin) -> &mut VecDeque<(u64, Arc<File>)> {
        match origin {
            Origin::Disk => &mut self.files,
            Origin::Unpacked => &mut self.unpacked,
        }
    }
}

impl Handle {
    /// The group of files that this one is opened and closed with.
    pub fn files(&self) -> &OpenFiles {
        &self.files
    }

    pub fn file(&self) -> Result<Arc<File>> {
        let known = {
            let mut recent = self.files.lock();
            let files = recent.of(self.origin);
            let known = files.iter().position(|(number, _)| *number == self.number).and_then(|at| files.remove(at));
            known.map(|known| {
                let file = known.1.clone();
                files.push_front(known);
                file
            })
        };
        if let Some(file) = known {
            return Ok(file);
        }
        // Opening an unpacked file may ask for the archive that it lies in, so nothing is locked meanwhile.
        let file = Arc::new((self.open)()?);
        let mut recent = self.files.lock();
        let files = recent.of(self.origin);
        files.push_front((self.number, file.clone()));
        files.truncate(match self.origin {
            Origin::Disk => OPEN,
            Origin::Unpacked => OPEN_UNPACKED,
        });
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_files_used_last_stay_open() {
        static OPENED: AtomicUsize = AtomicUsize::new(0);
        let files = OpenFiles::default();
        let open = || {
            OPENED.fetch_add(1, Ordering::Relaxed);
            Ok(tempfile::tempfile().expect("a temporary file"))
        };
        let handles: Vec<_> = (0..=OPEN).map(|_| files.handle(Origin::Disk, open)).collect();
        for handle in handles[..OPEN].iter().chain(&handles[..OPEN]) {
            handle.file().expect("an open file");
        }
        assert_eq!(OPENED.load(Ordering::Relaxed), OPEN, "each is opened once");
        // One more closes the one that was not asked for longest.
        handles[0].file().expect("an open file");
        handles[OPEN].file().expect("an open file");
        handles[0].file().expect("an open file");
        assert_eq!(OPENED.load(Ordering::Relaxed), OPEN + 1);
        handles[1].file().expect("an open file");
        assert_eq!(OPENED.load(Ordering::Relaxed), OPEN + 2);
    }
}
