//! Killed anywhere in an import, is the workspace as before (or complete), and does the next import make it whole?

use std::{collections::BTreeMap, time::Instant};

use hearback_store::Store;

use crate::shared::Place;

/// Spread evenly over the run of an import, and a little beyond its end.
const POINTS: u32 = 50;

/// Every row of every table by table, without what differs between two places and times.
type Content = BTreeMap<String, Vec<String>>;

/// The workspace, as the program leaves it after opening it.
fn content(place: &Place) -> Content {
    place.done(&["sources"]);
    let workspace = Store::open(&place.path("w.hearback")).unwrap();
    workspace.content(&[("sources", "path"), ("sources", "imported_at")]).unwrap()
}

fn sources(content: &Content) -> usize {
    content["sources"].len()
}

/// The tables in which two workspaces differ, with the number of their rows.
fn differences<'c>(one: &'c Content, other: &'c Content) -> Vec<(&'c str, usize, usize)> {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let pairs = one.iter().zip(other.values());
    pairs
        .filter(|((_, one), other)| one != other)
        .map(|((name, one), other)| (name.as_str(), one.len(), other.len()))
        .collect()
}

/// A place where something is imported already, and more lies ready: made once, copied for each kill.
struct Prepared {
    workspace: Vec<u8>,
    exports: Vec<(String, Vec<u8>)>,
}

impl Prepared {
    fn new() -> Self {
        let place = Place::new();
        let first =
            r#"{"kind":"feedback","id":"first","created_at":"2026-01-01T00:00:00Z","score":1,"feedback_type":"thumb"}"#;
        std::fs::write(place.path("first.jsonl"), first).unwrap();
        place.done(&["import", "first.jsonl"]);
        place.done(&["sample", "--sessions", "150", "--seed", "9", "--out", "exports"]);
        let files = std::fs::read_dir(place.path("exports")).unwrap().map(|entry| entry.unwrap().path());
        let exports = files
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
            .collect();
        Self { workspace: std::fs::read(place.path("w.hearback")).unwrap(), exports }
    }

    fn copy(&self) -> Place {
        let place = Place::new();
        std::fs::write(place.path("w.hearback"), &self.workspace).unwrap();
        std::fs::create_dir(place.path("exports")).unwrap();
        for (name, bytes) in &self.exports {
            std::fs::write(place.path("exports").join(name), bytes).unwrap();
        }
        place
    }
}

#[test]
fn a_killed_import_leaves_the_workspace_as_before_or_complete() {
    let prepared = Prepared::new();
    let clean = prepared.copy();
    let before = content(&clean);
    let began = Instant::now();
    clean.done(&["import", "exports"]);
    let whole = began.elapsed();
    let complete = content(&clean);
    assert_eq!((sources(&before), sources(&complete)), (1, 5));
    for table in ["facts", "score_rules", "sessions", "turns"] {
        assert!(!complete[table].is_empty(), "nothing is compared of {table}");
    }

    let (mut killed, mut unchanged) = (0, 0);
    for point in 0..POINTS {
        let place = prepared.copy();
        let mut child = place.command(&["import", "exports"]).spawn().unwrap();
        std::thread::sleep(whole * point / (POINTS - 1));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
        let after = content(&place);
        let (since, missing) = (differences(&before, &after), differences(&complete, &after));
        assert!(
            since.is_empty() || missing.is_empty(),
            "killed at point {point}: {since:?} since, {missing:?} missing"
        );
        unchanged += u32::from(since.is_empty());
        let left: Vec<_> = std::fs::read_dir(place.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("w.hearback") && name.ends_with(".tmp"))
            .collect();
        assert!(left.is_empty(), "killed at point {point}, opened again: {left:?}");
        place.done(&["import", "exports"]);
        let again = content(&place);
        let changed = differences(&complete, &again);
        assert!(changed.is_empty(), "killed at point {point}, and imported again: {changed:?}");
    }
    println!("{killed} of {POINTS} imports were killed before they ended, {unchanged} before they were complete");
    assert!(killed >= POINTS / 2, "only {killed} imports were killed before they ended, which took {whole:?}");
}
