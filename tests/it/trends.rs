//! Are the numbers right? Every trend is counted a second time here, from the exports as plain JSON: other joins,
//! another calendar, other formulas.

use std::collections::BTreeMap;

use hearback_engine::{
    chart::{self, ChartSpec, Domain, Size, Title},
    error::Kind,
    model::{
        Bucket, Condition, Dimension, Filter, Measure, SeriesKind, Timestamp,
        filter::{Authors, Exclude},
        trend::Interval,
    },
    pipeline::{ChartRequest, Project, TrendQuery},
    trend::SeriesChoice,
};
use serde_json::Value;

use crate::shared::{Sample, is, only, sample};

/// One feedback, read off the exports.
#[derive(Debug, Default)]
struct Said {
    at: String,
    judged: bool,
    version: Option<String>,
    prompt: Option<String>,
    release: Option<String>,
    environment: Option<String>,
    role: Option<String>,
    kind: String,
    polarity: &'static str,
    /// On 0..1.
    score: Option<f64>,
    score_name: Option<String>,
    reasons: Vec<String>,
    tags: Vec<String>,
    words: String,
    file: String,
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

fn everything_said(sample: &Sample) -> Vec<Said> {
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
                // A reason that nobody knows is a reason for discontent.
                said.polarity = label_polarity(&label).unwrap_or("negative");
                said.words = format!("{} {label}", said.words);
                said.reasons = vec![label];
            }
            "TEXT" => {
                said.kind = if row["source"] == "ANNOTATION" { "annotation" } else { "comment" }.into();
                said.polarity = "neutral";
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
                _ => "neutral",
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

fn query(filter: Filter, by: &[Dimension], measure: Measure, bucket: Option<Bucket>) -> TrendQuery {
    let series = SeriesChoice { max: 100_000, chosen: None };
    TrendQuery { filter, by: by.to_vec(), measure, bucket, series }
}

/// Every measure of the trend against the recount, cell by cell.
fn check(
    project: &Project,
    all: &[Said],
    filter: &Filter,
    by: &[Dimension],
    bucket: Bucket,
    holds: &dyn Fn(&Said) -> bool,
) {
    let expected = recount(all, by, bucket, holds);
    assert!(!expected.is_empty(), "nothing to count by {by:?}");
    for measure in Measure::ALL {
        let answer = project.trend(&query(filter.clone(), by, *measure, Some(bucket))).unwrap();
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
                assert_eq!(sums.scored, cell.scores.len() as u64, "{place}");
                let mean = cell.scores.iter().sum::<f64>() / cell.scores.len() as f64;
                let (value, interval) = match measure {
                    Measure::Volume => (Some(cell.n as f64), None),
                    Measure::NegativeShare => (
                        Some(cell.negative as f64 / cell.n as f64),
                        Some(score_interval(cell.negative as f64, cell.n as f64)),
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
        assert_eq!(trend.rows, expected.values().map(|cell| cell.n).sum::<u64>());
    }
}

fn people(said: &Said) -> bool {
    !said.judged
}

#[test]
fn trends_agree_with_a_recount_by_every_dimension() {
    let scratch = sample().open();
    let all = everything_said(sample());
    check(&scratch.project, &all, &Filter::default(), &[], Bucket::Week, &people);
    for dimension in [
        Dimension::ModelVersion,
        Dimension::PromptVersion,
        Dimension::Release,
        Dimension::Environment,
        Dimension::UserRole,
        Dimension::FeedbackType,
        Dimension::Polarity,
        Dimension::ScoreName,
        Dimension::Reason,
        Dimension::Tag,
    ] {
        check(&scratch.project, &all, &Filter::default(), &[dimension], Bucket::Week, &people);
    }
}

#[test]
fn trends_agree_with_a_recount_by_two_dimensions() {
    let scratch = sample().open();
    let all = everything_said(sample());
    for by in [
        [Dimension::ModelVersion, Dimension::Environment],
        [Dimension::FeedbackType, Dimension::Reason],
        [Dimension::Reason, Dimension::Tag],
    ] {
        check(&scratch.project, &all, &Filter::default(), &by, Bucket::Month, &people);
    }
    let three = [Dimension::ModelVersion, Dimension::Environment, Dimension::Reason];
    let error = scratch.project.trend(&query(Filter::default(), &three, Measure::Volume, None)).unwrap_err();
    assert_eq!(error.kind, Kind::Input);
}

#[test]
fn trends_agree_with_a_recount_by_every_bucket() {
    let scratch = sample().open();
    let all = everything_said(sample());
    for bucket in [Bucket::Day, Bucket::Week, Bucket::Month] {
        check(&scratch.project, &all, &Filter::default(), &[Dimension::Environment], bucket, &people);
    }
    // Half a year has more hours than can be shown; a week has not.
    let hours = query(Filter::default(), &[], Measure::Volume, Some(Bucket::Hour));
    assert_eq!(scratch.project.trend(&hours).unwrap_err().kind, Kind::Input);
    let (from, to) = ("2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z");
    let week = Filter { from: Timestamp::parse(from), to: Timestamp::parse(to), ..Filter::default() };
    check(&scratch.project, &all, &week, &[Dimension::Environment], Bucket::Hour, &|said| {
        people(said) && (&from[..10]..&to[..10]).contains(&&said.at[..10])
    });
}

#[test]
fn trends_agree_with_a_recount_under_every_kind_of_filter() {
    let scratch = sample().open();
    let all = everything_said(sample());
    let check = |filter: Filter, holds: &dyn Fn(&Said) -> bool| {
        check(&scratch.project, &all, &filter, &[Dimension::FeedbackType], Bucket::Month, holds);
    };
    let condition = |dimension, values: &[Option<&str>], exclude| Condition {
        dimension,
        values: values.iter().map(|value| value.map(str::to_owned)).collect(),
        exclude,
    };
    let version = |said: &Said, wanted: &str| said.version.as_deref() == Some(wanted);
    let production = |said: &Said| said.environment.as_deref() == Some("production");

    check(
        only(vec![is(Dimension::Environment, "production"), is(Dimension::ModelVersion, "assistant-2.1")]),
        &|said| people(said) && production(said) && version(said, "assistant-2.1"),
    );
    let either = condition(Dimension::ModelVersion, &[Some("assistant-2.1"), Some("assistant-2.2")], Exclude::No);
    check(only(vec![either]), &|said| {
        people(said) && (version(said, "assistant-2.1") || version(said, "assistant-2.2"))
    });
    check(only(vec![condition(Dimension::ScoreName, &[None], Exclude::No)]), &|said| {
        people(said) && said.score_name.is_none()
    });
    check(only(vec![condition(Dimension::ScoreName, &[None, Some("user-thumbs")], Exclude::Yes)]), &|said| {
        people(said) && said.score_name.as_deref().is_some_and(|name| name != "user-thumbs")
    });
    check(only(vec![condition(Dimension::Reason, &[None], Exclude::No)]), &|said| {
        people(said) && said.reasons.is_empty()
    });
    check(only(vec![condition(Dimension::Reason, &[Some("factually incorrect")], Exclude::Yes)]), &|said| {
        people(said) && !said.reasons.iter().any(|reason| reason == "factually incorrect")
    });
    check(only(vec![is(Dimension::Tag, "refunds"), is(Dimension::UserRole, "pro")]), &|said| {
        people(said) && said.tags.iter().any(|tag| tag == "refunds") && said.role.as_deref() == Some("pro")
    });
    let text = |text: &str| Filter { text: Some(text.to_owned()), ..Filter::default() };
    check(text("Refund DAYS"), &|said| people(said) && said.words.contains("refund") && said.words.contains("days"));
    check(
        Filter { from: Timestamp::parse("2026-02-10T00:00:00Z"), ..only(vec![is(Dimension::Polarity, "negative")]) },
        &|said| people(said) && &said.at[..10] >= "2026-02-10" && said.polarity == "negative",
    );
    check(Filter { authors: Authors::Judges, ..Filter::default() }, &|said| said.judged);
    // What is derived from the trail is implicit, and in no export.
    let given = condition(Dimension::FeedbackType, &[Some("implicit")], Exclude::Yes);
    check(Filter { authors: Authors::Everyone, ..only(vec![given]) }, &|said| said.kind != "implicit");
}

#[test]
fn sources_are_counted_under_the_names_of_their_files() {
    let scratch = sample().open();
    let all = everything_said(sample());
    let answer = scratch.project.trend(&query(Filter::default(), &[Dimension::Source], Measure::Volume, None)).unwrap();
    let trend = answer.trend.unwrap();
    assert_eq!(trend.series.len(), 2);
    for series in &trend.series {
        let expected = all.iter().filter(|said| people(said) && said.file == series.label).count();
        assert_eq!(series.totals.n, expected as u64, "{}", series.label);
    }
}

#[test]
fn what_has_no_series_of_its_own_is_summed_as_other() {
    let scratch = sample().open();
    let many = query(Filter::default(), &[Dimension::Tag], Measure::NegativeShare, Some(Bucket::Month));
    let few = TrendQuery { series: SeriesChoice { max: 2, chosen: None }, ..many.clone() };
    let (many, few) = [many, few].map(|query| scratch.project.trend(&query).unwrap().trend.unwrap()).into();
    assert_eq!(few.series.len(), 3);
    assert_eq!(
        few.series[..2].iter().map(|one| &one.key).collect::<Vec<_>>(),
        many.series[..2].iter().map(|one| &one.key).collect::<Vec<_>>()
    );
    assert_eq!(few.series[2].kind, SeriesKind::Other { groups: many.series.len() as u32 - 2 });
    for (index, point) in few.series[2].points.iter().enumerate() {
        let rest = many.series[2..].iter().map(|series| series.points[index].sums);
        let (n, negative) = rest.fold((0, 0), |sum, sums| (sum.0 + sums.n, sum.1 + sums.negative));
        assert_eq!((point.sums.n, point.sums.negative), (n, negative));
        // Pooled, not averaged.
        let share = (n > 0).then(|| negative as f64 / n as f64);
        assert_eq!(point.value, share);
    }
    let chosen = vec![vec![Some("refunds".to_owned())]];
    let query = TrendQuery {
        series: SeriesChoice { max: 5, chosen: Some(chosen.clone()) },
        ..query(Filter::default(), &[Dimension::Tag], Measure::Volume, None)
    };
    let trend = scratch.project.trend(&query).unwrap().trend.unwrap();
    assert_eq!(trend.series.iter().map(|series| series.key.clone()).collect::<Vec<_>>(), [chosen[0].clone(), vec![]]);
}

fn request(by: &[Dimension], measure: Measure, kind: chart::Kind) -> ChartRequest {
    let query =
        TrendQuery { series: SeriesChoice::default(), ..query(Filter::default(), by, measure, Some(Bucket::Week)) };
    ChartRequest { query, spec: ChartSpec::new(kind), size: Size::new(720, 320), theme: chart::LIGHT }
}

#[test]
fn a_chart_says_where_each_number_lies() {
    let scratch = sample().open();
    for (measure, kind) in [
        (Measure::NegativeShare, chart::Kind::Lines),
        (Measure::MeanScore, chart::Kind::Lines),
        (Measure::Volume, chart::Kind::Lines),
        (Measure::Volume, chart::Kind::Stacked),
    ] {
        let drawn = scratch.project.draw(&request(&[Dimension::ModelVersion], measure, kind)).unwrap();
        let (geometry, trend) = (&drawn.picture.geometry, drawn.answer.trend.unwrap());
        let points: Vec<_> = trend
            .series
            .iter()
            .enumerate()
            .flat_map(|(index, series)| series.points.iter().map(move |point| (index, point)))
            .collect();
        assert_eq!(geometry.points.len(), points.len(), "{measure} {kind:?}");
        let Domain::Value { max, .. } = geometry.y.domain else { panic!("{:?}", geometry.y.domain) };
        let frame = geometry.frame;
        let y = |value: f64| frame.bottom() - frame.height * value / max;
        let mut below: BTreeMap<Timestamp, f64> = BTreeMap::new();
        for (drawn, (series, point)) in geometry.points.iter().zip(points) {
            assert_eq!((drawn.series, drawn.start, drawn.end), (series, point.start, point.end));
            assert_eq!(drawn.n, point.sums.n);
            assert!(drawn.x >= frame.x - 0.1 && drawn.x <= frame.right() + 0.1, "{drawn:?}");
            if kind == chart::Kind::Stacked {
                let floor = below.entry(point.start).or_default();
                let rect = drawn.rect.unwrap();
                assert!((rect.bottom() - y(*floor)).abs() < 0.3, "{drawn:?}");
                *floor += point.sums.n as f64;
                assert!((rect.y - y(*floor)).abs() < 0.3, "{drawn:?}");
            } else {
                assert_eq!((drawn.value, drawn.interval), (point.value, point.interval));
                assert_eq!(drawn.y.is_some(), point.value.is_some());
                if let (Some(place), Some(value), false) = (drawn.y, point.value, drawn.beyond) {
                    assert!((place - y(value)).abs() < 0.1, "{drawn:?} should be at {}", y(value));
                }
                assert_eq!(drawn.beyond, point.value.is_some_and(|value| value > max));
            }
        }
        // Buckets run from left to right, equally spaced.
        let xs: Vec<f64> = geometry.points.iter().filter(|point| point.series == 0).map(|point| point.x).collect();
        let step = (xs[xs.len() - 1] - xs[0]) / (xs.len() - 1) as f64;
        assert!(xs.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() < 0.2), "{xs:?}");
        for label in &geometry.labels {
            assert!(
                trend.series[label.series].label.starts_with(label.text.trim_end_matches('…').trim())
                    || label.text.contains(&trend.series[label.series].label),
                "{label:?}"
            );
        }
    }
}

#[test]
fn a_chart_is_svg_and_the_same_input_gives_the_same_bytes() {
    let scratch = sample().open();
    let again = sample().open();
    for kind in [chart::Kind::Lines, chart::Kind::Stacked, chart::Kind::Ranking] {
        let mut request = request(&[Dimension::Environment], Measure::NegativeShare, kind);
        request.spec.title = Some(Title { title: "Negative <share> & more".into(), subtitle: None });
        let svg = scratch.project.draw(&request).unwrap().picture.svg;
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{}", &svg[..80]);
        assert!(svg.contains("Negative &lt;share&gt; &amp; more"));
        assert!(svg.contains("production") && !svg.contains("<script") && !svg.contains("style="));
        assert_eq!(svg, again.project.draw(&request).unwrap().picture.svg, "{kind:?}");
        assert!(scratch.project.draw_png(&request).unwrap() == again.project.draw_png(&request).unwrap(), "{kind:?}");
        let dark = ChartRequest { theme: chart::DARK, ..request };
        assert_ne!(svg, scratch.project.draw(&dark).unwrap().picture.svg);
    }
}

#[test]
fn a_png_has_the_size_that_was_asked_for() {
    let scratch = sample().open();
    for (width, height, scale) in [(720, 320, 2.0), (400, 200, 1.0)] {
        let size = Size { scale, ..Size::new(width, height) };
        let request =
            ChartRequest { size, ..request(&[Dimension::ModelVersion], Measure::NegativeShare, chart::Kind::Lines) };
        let png = scratch.project.draw_png(&request).unwrap();
        assert_eq!(png[..8], [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        assert_eq!(&png[12..16], b"IHDR");
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((number(16), number(20)), ((f64::from(width) * scale) as u32, (f64::from(height) * scale) as u32));
    }
    let tiny = ChartRequest { size: Size::new(10, 10), ..request(&[], Measure::Volume, chart::Kind::Lines) };
    assert_eq!(scratch.project.draw_png(&tiny).unwrap_err().kind, Kind::Input);
}

#[test]
fn an_empty_selection_is_an_empty_picture() {
    let scratch = sample().open();
    let mut request = request(&[Dimension::ModelVersion], Measure::NegativeShare, chart::Kind::Lines);
    request.query.filter = only(vec![is(Dimension::Environment, "nowhere")]);
    let drawn = scratch.project.draw(&request).unwrap();
    assert!(drawn.answer.trend.is_none() && drawn.picture.geometry.empty);
    assert!(drawn.picture.svg.contains(chart::EMPTY_TEXT));
}
