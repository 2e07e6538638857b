//! Which themes did the last run find, and which texts belong to them?

use duckdb::{Connection, params};

use super::{Workspace, facts, failed, texts::list_from_json};
use crate::{
    error::{Error, Result},
    model::{TextHash, Timestamp},
};

/// One run as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeRun {
    pub id: i64,
    pub created_at: Timestamp,
    pub model_id: String,
    pub resolution: f64,
    pub seed: u64,
    pub fingerprint: String,
    /// The data version that it saw.
    pub data_version: u64,
    pub texts: u64,
    pub unclustered: u64,
}

/// A run to be stored, with what it found.
#[derive(Clone, Debug)]
pub struct NewThemeRun {
    pub created_at: Timestamp,
    pub model_id: String,
    pub resolution: f64,
    pub seed: u64,
    pub fingerprint: String,
    pub data_version: u64,
    pub themes: Vec<NewTheme>,
    /// Text, the index of its theme in `themes` (`None`: unclustered), similarity to the theme's centre.
    pub members: Vec<(TextHash, Option<usize>, f32)>,
}

#[derive(Clone, Debug)]
pub struct NewTheme {
    pub name: String,
    pub keywords: Vec<String>,
    pub texts: u64,
    pub cohesion: f64,
    pub centroid: Vec<f32>,
    pub examples: Vec<TextHash>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredTheme {
    pub id: i64,
    pub name: String,
    pub keywords: Vec<String>,
    pub texts: u64,
    pub cohesion: f64,
    pub examples: Vec<TextHash>,
}

impl Workspace {
    /// Stores a run as the current one. Theme ids count from 1 in the order given.
    pub fn put_theme_run(&self, run: &NewThemeRun) -> Result<i64> {
        let what = "keep its themes";
        self.write(|connection| {
            let id = connection
                .query_row("select coalesce(max(id), 0) + 1 from theme_runs", [], |row| row.get::<_, i64>(0))
                .map_err(failed(what))?;
            // Only the newest run is read; history comes with theme identity.
            connection
                .execute_batch("delete from theme_members; delete from themes; delete from theme_runs;")
                .map_err(failed(what))?;
            let unclustered = run.members.iter().filter(|(_, theme, _)| theme.is_none()).count() as u64;
            connection
                .execute(
                    "insert into theme_runs values (?, make_timestamp(?::bigint), ?, ?, ?, ?, ?, ?, ?)",
                    params![
                        id,
                        run.created_at.micros(),
                        run.model_id,
                        run.resolution,
                        run.seed,
                        run.fingerprint,
                        run.data_version,
                        run.members.len() as u64,
                        unclustered,
                    ],
                )
                .map_err(failed(what))?;
            for (index, theme) in run.themes.iter().enumerate() {
                put_theme(connection, id, index as i64 + 1, theme)?;
            }
            let mut appender = connection.appender("theme_members").map_err(failed(what))?;
            for (hash, theme, similarity) in &run.members {
                let theme = theme.map(|index| index as i64 + 1);
                appender
                    .append_row(params![id, hash.to_string(), theme, f64::from(*similarity)])
                    .map_err(failed(what))?;
            }
            appender.flush().map_err(failed(what))?;
            drop(appender);
            facts::rebuild(connection)?;
            Ok(id)
        })
    }

    pub fn theme_run(&self) -> Result<Option<ThemeRun>> {
        let connection = self.reader()?;
        let mut statement = connection
            .prepare(
                "select id, epoch_us(created_at), model_id, resolution, seed, fingerprint, data_version, texts, unclustered
                 from theme_runs order by id desc limit 1",
            )
            .map_err(failed("read its themes"))?;
        let runs: Vec<ThemeRun> = statement
            .query_map([], |row| {
                Ok(ThemeRun {
                    id: row.get(0)?,
                    created_at: Timestamp::from_micros(row.get(1)?),
                    model_id: row.get(2)?,
                    resolution: row.get(3)?,
                    seed: row.get(4)?,
                    fingerprint: row.get(5)?,
                    data_version: row.get(6)?,
                    texts: row.get(7)?,
                    unclustered: row.get(8)?,
                })
            })
            .and_then(Iterator::collect)
            .map_err(failed("read its themes"))?;
        Ok(runs.into_iter().next())
    }

    /// The themes of the current run, by id.
    pub fn themes(&self) -> Result<Vec<StoredTheme>> {
        let connection = self.reader()?;
        let mut statement = connection
            .prepare(
                "select id, name, to_json(keywords)::varchar, texts, cohesion, to_json(examples)::varchar
                 from themes where run_id = (select max(id) from theme_runs) order by id",
            )
            .map_err(failed("read its themes"))?;
        statement
            .query_map([], |row| {
                Ok(StoredTheme {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    keywords: list_from_json(&row.get::<_, String>(2)?),
                    texts: row.get(3)?,
                    cohesion: row.get(4)?,
                    examples: list_from_json(&row.get::<_, String>(5)?)
                        .iter()
                        .filter_map(|hash| TextHash::parse(hash))
                        .collect(),
                })
            })
            .and_then(Iterator::collect)
            .map_err(failed("read its themes"))
    }

    /// Each text of the current run with its theme, nearest to the theme's centre first, ties by hash.
    pub fn theme_members(&self, theme: Option<i64>) -> Result<Vec<(TextHash, f64)>> {
        let connection = self.reader()?;
        let mut statement = connection
            .prepare(
                "select text_hash, similarity from theme_members
                 where run_id = (select max(id) from theme_runs) and theme_id is not distinct from ?
                 order by similarity desc, text_hash",
            )
            .map_err(failed("read its themes"))?;
        let rows: Vec<(String, f64)> = statement
            .query_map(params![theme], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .map_err(failed("read its themes"))?;
        rows.into_iter()
            .map(|(hash, similarity)| {
                TextHash::parse(&hash)
                    .map(|hash| (hash, similarity))
                    .ok_or_else(|| Error::workspace("the workspace holds a damaged text id"))
            })
            .collect()
    }
}

fn put_theme(connection: &Connection, run: i64, id: i64, theme: &NewTheme) -> Result<()> {
    let list = |values: &[String]| serde_json::Value::from(values.to_vec()).to_string();
    let examples: Vec<String> = theme.examples.iter().map(ToString::to_string).collect();
    let centroid = serde_json::json!(theme.centroid).to_string();
    connection
        .execute(
            "insert into themes select ?, ?, ?, from_json(?, '[\"VARCHAR\"]'), ?, ?, from_json(?, '[\"FLOAT\"]'),
                    from_json(?, '[\"VARCHAR\"]')",
            params![run, id, theme.name, list(&theme.keywords), theme.texts, theme.cohesion, centroid, list(&examples)],
        )
        .map(|_| ())
        .map_err(failed("keep its themes"))
}
