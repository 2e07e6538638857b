//! Does the sample hold what it promises? Read as plain JSON: the formats are tested where they are read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::*;

struct Sample {
    planted: Value,
    rows: BTreeMap<&'static str, Vec<Value>>,
    report: SampleReport,
}

fn sample(sessions: u32, seed: u64) -> Sample {
    let folder = tempfile::tempdir().unwrap();
    let report = write(&SampleOptions { sessions, seed, out: folder.path().join("new") }, &Job::quiet()).unwrap();
    let text = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    let rows = ["traces", "observations", "scores", "canonical"]
        .into_iter()
        .zip(&report.files)
        .map(|(name, path)| (name, text(path).lines().map(|line| serde_json::from_str(line).unwrap()).collect()))
        .collect();
    Sample { planted: serde_json::from_str(&text(&report.files[4])).unwrap(), rows, report }
}

fn digests(sessions: u32, seed: u64) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let report = write(&SampleOptions { sessions, seed, out: folder.path().to_owned() }, &Job::quiet()).unwrap();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    report.files.iter().map(|path| (name(path), blake3::hash(&std::fs::read(path).unwrap()).to_string())).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(digests(60, 7), digests(60, 7));
    let (one, other) = (digests(60, 7), digests(60, 8));
    assert!(one.iter().zip(&other).take(5).all(|(one, other)| one.1 != other.1));
}

#[test]
fn files_are_named_and_marked_as_what_they_are() {
    let sample = sample(150, 1);
    let names: Vec<String> =
        sample.report.files.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(
        names,
        [
            "1783296000000-lf-traces-export-sample.jsonl",
            "1783296000000-lf-observations-export-sample.jsonl",
            "1783296000000-lf-scores-export-sample.jsonl",
            "canonical.jsonl",
            "planted.json",
            "README.txt"
        ]
    );
    for (name, rows) in &sample.rows {
        assert!(rows.iter().all(|row| row["metadata"]["synthetic"] == true), "{name}");
    }
    assert_eq!(sample.planted["synthetic"], true);
    assert!(README.starts_with("SYNTHETIC"));
}

#[test]
fn everything_joins_and_every_kind_is_there() {
    let sample = sample(600, 3);
    let ids: BTreeSet<&str> = sample.rows["traces"].iter().filter_map(|row| row["id"].as_str()).collect();
    let sessions: BTreeSet<&str> = sample.rows["traces"].iter().filter_map(|row| row["sessionId"].as_str()).collect();
    assert_eq!(ids.len() as u64, sample.report.turns);
    assert_eq!(sessions.len(), 600);
    assert!(sample.rows["observations"].iter().all(|row| row["traceId"].as_str().is_some_and(|id| ids.contains(id))));
    let mut seen = BTreeSet::new();
    for row in &sample.rows["scores"] {
        assert!(seen.insert(row["id"].to_string()), "twice: {row}");
        match row["traceId"].as_str() {
            Some(id) => assert!(ids.contains(id)),
            None => assert!(row["sessionId"].as_str().is_some_and(|id| sessions.contains(id))),
        }
    }
    for row in &sample.rows["canonical"] {
        assert!(seen.insert(row["id"].to_string()), "twice: {row}");
        assert!(row["turn_id"].as_str().is_some_and(|id| ids.contains(id)));
    }
    assert_eq!(seen.len() as u64, sample.report.feedback);
    let types: Vec<&String> = sample.planted["feedback_by_people_and_type"].as_object().unwrap().keys().collect();
    assert_eq!(types, ["annotation", "category", "comment", "correction", "implicit", "preference", "rating", "thumb"]);
    let per_turn = sample.report.feedback as f64 / sample.report.turns as f64;
    assert!((0.55..0.8).contains(&per_turn), "{per_turn} feedbacks a turn");
    // Marked stretches are where they say.
    let outputs: HashMap<&str, &str> = sample.rows["traces"]
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row["output"].as_str().unwrap()))
        .collect();
    let mut spans = 0;
    for row in sample.rows["canonical"].iter().filter(|row| row["span"].is_object()) {
        let output = outputs[row["turn_id"].as_str().unwrap()];
        let end = row["span"]["end"].as_u64().unwrap() as usize;
        assert_eq!(row["span"]["quote"].as_str().unwrap(), output.chars().take(end).collect::<String>());
        spans += 1;
    }
    assert!(spans > 0);
}

