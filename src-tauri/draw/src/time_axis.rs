//! Which moments stand at the time axis? The finest round ones whose labels do not touch: hours, days, Mondays,
//! months, years, in UTC like the buckets.

use jiff::{
    civil::{Date, date},
    tz::TimeZone,
};

use super::{
    TEXT_SIZE,
    font::{self, Weight},
    geometry::tenth,
};
use hearback_domain::{Bucket, Point, Timestamp};

/// Least free space between two labels, in pixels.
const LABEL_GAP: f64 = 8.0;
/// Labels every second Monday end here: with three months in sight, months read better.
const LONGEST_IN_WEEKS: i64 = 91 * DAY;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Where the buckets lie. They are all equally wide, also months, so that no month looks busier for being longer.
#[derive(Clone, Copy, Debug)]
pub struct TimeScale<'a> {
    pub points: &'a [Point],
    pub left: f64,
    pub width: f64,
    pub place: BucketPlace,
}

/// What of a bucket stands at its tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketPlace {
    /// Lines: the first bucket's start at the left edge, the last bucket's start at the right edge.
    Start,
    /// Bars: each bucket has its share of the width.
    Middle,
}

impl TimeScale<'_> {
    /// Of the point of the `index`-th bucket, or of the middle of its bar.
    pub fn x(&self, index: usize) -> f64 {
        self.at(index as f64)
    }

    /// The width that one bucket has.
    pub fn step(&self) -> f64 {
        match self.place {
            BucketPlace::Start => self.width / self.points.len().saturating_sub(1).max(1) as f64,
            BucketPlace::Middle => self.width / self.points.len().max(1) as f64,
        }
    }

    /// Of a moment; `None` outside of the picture.
    pub fn x_of(&self, moment: Timestamp) -> Option<f64> {
        let index = self.points.partition_point(|point| point.end <= moment);
        let point = self.points.get(index).filter(|point| point.start <= moment)?;
        let length = (point.end.micros() - point.start.micros()).max(1) as f64;
        let part = (moment.micros() - point.start.micros()) as f64 / length;
        match self.place {
            BucketPlace::Start if index + 1 == self.points.len() && index > 0 && part > 0.0 => None,
            BucketPlace::Start => Some(self.at(index as f64 + if self.points.len() == 1 { 0.0 } else { part })),
            // The bar that holds the moment.
            BucketPlace::Middle => Some(self.at(index as f64)),
        }
    }

    fn at(&self, index: f64) -> f64 {
        match self.place {
            BucketPlace::Start if self.points.len() < 2 => self.left + self.width / 2.0,
            BucketPlace::Start => self.left + index * self.step(),
            BucketPlace::Middle => self.left + (index + 0.5) * self.step(),
        }
    }
}

/// How labels name years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Years {
    /// Only where the axis covers more than one.
    WhereNeeded,
    /// At the first label in any case: for a picture that travels without its caption.
    Always,
}

#[derive(Clone, Copy, Debug)]
enum Unit {
    Hours(i64),
    Weeks(i64),
    Months(i8),
    Years(i16),
}

const UNITS: [Unit; 14] = [
    Unit::Hours(1),
    Unit::Hours(3),
    Unit::Hours(6),
    Unit::Hours(12),
    Unit::Hours(24),
    Unit::Weeks(1),
    Unit::Weeks(2),
    Unit::Months(1),
    Unit::Months(3),
    Unit::Months(6),
    Unit::Years(1),
    Unit::Years(2),
    Unit::Years(5),
    Unit::Years(10),
];

/// A label under the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Along the axis.
    pub position: f64,
    pub label: String,
}

/// The two ends of a span without buckets, where there is nothing else to say.
pub fn ends(from: Timestamp, to: Timestamp, left: f64, right: f64) -> Vec<Tick> {
    let last = to.plus_micros(-1);
    let label = |moment| day(moment).map(|date| format!("{} {} {}", date.day(), month_name(date), date.year()));
    [(left, label(from)), (right, label(last))]
        .into_iter()
        .filter_map(|(position, label)| Some(Tick { position: tenth(position), label: label? }))
        .collect()
}

