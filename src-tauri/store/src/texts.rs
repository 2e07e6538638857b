//! Which texts are there, and what do they mean to which model?

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use duckdb::{
    arrow::{
        array::{Array, ArrayRef, Float32Array, Int64Array, ListArray, StringArray},
        buffer::OffsetBuffer,
        datatypes::{DataType, Field, Schema},
        record_batch::RecordBatch,
    },
    params,
};

use super::{
    Snapshot, Store, failed, property,
    read::{self, marks, named, parse_hash},
    set_property,
    versions::{bump_vector_version, vector_version},
};
use hearback_domain::{
    Subject, TextHash,
    error::{Error, Result},
    job::{Job, Step, Unit},
    rows::{TextRow, VectorSet},
};

/// The words of a feedback, from which the rule takes what is embedded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedbackWords {
    pub comment: Option<String>,
    pub correction: Option<String>,
    pub label: Option<String>,
    pub reasons: Vec<String>,
    /// The feedback's own, else its turn's.
    pub query: Option<String>,
}

/// What came and went since a run: distinct texts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RunCoverage {
    pub at_run: u64,
    /// Came since, and are within reach of a theme, or of none. Short answers are neither.
    pub placed: u64,
    pub unclustered: u64,
    /// Mean similarity of those to the nearest theme, and of the run's own texts.
    pub similarity: f64,
    pub similarity_at_run: f64,
    /// Came since, and nobody has looked at them.
    pub waiting: u64,
    /// Nobody says them any more.
    pub removed: u64,
}

/// An embedding model that has vectors in the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredModel {
    /// Stands for everything that makes two vectors comparable.
    pub id: String,
    pub name: String,
    pub digest: String,
    pub pooling: String,
    pub max_length: u32,
    pub dimension: u32,
}

/// Texts about a subject that a model has not embedded.
const WITHOUT_VECTOR: &str = "from texts t
     where t.text_hash in (select text_hash from feedback_texts where subject = ?)
       and not exists (select 1 from vectors v where v.model_id = ? and v.text_hash = t.text_hash)";

