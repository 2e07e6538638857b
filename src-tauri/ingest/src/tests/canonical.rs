use expect_test::expect;

use super::*;
use crate::canonical::{self, FIELDS, Field, On};
use hearback_domain::{
    Author, Document, FeedbackType, Polarity, SessionRecord, Span, Timestamp, VectorRecord,
    polarity::ScoreType,
    record::{Metadata, SpanTarget, Weight},
};

const HARD: &str = " =SUM(A1)\r\n\"q\" \u{202e}مرحبا 👩‍👩‍👧 \\ \t<b>;|,[";

fn metadata() -> Metadata {
    [("surface", "web"), ("nested", "{\"a\":[1,null]}"), ("empty", ""), ("söme \"key\"", HARD)]
        .into_iter()
        .filter(|(key, _)| *key != "empty")
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn text(name: &str) -> Option<String> {
    Some(format!("{name} {HARD}"))
}

fn moment(micros: i64) -> Option<Timestamp> {
    Some(Timestamp::from_micros(micros))
}

fn full_session() -> SessionRecord {
    SessionRecord {
        id: "s 1".into(),
        started_at: moment(1_782_983_643_120_001),
        user_id: text("user"),
        user_role: text("role"),
        environment: text("environment"),
        metadata: metadata(),
    }
}

/// A value of each kind, by the name of its field.
mod kind {
    use super::*;

    pub fn word(name: &str) -> Option<String> {
        text(name)
    }

    pub fn text(name: &str) -> Option<String> {
        super::text(name)
    }

    pub fn moment(_: &str) -> Option<Timestamp> {
        super::moment(-1)
    }

    pub fn whole(name: &str) -> Option<i64> {
        i64::try_from(name.len()).ok()
    }

    pub fn words(name: &str) -> Vec<String> {
        vec![format!("{name};b"), HARD.into()]
    }

    pub fn documents(name: &str) -> Vec<Document> {
        vec![
            Document { id: text(name), title: text("title"), content: HARD.into(), score: Some(0.1 + 0.2) },
            Document { content: String::new(), ..Document::default() },
        ]
    }
}

macro_rules! full_turn {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        fn full_turn() -> TurnRecord {
            TurnRecord {
                id: "t1".into(),
                aliases: vec!["span-1".into(), "response, 2; b".into()],
                weight: Weight::Fill,
                $($name: kind::$kind(stringify!($name)),)*
                metadata: metadata(),
            }
        }
    };
}
hearback_domain::turn_fields!(all => full_turn);

fn full_feedback() -> FeedbackRecord {
    FeedbackRecord {
        id: "f1".into(),
        created_at: moment(1_782_983_643_000_000),
        session_id: text("session"),
        turn_id: text("turn"),
        feedback_type: FeedbackType::Annotation,
        author: Author::Judge,
        score_name: text("score"),
        score: Some(-1.0e-7),
        score_type: ScoreType::Categorical,
        scale: None,
        label: text("label"),
        polarity: Some(Polarity::Neutral),
        reasons: vec!["too vague; or".into(), HARD.into()],
        comment: text("comment"),
        correction: text("correction"),
        confidence: Some(0.9),
        span: Some(Span { target: SpanTarget::Query, start: 0, end: 9, quote: text("quote") }),
        query: None,
        output: None,
        model: text("model"),
        model_version: text("version"),
        prompt_version: text("prompt version"),
        release: text("release"),
        environment: text("environment"),
        user_id: text("user"),
        user_role: text("role"),
        tags: vec!["x".into()],
        metadata: metadata(),
    }
}

fn everything() -> Vec<Record> {
    let mut records = vec![
        Record::Session(full_session()),
        Record::Session(SessionRecord { id: "s2".into(), ..SessionRecord::default() }),
        Record::Turn(full_turn()),
        Record::Turn(TurnRecord {
            id: "ends".into(),
            output: Some(String::new()),
            latency_ms: Some(i64::MAX),
            input_tokens: Some(0),
            output_tokens: Some(-7),
            ..TurnRecord::default()
        }),
        Record::Turn(TurnRecord { id: "t2".into(), ..TurnRecord::default() }),
        Record::Feedback(full_feedback()),
        Record::Vector(VectorRecord { model: "m".into(), text: HARD.into(), vector: vec![0.25, -1.5e-7, 3.0] }),
    ];
    records.extend(
        FeedbackType::ALL.iter().map(|value| Record::Feedback(FeedbackRecord::new(format!("f-{value}"), *value))),
    );
    records
}

