//! Exit code 2: asked for what makes no sense. 1: could not be done. Each says what, and what to do next.

use serde_json::Value;

use crate::shared::{Place, analysed};

#[test]
fn wrong_use_is_exit_code_2() {
    let place = analysed();
    for arguments in [
        &["--no-such-option"][..],
        &["frobnicate"],
        &[],
        &["import"],
        &["themes", "--compare", "assistant-2.1"],
        &["trends", "--by", "colour"],
        &["trends", "--by", "model_version,environment,reason"],
        &["trends", "--measure", "joy"],
        &["trends", "--bucket", "fortnight"],
        &["trends", "--bucket", "hour"],
        &["trends", "--svg", "x.svg", "--size", "large"],
        &["trends", "--svg", "x.svg", "--size", "1x1"],
        &["trends", "--from", "2026-05-04", "--to", "2026-05-04"],
        &["feedback", "--from", "yesterday"],
        &["feedback", "--type", "thumbs"],
        &["feedback", "--polarity", "bad"],
        &["feedback", "--authors", "aliens"],
        &["feedback", "--sort", "mood"],
        &["similar", "  "],
        &["import", "w.hearback", "--map", "comment"],
        &["import", "w.hearback", "--map", "mood=x"],
        &["import", "w.hearback", "--format", "of-nobody"],
    ] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{arguments:?}: {ran:?}");
    }
    assert!(!place.path("x.svg").exists());
    assert_eq!(place.run(&["--help"]).code, Some(0));
    assert_eq!(place.run(&["--version"]).code, Some(0));
}

#[test]
fn what_cannot_be_done_is_exit_code_1() {
    let empty = Place::new();
    for arguments in [
        &["analyze"][..],
        &["trends"],
        &["themes"],
        &["feedback"],
        &["overview"],
        &["trail", "x"],
        &["similar", "x"],
        &["sources"],
        &["rejects"],
    ] {
        let ran = empty.run(arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}: {ran:?}");
        assert!(ran.stderr.contains("there is no workspace") && ran.stderr.contains("--workspace"), "{ran:?}");
    }
    assert!(!empty.path("w.hearback").exists(), "asking makes no workspace");

    let place = analysed();
    let gone = place.run(&["import", "gone.jsonl"]);
    assert_eq!(gone.code, Some(1), "{gone:?}");
    assert!(gone.stderr.contains("gone.jsonl is not there"), "{gone:?}");
    assert_eq!(place.run(&["trail", "nobody"]).code, Some(1));
    assert_eq!(place.run(&["feedback", "--csv", "no/such/folder.csv"]).code, Some(1));

    std::fs::write(empty.path("w.hearback"), "this is a letter to a friend, and no workspace").unwrap();
    let letter = empty.run(&["sources"]);
    assert_eq!(letter.code, Some(1));
    assert!(letter.stderr.contains("is not a Hearback workspace"), "{letter:?}");
}

#[test]
fn a_failure_is_json_too() {
    let place = Place::new();
    let ran = place.run(&["themes", "--json"]);
    assert_eq!(ran.code, Some(1));
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(said["failure"]["kind"], "workspace");
    assert!(said["failure"]["hint"].as_str().unwrap().contains("--workspace"));
    assert!(ran.stderr.contains(said["failure"]["message"].as_str().unwrap()));
}

#[test]
fn a_missing_model_says_what_fetches_it() {
    let place = Place::new();
    place.done(&["sample", "--sessions", "20", "--out", "exports"]);
    place.done(&["import", "exports"]);
    std::fs::create_dir(place.path("nothing")).unwrap();
    let without = |arguments: &[&str]| {
        crate::shared::Ran::from(
            place.command(arguments).env("HEARBACK_ASSETS", place.path("nothing")).output().unwrap(),
        )
    };
    let ran = without(&["analyze"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("cargo xtask setup"), "{ran:?}");
    let doctor = without(&["doctor"]);
    assert_eq!(doctor.code, Some(1), "{doctor:?}");
    assert!(doctor.stdout.contains("WRONG") && doctor.stdout.contains("cargo xtask setup"), "{doctor:?}");
    // What needs no model works without.
    assert_eq!(without(&["trends"]).code, Some(0));
    assert_eq!(place.json(&["themes"])["run"], Value::Null);
}
