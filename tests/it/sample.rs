//! Is what was planted in the sample found again, through import, embedding, themes and trends?

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU64, Ordering},
};

use hearback_analysis::trend::{Direction, SeriesChoice};
use hearback_app::{AnalysisOptions, Comparison, SimilarTo, ThemeRow, TrendQuery, Workspace, sample::plan};
use hearback_domain::{
    Bucket, Condition, Dimension, Filter, Measure, Subject, TextHash,
    filter::{Exclude, SHORT_ANSWERS},
    import::ImportCounts,
    job::{CancelHandle, Job, Step},
};

use crate::shared::{Sample, Scratch, is, now, only, rows, sample, write_sample};

fn against(current: &str, previous: &str) -> Comparison {
    Comparison::ModelVersion { current: current.to_owned(), previous: previous.to_owned() }
}

fn within(theme: Option<i64>) -> Filter {
    within_key(theme.map(|id| id.to_string()))
}

fn within_key(key: Option<String>) -> Filter {
    only(vec![Condition { dimension: Dimension::Theme, values: vec![key], exclude: Exclude::No }])
}

/// The found theme that holds most of what is about a planted one, with how much of it that is and how much of the
/// found theme's feedback that has words of its own it makes up.
fn found(sample: &Sample, workspace: &Workspace, planted: &str) -> (i64, f64, f64) {
    let wanted: BTreeSet<&str> = sample.planted_feedback(planted).into_iter().collect();
    let mut by_theme: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for row in rows(workspace, &Filter::default()) {
        let Some(theme) = row.theme_id else { continue };
        let count = by_theme.entry(theme).or_default();
        count.0 += usize::from(wanted.contains(row.id.as_str()));
        count.1 += usize::from(row.comment.is_some() || row.correction.is_some());
    }
    let (theme, (hits, spoken)) = by_theme.into_iter().max_by_key(|(_, (hits, _))| *hits).unwrap();
    let (recall, precision) = (hits as f64 / wanted.len() as f64, hits as f64 / spoken as f64);
    println!("{planted}: theme {theme} has {:.0} % of it, {:.0} % of the theme", recall * 100.0, precision * 100.0);
    (theme, recall, precision)
}

fn row_of(workspace: &Workspace, theme: i64, filter: &Filter, comparison: &Comparison) -> ThemeRow {
    let list = workspace.themes(filter, comparison).unwrap();
    list.themes.into_iter().find(|row| row.id == Some(theme)).unwrap()
}

#[test]
fn planted_themes_are_found_as_themes() {
    let sample = sample();
    let scratch = sample.open();
    for planted in [plan::REGRESSION, plan::GROWING, plan::PRODUCT] {
        let (_, recall, precision) = found(sample, &scratch.workspace, planted);
        assert!(recall > 0.5 && precision > 0.5, "{planted}: {recall} {precision}");
    }
    // Whoever cannot log in asks about it and complains about it in the same words.
    let (_, recall, _) = found(sample, &scratch.workspace, plan::FIXED);
    assert!(recall > 0.5, "{recall}");
}

#[test]
fn the_regression_tops_the_movers_of_its_version() {
    let sample = sample();
    let scratch = sample.open();
    let (theme, ..) = found(sample, &scratch.workspace, plan::REGRESSION);
    let production = only(vec![is(Dimension::Environment, plan::REGRESSION_ENVIRONMENT)]);
    let comparison = against(plan::REGRESSION_VERSION, "assistant-2.0");
    let overview = scratch.workspace.overview(&production, &comparison).unwrap();
    let top = &overview.movers[0];
    assert_eq!(top.key, Some(theme.to_string()), "{} tops", top.label);
    assert!(top.clear && top.direction == Direction::Worse, "{top:?}");
    let change = top.negative_rate.unwrap();
    assert!(change.after > 3.0 * change.before, "{change:?}");
    assert_eq!(
        overview.current.n,
        scratch.workspace.store_for_tests().totals(&overview.compared.current).unwrap().sums.n
    );

    // Elsewhere it did not happen.
    let staging = only(vec![is(Dimension::Environment, "staging")]);
    let elsewhere = scratch.workspace.overview(&staging, &comparison).unwrap();
    assert!(elsewhere.movers.iter().all(|mover| mover.key != top.key || !mover.clear));
}

