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

pub use assemble::{SeriesChoice, TrendSpec, assemble};
pub use headline::{Headline, headline};
pub use movers::{Candidate, Change, Direction, Mover, MoverMeasure, Periods, movers};
pub use spark::sparks;

use crate::model::{Aggregate, Measure, trend::Interval};

/// Below this many feedbacks a share or a mean says little: its 95 % interval is some 40 points wide.
pub const SMALL_COUNT: u64 = 20;

/// What `measure` makes of sums: a count, a share on 0..1, or a mean on 0..1; `None` where there is nothing to
/// divide by.
pub fn value(measure: Measure, sums: &Aggregate) -> Option<f64> {
    match measure {
        Measure::Volume => Some(sums.n as f64),
        Measure::NegativeShare => (sums.n > 0).then(|| sums.negative as f64 / sums.n as f64),
        Measure::MeanScore => (sums.scored > 0).then(|| sums.score_sum / sums.scored as f64),
    }
}

/// The 95 % interval of [`value`]: Wilson for a share, normal for a mean, none for a count.
pub fn value_interval(measure: Measure, sums: &Aggregate) -> Option<Interval> {
    match measure {
        Measure::Volume => None,
        Measure::NegativeShare => interval::wilson(sums.negative, sums.n),
        Measure::MeanScore => {
            let (low, high) = interval::mean(sums.scored, sums.score_sum, sums.score_square_sum)?;
            Some((low.max(0.0), high.min(1.0)))
        }
    }
}

/// Whether `measure` rests on fewer than [`SMALL_COUNT`] feedbacks. A count is what it is, however small.
pub fn is_small(measure: Measure, sums: &Aggregate) -> bool {
    match measure {
        Measure::Volume => false,
        Measure::NegativeShare => sums.n < SMALL_COUNT,
        Measure::MeanScore => sums.scored < SMALL_COUNT,
    }
}
