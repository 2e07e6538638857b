//! Killed in the middle of an import, is the workspace as before (or complete), and does the next import work?

use std::{
    io::{BufRead, BufReader},
    time::Duration,
};

use serde_json::Value;

use crate::shared::Place;

/// All feedback, and the sources without what differs between two places and times.
fn content(place: &Place) -> (String, Vec<Value>) {
    place.done(&["feedback", "--authors", "everyone", "--csv", "all.csv"]);
    let mut sources = place.json(&["sources"]).as_array().unwrap().clone();
    for source in &mut sources {
        for key in ["path", "importedAt"] {
            source.as_object_mut().unwrap().remove(key);
        }
    }
    (std::fs::read_to_string(place.path("all.csv")).unwrap(), sources)
}

/// Starts the import, and kills it once a line of its progress says `word`, and then some.
fn kill_at(place: &Place, word: &str, then: Duration) -> bool {
    let mut child = place.command(&["import", "exports"]).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    for line in lines {
        if line.unwrap().starts_with(word) {
            break;
        }
    }
    std::thread::sleep(then);
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

#[test]
fn a_killed_import_leaves_the_workspace_as_before_or_complete() {
    let first =
        r#"{"kind":"feedback","id":"first","created_at":"2026-01-01T00:00:00Z","score":1,"feedback_type":"thumb"}"#;
    let prepared = || {
        let place = Place::new();
        std::fs::write(place.path("first.jsonl"), first).unwrap();
        place.done(&["import", "first.jsonl"]);
        place.done(&["sample", "--sessions", "700", "--seed", "9", "--out", "exports"]);
        place
    };
    let clean = prepared();
    let before = content(&clean);
    clean.done(&["import", "exports"]);
    let complete = content(&clean);
    assert_eq!((before.1.len(), complete.1.len()), (1, 5));

    let mut killed = 0;
    for (word, then) in [
        ("Reading", 0),
        ("Reading", 80),
        ("Joining: 0", 0),
        ("Joining: 0", 40),
        ("Joining: 0", 120),
        ("Joining: 5", 0),
        ("Joining: 5", 60),
        ("Joining: 5", 200),
    ] {
        let place = prepared();
        killed += usize::from(kill_at(&place, word, Duration::from_millis(then)));
        let after = content(&place);
        assert!(after == before || after == complete, "killed at {word} + {then} ms: {} sources", after.1.len());
        place.done(&["import", "exports"]);
        assert!(content(&place) == complete, "killed at {word} + {then} ms, and imported again");
    }
    assert!(killed >= 3, "only {killed} imports were killed before they ended");
}
