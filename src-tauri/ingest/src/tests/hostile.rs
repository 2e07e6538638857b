use std::ops::ControlFlow;

use super::{
    pack::{member, sheet_rows, workbook, zip},
    *,
};
use crate::{
    container::{self, Delimiter, Visit},
    limits,
};
use hearback_domain::{FeedbackType, Origin, Reject};

#[test]
fn what_is_no_export_is_told_so() {
    for (name, content) in [
        ("x.jsonl", ""),
        ("x.csv", " \n\r\n"),
        ("x.json", "[]"),
        ("x.json", "{\"data\":[],\"meta\":{}}"),
        ("x.csv", "a,b\n"),
        ("x", "\u{feff}"),
    ] {
        let error = error_of(name, content);
        assert!(error.message.ends_with("holds no records"), "{name}: {error}");
    }
    assert!(
        error_of("x.csv", "customer,age\nann,41\n").hint.is_some_and(|hint| hint.ends_with("it has: customer, age"))
    );
    assert!(error_of("x.txt", [0_u8; 4096]).message.ends_with("is binary, not text"));
    assert!(error_of("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").message.contains("old Excel file"));
    assert!(error_of("x.zip", b"PK\x03\x04....").message.contains("zip archive"));
    assert!(error_of("x.parquet", b"PAR1 lies PAR1").message.contains("not a Parquet file"));
    // The first record of a log of LevelDB, with its checksum.
    let error = error_of("output-0", [b"\xd1\x8e\x4a\x2b\x06\x00\x01entity".as_slice(), &[0; 4096]].concat());
    assert!(
        error.message.ends_with("is a managed export of Firestore, which only Google's own services read"),
        "{error}"
    );
    let error = error_of("x.jsonl", "{nope}\n{neither}\n");
    assert!(error.message.starts_with("no record of"), "{error}");
    assert!(
        error.hint.is_some_and(|hint| hint.starts_with("record 1 at byte 0: not valid JSON: key must be a string"))
    );
}

#[test]
fn a_folder_named_like_a_file_and_a_file_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("x.csv");
    std::fs::create_dir(&odd).unwrap();
    assert!(recognise(&odd, &ReadOptions::default()).unwrap_err().message.ends_with("is a folder, not a file"));
    assert!(expand(&[folder.path().to_owned()]).unwrap_err().message.contains("no file"));
    let missing = folder.path().join("gone.csv");
    assert!(expand(std::slice::from_ref(&missing)).unwrap_err().message.ends_with("is not there"));
    assert!(recognise(&missing, &ReadOptions::default()).unwrap_err().message.ends_with("is not there"));

    std::fs::write(odd.join("b.jsonl"), "x").unwrap();
    std::fs::write(odd.join("a.jsonl"), "x").unwrap();
    std::fs::write(odd.join(".hidden"), "x").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path(), odd.join("loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", odd.join("broken")).unwrap();
    }
    let names: Vec<_> = expand(&[folder.path().to_owned(), odd.join("a.jsonl")]).unwrap();
    assert_eq!(names, [odd.join("a.jsonl"), odd.join("b.jsonl")]);
}

#[test]
fn other_things_in_a_folder_do_not_hinder() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| std::fs::write(folder.path().join(name), content).unwrap();
    write("a.txt", "Read me first\nThis folder holds exports");
    write("b.jsonl", "{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"a\"}\n");
    write("c.json", "{\n  \"note\": \"settings\",\n  \"rows\": 5\n}\n");
    let set = recognise_all(&expand(&[folder.path().to_owned()]).unwrap());
    assert_eq!(set.files.len(), 1);
    let names: Vec<_> = set.unknown.iter().map(|(path, _)| path.file_name().unwrap().to_string_lossy()).collect();
    assert_eq!(names, ["a.txt", "c.json"]);
}

