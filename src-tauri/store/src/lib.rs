//! Where do sessions, turns and feedback live, and how are they asked for?
//!
//! Invariant: only this module holds SQL and sees a `duckdb::Connection`. Values are always bound; identifiers
//! come from enums and constants. A workspace is one DuckDB file that any DuckDB client can open.

mod before_update;
mod beside;
mod content;
mod database;
mod duck_error;
mod facts;
mod filter;
mod import;
mod labels;
mod map;
mod migrate;
mod models;
mod mutex;
mod open_here;
mod opening;
mod profiles;
mod pseudonyms;
mod query;
mod read;
mod recall;
mod score_rules;
mod signals;
mod single_reads;
mod snapshot;
mod sources;
mod tables;
mod texts;
mod theme_cuts;
mod theme_edits;
mod theme_rows;
mod theme_runs;
mod theme_subject;
mod themes;
mod undo;
mod unjoined;
mod versions;
mod views;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use duckdb::Connection;

use database::{Database, Reader};
use duck_error::failed;
use hearback_domain::error::{Error, NextStep, Result};
use versions::{bump_data_version, data_version};

pub use duck_error::is_held_elsewhere;
pub use import::{ImportTransaction, Merged, NewSource};
pub use labels::StoredLabel;
pub use map::{MapPoint, NewMap, StoredMap, StoredSelection};
pub use models::ModelVectors;
pub use opening::Holding;
pub use profiles::MappingProfile;
pub use query::{
    Extent, FeedbackPage, FeedbackSort, FilterValue, SortBy, SortOrder, Statement, Totals, TrailRows, TrendCounts,
    WorkspaceSummary,
};
pub use recall::{Correction, RecallVersion, Said, TurnWords};
pub use score_rules::{ConfirmedScale, RuleSource, StoredRule};
pub use signals::SignalDeriver;
pub use snapshot::Snapshot;
pub use sources::{RejectPage, StoredReject};
pub use texts::{FeedbackWords, RunCoverage, StoredModel};
pub use theme_cuts::CutTheme;
pub use theme_edits::{HistoryEntry, StoredEdit};
pub use theme_rows::KnownTheme;
pub use theme_runs::{NewThemeRun, Placement, StoredHierarchy, StoredLeaf, StoredMerge};
pub use themes::{NamedBy, PlacedBy, Shown, ShownMember, StoredSubtheme, StoredTheme, ThemeRun};
pub use undo::SourceToRemove;
pub use unjoined::{UnjoinedPage, UnjoinedReason, UnjoinedRow};
pub use views::SavedView;

/// An open workspace. May be shared between threads: readers get connections of their own and see the last
/// committed state, also while an import runs; writers take turns.
pub struct Store {
    path: PathBuf,
    database: Database,
}

impl Store {
    /// Opens the workspace at `path` to change it; makes one where there is no file.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where the file is no workspace, is open elsewhere, is damaged, or
    /// was written by a newer Hearback.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_as(path, Holding::Writing)
    }

    /// Opens the workspace at `path`; makes one where there is no file. One that may only be read is opened to be read,
    /// unless it must be held to be changed.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_as(path: &Path, holding: Holding) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::workspace(format!("{} is a folder, not a workspace file", path.display())));
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| {
                Error::file(format!("cannot make the folder {} for the workspace", folder.display())).because(error)
            })?;
        }
        Ok(Self { path: path.to_owned(), database: Database::open(path, holding)? })
    }

    /// May the file only be read, although it was opened to be changed?
    pub fn is_only_readable(&self) -> bool {
        self.database.is_only_readable()
    }

    /// Waits for whoever changes something, brings everything into the one file and lets go of it.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where the file cannot take it all in: then a log stays beside it.
    pub fn close(&self) -> Result<()> {
        self.database.close()
    }

    /// The log that lies beside the workspace at `path`, and its bytes: changes that are not in the file yet, since a
    /// program has it open or was killed. Of no use without the file, nor the file without it.
    pub fn log_beside(path: &Path) -> Option<(PathBuf, u64)> {
        let log = beside::log_of(path);
        std::fs::metadata(&log).ok().map(|file| (log, file.len()))
    }

    /// The version of the database library that answers.
    pub fn engine_version() -> Result<String> {
        let what = "be asked for its version";
        Connection::open_in_memory()
            .map_err(failed(what))
            .and_then(|connection| read::scalar(&connection, what, "select version()", []))
            .map_err(|error| Error::component("libduckdb does not answer").next(NextStep::SetUp).because(error))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A connection that sees the last committed state.
    fn reader(&self) -> Result<Reader<'_>> {
        self.database.reader()
    }

    /// Runs `work` in one transaction: all of it, or nothing.
    fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.database.change(|connection| transact(connection, End::Commit, work))
    }

    /// Brings everything into the one file, so that it may be moved.
    pub fn checkpoint(&self) -> Result<()> {
        self.database.checkpoint()
    }

    /// Notes that the workspace was made by the sample generator, so that everything can say so.
    pub fn mark_synthetic(&self) -> Result<()> {
        self.write(|connection| set_property(connection, "synthetic", "true"))
    }
}

fn transact<T>(connection: &Connection, end: End, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    connection.execute_batch("begin transaction").map_err(failed("begin a transaction"))?;
    match work(connection) {
        Ok(value) => {
            let (statement, what) = match end {
                End::Commit => ("commit", "save the changes"),
                End::RollBack => ("rollback", "take the rehearsal back"),
            };
            connection.execute_batch(statement).map_err(failed(what))?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to tell; a failing rollback leaves the same committed state.
            let _ = connection.execute_batch("rollback");
            Err(error)
        }
    }
}

/// How a transaction ends when its work is done.
#[derive(Clone, Copy)]
enum End {
    Commit,
    /// Only what the work answers was wanted.
    RollBack,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A word in the workspace that this program does not know: it was written by another one, or by hand.
fn unknown_word(what: &str, word: &str) -> Error {
    Error::workspace(format!("the workspace has a {what} that is not known: {word:?}"))
        .hint("It may have been written by a newer Hearback: update and try again")
}

fn property(connection: &Connection, key: &str) -> Result<Option<String>> {
    let sql = "select value from properties where key = ?";
    read::first(connection, "read its properties", sql, [key], |row| row.get("value"))
}

fn set_property(connection: &Connection, key: &str, value: &str) -> Result<()> {
    connection
        .execute("delete from properties where key = ?", [key])
        .and_then(|_| connection.execute("insert into properties (key, value) values (?, ?)", [key, value]))
        .map(|_| ())
        .map_err(failed("write its properties"))
}
