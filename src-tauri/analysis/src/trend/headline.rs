//! One number: what is it now, what was it before, and is that a change?

use super::{Direction, interval, measured};
use hearback_domain::{
    Aggregate, Filter, Measure,
    measure::{Formula, Rise},
    trend::{Interval, Measured},
};

#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    pub measure: Measure,
    /// Opening them opens the hits of a share, of everything else what it rests on.
    pub now: Measured,
    pub before: Measured,
    pub change: Option<HeadlineChange>,
    pub direction: Direction,
}

/// A selection and its sums.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub filter: &'a Filter,
    pub sums: &'a Aggregate,
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
pub fn headline(measure: Measure, now: Side<'_>, before: Side<'_>) -> Headline {
    let side = |side: Side<'_>| Measured {
        rows: measure.hits(side.filter, side.sums),
        ..measured(measure, side.filter, side.sums)
    };
    let (shown, shown_before) = (side(now), side(before));
    let (now, before) = (now.sums, before.sums);
    let (after, base) = (shown.value, shown_before.value);
    let change = match measure.spec().formula {
        Formula::Count(count) => (count(before) > 0).then(|| HeadlineChange {
            difference: count(now) as f64 / count(before) as f64 - 1.0,
            interval: interval::ratio(count(now), count(before)).map(|(low, high)| (low - 1.0, high - 1.0)),
        }),
        Formula::Share { hits, of } => after.zip(base).map(|(after, base)| HeadlineChange {
            difference: after - base,
            interval: interval::difference(hits(now), of(now), hits(before), of(before)),
        }),
        Formula::Mean { .. } => after.zip(base).map(|(after, base)| HeadlineChange {
            difference: after - base,
            interval: mean_difference(measure, now, before),
        }),
    };
    Headline {
        measure,
        now: shown,
        before: shown_before,
        change,
        direction: change.map_or(Direction::Unclear, |change| direction(measure, change)),
    }
}

/// The normal interval of a difference of two means with unequal spreads.
fn mean_difference(measure: Measure, now: &Aggregate, before: &Aggregate) -> Option<Interval> {
    let Formula::Mean { of, sum, squares } = measure.spec().formula else { return None };
    let variance_of = |sums: &Aggregate| interval::mean_variance(of(sums), sum(sums), squares(sums));
    let variance = variance_of(now)? + variance_of(before)?;
    let middle = measure.value(now)? - measure.value(before)?;
    let half = interval::Z * variance.sqrt();
    Some((middle - half, middle + half))
}

fn direction(measure: Measure, change: HeadlineChange) -> Direction {
    let rises = match change.interval {
        Some((low, _)) if low > 0.0 => true,
        Some((_, high)) if high < 0.0 => false,
        _ => return Direction::Unclear,
    };
    match (measure.spec().rise, rises) {
        (Rise::Neither, true) => Direction::Higher,
        (Rise::Neither, false) => Direction::Lower,
        (Rise::Worse, true) | (Rise::Better, false) => Direction::Worse,
        (Rise::Worse, false) | (Rise::Better, true) => Direction::Better,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headline(measure: Measure, now: &Aggregate, before: &Aggregate) -> Headline {
        let filter = Filter::default();
        super::headline(measure, Side { filter: &filter, sums: now }, Side { filter: &filter, sums: before })
    }

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
        assert_eq!((found.change, found.direction, found.before.n), (None, Direction::Unclear, 0));
        assert_eq!(headline(Measure::NegativeShare, &Aggregate::default(), &sums(5, 1, 0.5)).now.value, None);
    }
}
