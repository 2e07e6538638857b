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
    chart::Slots,
    error::Result,
    model::{Filter, Timestamp},
    store::{TrailRows, Workspace, WorkspaceSummary},
    trail::{self, Trail},
};

pub use analyse::{AnalysisOptions, AnalysisOutcome, LINFA_VERSION};
pub use compare::{Compared, Comparison, Overview, TurnCoverage};
pub use components::Components;
pub use import::{FileChoice, ImportOptions, ImportOutcome, ReadFile, ScoreChoice, SkippedFile};
pub use map::{MapAnswer, MapDrawing, MapLabel, MapOutcome, PointDetail};
pub use models::{Consent, Hub, ModelEntry, ModelList, ModelState};
pub use placing::{Drift, Placing};
pub use preview::{PreviewColumn, PreviewContent, PreviewFile, PreviewScore};
pub use recall::{Done, FoundCase, KnownProblem, KnownTheme, RecallMemory, SearchAnswer, SimilarCase, SimilarTo};
pub use sample::{SampleRequest, make_sample};
pub use signals::SignalRule;
pub use theme_edits::{EditOutcome, SplitBy, ThemeEdit, ThemeEditRow};
pub use themes::{Breakdown, BreakdownValue, ThemeDetail, ThemeList, ThemeRow};
pub use trends::{ChartRequest, DrawnTrend, TrendAnswer, TrendQuery};
pub use watch::{Landed, Watch};

/// A workspace with what is kept in memory while it is open: the model, what recall holds, and which colour
/// each value has.
#[derive(Debug)]
pub struct Project {
    pub workspace: Workspace,
    components: Components,
    embedder: Mutex<models::Loaded>,
    memory: recall::Memory,
    slots: Mutex<Slots>,
    /// Held by whoever changes the themes: an edit is of what is shown.
    themes: Mutex<()>,
}

impl Project {
    /// Opens the workspace at `path`, or makes it.
    ///
    /// # Errors
    /// As [`Workspace::open`]. Missing components are only an error where they are needed.
    pub fn open(path: &Path, components: Components) -> Result<Self> {
        Ok(Self {
            workspace: Workspace::open(path)?,
            components,
            embedder: Mutex::default(),
            memory: recall::Memory::default(),
            slots: Mutex::new(Slots::default()),
            themes: Mutex::default(),
        })
    }

    pub fn summary(&self) -> Result<WorkspaceSummary> {
        self.workspace.summary()
    }

    /// The session that a session id, turn id or feedback id leads to, laid out in order.
    ///
    /// # Errors
    /// [`crate::error::Kind::NotFound`] where there is none.
    pub fn trail(&self, of: TrailOf<'_>) -> Result<Trail> {
        let TrailRows { session, turns, feedback } = match of {
            TrailOf::Session(id) => self.workspace.trail_of_session(id)?,
            TrailOf::Turn(id) => self.workspace.trail_of_turn(id)?,
            TrailOf::Feedback(id) => self.workspace.trail_of_feedback(id)?,
        };
        Ok(trail::assemble(session, turns, feedback))
    }

    /// The span that a filter means: its own ends, else those of the data it lets through. `None` without data.
    fn span(&self, filter: &Filter) -> Result<Option<(Timestamp, Timestamp)>> {
        if let (Some(from), Some(to)) = (filter.from, filter.to) {
            return Ok(Some((from, to)));
        }
        let totals = self.workspace.totals(filter)?;
        Ok(totals.first.zip(totals.last).map(|(first, last)| {
            // The last moment itself belongs to the span.
            (filter.from.unwrap_or(first), filter.to.unwrap_or_else(|| last.plus_micros(1)))
        }))
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
