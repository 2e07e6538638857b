//! Which stages does a command run through?
//!
//! Invariant: the only module that joins stages. The window and the command line call nothing else of the engine
//! for work; what they hand in is a user's intent, what comes back are values.

mod analyse;
mod compare;
pub mod components;
mod export;
mod import;
mod map;
mod models;
mod placing;
mod preview;
mod recall;
mod sample;
mod signals;
mod stored;
mod theme_edits;
mod theme_memory;
mod theme_records;
mod theme_runs;
mod themes;
mod trends;
mod watch;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    error::Result,
    model::{Bucket, Filter, Timestamp},
    store::{Holding, Snapshot, TrailRows, Workspace, WorkspaceSummary},
    trail::{self, Trail},
    trend,
};

pub use analyse::{AnalysisOptions, AnalysisOutcome};
pub use compare::{Compared, Comparison, Overview, TurnCoverage};
pub use components::Components;
pub use import::{FileChoice, ImportOptions, ImportOutcome, ReadFile, ScoreChoice, SkippedFile};
pub use map::{MapAnswer, MapDrawing, MapLabel, MapOutcome, PointDetail};
pub use models::{Consent, Hub, ModelEntry, ModelList, ModelState};
pub use placing::{Drift, Placing};
pub use preview::{PreviewColumn, PreviewContent, PreviewFeedback, PreviewFile, PreviewScore};
pub use recall::{Done, FoundCase, KnownProblem, KnownTheme, RecallMemory, SearchAnswer, SimilarCase, SimilarTo};
pub use sample::{SampleRequest, make_sample};
pub use signals::SignalRule;
pub use theme_edits::{EditOutcome, SplitBy, ThemeEdit, ThemeEditRow};
pub use themes::{Breakdown, BreakdownValue, ThemeDetail, ThemeList, ThemeRow};
pub use trends::{ChartRequest, DrawnTrend, TrendAnswer, TrendQuery};
pub use watch::{Landed, Watch};

/// A workspace with what is kept in memory while it is open: the model, what recall holds, and the rank of values, by
/// which they have their colours.
#[derive(Debug)]
pub struct Project {
    workspace: Workspace,
    components: Components,
    embedder: Mutex<models::Loaded>,
    memory: recall::Memory,
    ranks: Mutex<trends::Ranks>,
    /// Held by whoever changes the themes: an edit is of what is shown.
    themes: Mutex<()>,
}

impl Project {
    /// Opens the workspace at `path`, or makes it. Others may read it while nothing is changed.
    ///
    /// # Errors
    /// As [`Workspace::open`]. Missing components are only an error where they are needed.
    pub fn open(path: &Path, components: Components) -> Result<Self> {
        Self::open_as(path, Holding::Sharing, components)
    }

    /// Opens the workspace at `path`, or makes it.
    ///
    /// # Errors
    /// As [`Project::open`].
    pub fn open_as(path: &Path, holding: Holding, components: Components) -> Result<Self> {
        let workspace = Self::with_polarity(path, holding)?;
        Ok(Self {
            workspace,
            components,
            embedder: Mutex::default(),
            memory: recall::Memory::default(),
            ranks: Mutex::default(),
            themes: Mutex::default(),
        })
    }

    /// Opens the workspace, with polarities by the words that this program knows: also where it is only to be read,
    /// unless its file forbids it.
    fn with_polarity(path: &Path, holding: Holding) -> Result<Workspace> {
        let workspace = Workspace::open_as(path, holding)?;
        if workspace.is_only_readable() || workspace.polarity_is_current()? {
            return Ok(workspace);
        }
        if holding != Holding::Reading {
            workspace.refresh_polarity(import::tool_of_title)?;
            return Ok(workspace);
        }
        workspace.close()?;
        drop(workspace);
        let changing = Workspace::open_as(path, Holding::Writing)?;
        changing.refresh_polarity(import::tool_of_title)?;
        changing.close()?;
        drop(changing);
        Workspace::open_as(path, holding)
    }

    /// As [`Workspace::close`].
    ///
    /// # Errors
    /// As [`Workspace::close`].
    pub fn close(&self) -> Result<()> {
        self.workspace.close()
    }

    /// May the workspace only be read, although somebody wanted to change it?
    pub fn is_only_readable(&self) -> bool {
        self.workspace.is_only_readable()
    }

    pub fn summary(&self) -> Result<WorkspaceSummary> {
        self.workspace.summary()
    }

    /// The session that a session id, turn id or feedback id leads to, laid out in order.
    ///
    /// # Errors
    /// [`crate::error::Kind::NotFound`] where there is none.
    pub fn trail(&self, of: TrailOf<'_>) -> Result<Trail> {
        let snapshot = &self.workspace.snapshot()?;
        let TrailRows { session, turns, feedback } = match of {
            TrailOf::Session(id) => snapshot.trail_of_session(id)?,
            TrailOf::Turn(id) => snapshot.trail_of_turn(id)?,
            TrailOf::Feedback(id) => snapshot.trail_of_feedback(id)?,
        };
        Ok(trail::assemble(session, turns, feedback))
    }

    /// The span that a filter means: its own ends, else from the first feedback that it lets through to the end of the
    /// workspace's last day, so that silence at the end is seen, and selections are compared over the same time. `None`
    /// where it lets nothing through.
    fn span(&self, snapshot: &Snapshot<'_>, filter: &Filter) -> Result<Option<(Timestamp, Timestamp)>> {
        if let (Some(from), Some(to)) = (filter.from, filter.to) {
            return Ok(Some((from, to)));
        }
        let (first, known) = (snapshot.totals(filter)?.first, self.known_time(snapshot)?);
        Ok(first.zip(known).map(|(first, (_, end))| {
            // Asked for from a moment after all data on: there is none, whatever the end.
            let from = filter.from.unwrap_or(first);
            (from, filter.to.unwrap_or(end).max(from.plus_micros(1)))
        }))
    }

    /// The time of which the workspace knows everything: from its first feedback to the end of its last day.
    fn known_time(&self, snapshot: &Snapshot<'_>) -> Result<Option<(Timestamp, Timestamp)>> {
        let end = |last| trend::bucket::next(Bucket::Day, trend::bucket::start(Bucket::Day, last));
        Ok(snapshot.moments()?.map(|(first, last)| (first, end(last))))
    }
}

/// What a trail is asked for by.
#[derive(Clone, Copy, Debug)]
pub enum TrailOf<'a> {
    Session(&'a str),
    Turn(&'a str),
    Feedback(&'a str),
}

/// What these mutexes guard is whole after every statement, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