#[test]
fn a_file_that_was_cut_off() {
    let content: String =
        (0..5000).map(|n| format!("{{\"kind\":\"feedback\",\"id\":\"{n}\",\"comment\":\"text {n}\"}}\n")).collect();
    let packed = gzip(content.as_bytes());
    assert_eq!(read_bytes("x.jsonl.gz", &packed).feedback().len(), 5000);
    let error = error_of("x.jsonl.gz", &packed[..packed.len() - 20]);
    assert!(error.message.contains("ends too early"), "{error}");
    let mut damaged = packed.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0);
    assert!(error_of("x.jsonl.gz", &damaged).message.contains("damaged"));

    let list = format!("[{}]", content.trim_end().replace('\n', ","));
    let outcome = read_bytes("x.json", &list[..list.len() - 20]);
    assert_eq!((outcome.feedback().len(), outcome.report.rejected), (4999, 1));
    assert!(outcome.rejects().contains("the file ends within this record: it was cut off"));
}

#[test]
fn one_broken_record_of_a_list_costs_that_record() {
    let outcome = read_bytes(
        "x.json",
        "[{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"]},{\"},\n {\"id\" \"2\"}, {\"kind\":\"feedback\",\"id\":\"3\",\"comment\":\"c\"}, 4,]",
    );
    expect_test::expect![[r#"
        2 @49 not valid JSON: expected `:` at line 1 column 7 | "{\"id\" \"2\"}"
        4 @105 the record is a single value, not an object | "4"
        5 @107 a comma with no record after it | "]"
    "#]]
    .assert_eq(&outcome.rejects());
    assert_eq!(outcome.feedback().len(), 2);
    let outcome = read_bytes("x.json", "[{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"a\"} {\"id\":\"2\"}]");
    assert_eq!(outcome.feedback().len(), 1);
    assert!(outcome.rejects().contains("neither a comma nor the end of the list"));
}

#[test]
fn a_record_beyond_the_limit_is_passed_over() {
    let first = "{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"a\"}";
    let last = "{\"kind\":\"feedback\",\"id\":\"3\",\"comment\":\"c\"}";
    let huge = format!("{{\"kind\":\"feedback\",\"id\":\"2\",\"comment\":\"{}\"}}", "x".repeat(limits::RECORD_BYTES));
    for content in [format!("{first}\n{huge}\n{last}\n"), format!("[{first},{huge},{last}]")] {
        let outcome = read_bytes("x.json", content);
        assert_eq!(outcome.feedback().iter().map(|feedback| feedback.id.as_str()).collect::<Vec<_>>(), ["1", "3"]);
        assert!(outcome.rejects().contains("the record is longer than 64 MiB"));
        assert!(outcome.collected.rejects[0].raw.len() <= hearback_domain::Reject::RAW_LIMIT);
    }
    let outcome = read_bytes("x.csv", format!("comment,score\na,1\n\"{}\n", "never closed\n".repeat(6 << 20)));
    assert_eq!(outcome.feedback().len(), 1);
    assert!(outcome.rejects().contains("perhaps for a quote that never closes"));
    // Large, but within the limit.
    let long = "y".repeat(3 << 20);
    let outcome = read_bytes("x.csv", format!("comment,score\n\"{long}\",1\nb,2\n"));
    assert_eq!(outcome.feedback()[0].comment.as_deref(), Some(long.as_str()));
    assert_eq!(outcome.feedback().len(), 2);
}

#[test]
fn depth_without_end() {
    let deep = "[".repeat(100_000);
    assert!(error_of("x.json", &deep).message.starts_with("no record of"));
    let outcome = read_bytes(
        "x.jsonl",
        format!(
            "{{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"a\"}}\n{{\"kind\":\"feedback\",\"id\":\"2\",\"metadata\":{{\"a\":{deep}{}}}}}\n{{\"kind\":\"feedback\",\"id\":\"3\",\"comment\":\"b\"}}\n",
            "]".repeat(100_000)
        ),
    );
    assert_eq!(outcome.feedback().len(), 2);
    assert!(outcome.rejects().contains("nested more than 120 levels deep"));
}

#[test]
fn a_cancelled_read_stops() {
    let content: String =
        (0..2000).map(|n| format!("{{\"kind\":\"feedback\",\"id\":\"{n}\",\"comment\":\"x\"}}\n")).collect();
    let file = written("x.jsonl", content);
    let recognised = recognise(&file.path, &ReadOptions::default()).unwrap();
    let job = Job::quiet();
    job.cancel_handle().cancel();
    let mut collected = Collected::default();
    assert!(read(&file.path, &recognised, &mut collected, &job).is_err_and(|error| error.is_cancelled()));
    assert!(collected.records.is_empty());
}

/// Every file ends in an answer, whichever container it is taken for. What is JSON but no record is said to be none;
/// what is no JSON is rejected with a reason and a place.
#[test]
fn the_json_test_suite_is_survived() {
    let Some(folder) = shared("data/hostile_jsontestsuite/test_parsing") else { return };
    let (mut refused, mut objects, mut others) = (0, 0, 0);
    for path in expand(&[folder]).unwrap() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(try_read(&path, &ReadOptions::default()).is_err(), "{name} is no export");
        for container in [
            Container::Json,
            Container::JsonLines,
            Container::Table(Delimiter::Comma),
            Container::Parquet,
            Container::Worksheet,
        ] {
            let mut seen = Seen::default();
            let walked = container::walk(&Input::open(&path).unwrap(), container, &mut seen, &Job::quiet());
            if container != Container::Json || walked.is_err() {
                continue;
            }
            let malformed = |reject: &Reject| !reject.reason.is_empty() && reject.origin.byte.is_some();
            assert!(seen.rejects.iter().all(malformed), "{name}");
            let bytes = std::fs::read(&path).unwrap();
            let is_blank = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii().is_empty();
            if name.starts_with("n_") && !is_blank {
                assert!(!seen.rejects.is_empty(), "{name} was taken for {} records", seen.rows);
                refused += 1;
            }
            if name.starts_with("y_object") {
                assert_eq!((seen.rows, seen.rejects.len()), (1, 0), "{name}");
                objects += 1;
            } else if name.starts_with("y_") {
                let none = ["the record is a list", "the record is a single value", "this is no JSON object"];
                let is_none = |reject: &Reject| none.iter().any(|reason| reject.reason.starts_with(reason));
                assert!(seen.rejects.iter().all(is_none), "{name}: {:?}", seen.rejects);
                others += 1;
            }
        }
    }
    println!("{refused} refused, {objects} objects read, {others} said to be none");
    assert!(refused > 180 && objects > 10 && others > 70);
}

