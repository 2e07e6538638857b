//! How do sums per bucket and group become a few series that can be read?

use std::collections::{BTreeMap, BTreeSet};

use super::{bucket, is_small, natural, value_interval};
use hearback_domain::{
    Aggregate, Bucket, Counted, Dimension, Filter, Key, Measure, Point, Series, SeriesKind, Timestamp, Trend, TrendRow,
    error::{Error, Result},
};

/// What the rest is called.
pub const OTHER_LABEL: &str = "Other";
/// What the one series is called when nothing was split.
pub const ALL_LABEL: &str = "All";

/// More points than this are neither drawn nor read.
pub const MAX_BUCKETS: usize = 2000;

/// A bucket counts as finished when at most this part of it is still missing: the last feedback of a finished
/// week seldom arrives in its last second.
pub const UNFINISHED_TOLERANCE: f64 = 0.1;

#[derive(Clone, Debug, PartialEq)]
pub struct TrendSpec {
    pub measure: Measure,
    pub bucket: Bucket,
    /// The first moment that counts.
    pub from: Timestamp,
    /// The first moment that no longer counts.
    pub to: Timestamp,
    /// The selection that was counted.
    pub filter: Filter,
    /// What the rows are split by: a dimension for each value of their keys.
    pub by: Vec<Dimension>,
    pub series: SeriesChoice,
    /// The time of which everything is known. Buckets that reach beyond are unfinished.
    pub known: (Timestamp, Timestamp),
}

/// Which groups get a series of their own. The rest is summed as *Other*, unless it is a single group: that one is
/// called by its name.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesChoice {
    /// Series beside the last, which is the rest. With 0 everything is the rest.
    pub max: usize,
    /// The groups the user chose (the first `max` of them count); `None` for the largest.
    pub chosen: Option<Vec<Vec<Option<String>>>>,
}

impl Default for SeriesChoice {
    fn default() -> Self {
        Self { max: 5, chosen: None }
    }
}

/// Sums that are counted apart where one feedback can have several values of a dimension: sums over keys would count
/// it more than once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Apart {
    /// Of what has no series of its own.
    pub other: Vec<TrendRow>,
    /// Of everything.
    pub all: Vec<TrendRow>,
}

type Buckets = BTreeMap<Timestamp, Aggregate>;

/// Lays `rows` out as series over the buckets of the span. Rows outside of the span are left out. `label` says what a
/// key is called.
///
/// Series come largest first (by `n`, then by label in natural order), *Other* last. A chosen group without any
/// row has a series all the same. Without a dimension there is exactly one series, [`SeriesKind::All`]. Each value comes
/// with the filter of the feedback that it rests on.
///
/// # Errors
/// [`hearback_domain::error::Kind::Input`] when the span ends before it begins, or has more than [`MAX_BUCKETS`] buckets.
pub fn assemble(
    rows: &[TrendRow],
    apart: Option<&Apart>,
    spec: &TrendSpec,
    label: &dyn Fn(&[Option<String>]) -> String,
) -> Result<Trend> {
    let starts = bucket_starts(spec)?;
    let Some((&first, &last)) = starts.first().zip(starts.last()) else {
        return Err(Error::input("the time span is empty"));
    };
    let within = |row: &TrendRow| (first..=last).contains(&bucket::start(spec.bucket, row.start));
    let grouped = |rows: &[TrendRow]| {
        let mut groups: BTreeMap<Key, Buckets> = BTreeMap::new();
        for row in rows.iter().filter(|row| within(row)) {
            let start = bucket::start(spec.bucket, row.start);
            groups.entry(row.key.clone()).or_default().entry(start).or_default().add(&row.sums);
        }
        groups
    };
    let mut groups = grouped(rows);
    let all = match apart {
        Some(apart) => sum_buckets(grouped(&apart.all).values()),
        None => sum_buckets(groups.values()),
    };
    let finish = |key: Key, label: String, kind: SeriesKind, filter: Filter, buckets: &Buckets| {
        finish(Group { key, label, kind, filter, buckets }, &starts, spec)
    };

    let mut series = Vec::new();
    if spec.by.is_empty() {
        series.push(finish(Vec::new(), ALL_LABEL.to_owned(), SeriesKind::All, spec.filter.clone(), &all));
    } else {
        let own = own_keys(rows.iter().filter(|row| within(row)), &spec.series, label);
        for key in &own {
            let buckets = groups.remove(key).unwrap_or_default();
            let filter = spec.filter.with_key(&spec.by, key);
            series.push(finish(key.clone(), label(key), SeriesKind::Value, filter, &buckets));
        }
        series.sort_by(|a, b| {
            b.totals
                .n
                .cmp(&a.totals.n)
                .then_with(|| natural::compare(&a.label, &b.label))
                .then_with(|| a.key.cmp(&b.key))
        });
        if !groups.is_empty() {
            let kind = SeriesKind::Other { groups: u32::try_from(groups.len()).unwrap_or(u32::MAX) };
            let rest = match apart {
                Some(apart) => sum_buckets(grouped(&apart.other).values()),
                None => sum_buckets(groups.values()),
            };
            let filter = spec.filter.other_than(&spec.by, &own);
            series.push(finish(Vec::new(), OTHER_LABEL.to_owned(), kind, filter, &rest));
        }
    }
    let rows = spec.measure.rests_on(&spec.filter, &sum(&all));
    Ok(Trend { measure: spec.measure, bucket: spec.bucket, from: spec.from, to: spec.to, series, rows })
}

