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
    let expected = expected("otel");
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
    let (Some(truth), expected) = (truth::truth(), expected("otel")) else { return };
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
        ("traces_dev.otlp.pb", "OpenTelemetry spans (protobuf)", 47, 16),
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

#[test]
fn an_agent_speaks_through_its_last_call() {
    let outcome = read_file(&fixture("otel/agent.jsonl"));
    assert_eq!((outcome.recognised.format.name(), outcome.report.read), ("otlp", 8));
    expect![[r#"
        {"kind":"feedback","id":"2bc8fd3e97f95bd2f3da3313c651d001","created_at":"2026-07-02T09:14:05Z","turn_id":"0af7651916cd43dd8448eb211c80319c","feedback_type":"rating","author":"judge","score_name":"Relevance","score":0.9,"label":"relevant"}
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c80319c","aliases":["b7ad6b7169203333","r-2"],"weight":"fill","session_id":"c-7","created_at":"2026-07-02T09:14:03Z","query":"Refund after 60 days?","system_context":"You are the shop assistant.","output":"Within 30 days only.","model":"gpt-4o","model_version":"2024-08-06","release":"2.4.1","environment":"production","latency_ms":1000,"input_tokens":40,"output_tokens":6,"metadata":{"gen_ai.request.temperature":"0.2"}}
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c80319c","aliases":["b7ad6b7169203332","r-1"],"weight":"fill","session_id":"c-7","created_at":"2026-07-02T09:14:01Z","release":"2.4.1","environment":"production"}
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c80319c","aliases":["b7ad6b7169203334"],"weight":"fill","created_at":"2026-07-02T09:14:02Z","release":"2.4.1","environment":"production"}
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c80319c","aliases":["00f067aa0ba902b7"],"weight":"fill","session_id":"c-7","created_at":"2026-07-02T09:14:00Z","prompt_version":"p3","release":"2.4.1","environment":"production","user_id":"u-9","user_role":"pro","metadata":{"gen_ai.agent.name":"shop"}}
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c8031a0","aliases":["00f067aa0ba90201"],"session_id":"c-8","created_at":"2026-07-02T09:14:10Z","query":"hello","system_context":"Be brief.","output":"hi","model":"gpt-4","model_version":"0613","release":"2.4.1","environment":"production","latency_ms":1000,"input_tokens":7,"output_tokens":1,"metadata":{"gen_ai.system":"openai","service.name":"shop-assistant","trace_name":"openai.chat"}}
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c8031a1","aliases":["00f067aa0ba90202"],"created_at":"2026-07-02T09:14:20Z","query":"second","system_context":"Be kind.","model":"claude-sonnet-4","model_version":"claude-sonnet-4","release":"2.4.1","environment":"production","latency_ms":1000,"tags":["beta","web"],"metadata":{"error":"no answer in 30 s","service.name":"shop-assistant","trace_name":"chat claude"}}
    "#]].assert_eq(&lines(&outcome));
    expect![[r#"
        1 @0 a span needs the id of its trace | "{\"spanId\":\"00f067aa0ba902ff\",\"name\":\"no "
    "#]]
    .assert_eq(&outcome.rejects());
    expect![[r#"
        [
            Unmapped {
                field: "shop.cache",
                count: 1,
                reason: None,
            },
            Unmapped {
                field: "spans without gen_ai.* or OpenInference attributes",
                count: 1,
                reason: None,
            },
        ]
    "#]]
    .assert_debug_eq(&outcome.report.unmapped);
    let merged = Merged::of(&[fixture("otel/agent.jsonl"), fixture("otel/events.jsonl")]);
    let turn = &merged.turns["0af7651916cd43dd8448eb211c80319c"];
    assert_eq!(turn.output.as_deref(), Some("Within 30 days only."));
    assert_eq!((turn.model.as_deref(), turn.model_version.as_deref()), (Some("gpt-4o"), Some("2024-08-06")));
    assert_eq!((merged.on_turns(), merged.on_sessions(), merged.orphans()), (5, 1, 0));
}

#[test]
fn log_records_speak_of_turns_or_are_texts_of_them() {
    let outcome = read_file(&fixture("otel/events.jsonl"));
    assert_eq!(
        (outcome.recognised.title.as_str(), outcome.report.read),
        ("OpenTelemetry log records (JSON lines)", 10)
    );
    expect![[r#"
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c8031b0","aliases":["00f067aa0ba90301"],"weight":"fill","session_id":"c-9","created_at":"2026-07-02T09:14:06Z","query":"from the event","output":"","model":"gpt-4o","model_version":"gpt-4o","release":"9"}
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c8031b1","aliases":["00f067aa0ba90302"],"weight":"fill","created_at":"2026-07-02T09:14:06Z","query":"as a message","release":"9"}
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c8031b1","aliases":["00f067aa0ba90302"],"weight":"fill","created_at":"2026-07-02T09:14:06Z","output":"as a choice","release":"9"}
        {"kind":"feedback","id":"569933a799f8775544b7f500c76aee76","created_at":"2026-07-02T09:14:06Z","turn_id":"r-2","feedback_type":"thumb","author":"human","score_name":"user_thumb","score":0.0,"label":"down","comment":"made up a rule","metadata":{"response_id":"r-2","service.name":"collector"}}
        {"kind":"feedback","id":"a8fcbd008c318406db4ab1797b888bbe","created_at":"2026-07-02T09:14:06Z","turn_id":"0af7651916cd43dd8448eb211c80319c","feedback_type":"rating","author":"judge","score_name":"Toxicity","score":0.1,"metadata":{"service.name":"collector","span_id":"b7ad6b7169203333"}}
        {"kind":"feedback","id":"0d9c931a841de2da457259e96f8a4715","created_at":"2026-07-02T09:14:06Z","turn_id":"0af7651916cd43dd8448eb211c80319c","feedback_type":"implicit","author":"human","score_name":"answer_copied","label":"answer_copied","metadata":{"characters":"20","service.name":"collector"}}
        {"kind":"feedback","id":"60c5b33a0a3b8c73e1525e2ee2f566b3","created_at":"2026-07-02T09:14:06Z","turn_id":"0af7651916cd43dd8448eb211c80319c","feedback_type":"comment","author":"human","score_name":"user_feedback","comment":"too slow","metadata":{"rating_scale":"5","service.name":"collector"}}
        {"kind":"feedback","id":"9e0af448edef55d29d1c25b1fcb765b3","created_at":"2026-07-02T09:14:06Z","session_id":"c-7","feedback_type":"rating","author":"human","score_name":"csat","score":4.0,"metadata":{"service.name":"collector"}}
    "#]].assert_eq(&lines(&outcome));
    expect![[r#"
        1 @0 an evaluation names neither a trace nor a response nor a conversation | "{\"timeUnixNano\":\"0\",\"observedTimeUnixNan"
    "#]]
    .assert_eq(&outcome.rejects());
    expect![[r#"
        [
            Unmapped {
                field: "log records that are no events",
                count: 1,
                reason: None,
            },
        ]
    "#]]
    .assert_debug_eq(&outcome.report.unmapped);
}

#[test]
fn the_console_prints_spans_and_log_records() {
    let outcome = read_file(&fixture("otel/console.json"));
    expect![[r#"
        {"kind":"turn","id":"0af7651916cd43dd8448eb211c8031c0","aliases":["00f067aa0ba90401"],"created_at":"2026-07-02T09:14:00Z","query":"hi","model":"m","model_version":"m","release":"3","latency_ms":1500,"metadata":{"trace_name":"chat m"}}
        {"kind":"feedback","id":"16e176deb886ceab62511581f2a78478","created_at":"2026-07-02T09:15:00Z","turn_id":"0af7651916cd43dd8448eb211c8031c0","feedback_type":"comment","author":"human","score_name":"comment","comment":"fine, thanks","metadata":{"span_id":"00f067aa0ba90401"}}
    "#]].assert_eq(&lines(&outcome));
    assert_eq!((outcome.rejects().as_str(), outcome.report.unmapped.as_slice()), ("", [].as_slice()));
}

#[test]
fn ids_in_base64_join_with_ids_in_hexadecimal() {
    let expected = expected("otel");
    let spans = Merged::of(&[fixture("otel/traces_staging_snake_case.json")]);
    assert_eq!(spans.turns.len() as u64, expected["turns_per_environment"]["staging"].as_u64().unwrap());
    assert_eq!(spans.files[0].1, expected["spans_per_environment"]["staging"].as_u64().unwrap());
    let logs = Merged::of(&[fixture("otel/logs_first_quarter_protobuf_json.json")]);
    assert_eq!(logs.files[0].1, expected["first_quarter_log_records"].as_u64().unwrap());
    let hexadecimal = |id: &String| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(
        spans
            .turns
            .keys()
            .chain(logs.feedback.values().filter_map(|feedback| feedback.turn_id.as_ref()))
            .all(hexadecimal)
    );
}

#[test]
fn broken_messages_cost_what_is_broken() {
    let outcome = read_bytes(
        "x.jsonl",
        concat!(
            r#"{"resourceSpans":[7,{"resource":{},"scopeSpans":[{"spans":[{"traceId":"a","spanId":"b","startTimeUnixNano":"soon"},5,{"traceId":"a","spanId":"c","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},8,{"key":3}]}]}]}]}"#,
            "\n",
            r#"{"resourceSpans":{"no":"list"}}"#,
            "\n",
            r#"{"resourceSpans":[{"scopeSpans":"x"}]}"#,
            "\n",
        ),
    );
    assert_eq!((outcome.turns().len(), outcome.report.read, outcome.report.rejected), (1, 6, 4));
    expect![[r#"
        1 @0 the record is a single value, not an object | "7"
        1 @0 startTimeUnixNano is not a time that can be read: "soon" | "{\"traceId\":\"a\",\"spanId\":\"b\",\"startTimeUn"
        1 @0 the record is a single value, not an object | "5"
        2 @242 a list within the record cannot be read: invalid type: map, expected a sequence at line 1 column 0 | "{\"resourceSpans\":{\"no\":\"list\"}}"
    "#]].assert_eq(&outcome.rejects());
}

#[test]
fn binary_messages_are_read_as_json_would_be() {
    let merged = Merged::of(&[fixture("otel/traces_dev.otlp.pb")]);
    let dev = expected("otel");
    assert_eq!(merged.turns.len() as u64, dev["turns_per_environment"]["dev"].as_u64().unwrap());
    assert_eq!(merged.files[0].1, dev["spans_per_environment"]["dev"].as_u64().unwrap());
    assert!(merged.turns.values().all(|turn| turn.environment.as_deref() == Some("dev")));
    // Two requests one after the other, the second cut off.
    let bytes = std::fs::read(fixture("otel/traces_dev.otlp.pb")).unwrap();
    let twice = read_bytes("x.pb", [bytes.as_slice(), &bytes[..bytes.len() / 2]].concat());
    assert_eq!((twice.turns().len() as u64, twice.report.rejected), (merged.files[0].1, 1));
    assert_eq!(twice.collected.rejects[0].reason, "the file ends within this message: it was cut off");
    let behind = read_bytes("x.pb", [bytes.as_slice(), b"more"].concat());
    assert_eq!(behind.collected.rejects[0].origin.byte, Some(bytes.len() as u64));
}
