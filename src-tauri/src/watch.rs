//! What landed in the folders that the user wants watched?
//!
//! One thread looks at the folders of the open workspace every two seconds. A file that keeps still is imported like
//! any other, but for guesses, and told of once. What lay in a folder when it was first watched is left alone; which
//! files were seen is remembered, so that an export that lands while Hearback is closed is imported at the next start,
//! and one whose import was undone is not.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    time::{Duration, Instant, UNIX_EPOCH},
};

use hearback_engine::{
    error::{Error, Result},
    ingest,
    job::Job,
    pipeline::{ImportOptions, Project, Watch},
    store::is_held_elsewhere,
};
use hearback_wire::{Failure, ImportReport, PersonalData, WatchEvent, WatchResult, commands::import_report};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager};

use crate::state::{Shell, now};

const PAUSE: Duration = Duration::from_secs(2);

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
    fn fresh(&self, files: Vec<PathBuf>) -> Vec<PathBuf> {
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

/// Looks at the folders for as long as the application runs.
pub fn start(app: AppHandle) {
    std::thread::spawn(move || {
        let began = Instant::now();
        let mut looks = Looks::default();
        loop {
            std::thread::sleep(PAUSE);
            looks.look(&app.state::<Shell>(), began.elapsed());
        }
    });
}

#[derive(Default)]
struct Looks {
    /// By workspace and folder.
    watches: HashMap<(PathBuf, PathBuf), Watch>,
    /// What landed while another program held the workspace.
    waiting: HashMap<(PathBuf, PathBuf), Vec<PathBuf>>,
}

/// Is a file that landed done with?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    Done,
    /// Another program holds the workspace.
    NotYet,
}

impl Looks {
    fn look(&mut self, shell: &Shell, now: Duration) {
        // Without a workspace there is nothing to import into.
        let Ok(project) = shell.project() else { return };
        let workspace = project.path().to_owned();
        let folders: Vec<Folder> = shell.folders(&workspace).into_iter().filter(|folder| folder.enabled).collect();
        self.watches.retain(|(of, folder), _| *of == workspace && folders.iter().any(|known| known.folder == *folder));
        for folder in folders {
            let key = (workspace.clone(), folder.folder.clone());
            let watch = self.watches.entry(key.clone()).or_insert_with(|| Watch::new(&folder.folder));
            match watch.look(now) {
                Ok(landed) => {
                    let mut files = self.waiting.remove(&key).unwrap_or_default();
                    files.extend(folder.fresh(landed.ready));
                    if files.is_empty() {
                        continue;
                    }
                    let job = shell.quiet_job();
                    let imported = shell.landed(&workspace, &folder.folder, files.clone(), |files| {
                        import(&project, &files, &shell.personal_data(), &job)
                    });
                    if imported == Imported::NotYet {
                        self.waiting.insert(key, files);
                    }
                }
                // A drive that is not there now may come back: said once, until it does.
                Err(error) if folder.last.as_ref().is_none_or(|last| !is_same(last, &error)) => {
                    shell.landed(&workspace, &folder.folder, Vec::new(), |_| vec![Err(error)]);
                }
                Err(_) => {}
            }
        }
    }
}

pub fn is_same(last: &WatchResult, error: &Error) -> bool {
    last.failure.as_ref().is_some_and(|failure| failure.message == error.message)
}

/// Imports the files as one set, so that they are joined; where one of them spoils that, each by itself.
fn import(project: &Project, files: &[PathBuf], personal_data: &PersonalData, job: &Job) -> Vec<Result<ImportReport>> {
    let one = |files: &[PathBuf]| {
        let began = Instant::now();
        let options = ImportOptions {
            email: personal_data.email.into(),
            ip: personal_data.ip.into(),
            ..ImportOptions::new(now())
        };
        let outcome = project.import_landed(files, &options, job)?;
        import_report(project, &outcome, began)
    };
    match one(files) {
        Err(error) if files.len() > 1 && !is_held_elsewhere(&error) && !error.is_cancelled() => {
            files.iter().map(|file| one(std::slice::from_ref(file))).collect()
        }
        result => vec![result],
    }
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
    use hearback_engine::pipeline::Components;

    const LINE: &str = "{\"id\":\"f1\",\"feedback_type\":\"thumb\",\"score\":0,\"score_name\":\"thumbs\",\"comment\":\"no\",\
                        \"created_at\":\"2026-07-01T10:00:00Z\"}\n";

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

    #[test]
    fn one_bad_file_does_not_keep_the_others_out_and_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let (good, bad) = (folder.path().join("good.jsonl"), folder.path().join("bad.jsonl.gz"));
        std::fs::write(&good, LINE).unwrap();
        std::fs::write(&bad, "no archive at all").unwrap();
        let project = Project::open(&folder.path().join("a.hearback"), Components::at(folder.path())).unwrap();
        let results = import(&project, &[good.clone(), bad], &PersonalData::default(), &Job::quiet());
        let (events, last) = told(folder.path(), results);
        assert!(!events.is_empty());
        let last = last.unwrap();
        assert_eq!((last.files, last.feedback), (1, 1), "{events:?}");
        // The same bytes again are nothing to tell of.
        let (events, last) = told(folder.path(), import(&project, &[good], &PersonalData::default(), &Job::quiet()));
        assert!(events.is_empty() && last.is_none(), "{events:?}");
    }
}