/// From the left. `bucket` is the finest unit that makes sense; `right` is where labels have to end.
pub fn ticks(scale: &TimeScale<'_>, bucket: Bucket, years: Years, right: f64) -> Vec<Tick> {
    let Some((first, last)) = scale.points.first().zip(scale.points.last()) else { return Vec::new() };
    let (Some(first_day), Some(last_day)) = (day(first.start), day(last.start)) else { return Vec::new() };
    let many_years = first_day.year() != last_day.year();
    let until = match scale.place {
        BucketPlace::Start if scale.points.len() > 1 => last.start,
        _ => Timestamp::from_micros(last.end.micros() - 1),
    };

    let mut chosen = Vec::new();
    for unit in UNITS {
        let span = until.micros().saturating_sub(first.start.micros());
        let too_many = span as f64 / unit.length() as f64 > (scale.width / 20.0).max(1.0);
        let too_fine = unit.length() < shortest(bucket) || matches!(unit, Unit::Weeks(2) if span > LONGEST_IN_WEEKS);
        if too_many || too_fine {
            continue;
        }
        let found: Vec<(f64, String)> = unit
            .moments(first.start, until)
            .into_iter()
            .filter_map(|moment| Some((scale.x_of(moment)?, unit.label(moment, many_years))))
            .collect();
        let fits = found
            .windows(2)
            .all(|pair| pair[1].0 - pair[0].0 >= (width(&pair[0].1) + width(&pair[1].1)) / 2.0 + LABEL_GAP);
        if fits {
            chosen = found;
            break;
        }
    }

    // Where the axis begins is always worth a label, if there is room for one.
    let with_year = many_years || years == Years::Always;
    let start_label = match bucket {
        Bucket::Month => format!("{} {}", month_name(first_day), first_day.year()),
        _ if with_year => format!("{} {} {}", first_day.day(), month_name(first_day), first_day.year()),
        _ => format!("{} {}", first_day.day(), month_name(first_day)),
    };
    let start_x = scale.x(0);
    match chosen.first_mut() {
        Some((x, label)) if *x - start_x < 0.5 => {
            let wanted = if with_year { &start_label } else { &*label };
            let wanted = wanted.clone();
            let next = chosen.get(1).map_or(f64::INFINITY, |(next, label)| next - width(label) / 2.0);
            if start_x + width(&wanted) / 2.0 + LABEL_GAP <= next {
                chosen[0].1 = wanted;
            }
        }
        Some((x, label)) if *x - width(label) / 2.0 - LABEL_GAP >= start_x + width(&start_label) / 2.0 => {
            chosen.insert(0, (start_x, start_label));
        }
        Some(_) => {}
        None => chosen.push((start_x, start_label)),
    }
    chosen.retain(|(x, label)| *x + width(label) / 2.0 <= right || *x - start_x < 0.5);
    chosen.into_iter().map(|(x, label)| Tick { position: tenth(x), label }).collect()
}

fn width(label: &str) -> f64 {
    font::width(label, TEXT_SIZE, Weight::Regular)
}

/// A unit must not be finer than the bucket; February is the shortest month.
fn shortest(bucket: Bucket) -> i64 {
    match bucket {
        Bucket::Hour => HOUR,
        Bucket::Day => DAY,
        Bucket::Week => 7 * DAY,
        Bucket::Month => 28 * DAY,
    }
}

impl Unit {
    fn length(self) -> i64 {
        match self {
            Self::Hours(hours) => hours * HOUR,
            Self::Weeks(weeks) => weeks * 7 * DAY,
            Self::Months(months) => i64::from(months) * 30 * DAY,
            Self::Years(years) => i64::from(years) * 365 * DAY,
        }
    }

    fn moments(self, from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let (from, until) = (from.micros(), until.micros());
        match self {
            Self::Hours(_) => {
                let length = self.length();
                let first = from.div_euclid(length) + i64::from(from.rem_euclid(length) > 0);
                (first..)
                    .map(|index| index * length)
                    .take_while(|at| *at <= until)
                    .map(Timestamp::from_micros)
                    .collect()
            }
            Self::Weeks(_) => {
                // Mondays: day 4 was one.
                let monday = 4 * DAY;
                let weeks = (from - monday).div_euclid(7 * DAY) + i64::from((from - monday).rem_euclid(7 * DAY) > 0);
                let first = monday + weeks * 7 * DAY;
                (0..)
                    .map(|index| first + index * self.length())
                    .take_while(|at| *at <= until)
                    .map(Timestamp::from_micros)
                    .collect()
            }
            Self::Months(step) => calendar(from, until, |month| (month.month() - 1) % step == 0),
            Self::Years(step) => calendar(from, until, |month| month.month() == 1 && month.year() % step == 0),
        }
    }

