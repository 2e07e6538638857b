//! Every file that MLflow wrote, against what went into the tool.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::{Expect, expect};
use serde_json::Value;

use super::{merged::Merged, *};
use crate::formats::canonical;
use hearback_domain::{Author, FeedbackType, Timestamp};

const FOLDER: &str = "data/real_tools/mlflow";
const PAGES: &[&str] =
    &["rest_traces_search_page1.json", "rest_traces_search_page2.json", "rest_traces_search_page3.json"];
/// Each of these has everything.
const WHOLE: &[&str] = &["traces_to_json.jsonl", "search_traces.csv", "search_traces_json_columns.parquet"];

fn file(name: &str) -> Option<PathBuf> {
    shared(&format!("{FOLDER}/{name}"))
}

fn files(names: &[&str]) -> Option<Vec<PathBuf>> {
    names.iter().map(|name| file(name)).collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn expected() -> Option<Value> {
    file("expected.json").map(|path| json(&path))
}

fn truth() -> Option<Value> {
    shared("data/real_tools/truth/batch.json").map(|path| json(&path))
}

fn counts(value: &Value) -> BTreeMap<String, usize> {
    serde_json::from_value(value.clone()).unwrap()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

fn meta<'r>(metadata: &'r hearback_domain::record::Metadata, key: &str) -> Option<&'r str> {
    metadata.get(key).map(String::as_str)
}

/// Who, when, how many: what every file has that has all traces.
fn check_turns(merged: &Merged, expected: &Value) {
    assert_eq!(merged.rejects, "");
    assert_eq!(merged.turns.len(), number(&expected["turns"]));
    assert_eq!(merged.sessions.len(), number(&expected["sessions"]));
    assert_eq!(
        merged.per_session(|session| session.environment.clone()),
        counts(&expected["sessions_per_environment"])
    );
    assert_eq!(merged.per_session(|session| session.user_role.clone()), counts(&expected["sessions_per_user_role"]));
    assert_eq!(merged.per_turn(|turn| turn.prompt_version.clone()), counts(&expected["turns_per_prompt_version"]));
    let failed = merged.turns.values().filter(|turn| meta(&turn.metadata, "state") == Some("ERROR")).count();
    assert_eq!(failed, number(&expected["turns_error"]));
    assert!(merged.turns.values().all(|turn| turn.created_at.is_some() && turn.latency_ms.is_some()));
    assert!(merged.turns.values().all(|turn| turn.query.is_some()));
}

fn check_spans(merged: &Merged, expected: &Value) {
    let turns = || merged.turns.values();
    let model = |turn: &TurnRecord| Some(format!("{}@{}", turn.model.as_ref()?, turn.model_version.as_ref()?));
    assert_eq!(merged.per_turn(model), counts(&expected["turns_per_model"]));
    assert_eq!(turns().filter(|turn| !turn.documents.is_empty()).count(), number(&expected["turns_with_documents"]));
    assert_eq!(turns().map(|turn| turn.documents.len()).sum::<usize>(), number(&expected["documents"]));
    assert_eq!(turns().map(|turn| turn.aliases.len()).sum::<usize>(), number(&expected["spans"]));
    assert!(turns().all(|turn| turn.system_context.as_ref().is_some_and(|text| text.contains("Kestrel"))));
}

fn check_answers(merged: &Merged, expected: &Value) {
    let outputs = || merged.turns.values().map(|turn| turn.output.as_deref());
    assert_eq!(outputs().filter(|output| *output == Some("")).count(), number(&expected["turns_empty_output"]));
    assert_eq!(outputs().filter(Option::is_none).count(), number(&expected["turns_error"]));
}

