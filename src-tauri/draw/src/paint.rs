//! How does a scene become SVG or PNG? Through plotters' two backends, whose coordinates are whole numbers: both
//! are drawn several times larger and shown at their size, SVG by its view box, PNG by averaging pixels.

use ab_glyph::{Font, Glyph, ScaleFont};
use plotters::{
    prelude::{BitMapBackend, DrawingBackend, RGBColor, SVGBackend},
    style::{Color, FontDesc, FontFamily, FontStyle, ShapeStyle, TextStyle, text_anchor},
};

use super::{
    font::{self, FAMILY, Weight},
    png_file,
    scene::{Anchor, Ink, Mark, Place, Scene, Text},
    theme,
};
use hearback_domain::error::{Error, Result};

/// SVG units per CSS pixel.
const SVG_UNITS: f64 = 4.0;
/// Pixels drawn for one pixel kept, along each side, in a PNG.
const OVERSAMPLING: u32 = 3;
/// Where plotters puts the baseline below the top of a text, in ems.
const SVG_TOP_TO_BASELINE: f64 = 0.76;
/// What plotters divides a font size by when it writes SVG.
const SVG_FONT_DIVISOR: f64 = 1.24;

/// # Errors
/// [`hearback_domain::error::Kind::Internal`] when plotters cannot draw.
pub fn svg(scene: &Scene) -> Result<String> {
    let (width, height) = (scene.size.width, scene.size.height);
    let drawn = (pixels(width, SVG_UNITS)?, pixels(height, SVG_UNITS)?);
    let mut raw = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut raw, drawn);
        if let Some(colour) = scene.background {
            let far = (drawn.0 as i32, drawn.1 as i32);
            backend.draw_rect((0, 0), far, &style(Ink::solid(colour), 0), true).map_err(failed)?;
        }
        for mark in &scene.marks {
            match mark {
                Mark::Text(text) => svg_text(&mut backend, text)?,
                shape => draw_shape(&mut backend, shape, SVG_UNITS)?,
            }
        }
        backend.present().map_err(failed)?;
    }
    // The first line is plotters' root element with the drawn size; ours has the shown one.
    let body = raw.split_once('\n').map_or("", |(_, body)| body);
    let body = tidy_font_sizes(&body.replace(" opacity=\"1\"", ""), scene);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         stroke-linejoin=\"round\">\n{body}",
        drawn.0, drawn.1
    ))
}

/// # Errors
/// [`hearback_domain::error::Kind::Internal`] when plotters cannot draw, or the bundled font cannot be read.
pub fn png(scene: &Scene) -> Result<Vec<u8>> {
    let size = scene.size;
    let (width, height) = (pixels(size.width, size.scale)?, pixels(size.height, size.scale)?);
    let (wide, high) = (width * OVERSAMPLING, height * OVERSAMPLING);
    let scale = size.scale * f64::from(OVERSAMPLING);
    let (red, green, blue) = theme::rgb(scene.background.unwrap_or(theme::LIGHT.bg));
    let mut drawn = [red, green, blue].repeat(wide as usize * high as usize);
    {
        let mut backend = BitMapBackend::with_buffer(&mut drawn, (wide, high));
        for mark in &scene.marks {
            match mark {
                Mark::Text(text) => bitmap_text(&mut backend, text, scale)?,
                shape => draw_shape(&mut backend, shape, scale)?,
            }
        }
        backend.present().map_err(failed)?;
    }
    png_file::encode(&average(&drawn, wide as usize, OVERSAMPLING as usize), width, height, size.scale)
}

fn draw_shape<B: DrawingBackend<ErrorType: 'static>>(backend: &mut B, mark: &Mark, scale: f64) -> Result<()> {
    let at = |place: Place| ((place.0 * scale).round() as i32, (place.1 * scale).round() as i32);
    match mark {
        Mark::Line { places, pen } => {
            let path = distinct(places.iter().map(|place| at(*place)));
            if path.len() > 1 {
                let width = ((pen.width * scale).round() as u32).max(1);
                backend.draw_path(path, &style(pen.ink, width)).map_err(failed)?;
            }
        }
        Mark::Area { places, ink } => {
            let path = distinct(places.iter().map(|place| at(*place)));
            if path.len() > 2 {
                backend.fill_polygon(path, &style(*ink, 0)).map_err(failed)?;
            }
        }
        Mark::Rect { from, to, ink } => {
            backend.draw_rect(at(*from), at(*to), &style(*ink, 0), true).map_err(failed)?;
        }
        Mark::Disc { centre, radius, ink } => {
            let radius = (radius * scale).round() as u32;
            backend.draw_circle(at(*centre), radius, &style(*ink, 0), true).map_err(failed)?;
        }
        Mark::Text(_) => {}
    }
    Ok(())
}

/// Without repeated neighbours: a stroke of no length has no direction, which plotters' rasterizer needs.
fn distinct(places: impl Iterator<Item = (i32, i32)>) -> Vec<(i32, i32)> {
    let mut path: Vec<(i32, i32)> = places.collect();
    path.dedup();
    path
}

