//! What do the chosen labels mean, and which of them does nobody know?
//!
//! A label's polarity is computed by one function of the domain ([`polarity::of_words`]) and kept beside the feedback, so
//! that SQL need not know any word. It is written anew where a person tells what a label means, where records were
//! merged, and where a newer program knows more words.

use std::collections::{BTreeMap, HashMap};

use duckdb::{Connection, params};

use super::{
    Snapshot, Workspace, bump_data_version, facts, failed, property, rules, set_property, sources, unknown_word,
};
use crate::{
    error::{Error, Result},
    model::{
        FeedbackType, Polarity, lexicon,
        polarity::{self, Chosen},
    },
};

const WHAT: &str = "look at its labels";

/// A label that was chosen, and what it is taken to mean.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredLabel {
    pub score_name: Option<String>,
    pub label: String,
    /// Feedbacks that have it.
    pub count: u64,
    /// By the lexicon; [`Polarity::Unknown`] where it does not know the label.
    pub known: Polarity,
    /// By a person.
    pub told: Option<Polarity>,
}

/// By score name and label.
type Told = HashMap<(Option<String>, String), Polarity>;

fn told(connection: &Connection) -> Result<Told> {
    let mut statement =
        connection.prepare("select score_name, label, polarity from label_meanings").map_err(failed(WHAT))?;
    let rows: Vec<(Option<String>, String, String)> = statement
        .query_map([], |row| Ok((row.get("score_name")?, row.get("label")?, row.get("polarity")?)))
        .and_then(Iterator::collect)
        .map_err(failed(WHAT))?;
    rows.into_iter()
        .map(|(score_name, label, word)| {
            let polarity = Polarity::from_word(&word).ok_or_else(|| unknown_word("polarity", &word))?;
            Ok(((score_name, label), polarity))
        })
        .collect()
}

/// Rows of feedback that choose alike.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Combination {
    feedback_type: String,
    has_score: bool,
    score_name: Option<String>,
    label: Option<String>,
    /// A list as JSON.
    reasons: String,
}

/// Computes the polarity of the chosen words anew, for the rows of `feedback` for which `condition` holds.
pub(super) fn derive(connection: &Connection, condition: &str) -> Result<()> {
    let told = told(connection)?;
    let rows: Vec<(Combination, String)> = connection
        .prepare(&format!(
            "select distinct feedback_type, score is not null as has_score, score_name, label,
                    cast(to_json(reasons) as varchar) as reasons, label_polarity
             from feedback where {condition}"
        ))
        .and_then(|mut statement| {
            let row = |row: &duckdb::Row<'_>| {
                let combination = Combination {
                    feedback_type: row.get("feedback_type")?,
                    has_score: row.get("has_score")?,
                    score_name: row.get("score_name")?,
                    label: row.get("label")?,
                    reasons: row.get("reasons")?,
                };
                Ok((combination, row.get("label_polarity")?))
            };
            statement.query_map([], row)?.collect()
        })
        .map_err(failed(WHAT))?;
    let mut changed: BTreeMap<Combination, Polarity> = BTreeMap::new();
    for (combination, known) in rows {
        let polarity = of(&combination, &told)?;
        if polarity.word() != known {
            changed.insert(combination, polarity);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    connection
        .execute_batch(
            "create or replace temp table chosen_anew (
                 of_type varchar, of_score boolean, of_name varchar, of_label varchar, of_reasons varchar,
                 polarity varchar)",
        )
        .map_err(failed(WHAT))?;
    {
        let mut appender =
            connection.appender_to_catalog_and_db("chosen_anew", "temp", "main").map_err(failed(WHAT))?;
        for (combination, polarity) in &changed {
            let Combination { feedback_type, has_score, score_name, label, reasons } = combination;
            appender
                .append_row(params![feedback_type, has_score, score_name, label, reasons, polarity.word()])
                .map_err(failed(WHAT))?;
        }
        appender.flush().map_err(failed(WHAT))?;
    }
    connection
        .execute_batch(&format!(
            "update feedback set label_polarity = c.polarity
             from chosen_anew c
             where feedback_type = c.of_type and (score is not null) = c.of_score
               and cast(to_json(reasons) as varchar) = c.of_reasons
               and score_name is not distinct from c.of_name
               and label is not distinct from c.of_label and {condition};
             drop table chosen_anew;"
        ))
        .map_err(failed(WHAT))
}

