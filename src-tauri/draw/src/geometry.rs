//! Where in the picture does each thing lie, and what does it stand for?
//!
//! All positions are CSS pixels of the drawn size, from the top left, to one decimal: enough for an overlay that
//! follows the pointer, walks points by keyboard and brushes, without knowing any scale.

#[derive(Clone, Debug, PartialEq)]
pub struct Geometry {
    pub width: f64,
    pub height: f64,
    /// Nothing to show: axes and a sentence only.
    pub empty: bool,
    /// Where data is drawn.
    pub frame: Rect,
    /// The value at the far end of the value axis, which begins at 0.
    pub reach: f64,
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
pub struct PointGeometry {
    /// Index of its series.
    pub series: usize,
    /// Index into the points of its series; `None` in a ranking, whose bars are whole series.
    pub point: Option<usize>,
    pub x: f64,
    /// `None` where there is no value.
    pub y: Option<f64>,
    /// Of a bar.
    pub rect: Option<Rect>,
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
