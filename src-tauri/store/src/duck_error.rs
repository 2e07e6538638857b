//! What does DuckDB's error mean?
//!
//! DuckDB tells its errors apart by their English texts alone. This is the only module that reads them: what it does not
//! recognise is [`DuckFault::Other`], never a guess. A test provokes each of them.

use std::path::Path;

use hearback_domain::error::Error;

/// A failure of DuckDB by its cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DuckFault {
    /// Another program holds the file.
    Locked(Option<Holder>),
    NotADatabase,
    /// The operating system does not allow to open the file as asked.
    Forbidden,
    /// The database was opened to be read only.
    ReadOnly,
    DiskFull,
    OutOfMemory,
    /// The file ends before what it should hold, or a block is not what was written.
    Damaged,
    /// The file is of a DuckDB that this one does not know.
    Newer,
    Other,
}

/// Who holds a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    /// The program's file name.
    pub program: Option<String>,
    pub process: u32,
}

impl DuckFault {
    pub fn of(error: &duckdb::Error) -> Self {
        Self::of_text(&error.to_string())
    }

    /// The same of an error that was kept as a text (see `failed`).
    pub fn of_text(text: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&["Could not set lock on file", "being used by another process", "File is already open in"]) {
            Self::Locked(holder(text))
        } else if has(&["not a valid DuckDB database"]) {
            Self::NotADatabase
        } else if has(&["No space left", "disk full", "not enough space on the disk", "Could not write all bytes"]) {
            Self::DiskFull
        } else if has(&["Out of Memory", "failed to pin block"]) {
            Self::OutOfMemory
        } else if has(&["attached in read-only mode", "in read-only mode!"]) {
            Self::ReadOnly
        } else if has(&["Permission denied", "Access is denied", "Read-only file system"]) {
            Self::Forbidden
        } else if has(&["Could not read enough bytes", "Corrupt database file", "checksum"]) {
            Self::Damaged
        } else if has(&["Trying to read a database file with version number", "storage version"]) {
            Self::Newer
        } else {
            Self::Other
        }
    }

    /// Did DuckDB want more memory than it may have?
    pub fn is_out_of_memory(error: &Error) -> bool {
        error.details().iter().any(|line| Self::of_text(line) == Self::OutOfMemory)
    }
}

/// Is the file of a workspace held by another program, which may let go of it?
pub fn is_held_elsewhere(error: &Error) -> bool {
    error.details().iter().any(|line| matches!(DuckFault::of_text(line), DuckFault::Locked(_)))
}

/// Could a file not be opened for what is in it, rather than for who holds it or what is allowed?
pub(super) fn is_unreadable(error: &Error) -> bool {
    let faults: Vec<DuckFault> = error.details().iter().map(|line| DuckFault::of_text(line)).collect();
    let is_elsewhere = |fault: &DuckFault| {
        use DuckFault::{DiskFull, Forbidden, Locked, Newer, OutOfMemory, ReadOnly};
        matches!(fault, Locked(_) | Forbidden | ReadOnly | DiskFull | OutOfMemory | Newer)
    };
    !faults.is_empty() && !faults.iter().any(is_elsewhere)
}

/// As DuckDB writes it: `Conflicting lock is held in /usr/bin/duckdb (PID 4711)`.
fn holder(text: &str) -> Option<Holder> {
    let (before, after) = text.split_once("PID ")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    let process = digits.parse().ok()?;
    let program = before
        .trim_end()
        .strip_suffix('(')
        .and_then(|before| before.rsplit_once(" held in "))
        .and_then(|(_, path)| Path::new(path.trim()).file_name())
        .map(|name| name.to_string_lossy().trim_end_matches(" (deleted)").to_owned());
    Some(Holder { program, process })
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.program {
            Some(program) => write!(f, "{program} (process {})", self.process),
            None => write!(f, "process {}", self.process),
        }
    }
}

