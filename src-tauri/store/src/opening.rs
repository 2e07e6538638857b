//! How is the workspace's file opened: to be read or to be changed, brought up to date where it is old, put back where an
//! update left it unreadable?

use std::{
    path::Path,
    time::{Duration, Instant},
};

use duckdb::{AccessMode, Config, Connection};

use super::{
    before_update,
    beside::{log_of, scratch_of},
    duck_error::{failed, is_held_elsewhere, is_unreadable, not_opened, only_readable},
    migrate,
};
use hearback_domain::error::Result;

/// How a workspace holds its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// To change it, from the beginning to the end: for programs that are there to change something. Nobody else may
    /// read meanwhile.
    Writing,
    /// To read it, and to change it only while something is changed: for programs that are open for long.
    Sharing,
    /// To read it: every change is refused.
    Reading,
}

/// How long a file that somebody else holds is waited for: longer than a window lingers after a change.
pub(super) const PATIENCE: Duration = Duration::from_millis(if cfg!(test) { 300 } else { 5000 });

/// The pause between two tries.
pub(super) const RETRY: Duration = Duration::from_millis(100);

/// The oldest DuckDB that can read a new workspace.
const STORAGE_VERSION: &str = "v1.4.0";

/// Only cloned from.
pub(super) struct Open {
    pub connection: Connection,
    pub lock: Lock,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    Shared,
    Exclusive,
}

/// Opens the file to be changed, and makes it where it is not there.
pub(super) fn made_current(path: &Path) -> Result<Open> {
    let is_new = !path.exists();
    let mut open = readable(path, Lock::Exclusive)?;
    sweep(path);
    if !is_new && migrate::is_old(&open.connection, path)? {
        // What the log holds belongs to the copy, too.
        open.connection.execute_batch("checkpoint").map_err(failed("bring everything into its file"))?;
        drop(open);
        before_update::keep(path, migrate::NEWEST)?;
        open = patiently(path, Lock::Exclusive)?;
    }
    migrate::bring_up_to_date(&open.connection, path, is_new)?;
    Ok(open)
}

/// Opens the file to be read, and says whether it may only be read. Where its schema is old or a log lies beside it,
/// both are put right first.
pub(super) fn open_to_read(path: &Path, holding: Holding) -> Result<(Open, bool)> {
    if std::fs::metadata(path).map_or(true, |file| file.len() == 0) {
        drop(made_current(path)?);
        return Ok((patiently(path, Lock::Shared)?, false));
    }
    // Before anything is locked: whoever closes a file lets go of every lock that this program has on it.
    let only_readable = !may_be_changed(path);
    let open = readable(path, Lock::Shared)?;
    let current = migrate::is_current(&open.connection, path)?;
    let leftover = holding == Holding::Sharing && log_of(path).exists();
    if only_readable && !current {
        return Err(self::only_readable(path).hint(
            "An older Hearback made it, and it must be brought up to date first: make a copy that you may write",
        ));
    }
    if only_readable || current && !leftover {
        return Ok((open, only_readable));
    }
    drop(open);
    let opened = if current { connect(path, Lock::Exclusive) } else { made_current(path) };
    match opened {
        Ok(open) => {
            sweep(path);
            migrate::bring_up_to_date(&open.connection, path, false)?;
            open.connection.execute_batch("checkpoint").map_err(failed("bring everything into its file"))?;
        }
        // Somebody else reads it, too: what the log holds is read with the file.
        Err(error) if current && is_held_elsewhere(&error) => {}
        Err(error) => return Err(error),
    }
    Ok((patiently(path, Lock::Shared)?, false))
}

/// What nobody may write is not written, also by who could all the same.
pub(super) fn may_be_changed(path: &Path) -> bool {
    let closed_to_all = std::fs::metadata(path).is_ok_and(|file| file.permissions().readonly());
    !closed_to_all && std::fs::OpenOptions::new().append(true).open(path).is_ok()
}

/// Opens the file, as it was before an update where the update left something that cannot be read.
fn readable(path: &Path, with: Lock) -> Result<Open> {
    match patiently(path, with) {
        Err(error) if is_unreadable(&error) => {
            if before_update::restore(path, &log_of(path), migrate::NEWEST)? {
                patiently(path, with)
            } else {
                Err(error)
            }
        }
        done => done,
    }
}

fn patiently(path: &Path, with: Lock) -> Result<Open> {
    let began = Instant::now();
    loop {
        match connect(path, with) {
            Err(error) if is_held_elsewhere(&error) && began.elapsed() < PATIENCE => std::thread::sleep(RETRY),
            done => return done,
        }
    }
}

pub(super) fn connect(path: &Path, with: Lock) -> Result<Open> {
    let mode = match with {
        Lock::Shared => AccessMode::ReadOnly,
        Lock::Exclusive => AccessMode::ReadWrite,
    };
    let config = Config::default()
        .access_mode(mode)
        .and_then(|config| config.enable_autoload_extension(false))
        .and_then(|config| config.with("autoinstall_known_extensions", "false"))
        .and_then(|config| match with {
            // DuckDB gives the files that it puts aside the same names in every process.
            Lock::Shared => config.with("temp_directory", scratch_of(path, Some(std::process::id())).to_string_lossy()),
            // Of new files: texts take a quarter less time to pack than in the oldest layout, which is what else is chosen.
            Lock::Exclusive => config.with("storage_compatibility_version", STORAGE_VERSION),
        })
        // Nothing here reads or writes another file by SQL.
        .and_then(|config| config.with("enable_external_access", "false"))
        .map_err(failed("configure the database"))?;
    match Connection::open_with_flags(path, config) {
        Ok(connection) => Ok(Open { connection, lock: with }),
        Err(error) => Err(not_opened(path, with == Lock::Exclusive, &error)),
    }
}

/// What killed programs left beside the workspace while they needed more room than memory has. Nobody else has the file
/// open: it was just locked.
fn sweep(path: &Path) {
    let (Some(folder), Some(own)) = (path.parent(), scratch_of(path, None).file_name().map(ToOwned::to_owned)) else {
        return;
    };
    let own = own.to_string_lossy().into_owned();
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let is_scratch = |name: &str| name == own || name.strip_prefix(&own).is_some_and(|rest| rest.starts_with('-'));
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if !is_scratch(&entry.file_name().to_string_lossy()) {
            continue;
        }
        let files = std::fs::read_dir(entry.path()).into_iter().flatten().flatten();
        for file in files.filter(|file| file.file_name().to_string_lossy().starts_with("duckdb_temp_")) {
            // What cannot be removed costs room and nothing else.
            let _ = std::fs::remove_file(file.path());
        }
        // Fails where something else lies in it.
        let _ = std::fs::remove_dir(entry.path());
    }
}
