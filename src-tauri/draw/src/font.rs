//! How wide is a text, and how much of it fits?
//!
//! Inter is bundled, so a picture has the same text everywhere; the window shows the same family.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, ScaleFont};
use unicode_segmentation::UnicodeSegmentation;

static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.ttf");
static SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.ttf");

/// Named in SVG: the page's own font rule goes first, other programs fall back.
pub const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";

/// Of one character as readers see it that the font lacks (Chinese, emoji) and another font will draw, in units of
/// the size.
const FOREIGN_ADVANCE: f64 = 1.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    SemiBold,
}

/// The bundled font, read once. `None` only if the file in the repository is damaged.
pub fn face(weight: Weight) -> Option<&'static FontRef<'static>> {
    static FACES: OnceLock<[Option<FontRef<'static>>; 2]> = OnceLock::new();
    let [regular, semi_bold] =
        FACES.get_or_init(|| [REGULAR, SEMI_BOLD].map(|bytes| FontRef::try_from_slice(bytes).ok()));
    match weight {
        Weight::Regular => regular.as_ref(),
        Weight::SemiBold => semi_bold.as_ref(),
    }
}

/// The scale at which ab_glyph draws a CSS font size: it counts from ascent to descent, CSS counts ems.
pub fn scale(face: &FontRef<'_>, size: f64) -> f32 {
    let em = face.units_per_em().unwrap_or(1000.0);
    (size as f32) * face.height_unscaled() / em
}

/// In CSS pixels at a CSS font size.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let Some(face) = face(weight) else { return text.chars().count() as f64 * size * 0.6 };
    let scaled = face.as_scaled(scale(face, size));
    text.graphemes(true)
        .map(|grapheme| {
            let advances = grapheme.chars().map(|character| match scaled.glyph_id(character) {
                glyph if glyph.0 == 0 => None,
                glyph => Some(f64::from(scaled.h_advance(glyph))),
            });
            advances.sum::<Option<f64>>().unwrap_or(FOREIGN_ADVANCE * size)
        })
        .sum()
}

/// As much of `text` as fits into `room`, with `…` where something was left out. May be empty.
pub fn ellipsis(text: &str, room: f64, size: f64, weight: Weight) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size, weight);
    if left < 0.0 {
        return String::new();
    }
    let mut kept = String::new();
    for grapheme in text.graphemes(true) {
        left -= width(grapheme, size, weight);
        if left < 0.0 {
            break;
        }
        kept.push_str(grapheme);
    }
    format!("{}…", kept.trim_end())
}

/// As [`ellipsis`], but where names begin alike and would no longer differ once cut (`assistant-2.1`,
/// `assistant-2.2`), what they share is left out instead: `…2.1`, `…2.2`.
pub fn telling_part(name: &str, among: &[String], room: f64, size: f64, weight: Weight) -> String {
    let cut = ellipsis(name, room, size, weight);
    if cut == name {
        return cut;
    }
    let shared = among
        .iter()
        .filter(|other| *other != name && ellipsis(other, room, size, weight) == cut)
        .map(|other| name.graphemes(true).zip(other.graphemes(true)).take_while(|(a, b)| a == b).count())
        .min();
    match shared {
        Some(shared) => {
            // Whole words and numbers stay together: `…2.1`, not `….1`.
            let graphemes: Vec<&str> = name.graphemes(true).collect();
            let is_inner = |grapheme: &&str| grapheme.chars().all(|c| c.is_alphanumeric() || c == '.');
            let inner = graphemes[..shared].iter().rev().take_while(|grapheme| is_inner(grapheme)).count();
            let start = if inner < shared { shared - inner } else { shared };
            ellipsis(&format!("…{}", graphemes[start..].concat()), room, size, weight)
        }
        None => cut,
    }
}

/// A text as one line that any SVG reader takes: line breaks and tabs become spaces; control characters, which
/// XML forbids, and marks that turn the reading direction of what follows, are dropped.
pub fn one_line(text: &str) -> String {
    text.chars()
        .filter_map(|character| match character {
            '\n' | '\r' | '\t' => Some(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => None,
            _ if character.is_control() => None,
            _ => Some(character),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_fonts_have_what_charts_write() {
        for weight in [Weight::Regular, Weight::SemiBold] {
            let face = face(weight).expect("a readable font");
            for character in "09%.…·–−\u{202f}Aé".chars() {
                assert_ne!(face.glyph_id(character).0, 0, "{character:?}");
            }
        }
        // Inter's zero is 1296 units of 2048 wide.
        let zero = width("0", 2048.0, Weight::Regular);
        assert!((zero - 1296.0).abs() < 40.0, "{zero}");
    }

    #[test]
    fn names_that_begin_alike_keep_the_end_that_tells_them_apart() {
        let names = ["assistant-2.1", "assistant-2.2", "other"].map(str::to_owned);
        let part = |name: &str| telling_part(name, &names, 45.0, 11.0, Weight::Regular);
        assert_eq!(names.each_ref().map(|name| part(name)), ["…2.1", "…2.2", "other"]);
        let alone = ["assistant-2.1".to_owned()];
        assert!(telling_part(&alone[0], &alone, 45.0, 11.0, Weight::Regular).starts_with("assi"));
    }

    #[test]
    fn long_names_end_in_an_ellipsis_and_fit() {
        let name = "Refund window stated wrongly in the answer";
        let short = ellipsis(name, 100.0, 11.0, Weight::Regular);
        assert!(short.ends_with('…') && short.len() > 10, "{short}");
        assert!(width(&short, 11.0, Weight::Regular) <= 100.0);
        assert_eq!(ellipsis("2.1", 100.0, 11.0, Weight::Regular), "2.1");
        assert_eq!(ellipsis(name, 3.0, 11.0, Weight::Regular), "");
        assert_eq!(ellipsis("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 25.0, 11.0, Weight::Regular), "👩‍👩‍👧‍👦…");
    }

    #[test]
    fn a_text_is_one_clean_line() {
        assert_eq!(one_line("a\u{1}b\n\u{202e}c\u{7f}\td"), "ab c d");
    }
}