impl Snapshot<'_> {
    /// Distinct texts about a subject with how many feedbacks say each, in the order of their hash.
    pub fn texts(&self, subject: Subject) -> Result<Vec<TextRow>> {
        self.text_rows(
            "select t.text_hash, t.text, f.feedback from texts t
             join (select text_hash, count(*) as feedback from feedback_texts where subject = ? group by text_hash) f
                 on f.text_hash = t.text_hash
             order by t.text_hash",
            &[subject.word()],
        )
    }

    /// Those that `model` has not embedded yet: the first `limit` after `after`, in the order of their hash.
    pub fn texts_without_vector(
        &self,
        model: &str,
        subject: Subject,
        after: Option<TextHash>,
        limit: u32,
    ) -> Result<Vec<TextRow>> {
        let after = after.map(|hash| hash.to_string()).unwrap_or_default();
        self.text_rows(
            &format!("select t.text_hash, t.text, 0 as feedback {WITHOUT_VECTOR} and t.text_hash > ? order by 1 limit {limit}"),
            &[subject.word(), model, &after],
        )
    }

    /// How many those are in all.
    pub fn count_texts_without_vector(&self, model: &str, subject: Subject) -> Result<u64> {
        let sql = format!("select count(*) {WITHOUT_VECTOR}");
        read::scalar(self.connection(), "count its texts", &sql, params![subject.word(), model])
    }

    /// Those of a subject that its run has not placed, in the order of their hash.
    pub fn texts_not_placed(&self, subject: Subject) -> Result<Vec<TextRow>> {
        self.text_rows(
            "select t.text_hash, t.text, f.feedback from texts t
             join (select text_hash, count(*) as feedback from feedback_texts where subject = ? group by text_hash) f
                 on f.text_hash = t.text_hash
             where not exists (select 1 from theme_placements p where p.subject = ? and p.text_hash = t.text_hash)
             order by t.text_hash",
            &[subject.word(), subject.word()],
        )
    }

    /// What came and went since the run of a subject.
    pub fn run_coverage(&self, subject: Subject) -> Result<RunCoverage> {
        let sql = "
            with said as (select distinct text_hash from feedback_texts where subject = ?),
                 placed as (select text_hash, leaf, line_id, line_similarity, later from theme_placements where subject = ?)
            select count(*) filter (where not p.later) as at_run,
                   count(*) filter (where p.later and s.text_hash is not null and p.line_id is not null) as placed,
                   count(*) filter (where p.later and s.text_hash is not null and p.line_id is null
                                      and p.leaf is not null) as unclustered,
                   coalesce(avg(p.line_similarity)
                       filter (where p.later and s.text_hash is not null and p.leaf is not null), 0) as similarity,
                   count(*) filter (where p.text_hash is null) as waiting,
                   count(*) filter (where not p.later and s.text_hash is null) as removed,
                   coalesce(avg(p.line_similarity) filter (where not p.later and p.leaf is not null), 0)
                       as similarity_at_run
            from placed p full join said s on s.text_hash = p.text_hash";
        let word = subject.word();
        read::one(self.connection(), "read its themes", sql, [word, word], |row| {
            Ok(RunCoverage {
                at_run: row.get("at_run")?,
                placed: row.get("placed")?,
                unclustered: row.get("unclustered")?,
                similarity: row.get("similarity")?,
                similarity_at_run: row.get("similarity_at_run")?,
                waiting: row.get("waiting")?,
                removed: row.get("removed")?,
            })
        })
    }

    /// Of a statement with the columns text_hash, text, feedback.
    fn text_rows(&self, sql: &str, values: &[&str]) -> Result<Vec<TextRow>> {
        read::all(self.connection(), "read its texts", sql, duckdb::params_from_iter(values), |row| {
            Ok(TextRow { hash: row.hash("text_hash")?, text: row.get("text")?, feedback: row.get("feedback")? })
        })
    }

    /// The vectors of the workspace's texts, in the order of their hash, in one block.
    pub fn vectors(&self, model: &str, job: &Job) -> Result<VectorSet> {
        self.vectors_among("select text_hash from texts", &[], model, job)
    }

    /// Those of one subject's texts.
    pub fn vectors_about(&self, model: &str, subject: Subject, job: &Job) -> Result<VectorSet> {
        self.vectors_among("select text_hash from feedback_texts where subject = ?", &[subject], model, job)
    }

    /// Those of one subject's texts that its run has not placed.
    pub fn vectors_not_placed(&self, model: &str, subject: Subject, job: &Job) -> Result<VectorSet> {
        let texts = "select f.text_hash from feedback_texts f
                     where f.subject = ? and not exists (
                         select 1 from theme_placements p where p.subject = ? and p.text_hash = f.text_hash)";
        self.vectors_among(texts, &[subject, subject], model, job)
    }

    /// Those of the texts that the statement `texts` gives, whose question marks stand for `subjects`.
    fn vectors_among(&self, texts: &str, subjects: &[Subject], model: &str, job: &Job) -> Result<VectorSet> {
        let what = "read its vectors";
        let sql = format!(
            "select v.text_hash, v.vector from vectors v
             where v.text_hash in ({texts}) and v.model_id = ? order by v.text_hash"
        );
        let mut statement = self.connection().prepare(&sql).map_err(failed(what))?;
        let mut set = VectorSet::default();
        let odd = || Error::workspace("the workspace holds vectors in an unexpected form");
        let values = subjects.iter().map(|subject| subject.word()).chain([model]);
        for batch in statement.query_arrow(duckdb::params_from_iter(values)).map_err(failed(what))? {
            job.check()?;
            let hashes = named::<StringArray>(&batch, "text_hash")?;
            let lists = named::<ListArray>(&batch, "vector")?;
            for index in 0..batch.num_rows() {
                let row = lists.value(index);
                let row = row.as_any().downcast_ref::<Float32Array>().ok_or_else(odd)?;
                if set.dimension == 0 {
                    set.dimension = row.len();
                }
                if row.len() != set.dimension {
                    return Err(odd());
                }
                set.hashes.push(parse_hash(hashes.value(index))?);
                set.values.extend_from_slice(row.values());
            }
        }
        Ok(set)
    }

    /// Grows with every change of texts or vectors.
    pub fn vector_version(&self) -> Result<u64> {
        vector_version(self.connection())
    }

    /// The texts of these hashes.
    pub fn texts_by_hash(&self, hashes: &[TextHash]) -> Result<BTreeMap<TextHash, String>> {
        if hashes.is_empty() {
            return Ok(BTreeMap::new());
        }
        let marks = marks(hashes.len());
        let shown: Vec<String> = hashes.iter().map(ToString::to_string).collect();
        let values: Vec<&str> = shown.iter().map(String::as_str).collect();
        let sql = format!("select text_hash, text, 0 as feedback from texts where text_hash in ({marks})");
        Ok(self.text_rows(&sql, &values)?.into_iter().map(|row| (row.hash, row.text)).collect())
    }

    /// The text that stands for a feedback, if it has words.
    pub fn text_of(&self, feedback: &str) -> Result<Option<TextRow>> {
        let rows = self.text_rows(
            "select t.text_hash, t.text, 1 as feedback from facts f join texts t on t.text_hash = f.text_hash
             where f.feedback_id = ? limit 1",
            &[feedback],
        )?;
        Ok(rows.into_iter().next())
    }
}

