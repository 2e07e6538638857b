//! What is asked of one state of the workspace?
//!
//! An answer that is made of several reads is made on one [`Snapshot`], so that its parts belong together whatever is
//! imported or undone meanwhile. All that can be read is a method of it; `store` has these beside what they read.

use std::fmt;

use duckdb::Connection;

use super::{Store, data_version, database::Reader, duck_error::failed};
use hearback_domain::error::Result;

/// The committed state of a workspace when it was first asked for something. A change waits until it is dropped, so it is
/// held for one answer, and never by a thread that changes something.
pub struct Snapshot<'a> {
    reader: Reader<'a>,
}

impl<'a> Snapshot<'a> {
    fn new(reader: Reader<'a>) -> Result<Self> {
        reader.execute_batch("begin transaction read only").map_err(failed("begin to read"))?;
        Ok(Self { reader })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.reader
    }

    /// Grows with every change of sessions, turns, feedback or rules.
    pub fn data_version(&self) -> Result<u64> {
        data_version(self.connection())
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // The connection is closed next, which ends whatever this could not.
        let _ = self.reader.execute_batch("rollback");
    }
}

impl fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

impl Store {
    /// The state that is committed now.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where another program changes the file for longer than is waited.
    pub fn snapshot(&self) -> Result<Snapshot<'_>> {
        Snapshot::new(self.reader()?)
    }
}
