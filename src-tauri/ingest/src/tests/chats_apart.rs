//! Is nothing else taken for a chat, and is every chat read or rejected whatever stands in it?

use std::collections::BTreeSet;

use super::*;
use crate::canonical;

const FORMATS: &[&str] = &[
    "lmsys-arena",
    "chatgpt",
    "fastchat",
    "hh-rlhf",
    "lmsys-chat",
    "openassistant",
    "open-webui",
    "openai-chat",
    "openai-preference",
    "hh-red-team",
    "sharegpt",
    "trl-dpo",
    "wildchat",
];

/// Other tools' files are none of these, and other formats do not claim these.
#[test]
fn nothing_else_is_taken_for_a_chat() {
    let mut folders = vec![fixture("")];
    folders.extend(shared("data"));
    let paths = expand(&folders).unwrap();
    let (mut ours, mut others) = (BTreeSet::new(), 0);
    // What lies in `cases` is what nobody reads rightly yet.
    for path in paths.into_iter().filter(|path| !path.components().any(|part| part.as_os_str() == "cases")) {
        let Ok(recognised) = recognise(&path, &ReadOptions::default()) else { continue };
        // Cases of tools that have no reader of their own yet; their own check says what becomes of them.
        if path.components().any(|part| part.as_os_str() == "cases") {
            continue;
        }
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let name = recognised.format.name();
        // Phoenix hands out its datasets in OpenAI's form, too.
        let is_openai = path.file_name().is_some_and(|name| name.to_string_lossy().contains("openai"));
        if folder == "phoenix" && is_openai && name == "openai-chat" {
            continue;
        }
        let is_ours = folder == "chats" || folder == "open_webui";
        assert_eq!(FORMATS.contains(&name), is_ours, "{} is {recognised:?}", path.display());
        if is_ours {
            ours.insert(name);
        } else {
            others += 1;
        }
    }
    assert_eq!(ours, FORMATS.iter().copied().collect());
    println!("{others} others");
}

