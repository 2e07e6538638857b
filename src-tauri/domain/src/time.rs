//! A moment, in UTC, to the microsecond: what DuckDB's TIMESTAMP holds.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 / ISO 8601 with an offset, such as `2026-07-02T09:14:03.120Z`.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|moment| Self(moment.as_microsecond()))
    }

    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}

/// ISO 8601 in UTC with the fewest digits that keep the value: `2026-07-02T09:14:03.12Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => write!(f, "{moment}"),
            // Outside of what a calendar can say (years beyond 9999): the number itself is still true.
            Err(_) => write!(f, "{}µs", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_value_agree_both_ways() {
        for text in ["2026-07-02T09:14:03.12Z", "1969-12-31T23:59:59.999999Z", "2026-01-05T00:00:00Z"] {
            assert_eq!(Timestamp::parse(text).map(|moment| moment.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Timestamp::parse("2026-07-02T11:14:03+02:00"), Timestamp::parse("2026-07-02T09:14:03Z"));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }
}
