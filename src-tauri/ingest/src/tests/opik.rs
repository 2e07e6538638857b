//! Files as Opik's own export writes them, by its source.

use expect_test::{Expect, expect};

use super::{merged::Merged, *};

fn check(name: &str, expected: &Expect) {
    expected.assert_eq(&mlflow::described(&fixture(name)));
}

#[test]
fn a_trace_with_its_spans() {
    check(
        "opik/trace_0190a1.json",
        &expect![[r#"
            Opik trace with spans (JSON): 10 read
            {"kind":"turn","id":"0190a1","session_id":"s7","created_at":"2026-07-02T09:14:01Z","query":"Refund after 60 days?\r\n\"yes\" or 'no' 👍","output":"Yes, it's 60 days","prompt_name":"refunds","prompt_version":"8d1c33","release":"2.4.1","environment":"production","user_id":"u-1","user_role":"pro","latency_ms":2500,"input_tokens":40,"output_tokens":9,"tags":["billing","eu"],"metadata":{"project_name":"support","ticket":"{\n        \"n\": 1\n      }","trace_name":"chat"}}
            {"kind":"feedback","id":"b3713095c980f4c26f626fc74d92f629","created_at":"2026-07-02T09:14:09Z","turn_id":"0190a1","feedback_type":"thumb","author":"human","score_name":"User feedback","score":0.0,"label":"👎","comment":"invented","metadata":{"created_by":"anna","source":"sdk"}}
            {"kind":"feedback","id":"3309eddc92ac65d25e36c6b58c81adef","created_at":"2026-07-02T09:14:09Z","turn_id":"0190a1","feedback_type":"rating","author":"judge","score_name":"Hallucination","score":0.9,"comment":"60 days is nowhere in the documents","metadata":{"created_by":"opik","source":"online_scoring"}}
            {"kind":"feedback","id":"7f1c821263704a23b51ca5d04bdc1d93","created_at":"2026-07-02T09:14:09Z","turn_id":"0190a1","feedback_type":"rating","author":"judge","score_name":"answer_relevance","score":0.4,"metadata":{"created_by":"anna","source":"sdk"}}
            {"kind":"feedback","id":"5e2d9d075297c5f6acaef3855b84b5dc","created_at":"2026-07-02T09:14:09Z","turn_id":"0190a1","feedback_type":"category","author":"human","score_name":"Issue","label":"wrong number","reasons":["wrong number"],"metadata":{"created_by":"ben","source":"ui","value":"2"}}
            {"kind":"feedback","id":"b7d62f80983db38df278293a3f595c87","created_at":"2026-07-02T10:00:00Z","turn_id":"0190a1","feedback_type":"rating","author":"human","score_name":"Quality","score":4.0,"comment":"short","metadata":{"created_by":"anna","source":"ui"}}
            {"kind":"feedback","id":"0df1d3de5a84eba76ed2b466c800290f","created_at":"2026-07-02T11:00:00Z","turn_id":"0190a1","feedback_type":"rating","author":"human","score_name":"Quality","score":2.0,"metadata":{"created_by":"ben","source":"ui"}}
            {"kind":"feedback","id":"c-1","created_at":"2026-07-02T12:00:00Z","turn_id":"0190a1","feedback_type":"annotation","author":"human","score_name":"comment","comment":"It's the old policy,\nsee \"Refunds\"","metadata":{"created_by":"anna"}}
            {"kind":"turn","id":"0190a1","aliases":["0190b1"],"weight":"fill","created_at":"2026-07-02T09:14:01Z","documents":[{"id":"kb-1","title":"Refunds","content":"Within 30 days."}]}
            {"kind":"turn","id":"0190a1","aliases":["0190b2"],"weight":"fill","created_at":"2026-07-02T09:14:01Z","query":"Refund after 60 days?\r\n\"yes\" or 'no' 👍","system_context":"You are the shop's assistant.","output":"Yes, it's 60 days","model":"gpt-4o-mini","model_version":"2024-07-18","latency_ms":2000,"input_tokens":40,"output_tokens":9,"metadata":{"provider":"openai"}}
            {"kind":"feedback","id":"8c59ef3d7f9977991e4fb8c5b86111d0","created_at":"2026-07-02T09:14:09Z","turn_id":"0190a1","feedback_type":"rating","author":"human","score_name":"user_rating","score":2.0,"metadata":{"created_by":"anna","source":"sdk","span_id":"0190b2"}}
        "#]],
    );
}

/// One row a span, nested values as Python literals: the same records, the trace once.
#[test]
fn a_table_says_the_same() {
    let outcome = read_file(&fixture("opik/trace_0190a1.csv"));
    assert_eq!(outcome.recognised.title, "Opik trace with spans (CSV)");
    assert_eq!((outcome.rejects().as_str(), outcome.report.unmapped.as_slice()), ("", [].as_slice()));
    let (json, table) =
        (Merged::of(&[fixture("opik/trace_0190a1.json")]), Merged::of(&[fixture("opik/trace_0190a1.csv")]));
    assert_eq!(json.feedback, table.feedback);
    let plain = |merged: &Merged| {
        let mut turn = merged.turns["0190a1"].clone();
        // The table does not repeat the project beside the trace.
        turn.metadata.remove("project_name");
        turn.metadata.insert("ticket".into(), turn.metadata["ticket"].replace(char::is_whitespace, ""));
        turn
    };
    assert_eq!(plain(&json), plain(&table));
    assert_eq!(outcome.turns().len(), 3, "the trace once, and two spans");
}

/// The list may be opened by the container or by the reader: the records are the same.
#[test]
fn a_page_of_traces() {
    let described = mlflow::described(&fixture("opik/traces_page.json"));
    let mut lines = String::new();
    for line in described.lines().skip(1) {
        let line = match line.strip_prefix("rejected: ") {
            Some(rest) => format!("rejected: {}", rest.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start()),
            None => line.to_owned(),
        };
        lines += &line;
        lines.push('\n');
    }
    expect![[r#"
        {"kind":"turn","id":"0190a2","session_id":"s7","created_at":"2026-07-02T09:14:01Z","query":"plain question","output":"","model":"support-llm","model_version":"1.4.2","environment":"staging","latency_ms":2500,"metadata":{"error":"RateLimitError: 429","trace_name":"chat"}}
        {"kind":"turn","id":"0190a3","session_id":"s7","created_at":"2026-07-02T09:14:01Z","query":"null","latency_ms":2500,"metadata":{"trace_name":"chat"}}
        {"kind":"feedback","id":"791b93d38d09317c2abd3074d5b8f50b","turn_id":"0190a3","feedback_type":"implicit","author":"human","score_name":"copied_answer","score":1.0,"metadata":{"source":"sdk"}}
        rejected: value is not a number: "high" | "{\"name\": \"broken\", \"value\": \"high\", \"source\": \"sdk\"}"
        rejected: the record is a single value, not an object | "\"no trace\""
    "#]].assert_eq(&lines);
}

#[test]
fn scores_on_threads_are_about_the_session() {
    check(
        "opik/threads.jsonl",
        &expect![[r#"
            Opik threads (JSON lines): 4 read
            {"kind":"session","id":"s7","started_at":"2026-07-02T09:14:01Z","metadata":{"status":"inactive","tags":"vip"}}
            {"kind":"feedback","id":"d2ea2d950177c7ac6bccfee924526bd4","created_at":"2026-07-02T09:14:09Z","session_id":"s7","feedback_type":"rating","author":"human","score_name":"CSAT","score":4.0,"metadata":{"created_by":"anna","source":"sdk"}}
            {"kind":"feedback","id":"7ffb1b18a540538855257926f8e93658","created_at":"2026-07-02T09:14:09Z","session_id":"s7","feedback_type":"rating","author":"judge","score_name":"Conversational coherence","score":0.7,"metadata":{"created_by":"opik","source":"online_scoring"}}
            {"kind":"feedback","id":"c-2","created_at":"2026-07-02T12:00:00Z","session_id":"s7","feedback_type":"annotation","author":"human","score_name":"comment","comment":"friendly"}
        "#]],
    );
    let merged = Merged::of(&[fixture("opik/trace_0190a1.json"), fixture("opik/threads.jsonl")]);
    assert_eq!((merged.on_turns(), merged.on_sessions(), merged.orphans()), (8, 3, 0));
}

/// What the client sends to the tool is no export, but has the same fields.
#[test]
fn field_names_are_those_of_the_client() {
    let Some(path) = shared("data/real_tools/sdk_opik/ingestion_requests.jsonl") else { return };
    let (mut traces, mut spans) = (Vec::new(), Vec::new());
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let request: serde_json::Value = serde_json::from_str(line).unwrap();
        let list = |key: &str| request["body"][key].as_array().cloned().unwrap_or_default();
        traces.extend(list("traces"));
        spans.extend(list("spans"));
    }
    let text = |list: &[serde_json::Value]| serde_json::to_string(list).unwrap();
    let (traces, spans) = (written("traces.json", text(&traces)), written("spans.json", text(&spans)));
    let merged = Merged::of(&[traces.path.clone(), spans.path.clone()]);
    assert_eq!((merged.turns.len(), merged.rejects.as_str(), merged.unmapped.len()), (32, "", 0));
    let models = merged.per_turn(|turn| Some(format!("{}@{}", turn.model.as_ref()?, turn.model_version.as_ref()?)));
    expect![[r#"{"claude-3-5-haiku@20241022": 24, "gpt-4o-mini@2024-07-18": 5, "support-llm@1.4.2": 3}"#]]
        .assert_eq(&format!("{models:?}"));
    assert!(merged.turns.values().all(|turn| turn.session_id.is_some() && turn.system_context.is_some()));
    assert!(merged.turns.values().filter(|turn| !turn.documents.is_empty()).count() > 20);
}
