//! Which moment does this cell mean?
//!
//! Read are RFC 3339 with an offset; `2026-07-02 09:14:03[.123456]` and `2026-07-02` without one, taken as UTC
//! (that is what blob exports and data frames write); and Unix time in seconds, milliseconds, microseconds or
//! nanoseconds, told apart by size: each unit's plausible range (years 1973 to 5138 for seconds) excludes the others.

use jiff::{civil, tz::Offset};

use hearback_domain::Timestamp;

/// `None` where the text means no moment that can be read.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(moment) = Timestamp::parse(text) {
        return Some(moment);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'))
        && let Ok(number) = text.parse::<f64>()
    {
        return match text.parse::<i64>() {
            Ok(whole) => from_unix(whole),
            Err(_) => from_unix_float(number),
        };
    }
    // How `Timestamp` writes a moment beyond the calendar.
    if let Some(micros) = text.strip_suffix("µs") {
        return micros.parse().ok().map(Timestamp::from_micros);
    }
    let plain = text.strip_suffix(" UTC").unwrap_or(text);
    let moment = plain.parse::<civil::DateTime>().ok()?;
    Some(Timestamp::from_micros(Offset::UTC.to_timestamp(moment).ok()?.as_microsecond()))
}

fn from_unix(value: i64) -> Option<Timestamp> {
    let micros = match value.unsigned_abs() {
        0..100_000_000 => return None,
        100_000_000..100_000_000_000 => value.checked_mul(1_000_000)?,
        100_000_000_000..100_000_000_000_000 => value.checked_mul(1_000)?,
        100_000_000_000_000..100_000_000_000_000_000 => value,
        _ => value / 1_000,
    };
    Some(Timestamp::from_micros(micros))
}

fn from_unix_float(value: f64) -> Option<Timestamp> {
    let scale = match value.abs() {
        size if size < 1e8 => return None,
        size if size < 1e11 => 1e6,
        size if size < 1e14 => 1e3,
        size if size < 1e17 => 1.0,
        _ => return None,
    };
    Some(Timestamp::from_micros((value * scale).round() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_exports_use_mean_the_same_moment() {
        let expected = parse("2026-07-02T09:14:03.12Z");
        assert!(expected.is_some());
        for text in [
            "2026-07-02T11:14:03.120+02:00",
            "2026-07-02 09:14:03.120000",
            "2026-07-02T09:14:03.12",
            "2026-07-02 09:14:03.12 UTC",
            " 2026-07-02T09:14:03.120Z ",
            "1782983643120",
            "1782983643.12",
            "1782983643120000",
            "1782983643120000000",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(parse("2026-07-02"), parse("2026-07-02T00:00:00Z"));
        assert_eq!(parse("1782983643"), parse("2026-07-02T09:14:03Z"));
    }

    #[test]
    fn no_moment_is_made_up() {
        for text in ["", "yesterday", "5", "2026", "12/07/2026", "2026-13-01", "1.2025.077", "NaN", "-"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
