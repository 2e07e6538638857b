//! Do two workspaces hold the same?

use std::collections::BTreeMap;

use super::{Snapshot, read};
use hearback_domain::error::Result;

/// When the schema was applied: of no two files the same, and of no interest.
const OF_THE_FILE: &str = "schema_versions";

impl Snapshot<'_> {
    /// Every row of every table as text, in order, so that workspaces can be compared: for tests.
    ///
    /// `without` names columns that differ by their nature, as (table, column).
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where it cannot be read.
    pub fn content(&self, without: &[(&str, &str)]) -> Result<BTreeMap<String, Vec<String>>> {
        let (connection, what) = (self.connection(), "read its tables");
        let texts = |sql: &str, values: &[&str]| -> Result<Vec<String>> {
            read::all(connection, what, sql, duckdb::params_from_iter(values), |row| row.get("text"))
        };
        let mut all = BTreeMap::new();
        for table in texts("select table_name as text from duckdb_tables() where not temporary", &[])? {
            if table == OF_THE_FILE {
                continue;
            }
            let columns = texts(
                "select column_name as text from duckdb_columns() where table_name = ? and database_name = current_database()
                 order by column_index",
                &[&table],
            )?;
            let is_wanted = |column: &String| !without.iter().any(|(of, left_out)| *of == table && left_out == column);
            let columns: Vec<String> =
                columns.iter().filter(|column| is_wanted(column)).map(|column| format!("\"{column}\"")).collect();
            let columns = columns.join(", ");
            let rows = texts(
                &format!(
                    "select cast(to_json(x) as varchar) as text from (select {columns} from {table}) x order by 1"
                ),
                &[],
            )?;
            all.insert(table, rows);
        }
        Ok(all)
    }
}
