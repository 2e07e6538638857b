//! Exports that the real tools wrote, through the whole import: does the workspace come to what went into the tools?
//!
//! The readers' own tests (`src-tauri/ingest/src/tests`) compare every field; here it is about the joins, which the
//! store makes: every feedback finds its turn and session, whichever file comes first.

use std::path::PathBuf;

use hearback_domain::{FeedbackType, Filter, filter::Authors};
use hearback_store::UnjoinedReason;

use crate::shared::{Scratch, real_data};

struct Came {
    sessions: u64,
    turns: u64,
    /// Of people and of judges.
    people: u64,
    judges: u64,
    unjoined: Vec<(UnjoinedReason, u64)>,
    implicit: usize,
}

fn came(files: &[PathBuf]) -> Came {
    let scratch = Scratch::new();
    // One after the other, so that halves meet in the workspace rather than in one import.
    for file in files {
        scratch.import(std::slice::from_ref(file)).unwrap();
    }
    let workspace = &scratch.workspace.store_for_tests();
    let summary = scratch.workspace.summary().unwrap();
    let count = |authors| workspace.totals(&Filter { authors, ..Filter::default() }).unwrap().sums.n;
    let mut implicit = 0;
    workspace
        .snapshot()
        .unwrap()
        .each_feedback(&Filter::default(), |row| {
            implicit += usize::from(row.feedback_type == FeedbackType::Implicit);
            Ok(())
        })
        .unwrap();
    Came {
        sessions: summary.sessions,
        turns: summary.turns,
        people: count(Authors::People),
        judges: count(Authors::Judges),
        unjoined: workspace.unjoined_counts(None).unwrap(),
        implicit,
    }
}

fn files(tool: &str, names: &[&str]) -> Option<Vec<PathBuf>> {
    let folder = real_data()?.join("real_tools").join(tool);
    Some(names.iter().map(|name| folder.join(name)).collect())
}

#[test]
fn phoenix_spans_and_annotations_join_in_any_order() {
    let names = [
        "rest_session_annotations.json",
        "rest_span_annotations_block1.json",
        "rest_span_annotations_block2.json",
        "rest_span_annotations_block3.json",
        "rest_span_annotations_block4.json",
        "rest_trace_annotations_block1.json",
        "rest_trace_annotations_block2.json",
        "rest_spans_page1.json",
        "rest_spans_page2.json",
    ];
    let Some(mut files) = files("phoenix", &names) else { return };
    for _ in 0..2 {
        let came = came(&files);
        assert_eq!((came.sessions, came.turns), (30, 82));
        assert_eq!((came.people, came.judges), (140, 90));
        assert_eq!((came.unjoined, came.implicit), (vec![], 18));
        files.reverse();
    }
}

#[test]
fn what_a_phoenix_table_says_of_a_span_is_said_of_its_turn() {
    // The table of retrieved documents names spans, and nothing else; the spans come with the parquet file.
    let Some(mut files) = files("phoenix", &["span_query_documents.csv", "spans_dataframe.parquet"]) else { return };
    for _ in 0..2 {
        let came = came(&files);
        assert_eq!((came.sessions, came.turns), (30, 82));
        files.reverse();
    }
}

#[test]
fn telemetry_joins_and_says_what_did_not() {
    let Some(files) = files("otel", &["logs_otlp_spec.jsonl", "traces_otlp_spec.jsonl"]) else { return };
    let came = came(&files);
    assert_eq!((came.turns, came.people + came.judges), (82, 233));
    assert_eq!(came.unjoined.iter().map(|(_, count)| count).sum::<u64>(), 3, "{:?}", came.unjoined);
}

#[test]
fn tools_that_keep_trail_and_feedback_together_are_whole() {
    for (tool, names, turns, feedback, judges) in [
        ("mlflow", &["traces_to_json.jsonl"][..], 82, 233, None),
        ("mlflow", &["search_traces.csv"], 82, 233, None),
        ("trulens", &["records_and_feedback.jsonl"], 82, 155, Some(84)),
        ("trulens", &["records_and_feedback.csv"], 82, 155, Some(84)),
        ("chroma", &["feedback_get_all.json", "turns_get_all.json"], 82, 143, Some(0)),
    ] {
        let Some(files) = files(tool, names) else { return };
        let came = came(&files);
        assert_eq!((came.turns, came.people + came.judges), (turns, feedback), "{names:?}");
        assert!(judges.is_none_or(|judges| judges == came.judges), "{names:?}: {}", came.judges);
        let orphans = if tool == "chroma" { 3 } else { 0 };
        assert_eq!(
            came.unjoined.iter().map(|(_, count)| count).sum::<u64>(),
            orphans,
            "{names:?}: {:?}",
            came.unjoined
        );
    }
    let Some(files) = files("open_webui", &["feedback-history-export.json"]) else { return };
    let came = came(&files);
    assert_eq!((came.people, came.judges, came.unjoined), (36, 0, vec![]));
}
