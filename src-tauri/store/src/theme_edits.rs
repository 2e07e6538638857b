//! What did the user change about the themes, and what became of each from run to run?

use std::collections::BTreeMap;

use duckdb::{Connection, params};

use super::{
    Snapshot, Store, facts, failed,
    read::{self, Row, from_json},
    set_property,
    theme_rows::{NEXT_ID, ids_json, next_theme_id as next_free_id},
    themes::{Shown, ThemeRun, put_shown},
};
use hearback_domain::{
    Subject, TextHash, Timestamp,
    error::{Error, Result},
    theme::{Change, Edit, Event, Part},
};

/// An edit with the moment it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEdit {
    pub at: Timestamp,
    pub edit: Edit,
}

/// What became of a theme in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    pub theme: i64,
    /// The run, and when it was; the store's for one that is being kept.
    pub run: i64,
    pub at: Timestamp,
    /// The same run, cut otherwise.
    pub recut: bool,
    pub event: Event,
    pub others: Vec<i64>,
    pub size: u64,
    pub size_before: u64,
    pub alike: f64,
}

/// What is remembered of a theme.
const MOST_ENTRIES: u32 = 20;

impl Snapshot<'_> {
    /// The edits of a subject's themes, in the order in which they were made.
    pub fn theme_edits(&self, subject: Subject) -> Result<Vec<StoredEdit>> {
        let (connection, what) = (self.connection(), "read the edits of its themes");
        let sql = "select edit_id, part, text_hash from theme_edit_texts order by 1, 2 nulls first, 3";
        let mut texts: BTreeMap<i64, BTreeMap<Option<i64>, Vec<TextHash>>> = BTreeMap::new();
        read::each(connection, what, sql, [], |row| {
            let of = texts.entry(row.get("edit_id")?).or_default();
            of.entry(row.get("part")?).or_default().push(row.hash("text_hash")?);
            Ok(())
        })?;
        let sql = "select id, epoch_us(made_at) as made_at, kind, theme_id, cast(to_json(others) as varchar) as others,
                          value
                   from theme_edits where subject = ? order by id";
        let rows: Vec<EditRow> = read::all(connection, what, sql, [subject.word()], edit_row)?;
        rows.into_iter()
            .map(|row| {
                let id = row.id;
                let at = row.at;
                let change = row.change(texts.remove(&id).unwrap_or_default()).ok_or_else(|| {
                    Error::workspace(format!("the workspace holds an edit of a theme in an unexpected form ({id})"))
                })?;
                Ok(StoredEdit { at, edit: Edit { id, change } })
            })
            .collect()
    }

    /// What became of the themes of a subject, or of one, the latest first.
    pub fn theme_history(&self, subject: Subject, theme: Option<i64>) -> Result<Vec<HistoryEntry>> {
        let sql = "select theme_id, run_id, epoch_us(made_at) as made_at, recut, event,
                          cast(to_json(others) as varchar) as others, size, size_before, alike
                   from theme_history where subject = ? and (cast(? as bigint) is null or theme_id = ?)
                   order by run_id desc, theme_id";
        let values = params![subject.word(), theme, theme];
        read::all(self.connection(), "read the history of its themes", sql, values, |row| {
            Ok(HistoryEntry {
                theme: row.get("theme_id")?,
                run: row.get("run_id")?,
                at: row.moment("made_at")?,
                recut: row.get("recut")?,
                event: row.word("event", "event of a theme", Event::from_word)?,
                others: row.json("others")?,
                size: row.get("size")?,
                size_before: row.get("size_before")?,
                alike: row.get("alike")?,
            })
        })
    }
}

impl Store {
    /// Keeps an edit with what is shown because of it. Gives its id.
    pub fn add_theme_edit(
        &self,
        run: &ThemeRun,
        change: &Change,
        at: Timestamp,
        shown: &Shown,
        next_theme_id: i64,
    ) -> Result<i64> {
        let what = "keep the edit";
        self.write(|connection| {
            let id = next_edit_id(connection)?;
            set_property(connection, LAST_EDIT, &id.to_string())?;
            let names = change.themes();
            let (others, value) = match change {
                Change::Merge { from, .. } => (from.clone(), String::new()),
                Change::Split { parts, .. } => {
                    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
                    (parts.iter().map(|part| part.id).collect(), serde_json::json!(names).to_string())
                }
                Change::Move { .. } => (Vec::new(), String::new()),
                Change::Rename { name, .. } => (Vec::new(), name.clone()),
                Change::Pin { pinned, .. } => (Vec::new(), pinned.to_string()),
                Change::Note { note, .. } => (Vec::new(), note.clone()),
            };
            connection
                .execute(
                    "insert into theme_edits (id, made_at, subject, kind, theme_id, others, value)
                     select ?, make_timestamp(cast(? as bigint)), ?, ?, ?, from_json(?, '[\"BIGINT\"]'), ?",
                    params![
                        id,
                        at.micros(),
                        run.subject.word(),
                        change.word(),
                        names.first(),
                        ids_json(&others),
                        value
                    ],
                )
                .map_err(failed(what))?;
            let texts: Vec<(Option<i64>, &TextHash)> = match change {
                Change::Merge { texts, .. } | Change::Move { texts, .. } => {
                    texts.iter().map(|hash| (None, hash)).collect()
                }
                Change::Split { parts, rest, .. } => {
                    let parts = parts.iter().flat_map(|part| part.texts.iter().map(|hash| (Some(part.id), hash)));
                    parts.chain(rest.iter().map(|hash| (None, hash))).collect()
                }
                _ => Vec::new(),
            };
            let mut appender = connection.appender("theme_edit_texts").map_err(failed(what))?;
            for (part, hash) in texts {
                appender.append_row(params![id, part, hash.to_string()]).map_err(failed(what))?;
            }
            appender.flush().map_err(failed(what))?;
            drop(appender);
            let next = next_theme_id.max(next_free_id(connection)?);
            set_property(connection, NEXT_ID, &next.to_string())?;
            put_shown(connection, run.id, shown)?;
            facts::set_themes(connection)?;
            Ok(id)
        })
    }

