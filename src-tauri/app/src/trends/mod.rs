//! A measure over time, as numbers and as a picture.

pub mod compare;
pub(crate) mod time_span;

use std::collections::BTreeMap;

use super::{Workspace, lock};
use hearback_analysis::trend::{self, Apart, SeriesChoice, TrendSpec};
use hearback_domain::{
    Bucket, Counted, Dimension, Filter, Key, Measure, Polarity,
    error::{Error, Result},
    trend::{Series, SeriesKind, Trend},
};
use hearback_draw::{self as chart, ChartSpec, Picture, Size, Slot, Theme, slots};
use hearback_store::{Snapshot, Statement};
use time_span::TimeSpan;

#[derive(Clone, Debug, PartialEq)]
pub struct TrendQuery {
    pub filter: Filter,
    /// None, one or two dimensions.
    pub by: Vec<Dimension>,
    pub measure: Measure,
    /// `None`: by the length of the span.
    pub bucket: Option<Bucket>,
    pub series: SeriesChoice,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TrendAnswer {
    /// `None` where the selection is empty and has no span of its own.
    pub trend: Option<Trend>,
    /// Of each series.
    pub slots: Vec<Slot>,
    pub statement: Statement,
    pub bucket: Bucket,
}

#[derive(Clone, Debug)]
pub struct ChartRequest {
    pub query: TrendQuery,
    pub spec: ChartSpec,
    pub size: Size,
    pub theme: Theme,
}

#[derive(Clone, Debug)]
pub struct DrawnTrend {
    pub picture: Picture,
    pub answer: TrendAnswer,
}

impl Workspace {
    /// # Errors
    /// [`hearback_domain::error::Kind::Input`] for more than two dimensions, or more buckets than can be shown.
    pub fn trend(&self, query: &TrendQuery) -> Result<TrendAnswer> {
        let snapshot = &self.store.snapshot()?;
        if query.by.len() > 2 {
            return Err(Error::input("a trend can be split by two dimensions at most"));
        }
        let Some(TimeSpan { from, to, known, feedback, with_a_time }) = TimeSpan::of(snapshot, &query.filter)? else {
            let bucket = query.bucket.unwrap_or(Bucket::Week);
            let statement = snapshot.trend_rows(&query.filter, &query.by, bucket)?.statement;
            return Ok(TrendAnswer { trend: None, slots: Vec::new(), statement, bucket });
        };
        let bucket = query.bucket.unwrap_or_else(|| trend::bucket::pick(from, to));
        let counts = snapshot.trend_rows(&query.filter, &query.by, bucket)?;
        let names = query.by.iter().map(|&dimension| snapshot.names(dimension)).collect::<Result<Vec<_>>>()?;
        let label = |key: &[Option<String>]| {
            let parts = key.iter().zip(&query.by).zip(&names);
            let parts: Vec<String> =
                parts.map(|((value, &dimension), names)| dimension.label(value.as_deref(), names)).collect();
            parts.join(" · ")
        };
        // Where a feedback has several values of a dimension, sums by value count it more than once.
        let by_value: u64 = counts.rows.iter().map(|row| row.sums.n).sum();
        let apart = if by_value != with_a_time && query.by.iter().any(|dimension| dimension.is_list()) {
            let own = trend::own_keys(&counts.rows, &query.series, &label);
            let rest = query.filter.other_than(&query.by, &own);
            Some(Apart {
                other: snapshot.trend_rows(&rest, &[], bucket)?.rows,
                all: snapshot.trend_rows(&query.filter, &[], bucket)?.rows,
            })
        } else {
            None
        };
        // Feedback without a time is in no bucket. Where there is some, only a span leaves it out of the rows, too.
        let open = query.filter.from.is_none() && query.filter.to.is_none();
        let filter = if open && feedback != with_a_time {
            query.filter.within(trend::bucket::start(Bucket::Day, from), to)
        } else {
            query.filter.clone()
        };
        let trend = trend::assemble(
            &counts.rows,
            apart.as_ref(),
            &TrendSpec {
                measure: query.measure,
                bucket,
                from,
                to,
                filter,
                by: query.by.clone(),
                series: query.series.clone(),
                known: (query.filter.from.unwrap_or(known.0), query.filter.to.unwrap_or(known.1).min(known.1)),
            },
            &label,
        )?;
        let slots = match query.by.as_slice() {
            [Dimension::Polarity] => trend.series.iter().map(|series| polarity_slot(&series.key)).collect(),
            by => slots::assign(&self.ranks(snapshot, by, &trend.series)?),
        };
        Ok(TrendAnswer { trend: Some(trend), slots, statement: counts.statement, bucket })
    }

