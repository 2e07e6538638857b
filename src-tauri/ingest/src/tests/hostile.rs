use std::ops::ControlFlow;

use super::*;
use crate::{
    Container, Row,
    container::{self, Delimiter, Visit},
    expand, limits,
    model::{Origin, Reject},
};

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
    let set = crate::recognise_all(&expand(&[folder.path().to_owned()]).unwrap(), &ReadOptions::default());
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
        assert!(outcome.collected.rejects[0].raw.len() <= crate::model::Reject::RAW_LIMIT);
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

/// Every file ends in an answer, whichever container it is taken for, and a text that is no JSON is never whole.
#[test]
fn the_json_test_suite_is_survived() {
    let Some(folder) = shared("data/hostile_jsontestsuite/test_parsing") else { return };
    let (mut refused, mut objects) = (0, 0);
    for path in expand(&[folder]).unwrap() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(try_read(&path, &ReadOptions::default()).is_err(), "{name} is no export");
        for container in [Container::Json, Container::JsonLines, Container::Table(Delimiter::Comma), Container::Parquet]
        {
            let mut seen = Seen::default();
            let walked = container::walk(&path, container, &mut seen, &Job::quiet());
            if container != Container::Json || walked.is_err() {
                continue;
            }
            if name.starts_with("n_") {
                assert!(seen.rejects > 0 || seen.rows == 0, "{name} was taken for {} records", seen.rows);
                refused += 1;
            }
            if name.starts_with("y_object") && name != "y_object_empty.json" {
                assert_eq!((seen.rows, seen.rejects), (1, 0), "{name}");
                objects += 1;
            }
        }
    }
    println!("{refused} refused, {objects} objects read");
    assert!(refused > 180 && objects > 10);
}

#[derive(Default)]
struct Seen {
    rows: usize,
    rejects: usize,
}

impl Visit for Seen {
    fn row(&mut self, _: Origin, _: Row<'_>, _: &dyn Fn() -> String) -> Result<ControlFlow<()>> {
        self.rows += 1;
        Ok(ControlFlow::Continue(()))
    }

    fn reject(&mut self, _: Reject) -> Result<ControlFlow<()>> {
        self.rejects += 1;
        Ok(ControlFlow::Continue(()))
    }
}

#[test]
fn the_csv_spectrum_is_read_exactly() {
    let Some(folder) = shared("data/hostile_csv_spectrum") else { return };
    let mut compared = 0;
    for path in expand(&[folder.join("csvs")]).unwrap() {
        let (_, rows) = match crate::first_rows(&path) {
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