/// Turns a database error into one that says what could not be done. Its text is kept, not its chain, which ends in
/// a number that says nothing.
pub(super) fn failed(what: &'static str) -> impl Fn(duckdb::Error) -> Error {
    move |error| {
        let sentence = Error::workspace(format!("the workspace could not {what}"));
        let hinted = match DuckFault::of(&error) {
            DuckFault::DiskFull => {
                sentence.hint("The disk is full: free some space and try again; the workspace is as it was before")
            }
            DuckFault::OutOfMemory => sentence.hint("It needs more memory than there is: close other programs"),
            DuckFault::ReadOnly => sentence.hint("The workspace is open to be read only"),
            DuckFault::Damaged => {
                sentence.hint("The file is not whole, or was changed by something else: take it from a copy")
            }
            DuckFault::Locked(_)
            | DuckFault::NotADatabase
            | DuckFault::Forbidden
            | DuckFault::Newer
            | DuckFault::Other => sentence,
        };
        hinted.because(error.to_string())
    }
}

/// The error of a file that could not be opened, to be read or to be changed.
pub(super) fn not_opened(path: &Path, to_change: bool, error: &duckdb::Error) -> Error {
    let shown = path.display();
    let fault = match DuckFault::of(error) {
        DuckFault::Locked(holder) => {
            let who = holder.map_or_else(|| "another program".to_owned(), |holder| holder.to_string());
            if to_change {
                Error::workspace(format!("{shown} is open in {who} and cannot be changed meanwhile"))
                    .hint("Close it there, or try again when that is done")
            } else {
                Error::workspace(format!("{shown} is being changed by {who}")).hint("Try again when that is done")
            }
        }
        DuckFault::NotADatabase => Error::workspace(format!("{shown} is not a Hearback workspace"))
            .hint("Import exports instead of opening them, or choose a .hearback file"),
        DuckFault::Forbidden | DuckFault::ReadOnly => only_readable(path),
        DuckFault::DiskFull => {
            Error::workspace(format!("cannot open the workspace {shown}")).hint("The disk is full: free some space")
        }
        DuckFault::Damaged => Error::workspace(format!("{shown} is not whole"))
            .hint("The file ends too early, or was changed by something else: take it from a copy"),
        DuckFault::Newer => {
            Error::workspace(format!("{shown} was written by a newer DuckDB")).hint("Update Hearback to open it")
        }
        DuckFault::OutOfMemory | DuckFault::Other => Error::workspace(format!("cannot open the workspace {shown}")),
    };
    fault.because(error.to_string())
}