#[test]
fn reading_what_was_written_gives_every_field_back() {
    let expected = everything();
    let lines: Vec<String> = expected.iter().map(canonical::write).collect();
    assert_eq!(read_bytes("x.jsonl", lines.join("\n")).records(), expected);
    assert_eq!(read_bytes("x.json", format!("[{}]", lines.join(",\n"))).records(), expected);
    assert_eq!(
        read_bytes("x.json", format!("{{\"meta\":{{}},\n \"data\":[{}]}}", lines.join(","))).records(),
        expected
    );
    assert_eq!(read_bytes("x.txt", lines.join("\r\n\r\n")).records(), expected);
    assert_eq!(read_bytes("x.gz", gzip(lines.join("\n").as_bytes())).records(), expected);
    let pretty: Vec<String> = lines
        .iter()
        .map(|line| serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(line).unwrap()).unwrap())
        .collect();
    assert_eq!(read_bytes("x.json", pretty.join("\n")).records(), expected);
}

#[test]
fn a_table_carries_the_same_fields() {
    let expected = everything();
    let lines: Vec<serde_json::Map<String, serde_json::Value>> =
        expected.iter().map(|record| serde_json::from_str(&canonical::write(record)).unwrap()).collect();
    let mut columns: Vec<&str> = FIELDS.iter().map(|field| field.name).filter(|name| *name != "metadata").collect();
    let keys: Vec<String> = metadata().keys().map(|key| format!("metadata.{key}")).collect();
    columns.extend(keys.iter().map(String::as_str));
    for delimiter in *b",;\t|" {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(&columns).unwrap();
        for line in &lines {
            let cell = |name: &&str| {
                let value = match name.strip_prefix("metadata.") {
                    Some(key) => line.get("metadata").and_then(|metadata| metadata.get(key)),
                    None => line.get(*name),
                };
                value.and_then(crate::row::plain_text).unwrap_or_default()
            };
            writer.write_record(columns.iter().map(cell)).unwrap();
        }
        let outcome = read_bytes("x.csv", [b"\xef\xbb\xbf".to_vec(), writer.into_inner().unwrap()].concat());
        // A table cannot tell empty from missing.
        let expected: Vec<Record> = expected
            .iter()
            .cloned()
            .map(|record| match record {
                Record::Turn(turn) => {
                    Record::Turn(TurnRecord { output: turn.output.filter(|text| !text.is_empty()), ..turn })
                }
                other => other,
            })
            .collect();
        assert_eq!(outcome.records(), expected, "delimiter {:?}", char::from(delimiter));
    }
}

#[test]
fn a_feedback_brings_its_turn_along() {
    let outcome = read_bytes(
        "x.jsonl",
        r#"{"id":"f1","feedback_type":"thumb","score":0,"query":"Refund?","output":"60 days","system_context":"Be kind","documents":["Refunds: 30 days"],"model_version":"2.1","session_id":"s1","created_at":"2026-07-02"}
{"id":"f2","comment":"ok","turn_id":"t9","output":""}
{"id":"f3","comment":"ok","turn_id":"t9"}"#,
    );
    let turns = outcome.turns();
    assert_eq!(turns.len(), 2);
    assert_eq!((turns[0].id.as_str(), turns[0].weight), ("f1:turn", Weight::Fill));
    assert_eq!(turns[0].system_context.as_deref(), Some("Be kind"));
    assert_eq!(turns[0].documents[0].content, "Refunds: 30 days");
    assert_eq!(turns[0].session_id.as_deref(), Some("s1"));
    assert_eq!((turns[1].id.as_str(), turns[1].output.as_deref()), ("t9", Some("")));
    let feedback = outcome.feedback();
    assert_eq!(feedback[0].turn_id.as_deref(), Some("f1:turn"));
    assert_eq!(feedback[0].query.as_deref(), Some("Refund?"));
    assert_eq!(feedback[0].model_version.as_deref(), Some("2.1"));
    assert_eq!(feedback[2].turn_id.as_deref(), Some("t9"));
}