fn check_feedback(merged: &Merged, expected: &Value) {
    let all = || merged.feedback.values();
    assert_eq!(merged.feedback.len() + number(&expected["invalid"]), number(&expected["assessments"]));
    assert_eq!(merged.unmapped.get("assessments (overridden)"), Some(&(number(&expected["invalid"]) as u64)));
    let name_and_source =
        merged.per_feedback(|one| Some(format!("{}/{}", one.score_name.as_ref()?, one.metadata.get("source_type")?)));
    let mut wanted = counts(&expected["assessments_per_name_and_source"]);
    // The one that was overridden.
    assert_eq!(wanted.remove("relevance/LLM_JUDGE"), Some(1));
    assert_eq!(name_and_source, wanted);

    let types = &expected["feedback_per_type"];
    let count = |wants: &dyn Fn(&FeedbackRecord) -> bool| all().filter(|one| wants(one)).count();
    let extra = |one: &FeedbackRecord| !one.metadata.contains_key("feedback_id");
    let person = |one: &FeedbackRecord, wanted: FeedbackType| {
        one.author == Author::Human && one.feedback_type == wanted && !extra(one)
    };
    let on_session = |one: &FeedbackRecord| one.turn_id.is_none() && one.session_id.is_some();
    for (key, got) in [
        ("thumb", count(&|one| person(one, FeedbackType::Thumb))),
        ("rating_turn", count(&|one| person(one, FeedbackType::Rating) && !on_session(one))),
        ("rating_session_csat", count(&|one| person(one, FeedbackType::Rating) && on_session(one))),
        ("category", count(&|one| person(one, FeedbackType::Category))),
        ("comment", count(&|one| person(one, FeedbackType::Comment))),
        ("correction_expectation", count(&|one| person(one, FeedbackType::Correction))),
        ("annotation_highlight", count(&|one| person(one, FeedbackType::Annotation) && one.span.is_some())),
        ("implicit", count(&|one| person(one, FeedbackType::Implicit))),
        ("judge_turn", count(&|one| one.author == Author::Judge && !on_session(one) && !extra(one))),
        ("judge_session", count(&|one| one.author == Author::Judge && on_session(one) && !extra(one))),
        ("extra", count(&|one| extra(one)) + number(&expected["invalid"])),
    ] {
        assert_eq!(got, number(&types[key]), "{key}");
    }
    let mut sources = merged.per_feedback(|one| one.metadata.get("source_type").cloned());
    *sources.get_mut("LLM_JUDGE").unwrap() += number(&expected["invalid"]);
    assert_eq!(sources, counts(&expected["per_source"]));
    let expectations = count(&|one| one.metadata.contains_key("expectation"));
    assert_eq!(expectations, number(&expected["expectations"]));
    assert_eq!(count(&|one| one.metadata.contains_key("span_id")), number(&expected["on_a_span"]));
    assert_eq!(merged.on_sessions(), number(&expected["session_level"]));
    assert_eq!(merged.orphans(), number(&expected["orphans"]));
}

