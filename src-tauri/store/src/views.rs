//! Views of the window that the user saved.

use duckdb::params;

use super::{Snapshot, Store, failed, read};
use hearback_domain::error::Result;

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
        let sql = "select id, name, view, filter, options from views order by lower(name), id";
        read::all(self.connection(), "list its saved views", sql, [], |row| {
            Ok(SavedView {
                id: row.get("id")?,
                name: row.get("name")?,
                view: row.get("view")?,
                filter: row.get("filter")?,
                options: row.get("options")?,
            })
        })
    }
}

impl Store {
    pub fn save_view(&self, view: &SavedView) -> Result<()> {
        self.write(|connection| {
            connection
                .execute("delete from views where id = ?", [view.id])
                .and_then(|_| {
                    connection.execute(
                        "insert into views (id, name, view, filter, options)
                         select case when n.id > 0 then n.id else n.next end, ?, ?, ?, ?
                         from (select cast(? as bigint) as id, coalesce(max(id), 0) + 1 as next from views) n",
                        params![view.name, view.view, view.filter, view.options, view.id],
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
