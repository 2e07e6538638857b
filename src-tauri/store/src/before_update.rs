//! What if updating the workspace goes wrong?
//!
//! Before the schema is brought up to date, a copy of the file is put beside it: `NAME.before-v6`. It stays until the
//! updated workspace was closed well once. Each step of an update is a transaction, so that what was killed in the middle
//! of one goes on from there; only where the file cannot be read any more, the copy takes its place, and what could
//! not be read is kept as `NAME.unreadable`.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::beside::beside;
use hearback_domain::error::{Error, Result};

/// Where the copy lies that is made before an update to this version.
pub(super) fn copy_of(path: &Path, version: i32) -> PathBuf {
    beside(path, &format!(".before-v{version}"))
}

/// Copies the file, which nobody has open: whoever closes a file lets go of every lock that this program has on it. A copy
/// that is there already is of an update that was begun before, and is kept.
///
/// # Errors
/// Where there is no room for it: the file is as it was.
pub(super) fn keep(path: &Path, version: i32) -> Result<()> {
    let copy = copy_of(path, version);
    if copy.exists() {
        return Ok(());
    }
    let partial = beside(path, &format!(".before-v{version}.partial"));
    let copied = fs::copy(path, &partial).and_then(|_| {
        File::options().append(true).open(&partial)?.sync_all()?;
        fs::rename(&partial, &copy)
    });
    copied.map_err(|error| {
        // What cannot be removed costs room and nothing else.
        let _ = fs::remove_file(&partial);
        no_copy(path, &error)
    })
}

fn no_copy(path: &Path, error: &io::Error) -> Error {
    let sentence = Error::workspace(format!(
        "{} is of an older Hearback, and no copy of it could be made before it is updated: it is as it was",
        path.display()
    ));
    let hinted = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            sentence.hint("The disk is full: free as much space as the file has, and open it again")
        }
        _ => sentence.hint("Put it into a folder that you may write, and open it again"),
    };
    hinted.because(error.to_string())
}

/// The updated workspace was closed well.
pub(super) fn forget(path: &Path, version: i32) {
    // It is tried again at the next close.
    let _ = fs::remove_file(copy_of(path, version));
}

