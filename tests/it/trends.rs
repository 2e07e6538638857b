//! Are the numbers right? Every trend is counted a second time here, from the exports as plain JSON.

mod recount;

use hearback_analysis::trend::SeriesChoice;
use hearback_app::TrendQuery;
use hearback_domain::{
    Bucket, Condition, Dimension, Filter, Measure, SeriesKind, Timestamp,
    error::Kind,
    filter::{Authors, Exclude},
};
use recount::{Said, check, everything_said, people, query};

use crate::shared::{is, only, sample};

#[test]
fn trends_agree_with_a_recount_by_every_dimension() {
    let scratch = sample().open();
    let all = everything_said(sample());
    check(&scratch.workspace, &all, &Filter::default(), &[], Bucket::Week, &people);
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
        check(&scratch.workspace, &all, &Filter::default(), &[dimension], Bucket::Week, &people);
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
        check(&scratch.workspace, &all, &Filter::default(), &by, Bucket::Month, &people);
    }
    let three = [Dimension::ModelVersion, Dimension::Environment, Dimension::Reason];
    let error = scratch.workspace.trend(&query(Filter::default(), &three, Measure::Volume, None)).unwrap_err();
    assert_eq!(error.kind, Kind::Input);
}

#[test]
fn trends_agree_with_a_recount_by_every_bucket() {
    let scratch = sample().open();
    let all = everything_said(sample());
    for bucket in [Bucket::Day, Bucket::Week, Bucket::Month] {
        check(&scratch.workspace, &all, &Filter::default(), &[Dimension::Environment], bucket, &people);
    }
    // Half a year has more hours than can be shown; a week has not.
    let hours = query(Filter::default(), &[], Measure::Volume, Some(Bucket::Hour));
    assert_eq!(scratch.workspace.trend(&hours).unwrap_err().kind, Kind::Input);
    let (from, to) = ("2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z");
    let week = Filter { from: Timestamp::parse(from), to: Timestamp::parse(to), ..Filter::default() };
    check(&scratch.workspace, &all, &week, &[Dimension::Environment], Bucket::Hour, &|said| {
        people(said) && (&from[..10]..&to[..10]).contains(&&said.at[..10])
    });
}

#[test]
fn trends_agree_with_a_recount_under_every_kind_of_filter() {
    let scratch = sample().open();
    let all = everything_said(sample());
    let check = |filter: Filter, holds: &dyn Fn(&Said) -> bool| {
        check(&scratch.workspace, &all, &filter, &[Dimension::FeedbackType], Bucket::Month, holds);
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
    let answer =
        scratch.workspace.trend(&query(Filter::default(), &[Dimension::Source], Measure::Volume, None)).unwrap();
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
    let (many, few) = [many, few].map(|query| scratch.workspace.trend(&query).unwrap().trend.unwrap()).into();
    assert_eq!(few.series.len(), 3);
    assert_eq!(
        few.series[..2].iter().map(|one| &one.key).collect::<Vec<_>>(),
        many.series[..2].iter().map(|one| &one.key).collect::<Vec<_>>()
    );
    assert_eq!(few.series[2].kind, SeriesKind::Other { groups: many.series.len() as u32 - 2 });
    let all = everything_said(sample());
    let named: Vec<&Option<String>> = few.series[..2].iter().map(|one| &one.key[0]).collect();
    // Feedback with two tags of the rest is in it once.
    let in_rest = |said: &&Said| {
        let mut tags = said.tags.iter().cloned().map(Some).collect::<Vec<_>>();
        tags.extend(said.tags.is_empty().then_some(None));
        people(said) && tags.iter().any(|tag| !named.contains(&tag))
    };
    for point in &few.series[2].points {
        let month = &point.start.to_string()[..7];
        let rest: Vec<&Said> = all.iter().filter(in_rest).filter(|said| &said.at[..7] == month).collect();
        let n = rest.len() as u64;
        let negative = rest.iter().filter(|said| said.polarity == "negative").count() as u64;
        assert_eq!((point.sums.n, point.sums.negative), (n, negative));
        // Pooled, not averaged, and of those with a polarity.
        let judged = rest.iter().filter(|said| said.polarity != "unknown").count();
        let share = (judged > 0).then(|| negative as f64 / judged as f64);
        assert_eq!(point.value, share);
    }
    let chosen = vec![vec![Some("refunds".to_owned())]];
    let query = TrendQuery {
        series: SeriesChoice { max: 5, chosen: Some(chosen.clone()) },
        ..query(Filter::default(), &[Dimension::Tag], Measure::Volume, None)
    };
    let trend = scratch.workspace.trend(&query).unwrap().trend.unwrap();
    assert_eq!(trend.series.iter().map(|series| series.key.clone()).collect::<Vec<_>>(), [chosen[0].clone(), vec![]]);
}
