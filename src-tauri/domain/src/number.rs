//! How are numbers written for people? Groups of three, a real minus, units that do not wrap away.

/// Between groups of digits and before a unit: narrow, and never a line's end.
pub const NARROW_SPACE: char = '\u{202f}';
pub const MINUS: char = '\u{2212}';

/// A whole number: `24 386`.
pub fn count(value: f64) -> String {
    fixed(value, 0)
}

/// A share on 0..1 as percent: `18.4 %`.
pub fn percent(share: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}%", fixed(share * 100.0, decimals))
}

/// `value` with so many decimals, groups of three and a real minus; never `−0`.
pub fn fixed(value: f64, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
    let mut text = String::new();
    if value < 0.0 && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        text.push(MINUS);
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(NARROW_SPACE);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(count(0.0), "0");
        assert_eq!(count(999.0), "999");
        assert_eq!(count(24_386.0), "24\u{202f}386");
        assert_eq!(count(1_234_567.0), "1\u{202f}234\u{202f}567");
        assert_eq!(percent(0.1836, 1), "18.4\u{202f}%");
        assert_eq!(fixed(-1234.5, 1), "\u{2212}1\u{202f}234.5");
        assert_eq!(fixed(-0.004, 2), "0.00");
    }
}