fn of(combination: &Combination, told: &Told) -> Result<Polarity> {
    let reasons: Vec<String> = serde_json::from_str(&combination.reasons)
        .map_err(|error| Error::workspace("a list of reasons in the workspace is none").because(error.to_string()))?;
    let feedback_type = FeedbackType::from_word(&combination.feedback_type)
        .ok_or_else(|| unknown_word("feedback type", &combination.feedback_type))?;
    let chosen = Chosen {
        feedback_type,
        has_score: combination.has_score,
        score_name: combination.score_name.as_deref(),
        label: combination.label.as_deref(),
        reasons: &reasons,
    };
    Ok(polarity::of_words(&chosen, |label| told.get(&(combination.score_name.clone(), label.to_owned())).copied()))
}

/// Applies what persons have told to rows that have just come, where it says something of them.
pub(super) fn derive_told(connection: &Connection, first_source: i64) -> Result<()> {
    let any: bool =
        connection.query_row("select count(*) > 0 from label_meanings", [], |row| row.get(0)).map_err(failed(WHAT))?;
    if any { derive(connection, &format!("source_id >= {first_source}")) } else { Ok(()) }
}

impl Snapshot<'_> {
    /// The labels that were chosen, by score name, most frequent first; at most `limit` of them.
    pub fn labels(&self, limit: u32) -> Result<Vec<StoredLabel>> {
        let connection = self.connection();
        let told = told(connection)?;
        let mut statement = connection
            .prepare(
                "with chosen as (
                     select id, score_name, label from feedback where label is not null and stated_polarity is null
                     union
                     select id, score_name, unnest(reasons) as label from feedback
                     where score is null and stated_polarity is null)
                 select score_name, label, count(*)::ubigint as n from chosen
                 group by 1, 2 order by n desc, label, score_name nulls first limit ?",
            )
            .map_err(failed(WHAT))?;
        let rows: Vec<(Option<String>, String, u64)> = statement
            .query_map([limit], |row| Ok((row.get("score_name")?, row.get("label")?, row.get("n")?)))
            .and_then(Iterator::collect)
            .map_err(failed(WHAT))?;
        Ok(rows
            .into_iter()
            .map(|(score_name, label, count)| StoredLabel {
                known: polarity::of_label(score_name.as_deref(), &label).unwrap_or(Polarity::Unknown),
                told: told.get(&(score_name.clone(), label.clone())).copied(),
                score_name,
                label,
                count,
            })
            .collect())
    }

    /// Were the polarities derived by the words that this program knows?
    pub fn polarity_is_current(&self) -> Result<bool> {
        Ok(property(self.connection(), LEXICON)?.as_deref() == Some(&lexicon::VERSION.to_string()))
    }
}

impl Workspace {
    /// Says what `label` of the score `score_name` means, or, with `None`, that the lexicon decides again. Counts follow.
    ///
    /// # Errors
    /// [`crate::error::Kind::Workspace`] where it cannot be kept.
    pub fn tell_label(&self, score_name: Option<&str>, label: &str, polarity: Option<Polarity>) -> Result<()> {
        self.write(|connection| {
            connection
                .execute(
                    "delete from label_meanings where score_name is not distinct from ? and label = ?",
                    params![score_name, label],
                )
                .map_err(failed("keep what a label means"))?;
            if let Some(polarity) = polarity {
                connection
                    .execute("insert into label_meanings values (?, ?, ?)", params![score_name, label, polarity.word()])
                    .map_err(failed("keep what a label means"))?;
            }
            derive(connection, "(label is not null or len(reasons) > 0)")?;
            bump_data_version(connection)?;
            facts::rebuild(connection)
        })
    }

    /// Brings polarities up to date where the workspace was written by a program that knew other words, and names the
    /// tools of the sources that it imported: `tool_of` gives a tool's name for the title of a format.
    ///
    /// # Errors
    /// [`crate::error::Kind::Workspace`] where it cannot be kept.
    pub fn refresh_polarity(&self, tool_of: impl Fn(&str) -> Option<String>) -> Result<()> {
        if self.snapshot()?.polarity_is_current()? {
            return Ok(());
        }
        self.write(|connection| {
            for source in sources::list(connection)?.into_iter().filter(|source| source.tool.is_none()) {
                let Some(tool) = tool_of(&source.format) else { continue };
                connection
                    .execute("update sources set tool = ? where id = ?", params![tool, source.id])
                    .and_then(|_| {
                        connection
                            .execute("update score_scales set tool = ? where tool = ?", params![tool, source.format])
                    })
                    .map_err(failed("name the tools of its sources"))?;
            }
            derive(connection, "true")?;
            rules::infer(connection)?;
            set_property(connection, LEXICON, &lexicon::VERSION.to_string())?;
            bump_data_version(connection)?;
            facts::rebuild(connection)
        })
    }
}

/// The property that says which words the polarities of the workspace were derived by.
const LEXICON: &str = "lexicon_version";