impl Store {
    /// Takes each feedback's text about `subject` by `rule`, and keeps the distinct ones. Judges' words are not users'
    /// words: their feedback gets no text. `fingerprint` stands for the data and the rule: nothing is done where the
    /// texts were collected from the same before.
    pub fn collect_texts(
        &self,
        subject: Subject,
        fingerprint: &str,
        rule: impl Fn(&FeedbackWords) -> Option<String>,
        job: &Job,
    ) -> Result<()> {
        let key = format!("texts_from_{}", subject.word());
        if property(&*self.reader()?, &key)?.as_deref() == Some(fingerprint) {
            return Ok(());
        }
        self.write(|connection| {
            let reader = self.reader()?;
            let what = "collect its texts";
            connection
                .execute_batch(
                    "create or replace temp table next_texts (text_hash varchar, text varchar);
                     create or replace temp table next_feedback_texts (feedback_id varchar, text_hash varchar);",
                )
                .map_err(failed(what))?;
            let total: u64 = read::scalar(&reader, what, "select count(*) from feedback where author = 'human'", [])?;
            let mut texts =
                connection.appender_to_catalog_and_db("next_texts", "temp", "main").map_err(failed(what))?;
            let mut links =
                connection.appender_to_catalog_and_db("next_feedback_texts", "temp", "main").map_err(failed(what))?;
            let sql = "select f.id, f.comment, f.correction, f.label, cast(to_json(f.reasons) as varchar) as reasons,
                              coalesce(f.query, t.query) as query
                       from feedback f
                       left join facts x on x.feedback_id = f.id
                       left join turns t on t.id = x.turn_id
                       where f.author = 'human' order by f.id";
            let mut seen = HashSet::new();
            let mut done = 0;
            read::each(&reader, what, sql, [], |row| {
                let words = FeedbackWords {
                    comment: row.get("comment")?,
                    correction: row.get("correction")?,
                    label: row.get("label")?,
                    reasons: row.json("reasons")?,
                    query: row.get("query")?,
                };
                if let Some(text) = rule(&words) {
                    let hash = TextHash::of(&text);
                    let shown = hash.to_string();
                    if seen.insert(hash) {
                        texts.append_row(params![shown, text]).map_err(failed(what))?;
                    }
                    links.append_row(params![row.get::<String>("id")?, shown]).map_err(failed(what))?;
                }
                done += 1;
                if done % 1024 == 0 {
                    job.check()?;
                    job.progress(Step::CollectingTexts, Unit::Records, done, Some(total));
                }
                Ok(())
            })?;
            job.progress(Step::CollectingTexts, Unit::Records, total, Some(total));
            texts.flush().map_err(failed(what))?;
            links.flush().map_err(failed(what))?;
            drop((texts, links));
            // Texts are shared by the subjects.
            connection
                .execute("delete from feedback_texts where subject = ?", [subject.word()])
                .and_then(|_| {
                    connection.execute(
                        "insert into feedback_texts (feedback_id, text_hash, subject)
                         select feedback_id, text_hash, ? from next_feedback_texts order by 1",
                        [subject.word()],
                    )
                })
                .and_then(|_| {
                    connection.execute_batch(
                        "insert into texts (text_hash, text)
                             select text_hash, text from next_texts
                             where text_hash not in (select text_hash from texts) order by 1;
                         delete from texts where text_hash not in (select text_hash from feedback_texts);
                         drop table next_texts; drop table next_feedback_texts;",
                    )
                })
                .map_err(failed(what))?;
            set_property(connection, &key, fingerprint)?;
            bump_vector_version(connection)
        })
    }

