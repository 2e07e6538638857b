//! What landed in the folders that the user wants watched?
//!
//! One thread looks at the folders of the open workspace every two seconds. A file that keeps still is imported like
//! any other, but for guesses, and told of once. What lay in a folder when it was first watched is left alone; which
//! files were seen is remembered, so that an export that lands while Hearback is closed is imported at the next start,
//! and one whose import was undone is not.

use std::{
    collections::HashMap,
    path::PathBuf,
    time::{Duration, Instant},
};

use hearback_app::{ImportOptions, Watch, Workspace, store::is_held_elsewhere};
use hearback_domain::{error::Result, job::Job};
use hearback_wire::{ImportReport, PersonalData, import_report, now};
use tauri::{AppHandle, Manager};

use crate::{
    state::Shell,
    watched_folder::{Folder, Imported, is_same},
};

const PAUSE: Duration = Duration::from_secs(2);

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

impl Looks {
    fn look(&mut self, shell: &Shell, now: Duration) {
        // Without a workspace there is nothing to import into.
        let Ok(opened) = shell.workspace() else { return };
        let workspace = opened.path().to_owned();
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
                        import(&opened, &files, &shell.personal_data(), &job)
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

/// Imports the files as one set, so that they are joined; where one of them spoils that, each by itself.
fn import(opened: &Workspace, files: &[PathBuf], personal_data: &PersonalData, job: &Job) -> Vec<Result<ImportReport>> {
    let one = |files: &[PathBuf]| {
        let began = Instant::now();
        let options = ImportOptions {
            email: personal_data.email.into(),
            ip: personal_data.ip.into(),
            ..ImportOptions::new(now())
        };
        let outcome = opened.import_landed(files, &options, job)?;
        import_report(opened, &outcome, began)
    };
    match one(files) {
        Err(error) if files.len() > 1 && !is_held_elsewhere(&error) && !error.is_cancelled() => {
            files.iter().map(|file| one(std::slice::from_ref(file))).collect()
        }
        result => vec![result],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearback_app::Components;

    use crate::watched_folder::told;

    const LINE: &str = "{\"id\":\"f1\",\"feedback_type\":\"thumb\",\"score\":0,\"score_name\":\"thumbs\",\"comment\":\"no\",\
                        \"created_at\":\"2026-07-01T10:00:00Z\"}\n";

    #[test]
    fn one_bad_file_does_not_keep_the_others_out_and_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let (good, bad) = (folder.path().join("good.jsonl"), folder.path().join("bad.jsonl.gz"));
        std::fs::write(&good, LINE).unwrap();
        std::fs::write(&bad, "no archive at all").unwrap();
        let opened = Workspace::open(&folder.path().join("a.hearback"), Components::at(folder.path())).unwrap();
        let results = import(&opened, &[good.clone(), bad], &PersonalData::default(), &Job::quiet());
        let (events, last) = told(folder.path(), results);
        assert!(!events.is_empty());
        let last = last.unwrap();
        assert_eq!((last.files, last.feedback), (1, 1), "{events:?}");
        // The same bytes again are nothing to tell of.
        let (events, last) = told(folder.path(), import(&opened, &[good], &PersonalData::default(), &Job::quiet()));
        assert!(events.is_empty() && last.is_none(), "{events:?}");
    }
}
