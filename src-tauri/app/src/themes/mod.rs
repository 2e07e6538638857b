//! The themes of a selection, and all about one of them.

pub mod analyse;
pub mod assignment;
pub mod edits;
mod memory;
mod records;
mod runs;

use std::collections::BTreeMap;

use super::{Comparison, Drift, ThemeEditRow, Workspace, trends::time_span::TimeSpan};
use hearback_analysis::trend::{self, Mover, MoverMeasure};
use hearback_domain::{
    Counted, Dimension, Filter, Measure, Measured, Subject,
    error::{Error, Result},
    filter::{SHORT_ANSWERS, WORDLESS},
    rows::{Aggregate, FeedbackRow},
    theme::Event,
};
use hearback_store::{HistoryEntry, NamedBy, Snapshot, StoredModel, StoredSubtheme, StoredTheme, ThemeRun};

#[derive(Clone, Debug, PartialEq)]
pub struct ThemeList {
    /// What the themes are about, or would be: the one that is counted.
    pub subject: Subject,
    pub run: Option<(ThemeRun, Option<StoredModel>)>,
    /// The data has changed since the run.
    pub stale: bool,
    /// By how much, and whether finding the themes again is worth it.
    pub drift: Option<Drift>,
    /// With feedback in the selection; pinned ones first, then the most feedback first, ties by id.
    pub themes: Vec<ThemeRow>,
    /// Feedback with words but without a theme.
    pub unclustered: Option<ThemeRow>,
    /// Feedback whose words say no more than good or bad ("very good", "👍"): in no theme, and not unclustered.
    pub short_answers: Option<ThemeRow>,
    /// Distinct texts of the run that are such.
    pub short_texts: u64,
    /// Feedback without words.
    pub wordless: Counted,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ThemeRow {
    /// `None` for *Unclustered* and *Short answers*.
    pub id: Option<i64>,
    pub name: String,
    pub keywords: Vec<String>,
    /// What else is known of the theme; `None` where there is no id.
    pub about: Option<ThemeAbout>,
    pub sums: Aggregate,
    /// Its feedback among the selection's.
    pub share: Measured,
    /// Negative ones among its own.
    pub negative_share: Measured,
    pub change: Option<Mover>,
    /// Feedback per bucket, oldest first.
    pub sparkline: Vec<u64>,
}

/// What does not depend on the selection.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeAbout {
    pub named_by: NamedBy,
    pub pinned: bool,
    pub note: String,
    /// Distinct texts and feedbacks in all.
    pub texts: u64,
    pub feedback: u64,
    /// What became of it in the last run, and the themes before that it is of; `None` for one that the user made.
    pub event: Option<Event>,
    pub others: Vec<i64>,
    pub subthemes: Vec<StoredSubtheme>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ThemeDetail {
    pub row: ThemeRow,
    /// What became of it, the latest first.
    pub history: Vec<HistoryEntry>,
    /// The edits that name it.
    pub edits: Vec<ThemeEditRow>,
    /// Most central first.
    pub examples: Vec<FeedbackRow>,
    pub breakdown: Vec<Breakdown>,
    pub cohesion: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    pub dimension: Dimension,
    /// Most feedback first.
    pub values: Vec<BreakdownValue>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BreakdownValue {
    pub value: Option<String>,
    pub label: String,
    pub sums: Aggregate,
    /// What opens them.
    pub rows: Counted,
    /// Negative ones among them.
    pub negative_share: Measured,
}

/// Dimensions that a theme's inspector shows.
const BREAKDOWN: &[Dimension] =
    &[Dimension::ModelVersion, Dimension::Environment, Dimension::UserRole, Dimension::Reason, Dimension::FeedbackType];

/// Values of one dimension that an inspector has room for.
const BREAKDOWN_VALUES: usize = 8;

impl Workspace {
    pub fn themes(&self, filter: &Filter, comparison: &Comparison) -> Result<ThemeList> {
        self.themes_in(&self.store.snapshot()?, filter, comparison)
    }

    fn themes_in(&self, snapshot: &Snapshot<'_>, filter: &Filter, comparison: &Comparison) -> Result<ThemeList> {
        let run = snapshot.theme_run()?;
        let stale = match &run {
            Some(run) => {
                run.data_version != snapshot.data_version()? || self.other_model(snapshot, &run.model_id)?.is_some()
            }
            None => snapshot.summary()?.feedback > 0,
        };
        let known: BTreeMap<i64, StoredTheme> = snapshot.themes()?.into_iter().map(|theme| (theme.id, theme)).collect();
        let compared = self.compared_in(snapshot, filter, comparison)?;
        let drift = run.as_ref().map(|run| self.drift_in(snapshot, run)).transpose()?;
        let mut events: BTreeMap<i64, (Event, Vec<i64>)> = match &run {
            Some(run) => snapshot.theme_events(run)?,
            None => BTreeMap::new(),
        };
        let mut changes: BTreeMap<Option<String>, Mover> = self
            .movers_in(snapshot, &compared, Dimension::Theme, MoverMeasure::NegativeRate)?
            .into_iter()
            .map(|mover| (mover.key.clone(), mover))
            .collect();
        let total = snapshot.totals(filter)?.sums;
        let mut sparks = self.sparklines(snapshot, filter)?;

        let short_texts = match &run {
            Some(run) => snapshot.short_answers(run.subject)?,
            None => 0,
        };
        let mut list = ThemeList {
            subject: snapshot.theme_subject()?,
            run: None,
            stale,
            drift,
            themes: Vec::new(),
            unclustered: None,
            short_answers: None,
            short_texts,
            wordless: Counted { n: 0, filter: filter.with_value(Dimension::Theme, Some(WORDLESS)) },
        };
        for (key, sums) in snapshot.totals_by(filter, Dimension::Theme)? {
            let is_short = key.as_deref() == Some(SHORT_ANSWERS);
            let id = match key.as_deref().map(str::parse::<i64>) {
                Some(Ok(id)) => Some(id),
                Some(Err(_)) if !is_short => {
                    list.wordless = Counted { n: sums.n, filter: filter.with_value(Dimension::Theme, key.as_deref()) };
                    continue;
                }
                _ => None,
            };
            let theme = id.and_then(|id| known.get(&id));
            let within = filter.with_value(Dimension::Theme, key.as_deref());
            let rows = Measure::Volume.rests_on(&within, &sums);
            let own = negative_share(&within, &sums);
            let row = ThemeRow {
                id,
                name: theme.map_or_else(
                    || Dimension::Theme.label(key.as_deref(), &BTreeMap::new()),
                    |theme| theme.name.clone(),
                ),
                keywords: theme.map(|theme| theme.keywords.clone()).unwrap_or_default(),
                about: theme.map(|theme| about(theme, events.remove(&theme.id))),
                share: Measured { sums, small: own.small, ..trend::share(sums.n, total.n, rows) },
                negative_share: own,
                change: changes.remove(&key),
                sparkline: sparks.remove(&vec![key]).unwrap_or_default(),
                sums,
            };
            if id.is_some() {
                list.themes.push(row);
            } else if is_short {
                list.short_answers = Some(row);
            } else if run.is_some() {
                list.unclustered = Some(row);
            }
        }
        let pinned = |row: &ThemeRow| row.about.as_ref().is_some_and(|about| about.pinned);
        list.themes
            .sort_by(|a, b| pinned(b).cmp(&pinned(a)).then(b.sums.n.cmp(&a.sums.n)).then_with(|| a.id.cmp(&b.id)));
        list.run = match run {
            Some(run) => {
                let model = snapshot.model(&run.model_id)?;
                Some((run, model))
            }
            None => None,
        };
        Ok(list)
    }

    /// What became of the themes of the subject that is counted, or of one, the latest first.
    pub fn theme_history(&self, theme: Option<i64>) -> Result<Vec<HistoryEntry>> {
        let snapshot = &self.store.snapshot()?;
        match snapshot.theme_run()? {
            Some(run) => snapshot.theme_history(run.subject, theme),
            None => Ok(Vec::new()),
        }
    }

    fn sparklines(&self, snapshot: &Snapshot<'_>, filter: &Filter) -> Result<BTreeMap<Vec<Option<String>>, Vec<u64>>> {
        let Some(TimeSpan { from, to, .. }) = TimeSpan::of(snapshot, filter)? else { return Ok(BTreeMap::new()) };
        let bucket = trend::bucket::pick(from, to);
        let counts = snapshot.trend_rows(filter, &[Dimension::Theme], bucket)?;
        Ok(trend::sparks(&counts.rows, bucket, from, to))
    }

    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] for a theme that the current run does not have, or none of whose feedback
    /// is in the selection.
    pub fn theme(&self, id: Option<i64>, filter: &Filter, comparison: &Comparison) -> Result<ThemeDetail> {
        let snapshot = &self.store.snapshot()?;
        let list = self.themes_in(snapshot, filter, comparison)?;
        let row = list
            .themes
            .into_iter()
            .chain(list.unclustered)
            .find(|row| row.id == id)
            .ok_or_else(|| Error::not_found("this theme has no feedback in the selection"))?;
        let stored = snapshot.themes()?.into_iter().find(|theme| Some(theme.id) == id);
        let key = id.map(|id| id.to_string());
        let within = filter.with_value(Dimension::Theme, key.as_deref());
        let examples = self.examples(snapshot, stored.as_ref(), &within)?;
        let breakdown =
            BREAKDOWN.iter().map(|&dimension| self.breakdown(snapshot, &within, dimension)).collect::<Result<_>>()?;
        let (history, edits) = match (id, snapshot.theme_run()?) {
            (Some(id), Some(run)) => {
                (snapshot.theme_history(run.subject, Some(id))?, self.theme_edits_of(snapshot, id)?)
            }
            _ => (Vec::new(), Vec::new()),
        };
        Ok(ThemeDetail {
            row,
            history,
            edits,
            examples,
            breakdown,
            cohesion: stored.map_or(0.0, |theme| theme.cohesion),
        })
    }

    /// The run's representative members where the selection has them, filled up with other members.
    fn examples(
        &self,
        snapshot: &Snapshot<'_>,
        theme: Option<&StoredTheme>,
        within: &Filter,
    ) -> Result<Vec<FeedbackRow>> {
        const EXAMPLES: usize = 5;
        const CONSIDERED: usize = 200;
        let mut hashes = theme.map(|theme| theme.examples.clone()).unwrap_or_default();
        let members = snapshot.theme_members(theme.map(|theme| theme.id))?;
        for (hash, _) in members.into_iter().take(CONSIDERED) {
            if !hashes.contains(&hash) {
                hashes.push(hash);
            }
        }
        let mut found = snapshot.latest_by_text(within, &hashes)?;
        Ok(hashes.iter().filter_map(|hash| found.remove(hash)).map(|(_, row)| row).take(EXAMPLES).collect())
    }

    fn breakdown(&self, snapshot: &Snapshot<'_>, within: &Filter, dimension: Dimension) -> Result<Breakdown> {
        let names = snapshot.names(dimension)?;
        let mut values: Vec<BreakdownValue> = snapshot
            .totals_by(within, dimension)?
            .into_iter()
            .map(|(value, sums)| {
                let own = within.with_value(dimension, value.as_deref());
                BreakdownValue {
                    label: dimension.label(value.as_deref(), &names),
                    rows: Measure::Volume.rests_on(&own, &sums),
                    negative_share: negative_share(&own, &sums),
                    value,
                    sums,
                }
            })
            .collect();
        values.sort_by(|a, b| b.sums.n.cmp(&a.sums.n).then_with(|| a.label.cmp(&b.label)));
        values.truncate(BREAKDOWN_VALUES);
        Ok(Breakdown { dimension, values })
    }
}

fn about(theme: &StoredTheme, event: Option<(Event, Vec<i64>)>) -> ThemeAbout {
    let (event, others) = event.map_or((None, Vec::new()), |(event, others)| (Some(event), others));
    ThemeAbout {
        named_by: theme.named_by,
        pinned: theme.pinned,
        note: theme.note.clone(),
        texts: theme.texts,
        feedback: theme.feedback,
        event,
        others,
        subthemes: theme.subthemes.clone(),
    }
}

/// Of the selection of `filter`, which has these sums; opening it opens the negative ones.
pub(crate) fn negative_share(filter: &Filter, sums: &Aggregate) -> Measured {
    let measure = Measure::NegativeShare;
    Measured { rows: measure.hits(filter, sums), ..trend::measured(measure, filter, sums) }
}