#[derive(Default)]
struct Seen {
    rows: usize,
    rejects: Vec<Reject>,
}

impl Visit for Seen {
    fn row(&mut self, _: Origin, _: Row<'_>, _: &dyn Fn() -> String) -> Result<ControlFlow<()>> {
        self.rows += 1;
        Ok(ControlFlow::Continue(()))
    }

    fn reject(&mut self, reject: Reject) -> Result<ControlFlow<()>> {
        self.rejects.push(reject);
        Ok(ControlFlow::Continue(()))
    }
}

#[test]
fn naughty_strings_come_through_every_container_and_back() {
    let Some(path) = shared("data/hostile_blns/blns.json") else { return };
    let strings: Vec<String> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let strings: Vec<String> = strings.into_iter().filter(|text| !text.is_empty()).collect();
    let records: Vec<Record> = strings
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let mut feedback = FeedbackRecord::new(format!("f{number}"), FeedbackType::Comment);
            feedback.comment = Some(text.clone());
            feedback.reasons = vec![text.clone()];
            Record::Feedback(feedback)
        })
        .collect();
    let comments = |outcome: &Outcome| -> Vec<String> {
        assert_eq!(outcome.rejects(), "");
        outcome.feedback().iter().filter_map(|feedback| feedback.comment.clone()).collect()
    };
    let lines: Vec<String> = records.iter().map(crate::canonical::write).collect();
    let lines = lines.join("\n");
    let utf16: Vec<u8> = lines.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let list = format!("[{}]", lines.replace('\n', ","));
    for content in [lines.clone().into_bytes(), list.into_bytes(), utf16, gzip(lines.as_bytes())] {
        let outcome = read_bytes("x", content);
        assert_eq!(comments(&outcome), strings, "{}", outcome.recognised.title);
        assert_eq!(outcome.records().len(), records.len());
    }
    for delimiter in *b",;\t|" {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["id", "feedback_type", "comment"]).unwrap();
        for (number, text) in strings.iter().enumerate() {
            writer.write_record([&format!("f{number}"), "comment", text.as_str()]).unwrap();
        }
        let table = writer.into_inner().unwrap();
        let utf16: Vec<u8> =
            String::from_utf8(table.clone()).unwrap().encode_utf16().flat_map(u16::to_be_bytes).collect();
        for content in [table, utf16] {
            let outcome = read_bytes("x.csv", content);
            assert_eq!(comments(&outcome), strings, "{}", outcome.recognised.title);
        }
    }
    let file = written("x.zip", zip(&[member("a.jsonl", &lines)]));
    assert_eq!(comments(&read_file(&file.path.join("a.jsonl"))), strings);
    // XML has no way to hold most control characters.
    let printable: Vec<&String> =
        strings.iter().filter(|text| !text.chars().any(|letter| !(' '..='\u{fffd}').contains(&letter))).collect();
    let mut rows = vec![["id", "feedback_type", "comment"].map(str::to_owned).to_vec()];
    rows.extend(
        printable
            .iter()
            .enumerate()
            .map(|(number, text)| vec![format!("f{number}"), "comment".into(), (*text).clone()]),
    );
    let file = written("x.xlsx", workbook(&[("All", &sheet_rows(&rows))]));
    let outcome = read_file(&file.path.join("All"));
    assert_eq!(comments(&outcome).iter().collect::<Vec<_>>(), printable);
}

