//! What changed, between two periods or two model versions?

use super::{Project, themes};
use crate::{
    error::Result,
    model::{Condition, Dimension, Filter, Measure, Timestamp, filter::Exclude, rows::Aggregate},
    trend::{self, Candidate, Change, Headline, Mover, MoverMeasure, Periods},
};

/// Four weeks: long enough for weekly habits to even out, short enough to be news.
const DEFAULT_PERIOD_MICROS: i64 = 28 * 24 * 3600 * 1_000_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// The filter's span (or the last four weeks of data) against the time of the same length before it.
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
    pub mean_score: Headline,
    pub turns: TurnCoverage,
    /// Themes by the change of their complaint rate: clear changes first, biggest first.
    pub movers: Vec<Mover>,
}

/// Turns with feedback among all turns.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnCoverage {
    pub current: (u64, u64),
    pub previous: (u64, u64),
    pub change: Option<Change>,
}

impl Project {
    /// The two selections that `comparison` means for `filter`.
    pub fn compared(&self, filter: &Filter, comparison: &Comparison) -> Result<Compared> {
        match comparison {
            Comparison::ModelVersion { current, previous } => {
                let only = |version: &str| {
                    let mut filter = filter.clone();
                    filter.conditions.retain(|condition| condition.dimension != Dimension::ModelVersion);
                    filter.conditions.push(Condition {
                        dimension: Dimension::ModelVersion,
                        values: vec![Some(version.to_owned())],
                        exclude: Exclude::No,
                    });
                    filter
                };
                Ok(Compared { current: only(current), previous: only(previous) })
            }
            Comparison::PreviousPeriod => {
                let Some((first, to)) = self.span(filter)? else {
                    return Ok(Compared { current: filter.clone(), previous: filter.clone() });
                };
                let from = filter.from.unwrap_or_else(|| first.max(to.plus_micros(-DEFAULT_PERIOD_MICROS)));
                let before = from.plus_micros(from.micros() - to.micros());
                let during =
                    |from: Timestamp, to: Timestamp| Filter { from: Some(from), to: Some(to), ..filter.clone() };
                Ok(Compared { current: during(from, to), previous: during(before, from) })
            }
        }
    }

    pub fn overview(&self, filter: &Filter, comparison: &Comparison) -> Result<Overview> {
        let compared = self.compared(filter, comparison)?;
        let current = self.workspace.totals(&compared.current)?.sums;
        let previous = self.workspace.totals(&compared.previous)?.sums;
        let turns_now = self.workspace.turn_coverage(&compared.current)?;
        let turns_before = self.workspace.turn_coverage(&compared.previous)?;
        let movers = self
            .movers(&compared, Dimension::Theme, MoverMeasure::NegativeRate)?
            .into_iter()
            .filter(|mover| themes::is_theme(mover.key.as_deref()))
            .collect();
        Ok(Overview {
            volume: trend::headline(Measure::Volume, &current, &previous),
            negative_share: trend::headline(Measure::NegativeShare, &current, &previous),
            mean_score: trend::headline(Measure::MeanScore, &current, &previous),
            turns: TurnCoverage {
                current: turns_now,
                previous: turns_before,
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
        let names = self.workspace.names(dimension)?;
        let mut candidates = Vec::<Candidate>::new();
        for (key, sums) in self.workspace.totals_by(&compared.current, dimension)? {
            let label = crate::store::label(dimension, key.as_deref(), &names);
            candidates.push(Candidate { key, label, before: Aggregate::default(), after: sums });
        }
        for (key, sums) in self.workspace.totals_by(&compared.previous, dimension)? {
            match candidates.iter_mut().find(|candidate| candidate.key == key) {
                Some(candidate) => candidate.before = sums,
                None => {
                    let label = crate::store::label(dimension, key.as_deref(), &names);
                    candidates.push(Candidate { key, label, before: sums, after: Aggregate::default() });
                }
            }
        }
        let periods = Periods {
            before: self.workspace.totals(&compared.previous)?.sums,
            after: self.workspace.totals(&compared.current)?.sums,
        };
        Ok(trend::movers(&candidates, &periods, measure))
    }
}
