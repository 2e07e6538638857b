//! How does a series of numbers become a picture that says where each of its points lies?
//!
//! A picture is determined by trend, spec, size and theme: same input, same bytes. It is laid out once as a
//! [`scene`] and then painted by plotters as SVG (screen, file) or PNG (file); [`Geometry`] goes with it, so that
//! whoever shows it can overlay pointer, keyboard and brush. No files, no clock, no fonts of the system.

pub mod font;
pub mod geometry;
pub mod labels;
mod lines;
mod marker;
mod paint;
mod panel;
mod png_file;
mod ranking;
pub mod scale;
pub mod scene;
pub mod slots;
mod stacked;
pub mod theme;
pub mod time_axis;

pub use geometry::{Geometry, LabelGeometry, PointGeometry, Rect};
pub use slots::Slot;
pub use theme::{DARK, LIGHT, Theme};

use hearback_domain::{
    Timestamp, Trend,
    error::{Error, Result},
};
use scene::Scene;

/// Of axes and labels, in CSS pixels.
pub const TEXT_SIZE: f64 = 11.0;
pub const TITLE_SIZE: f64 = 15.0;
/// What an empty picture says.
pub const EMPTY_TEXT: &str = "No feedback in this selection";

/// In CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    pub width: u32,
    pub height: u32,
    /// Pixels of a PNG per CSS pixel; SVG has no use for it.
    pub scale: f64,
}

impl Size {
    /// Smaller, there is no room for a single label; larger, nobody looks.
    pub const LIMITS: std::ops::RangeInclusive<u32> = 80..=6000;

    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height, scale: 2.0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line per series, with its interval as a band.
    Lines,
    /// Volume, whatever the measure of the trend: shares and means do not add up.
    Stacked,
    /// The value of each series over the whole span, largest first, *Other* last.
    Ranking,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ChartSpec {
    pub kind: Kind,
    /// Only for a file: on screen the window has the title.
    pub title: Option<Title>,
    /// One for each series, such as [`slots::assign`] gives; where there are too few, the place in the list counts.
    pub slots: Vec<Slot>,
    /// Moments to point out, such as releases.
    pub markers: Vec<Marker>,
}

impl ChartSpec {
    pub const fn new(kind: Kind) -> Self {
        Self { kind, title: None, slots: Vec::new(), markers: Vec::new() }
    }

    fn slot(&self, index: usize, trend: &Trend) -> Slot {
        self.slots.get(index).copied().unwrap_or_else(|| match trend.series[index].kind {
            hearback_domain::SeriesKind::Other { .. } => Slot::Other,
            _ => Slot::at(index),
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// A sentence.
    pub title: String,
    /// Unit, filter, span.
    pub subtitle: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    pub moment: Timestamp,
    pub label: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub svg: String,
    pub geometry: Geometry,
}

/// As SVG. With a title it has a background of its own; without, the page shines through.
///
/// # Errors
/// [`hearback_domain::error::Kind::Input`] for a size outside of [`Size::LIMITS`].
pub fn draw_trend(trend: &Trend, spec: &ChartSpec, size: Size, theme: &Theme) -> Result<Picture> {
    let (scene, geometry) = compose(trend, spec, size, theme)?;
    Ok(Picture { svg: paint::svg(&scene)?, geometry })
}

/// The same picture as the bytes of a PNG file of `size` times `size.scale` pixels.
///
/// # Errors
/// As [`draw_trend`].
pub fn png(trend: &Trend, spec: &ChartSpec, size: Size, theme: &Theme) -> Result<Vec<u8>> {
    let (mut scene, _) = compose(trend, spec, size, theme)?;
    scene.background = Some(theme.bg);
    paint::png(&scene)
}

fn compose(trend: &Trend, spec: &ChartSpec, size: Size, theme: &Theme) -> Result<(Scene, Geometry)> {
    check(size)?;
    Ok(match spec.kind {
        _ if trend.rows.n == 0 => panel::empty(trend, spec, size, theme),
        Kind::Lines => lines::compose(trend, spec, size, theme),
        Kind::Stacked => stacked::compose(trend, spec, size, theme),
        Kind::Ranking => ranking::compose(trend, spec, size, theme),
    })
}

fn check(size: Size) -> Result<()> {
    let fits = Size::LIMITS.contains(&size.width) && Size::LIMITS.contains(&size.height);
    if fits && (0.5..=4.0).contains(&size.scale) {
        Ok(())
    } else {
        Err(Error::input(format!("a chart cannot be {} x {} at scale {}", size.width, size.height, size.scale)).hint(
            format!("each side has {} to {} pixels, the scale is 0.5 to 4", Size::LIMITS.start(), Size::LIMITS.end()),
        ))
    }
}

#[cfg(test)]
mod tests;
