//! Does every number open exactly the feedback that it counts?
//!
//! The answers are taken as the window and scripts get them, and searched through for everything that says "so many, by
//! this filter": a number that is added later is opened as well.

use std::collections::BTreeMap;

use hearback_analysis::trend::SeriesChoice;
use hearback_app::{ChartRequest, Comparison, TrendQuery, Workspace};
use hearback_domain::{Bucket, Condition, Dimension, Filter, Measure, Timestamp, filter::Exclude};
use hearback_draw::{ChartSpec, Kind, LIGHT, Size};
use hearback_store::{FeedbackSort, SortBy, SortOrder};
use hearback_wire as wire;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::shared::{Scratch, is, only, sample};

/// What a person sees after opening a number.
fn opened(workspace: &Workspace, filter: &wire::Filter) -> u64 {
    let filter = Filter::try_from(filter).unwrap();
    let sort = FeedbackSort { by: SortBy::Time, order: SortOrder::Ascending };
    workspace.store_for_tests().feedback_page(&filter, sort, None, 1).unwrap().total
}

/// Every `{n, filter}` of an answer, with where it stands.
fn counted(answer: &Value, place: &str, found: &mut Vec<(String, wire::Counted)>) {
    match answer {
        Value::Object(fields) => {
            if fields.len() == 2 && fields.contains_key("n") && fields.contains_key("filter") {
                found.push((place.to_owned(), read(answer)));
            }
            fields.iter().for_each(|(name, value)| counted(value, &format!("{place}.{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| counted(item, &format!("{place}[{index}]"), found));
        }
        _ => {}
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

/// What opening a filter shows, kept while the workspace stays as it is: many numbers have the same filter.
struct Opener<'a> {
    workspace: &'a Workspace,
    known: BTreeMap<String, u64>,
}

impl<'a> Opener<'a> {
    fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, known: BTreeMap::new() }
    }

    /// Opens every number of `answer` and gives how many there are that are not 0.
    fn open_all(&mut self, what: &str, answer: &impl Serialize) -> usize {
        let mut found = Vec::new();
        counted(&serde_json::to_value(answer).unwrap(), what, &mut found);
        for (place, wire::Counted { n, filter }) in &found {
            let key = serde_json::to_string(filter).unwrap();
            let rows = *self.known.entry(key.clone()).or_insert_with(|| opened(self.workspace, filter));
            assert_eq!(rows, *n, "{place} opens {rows} rows by {key}");
        }
        found.iter().filter(|(_, counted)| counted.n > 0).count()
    }
}

fn drawn(
    workspace: &Workspace,
    filter: &Filter,
    by: &[Dimension],
    measure: Measure,
    kind: Kind,
    max: usize,
) -> wire::ChartPicture {
    let series = SeriesChoice { max, chosen: None };
    let bucket = Some(Bucket::Month);
    let query = TrendQuery { filter: filter.clone(), by: by.to_vec(), measure, bucket, series };
    let asked = wire::ChartRequest {
        query: wire::TrendQuery {
            filter: filter.into(),
            by: by.iter().map(|&dimension| dimension.into()).collect(),
            measure: measure.into(),
            bucket: bucket.map(wire::Bucket::from),
            max_series: max as u32,
            chosen: None,
        },
        kind: kind.into(),
        width: 720,
        height: 320,
        theme: wire::ChartTheme::Light,
    };
    let request = ChartRequest { query, spec: ChartSpec::new(kind), size: Size::new(720, 320), theme: LIGHT };
    wire::ChartPicture::new(&asked, workspace.draw(&request).unwrap())
}

/// Selections from which numbers are opened: everything, a span, and conditions on what is split by.
fn selections() -> Vec<Filter> {
    let between = |from: &str, to: &str| Filter {
        from: Timestamp::parse(from),
        to: Timestamp::parse(to),
        ..only(vec![is(Dimension::ModelVersion, "assistant-2.1")])
    };
    let some = |dimension, values: &[Option<&str>]| Condition {
        dimension,
        values: values.iter().map(|value| value.map(str::to_owned)).collect(),
        exclude: Exclude::No,
    };
    vec![
        Filter::default(),
        between("2026-03-10T08:00:00Z", "2026-05-20T17:00:00Z"),
        only(vec![
            some(Dimension::Reason, &[Some("factually incorrect"), None]),
            some(Dimension::ModelVersion, &[Some("assistant-2.1"), Some("assistant-2.0")]),
        ]),
    ]
}

const SPLITS: &[&[Dimension]] = &[
    &[],
    &[Dimension::ModelVersion, Dimension::Environment],
    &[Dimension::FeedbackType, Dimension::ModelVersion],
    &[Dimension::Reason, Dimension::ModelVersion],
    &[Dimension::Tag, Dimension::Reason],
    &[Dimension::Theme, Dimension::UserRole],
];

fn one_way() -> impl Iterator<Item = Vec<Dimension>> {
    Dimension::ALL.iter().filter(|dimension| **dimension != Dimension::Session).map(|&dimension| vec![dimension])
}

#[test]
fn every_number_of_trends_opens_what_it_counts() {
    let scratch = sample().open();
    let splits: Vec<Vec<Dimension>> = SPLITS.iter().map(|by| by.to_vec()).chain(one_way()).collect();
    let mut opener = Opener::new(&scratch.workspace);
    let mut others = 0;
    for filter in selections() {
        for by in &splits {
            // What a measure rests on has nothing to do with what is split: one way, two measures stand for all.
            let measures = if by.len() == 1 { &Measure::ALL[..2] } else { Measure::ALL };
            for measure in measures {
                let picture = drawn(&scratch.workspace, &filter, by, *measure, Kind::Lines, 2);
                let what = format!("{measure} by {by:?}");
                assert!(opener.open_all(&what, &picture.trend) > 0, "{what}");
                others += picture.trend.series.iter().filter(|one| one.kind == wire::SeriesKind::Other).count();
                // What can be pointed at stands for a point of the trend that has a value.
                for point in &picture.geometry.points {
                    let series = &picture.trend.series[point.series as usize];
                    assert!(series.points[point.point.unwrap() as usize].value.value.is_some(), "{what}");
                }
            }
        }
    }
    assert!(others > 40, "only {others} trends have a rest");
}

#[test]
fn every_bar_of_a_ranking_opens_what_it_counts() {
    let scratch = sample().open();
    for by in [&[Dimension::Reason][..], &[Dimension::ModelVersion, Dimension::Environment]] {
        let picture = drawn(&scratch.workspace, &Filter::default(), by, Measure::NegativeShare, Kind::Ranking, 2);
        assert_eq!(picture.geometry.points.len(), 3);
        assert!(picture.geometry.points.iter().all(|bar| bar.point.is_none()));
        assert_eq!(picture.axis, "percent of feedback with a polarity, 95 % interval");
        Opener::new(&scratch.workspace).open_all("ranking", &picture.trend);
    }
}

#[test]
fn every_number_of_overview_and_themes_opens_what_it_counts() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let mut opener = Opener::new(workspace);
    let versions =
        Comparison::ModelVersion { current: "assistant-2.1".to_owned(), previous: "assistant-2.0".to_owned() };
    for filter in selections() {
        for comparison in [Comparison::PreviousPeriod, versions.clone()] {
            let overview = wire::Overview::new(
                &wire::Comparison::PreviousPeriod,
                &workspace.overview(&filter, &comparison).unwrap(),
            );
            assert!(opener.open_all("overview", &overview) > 10);
            let list = wire::ThemeList::from(&workspace.themes(&filter, &comparison).unwrap());
            assert!(opener.open_all("themes", &list) > 10);
            let first = list.themes.first().and_then(|theme| theme.id);
            let detail = wire::ThemeDetail::from(workspace.theme(first, &filter, &comparison).unwrap());
            assert!(opener.open_all("theme", &detail) > 5);
        }
    }
}

#[test]
fn feedback_without_a_time_is_in_no_point_and_in_no_row_behind_one() {
    let scratch = Scratch::new();
    let line = |id: &str, at: &str, version: &str| {
        format!(
            r#"{{"record":"feedback","id":"{id}","feedback_type":"thumb","score":0{at},"model_version":"{version}"}}"#
        )
    };
    let at = |day: u32| format!(r#","created_at":"2026-05-{day:02}T10:00:00Z""#);
    let lines = [line("a", &at(4), "1"), line("b", &at(6), "2"), line("c", "", "1"), line("d", "", "3")];
    let file = scratch.write("some.jsonl", lines.join("\n"));
    scratch.import(&[file]).unwrap();
    let picture =
        drawn(&scratch.workspace, &Filter::default(), &[Dimension::ModelVersion], Measure::Volume, Kind::Lines, 1);
    assert_eq!(picture.trend.rows.n, 2);
    assert_eq!(picture.trend.series.len(), 2);
    Opener::new(&scratch.workspace).open_all("without a time", &picture.trend);
}

#[test]
fn numbers_that_are_nought_for_want_of_themes_open_nothing() {
    let scratch = Scratch::new();
    let line = r#"{"record":"feedback","id":"a","feedback_type":"thumb","score":0,"comment":"too slow"}"#;
    let file = scratch.write("some.jsonl", line);
    scratch.import(&[file]).unwrap();
    let list = scratch.workspace.themes(&Filter::default(), &Comparison::PreviousPeriod).unwrap();
    let list = wire::ThemeList::from(&list);
    Opener::new(&scratch.workspace).open_all("themes", &list);
    assert_eq!(opened(&scratch.workspace, &list.wordless.filter), 0);
}

#[test]
fn the_filter_of_a_number_survives_being_saved_and_being_typed() {
    let scratch = sample().open();
    let by = [Dimension::Reason, Dimension::ModelVersion];
    let picture = drawn(&scratch.workspace, &Filter::default(), &by, Measure::Volume, Kind::Lines, 2);
    let other = picture.trend.series.iter().find(|one| one.kind == wire::SeriesKind::Other).unwrap();
    let wire::Counted { n, filter } = other.total.rows.clone();
    assert!(!filter.other_than.is_empty());
    let view = wire::SavedView {
        id: 0,
        name: "the rest".to_owned(),
        view: "trends".to_owned(),
        filter,
        options: "{}".to_owned(),
    };
    scratch.workspace.store_for_tests().save_view(&view.clone().try_into().unwrap()).unwrap();
    let saved: wire::SavedView = scratch.workspace.store_for_tests().views().unwrap().remove(0).into();
    assert_eq!(saved.filter, view.filter);
    assert_eq!(opened(&scratch.workspace, &saved.filter), n);
    // What an older Hearback saved has no such condition.
    let old: wire::Filter = read(&serde_json::json!({
        "from": null, "to": null, "text": null, "authors": "people",
        "conditions": [{"dimension": "environment", "values": ["production"], "exclude": false}],
    }));
    assert!(opened(&scratch.workspace, &old) > 0);
}

#[test]
fn a_selection_is_compared_over_the_workspaces_last_weeks_however_early_it_ends() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    // Nobody was on version 2.0 any more when the workspace ends.
    let all = workspace.compared(&Filter::default(), &Comparison::PreviousPeriod).unwrap();
    for filter in
        [only(vec![is(Dimension::ModelVersion, "assistant-2.0")]), only(vec![is(Dimension::Environment, "staging")])]
    {
        let some = workspace.compared(&filter, &Comparison::PreviousPeriod).unwrap();
        assert_eq!((some.current.from, some.current.to), (all.current.from, all.current.to));
        assert_eq!((some.previous.from, some.previous.to), (all.previous.from, all.previous.to));
    }
    // Midnight after the last day.
    assert!(all.current.to.unwrap().to_string().ends_with("T00:00:00Z"), "{:?}", all.current.to);
}

#[test]
fn a_week_that_is_over_is_finished_although_the_selection_is_silent() {
    let scratch = Scratch::new();
    let line = |id: &str, at: &str, version: &str| {
        format!(
            r#"{{"record":"feedback","id":"{id}","feedback_type":"thumb","score":0,"created_at":"{at}","model_version":"{version}"}}"#
        )
    };
    let lines = [
        line("a", "2026-06-02T10:00:00Z", "old"),
        line("b", "2026-06-09T10:00:00Z", "old"),
        line("c", "2026-06-02T10:00:00Z", "new"),
        line("d", "2026-06-28T22:00:00Z", "new"),
    ];
    let file = scratch.write("some.jsonl", lines.join("\n"));
    scratch.import(&[file]).unwrap();
    let query = TrendQuery {
        filter: only(vec![is(Dimension::ModelVersion, "old")]),
        by: Vec::new(),
        measure: Measure::Volume,
        bucket: Some(Bucket::Week),
        series: SeriesChoice::default(),
    };
    let trend = scratch.workspace.trend(&query).unwrap().trend.unwrap();
    let weeks: Vec<(u64, bool)> = trend.series[0].points.iter().map(|point| (point.sums.n, point.unfinished)).collect();
    // 1 June is a Monday, 28 June the workspace's last day: two weeks of silence, and none of the four unfinished.
    assert_eq!(weeks[1..], [(1, false), (0, false), (0, false)]);
}

#[test]
fn a_value_has_one_colour_whatever_is_selected_and_however_often_the_workspace_is_opened() {
    let colours = |workspace: &Workspace, filter: &Filter, max: usize| -> BTreeMap<String, Option<u32>> {
        let picture = drawn(workspace, filter, &[Dimension::ModelVersion], Measure::Volume, Kind::Lines, max);
        picture
            .trend
            .series
            .into_iter()
            .filter(|one| one.kind == wire::SeriesKind::Value)
            .map(|one| (one.label, one.slot))
            .collect()
    };
    let late = Filter { from: Timestamp::parse("2026-05-20T00:00:00Z"), ..Filter::default() };
    let (one, other) = (sample().open(), sample().open());
    // In one opening everything is looked at first, in the other a later part.
    let all = colours(&one.workspace, &Filter::default(), 5);
    let part = colours(&other.workspace, &late, 2);
    let whole = colours(&other.workspace, &Filter::default(), 5);
    assert_eq!(all, whole);
    assert!(part.iter().all(|(version, slot)| all.get(version) == Some(slot)), "{part:?} {all:?}");
    assert!(all.len() > 2);
}
