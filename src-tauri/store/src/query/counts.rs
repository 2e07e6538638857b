//! How many, how many of them negative, when, and split by what?

use std::collections::BTreeMap;

use super::super::{
    Snapshot,
    filter::{self, Clause, Column},
    read::{self, Row},
};
use hearback_domain::{
    Bucket, Dimension, Filter, Key, Timestamp,
    error::Result,
    rows::{Aggregate, TrendRow},
};

/// What was counted, and the statement that did, for whoever wants to check it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendCounts {
    /// By bucket, then key.
    pub rows: Vec<TrendRow>,
    pub statement: Statement,
}

/// SQL with its values written in, for any DuckDB client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement(pub String);

/// A whole selection.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    pub sums: Aggregate,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
}

/// How much a filter lets through, and since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    pub feedback: u64,
    pub with_a_time: u64,
    pub first: Option<Timestamp>,
    /// The first and the latest feedback of the whole workspace: what is known reaches from there until then.
    pub known: Option<(Timestamp, Timestamp)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterValue {
    pub value: Option<String>,
    pub label: String,
    pub n: u64,
}

/// Scores, which lie between 0 and 1, are summed as decimals of eight places: the sum is the same in whatever order they
/// come, and neither they nor their squares leave 64 bits.
pub(crate) const SUMS: &str = "count(*) as n,
       count(*) filter (where f.polarity = 'negative') as negative,
       count(*) filter (where f.polarity = 'positive') as positive,
       count(*) filter (where f.polarity = 'unknown') as unknown,
       count(f.score_normal) as scored,
       cast(coalesce(sum(cast(f.score_normal as decimal(9, 8))), 0) as double) as score_sum,
       cast(coalesce(sum(cast(f.score_normal as decimal(9, 8)) * cast(f.score_normal as decimal(9, 8))), 0) as double)
           as score_square_sum";

/// The columns of [`SUMS`].
pub(crate) fn sums(row: &Row<'_>) -> Result<Aggregate> {
    Ok(Aggregate {
        n: row.get("n")?,
        negative: row.get("negative")?,
        positive: row.get("positive")?,
        unknown: row.get("unknown")?,
        scored: row.get("scored")?,
        score_sum: row.get("score_sum")?,
        score_square_sum: row.get("score_square_sum")?,
    })
}

/// The first moment of the bucket that a feedback is in.
fn bucket_start(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Hour => "date_trunc('hour', f.created_at)",
        Bucket::Day => "date_trunc('day', f.created_at)",
        Bucket::Week => "date_trunc('week', f.created_at)",
        Bucket::Month => "date_trunc('month', f.created_at)",
    }
}

/// The columns of a statement by their place in it: `1, 2, 3`.
fn places(count: usize) -> String {
    (1..=count).map(|place| place.to_string()).collect::<Vec<_>>().join(", ")
}

/// A column for each part of a key.
fn key_columns(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("key{index}")).collect()
}

/// The span of a selection, as [`totals`] reads it.
pub(crate) const MOMENTS: &str =
    "epoch_us(min(f.created_at)) as first_moment, epoch_us(max(f.created_at)) as last_moment";

/// The columns of [`SUMS`] and [`MOMENTS`].
pub(crate) fn totals(row: &Row<'_>) -> Result<Totals> {
    Ok(Totals { sums: sums(row)?, first: row.moment_if_any("first_moment")?, last: row.moment_if_any("last_moment")? })
}

fn split(by: &[Dimension], condition: &str) -> (Vec<String>, String) {
    let columns: Vec<Column> = by.iter().map(|&dimension| filter::column(dimension)).collect();
    filter::split(&columns, "facts", 'f', condition)
}

