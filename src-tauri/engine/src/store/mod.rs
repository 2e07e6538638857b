//! Where do sessions, turns and feedback live, and how are they asked for?
//!
//! Invariant: only this module holds SQL and sees a `duckdb::Connection`. Values are always bound; identifiers
//! come from enums and constants. A workspace is one DuckDB file that any DuckDB client can open.

mod content;
mod facts;
mod filter;
mod import;
mod map;
mod migrate;
mod models;
mod profiles;
mod pseudonyms;
mod query;
mod recall;
mod rules;
mod signals;
mod sources;
mod texts;
mod theme_cuts;
mod theme_edits;
mod theme_runs;
mod themes;
mod undo;
mod unjoined;
mod views;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
};

use duckdb::{AccessMode, Config, Connection};

use crate::error::{Error, Result};

pub use import::{ImportTransaction, Merged, NewSource};
pub use map::{MapPoint, NewMap, StoredMap, StoredSelection};
pub use models::ModelVectors;
pub use profiles::MappingProfile;
pub use query::{
    FeedbackPage, FeedbackSort, FilterValue, SortBy, SortOrder, Statement, Totals, TrailRows, TrendCounts,
    WorkspaceSummary, label,
};
pub use recall::{Correction, RecallVersion, Said, TurnWords};
pub use rules::StoredRule;
pub use signals::{Derive, DerivedSignal, SignalTurn};
pub use sources::{RejectPage, StoredReject};
pub use texts::{FeedbackWords, RunCoverage, StoredModel};
pub use theme_cuts::CutTheme;
pub use theme_edits::{HistoryEntry, StoredEdit};
pub use theme_runs::{NewThemeRun, Placement, StoredHierarchy, StoredLeaf, StoredMerge, ThemeLine};
pub use themes::{NamedBy, PlacedBy, Shown, ShownMember, StoredSubtheme, StoredTheme, ThemeRun};
pub use unjoined::{UnjoinedPage, UnjoinedReason, UnjoinedRow};
pub use views::SavedView;

/// An open workspace. May be shared between threads: readers get connections of their own and see the last
/// committed state, also while an import runs; writers take turns.
pub struct Workspace {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Only cloned from.
    root: Mutex<Connection>,
}