#[test]
fn bombs_are_named() {
    let line = "{\"kind\":\"feedback\",\"id\":\"1\",\"comment\":\"a\"}\n";
    let blanks = line.to_owned() + &" ".repeat((limits::RATIO_FREE * 2) as usize);
    let error = error_of("x.jsonl.gz", gzip_best(blanks.as_bytes()));
    assert!(error.message.contains("unpacks to more than 400 times its size"), "{error}");
}

/// Holes in a file cost no room on the disk and as many bytes to read as any others.
#[test]
fn lines_and_files_of_any_length() {
    let folder = tempfile::tempdir().unwrap();
    let line = |id: &str, text: &str| format!("{{\"kind\":\"feedback\",\"id\":\"{id}\",\"comment\":\"{text}\"}}\n");
    let sparse = |name: &str, before: &str, hole: u64, after: &str| {
        use std::io::{Seek, SeekFrom, Write};
        let path = folder.path().join(name);
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(before.as_bytes()).unwrap();
        file.seek(SeekFrom::Current(hole as i64)).unwrap();
        file.write_all(after.as_bytes()).unwrap();
        path
    };
    let start: String = (0..100).map(|number| line(&format!("f{number}"), "some words to begin with")).collect();
    let path =
        sparse("line.jsonl", &format!("{start}{{\"kind\":\""), 200 << 20, &format!("\"}}\n{}", line("last", "z")));
    let outcome = read_file(&path);
    assert_eq!(outcome.feedback().len(), 101);
    assert!(outcome.rejects().contains("101 @") && outcome.rejects().contains("the record is longer than 64 MiB"));

    let error = recognise(&sparse("zeros", "", 10 << 30, "x"), &ReadOptions::default()).unwrap_err();
    assert!(error.message.ends_with("is binary, not text"), "{error}");
    for (name, before, after) in [
        ("a.jsonl", start.clone(), "\n"),
        ("b.json", format!("[{}", start.trim().replace('\n', ",")), "]"),
        ("c.csv", "id,feedback_type,comment\n".to_owned() + &"1,comment,a\n".repeat(500), "\n"),
    ] {
        let begun = sparse(name, &before, 10 << 30, after);
        assert_eq!(recognise(&begun, &ReadOptions::default()).unwrap().format.name(), "canonical");
    }
    // One record of which only the start is there.
    let endless = sparse("d.json", &format!("{{\"comment\":\"{}", "words ".repeat(2000)), 10 << 30, "\"}");
    let error = recognise(&endless, &ReadOptions::default()).unwrap_err();
    assert!(error.message.contains("holds no records") || error.message.starts_with("no record of"), "{error}");
}

