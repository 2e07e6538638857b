//! Which feedback is behind a number?

use std::collections::{BTreeMap, HashMap};

use duckdb::{Connection, types::Value};

use super::super::{
    Snapshot,
    filter::{self, Clause},
    read::{self, Row, marks},
    tables::{Column, feedback::span_target, value::Value as _},
};
use hearback_domain::string_enum;

use hearback_domain::{
    Author, FeedbackType, Filter, Polarity, Span, TextHash,
    error::{Error, Result},
    record::{Metadata, kind},
    rows::FeedbackRow,
};

string_enum! {
    SortBy {
        Time = "time",
        Score = "score",
        Polarity = "polarity",
        FeedbackType = "feedback_type",
        ModelVersion = "model_version",
        Environment = "environment",
        UserRole = "user_role",
        Theme = "theme",
    }
}

string_enum! {
    SortOrder {
        Ascending = "ascending",
        Descending = "descending",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedbackSort {
    pub by: SortBy,
    pub order: SortOrder,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FeedbackPage {
    pub rows: Vec<FeedbackRow>,
    /// Continues after the last row, whatever is imported in between.
    pub next: Option<String>,
    pub total: u64,
}

/// What is sorted by, never null: a missing value sorts before all others.
fn sort_key(by: SortBy) -> &'static str {
    match by {
        SortBy::Time => "coalesce(epoch_us(f.created_at), -9223372036854775807)",
        SortBy::Score => "coalesce(f.score_normal, -1)",
        SortBy::Polarity => "case f.polarity when 'negative' then '0' when 'neutral' then '1' else '2' end",
        SortBy::FeedbackType => "f.feedback_type",
        SortBy::ModelVersion => "coalesce(f.model_version, '')",
        SortBy::Environment => "coalesce(f.environment, '')",
        SortBy::UserRole => "coalesce(f.user_role, '')",
        SortBy::Theme => "coalesce(f.theme_key, '')",
    }
}

/// The type that the key is compared in.
fn sort_type(by: SortBy) -> &'static str {
    match by {
        SortBy::Time => "bigint",
        SortBy::Score => "double",
        _ => "varchar",
    }
}

const JOINS: &str = "
    join feedback b on b.id = f.feedback_id
    left join turns t on t.id = f.turn_id
    left join sources s on s.id = f.source_id
    left join themes h on h.id = try_cast(f.theme_key as bigint)";

/// Which of [`JOINS`] has a field of the turn.
macro_rules! table_with {
    (rows) => {
        "t"
    };
    (facts) => {
        "f"
    };
}

macro_rules! feedback_row {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        /// What a row of the table of feedback shows, by the names that [`feedback_row`] reads.
        fn columns() -> String {
            let of_the_turn =
                [$(Column::of::<kind::$kind>(stringify!($name)).selected(table_with!($shown))),*].join(", ");
            format!(
                "b.id, epoch_us(f.created_at) as created_at, f.session_id, f.turn_id, f.feedback_type, f.author, f.polarity,
                 b.score_name, b.score, f.score_normal, b.label, cast(to_json(f.reasons) as varchar) as reasons, b.comment,
                 b.correction, b.confidence, b.span_target, b.span_start, b.span_end, b.span_quote,
                 coalesce(b.query, t.query) as query, {of_the_turn}, try_cast(f.theme_key as bigint) as theme_id,
                 h.name as theme_name, coalesce(s.name, '') as source_name"
            )
        }

        fn feedback_row(row: &Row<'_>) -> Result<FeedbackRow> {
            Ok(FeedbackRow {
                id: row.get("id")?,
                created_at: row.moment_if_any("created_at")?,
                session_id: row.get("session_id")?,
                turn_id: row.get("turn_id")?,
                feedback_type: row.word("feedback_type", "feedback type", FeedbackType::from_word)?,
                author: row.word("author", "author", Author::from_word)?,
                polarity: row.word("polarity", "polarity", Polarity::from_word)?,
                score_name: row.get("score_name")?,
                score: row.get("score")?,
                score_normal: row.get("score_normal")?,
                label: row.get("label")?,
                reasons: row.json("reasons")?,
                comment: row.get("comment")?,
                correction: row.get("correction")?,
                confidence: row.get("confidence")?,
                span: span(row)?,
                query: row.get("query")?,
                $($name: <kind::$kind>::read(row, stringify!($name))?,)*
                theme_id: row.get("theme_id")?,
                theme_name: row.get("theme_name")?,
                source_name: row.get("source_name")?,
                metadata: Metadata::new(),
            })
        }
    };
}
hearback_domain::turn_fields!(rows => feedback_row);

