//! A line as small as a word: no axis, no label, zero at the bottom.

use super::{
    Size, Slot, Theme, paint,
    scene::{Ink, Mark, Place, Scene},
};
use crate::error::{Error, Result};

/// Room for the stroke and the last dot.
const PADDING: f64 = 2.5;

/// As SVG of `size.width` x `size.height` CSS pixels; values below 0 count as 0. Without values the picture is
/// empty, with one it is a dot.
///
/// # Errors
/// [`crate::error::Kind::Input`] for a side below 8 pixels or above 6000.
pub fn sparkline(values: &[f64], slot: Slot, size: Size, theme: &Theme) -> Result<String> {
    if size.width.min(size.height) < 8 || size.width.max(size.height) > 6000 {
        return Err(Error::input(format!("a sparkline cannot be {} x {}", size.width, size.height)));
    }
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let max = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let step = (width - 2.0 * PADDING) / values.len().saturating_sub(1).max(1) as f64;
    let bottom = height - PADDING;
    let places: Vec<Place> = values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let part = if max > 0.0 && value.is_finite() { value.max(0.0) / max } else { 0.0 };
            let x = if values.len() == 1 { width - PADDING } else { PADDING + index as f64 * step };
            (x, bottom - part * (height - 2.0 * PADDING))
        })
        .collect();
    let colour = slot.colour(theme);
    let mut scene = Scene { size, background: None, marks: Vec::new() };
    if let (Some(&first), Some(&last)) = (places.first(), places.last()) {
        let mut area = places.clone();
        area.extend([(last.0, bottom), (first.0, bottom)]);
        scene.marks.push(Mark::Area { places: area, ink: Ink { colour, opacity: theme.band_opacity } });
        scene.line(places, colour, 1.0, 1.5);
        scene.marks.push(Mark::Disc { centre: last, radius: 2.0, ink: Ink::solid(colour) });
    }
    paint::svg(&scene)
}