#[test]
fn the_growing_theme_grows() {
    let sample = sample();
    let scratch = sample.open();
    let (theme, ..) = found(sample, &scratch.workspace, plan::GROWING);
    let query = TrendQuery {
        filter: Filter { from: Some(plan::monday(0)), to: Some(plan::monday(plan::WEEKS)), ..within(Some(theme)) },
        by: Vec::new(),
        measure: Measure::Volume,
        bucket: Some(Bucket::Week),
        series: SeriesChoice::default(),
    };
    let trend = scratch.workspace.trend(&query).unwrap().trend.unwrap();
    let weeks: Vec<u64> = trend.series[0].points.iter().map(|point| point.sums.negative).collect();
    assert_eq!(weeks.len(), plan::WEEKS);
    let (first, second) = weeks.split_at(plan::WEEKS / 2);
    let (first, second) = (first.iter().sum::<u64>(), second.iter().sum::<u64>());
    assert!(second as f64 > 1.6 * first as f64, "{first} then {second}: {weeks:?}");
}

#[test]
fn no_version_moves_the_product_theme() {
    let sample = sample();
    let scratch = sample.open();
    let (theme, ..) = found(sample, &scratch.workspace, plan::PRODUCT);
    for versions in plan::VERSIONS.windows(2) {
        let comparison = against(versions[1].0, versions[0].0);
        let row = row_of(&scratch.workspace, theme, &Filter::default(), &comparison);
        let change = row.change.unwrap();
        assert!(!change.clear && change.direction == Direction::Unclear, "{versions:?}: {change:?}");
    }
}

#[test]
fn the_fixed_theme_falls_with_its_release() {
    let sample = sample();
    let scratch = sample.open();
    let (theme, ..) = found(sample, &scratch.workspace, plan::FIXED);
    let comparison = against(plan::FIXED_VERSION, "assistant-2.1");
    let change = row_of(&scratch.workspace, theme, &Filter::default(), &comparison).change.unwrap();
    assert!(change.clear && change.direction == Direction::Better, "{change:?}");
    let rate = change.negative_rate.unwrap();
    assert!(rate.after < 0.5 * rate.before, "{rate:?}");
}

#[test]
fn the_quiet_week_is_seen() {
    let sample = sample();
    let scratch = sample.open();
    let query = TrendQuery {
        filter: Filter::default(),
        by: Vec::new(),
        measure: Measure::Volume,
        bucket: None,
        series: SeriesChoice::default(),
    };
    let answer = scratch.workspace.trend(&query).unwrap();
    assert_eq!(answer.bucket, Bucket::Week, "half a year is shown by week");
    let trend = answer.trend.unwrap();
    let points = &trend.series[0].points;
    let quiet = points.iter().min_by_key(|point| point.sums.n).unwrap();
    assert_eq!(quiet.start, plan::monday(plan::QUIET_WEEK));
    assert!(points.iter().all(|point| point.start == quiet.start || point.sums.n > 3 * quiet.sums.n));
}

#[test]
fn little_is_left_unclustered() {
    let sample = sample();
    let scratch = sample.open();
    let outcome = sample.analysed;
    println!("{outcome:?}");
    assert!(outcome.unclustered * 10 < outcome.texts, "{outcome:?}");
    let list = scratch.workspace.themes(&Filter::default(), &Comparison::default()).unwrap();
    assert!(!list.stale);
    let unclustered = list.unclustered.map_or(0, |row| row.sums.n);
    assert!(unclustered * 10 < scratch.workspace.store_for_tests().totals(&Filter::default()).unwrap().sums.n);
    assert!((15..80).contains(&list.themes.len()), "{} themes", list.themes.len());
    for row in &list.themes {
        assert!(!row.name.trim().is_empty() && !row.keywords.is_empty(), "{row:?}");
    }
    let names: BTreeSet<&str> = list.themes.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names.len(), list.themes.len(), "two themes have the same name");
}

/// Names, keywords, examples and members of the current run.
fn whole_run(workspace: &Workspace) -> impl PartialEq + std::fmt::Debug + use<> {
    let themes = workspace.store_for_tests().themes().unwrap();
    let ids: Vec<Option<i64>> = themes.iter().map(|theme| Some(theme.id)).chain([None]).collect();
    let members: Vec<Vec<TextHash>> = ids
        .iter()
        .map(|id| workspace.store_for_tests().theme_members(*id).unwrap().into_iter().map(|(hash, _)| hash).collect())
        .collect();
    (themes, members)
}

