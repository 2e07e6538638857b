//! What changed between two periods, and which of it is more than chance?
//!
//! Any values of one dimension can be compared: themes, versions, reasons; and any two groups of feedback: this
//! period and the one before, one version and all others.

use super::{interval, natural, share};
use hearback_domain::{
    Aggregate, Counted, Filter, Measure,
    trend::{Interval, Measured},
};

/// The highest share of false alarms accepted among the movers called clear.
pub const FALSE_DISCOVERY_RATE: f64 = 0.05;

/// All feedback of the two periods: what shares are shares of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Periods {
    pub before: Aggregate,
    pub after: Aggregate,
}

/// One value of the dimension in both periods.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The value; `None` for "has none".
    pub key: Option<String>,
    pub label: String,
    pub before: Aggregate,
    pub after: Aggregate,
    /// What opens its feedback in either period.
    pub filter_before: Filter,
    pub filter_after: Filter,
}

/// What movers are ranked and tested by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MoverMeasure {
    /// Its negative feedback among all feedback with a polarity: how often anyone complains about this. For themes and reasons.
    #[default]
    NegativeRate,
    /// Its feedback among all feedback. More is neither good nor bad.
    Share,
    /// Its negative feedback among its own. For versions, environments, roles.
    NegativeShare,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Mover {
    pub key: Option<String>,
    pub label: String,
    pub before: Aggregate,
    pub after: Aggregate,
    /// Its negative feedback among all feedback with a polarity, in both periods: what `negative_rate` is the change of.
    pub complaints_before: Measured,
    pub complaints_after: Measured,
    /// `None` where a period has no feedback at all.
    pub share: Option<Change>,
    pub negative_rate: Option<Change>,
    /// `None` where a period has none of this value.
    pub negative_share: Option<Change>,
    /// Of the measure ranked by, adjusted for the length of the list.
    pub q_value: f64,
    /// The interval excludes 0, and so does the list as a whole after adjustment.
    pub clear: bool,
    /// [`Direction::Unclear`] unless `clear`.
    pub direction: Direction,
}

/// A share before and after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    pub before: f64,
    pub after: f64,
    /// `after - before`; times 100 it is in percentage points.
    pub difference: f64,
    /// 95 %, by Newcombe's method 10.
    pub interval: Interval,
    /// Two-sided, unadjusted.
    pub p_value: f64,
}

impl Change {
    /// Of `hits / n` against `base_hits / base_n`. `None` where either has nothing to divide by.
    pub fn between(hits: u64, n: u64, base_hits: u64, base_n: u64) -> Option<Self> {
        let interval = interval::difference(hits, n, base_hits, base_n)?;
        let (before, after) = (base_hits as f64 / base_n as f64, hits as f64 / n as f64);
        let p_value = interval::difference_p(hits, n, base_hits, base_n);
        Some(Self { before, after, difference: after - before, interval, p_value })
    }

    pub fn excludes_zero(&self) -> bool {
        self.interval.0 > 0.0 || self.interval.1 < 0.0
    }
}

/// Up is not good: what a change means, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Worse,
    Better,
    /// More, of what is neither good nor bad.
    Higher,
    /// Less, of what is neither good nor bad.
    Lower,
    /// No change beyond chance.
    Unclear,
}

/// Compares each candidate, and ranks: clear ones first, then by the size of the change, then by label.
pub fn movers(candidates: &[Candidate], periods: &Periods, measure: MoverMeasure) -> Vec<Mover> {
    let mut found: Vec<Mover> = candidates.iter().map(|candidate| compare(candidate, periods)).collect();
    let p_values: Vec<f64> =
        found.iter().map(|mover| change_of(mover, measure).map_or(1.0, |change| change.p_value)).collect();
    for (mover, q_value) in found.iter_mut().zip(interval::benjamini_hochberg(&p_values)) {
        mover.q_value = q_value;
        if let Some(change) = change_of(mover, measure) {
            mover.clear = change.excludes_zero() && q_value <= FALSE_DISCOVERY_RATE;
            if mover.clear {
                mover.direction = direction(measure, change.difference);
            }
        }
    }
    found.sort_by(|a, b| {
        let size = |mover: &Mover| change_of(mover, measure).map_or(0.0, |change| change.difference.abs());
        b.clear
            .cmp(&a.clear)
            .then_with(|| size(b).total_cmp(&size(a)))
            .then_with(|| natural::compare(&a.label, &b.label))
            .then_with(|| a.key.cmp(&b.key))
    });
    found
}