/// The groups of `rows` that get a series of their own.
pub fn own_keys<'a>(
    rows: impl IntoIterator<Item = &'a TrendRow>,
    choice: &SeriesChoice,
    label: &dyn Fn(&[Option<String>]) -> String,
) -> Vec<Key> {
    if let Some(chosen) = &choice.chosen {
        let mut seen = BTreeSet::new();
        return chosen.iter().filter(|key| seen.insert(*key)).take(choice.max).cloned().collect();
    }
    let mut sizes: BTreeMap<&Key, u64> = BTreeMap::new();
    for row in rows {
        *sizes.entry(&row.key).or_default() += row.sums.n;
    }
    let mut sized: Vec<(u64, String, &Key)> = sizes.into_iter().map(|(key, n)| (n, label(key), key)).collect();
    sized.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| natural::compare(&a.1, &b.1)).then_with(|| a.2.cmp(b.2)));
    let own = if choice.max > 0 && sized.len() == choice.max + 1 { sized.len() } else { choice.max };
    sized.into_iter().take(own).map(|(_, _, key)| key.clone()).collect()
}

fn bucket_starts(spec: &TrendSpec) -> Result<Vec<Timestamp>> {
    if spec.to <= spec.from {
        return Err(Error::input(format!("the time span ends ({}) before it begins ({})", spec.to, spec.from)));
    }
    let mut starts = Vec::new();
    let mut start = bucket::start(spec.bucket, spec.from);
    while start < spec.to {
        if starts.len() == MAX_BUCKETS {
            return Err(Error::input(format!("the time span has more than {MAX_BUCKETS} points by {}", spec.bucket))
                .hint("choose a longer bucket or a shorter time span"));
        }
        starts.push(start);
        let next = bucket::next(spec.bucket, start);
        if next <= start {
            break; // at the end of what a timestamp can hold
        }
        start = next;
    }
    Ok(starts)
}

fn sum_buckets<'a>(groups: impl Iterator<Item = &'a Buckets>) -> Buckets {
    let mut all = Buckets::new();
    for buckets in groups {
        for (start, sums) in buckets {
            all.entry(*start).or_default().add(sums);
        }
    }
    all
}

fn sum(buckets: &Buckets) -> Aggregate {
    let mut sum = Aggregate::default();
    for sums in buckets.values() {
        sum.add(sums);
    }
    sum
}

/// What a series is made of.
struct Group<'a> {
    key: Key,
    label: String,
    kind: SeriesKind,
    filter: Filter,
    buckets: &'a Buckets,
}

fn finish(group: Group<'_>, starts: &[Timestamp], spec: &TrendSpec) -> Series {
    let measure = spec.measure;
    let totals = sum(group.buckets);
    // One filter a series, cut to each bucket: what a point rests on is asked of the series as a whole.
    let rows = measure.rests_on(&group.filter, &totals);
    let points = starts
        .iter()
        .map(|&start| {
            let sums = group.buckets.get(&start).copied().unwrap_or_default();
            let end = bucket::next(spec.bucket, start);
            Point {
                start,
                end,
                sums,
                value: measure.value(&sums),
                interval: value_interval(measure, &sums),
                small: is_small(measure, &sums),
                rows: Counted { n: measure.basis(&sums), filter: rows.filter.within(start, end) },
                unfinished: is_unfinished(start, end, spec),
            }
        })
        .collect();
    Series {
        key: group.key,
        label: group.label,
        kind: group.kind,
        totals,
        value: measure.value(&totals),
        interval: value_interval(measure, &totals),
        small: is_small(measure, &totals),
        rows,
        points,
    }
}