/// The error of a change to a file that may only be read.
pub(super) fn only_readable(path: &Path) -> Error {
    Error::workspace(format!("{} may only be read, so nothing can be changed in it", path.display()))
        .hint("Make a copy that you may write, or change the permissions of the file")
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Write},
        process::{Command, Stdio},
    };

    use duckdb::{AccessMode, Config, Connection};

    use super::*;

    fn open(path: &Path, mode: AccessMode) -> duckdb::Result<Connection> {
        Connection::open_with_flags(path, Config::default().access_mode(mode)?)
    }

    fn made(folder: &Path) -> std::path::PathBuf {
        let path = folder.join("a.db");
        let connection = open(&path, AccessMode::ReadWrite).unwrap();
        connection
            .execute_batch("create table t as select range as i, md5(range::varchar) as m from range(200000)")
            .unwrap();
        path
    }

    fn fault<T>(outcome: duckdb::Result<T>) -> DuckFault {
        DuckFault::of(&outcome.err().expect("DuckDB let it pass"))
    }

    /// Holds the file of the test that started it, until its standard input ends. Alone it does nothing.
    #[test]
    fn helper_that_holds_a_file() {
        let Some(path) = std::env::var_os("HEARBACK_TEST_HOLD") else { return };
        let _held = open(Path::new(&path), AccessMode::ReadWrite).unwrap();
        println!("held");
        std::io::stdin().lines().for_each(drop);
    }

    #[test]
    fn a_file_that_another_process_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = made(folder.path());
        let mut holder = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "duck_error::tests::helper_that_holds_a_file", "--nocapture"])
            .env("HEARBACK_TEST_HOLD", &path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("held")), "the helper holds nothing");
        for mode in [AccessMode::ReadOnly, AccessMode::ReadWrite] {
            let DuckFault::Locked(Some(found)) = fault(open(&path, mode)) else { panic!("not recognised") };
            assert_eq!(found.process, holder.id());
            let program = std::env::current_exe().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            assert_eq!(found.program, Some(program));
        }
        drop(holder.stdin.take());
        holder.wait().unwrap();
        open(&path, AccessMode::ReadWrite).unwrap();
    }

    #[test]
    fn a_file_of_something_else_one_cut_short_and_one_that_may_only_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = made(folder.path());
        let other = folder.path().join("letter.db");
        std::fs::write(&other, "Dear team, ".repeat(2000)).unwrap();
        assert_eq!(fault(open(&other, AccessMode::ReadWrite)), DuckFault::NotADatabase);

        let bytes = std::fs::read(&path).unwrap();
        let short = folder.path().join("short.db");
        std::fs::write(&short, &bytes[..bytes.len() / 2]).unwrap();
        let read = open(&short, AccessMode::ReadWrite)
            .and_then(|connection| connection.query_row("select count(m) from t", [], |row| row.get::<_, i64>(0)));
        assert_eq!(fault(read), DuckFault::Damaged);

        let spoiled = folder.path().join("spoiled.db");
        let mut bytes = bytes;
        bytes[20_000..].iter_mut().step_by(97).for_each(|byte| *byte ^= 0x55);
        std::fs::write(&spoiled, &bytes).unwrap();
        let read = open(&spoiled, AccessMode::ReadWrite)
            .and_then(|connection| connection.query_row("select max(m) from t", [], |row| row.get::<_, String>(0)));
        assert_eq!(fault(read), DuckFault::Damaged);

        let reading = open(&path, AccessMode::ReadOnly).unwrap();
        assert_eq!(fault(reading.execute_batch("insert into t values (1, 'a')")), DuckFault::ReadOnly);
    }

    #[test]
    fn memory_that_does_not_suffice() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&made(folder.path()), AccessMode::ReadWrite).unwrap();
        connection.execute_batch("set memory_limit = '8MB'; set threads = 1").unwrap();
        let heavy = "create temp table x as select list(m order by m) as all_of_them from t";
        assert_eq!(fault(connection.execute_batch(heavy)), DuckFault::OutOfMemory);
    }

    /// `/dev/full` is a disk without space.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_disk_that_is_full() {
        let error = std::fs::File::create("/dev/full").unwrap().write_all(b"x").unwrap_err();
        assert_eq!(DuckFault::of_text(&format!("IO Error: Could not write file: {error}")), DuckFault::DiskFull);
    }

    #[test]
    fn what_only_other_systems_say_and_what_nobody_knows() {
        let windows = "IO Error: Cannot open file \"a.db\": The process cannot access the file because it is being used \
                       by another process.\n\nFile is already open in \nC:\\duckdb.exe (PID 12)";
        assert_eq!(DuckFault::of_text(windows), DuckFault::Locked(Some(Holder { program: None, process: 12 })));
        let unnamed = "IO Error: Could not set lock on file \"a.db\": Conflicting lock is held in PID 4711";
        assert_eq!(DuckFault::of_text(unnamed), DuckFault::Locked(Some(Holder { program: None, process: 4711 })));
        assert_eq!(DuckFault::of_text("Catalog Error: Table t does not exist"), DuckFault::Other);
        assert_eq!(DuckFault::of_text("IO Error: Cannot open file \"a.db\": Permission denied"), DuckFault::Forbidden);
    }
}