/// Every text, number and moment that went in, word for word.
fn check_texts(merged: &Merged, truth: &Value) {
    let by_own_id: BTreeMap<&str, &TurnRecord> =
        merged.turns.values().filter_map(|turn| Some((meta(&turn.metadata, "turn_id")?, turn))).collect();
    let (mut turns, mut special) = (0, 0);
    for session in truth["sessions"].as_array().unwrap() {
        for wanted in session["turns"].as_array().unwrap() {
            let Some(turn) = by_own_id.get(wanted["turn_id"].as_str().unwrap()) else { continue };
            turns += 1;
            special += usize::from(wanted["special"].is_string());
            assert_eq!(turn.query.as_deref(), wanted["query"].as_str());
            assert_eq!(turn.output.as_deref(), wanted["output"].as_str());
            assert_eq!(turn.session_id.as_deref(), session["session_id"].as_str());
            assert_eq!(turn.user_id.as_deref(), session["user_id"].as_str());
            assert_eq!(turn.user_role.as_deref(), session["user_role"].as_str());
            assert_eq!(turn.environment.as_deref(), session["environment"].as_str());
            assert_eq!(turn.prompt_version.as_deref(), session["prompt_version"].as_str());
            assert_eq!(turn.model.as_deref(), wanted["model"].as_str());
            assert_eq!(turn.model_version.as_deref(), wanted["model_version"].as_str());
            assert_eq!(turn.latency_ms, wanted["latency_ms"].as_i64());
            assert_eq!(turn.input_tokens, wanted["prompt_tokens"].as_i64());
            assert_eq!(turn.output_tokens, wanted["completion_tokens"].as_i64());
            assert_eq!(turn.position, wanted["index"].as_i64());
            assert_eq!(turn.created_at, Timestamp::parse(wanted["start"].as_str().unwrap()));
            assert_eq!(meta(&turn.metadata, "error"), wanted["error"].as_str());
            let tags: Vec<&str> = session["tags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            assert_eq!(turn.tags, tags);
            let prompt = session["system_prompt"].as_str().unwrap();
            assert!(turn.system_context.as_ref().unwrap().starts_with(prompt));
            let documents: Vec<_> = turn
                .documents
                .iter()
                .map(|one| (one.id.as_deref(), one.title.as_deref(), Some(one.content.as_str()), one.score))
                .collect();
            let wanted: Vec<_> = wanted["documents"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| (one["id"].as_str(), one["title"].as_str(), one["text"].as_str(), one["score"].as_f64()))
                .collect();
            assert_eq!(documents, wanted);
        }
    }
    assert_eq!(turns, merged.turns.len());
    assert!(turns < 82 || special == 12, "{special}");
}

fn check_feedback_texts(merged: &Merged, truth: &Value) {
    let by_own_id: BTreeMap<&str, &FeedbackRecord> =
        merged.feedback.values().filter_map(|one| Some((meta(&one.metadata, "feedback_id")?, one))).collect();
    let mut seen = 0;
    for wanted in truth["feedback"].as_array().unwrap() {
        let Some(got) = by_own_id.get(wanted["feedback_id"].as_str().unwrap()) else { continue };
        seen += 1;
        let kind = wanted["type"].as_str().unwrap();
        assert_eq!(got.created_at, Timestamp::parse(wanted["created_at"].as_str().unwrap()));
        assert_eq!(got.correction.as_deref(), wanted["correction"].as_str());
        if kind != "correction" {
            assert_eq!(got.comment.as_deref(), wanted["comment"].as_str(), "{wanted}");
        }
        if !matches!(kind, "category" | "implicit" | "annotation") {
            assert_eq!(got.score, wanted["score"].as_f64(), "{wanted}");
        }
        if matches!(kind, "category" | "implicit" | "annotation") {
            assert_eq!(got.label.as_deref(), wanted["label"].as_str());
        }
        if let Some(span) = wanted["span"].as_object() {
            let got = got.span.as_ref().unwrap();
            let wanted = (span["start"].as_u64(), span["end"].as_u64());
            assert_eq!((Some(u64::from(got.start)), Some(u64::from(got.end))), wanted);
        }
    }
    assert!(seen > 0 && seen == by_own_id.len(), "{seen} of {}", by_own_id.len());
}

/// A mark of a text names the characters it quotes.
fn check_marks(merged: &Merged) {
    let mut marks = 0;
    for one in merged.feedback.values() {
        let Some(span) = &one.span else { continue };
        let text = merged.turns[one.turn_id.as_ref().unwrap()].output.as_ref().unwrap();
        let marked: String = text.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect();
        assert_eq!(Some(marked), span.quote);
        marks += 1;
    }
    assert_eq!(marks, 13);
}

#[test]
fn every_whole_export_comes_to_what_went_in() {
    let (Some(expected), Some(truth)) = (expected(), truth()) else { return };
    for name in WHOLE {
        println!("{name}");
        let Some(path) = file(name) else { return };
        let merged = Merged::of(&[path]);
        check_turns(&merged, &expected);
        check_spans(&merged, &expected);
        check_answers(&merged, &expected);
        check_feedback(&merged, &expected);
        check_texts(&merged, &truth);
        check_feedback_texts(&merged, &truth);
        check_marks(&merged);
        let unmapped: Vec<&String> = merged.unmapped.keys().collect();
        assert_eq!(unmapped, ["assessments (overridden)"]);
    }
}

/// Line, row of a table, row of Parquet: record for record the same, so that importing both counts once.
#[test]
fn the_same_trace_is_the_same_in_every_file() {
    let Some(paths) = files(WHOLE) else { return };
    // The data frame does not say where the trace is stored.
    let of = |path: PathBuf| {
        let mut merged = Merged::of(&expand(&[path]).unwrap());
        merged.turns.values_mut().for_each(|turn| drop(turn.metadata.remove("experiment_id")));
        merged
    };
    let sets: Vec<Merged> = paths.into_iter().map(of).collect();
    for other in &sets[1..] {
        assert_eq!(sets[0].turns.len(), other.turns.len());
        for (id, turn) in &sets[0].turns {
            assert_eq!(turn, &other.turns[id]);
        }
        assert_eq!(sets[0].feedback_ids(), other.feedback_ids());
        for (id, feedback) in &sets[0].feedback {
            assert_eq!(feedback, &other.feedback[id]);
        }
    }
    let parts = [
        ("search_traces_dev.jsonl", 16),
        ("search_traces_numeric_feedback.parquet", 4),
        ("trace_files", 3),
        ("rest_trace_get_1.json", 1),
        ("rest_trace_get_2.json", 1),
    ];
    for (name, count) in parts {
        let Some(path) = file(name) else { return };
        let part = of(path);
        assert_eq!((part.turns.len(), part.rejects.as_str()), (count, ""), "{name}");
        for (id, turn) in &part.turns {
            assert_eq!(turn, &sets[0].turns[id], "{name}");
        }
        for (id, feedback) in &part.feedback {
            assert_eq!(feedback, &sets[0].feedback[id], "{name}");
        }
    }
}

#[test]
fn a_search_has_everything_but_the_spans() {
    let (Some(expected), Some(pages), Some(no_spans)) =
        (expected(), files(PAGES), file("search_traces_no_spans_8.csv"))
    else {
        return;
    };
    let merged = Merged::of(&pages);
    check_turns(&merged, &expected);
    check_answers(&merged, &expected);
    check_feedback(&merged, &expected);
    let versions = merged.per_turn(|turn| turn.model_version.clone());
    assert_eq!(format!("{versions:?}"), r#"{"1.4.2": 9, "2024-07-18": 14, "20241022": 59}"#);
    let recognised = recognise(&pages[0], &ReadOptions::default()).unwrap();
    assert!(recognised.note.unwrap().contains("no spans"));

    let merged = Merged::of(std::slice::from_ref(&no_spans));
    assert_eq!((merged.turns.len(), merged.rejects.as_str()), (8, ""));
    assert!(merged.turns.values().all(|turn| turn.query.is_some() && turn.documents.is_empty()));
    assert!(recognise(&no_spans, &ReadOptions::default()).unwrap().note.unwrap().contains("include_spans"));
}

#[test]
fn columns_without_spans_have_who_and_when() {
    let (Some(expected), Some(truth), Some(path)) = (expected(), truth(), file("search_traces_info_columns.parquet"))
    else {
        return;
    };
    let merged = Merged::of(&[path]);
    check_turns(&merged, &expected);
    let queries: BTreeMap<Option<&str>, Option<&str>> = truth["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|session| session["turns"].as_array().unwrap())
        .map(|turn| (turn["turn_id"].as_str(), turn["query"].as_str()))
        .collect();
    for turn in merged.turns.values() {
        assert_eq!(turn.query.as_deref(), queries[&meta(&turn.metadata, "turn_id")]);
    }
}

/// A preview is cut off; the full text wins, whichever file is read first.
#[test]
fn all_files_together_count_once() {
    let (Some(expected), Some(truth), Some(folder)) = (expected(), truth(), shared(FOLDER)) else { return };
    let mut paths = expand(&[folder]).unwrap();
    paths.retain(|path| path.file_name().is_some_and(|name| name != "expected.json" && name != "README.md"));
    assert_eq!(paths.len(), 17);
    for _ in 0..2 {
        paths.reverse();
        let merged = Merged::of(&paths);
        check_turns(&merged, &expected);
        check_spans_of_many(&merged, &expected);
        check_answers(&merged, &expected);
        check_texts(&merged, &truth);
        check_feedback_texts(&merged, &truth);
        assert_eq!(merged.feedback.len(), 233);
        assert_eq!((merged.orphans(), merged.on_sessions()), (0, 21));
    }
}

fn check_spans_of_many(merged: &Merged, expected: &Value) {
    assert_eq!(merged.aliases.len(), number(&expected["spans"]));
}

/// What a file comes to: title, records, what found no place, what was rejected.
pub(super) fn described(path: &Path) -> String {
    let recognised = recognise(path, &ReadOptions::default()).unwrap();
    let mut collected = Collected::default();
    let report = read(path, &recognised, &mut collected, &Job::quiet()).unwrap();
    let mut text = format!("{}: {} read\n", recognised.title, report.read);
    for (_, record) in &collected.records {
        text += &canonical::write(record);
        text.push('\n');
    }
    for field in &report.unmapped {
        text += &format!("unmapped: {} {}\n", field.field, field.count);
    }
    for reject in &collected.rejects {
        let raw: String = reject.raw.chars().take(60).collect();
        text += &format!("rejected: {} {} | {raw:?}\n", reject.origin.record, reject.reason);
    }
    text
}

fn check(name: &str, expected: &Expect) {
    expected.assert_eq(&described(&fixture(name)));
}

#[test]
fn every_kind_of_assessment() {
    check(
        "mlflow/assessments.jsonl",
        &expect![[r#"
            MLflow traces (JSON lines): 27 read
            {"kind":"turn","id":"tr-1","weight":"fill","query":"Refund after 60 days?","output":"Yes, 60 days 👍 always"}
            {"kind":"feedback","id":"a-01","created_at":"2026-07-02T09:15:00Z","turn_id":"tr-1","feedback_type":"rating","author":"human","score_name":"was_it_ok","score":0.0,"score_type":"boolean","comment":"it is 30 days","metadata":{"channel":"web","create_time":"2026-11-20T20:00:00Z","source_id":"u1","source_type":"HUMAN"}}
            {"kind":"feedback","id":"a-02","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"rating","author":"human","score_name":"stars","score":2.0,"metadata":{"expires_at":"2026-08-01T00:00:00Z","source_type":"HUMAN","submitted_at":"2027-01-01T00:00:00Z"}}
            {"kind":"feedback","id":"a-03","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"comment","author":"human","score_name":"remark","comment":"wrong","metadata":{"source_type":"HUMAN"}}
            {"kind":"feedback","id":"a-04","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"category","author":"human","score_name":"issue","label":"wrong number","reasons":["wrong number"],"comment":"60 instead of 30","metadata":{"source_type":"HUMAN"}}
            {"kind":"feedback","id":"a-05","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"comment","author":"human","score_name":"issue","comment":"It says sixty days, which was the rule until last year.","metadata":{"source_type":"HUMAN"}}
            {"kind":"feedback","id":"a-06","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"annotation","author":"human","score_name":"mark","label":"unsupported","reasons":["unsupported"],"span":{"target":"output","start":13,"end":21,"quote":"👍 always"},"metadata":{"severity":"high","source_type":"HUMAN","span_id":"00000000000000a1"}}
            {"kind":"feedback","id":"a-07","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"annotation","author":"human","score_name":"mark","label":"unclear","reasons":["unclear"],"span":{"target":"query","start":7,"end":12,"quote":"after"},"metadata":{"source_type":"HUMAN"}}
            {"kind":"feedback","id":"a-08","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"category","author":"human","score_name":"issues","reasons":["outdated","too short"],"metadata":{"source_type":"HUMAN"}}
            {"kind":"feedback","id":"a-09","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"correction","author":"human","score_name":"expected_answer","correction":"30 days, \"always\"\r\n","metadata":{"expectation":"true","source_type":"HUMAN"}}
            {"kind":"feedback","id":"a-10","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"correction","author":"human","score_name":"expected_facts","correction":"names 30 days\ncites the policy","metadata":{"expectation":"true","source_type":"HUMAN"}}
            {"kind":"feedback","id":"a-11","created_at":"2026-07-02T09:16:00Z","turn_id":"tr-1","feedback_type":"annotation","author":"human","score_name":"should_refuse","label":"true","metadata":{"expectation":"true","source_type":"HUMAN"}}
            {"kind":"turn","id":"tr-1","aliases":["req-77","00000000000000a1","00000000000000a2","00000000000000a3"],"session_id":"s1","created_at":"2026-07-02T09:14:01.25Z","query":"Refund after 60 days?","system_context":"Answer briefly.","output":"Yes, 60 days 👍 always","model":"support-llm","model_version":"1.4.2","prompt_name":"refunds","prompt_version":"3","release":"2.4.1","environment":"production","user_id":"u1","user_role":"pro","latency_ms":1250,"input_tokens":12,"output_tokens":5,"tags":["billing","eu"],"metadata":{"experiment_id":"7","shop.region":"eu","ticket":"T-1","trace_name":"shop"}}
            {"kind":"feedback","id":"b-01","created_at":"2026-07-02T09:21:00Z","turn_id":"tr-2","feedback_type":"rating","author":"judge","score_name":"judge_v2","metadata":{"error":"TIMEOUT: no answer in 30 s","source_id":"judge","source_type":"LLM_JUDGE"}}
            {"kind":"feedback","id":"b-03","created_at":"2026-07-02T09:22:00Z","turn_id":"tr-2","feedback_type":"rating","author":"human","score_name":"grounded","score":1.0,"score_type":"boolean","metadata":{"overridden_value":"false","overrides":"b-02","source_type":"HUMAN"}}
            {"kind":"feedback","id":"b-04","created_at":"2026-07-02T09:21:00Z","turn_id":"tr-2","feedback_type":"category","author":"judge","score_name":"correctness","label":"no","reasons":["no"],"comment":"nothing was answered","metadata":{"source_type":"LLM_JUDGE"}}
            {"kind":"feedback","id":"b-05","created_at":"2026-07-02T09:21:00Z","turn_id":"tr-2","feedback_type":"rating","author":"judge","score_name":"json_valid","score":0.0,"metadata":{"source_type":"CODE"}}
            {"kind":"feedback","id":"b-06","created_at":"2026-07-02T09:21:00Z","turn_id":"tr-2","feedback_type":"implicit","author":"human","score_name":"event","label":"answer_copied","metadata":{"source_id":"frontend","source_type":"CODE"}}
            {"kind":"feedback","id":"b-07","created_at":"2026-07-02T09:21:00Z","turn_id":"tr-2","feedback_type":"rating","author":"judge","score_name":"quality","score":0.25,"label":"poor","metadata":{"source_type":"LLM_JUDGE","tries":"2"}}
            {"kind":"feedback","id":"b-08","created_at":"2026-07-02T09:30:00Z","session_id":"s1","feedback_type":"rating","author":"human","score_name":"visit","score":4.0,"metadata":{"source_type":"HUMAN","trace_id":"tr-2"}}
            {"kind":"feedback","id":"8b90e62566f4c6b980509e4e4de83b87","created_at":"2026-07-02T09:30:00Z","turn_id":"tr-2","feedback_type":"rating","author":"human","score_name":"without an id","score":3.0,"metadata":{"source_type":"HUMAN"}}
            {"kind":"turn","id":"tr-2","aliases":["00000000000000b1"],"session_id":"s1","created_at":"2026-07-02T09:20:00Z","query":"null","latency_ms":500,"metadata":{"error":"RateLimitError: 429","experiment_id":"7","state":"ERROR"}}
            {"kind":"turn","id":"tr-3","created_at":"2026-07-02T09:21:00Z","query":"the older form","output":"","latency_ms":20,"metadata":{"experiment_id":"7"}}
            unmapped: assessments (overridden) 1
            rejected: 2 an assessment by a person has no value | "{\"assessment_id\":\"b-09\",\"assessment_name\":\"empty\",\"create_ti"
            rejected: 2 an assessment is no object | "\"no assessment\""
            rejected: 4 a trace needs an id | "{\"info\":{\"trace_location\":{},\"trace_metadata\":{}},\"data\":{\"s"
            rejected: 5 this is not a time that can be read: "yesterday" | "{\"info\":{\"trace_id\":\"tr-4\",\"trace_metadata\":{},\"request_time"
        "#]],
    );
}

#[test]
fn one_trace_in_one_file() {
    check(
        "mlflow/tr-cabd99f49acf6a5633a7842981afbbd3.json",
        &expect![[r#"
        MLflow traces (JSON): 4 read
        {"kind":"turn","id":"tr-cabd99f49acf6a5633a7842981afbbd3","weight":"fill","query":"How can I get all our data out, including attachments?","output":"A workspace owner can export all boards as JSON or CSV under Settings > Data > Export. Attachments come as a separate ZIP, and the link is valid for 7 days."}
        {"kind":"feedback","id":"a-0f22f7be525e4484a1afb707b4bc0760","created_at":"2026-04-27T12:58:41.491Z","turn_id":"tr-cabd99f49acf6a5633a7842981afbbd3","feedback_type":"category","author":"human","score_name":"reason","label":"fast","reasons":["fast"],"comment":"Good, but could be shorter.","metadata":{"create_time":"2026-11-20T20:19:56.798Z","feedback_id":"fb-de89af91e967","source_id":"rev-anna","source_type":"HUMAN"}}
        {"kind":"feedback","id":"a-a5e79cca651a4f989e0ac9bd0ce9dcd0","created_at":"2026-04-26T16:59:11.491Z","turn_id":"tr-cabd99f49acf6a5633a7842981afbbd3","feedback_type":"comment","author":"human","score_name":"user_comment","comment":"Good, but could be shorter.","metadata":{"create_time":"2026-11-20T20:19:56.802Z","feedback_id":"fb-bf73760e9608","source_id":"user-9e6f0e","source_type":"HUMAN"}}
        {"kind":"feedback","id":"a-19f7f2b114174884adc0b0c04ecf2bcc","created_at":"2026-04-26T22:58:41.491Z","turn_id":"tr-cabd99f49acf6a5633a7842981afbbd3","feedback_type":"rating","author":"judge","score_name":"faithfulness","score":0.857,"label":"faithful","comment":"Answer matches the first article.","metadata":{"create_time":"2026-11-20T20:19:56.805Z","feedback_id":"fb-097312119cbd","source_id":"judge-gpt-4o","source_type":"LLM_JUDGE","span_id":"4e1b1a66dd439304"}}
        {"kind":"turn","id":"tr-cabd99f49acf6a5633a7842981afbbd3","aliases":["47bce9bbc392b540","96ff91913bc8d9bd","4e1b1a66dd439304"],"session_id":"sess-db40a6805e","created_at":"2026-04-26T16:58:28.866Z","position":3,"query":"How can I get all our data out, including attachments?","system_context":"You are Kestrel Assist, the support assistant of Kestrel Planner.\n\nRules:\n1. Answer only from the provided help articles and name the article you used.\n2. Give steps as a numbered list.\n3. Never promise refunds, dates or features.\n4. If you are unsure, offer a hand-over to a person (\"Talk to support\").\n\nContext:\n[Import tasks from CSV] Use Board > Import > CSV. Files may have up to 5,000 rows and 10 MB. The first row has to hold the column names. Dates are read as YYYY-MM-DD. Unknown columns become custom fields.\n---\n[Import limits] Imports run one at a time per workspace. Larger files have to be split.","documents":[{"id":"kb-253","title":"Import tasks from CSV","content":"Use Board > Import > CSV. Files may have up to 5,000 rows and 10 MB. The first row has to hold the column names. Dates are read as YYYY-MM-DD. Unknown columns become custom fields.","score":0.9092},{"id":"kb-525","title":"Import limits","content":"Imports run one at a time per workspace. Larger files have to be split.","score":0.8049}],"output":"A workspace owner can export all boards as JSON or CSV under Settings > Data > Export. Attachments come as a separate ZIP, and the link is valid for 7 days.","model":"claude-3-5-haiku","model_version":"20241022","prompt_version":"support-v2","environment":"production","user_id":"user-9e6f0e","user_role":"end_user","latency_ms":5625,"input_tokens":135,"output_tokens":39,"tags":["beta","billing"],"metadata":{"experiment_id":"1","mlflow.source.name":"tool_mlflow.py","mlflow.source.type":"LOCAL","mlflow.user":"app","provider":"anthropic","trace_name":"support_turn","turn_id":"ad2fc7b8-85de-496d-af96-c96c58d832f5"}}
    "#]],
    );
}

#[test]
fn one_trace_of_the_rest_interface() {
    check(
        "mlflow/rest_trace_get_1.json",
        &expect![[r#"
        MLflow trace of the REST interface (JSON): 3 read
        {"kind":"turn","id":"tr-d8d63b9570edaadb694d340eefc2c032","weight":"fill","query":"how do i import 12,000 tasks from a spreadsheet","output":"A CSV file may have up to 5,000 rows and 10 MB, so please split the file. Dates have to be written as YYYY-MM-DD, and the first row has to hold the column names."}
        {"kind":"feedback","id":"a-0f59573af1ad4757a68621e531c4efbc","created_at":"2026-04-26T17:03:20.622Z","turn_id":"tr-d8d63b9570edaadb694d340eefc2c032","feedback_type":"rating","author":"human","score_name":"user_rating","score":5.0,"metadata":{"create_time":"2026-11-20T20:19:56.808Z","feedback_id":"fb-7ad5bed6227c","source_id":"user-9e6f0e","source_type":"HUMAN"}}
        {"kind":"feedback","id":"a-106d8b09371346e2bb7e87c6b2a657b6","created_at":"2026-04-26T23:03:15.622Z","turn_id":"tr-d8d63b9570edaadb694d340eefc2c032","feedback_type":"rating","author":"judge","score_name":"faithfulness","score":0.73,"label":"faithful","comment":"Grounded; names the limit correctly.","metadata":{"create_time":"2026-11-20T20:19:56.811Z","feedback_id":"fb-1992779003fd","source_id":"judge-gpt-4o","source_type":"LLM_JUDGE","span_id":"90857944467f299e"}}
        {"kind":"turn","id":"tr-d8d63b9570edaadb694d340eefc2c032","aliases":["cf949ced96773dd7","13a04af741196f85","90857944467f299e"],"session_id":"sess-db40a6805e","created_at":"2026-04-26T17:02:20.491Z","position":4,"query":"how do i import 12,000 tasks from a spreadsheet","system_context":"You are Kestrel Assist, the support assistant of Kestrel Planner.\n\nRules:\n1. Answer only from the provided help articles and name the article you used.\n2. Give steps as a numbered list.\n3. Never promise refunds, dates or features.\n4. If you are unsure, offer a hand-over to a person (\"Talk to support\").\n\nContext:\n[Export your data] Workspace owners can export all boards as JSON or CSV under Settings > Data > Export. The link is valid for 7 days. Attachments are exported as a separate ZIP.\n---\n[Plans and prices] Free: up to 5 members. Team: 7 EUR per member and month. Business: 12 EUR per member and month, SSO included. Prices exclude VAT. Yearly payment saves 15 %.\n---\n[Import limits] Imports run one at a time per workspace. Larger files have to be split.","documents":[{"id":"kb-779","title":"Export your data","content":"Workspace owners can export all boards as JSON or CSV under Settings > Data > Export. The link is valid for 7 days. Attachments are exported as a separate ZIP.","score":0.8961},{"id":"kb-727","title":"Plans and prices","content":"Free: up to 5 members. Team: 7 EUR per member and month. Business: 12 EUR per member and month, SSO included. Prices exclude VAT. Yearly payment saves 15 %.","score":0.7984},{"id":"kb-525","title":"Import limits","content":"Imports run one at a time per workspace. Larger files have to be split.","score":0.6642}],"output":"A CSV file may have up to 5,000 rows and 10 MB, so please split the file. Dates have to be written as YYYY-MM-DD, and the first row has to hold the column names.","model":"claude-3-5-haiku","model_version":"20241022","prompt_version":"support-v2","environment":"production","user_id":"user-9e6f0e","user_role":"end_user","latency_ms":4131,"input_tokens":167,"output_tokens":40,"tags":["beta","billing"],"metadata":{"experiment_id":"1","mlflow.source.name":"tool_mlflow.py","mlflow.source.type":"LOCAL","mlflow.user":"app","provider":"anthropic","trace_name":"support_turn","turn_id":"00a13483-e3b9-45b3-abb2-3f5065bab31d"}}
    "#]],
    );
}

/// A page has no spans: query and answer only fill gaps.
#[test]
fn a_page_of_a_search() {
    check(
        "mlflow/rest_traces_search_page3.json",
        &expect![[r#"
            MLflow search of the REST interface (JSON): 3 read
            {"kind":"turn","id":"tr-c4f2eb5601b59f6738518ec8ef453eb3","weight":"fill","query":"Does this also cover backups?","output":"My articles do not say anything about backups. Shall I hand you over to a person?"}
            {"kind":"feedback","id":"a-0e45c3013ce44974858dc903f0374e02","created_at":"2026-03-04T19:31:31.578Z","turn_id":"tr-c4f2eb5601b59f6738518ec8ef453eb3","feedback_type":"thumb","author":"human","score_name":"user_thumb","score":1.0,"score_type":"boolean","metadata":{"create_time":"2026-11-20T20:19:56.653Z","feedback_id":"fb-8fdd5521a894","source_id":"user-31ab8d","source_type":"HUMAN"}}
            {"kind":"turn","id":"tr-c4f2eb5601b59f6738518ec8ef453eb3","session_id":"sess-1e98b2cda2","created_at":"2026-03-04T19:30:30.432Z","position":1,"model_version":"20241022","prompt_version":"support-v1","environment":"production","user_id":"user-31ab8d","user_role":"end_user","latency_ms":3146,"input_tokens":67,"output_tokens":20,"metadata":{"mlflow.source.name":"tool_mlflow.py","mlflow.source.type":"LOCAL","mlflow.user":"app","trace_name":"support_turn","turn_id":"5ae36986-6552-4416-a6ed-44d65c2c73b0"}}
            {"kind":"turn","id":"tr-809908afe81282415a3fc383445c4900","weight":"fill","query":"how long do you keep data after deletion","output":"A deleted workspace can be restored by an owner for 30 days; after that the data is removed for good. Requests for erasure of personal data go through the form under Help > Privacy and are handled within 30 days."}
            {"kind":"turn","id":"tr-809908afe81282415a3fc383445c4900","session_id":"sess-1e98b2cda2","created_at":"2026-03-04T19:26:52Z","position":0,"model_version":"20241022","prompt_version":"support-v1","environment":"production","user_id":"user-31ab8d","user_role":"end_user","latency_ms":1432,"input_tokens":102,"output_tokens":53,"metadata":{"mlflow.source.name":"tool_mlflow.py","mlflow.source.type":"LOCAL","mlflow.user":"app","trace_name":"support_turn","turn_id":"ce9bc883-f22f-4095-ab85-544a7ffe36fa"}}
        "#]],
    );
}

/// The spans of the same trace as that of the REST interface, without who and when: they agree.
#[test]
fn spans_as_the_ui_loads_them() {
    let artifact = Merged::of(&[fixture("mlflow/ui_trace_artifact_1.json")]);
    let whole = Merged::of(&[fixture("mlflow/rest_trace_get_1.json")]);
    let (id, turn) = artifact.turns.iter().next().unwrap();
    let wanted = &whole.turns[id];
    assert_eq!((turn.query.as_ref(), turn.output.as_ref()), (wanted.query.as_ref(), wanted.output.as_ref()));
    let aliases = |turn: &TurnRecord| turn.aliases.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!((&turn.documents, aliases(turn)), (&wanted.documents, aliases(wanted)));
    assert_eq!(
        (turn.system_context.as_ref(), turn.model.as_ref()),
        (wanted.system_context.as_ref(), wanted.model.as_ref())
    );
    assert_eq!((turn.created_at, turn.latency_ms), (wanted.created_at, wanted.latency_ms));
    assert_eq!((turn.input_tokens, turn.output_tokens), (wanted.input_tokens, wanted.output_tokens));

    // One span a record: each fills what it knows, and only the root is the turn itself.
    let artifact: Value = json(&fixture("mlflow/ui_trace_artifact_1.json"));
    let lines: Vec<String> = artifact["spans"].as_array().unwrap().iter().map(ToString::to_string).collect();
    let file = written("spans.jsonl", lines.join("\n"));
    let merged = Merged::of(std::slice::from_ref(&file.path));
    assert_eq!(merged.files, [("MLflow spans (JSON lines)".to_owned(), lines.len() as u64)]);
    let got = &merged.turns[id];
    assert_eq!((got.query.as_ref(), got.output.as_ref()), (wanted.query.as_ref(), wanted.output.as_ref()));
    assert_eq!((&got.documents, got.model.as_ref()), (&wanted.documents, wanted.model.as_ref()));
}

#[test]
fn nested_columns_of_parquet() {
    let merged = Merged::of(&[fixture("mlflow/search_traces_numeric_feedback.parquet")]);
    assert_eq!((merged.turns.len(), merged.rejects.as_str(), merged.orphans()), (4, "", 0));
    assert!(merged.turns.values().all(|turn| turn.model.is_some() && !turn.documents.is_empty()));
    let scores: Vec<String> = merged
        .feedback
        .values()
        .map(|one| format!("{:?} {} {:?}", one.author, one.score_name.as_deref().unwrap_or_default(), one.score))
        .collect();
    expect![[r#"
        Judge helpfulness Some(3.0)
        Judge helpfulness Some(5.0)
        Human csat Some(4.0)
        Human user_rating Some(3.0)
        Judge helpfulness Some(5.0)"#]]
    .assert_eq(&scores.join("\n"));
}

/// Without the column `trace` the other columns say the same, as Python writes them.
#[test]
fn python_literals_say_what_the_json_says() {
    let Some(path) = file("search_traces.csv") else { return };
    let whole = Merged::of(std::slice::from_ref(&path));
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let keep: Vec<usize> =
        reader.headers().unwrap().iter().enumerate().filter(|(_, name)| *name != "trace").map(|(at, _)| at).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let headers = reader.headers().unwrap().clone();
    writer.write_record(keep.iter().map(|at| &headers[*at])).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        writer.write_record(keep.iter().map(|at| &row[*at])).unwrap();
    }
    let table = written("frame.csv", writer.into_inner().unwrap());
    let columns = Merged::of(std::slice::from_ref(&table.path));
    assert_eq!(columns.rejects, "");
    assert_eq!(columns.feedback, whole.feedback);
    for (id, turn) in &whole.turns {
        let mut wanted = turn.clone();
        wanted.metadata.remove("experiment_id");
        assert_eq!(columns.turns[id], wanted);
    }
}
