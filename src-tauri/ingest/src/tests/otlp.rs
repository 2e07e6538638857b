use std::collections::BTreeMap;

use expect_test::expect;

use super::{
    merged::Merged,
    truth::{self, Lacks, counts, expected, files},
    *,
};
use crate::canonical;

const TRACES: &str = "traces_otlp_spec.jsonl";
const LOGS: &str = "logs_otlp_spec.jsonl";

fn check_counts(merged: &Merged) {
    let Some(expected) = expected("otel") else { return };
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    assert_eq!(merged.rejects, "");
    assert_eq!(merged.sessions.len(), count("sessions"));
    assert_eq!(merged.turns.len(), count("turns"));
    let having = |holds: fn(&TurnRecord) -> bool| merged.turns.values().filter(|turn| holds(turn)).count();
    assert_eq!(having(|turn| turn.metadata.contains_key("error")), count("turns_error"));
    assert_eq!(having(|turn| turn.output.as_deref() == Some("")), count("turns_empty_output"));
    assert_eq!(having(|turn| !turn.documents.is_empty()), count("turns_with_documents"));
    assert_eq!(merged.turns.values().map(|turn| turn.documents.len()).sum::<usize>(), count("documents"));
    let models = merged.per_turn(|turn| Some(format!("{}@{}", turn.model.clone()?, turn.model_version.clone()?)));
    assert_eq!(models, counts(&expected["turns_per_model"]));
    assert_eq!(merged.per_turn(|turn| turn.prompt_version.clone()), counts(&expected["turns_per_prompt_version"]));
    assert_eq!(merged.per_turn(|turn| turn.environment.clone()), counts(&expected["turns_per_environment"]));
    assert_eq!(
        merged.per_session(|session| session.environment.clone()),
        counts(&expected["sessions_per_environment"])
    );
    assert_eq!(merged.per_session(|session| session.user_role.clone()), counts(&expected["sessions_per_user_role"]));
    assert!(merged.turns.values().all(|turn| turn.release.as_deref() == Some("2.3.0")));
}

#[test]
fn spans_and_log_records_of_the_specification_join() {
    let (Some(truth), Some(expected)) = (truth::truth(), expected("otel")) else { return };
    let merged = Merged::of(&files("otel", &[LOGS, TRACES]));
    check_counts(&merged);
    let count = |key: &str| expected[key].as_u64().unwrap();
    assert_eq!(
        merged.files,
        [
            ("OpenTelemetry spans (JSON)".to_owned(), count("spans")),
            ("OpenTelemetry log records (JSON)".to_owned(), count("log_records"))
        ]
    );
    assert_eq!(merged.unmapped, BTreeMap::new());
    assert_eq!(merged.types(), counts(&expected["feedback_per_type"]));
    let kinds = merged.per_feedback(|feedback| feedback.metadata.get("annotator_kind").cloned());
    assert_eq!(kinds, counts(&expected["per_annotator_kind"]));
    assert_eq!(merged.on_sessions() as u64, count("session_level"));
    assert_eq!(merged.orphans() as u64, count("orphans"));
    let unknown =
        |feedback: &&FeedbackRecord| feedback.turn_id.as_ref().is_some_and(|id| !merged.turns.contains_key(id));
    assert_eq!(merged.feedback.values().filter(unknown).count() as u64, count("orphan_records_with_unknown_trace"));
    truth.check(&merged, Lacks::default());
    assert_eq!(truth.check_feedback(&merged, |feedback| Some(feedback.id.clone())), truth.feedback.len());
}

#[test]
fn every_writer_says_the_same() {
    let Some(truth) = truth::truth() else { return };
    let whole = Merged::of(&files("otel", &[TRACES]));
    for (name, title, spans, turns) in [
        ("file_exporter_traces_production.jsonl", "OpenTelemetry spans (JSON lines)", 162, 57),
        ("traces_staging_protobuf_json.json", "OpenTelemetry spans (JSON)", 25, 9),
        ("traces_staging_snake_case.json", "OpenTelemetry spans (JSON)", 25, 9),
        ("spans_dev_console.json", "OpenTelemetry spans (JSON)", 47, 16),
    ] {
        let merged = Merged::of(&files("otel", &[name]));
        assert_eq!(merged.files, [(title.to_owned(), spans)], "{name}");
        assert_eq!((merged.turns.len(), merged.rejects.as_str()), (turns, ""), "{name}");
        assert_eq!(merged.unmapped, BTreeMap::new(), "{name}");
        truth.check(&merged, Lacks::default());
        for (id, turn) in &merged.turns {
            let mut aliases = (turn.aliases.clone(), whole.turns[id].aliases.clone());
            aliases.0.sort();
            aliases.1.sort();
            assert_eq!(aliases.0, aliases.1, "{name}");
            assert_eq!(
                TurnRecord { aliases: Vec::new(), ..turn.clone() },
                TurnRecord { aliases: Vec::new(), ..whole.turns[id].clone() },
                "{name}"
            );
        }
    }
    let logs = Merged::of(&files("otel", &[LOGS]));
    let exported = Merged::of(&files("otel", &["file_exporter_logs.jsonl"]));
    assert_eq!(logs.feedback, exported.feedback);
    assert_eq!(exported.files[0].1, 233);
    let first = Merged::of(&files("otel", &["logs_first_quarter_protobuf_json.json"]));
    assert_eq!(first.files[0].1, 58);
    assert!(first.feedback.iter().all(|(id, feedback)| logs.feedback[id] == *feedback));
}

#[test]
fn spans_of_one_environment_leave_the_feedback_of_others_without_turn() {
    if truth::truth().is_none() {
        return;
    }
    let merged = Merged::of(&files("otel", &["file_exporter_traces_production.jsonl", "file_exporter_logs.jsonl"]));
    assert_eq!(merged.feedback.len(), 233);
    let there = merged.per_feedback(|feedback| {
        let turn = feedback.turn_id.as_ref()?;
        Some(if merged.turns.contains_key(turn) { "found" } else { "not found" }.to_owned())
    });
    expect![[r#"{"found": 149, "not found": 62}"#]].assert_eq(&format!("{there:?}"));
}

fn lines(outcome: &Outcome) -> String {
    outcome.records().iter().map(|record| canonical::write(record) + "\n").collect()
}
