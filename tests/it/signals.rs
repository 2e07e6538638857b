//! What users did, derived from the trail: marked, switchable, and out of every measure unless asked for.

use hearback_domain::signal::Rule;
use hearback_domain::{FeedbackType, Filter, Polarity, filter::Authors, rows::FeedbackRow};

use crate::shared::Scratch;

const SET: &str = r#"{"kind":"turn","id":"t1","session_id":"s1","created_at":"2026-05-04T10:00:00Z","query":"How do I cancel my plan?","output":"Open Billing."}
{"kind":"turn","id":"t2","session_id":"s1","created_at":"2026-05-04T10:01:00Z","query":"how can I cancel my plan","output":"Open Billing, then Plan."}
{"kind":"turn","id":"t3","session_id":"s1","created_at":"2026-05-04T10:02:00Z","query":"No, that's not there","output":"Sorry."}
{"kind":"turn","id":"u1","session_id":"s2","created_at":"2026-05-04T11:00:00Z","query":"Where is my invoice?","output":"In Documents."}
{"kind":"turn","id":"u2","session_id":"s2","created_at":"2026-05-04T11:01:00Z","query":"Thanks!","output":"Welcome."}
{"kind":"feedback","id":"f1","turn_id":"u1","created_at":"2026-05-04T11:00:30Z","feedback_type":"thumb","score_name":"thumbs","score":1}
{"kind":"turn","id":"v1","session_id":"s3","created_at":"2026-05-04T12:00:00Z","query":"Hello?","output":"Hi"}
{"kind":"turn","id":"v2","session_id":"s3","created_at":"2026-05-04T12:01:00Z","query":"Hello?","output":"Hi"}
{"kind":"feedback","id":"f2","turn_id":"v1","created_at":"2026-05-04T12:00:30Z","feedback_type":"implicit","label":"regenerated"}
"#;

fn derived(scratch: &Scratch) -> Vec<(String, String)> {
    let mut rows: Vec<FeedbackRow> = Vec::new();
    let filter = Filter { authors: Authors::Derived, ..Filter::default() };
    scratch
        .workspace
        .store_for_tests()
        .snapshot()
        .unwrap()
        .each_feedback(&filter, |row| {
            rows.push(row);
            Ok(())
        })
        .unwrap();
    for row in &rows {
        assert_eq!(row.feedback_type, FeedbackType::Implicit);
        assert!(row.confidence.is_some_and(|weight| weight > 0.0 && weight < 1.0), "the rule's weight");
        let thanks = row.label.as_deref() == Some("thanks");
        assert_eq!(row.polarity, if thanks { Polarity::Positive } else { Polarity::Negative });
    }
    let mut found: Vec<(String, String)> =
        rows.into_iter().map(|row| (row.turn_id.unwrap_or_default(), row.label.unwrap_or_default())).collect();
    found.sort();
    found
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(turn, rule)| ((*turn).to_owned(), (*rule).to_owned())).collect()
}

#[test]
fn signals_are_derived_where_the_export_has_none() {
    let scratch = Scratch::new();
    let path = scratch.write("set.jsonl", SET);
    scratch.import(&[path]).unwrap();
    let expected = pairs(&[("t1", "asked_again"), ("t2", "complaint"), ("t3", "abandoned"), ("u1", "thanks")]);
    assert_eq!(derived(&scratch), expected);
    let people = scratch.workspace.store_for_tests().totals(&Filter::default()).unwrap();
    assert_eq!(people.sums.n, 2, "measures are of what people said");
    assert_eq!(scratch.workspace.summary().unwrap().feedback, 2);

    // The second half of a session arrives later: what looked abandoned was not.
    let more = r#"{"kind":"turn","id":"t4","session_id":"s1","created_at":"2026-05-04T10:03:00Z","query":"that worked, thank you","output":"Fine."}"#;
    let path = scratch.write("more.jsonl", more);
    scratch.import(&[path]).unwrap();
    let expected = pairs(&[("t1", "asked_again"), ("t2", "complaint"), ("t3", "thanks"), ("u1", "thanks")]);
    assert_eq!(derived(&scratch), expected);
}

#[test]
fn a_rule_that_is_switched_off_derives_nothing_and_comes_back() {
    let scratch = Scratch::new();
    let path = scratch.write("set.jsonl", SET);
    scratch.import(&[path]).unwrap();
    let before = derived(&scratch);
    let rules = scratch.workspace.set_signal_rule(Rule::Thanks, false).unwrap();
    assert!(rules.iter().all(|known| known.enabled == (known.rule != Rule::Thanks)));
    assert!(!derived(&scratch).iter().any(|(_, rule)| rule == "thanks"));
    scratch.workspace.set_signal_rule(Rule::Thanks, true).unwrap();
    assert_eq!(derived(&scratch), before);
}

#[test]
fn removing_the_source_removes_what_was_derived_from_it() {
    let scratch = Scratch::new();
    let path = scratch.write("set.jsonl", SET);
    let source = scratch.import(&[path]).unwrap().sources[0].id;
    scratch.workspace.remove_sources(&[source.into()]).unwrap();
    assert_eq!(derived(&scratch), []);
    let summary = scratch.workspace.summary().unwrap();
    assert_eq!((summary.feedback, summary.turns, summary.sessions, summary.sources), (0, 0, 0, 0));
}
