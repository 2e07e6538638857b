//! Themes: what users talk about.

use crate::{
    Aggregate, Asked, Comparison, Counted, Direction, FeedbackRow, Filter, ThemeCut, ThemeEditRow, Value, mirror_enum,
    string_enum, wire_type,
};
use hearback_app::{self as app, AnalysisOptions, store};
use hearback_domain::{self as model, error::Result};
use std::time::Instant;

string_enum! {
    /// What themes are about: what users said, what they had asked, or both.
    pub enum Subject { Said, Asked, Both }
    /// What became of a theme in a run.
    pub enum ThemeEvent { Kept, Grew, Shrank, Split, Merged, New, Gone }
    /// Who gave a theme its name: the run, an earlier run, or the user.
    pub enum NamedBy { Words, Before, User }
}

mirror_enum! {
    Subject = model::Subject { Said, Asked, Both }
    ThemeEvent = model::theme::Event { Kept, Grew, Shrank, Split, Merged, New, Gone }
    NamedBy = store::NamedBy { Words, Before, User }
}

wire_type! {
    /// The last analysis, or that there is none.
    pub struct ThemeRun {
        pub id: i64,
        pub created_at: String,
        pub subject: Subject,
        pub model: String,
        /// SHA-256 of the model.
        pub model_digest: Option<String>,
        /// Coarse (0.25) to fine (8).
        pub resolution: f64,
        /// The greatest share of texts that may stay unclustered; `null`: nothing is forced.
        pub unclustered_at_most: Option<f64>,
        pub seed: u64,
        /// Other options, and what computed it, as text.
        pub options: String,
        pub versions: String,
        /// Distinct texts, how many of them have no theme, and how many say no more than good or bad.
        pub texts: u64,
        pub unclustered: u64,
        pub short_answers: u64,
        /// Texts that `unclusteredAtMost` pulled in, their mean similarity to their theme, and that of all texts in
        /// themes.
        pub pulled_in: u64,
        pub pulled_in_similarity: f64,
        pub similarity: f64,
        /// The data has changed since; `drift` says whether that matters.
        pub stale: bool,
        /// It can be cut otherwise at once. `false` for themes that an older Hearback found.
        pub can_recut: bool,
        pub drift: Drift,
    }

    /// How far the data has moved away from the run; distinct texts.
    pub struct Drift {
        /// Came since and are within reach of a theme, of none, or wait for the model.
        pub placed: u64,
        pub unclustered: u64,
        pub waiting: u64,
        /// Nobody says them any more.
        pub removed: u64,
        /// Mean similarity to the nearest theme: of those that came, and of the run's own texts.
        pub similarity: f64,
        pub similarity_at_run: f64,
        /// Finding the themes again is worth its time.
        pub worth_a_run: bool,
        /// Why, or why not.
        pub reason: String,
    }

    pub struct ThemeList {
        /// What is counted, with a run or without.
        pub subject: Subject,
        pub run: Option<ThemeRun>,
        /// Pinned ones, then the biggest first. Only themes with feedback in the selection.
        pub themes: Vec<ThemeRow>,
        /// Feedback with words but without a theme.
        pub unclustered: Option<ThemeRow>,
        /// Feedback that says no more than good or bad ("very good", "👍"): in no theme, and not unclustered. As a value
        /// of the dimension `theme` it is `short`.
        pub short_answers: Option<ThemeRow>,
        /// Feedback without any words (no comment, correction, reason, query).
        pub wordless: Counted,
    }

    pub struct ThemeRow {
        /// `null` for *Unclustered* and *Short answers*.
        pub id: Option<i64>,
        pub name: String,
        pub keywords: Vec<String>,
        pub named_by: Option<NamedBy>,
        pub pinned: bool,
        pub note: String,
        /// What became of it in the last run, and the themes before that it is of; `null` for one that the user made.
        pub event: Option<ThemeEvent>,
        pub others: Vec<i64>,
        /// Parts of it, the biggest first; none or at least two. Counts are of the whole workspace.
        pub subthemes: Vec<Subtheme>,
        pub sums: Aggregate,
        /// Share of the selection's feedback, with its 95 % interval; opens all of the theme's.
        pub share: Value,
        /// Opens the negative ones.
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

    pub struct Subtheme {
        pub name: String,
        pub keywords: Vec<String>,
        pub texts: u64,
        pub feedback: u64,
    }

    /// What became of a theme in a run.
    pub struct ThemeHistoryEntry {
        pub theme_id: i64,
        pub run_id: i64,
        pub at: String,
        /// The same run, cut otherwise.
        pub recut: bool,
        pub event: ThemeEvent,
        /// The themes before that it is of; of one that is gone, those that took most of it.
        pub others: Vec<i64>,
        /// Feedbacks, now and before.
        pub size: u64,
        pub size_before: u64,
    }

    pub struct ThemeDetail {
        pub row: ThemeRow,
        /// What became of it, the latest first.
        pub history: Vec<ThemeHistoryEntry>,
        /// The user's edits that name it.
        pub edits: Vec<ThemeEditRow>,
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
        pub rows: Counted,
        /// Opens the negative ones.
        pub negative_share: Value,
    }

    #[derive(Default)]
    #[serde(default)]
    pub struct AnalysisRequest {
        /// `null`: the subject that is counted.
        pub subject: Option<Subject>,
        /// Coarse (0.25) to fine (8). What is `null` is as in the subject's last run, or as measured best.
        pub resolution: Option<f64>,
        /// 0..1; 1 forces nothing.
        pub unclustered_at_most: Option<f64>,
        pub seed: Option<u64>,
    }

    /// What became of texts that are new since the run.
    pub struct Assignment {
        pub new: u64,
        /// In a theme, and in none; the rest says no more than good or bad, or waits.
        pub placed: u64,
        pub unclustered: u64,
        /// Not looked at yet, and why.
        pub waiting: u64,
        pub reason: Option<String>,
    }

    pub struct AnalysisReport {
        /// Distinct texts of the workspace; of those, embedded now.
        pub texts: u64,
        pub embedded: u64,
        pub themes: u64,
        pub unclustered: u64,
        /// Texts that say no more than good or bad.
        pub short_answers: u64,
        /// Texts that were pulled in, and their mean similarity to their theme.
        pub pulled_in: u64,
        pub pulled_in_similarity: f64,
        /// Nothing had changed since the last run: its themes stand.
        pub unchanged: bool,
        pub seconds: f64,
    }
}

pub fn start_analysis(asked: &Asked<'_>, request: AnalysisRequest) -> Result<AnalysisReport> {
    let began = Instant::now();
    let last = asked.workspace.analysis_options(request.subject.map(Into::into), asked.now)?;
    let options = AnalysisOptions {
        resolution: request.resolution.unwrap_or(last.resolution),
        unclustered_at_most: request.unclustered_at_most.or(last.unclustered_at_most),
        seed: request.seed.unwrap_or(last.seed),
        ..last
    };
    let outcome = asked.workspace.analyse(&options, asked.job)?;
    Ok(AnalysisReport::new(&outcome, began.elapsed().as_secs_f64()))
}

pub fn list_themes(asked: &Asked<'_>, filter: Filter, comparison: Comparison) -> Result<ThemeList> {
    Ok((&asked.workspace.themes(&(&filter).try_into()?, &(&comparison).into())?).into())
}

pub fn theme_detail(asked: &Asked<'_>, id: Option<i64>, filter: Filter, comparison: Comparison) -> Result<ThemeDetail> {
    Ok(asked.workspace.theme(id, &(&filter).try_into()?, &(&comparison).into())?.into())
}

pub fn recut_themes(asked: &Asked<'_>, cut: ThemeCut) -> Result<AnalysisReport> {
    let began = Instant::now();
    let outcome = asked.workspace.recut(&cut.into(), asked.now, asked.job)?;
    Ok(AnalysisReport::new(&outcome, began.elapsed().as_secs_f64()))
}

pub fn choose_theme_subject(asked: &Asked<'_>, subject: Subject) -> Result<()> {
    asked.workspace.choose_subject(subject.into())
}

pub fn theme_history(asked: &Asked<'_>, theme: Option<i64>) -> Result<Vec<ThemeHistoryEntry>> {
    Ok(asked.workspace.theme_history(theme)?.iter().map(ThemeHistoryEntry::from).collect())
}

impl From<&app::ThemeList> for ThemeList {
    fn from(list: &app::ThemeList) -> Self {
        Self {
            subject: list.subject.into(),
            run: list.run.as_ref().zip(list.drift.as_ref()).map(|((run, model), drift)| ThemeRun {
                id: run.id,
                created_at: run.created_at.to_string(),
                subject: run.subject.into(),
                model: model.as_ref().map_or_else(|| run.model_id.clone(), |model| model.name.clone()),
                model_digest: model.as_ref().map(|model| model.digest.clone()),
                resolution: run.resolution,
                unclustered_at_most: run.unclustered_at_most,
                seed: run.seed,
                options: run.options.clone(),
                versions: run.versions.clone(),
                texts: run.texts,
                unclustered: run.unclustered,
                short_answers: list.short_texts,
                pulled_in: run.pulled_in,
                pulled_in_similarity: run.pulled_in_similarity,
                similarity: run.similarity,
                stale: list.stale,
                can_recut: !run.explored.is_empty(),
                drift: drift.into(),
            }),
            themes: list.themes.iter().map(ThemeRow::from).collect(),
            unclustered: list.unclustered.as_ref().map(ThemeRow::from),
            short_answers: list.short_answers.as_ref().map(ThemeRow::from),
            wordless: (&list.wordless).into(),
        }
    }
}

impl From<&app::ThemeRow> for ThemeRow {
    fn from(row: &app::ThemeRow) -> Self {
        let change = row.change.as_ref().and_then(|mover| mover.negative_rate);
        Self {
            id: row.id,
            name: row.name.clone(),
            keywords: row.keywords.clone(),
            named_by: row.about.as_ref().map(|about| about.named_by.into()),
            pinned: row.about.as_ref().is_some_and(|about| about.pinned),
            note: row.about.as_ref().map(|about| about.note.clone()).unwrap_or_default(),
            event: row.about.as_ref().and_then(|about| about.event).map(ThemeEvent::from),
            others: row.about.as_ref().map(|about| about.others.clone()).unwrap_or_default(),
            subthemes: row.about.iter().flat_map(|about| &about.subthemes).map(Subtheme::from).collect(),
            sums: (&row.sums).into(),
            share: (&row.share).into(),
            negative_share: (&row.negative_share).into(),
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

impl From<app::ThemeDetail> for ThemeDetail {
    fn from(detail: app::ThemeDetail) -> Self {
        Self {
            row: (&detail.row).into(),
            history: detail.history.iter().map(ThemeHistoryEntry::from).collect(),
            edits: detail.edits.iter().map(ThemeEditRow::from).collect(),
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
                            rows: (&value.rows).into(),
                            negative_share: (&value.negative_share).into(),
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

impl From<&app::Drift> for Drift {
    fn from(drift: &app::Drift) -> Self {
        let store::RunCoverage { placed, unclustered, waiting, removed, similarity, similarity_at_run, .. } =
            drift.coverage;
        Self {
            placed,
            unclustered,
            waiting,
            removed,
            similarity,
            similarity_at_run,
            worth_a_run: drift.worth_a_run,
            reason: drift.reason.clone(),
        }
    }
}

impl From<&app::Assignment> for Assignment {
    fn from(placing: &app::Assignment) -> Self {
        let app::Assignment { new, placed, unclustered, waiting, reason } = placing.clone();
        Self { new, placed, unclustered, waiting, reason }
    }
}

impl From<&store::StoredSubtheme> for Subtheme {
    fn from(part: &store::StoredSubtheme) -> Self {
        Self { name: part.name.clone(), keywords: part.keywords.clone(), texts: part.texts, feedback: part.feedback }
    }
}

impl From<&store::HistoryEntry> for ThemeHistoryEntry {
    fn from(entry: &store::HistoryEntry) -> Self {
        Self {
            theme_id: entry.theme,
            run_id: entry.run,
            at: entry.at.to_string(),
            recut: entry.recut,
            event: entry.event.into(),
            others: entry.others.clone(),
            size: entry.size,
            size_before: entry.size_before,
        }
    }
}

impl AnalysisReport {
    pub fn new(outcome: &app::AnalysisOutcome, seconds: f64) -> Self {
        Self {
            texts: outcome.texts,
            embedded: outcome.embedded,
            themes: outcome.themes,
            unclustered: outcome.unclustered,
            short_answers: outcome.short_answers,
            pulled_in: outcome.pulled_in,
            pulled_in_similarity: outcome.pulled_in_similarity,
            unchanged: outcome.unchanged,
            seconds,
        }
    }
}