/// Puts the copy, where there is one, in the place of a file that cannot be read. Says whether it did.
///
/// # Errors
/// Where the files cannot be moved: the copy is still there then.
pub(super) fn restore(path: &Path, log: &Path, version: i32) -> Result<bool> {
    let copy = copy_of(path, version);
    if !copy.exists() {
        return Ok(false);
    }
    let moved = |from: &Path, to: PathBuf| match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    moved(path, beside(path, ".unreadable"))
        .and_then(|()| moved(log, beside(path, ".unreadable.wal")))
        .and_then(|()| fs::rename(&copy, path))
        .map_err(|error| {
            Error::workspace(format!("{} cannot be read, nor put back as it was before its update", path.display()))
                .hint(format!("The state before the update is {}", copy.display()))
                .because(error)
        })?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use duckdb::Connection;

    use super::{
        super::{Store, beside::log_of, migrate},
        *,
    };

    const NEWEST: i32 = migrate::NEWEST;

    /// A workspace of the first version, with one feedback.
    fn old(folder: &Path) -> PathBuf {
        let path = folder.join("old.hearback");
        let connection = Connection::open(&path).unwrap();
        migrate::apply(&connection, 0, 1).unwrap();
        connection
            .execute_batch(
                "insert into sources values (1, 'old.jsonl', '', '', '', 'd', 1, timestamp '2026-01-01', 1, 1, 0, 0, 0, 0, 1, 0, 0);
                 insert into feedback (id, source_id, updated_by, feedback_type, author, polarity, label_polarity, reasons, tags)
                 values ('f1', 1, 1, 'comment', 'human', 'neutral', 'neutral', [], []);
                 insert into facts (feedback_id, source_id, updated_by, feedback_type, author, polarity, reasons, tags,
                                    joined_turn, joined_session)
                 values ('f1', 1, 1, 'comment', 'human', 'neutral', [], [], false, false);
                 checkpoint;",
            )
            .unwrap();
        path
    }

    fn version(path: &Path) -> i32 {
        let connection = Connection::open(path).unwrap();
        connection.query_row("select max(version) from schema_versions", [], |row| row.get(0)).unwrap()
    }

    fn is_whole(path: &Path, what: &str) {
        let workspace = Store::open(path).unwrap_or_else(|error| panic!("{what}: {error}: {:?}", error.details()));
        assert_eq!(workspace.summary().unwrap().feedback, 1, "{what}");
        assert_eq!(workspace.feedback_by_id(&["f1".to_owned()]).unwrap().len(), 1, "{what}");
        workspace.close().unwrap();
        drop(workspace);
        assert_eq!(version(path), NEWEST, "{what}");
    }

    #[test]
    fn the_state_before_an_update_lies_beside_the_file_until_a_good_close() {
        let folder = tempfile::tempdir().unwrap();
        let path = old(folder.path());
        let before = fs::read(&path).unwrap();
        let copy = copy_of(&path, NEWEST);
        let workspace = Store::open(&path).unwrap();
        assert!(fs::read(&copy).unwrap() == before, "the copy is the file as it was");
        workspace.close().unwrap();
        assert!(!copy.exists());
        drop(workspace);
        is_whole(&path, "updated");
        assert!(!copy.exists(), "a workspace that is up to date needs none");
    }

    #[test]
    fn what_was_killed_in_the_middle_of_an_update_goes_on_from_there() {
        for done in 1..=NEWEST {
            let folder = tempfile::tempdir().unwrap();
            let path = old(folder.path());
            keep(&path, NEWEST).unwrap();
            let connection = Connection::open(&path).unwrap();
            migrate::apply(&connection, 1, done).unwrap();
            // As a program that is killed right now leaves it.
            let killed = folder.path().join("killed.hearback");
            for (from, to) in [
                (path.clone(), killed.clone()),
                (log_of(&path), log_of(&killed)),
                (copy_of(&path, NEWEST), copy_of(&killed, NEWEST)),
            ] {
                if from.exists() {
                    fs::copy(from, to).unwrap();
                }
            }
            is_whole(&killed, &format!("killed after step {done}"));
            assert!(!copy_of(&killed, NEWEST).exists());
        }
    }

    #[test]
    fn a_file_that_an_update_left_unreadable_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = old(folder.path());
        keep(&path, NEWEST).unwrap();
        fs::write(&path, "half of something".repeat(1000)).unwrap();
        is_whole(&path, "put back");
        assert!(beside(&path, ".unreadable").exists(), "nothing is thrown away");
        assert!(!copy_of(&path, NEWEST).exists());
    }

    #[test]
    fn without_room_for_a_copy_nothing_is_updated() {
        let folder = tempfile::tempdir().unwrap();
        let path = old(folder.path());
        let before = fs::read(&path).unwrap();
        // Where the copy is to be written, nothing can be.
        fs::create_dir(beside(&path, &format!(".before-v{NEWEST}.partial"))).unwrap();
        let error = Store::open(&path).unwrap_err();
        assert!(error.message.contains("no copy of it could be made"), "{error:?}");
        assert!(fs::read(&path).unwrap() == before, "the file is as it was");
        assert_eq!(version(&path), 1);
        let full = no_copy(&path, &io::ErrorKind::StorageFull.into());
        assert!(full.hint.as_deref().is_some_and(|hint| hint.contains("disk is full")), "{full:?}");
    }

    #[test]
    fn a_workspace_of_a_newer_hearback_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = old(folder.path());
        is_whole(&path, "updated");
        let newer = "insert into schema_versions values (99, 99, timestamp '2030-01-01'); checkpoint";
        Connection::open(&path).unwrap().execute_batch(newer).unwrap();
        let before = fs::read(&path).unwrap();
        let error = Store::open(&path).unwrap_err();
        assert!(error.message.contains("newer Hearback"), "{error:?}");
        assert!(fs::read(&path).unwrap() == before && !copy_of(&path, NEWEST).exists());
    }
}
