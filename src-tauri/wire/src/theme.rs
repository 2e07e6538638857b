//! Themes: what users talk about.

use crate::{Aggregate, Direction, FeedbackRow, Value, wire};
use hearback_engine::{model::Measure, pipeline, trend};

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
        /// Complaints now minus complaints before (negative feedback of the theme / all feedback of the compared
        /// selection), with its 95 % interval.
        pub change: Option<f64>,
        /// The two rates that `change` is the difference of.
        pub complaints_now: Option<f64>,
        pub complaints_before: Option<f64>,
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
        /// Coarse (0.5) to fine (8); `null`: as measured best.
        pub resolution: Option<f64>,
        pub seed: Option<u64>,
    }

    pub struct AnalysisReport {
        /// Distinct texts of the workspace; of those, embedded now.
        pub texts: u64,
        pub embedded: u64,
        pub themes: u64,
        pub unclustered: u64,
        /// Nothing had changed since the last run: its themes stand.
        pub unchanged: bool,
        pub seconds: f64,
    }
}

impl From<&pipeline::ThemeList> for ThemeList {
    fn from(list: &pipeline::ThemeList) -> Self {
        Self {
            run: list.run.as_ref().map(|(run, model)| ThemeRun {
                id: run.id,
                created_at: run.created_at.to_string(),
                model: model.as_ref().map_or_else(|| run.model_id.clone(), |model| model.name.clone()),
                resolution: run.resolution,
                seed: run.seed,
                texts: run.texts,
                unclustered: run.unclustered,
                stale: list.stale,
            }),
            themes: list.themes.iter().map(ThemeRow::from).collect(),
            unclustered: list.unclustered.as_ref().map(ThemeRow::from),
            wordless: list.wordless,
        }
    }
}

impl From<&pipeline::ThemeRow> for ThemeRow {
    fn from(row: &pipeline::ThemeRow) -> Self {
        let change = row.change.as_ref().and_then(|mover| mover.negative_rate);
        let share_small = trend::is_small(Measure::NegativeShare, &row.sums);
        let (negative, negative_interval) = row.negative_share();
        Self {
            id: row.id,
            name: row.name.clone(),
            keywords: row.keywords.clone(),
            sums: (&row.sums).into(),
            share: Value::new(&row.sums, row.share, row.share_interval, share_small),
            negative_share: Value::new(&row.sums, negative, negative_interval, share_small),
            change: change.map(|change| change.difference),
            complaints_now: change.map(|change| change.after),
            complaints_before: change.map(|change| change.before),
            change_low: change.map(|change| change.interval.0),
            change_high: change.map(|change| change.interval.1),
            significant: row.change.as_ref().is_some_and(|mover| mover.clear),
            direction: row.change.as_ref().map_or(Direction::Unclear, |mover| mover.direction.into()),
            sparkline: row.sparkline.clone(),
        }
    }
}

impl From<pipeline::ThemeDetail> for ThemeDetail {
    fn from(detail: pipeline::ThemeDetail) -> Self {
        Self {
            row: (&detail.row).into(),
            examples: detail.examples.into_iter().map(FeedbackRow::from).collect(),
            breakdown: detail
                .breakdown
                .into_iter()
                .map(|breakdown| Breakdown {
                    dimension: breakdown.dimension.into(),
                    values: breakdown
                        .values
                        .into_iter()
                        .map(|value| BreakdownValue {
                            n: value.sums.n,
                            negative_share: Value::of(Measure::NegativeShare, &value.sums),
                            value: value.value,
                            label: value.label,
                        })
                        .collect(),
                })
                .collect(),
            cohesion: detail.cohesion,
        }
    }
}

impl AnalysisReport {
    pub fn new(outcome: &pipeline::AnalysisOutcome, seconds: f64) -> Self {
        Self {
            texts: outcome.texts,
            embedded: outcome.embedded,
            themes: outcome.themes,
            unclustered: outcome.unclustered,
            unchanged: outcome.unchanged,
            seconds,
        }
    }
}
