//! Every file that TruLens wrote, against what went into the tool.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect;
use serde_json::Value;

use super::{merged::Merged, *};
use hearback_domain::Author;

const FOLDER: &str = "data/real_tools/trulens";
const WHOLE: &[&str] =
    &["records_and_feedback.csv", "records_and_feedback.jsonl", "records_and_feedback_text_columns.parquet"];

fn json(name: &str) -> Option<Value> {
    shared(name).map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

#[test]
fn every_file_comes_to_what_went_in() {
    let (Some(expected), Some(truth)) =
        (json(&format!("{FOLDER}/expected.json")), json("data/real_tools/truth/batch.json"))
    else {
        return;
    };
    for name in WHOLE {
        println!("{name}");
        let Some(path) = shared(&format!("{FOLDER}/{name}")) else { return };
        let merged = Merged::of(&[path]);
        assert_eq!((merged.rejects.as_str(), merged.unmapped.len()), ("", 0));
        assert_eq!(merged.turns.len(), number(&expected["turns"]));
        assert_eq!(merged.sessions.len(), number(&expected["sessions"]));
        assert_eq!(merged.orphans(), number(&expected["orphans"]));
        let wanted: BTreeMap<String, usize> =
            serde_json::from_value(expected["feedback_values_per_column"].clone()).unwrap();
        assert_eq!(merged.per_feedback(|one| one.score_name.clone()), wanted);
        let mut types = merged.types();
        assert_eq!(types.remove("judge"), Some(number(&expected["judge"])));
        assert_eq!(types.remove("implicit"), Some(number(&expected["code"])));
        assert_eq!(types.values().sum::<usize>(), number(&expected["human"]));
        assert_eq!(format!("{types:?}"), r#"{"rating": 17, "thumb": 36}"#);
        let blank = |turn: &&TurnRecord| turn.output.as_ref().is_none_or(String::is_empty);
        assert_eq!(merged.turns.values().filter(blank).count(), number(&expected["turns_blank_output"]));
        texts(&merged, &truth, name.ends_with(".csv"));
    }
}

/// The tool numbers turns anew: session and query find them again.
fn texts(merged: &Merged, truth: &Value, empty_is_missing: bool) {
    let mut wanted: BTreeMap<(&str, &str), Vec<&Value>> = BTreeMap::new();
    for session in truth["sessions"].as_array().unwrap() {
        for turn in session["turns"].as_array().unwrap() {
            let key = (session["session_id"].as_str().unwrap(), turn["query"].as_str().unwrap());
            wanted.entry(key).or_default().push(turn);
        }
    }
    let mut special = 0;
    for turn in merged.turns.values() {
        let turns = &wanted[&(turn.session_id.as_deref().unwrap(), turn.query.as_deref().unwrap())];
        special += usize::from(turns[0]["special"].is_string());
        let output = turn.output.as_deref();
        let is_same = |wanted: &&Value| {
            let said = wanted["output"].as_str();
            output == said || output.unwrap_or_default().is_empty() && (empty_is_missing || said.is_none())
        };
        assert!(turns.iter().any(is_same), "{turn:?}");
        assert!(turn.created_at.is_some());
    }
    assert_eq!(special, 12);
}

#[test]
fn the_same_record_is_the_same_in_every_file() {
    let paths: Option<Vec<PathBuf>> = WHOLE.iter().map(|name| shared(&format!("{FOLDER}/{name}"))).collect();
    let Some(paths) = paths else { return };
    let merged = Merged::of(&paths);
    assert_eq!((merged.turns.len(), merged.feedback.len()), (82, 155));
}

/// The leaderboard beside the records must neither count nor stop the import of the folder.
#[test]
fn averages_are_no_records() {
    let outcome = read_file(&fixture("trulens/leaderboard.csv"));
    assert_eq!(outcome.recognised.title, "TruLens leaderboard (CSV)");
    assert!(outcome.records().is_empty());
    expect![[r#"
        1 @100 a leaderboard holds averages of many records, not what was said: export session.get_records_and_feedback() | "kestrel-assist,support-v2,0.628090909090"
        2 @231 a leaderboard holds averages of many records, not what was said: export session.get_records_and_feedback() | "kestrel-assist,support-v1,0.578037037037"
    "#]].assert_eq(&outcome.rejects());
}

#[test]
fn people_and_judges_are_told_apart_by_name() {
    let merged = Merged::of(&[fixture("trulens/people_and_judges.csv")]);
    let by = |author| {
        let mine = merged.feedback.values().filter(|one| one.author == author);
        mine.filter_map(|one| one.score_name.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(format!("{:?}", by(Author::Human)), r#"{"Customer CSAT", "answer_copied", "user_thumb"}"#);
    assert_eq!(format!("{:?}", by(Author::Judge)), r#"{"Answer Relevance", "llm_judge_rating"}"#);
    expect![[r#"
        TruLens records and feedback (CSV): 8 read
        {"kind":"feedback","id":"rec-1/user_thumb","created_at":"2026-07-02T09:14:09.12Z","turn_id":"rec-1","feedback_type":"thumb","author":"human","score_name":"user_thumb","score":0.0,"metadata":{"higher_is_better":"true"}}
        {"kind":"feedback","id":"rec-1/Answer Relevance","created_at":"2026-07-02T09:14:09.12Z","turn_id":"rec-1","feedback_type":"rating","author":"judge","score_name":"Answer Relevance","score":0.5,"comment":"It's half\nof it","metadata":{"averaged_values":"0.25, 0.75","cost_usd":"0.0003","higher_is_better":"true","judge":"gpt-4o"}}
        {"kind":"feedback","id":"rec-1/answer_copied","created_at":"2026-07-02T09:14:09.12Z","turn_id":"rec-1","feedback_type":"implicit","author":"human","score_name":"answer_copied","score":1.0,"metadata":{"higher_is_better":"true"}}
        {"kind":"turn","id":"rec-1","session_id":"conv-1","created_at":"2026-07-02T09:14:01.25Z","query":"Why?\r\nIt's \"broken\"","output":"Because é 日本 👍","prompt_version":"v7","release":"v7","user_role":"pro","latency_ms":1235,"tags":["beta","eu"],"metadata":{"app_id":"app_hash_1","app_name":"shop","cost_currency":"USD","num_events":"5","ticket":"T-1","total_cost":"0.002","total_tokens":"31"}}
        {"kind":"feedback","id":"rec-2/user_thumb","created_at":"2026-07-02T09:14:01.25Z","turn_id":"rec-2","feedback_type":"thumb","author":"human","score_name":"user_thumb","score":1.0,"metadata":{"higher_is_better":"true"}}
        {"kind":"feedback","id":"rec-2/Customer CSAT","created_at":"2026-07-02T09:14:09.12Z","turn_id":"rec-2","feedback_type":"rating","author":"human","score_name":"Customer CSAT","score":4.0,"metadata":{"higher_is_better":"true"}}
        {"kind":"feedback","id":"rec-2/llm_judge_rating","created_at":"2026-07-02T09:14:01.25Z","turn_id":"rec-2","feedback_type":"rating","author":"judge","score_name":"llm_judge_rating","score":3.0,"metadata":{"higher_is_better":"false"}}
        {"kind":"turn","id":"rec-2","session_id":"conv-1","created_at":"2026-07-02T09:14:01.25Z","query":"=SUM(A1)","prompt_version":"v7","release":"v7","latency_ms":1235,"metadata":{"app_id":"app_hash_1","app_name":"shop","cost_currency":"USD","num_events":"5","total_cost":"0.002","total_tokens":"31"}}
    "#]].assert_eq(&mlflow::described(&fixture("trulens/people_and_judges.csv")));
}

#[test]
fn a_value_that_is_no_number_costs_that_value() {
    let text = "record_id,app_id,input,output,ts,cost_json,user_thumb,user_thumb direction\n\
                r1,a,Why?,So.,2026-07-02 09:14:01,{},often,True\n";
    let file = written("records.csv", text);
    expect![[r#"
        TruLens records and feedback (CSV): 2 read
        {"kind":"turn","id":"r1","created_at":"2026-07-02T09:14:01Z","query":"Why?","output":"So.","metadata":{"app_id":"a"}}
        rejected: 1 user_thumb is not a number: "often" | "often"
    "#]].assert_eq(&mlflow::described(&file.path));
}
