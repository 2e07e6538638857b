//! A folder that is watched: what of it was seen, and what is told of what landed.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use hearback_app::ingest;
use hearback_domain::error::{Error, Result};
use hearback_wire::{Failure, ImportReport, WatchEvent, WatchResult, now};
use serde::{Deserialize, Serialize};

/// A folder as it is remembered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Folder {
    pub folder: PathBuf,
    pub enabled: bool,
    pub seen: Seen,
    pub last: Option<WatchResult>,
}

/// The state of each file that needs no look any more: its bytes, and when it was changed, in ms since 1970. By its
/// path as text, since one that is none must not keep the settings from being written.
pub type Seen = BTreeMap<String, (u64, u64)>;

impl Folder {
    /// A folder that is watched from now on: what lies there already is left alone.
    ///
    /// # Errors
    /// The folder is not there or may not be read.
    pub fn new(folder: &Path) -> Result<Self> {
        let mut new = Self { folder: folder.to_owned(), enabled: true, ..Self::default() };
        new.see(ingest::files_in(folder)?);
        Ok(new)
    }

    /// Those of `files` that are not in the state in which they were seen.
    pub fn fresh(&self, files: Vec<PathBuf>) -> Vec<PathBuf> {
        files.into_iter().filter(|path| self.seen.get(&key(path)) != Some(&stamp(path))).collect()
    }

    pub fn see(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        self.seen.extend(files.into_iter().map(|path| (key(&path), stamp(&path))));
        // Of what is gone nothing needs to be remembered.
        self.seen.retain(|path, _| Path::new(path).exists());
    }
}

fn key(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn stamp(path: &Path) -> (u64, u64) {
    let Ok(metadata) = std::fs::metadata(path) else { return (0, 0) };
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    (metadata.len(), u64::try_from(changed.as_millis()).unwrap_or(u64::MAX))
}

/// Is a file that landed done with?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    Done,
    /// Another program holds the workspace.
    NotYet,
}

pub fn is_same(last: &WatchResult, error: &Error) -> bool {
    last.failure.as_ref().is_some_and(|failure| failure.message == error.message)
}

/// What to tell of it, and what to remember; nothing where the files were in the workspace already.
pub fn told(folder: &Path, results: Vec<Result<ImportReport>>) -> (Vec<WatchEvent>, Option<WatchResult>) {
    let mut last: Option<WatchResult> = None;
    let mut events = Vec::new();
    for result in results {
        let folder = folder.display().to_string();
        let event = match result {
            Ok(report) if report.sources.is_empty() && report.skipped.is_empty() => continue,
            Ok(report) => WatchEvent::Imported { folder, report },
            Err(error) => WatchEvent::Failed { folder, failure: Failure::from(&error) },
        };
        let result =
            last.get_or_insert_with(|| WatchResult { at: now().to_string(), files: 0, feedback: 0, failure: None });
        match &event {
            WatchEvent::Imported { report, .. } => {
                result.files += report.sources.len() as u64;
                result.feedback += report.total.feedback;
            }
            WatchEvent::Failed { failure, .. } => result.failure = Some(failure.clone()),
        }
        events.push(event);
    }
    (events, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "{\"id\":\"f1\",\"feedback_type\":\"thumb\",\"score\":0}\n";

    #[test]
    fn what_lay_there_is_left_alone_and_what_lands_is_fresh_once() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("old.jsonl");
        std::fs::write(&old, LINE).unwrap();
        let mut watched = Folder::new(folder.path()).unwrap();
        let new = folder.path().join("new.jsonl");
        std::fs::write(&new, LINE).unwrap();
        let both = vec![new.clone(), old.clone()];
        assert_eq!(watched.fresh(both.clone()), both[..1]);
        watched.see([new]);
        assert!(watched.fresh(both).is_empty());
        std::fs::write(&old, format!("{LINE}{LINE}")).unwrap();
        assert_eq!(watched.fresh(vec![old.clone()]).len(), 1, "it was written anew");
        std::fs::remove_file(&old).unwrap();
        watched.see([]);
        assert!(!watched.seen.contains_key(&key(&old)));
    }
}
