//! An answer that is made of several reads is of one state, whatever is imported and undone meanwhile.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use hearback_analysis::trend::SeriesChoice;
use hearback_app::{Comparison, TrailOf, TrendQuery, Workspace};
use hearback_domain::{
    Bucket, Dimension, FeedbackRecord, FeedbackType, Filter, Measure, Origin, Record, Sink, Subject, Timestamp,
    TurnRecord,
    filter::Authors,
    job::{CancelHandle, Job},
};
use hearback_store::{NewSource, NewThemeRun, Shown, ThemeRun};

use crate::shared::Scratch;

/// More than a page of what is exported.
const BASE: usize = 2500;
/// What comes and goes.
const MORE: usize = 700;

/// The one session that both imports speak of, turn by turn.
const SESSION: &str = "shared";
const IN_SESSION: usize = 20;

fn moment(minute: usize) -> Timestamp {
    Timestamp::parse("2026-05-04T00:00:00Z").unwrap().plus_micros(minute as i64 * 60_000_000)
}

/// Turns with one feedback each, one of three without words.
fn records(name: &str, count: usize) -> Vec<Record> {
    (0..count)
        .flat_map(|index| {
            let id = format!("{name}-{index}");
            let session = if index < IN_SESSION { SESSION.to_owned() } else { format!("session of {id}") };
            let turn = TurnRecord {
                id: id.clone(),
                session_id: Some(session),
                created_at: Some(moment(index)),
                query: Some(format!("query {id}")),
                ..TurnRecord::default()
            };
            let feedback = FeedbackRecord {
                turn_id: Some(id.clone()),
                created_at: Some(moment(index)),
                score: Some((index % 2) as f64),
                score_name: Some("thumbs".to_owned()),
                reasons: vec![format!("reason {}", index % 3)],
                comment: (index % 3 > 0).then(|| format!("comment {index}")),
                ..FeedbackRecord::new(format!("f-{id}"), FeedbackType::Thumb)
            };
            [Record::Turn(turn), Record::Feedback(feedback)]
        })
        .collect()
}

fn import(workspace: &Workspace, name: &str, records: &[Record]) -> i64 {
    let source = NewSource {
        name: name.to_owned(),
        path: name.to_owned(),
        format: "canonical".to_owned(),
        tool: "canonical".to_owned(),
        format_reason: String::new(),
        bytes: 1,
        imported_at: moment(0),
        scores: Vec::new(),
        mapping: None,
        notes: Vec::new(),
    };
    workspace
        .store_for_tests()
        .import(|mut transaction| {
            transaction.begin_source(source.clone());
            for (index, record) in records.iter().enumerate() {
                transaction.record(Origin { record: index as u64, byte: None }, record.clone())?;
            }
            transaction.end_source(records.len() as u64, name.to_owned());
            transaction.settle(&Job::quiet())?;
            transaction.count(&Job::quiet())
        })
        .unwrap()
        .sources[0]
        .id
}

/// A run that found nothing, so that whatever has words is unclustered.
fn keep_empty_run(workspace: &Workspace) {
    let workspace = &workspace.store_for_tests();
    workspace.collect_texts(Subject::Said, "test", |words| words.comment.clone(), &Job::quiet()).unwrap();
    let run = ThemeRun {
        id: 0,
        created_at: moment(0),
        subject: Subject::Said,
        model_id: "none".to_owned(),
        resolution: 1.0,
        unclustered_at_most: None,
        seed: 1,
        options: String::new(),
        versions: String::new(),
        fingerprint: String::new(),
        explored: String::new(),
        data_version: 0,
        texts: 0,
        unclustered: 0,
        pulled_in: 0,
        pulled_in_similarity: 0.0,
        similarity: 0.0,
    };
    let new = NewThemeRun {
        run,
        at: moment(0),
        hierarchy: None,
        tree: String::new(),
        lines: Vec::new(),
        leaves: Vec::new(),
        gone: Vec::new(),
        placements: Vec::new(),
        shown: Shown::default(),
        history: Vec::new(),
        next_theme_id: 1,
    };
    workspace.put_theme_run(&new).unwrap();
}

