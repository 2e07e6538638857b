//! Workspaces as a user has them after some days: what the journey makes in the window, the engine makes here once.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use hearback_app::{AnalysisOptions, Components, ImportOptions, Workspace};
use hearback_domain::{Timestamp, job::Job};

use crate::journey::exports;

fn now() -> Timestamp {
    Timestamp::parse("2026-07-06T12:00:00Z").unwrap()
}

/// In `folder`, a workspace of its own with the sample's feedback and its themes; no map.
pub fn with_themes(folder: &Path) -> PathBuf {
    static WORKSPACE: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = WORKSPACE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.hearback");
        let pick = exports(&folder.path().join("exports"), 500);
        let workspace = Workspace::open(&path, components()).unwrap();
        let files: Vec<PathBuf> = pick.lines().map(PathBuf::from).collect();
        workspace.import(&files, &ImportOptions::new(now()), &Job::quiet()).unwrap();
        workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
        workspace.store_for_tests().checkpoint().unwrap();
        drop(workspace);
        std::fs::read(path).unwrap()
    });
    let path = folder.join("support assistant.hearback");
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The checkout's own model and libraries, or those that `HEARBACK_ASSETS` names.
fn components() -> Components {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    Components::at(std::env::var_os("HEARBACK_ASSETS").map_or_else(own, PathBuf::from))
}

/// The number that a text begins with, or that follows `after`: digits in groups are one number.
pub fn number_in(text: &str, after: &str) -> u64 {
    let rest = &text[text.find(after).map_or(0, |at| at + after.len())..];
    let start = rest.find(|sign: char| sign.is_ascii_digit()).unwrap_or_else(|| panic!("no number in {text:?}"));
    let digits = rest[start..].chars().take_while(|sign| sign.is_ascii_digit() || *sign == '\u{202f}');
    digits.filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}
