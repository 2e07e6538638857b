//! Every shape in which Langfuse gives out the same conversation.

use expect_test::expect;

use super::{
    merged::Merged,
    other_containers::{csv, parquet, rows_of, without_empty},
    *,
};
use crate::canonical;
use hearback_domain::{Author, FeedbackType};

fn lines(outcome: &Outcome) -> String {
    outcome.records().iter().map(|record| canonical::write(record) + "\n").collect()
}

const OBSERVATIONS: &str = "langfuse/blob/observations_v2/2026-07-02.jsonl";
const SCORES: &str = "langfuse/blob/scores/2026-07-02.jsonl";
const EVENTS: &str = "langfuse/1782000000000-lf-events-export-p1.jsonl";

#[test]
fn scores_of_the_blob_export() {
    let outcome = read_file(&fixture(SCORES));
    assert_eq!(outcome.recognised.title, "Langfuse scores (JSON lines)");
    assert!(outcome.recognised.note.as_ref().unwrap().contains("corrections"), "{:?}", outcome.recognised.note);
    expect![[r#"
        {"kind":"feedback","id":"sb_1","created_at":"2026-07-02T09:00:30.12Z","turn_id":"tr_a1","feedback_type":"thumb","author":"human","score_name":"user-thumbs","score":0.0,"score_type":"boolean","comment":"Which frost? =SUM(A1:A9)\r\n\"quoted\", <script>alert(1)</script> 🌱 שלום","environment":"production","user_role":"beginner","metadata":{"observation_id":"ob_tr_a1_g","surface":"web"}}
        {"kind":"feedback","id":"sb_2","created_at":"2026-07-02T09:00:30.12Z","turn_id":"tr_a1","feedback_type":"category","author":"human","score_name":"reason","label":"too vague","reasons":["too vague"],"environment":"production"}
        {"kind":"feedback","id":"sb_3","created_at":"2026-07-02T09:01:30.12Z","turn_id":"tr_a2","feedback_type":"comment","author":"human","score_name":"note","comment":"It answered with JSON","environment":"production"}
        {"kind":"feedback","id":"sb_4","created_at":"2026-07-02T09:06:30.12Z","session_id":"se_b","feedback_type":"rating","author":"human","score_name":"satisfaction","score":4.0,"environment":"production"}
        {"kind":"feedback","id":"sb_5","created_at":"2026-07-02T09:06:30.12Z","turn_id":"tr_b2","feedback_type":"rating","author":"judge","score_name":"faithfulness","score":0.5,"comment":"Not in the article.","environment":"production"}
        {"kind":"feedback","id":"sb_6","created_at":"2026-07-02T09:06:30.12Z","turn_id":"tr_b2","feedback_type":"annotation","author":"human","score_name":"tone","label":"friendly","reasons":["friendly"],"environment":"production"}
        {"kind":"feedback","id":"sb_7","created_at":"2026-07-02T09:06:30.12Z","turn_id":"tr_gone","feedback_type":"thumb","author":"human","score_name":"user-thumbs","score":1.0,"score_type":"boolean","environment":"production"}
        {"kind":"feedback","id":"sb_8","created_at":"2026-07-02T09:06:30.12Z","turn_id":"tr_b2","feedback_type":"comment","author":"human","score_name":"empty note","environment":"production"}
    "#]].assert_eq(&lines(&outcome));
    assert_eq!((outcome.report.unmapped.as_slice(), outcome.rejects().as_str()), ([].as_slice(), ""));

    let rows = rows_of(SCORES);
    let expected = outcome.records();
    let text = std::fs::read(fixture(SCORES)).unwrap();
    assert_eq!(read_bytes("1.jsonl.gz", gzip(&text)).records(), expected);
    assert_eq!(read_bytes("1.json", serde_json::json!(rows).to_string()).records(), expected);
    assert_eq!(read_bytes("1.csv", csv(&rows)).records(), expected);
    assert_eq!(read_bytes("1.parquet", parquet(&rows)).records(), expected);
    // With the fewest columns that the tool allows.
    let fewer: Vec<_> = rows
        .iter()
        .cloned()
        .map(|mut row| {
            for key in ["metadata", "created_at", "updated_at", "dataset_run_id", "project_id", "environment"] {
                row.remove(key);
            }
            row
        })
        .collect();
    let outcome = read_bytes("1.csv", csv(&fewer));
    assert_eq!(outcome.recognised.title, "Langfuse scores (CSV)");
    assert_eq!(outcome.feedback().len(), expected.len());
}

/// Without an export of traces the root observations are the turns.
#[test]
fn observations_of_the_blob_export() {
    let outcome = read_file(&fixture(OBSERVATIONS));
    assert_eq!(outcome.recognised.title, "Langfuse observations (JSON lines)");
    assert_eq!((outcome.report.unmapped.as_slice(), outcome.rejects().as_str()), ([].as_slice(), ""));
    let merged = Merged::of(&[fixture(SCORES), fixture(OBSERVATIONS)]);
    let turns: String =
        merged.turns.values().map(|turn| canonical::write(&Record::Turn(turn.clone())) + "\n").collect();
    expect![[r#"
        {"kind":"turn","id":"tr_a1","aliases":["ob_tr_a1","ob_tool","ob_ret","ob_tr_a1_g"],"session_id":"se_a","created_at":"2026-07-02T09:00:00Z","query":"When do I sow beans?","system_context":"You help gardeners.\nAnswer in one sentence.","documents":[{"id":"kb-7","title":"Beans","content":"Beans: sow from mid May."}],"output":"After the last frost.","model":"gpt-4o-2024-08-06","model_version":"garden-2.1","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"beginner","latency_ms":4000,"input_tokens":40,"output_tokens":9,"tags":["garden"],"metadata":{"bed":"north","trace_name":"chat"}}
        {"kind":"turn","id":"tr_a2","aliases":["ob_tr_a2","ob_tr_a2_g"],"session_id":"se_a","created_at":"2026-07-02T09:01:00Z","query":"=SUM(A1:A9)\r\n\"quoted\", <script>alert(1)</script> 🌱 שלום","system_context":"You help gardeners.\nAnswer in one sentence.","output":"{\"looks\": \"like JSON\"}","model":"gpt-4o-2024-08-06","model_version":"garden-2.1","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"beginner","latency_ms":4000,"input_tokens":41,"output_tokens":9,"tags":["garden"],"metadata":{"bed":"north","trace_name":"chat"}}
        {"kind":"turn","id":"tr_b1","aliases":["ob_tr_b1","ob_tr_b1_g"],"session_id":"se_b","created_at":"2026-07-02T09:05:00Z","query":"null","system_context":"You help gardeners.\nAnswer in one sentence.","output":"","model":"gpt-4o-2024-08-06","model_version":"garden-2.1","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":4000,"input_tokens":42,"output_tokens":9,"tags":["garden"],"metadata":{"bed":"north","error":"timed out","trace_name":"chat"}}
        {"kind":"turn","id":"tr_b2","aliases":["ob_tr_b2","ob_tr_b2_g"],"session_id":"se_b","created_at":"2026-07-02T09:06:00Z","query":"Why are the leaves yellow?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"Too much water.","model":"gpt-4o-2024-08-06","model_version":"garden-2.1","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":4000,"input_tokens":43,"output_tokens":9,"tags":["garden"],"metadata":{"bed":"north","trace_name":"chat"}}
    "#]].assert_eq(&turns);
    assert_eq!((merged.on_turns(), merged.on_sessions(), merged.orphans()), (6, 1, 1));

    let rows = rows_of(OBSERVATIONS);
    assert_eq!(
        read_bytes("1.json", serde_json::json!({"data": rows, "meta": {}}).to_string()).records(),
        outcome.records()
    );
    assert_eq!(without_empty(read_bytes("1.csv", csv(&rows)).records()), without_empty(outcome.records()));
    assert_eq!(read_bytes("1.parquet", parquet(&rows)).records(), outcome.records());
}

/// The same conversation from the table of events makes the same turns.
#[test]
fn events_are_observations_with_their_trace() {
    let blob = Merged::of(&[fixture(OBSERVATIONS)]);
    let events = read_file(&fixture(EVENTS));
    assert_eq!(events.recognised.title, "Langfuse observations (JSON lines)");
    assert!(events.recognised.note.as_ref().unwrap().contains("langfuse-score-columns"));
    let unmapped: Vec<_> = events
        .report
        .unmapped
        .iter()
        .map(|field| (field.field.as_str(), field.count, field.reason.is_some()))
        .collect();
    assert_eq!(unmapped, [("user-thumbs", 1, true)]);
    let merged = Merged::of(&[fixture(EVENTS)]);
    assert_eq!(merged.turns, blob.turns);
    assert_eq!(merged.sessions, blob.sessions);
}

/// Only when asked for: next to the scores themselves each would count twice.
#[test]
fn columns_of_scores_are_feedback_where_there_is_nothing_else() {
    let options = ReadOptions { format: Some("langfuse-score-columns".into()), ..ReadOptions::default() };
    let outcome = try_read(&fixture(EVENTS), &options).unwrap();
    assert!(outcome.recognised.note.is_some());
    assert_eq!(outcome.report.unmapped, []);
    let written: String = outcome
        .feedback()
        .into_iter()
        .map(|feedback| canonical::write(&Record::Feedback(feedback.clone())) + "\n")
        .collect();
    expect![[r#"
        {"kind":"feedback","id":"tr_a1/user-thumbs","created_at":"2026-07-02T09:00:00Z","turn_id":"tr_a1","feedback_type":"thumb","author":"human","score_name":"user-thumbs","score":0.0,"metadata":{"from":"score column"}}
    "#]].assert_eq(&written);

    let outcome = try_read(
        &written_csv().path,
        &ReadOptions { format: Some("langfuse-score-columns".into()), ..ReadOptions::default() },
    )
    .unwrap();
    let told: Vec<_> = outcome
        .feedback()
        .iter()
        .map(|feedback| (feedback.id.clone(), feedback.feedback_type, feedback.score, feedback.label.clone()))
        .collect();
    assert_eq!(
        told,
        [
            ("t1/csat".to_owned(), FeedbackType::Rating, Some(2.5), None),
            ("t1/reason".to_owned(), FeedbackType::Category, None, Some("too long".to_owned())),
            ("t1/reason/1".to_owned(), FeedbackType::Category, None, Some("wrong".to_owned())),
        ]
    );
}

fn written_csv() -> Written {
    written(
        "1782000000000-lf-traces-export-p1.csv",
        "\"id\",\"timestamp\",\"name\",\"userId\",\"sessionId\",\"release\",\"version\",\"environment\",\"tags\",\"bookmarked\",\"public\",\"input\",\"output\",\"metadata\",\"comments\",\"csat\",\"reason\"\n\
         \"t1\",\"2026-07-02T09:14:01Z\",\"chat\",\"\",\"s1\",\"\",\"v2\",\"default\",\"[\"\"a\"\",\"\"b\"\"]\",\"false\",\"false\",\"Why?\",\"[\"\"so\"\"]\",\"\",\"[]\",\"[2.5]\",\"[\"\"too long\"\",\"\"wrong\"\"]\"\n",
    )
}

#[test]
fn pages_of_the_rest_interface() {
    let second = read_file(&fixture("langfuse/api/scores-v2.json"));
    assert_eq!(second.recognised.title, "Langfuse scores (JSON)");
    assert_eq!(second.recognised.note, None, "there is a correction");
    expect![[r#"
        {"kind":"feedback","id":"v2_1","created_at":"2026-07-02T09:00:40Z","session_id":"se_a","turn_id":"tr_a1","feedback_type":"thumb","author":"human","score_name":"user-thumbs","score":1.0,"score_type":"boolean","environment":"production","user_id":"u_9","tags":["garden"]}
        {"kind":"feedback","id":"v2_2","created_at":"2026-07-02T09:01:00Z","turn_id":"tr_a1","feedback_type":"correction","author":"human","score_name":"output","correction":"Sow after the last frost, mid May in the lowlands.","environment":"production","user_id":"u_9","tags":["garden"],"metadata":{"author_id":"usr_1","observation_id":"ob_tr_a1_g"}}
        {"kind":"feedback","id":"v2_3","created_at":"2026-07-02T09:02:00Z","turn_id":"tr_b2","feedback_type":"category","author":"human","score_name":"reason","label":"incomplete","reasons":["incomplete"],"comment":"too short","environment":"production"}
    "#]].assert_eq(&lines(&second));
    assert_eq!(second.report.unmapped, []);

    let third = read_file(&fixture("langfuse/api/scores-v3.json"));
    assert_eq!(third.recognised.title, "Langfuse scores (JSON)");
    expect![[r#"
        {"kind":"feedback","id":"v3_1","created_at":"2026-07-02T09:00:50Z","turn_id":"tr_a1","feedback_type":"thumb","author":"human","score_name":"user-thumbs","score":0.0,"score_type":"boolean","environment":"production"}
        {"kind":"feedback","id":"v3_2","created_at":"2026-07-02T09:00:51Z","session_id":"se_a","feedback_type":"rating","author":"human","score_name":"rating","score":4.5,"environment":"production"}
        {"kind":"feedback","id":"v3_3","created_at":"2026-07-02T09:00:52Z","turn_id":"tr_a1","feedback_type":"category","author":"human","score_name":"reason","label":"wrong season","reasons":["wrong season"],"environment":"production","metadata":{"observation_id":"ob_tr_a1_g"}}
        {"kind":"feedback","id":"v3_4","created_at":"2026-07-02T09:00:53Z","turn_id":"ob_tr_b2_g","feedback_type":"category","author":"human","score_name":"reason","label":"7","reasons":["7"],"environment":"production","metadata":{"observation_id":"ob_tr_b2_g"}}
        {"kind":"feedback","id":"v3_5","created_at":"2026-07-02T09:00:54Z","turn_id":"tr_b2","feedback_type":"comment","author":"human","score_name":"note","comment":"0","environment":"production"}
        {"kind":"feedback","id":"v3_6","created_at":"2026-07-02T09:00:55Z","turn_id":"tr_b2","feedback_type":"correction","author":"human","score_name":"output","correction":"Too little light.","environment":"production","metadata":{"observation_id":"ob_tr_b2_g"}}
        {"kind":"feedback","id":"v3_7","created_at":"2026-07-02T09:00:56Z","feedback_type":"rating","author":"judge","score_name":"overall","score":0.9,"environment":"production","metadata":{"dataset_run_id":"run_1"}}
    "#]].assert_eq(&lines(&third));
    assert_eq!(third.report.unmapped, []);

    let traces = read_file(&fixture("langfuse/api/traces-v1.json"));
    assert_eq!(traces.recognised.title, "Langfuse traces (JSON)");
    expect![[r#"
        {"kind":"turn","id":"tr_c1","session_id":"se_c","created_at":"2026-07-02T09:09:00Z","query":"How deep?","output":"Three centimetres.","model_version":"garden-2.1","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":1500,"metadata":{"trace_name":"chat"}}
        {"kind":"turn","id":"tr_c2","session_id":"se_c","created_at":"2026-07-02T09:10:00Z","query":"And peas?","output":"Five.","environment":"production","latency_ms":800,"metadata":{"trace_name":"chat"}}
        {"kind":"turn","id":"tr_c2","aliases":["ob_c2"],"weight":"fill","created_at":"2026-07-02T09:10:00Z","query":"And peas?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"Five.","model":"gpt-4o-mini","model_version":"gpt-4o-mini","environment":"production","latency_ms":1000,"input_tokens":30,"output_tokens":2}
        {"kind":"feedback","id":"sc_c2","created_at":"2026-07-02T09:11:00Z","turn_id":"tr_c2","feedback_type":"rating","author":"human","score_name":"rating","score":5.0,"comment":"Five what?","environment":"production"}
    "#]].assert_eq(&lines(&traces));
    assert_eq!(traces.report.unmapped, []);

    // A score that names only an observation finds the trace; the experiment is none of ours.
    let merged = Merged::of(&[
        fixture("langfuse/api/scores-v3.json"),
        fixture(OBSERVATIONS),
        fixture("langfuse/api/scores-v2.json"),
    ]);
    assert_eq!(merged.feedback_ids().len(), 10);
    assert_eq!(merged.feedback["v3_4"].turn_id.as_deref(), Some("tr_b2"));
    assert_eq!((merged.on_turns(), merged.on_sessions(), merged.orphans()), (8, 1, 1));
}

#[test]
fn a_single_trace_with_its_correction() {
    let outcome = read_file(&fixture("langfuse/single-trace.json"));
    assert_eq!(outcome.recognised.title, "Langfuse single trace (JSON)");
    expect![[r#"
        {"kind":"turn","id":"tr_d1","session_id":"se_d","created_at":"2026-07-02T09:20:00Z","query":"May I water at noon?","output":"Better in the morning.","environment":"production","user_id":"u_2","user_role":"beginner","latency_ms":1250,"tags":["garden"],"metadata":{"trace_name":"chat"}}
        {"kind":"feedback","id":"sd_1","created_at":"2026-07-02T09:21:00Z","turn_id":"tr_d1","feedback_type":"rating","author":"judge","score_name":"toxicity","score":0.0,"comment":"Harmless.","environment":"production"}
        {"kind":"feedback","id":"sd_2","created_at":"2026-07-02T09:22:00Z","turn_id":"tr_d1","feedback_type":"correction","author":"human","score_name":"output","correction":"In the morning, or in the evening.","environment":"production","metadata":{"author_id":"usr_1","observation_id":"ob_d1"}}
        {"kind":"turn","id":"tr_d1","aliases":["ob_d1"],"weight":"fill","created_at":"2026-07-02T09:20:00Z","query":"May I water at noon?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"Better in the morning.","model":"gpt-4o-mini","model_version":"gpt-4o-mini","latency_ms":1000,"input_tokens":31,"output_tokens":5}
    "#]].assert_eq(&lines(&outcome));
    assert_eq!(outcome.report.unmapped, []);
}

#[test]
fn sessions_have_no_messages_and_say_so() {
    let outcome = read_file(&fixture("langfuse/1782000000000-lf-sessions-export-p1.csv"));
    assert_eq!(outcome.recognised.title, "Langfuse sessions (CSV)");
    assert!(outcome.recognised.note.as_ref().unwrap().contains("messages"));
    expect![[r#"
        {"kind":"session","id":"se_a","started_at":"2026-07-02T09:00:00Z","user_id":"u_9"}
        {"kind":"session","id":"se_b","started_at":"2026-07-02T09:05:00Z","user_id":"u_9"}
        {"kind":"feedback","id":"co_9","created_at":"2026-07-03T08:00:00Z","session_id":"se_b","feedback_type":"annotation","author":"human","score_name":"comment","comment":"two bad answers in a row"}
    "#]].assert_eq(&lines(&outcome));
    assert_eq!(outcome.report.unmapped, []);
}

/// What the tool's own SDK sends as scores has the fields of its interface: all types, authors, joins.
#[test]
fn scores_as_the_sdk_sends_them() {
    let Some(path) = shared("data/real_tools/sdk_langfuse/ingestion_requests.jsonl") else { return };
    let mut scores = Vec::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let request: serde_json::Value = serde_json::from_str(line).unwrap();
        if request["path"] == "/api/public/scores" {
            scores.extend(request["body"].as_array().unwrap().iter().cloned().map(|mut score| {
                // The server adds the source.
                score["source"] = "API".into();
                score
            }));
        }
    }
    assert_eq!(scores.len(), 95);
    let outcome = read_bytes("scores.json", serde_json::json!({"data": scores, "meta": {}}).to_string());
    assert_eq!(outcome.rejects(), "");
    assert_eq!(outcome.report.unmapped, []);
    assert_eq!(outcome.feedback().len(), 95);
    for (feedback, score) in outcome.feedback().iter().zip(&scores) {
        let expected = match score["dataType"].as_str().unwrap() {
            "BOOLEAN" => (FeedbackType::Thumb, None),
            "NUMERIC" => (FeedbackType::Rating, None),
            "CATEGORICAL" => (feedback.feedback_type, feedback.label.as_deref()),
            "TEXT" => (FeedbackType::Comment, feedback.comment.as_deref()),
            _ => (FeedbackType::Correction, feedback.correction.as_deref()),
        };
        assert_eq!(feedback.feedback_type, expected.0);
        assert_eq!(expected.1, score["value"].as_str(), "{score}");
        assert_eq!(feedback.turn_id.as_deref(), score["traceId"].as_str());
        assert_eq!(feedback.author, Author::Human);
    }
}
