//! Do two workspaces hold the same?

use std::collections::BTreeMap;

use super::{Snapshot, failed};
use crate::error::Result;

/// When the schema was applied: of no two files the same, and of no interest.
const OF_THE_FILE: &str = "schema_versions";

impl Snapshot<'_> {
    /// Every row of every table as text, in order, so that workspaces can be compared: for tests.
    ///
    /// `without` names columns that differ by their nature, as (table, column).
    ///
    /// # Errors
    /// [`crate::error::Kind::Workspace`] where it cannot be read.
    pub fn content(&self, without: &[(&str, &str)]) -> Result<BTreeMap<String, Vec<String>>> {
        let connection = self.connection();
        let texts = |sql: &str| -> Result<Vec<String>> {
            let mut statement = connection.prepare(sql).map_err(failed("read its tables"))?;
            statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(failed("read its tables"))
        };
        let mut all = BTreeMap::new();
        for table in texts("select table_name from duckdb_tables() where not temporary")? {
            if table == OF_THE_FILE {
                continue;
            }
            let left_out: Vec<&str> =
                without.iter().filter(|(of, _)| *of == table).map(|(_, column)| *column).collect();
            let columns =
                if left_out.is_empty() { "*".to_owned() } else { format!("* exclude ({})", left_out.join(", ")) };
            let rows = texts(&format!("select to_json(x)::varchar from (select {columns} from {table}) x order by 1"))?;
            all.insert(table, rows);
        }
        Ok(all)
    }
}
