//! What does recall have to know of the workspace?
//!
//! Vectors and texts are handed over in pages, so that a million of them are never held twice; what is asked about the
//! cases that were found is asked for all of them at once.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use duckdb::{
    Connection, ToSql,
    arrow::{
        array::{Array, Float32Array, ListArray, StringArray},
        record_batch::RecordBatch,
    },
    params,
    types::Value,
};

use super::{
    Snapshot, Totals, failed,
    filter::{self, Clause},
    query::{MOMENTS, SUMS, totals},
    read::{self, marks, named, parse_hash},
};
use hearback_domain::{
    Filter, TextHash, Timestamp,
    error::{Error, Result},
    job::Job,
};

/// Rows of a table that are read at once: 24 MB of vectors of 384.
const PAGE: i64 = 16_384;
/// Up to this many texts are asked for by name, more by reading all.
const FILTERED_BY_LIST: usize = 500;

/// Both grow: with every change of texts or vectors, and with every change of what feedback says or belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecallVersion {
    pub vectors: u64,
    pub facts: u64,
}

/// The feedback of a selection that says one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub count: u64,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// The latest that says it.
    pub feedback: String,
    pub theme: Option<i64>,
}

/// What somebody wrote in the place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub text: String,
    /// The latest feedback that gives it, and how many do.
    pub feedback: String,
    pub times: u64,
}

/// The words of a turn: what feedback on it says, else what was asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TurnWords {
    pub feedback: Vec<String>,
    pub texts: Vec<TextHash>,
    pub query: Option<String>,
}

