use std::collections::BTreeMap;

use super::{merged::Merged, *};
use hearback_domain::FeedbackType;

fn tool(name: &str) -> Option<PathBuf> {
    shared(&format!("data/real_tools/chroma/{name}"))
}

fn json(name: &str) -> Option<serde_json::Value> {
    serde_json::from_str(&std::fs::read_to_string(shared(&format!("data/real_tools/{name}"))?).unwrap()).ok()
}

fn vectors(outcome: &Outcome) -> Vec<hearback_domain::VectorRecord> {
    let vector = |record| if let Record::Vector(vector) = record { Some(vector) } else { None };
    outcome.records().into_iter().filter_map(vector).collect()
}

#[test]
fn every_count_of_the_collection_comes_out_of_every_file() {
    let (Some(turns), Some(expected)) = (tool("turns_get_all.json"), json("chroma/expected.json")) else { return };
    let number = |key: &str| expected[key].as_u64().unwrap() as usize;
    let files = [
        ("feedback_get_all.json", true),
        ("feedback_get_default.json", false),
        ("feedback_rows.jsonl", true),
        ("feedback_get.parquet", true),
        ("feedback_get.csv", true),
        ("feedback_flat.csv", false),
    ];
    let mut first: Option<Merged> = None;
    for (name, embedded) in files {
        let Some(path) = tool(name) else { return };
        let outcome = read_file(&path);
        assert_eq!(outcome.recognised.format.name(), "chroma", "{name}");
        assert_eq!(outcome.report.read as usize, number("feedback_rows"), "{name}");
        let vectors = vectors(&outcome);
        assert_eq!(vectors.len(), if embedded { number("feedback_rows") } else { 0 }, "{name}");
        assert!(vectors.iter().all(|vector| vector.vector.len() == number("dim") && vector.model == "chroma-24"));
        let merged = Merged::of(&[turns.clone(), path]);
        assert_eq!(merged.rejects, "", "{name}");
        assert_eq!(merged.unmapped, BTreeMap::new(), "{name}");
        let types: BTreeMap<String, usize> = expected["types"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, count)| (key.clone(), count.as_u64().unwrap() as usize))
            .collect();
        assert_eq!(merged.types(), types, "{name}");
        assert_eq!(merged.turns.len(), number("turn_rows"), "{name}");
        assert_eq!(merged.sessions.len(), number("sessions_known"), "{name}");
        let sessions = merged.feedback.values().filter(|one| one.turn_id.is_none() && one.session_id.is_some());
        // One more speaks of the session as a whole, but of one that is not in the file: an orphan, too.
        let gone =
            sessions.clone().filter(|one| !merged.sessions.contains_key(one.session_id.as_ref().unwrap())).count();
        assert_eq!(sessions.count(), number("session_level") + gone, "{name}");
        assert_eq!(merged.on_sessions(), number("session_level"), "{name}");
        assert_eq!(merged.orphans(), number("orphans"), "{name}");
        let Some(first) = &first else {
            first = Some(merged);
            continue;
        };
        // What the files say is the same; CSV has no empty texts and other forms of numbers in the metadata.
        for (id, feedback) in &merged.feedback {
            let other = &first.feedback[id];
            assert_eq!(
                (feedback.score, &feedback.label, &feedback.comment),
                (other.score, &other.label, &other.comment),
                "{id}"
            );
            assert_eq!(
                (&feedback.correction, feedback.created_at, &feedback.score_name),
                (&other.correction, other.created_at, &other.score_name)
            );
            assert_eq!(
                (&feedback.turn_id, &feedback.session_id, &feedback.query),
                (&other.turn_id, &other.session_id, &other.query)
            );
            let output = other.output.clone().filter(|text| !text.is_empty() || name != "feedback_flat.csv");
            assert_eq!(feedback.output, output, "{id} in {name}");
        }
    }
}

#[test]
fn texts_are_what_was_said() {
    let (Some(feedback), Some(turns), Some(truth)) =
        (tool("feedback_get_all.json"), tool("turns_get_all.json"), json("truth/batch.json"))
    else {
        return;
    };
    let merged = Merged::of(&[feedback, turns]);
    for turn in truth["sessions"].as_array().unwrap().iter().flat_map(|session| session["turns"].as_array().unwrap()) {
        let read = &merged.turns[turn["turn_id"].as_str().unwrap()];
        assert_eq!(read.query.as_deref(), turn["query"].as_str());
        assert!(read.output.is_none() || read.output.as_deref() == turn["output"].as_str() || turn["output"].is_null());
    }
    let mut seen = 0;
    for said in truth["feedback"].as_array().unwrap() {
        let Some(read) = merged.feedback.get(said["feedback_id"].as_str().unwrap()) else { continue };
        assert_eq!(read.comment.as_deref(), said["comment"].as_str());
        assert_eq!(read.correction.as_deref(), said["correction"].as_str());
        assert_eq!(read.score, said["score"].as_f64());
        assert_eq!(read.label.as_deref(), said["label"].as_str());
        seen += 1;
    }
    assert_eq!(seen, merged.feedback.len());
}

#[test]
fn a_page_and_the_hits_of_a_query() {
    let (Some(page), Some(query)) = (tool("feedback_get_metadata_page3.json"), tool("feedback_query.json")) else {
        return;
    };
    let outcome = read_file(&page);
    assert_eq!((outcome.report.read, outcome.feedback().len(), outcome.rejects()), (43, 43, String::new()));
    assert!(outcome.recognised.note.is_some());
    let outcome = read_file(&query);
    assert_eq!((outcome.report.read, outcome.feedback().len()), (10, 10));
    // How near a hit is belongs to the question that was asked, and not to the entry.
    let unmapped: Vec<_> = outcome.report.unmapped.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(unmapped, ["distances"]);
}

#[test]
fn vectors_of_another_size_are_rejected_alone() {
    let file = written(
        "get.json",
        r#"{"ids":["a","b","c","d","e"],"documents":["too slow","fine",null,"handbook","page"],"uris":null,"data":null,"included":[],
            "metadatas":[{"rating":1},{"rating":5},{"rating":3},{"source":"wiki","category":"help"},null],
            "embeddings":[[0.5,1],[0.5,1,2],[1,2],[0,1],null]}"#,
    );
    let recognised = recognise(&file.path, &ReadOptions::default()).unwrap();
    let mut collected = Collected::default();
    let report = read(&file.path, &recognised, &mut collected, &Job::quiet()).unwrap();
    let outcome = Outcome { recognised, report, collected };
    assert_eq!(outcome.report.read, 6);
    let comments: Vec<_> = outcome.feedback().iter().map(|one| (one.score, one.comment.clone())).collect();
    assert_eq!(comments, [(Some(1.0), Some("too slow".into())), (Some(5.0), Some("fine".into())), (Some(3.0), None)]);
    assert!(outcome.feedback().iter().all(|one| one.feedback_type == FeedbackType::Rating));
    let texts: Vec<_> = vectors(&outcome).into_iter().map(|vector| vector.text).collect();
    assert_eq!(texts, ["too slow", "handbook"]);
    let reasons: Vec<_> = outcome.collected.rejects.iter().map(|reject| reject.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "the embedding has 3 numbers, those before it have 2",
            "its metadata speaks neither of feedback nor of a turn, and it has no vector"
        ]
    );
    let unmapped: Vec<_> = outcome.report.unmapped.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(unmapped, ["embedding without a document"]);
}
