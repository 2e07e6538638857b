//! Who may read and change the workspace's file, and when?
//!
//! DuckDB locks its file as a whole: shared where it is opened to be read, exclusive where it is opened to be changed. So
//! a database that is only looked at is opened to be read, and a window ([`Holding::Sharing`]) takes the exclusive lock
//! for as long as it changes something and [`LINGER`] longer. To exchange the one lock for the other DuckDB must close the
//! file and open it again, which waits for every reader of this program: readers are counted ([`Reader`]).

use std::{
    cell::Cell,
    marker::PhantomData,
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::{Duration, Instant},
};

use duckdb::Connection;

use super::{
    before_update,
    duck_error::{failed, is_held_elsewhere, only_readable},
    migrate,
    mutex::{lock, wait},
    open_here::{IN_MEMORY, Registered},
    opening::{Holding, Lock, Open, PATIENCE, RETRY, connect, made_current, may_be_changed, open_to_read},
};
use hearback_domain::error::{Error, Result};

/// How long the exclusive lock is kept after a change, so that many small changes exchange the locks once.
const LINGER: Duration = Duration::from_millis(if cfg!(test) { 5 } else { 1000 });

/// How long new readers let an exchange go first: where those before them take longer, they join them.
const COURTESY: Duration = Duration::from_millis(200);

/// The file of a workspace, open.
pub(super) struct Database {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    holding: Holding,
    /// The file may only be read, although somebody wanted to change it.
    only_readable: bool,
    /// Whoever changes something, or exchanges the lock.
    turn: Mutex<()>,
    state: Mutex<State>,
    changed: Condvar,
    registered: Registered,
}

#[derive(Default)]
struct State {
    /// `None` where the file was lost to another program while the locks were exchanged, and after the end.
    open: Option<Open>,
    readers: usize,
    /// An exchange waits for the readers.
    exchange_waits: bool,
    /// A thread is there that gives the exclusive lock back.
    gives_back: bool,
    last_change: Option<Instant>,
    closed: bool,
}

thread_local! {
    /// Connections that this thread reads with: whoever waits for the readers while being one waits for ever.
    static READING_HERE: Cell<usize> = const { Cell::new(0) };
}

impl Database {
    /// Opens the file, brings its schema up to date where that is needed, and makes it where it is not there.
    pub fn open(path: &Path, holding: Holding) -> Result<Self> {
        let registered = Registered::new(path)?;
        let opened = match holding {
            _ if path == Path::new(IN_MEMORY) => made_current(path).map(|open| (Holding::Writing, open, false)),
            Holding::Writing if path.exists() && !may_be_changed(path) => Err(only_readable(path)),
            Holding::Writing => made_current(path).map(|open| (holding, open, false)),
            Holding::Sharing | Holding::Reading => open_to_read(path, holding).map(|(open, only_readable)| {
                (if only_readable { Holding::Reading } else { holding }, open, only_readable)
            }),
        };
        let (holding, open, only_readable) = opened.inspect_err(|_| registered.free())?;
        Ok(Self {
            shared: Arc::new(Shared {
                path: path.to_owned(),
                holding,
                only_readable,
                turn: Mutex::default(),
                state: Mutex::new(State { open: Some(open), ..State::default() }),
                changed: Condvar::new(),
                registered,
            }),
        })
    }

    /// May the file only be read, although it was opened to be changed?
    pub fn is_only_readable(&self) -> bool {
        self.shared.only_readable
    }

