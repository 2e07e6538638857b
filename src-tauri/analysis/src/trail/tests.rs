use super::*;
use hearback_domain::{Author, FeedbackType, Polarity, Span, Timestamp, record::Metadata};

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

fn turn(id: &str, position: Option<i64>, second: Option<i64>, context: Option<&str>) -> TurnRecord {
    TurnRecord {
        id: id.to_owned(),
        created_at: second.map(at),
        position,
        query: Some("Can I return it?".to_owned()),
        system_context: context.map(str::to_owned),
        output: Some("Yes, within 60 days.".to_owned()),
        ..TurnRecord::default()
    }
}

macro_rules! feedback {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        pub(super) fn feedback(id: &str, turn_id: Option<&str>, second: Option<i64>) -> FeedbackRow {
            FeedbackRow {
                id: id.to_owned(),
                created_at: second.map(at),
                session_id: Some("s".to_owned()),
                turn_id: turn_id.map(str::to_owned),
                feedback_type: FeedbackType::Comment,
                author: Author::Human,
                polarity: Polarity::Negative,
                score_name: None,
                score: None,
                score_normal: None,
                label: None,
                reasons: Vec::new(),
                comment: None,
                correction: None,
                confidence: None,
                span: None,
                query: None,
                $($name: Default::default(),)*
                theme_id: None,
                theme_name: None,
                source_name: "test".to_owned(),
                metadata: Metadata::new(),
            }
        }
    };
}
hearback_domain::turn_fields!(rows => feedback);

fn ids(trail: &Trail) -> Vec<&str> {
    trail.entries.iter().map(|entry| entry.turn.id.as_str()).collect()
}

#[test]
fn feedback_stands_where_it_belongs() {
    let trail = assemble(
        None,
        vec![turn("t2", Some(2), Some(1), None), turn("t1", Some(1), Some(9), None)],
        vec![
            feedback("late", Some("t1"), Some(20)),
            feedback("unknown", Some("t1"), None),
            feedback("early", Some("t1"), Some(10)),
            feedback("whole", None, Some(1)),
            feedback("lost", Some("elsewhere"), Some(1)),
            feedback("b", Some("t2"), Some(5)),
            feedback("a", Some("t2"), Some(5)),
        ],
    );
    assert_eq!(ids(&trail), ["t1", "t2"]);
    let of = |rows: &[FeedbackRow]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    assert_eq!(of(&trail.entries[0].feedback), ["early", "late", "unknown"]);
    assert_eq!(of(&trail.entries[1].feedback), ["a", "b"]);
    assert_eq!(of(&trail.session_feedback), ["whole"]);
    assert_eq!(of(&trail.orphan_feedback), ["lost"]);
}

#[test]
fn time_decides_where_positions_are_missing() {
    let turns = vec![
        turn("no time", None, None, None),
        turn("third", Some(1), Some(30), None),
        turn("second b", None, Some(20), None),
        turn("second a", None, Some(20), None),
        turn("first", Some(7), Some(10), None),
    ];
    assert_eq!(ids(&assemble(None, turns, Vec::new())), ["first", "second a", "second b", "third", "no time"]);
}

#[test]
fn a_context_is_compared_with_the_latest_one_before() {
    let trail = assemble(
        None,
        vec![
            turn("1", Some(1), None, Some("Refunds within 60 days.")),
            turn("2", Some(2), None, None),
            turn("3", Some(3), None, Some("Refunds within 60 days.")),
            turn("4", Some(4), None, Some("Refunds within 30 days.")),
            turn("5", Some(5), None, Some("")),
        ],
        Vec::new(),
    );
    let contexts: Vec<&ContextChange> = trail.entries.iter().map(|entry| &entry.context).collect();
    assert_eq!(contexts[0], &ContextChange::First);
    assert_eq!(contexts[1], &ContextChange::Absent);
    assert_eq!(contexts[2], &ContextChange::Same { entry: 0 });
    assert!(matches!(contexts[3], ContextChange::Changed { entry: 2, changes: 1, runs } if runs.len() == 4));
    assert_eq!(contexts[4], &ContextChange::Absent);
}

#[test]
fn annotations_mark_the_words_they_mean() {
    let mut annotation = feedback("a", Some("t"), None);
    annotation.span =
        Some(Span { target: SpanTarget::Output, start: 5, end: 19, quote: Some("within 60 days".to_owned()) });
    let mut wrong = feedback("w", Some("t"), None);
    wrong.span = Some(Span { target: SpanTarget::Query, start: 90, end: 95, quote: None });
    let trail = assemble(None, vec![turn("t", None, None, None)], vec![annotation, wrong]);
    let entry = &trail.entries[0];
    let marked: Vec<&str> =
        entry.output.iter().filter(|segment| !segment.marks.is_empty()).map(|segment| segment.text.as_str()).collect();
    assert_eq!(marked, ["within 60 days"]);
    assert_eq!(entry.query.len(), 1);
    assert_eq!(entry.span_notes.len(), 1);
    assert_eq!(entry.span_notes[0].feedback_id, "w");
}
