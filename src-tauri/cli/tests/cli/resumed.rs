//! Killed while it embeds, does the analysis keep what it had handed over, and embed only the rest when it is run again?

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader},
    time::Duration,
};

use hearback_domain::Subject;
use hearback_store::Store;

use crate::shared::Place;

/// Texts of some twenty tokens: about six slices of what is handed over at once.
const TEXTS: u64 = 2_400;
/// Kills one after the other, each with more kept.
const KILLS: usize = 2;
/// More than one slice has numbers, of four bytes each: when so much has been written, the first slice is there whole, and
/// most are not.
const WRITTEN: u64 = 800_000;

fn feedback() -> String {
    let things = ["refund", "invoice", "delivery", "password", "booking", "discount", "warranty", "subscription"];
    let faults = ["is wrong", "is missing", "came too late", "contradicts the page", "belongs to somebody else"];
    let mut lines = String::new();
    for number in 0..TEXTS as usize {
        let (thing, fault) = (things[number % things.len()], faults[number / things.len() % faults.len()]);
        let comment = format!("What the assistant says of the {thing} {fault}, and case {number} is still open for me");
        writeln!(
            lines,
            r#"{{"kind":"feedback","id":"f{number}","created_at":"2026-01-01T00:00:00Z","feedback_type":"comment","comment":"{comment}"}}"#
        )
        .unwrap();
    }
    lines
}

/// Bytes of the workspace with what DuckDB keeps beside it.
fn size(place: &Place) -> u64 {
    let files = std::fs::read_dir(place.folder.path()).unwrap().map(Result::unwrap);
    files
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("w.hearback"))
        .filter_map(|entry| entry.metadata().ok())
        .map(|metadata| metadata.len())
        .sum()
}

/// Analyses, and kills it in the middle of embedding, once something more was written; `false` where it was not fast enough.
fn kill_while_embedding(place: &Place) -> bool {
    let mut child = place.command(&["analyze"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("Embedding: 0 of ")), "it never began to embed");
    let before = size(place);
    while size(place) < before + WRITTEN && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

fn missing(place: &Place) -> u64 {
    let workspace = Store::open(&place.path("w.hearback")).unwrap();
    let model = workspace.current_model().unwrap().expect("nothing was kept");
    workspace.count_texts_without_vector(&model.id, Subject::Said).unwrap()
}

#[test]
fn a_killed_analysis_goes_on_where_it_was() {
    let place = Place::new();
    std::fs::write(place.path("feedback.jsonl"), feedback()).unwrap();
    place.done(&["import", "feedback.jsonl"]);
    let mut left = TEXTS;
    for kill in 0..KILLS {
        assert!(kill_while_embedding(&place), "the analysis ended before it was killed");
        let now = missing(&place);
        println!("kill {kill}: {now} of {TEXTS} texts have no vector yet, of {left} before");
        assert!(now > 0 && now < left, "{now} of {left} texts have no vector");
        left = now;
    }
    let report = place.json(&["analyze"]);
    assert_eq!((report["texts"].as_u64(), report["embedded"].as_u64()), (Some(TEXTS), Some(left)));
    assert_eq!(missing(&place), 0);
}