    /// The rank of each series among all values of the workspace; `None` for *Other*.
    fn ranks(&self, snapshot: &Snapshot<'_>, by: &[Dimension], series: &[Series]) -> Result<Vec<Option<u64>>> {
        if by.is_empty() {
            return Ok(vec![Some(0); series.len()]);
        }
        let version = snapshot.recall_version()?.facts;
        let mut ranks = lock(&self.ranks);
        if ranks.version != Some(version) {
            *ranks = Ranks { version: Some(version), known: BTreeMap::new() };
        }
        let keyed = |series: &Series| (by.to_vec(), series.key.clone());
        let missing: Vec<Key> = series
            .iter()
            .filter(|one| one.kind == SeriesKind::Value && !ranks.known.contains_key(&keyed(one)))
            .map(|one| one.key.clone())
            .collect();
        if !missing.is_empty() {
            // What nobody ever said (a filter can name it) comes after everything else.
            let found = snapshot.ranks(by, &missing)?.into_iter().map(|rank| rank.unwrap_or(u64::MAX));
            ranks.known.extend(missing.into_iter().map(|key| (by.to_vec(), key)).zip(found));
        }
        Ok(series
            .iter()
            .map(|one| match one.kind {
                SeriesKind::Value => ranks.known.get(&keyed(one)).copied(),
                SeriesKind::All => Some(0),
                SeriesKind::Other { .. } => None,
            })
            .collect())
    }

    /// # Errors
    /// As [`Workspace::trend`], and for a size that cannot be drawn.
    pub fn draw(&self, request: &ChartRequest) -> Result<DrawnTrend> {
        let answer = self.trend(&request.query)?;
        let spec = self.coloured(request, &answer);
        let empty = empty_trend(&request.query, answer.bucket);
        let picture = chart::draw_trend(answer.trend.as_ref().unwrap_or(&empty), &spec, request.size, &request.theme)?;
        Ok(DrawnTrend { picture, answer })
    }

    /// The same picture as a PNG file's bytes.
    pub fn draw_png(&self, request: &ChartRequest) -> Result<Vec<u8>> {
        let answer = self.trend(&request.query)?;
        let spec = self.coloured(request, &answer);
        let empty = empty_trend(&request.query, answer.bucket);
        chart::png(answer.trend.as_ref().unwrap_or(&empty), &spec, request.size, &request.theme)
    }

    fn coloured(&self, request: &ChartRequest, answer: &TrendAnswer) -> ChartSpec {
        ChartSpec { slots: answer.slots.clone(), ..request.spec.clone() }
    }
}

/// Ranks of values that were asked for, as of one version of the facts.
#[derive(Debug, Default)]
pub(crate) struct Ranks {
    version: Option<u64>,
    known: BTreeMap<(Vec<Dimension>, Key), u64>,
}

/// Polarity means the same colour everywhere: vermilion is bad, grey is neither, green is good, purple is not known yet.
fn polarity_slot(key: &[Option<String>]) -> Slot {
    match key.first().and_then(|word| Polarity::from_word(word.as_deref()?)) {
        Some(Polarity::Negative) => Slot::Series(5),
        Some(Polarity::Positive) => Slot::Series(2),
        Some(Polarity::Unknown) => Slot::Series(3),
        Some(Polarity::Neutral) | None => Slot::Other,
    }
}

fn empty_trend(query: &TrendQuery, bucket: Bucket) -> Trend {
    let nothing = hearback_domain::Timestamp::from_micros(0);
    Trend { measure: query.measure, bucket, from: nothing, to: nothing, series: Vec::new(), rows: Counted::default() }
}
