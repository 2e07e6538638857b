use super::*;
use hearback_domain::{Aggregate, Bucket, Counted, Filter, Measure, Point, Series, SeriesKind, trend::Interval};

mod pictures;
mod shots;

const WEEK: i64 = 7 * 24 * 3_600_000_000;
/// 5 January 2026, a Monday.
const MONDAY: i64 = 1_767_571_200_000_000;

/// One point of a sample: how many, and how many of them negative.
type Sample = (u64, u64);

fn share(measure: Measure, (n, negative): Sample) -> (Option<f64>, Option<Interval>) {
    if measure == Measure::Volume {
        return (Some(n as f64), None);
    }
    if n == 0 {
        return (None, None);
    }
    let value = negative as f64 / n as f64;
    let half = 1.96 * (value * (1.0 - value) / n as f64).sqrt();
    (Some(value), Some(((value - half).max(0.0), (value + half).min(1.0))))
}

fn series(label: &str, measure: Measure, samples: &[Sample]) -> Series {
    let sums = |(n, negative): Sample| Aggregate { n, negative, ..Aggregate::default() };
    let mut totals = Aggregate::default();
    let points = samples
        .iter()
        .enumerate()
        .map(|(index, &sample)| {
            totals.add(&sums(sample));
            let start = Timestamp::from_micros(MONDAY + index as i64 * WEEK);
            let (value, interval) = share(measure, sample);
            Point {
                start,
                end: start.plus_micros(WEEK),
                sums: sums(sample),
                value,
                interval,
                small: measure != Measure::Volume && sample.0 < 20,
                rows: Counted { n: sample.0, filter: Filter::default() },
                unfinished: samples.len() > 1 && index + 1 == samples.len(),
            }
        })
        .collect();
    let (value, interval) = share(measure, (totals.n, totals.negative));
    let kind = match label {
        "Other" => SeriesKind::Other { groups: 3 },
        "All" => SeriesKind::All,
        _ => SeriesKind::Value,
    };
    Series {
        key: if kind == SeriesKind::Value { vec![Some(label.to_owned())] } else { Vec::new() },
        label: label.to_owned(),
        kind,
        totals,
        value,
        interval,
        small: measure != Measure::Volume && totals.n < 20,
        rows: Counted { n: totals.n, filter: Filter::default() },
        points,
    }
}

fn trend(measure: Measure, all: &[(&str, Vec<Sample>)]) -> Trend {
    let series: Vec<Series> = all.iter().map(|(label, samples)| series(label, measure, samples)).collect();
    let buckets = series.first().map_or(26, |series| series.points.len());
    Trend {
        measure,
        bucket: Bucket::Week,
        from: Timestamp::from_micros(MONDAY),
        to: Timestamp::from_micros(MONDAY + buckets as i64 * WEEK),
        rows: Counted { n: series.iter().map(|series| series.totals.n).sum(), filter: Filter::default() },
        series,
    }
}

/// So many samples around `n`, of which `percent` are negative, with `step` points more from week 18 on.
fn wave(seed: u64, count: usize, n: u64, percent: f64, step: f64) -> Vec<Sample> {
    let mut state = seed;
    (0..count)
        .map(|index| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let noise = (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5;
            let n = (n as f64 * (1.0 + 0.3 * noise)).round() as u64;
            let n = if index + 1 == count && count > 1 { n / 3 } else { n };
            let ramp = ((index as f64 - 17.0) / 3.0).clamp(0.0, 1.0);
            let negative = (n as f64 * (percent + step * ramp + percent * 0.2 * noise) / 100.0).round() as u64;
            (n, negative.min(n))
        })
        .collect()
}

fn picture(trend: &Trend, spec: &ChartSpec, width: u32, height: u32) -> Picture {
    draw_trend(trend, spec, Size::new(width, height), &LIGHT).expect("a picture")
}
