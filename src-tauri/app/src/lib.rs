//! What can Hearback do with an open workspace?
//!
//! One room a capability. The only crate that joins the others: front ends ask [`Workspace`] and get values; the store
//! behind it is private.

mod embedding_models;
mod export;
pub mod imports;
pub mod interrupt;
mod map;
mod recall;
pub mod sample;
mod stored;
mod themes;
mod trails;
mod trends;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use hearback_domain::error::Result;
use hearback_store::{Holding, Store, WorkspaceSummary};

pub use embedding_models::{ModelEntry, ModelList, ModelState};
pub use hearback_models::{Components, Consent, Hub};
pub use imports::{
    FileChoice, ImportOptions, ImportOutcome, ReadFile, ScoreChoice, SkippedFile,
    preview::{PreviewColumn, PreviewContent, PreviewFeedback, PreviewFile, PreviewScore},
    signals::SignalRule,
    watch::{Landed, Watch},
};
pub use map::{MapAnswer, MapDrawing, MapLabel, MapOutcome, PointDetail};
pub use recall::{Done, FoundCase, KnownProblem, KnownTheme, RecallMemory, SearchAnswer, SimilarCase, SimilarTo};
pub use sample::workspace::{SampleRequest, make_sample};
pub use themes::{
    Breakdown, BreakdownValue, ThemeDetail, ThemeList, ThemeRow,
    analyse::{AnalysisOptions, AnalysisOutcome},
    assignment::{Assignment, Drift},
    edits::{EditOutcome, SplitBy, ThemeEdit, ThemeEditRow},
};
pub use trails::TrailOf;
pub use trends::{
    ChartRequest, DrawnTrend, TrendAnswer, TrendQuery,
    compare::{Compared, Comparison, Overview, TurnCoverage},
};

/// What front ends name of the crates below: values, and none of their work.
pub use hearback_analysis as analysis;
pub use hearback_draw as draw;
pub use hearback_ingest as ingest;
pub use hearback_models as models;
/// Rows of the workspace's file.
pub mod store {
    pub use hearback_store::{
        Correction, FeedbackPage, FeedbackSort, FilterValue, HistoryEntry, Holding, MapPoint, MappingProfile, NamedBy,
        RejectPage, RuleSource, RunCoverage, SavedView, SortBy, SortOrder, SourceToRemove, StoredLabel, StoredMap,
        StoredModel, StoredRule, StoredSelection, StoredSubtheme, ThemeRun, Totals, UnjoinedPage, UnjoinedReason,
        UnjoinedRow, WorkspaceSummary, is_held_elsewhere,
    };
}

/// A workspace with what is kept in memory while it is open: the model, what recall holds, and the rank of values, by
/// which they have their colours.
#[derive(Debug)]
pub struct Workspace {
    store: Store,
    components: Components,
    embedder: Mutex<embedding_models::Loaded>,
    memory: recall::RecallIndex,
    ranks: Mutex<trends::Ranks>,
    /// Held by whoever changes the themes: an edit is of what is shown.
    themes: Mutex<()>,
}

impl Workspace {
    /// Opens the workspace at `path`, or makes it. Others may read it while nothing is changed.
    ///
    /// # Errors
    /// As [`Store::open`]. Missing components are only an error where they are needed.
    pub fn open(path: &Path, components: Components) -> Result<Self> {
        Self::open_as(path, Holding::Sharing, components)
    }

    /// Opens the workspace at `path`, or makes it.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn open_as(path: &Path, holding: Holding, components: Components) -> Result<Self> {
        let store = Self::with_polarity(path, holding)?;
        Ok(Self {
            store,
            components,
            embedder: Mutex::default(),
            memory: recall::RecallIndex::default(),
            ranks: Mutex::default(),
            themes: Mutex::default(),
        })
    }

    /// Opens the workspace, with polarities by the words that this program knows: also where it is only to be read,
    /// unless its file forbids it.
    fn with_polarity(path: &Path, holding: Holding) -> Result<Store> {
        let workspace = Store::open_as(path, holding)?;
        if workspace.is_only_readable() || workspace.polarity_is_current()? {
            return Ok(workspace);
        }
        if holding != Holding::Reading {
            workspace.refresh_polarity(imports::tool_of_title)?;
            return Ok(workspace);
        }
        workspace.close()?;
        drop(workspace);
        let changing = Store::open_as(path, Holding::Writing)?;
        changing.refresh_polarity(imports::tool_of_title)?;
        changing.close()?;
        drop(changing);
        Store::open_as(path, holding)
    }

    /// As [`Store::close`].
    ///
    /// # Errors
    /// As [`Store::close`].
    pub fn close(&self) -> Result<()> {
        self.store.close()
    }

    /// May the workspace only be read, although somebody wanted to change it?
    pub fn is_only_readable(&self) -> bool {
        self.store.is_only_readable()
    }

    pub fn summary(&self) -> Result<WorkspaceSummary> {
        self.store.summary()
    }
}

/// What these mutexes guard is whole after every statement, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
