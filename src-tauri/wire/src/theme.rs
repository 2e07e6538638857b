//! Themes: what users talk about.

use crate::{Aggregate, Direction, FeedbackRow, Value, wire};

wire! {
    /// The last analysis, or that there is none.
    pub struct ThemeRun {
        pub id: i64,
        pub created_at: String,
        pub model: String,
        pub resolution: f64,
        pub seed: u64,
        /// Distinct texts, and how many of them have no theme.
        pub texts: u64,
        pub unclustered: u64,
        /// There is feedback that this run does not know.
        pub stale: bool,
    }

    pub struct ThemeList {
        pub run: Option<ThemeRun>,
        /// Biggest first. Only themes with feedback in the selection.
        pub themes: Vec<ThemeRow>,
        /// Feedback with words but without a theme.
        pub unclustered: Option<ThemeRow>,
        /// Feedback without any words (no comment, correction, reason, query).
        pub wordless: u64,
    }

    pub struct ThemeRow {
        /// `null` for *Unclustered*.
        pub id: Option<i64>,
        pub name: String,
        pub keywords: Vec<String>,
        pub sums: Aggregate,
        /// Share of the selection's feedback, with its 95 % interval.
        pub share: Value,
        pub negative_share: Value,
        /// Share now minus share before (previous period of the same length), with its 95 % interval.
        pub change: Option<f64>,
        pub change_low: Option<f64>,
        pub change_high: Option<f64>,
        pub significant: bool,
        pub direction: Direction,
        /// Feedback per bucket, oldest first.
        pub sparkline: Vec<u64>,
    }

    pub struct ThemeDetail {
        pub row: ThemeRow,
        /// The most telling members, most central first.
        pub examples: Vec<FeedbackRow>,
        /// By model version, environment, user role, reason: biggest first.
        pub breakdown: Vec<Breakdown>,
        /// Mean similarity of its members to its centre, 0..1.
        pub cohesion: f64,
    }

    pub struct Breakdown {
        pub dimension: crate::Dimension,
        pub values: Vec<BreakdownValue>,
    }

    pub struct BreakdownValue {
        pub value: Option<String>,
        pub label: String,
        pub n: u64,
        pub negative_share: Value,
    }

    #[derive(Default)]
    #[serde(default)]
    pub struct AnalysisRequest {
        /// Coarse (1) to fine (8); `null`: 3.
        pub resolution: Option<f64>,
        pub seed: Option<u64>,
    }

    pub struct AnalysisReport {
        /// Distinct texts of the workspace; of those, embedded now.
        pub texts: u64,
        pub embedded: u64,
        pub themes: u64,
        pub unclustered: u64,
        pub seconds: f64,
    }
}
