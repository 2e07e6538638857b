use std::collections::BTreeMap;

use expect_test::expect;

use super::{
    merged::Merged,
    truth::{self, Lacks, counts, expected, files},
    *,
};
use crate::canonical;

const SPANS: &[&str] = &["rest_spans_page1.json", "rest_spans_page2.json"];
const ANNOTATIONS: &[&str] = &[
    "rest_span_annotations_block1.json",
    "rest_span_annotations_block2.json",
    "rest_span_annotations_block3.json",
    "rest_span_annotations_block4.json",
    "rest_span_notes.json",
    "rest_trace_annotations_block1.json",
    "rest_trace_annotations_block2.json",
    "rest_session_annotations.json",
];

fn check_counts(merged: &Merged, expected: &serde_json::Value) {
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
    assert_eq!(
        merged.per_session(|session| session.environment.clone()),
        counts(&expected["sessions_per_environment"])
    );
    assert_eq!(merged.per_session(|session| session.user_role.clone()), counts(&expected["sessions_per_user_role"]));
}

/// The types as expected.json names them.
fn types(merged: &Merged) -> BTreeMap<String, usize> {
    merged.per_feedback(|feedback| {
        let on_session = feedback.turn_id.is_none();
        let word = match (feedback.author, merged::type_word(feedback.feedback_type).as_str()) {
            (hearback_domain::Author::Judge, _) => if on_session { "judge_session" } else { "judge_turn" }.to_owned(),
            (_, "rating") => if on_session { "rating_session_csat" } else { "rating_turn" }.to_owned(),
            (_, "annotation") => "annotation_highlight".to_owned(),
            (_, "comment") => "comment_note".to_owned(),
            (_, other) => other.to_owned(),
        };
        Some(word)
    })
}

fn identifier(feedback: &FeedbackRecord) -> Option<String> {
    feedback.metadata.get("identifier").cloned()
}

#[test]
fn pages_of_the_rest_interface_join() {
    let (Some(truth), expected) = (truth::truth(), expected("phoenix")) else { return };
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    let merged = Merged::of(&files("phoenix", &[SPANS, ANNOTATIONS].concat()));
    check_counts(&merged, &expected);
    assert_eq!(merged.unmapped, BTreeMap::new());
    assert_eq!(merged.feedback.len(), count("feedback_total"));
    assert_eq!(types(&merged), counts(&expected["feedback_per_type"]));
    let kinds = merged.per_feedback(|feedback| feedback.metadata.get("annotator_kind").cloned());
    assert_eq!(kinds, counts(&expected["per_annotator_kind"]));
    assert_eq!(merged.orphans(), count("orphans_in_full_export"));
    assert_eq!(merged.on_sessions(), count("session_annotations"));
    let spans: u64 =
        merged.files.iter().filter(|(title, _)| title.starts_with("Phoenix spans")).map(|(_, read)| read).sum();
    assert_eq!(spans as usize, count("spans"));
    truth.check(&merged, Lacks::default());
    assert_eq!(truth.check_feedback(&merged, identifier), count("feedback_total"));
}

