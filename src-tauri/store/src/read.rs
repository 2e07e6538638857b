//! How are rows read? Each value by the name of its column, and a word or a list that nobody knows is an error.

use duckdb::{Connection, Params, arrow::record_batch::RecordBatch, types::FromSql};
use serde::de::DeserializeOwned;

use super::{failed, unknown_word};
use hearback_domain::{
    TextHash, Timestamp,
    error::{Error, Result},
};

/// One row of an answer. `what` completes "the workspace could not ...".
pub(super) struct Row<'a> {
    row: &'a duckdb::Row<'a>,
    /// The names of its columns, looked up once an answer: DuckDB's own way asks for each name anew with every value.
    names: &'a [String],
    what: &'static str,
}

impl Row<'_> {
    pub fn get<T: FromSql>(&self, column: &str) -> Result<T> {
        match self.names.iter().position(|name| name == column) {
            Some(index) => self.row.get(index).map_err(failed(self.what)),
            None => {
                Err(Error::internal(format!("there is no column {column} where the workspace had to {}", self.what)))
            }
        }
    }

    /// Of a column that was selected with `epoch_us`.
    pub fn moment(&self, column: &str) -> Result<Timestamp> {
        self.get(column).map(Timestamp::from_micros)
    }

    pub fn moment_if_any(&self, column: &str) -> Result<Option<Timestamp>> {
        Ok(self.get::<Option<i64>>(column)?.map(Timestamp::from_micros))
    }

    /// Of a column with the words of an enum. `kind` says what they name.
    pub fn word<T>(&self, column: &str, kind: &str, from_word: fn(&str) -> Option<T>) -> Result<T> {
        let word: String = self.get(column)?;
        from_word(&word).ok_or_else(|| unknown_word(kind, &word))
    }

    pub fn word_if_any<T>(&self, column: &str, kind: &str, from_word: fn(&str) -> Option<T>) -> Result<Option<T>> {
        let word: Option<String> = self.get(column)?;
        word.map(|word| from_word(&word).ok_or_else(|| unknown_word(kind, &word))).transpose()
    }

    pub fn hash(&self, column: &str) -> Result<TextHash> {
        parse_hash(&self.get::<String>(column)?)
    }

    /// Of a column with JSON: of the workspace's own, or selected with `to_json`.
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        from_json(&self.get::<String>(column)?)
    }

    /// Of a column with a JSON list of ids of texts.
    pub fn hashes(&self, column: &str) -> Result<Vec<TextHash>> {
        self.json::<Vec<String>>(column)?.iter().map(|hex| parse_hash(hex)).collect()
    }
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        Error::workspace("the workspace holds a list in an unexpected form").because(error.to_string())
    })
}

pub(super) fn parse_hash(hex: &str) -> Result<TextHash> {
    TextHash::parse(hex).ok_or_else(|| Error::workspace(format!("the workspace holds a damaged text id {hex:?}")))
}

/// Hands over each row of an answer.
pub(super) fn each(
    connection: &Connection,
    what: &'static str,
    sql: &str,
    values: impl Params,
    mut each: impl FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare(sql).map_err(failed(what))?;
    let mut rows = statement.query(values).map_err(failed(what))?;
    let names = rows.as_ref().map(duckdb::Statement::column_names).unwrap_or_default();
    while let Some(row) = rows.next().map_err(failed(what))? {
        each(&Row { row, names: &names, what })?;
    }
    Ok(())
}

pub(super) fn all<T>(
    connection: &Connection,
    what: &'static str,
    sql: &str,
    values: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut found = Vec::new();
    each(connection, what, sql, values, |row| {
        found.push(read(row)?);
        Ok(())
    })?;
    Ok(found)
}

/// The first row, where there is one.
pub(super) fn first<T>(
    connection: &Connection,
    what: &'static str,
    sql: &str,
    values: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    Ok(all(connection, what, sql, values, read)?.into_iter().next())
}

/// The row of an answer that has exactly one.
pub(super) fn one<T>(
    connection: &Connection,
    what: &'static str,
    sql: &str,
    values: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<T> {
    first(connection, what, sql, values, read)?
        .ok_or_else(|| Error::internal(format!("an answer without a row where the workspace had to {what}")))
}

/// The one value of an answer of one row and one column, which needs no name.
pub(super) fn scalar<T: FromSql>(
    connection: &Connection,
    what: &'static str,
    sql: &str,
    values: impl Params,
) -> Result<T> {
    connection.query_row(sql, values, |row| row.get(0)).map_err(failed(what))
}

/// A column of a chunk of rows, by its name.
pub(super) fn named<'a, T: 'static>(batch: &'a RecordBatch, column: &str) -> Result<&'a T> {
    batch
        .column_by_name(column)
        .and_then(|column| column.as_any().downcast_ref())
        .ok_or_else(|| Error::workspace(format!("the workspace holds a column in an unexpected form: {column}")))
}

/// So many question marks.
pub(super) fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}