fn span(row: &Row<'_>) -> Result<Option<Span>> {
    let target = row.word_if_any("span_target", "target of a span", span_target)?;
    Ok(match (target, row.get("span_start")?, row.get("span_end")?) {
        (Some(target), Some(start), Some(end)) => Some(Span { target, start, end, quote: row.get("span_quote")? }),
        _ => None,
    })
}

impl Snapshot<'_> {
    /// A page of the selection. Pages are found by the last row's key, so a deep page costs what the first does.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Input`] for an `after` that no page gave.
    pub fn feedback_page(
        &self,
        filter: &Filter,
        sort: FeedbackSort,
        after: Option<&str>,
        limit: u32,
    ) -> Result<FeedbackPage> {
        let what = "list its feedback";
        let connection = self.connection();
        let Clause { sql: condition, mut values } = filter::facts(filter);
        let total: u64 = read::scalar(
            connection,
            what,
            &format!("select count(*) from facts f where {condition}"),
            duckdb::params_from_iter(values.iter()),
        )?;
        let (key, kind) = (sort_key(sort.by), sort_type(sort.by));
        let (direction, sign) = match sort.order {
            SortOrder::Ascending => ("asc", ">"),
            SortOrder::Descending => ("desc", "<"),
        };
        let mut continued = String::new();
        if let Some(cursor) = after {
            let (last_key, last_id): (String, String) = serde_json::from_str(cursor)
                .map_err(|error| Error::input(format!("{cursor:?} is no place in this list")).because(error))?;
            continued = format!(
                " and ({key} {sign} cast(? as {kind}) or ({key} = cast(? as {kind}) and f.feedback_id {sign} ?))"
            );
            values.extend([last_key.clone(), last_key, last_id].map(Value::Text));
        }
        values.push(Value::UBigInt(u64::from(limit) + 1));
        // The page is found on the narrow table first; only its rows meet the wide ones.
        let columns = columns();
        let sql = format!(
            "with page as (
                 select {key} as sort_key, f.feedback_id as page_id from facts f
                 where {condition}{continued}
                 order by 1 {direction}, 2 {direction} limit ?
             )
             select {columns}, cast(page.sort_key as varchar) as sort_key
             from page join facts f on f.feedback_id = page.page_id {JOINS}
             order by page.sort_key {direction}, page.page_id {direction}"
        );
        let mut found: Vec<(FeedbackRow, String)> =
            read::all(connection, what, &sql, duckdb::params_from_iter(values.iter()), |row| {
                Ok((feedback_row(row)?, row.get("sort_key")?))
            })?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|(row, key)| serde_json::json!([key, row.id]).to_string());
        let mut rows: Vec<FeedbackRow> = found.into_iter().map(|(row, _)| row).collect();
        add_metadata(connection, &mut rows)?;
        Ok(FeedbackPage { rows, next, total })
    }

    /// Rows by id, in the order asked for; ids that do not exist are left out.
    pub fn feedback_by_id(&self, ids: &[String]) -> Result<Vec<FeedbackRow>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let connection = self.connection();
        let mut rows = select(connection, &format!("f.feedback_id in ({})", marks(ids.len())), ids)?;
        let place: HashMap<&str, usize> = ids.iter().enumerate().map(|(index, id)| (id.as_str(), index)).collect();
        rows.sort_by_key(|row| place.get(row.id.as_str()).copied());
        Ok(rows)
    }

    /// Hands every row of the selection to `each`, in time order, without holding them all.
    pub fn each_feedback(&self, filter: &Filter, mut each: impl FnMut(FeedbackRow) -> Result<()>) -> Result<()> {
        const PAGE: u32 = 2000;
        let sort = FeedbackSort { by: SortBy::Time, order: SortOrder::Ascending };
        let mut after = None;
        loop {
            let page = self.feedback_page(filter, sort, after.as_deref(), PAGE)?;
            for row in page.rows {
                each(row)?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// For each text: how many feedbacks of the selection say it, and the latest of them.
    pub fn latest_by_text(
        &self,
        filter: &Filter,
        hashes: &[TextHash],
    ) -> Result<BTreeMap<TextHash, (u64, FeedbackRow)>> {
        if hashes.is_empty() {
            return Ok(BTreeMap::new());
        }
        let what = "find what says a text";
        let Clause { sql, mut values } = filter::facts(filter);
        let marks = marks(hashes.len());
        values.extend(hashes.iter().map(|hash| Value::Text(hash.to_string())));
        let sql = format!(
            "select f.text_hash, count(*) as n,
                    max_by(f.feedback_id, (coalesce(f.created_at, timestamp '0001-01-01'), f.feedback_id)) as latest
             from facts f where {sql} and f.text_hash in ({marks}) group by 1 order by 1"
        );
        let found: Vec<(TextHash, u64, String)> =
            read::all(self.connection(), what, &sql, duckdb::params_from_iter(values.iter()), |row| {
                Ok((row.hash("text_hash")?, row.get("n")?, row.get("latest")?))
            })?;
        let ids: Vec<String> = found.iter().map(|(_, _, id)| id.clone()).collect();
        let mut rows: HashMap<String, FeedbackRow> =
            self.feedback_by_id(&ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
        Ok(found.into_iter().filter_map(|(hash, count, id)| Some((hash, (count, rows.remove(&id)?)))).collect())
    }
}

/// Rows by a condition over `facts f`, in time order.
pub(super) fn select(connection: &Connection, condition: &str, values: &[String]) -> Result<Vec<FeedbackRow>> {
    let what = "list its feedback";
    let columns = columns();
    let sql = format!(
        "select {columns} from facts f {JOINS} where {condition} order by f.created_at nulls first, f.feedback_id"
    );
    let mut rows: Vec<FeedbackRow> =
        read::all(connection, what, &sql, duckdb::params_from_iter(values.iter()), feedback_row)?;
    add_metadata(connection, &mut rows)?;
    Ok(rows)
}

fn add_metadata(connection: &Connection, rows: &mut [FeedbackRow]) -> Result<()> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut by_id = metadata(connection, "feedback", &ids)?;
    for row in rows {
        row.metadata = by_id.remove(&row.id).unwrap_or_default();
    }
    Ok(())
}

/// Metadata of sessions, turns or feedback, by id. Of what several sources say the last counts, then the first that
/// only fills gaps; then what is said of a turn by its aliases, in their order.
pub(super) fn metadata(connection: &Connection, owner: &str, ids: &[String]) -> Result<HashMap<String, Metadata>> {
    let united = if owner == "turn" { said_by_aliases(connection, ids)? } else { Vec::new() };
    let all: Vec<String> = ids.iter().chain(united.iter().map(|(alias, _)| alias)).cloned().collect();
    let mut by_id = metadata_as_said(connection, owner, &all)?;
    for (alias, turn) in united {
        let said = by_id.remove(&alias).unwrap_or_default();
        let whole = by_id.entry(turn).or_default();
        for (key, value) in said {
            whole.entry(key).or_insert(value);
        }
    }
    Ok(by_id)
}

/// The ids by which something is said of these turns, beside their own, and the turn of each.
fn said_by_aliases(connection: &Connection, ids: &[String]) -> Result<Vec<(String, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let what = "find what its turns are made of";
    let sql = format!(
        "select id, into_id from turns_apart where into_id in ({}) and id <> into_id order by id",
        marks(ids.len())
    );
    read::all(connection, what, &sql, duckdb::params_from_iter(ids), |row| Ok((row.get("id")?, row.get("into_id")?)))
}

fn metadata_as_said(connection: &Connection, owner: &str, ids: &[String]) -> Result<HashMap<String, Metadata>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let what = "read metadata";
    // What comes later overrides.
    let sql = format!(
        "select owner_id, key, value from metadata where owner = ? and owner_id in ({})
         order by coalesce(full_record, true),
                  case when coalesce(full_record, true) then source_id else -source_id end",
        marks(ids.len())
    );
    let values = std::iter::once(owner).chain(ids.iter().map(String::as_str));
    let found: Vec<(String, String, String)> =
        read::all(connection, what, &sql, duckdb::params_from_iter(values), |row| {
            Ok((row.get("owner_id")?, row.get("key")?, row.get("value")?))
        })?;
    let mut by_id: HashMap<String, Metadata> = HashMap::new();
    for (id, key, value) in found {
        by_id.entry(id).or_default().insert(key, value);
    }
    Ok(by_id)
}
