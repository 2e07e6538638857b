use expect_test::expect;

use super::{
    merged::Merged,
    other_containers::{csv, rows_of, without_empty},
    *,
};
use crate::canonical;

const REQUESTS: &str = "helicone/requests.jsonl";

fn lines(records: impl IntoIterator<Item = Record>) -> String {
    records.into_iter().map(|record| canonical::write(&record) + "\n").collect()
}

#[test]
fn requests_become_turns_with_their_feedback() {
    let outcome = read_file(&fixture(REQUESTS));
    assert_eq!(outcome.recognised.title, "Helicone requests (JSON lines)");
    assert_eq!(outcome.recognised.note, None);
    assert_eq!((outcome.report.unmapped.as_slice(), outcome.rejects().as_str()), ([].as_slice(), ""));
    expect![[r#"
        {"kind":"turn","id":"req_a1","aliases":["resp_tr_a1"],"session_id":"se_a","created_at":"2026-07-02T09:00:00Z","query":"When do I sow beans?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"After the last frost.","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"beginner","latency_ms":1500,"input_tokens":40,"output_tokens":9,"metadata":{"Helicone-Session-Name":"garden","bed":"north","country_code":"DE","provider":"OPENAI"}}
        {"kind":"feedback","id":"hf_1","created_at":"2026-07-02T09:02:00Z","turn_id":"req_a1","feedback_type":"thumb","author":"human","score_name":"feedback","score":0.0}
        {"kind":"turn","id":"req_a2","aliases":["resp_tr_a2"],"session_id":"se_a","created_at":"2026-07-02T09:01:00Z","query":"=SUM(A1:A9)\r\n\"quoted\", <script>alert(1)</script> 🌱 שלום","system_context":"You help gardeners.\nAnswer in one sentence.","output":"{\"looks\": \"like JSON\"}","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"beginner","latency_ms":1500,"input_tokens":41,"output_tokens":9,"metadata":{"Helicone-Session-Name":"garden","bed":"north","country_code":"DE","provider":"OPENAI"}}
        {"kind":"feedback","id":"req_a2/feedback","created_at":"2026-07-02T09:01:00Z","turn_id":"req_a2","feedback_type":"thumb","author":"human","score_name":"feedback","score":1.0}
        {"kind":"feedback","id":"req_a2/groundedness","created_at":"2026-07-02T09:01:00Z","turn_id":"req_a2","feedback_type":"rating","author":"judge","score_name":"groundedness","score":0.4}
        {"kind":"feedback","id":"req_a2/polite-hcone-bool","created_at":"2026-07-02T09:01:00Z","turn_id":"req_a2","feedback_type":"rating","author":"judge","score_name":"polite","score":1.0,"score_type":"boolean"}
        {"kind":"turn","id":"req_b1","aliases":["resp_tr_b1"],"session_id":"se_b","created_at":"2026-07-02T09:05:00Z","query":"null","system_context":"You help gardeners.\nAnswer in one sentence.","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":1500,"input_tokens":42,"output_tokens":9,"metadata":{"Helicone-Session-Name":"garden","bed":"north","country_code":"DE","error":"{\"message\":\"timed out\"}","provider":"OPENAI","status":"504"}}
        {"kind":"turn","id":"req_b2","aliases":["resp_tr_b2"],"session_id":"se_b","created_at":"2026-07-02T09:06:00Z","query":"Why are the leaves yellow?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"Too much water.","model":"claude-3-5-haiku","model_version":"20241022","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":1500,"input_tokens":43,"output_tokens":9,"metadata":{"Helicone-Session-Name":"garden","bed":"north","country_code":"DE","provider":"ANTHROPIC"}}
        {"kind":"feedback","id":"req_b2/feedback","created_at":"2026-07-02T09:06:00Z","turn_id":"req_b2","feedback_type":"thumb","author":"human","score_name":"feedback","score":1.0}
    "#]].assert_eq(&lines(outcome.records()));
    let merged = Merged::of(&[fixture(REQUESTS)]);
    assert_eq!((merged.turns.len(), merged.sessions.len(), merged.on_turns(), merged.orphans()), (4, 2, 5, 0));
}

#[test]
fn every_container_gives_the_same_records() {
    let rows = rows_of(REQUESTS);
    let expected = read_file(&fixture(REQUESTS)).records();
    assert_eq!(read_bytes("all.json", serde_json::json!(rows).to_string()).records(), expected);
    assert_eq!(
        read_bytes("page.json", serde_json::json!({"data": rows, "error": null}).to_string()).records(),
        expected
    );
    assert_eq!(without_empty(read_bytes("all.csv", csv(&rows)).records()), without_empty(expected));
}

/// The tool's own table has neither answers nor feedback, and a notice where the question should be.
#[test]
fn what_the_table_lacks_is_told() {
    let outcome = read_file(&fixture("helicone/output.csv"));
    assert!(outcome.recognised.note.as_ref().unwrap().contains("--include-body"));
    expect![[r#"
        {"kind":"turn","id":"resp_tr_a1","session_id":"se_a","created_at":"2026-07-02T09:00:00Z","model":"gpt-4o","model_version":"2024-08-06","release":"2026.27","environment":"production","user_id":"u_9","user_role":"beginner","latency_ms":1500,"input_tokens":40,"output_tokens":9,"metadata":{"Helicone-Session-Name":"garden","bed":"north"}}
        {"kind":"turn","id":"resp_tr_a2","session_id":"se_a","created_at":"2026-07-02T09:01:00Z","model":"gpt-4o","model_version":"2024-08-06","release":"2026.27","environment":"production","user_id":"u_9","user_role":"beginner","latency_ms":1500,"input_tokens":41,"output_tokens":9,"metadata":{"Helicone-Session-Name":"garden","bed":"north"}}
    "#]].assert_eq(&lines(outcome.records()));
    // It knows requests by their responses only; the other export leads to the request.
    let merged = Merged::of(&[fixture("helicone/output.csv"), fixture(REQUESTS)]);
    assert_eq!((merged.turns.len(), merged.orphans()), (4, 0));
}

/// Tools and vector stores that were logged in the session are no turns.
#[test]
fn steps_are_no_turns() {
    let mut rows = rows_of(REQUESTS);
    rows.truncate(2);
    rows[0].insert(
        "request_body".into(),
        serde_json::json!({"_type": "vector_db", "operation": "search", "text": "beans"}),
    );
    let outcome = read_bytes("all.json", serde_json::json!(rows).to_string());
    assert_eq!((outcome.turns().len(), outcome.report.read), (1, 2));
    assert_eq!(outcome.report.unmapped[0].field, "request to a tool or a vector store");
}
