//! Is a text the same, character for character, after import, in the store, on the screen, and exported and imported
//! again, whatever somebody typed?

use std::path::PathBuf;

use hearback_app::{AnalysisOptions, Comparison, ThemeEdit, TrailOf, Workspace};
use hearback_domain::{
    Author, Document, FeedbackRecord, FeedbackType, Filter, Record, SessionRecord, Timestamp, TurnRecord,
    filter::Authors,
    job::Job,
    record::{Metadata, Weight},
    rows::FeedbackRow,
};
use hearback_ingest::canonical;
use hearback_wire as wire;
use serde_json::Value;

use crate::shared::{Scratch, now, rows};

/// A class of texts that somebody's program stumbled over, and one of the class.
fn texts() -> Vec<(&'static str, String)> {
    let classes: &[(&str, &str)] = &[
        ("right to left", "שלום עולם مرحبا بالعالم"),
        ("right to left within left to right", "price \u{202e}000,1 $\u{202c} and \u{2067}כן\u{2069} again"),
        ("zero width", "in\u{200b}vis\u{200c}i\u{200d}ble\u{2060}\u{feff}"),
        ("nothing but zero width", "\u{200b}\u{2063}"),
        ("combining", "Z\u{0351}\u{036b}\u{0343}a\u{0321}\u{034a}l\u{0348}g\u{0330}o\u{0301}"),
        ("composed", "\u{e9}t\u{e9} \u{212b}"),
        ("decomposed", "e\u{301}te\u{301} A\u{30a}"),
        ("emoji joined", "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏿 🇩🇪 1️⃣"),
        ("half an emoji sequence", "👩\u{200d} \u{fe0f} \u{1f3ff}"),
        ("beyond the first plane", "𝒳 𠜎 \u{10fffd}"),
        ("noncharacters", "\u{fffe}\u{ffff}\u{1fffe}\u{10ffff}\u{fdd0}"),
        ("private use and replacement", "\u{e000}\u{f8ff}\u{fffd}"),
        ("controls", "\u{1}\u{2}\u{7}\u{8}\u{b}\u{c}\u{e}\u{1b}[31mred\u{1b}[0m\u{1f}\u{7f}\u{80}\u{85}\u{9f}"),
        ("zero", "before\u{0}after"),
        ("line ends", "one\r\ntwo\rthree\nfour\u{2028}five\u{2029}six\u{85}seven"),
        ("blanks around", "\u{a0}\t two \u{3000} "),
        ("null", "null"),
        ("none of other languages", "None"),
        ("undefined", "undefined"),
        ("not a number", "NaN"),
        ("infinite", "-Infinity"),
        ("truth", "true"),
        ("a number", "0010"),
        ("a number with an exponent", "1e400"),
        ("hexadecimal", "0x1F"),
        ("a date", "2026-02-30T25:61:61Z"),
        ("a formula", "=SUM(A1:A9)+cmd|' /C calc'!A0"),
        ("a formula by another sign", "@SUM(1+1)*cmd|' /C calc'!A0"),
        ("a formula behind a tab", "\t=1+1"),
        ("script", "<script>alert('1')</script><img src=x onerror=alert(1)>"),
        ("markup", "&lt;b&gt; &amp; ]]> <!-- <![CDATA["),
        ("a template", "{{7*7}} ${7*7} #{7*7} <%= 7 %> {@html x}"),
        ("SQL", "'; drop table feedback; --"),
        ("SQL in a list", "a'); delete from turns where ('1'='1"),
        ("placeholders", "%s %n %x {} {0} $1 ? ?1 :a"),
        ("a path", "../../../../etc/passwd\u{20}C:\\Windows\\..\\x \\\\host\\share"),
        ("a device", "CON.txt"),
        ("JSON", r#"{"id":"other","comment":[null,"\u0000"]}"#),
        ("escapes", r#"\n \\ \u0041 \x41 \' \" %0a %00"#),
        ("an escape of half a character", r"\ud800 \udc00"),
        ("quotes", "\"'`´‘’“”«»\"\"\"'''"),
        ("delimiters", "a,b;c\td|e\u{1f}f"),
        ("a table's own words", "sep=;"),
        ("a comment", "# -- // /* */ <!--"),
        ("mojibake", "Ã©tÃ© â€œquoteâ€\u{9d}"),
        ("looks alike", "раураl \u{ff41}\u{ff42} ﬁ Ⅷ ½"),
        ("case that changes length", "ẞ ß İ ı ŉ ǰ ΐ"),
    ];
    let mut texts: Vec<(&str, String)> = classes.iter().map(|(class, text)| (*class, (*text).to_owned())).collect();
    texts.push(("very long", "long \u{1f468}\u{200d}\u{1f469} ".repeat(20_000)));
    texts.push(("one very long word", "x".repeat(300_000)));
    texts.push(("very many marks", format!("a{}", "\u{301}".repeat(50_000))));
    texts
}

fn moment(place: usize) -> Timestamp {
    Timestamp::from_micros(now().micros() - 1_000_000 * (place as i64 + 1))
}

/// What a field of each kind says where a text can be.
mod kind {
    use super::*;

    pub fn word(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    pub fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    pub fn moment(_: &str) -> Option<Timestamp> {
        None
    }

    pub fn whole(_: &str) -> Option<i64> {
        None
    }

    pub fn words(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    pub fn documents(text: &str) -> Vec<Document> {
        vec![Document { id: word(text), title: word(text), content: text.to_owned(), score: Some(0.5) }]
    }
}

macro_rules! turn_that_says {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        fn turn_that_says(text: &str) -> TurnRecord {
            TurnRecord { $($name: kind::$kind(text),)* ..TurnRecord::default() }
        }
    };
}
hearback_domain::turn_fields!(all => turn_that_says);

/// A session, a turn and a feedback that have the text wherever a text can be.
fn records(place: usize, text: &str) -> [Record; 3] {
    let some = || Some(text.to_owned());
    let metadata =
        || Metadata::from([("plain".to_owned(), text.to_owned()), (format!("key {text}"), "value".to_owned())]);
    // The number keeps ids apart; the text is what is looked at.
    let id = |kind: &str| format!("{kind}{place} {text}");
    let session = SessionRecord {
        id: id("s"),
        started_at: Some(moment(place)),
        user_id: some(),
        user_role: some(),
        environment: some(),
        metadata: metadata(),
    };
    let turn = TurnRecord {
        id: id("t"),
        aliases: vec![id("a")],
        weight: Weight::Full,
        session_id: Some(id("s")),
        created_at: Some(moment(place)),
        metadata: metadata(),
        ..turn_that_says(text)
    };
    let feedback = FeedbackRecord {
        created_at: Some(moment(place)),
        session_id: Some(id("s")),
        turn_id: Some(id("t")),
        author: Author::Human,
        score_name: some(),
        score: Some(1.0),
        label: some(),
        reasons: vec![text.to_owned(), "plain".to_owned()],
        comment: some(),
        correction: some(),
        query: None,
        model: some(),
        model_version: some(),
        prompt_version: some(),
        release: some(),
        environment: some(),
        user_id: some(),
        user_role: some(),
        tags: vec![text.to_owned()],
        metadata: metadata(),
        ..FeedbackRecord::new(id("f"), FeedbackType::Thumb)
    };
    [Record::Session(session), Record::Turn(turn), Record::Feedback(feedback)]
}

fn write(scratch: &Scratch, records: &[Record]) -> PathBuf {
    let lines: Vec<String> = records.iter().map(canonical::write).collect();
    scratch.write("hostile.jsonl", lines.join("\n"))
}

fn all_rows(workspace: &Workspace) -> Vec<FeedbackRow> {
    let everyone = Filter { authors: Authors::Everyone, ..Filter::default() };
    rows(workspace, &everyone).into_iter().filter(|row| row.author == Author::Human).collect()
}

/// Imported, without rejects.
fn imported(records: &[Record]) -> Scratch {
    let scratch = Scratch::new();
    let outcome = scratch.import(&[write(&scratch, records)]).unwrap();
    assert_eq!((outcome.total.read, outcome.total.rejected), (records.len() as u64, 0));
    scratch
}

fn all_records() -> Vec<Record> {
    texts().iter().enumerate().flat_map(|(place, (_, text))| records(place, text)).collect()
}

#[test]
fn stored_and_shown_as_typed() {
    let scratch = imported(&all_records());
    let shown: Vec<Value> = all_rows(&scratch.workspace)
        .into_iter()
        .map(|row| serde_json::from_str(&serde_json::to_string(&wire::FeedbackRow::from(row)).unwrap()).unwrap())
        .collect();
    for (place, (class, text)) in texts().iter().enumerate() {
        let id = format!("f{place} {text}");
        let row = shown.iter().find(|row| row["id"] == id.as_str()).unwrap_or_else(|| panic!("{class}: no row"));
        let fields = [
            "scoreName",
            "label",
            "comment",
            "correction",
            "query",
            "model",
            "modelVersion",
            "promptVersion",
            "release",
            "environment",
            "userRole",
        ];
        for field in fields {
            assert_eq!(row[field], text.as_str(), "{class}: {field}");
        }
        assert_eq!(row["reasons"], serde_json::json!([text, "plain"]), "{class}");
        assert_eq!(row["tags"], serde_json::json!([text]), "{class}");
        assert_eq!(row["metadata"]["plain"], text.as_str(), "{class}");
        assert_eq!(row["metadata"][format!("key {text}").as_str()], "value", "{class}");

        // Named by the turn's alias.
        let alias = format!("a{place} {text}");
        let trail = wire::Trail::from(scratch.workspace.trail(TrailOf::Turn(&alias)).unwrap());
        let trail: Value = serde_json::from_str(&serde_json::to_string(&trail).unwrap()).unwrap();
        assert_eq!(trail["sessionId"], format!("s{place} {text}").as_str(), "{class}");
        assert_eq!((&trail["userId"], &trail["userRole"]), (&Value::from(text.as_str()), &Value::from(text.as_str())));
        let turn = &trail["turns"][0];
        let joined = |segments: &Value| -> String {
            segments.as_array().unwrap().iter().map(|segment| segment["text"].as_str().unwrap()).collect()
        };
        assert_eq!((joined(&turn["query"]), joined(&turn["output"])), (text.clone(), text.clone()), "{class}");
        for field in ["systemContext", "promptName", "model"] {
            assert_eq!(turn[field], text.as_str(), "{class}: {field} of the turn");
        }
        let document = serde_json::json!({"id": text, "title": text, "content": text, "score": 0.5});
        assert_eq!(turn["documents"][0], document, "{class}");
        assert_eq!(turn["metadata"]["plain"], text.as_str(), "{class}");
        assert_eq!(turn["feedback"][0]["comment"], text.as_str(), "{class}");
    }
}

#[test]
fn themes_are_named_as_they_are() {
    let scratch = imported(&all_records());
    let workspace = &scratch.workspace.store_for_tests();
    scratch.workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap();
    let id = workspace.themes().unwrap()[0].id;
    for (class, text) in texts() {
        // A name is one line; a note is as it was written.
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let edit = |edit: ThemeEdit| scratch.workspace.edit_themes(&edit, now(), &Job::quiet());
        edit(ThemeEdit::Note { theme: id, note: text.clone() }).unwrap();
        if name.is_empty() {
            assert!(edit(ThemeEdit::Rename { theme: id, name: text.clone() }).is_err(), "{class}");
            continue;
        }
        edit(ThemeEdit::Rename { theme: id, name: text.clone() }).unwrap();
        let list = scratch.workspace.themes(&Filter::default(), &Comparison::PreviousPeriod).unwrap();
        let list: Value = serde_json::from_str(&serde_json::to_string(&wire::ThemeList::from(&list)).unwrap()).unwrap();
        let theme = list["themes"].as_array().unwrap().iter().find(|theme| theme["id"] == id).unwrap();
        assert_eq!((&theme["name"], &theme["note"]), (&name.into(), &text.trim().into()), "{class}");
    }
}

#[test]
fn exported_and_imported_again_nothing_has_changed() {
    let without = [("sources", "digest"), ("sources", "path"), ("sources", "bytes")];
    let records = all_records();
    let scratch = imported(&records);
    let first = scratch.workspace.store_for_tests().content(&without).unwrap();
    // What was read is written, and that is read.
    let again: Vec<Record> = records
        .into_iter()
        .map(|record| match record {
            Record::Feedback(feedback) => {
                let id = std::slice::from_ref(&feedback.id);
                let row = scratch.workspace.store_for_tests().feedback_by_id(id).unwrap().remove(0);
                Record::Feedback(FeedbackRecord {
                    score_name: row.score_name,
                    label: row.label,
                    reasons: row.reasons,
                    comment: row.comment,
                    correction: row.correction,
                    model: row.model,
                    model_version: row.model_version,
                    prompt_version: row.prompt_version,
                    release: row.release,
                    environment: row.environment,
                    user_role: row.user_role,
                    tags: row.tags,
                    metadata: row.metadata,
                    ..feedback
                })
            }
            other => other,
        })
        .collect();
    let second = imported(&again).workspace.store_for_tests().content(&without).unwrap();
    for (table, rows) in &first {
        if table != "properties" {
            assert_eq!(rows, &second[table], "{table}");
        }
    }

    // The table for spreadsheets holds the same texts.
    let mut table = Vec::new();
    scratch.workspace.export_feedback(&Filter::default(), &mut table, &Job::quiet()).unwrap();
    let third = Scratch::new();
    third.import(&[third.write("feedback.csv", table)]).unwrap();
    let (written, read) = (all_rows(&scratch.workspace), all_rows(&third.workspace));
    assert_eq!(written.len(), read.len());
    for written in &written {
        let read = read.iter().find(|row| row.id == written.id).unwrap_or_else(|| panic!("{} is gone", written.id));
        let texts = |row: &FeedbackRow| {
            [&row.comment, &row.correction, &row.label, &row.score_name, &row.query, &row.model, &row.release]
                .map(Clone::clone)
        };
        assert_eq!(texts(written), texts(read));
        assert_eq!((&written.session_id, &written.turn_id), (&read.session_id, &read.turn_id));
    }
}

#[test]
fn half_a_character_is_no_text_and_costs_its_own_record_alone() {
    let scratch = Scratch::new();
    let lines = [
        r#"{"id":"a","comment":"before","score":1}"#,
        r#"{"id":"b","comment":"lone \ud83d half","score":1}"#,
        r#"{"id":"c","comment":"wrong way round \udc4d\ud83d","score":1}"#,
        r#"{"id":"d","comment":"whole \ud83d\udc4d","score":1}"#,
    ];
    let outcome = scratch.import(&[scratch.write("halves.jsonl", lines.join("\n"))]).unwrap();
    assert_eq!((outcome.total.read, outcome.total.rejected), (4, 2));
    let rejects = scratch.workspace.store_for_tests().rejects(None, None, 10).unwrap().rows;
    for (reject, line) in rejects.iter().zip(&lines[1..]) {
        assert!(!reject.reason.is_empty());
        assert_eq!(reject.raw.trim_end(), *line);
    }
    let comments: Vec<Option<String>> = all_rows(&scratch.workspace).into_iter().map(|row| row.comment).collect();
    assert!(
        comments.contains(&Some("before".to_owned())) && comments.contains(&Some("whole 👍".to_owned())),
        "{comments:?}"
    );
}
