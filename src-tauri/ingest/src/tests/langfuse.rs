use std::collections::{BTreeMap, HashSet};

use expect_test::expect;

use super::*;
use crate::canonical;
use hearback_domain::FeedbackType;

fn lines(outcome: &Outcome) -> String {
    outcome.records().iter().map(|record| canonical::write(record) + "\n").collect()
}

#[test]
fn a_set_of_traces_observations_and_scores_joins() {
    let names = ["scores.jsonl", "observations.jsonl", "traces.jsonl"];
    let paths: Vec<_> = names
        .iter()
        .map(|name| fixture(&format!("langfuse/1782000000000-lf-{}-export-p1.jsonl", &name[..name.len() - 6])))
        .collect();
    let set = recognise_all(&paths).files;
    let titles: Vec<_> = set.iter().map(|(_, recognised)| recognised.title.as_str()).collect();
    assert_eq!(
        titles,
        ["Langfuse traces (JSON lines)", "Langfuse observations (JSON lines)", "Langfuse scores (JSON lines)"]
    );
    assert!(set[0].1.reason.starts_with("the file's name says so"));

    let traces = read_file(set[0].0.path());
    expect![[r#"
        {"kind":"turn","id":"tr_1","session_id":"se_1","created_at":"2026-07-02T09:14:01Z","query":"Refund after 60 days?","output":"Yes, 60 days…","model_version":"assistant-2.1","release":"2026.27","environment":"production","user_id":"u_41","user_role":"pro","tags":["billing"],"metadata":{"nested":"{\"a\": [1]}","surface":"web","trace_name":"chat"}}
        {"kind":"feedback","id":"co_1","created_at":"2026-07-03T08:00:00Z","turn_id":"tr_1","feedback_type":"annotation","author":"human","score_name":"comment","comment":"look at the retriever"}
        {"kind":"turn","id":"tr_2","session_id":"se_1","created_at":"2026-07-02T09:15:00Z","query":"{\"looks\": \"like JSON\"}","output":"","environment":"production","metadata":{"trace_name":"chat"}}
        {"kind":"turn","id":"tr_3","session_id":"se_1","created_at":"2026-07-02T09:16:00Z","query":"and now?","system_context":"You are the assistant.","output":"Sorry, 30 days.","environment":"production","metadata":{"trace_name":"chat"}}
    "#]]
    .assert_eq(&lines(&traces));
    assert_eq!(traces.rejects(), "");
    let unmapped: Vec<_> = traces
        .report
        .unmapped
        .iter()
        .map(|field| (field.field.as_str(), field.count, field.reason.is_some()))
        .collect();
    assert_eq!(unmapped, [("user-thumbs", 1, true)]);

    let observations = read_file(set[1].0.path());
    expect![[r#"
        {"kind":"turn","id":"tr_1","aliases":["ob_1"],"weight":"fill","created_at":"2026-07-02T09:14:01Z","query":"Refund after 60 days?","system_context":"You are the shop assistant.\n\nBe brief.","output":"Yes, 60 days…","model":"gpt-4o-2024-08-06","model_version":"assistant-2.1","prompt_name":"shop","prompt_version":"3","environment":"production","latency_ms":1500,"input_tokens":120,"output_tokens":12,"tags":["billing"]}
        {"kind":"turn","id":"tr_1","aliases":["ob_2"],"weight":"fill","created_at":"2026-07-02T09:14:01.1Z","documents":[{"id":"kb-1","title":"Refunds","content":"Within 30 days.","score":0.83},{"content":"plain text"}],"environment":"production"}
        {"kind":"turn","id":"tr_2","aliases":["ob_3"],"weight":"fill","created_at":"2026-07-02T09:15:00Z","query":"hi","output":"hello","model":"gpt-4o-mini","model_version":"gpt-4o-mini","environment":"production"}
        {"kind":"turn","id":"tr_3","aliases":["ob_4"],"weight":"fill","created_at":"2026-07-02T09:16:00Z","environment":"production"}
    "#]]
    .assert_eq(&lines(&observations));
    assert_eq!(observations.report.unmapped, []);

    let scores = read_file(set[2].0.path());
    expect![[r#"
        {"kind":"feedback","id":"sc_1","created_at":"2026-07-02T09:14:03.12Z","turn_id":"tr_1","feedback_type":"thumb","author":"human","score_name":"user-thumbs","score":0.0,"score_type":"boolean","comment":"Quoted a refund rule we do not have","environment":"production","user_id":"u_41","user_role":"pro","tags":["billing"],"metadata":{"observation_id":"ob_1","surface":"web","trace_name":"chat"}}
        {"kind":"feedback","id":"sc_2","created_at":"2026-07-02T09:14:04Z","turn_id":"tr_1","feedback_type":"category","author":"human","score_name":"reason","label":"hallucination","reasons":["hallucination"],"environment":"production"}
        {"kind":"feedback","id":"sc_3","created_at":"2026-07-02T09:14:05Z","session_id":"se_1","feedback_type":"rating","author":"human","score_name":"csat","score":2.0,"environment":"production"}
        {"kind":"feedback","id":"sc_4","created_at":"2026-07-02T09:14:06Z","turn_id":"tr_2","feedback_type":"comment","author":"human","score_name":"free-text","comment":" 👎\r\n\"no\" =SUM(A1)","environment":"production"}
        {"kind":"feedback","id":"sc_5","created_at":"2026-07-02T09:14:07Z","turn_id":"tr_2","feedback_type":"rating","author":"judge","score_name":"faithfulness","score":0.9,"comment":"Matches the article.","environment":"production"}
        {"kind":"feedback","id":"sc_6","created_at":"2026-07-02T09:14:08Z","turn_id":"tr_2","feedback_type":"annotation","author":"human","score_name":"review","label":"wrong tone","reasons":["wrong tone"],"environment":"production","metadata":{"author":"anna"}}
        {"kind":"feedback","id":"sc_7","created_at":"2026-07-02T09:14:09Z","turn_id":"tr_2","feedback_type":"rating","author":"human","score_name":"review-score","score":3.0,"environment":"production"}
        {"kind":"feedback","id":"sc_8","created_at":"2026-07-02T09:14:10Z","turn_id":"tr_gone","feedback_type":"correction","author":"human","score_name":"output","correction":"30 days","environment":"production"}
    "#]]
    .assert_eq(&lines(&scores));
    assert_eq!(scores.report.unmapped, []);
}

/// The same records as UI CSV, UI JSON and blob export (snake_case) become the same.
#[test]
fn every_spelling_of_a_score_is_the_same_score() {
    let expected = read_file(&fixture("langfuse/1782000000000-lf-scores-export-p1.jsonl")).records();
    let text = std::fs::read_to_string(fixture("langfuse/1782000000000-lf-scores-export-p1.jsonl")).unwrap();
    let rows: Vec<serde_json::Map<String, serde_json::Value>> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

    let mut table = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    let columns: Vec<&String> = rows[0].keys().collect();
    table.write_record(&columns).unwrap();
    for row in &rows {
        table.write_record(columns.iter().map(|key| crate::row::plain_text(&row[*key]).unwrap_or_default())).unwrap();
    }
    let outcome = read_bytes("scores.csv", table.into_inner().unwrap());
    assert_eq!(outcome.recognised.title, "Langfuse scores (CSV)");
    assert_eq!(outcome.records(), expected);

    let page = serde_json::json!({"data": rows, "meta": {"page": 1}});
    assert_eq!(read_bytes("page.json", page.to_string()).records(), expected);

    let snake = |key: &str| {
        let mut name = String::new();
        for character in key.chars() {
            if character.is_uppercase() {
                name.push('_');
            }
            name.extend(character.to_lowercase());
        }
        name
    };
    let blob: String = rows
        .iter()
        .map(|row| {
            let row: serde_json::Map<_, _> = row
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "traceTags" | "traceName" | "authorUserName"))
                .map(|(key, value)| (snake(key), value.clone()))
                .collect();
            serde_json::Value::Object(row).to_string() + "\n"
        })
        .collect();
    let outcome = read_bytes("1.jsonl.gz", gzip(blob.as_bytes()));
    assert_eq!(outcome.recognised.title, "Langfuse scores (JSON lines)");
    let plain = |records: Vec<Record>| -> Vec<Record> {
        records
            .into_iter()
            .map(|record| match record {
                Record::Feedback(mut feedback) => {
                    feedback.tags.clear();
                    feedback.metadata.retain(|key, _| key != "trace_name" && key != "author");
                    Record::Feedback(feedback)
                }
                other => other,
            })
            .collect()
    };
    assert_eq!(plain(outcome.records()), plain(expected));
}

#[test]
fn cells_of_a_table_hold_texts_or_json() {
    let outcome = read_bytes(
        "1782000000000-lf-traces-export-p1.csv",
        "\"id\",\"timestamp\",\"name\",\"userId\",\"sessionId\",\"release\",\"version\",\"environment\",\"tags\",\"bookmarked\",\"public\",\"input\",\"output\",\"metadata\",\"comments\",\"csat\"\n\
         \"t1\",\"2026-07-02T09:14:01Z\",\"chat\",\"\",\"s1\",\"\",\"v2\",\"default\",\"[\"\"a\"\",\"\"b\"\"]\",\"false\",\"false\",\"Why?\",\"{\"\"answer\"\":\"\"so\"\"}\",\"{\"\"plan\"\":\"\"pro\"\",\"\"n\"\":1}\",\"[]\",\"[2]\"\n\
         \"t2\",\"2026-07-02T09:14:01Z\",\"chat\",\"\",\"s1\",\"\",\"v2\",\"default\",\"\",\"false\",\"false\",\"[{\"\"role\"\":\"\"system\"\",\"\"content\"\":\"\"sys\"\"},{\"\"role\"\":\"\"user\"\",\"\"content\"\":[{\"\"type\"\":\"\"text\"\",\"\"text\"\":\"\"one\"\"},{\"\"type\"\":\"\"image_url\"\"}]}]\",\"\"\"quoted\"\"\",\"\",\"\",\"\"\n",
    );
    expect![[r#"
        {"kind":"turn","id":"t1","session_id":"s1","created_at":"2026-07-02T09:14:01Z","query":"Why?","output":"so","model_version":"v2","environment":"default","user_role":"pro","tags":["a","b"],"metadata":{"n":"1","trace_name":"chat"}}
        {"kind":"turn","id":"t2","session_id":"s1","created_at":"2026-07-02T09:14:01Z","query":"one","system_context":"sys","output":"\"quoted\"","model_version":"v2","environment":"default","metadata":{"trace_name":"chat"}}
    "#]]
    .assert_eq(&lines(&outcome));
    assert_eq!(outcome.report.unmapped.len(), 1);
}

#[test]
fn twenty_four_thousand_real_scores_are_read_and_join() {
    let (Some(tool), Some(first), Some(second)) =
        (shared("tools/real_exports.py"), shared("data/uss/MWOZ.txt"), shared("data/uss/SGD.txt"))
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let made =
        std::process::Command::new("python3").arg(tool).arg("uss").arg(folder.path()).args([first, second]).output();
    if !made.is_ok_and(|output| output.status.success()) {
        return missing("python3 did not write the exports");
    }
    let paths = expand(&[folder.path().to_owned()]).unwrap();
    let mut read_of = BTreeMap::new();
    let (mut turns, mut sessions) = (HashSet::new(), HashSet::new());
    let mut joined = (0, 0, 0);
    for (input, recognised) in recognise_all(&paths).files {
        let outcome = read_file(input.path());
        assert_eq!(outcome.rejects(), "", "{recognised:?}");
        assert_eq!(outcome.report.unmapped, [], "{recognised:?}");
        read_of.insert(recognised.title, outcome.report.read);
        for turn in outcome.turns() {
            turns.insert(turn.id.clone());
            sessions.extend(turn.session_id.clone());
        }
        for feedback in outcome.feedback() {
            assert_eq!(feedback.feedback_type, FeedbackType::Rating);
            match &feedback.turn_id {
                Some(turn) => joined.0 += usize::from(turns.contains(turn)),
                None => joined.1 += 1,
            }
            joined.2 += usize::from(feedback.session_id.as_ref().is_some_and(|session| sessions.contains(session)));
        }
    }
    let counts: Vec<_> = read_of.into_iter().collect();
    expect![[r#"
        [
            (
                "Langfuse observations (JSON lines)",
                23386,
            ),
            (
                "Langfuse scores (JSON lines)",
                24386,
            ),
            (
                "Langfuse traces (JSON lines)",
                23386,
            ),
        ]
    "#]]
    .assert_debug_eq(&counts);
    assert_eq!(joined, (22_386, 2_000, 24_386), "on a turn, on the session alone, session known");
}

#[test]
fn single_traces_as_the_tool_downloads_them() {
    let Some(folder) = shared("data/export_langfuse/framework-traces") else { return };
    let mut told = String::new();
    for path in expand(&[folder]).unwrap() {
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let outcome = read_file(&path);
        assert_eq!(outcome.rejects(), "");
        let start = |text: Option<&String>| text.map(|text| text.chars().take(40).collect::<String>());
        let turns = outcome.turns();
        told += &format!(
            "{} {} records, {} scores: {:?} -> {:?}\n",
            path.file_stem().unwrap().to_string_lossy(),
            outcome.collected.records.len(),
            outcome.feedback().len(),
            start(turns.iter().find_map(|turn| turn.query.as_ref())),
            start(turns.iter().find_map(|turn| turn.output.as_ref())),
        );
        assert!(outcome.feedback().iter().all(|feedback| feedback.turn_id.as_ref() == Some(&turns[0].id)));
    }
    println!("{told}");
    assert!(!told.is_empty());
}
