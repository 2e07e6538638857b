//! Where in the picture does each thing lie, and what does it stand for?
//!
//! All positions are CSS pixels of the drawn size, from the top left, to one decimal: enough for an overlay that
//! follows the pointer, walks points by keyboard and brushes, without knowing any scale.

use crate::model::{Measure, Timestamp, trend::Interval};

use super::Slot;

#[derive(Clone, Debug, PartialEq)]
pub struct Geometry {
    pub width: f64,
    pub height: f64,
    /// Nothing to show: axes and a sentence only.
    pub empty: bool,
    /// Where data is drawn.
    pub frame: Rect,
    pub x: Axis,
    pub y: Axis,
    /// One for each series of the trend, in its order.
    pub series: Vec<SeriesGeometry>,
    /// In reading order: series by series, each by time. Ranking: one for each row shown, from the top.
    pub points: Vec<PointGeometry>,
    /// The direct labels, from the top.
    pub labels: Vec<LabelGeometry>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    #[must_use]
    pub fn rounded(self) -> Self {
        Self { x: tenth(self.x), y: tenth(self.y), width: tenth(self.width), height: tenth(self.height) }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub domain: Domain,
    pub ticks: Vec<Tick>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    Time {
        from: Timestamp,
        to: Timestamp,
    },
    /// From 0 to `max`, in units of the measure.
    Value {
        measure: Measure,
        max: f64,
    },
    /// The names of the series.
    Names,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Along its axis.
    pub position: f64,
    pub label: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SeriesGeometry {
    pub index: usize,
    pub key: Vec<Option<String>>,
    pub label: String,
    pub slot: Slot,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PointGeometry {
    /// Index of its series.
    pub series: usize,
    pub x: f64,
    /// `None` where there is no value.
    pub y: Option<f64>,
    /// Of the low and the high end of the interval. In a ranking these lie along x.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Of a bar.
    pub rect: Option<Rect>,
    /// The bucket; of a ranking the whole span.
    pub start: Timestamp,
    pub end: Timestamp,
    pub value: Option<f64>,
    pub interval: Option<Interval>,
    pub n: u64,
    pub small: bool,
    pub unfinished: bool,
    /// The value lies above the axis, and the point at its edge.
    pub beyond: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LabelGeometry {
    pub series: usize,
    /// As drawn: with `…` where the name was too long.
    pub text: String,
    pub rect: Rect,
}

/// To one decimal.
pub fn tenth(value: f64) -> f64 {
    // Adding 0 turns a negative zero into a plain one.
    (value * 10.0).round() / 10.0 + 0.0
}
