//! Which themes are there, and which texts belong to them?
//!
//! What is shown: what the run of a subject found, with the user's edits. What the run itself found is in
//! `theme_runs`, the edits are in `theme_edits`.

use duckdb::{Connection, Row, params};

use super::{Snapshot, Workspace, facts, failed, property, set_property, texts::list_from_json};
use crate::{
    error::{Error, Result},
    model::{Subject, TextHash, Timestamp},
};

/// One run as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeRun {
    pub id: i64,
    pub created_at: Timestamp,
    pub subject: Subject,
    pub model_id: String,
    pub resolution: f64,
    pub unclustered_at_most: Option<f64>,
    pub seed: u64,
    /// Options that are none of the above, and the versions of what computed it, as text.
    pub options: String,
    pub versions: String,
    pub fingerprint: String,
    /// What the hierarchy was found from: equal where another cut of it is enough. Empty where there is no hierarchy.
    pub explored: String,
    /// The data version that it saw.
    pub data_version: u64,
    pub texts: u64,
    pub unclustered: u64,
    /// Texts that `unclustered_at_most` pulled in, and their mean similarity to their theme.
    pub pulled_in: u64,
    pub pulled_in_similarity: f64,
    /// Mean similarity of the texts in themes.
    pub similarity: f64,
}