fn svg_text(backend: &mut SVGBackend<'_>, text: &Text) -> Result<()> {
    use text_anchor::{HPos, Pos, VPos};
    let weight = match text.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::SemiBold => FontStyle::Bold,
    };
    let horizontal = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let size = text.size * SVG_UNITS;
    let font = FontDesc::new(FontFamily::Name(FAMILY), size * SVG_FONT_DIVISOR, weight);
    let ink = colour(text.colour);
    let style = TextStyle::from(font).color(&ink).pos(Pos::new(horizontal, VPos::Top));
    let top = (text.baseline * SVG_UNITS - size * SVG_TOP_TO_BASELINE).round() as i32;
    backend.draw_text(&text.text, &style, ((text.x * SVG_UNITS).round() as i32, top)).map_err(failed)
}

/// Font sizes as they are meant: plotters divides by 1.24 and writes 44.00000000000001. Quotes inside of texts are
/// escaped, so only attributes can match.
fn tidy_font_sizes(body: &str, scene: &Scene) -> String {
    let mut sizes: Vec<f64> = Vec::new();
    for mark in &scene.marks {
        if let Mark::Text(text) = mark
            && !sizes.contains(&text.size)
        {
            sizes.push(text.size);
        }
    }
    sizes.into_iter().fold(body.to_owned(), |body, size| {
        let size = size * SVG_UNITS;
        let written = size * SVG_FONT_DIVISOR / SVG_FONT_DIVISOR;
        body.replace(&format!("font-size=\"{written}\""), &format!("font-size=\"{size}\""))
    })
}

/// Glyph by glyph through ab_glyph: plotters' own drops the space before each glyph, so that narrow letters stick
/// to their neighbours.
fn bitmap_text(backend: &mut BitMapBackend<'_>, text: &Text, scale: f64) -> Result<()> {
    let face = font::face(text.weight).ok_or_else(|| Error::internal("the bundled font cannot be read"))?;
    let size = font::scale(face, text.size * scale);
    let scaled = face.as_scaled(size);
    let width = font::width(&text.text, text.size, text.weight);
    let start = match text.anchor {
        Anchor::Start => text.x,
        Anchor::Middle => text.x - width / 2.0,
        Anchor::End => text.x - width,
    };
    let ink = colour(text.colour);
    let (columns, rows) = backend.get_size();
    let mut x = (start * scale) as f32;
    let y = (text.baseline * scale).round() as f32;
    for character in text.text.chars() {
        let id = scaled.glyph_id(character);
        let glyph: Glyph = id.with_scale_and_position(size, ab_glyph::point(x, y));
        if let Some(outline) = scaled.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let mut failure = None;
            outline.draw(|column, row, coverage| {
                let (px, py) = (bounds.min.x as i32 + column as i32, bounds.min.y as i32 + row as i32);
                if px >= 0 && py >= 0 && px < columns as i32 && py < rows as i32 {
                    let blended = ink.mix(f64::from(coverage.min(1.0))).to_backend_color();
                    if let Err(error) = backend.draw_pixel((px, py), blended) {
                        failure = Some(failed(error));
                    }
                }
            });
            if let Some(error) = failure {
                return Err(error);
            }
        }
        x += scaled.h_advance(id);
    }
    Ok(())
}

/// Every `side` x `side` pixels become one.
fn average(drawn: &[u8], width: usize, side: usize) -> Vec<u8> {
    let pixels = (side * side) as u32;
    let mut kept = Vec::with_capacity(drawn.len() / (side * side));
    for rows in drawn.chunks_exact(width * 3 * side) {
        for column in (0..width).step_by(side) {
            for channel in 0..3 {
                let mut sum = 0;
                for row in rows.chunks_exact(width * 3) {
                    for offset in 0..side {
                        sum += u32::from(row[(column + offset) * 3 + channel]);
                    }
                }
                kept.push(((sum + pixels / 2) / pixels) as u8);
            }
        }
    }
    kept
}

fn style(ink: Ink, width: u32) -> ShapeStyle {
    ShapeStyle { color: colour(ink.colour).mix(ink.opacity), filled: width == 0, stroke_width: width }
}

fn colour(hex: &str) -> RGBColor {
    let (red, green, blue) = theme::rgb(hex);
    RGBColor(red, green, blue)
}

fn pixels(length: u32, scale: f64) -> Result<u32> {
    let pixels = (f64::from(length) * scale).round();
    if (1.0..=32_000.0).contains(&pixels) {
        Ok(pixels as u32)
    } else {
        Err(Error::input(format!("a picture cannot be {pixels} pixels wide or high")))
    }
}

fn failed<E: std::error::Error + Send + Sync + 'static>(error: E) -> Error {
    Error::internal("the chart could not be drawn").because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn font_sizes_are_written_without_rounding_errors() -> Result<()> {
        let mut scene = Scene { size: super::super::Size::new(100, 100), background: None, marks: Vec::new() };
        for size in [11.0, 13.0, 15.0] {
            scene.text(Text { size, ..Text::new("x", (0.0, 20.0), Anchor::Start, "#000000") });
        }
        let svg = svg(&scene)?;
        for size in ["44", "52", "60"] {
            assert!(svg.contains(&format!("font-size=\"{size}\"")), "{size}: {svg}");
        }
        Ok(())
    }

    #[test]
    fn four_pixels_become_their_mean() {
        let drawn = [0, 0, 0, 4, 8, 100, 0, 0, 0, 4, 8, 100];
        assert_eq!(average(&drawn, 2, 2), [2, 4, 50]);
    }
}