#[test]
fn data_frames_join() {
    let (Some(truth), expected) = (truth::truth(), expected("phoenix")) else { return };
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    let rest = Merged::of(&files("phoenix", &[SPANS, ANNOTATIONS].concat()));
    // The answer that is empty in a CSV cell is not in the messages of the call below it.
    for ending in ["parquet", "csv"] {
        let names = [format!("spans_dataframe.{ending}"), format!("annotations_dataframe.{ending}")];
        let merged = Merged::of(&files("phoenix", &[&names[0], &names[1]]));
        check_counts(&merged, &expected);
        assert_eq!(
            merged.files.iter().map(|(_, read)| *read as usize).collect::<Vec<_>>(),
            [count("spans_dataframe_rows"), count("span_annotations_dataframe")]
        );
        assert_eq!(merged.unmapped, BTreeMap::new());
        assert_eq!((merged.feedback.len(), merged.orphans()), (count("span_annotations_dataframe"), 0));
        truth.check(&merged, Lacks::default());
        assert_eq!(truth.check_feedback(&merged, identifier), count("span_annotations_dataframe"));
        for (id, feedback) in &merged.feedback {
            assert_eq!(rest.feedback[id], *feedback, "{ending}");
        }
    }
    let lines = Merged::of(&files("phoenix", &["spans_dataframe_last40.jsonl", "annotations_dataframe.jsonl"]));
    assert_eq!(lines.files[0].1, 40);
    assert_eq!((lines.rejects.as_str(), &lines.unmapped), ("", &BTreeMap::new()));
    assert_eq!(lines.feedback.len(), count("span_annotations_dataframe"));
    for (id, turn) in &lines.turns {
        // The first spans of the oldest turns are all there, but perhaps for one.
        if turn.query.is_some() && turn.metadata.contains_key("trace_name") {
            assert_eq!(
                (&turn.query, &turn.output, turn.created_at),
                (&rest.turns[id].query, &rest.turns[id].output, rest.turns[id].created_at)
            );
        }
    }
}

#[test]
fn downloads_of_the_interface_carry_their_annotations() {
    let (Some(truth), expected) = (truth::truth(), expected("phoenix")) else { return };
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    let rest = Merged::of(&files("phoenix", &[SPANS, ANNOTATIONS].concat()));
    let merged = Merged::of(&files("phoenix", &["ui_download_traces.jsonl"]));
    check_counts(&merged, &expected);
    truth.check(&merged, Lacks::default());
    assert_eq!(merged.files, [("Phoenix spans (JSON lines)".to_owned(), count("ui_jsonl_spans") as u64)]);
    assert_eq!(merged.unmapped, BTreeMap::new());
    let both = count("ui_jsonl_span_annotations") + count("ui_jsonl_trace_annotations");
    assert_eq!((merged.feedback.len(), merged.on_turns()), (both, both));
    assert_eq!(truth.check_feedback(&merged, identifier), both);
    for (id, feedback) in &merged.feedback {
        let other = &rest.feedback[id];
        assert_eq!(
            (feedback.feedback_type, feedback.author, &feedback.turn_id),
            (other.feedback_type, other.author, &other.turn_id)
        );
    }

    let twelve = Merged::of(&files("phoenix", &["ui_download_traces_12.json"]));
    assert_eq!(
        twelve.files,
        [("Phoenix spans in OTLP (JSON lines)".to_owned(), count("ui_otlp_12_traces_spans") as u64)]
    );
    assert_eq!((twelve.turns.len(), twelve.rejects.as_str()), (12, ""));
    truth.check(&twelve, Lacks::default());
    let there = |feedback: &&FeedbackRecord| twelve.turns.contains_key(feedback.turn_id.as_deref().unwrap_or_default());
    assert_eq!(twelve.feedback.len(), merged.feedback.values().filter(there).count());
    assert!(twelve.feedback.iter().all(|(id, feedback)| merged.feedback[id].comment == feedback.comment));

    let roots = Merged::of(&files("phoenix", &["ui_download_spans_20roots.jsonl"]));
    assert_eq!((roots.turns.len(), roots.files[0].1), (20, 20));
    assert!(roots.feedback.values().all(|feedback| feedback.author == hearback_domain::Author::Human));
    for name in ["ui_download_span.json", "ui_download_span_otlp.json"] {
        let one = Merged::of(&files("phoenix", &[name]));
        assert_eq!((one.turns.len(), one.feedback.len(), one.files[0].1), (1, 1, 1), "{name}");
    }
}