    /// Keeps a slice of vectors in one transaction: what this has taken, no kill can lose.
    ///
    /// `values` holds one row of `model.dimension` numbers for each hash.
    pub fn add_vectors(&self, model: &StoredModel, hashes: &[TextHash], values: Vec<f32>) -> Result<()> {
        let what = "keep vectors";
        let dimension = model.dimension as usize;
        if values.len() != hashes.len() * dimension {
            return Err(Error::internal(format!(
                "{} numbers for {} vectors of {dimension}",
                values.len(),
                hashes.len()
            )));
        }
        let arrow =
            |error: duckdb::arrow::error::ArrowError| Error::internal("vectors do not fit their table").because(error);
        let ids: StringArray = hashes.iter().map(|_| Some(model.id.as_str())).collect();
        let texts: StringArray = hashes.iter().map(|hash| Some(hash.to_string())).collect();
        let item = Arc::new(Field::new("item", DataType::Float32, true));
        let lists = ListArray::try_new(
            Arc::clone(&item),
            OffsetBuffer::from_lengths(hashes.iter().map(|_| dimension)),
            Arc::new(Float32Array::from(values)),
            None,
        )
        .map_err(arrow)?;
        let schema = Schema::new(vec![
            Field::new("model_id", DataType::Utf8, false),
            Field::new("text_hash", DataType::Utf8, false),
            Field::new("vector", DataType::List(item), false),
            Field::new("source_id", DataType::Int64, true),
        ]);
        let made_here = Int64Array::new_null(hashes.len());
        let columns: Vec<ArrayRef> = vec![Arc::new(ids), Arc::new(texts), Arc::new(lists), Arc::new(made_here)];
        let batch = RecordBatch::try_new(Arc::new(schema), columns).map_err(arrow)?;
        self.write(|connection| {
            connection
                .execute(
                    "insert into models (id, name, digest, pooling, max_length, dimension)
                     select ?, ?, ?, ?, ?, ? where not exists (select 1 from models where id = ?)",
                    params![
                        model.id,
                        model.name,
                        model.digest,
                        model.pooling,
                        model.max_length,
                        model.dimension,
                        model.id
                    ],
                )
                .map_err(failed(what))?;
            let mut appender = connection.appender("vectors").map_err(failed(what))?;
            appender.append_record_batch(batch).map_err(failed(what))?;
            appender.flush().map_err(failed(what))?;
            drop(appender);
            bump_vector_version(connection)
        })
    }
}