    fn label(self, moment: Timestamp, many_years: bool) -> String {
        let Some(date) = day(moment) else { return String::new() };
        match self {
            Self::Hours(_) if moment.micros().rem_euclid(DAY) > 0 => {
                format!("{:02}:00", moment.micros().rem_euclid(DAY) / HOUR)
            }
            Self::Hours(_) | Self::Weeks(_) => format!("{} {}", date.day(), month_name(date)),
            Self::Months(_) if many_years && date.month() == 1 => format!("Jan {}", date.year()),
            Self::Months(_) => month_name(date).to_owned(),
            Self::Years(_) => date.year().to_string(),
        }
    }
}

/// First days of months within the span that `wanted` takes.
fn calendar(from: i64, until: i64, wanted: impl Fn(Date) -> bool) -> Vec<Timestamp> {
    let Some(mut month) = day(Timestamp::from_micros(from)).map(Date::first_of_month) else { return Vec::new() };
    let mut found = Vec::new();
    loop {
        let Some(at) = midnight(month).filter(|at| *at <= until) else { return found };
        if at >= from && wanted(month) {
            found.push(Timestamp::from_micros(at));
        }
        let (year, next) = if month.month() == 12 { (month.year() + 1, 1) } else { (month.year(), month.month() + 1) };
        if year > 9999 {
            return found;
        }
        month = date(year, next, 1);
    }
}

fn midnight(date: Date) -> Option<i64> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

fn day(moment: Timestamp) -> Option<Date> {
    let moment = jiff::Timestamp::from_microsecond(moment.micros()).ok()?;
    Some(moment.to_zoned(TimeZone::UTC).date())
}

fn month_name(date: Date) -> &'static str {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(date.month() - 1).ok().and_then(|index| NAMES.get(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearback_domain::{Aggregate, Counted};

    fn labels(first: &str, step: i64, count: i64, bucket: Bucket, width: f64) -> String {
        let start = Timestamp::parse(first).expect("a moment");
        let points: Vec<Point> = (0..count)
            .map(|index| Point {
                start: start.plus_micros(index * step),
                end: start.plus_micros((index + 1) * step),
                sums: Aggregate::default(),
                value: None,
                interval: None,
                small: false,
                rows: Counted::default(),
                unfinished: false,
            })
            .collect();
        let scale = TimeScale { points: &points, left: 0.0, width, place: BucketPlace::Start };
        let found = ticks(&scale, bucket, Years::WhereNeeded, width + 20.0);
        found.iter().map(|tick| format!("{}@{}", tick.label, tick.position)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_axis_says_what_a_calendar_says() {
        let week = 7 * DAY;
        assert_eq!(
            labels("2026-01-05T00:00:00Z", week, 26, Bucket::Week, 575.0),
            "5 Jan@0 Feb@88.7 Mar@180.7 Apr@282.6 May@381.1 Jun@483"
        );
        assert_eq!(
            labels("2026-01-05T00:00:00Z", week, 5, Bucket::Week, 400.0),
            "5 Jan@0 12 Jan@100 19 Jan@200 26 Jan@300 2 Feb@400"
        );
        assert_eq!(
            labels("2026-01-05T00:00:00Z", HOUR, 25, Bucket::Hour, 300.0),
            "5 Jan@0 06:00@75 12:00@150 18:00@225 6 Jan@300"
        );
        assert_eq!(
            labels("2025-11-03T00:00:00Z", week, 26, Bucket::Week, 575.0),
            "3 Nov 2025@0 Dec@92 Jan 2026@193.9 Feb@295.7 Mar@387.7 Apr@489.6"
        );
        assert_eq!(labels("2026-01-05T00:00:00Z", DAY, 1, Bucket::Day, 300.0), "5 Jan@150");
    }

    #[test]
    fn the_finest_unit_is_the_bucket() {
        assert_eq!(labels("2026-01-01T00:00:00Z", DAY, 3, Bucket::Day, 900.0), "1 Jan@0 2 Jan@450 3 Jan@900");
    }
}
