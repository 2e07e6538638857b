//! How do pixels become a PNG file, in memory? By the `png` crate, with the density that [`encode`] adds.

use png::{BitDepth, ColorType, Encoder, Filter, PixelDimensions, Unit};

use hearback_domain::error::{Error, Result};

/// CSS says that an inch has 96 pixels; a PNG file counts them per metre.
const PIXELS_PER_METRE: f64 = 96.0 / 0.0254;

/// `rgb` holds `width * height * 3` bytes, row by row; `scale` is the number of pixels per CSS pixel.
///
/// # Errors
/// [`hearback_domain::error::Kind::Internal`] when the lengths do not agree.
pub fn encode(rgb: &[u8], width: u32, height: u32, scale: f64) -> Result<Vec<u8>> {
    let density = (PIXELS_PER_METRE * scale).round() as u32;
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    // Charts have long vertical runs, which the difference to the row above turns into zeros.
    encoder.set_filter(Filter::Up);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: density, yppu: density, unit: Unit::Meter }));
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(rgb)?;
        writer.finish()
    });
    written.map_err(|error| {
        Error::internal(format!("{} bytes do not become a picture of {width} x {height}", rgb.len())).because(error)
    })?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_density_come_back() {
        let rgb: Vec<u8> = (0..2 * 3 * 3).map(|value| value * 7).collect();
        let file = encode(&rgb, 2, 3, 2.0).expect("a file");
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG file");
        let mut found = vec![0; rgb.len()];
        reader.next_frame(&mut found).expect("pixels");
        assert_eq!(found, rgb);
        assert_eq!((reader.info().width, reader.info().height), (2, 3));
        assert_eq!(reader.info().pixel_dims.map(|dims| (dims.xppu, dims.yppu)), Some((7559, 7559)));
    }

    #[test]
    fn a_wrong_length_is_refused() {
        assert!(encode(&[0; 5], 1, 2, 1.0).is_err());
        assert!(encode(&[], 0, 0, 1.0).is_err());
    }
}
