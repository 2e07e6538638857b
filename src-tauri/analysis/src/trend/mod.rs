//! Is it getting better or worse, and how sure are we?
//!
//! [`assemble`] lays sums per bucket and group out as series with values and intervals; [`movers`] compares two
//! periods and says what changed beyond chance; [`headline`] does so for one number. Functions from values to
//! values: no database, no files, and no clock (what is unfinished depends on a moment that the caller passes).

pub mod assemble;
pub mod bucket;
pub mod headline;
pub mod interval;
pub mod movers;
pub mod natural;
pub mod spark;

pub use assemble::{Apart, SeriesChoice, TrendSpec, assemble, own_keys};
pub use headline::{Headline, Side, headline};
pub use movers::{Candidate, Change, Direction, Mover, MoverMeasure, Periods, movers};
pub use spark::sparks;

use hearback_domain::{
    Aggregate, Counted, Filter, Measure,
    measure::Formula,
    trend::{Interval, Measured},
};

/// Below this many feedbacks a share or a mean says little: its 95 % interval is some 40 points wide.
pub const SMALL_COUNT: u64 = 20;

/// The 95 % interval of [`Measure::value`]: Wilson for a share, normal for a mean, none for a count.
pub fn value_interval(measure: Measure, sums: &Aggregate) -> Option<Interval> {
    match measure.spec().formula {
        Formula::Count(_) => None,
        Formula::Share { hits, of } => interval::wilson(hits(sums), of(sums)),
        Formula::Mean { of, sum, squares } => {
            let (low, high) = interval::mean(of(sums), sum(sums), squares(sums))?;
            Some((low.max(0.0), high.min(1.0)))
        }
    }
}

/// Whether `measure` rests on fewer than [`SMALL_COUNT`] feedbacks. A count is what it is, however small.
pub fn is_small(measure: Measure, sums: &Aggregate) -> bool {
    measure.spec().formula.has_interval() && measure.basis(sums) < SMALL_COUNT
}

/// What `measure` makes of the selection of `filter`, which has these sums; opening it opens what it rests on.
pub fn measured(measure: Measure, filter: &Filter, sums: &Aggregate) -> Measured {
    Measured {
        sums: *sums,
        n: measure.basis(sums),
        value: measure.value(sums),
        interval: value_interval(measure, sums),
        small: is_small(measure, sums),
        rows: measure.rests_on(filter, sums),
    }
}

/// `hits` of `n`, both of which may count something else than feedback. Opening it opens `rows`.
pub fn share(hits: u64, n: u64, rows: Counted) -> Measured {
    let sums = Aggregate { n, negative: hits, ..Aggregate::default() };
    Measured { rows, ..measured(Measure::NegativeShare, &Filter::default(), &sums) }
}
