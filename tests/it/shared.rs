//! What several modules need: projects in folders of their own, and the sample, analysed once for the whole binary.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use hearback_app::{
    AnalysisOptions, AnalysisOutcome, Components, ImportOptions, ImportOutcome, Workspace,
    sample::{self, SampleOptions},
};
use hearback_domain::{
    Condition, Dimension, Filter, Timestamp, error::Result, filter::Exclude, job::Job, rows::FeedbackRow,
};
use hearback_store::{FeedbackSort, SortBy, SortOrder};
use serde_json::Value;

/// A moment for everything that asks for one.
pub const NOW: &str = "2026-07-06T12:00:00Z";

pub fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

/// The checkout's own model and libraries, or those that `HEARBACK_ASSETS` names.
pub fn components() -> Components {
    Components::at(std::env::var_os("HEARBACK_ASSETS").map_or_else(|| checkout().join("assets"), PathBuf::from))
}

pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn fixture(path: &str) -> PathBuf {
    checkout().join("tests/fixtures").join(path)
}

/// The folder of real exports beside the checkout, which most machines do not have.
pub fn real_data() -> Option<PathBuf> {
    crate::shared_data::shared("data")
}

/// A workspace in a folder that goes away with the value.
pub struct Scratch {
    pub workspace: Workspace,
    pub folder: tempfile::TempDir,
}

impl Scratch {
    /// A new workspace. It is made once and copied: to write the schema takes longer than what many tests do with it.
    pub fn new() -> Self {
        static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
        let empty = EMPTY.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("test.hearback");
            drop(Workspace::open(&path, components()).unwrap());
            std::fs::read(&path).unwrap()
        });
        Self::of(empty)
    }

    /// One whose file has these bytes.
    fn of(file: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.hearback");
        std::fs::write(&path, file).unwrap();
        Self { workspace: Workspace::open(&path, components()).unwrap(), folder }
    }

    pub fn import(&self, paths: &[PathBuf]) -> Result<ImportOutcome> {
        self.workspace.import(paths, &import_options(), &Job::quiet())
    }

    /// Writes a file beside the workspace and gives its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

pub fn import_options() -> ImportOptions {
    ImportOptions::new(now())
}

pub const SESSIONS: u32 = 1200;
pub const SEED: u64 = 7;

/// The sample: what it was written as, and the workspace that came of it, in memory.
pub struct Sample {
    pub planted: Value,
    /// Name and text of the four files that are for import.
    pub exports: Vec<(String, String)>,
    pub imported: ImportOutcome,
    pub analysed: AnalysisOutcome,
    workspace: Vec<u8>,
}

/// Made once, by whichever test comes first.
pub fn sample() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let scratch = Scratch::new();
        let exports = write_sample(&scratch, SESSIONS, SEED);
        let imported = scratch.import(&exports).unwrap();
        let analysed = scratch.workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
        scratch.workspace.store_for_tests().checkpoint().unwrap();
        let path = scratch.workspace.store_for_tests().path().to_owned();
        drop(scratch.workspace);
        let text = |path: &Path| std::fs::read_to_string(path).unwrap();
        Sample {
            planted: serde_json::from_str(&text(&scratch.folder.path().join("exports/planted.json"))).unwrap(),
            exports: exports
                .iter()
                .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), text(path)))
                .collect(),
            imported,
            analysed,
            workspace: std::fs::read(path).unwrap(),
        }
    })
}

impl Sample {
    /// A workspace of one's own with the sample in it.
    pub fn open(&self) -> Scratch {
        Scratch::of(&self.workspace)
    }

    /// Puts the exports back to where they can be imported from.
    pub fn write_exports(&self, scratch: &Scratch) -> Vec<PathBuf> {
        self.exports.iter().map(|(name, text)| scratch.write(&format!("exports/{name}"), text)).collect()
    }

    /// Ids of the feedback whose words are about a planted theme.
    pub fn planted_feedback(&self, theme: &str) -> Vec<&str> {
        let themes = self.planted["themes"].as_array().unwrap();
        let theme = themes.iter().find(|one| one["theme"] == theme).unwrap();
        theme["feedback_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect()
    }
}

/// Writes a sample beside the workspace; gives the files that are for import.
pub fn write_sample(scratch: &Scratch, sessions: u32, seed: u64) -> Vec<PathBuf> {
    let out = scratch.folder.path().join("exports");
    let report = sample::write(&SampleOptions { sessions, seed, out }, &Job::quiet()).unwrap();
    report.files[..4].to_vec()
}

pub fn is(dimension: Dimension, value: &str) -> Condition {
    Condition { dimension, values: vec![Some(value.to_owned())], exclude: Exclude::No }
}

pub fn only(conditions: Vec<Condition>) -> Filter {
    Filter { conditions, ..Filter::default() }
}

/// Every feedback of a selection, oldest first.
pub fn rows(workspace: &Workspace, filter: &Filter) -> Vec<FeedbackRow> {
    let sort = FeedbackSort { by: SortBy::Time, order: SortOrder::Ascending };
    let page = workspace.store_for_tests().feedback_page(filter, sort, None, 1_000_000).unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows
}