#[test]
fn what_a_row_is_follows_from_what_it_holds() {
    let outcome = read_bytes(
        "x.jsonl",
        r#"{"kind":"feedback","id":"1","score":4}
{"kind":"feedback","id":"2","score":true,"other":{"a":1}}
{"kind":"feedback","id":"3","score":"👎"}
{"kind":"feedback","id":"4","label":"vague"}
{"kind":"feedback","id":"5","correction":"30 days"}
{"kind":"feedback","id":"6","comment":"hm","span":{"start":0,"end":2}}
{"id":"7","query":"only a turn","output":"yes"}
{"kind":"feedback","comment":"twice"}
{"comment":"twice","kind":"feedback"}"#,
    );
    let types: Vec<_> =
        outcome.feedback().iter().map(|feedback| (feedback.feedback_type.word(), feedback.score)).collect();
    assert_eq!(
        types,
        [
            ("rating", Some(4.0)),
            ("thumb", Some(1.0)),
            ("thumb", Some(0.0)),
            ("category", None),
            ("correction", None),
            ("annotation", None),
            ("comment", None),
            ("comment", None)
        ]
    );
    assert_eq!(outcome.turns().len(), 1);
    assert_eq!(outcome.feedback()[1].metadata["other"], "{\"a\":1}");
    let ids: Vec<&str> = outcome.feedback().iter().rev().take(2).map(|feedback| feedback.id.as_str()).collect();
    assert_eq!(ids[0], format!("{}-2", ids[1]), "equal rows are numbered");
}

#[test]
fn what_is_wrong_is_rejected_and_the_rest_is_read() {
    let content = "{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"a\"}\n{\"kind\":\"feedback\",\"id\":\"2\"\n\n  {\"kind\":\"feedback\",\"id\":\"3\",\"created_at\":\"yesterday\",\"comment\":\"b\"}\n{\"kind\":\"turn\"}\n{\"kind\":\"song\"}\n{\"id\":\"5\"}\n[1]\n{\"id\":\"6\",\"feedback_type\":\"stars\",\"comment\":\"\"}\n{\"id\":\"7\",\"comment\":\"\\ud800\"}\n{\"kind\":\"feedback\",\"id\":\"8\",\"comment\":\"c\"}";
    let mut bytes = content.as_bytes().to_vec();
    bytes.extend(b"\n{\"id\":\"9\",\"comment\":\"caf\xe9\"}\n");
    let outcome = read_bytes("x.jsonl", bytes);
    expect![[r#"
        2 @43 not valid JSON: EOF while parsing an object at line 1 column 27 | "{\"kind\":\"feedback\",\"id\":\"2\""
        3 @74 created_at is not a time that can be read: "yesterday" | "{\"kind\":\"feedback\",\"id\":\"3\",\"created_at\""
        4 @142 a turn needs an id | "{\"kind\":\"turn\"}"
        5 @158 there is no kind "song": session, turn, feedback or vector | "{\"kind\":\"song\"}"
        6 @174 it holds neither feedback (score, label, reasons, comment, correction) nor a turn (query, output) | "{\"id\":\"5\"}"
        7 @185 the record is a list, not an object | "[1]"
        8 @189 feedback_type has no value "stars" | "{\"id\":\"6\",\"feedback_type\":\"stars\",\"comme"
        9 @237 a text is not valid JSON: unexpected end of hex escape at line 1 column 8 | "{\"id\":\"7\",\"comment\":\"\\ud800\"}"
        11 @310 not valid UTF-8: invalid utf-8 sequence of 1 bytes from index 24 | "{\"id\":\"9\",\"comment\":\"caf�\"}"
    "#]]
    .assert_eq(&outcome.rejects());
    assert_eq!(outcome.report.read, 11);
    assert_eq!(outcome.feedback().len(), 2);
}

/// `UPDATE_DOCS=1 cargo test -p hearback-ingest --lib` writes the table; without it, a difference fails.
#[test]
fn the_document_has_every_field() {
    let path = root().join("docs/canonical-format.md");
    let document = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let head = "| field | on | meaning |\n|---|---|---|\n";
    let (before, rest) = document.split_once(head).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let row = |field: &Field| {
        let on = match field.on {
            On::Every => "all",
            On::Session => "session",
            On::Turn => "turn",
            On::Feedback => "feedback",
            On::Vector => "vector",
            On::TurnAndFeedback => "turn, feedback",
        };
        format!("| `{}` | {on} | {} |\n", field.name, field.meaning)
    };
    let written = format!("{before}{head}{}\n{after}", FIELDS.iter().map(row).collect::<String>());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &written).unwrap();
    } else {
        assert!(document == written, "docs/canonical-format.md is out of date: UPDATE_DOCS=1 writes its table");
    }
}
