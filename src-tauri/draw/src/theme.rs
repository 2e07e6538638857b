//! Which colours does a picture have? The same as the window: `ui/src/styles/tokens.css` holds these names and
//! values too, and a test holds the two files equal.

/// Colours as `#rrggbb`, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    pub bg: &'static str,
    pub panel: &'static str,
    pub sunk: &'static str,
    pub line: &'static str,
    pub text: &'static str,
    pub dim: &'static str,
    pub faint: &'static str,
    pub accent: &'static str,
    pub accent_soft: &'static str,
    pub bad: &'static str,
    pub good: &'static str,
    pub mark: &'static str,
    /// Okabe and Ito's, in the order that keeps neighbours apart under simulated colour blindness.
    pub series: [&'static str; SERIES_COLOURS],
    /// *Other* and *Unclustered*.
    pub other: &'static str,
    /// Opacity of an interval band: what is quiet on white vanishes on black.
    pub band_opacity: f64,
}

pub const SERIES_COLOURS: usize = 6;

const SERIES: [&str; SERIES_COLOURS] = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];
const OTHER: &str = "#8A8F98";

pub const LIGHT: Theme = Theme {
    bg: "#ffffff",
    panel: "#f7f8fa",
    sunk: "#eef0f3",
    line: "#dfe3e8",
    text: "#1b1f24",
    dim: "#57606a",
    faint: "#8a8f98",
    accent: "#0072B2",
    accent_soft: "#e6f1f8",
    bad: "#b4380f",
    good: "#00704f",
    mark: "#fff1cc",
    series: SERIES,
    other: OTHER,
    band_opacity: 0.12,
};

pub const DARK: Theme = Theme {
    bg: "#16181d",
    panel: "#1c1f25",
    sunk: "#252931",
    line: "#323842",
    text: "#e6e9ee",
    dim: "#a2abb8",
    faint: "#7b8494",
    accent: "#56B4E9",
    accent_soft: "#1d3342",
    bad: "#f08a5d",
    good: "#4cc9a0",
    mark: "#4a3f1c",
    series: SERIES,
    other: OTHER,
    band_opacity: 0.16,
};

impl Theme {
    /// Every colour with the name it has as a CSS variable (without the dashes in front).
    pub fn tokens(&self) -> Vec<(&'static str, &'static str)> {
        let [c1, c2, c3, c4, c5, c6] = self.series;
        vec![
            ("bg", self.bg),
            ("panel", self.panel),
            ("sunk", self.sunk),
            ("line", self.line),
            ("text", self.text),
            ("dim", self.dim),
            ("faint", self.faint),
            ("accent", self.accent),
            ("accent-soft", self.accent_soft),
            ("bad", self.bad),
            ("good", self.good),
            ("mark", self.mark),
            ("c1", c1),
            ("c2", c2),
            ("c3", c3),
            ("c4", c4),
            ("c5", c5),
            ("c6", c6),
            ("other", self.other),
        ]
    }
}

/// Red, green and blue of `#rrggbb`; black for anything else.
pub fn rgb(hex: &str) -> (u8, u8, u8) {
    let value = hex.strip_prefix('#').and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
    let [_, red, green, blue] = value.to_be_bytes();
    (red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast as WCAG 2.2 defines it.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |hex| {
            let linear = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            let (red, green, blue) = rgb(hex);
            0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read() {
        for theme in [LIGHT, DARK] {
            for colour in [theme.text, theme.dim, theme.accent, theme.bad, theme.good] {
                let found = contrast(colour, theme.bg);
                assert!(found >= 4.5, "{colour} on {}: {found:.2}", theme.bg);
            }
        }
    }

    #[test]
    fn every_token_is_a_colour_with_a_name_of_its_own() {
        for theme in [LIGHT, DARK] {
            let tokens = theme.tokens();
            let names: std::collections::BTreeSet<_> = tokens.iter().map(|(name, _)| name).collect();
            assert_eq!((tokens.len(), names.len()), (19, 19));
            assert!(tokens.iter().all(|(_, hex)| hex.len() == 7 && hex.starts_with('#')));
        }
        assert_eq!(rgb("#E69F00"), (0xE6, 0x9F, 0x00));
    }
}
