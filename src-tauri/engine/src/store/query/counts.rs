//! How many, how many of them negative, when, and split by what?

use std::collections::BTreeMap;

use duckdb::{Row, types::Value};

use super::super::{
    Snapshot, failed,
    filter::{self, Clause, Column},
};
use crate::{
    error::Result,
    model::{
        Bucket, Dimension, Filter, Key, Timestamp,
        rows::{Aggregate, TrendRow},
    },
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterValue {
    pub value: Option<String>,
    pub label: String,
    pub n: u64,
}

pub(in crate::store) const SUMS: &str = "count(*) as n,
       count(*) filter (f.polarity = 'negative') as negative,
       count(*) filter (f.polarity = 'positive') as positive,
       count(*) filter (where f.polarity = 'unknown') as unknown,
       count(f.score_normal) as scored,
       coalesce(sum(f.score_normal), 0) as score_sum,
       coalesce(sum(f.score_normal * f.score_normal), 0) as score_square_sum";

/// The seven columns of [`SUMS`], from column `at` on.
pub(in crate::store) fn sums(row: &Row<'_>, at: usize) -> duckdb::Result<Aggregate> {
    Ok(Aggregate {
        n: row.get(at)?,
        negative: row.get(at + 1)?,
        positive: row.get(at + 2)?,
        unknown: row.get(at + 3)?,
        scored: row.get(at + 4)?,
        score_sum: row.get(at + 5)?,
        score_square_sum: row.get(at + 6)?,
    })
}

/// Key, bucket start, sums.
type Group = (Key, Option<Timestamp>, Aggregate);

fn split(by: &[Dimension], condition: &str) -> (Vec<String>, String) {
    let columns: Vec<Column> = by.iter().map(|&dimension| filter::column(dimension)).collect();
    filter::split(&columns, "facts", 'f', condition)
}

impl Snapshot<'_> {
    /// Sums by bucket (UTC) and by the values of `by`. Feedback without a time is left out.
    pub fn trend_rows(&self, filter: &Filter, by: &[Dimension], bucket: Bucket) -> Result<TrendCounts> {
        let Clause { sql: condition, values } = filter::facts(filter);
        let (keys, selection) = split(by, &format!("f.created_at is not null\n  and {condition}"));
        let named: Vec<String> =
            keys.iter().zip(by).map(|(key, dimension)| format!("{key} as {}", dimension.word())).collect();
        let selected: String = named.iter().map(|key| format!("       {key},\n")).collect();
        let sql = format!(
            "select date_trunc('{bucket}', f.created_at) as bucket,\n{selected}       {SUMS}\nfrom {selection}\ngroup by all\norder by all"
        );
        let rows = self.grouped(
            &format!("select epoch_us(bucket::timestamp), * exclude (bucket) from ({sql})"),
            &values,
            by.len() + 1,
        )?;
        let rows = rows
            .into_iter()
            .filter_map(|(key, start, sums)| start.map(|start| TrendRow { start, key, sums }))
            .collect();
        Ok(TrendCounts { rows, statement: Statement(filter::inline(&sql, &values)) })
    }

    /// Rows of (bucket start, keys, sums).
    fn grouped(&self, sql: &str, values: &[Value], leading: usize) -> Result<Vec<Group>> {
        let connection = self.connection();
        let mut statement = connection.prepare(sql).map_err(failed("be counted"))?;
        statement
            .query_map(duckdb::params_from_iter(values.iter()), |row| {
                let start = row.get::<_, Option<i64>>(0)?.map(Timestamp::from_micros);
                let key = (1..leading).map(|index| row.get(index)).collect::<duckdb::Result<Vec<_>>>()?;
                Ok((key, start, sums(row, leading)?))
            })
            .and_then(Iterator::collect)
            .map_err(failed("be counted"))
    }

    /// The first and the latest feedback of the whole workspace: what is known reaches from there until then.
    pub fn moments(&self) -> Result<Option<(Timestamp, Timestamp)>> {
        self.connection()
            .query_row("select epoch_us(min(created_at)), epoch_us(max(created_at)) from facts", [], |row| {
                Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?))
            })
            .map(|ends| ends.map(|(first, last)| (Timestamp::from_micros(first), Timestamp::from_micros(last))))
            .map_err(failed("be counted"))
    }

    /// The place of each of `keys` among all keys of the workspace, by when each was first said; of themes by their
    /// number. It depends on no filter, so that what follows from it (a colour) is the same at every opening.
    pub fn ranks(&self, by: &[Dimension], keys: &[Key]) -> Result<Vec<Option<u64>>> {
        let what = "be counted";
        let (expressions, selection) = split(by, "true");
        let named: Vec<String> =
            expressions.iter().enumerate().map(|(index, key)| format!("{key} as key{index}")).collect();
        let columns: Vec<String> = (0..by.len()).map(|index| format!("key{index}")).collect();
        let order: Vec<String> = by
            .iter()
            .zip(&columns)
            .filter(|(dimension, _)| **dimension == Dimension::Theme)
            .map(|(_, column)| format!("try_cast({column} as bigint) nulls last"))
            .chain(["first nulls last".to_owned()])
            .chain(columns.iter().map(|column| format!("{column} nulls first")))
            .collect();
        let sql = format!(
            "select {columns}, row_number() over (order by {order}) - 1
             from (select {named}, min(f.created_at) as first from {selection} group by all)",
            columns = columns.join(", "),
            order = order.join(", "),
            named = named.join(", "),
        );
        let connection = self.connection();
        let mut statement = connection.prepare(&sql).map_err(failed(what))?;
        let mut ranks = vec![None; keys.len()];
        let mut rows = statement.query([]).map_err(failed(what))?;
        while let Some(row) = rows.next().map_err(failed(what))? {
            let key =
                (0..by.len()).map(|index| row.get(index)).collect::<duckdb::Result<Key>>().map_err(failed(what))?;
            if let Some(at) = keys.iter().position(|wanted| *wanted == key) {
                ranks[at] = Some(row.get(by.len()).map_err(failed(what))?);
            }
        }
        Ok(ranks)
    }

    pub fn totals(&self, filter: &Filter) -> Result<Totals> {
        let Clause { sql, values } = filter::facts(filter);
        let connection = self.connection();
        connection
            .query_row(
                &format!(
                    "select {SUMS}, epoch_us(min(f.created_at)), epoch_us(max(f.created_at)) from facts f where {sql}"
                ),
                duckdb::params_from_iter(values.iter()),
                |row| {
                    Ok(Totals {
                        sums: sums(row, 0)?,
                        first: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_micros),
                        last: row.get::<_, Option<i64>>(8)?.map(Timestamp::from_micros),
                    })
                },
            )
            .map_err(failed("be counted"))
    }

    /// Sums by the values of one dimension, in the order of the values, `None` last.
    pub fn totals_by(&self, filter: &Filter, dimension: Dimension) -> Result<Vec<(Option<String>, Aggregate)>> {
        let Clause { sql: condition, values } = filter::facts(filter);
        let (keys, selection) = split(&[dimension], &condition);
        let key = keys.join("");
        let sql = format!("select null::bigint, {key}, {SUMS} from {selection} group by 2 order by 2 nulls last");
        Ok(self
            .grouped(&sql, &values, 2)?
            .into_iter()
            .map(|(key, _, sums)| (key.into_iter().next().flatten(), sums))
            .collect())
    }

    /// Turns of the selection (its span, and whatever of its conditions a turn knows), and how many of them have
    /// feedback of the selection.
    pub fn turn_coverage(&self, filter: &Filter) -> Result<(u64, u64)> {
        let turns = filter::turns(filter);
        let facts = filter::facts(filter);
        let connection = self.connection();
        let sql = format!(
            "select count(*), count(*) filter (t.id in (select f.turn_id from facts f where {}))
             from turns t where {}",
            facts.sql, turns.sql
        );
        let values = facts.values.iter().chain(&turns.values);
        connection
            .query_row(&sql, duckdb::params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed("be counted"))
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
            .map(|(value, sums)| FilterValue { label: label(dimension, value.as_deref(), &names), value, n: sums.n })
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
                "select id::varchar, name from themes
                 union all select id::varchar, name from theme_lines where id not in (select id from themes)"
            }
            Dimension::Source => "select id::varchar, name from sources",
            Dimension::Selection => "select id::varchar, name from selections",
            _ => return Ok(BTreeMap::new()),
        };
        let connection = self.connection();
        let mut statement = connection.prepare(sql).map_err(failed("list names"))?;
        statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .map_err(failed("list names"))
    }
}

/// What a value is called; `names` are those of [`Workspace::names`].
pub fn label(dimension: Dimension, value: Option<&str>, names: &BTreeMap<String, String>) -> String {
    match (dimension.value_name(value), value) {
        (Some(name), _) => name.to_owned(),
        (None, value) => {
            let value = value.unwrap_or_default();
            names.get(value).map_or(value, String::as_str).to_owned()
        }
    }
}
