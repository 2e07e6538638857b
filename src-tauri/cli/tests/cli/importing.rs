//! Everything about an import that is more than reading: looked at first, undone, read again, watched.

use std::io::{BufRead, BufReader};

use serde_json::Value;

use crate::shared::Place;

const REVIEWS: &str = "review,how good,when\n\"slow, and wrong\",1,2026-05-04\nfine,5,2026-05-05\nso-so,3,2026-05-06\n";
const MAPPING: &str = "comment=review,score=how good,created_at=when";

#[test]
fn a_dry_run_says_all_and_writes_nothing() {
    let place = Place::new();
    std::fs::write(place.path("reviews.csv"), REVIEWS).unwrap();
    let run = place.json(&["import", "reviews.csv", "--dry-run", "--map", MAPPING]);
    assert_eq!(run["report"]["total"]["feedback"], 3);
    let file = &run["preview"]["files"][0];
    assert_eq!(file["records"]["feedback"][0]["comment"], "slow, and wrong");
    let score = &file["scores"][0];
    assert_eq!((score["minimum"].as_f64(), score["maximum"].as_f64()), (Some(1.0), Some(5.0)));
    assert!(!place.path("w.hearback").exists(), "a dry run makes no workspace");
    let said = place.done(&["import", "reviews.csv", "--dry-run", "--map", MAPPING]);
    assert!(said.contains("1 to 5, 5 is good") && said.contains("Would be imported:"), "{said}");

    place.done(&["import", "reviews.csv", "--map", MAPPING]);
    let before = std::fs::read(place.path("w.hearback")).unwrap();
    std::fs::write(place.path("more.csv"), REVIEWS.replace("fine", "great")).unwrap();
    let run = place.json(&["import", "more.csv", "--dry-run", "--map", MAPPING]);
    assert_eq!(run["report"]["sources"].as_array().map(Vec::len), Some(1));
    assert_eq!(place.json(&["sources"]).as_array().map(Vec::len), Some(1));
    assert_eq!(std::fs::read(place.path("w.hearback")).unwrap(), before, "byte for byte");
}

#[test]
fn a_mapping_from_a_file_is_remembered_by_its_columns() {
    let place = Place::new();
    std::fs::write(place.path("reviews.csv"), REVIEWS).unwrap();
    std::fs::write(place.path("how.map"), "# our reviews\ncomment=review\nscore=how good\ncreated_at=when\n").unwrap();
    place.done(&["import", "reviews.csv", "--map-file", "how.map", "--remember", "app reviews"]);
    let saved = place.json(&["mappings"]);
    assert_eq!(saved[0]["name"], "app reviews");
    // Another file with the same columns, found in a folder: no guess any more.
    std::fs::create_dir(place.path("week")).unwrap();
    let next = "when,review,how good\n2026-05-11,broken again,1\n";
    std::fs::write(place.path("week/reviews.csv"), next).unwrap();
    let report = place.json(&["import", "week"]);
    assert_eq!(report["total"]["feedback"], 1, "{report}");
    assert!(report["sources"][0]["formatReason"].as_str().is_some_and(|why| why.contains("app reviews")), "{report}");
    place.done(&["mappings", "--remove", "app reviews"]);
    assert_eq!(place.json(&["mappings"]), Value::Array(Vec::new()));
}

#[test]
fn an_import_is_undone_and_read_again_otherwise() {
    let place = Place::new();
    std::fs::write(place.path("reviews.csv"), REVIEWS).unwrap();
    place.done(&["import", "reviews.csv", "--map", "comment=review"]);
    assert_eq!(place.json(&["feedback"])["rows"][0]["score"], Value::Null);
    let report = place.json(&["reread", "1", "--map", MAPPING]);
    assert_eq!((&report["total"]["feedback"], &report["total"]["updated"]), (&3.into(), &0.into()), "{report}");
    let rows = place.json(&["feedback"]);
    assert_eq!(rows["total"], 3);
    assert!(rows["rows"].as_array().unwrap().iter().all(|row| row["score"].is_number()), "{rows}");
    let source = place.json(&["sources"])[0]["id"].to_string();
    place.done(&["remove", &source]);
    assert_eq!(place.json(&["feedback"])["total"], 0);
    assert_eq!(place.run(&["remove", &source]).code, Some(1), "it is gone");
}

#[test]
fn what_was_rejected_or_did_not_join_can_be_taken_out() {
    let place = Place::new();
    let set = "{\"id\":\"f1\",\"feedback_type\":\"thumb\",\"score\":1,\"turn_id\":\"nowhere\"}\n{\"id\":\n";
    std::fs::write(place.path("set.jsonl"), set).unwrap();
    let report = place.json(&["import", "set.jsonl"]);
    assert_eq!(report["unjoined"][0]["count"], 1, "{report}");
    let unjoined = place.json(&["unjoined"]);
    assert!(unjoined["rows"][0]["reason"].as_str().is_some_and(|why| why.contains("nowhere")), "{unjoined}");
    place.done(&["rejects", "--output", "rejects.jsonl"]);
    let line = std::fs::read_to_string(place.path("rejects.jsonl")).unwrap();
    let reject: Value = serde_json::from_str(line.trim()).unwrap();
    assert_eq!((&reject["record"], &reject["byte"], &reject["raw"]), (&2.into(), &66.into(), &"{\"id\":".into()));
}

#[test]
fn addresses_are_kept_where_the_user_says_so() {
    let row = "{\"id\":\"f1\",\"feedback_type\":\"thumb\",\"score\":1,\"metadata\":{\"client_ip\":\"203.0.113.9\",\"email\":\"a@b.example\"}}";
    let read = |options: &[&str]| {
        let place = Place::new();
        std::fs::write(place.path("set.jsonl"), row).unwrap();
        place.done(&[&["import", "set.jsonl"], options].concat());
        place.json(&["feedback"])["rows"][0]["metadata"].clone()
    };
    let metadata = read(&[]);
    assert_eq!(metadata.get("client_ip"), None);
    assert!(metadata["email"].as_str().is_some_and(|text| text.starts_with("email-")), "{metadata}");
    let metadata = read(&["--email", "keep", "--ip", "keep"]);
    assert_eq!((&metadata["client_ip"], &metadata["email"]), (&"203.0.113.9".into(), &"a@b.example".into()));
}

#[test]
fn a_watched_folder_is_imported_as_exports_land() {
    let place = Place::new();
    std::fs::create_dir(place.path("inbox")).unwrap();
    let mut watch = place.command(&["watch", "inbox", "--every", "1", "--json"]).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let row = "{\"id\":\"f1\",\"feedback_type\":\"thumb\",\"score\":1}\n";
    std::fs::write(place.path("inbox/scores.jsonl"), row).unwrap();
    let line = lines.next().unwrap().unwrap();
    watch.kill().unwrap();
    watch.wait().unwrap();
    let landed: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(landed["report"]["total"]["feedback"], 1, "{landed}");
    assert_eq!(place.json(&["feedback"])["total"], 1);
}