impl Snapshot<'_> {
    /// Sums by bucket (UTC) and by the values of `by`. Feedback without a time is left out.
    pub fn trend_rows(&self, filter: &Filter, by: &[Dimension], bucket: Bucket) -> Result<TrendCounts> {
        let Clause { sql: condition, values } = filter::facts(filter);
        let (keys, selection) = split(by, &format!("f.created_at is not null\n  and {condition}"));
        let names: Vec<&str> = by.iter().map(|dimension| dimension.word()).collect();
        let selected: String =
            keys.iter().zip(&names).map(|(key, name)| format!("       {key} as {name},\n")).collect();
        let grouped = places(by.len() + 1);
        let ordered: String = (2..=by.len() + 1).map(|place| format!(", {place} nulls last")).collect();
        let sql = format!(
            "select {} as bucket,\n{selected}       {SUMS}\nfrom {selection}\ngroup by {grouped}\norder by 1{ordered}",
            bucket_start(bucket)
        );
        let read = |row: &Row<'_>| {
            let key = names.iter().map(|name| row.get(name)).collect::<Result<Key>>()?;
            Ok(TrendRow { start: row.moment("start_us")?, key, sums: sums(row)? })
        };
        let rows = read::all(
            self.connection(),
            "be counted",
            &format!("select c.*, epoch_us(cast(c.bucket as timestamp)) as start_us from ({sql}) c"),
            duckdb::params_from_iter(values.iter()),
            read,
        )?;
        Ok(TrendCounts { rows, statement: Statement(filter::inline(&sql, &values)) })
    }

    /// What the filter lets through, and the time of which the whole workspace tells, in one look at the facts.
    pub fn extent(&self, filter: &Filter) -> Result<Extent> {
        let Clause { sql: condition, values } = filter::facts(filter);
        let sql = format!(
            "select count(*) filter (where w.wanted) as feedback,
                    count(w.created_at) filter (where w.wanted) as with_a_time,
                    epoch_us(min(w.created_at) filter (where w.wanted)) as first_wanted,
                    epoch_us(min(w.created_at)) as first_moment, epoch_us(max(w.created_at)) as last_moment
             from (select f.created_at, {condition} as wanted from facts f) w"
        );
        read::one(self.connection(), "be counted", &sql, duckdb::params_from_iter(values.iter()), |row| {
            Ok(Extent {
                feedback: row.get("feedback")?,
                with_a_time: row.get("with_a_time")?,
                first: row.moment_if_any("first_wanted")?,
                known: row.moment_if_any("first_moment")?.zip(row.moment_if_any("last_moment")?),
            })
        })
    }

    /// The place of each of `keys` among all keys of the workspace, by when each was first said; of themes by their
    /// number. It depends on no filter, so that what follows from it (a colour) is the same at every opening.
    pub fn ranks(&self, by: &[Dimension], keys: &[Key]) -> Result<Vec<Option<u64>>> {
        let (expressions, selection) = split(by, "true");
        let columns = key_columns(by.len());
        let named: Vec<String> =
            expressions.iter().zip(&columns).map(|(key, column)| format!("{key} as {column}")).collect();
        let order: Vec<String> = by
            .iter()
            .zip(&columns)
            .filter(|(dimension, _)| **dimension == Dimension::Theme)
            .map(|(_, column)| format!("try_cast({column} as bigint) nulls last"))
            .chain(["first_moment nulls last".to_owned()])
            .chain(columns.iter().map(|column| format!("{column} nulls first")))
            .collect();
        let sql = format!(
            "select {columns}, row_number() over (order by {order}) - 1 as place
             from (select {named}, min(f.created_at) as first_moment from {selection} group by {grouped})",
            columns = columns.join(", "),
            order = order.join(", "),
            named = named.join(", "),
            grouped = places(by.len()),
        );
        let mut ranks = vec![None; keys.len()];
        read::each(self.connection(), "be counted", &sql, [], |row| {
            let key = columns.iter().map(|column| row.get(column)).collect::<Result<Key>>()?;
            if let Some(at) = keys.iter().position(|wanted| *wanted == key) {
                ranks[at] = Some(row.get("place")?);
            }
            Ok(())
        })?;
        Ok(ranks)
    }

    pub fn totals(&self, filter: &Filter) -> Result<Totals> {
        let Clause { sql, values } = filter::facts(filter);
        let sql = format!("select {SUMS}, {MOMENTS} from facts f where {sql}");
        read::one(self.connection(), "be counted", &sql, duckdb::params_from_iter(values.iter()), totals)
    }

    /// Sums by the values of one dimension, in the order of the values, `None` last.
    pub fn totals_by(&self, filter: &Filter, dimension: Dimension) -> Result<Vec<(Option<String>, Aggregate)>> {
        let Clause { sql: condition, values } = filter::facts(filter);
        let (keys, selection) = split(&[dimension], &condition);
        let sql =
            format!("select {} as key_value, {SUMS} from {selection} group by 1 order by 1 nulls last", keys.join(""));
        read::all(self.connection(), "be counted", &sql, duckdb::params_from_iter(values.iter()), |row| {
            Ok((row.get("key_value")?, sums(row)?))
        })
    }

    /// Turns of the selection (its span, and whatever of its conditions a turn knows), and how many of them have
    /// feedback of the selection.
    pub fn turn_coverage(&self, filter: &Filter) -> Result<(u64, u64)> {
        let turns = filter::turns(filter);
        let facts = filter::facts(filter);
        let sql = format!(
            "select count(*) as turns, count(w.turn_id) as with_feedback
             from turns t
             left join (select distinct f.turn_id from facts f where {}) w on w.turn_id = t.id
             where {}",
            facts.sql, turns.sql
        );
        let values = facts.values.iter().chain(&turns.values);
        read::one(self.connection(), "be counted", &sql, duckdb::params_from_iter(values), |row| {
            Ok((row.get("turns")?, row.get("with_feedback")?))
        })
    }

    /// Values of a dimension with how much of the selection has each, most frequent first. Conditions on the same
    /// dimension are left aside, so that the alternatives stay in sight. `search` must occur in the label.
    pub fn filter_values(
        &self,
        dimension: Dimension,
        filter: &Filter,
        search: &str,
        limit: u32,
    ) -> Result<Vec<FilterValue>> {
        let mut others = filter.clone();
        others.conditions.retain(|condition| condition.dimension != dimension);
        others.other_than.retain(|other| !other.dimensions.contains(&dimension));
        let names = self.names(dimension)?;
        let wanted = search.trim().to_lowercase();
        let mut found: Vec<FilterValue> = self
            .totals_by(&others, dimension)?
            .into_iter()
            .map(|(value, sums)| FilterValue { label: dimension.label(value.as_deref(), &names), value, n: sums.n })
            .filter(|value| wanted.is_empty() || value.label.to_lowercase().contains(&wanted))
            .collect();
        found.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.label.cmp(&b.label)));
        found.truncate(limit as usize);
        Ok(found)
    }

    /// Names of the values whose ids are no names: themes, sources, selections. Empty for every other dimension.
    pub fn names(&self, dimension: Dimension) -> Result<BTreeMap<String, String>> {
        let sql = match dimension {
            // Saved views and filters may name one that is gone.
            Dimension::Theme => {
                "select cast(id as varchar) as id, name from themes
                 union all
                 select cast(id as varchar) as id, name from theme_lines where id not in (select id from themes)"
            }
            Dimension::Source => "select cast(id as varchar) as id, name from sources",
            Dimension::Selection => "select cast(id as varchar) as id, name from selections",
            _ => return Ok(BTreeMap::new()),
        };
        let names = read::all(self.connection(), "list names", sql, [], |row| Ok((row.get("id")?, row.get("name")?)))?;
        Ok(names.into_iter().collect())
    }
}
