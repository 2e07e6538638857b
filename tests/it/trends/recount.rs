//! The same numbers, counted from the exports as plain JSON: other joins, another calendar, other formulas.

use std::collections::BTreeMap;

use hearback_analysis::trend::SeriesChoice;
use hearback_app::{TrendQuery, Workspace};
use hearback_domain::{Bucket, Dimension, Filter, Measure, Timestamp, trend::Interval};
use serde_json::Value;

use crate::shared::Sample;

/// One feedback, read off the exports.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(in crate::trends) at: String,
    pub(in crate::trends) judged: bool,
    pub(in crate::trends) version: Option<String>,
    pub(in crate::trends) prompt: Option<String>,
    pub(in crate::trends) release: Option<String>,
    pub(in crate::trends) environment: Option<String>,
    pub(in crate::trends) role: Option<String>,
    pub(in crate::trends) kind: String,
    pub(in crate::trends) polarity: &'static str,
    /// On 0..1.
    pub(in crate::trends) score: Option<f64>,
    pub(in crate::trends) score_name: Option<String>,
    pub(in crate::trends) reasons: Vec<String>,
    pub(in crate::trends) tags: Vec<String>,
    pub(in crate::trends) words: String,
    pub(in crate::trends) file: String,
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn moment(value: &Value) -> Timestamp {
    Timestamp::parse(value.as_str().unwrap()).unwrap()
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(text).collect()
}

/// What the labels of the sample say, as `docs` and the polarity rule have it: what is in neither list says nothing.
fn label_polarity(label: &str) -> Option<&'static str> {
    match label {
        "helpful" | "copied" | "shared" | "thanked" | "chosen" => Some("positive"),
        "too slow"
        | "wrong tone"
        | "refused"
        | "factually incorrect"
        | "outdated"
        | "incomplete"
        | "too long"
        | "did not follow instructions"
        | "asked again"
        | "abandoned"
        | "regenerated"
        | "bad advice"
        | "broken link"
        | "hard to use"
        | "ignores context"
        | "made up"
        | "wrong language"
        | "rejected" => Some("negative"),
        _ => None,
    }
}

fn thumb(score: f64) -> &'static str {
    if score == 0.0 { "negative" } else { "positive" }
}

fn stars(score: f64) -> &'static str {
    match score as i64 {
        1 | 2 => "negative",
        3 => "neutral",
        _ => "positive",
    }
}

