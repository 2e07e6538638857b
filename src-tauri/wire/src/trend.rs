//! Numbers over time, headlines, movers.

use crate::{Asked, Bucket, Counted, Dimension, Filter, Measure, string_enum, tagged_enum, wire_type};
use hearback_app::{
    self as app,
    analysis::trend::{self, SeriesChoice},
    draw::Slot,
};
use hearback_domain::{
    self as model,
    error::{Error, Result},
    rows, trend as engine,
};

string_enum! {
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

wire_type! {
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
        /// Whose polarity nothing tells: no part of any share of negative or positive feedback.
        pub unknown: u64,
        pub scored: u64,
        /// Mean score on 0..1.
        pub mean_score: Option<f64>,
    }

    /// A measure of some feedback: shares as 0..1.
    pub struct Value {
        pub sums: Aggregate,
        /// The feedbacks that the value rests on.
        pub n: u64,
        /// `null` where there is nothing to measure.
        pub value: Option<f64>,
        /// 95 % interval.
        pub low: Option<f64>,
        pub high: Option<f64>,
        /// Too few to read much into it.
        pub small: bool,
        /// What opens with it: what it rests on, or, of a share that is about its hits, these.
        pub rows: Counted,
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
        /// Colour slot 0..5, or `null` for grey; a value has its slot by its rank in the workspace.
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
        /// As a title: `Negative share by model version`.
        pub title: String,
        /// What the values count: `percent of feedback per week, 95 % interval`.
        pub axis: String,
        /// The feedbacks behind it.
        pub rows: Counted,
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
        /// Its complaints: its negative feedback / all feedback with a polarity of the selection, after and before. They open the former.
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
        /// Feedback of unknown polarity: no part of the negative share, and counted beside it; `null` where there is none.
        pub unknown: Option<Counted>,
        pub mean_score: Headline,
        /// Turns with at least one feedback, as a share of all turns of the selection.
        pub turns_with_feedback: Headline,
        /// Themes by how much their complaint rate changed: clear changes first, biggest first.
        pub movers: Vec<Mover>,
    }
}

tagged_enum! {
    /// What two selections are compared.
    #[serde(tag = "kind")]
    pub enum Comparison {
        /// The filter's span (or the workspace's last four weeks) against the time of the same length before it.
        PreviousPeriod,
        ModelVersion { current: String, previous: String },
    }
}

pub fn overview(asked: &Asked<'_>, filter: Filter, comparison: Comparison) -> Result<Overview> {
    let overview = asked.workspace.overview(&(&filter).try_into()?, &(&comparison).into())?;
    Ok(Overview::new(&comparison, &overview))
}

pub fn trend(asked: &Asked<'_>, query: TrendQuery) -> Result<Trend> {
    let answer = asked.workspace.trend(&(&query).try_into()?)?;
    Ok(Trend::new(&query, &answer))
}

impl TryFrom<&TrendQuery> for app::TrendQuery {
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
            unknown: sums.unknown,
            scored: sums.scored,
            mean_score: model::Measure::MeanScore.value(sums),
        }
    }
}

impl From<&engine::Measured> for Value {
    fn from(measured: &engine::Measured) -> Self {
        let engine::Measured { sums, n, value, interval, small, rows } = measured;
        Self {
            sums: sums.into(),
            n: *n,
            value: *value,
            low: interval.map(|ends| ends.0),
            high: interval.map(|ends| ends.1),
            small: *small,
            rows: rows.into(),
        }
    }
}

impl Trend {
    pub fn new(query: &TrendQuery, answer: &app::TrendAnswer) -> Self {
        let trend = answer.trend.as_ref();
        let measure = model::Measure::from(query.measure);
        let by: Vec<model::Dimension> = query.by.iter().map(|&dimension| dimension.into()).collect();
        Self {
            by: query.by.clone(),
            measure: query.measure,
            bucket: answer.bucket.into(),
            from: trend.map(|trend| trend.from.to_string()),
            to: trend.map(|trend| trend.to.to_string()),
            title: measure.title(&by),
            axis: measure.axis(Some(answer.bucket)),
            rows: trend.map_or_else(|| Counted { n: 0, filter: query.filter.clone() }, |trend| (&trend.rows).into()),
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
            total: (&series.measured()).into(),
            points: series
                .points
                .iter()
                .map(|point| TrendPoint {
                    start: point.start.to_string(),
                    end: point.end.to_string(),
                    value: (&point.measured()).into(),
                    unfinished: point.unfinished,
                })
                .collect(),
        }
    }
}

impl From<&Comparison> for app::Comparison {
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

impl From<&trend::Headline> for Headline {
    fn from(headline: &trend::Headline) -> Self {
        let interval = headline.change.and_then(|change| change.interval);
        Self {
            current: (&headline.now).into(),
            previous: (&headline.before).into(),
            change: headline.change.map(|change| change.difference),
            low: interval.map(|ends| ends.0),
            high: interval.map(|ends| ends.1),
            direction: headline.direction.into(),
        }
    }
}

impl From<&app::TurnCoverage> for Headline {
    fn from(turns: &app::TurnCoverage) -> Self {
        Self {
            current: (&turns.current).into(),
            previous: (&turns.previous).into(),
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
    pub fn new(dimension: Dimension, mover: &trend::Mover) -> Self {
        let change = mover.negative_rate;
        Self {
            dimension,
            value: mover.key.clone(),
            label: mover.label.clone(),
            current: (&mover.complaints_after).into(),
            previous: (&mover.complaints_before).into(),
            change: change.map(|change| change.difference),
            low: change.map(|change| change.interval.0),
            high: change.map(|change| change.interval.1),
            significant: mover.clear,
            direction: mover.direction.into(),
        }
    }
}

impl Overview {
    pub fn new(comparison: &Comparison, overview: &app::Overview) -> Self {
        Self {
            comparison: comparison.clone(),
            current: (&overview.compared.current).into(),
            previous: (&overview.compared.previous).into(),
            volume: (&overview.volume).into(),
            negative_share: (&overview.negative_share).into(),
            unknown: overview.unknown.as_ref().map(Counted::from),
            mean_score: (&overview.mean_score).into(),
            turns_with_feedback: (&overview.turns).into(),
            movers: overview.movers.iter().map(|mover| Mover::new(Dimension::Theme, mover)).collect(),
        }
    }
}
