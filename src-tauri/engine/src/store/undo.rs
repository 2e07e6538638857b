//! What remains when an import is taken back?

use duckdb::Connection;

use super::{Workspace, bump_data_version, facts, failed, rules};
use crate::error::{Error, Result};

impl Workspace {
    /// Removes an imported file and all that only it brought. Themes become stale; vectors stay, since making them
    /// again takes long and they say nothing.
    ///
    /// # Errors
    /// [`crate::error::Kind::NotFound`] where there is no such source.
    pub fn remove_source(&self, id: i64) -> Result<()> {
        self.write(|connection| {
            remove(connection, id)?;
            rules::infer_and_apply(connection, &[])?;
            bump_data_version(connection)?;
            facts::rebuild(connection)
        })
    }
}

/// The rows of the source; rules, facts and the data version are the caller's.
pub(super) fn remove(connection: &Connection, id: i64) -> Result<()> {
    let what = "remove a source";
    if connection.execute("delete from sources where id = ?", [id]).map_err(failed(what))? == 0 {
        return Err(Error::not_found(format!("there is no source {id}")));
    }
    for table in ["rejects", "score_rules", "sessions", "turns", "feedback"] {
        connection.execute(&format!("delete from {table} where source_id = ?"), [id]).map_err(failed(what))?;
    }
    Ok(())
}
