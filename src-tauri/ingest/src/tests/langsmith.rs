use expect_test::expect;

use super::{
    merged::Merged,
    other_containers::{csv, parquet, rows_of},
    *,
};
use crate::canonical;
use hearback_domain::Author;

const RUNS: &str = "langsmith/runs.jsonl";
const FEEDBACK: &str = "langsmith/feedback.jsonl";

fn lines(records: impl IntoIterator<Item = Record>) -> String {
    records.into_iter().map(|record| canonical::write(&record) + "\n").collect()
}

#[test]
fn runs_of_a_trace_make_one_turn() {
    let outcome = read_file(&fixture(RUNS));
    assert_eq!(outcome.recognised.title, "LangSmith runs (JSON lines)");
    assert_eq!(outcome.rejects(), "");
    let unmapped: Vec<_> = outcome
        .report
        .unmapped
        .iter()
        .map(|field| (field.field.as_str(), field.count, field.reason.is_some()))
        .collect();
    assert_eq!(unmapped, [("feedback_stats", 1, true), ("feedbacks", 1, false)]);
    let merged = Merged::of(&[fixture(RUNS)]);
    expect![[r#"
        {"kind":"turn","id":"run_a1","aliases":["run_a1_tool","run_a1_ret","run_a1_llm"],"session_id":"se_a","created_at":"2026-07-02T09:00:00Z","query":"When do I sow beans?","system_context":"You help gardeners.\nAnswer in one sentence.","documents":[{"id":"kb-7","title":"Beans","content":"Beans: sow from mid May."}],"output":"After the last frost.","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"beginner","latency_ms":4000,"input_tokens":49,"output_tokens":9,"tags":["garden"],"metadata":{"bed":"north","project_id":"project-1","run_name":"garden_turn"}}
        {"kind":"turn","id":"run_a2","aliases":["run_a2_llm"],"session_id":"se_a","created_at":"2026-07-02T09:01:00Z","query":"=SUM(A1:A9)\r\n\"quoted\", <script>alert(1)</script> 🌱 שלום","system_context":"You help gardeners.\nAnswer in one sentence.","output":"{\"looks\": \"like JSON\"}","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"beginner","latency_ms":4000,"input_tokens":41,"output_tokens":9,"tags":["garden"],"metadata":{"bed":"north","project_id":"project-1","run_name":"garden_turn"}}
        {"kind":"turn","id":"run_b1","aliases":["run_b1_llm"],"session_id":"se_b","created_at":"2026-07-02T09:05:00Z","query":"null","system_context":"You help gardeners.\nAnswer in one sentence.","output":"","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":4000,"input_tokens":42,"output_tokens":9,"tags":["garden"],"metadata":{"bed":"north","error":"timed out","project_id":"project-1","run_name":"garden_turn","status":"error"}}
        {"kind":"turn","id":"run_b2","aliases":["run_b2_llm"],"session_id":"se_b","created_at":"2026-07-02T09:06:00Z","query":"Why are the leaves yellow?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"Too much water.","model":"gpt-4o","model_version":"2024-08-06","prompt_name":"garden","prompt_version":"4","release":"2026.27","environment":"production","user_id":"u_9","user_role":"pro","latency_ms":4000,"input_tokens":43,"output_tokens":9,"tags":["garden"],"metadata":{"bed":"north","project_id":"project-1","run_name":"garden_turn"}}
        {"kind":"turn","id":"run_lc","session_id":"se_l","created_at":"2026-07-02T09:08:00Z","query":"And tomatoes?","system_context":"You help gardeners.\nAnswer in one sentence.","output":"In May.","latency_ms":2000,"tags":["garden"],"metadata":{"project_id":"project-1","run_name":"agent"}}
    "#]].assert_eq(&lines(merged.turns.into_values().map(Record::Turn)));
}

#[test]
fn feedback_becomes_what_it_is() {
    let outcome = read_file(&fixture(FEEDBACK));
    assert_eq!(outcome.recognised.title, "LangSmith feedback (JSON lines)");
    assert!(outcome.recognised.note.is_some());
    expect![[r#"
        {"kind":"feedback","id":"fb_1","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_a1","feedback_type":"thumb","author":"human","score_name":"user_score","score":0.0,"comment":"Which frost? =SUM(A1:A9)\r\n\"quoted\", <script>alert(1)</script> 🌱 שלום","user_role":"beginner","metadata":{"feedback_source":"api","project_id":"project-1","surface":"web"}}
        {"kind":"feedback","id":"fb_2","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_a1_llm","feedback_type":"category","author":"human","score_name":"reason","label":"too vague","reasons":["too vague"],"metadata":{"feedback_source":"api","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_3","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_a1","feedback_type":"rating","author":"judge","score_name":"relevance","score":0.4,"comment":"Only half of it.","metadata":{"__run":"{\"run_id\":\"eval_1\"}","feedback_source":"model","project_id":"project-1","run_id":"run_a1_ret"}}
        {"kind":"feedback","id":"fb_4","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_a2","feedback_type":"correction","author":"human","score_name":"correction","correction":"Plain words.","metadata":{"author":"anna","author_id":"usr_1","feedback_source":"app","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_5","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_b2","feedback_type":"correction","author":"human","score_name":"correction","score":0.0,"correction":"Too little light.","metadata":{"feedback_source":"api","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_6","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_b2","feedback_type":"rating","author":"human","score_name":"stars","score":4.0,"label":"good","metadata":{"feedback_source":"api","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_7","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_b2","feedback_type":"implicit","author":"human","score_name":"user_action","label":"answer_copied","metadata":{"feedback_source":"api","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_8","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_a1","feedback_type":"preference","author":"human","score_name":"preferred","score":1.0,"polarity":"positive","metadata":{"comparative_experiment_id":"exp_1","feedback_group_id":"grp_1","feedback_source":"api","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_9","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_a2","feedback_type":"preference","author":"human","score_name":"preferred","score":0.0,"polarity":"negative","metadata":{"comparative_experiment_id":"exp_1","feedback_group_id":"grp_1","feedback_source":"api","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_10","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_gone","feedback_type":"thumb","author":"human","score_name":"user_score","score":1.0,"score_type":"boolean","metadata":{"feedback_source":"api","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_11","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_b1","feedback_type":"comment","author":"human","score_name":"note","comment":"No answer at all.","metadata":{"feedback_source":"api","project_id":"project-1"}}
        {"kind":"feedback","id":"fb_12","created_at":"2026-07-02T09:30:00.000001Z","turn_id":"run_b1","feedback_type":"category","author":"human","score_name":"reasons","reasons":["empty","slow"],"metadata":{"feedback_source":"api","project_id":"project-1"}}
    "#]].assert_eq(&lines(outcome.records()));
    assert_eq!((outcome.report.unmapped.as_slice(), outcome.rejects().as_str()), ([].as_slice(), ""));
}

/// Whichever run of a trace it names, whichever file comes first.
#[test]
fn feedback_finds_its_turn() {
    let merged = Merged::of(&[fixture(FEEDBACK), fixture(RUNS)]);
    assert_eq!((merged.turns.len(), merged.sessions.len()), (5, 3));
    assert_eq!((merged.on_turns(), merged.on_sessions(), merged.orphans()), (12, 0, 1));
    assert_eq!(merged.feedback["fb_2"].turn_id.as_deref(), Some("run_a1"));
    assert_eq!(
        format!("{:?}", merged.types()),
        r#"{"category": 2, "comment": 1, "correction": 2, "implicit": 1, "judge": 1, "preference": 2, "rating": 1, "thumb": 3}"#
    );
}

#[test]
fn every_container_gives_the_same_records() {
    let rows = rows_of(RUNS);
    let expected = read_file(&fixture(RUNS)).records();
    assert_eq!(read_bytes("runs.json", serde_json::json!(rows).to_string()).records(), expected);
    assert_eq!(
        read_bytes("page.json", serde_json::json!({"runs": rows, "cursors": {}}).to_string()).records(),
        expected
    );
    let bulk = read_bytes("part-0.parquet", parquet(&rows));
    assert_eq!(bulk.recognised.title, "LangSmith runs (Parquet)");
    assert_eq!(bulk.records(), expected);
    assert_eq!(read_bytes("runs.csv", csv(&rows)).records(), expected);

    let rows = rows_of(FEEDBACK);
    let expected = read_file(&fixture(FEEDBACK)).records();
    assert_eq!(read_bytes("feedback.json", serde_json::json!(rows).to_string()).records(), expected);
}

/// As the SDK gives a run with the runs within it.
#[test]
fn runs_within_runs_are_read() {
    let mut rows = rows_of(RUNS);
    rows.truncate(4);
    let root = rows.iter().position(|row| row["parent_run_id"].is_null()).unwrap();
    let mut root = rows.remove(root);
    root.insert("child_runs".into(), serde_json::json!(rows));
    let nested = read_bytes("run.json", serde_json::json!([root]).to_string());
    assert_eq!(nested.turns().len(), 4);
    assert_eq!(nested.report.unmapped, []);
    assert!(nested.turns().iter().all(|turn| turn.id == "run_a1"));
}

#[test]
fn real_questions_and_ratings_join() {
    let Some(tool) = shared("tools/real_exports.py") else { return };
    let Some(folder) = shared("data/feedbackqa") else { return };
    let is_json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let files: Vec<PathBuf> = expand(&[folder]).unwrap().into_iter().filter(is_json).collect();
    let made = tempfile::tempdir().unwrap();
    let run = std::process::Command::new("python3").arg(tool).arg("feedbackqa").arg(made.path()).args(files).output();
    if !run.is_ok_and(|output| output.status.success()) {
        return missing("python3 did not write the exports");
    }
    let merged = Merged::of(&expand(&[made.path().to_owned()]).unwrap());
    assert_eq!(
        merged.files,
        [("LangSmith runs (JSON lines)".to_owned(), 2234), ("LangSmith feedback (JSON lines)".to_owned(), 5778)]
    );
    assert_eq!((merged.rejects.as_str(), merged.unmapped.len()), ("", 0), "{:?}", merged.unmapped);
    assert_eq!((merged.turns.len(), merged.feedback.len()), (2234, 5778));
    assert_eq!((merged.on_turns(), merged.orphans()), (5778, 0));
    assert!(merged.turns.values().all(|turn| {
        turn.session_id.is_some() && turn.system_context.is_some() && turn.model.is_some() && turn.release.is_some()
    }));
    assert!(merged.feedback.values().all(|feedback| feedback.comment.is_some()));
    let roles = merged.per_feedback(|feedback| feedback.user_role.clone());
    assert_eq!((roles.len(), roles.values().sum::<usize>()), (3, 5778));
    let environments = merged.per_turn(|turn| turn.environment.clone());
    assert_eq!((environments.len(), environments.values().sum::<usize>()), (2, 2234));
    // The conversation, and not the project.
    let sessions = merged.per_session(|session| Some(session.id.clone()));
    assert!(sessions.len() > 1000, "{}", sessions.len());
}

/// What the tool's own SDK sends: its fields, all types, judges apart, orphans without a turn.
#[test]
fn feedback_as_the_sdk_sends_it() {
    let Some(path) = shared("data/real_tools/sdk_langsmith/ingestion_requests.jsonl") else { return };
    let (mut runs, mut feedback) = (std::collections::BTreeMap::new(), Vec::new());
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let request: serde_json::Value = serde_json::from_str(line).unwrap();
        if request["path"] == "/feedback" {
            feedback.push(request["body"].clone());
        }
        for part in request["body"]["multipart"].as_array().into_iter().flatten() {
            let mut name = part["name"].as_str().unwrap().splitn(3, '.');
            let (verb, id, field) = (name.next(), name.next().unwrap(), name.next());
            assert_eq!(verb, Some("post"));
            let run: &mut serde_json::Value = runs.entry(id.to_owned()).or_default();
            match field {
                None => {
                    for (key, value) in part["value"].as_object().unwrap() {
                        run[key] = value.clone();
                    }
                }
                Some(field) => run[field] = part["value"].clone(),
            }
        }
    }
    let runs: Vec<_> = runs.into_values().collect();
    let files = [
        written("runs.json", serde_json::json!(runs).to_string()),
        written("feedback.json", serde_json::json!(feedback).to_string()),
    ];
    let merged = Merged::of(&files.iter().map(|file| file.path.clone()).collect::<Vec<_>>());
    assert_eq!((merged.rejects.as_str(), merged.unmapped.len()), ("", 0), "{:?}", merged.unmapped);
    assert_eq!((merged.turns.len(), merged.feedback.len()), (32, 85));
    assert_eq!((merged.on_turns(), merged.orphans()), (83, 2));
    let judged = feedback.iter().filter(|one| one["feedback_source"]["type"] == "model").count();
    assert_eq!(merged.feedback.values().filter(|one| one.author == Author::Judge).count(), judged);
    assert!(
        merged.turns.values().all(|turn| turn.session_id.is_some() && turn.query.is_some() && turn.model.is_some())
    );
    let corrected = feedback.iter().filter(|one| one.get("correction").is_some()).count();
    assert_eq!(merged.types()["correction"], corrected);
    println!("{:?}", merged.types());
}
