//! How do pixels become a PNG file, in memory?
//!
//! PNG third edition (W3C 2025): signature, IHDR, pHYs, IDAT, IEND, eight bits of red, green and blue.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};

use crate::error::{Error, Result};

/// CSS says that an inch has 96 pixels; pHYs counts them per metre.
const PIXELS_PER_METRE: f64 = 96.0 / 0.0254;

/// `rgb` holds `width * height * 3` bytes, row by row; `scale` is the number of pixels per CSS pixel.
///
/// # Errors
/// [`crate::error::Kind::Internal`] when the lengths do not agree.
pub fn encode(rgb: &[u8], width: u32, height: u32, scale: f64) -> Result<Vec<u8>> {
    let row_length = width as usize * 3;
    if row_length == 0 || rgb.len() != row_length * height as usize {
        return Err(Error::internal(format!("{} bytes are not a picture of {width} x {height}", rgb.len())));
    }
    let broken = |error: std::io::Error| Error::internal("the picture could not be compressed").because(error);

    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut above = vec![0; row_length];
    for row in rgb.chunks_exact(row_length) {
        // Filter type 2 (Up): charts have long vertical runs.
        let filtered: Vec<u8> = row.iter().zip(&above).map(|(value, above)| value.wrapping_sub(*above)).collect();
        pixels.write_all(&[2]).and_then(|()| pixels.write_all(&filtered)).map_err(broken)?;
        above.copy_from_slice(row);
    }
    let pixels = pixels.finish().map_err(broken)?;

    let mut header = Vec::with_capacity(13);
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]); // bits per channel, RGB, deflate, adaptive filters, not interlaced

    let density = (PIXELS_PER_METRE * scale).round() as u32;
    let mut physical = Vec::with_capacity(9);
    physical.extend(density.to_be_bytes());
    physical.extend(density.to_be_bytes());
    physical.push(1); // per metre

    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"pHYs", &physical);
    chunk(&mut file, *b"IDAT", &pixels);
    chunk(&mut file, *b"IEND", &[]);
    Ok(file)
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    file.extend((data.len() as u32).to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(sum.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_pixels_come_back() -> Result<()> {
        let rgb: Vec<u8> = (0..2 * 3 * 3).map(|value| value * 7).collect();
        let file = encode(&rgb, 2, 3, 2.0)?;
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&file[12..24], b"IHDR\0\0\0\x02\0\0\0\x03");
        let data = file.windows(4).position(|window| window == b"IDAT").expect("pixels");
        let mut rows = Vec::new();
        flate2::read::ZlibDecoder::new(&file[data + 4..]).read_to_end(&mut rows).expect("deflated data");
        let mut found = Vec::new();
        let mut above = [0u8; 6];
        for row in rows.chunks_exact(7) {
            assert_eq!(row[0], 2);
            for (value, above) in row[1..].iter().zip(&mut above) {
                *above = above.wrapping_add(*value);
            }
            found.extend(above);
        }
        assert_eq!(found, rgb);
        // The check sum of the empty last chunk is known.
        assert_eq!(&file[file.len() - 8..], b"IEND\xae\x42\x60\x82");
        Ok(())
    }

    #[test]
    fn a_wrong_length_is_refused() {
        assert!(encode(&[0; 5], 1, 2, 1.0).is_err());
        assert!(encode(&[], 0, 0, 1.0).is_err());
    }
}
