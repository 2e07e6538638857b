//! Views of the window that the user saved.

use duckdb::params;

use super::{Snapshot, Workspace, failed};
use crate::error::Result;

/// `filter` and `options` are the window's own text: the engine keeps them and does not read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// 0 for one that is not saved yet.
    pub id: i64,
    pub name: String,
    pub view: String,
    pub filter: String,
    pub options: String,
}

impl Snapshot<'_> {
    /// By name.
    pub fn views(&self) -> Result<Vec<SavedView>> {
        let connection = self.connection();
        let mut statement = connection
            .prepare("select id, name, view, filter, options from views order by lower(name), id")
            .map_err(failed("list its saved views"))?;
        statement
            .query_map([], |row| {
                Ok(SavedView {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    view: row.get(2)?,
                    filter: row.get(3)?,
                    options: row.get(4)?,
                })
            })
            .and_then(Iterator::collect)
            .map_err(failed("list its saved views"))
    }
}

impl Workspace {
    pub fn save_view(&self, view: &SavedView) -> Result<()> {
        self.write(|connection| {
            connection
                .execute("delete from views where id = ?", [view.id])
                .and_then(|_| {
                    connection.execute(
                        "insert into views
                         select case when ?::bigint > 0 then ?::bigint else coalesce(max(id), 0) + 1 end, ?, ?, ?, ?
                         from views",
                        params![view.id, view.id, view.name, view.view, view.filter, view.options],
                    )
                })
                .map(|_| ())
                .map_err(failed("save the view"))
        })
    }

    pub fn delete_view(&self, id: i64) -> Result<()> {
        self.write(|connection| {
            connection.execute("delete from views where id = ?", [id]).map(|_| ()).map_err(failed("delete the view"))
        })
    }
}