    /// A connection that sees the last committed state.
    pub fn reader(&self) -> Result<Reader<'_>> {
        self.shared.reader()
    }

    /// Runs `work` with a connection that may change the file. Whoever changes something takes turns.
    pub fn change<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let shared = &self.shared;
        if READING_HERE.get() > 0 {
            return Err(Error::internal("a change was asked for by who is still reading"));
        }
        let turn = lock(&shared.turn);
        let connection = shared.exclusive()?;
        let done = work(&connection);
        drop(connection);
        if shared.holding == Holding::Sharing {
            let mut state = lock(&shared.state);
            state.last_change = Some(Instant::now());
            if !std::mem::replace(&mut state.gives_back, true) {
                let shared = Arc::clone(shared);
                let giving = std::thread::Builder::new().name("workspace lock".to_owned());
                // Without a thread the lock stays until the end.
                if giving.spawn(move || shared.give_back()).is_err() {
                    state.gives_back = false;
                }
            }
        }
        drop(turn);
        done
    }

    /// Brings everything into the one file.
    pub fn checkpoint(&self) -> Result<()> {
        let _turn = lock(&self.shared.turn);
        self.shared.checkpoint()
    }

    /// Waits for whoever changes something, brings everything into the one file and lets go of it. Whoever asks later
    /// hears that it is closed.
    pub fn close(&self) -> Result<()> {
        let shared = &self.shared;
        lock(&shared.state).closed = true;
        shared.changed.notify_all();
        let _turn = lock(&shared.turn);
        let done = shared.checkpoint();
        let mut state = lock(&shared.state);
        if done.is_ok() && state.open.take().is_some() && !shared.only_readable {
            before_update::forget(&shared.path, migrate::NEWEST);
        }
        if state.readers == 0 {
            shared.registered.free();
        }
        done
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // DuckDB brings in what is left when it closes; what that fails at stays in the log beside the file.
        let _ = self.close();
    }
}

impl Shared {
    fn reader(&self) -> Result<Reader<'_>> {
        let began = Instant::now();
        let mut state = lock(&self.state);
        loop {
            if state.closed {
                return Err(closed(&self.path));
            }
            if let Some(open) = &state.open {
                let waited = began.elapsed();
                if !state.exchange_waits || waited >= COURTESY || READING_HERE.get() > 0 {
                    let connection = open.connection.try_clone().map_err(failed("open a connection"))?;
                    state.readers += 1;
                    READING_HERE.set(READING_HERE.get() + 1);
                    return Ok(Reader { connection, _counted: Counted { of: self, _stays: PhantomData } });
                }
                state = wait(&self.changed, state, COURTESY - waited);
            } else {
                match connect(&self.path, Lock::Shared) {
                    Ok(open) => state.open = Some(open),
                    Err(error) if is_held_elsewhere(&error) && began.elapsed() < PATIENCE => {
                        state = wait(&self.changed, state, RETRY);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// A connection that may change the file. To be called by whoever has the turn.
    fn exclusive(&self) -> Result<Connection> {
        if self.holding == Holding::Reading {
            return Err(if self.only_readable { only_readable(&self.path) } else { opened_to_read(&self.path) });
        }
        let began = Instant::now();
        loop {
            let state = lock(&self.state);
            if state.closed {
                return Err(closed(&self.path));
            }
            if let Some(Open { connection, lock: Lock::Exclusive }) = &state.open {
                return connection.try_clone().map_err(failed("open a second connection"));
            }
            drop(state);
            match self.exchange(Lock::Exclusive) {
                Err(error) if is_held_elsewhere(&error) && began.elapsed() < PATIENCE => {
                    drop(wait(&self.changed, lock(&self.state), RETRY));
                }
                done => done?,
            }
        }
    }

    /// Closes the file once nobody reads, and opens it with the other lock; where that fails, to be read. To be called
    /// by whoever has the turn.
    fn exchange(&self, to: Lock) -> Result<()> {
        let mut state = lock(&self.state);
        state.exchange_waits = true;
        while state.readers > 0 && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let done = if state.closed {
            Err(closed(&self.path))
        } else {
            state.open = None;
            let opened = connect(&self.path, to).and_then(|open| {
                if to == Lock::Exclusive {
                    // Another program may have had it in between.
                    migrate::bring_up_to_date(&open.connection, &self.path, false)?;
                }
                Ok(open)
            });
            match opened {
                Ok(open) => {
                    state.open = Some(open);
                    Ok(())
                }
                Err(error) => {
                    // Whoever reads next tries again, and waits for it.
                    state.open = connect(&self.path, Lock::Shared).ok();
                    Err(error)
                }
            }
        };
        state.exchange_waits = false;
        drop(state);
        self.changed.notify_all();
        done
    }

    /// Gives the exclusive lock back some time after the last change.
    fn give_back(&self) {
        loop {
            let mut state = lock(&self.state);
            while let Some(rest) = state.last_change.and_then(|last| LINGER.checked_sub(last.elapsed())) {
                if state.closed {
                    return;
                }
                state = wait(&self.changed, state, rest.max(Duration::from_millis(1)));
            }
            drop(state);
            let _turn = lock(&self.turn);
            let state = lock(&self.state);
            if state.last_change.is_some_and(|last| last.elapsed() < LINGER) && !state.closed {
                continue;
            }
            drop(state);
            // What fails here is told to whoever reads or changes next.
            let _ = self.checkpoint().and_then(|()| self.exchange(Lock::Shared));
            lock(&self.state).gives_back = false;
            return;
        }
    }

    /// To be called by whoever has the turn.
    fn checkpoint(&self) -> Result<()> {
        let state = lock(&self.state);
        let Some(Open { connection, lock: Lock::Exclusive }) = &state.open else { return Ok(()) };
        let connection = connection.try_clone().map_err(failed("open a second connection"))?;
        drop(state);
        connection.execute_batch("checkpoint").map_err(failed("bring everything into its file"))
    }
}

/// A connection that sees the last committed state. The file stays open as it is until the last of them is gone.
pub(super) struct Reader<'a> {
    /// Dropped first: it closes the database where it is the last, before anybody hears that the file is free.
    connection: Connection,
    _counted: Counted<'a>,
}

impl Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

/// One of the readers, which are also counted by thread and so stay on theirs.
struct Counted<'a> {
    of: &'a Shared,
    _stays: PhantomData<*const ()>,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        READING_HERE.set(READING_HERE.get().saturating_sub(1));
        let mut state = lock(&self.of.state);
        state.readers -= 1;
        if state.readers == 0 {
            if state.closed {
                self.of.registered.free();
            }
            drop(state);
            self.of.changed.notify_all();
        }
    }
}

fn closed(path: &Path) -> Error {
    Error::workspace(format!("{} was closed", path.display()))
}

fn opened_to_read(path: &Path) -> Error {
    Error::internal(format!("{} was opened to be read, and something is to be changed in it", path.display()))
}

#[cfg(test)]
mod tests {
    use std::sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    };