fn people() -> Filter {
    Filter { authors: Authors::People, from: Some(moment(0)), to: Some(moment(BASE)), ..Filter::default() }
}

fn the_overview_adds_up(workspace: &Workspace) {
    let overview = workspace.overview(&people(), &Comparison::PreviousPeriod).unwrap();
    // Every turn has one feedback, whatever was imported.
    assert_eq!(overview.turns.current.sums.negative, overview.current.n, "turns with feedback, feedback");
    assert_eq!(overview.turns.current.sums.n, overview.current.n, "turns, feedback");
}

fn the_themes_add_up(workspace: &Workspace) {
    let list = workspace.themes(&people(), &Comparison::PreviousPeriod).unwrap();
    let unclustered = list.unclustered.unwrap();
    assert_eq!(unclustered.sparkline.iter().sum::<u64>(), unclustered.sums.n, "over time, in all");
    let total = unclustered.sums.n as f64 / unclustered.share.value.unwrap();
    assert_eq!(unclustered.sums.n + list.wordless.n, total.round() as u64, "parts, the whole");
}

fn the_trend_adds_up(workspace: &Workspace) {
    let query = TrendQuery {
        filter: people(),
        by: vec![Dimension::Reason],
        measure: Measure::Volume,
        bucket: Some(Bucket::Day),
        series: SeriesChoice { max: 1, chosen: None },
    };
    let trend = workspace.trend(&query).unwrap().trend.unwrap();
    let parts: u64 = trend.series.iter().flat_map(|series| &series.points).map(|point| point.sums.n).sum();
    assert_eq!(parts, trend.rows.n, "reasons, all");
}

fn the_export_is_whole(workspace: &Workspace) {
    let announced = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&announced);
    let job = Job::new(CancelHandle::default(), move |progress| {
        seen.store(progress.total.unwrap_or(0), Ordering::SeqCst);
    });
    let mut table = Vec::new();
    let rows = workspace.export_feedback(&people(), &mut table, &job).unwrap();
    assert_eq!(rows, announced.load(Ordering::SeqCst), "written, announced");
    let more = String::from_utf8(table).unwrap().lines().filter(|line| line.starts_with("f-more")).count();
    assert!([0, MORE].contains(&more), "{more} rows of an import of {MORE}");
}

fn the_trail_is_whole(workspace: &Workspace) {
    for of in [TrailOf::Session(SESSION), TrailOf::Turn("base-3"), TrailOf::Feedback("f-base-3")] {
        let trail = workspace.trail(of).unwrap();
        let turns = trail.entries.len();
        let with_feedback = trail.entries.iter().filter(|entry| !entry.feedback.is_empty()).count();
        assert_eq!(with_feedback, turns, "turns with feedback, turns");
        assert!([IN_SESSION, 2 * IN_SESSION].contains(&turns), "{turns} turns");
    }
}

#[test]
fn answers_are_of_one_state_while_another_thread_imports_and_undoes() {
    const ROUNDS: usize = 10;
    let scratch = Scratch::new();
    let workspace = &scratch.workspace;
    import(workspace, "base", &records("base", BASE));
    keep_empty_run(workspace);
    let more = records("more", MORE);
    let ended = AtomicBool::new(false);
    let checks = [
        the_overview_adds_up as fn(&Workspace),
        the_themes_add_up,
        the_trend_adds_up,
        the_export_is_whole,
        the_trail_is_whole,
    ];
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut asked = 0;
            while asked < checks.len() || !ended.load(Ordering::SeqCst) {
                checks[asked % checks.len()](workspace);
                asked += 1;
            }
        });
        for _ in 0..ROUNDS {
            if asking.is_finished() {
                break;
            }
            let source = import(workspace, "more", &more);
            workspace.store_for_tests().remove_sources(&[source.into()]).unwrap();
        }
        ended.store(true, Ordering::SeqCst);
        asking.join().unwrap();
    });
}