#[test]
fn the_same_seed_finds_the_same_themes_and_nothing_new_changes_nothing() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let options = AnalysisOptions::new(now());
    let first = whole_run(workspace);
    let run = workspace.store_for_tests().theme_run().unwrap().unwrap();

    let again = workspace.analyse(&options, &Job::quiet()).unwrap();
    assert!(again.unchanged && again.embedded == 0, "{again:?}");
    assert_eq!((again.texts, again.themes), (sample().analysed.texts, sample().analysed.themes));
    assert_eq!(workspace.store_for_tests().theme_run().unwrap().unwrap(), run, "an analysis of the same is no new run");

    let other =
        workspace.analyse(&AnalysisOptions { seed: options.seed + 1, ..options.clone() }, &Job::quiet()).unwrap();
    assert!(!other.unchanged && other.embedded == 0, "{other:?}");
    let back = workspace.analyse(&options, &Job::quiet()).unwrap();
    assert!(!back.unchanged, "{back:?}");
    assert!(whole_run(workspace) == first, "the same seed found other themes");
}

#[test]
fn importing_the_sample_again_adds_nothing() {
    let sample = sample();
    let scratch = sample.open();
    let before = scratch.workspace.summary().unwrap();
    let outcome = scratch.import(&sample.write_exports(&scratch)).unwrap();
    assert_eq!(outcome.unchanged.len(), 4);
    assert!(outcome.sources.is_empty() && outcome.total == ImportCounts::default(), "{outcome:?}");
    assert_eq!(scratch.workspace.summary().unwrap(), before);

    let files = std::iter::once("planted.json")
        .map(|name| scratch.write(&format!("exports/{name}"), sample.planted.to_string()));
    let files: Vec<_> = files.collect();
    let folder = scratch.import(&[scratch.folder.path().join("exports")]).unwrap();
    assert_eq!((folder.unchanged.len(), folder.skipped.len()), (4, files.len()), "{:?}", folder.skipped);
    assert_eq!(scratch.workspace.summary().unwrap(), before);
}

#[test]
fn the_import_says_what_the_sample_says() {
    let sample = sample();
    let total = &sample.imported.total;
    let planted = |key: &str| sample.planted[key].as_u64().unwrap();
    assert_eq!(total.feedback, planted("feedback"));
    assert_eq!((total.rejected, total.updated), (0, 0));
    assert_eq!(total.read, total.kept);
    assert_eq!(total.joined_session, total.feedback, "every feedback of the sample has a session");
    let summary = sample.open().workspace.summary().unwrap();
    assert_eq!((summary.turns, summary.sessions), (planted("turns"), planted("sessions")));
    assert_eq!((summary.feedback, summary.joined_turn), (total.feedback, total.joined_turn));
}

#[test]
fn themes_add_up_and_each_number_opens_its_rows() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let filters = [
        Filter::default(),
        only(vec![is(Dimension::Environment, "production"), is(Dimension::ModelVersion, "assistant-2.1")]),
        Filter { text: Some("refund".to_owned()), ..Filter::default() },
        only(vec![is(Dimension::FeedbackType, "thumb"), is(Dimension::Polarity, "negative")]),
    ];
    for filter in filters {
        let list = workspace.themes(&filter, &Comparison::default()).unwrap();
        let mut sum = list.wordless.n;
        let known = list.themes.iter().chain(&list.unclustered).map(|row| (row, row.id.map(|id| id.to_string())));
        let short = list.short_answers.iter().map(|row| (row, Some(SHORT_ANSWERS.to_owned())));
        for (row, key) in known.chain(short) {
            let mut narrowed = filter.clone();
            narrowed.conditions.extend(within_key(key).conditions);
            let members = rows(workspace, &narrowed);
            assert_eq!(members.len() as u64, row.sums.n, "{}", row.name);
            assert!(members.iter().all(|member| member.theme_id == row.id), "{}", row.name);
            assert!(row.id.is_none() || members.iter().all(|member| member.theme_name.as_ref() == Some(&row.name)));
            assert_eq!(row.sparkline.iter().sum::<u64>(), row.sums.n, "{}", row.name);
            sum += row.sums.n;
        }
        let total = workspace.store_for_tests().totals(&filter).unwrap().sums;
        assert_eq!(sum, total.n, "{filter:?}");
        let share: f64 = list
            .themes
            .iter()
            .chain(&list.unclustered)
            .chain(&list.short_answers)
            .filter_map(|row| row.share.value)
            .sum();
        assert!((share - (total.n - list.wordless.n) as f64 / total.n as f64).abs() < 1e-9);
    }
}