/// Whole files of tools that also wrap lists of messages, or share key names with chats.
#[test]
fn look_alikes_are_told_apart() {
    let format = |content: &str| {
        let file = written("x.jsonl", content);
        recognise(&file.path, &ReadOptions::default()).map(|found| found.format.name())
    };
    let messages = r#"[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]"#;
    let chat = format!(r#"{{"conversation_id":"c","model":"m","conversation":{messages},"turn":1,"redacted":false}}"#);
    assert_eq!(format(&chat).unwrap(), "lmsys-chat");
    let nontoxic = chat.replace("\"redacted\"", "\"detoxify_moderation\":[],\"redacted\"");
    assert_eq!(format(&nontoxic).unwrap(), "wildchat");
    let pair = r#"{"chosen":"\n\nHuman: a\n\nAssistant: b","rejected":"\n\nHuman: a\n\nAssistant: c"}"#;
    assert_eq!(format(pair).unwrap(), "hh-rlhf");
    assert_eq!(format(&pair.replace("Human:", "User:")).unwrap(), "trl-dpo");
    let prompter = r#"{"message_id":"m","parent_id":null,"text":"t","role":"prompter","messages":[{"role":"user"}]}"#;
    assert_eq!(format(prompter).unwrap(), "openassistant");
    // A trace that carries its messages beside its ids is the tool's, and a table of questions nobody's chat.
    let trace = format!(
        r#"{{"id":"t","timestamp":"2026-07-02T09:14:01Z","release":null,"sessionId":"s","bookmarked":false,"public":false,"messages":{messages}}}"#
    );
    assert_eq!(format(&trace).unwrap(), "langfuse");
    // Feedback within the first line is no list of records.
    let rated = format!(r#"{{"messages":{messages},"feedback":[{{"rating":1}}]}}"#);
    assert_eq!(format(&format!("{rated}\n{rated}\n{{\"messages\":7}}\n")).unwrap(), "openai-chat");
    assert!(format(r#"{"messages":["a","b"],"mapping":"x","conversations":7}"#).is_err());
    assert!(format(r#"{"data":{"ratings":1},"snapshot":null}"#).is_err());
}

/// Every file that says anything is read the same from a list, from lines and (one level deep) from Parquet.
#[test]
fn votes_of_an_arena_come_as_parquet_too() {
    use std::sync::Arc;

    use parquet::{
        data_type::{ByteArray, ByteArrayType, DoubleType},
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };

    let expected = read_file(&fixture("chats/arena.jsonl")).records();
    let lines = std::fs::read_to_string(fixture("chats/arena.jsonl")).unwrap();
    let rows: Vec<serde_json::Value> = lines.lines().take(3).map(|line| serde_json::from_str(line).unwrap()).collect();
    let columns = ["question_id", "model_a", "model_b", "winner", "judge", "conversation_a", "conversation_b"];
    let schema = columns.map(|name| format!("required binary {name} (UTF8);")).concat();
    let schema = parse_message_type(&format!("message m {{ {schema} required double tstamp; }}")).unwrap();
    let file = written("arena.parquet", "");
    let out = std::fs::File::create(&file.path).unwrap();
    let mut writer =
        SerializedFileWriter::new(out, Arc::new(schema), Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for name in columns {
        let values: Vec<ByteArray> =
            rows.iter().map(|row| crate::row::plain_text(&row[name]).unwrap().as_str().into()).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    let times: Vec<f64> = rows.iter().map(|row| row["tstamp"].as_f64().unwrap()).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&times, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();

    let outcome = read_file(&file.path);
    assert_eq!(outcome.recognised.title, "LMSYS arena votes (Parquet)");
    let bare = |records: &[Record]| -> Vec<_> {
        let told = |record: &Record| match record {
            Record::Feedback(feedback) => {
                format!("{} {:?} {:?} {:?}", feedback.id, feedback.polarity, feedback.created_at, feedback.correction)
            }
            Record::Turn(turn) => format!("{} {:?} {:?} {:?}", turn.id, turn.query, turn.output, turn.model),
            _ => String::new(),
        };
        records.iter().map(told).collect()
    };
    let records = outcome.records();
    assert_eq!(records.len(), 13);
    assert_eq!(bare(&records), bare(&expected[..13]));
}

/// Each value of each fixture, replaced by a value of every other kind: read or rejected with a reason, never lost.
#[test]
fn values_of_the_wrong_kind_are_read_or_rejected() {
    use serde_json::{Value, json};

    /// Every place in a value, as JSON pointers.
    fn places(value: &Value, place: &str, into: &mut Vec<String>) {
        into.push(place.to_owned());
        match value {
            Value::Object(object) => {
                object.iter().for_each(|(key, inner)| {
                    places(inner, &format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), into);
                });
            }
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(key, inner)| places(inner, &format!("{place}/{key}"), into));
            }
            _ => {}
        }
    }
    // What is structure, or must not be kept, or is told as unmapped.
    let dropped = |place: &str| {
        let last = place.rsplit('/').find(|part| part.parse::<u64>().is_err()).unwrap_or_default();
        matches!(last, "ip" | "childrenIds" | "children" | "parentId" | "parent" | "parent_id" | "currentId")
            || place == "/user_id"
            // A node's key is its id.
            || place.starts_with("/mapping/") && place.ends_with("/id") && matches!(place.matches('/').count(), 3 | 4)
    };
    let folder = tempfile::tempdir().unwrap();
    let (mut count, mut told_lost) = (0, String::new());
    for name in ["chats", "open_webui"] {
        for path in expand(&[fixture(name)]).unwrap() {
            if path.ends_with("feedback.json") || path.ends_with("chats.json") {
                // As versions.json, at forty times the size.
                continue;
            }
            let recognised = recognise(&path, &ReadOptions::default()).unwrap();
            let mut rows: Vec<Value> = Vec::new();
            let bytes = std::fs::read(&path).unwrap();
            let text = if bytes.starts_with(&[0x1f, 0x8b]) {
                std::io::read_to_string(flate2::read::GzDecoder::new(bytes.as_slice())).unwrap()
            } else {
                String::from_utf8(bytes).unwrap()
            };
            match serde_json::from_str::<Value>(&text) {
                Ok(Value::Array(list)) => rows.extend(list),
                _ => rows.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap())),
            }
            let (mut lines, mut markers) = (Vec::new(), Vec::new());
            for row in &rows {
                let mut pointers = Vec::new();
                places(row, "", &mut pointers);
                for pointer in pointers.iter().filter(|pointer| !pointer.is_empty()) {
                    let marker = lines.len().to_string();
                    let text = Value::String(format!("lost-{marker}-found"));
                    if !dropped(pointer) {
                        markers.push((marker, pointer.clone()));
                    }
                    for other in [
                        text,
                        json!(null),
                        json!(7),
                        json!(-1.5e300),
                        json!(true),
                        json!([]),
                        json!({}),
                        json!([[1], {"a": {}}]),
                        json!({"role": 1, "content": [[]]}),
                    ] {
                        let mut row = row.clone();
                        *row.pointer_mut(pointer).unwrap() = other;
                        lines.push(row.to_string());
                    }
                }
            }
            count += lines.len();
            let mutated = folder.path().join("mutated.jsonl");
            std::fs::write(&mutated, lines.join("\n")).unwrap();
            let options = ReadOptions { format: Some(recognised.format.name().to_owned()), ..ReadOptions::default() };
            let outcome = try_read(&mutated, &options).unwrap();
            assert_eq!(outcome.report.read, lines.len() as u64, "{}", path.display());
            let mut told = BTreeSet::new();
            let mut kept = String::new();
            for (origin, record) in &outcome.collected.records {
                told.insert(origin.record);
                kept += &canonical::write(record);
            }
            for reject in &outcome.collected.rejects {
                told.insert(reject.origin.record);
                assert!(reject.reason.len() > 10, "{reject:?}");
                kept += &reject.raw;
            }
            // Single messages are told with their tree.
            if !path.ends_with("oasst_messages.jsonl") {
                let silent: Vec<_> = (1..=lines.len() as u64).filter(|number| !told.contains(number)).collect();
                assert!(silent.is_empty(), "{}: {silent:?} {}", path.display(), lines[silent[0] as usize - 1]);
            }
            let unmapped = |place: &str| {
                let last = place.rsplit('/').next().unwrap_or_default();
                outcome.report.unmapped.iter().any(|field| field.field.ends_with(last))
            };
            let kept: BTreeSet<&str> = kept
                .split("lost-")
                .skip(1)
                .filter_map(|rest| rest.split_once("-found").map(|(number, _)| number))
                .collect();
            let lost: Vec<_> = markers
                .iter()
                .filter(|(marker, place)| !kept.contains(marker.as_str()) && !unmapped(place))
                .map(|(_, place)| place)
                .collect();
            told_lost += &lost.iter().map(|place| format!("{} {place}\n", path.display())).collect::<String>();
        }
    }
    assert_eq!(told_lost, "");
    println!("{count} records");
}

/// A long conversation takes time in proportion, and one that would be repeated without end is refused.
#[test]
fn long_conversations_and_repeated_texts_have_their_bounds() {
    let exchange = r#"{"role":"user","content":"q"},{"role":"assistant","content":"a"}"#;
    let system = format!(r#"{{"role":"system","content":"{}"}}"#, "s".repeat(10_000));
    let long = format!(r#"{{"id":"c","messages":[{system},{}]}}"#, vec![exchange; 20_000].join(","));
    let outcome = read_bytes("x.jsonl", long);
    let turns = outcome.turns();
    let told = turns.iter().filter(|turn| turn.system_context.is_some()).count();
    assert_eq!(
        (turns.len(), told),
        (20_000, (128 << 20) / 10_000),
        "the system prompt is repeated for as long as there is room"
    );
    let unmapped: Vec<_> = outcome.report.unmapped.iter().map(|field| (field.field.as_str(), field.count)).collect();
    assert_eq!(unmapped, [("system prompt (too long to be repeated)", 20_000 - told as u64)]);

    let node = |id: &str, parent: &str, role: &str, text: &str| {
        format!(
            r#""{id}":{{"parent":"{parent}","message":{{"author":{{"role":"{role}"}},"content":{{"content_type":"text","parts":["{text}"]}}}}}}"#
        )
    };
    let mut nodes = vec![node("q", "", "user", &"q".repeat(1 << 20))];
    nodes.extend((0..200).map(|number| node(&format!("a{number}"), "q", "assistant", "a")));
    let wide = format!(r#"{{"id":"c","title":"t","mapping":{{{}}}}}"#, nodes.join(","));
    let outcome = read_bytes("x.json", wide);
    assert!(outcome.rejects().contains("its questions, repeated for each answer, are more than 128 MiB"));
    assert_eq!(outcome.turns().len(), 0);

    let long_id = format!(r#"{{"id":"{}","messages":[{exchange}]}}"#, "i".repeat(2000));
    assert!(read_bytes("x.jsonl", long_id).rejects().contains("longer than 1024 bytes"));
}

#[test]
fn addresses_are_not_kept() {
    let row = r#"{"id":"f","user_id":"u","type":"rating","data":{"rating":1},"meta":{"chat_id":"c","message_id":"m"},"snapshot":null,"user":{"id":"u","name":"Ann","email":"ann@example.org","role":"admin"}}"#;
    let outcome = read_bytes("x.jsonl", row);
    let told = canonical::write(&outcome.records()[0]);
    assert!(!told.contains("Ann") && !told.contains("example.org"), "{told}");
    assert_eq!(outcome.feedback()[0].user_role.as_deref(), Some("admin"));
    let log = read_file(&fixture("chats/fastchat.jsonl"));
    assert!(log.records().iter().all(|record| !canonical::write(record).contains("203.0.113")));
}
