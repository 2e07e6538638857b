//! Numbers over time, headlines, movers.

use crate::{Bucket, Dimension, Filter, Measure, tagged, wire, words};

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
        /// Its share of the selection's feedback: `theme / all`, before and after.
        pub current: Value,
        pub previous: Value,
        pub change: f64,
        pub low: f64,
        pub high: f64,
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
        /// Themes by how much their share changed, biggest first.
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
