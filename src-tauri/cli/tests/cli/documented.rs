//! Does `--json` answer in the shapes that docs/json.md shows? Each example there is held against a real answer.

use serde_json::Value;

use crate::shared::{Place, analysed};

/// The command and the example of each section.
fn examples() -> Vec<(String, Value)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/json.md");
    let text = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let mut found = Vec::new();
    for section in text.split("\n## `").skip(1) {
        let command = section.split('`').next().unwrap().to_owned();
        let example = section.split("```json\n").nth(1).and_then(|rest| rest.split("\n```").next());
        let example = example.unwrap_or_else(|| panic!("{command} has no example"));
        let example = serde_json::from_str(example).unwrap_or_else(|error| panic!("{command}: {error}"));
        found.push((command, example));
    }
    found
}

/// Same keys in the same places, same types. Lists are held by their first elements; keys below `metadata` are free;
/// `null` fits anything.
fn compare(place: &str, example: &Value, real: &Value) {
    match (example, real) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(example), Value::Object(real)) => {
            let keys = |object: &serde_json::Map<String, Value>| {
                let mut keys: Vec<String> = object.keys().cloned().collect();
                keys.sort();
                keys
            };
            assert_eq!(keys(example), keys(real), "{place}: docs/json.md (left) and the answer (right)");
            for (key, value) in example {
                if key != "metadata" {
                    compare(&format!("{place}.{key}"), value, &real[key]);
                }
            }
        }
        (Value::Array(example), Value::Array(real)) => {
            if let Some((example, real)) = example.first().zip(real.first()) {
                compare(&format!("{place}[0]"), example, real);
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_)) => {}
        _ => panic!("{place}: docs/json.md says {example}, the answer is {real}"),
    }
}

fn example<'a>(all: &'a [(String, Value)], command: &str) -> &'a Value {
    &all.iter().find(|(name, _)| name == command).unwrap_or_else(|| panic!("docs/json.md has no {command}")).1
}

#[test]
fn answers_have_the_documented_shapes() {
    let all = examples();
    let place = analysed();
    let annotation = place.json(&["feedback", "--type", "annotation", "--limit", "1"]);
    let id = annotation["rows"][0]["id"].as_str().unwrap().to_owned();
    std::fs::write(place.path("bad.jsonl"), "{\"id\":\"f1\",\"score\":1}\n{\"id\":").unwrap();
    let import = place.json(&["import", "bad.jsonl", "--format", "canonical"]);
    let reviews = "review,how good,when\n\"slow, and wrong\",1,2026-05-04\n";
    std::fs::write(place.path("reviews.csv"), reviews).unwrap();
    place.done(&["import", "reviews.csv", "--map", "comment=review,score=how good", "--remember", "app reviews"]);
    std::fs::write(place.path("reviews.csv"), reviews.replace("slow", "late")).unwrap();
    // What is asked has a correction and a theme with a note, so that these are held, too.
    let corrected = place.json(&["feedback", "--type", "correction", "--limit", "100"]);
    let corrected = corrected["rows"].as_array().unwrap().iter().find(|row| row["themeId"].is_number()).unwrap();
    let said = corrected["correction"].as_str().unwrap();
    place.done(&["themes", "note", &corrected["themeId"].to_string(), "Prompt 4 says it right"]);
    let similar = place.json(&["similar", said, "-k", "2"]);
    let known = place.json(&["known", said]);
    for held in [&similar[0], &known["themes"][0]] {
        assert!(held["correction"].is_object() && held["note"].is_string(), "{held:#}");
    }
    let theme = place.json(&["themes"])["themes"][0]["id"].to_string();
    let rename = place.json(&["themes", "rename", &theme, "Praise and blame"]);
    for (command, answer) in [
        ("import", import),
        ("themes rename", rename),
        ("themes show", place.json(&["themes", "show", &theme])),
        ("themes edits", place.json(&["themes", "edits"])),
        ("themes undo", place.json(&["themes", "undo"])),
        ("themes history", place.json(&["themes", "history"])),
        ("themes recut", place.json(&["themes", "recut", "--granularity", "4"])),
        ("import --dry-run", place.json(&["import", "reviews.csv", "--dry-run"])),
        ("unjoined", place.json(&["unjoined"])),
        ("mappings", place.json(&["mappings"])),
        ("signals", place.json(&["signals"])),
        ("formats", place.json(&["formats"])),
        ("rejects", place.json(&["rejects"])),
        ("analyze", place.json(&["analyze"])),
        ("overview", place.json(&["overview", "--environment", "production"])),
        ("trends", place.json(&["trends", "--by", "model_version"])),
        ("themes", place.json(&["themes"])),
        ("themes --members", place.json(&["themes", "--members"])),
        ("map", place.json(&["map"])),
        ("feedback", annotation),
        ("feedback --csv", place.json(&["feedback", "--csv", "all.csv"])),
        ("trail", place.json(&["trail", &id])),
        ("similar", similar),
        ("similar --words", place.json(&["similar", "--words", "refund", "-k", "2"])),
        ("known", known),
        ("sources", place.json(&["sources"])),
        ("sample", place.json(&["sample", "--sessions", "3", "--out", "more"])),
        ("models list", place.json(&["models", "list"])),
        ("doctor", place.json(&["doctor"])),
    ] {
        compare(command, example(&all, command), &answer);
    }
    let failed = Place::new().run(&["themes", "--json"]);
    compare("failure", example(&all, "failure"), &serde_json::from_str(&failed.stdout).unwrap());
    assert_eq!(all.len(), 30, "a section of docs/json.md is not held here");
}

#[test]
fn nulls_in_examples_are_few() {
    // `null` fits anything, so an example full of them would hold nothing.
    fn count(value: &Value) -> (usize, usize) {
        match value {
            Value::Null => (1, 1),
            Value::Array(values) => values.iter().map(count).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)),
            Value::Object(values) => values.values().map(count).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)),
            _ => (0, 1),
        }
    }
    let (nulls, all) =
        examples().iter().map(|(_, value)| count(value)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(nulls * 4 < all, "{nulls} of {all} values are null");
}
