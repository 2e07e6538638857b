//! What changed, between two periods or two model versions?

use super::time_span::TimeSpan;
use crate::Workspace;
use hearback_analysis::trend::{self, Candidate, Change, Headline, Mover, MoverMeasure, Periods, Side};
use hearback_domain::{
    Counted, Dimension, Filter, Measure, Measured, Timestamp, error::Result, rows::Aggregate, theme::is_theme,
};
use hearback_store::Snapshot;

/// Four weeks: long enough for weekly habits to even out, short enough to be news.
const DEFAULT_PERIOD_MICROS: i64 = 28 * 24 * 3600 * 1_000_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// The filter's span (or the workspace's last four weeks) against the time of the same length before it.
    #[default]
    PreviousPeriod,
    ModelVersion {
        current: String,
        previous: String,
    },
}

/// Two selections that are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub current: Filter,
    pub previous: Filter,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    pub compared: Compared,
    pub current: Aggregate,
    pub previous: Aggregate,
    pub volume: Headline,
    pub negative_share: Headline,
    /// Feedback whose polarity nothing tells: no part of the negative share.
    pub unknown: Option<Counted>,
    pub mean_score: Headline,
    pub turns: TurnCoverage,
    /// Themes by the change of their complaint rate: clear changes first, biggest first.
    pub movers: Vec<Mover>,
}

/// Turns with feedback among all turns. Opening it opens the selection's feedback.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnCoverage {
    pub current: Measured,
    pub previous: Measured,
    pub change: Option<Change>,
}

impl Workspace {
    /// The two selections that `comparison` means for `filter`.
    pub fn compared(&self, filter: &Filter, comparison: &Comparison) -> Result<Compared> {
        self.compared_in(&self.store.snapshot()?, filter, comparison)
    }

    pub(crate) fn compared_in(
        &self,
        snapshot: &Snapshot<'_>,
        filter: &Filter,
        comparison: &Comparison,
    ) -> Result<Compared> {
        match comparison {
            Comparison::ModelVersion { current, previous } => {
                let only = |version: &str| {
                    let mut filter = filter.clone();
                    filter.conditions.retain(|condition| condition.dimension != Dimension::ModelVersion);
                    filter.other_than.retain(|other| other.dimensions != [Dimension::ModelVersion]);
                    filter.with_value(Dimension::ModelVersion, Some(version))
                };
                Ok(Compared { current: only(current), previous: only(previous) })
            }
            Comparison::PreviousPeriod => {
                let Some(TimeSpan { to, known, .. }) = TimeSpan::of(snapshot, filter)? else {
                    return Ok(Compared { current: filter.clone(), previous: filter.clone() });
                };
                // Not from the selection's first feedback on: two themes are compared over the same weeks.
                let from = filter.from.unwrap_or_else(|| known.0.max(to.plus_micros(-DEFAULT_PERIOD_MICROS)));
                let before = from.plus_micros(from.micros() - to.micros());
                let during =
                    |from: Timestamp, to: Timestamp| Filter { from: Some(from), to: Some(to), ..filter.clone() };
                Ok(Compared { current: during(from, to), previous: during(before, from) })
            }
        }
    }

    pub fn overview(&self, filter: &Filter, comparison: &Comparison) -> Result<Overview> {
        let snapshot = &self.store.snapshot()?;
        let compared = self.compared_in(snapshot, filter, comparison)?;
        let current = snapshot.totals(&compared.current)?.sums;
        let previous = snapshot.totals(&compared.previous)?.sums;
        let turns_now = snapshot.turn_coverage(&compared.current)?;
        let turns_before = snapshot.turn_coverage(&compared.previous)?;
        let movers = self
            .movers_in(snapshot, &compared, Dimension::Theme, MoverMeasure::NegativeRate)?
            .into_iter()
            .filter(|mover| is_theme(mover.key.as_deref()))
            .collect();
        let now = Side { filter: &compared.current, sums: &current };
        let before = Side { filter: &compared.previous, sums: &previous };
        let headline = |measure| trend::headline(measure, now, before);
        let coverage = |(turns, with): (u64, u64), filter: &Filter, sums: &Aggregate| {
            trend::share(with, turns, Measure::Volume.rests_on(filter, sums))
        };
        Ok(Overview {
            volume: headline(Measure::Volume),
            negative_share: headline(Measure::NegativeShare),
            unknown: Measure::NegativeShare.beside(&compared.current, &current),
            mean_score: headline(Measure::MeanScore),
            turns: TurnCoverage {
                current: coverage(turns_now, &compared.current, &current),
                previous: coverage(turns_before, &compared.previous, &previous),
                change: Change::between(turns_now.1, turns_now.0, turns_before.1, turns_before.0),
            },
            current,
            previous,
            compared,
            movers,
        })
    }

    /// The values of `dimension` by how much they changed between two selections.
    pub fn movers(&self, compared: &Compared, dimension: Dimension, measure: MoverMeasure) -> Result<Vec<Mover>> {
        self.movers_in(&self.store.snapshot()?, compared, dimension, measure)
    }

    pub(crate) fn movers_in(
        &self,
        snapshot: &Snapshot<'_>,
        compared: &Compared,
        dimension: Dimension,
        measure: MoverMeasure,
    ) -> Result<Vec<Mover>> {
        let names = snapshot.names(dimension)?;
        let candidate = |key: Option<String>| Candidate {
            label: dimension.label(key.as_deref(), &names),
            before: Aggregate::default(),
            after: Aggregate::default(),
            filter_before: compared.previous.with_value(dimension, key.as_deref()),
            filter_after: compared.current.with_value(dimension, key.as_deref()),
            key,
        };
        let mut candidates = Vec::<Candidate>::new();
        for (key, sums) in snapshot.totals_by(&compared.current, dimension)? {
            candidates.push(Candidate { after: sums, ..candidate(key) });
        }
        for (key, sums) in snapshot.totals_by(&compared.previous, dimension)? {
            match candidates.iter_mut().find(|candidate| candidate.key == key) {
                Some(candidate) => candidate.before = sums,
                None => candidates.push(Candidate { before: sums, ..candidate(key) }),
            }
        }
        let periods = Periods {
            before: snapshot.totals(&compared.previous)?.sums,
            after: snapshot.totals(&compared.current)?.sums,
        };
        Ok(trend::movers(&candidates, &periods, measure))
    }
}
