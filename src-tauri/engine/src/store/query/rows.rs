//! Which feedback is behind a number?

use std::collections::{BTreeMap, HashMap};

use duckdb::{Connection, Row, types::Value};

use super::super::{
    Snapshot, failed,
    filter::{self, Clause},
    texts::list_from_json,
};
use hearback_model::words;

use crate::{
    error::{Error, Result},
    model::{
        Author, FeedbackType, Filter, Polarity, Span, TextHash, Timestamp,
        record::{Metadata, SpanTarget},
        rows::FeedbackRow,
    },
};

words! {
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

words! {
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
        SortBy::Time => "coalesce(epoch_us(f.created_at), -9223372036854775808)::varchar",
        SortBy::Score => "coalesce(f.score_normal, -1)::varchar",
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

const COLUMNS: &str = "
    b.id, epoch_us(f.created_at), f.session_id, f.turn_id, f.feedback_type, f.author, f.polarity, b.score_name,
    b.score, f.score_normal, b.label, to_json(f.reasons)::varchar, b.comment, b.correction, b.confidence,
    b.span_target, b.span_start, b.span_end, b.span_quote, coalesce(b.query, t.query), f.model, f.model_version,
    f.prompt_version, f.release, f.environment, f.user_role, to_json(f.tags)::varchar, try_cast(f.theme_key as bigint),
    h.name, coalesce(s.name, '')";

const JOINS: &str = "
    join feedback b on b.id = f.feedback_id
    left join turns t on t.id = f.turn_id
    left join sources s on s.id = f.source_id
    left join themes h on h.id = try_cast(f.theme_key as bigint)";

fn feedback_row(row: &Row<'_>) -> duckdb::Result<FeedbackRow> {
    let word = |index: usize| row.get::<_, String>(index);
    let span = match (row.get::<_, Option<String>>(15)?, row.get(16)?, row.get(17)?) {
        (Some(target), Some(start), Some(end)) => Some(Span {
            target: if target == "query" { SpanTarget::Query } else { SpanTarget::Output },
            start,
            end,
            quote: row.get(18)?,
        }),
        _ => None,
    };
    Ok(FeedbackRow {
        id: row.get(0)?,
        created_at: row.get::<_, Option<i64>>(1)?.map(Timestamp::from_micros),
        session_id: row.get(2)?,
        turn_id: row.get(3)?,
        feedback_type: FeedbackType::from_word(&word(4)?).unwrap_or(FeedbackType::Comment),
        author: Author::from_word(&word(5)?).unwrap_or(Author::Human),
        polarity: Polarity::from_word(&word(6)?).unwrap_or(Polarity::Neutral),
        score_name: row.get(7)?,
        score: row.get(8)?,
        score_normal: row.get(9)?,
        label: row.get(10)?,
        reasons: list_from_json(&word(11)?),
        comment: row.get(12)?,
        correction: row.get(13)?,
        confidence: row.get(14)?,
        span,
        query: row.get(19)?,
        model: row.get(20)?,
        model_version: row.get(21)?,
        prompt_version: row.get(22)?,
        release: row.get(23)?,
        environment: row.get(24)?,
        user_role: row.get(25)?,
        tags: list_from_json(&word(26)?),
        theme_id: row.get(27)?,
        theme_name: row.get(28)?,
        source_name: row.get(29)?,
        metadata: Metadata::new(),
    })
}

impl Snapshot<'_> {
    /// A page of the selection. Pages are found by the last row's key, so a deep page costs what the first does.
    ///
    /// # Errors
    /// [`crate::error::Kind::Input`] for an `after` that no page gave.
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
        let total: u64 = connection
            .query_row(
                &format!("select count(*) from facts f where {condition}"),
                duckdb::params_from_iter(values.iter()),
                |row| row.get(0),
            )
            .map_err(failed(what))?;
        let (key, kind) = (sort_key(sort.by), sort_type(sort.by));
        let (direction, sign) = match sort.order {
            SortOrder::Ascending => ("asc", ">"),
            SortOrder::Descending => ("desc", "<"),
        };
        let mut continued = String::new();
        if let Some(cursor) = after {
            let (last_key, last_id): (String, String) = serde_json::from_str(cursor)
                .map_err(|error| Error::input(format!("{cursor:?} is no place in this list")).because(error))?;
            continued = format!(" and (({key})::{kind}, f.feedback_id) {sign} (?::{kind}, ?)");
            values.push(Value::Text(last_key));
            values.push(Value::Text(last_id));
        }
        values.push(Value::UBigInt(u64::from(limit) + 1));
        // The page is found on the narrow table first; only its rows meet the wide ones.
        let sql = format!(
            "with page as (
                 select ({key})::{kind} as sort_key, f.feedback_id as page_id from facts f
                 where {condition}{continued}
                 order by 1 {direction}, 2 {direction} limit ?
             )
             select {COLUMNS}, page.sort_key::varchar
             from page join facts f on f.feedback_id = page.page_id {JOINS}
             order by page.sort_key {direction}, page.page_id {direction}"
        );
        let mut statement = connection.prepare(&sql).map_err(failed(what))?;
        let mut found: Vec<(FeedbackRow, String)> = statement
            .query_map(duckdb::params_from_iter(values.iter()), |row| Ok((feedback_row(row)?, row.get(30)?)))
            .and_then(Iterator::collect)
            .map_err(failed(what))?;
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
        let marks = vec!["?"; ids.len()].join(", ");
        let mut rows = select(connection, &format!("f.feedback_id in ({marks})"), ids)?;
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
        let marks = vec!["?"; hashes.len()].join(", ");
        values.extend(hashes.iter().map(|hash| Value::Text(hash.to_string())));
        let connection = self.connection();
        let mut statement = connection
            .prepare(&format!(
                "select f.text_hash, count(*), arg_max(f.feedback_id, (coalesce(f.created_at, timestamp '0001-01-01'), f.feedback_id))
                 from facts f where {sql} and f.text_hash in ({marks}) group by 1 order by 1"
            ))
            .map_err(failed(what))?;
        let found: Vec<(String, u64, String)> = statement
            .query_map(duckdb::params_from_iter(values.iter()), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .and_then(Iterator::collect)
            .map_err(failed(what))?;
        let ids: Vec<String> = found.iter().map(|(_, _, id)| id.clone()).collect();
        let mut rows: HashMap<String, FeedbackRow> =
            self.feedback_by_id(&ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
        Ok(found
            .into_iter()
            .filter_map(|(hash, count, id)| Some((TextHash::parse(&hash)?, (count, rows.remove(&id)?))))
            .collect())
    }
}

/// Rows by a condition over `facts f`, in time order.
pub(super) fn select(connection: &Connection, condition: &str, values: &[String]) -> Result<Vec<FeedbackRow>> {
    let what = "list its feedback";
    let sql = format!(
        "select {COLUMNS} from facts f {JOINS} where {condition} order by f.created_at nulls first, f.feedback_id"
    );
    let mut statement = connection.prepare(&sql).map_err(failed(what))?;
    let mut rows: Vec<FeedbackRow> = statement
        .query_map(duckdb::params_from_iter(values.iter()), feedback_row)
        .and_then(Iterator::collect)
        .map_err(failed(what))?;
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
    let marks = vec!["?"; ids.len()].join(", ");
    let mut statement = connection
        .prepare(&format!(
            "select id, into_id from turns_apart where into_id in ({marks}) and id <> into_id order by id"
        ))
        .map_err(failed(what))?;
    statement
        .query_map(duckdb::params_from_iter(ids), |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .map_err(failed(what))
}

fn metadata_as_said(connection: &Connection, owner: &str, ids: &[String]) -> Result<HashMap<String, Metadata>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let what = "read metadata";
    let marks = vec!["?"; ids.len()].join(", ");
    // What comes later overrides.
    let mut statement = connection
        .prepare(&format!(
            "select owner_id, key, value from metadata where owner = ? and owner_id in ({marks})
             order by coalesce(full_record, true),
                      case when coalesce(full_record, true) then source_id else -source_id end"
        ))
        .map_err(failed(what))?;
    let values = std::iter::once(owner).chain(ids.iter().map(String::as_str));
    let found: Vec<(String, String, String)> = statement
        .query_map(duckdb::params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(failed(what))?;
    let mut by_id: HashMap<String, Metadata> = HashMap::new();
    for (id, key, value) in found {
        by_id.entry(id).or_default().insert(key, value);
    }
    Ok(by_id)
}
