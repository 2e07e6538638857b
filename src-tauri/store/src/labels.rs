//! What do the chosen labels mean, and which of them does nobody know?
//!
//! A label's polarity is computed by one function of the domain ([`polarity::of_words`]) and kept beside the feedback, so
//! that SQL need not know any word. It is written anew where a person tells what a label means, where records were
//! merged, and where a newer program knows more words.

use std::collections::{BTreeMap, HashMap};

use duckdb::{Connection, params};

use super::{Snapshot, Store, bump_data_version, facts, failed, property, read, score_rules, set_property, sources};
use hearback_domain::{
    FeedbackType, Polarity,
    error::Result,
    lexicon,
    polarity::{self, Chosen},
};

const TASK: &str = "look at its labels";

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
    let sql = "select score_name, label, polarity from label_meanings";
    let meanings = read::all(connection, TASK, sql, [], |row| {
        let polarity = row.word("polarity", "polarity", Polarity::from_word)?;
        Ok(((row.get("score_name")?, row.get("label")?), polarity))
    })?;
    Ok(meanings.into_iter().collect())
}

/// Rows of feedback that choose alike.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Combination {
    feedback_type: FeedbackType,
    has_score: bool,
    score_name: Option<String>,
    label: Option<String>,
    reasons: Vec<String>,
}

/// Computes the polarity of the chosen words anew, for the rows of `feedback` for which `condition` holds.
pub(super) fn derive(connection: &Connection, condition: &str) -> Result<()> {
    let told = told(connection)?;
    let sql = format!(
        "select distinct feedback_type, score is not null as has_score, score_name, label,
                cast(to_json(reasons) as varchar) as reasons, label_polarity
         from feedback where {condition}"
    );
    let rows = read::all(connection, TASK, &sql, [], |row| {
        let combination = Combination {
            feedback_type: row.word("feedback_type", "feedback type", FeedbackType::from_word)?,
            has_score: row.get("has_score")?,
            score_name: row.get("score_name")?,
            label: row.get("label")?,
            reasons: row.json("reasons")?,
        };
        Ok((combination, row.word("label_polarity", "polarity", Polarity::from_word)?))
    })?;
    let mut changed: BTreeMap<Combination, Polarity> = BTreeMap::new();
    for (combination, known) in rows {
        let polarity = of(&combination, &told);
        if polarity != known {
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
        .map_err(failed(TASK))?;
    {
        let mut appender =
            connection.appender_to_catalog_and_db("chosen_anew", "temp", "main").map_err(failed(TASK))?;
        for (combination, polarity) in &changed {
            let Combination { feedback_type, has_score, score_name, label, reasons } = combination;
            appender
                .append_row(params![
                    feedback_type.word(),
                    has_score,
                    score_name,
                    label,
                    serde_json::json!(reasons).to_string(),
                    polarity.word()
                ])
                .map_err(failed(TASK))?;
        }
        appender.flush().map_err(failed(TASK))?;
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
        .map_err(failed(TASK))
}

fn of(combination: &Combination, told: &Told) -> Polarity {
    let Combination { feedback_type, has_score, score_name, label, reasons } = combination;
    let chosen = Chosen {
        feedback_type: *feedback_type,
        has_score: *has_score,
        score_name: score_name.as_deref(),
        label: label.as_deref(),
        reasons,
    };
    polarity::of_words(&chosen, |label| told.get(&(score_name.clone(), label.to_owned())).copied())
}

/// Applies what persons have told to rows that have just come, where it says something of them.
pub(super) fn derive_told(connection: &Connection, first_source: i64) -> Result<()> {
    let any: bool = read::scalar(connection, TASK, "select count(*) > 0 from label_meanings", [])?;
    if any { derive(connection, &format!("source_id >= {first_source}")) } else { Ok(()) }
}

impl Snapshot<'_> {
    /// The labels that were chosen, by score name, most frequent first; at most `limit` of them.
    pub fn labels(&self, limit: u32) -> Result<Vec<StoredLabel>> {
        let connection = self.connection();
        let told = told(connection)?;
        let sql = "with chosen as (
                       select id, score_name, label from feedback where label is not null and stated_polarity is null
                       union
                       select id, score_name, unnest(reasons) as label from feedback
                       where score is null and stated_polarity is null)
                   select score_name, label, cast(count(*) as ubigint) as n from chosen
                   group by 1, 2 order by n desc, label, score_name nulls first limit ?";
        let rows: Vec<(Option<String>, String, u64)> = read::all(connection, TASK, sql, [limit], |row| {
            Ok((row.get("score_name")?, row.get("label")?, row.get("n")?))
        })?;
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

impl Store {
    /// Says what `label` of the score `score_name` means, or, with `None`, that the lexicon decides again. Counts follow.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where it cannot be kept.
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
                    .execute(
                        "insert into label_meanings (score_name, label, polarity) values (?, ?, ?)",
                        params![score_name, label, polarity.word()],
                    )
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
    /// [`hearback_domain::error::Kind::Workspace`] where it cannot be kept.
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
            score_rules::infer(connection)?;
            set_property(connection, LEXICON, &lexicon::VERSION.to_string())?;
            bump_data_version(connection)?;
            facts::rebuild(connection)
        })
    }
}

/// The property that says which words the polarities of the workspace were derived by.
const LEXICON: &str = "lexicon_version";
