//! Where does an hour, a day, a week, a month begin, and which of them suits a span?
//!
//! Everything in UTC, as DuckDB's `date_trunc` has it on TIMESTAMP: weeks begin on Monday.

use jiff::civil::Date;

use hearback_domain::{Bucket, Timestamp};

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;
const DAY: i64 = 24 * HOUR;
/// A month of the mean Gregorian year, for estimates.
const MONTH: i64 = 2_629_746 * SECOND;

/// So many points make a readable line.
const AIM: std::ops::RangeInclusive<f64> = 20.0..=60.0;
/// How much heavier too many points weigh than too few: a finer bucket also has fewer feedbacks in each.
const TOO_MANY_WEIGHT: f64 = 1.1;

/// The bucket that cuts the span into 20 to 60 points, or comes nearest to that.
pub fn pick(from: Timestamp, to: Timestamp) -> Bucket {
    let span = to.micros().saturating_sub(from.micros()).max(0) as f64;
    let miss = |bucket: Bucket| {
        let points = (span / length(bucket) as f64).max(1e-9);
        if points < *AIM.start() {
            (AIM.start() / points).ln()
        } else if points > *AIM.end() {
            (points / AIM.end()).ln() * TOO_MANY_WEIGHT
        } else {
            0.0
        }
    };
    let mut best = Bucket::Hour;
    for &bucket in &[Bucket::Day, Bucket::Week, Bucket::Month] {
        if miss(bucket) < miss(best) {
            best = bucket;
        }
    }
    best
}

/// Microseconds; of a month the mean.
pub const fn length(bucket: Bucket) -> i64 {
    match bucket {
        Bucket::Hour => HOUR,
        Bucket::Day => DAY,
        Bucket::Week => 7 * DAY,
        Bucket::Month => MONTH,
    }
}

/// The first moment of the bucket that holds `moment`.
pub fn start(bucket: Bucket, moment: Timestamp) -> Timestamp {
    let micros = moment.micros();
    let floor = match bucket {
        Bucket::Hour => micros.div_euclid(HOUR).saturating_mul(HOUR),
        Bucket::Day => micros.div_euclid(DAY).saturating_mul(DAY),
        // Day 0, 1970-01-01, was a Thursday: three days after a Monday.
        Bucket::Week => (micros.div_euclid(DAY) + 3).div_euclid(7).saturating_mul(7 * DAY).saturating_sub(3 * DAY),
        Bucket::Month => month_start(moment).unwrap_or_else(|| micros.div_euclid(MONTH).saturating_mul(MONTH)),
    };
    Timestamp::from_micros(floor)
}

/// The first moment of the next bucket, for a `start` that begins one.
pub fn next(bucket: Bucket, start: Timestamp) -> Timestamp {
    match bucket {
        Bucket::Hour | Bucket::Day | Bucket::Week => start.plus_micros(length(bucket)),
        // 31 days on is always in the next month, and never beyond it.
        Bucket::Month => self::start(Bucket::Month, start.plus_micros(31 * DAY)),
    }
}

/// `None` beyond the years that a calendar can say (±9999).
fn month_start(moment: Timestamp) -> Option<i64> {
    let first = date(moment)?.first_of_month();
    let midnight = first.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_microsecond())
}

fn date(moment: Timestamp) -> Option<Date> {
    let moment = jiff::Timestamp::from_microsecond(moment.micros()).ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// The bucket in words: `5 Jan 2026, 14:00`, `5 Jan 2026`, `5–11 Jan 2026`, `Jan 2026`.
pub fn label(bucket: Bucket, start: Timestamp) -> String {
    let Some(first) = date(start) else { return start.to_string() };
    match bucket {
        Bucket::Hour => {
            let hour = start.micros().rem_euclid(DAY) / HOUR;
            format!("{}, {hour:02}:00", day_in_words(first))
        }
        Bucket::Day => day_in_words(first),
        Bucket::Week => {
            let Some(last) = date(start.plus_micros(6 * DAY)) else { return day_in_words(first) };
            if last.year() != first.year() {
                format!("{} – {}", day_in_words(first), day_in_words(last))
            } else if last.month() != first.month() {
                format!("{} {} – {}", first.day(), month_name(first.month()), day_in_words(last))
            } else {
                format!("{}–{}", first.day(), day_in_words(last))
            }
        }
        Bucket::Month => format!("{} {}", month_name(first.month()), first.year()),
    }
}

fn day_in_words(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date.month()), date.year())
}

fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(month - 1).ok().and_then(|index| NAMES.get(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a moment")
    }

    #[test]
    fn buckets_begin_where_the_calendar_says() {
        for (bucket, inside, first, following) in [
            (Bucket::Hour, "2026-03-01T09:59:59.9Z", "2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z"),
            (Bucket::Day, "2026-12-31T23:59:59Z", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"),
            (Bucket::Week, "2026-01-04T23:00:00Z", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z"),
            (Bucket::Week, "2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z"),
            (Bucket::Week, "1969-12-30T12:00:00Z", "1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z"),
            (Bucket::Month, "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
            (Bucket::Month, "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            (Bucket::Month, "1969-12-31T23:00:00Z", "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(start(bucket, at(inside)), at(first), "{bucket} of {inside}");
            assert_eq!(next(bucket, at(first)), at(following), "{bucket} after {first}");
        }
    }

    #[test]
    fn a_span_gets_a_readable_number_of_points() {
        let from = at("2026-01-05T00:00:00Z");
        let days = |days: i64| pick(from, from.plus_micros(days * DAY));
        assert_eq!(pick(from, from), Bucket::Hour);
        assert_eq!(days(1), Bucket::Hour);
        assert_eq!(days(2), Bucket::Hour);
        assert_eq!(days(7), Bucket::Day);
        assert_eq!(days(30), Bucket::Day);
        assert_eq!(days(60), Bucket::Day);
        assert_eq!(days(182), Bucket::Week);
        assert_eq!(days(365), Bucket::Week);
        assert_eq!(days(3 * 365), Bucket::Month);
        assert_eq!(days(20 * 365), Bucket::Month);
    }

    #[test]
    fn labels_say_the_bucket_in_words() {
        assert_eq!(label(Bucket::Hour, at("2026-01-05T14:00:00Z")), "5 Jan 2026, 14:00");
        assert_eq!(label(Bucket::Day, at("2026-01-05T00:00:00Z")), "5 Jan 2026");
        assert_eq!(label(Bucket::Week, at("2026-01-05T00:00:00Z")), "5–11 Jan 2026");
        assert_eq!(label(Bucket::Week, at("2026-01-26T00:00:00Z")), "26 Jan – 1 Feb 2026");
        assert_eq!(label(Bucket::Week, at("2025-12-29T00:00:00Z")), "29 Dec 2025 – 4 Jan 2026");
        assert_eq!(label(Bucket::Month, at("2026-06-01T00:00:00Z")), "Jun 2026");
    }

    #[test]
    fn moments_beyond_the_calendar_do_not_stop_anything() {
        for bucket in Bucket::ALL {
            for micros in [i64::MIN, i64::MAX] {
                let moment = Timestamp::from_micros(micros);
                let _ = next(*bucket, start(*bucket, moment));
                assert!(!label(*bucket, moment).is_empty());
            }
        }
    }
}
