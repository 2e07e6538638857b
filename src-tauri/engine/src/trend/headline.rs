//! One number: what is it now, what was it before, and is that a change?

use super::{Direction, interval, value, value_interval};
use crate::model::{Aggregate, Measure, trend::Interval};

#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    pub measure: Measure,
    pub now: Option<f64>,
    /// Of `now`.
    pub interval: Option<Interval>,
    pub before: Option<f64>,
    pub change: Option<HeadlineChange>,
    pub direction: Direction,
    pub n_now: u64,
    pub n_before: u64,
}

/// On the scale of the measure for shares (times 100: percentage points) and means; for a volume relative to
/// the period before: 0.08 is 8 % more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadlineChange {
    pub difference: f64,
    /// 95 %; `None` where too little is known.
    pub interval: Option<Interval>,
}

/// Compares two equally long periods. A change whose interval holds 0 is [`Direction::Unclear`].
///
/// Volume counts feedbacks as if they came independently; they come in bursts, so its interval is a lower bound.
pub fn headline(measure: Measure, now: &Aggregate, before: &Aggregate) -> Headline {
    let change = match measure {
        Measure::Volume => (before.n > 0).then(|| HeadlineChange {
            difference: now.n as f64 / before.n as f64 - 1.0,
            interval: interval::ratio(now.n, before.n).map(|(low, high)| (low - 1.0, high - 1.0)),
        }),
        Measure::NegativeShare => value(measure, now).zip(value(measure, before)).map(|(after, base)| HeadlineChange {
            difference: after - base,
            interval: interval::difference(now.negative, now.n, before.negative, before.n),
        }),
        Measure::MeanScore => value(measure, now)
            .zip(value(measure, before))
            .map(|(after, base)| HeadlineChange { difference: after - base, interval: mean_difference(now, before) }),
    };
    Headline {
        measure,
        now: value(measure, now),
        interval: value_interval(measure, now),
        before: value(measure, before),
        change,
        direction: change.map_or(Direction::Unclear, |change| direction(measure, change)),
        n_now: now.n,
        n_before: before.n,
    }
}

/// The normal interval of a difference of two means with unequal spreads.
fn mean_difference(now: &Aggregate, before: &Aggregate) -> Option<Interval> {
    let variance = interval::mean_variance(now.scored, now.score_sum, now.score_square_sum)?
        + interval::mean_variance(before.scored, before.score_sum, before.score_square_sum)?;
    let middle = now.score_sum / now.scored as f64 - before.score_sum / before.scored as f64;
    let half = interval::Z * variance.sqrt();
    Some((middle - half, middle + half))
}

fn direction(measure: Measure, change: HeadlineChange) -> Direction {
    let rises = match change.interval {
        Some((low, _)) if low > 0.0 => true,
        Some((_, high)) if high < 0.0 => false,
        _ => return Direction::Unclear,
    };
    match (measure, rises) {
        (Measure::Volume, true) => Direction::Higher,
        (Measure::Volume, false) => Direction::Lower,
        (Measure::NegativeShare, true) | (Measure::MeanScore, false) => Direction::Worse,
        (Measure::NegativeShare, false) | (Measure::MeanScore, true) => Direction::Better,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(n: u64, negative: u64, mean: f64) -> Aggregate {
        // Half of the scores 0.1 above the mean, half below.
        let square = mean * mean + 0.01;
        Aggregate {
            n,
            negative,
            scored: n,
            score_sum: n as f64 * mean,
            score_square_sum: n as f64 * square,
            ..Aggregate::default()
        }
    }

    #[test]
    fn the_words_follow_from_what_the_number_means() {
        let (before, after) = (sums(10_000, 1600, 0.8), sums(11_204, 2062, 0.78));
        let of = |measure| headline(measure, &after, &before);
        assert_eq!(of(Measure::Volume).direction, Direction::Higher);
        assert_eq!(of(Measure::NegativeShare).direction, Direction::Worse);
        assert_eq!(of(Measure::MeanScore).direction, Direction::Worse);
        let volume = of(Measure::Volume).change.expect("a change");
        assert!((volume.difference - 0.1204).abs() < 1e-12);
        assert_eq!(headline(Measure::NegativeShare, &before, &after).direction, Direction::Better);
    }

    #[test]
    fn a_mean_within_its_noise_is_no_clear_change() {
        // Two standard errors of 0.1 / sqrt(99) each: the half width is 1.96 * sqrt(2 / 99) * 0.1 = 0.0279.
        let found = headline(Measure::MeanScore, &sums(100, 0, 0.52), &sums(100, 0, 0.5));
        let (low, high) = found.change.and_then(|change| change.interval).expect("an interval");
        assert!((high - low - 2.0 * 0.027_858).abs() < 1e-4, "{low} {high}");
        assert_eq!(found.direction, Direction::Unclear);
    }

    #[test]
    fn nothing_before_is_no_change() {
        let found = headline(Measure::Volume, &sums(5, 1, 0.5), &Aggregate::default());
        assert_eq!((found.change, found.direction, found.n_before), (None, Direction::Unclear, 0));
        assert_eq!(headline(Measure::NegativeShare, &Aggregate::default(), &sums(5, 1, 0.5)).now, None);
    }
}