/// Whether more than [`UNFINISHED_TOLERANCE`] of the bucket lies outside of what was asked for or is known.
fn is_unfinished(start: Timestamp, end: Timestamp, spec: &TrendSpec) -> bool {
    let (first, last) = spec.known;
    let from = start.max(first).micros();
    let to = end.min(last).micros();
    let covered = to.saturating_sub(from).max(0) as f64;
    let whole = end.micros().saturating_sub(start.micros()) as f64;
    covered < whole * (1.0 - UNFINISHED_TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a moment")
    }

    fn row(start: &str, key: &[Option<&str>], n: u64, negative: u64) -> TrendRow {
        TrendRow {
            start: at(start),
            key: key.iter().map(|part| part.map(str::to_owned)).collect(),
            sums: Aggregate { n, negative, ..Aggregate::default() },
        }
    }

    fn label(key: &[Option<String>]) -> String {
        let names: Vec<&str> = key.iter().map(|value| value.as_deref().unwrap_or("none")).collect();
        names.join(" · ")
    }

    fn assemble(rows: &[TrendRow], spec: &TrendSpec) -> Result<Trend> {
        super::assemble(rows, None, spec, &label)
    }

    fn spec(by: &[Dimension]) -> TrendSpec {
        TrendSpec {
            measure: Measure::NegativeShare,
            bucket: Bucket::Week,
            from: at("2026-01-05T00:00:00Z"),
            to: at("2026-01-26T00:00:00Z"),
            filter: Filter::default(),
            by: by.to_vec(),
            series: SeriesChoice { max: 2, chosen: None },
            known: (at("2026-01-05T00:00:00Z"), at("2026-01-22T00:00:00Z")),
        }
    }

    const WEEK_1: &str = "2026-01-05T00:00:00Z";
    const WEEK_3: &str = "2026-01-19T00:00:00Z";

    #[test]
    fn the_largest_groups_stand_alone_and_the_rest_is_other() -> Result<()> {
        let rows = [
            row(WEEK_1, &[Some("1.9")], 30, 3),
            row(WEEK_1, &[Some("1.10")], 30, 6),
            row(WEEK_3, &[None], 10, 1),
            row(WEEK_3, &[Some("2.0")], 20, 10),
            row("2025-01-05T00:00:00Z", &[Some("2.0")], 99, 9),
        ];
        let trend = assemble(&rows, &spec(&[Dimension::ModelVersion]))?;
        let seen: Vec<_> =
            trend.series.iter().map(|s| (s.label.as_str(), s.kind, s.totals.n, s.totals.negative)).collect();
        assert_eq!(
            seen,
            [
                ("1.9", SeriesKind::Value, 30, 3),
                ("1.10", SeriesKind::Value, 30, 6),
                ("Other", SeriesKind::Other { groups: 2 }, 30, 11),
            ]
        );
        assert_eq!(trend.rows, Counted { n: 90, filter: Filter::default() });
        let other = &trend.series[2].rows;
        let named = [[Some("1.9".to_owned())].to_vec(), [Some("1.10".to_owned())].to_vec()];
        assert_eq!(other.filter, Filter::default().other_than(&[Dimension::ModelVersion], &named));
        let week = &trend.series[2].points[2].rows;
        assert_eq!(
            (week.n, week.filter.from, week.filter.to),
            (30, Some(at(WEEK_3)), Some(at("2026-01-26T00:00:00Z")))
        );
        assert!(trend.series.iter().all(|series| series.points.len() == 3));
        Ok(())
    }

    #[test]
    fn a_rest_of_one_group_is_called_by_its_name() -> Result<()> {
        let rows = [
            row(WEEK_1, &[Some("negative")], 30, 30),
            row(WEEK_1, &[Some("positive")], 20, 0),
            row(WEEK_3, &[Some("neutral")], 10, 0),
        ];
        let of = |max| {
            assemble(&rows, &TrendSpec { series: SeriesChoice { max, chosen: None }, ..spec(&[Dimension::Polarity]) })
        };
        let labels = |trend: &Trend| trend.series.iter().map(|one| one.label.clone()).collect::<Vec<_>>();
        assert_eq!(labels(&of(2)?), ["negative", "positive", "neutral"]);
        assert_eq!(labels(&of(1)?), ["negative", OTHER_LABEL]);
        assert_eq!(labels(&of(0)?), [OTHER_LABEL]);
        Ok(())
    }

    #[test]
    fn a_bucket_without_feedback_has_no_share_but_a_volume_of_zero() -> Result<()> {
        let rows = [row(WEEK_1, &[], 30, 3)];
        let shares = assemble(&rows, &spec(&[]))?;
        let points = &shares.series[0].points;
        assert_eq!(shares.series[0].kind, SeriesKind::All);
        assert_eq!((points[0].value, points[0].small), (Some(0.1), false));
        assert_eq!((points[1].value, points[1].interval, points[1].small), (None, None, true));

        let volumes = assemble(&rows, &TrendSpec { measure: Measure::Volume, ..spec(&[]) })?;
        assert_eq!(volumes.series[0].points[1].value, Some(0.0));
        assert!(!volumes.series[0].points[1].small);
        Ok(())
    }

    #[test]
    fn buckets_that_are_not_wholly_known_are_unfinished() -> Result<()> {
        let unfinished = |spec: TrendSpec| -> Result<Vec<bool>> {
            Ok(assemble(&[], &spec)?.series[0].points.iter().map(|point| point.unfinished).collect())
        };
        assert_eq!(unfinished(spec(&[]))?, [false, false, true]);
        // The last feedback of a finished week comes a few hours before its end.
        assert_eq!(
            unfinished(TrendSpec { known: (at("2026-01-05T00:00:00Z"), at("2026-01-25T20:00:00Z")), ..spec(&[]) })?,
            [false, false, false]
        );
        // Asked for from a Thursday on.
        assert_eq!(
            unfinished(TrendSpec {
                from: at("2026-01-08T00:00:00Z"),
                known: (at("2026-01-08T00:00:00Z"), at("2027-01-01T00:00:00Z")),
                ..spec(&[])
            })?,
            [true, false, false]
        );
        Ok(())
    }

    #[test]
    fn chosen_groups_have_a_series_even_without_rows() -> Result<()> {
        let rows = [row(WEEK_1, &[Some("a"), None], 30, 3), row(WEEK_1, &[Some("b"), Some("x")], 40, 3)];
        let key = |first: &str, second: Option<&str>| vec![Some(first.to_owned()), second.map(str::to_owned)];
        let chosen = Some(vec![key("gone", None), key("a", None)]);
        let trend = assemble(
            &rows,
            &TrendSpec {
                series: SeriesChoice { max: 5, chosen },
                ..spec(&[Dimension::ModelVersion, Dimension::Release])
            },
        )?;
        let labels: Vec<&str> = trend.series.iter().map(|series| series.label.as_str()).collect();
        assert_eq!(labels, ["a · none", "gone · none", "Other"]);
        Ok(())
    }

    #[test]
    fn means_come_with_their_interval() -> Result<()> {
        let mut scored = row(WEEK_1, &[], 8, 0);
        scored.sums = Aggregate { n: 8, scored: 6, score_sum: 3.5, score_square_sum: 2.875, ..scored.sums };
        let trend = assemble(&[scored], &TrendSpec { measure: Measure::MeanScore, ..spec(&[]) })?;
        let series = &trend.series[0];
        assert!((series.value.expect("a mean") - 3.5 / 6.0).abs() < 1e-12);
        assert!(series.small);
        assert!(series.interval.is_some_and(|(low, high)| low > 0.25 && high < 0.92));
        Ok(())
    }

    #[test]
    fn spans_that_cannot_be_drawn_are_refused() {
        let backwards = TrendSpec { to: at("2020-01-01T00:00:00Z"), ..spec(&[]) };
        assert!(assemble(&[], &backwards).is_err());
        let endless = TrendSpec { bucket: Bucket::Hour, to: at("2036-01-01T00:00:00Z"), ..spec(&[]) };
        assert!(assemble(&[], &endless).is_err_and(|error| error.hint.is_some()));
    }
}