fn compare(candidate: &Candidate, periods: &Periods) -> Mover {
    let (before, after) = (candidate.before, candidate.after);
    let complaints = |sums: &Aggregate, all: &Aggregate, filter| {
        let Counted { n, filter } = Measure::NegativeShare.hits(filter, sums);
        share(n, all.judged(), Counted { n, filter })
    };
    Mover {
        key: candidate.key.clone(),
        label: candidate.label.clone(),
        before,
        after,
        complaints_before: complaints(&before, &periods.before, &candidate.filter_before),
        complaints_after: complaints(&after, &periods.after, &candidate.filter_after),
        share: Change::between(after.n, periods.after.n, before.n, periods.before.n),
        negative_rate: Change::between(
            after.negative,
            periods.after.judged(),
            before.negative,
            periods.before.judged(),
        ),
        negative_share: Change::between(after.negative, after.judged(), before.negative, before.judged()),
        q_value: 1.0,
        clear: false,
        direction: Direction::Unclear,
    }
}

fn change_of(mover: &Mover, measure: MoverMeasure) -> Option<Change> {
    match measure {
        MoverMeasure::NegativeRate => mover.negative_rate,
        MoverMeasure::Share => mover.share,
        MoverMeasure::NegativeShare => mover.negative_share,
    }
}

fn direction(measure: MoverMeasure, difference: f64) -> Direction {
    match (measure, difference > 0.0) {
        (MoverMeasure::Share, true) => Direction::Higher,
        (MoverMeasure::Share, false) => Direction::Lower,
        (MoverMeasure::NegativeRate | MoverMeasure::NegativeShare, true) => Direction::Worse,
        (MoverMeasure::NegativeRate | MoverMeasure::NegativeShare, false) => Direction::Better,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(n: u64, negative: u64) -> Aggregate {
        Aggregate { n, negative, ..Aggregate::default() }
    }

    fn candidate(label: &str, before: (u64, u64), after: (u64, u64)) -> Candidate {
        Candidate {
            key: Some(label.to_owned()),
            label: label.to_owned(),
            before: sums(before.0, before.1),
            after: sums(after.0, after.1),
            filter_before: Filter::default(),
            filter_after: Filter::default(),
        }
    }

    #[test]
    fn a_regression_leads_and_noise_is_called_noise() {
        let periods = Periods { before: sums(10_434, 1800), after: sums(11_204, 2300) };
        let found = movers(
            &[
                candidate("steady", (500, 400), (530, 430)),
                candidate("refund", (300, 240), (800, 683)),
                candidate("fixed", (400, 350), (100, 80)),
                candidate("new", (0, 0), (3, 3)),
            ],
            &periods,
            MoverMeasure::NegativeRate,
        );
        let seen: Vec<_> = found.iter().map(|mover| (mover.label.as_str(), mover.direction)).collect();
        assert_eq!(
            seen,
            [
                ("refund", Direction::Worse),
                ("fixed", Direction::Better),
                ("new", Direction::Unclear),
                ("steady", Direction::Unclear),
            ]
        );
        // Reference: Newcombe's method 10 on 683 of 11 204 against 240 of 10 434, computed in Python.
        let change = found[0].negative_rate.expect("both periods have feedback");
        assert!((change.interval.0 - 0.032_698).abs() < 1e-6 && (change.interval.1 - 0.043_280).abs() < 1e-6);
        assert!((change.difference - 0.037_958).abs() < 1e-6);
    }

    #[test]
    fn one_borderline_change_among_many_is_not_clear() {
        let periods = Periods { before: sums(1000, 100), after: sums(1000, 100) };
        let lone = [candidate("a", (40, 40), (62, 62))];
        assert!(movers(&lone, &periods, MoverMeasure::NegativeRate)[0].clear);
        let mut crowd: Vec<Candidate> = (0..40).map(|i| candidate(&format!("c{i}"), (20, 20), (20, 20))).collect();
        crowd.extend(lone);
        let found = movers(&crowd, &periods, MoverMeasure::NegativeRate);
        assert_eq!(found[0].label, "a");
        assert!(!found[0].clear && found[0].q_value > 0.5);
        assert_eq!(found[1].label, "c0");
        assert_eq!(found[40].label, "c39");
    }

    #[test]
    fn more_feedback_is_neither_worse_nor_better() {
        let periods = Periods { before: sums(1000, 100), after: sums(1000, 100) };
        let found = movers(&[candidate("praise", (10, 0), (100, 0))], &periods, MoverMeasure::Share);
        assert_eq!(found[0].direction, Direction::Higher);
    }

    #[test]
    fn an_empty_period_is_compared_with_nothing() {
        let periods = Periods { before: sums(0, 0), after: sums(1000, 100) };
        let found = movers(&[candidate("a", (0, 0), (100, 80))], &periods, MoverMeasure::NegativeRate);
        assert_eq!((found[0].share, found[0].clear), (None, false));
    }
}