#[test]
fn a_quarter_of_the_spans_leaves_annotations_without_turn() {
    let expected = expected("phoenix");
    if truth::truth().is_none() {
        return;
    }
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    let spans = Merged::of(&files("phoenix", &["rest_spans_otlpv1_first_quarter.json"]));
    assert_eq!(spans.files, [("Phoenix spans in OTLP (JSON)".to_owned(), count("otlpv1_first_quarter_spans") as u64)]);
    assert_eq!(spans.rejects, "");
    let merged =
        Merged::of(&files("phoenix", &[&["rest_spans_otlpv1_first_quarter.json"], &ANNOTATIONS[..5]].concat()));
    assert_eq!(merged.feedback.len(), count("span_annotations_rest"));
    assert_eq!(merged.orphans(), count("span_annotations_without_span_when_only_first_quarter_is_loaded"));
    let rest = Merged::of(&files("phoenix", SPANS));
    for (id, turn) in &spans.turns {
        assert_eq!(
            (&turn.query, &turn.output, &turn.documents),
            (&rest.turns[id].query, &rest.turns[id].output, &rest.turns[id].documents)
        );
    }
}

#[test]
fn span_queries_name_only_spans() {
    let (Some(truth), expected) = (truth::truth(), expected("phoenix")) else { return };
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    let calls = Merged::of(&files("phoenix", &["span_query_llm.csv"]));
    assert_eq!((calls.turns.len(), calls.rejects.as_str()), (count("turns"), ""));
    truth.check(&calls, Lacks { documents: true, circumstances: true });
    let documents = Merged::of(&files("phoenix", &["span_query_documents.csv"]));
    assert_eq!(documents.files[0].1 as usize, count("documents"));
    assert_eq!(documents.turns.values().map(|turn| turn.documents.len()).sum::<usize>(), count("documents"));
    let joined = Merged::of(&files("phoenix", &[SPANS, &["span_query_documents.csv"]].concat()));
    assert_eq!(joined.turns.len(), count("turns"));
}

#[test]
fn lists_of_traces_and_sessions_and_data_sets() {
    let (Some(truth), expected) = (truth::truth(), expected("phoenix")) else { return };
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    let lists = Merged::of(&files("phoenix", &["rest_traces.json", "rest_sessions.json"]));
    assert_eq!((lists.sessions.len(), lists.turns.len()), (count("sessions"), count("turns")));
    assert_eq!((lists.rejects.as_str(), &lists.unmapped), ("", &BTreeMap::new()));
    for (id, turn) in &lists.turns {
        let (session, said) = &truth.turns[id];
        assert_eq!(turn.session_id, truth::text(&session["session_id"]));
        assert_eq!(turn.input_tokens, said["prompt_tokens"].as_i64());
    }
    let sets: Vec<_> = ["dataset.jsonl", "dataset.csv", "dataset_examples.json"]
        .iter()
        .map(|name| Merged::of(&files("phoenix", &[name])))
        .collect();
    for set in &sets {
        assert_eq!(set.files[0].1 as usize, count("dataset_examples"));
        assert_eq!((set.rejects.as_str(), &set.unmapped, set.feedback.len()), ("", &BTreeMap::new(), 0));
        assert_eq!(set.turns, sets[0].turns);
        assert!(
            set.turns
                .values()
                .all(|turn| turn.query.is_some() && turn.output.is_some() && turn.system_context.is_some())
        );
    }
    let evals = Merged::of(&files("phoenix", &["dataset_openai_evals.jsonl"]));
    assert_eq!(evals.turns.len(), count("dataset_examples"));
    let texts = |merged: &Merged| {
        let mut texts: Vec<_> = merged.turns.values().map(|turn| (turn.query.clone(), turn.output.clone())).collect();
        texts.sort();
        texts
    };
    assert_eq!(texts(&evals), texts(&sets[0]));
}

fn lines(outcome: &Outcome) -> String {
    outcome.records().iter().map(|record| canonical::write(record) + "\n").collect()
}

