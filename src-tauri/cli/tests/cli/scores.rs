//! What a person says of scores and labels on the command line: is it kept, and does it count?

use serde_json::Value;

use crate::shared::Place;

fn placed() -> Place {
    let place = Place::new();
    let row = |id: &str, rest: &str| {
        format!(r#"{{"kind":"feedback","id":"{id}","created_at":"2026-07-01T10:00:00Z","author":"human",{rest}}}"#)
    };
    let rows = [
        row("1", r#""score_name":"vibe","score":7"#),
        row("2", r#""score_name":"reason","label":"Plan B","feedback_type":"category""#),
        row("3", r#""score_name":"reason","label":"wrong","feedback_type":"category""#),
    ];
    std::fs::write(place.path("rows.jsonl"), rows.join("\n")).unwrap();
    place.done(&["import", "rows.jsonl"]);
    place
}

fn polarity(place: &Place, id: &str) -> String {
    let rows = place.json(&["feedback"])["rows"].clone();
    let row = rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap();
    row["polarity"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_open_is_listed_told_and_counted() {
    let place = placed();
    let scores = place.json(&["scores"]);
    assert_eq!(scores["scores"][0]["open"], "scale", "{scores}");
    assert_eq!((polarity(&place, "1"), polarity(&place, "2")), ("unknown".to_owned(), "unknown".to_owned()));

    let scores = place.json(&["scores", "--scale", "vibe=0..10", "--label", "Plan B=negative"]);
    assert!(scores["scores"].as_array().unwrap().iter().all(|rule| rule["open"] == Value::Null), "{scores}");
    assert_eq!((polarity(&place, "1"), polarity(&place, "2")), ("positive".to_owned(), "negative".to_owned()));
    assert_eq!(place.json(&["overview"])["unknown"], Value::Null);
}

#[test]
fn a_score_or_label_that_nobody_gave_is_refused() {
    let place = placed();
    for wrong in [["--scale", "vibes=0..10"], ["--label", "Plan C=negative"]] {
        let ran = place.run(&["scores", wrong[0], wrong[1]]);
        assert!(ran.code == Some(1) && ran.stderr.contains("`scores` lists them"), "{ran:?}");
    }
}