#[test]
#[cfg(unix)]
fn what_never_ends_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let mut odd = vec![PathBuf::from("/dev/zero"), socket];
    odd.extend(made.is_ok_and(|status| status.success()).then_some(pipe));
    for path in odd {
        for error in [recognise(&path, &ReadOptions::default()).unwrap_err(), digest(&path).unwrap_err()] {
            assert!(error.message.ends_with("is a pipe, a socket or a device, not a file"), "{error}");
        }
        assert!(expand(std::slice::from_ref(&path)).is_ok());
    }
    assert!(expand(&[folder.path().to_owned()]).is_err(), "of a folder only its files are meant");
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let file = written("x.jsonl", "{}");
    std::fs::set_permissions(&file.path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&file.path).is_ok() {
        return skipped("this user may read everything");
    }
    let error = recognise(&file.path, &ReadOptions::default()).unwrap_err();
    assert!(error.message.ends_with("may not be read"), "{error}");
}

#[test]
fn a_folder_with_very_many_files() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..limits::FILES {
        std::fs::write(folder.path().join(format!("{number}.json")), "").unwrap();
    }
    assert_eq!(expand(&[folder.path().to_owned()]).unwrap().len(), limits::FILES);
    std::fs::write(folder.path().join("one more"), "").unwrap();
    let error = expand(&[folder.path().to_owned()]).unwrap_err();
    assert!(error.message.contains("more than 100000 files"), "{error}");
}

#[test]
fn the_csv_spectrum_is_read_exactly() {
    let Some(folder) = shared("data/hostile_csv_spectrum") else { return };
    let mut compared = 0;
    for path in expand(&[folder.join("csvs")]).unwrap() {
        let (_, rows) = match first_rows(&path) {
            Ok(found) => found,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        let expected = folder.join("json").join(path.with_extension("json").file_name().unwrap());
        let mut expected = std::fs::read_to_string(expected).unwrap();
        if !std::fs::read(&path).unwrap().contains(&b'\r') {
            // Tables that lost their carriage returns on the way here.
            expected = expected.replace("\\r\\n", "\\n");
        }
        let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
        let expected = if expected.is_array() { expected } else { serde_json::json!([expected]) };
        let mut expected: Vec<std::collections::BTreeMap<String, String>> = serde_json::from_value(expected).unwrap();
        expected.iter_mut().for_each(|row| drop(row.remove("Contact Phone Number")));
        let rows: Vec<std::collections::BTreeMap<String, String>> = rows
            .into_iter()
            .map(|row| {
                row.cells()
                    // The set's own answer has another telephone number there than its table.
                    .filter(|(key, _)| *key != "Contact Phone Number")
                    .map(|(key, cell)| (key.to_owned(), cell.clone().into_text().unwrap_or_default()))
                    .collect()
            })
            .collect();
        assert_eq!(rows, expected, "{}", path.display());
        compared += 1;
    }
    assert_eq!(compared, 12);
}
