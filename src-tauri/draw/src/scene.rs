//! What is drawn, before anyone says on what? A list of marks in CSS pixels, from back to front.

use super::{
    Size,
    font::{self, Weight},
};

pub type Place = (f64, f64);

#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub size: Size,
    /// Painted under everything; `None` lets the page shine through.
    pub background: Option<&'static str>,
    pub marks: Vec<Mark>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Line { places: Vec<Place>, pen: Pen },
    Area { places: Vec<Place>, ink: Ink },
    Rect { from: Place, to: Place, ink: Ink },
    Disc { centre: Place, radius: f64, ink: Ink },
    Text(Text),
}

/// Colour (`#rrggbb`) and opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    pub colour: &'static str,
    pub opacity: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    pub ink: Ink,
    pub width: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    pub text: String,
    pub x: f64,
    pub baseline: f64,
    pub anchor: Anchor,
    pub size: f64,
    pub weight: Weight,
    pub colour: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Ink {
    pub const fn solid(colour: &'static str) -> Self {
        Self { colour, opacity: 1.0 }
    }
}

impl Scene {
    pub fn line(&mut self, places: Vec<Place>, colour: &'static str, opacity: f64, width: f64) {
        self.marks.push(Mark::Line { places, pen: Pen { ink: Ink { colour, opacity }, width } });
    }

    pub fn text(&mut self, text: Text) {
        if !text.text.is_empty() {
            self.marks.push(Mark::Text(text));
        }
    }

    /// A line of 3 on, 3 off along `places`.
    pub fn dashed(&mut self, places: &[Place], colour: &'static str, opacity: f64, width: f64) {
        for dash in dashes(places, 3.0, 3.0) {
            self.line(dash, colour, opacity, width);
        }
    }
}

impl Text {
    pub fn new(text: impl Into<String>, (x, baseline): Place, anchor: Anchor, colour: &'static str) -> Self {
        let text = font::one_line(&text.into());
        Self { text, x, baseline, anchor, size: super::TEXT_SIZE, weight: Weight::Regular, colour }
    }
}

/// The pieces of a polyline that a pattern of `on` and `off` pixels leaves.
fn dashes(places: &[Place], on: f64, off: f64) -> Vec<Vec<Place>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Place> = places.first().copied().into_iter().collect();
    let mut inked = true;
    let mut left = on;
    for pair in places.windows(2) {
        let ((mut x, mut y), (to_x, to_y)) = (pair[0], pair[1]);
        loop {
            let length = (to_x - x).hypot(to_y - y);
            if length <= left {
                left -= length;
                if inked {
                    piece.push((to_x, to_y));
                }
                break;
            }
            (x, y) = (x + (to_x - x) * left / length, y + (to_y - y) * left / length);
            if inked {
                piece.push((x, y));
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![(x, y)];
            }
            inked = !inked;
            left = if inked { on } else { off };
        }
    }
    if inked && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_run_on_around_corners() {
        let found = dashes(&[(0.0, 0.0), (4.0, 0.0), (4.0, 6.0)], 3.0, 3.0);
        assert_eq!(found, [vec![(0.0, 0.0), (3.0, 0.0)], vec![(4.0, 2.0), (4.0, 5.0)]]);
        assert!(dashes(&[(1.0, 1.0)], 3.0, 3.0).is_empty());
    }
}