#[test]
fn a_theme_opens_with_examples_of_its_own() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let list = workspace.themes(&Filter::default(), &Comparison::default()).unwrap();
    for row in list.themes.iter().take(5) {
        let detail = workspace.theme(row.id, &Filter::default(), &Comparison::default()).unwrap();
        assert_eq!(detail.row.sums, row.sums);
        assert_eq!(detail.examples.len(), 5, "{}", row.name);
        assert!(detail.examples.iter().all(|example| example.theme_id == row.id));
        assert!((0.0..=1.0).contains(&detail.cohesion));
        let types = detail.breakdown.iter().find(|one| one.dimension == Dimension::FeedbackType).unwrap();
        assert_eq!(types.values.iter().map(|value| value.sums.n).sum::<u64>(), row.sums.n);
    }
    let missing = workspace.theme(Some(9999), &Filter::default(), &Comparison::default()).unwrap_err();
    assert_eq!(missing.kind, hearback_domain::error::Kind::NotFound);
}

#[test]
fn similar_cases_speak_of_the_same() {
    let sample = sample();
    let scratch = sample.open();
    let about: BTreeSet<&str> = sample.planted_feedback(plan::REGRESSION).into_iter().collect();
    let cases = scratch
        .workspace
        .similar(SimilarTo::Text("it told me I have 60 days for a refund"), 5, &Filter::default(), &Job::quiet())
        .unwrap();
    assert_eq!(cases.len(), 5);
    assert!(cases.windows(2).all(|pair| pair[0].similarity >= pair[1].similarity));
    let hits = cases.iter().filter(|case| about.contains(case.feedback.id.as_str())).count();
    assert!(hits >= 3, "{cases:#?}");

    // A feedback is not similar to itself.
    let own = scratch
        .workspace
        .similar(SimilarTo::Feedback(&cases[0].feedback.id), 5, &Filter::default(), &Job::quiet())
        .unwrap();
    assert!(own.iter().all(|case| case.text != cases[0].text), "{own:#?}");
}

#[test]
fn a_cancelled_analysis_keeps_its_vectors_and_the_next_goes_on() {
    let scratch = Scratch::new();
    let workspace = &scratch.workspace;
    scratch.import(&write_sample(&scratch, 160, 3)).unwrap();
    let cancel = CancelHandle::default();
    let seen = std::sync::Arc::new(AtomicU64::new(0));
    let job = {
        let (handle, seen) = (cancel.clone(), seen.clone());
        Job::new(cancel, move |progress| {
            if progress.step == Step::Embedding && progress.done > 0 {
                seen.store(progress.done, Ordering::Relaxed);
                handle.cancel();
            }
        })
    };
    let options = AnalysisOptions::new(now());
    let error = workspace.analyse(&options, &job).unwrap_err();
    assert!(error.is_cancelled(), "{error}");
    assert!(seen.load(Ordering::Relaxed) > 0);
    assert!(workspace.store_for_tests().theme_run().unwrap().is_none(), "a cancelled run is no run");

    let model = workspace.store_for_tests().current_model().unwrap().expect("vectors made so far stay");
    let all = workspace.store_for_tests().texts(Subject::Said).unwrap().len();
    let missing = workspace.store_for_tests().count_texts_without_vector(&model.id, Subject::Said).unwrap();
    assert!(missing > 0 && missing < all as u64, "{missing} of {all} are missing");
    let outcome = workspace.analyse(&options, &Job::quiet()).unwrap();
    assert_eq!((outcome.embedded, outcome.texts), (missing, all as u64));
    assert!(outcome.themes > 0 && workspace.store_for_tests().theme_run().unwrap().is_some());
}

#[test]
fn new_feedback_makes_themes_old_until_they_are_found_again() {
    let scratch = sample().open();
    let workspace = &scratch.workspace;
    let line = r#"{"kind":"feedback","id":"new-1","created_at":"2026-07-05T10:00:00Z","feedback_type":"comment","comment":"It told me I can send it back for a refund within 60 days, which is wrong"}"#;
    let path = scratch.write("new.jsonl", line);
    scratch.import(&[path]).unwrap();
    assert!(workspace.themes(&Filter::default(), &Comparison::default()).unwrap().stale);
    let row = rows(workspace, &Filter::default()).into_iter().find(|row| row.id == "new-1").unwrap();
    let (theme, ..) = found(sample(), workspace, plan::REGRESSION);
    assert_eq!(row.theme_id, Some(theme), "placed at once: {row:?}");
    let outcome = workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    assert_eq!(outcome.embedded, 0, "{outcome:?}");
    assert!(!workspace.themes(&Filter::default(), &Comparison::default()).unwrap().stale);
    let row = rows(workspace, &Filter::default()).into_iter().find(|row| row.id == "new-1").unwrap();
    let (theme, ..) = found(sample(), workspace, plan::REGRESSION);
    assert_eq!(row.theme_id, Some(theme), "{row:?}");
}