#[test]
fn public_files_are_recognised() {
    let mut told = String::new();
    for name in ["pxi_suggestion_traces.json", "pxi_turn_subagent_trace.json", "pxi_turn_trace.json"] {
        let Some(path) = shared(&format!("data/export_phoenix/{name}")) else { return };
        let merged = Merged::of(&[path]);
        assert_eq!(merged.rejects, "");
        let first = merged.turns.values().next().unwrap();
        told += &format!(
            "{name}: {:?}, {} turns, {:?} {:?}\n",
            merged.files,
            merged.turns.len(),
            first.model,
            first.session_id
        );
        assert!(merged.turns.values().all(|turn| turn.query.is_some() && turn.output.is_some()));
    }
    expect![[r#"
        pxi_suggestion_traces.json: [("Phoenix spans (JSON)", 31)], 3 turns, None Some("session-0000")
        pxi_turn_subagent_trace.json: [("Phoenix spans (JSON)", 38)], 1 turns, Some("claude-fable-5") Some("fixture-subagent-session")
        pxi_turn_trace.json: [("Phoenix spans (JSON)", 18)], 1 turns, Some("claude-fable-5") Some("fixture-session")
    "#]].assert_eq(&told);
}

#[test]
fn a_whole_project_from_the_fixtures() {
    let expected = expected("phoenix");
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    let names = [
        "rest_session_annotations.json",
        "rest_trace_annotations_block2.json",
        "rest_trace_annotations_block1.json",
        "rest_span_notes.json",
        "annotations_dataframe.parquet",
        "spans_dataframe.parquet",
    ];
    let merged = Merged::of(&names.map(|name| fixture(&format!("phoenix/{name}"))));
    check_counts(&merged, &expected);
    assert_eq!((merged.feedback.len(), merged.orphans()), (count("feedback_total"), 0));
    assert_eq!(types(&merged), counts(&expected["feedback_per_type"]));
    // Downloads of one of the spans add nothing new.
    let more = ["ui_download_span.json", "ui_download_span_otlp.json"].map(|name| fixture(&format!("phoenix/{name}")));
    let again = Merged::of(&[names.map(|name| fixture(&format!("phoenix/{name}"))).as_slice(), &more].concat());
    assert_eq!((again.turns.len(), again.feedback_ids()), (merged.turns.len(), merged.feedback_ids()));
}

#[test]
fn a_download_carries_annotations_among_its_attributes() {
    let outcome = read_file(&fixture("phoenix/download.jsonl"));
    assert_eq!(outcome.rejects(), "");
    expect![[r#"
        {"kind":"feedback","id":"1a2b3c4d5e6f7a8b/user_feedback/px-app:u41","created_at":"2026-07-02T09:14:03Z","session_id":"s7","turn_id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","feedback_type":"thumb","author":"human","score_name":"user_feedback","score":0.0,"label":"👎","metadata":{"annotator_kind":"HUMAN","identifier":"px-app:u41","span_id":"1a2b3c4d5e6f7a8b"}}
        {"kind":"feedback","id":"1a2b3c4d5e6f7a8b/user_feedback/","created_at":"2026-07-02T09:14:03Z","session_id":"s7","turn_id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","feedback_type":"rating","author":"judge","score_name":"user_feedback","score":0.4,"comment":"thin","metadata":{"annotator_kind":"LLM","span_id":"1a2b3c4d5e6f7a8b"}}
        {"kind":"feedback","id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4/ui_event/","created_at":"2026-07-02T09:20:00Z","session_id":"s7","turn_id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","feedback_type":"implicit","author":"human","score_name":"ui_event","label":"copied","metadata":{"annotator_kind":"CODE"}}
        {"kind":"turn","id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","aliases":["1a2b3c4d5e6f7a8b"],"session_id":"s7","created_at":"2026-07-02T09:14:01Z","query":"Refund after 60 days?","output":"{\"looks\": \"like JSON\"}","environment":"staging","user_id":"u41","user_role":"pro","latency_ms":2000,"tags":["billing"],"metadata":{"error":"rate limit","nested.a":"[1,2]","plan":"x","trace_name":"chat"}}
        {"kind":"turn","id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","aliases":["1a2b3c4d5e6f7a8c"],"weight":"fill","session_id":"s7","created_at":"2026-07-02T09:14:01.5Z","query":"Refund after 60 days?","system_context":"You are…","output":"Yes, 60 days…","model":"gpt-4o","model_version":"2024-08-06","prompt_version":"v3","latency_ms":1500,"input_tokens":120,"output_tokens":9,"metadata":{"llm.invocation_parameters":"{\"temperature\": 0.2}"}}
        {"kind":"turn","id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","aliases":["1a2b3c4d5e6f7a8d"],"weight":"fill","created_at":"2026-07-02T09:14:01.1Z","documents":[{"id":"kb-1","title":"Refunds","content":"Within 30 days.","score":0.8}]}
    "#]].assert_eq(&lines(&outcome));
    expect![[r#"
        [
            Unmapped {
                field: "custom.step",
                count: 1,
                reason: None,
            },
        ]
    "#]]
    .assert_debug_eq(&outcome.report.unmapped);
    assert!(outcome.recognised.note.unwrap().starts_with("annotations of sessions are not in it"));
}

#[test]
fn cells_of_a_data_frame_are_python_literals() {
    let outcome = read_file(&fixture("phoenix/spans.csv"));
    assert_eq!((outcome.rejects().as_str(), outcome.report.unmapped.as_slice()), ("", [].as_slice()));
    expect![[r#"
        {"kind":"turn","id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","aliases":["1a2b3c4d5e6f7a8b"],"created_at":"2026-07-02T09:14:01Z","position":2,"query":"{'not': 'parsed'}","user_role":"pro","latency_ms":2000,"tags":["a","b'c"],"metadata":{"trace_name":"chat"}}
        {"kind":"turn","id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","aliases":["1a2b3c4d5e6f7a8d"],"weight":"fill","created_at":"2026-07-02T09:14:01.1Z","documents":[{"id":"kb-1","title":"Refunds","content":"Within\n30 days.","score":0.5}]}
        {"kind":"turn","id":"a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4","aliases":["1a2b3c4d5e6f7a8c"],"weight":"fill","created_at":"2026-07-02T09:14:01.5Z","query":"Refund after 60 days?","latency_ms":1500}
    "#]].assert_eq(&lines(&outcome));
}

#[test]
fn what_lacks_its_ids_is_rejected() {
    let outcome = read_bytes(
        "a.jsonl",
        concat!(
            r#"{"name":"x","annotator_kind":"HUMAN","result":{"score":1},"span_id":"a"}"#,
            "\n",
            r#"{"name":"x","annotator_kind":"HUMAN","result":{"score":1}}"#,
            "\n",
            r#"{"name":"x","annotator_kind":"HUMAN","result":{"score":"many"},"span_id":"a"}"#,
            "\n",
            r#"{"name":"x","annotator_kind":"HUMAN","result":{},"metadata":"{'broken'","trace_id":"t","document_position":0}"#,
            "\n",
        ),
    );
    expect![[r#"
        2 @73 an annotation needs a span, a trace or a session | "{\"name\":\"x\",\"annotator_kind\":\"HUMAN\",\"re"
        3 @132 score is not a number: "many" | "{\"name\":\"x\",\"annotator_kind\":\"HUMAN\",\"re"
    "#]]
    .assert_eq(&outcome.rejects());
    expect![[r#"
        {"kind":"feedback","id":"a/x/","turn_id":"a","feedback_type":"rating","author":"human","score_name":"x","score":1.0,"metadata":{"annotator_kind":"HUMAN","span_id":"a"}}
        {"kind":"feedback","id":"t/x//0","turn_id":"t","feedback_type":"comment","author":"human","score_name":"x","metadata":{"annotator_kind":"HUMAN","document_position":"0","metadata":"{'broken'"}}
    "#]].assert_eq(&lines(&outcome));
}