impl Snapshot<'_> {
    pub fn recall_version(&self) -> Result<RecallVersion> {
        let sql = "select key, value from properties where key in ('vector_version', 'facts_version')";
        let mut version = RecallVersion::default();
        read::each(self.connection(), "read its versions", sql, [], |row| {
            let number = row.get::<String>("value")?.parse().unwrap_or(0);
            match row.get::<String>("key")?.as_str() {
                "vector_version" => version.vectors = number,
                _ => version.facts = number,
            }
            Ok(())
        })?;
        Ok(version)
    }

    /// Every text of the workspace, in no order.
    pub fn text_ids(&self) -> Result<Vec<TextHash>> {
        hashes(self.connection(), "select text_hash from texts", &[])
    }

    /// The texts that the selection says: what recall may answer with.
    pub fn text_hashes(&self, filter: &Filter) -> Result<Vec<TextHash>> {
        let Clause { sql, values } = filter::facts(filter);
        let sql = format!("select distinct f.text_hash from facts f where f.text_hash is not null and {sql}");
        hashes(self.connection(), &sql, &values)
    }

    /// Hands over the vectors that `model` made of `wanted`, in no useful order.
    ///
    /// # Errors
    /// Cancelled; that of `each`.
    pub fn each_vector(
        &self,
        model: &str,
        wanted: &HashSet<TextHash>,
        job: &Job,
        mut each: impl FnMut(TextHash, &[f32]) -> Result<()>,
    ) -> Result<()> {
        let odd = || Error::workspace("the workspace holds vectors in an unexpected form");
        let read = |batch: &RecordBatch| {
            let names = named::<StringArray>(batch, "text_hash")?;
            let lists = named::<ListArray>(batch, "vector")?;
            for row in 0..batch.num_rows() {
                let hash = parse_hash(names.value(row))?;
                if wanted.contains(&hash) {
                    let vector = lists.value(row);
                    each(hash, vector.as_any().downcast_ref::<Float32Array>().ok_or_else(odd)?.values())?;
                }
            }
            Ok(())
        };
        self.pages("vectors", "text_hash, vector", Some(model), wanted, job, read)
    }

    /// Hands over `wanted` texts, in no useful order.
    ///
    /// # Errors
    /// Cancelled.
    pub fn each_text(&self, wanted: &HashSet<TextHash>, job: &Job, mut each: impl FnMut(TextHash, &str)) -> Result<()> {
        let read = |batch: &RecordBatch| {
            let names = named::<StringArray>(batch, "text_hash")?;
            let texts = named::<StringArray>(batch, "text")?;
            for row in 0..batch.num_rows() {
                let hash = parse_hash(names.value(row))?;
                if wanted.contains(&hash) {
                    each(hash, texts.value(row));
                }
            }
            Ok(())
        };
        self.pages("texts", "text_hash, text", None, wanted, job, read)
    }

    /// `columns` of `table`, a page at a time, so that DuckDB never holds more of it than one.
    fn pages(
        &self,
        table: &str,
        columns: &str,
        model: Option<&str>,
        wanted: &HashSet<TextHash>,
        job: &Job,
        mut read: impl FnMut(&RecordBatch) -> Result<()>,
    ) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let what = "read what recall holds";
        let connection = self.connection();
        let mut values: Vec<Value> = model.iter().map(|&model| Value::Text(model.to_owned())).collect();
        let of_model = if model.is_some() { "model_id = ?" } else { "true" };
        if wanted.len() <= FILTERED_BY_LIST {
            let mut names: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            names.sort();
            let marks = marks(names.len());
            values.extend(names.into_iter().map(Value::Text));
            let sql = format!("select {columns} from {table} where {of_model} and text_hash in ({marks})");
            let mut statement = connection.prepare(&sql).map_err(failed(what))?;
            return statement
                .query_arrow(duckdb::params_from_iter(values.iter()))
                .map_err(failed(what))?
                .try_for_each(|batch| read(&batch));
        }
        let end: i64 = read::scalar(connection, what, &format!("select coalesce(max(rowid) + 1, 0) from {table}"), [])?;
        let sql = format!("select {columns} from {table} where rowid >= ? and rowid < ? and {of_model}");
        let mut statement = connection.prepare(&sql).map_err(failed(what))?;
        for first in (0..end).step_by(PAGE as usize) {
            job.check()?;
            let last = first + PAGE;
            let mut bound: Vec<&dyn ToSql> = vec![&first, &last];
            bound.extend(values.iter().map(|value| value as &dyn ToSql));
            for batch in statement.query_arrow(bound.as_slice()).map_err(failed(what))? {
                read(&batch)?;
            }
        }
        Ok(())
    }

    /// What of the selection says each text, but for the feedbacks `except`. Texts that nothing else says are left out.
    pub fn said(&self, filter: &Filter, texts: &[TextHash], except: &[String]) -> Result<BTreeMap<TextHash, Said>> {
        if texts.is_empty() {
            return Ok(BTreeMap::new());
        }
        let what = "find what says a text";
        let Clause { sql, mut values } = filter::facts(filter);
        values.extend(names(texts));
        values.extend(except.iter().cloned().map(Value::Text));
        let but = if except.is_empty() {
            String::new()
        } else {
            format!("and f.feedback_id not in ({})", marks(except.len()))
        };
        let sql = format!(
            "select f.text_hash, count(*) as n, {MOMENTS},
                    max_by(f.feedback_id, (coalesce(f.created_at, timestamp '0001-01-01'), f.feedback_id)) as latest,
                    try_cast(any_value(f.theme_key) as bigint) as theme_id
             from facts f where {sql} and f.text_hash in ({}) {but} group by 1 order by 1",
            marks(texts.len())
        );
        let found = read::all(self.connection(), what, &sql, duckdb::params_from_iter(values.iter()), |row| {
            let said = Said {
                count: row.get("n")?,
                first: row.moment_if_any("first_moment")?,
                last: row.moment_if_any("last_moment")?,
                feedback: row.get("latest")?,
                theme: row.get("theme_id")?,
            };
            Ok((row.hash("text_hash")?, said))
        })?;
        Ok(found.into_iter().collect())
    }

    /// What was written in the place of the answers that each text was said of, by the same feedback or another of its
    /// turn: the most often given first, then the latest.
    pub fn corrections(&self, filter: &Filter, texts: &[TextHash]) -> Result<BTreeMap<TextHash, Vec<Correction>>> {
        let mut given: BTreeMap<TextHash, Vec<Correction>> = BTreeMap::new();
        if texts.is_empty() {
            return Ok(given);
        }
        let what = "find what corrects a text";
        let Clause { sql, mut values } = filter::facts(filter);
        values.extend(names(texts));
        let sql = format!(
            "with said as (select f.text_hash, f.feedback_id, f.turn_id from facts f
                           where {sql} and f.text_hash in ({})),
                  given as (
                      select s.text_hash, b.id, b.created_at, b.correction from feedback b
                      join said s on s.feedback_id = b.id where b.correction is not null
                      union
                      select s.text_hash, b.id, b.created_at, b.correction from feedback b
                      join facts x on x.feedback_id = b.id join said s on s.turn_id = x.turn_id
                      where b.correction is not null and b.author = 'human')
             select text_hash, trim(correction) as correction_text, count(*) as n,
                    max_by(id, (coalesce(created_at, timestamp '0001-01-01'), id)) as latest
             from given where trim(correction) <> '' group by 1, 2
             order by 1, 3 desc, max(created_at) desc nulls last, latest",
            marks(texts.len())
        );
        read::each(self.connection(), what, &sql, duckdb::params_from_iter(values.iter()), |row| {
            given.entry(row.hash("text_hash")?).or_default().push(Correction {
                text: row.get("correction_text")?,
                times: row.get("n")?,
                feedback: row.get("latest")?,
            });
            Ok(())
        })?;
        Ok(given)
    }

    /// Sums and span of these themes in the selection.
    pub fn theme_totals(&self, filter: &Filter, themes: &[i64]) -> Result<BTreeMap<i64, Totals>> {
        if themes.is_empty() {
            return Ok(BTreeMap::new());
        }
        let Clause { sql, mut values } = filter::facts(filter);
        values.extend(themes.iter().map(|theme| Value::Text(theme.to_string())));
        let sql = format!(
            "select cast(f.theme_key as bigint) as theme_id, {SUMS}, {MOMENTS}
             from facts f where {sql} and f.theme_key in ({}) group by 1 order by 1",
            marks(themes.len())
        );
        let found = read::all(self.connection(), "be counted", &sql, duckdb::params_from_iter(values.iter()), |row| {
            Ok((row.get("theme_id")?, totals(row)?))
        })?;
        Ok(found.into_iter().collect())
    }

    /// What is noted of these themes; those without a note are left out.
    pub fn theme_notes(&self, themes: &BTreeSet<i64>) -> Result<BTreeMap<i64, String>> {
        if themes.is_empty() {
            return Ok(BTreeMap::new());
        }
        let sql =
            format!("select id, note from themes where note <> '' and id in ({}) order by id", marks(themes.len()));
        let notes =
            read::all(self.connection(), "read its themes", &sql, duckdb::params_from_iter(themes.iter()), |row| {
                Ok((row.get("id")?, row.get("note")?))
            })?;
        Ok(notes.into_iter().collect())
    }

    /// The centre of a theme of the subject that is counted; `None` where it has no such theme.
    pub fn theme_centre(&self, theme: i64) -> Result<Option<Vec<f32>>> {
        let subject = self.theme_subject()?;
        let sql = "select cast(to_json(centroid) as varchar) as centroid from themes
                   where id = ? and run_id in (select id from theme_runs where subject = ?)";
        read::first(self.connection(), "read its themes", sql, params![theme, subject.word()], |row| {
            row.json("centroid")
        })
    }

    /// The words of a turn; `None` where there is no such turn.
    pub fn turn_words(&self, turn: &str) -> Result<Option<TurnWords>> {
        let (connection, what) = (self.connection(), "read a turn");
        let sql = "select query from turns where id = ? limit 1";
        let Some(query) = read::first(connection, what, sql, [turn], |row| row.get("query"))? else {
            return Ok(None);
        };
        let mut words = TurnWords { query, ..TurnWords::default() };
        let sql = "select feedback_id, text_hash from facts where turn_id = ? order by created_at, feedback_id";
        read::each(connection, what, sql, [turn], |row| {
            words.feedback.push(row.get("feedback_id")?);
            let text: Option<String> = row.get("text_hash")?;
            words.texts.extend(text.as_deref().map(parse_hash).transpose()?);
            Ok(())
        })?;
        Ok(Some(words))
    }
}

fn hashes(connection: &Connection, sql: &str, values: &[Value]) -> Result<Vec<TextHash>> {
    let what = "list its texts";
    let mut statement = connection.prepare(sql).map_err(failed(what))?;
    let mut found = Vec::new();
    for batch in statement.query_arrow(duckdb::params_from_iter(values.iter())).map_err(failed(what))? {
        let names = named::<StringArray>(&batch, "text_hash")?;
        for row in 0..names.len() {
            found.push(parse_hash(names.value(row))?);
        }
    }
    Ok(found)
}

fn names(texts: &[TextHash]) -> impl Iterator<Item = Value> {
    texts.iter().map(|text| Value::Text(text.to_string()))
}
