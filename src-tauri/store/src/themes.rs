//! Which themes are there, and which texts belong to them?
//!
//! What is shown: what the run of a subject found, with the user's edits. What the run itself found is in
//! `theme_runs`, the edits are in `theme_edits`.

use duckdb::{Connection, params};

use super::{
    Snapshot, Store, facts, failed,
    read::{self, Row, from_json, parse_hash},
    theme_subject::{set_subject, subject},
};
use hearback_domain::{Subject, TextHash, Timestamp, error::Result};

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

hearback_domain::string_enum! {
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

hearback_domain::string_enum! {
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

/// The columns of a run.
pub(super) const RUN_COLUMNS: &str =
    "id, created_at, subject, model_id, resolution, unclustered_at_most, seed, options,
    versions, fingerprint, explored, data_version, texts, unclustered, pulled_in, pulled_in_similarity, similarity";

fn run_of_row(row: &Row<'_>) -> Result<ThemeRun> {
    Ok(ThemeRun {
        id: row.get("id")?,
        created_at: row.moment("created_us")?,
        subject: row.word("subject", "subject", Subject::from_word)?,
        model_id: row.get("model_id")?,
        resolution: row.get("resolution")?,
        unclustered_at_most: row.get("unclustered_at_most")?,
        seed: row.get("seed")?,
        options: row.get("options")?,
        versions: row.get("versions")?,
        fingerprint: row.get("fingerprint")?,
        explored: row.get("explored")?,
        data_version: row.get("data_version")?,
        texts: row.get("texts")?,
        unclustered: row.get("unclustered")?,
        pulled_in: row.get("pulled_in")?,
        pulled_in_similarity: row.get("pulled_in_similarity")?,
        similarity: row.get("similarity")?,
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
        let sql = format!(
            "select {RUN_COLUMNS}, epoch_us(created_at) as created_us from theme_runs where subject = ?
             order by id desc limit 1"
        );
        read::first(self.connection(), "read its themes", &sql, [subject.word()], run_of_row)
    }

    /// The themes of the subject that is counted, by id.
    pub fn themes(&self) -> Result<Vec<StoredTheme>> {
        let chosen = self.theme_subject()?;
        self.themes_of(chosen)
    }

    pub fn themes_of(&self, subject: Subject) -> Result<Vec<StoredTheme>> {
        let sql =
            "select id, name, named_by, cast(to_json(keywords) as varchar) as keywords, texts, feedback, cohesion,
                          cast(to_json(centroid) as varchar) as centroid,
                          cast(to_json(examples) as varchar) as examples, subthemes, pinned, note
                   from themes where run_id in (select id from theme_runs where subject = ?) order by id";
        read::all(self.connection(), "read its themes", sql, [subject.word()], |row| {
            Ok(StoredTheme {
                id: row.get("id")?,
                name: row.get("name")?,
                named_by: row.word("named_by", "origin of a name", NamedBy::from_word)?,
                keywords: row.json("keywords")?,
                texts: row.get("texts")?,
                feedback: row.get("feedback")?,
                cohesion: row.get("cohesion")?,
                centroid: row.json("centroid")?,
                examples: row.hashes("examples")?,
                subthemes: subthemes_from_json(&row.get::<String>("subthemes")?)?,
                pinned: row.get("pinned")?,
                note: row.get("note")?,
            })
        })
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
        let sql = "select count(*) from theme_members
                   where placed_by = 'short' and run_id in (select id from theme_runs where subject = ?)";
        read::scalar(self.connection(), "read its themes", sql, [subject.word()])
    }

    /// Every text of the subject that is counted, nearest to its theme's centre first, ties by hash.
    pub fn all_theme_members(&self) -> Result<Vec<ShownMember>> {
        self.shown_members("", params![])
    }

    fn shown_members(&self, condition: &str, values: &[&dyn duckdb::ToSql]) -> Result<Vec<ShownMember>> {
        let connection = self.connection();
        let chosen = subject(connection)?.word();
        let sql = format!(
            "select text_hash, theme_id, cast(similarity as float) as similarity, subtheme, placed_by from theme_members
             where run_id in (select id from theme_runs where subject = ?) {condition}
             order by theme_members.similarity desc, text_hash"
        );
        let values = std::iter::once(&chosen as &dyn duckdb::ToSql).chain(values.iter().copied());
        read::all(connection, "read its themes", &sql, duckdb::params_from_iter(values), |row| {
            Ok(ShownMember {
                hash: row.hash("text_hash")?,
                theme: row.get("theme_id")?,
                similarity: row.get("similarity")?,
                subtheme: row.get("subtheme")?,
                placed_by: row.word("placed_by", "way of placing a text", PlacedBy::from_word)?,
            })
        })
    }
}

impl Store {
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
                "insert into themes (run_id, id, name, keywords, texts, feedback, cohesion, centroid, examples, subthemes,
                                     named_by, pinned, note)
                 select ?, ?, ?, from_json(?, '[\"VARCHAR\"]'), ?, ?, ?, from_json(?, '[\"FLOAT\"]'),
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

pub(super) fn subthemes_from_json(text: &str) -> Result<Vec<StoredSubtheme>> {
    let all: Vec<serde_json::Value> = from_json(text)?;
    let words = |value: &serde_json::Value| -> Vec<String> {
        let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    all.iter()
        .map(|part| {
            Ok(StoredSubtheme {
                name: part["name"].as_str().unwrap_or_default().to_owned(),
                keywords: words(&part["keywords"]),
                texts: part["texts"].as_u64().unwrap_or(0),
                feedback: part["feedback"].as_u64().unwrap_or(0),
                examples: words(&part["examples"]).iter().map(|hash| parse_hash(hash)).collect::<Result<_>>()?,
            })
        })
        .collect()
}