    use super::*;
    use crate::beside::{beside, log_of, scratch_of};

    fn opened(holding: Holding) -> (tempfile::TempDir, PathBuf, Database) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.hearback");
        let database = Database::open(&path, holding).unwrap();
        (folder, path, database)
    }

    fn put(database: &Database, value: usize) -> Result<()> {
        database.change(|connection| {
            connection
                .execute_batch(&format!(
                    "begin; delete from properties where key = 'n'; insert into properties values ('n', '{value}'); commit"
                ))
                .map_err(failed("be tried"))
        })
    }

    fn value(connection: &Connection) -> usize {
        let text: String = connection
            .query_row("select coalesce(max(value), '0') from properties where key = 'n'", [], |row| row.get(0))
            .unwrap();
        text.parse().unwrap()
    }

    fn lock_of(database: &Database) -> Option<Lock> {
        lock(&database.shared.state).open.as_ref().map(|open| open.lock)
    }

    /// Until the writing lock has been given back.
    fn settled(database: &Database) {
        while lock(&database.shared.state).gives_back {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_window_holds_the_writing_lock_only_after_a_change() {
        let (_folder, path, database) = opened(Holding::Sharing);
        assert_eq!(lock_of(&database), Some(Lock::Shared));
        for round in 1..4 {
            put(&database, round).unwrap();
            settled(&database);
            assert_eq!(lock_of(&database), Some(Lock::Shared));
            assert!(!log_of(&path).exists(), "everything is in the one file");
            assert_eq!(value(&database.reader().unwrap()), round);
        }
    }

    #[test]
    fn a_change_waits_for_readers_and_new_readers_do_not_wait_for_it() {
        let (_folder, _path, database) = opened(Holding::Sharing);
        let (began, has_begun) = mpsc::channel();
        let changed = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = database.reader().unwrap();
            scope.spawn(|| {
                began.send(()).unwrap();
                put(&database, 7).unwrap();
                changed.store(true, Ordering::SeqCst);
            });
            has_begun.recv().unwrap();
            // Another reader is let in, however long the first one stays.
            scope.spawn(|| assert_eq!(value(&database.reader().unwrap()), 0)).join().unwrap();
            assert!(!changed.load(Ordering::SeqCst));
            assert_eq!(value(&reader), 0);
            drop(reader);
        });
        assert_eq!(value(&database.reader().unwrap()), 7);
    }

    #[test]
    fn readers_and_writers_of_many_threads_get_on() {
        let (_folder, _path, database) = opened(Holding::Sharing);
        let (reads, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let mut last = 0;
                    while !ended.load(Ordering::SeqCst) {
                        let reader = database.reader().unwrap();
                        let now = value(&reader);
                        assert!(now >= last, "{now} after {last}");
                        last = now;
                        reads.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            for round in 1..=20 {
                put(&database, round).unwrap();
                settled(&database);
            }
            ended.store(true, Ordering::SeqCst);
        });
        assert!(reads.load(Ordering::SeqCst) > 20);
        assert_eq!(value(&database.reader().unwrap()), 20);
    }

    #[test]
    fn a_change_by_who_is_still_reading_is_refused_instead_of_waiting_for_ever() {
        let (_folder, _path, database) = opened(Holding::Sharing);
        let reader = database.reader().unwrap();
        assert_eq!(put(&database, 1).unwrap_err().kind, hearback_domain::error::Kind::Internal);
        drop(reader);
        put(&database, 1).unwrap();
    }

    #[test]
    fn one_file_is_open_once_in_a_program() {
        let (_folder, path, database) = opened(Holding::Sharing);
        let error = Database::open(&path, Holding::Reading).err().unwrap();
        assert!(error.message.contains("is still open here"), "{error:?}");
        drop(database);
        Database::open(&path, Holding::Reading).unwrap();
    }

    #[test]
    fn closing_waits_for_the_change_that_runs_and_lets_nobody_in_after_it() {
        let (_folder, path, database) = opened(Holding::Sharing);
        let (began, has_begun) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                database
                    .change(|connection| {
                        began.send(()).unwrap();
                        connection
                            .execute_batch("begin; insert into properties values ('n', '3'); commit")
                            .map_err(failed("be tried"))
                    })
                    .unwrap();
            });
            has_begun.recv().unwrap();
            database.close().unwrap();
        });
        assert!(!log_of(&path).exists());
        assert!(database.reader().is_err() && put(&database, 4).is_err());
        assert_eq!(value(&Database::open(&path, Holding::Reading).unwrap().reader().unwrap()), 3);
    }

    #[test]
    fn what_is_opened_to_be_read_changes_nothing() {
        let (_folder, path, database) = opened(Holding::Writing);
        put(&database, 5).unwrap();
        drop(database);
        let before = std::fs::read(&path).unwrap();
        let database = Database::open(&path, Holding::Reading).unwrap();
        assert_eq!(value(&database.reader().unwrap()), 5);
        assert!(put(&database, 6).is_err());
        drop(database);
        assert!(std::fs::read(&path).unwrap() == before);
    }

    #[test]
    fn what_killed_programs_put_aside_is_swept() {
        let (_folder, path, database) = opened(Holding::Sharing);
        drop(database);
        let folders = [scratch_of(&path, None), scratch_of(&path, Some(4711))];
        let others = [beside(&path, ".tmpx"), beside(&path, ".other")];
        for folder in folders.iter().chain(&others) {
            std::fs::create_dir(folder).unwrap();
            std::fs::write(folder.join("duckdb_temp_storage-0.tmp"), "x").unwrap();
        }
        std::fs::write(folders[0].join("mine.txt"), "x").unwrap();
        drop(Database::open(&path, Holding::Writing).unwrap());
        assert!(!folders[1].exists() && !folders[0].join("duckdb_temp_storage-0.tmp").exists());
        assert!(folders[0].join("mine.txt").exists() && others.iter().all(|folder| folder.exists()));
    }
}