fn lines(sample: &Sample, name: &str) -> (String, Vec<Value>) {
    let (file, text) = sample.exports.iter().find(|(file, _)| file.contains(name)).unwrap();
    (file.clone(), text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

pub(super) fn everything_said(sample: &Sample) -> Vec<Said> {
    let traces: BTreeMap<String, Value> =
        lines(sample, "-traces-").1.into_iter().map(|row| (text(&row["id"]).unwrap(), row)).collect();
    let prompts: BTreeMap<String, String> = lines(sample, "-observations-")
        .1
        .iter()
        .filter(|row| row["type"] == "GENERATION")
        .map(|row| (text(&row["traceId"]).unwrap(), row["promptVersion"].to_string()))
        .collect();
    let nothing = Value::Null;
    let about = |id: &Value| id.as_str().and_then(|id| traces.get(id)).unwrap_or(&nothing);
    // Feedback on a whole session is about the versions of its last answer.
    let mut last: BTreeMap<&str, &Value> = BTreeMap::new();
    for trace in traces.values() {
        let kept = last.entry(trace["sessionId"].as_str().unwrap()).or_insert(trace);
        if moment(&trace["timestamp"]) > moment(&kept["timestamp"]) {
            *kept = trace;
        }
    }
    let prompt_of = |trace: &Value| trace["id"].as_str().and_then(|id| prompts.get(id)).cloned();
    let words = |parts: &[&Value]| parts.iter().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(" ");
    let mut all = Vec::new();
    let (file, scores) = lines(sample, "-scores-");
    for row in &scores {
        let trace = about(&row["traceId"]);
        let versions = row["sessionId"].as_str().map_or(trace, |id| last[id]);
        let value = row["value"].as_f64();
        let label = text(&row["stringValue"]);
        let mut said = Said {
            at: text(&row["timestamp"]).unwrap(),
            judged: row["source"] == "EVAL",
            version: text(&versions["version"]),
            prompt: prompt_of(versions),
            release: text(&versions["release"]),
            environment: text(&row["environment"]),
            role: text(&row["metadata"]["user_role"]),
            score_name: text(&row["name"]),
            words: words(&[&row["comment"], &trace["input"], &trace["output"]]).to_lowercase(),
            file: file.clone(),
            ..Said::default()
        };
        said.tags = list(&row["traceTags"]);
        match row["dataType"].as_str().unwrap() {
            "BOOLEAN" => {
                said.kind = "thumb".into();
                said.polarity = thumb(value.unwrap());
                said.score = value;
            }
            "NUMERIC" if said.judged => {
                said.kind = "rating".into();
                said.score = value;
                // A share between 0 and 1: up to 0.4 is negative, from 0.6 on positive.
                said.polarity = match value.unwrap() {
                    low if low <= 0.4 => "negative",
                    high if high >= 0.6 => "positive",
                    _ => "neutral",
                };
            }
            "NUMERIC" => {
                said.kind = "rating".into();
                said.polarity = stars(value.unwrap());
                said.score = value.map(|stars| (stars - 1.0) / 4.0);
            }
            "CATEGORICAL" => {
                let label = label.unwrap();
                said.kind = "category".into();
                said.polarity = label_polarity(&label).unwrap_or("unknown");
                said.words = format!("{} {label}", said.words);
                said.reasons = vec![label];
            }
            "TEXT" => {
                said.kind = if row["source"] == "ANNOTATION" { "annotation" } else { "comment" }.into();
                // Words without a score or a label: nothing says whether they are good or bad.
                said.polarity = "unknown";
                said.words = format!("{} {}", said.words, label.unwrap().to_lowercase());
            }
            other => panic!("the sample has no {other}"),
        }
        all.push(said);
    }
    let (file, canonical) = lines(sample, "canonical");
    for row in &canonical {
        let trace = about(&row["turn_id"]);
        let kind = text(&row["feedback_type"]).unwrap();
        let score = row["score"].as_f64();
        let label = text(&row["label"]);
        all.push(Said {
            at: text(&row["created_at"]).unwrap(),
            version: text(&trace["version"]),
            prompt: prompt_of(trace),
            release: text(&trace["release"]),
            environment: text(&row["environment"]),
            role: text(&row["user_role"]),
            polarity: match (kind.as_str(), score, label.as_deref().and_then(label_polarity)) {
                (_, Some(score), _) => thumb(score),
                (_, None, Some(polarity)) => polarity,
                ("correction", ..) => "negative",
                _ => "unknown",
            },
            kind,
            score,
            score_name: text(&row["score_name"]),
            reasons: list(&row["reasons"]),
            tags: list(&trace["tags"]),
            words: words(&[&row["comment"], &row["correction"], &row["label"], &trace["input"], &trace["output"]])
                .to_lowercase(),
            file: file.clone(),
            ..Said::default()
        });
    }
    all
}

/// Days since 1970-01-01 of `YYYY-MM-DD`, by counting days of years and months.
fn day_number(text: &str) -> i64 {
    let part = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum::<i64>()
        + days[..month as usize - 1].iter().sum::<i64>()
        + day
        - 1
}

/// The bucket of a moment as seconds since 1970.
fn bucket_start(bucket: Bucket, at: &str) -> i64 {
    const DAY: i64 = 86_400;
    let day = day_number(at);
    match bucket {
        Bucket::Hour => day * DAY + at[11..13].parse::<i64>().unwrap() * 3600,
        Bucket::Day => day * DAY,
        // 2026-01-05 was a Monday.
        Bucket::Week => (day - (day - day_number("2026-01-05")).rem_euclid(7)) * DAY,
        Bucket::Month => day_number(&format!("{}-01", &at[..7])) * DAY,
    }
}

/// Both ends of the score interval, as the shares that a score test at 5 % would just not reject: by bisection.
fn score_interval(hits: f64, n: f64) -> Interval {
    let rejected = |share: f64| (hits / n - share).abs() > 1.959_963_984_540_054 * (share * (1.0 - share) / n).sqrt();
    let edge = |mut inside: f64, mut outside: f64| {
        if !rejected(outside) {
            return outside;
        }
        for _ in 0..100 {
            let middle = f64::midpoint(inside, outside);
            if rejected(middle) { outside = middle } else { inside = middle }
        }
        inside
    };
    (edge(hits / n, 0.0), edge(hits / n, 1.0))
}

/// 95 % of a mean, from the values themselves.
fn mean_interval(values: &[f64]) -> Option<Interval> {
    let n = values.len() as f64;
    if values.len() < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = 1.959_963_984_540_054 * (variance / n).sqrt();
    Some(((mean - half).max(0.0), (mean + half).min(1.0)))
}

#[derive(Debug, Default)]
struct Recount {
    n: u64,
    negative: u64,
    positive: u64,
    unknown: u64,
    scores: Vec<f64>,
}

type Key = Vec<Option<String>>;

fn values_of(said: &Said, dimension: Dimension) -> Vec<Option<String>> {
    let several = |values: &[String]| {
        if values.is_empty() { vec![None] } else { values.iter().cloned().map(Some).collect() }
    };
    match dimension {
        Dimension::ModelVersion => vec![said.version.clone()],
        Dimension::PromptVersion => vec![said.prompt.clone()],
        Dimension::Release => vec![said.release.clone()],
        Dimension::Environment => vec![said.environment.clone()],
        Dimension::UserRole => vec![said.role.clone()],
        Dimension::FeedbackType => vec![Some(said.kind.clone())],
        Dimension::Polarity => vec![Some(said.polarity.to_owned())],
        Dimension::ScoreName => vec![said.score_name.clone()],
        Dimension::Reason => several(&said.reasons),
        Dimension::Tag => several(&said.tags),
        other => panic!("{other} is not counted here"),
    }
}

fn recount(
    all: &[Said],
    by: &[Dimension],
    bucket: Bucket,
    holds: &dyn Fn(&Said) -> bool,
) -> BTreeMap<(Key, i64), Recount> {
    let mut found: BTreeMap<(Key, i64), Recount> = BTreeMap::new();
    for said in all.iter().filter(|said| holds(said)) {
        let mut keys: Vec<Key> = vec![Vec::new()];
        for dimension in by {
            let values = values_of(said, *dimension);
            keys = keys
                .into_iter()
                .flat_map(|key| values.iter().map(move |value| [key.clone(), vec![value.clone()]].concat()))
                .collect();
        }
        for key in keys {
            let cell = found.entry((key, bucket_start(bucket, &said.at))).or_default();
            cell.n += 1;
            cell.negative += u64::from(said.polarity == "negative");
            cell.positive += u64::from(said.polarity == "positive");
            cell.unknown += u64::from(said.polarity == "unknown");
            cell.scores.extend(said.score);
        }
    }
    found
}

fn close(found: Option<Interval>, expected: Option<Interval>, place: &str) {
    match (found, expected) {
        (None, None) => {}
        (Some(found), Some(expected)) => assert!(
            (found.0 - expected.0).abs() < 1e-9 && (found.1 - expected.1).abs() < 1e-9,
            "{place}: {found:?}, counted {expected:?}"
        ),
        other => panic!("{place}: {other:?}"),
    }
}

pub(super) fn query(filter: Filter, by: &[Dimension], measure: Measure, bucket: Option<Bucket>) -> TrendQuery {
    let series = SeriesChoice { max: 100_000, chosen: None };
    TrendQuery { filter, by: by.to_vec(), measure, bucket, series }
}

/// Every measure of the trend against the recount, cell by cell.
pub(super) fn check(
    workspace: &Workspace,
    all: &[Said],
    filter: &Filter,
    by: &[Dimension],
    bucket: Bucket,
    holds: &dyn Fn(&Said) -> bool,
) {
    let expected = recount(all, by, bucket, holds);
    assert!(!expected.is_empty(), "nothing to count by {by:?}");
    for measure in Measure::ALL {
        let answer = workspace.trend(&query(filter.clone(), by, *measure, Some(bucket))).unwrap();
        let trend = answer.trend.unwrap();
        let mut cells = 0;
        for series in &trend.series {
            for point in &series.points {
                let start = point.start.micros() / 1_000_000;
                let place = format!("{measure} by {by:?} at {} of {:?}", point.start, series.key);
                let Some(cell) = expected.get(&(series.key.clone(), start)) else {
                    assert_eq!(point.sums.n, 0, "{place}");
                    continue;
                };
                cells += 1;
                let sums = point.sums;
                assert_eq!((sums.n, sums.negative, sums.positive), (cell.n, cell.negative, cell.positive), "{place}");
                assert_eq!(sums.unknown, cell.unknown, "{place}");
                // A share of those with a polarity.
                let judged = (cell.n - cell.unknown) as f64;
                assert_eq!(sums.scored, cell.scores.len() as u64, "{place}");
                let mean = cell.scores.iter().sum::<f64>() / cell.scores.len() as f64;
                let (value, interval) = match measure {
                    Measure::Volume => (Some(cell.n as f64), None),
                    Measure::NegativeShare => (
                        (judged > 0.0).then(|| cell.negative as f64 / judged),
                        (judged > 0.0).then(|| score_interval(cell.negative as f64, judged)),
                    ),
                    Measure::MeanScore => ((!cell.scores.is_empty()).then_some(mean), mean_interval(&cell.scores)),
                };
                assert_eq!(point.value.is_some(), value.is_some(), "{place}");
                let difference = point.value.unwrap_or(0.0) - value.unwrap_or(0.0);
                assert!(difference.abs() < 1e-9, "{place}: {:?}, counted {value:?}", point.value);
                close(point.interval, interval, &place);
            }
        }
        assert_eq!(cells, expected.len(), "{measure} by {by:?}: a cell is missing");
        let basis = |said: &&Said| match measure {
            Measure::Volume => true,
            Measure::NegativeShare => said.polarity != "unknown",
            Measure::MeanScore => said.score.is_some(),
        };
        let rows = all.iter().filter(|said| holds(said)).filter(basis).count() as u64;
        assert_eq!(trend.rows.n, rows, "{measure} by {by:?}");
    }
}

pub(super) fn people(said: &Said) -> bool {
    !said.judged
}