impl Workspace {
    /// Opens the workspace at `path`; makes one where there is no file.
    ///
    /// # Errors
    /// [`crate::error::Kind::Workspace`] where the file is no workspace, is open elsewhere, is damaged, or
    /// was written by a newer Hearback.
    pub fn open(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::workspace(format!("{} is a folder, not a workspace file", path.display())));
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| {
                Error::file(format!("cannot make the folder {} for the workspace", folder.display())).because(error)
            })?;
        }
        let is_new = !path.exists();
        let root = connect(path)?;
        sweep(path);
        migrate::bring_up_to_date(&root, path, is_new)?;
        let writer = root.try_clone().map_err(failed("open a second connection"))?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer), root: Mutex::new(root) })
    }

    /// The version of the database library that answers.
    pub fn engine_version() -> Result<String> {
        Connection::open_in_memory()
            .and_then(|connection| connection.query_row("select version()", [], |row| row.get(0)))
            .map_err(|error| {
                Error::component("libduckdb does not answer").hint("Run `cargo xtask setup`").because(error)
            })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A connection that sees the last committed state.
    fn reader(&self) -> Result<Connection> {
        lock(&self.root).try_clone().map_err(failed("open a connection"))
    }

    /// Runs `work` in one transaction: all of it, or nothing.
    fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.transact(End::Commit, work)
    }

    fn transact<T>(&self, end: End, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = lock(&self.writer);
        connection.execute_batch("begin transaction").map_err(failed("begin a transaction"))?;
        match work(&connection) {
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

    /// Grows with every change of sessions, turns, feedback or rules.
    pub fn data_version(&self) -> Result<u64> {
        data_version(&self.reader()?)
    }

    /// Brings everything into the one file, so that it may be moved.
    pub fn checkpoint(&self) -> Result<()> {
        lock(&self.writer).execute_batch("checkpoint").map_err(failed("bring everything into its file"))
    }

    /// Notes that the workspace was made by the sample generator, so that everything can say so.
    pub fn mark_synthetic(&self) -> Result<()> {
        self.write(|connection| set_property(connection, "synthetic", "true"))
    }
}

/// How a transaction ends when its work is done.
#[derive(Clone, Copy)]
enum End {
    Commit,
    /// Only what the work answers was wanted.
    RollBack,
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What a killed program left beside its workspace while it needed more room than memory has. Nobody else has the file
/// open: it was just locked.
fn sweep(path: &Path) {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    let Ok(files) = std::fs::read_dir(&name) else { return };
    for file in files.flatten().filter(|file| file.file_name().to_string_lossy().starts_with("duckdb_temp_")) {
        // What cannot be removed costs room and nothing else.
        let _ = std::fs::remove_file(file.path());
    }
    // Fails where something else lies in it.
    let _ = std::fs::remove_dir(&name);
}

/// The oldest DuckDB that can read a new workspace.
const STORAGE_VERSION: &str = "v1.4.0";

fn connect(path: &Path) -> Result<Connection> {
    let config = Config::default()
        .access_mode(AccessMode::ReadWrite)
        .and_then(|config| config.enable_autoload_extension(false))
        .and_then(|config| config.with("autoinstall_known_extensions", "false"))
        // Of new files: texts take a quarter less time to pack than in the oldest layout, which is what else is chosen.
        .and_then(|config| config.with("storage_compatibility_version", STORAGE_VERSION))
        // Nothing here reads or writes another file by SQL.
        .and_then(|config| config.with("enable_external_access", "false"))
        .map_err(failed("configure the database"))?;
    Connection::open_with_flags(path, config).map_err(|error| {
        let text = error.to_string();
        let shown = path.display();
        if text.contains("lock") {
            Error::workspace(format!("{shown} is open in another program"))
                .hint("Close the other Hearback or DuckDB client and try again")
                .because(text)
        } else if text.contains("not a valid DuckDB database") {
            Error::workspace(format!("{shown} is not a Hearback workspace"))
                .hint("Import exports instead of opening them, or choose a .hearback file")
                .because(text)
        } else {
            Error::workspace(format!("cannot open the workspace {shown}")).because(text)
        }
    })
}

/// A mutex is only poisoned by a panic elsewhere; what it guards is a connection, which stays usable.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Turns a database error into one that says what could not be done. Its text is kept, not its chain, which ends in
/// a number that says nothing.
fn failed(what: &'static str) -> impl Fn(duckdb::Error) -> Error {
    move |error| {
        let text = error.to_string();
        let sentence = Error::workspace(format!("the workspace could not {what}"));
        let hinted = if text.contains("No space left") || text.contains("disk full") {
            sentence.hint("The disk is full: free some space and try again; the workspace is as it was before")
        } else {
            sentence
        };
        hinted.because(text)
    }
}

fn data_version(connection: &Connection) -> Result<u64> {
    Ok(property(connection, "data_version")?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn bump_data_version(connection: &Connection) -> Result<()> {
    let next = data_version(connection)? + 1;
    set_property(connection, "data_version", &next.to_string())
}

fn property(connection: &Connection, key: &str) -> Result<Option<String>> {
    let mut statement =
        connection.prepare("select value from properties where key = ?").map_err(failed("read its properties"))?;
    let mut rows = statement.query([key]).map_err(failed("read its properties"))?;
    match rows.next().map_err(failed("read its properties"))? {
        Some(row) => row.get(0).map(Some).map_err(failed("read its properties")),
        None => Ok(None),
    }
}

fn set_property(connection: &Connection, key: &str, value: &str) -> Result<()> {
    connection
        .execute("delete from properties where key = ?", [key])
        .and_then(|_| connection.execute("insert into properties values (?, ?)", [key, value]))
        .map(|_| ())
        .map_err(failed("write its properties"))
}