/// What is shown, to be stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    pub themes: Vec<StoredTheme>,
    pub members: Vec<ShownMember>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredTheme {
    /// Stays from run to run, and is given once in a workspace.
    pub id: i64,
    pub name: String,
    pub named_by: NamedBy,
    pub keywords: Vec<String>,
    /// Distinct texts, and feedbacks that say them.
    pub texts: u64,
    pub feedback: u64,
    pub cohesion: f64,
    pub centroid: Vec<f32>,
    pub examples: Vec<TextHash>,
    pub subthemes: Vec<StoredSubtheme>,
    pub pinned: bool,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredSubtheme {
    pub name: String,
    pub keywords: Vec<String>,
    pub texts: u64,
    pub feedback: u64,
    pub examples: Vec<TextHash>,
}

hearback_model::words! {
    /// Who gave a theme its name.
    #[derive(Default)]
    NamedBy {
        #[default]
        /// The run, in the members' words.
        Words = "words",
        /// An earlier run; it still fits.
        Before = "before",
        User = "user",
    }
}

hearback_model::words! {
    /// Who put a text where it is.
    PlacedBy {
        Run = "run",
        /// It came after the run, and is within a theme's reach or is not.
        Near = "near",
        Hand = "hand",
        /// Nobody: it is a short answer, in no theme and not unclustered.
        Short = "short",
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShownMember {
    pub hash: TextHash,
    /// `None`: unclustered, or a short answer.
    pub theme: Option<i64>,
    pub similarity: f32,
    /// The position in the theme's sub-themes.
    pub subtheme: Option<u32>,
    pub placed_by: PlacedBy,
}

/// The property that names the subject that is counted.
const SUBJECT: &str = "theme_subject";

/// The subject that is counted.
pub(super) fn subject(connection: &Connection) -> Result<Subject> {
    Ok(property(connection, SUBJECT)?.and_then(|word| Subject::from_word(&word)).unwrap_or_default())
}

pub(super) fn set_subject(connection: &Connection, subject: Subject) -> Result<()> {
    set_property(connection, SUBJECT, subject.word())
}

const RUN_COLUMNS: &str = "id, epoch_us(created_at), subject, model_id, resolution, unclustered_at_most, seed, options,
    versions, fingerprint, explored, data_version, texts, unclustered, pulled_in, pulled_in_similarity, similarity";

fn run_of_row(row: &Row<'_>) -> duckdb::Result<ThemeRun> {
    Ok(ThemeRun {
        id: row.get(0)?,
        created_at: Timestamp::from_micros(row.get(1)?),
        subject: Subject::from_word(&row.get::<_, String>(2)?).unwrap_or_default(),
        model_id: row.get(3)?,
        resolution: row.get(4)?,
        unclustered_at_most: row.get(5)?,
        seed: row.get(6)?,
        options: row.get(7)?,
        versions: row.get(8)?,
        fingerprint: row.get(9)?,
        explored: row.get(10)?,
        data_version: row.get(11)?,
        texts: row.get(12)?,
        unclustered: row.get(13)?,
        pulled_in: row.get(14)?,
        pulled_in_similarity: row.get(15)?,
        similarity: row.get(16)?,
    })
}

impl Snapshot<'_> {
    /// The subject whose themes are counted.
    pub fn theme_subject(&self) -> Result<Subject> {
        subject(self.connection())
    }

    /// The run of the subject that is counted.
    pub fn theme_run(&self) -> Result<Option<ThemeRun>> {
        let chosen = self.theme_subject()?;
        self.theme_run_of(chosen)
    }

    pub fn theme_run_of(&self, subject: Subject) -> Result<Option<ThemeRun>> {
        let connection = self.connection();
        let mut statement = connection
            .prepare(&format!("select {RUN_COLUMNS} from theme_runs where subject = ? order by id desc limit 1"))
            .map_err(failed("read its themes"))?;
        let runs: Vec<ThemeRun> = statement
            .query_map([subject.word()], run_of_row)
            .and_then(Iterator::collect)
            .map_err(failed("read its themes"))?;
        Ok(runs.into_iter().next())
    }

    /// The themes of the subject that is counted, by id.
    pub fn themes(&self) -> Result<Vec<StoredTheme>> {
        let chosen = self.theme_subject()?;
        self.themes_of(chosen)
    }

    pub fn themes_of(&self, subject: Subject) -> Result<Vec<StoredTheme>> {
        let what = "read its themes";
        let connection = self.connection();
        let mut statement = connection
            .prepare(
                "select id, name, named_by, to_json(keywords)::varchar, texts, feedback, cohesion,
                        to_json(centroid)::varchar, to_json(examples)::varchar, subthemes, pinned, note
                 from themes where run_id in (select id from theme_runs where subject = ?) order by id",
            )
            .map_err(failed(what))?;
        statement
            .query_map([subject.word()], |row| {
                Ok(StoredTheme {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    named_by: NamedBy::from_word(&row.get::<_, String>(2)?).unwrap_or_default(),
                    keywords: list_from_json(&row.get::<_, String>(3)?),
                    texts: row.get(4)?,
                    feedback: row.get(5)?,
                    cohesion: row.get(6)?,
                    centroid: numbers_from_json(&row.get::<_, String>(7)?),
                    examples: hashes_from_json(&row.get::<_, String>(8)?),
                    subthemes: subthemes_from_json(&row.get::<_, String>(9)?),
                    pinned: row.get(10)?,
                    note: row.get(11)?,
                })
            })
            .and_then(Iterator::collect)
            .map_err(failed(what))
    }

    /// Each text of the subject that is counted, of a theme or of none: nearest to the theme's centre first, ties by
    /// hash.
    pub fn theme_members(&self, theme: Option<i64>) -> Result<Vec<(TextHash, f64)>> {
        let members = self.shown_members("and theme_id is not distinct from ?", params![theme])?;
        Ok(members.into_iter().map(|member| (member.hash, f64::from(member.similarity))).collect())
    }

    /// The same, with all that is known of them.
    pub fn theme_members_of(&self, theme: i64) -> Result<Vec<ShownMember>> {
        self.shown_members("and theme_id = ?", params![theme])
    }

    /// How many distinct texts of a subject are short answers.
    pub fn short_answers(&self, subject: Subject) -> Result<u64> {
        self.connection()
            .query_row(
                "select count(*) from theme_members
                 where placed_by = 'short' and run_id in (select id from theme_runs where subject = ?)",
                [subject.word()],
                |row| row.get(0),
            )
            .map_err(failed("read its themes"))
    }

    /// Every text of the subject that is counted, nearest to its theme's centre first, ties by hash.
    pub fn all_theme_members(&self) -> Result<Vec<ShownMember>> {
        self.shown_members("", params![])
    }

    fn shown_members(&self, condition: &str, values: &[&dyn duckdb::ToSql]) -> Result<Vec<ShownMember>> {
        let connection = self.connection();
        let chosen = subject(connection)?.word();
        let mut statement = connection
            .prepare(&format!(
                "select text_hash, theme_id, similarity::float, subtheme, placed_by from theme_members
                 where run_id in (select id from theme_runs where subject = '{chosen}') {condition}
                 order by similarity desc, text_hash"
            ))
            .map_err(failed("read its themes"))?;
        type Row = (String, Option<i64>, f32, Option<u32>, String);
        let rows: Vec<Row> = statement
            .query_map(values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .and_then(Iterator::collect)
            .map_err(failed("read its themes"))?;
        rows.into_iter()
            .map(|(hash, theme, similarity, subtheme, placed_by)| {
                Ok(ShownMember {
                    hash: damaged(TextHash::parse(&hash))?,
                    theme,
                    similarity,
                    subtheme,
                    placed_by: PlacedBy::from_word(&placed_by).unwrap_or(PlacedBy::Run),
                })
            })
            .collect()
    }
}

impl Workspace {
    /// Counts by the themes of another subject from now on.
    pub fn choose_subject(&self, chosen: Subject) -> Result<()> {
        self.write(|connection| {
            if subject(connection)? == chosen {
                return Ok(());
            }
            set_subject(connection, chosen)?;
            facts::set_themes(connection)
        })
    }

    /// Brings the counts up to date with texts that were collected since.
    pub fn refresh_themes(&self) -> Result<()> {
        self.write(facts::set_themes)
    }
}

pub(super) fn damaged<T>(value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::workspace("the workspace holds a damaged text id"))
}

/// Replaces what is shown of a run.
pub(super) fn put_shown(connection: &Connection, run: i64, shown: &Shown) -> Result<()> {
    let what = "keep its themes";
    let of_subject =
        "run_id in (select id from theme_runs where subject = (select subject from theme_runs where id = ?))";
    for table in ["themes", "theme_members"] {
        connection.execute(&format!("delete from {table} where {of_subject}"), [run]).map_err(failed(what))?;
    }
    for theme in &shown.themes {
        connection
            .execute(
                "insert into themes select ?, ?, ?, from_json(?, '[\"VARCHAR\"]'), ?, ?, ?, from_json(?, '[\"FLOAT\"]'),
                        from_json(?, '[\"VARCHAR\"]'), ?, ?, ?, ?",
                params![
                    run,
                    theme.id,
                    theme.name,
                    json(&theme.keywords),
                    theme.texts,
                    theme.feedback,
                    theme.cohesion,
                    serde_json::json!(theme.centroid).to_string(),
                    hashes_json(&theme.examples),
                    subthemes_json(&theme.subthemes),
                    theme.named_by.word(),
                    theme.pinned,
                    theme.note,
                ],
            )
            .map_err(failed(what))?;
    }
    let mut appender = connection.appender("theme_members").map_err(failed(what))?;
    for member in &shown.members {
        appender
            .append_row(params![
                run,
                member.hash.to_string(),
                member.theme,
                f64::from(member.similarity),
                member.subtheme,
                member.placed_by.word(),
            ])
            .map_err(failed(what))?;
    }
    appender.flush().map_err(failed(what))
}

pub(super) fn json(words: &[String]) -> String {
    serde_json::json!(words).to_string()
}

pub(super) fn hashes_json(hashes: &[TextHash]) -> String {
    serde_json::json!(hashes.iter().map(ToString::to_string).collect::<Vec<_>>()).to_string()
}

pub(super) fn hashes_from_json(text: &str) -> Vec<TextHash> {
    list_from_json(text).iter().filter_map(|hash| TextHash::parse(hash)).collect()
}

pub(super) fn numbers_from_json(text: &str) -> Vec<f32> {
    serde_json::from_str(text).unwrap_or_default()
}

pub(super) fn subthemes_json(subthemes: &[StoredSubtheme]) -> String {
    let all: Vec<serde_json::Value> = subthemes
        .iter()
        .map(|part| {
            serde_json::json!({
                "name": part.name, "keywords": part.keywords, "texts": part.texts, "feedback": part.feedback,
                "examples": part.examples.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        })
        .collect();
    serde_json::Value::from(all).to_string()
}

pub(super) fn subthemes_from_json(text: &str) -> Vec<StoredSubtheme> {
    let all: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let words = |value: &serde_json::Value| -> Vec<String> {
        let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    all.iter()
        .map(|part| StoredSubtheme {
            name: part["name"].as_str().unwrap_or_default().to_owned(),
            keywords: words(&part["keywords"]),
            texts: part["texts"].as_u64().unwrap_or(0),
            feedback: part["feedback"].as_u64().unwrap_or(0),
            examples: words(&part["examples"]).iter().filter_map(|hash| TextHash::parse(hash)).collect(),
        })
        .collect()
}
