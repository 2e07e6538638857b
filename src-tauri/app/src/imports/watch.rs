//! Did a new export land in this folder, whole?
//!
//! A watched folder is looked at again and again; whoever looks decides when. A file is handed out once it has kept
//! its size and its time of change for a while: until then somebody is still writing it. Each state of a file is
//! handed out once; whether its bytes are in the workspace already is for the import to say.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use hearback_domain::error::Result;
use hearback_ingest as ingest;

/// How long a file must have kept still.
pub const STILL: Duration = Duration::from_secs(3);

/// One folder that is watched.
#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    files: BTreeMap<PathBuf, Seen>,
}

/// What one look found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Landed {
    /// New and still: ready to be imported.
    pub ready: Vec<PathBuf>,
    /// New, but perhaps not whole yet.
    pub growing: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    changed: Option<SystemTime>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    stamp: Stamp,
    /// When it was first seen so.
    since: Duration,
    handed_out: bool,
}

impl Watch {
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), files: BTreeMap::new() }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Looks at the folder. `now` is any clock that only goes forward.
    ///
    /// # Errors
    /// The folder is not there or may not be read.
    pub fn look(&mut self, now: Duration) -> Result<Landed> {
        let mut landed = Landed::default();
        let mut files = BTreeMap::new();
        for path in ingest::files_in(&self.folder)? {
            // Gone between listing and looking.
            let Ok(metadata) = std::fs::metadata(&path) else { continue };
            let stamp = Stamp { bytes: metadata.len(), changed: metadata.modified().ok() };
            let mut seen = match self.files.get(&path) {
                Some(seen) if seen.stamp == stamp => *seen,
                _ => Seen { stamp, since: now, handed_out: false },
            };
            if !seen.handed_out {
                // An empty file is one that somebody is about to write.
                if stamp.bytes > 0 && now.saturating_sub(seen.since) >= STILL {
                    seen.handed_out = true;
                    landed.ready.push(path.clone());
                } else {
                    landed.growing += 1;
                }
            }
            files.insert(path, seen);
        }
        self.files = files;
        Ok(landed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn a_file_is_handed_out_once_it_keeps_still_and_again_when_it_changed() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(folder.path());
        assert_eq!(watch.look(seconds(0)).unwrap(), Landed::default());
        let path = folder.path().join("scores.jsonl");
        std::fs::write(&path, "{\"a\":").unwrap();
        std::fs::write(folder.path().join("scores.jsonl.part"), "x").unwrap();
        std::fs::write(folder.path().join("empty.csv"), "").unwrap();
        assert_eq!(watch.look(seconds(1)).unwrap(), Landed { ready: vec![], growing: 2 });
        std::fs::write(&path, "{\"a\":1}").unwrap();
        assert_eq!(watch.look(seconds(4)).unwrap(), Landed { ready: vec![], growing: 2 }, "it has just grown");
        assert_eq!(watch.look(seconds(6)).unwrap().ready, Vec::<PathBuf>::new());
        assert_eq!(watch.look(seconds(7)).unwrap(), Landed { ready: vec![path.clone()], growing: 1 });
        assert_eq!(watch.look(seconds(20)).unwrap().ready, Vec::<PathBuf>::new(), "once");
        std::fs::write(&path, "{\"a\":1}\n{\"a\":2}").unwrap();
        assert!(watch.look(seconds(21)).unwrap().ready.is_empty());
        assert_eq!(watch.look(seconds(24)).unwrap().ready, [path]);
    }

    #[test]
    fn a_folder_that_is_gone_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(&folder.path().join("gone"));
        assert!(watch.look(seconds(0)).unwrap_err().message.contains("gone is not there"));
    }
}
