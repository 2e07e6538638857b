//! Numbers over time, headlines, movers.

use crate::{Bucket, Dimension, Filter, Measure, tagged, wire, words};
use hearback_engine::{
    chart::Slot,
    error::{Error, Result},
    model::{self, rows, trend as engine},
    pipeline,
    trend::{self, SeriesChoice},
};

words! {
    pub enum SeriesKind {
        /// One value (or pair of values) of what was split by.
        Value,
        /// Everything that has no series of its own.
        Other,
        /// Not split.
        All,
    }
    /// Whether a change is for the worse. Volume and mix are neither.
    pub enum Direction { Worse, Better, Unclear, Neither }
}

wire! {
    pub struct TrendQuery {
        pub filter: Filter,
        /// None, one or two dimensions.
        pub by: Vec<Dimension>,
        pub measure: Measure,
        /// `null`: chosen by the length of the span.
        pub bucket: Option<Bucket>,
        /// At most this many series beside *Other*; 0 means 5.
        pub max_series: u32,
        /// The keys that get a series of their own, where the user chose them.
        pub chosen: Option<Vec<Vec<Option<String>>>>,
    }

    pub struct Aggregate {
        pub n: u64,
        pub negative: u64,
        pub positive: u64,
        pub scored: u64,
        /// Mean score on 0..1.
        pub mean_score: Option<f64>,
    }

    /// The measure of one bucket or of a whole series: shares as 0..1.
    pub struct Value {
        pub sums: Aggregate,
        /// `null` where there is nothing to measure.
        pub value: Option<f64>,
        /// 95 % interval.
        pub low: Option<f64>,
        pub high: Option<f64>,
        /// Too few to read much into it.
        pub small: bool,
    }

    pub struct TrendPoint {
        pub start: String,
        /// End, excluded.
        pub end: String,
        pub value: Value,
        /// The data end within this bucket.
        pub unfinished: bool,
    }

    pub struct TrendSeries {
        pub key: Vec<Option<String>>,
        pub label: String,
        pub kind: SeriesKind,
        /// Colour slot 0..5, or `null` for grey; the same value keeps its slot while the workspace is open.
        pub slot: Option<u32>,
        pub total: Value,
        pub points: Vec<TrendPoint>,
    }

    pub struct Trend {
        pub by: Vec<Dimension>,
        pub measure: Measure,
        pub bucket: Bucket,
        pub from: Option<String>,
        pub to: Option<String>,
        /// The number of feedbacks behind it.
        pub n: u64,
        pub series: Vec<TrendSeries>,
        /// The query that counted, with its values filled in, for any DuckDB client.
        pub sql: String,
    }

    pub struct Headline {
        pub current: Value,
        pub previous: Value,
        /// `current - previous`: points for shares, relative for volume.
        pub change: Option<f64>,
        /// 95 % interval of the change.
        pub low: Option<f64>,
        pub high: Option<f64>,
        pub direction: Direction,
    }

    pub struct Mover {
        pub dimension: Dimension,
        pub value: Option<String>,
        pub label: String,
        /// Its complaints: its negative feedback / all feedback of the selection, after and before.
        pub current: Value,
        pub previous: Value,
        /// `current - previous`, with its 95 % interval; `null` where a side has no feedback at all.
        pub change: Option<f64>,
        pub low: Option<f64>,
        pub high: Option<f64>,
        /// The interval excludes zero after correcting for the number of comparisons (Benjamini-Hochberg, 5 %).
        pub significant: bool,
        pub direction: Direction,
    }

    pub struct Overview {
        pub comparison: Comparison,
        /// The two selections, as filters that open their rows.
        pub current: Filter,
        pub previous: Filter,
        pub volume: Headline,
        pub negative_share: Headline,
        pub mean_score: Headline,
        /// Turns with at least one feedback, as a share of all turns of the selection.
        pub turns_with_feedback: Headline,
        /// Themes by how much their complaint rate changed: clear changes first, biggest first.
        pub movers: Vec<Mover>,
    }
}

tagged! {
    /// What two selections are compared.
    #[serde(tag = "kind")]
    pub enum Comparison {
        /// The filter's span (or the last four weeks of data) against the time of the same length before it.
        PreviousPeriod,
        ModelVersion { current: String, previous: String },
    }
}

impl TryFrom<&TrendQuery> for pipeline::TrendQuery {
    type Error = Error;

    fn try_from(query: &TrendQuery) -> Result<Self> {
        let max = if query.max_series == 0 { SeriesChoice::default().max } else { query.max_series as usize };
        Ok(Self {
            filter: (&query.filter).try_into()?,
            by: query.by.iter().map(|&dimension| dimension.into()).collect(),
            measure: query.measure.into(),
            bucket: query.bucket.map(model::Bucket::from),
            series: SeriesChoice { max, chosen: query.chosen.clone() },
        })
    }
}

impl From<&rows::Aggregate> for Aggregate {
    fn from(sums: &rows::Aggregate) -> Self {
        Self {
            n: sums.n,
            negative: sums.negative,
            positive: sums.positive,
            scored: sums.scored,
            mean_score: trend::value(model::Measure::MeanScore, sums),
        }
    }
}

impl Value {
    pub(crate) fn new(
        sums: &rows::Aggregate,
        value: Option<f64>,
        interval: Option<engine::Interval>,
        small: bool,
    ) -> Self {
        Self { sums: sums.into(), value, low: interval.map(|ends| ends.0), high: interval.map(|ends| ends.1), small }
    }

