use expect_test::expect;

use super::{
    merged::Merged,
    other_containers::{csv, parquet, rows_of},
    *,
};
use crate::canonical;

const EVENTS: &str = "posthog/events.jsonl";

fn lines(records: impl IntoIterator<Item = Record>) -> String {
    records.into_iter().map(|record| canonical::write(&record) + "\n").collect()
}

#[test]
fn events_become_turns_and_feedback() {
    let outcome = read_file(&fixture(EVENTS));
    assert_eq!(outcome.recognised.title, "PostHog events (JSON lines)");
    assert!(outcome.recognised.note.is_some());
    assert_eq!(outcome.rejects(), "");
    assert_eq!(outcome.report.read, rows_of(EVENTS).len() as u64);
    let unmapped: Vec<_> = outcome.report.unmapped.iter().map(|field| (field.field.as_str(), field.count)).collect();
    assert_eq!(unmapped, [("event $pageview", 1), ("event link copied", 1)]);

    let merged = Merged::of(&[fixture(EVENTS)]);
    let turns = lines(merged.turns.values().cloned().map(Record::Turn));
    expect![[r#"
        {"kind":"turn","id":"tr_a1","aliases":["e_trace","sp_ret","e_span","sp_tr_a1","e_tr_a1"],"session_id":"se_a","created_at":"2026-07-02T09:00:00Z","query":"When do I sow beans?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"After the last frost.","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":2000,"input_tokens":40,"output_tokens":9,"metadata":{"$feature/new-prompt":"test","bed":"north","provider":"openai","trace_name":"chat"}}
        {"kind":"turn","id":"tr_a2","aliases":["sp_tr_a2","e_tr_a2"],"weight":"fill","session_id":"se_a","created_at":"2026-07-02T09:01:00Z","query":"=SUM(A1:A9)\r\n\"quoted\", <script>alert(1)</script> 🌱 שלום","system_context":"You help gardeners.\nAnswer in one sentence.","output":"{\"looks\": \"like JSON\"}","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":1500,"input_tokens":41,"output_tokens":9,"metadata":{"$feature/new-prompt":"test","bed":"north","provider":"openai"}}
        {"kind":"turn","id":"tr_b1","aliases":["sp_tr_b1","e_tr_b1"],"weight":"fill","session_id":"se_b","created_at":"2026-07-02T09:05:00Z","query":"null","system_context":"You help gardeners.\nAnswer in one sentence.","output":"","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":1500,"input_tokens":42,"output_tokens":9,"metadata":{"$feature/new-prompt":"test","bed":"north","error":"timed out","provider":"openai"}}
        {"kind":"turn","id":"tr_b2","aliases":["sp_tr_b2","e_tr_b2"],"weight":"fill","session_id":"se_b","created_at":"2026-07-02T09:06:00Z","query":"Why are the leaves yellow?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"Too much water.","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":1500,"input_tokens":43,"output_tokens":9,"metadata":{"$feature/new-prompt":"test","bed":"north","provider":"openai"}}
    "#]].assert_eq(&turns);
    expect![[r#"
        {"kind":"feedback","id":"e_c","created_at":"2026-07-02T09:08:00Z","session_id":"se_b","turn_id":"tr_b2","feedback_type":"implicit","author":"human","score_name":"answer copied","label":"answer copied","user_id":"u_9","user_role":"pro"}
        {"kind":"feedback","id":"e_e","created_at":"2026-07-02T09:08:00Z","turn_id":"tr_b2","feedback_type":"rating","author":"judge","score_name":"grounded","score":0.0,"score_type":"boolean","comment":"Not in the article.","user_id":"u_9","user_role":"pro","metadata":{"judge_model":"gpt-5-mini"}}
        {"kind":"feedback","id":"e_f","created_at":"2026-07-02T09:08:00Z","turn_id":"tr_b1","feedback_type":"comment","author":"human","score_name":"feedback","comment":"No answer at all.","user_id":"u_9","user_role":"pro"}
        {"kind":"feedback","id":"e_m1","created_at":"2026-07-02T09:08:00Z","turn_id":"tr_b2","feedback_type":"thumb","author":"human","score_name":"quality","label":"bad","user_id":"u_9","user_role":"pro"}
        {"kind":"feedback","id":"e_m2","created_at":"2026-07-02T09:08:00Z","turn_id":"tr_b2","feedback_type":"rating","author":"human","score_name":"stars","score":4.0,"user_id":"u_9","user_role":"pro"}
        {"kind":"feedback","id":"e_m3","created_at":"2026-07-02T09:08:00Z","turn_id":"tr_gone","feedback_type":"thumb","author":"human","score_name":"resolved","score":1.0,"score_type":"boolean","user_id":"u_9","user_role":"pro"}
        {"kind":"feedback","id":"e_r","created_at":"2026-07-02T09:08:00Z","turn_id":"tr_b2","feedback_type":"implicit","author":"human","score_name":"regenerate_clicked","label":"regenerate_clicked","user_id":"u_9","user_role":"pro"}
        {"kind":"feedback","id":"e_s4","created_at":"2026-07-02T09:07:00Z","session_id":"browser-1","feedback_type":"rating","author":"human","score_name":"sv_2/0","score":9.0,"comment":"Good tool","user_id":"u_9","user_role":"pro","metadata":{"survey_id":"sv_2"}}
        {"kind":"feedback","id":"sub_1","created_at":"2026-07-02T09:02:00Z","turn_id":"tr_a1","feedback_type":"thumb","author":"human","score_name":"q1","score":2.0,"polarity":"negative","comment":"Which frost? =SUM(A1:A9)\r\n\"quoted\", <script>alert(1)</script> 🌱 שלום","user_id":"u_9","user_role":"pro","metadata":{"question q1":"Helpful?","question q2":"What went wrong?","survey_id":"sv_1","survey_name":"Was this helpful?"}}
        {"kind":"feedback","id":"sub_2","created_at":"2026-07-02T09:03:00Z","turn_id":"tr_a2","feedback_type":"thumb","author":"human","score_name":"q1","score":1.0,"polarity":"positive","user_id":"u_9","user_role":"pro","metadata":{"survey_id":"sv_1","survey_name":"Was this helpful?"}}
    "#]].assert_eq(&lines(merged.feedback.values().cloned().map(Record::Feedback)));
    assert_eq!((merged.turns.len(), merged.feedback.len()), (4, 10));
    assert_eq!((merged.on_turns(), merged.on_sessions(), merged.orphans()), (8, 0, 2));
    // Neither addresses nor what else is known of a person.
    let all = turns + &lines(outcome.records());
    assert!(!all.contains("192.0.2.7") && !all.contains("a@example.org"));
}

#[test]
fn every_container_gives_the_same_records() {
    let rows = rows_of(EVENTS);
    let expected = read_file(&fixture(EVENTS)).records();
    assert_eq!(read_bytes("events.json", serde_json::json!(rows).to_string()).records(), expected);
    assert_eq!(read_bytes("events.parquet", parquet(&rows)).records(), expected);
    assert_eq!(read_bytes("events.csv", csv(&rows)).records(), expected);
    // Properties in columns of their own.
    let flat: Vec<_> = rows
        .iter()
        .map(|row| {
            let mut flat = row.clone();
            let properties = flat.remove("properties").unwrap();
            for (key, value) in properties.as_object().unwrap() {
                flat.insert(format!("properties.{key}"), value.clone());
            }
            flat
        })
        .collect();
    let outcome = read_bytes("events.json", serde_json::json!(flat).to_string());
    assert_eq!(outcome.records(), expected);
}

/// A question that got more than 1 and 2 is no thumb, and a text that comes again and again is a choice.
#[test]
fn the_answers_say_what_kind_of_question_it_was() {
    let rows: String = (0..9)
        .map(|place| {
            let row = serde_json::json!({
                "uuid": format!("e{place}"), "event": "survey sent", "distinct_id": "u", "timestamp": "2026-07-02T09:00:00Z",
                "properties": {
                    "$survey_id": "s", "$ai_trace_id": format!("t{place}"),
                    "$survey_response_grade": place % 3 + 1,
                    "$survey_response_why": (if place % 2 == 0 { "too slow" } else { "wrong" }),
                    "$survey_response_words": format!("words {place}"),
                },
            });
            row.to_string() + "\n"
        })
        .collect();
    let outcome = read_bytes("events.jsonl", rows);
    assert_eq!(outcome.feedback().len(), 9);
    expect![[r#"
        {"kind":"feedback","id":"e0","created_at":"2026-07-02T09:00:00Z","turn_id":"t0","feedback_type":"rating","author":"human","score_name":"grade","score":1.0,"label":"too slow","reasons":["too slow"],"comment":"words 0","user_id":"u","metadata":{"survey_id":"s"}}
        {"kind":"feedback","id":"e1","created_at":"2026-07-02T09:00:00Z","turn_id":"t1","feedback_type":"rating","author":"human","score_name":"grade","score":2.0,"label":"wrong","reasons":["wrong"],"comment":"words 1","user_id":"u","metadata":{"survey_id":"s"}}
    "#]].assert_eq(&lines(outcome.records().into_iter().take(2)));
}

/// Hostile: no properties, properties that are no object, no ids.
#[test]
fn broken_events_are_rejected_or_stand_for_themselves() {
    let outcome = read_bytes(
        "events.jsonl",
        r#"{"event":"$ai_feedback","distinct_id":"u","properties":"{broken","timestamp":"2026-07-02T09:00:00Z","uuid":"1"}
{"event":"$ai_feedback","distinct_id":"u","properties":null,"timestamp":"2026-07-02T09:00:00Z","uuid":"2"}
{"event":"$ai_generation","distinct_id":"u","properties":{"$ai_input":"plain"},"timestamp":"yesterday","uuid":"3"}
{"event":"$ai_generation","distinct_id":"u","properties":{"$ai_input":"plain","$ai_latency":"soon"},"timestamp":"2026-07-02T09:00:00Z"}
{"event":"$ai_generation","distinct_id":"u","properties":{"$ai_input":"plain"},"timestamp":"2026-07-02T09:00:00Z"}
{"event":"survey sent","distinct_id":"u","properties":{"$survey_id":"s","$survey_response":null},"timestamp":"2026-07-02T09:00:00Z"}
"#,
    );
    expect![[r#"
        1 @0 properties: not valid JSON: key must be a string at line 1 column 2 | "{\"event\":\"$ai_feedback\",\"distinct_id\":\"u"
        3 @219 timestamp is not a time that can be read: "yesterday" | "{\"event\":\"$ai_generation\",\"distinct_id\":"
        4 @334 $ai_latency is not a number: "soon" | "{\"event\":\"$ai_generation\",\"distinct_id\":"
    "#]].assert_eq(&outcome.rejects());
    expect![[r#"
        {"kind":"feedback","id":"2","created_at":"2026-07-02T09:00:00Z","feedback_type":"comment","author":"human","score_name":"feedback","user_id":"u"}
        {"kind":"turn","id":"7ab1891656137f8ea3d05facfb022460","weight":"fill","created_at":"2026-07-02T09:00:00Z","query":"plain","user_id":"u"}
    "#]].assert_eq(&lines(outcome.records()));
}