#[test]
fn texts_vary_and_some_repeat() {
    let sample = sample(2000, 1);
    let texts: Vec<&str> = sample.rows["scores"]
        .iter()
        .filter_map(|row| row["comment"].as_str().or(row["stringValue"].as_str().filter(|_| row["dataType"] == "TEXT")))
        .collect();
    let distinct: BTreeSet<&str> = texts.iter().copied().collect();
    println!(
        "{} turns, {} feedback, {} texts, {} distinct",
        sample.report.turns,
        sample.report.feedback,
        texts.len(),
        distinct.len()
    );
    assert!(distinct.len() * 10 > texts.len() * 7, "{} of {} are distinct", distinct.len(), texts.len());
    assert!(texts.iter().filter(|text| **text == "thanks").count() > 3);
    assert!(!texts.iter().any(|text| text.contains(['[', ']', '{', '}', '|'])), "a template shows through");
    assert!(!texts.iter().any(|text| text.trim().is_empty()));
}

#[test]
fn the_planted_facts_are_in_the_data() {
    let sample = sample(2000, 1);
    let facts = sample.planted["facts"].as_array().unwrap();
    let share = |value: &Value| value["about_it"].as_f64().unwrap() / value["feedback"].as_f64().unwrap();
    let fact = |name: &str| facts.iter().find(|fact| fact["fact"] == name).unwrap();

    // Counted from the rows, not from the generator's own tally.
    let version: HashMap<&str, (&str, &str)> = sample.rows["traces"]
        .iter()
        .map(|row| {
            (row["id"].as_str().unwrap(), (row["version"].as_str().unwrap(), row["environment"].as_str().unwrap()))
        })
        .collect();
    let words = |row: &Value| {
        row["comment"].as_str().is_some_and(|text| text.contains("60 days") || text.contains("refund window"))
    };
    let (mut inside, mut outside) = ((0, 0), (0, 0));
    for row in &sample.rows["scores"] {
        let Some(place) = row["traceId"].as_str().and_then(|id| version.get(id)) else { continue };
        let count = if *place == ("assistant-2.1", "production") { &mut inside } else { &mut outside };
        count.0 += 1;
        count.1 += usize::from(words(row));
    }
    let rate = |count: (usize, usize)| count.1 as f64 / count.0 as f64;
    assert!(rate(inside) > 5.0 * rate(outside), "{inside:?} {outside:?}");

    assert!(share(&fact("regression")["share_inside"]) > 5.0 * share(&fact("regression")["share_outside"]));
    let growth = fact("growth");
    assert!(growth["feedback_second_half"].as_u64() > growth["feedback_first_half"].as_u64().map(|count| 2 * count));
    assert!(share(&fact("fixed")["share_before"]) > 4.0 * share(&fact("fixed")["share_after"]));
    let product: Vec<f64> = fact("product")["share_by_version"].as_object().unwrap().values().map(share).collect();
    let (low, high) = product.iter().fold((1.0_f64, 0.0_f64), |(low, high), share| (low.min(*share), high.max(*share)));
    assert!(high < 2.5 * low, "{product:?}");
    let weeks: Vec<u64> =
        sample.planted["sessions_by_week"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    assert_eq!(weeks.len(), 26);
    let quiet = fact("quiet week")["week"].as_u64().unwrap() as usize;
    assert!(weeks.iter().enumerate().all(|(week, count)| week == quiet || *count > 3 * weeks[quiet]));

    for theme in sample.planted["themes"].as_array().unwrap() {
        assert!(theme["feedback_ids"].as_array().unwrap().len() >= 20, "{} is hardly there", theme["theme"]);
    }
}

#[test]
fn versions_come_to_the_environments_one_after_the_other() {
    assert_eq!(plan::version(13, "dev", 0.9), "assistant-2.1");
    assert_eq!(plan::version(13, "staging", 0.9), "assistant-2.0");
    assert_eq!(plan::version(14, "staging", 0.0), "assistant-2.1");
    assert_eq!(plan::version(15, "production", 0.1), "assistant-2.0");
    assert_eq!(plan::version(15, "production", 0.5), "assistant-2.1");
    assert_eq!(plan::version(25, "production", 0.0), "assistant-2.2");
    let named = [plan::REGRESSION, plan::GROWING, plan::PRODUCT, plan::FIXED];
    assert!(named.iter().all(|name| templates::THEMES.iter().any(|theme| theme.name == *name)));
}
