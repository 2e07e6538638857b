//! What does a finished trend look like: to whoever draws it, tabulates it or sends it on?
//!
//! `analysis` makes it, `draw` draws it, `wire` sends it; none of them knows the others.

use super::{Aggregate, Bucket, Counted, Key, Measure, Timestamp};

/// Low and high end of a 95 % interval, on the scale of the value.
pub type Interval = (f64, f64);

/// A measure of some feedback: the value, how sure it is, and what opens the feedback behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    pub sums: Aggregate,
    /// The feedbacks that the value rests on.
    pub n: u64,
    /// `None` where there is nothing to divide by.
    pub value: Option<f64>,
    /// Of shares and means; counts have none.
    pub interval: Option<Interval>,
    /// Too few to say much.
    pub small: bool,
    /// What opens with it: what it rests on, or, of a share that is about its hits, these.
    pub rows: Counted,
}

/// One measure over time, in a few series with the same buckets.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    pub measure: Measure,
    pub bucket: Bucket,
    /// The first moment that was asked for; the first bucket may begin before it.
    pub from: Timestamp,
    /// The first moment that was no longer asked for.
    pub to: Timestamp,
    /// Largest first, *Other* last.
    pub series: Vec<Series>,
    /// What was counted. Where one feedback has several values of a dimension (reasons, tags), it is in several series,
    /// and counts once here.
    pub rows: Counted,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// A value for each dimension that was split by; empty for *Other* and *All*.
    pub key: Key,
    pub label: String,
    pub kind: SeriesKind,
    /// Over all buckets.
    pub totals: Aggregate,
    pub value: Option<f64>,
    pub interval: Option<Interval>,
    pub small: bool,
    /// What the value rests on.
    pub rows: Counted,
    /// One for each bucket of the span, in order, also for buckets without feedback.
    pub points: Vec<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeriesKind {
    /// One value of the dimensions.
    Value,
    /// The sum of this many values that have no series of their own.
    Other { groups: u32 },
    /// Everything: nothing was split.
    All,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The bucket's first moment.
    pub start: Timestamp,
    /// The next bucket's first moment.
    pub end: Timestamp,
    pub sums: Aggregate,
    /// A count, a share on 0..1, or a mean score on 0..1; `None` where there is nothing to divide by.
    pub value: Option<f64>,
    /// Of shares and means; counts have none.
    pub interval: Option<Interval>,
    /// Too few to say much: shown greyed.
    pub small: bool,
    /// What the value rests on.
    pub rows: Counted,
    /// The bucket reaches beyond what was asked for or beyond what is known: shown dashed.
    pub unfinished: bool,
}

impl Series {
    /// The value over all buckets.
    pub fn measured(&self) -> Measured {
        let Self { totals, value, interval, small, rows, .. } = self;
        Measured { sums: *totals, n: rows.n, value: *value, interval: *interval, small: *small, rows: rows.clone() }
    }
}

impl Point {
    pub fn measured(&self) -> Measured {
        let Self { sums, value, interval, small, rows, .. } = self;
        Measured { sums: *sums, n: rows.n, value: *value, interval: *interval, small: *small, rows: rows.clone() }
    }
}