    pub(crate) fn of(measure: model::Measure, sums: &rows::Aggregate) -> Self {
        Self::new(
            sums,
            trend::value(measure, sums),
            trend::value_interval(measure, sums),
            trend::is_small(measure, sums),
        )
    }

    /// `hits` of `n`, both of which may count something else than feedback.
    pub(crate) fn share(hits: u64, n: u64) -> Self {
        let sums = rows::Aggregate { n, negative: hits, ..rows::Aggregate::default() };
        Self::of(model::Measure::NegativeShare, &sums)
    }
}

impl Trend {
    pub fn new(query: &TrendQuery, answer: &pipeline::TrendAnswer) -> Self {
        let trend = answer.trend.as_ref();
        Self {
            by: query.by.clone(),
            measure: query.measure,
            bucket: answer.bucket.into(),
            from: trend.map(|trend| trend.from.to_string()),
            to: trend.map(|trend| trend.to.to_string()),
            n: trend.map_or(0, |trend| trend.rows),
            series: trend
                .into_iter()
                .flat_map(|trend| trend.series.iter().zip(&answer.slots))
                .map(|(series, slot)| TrendSeries::new(series, *slot))
                .collect(),
            sql: answer.statement.0.clone(),
        }
    }
}

impl TrendSeries {
    fn new(series: &engine::Series, slot: Slot) -> Self {
        Self {
            key: series.key.clone(),
            label: series.label.clone(),
            kind: match series.kind {
                engine::SeriesKind::Value => SeriesKind::Value,
                engine::SeriesKind::Other { .. } => SeriesKind::Other,
                engine::SeriesKind::All => SeriesKind::All,
            },
            slot: match slot {
                Slot::Series(index) => Some(u32::from(index)),
                Slot::Other => None,
            },
            total: Value::new(&series.totals, series.value, series.interval, series.small),
            points: series
                .points
                .iter()
                .map(|point| TrendPoint {
                    start: point.start.to_string(),
                    end: point.end.to_string(),
                    value: Value::new(&point.sums, point.value, point.interval, point.small),
                    unfinished: point.unfinished,
                })
                .collect(),
        }
    }
}

impl From<&Comparison> for pipeline::Comparison {
    fn from(comparison: &Comparison) -> Self {
        match comparison {
            Comparison::PreviousPeriod => Self::PreviousPeriod,
            Comparison::ModelVersion { current, previous } => {
                Self::ModelVersion { current: current.clone(), previous: previous.clone() }
            }
        }
    }
}

impl From<trend::Direction> for Direction {
    fn from(direction: trend::Direction) -> Self {
        match direction {
            trend::Direction::Worse => Self::Worse,
            trend::Direction::Better => Self::Better,
            trend::Direction::Higher | trend::Direction::Lower => Self::Neither,
            trend::Direction::Unclear => Self::Unclear,
        }
    }
}

impl Headline {
    fn new(headline: &trend::Headline, current: &rows::Aggregate, previous: &rows::Aggregate) -> Self {
        let interval = headline.change.and_then(|change| change.interval);
        Self {
            current: Value::of(headline.measure, current),
            previous: Value::of(headline.measure, previous),
            change: headline.change.map(|change| change.difference),
            low: interval.map(|ends| ends.0),
            high: interval.map(|ends| ends.1),
            direction: headline.direction.into(),
        }
    }

    fn coverage(turns: &pipeline::TurnCoverage) -> Self {
        let share = |(all, with)| Value::share(with, all);
        Self {
            current: share(turns.current),
            previous: share(turns.previous),
            change: turns.change.map(|change| change.difference),
            low: turns.change.map(|change| change.interval.0),
            high: turns.change.map(|change| change.interval.1),
            // More feedback is neither good nor bad.
            direction: match turns.change {
                Some(change) if change.excludes_zero() => Direction::Neither,
                _ => Direction::Unclear,
            },
        }
    }
}

impl Mover {
    pub fn new(dimension: Dimension, mover: &trend::Mover, overview: &pipeline::Overview) -> Self {
        let rate = |own: &rows::Aggregate, all: &rows::Aggregate| Value::share(own.negative, all.n);
        let change = mover.negative_rate;
        Self {
            dimension,
            value: mover.key.clone(),
            label: mover.label.clone(),
            current: rate(&mover.after, &overview.current),
            previous: rate(&mover.before, &overview.previous),
            change: change.map(|change| change.difference),
            low: change.map(|change| change.interval.0),
            high: change.map(|change| change.interval.1),
            significant: mover.clear,
            direction: mover.direction.into(),
        }
    }
}

impl Overview {
    pub fn new(comparison: &Comparison, overview: &pipeline::Overview) -> Self {
        let headline = |headline| Headline::new(headline, &overview.current, &overview.previous);
        Self {
            comparison: comparison.clone(),
            current: (&overview.compared.current).into(),
            previous: (&overview.compared.previous).into(),
            volume: headline(&overview.volume),
            negative_share: headline(&overview.negative_share),
            mean_score: headline(&overview.mean_score),
            turns_with_feedback: Headline::coverage(&overview.turns),
            movers: overview.movers.iter().map(|mover| Mover::new(Dimension::Theme, mover, overview)).collect(),
        }
    }
}