    /// Takes an edit back, with what is shown without it.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where there is no such edit.
    pub fn remove_theme_edit(&self, run: &ThemeRun, id: i64, shown: &Shown) -> Result<()> {
        let what = "take the edit back";
        self.write(|connection| {
            if connection.execute("delete from theme_edits where id = ?", [id]).map_err(failed(what))? == 0 {
                return Err(Error::not_found(format!("there is no edit {id} of a theme")));
            }
            connection.execute("delete from theme_edit_texts where edit_id = ?", [id]).map_err(failed(what))?;
            put_shown(connection, run.id, shown)?;
            facts::set_themes(connection)
        })
    }
}

/// Ids of edits are given once, so that one that was taken back is not taken for another.
const LAST_EDIT: &str = "last_theme_edit";

fn next_edit_id(connection: &Connection) -> Result<i64> {
    let last: i64 = super::property(connection, LAST_EDIT)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(last + 1)
}

struct EditRow {
    id: i64,
    at: Timestamp,
    kind: String,
    theme: Option<i64>,
    others: Vec<i64>,
    value: String,
}

fn edit_row(row: &Row<'_>) -> Result<EditRow> {
    Ok(EditRow {
        id: row.get("id")?,
        at: row.moment("made_at")?,
        kind: row.get("kind")?,
        theme: row.get("theme_id")?,
        others: row.json("others")?,
        value: row.get("value")?,
    })
}

impl EditRow {
    fn change(self, mut texts: BTreeMap<Option<i64>, Vec<TextHash>>) -> Option<Change> {
        let rest = texts.remove(&None).unwrap_or_default();
        Some(match (self.kind.as_str(), self.theme) {
            ("merge", Some(into)) => Change::Merge { into, from: self.others, texts: rest },
            ("split", Some(theme)) => {
                let names: Vec<String> = from_json(&self.value).ok()?;
                let names = names.into_iter().chain(std::iter::repeat(String::new()));
                let part = |(id, name)| Part { id, name, texts: texts.remove(&Some(id)).unwrap_or_default() };
                Change::Split { theme, parts: self.others.into_iter().zip(names).map(part).collect(), rest }
            }
            ("move", to) => Change::Move { texts: rest, to },
            ("rename", Some(theme)) => Change::Rename { theme, name: self.value },
            ("pin", Some(theme)) => Change::Pin { theme, pinned: self.value.parse().ok()? },
            ("note", Some(theme)) => Change::Note { theme, note: self.value },
            _ => return None,
        })
    }
}

/// Adds what a run made of the themes. Of several cuts of the same run only the last is history: whoever moves a
/// control to and fro makes none.
pub(super) fn put_history(
    connection: &Connection,
    subject: Subject,
    run: i64,
    at: Timestamp,
    recut: bool,
    entries: &[HistoryEntry],
) -> Result<()> {
    let what = "keep the history of its themes";
    if recut {
        connection
            .execute(
                "delete from theme_history where subject = ? and recut and run_id >
                     coalesce((select max(run_id) from theme_history where subject = ? and not recut), 0)",
                [subject.word(), subject.word()],
            )
            .map_err(failed(what))?;
    }
    for entry in entries {
        connection
            .execute(
                "insert into theme_history (theme_id, subject, run_id, made_at, recut, event, others, size, size_before, alike)
                 select ?, ?, ?, make_timestamp(cast(? as bigint)), ?, ?, from_json(?, '[\"BIGINT\"]'), ?, ?, ?",
                params![
                    entry.theme,
                    subject.word(),
                    run,
                    at.micros(),
                    recut,
                    entry.event.word(),
                    ids_json(&entry.others),
                    entry.size,
                    entry.size_before,
                    entry.alike,
                ],
            )
            .map_err(failed(what))?;
    }
    connection
        .execute_batch(&format!(
            "delete from theme_history where exists (
                 select 1 from (
                     select theme_id, run_id, row_number() over (partition by theme_id order by run_id desc) as place
                     from theme_history) o
                 where o.place > {MOST_ENTRIES}
                   and o.theme_id = theme_history.theme_id and o.run_id = theme_history.run_id)"
        ))
        .map_err(failed(what))
}
