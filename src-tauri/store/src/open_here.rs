//! Which workspaces are open in this program?
//!
//! Never are two databases of one file open in it: the system's locks are a process's, so the second would be let in, and
//! closing it would let go of the first one's lock.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Condvar, Mutex},
    time::Instant,
};

use super::{
    mutex::{lock, wait},
    opening::PATIENCE,
};
use hearback_domain::error::{Error, Result};

pub(super) const IN_MEMORY: &str = ":memory:";

/// The files that are open in this program.
static OPEN_HERE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static CLOSED_HERE: Condvar = Condvar::new();

/// Stands for a file in `OPEN_HERE`.
pub(super) struct Registered(Option<PathBuf>);

impl Registered {
    /// Waits a while for a file that is about to be closed.
    pub fn new(path: &Path) -> Result<Self> {
        if path == Path::new(IN_MEMORY) {
            return Ok(Self(None));
        }
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let key = std::fs::canonicalize(&absolute).unwrap_or(absolute);
        let began = Instant::now();
        let mut open = lock(&OPEN_HERE);
        while !open.insert(key.clone()) {
            let Some(rest) = PATIENCE.checked_sub(began.elapsed()) else {
                return Err(Error::workspace(format!("{} is still open here", path.display()))
                    .hint("Something is still being read from it: try again when that is done"));
            };
            open = wait(&CLOSED_HERE, open, rest);
        }
        Ok(Self(Some(key)))
    }

    pub fn free(&self) {
        if let Some(key) = &self.0 {
            lock(&OPEN_HERE).remove(key);
            CLOSED_HERE.notify_all();
        }
    }
}
