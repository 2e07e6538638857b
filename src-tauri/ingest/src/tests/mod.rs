//! Files in, records out.

mod canonical;
mod chats;
mod chats_apart;
mod chroma;
mod containers;
mod helicone;
mod hostile;
mod label_studio;
mod langfuse;
mod langfuse_shapes;
mod langsmith;
mod merged;
mod mlflow;
mod open_webui;
mod opik;
mod other_containers;
mod otlp;
mod pack;
mod phoenix;
mod posthog;
mod property;
mod surveys;
mod tables;
mod three_tools;
mod trulens;
mod truth;

#[path = "../../../../tests/shared_data.rs"]
mod shared_data;

use std::path::{Path, PathBuf};

use expect_test::Expect;

use super::{Collected, Container, Input, Mapping, ReadOptions, ReadReport, Recognised, Row, privacy::Privacy};
use hearback_domain::{
    FeedbackRecord, Record, Sink, TurnRecord,
    error::{Error, Result},
    job::Job,
};
use shared_data::{missing, shared, skipped};

/// A file with this content in a folder that goes away with the value.
pub(crate) struct Written {
    pub(crate) path: PathBuf,
    _folder: tempfile::TempDir,
}

pub(crate) fn written(name: &str, content: impl AsRef<[u8]>) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    Written { path, _folder: folder }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn gzip_best(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

struct Outcome {
    recognised: Recognised,
    report: ReadReport,
    collected: Collected,
}

/// The files that `paths` mean, by their own paths.
fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    Ok(super::expand(paths)?.iter().map(|input| input.path().to_owned()).collect())
}

fn recognise(path: &Path, options: &ReadOptions) -> Result<Recognised> {
    super::recognise(&Input::open(path)?, options)
}

pub(crate) fn first_rows(path: &Path) -> Result<(Container, Vec<Row<'static>>)> {
    super::first_rows(&Input::open(path)?)
}

fn read(path: &Path, recognised: &Recognised, sink: &mut dyn Sink, job: &Job) -> Result<ReadReport> {
    super::read(&Input::open(path)?, recognised, Privacy::KEEPS_ALL, sink, job)
}

fn digest(path: &Path) -> Result<String> {
    Input::open(path)?.digest(&Job::quiet())
}

fn recognise_all(paths: &[PathBuf]) -> super::RecognisedSet {
    let inputs: Vec<Input> = paths.iter().map(|path| Input::open(path).unwrap()).collect();
    super::recognise_all(&inputs, &ReadOptions::default())
}

fn try_read(path: &Path, options: &ReadOptions) -> Result<Outcome> {
    try_read_input(&Input::open(path)?, options)
}

fn try_read_input(input: &Input, options: &ReadOptions) -> Result<Outcome> {
    let path = input.path();
    let recognised = super::recognise(input, options)?;
    let mut collected = Collected::default();
    let report = super::read(input, &recognised, Privacy::KEEPS_ALL, &mut collected, &Job::quiet())?;
    assert_eq!(report.rejected, collected.rejects.len() as u64);
    assert_eq!(report.digest, input.digest(&Job::quiet())?);
    assert_eq!(report.bytes, input.size());
    let bytes = if report.bytes < 1 << 27 { std::fs::read(path).unwrap_or_default() } else { Vec::new() };
    let is_decoded = ["UTF-16", "Windows"].iter().any(|name| recognised.title.contains(name));
    if !bytes.is_empty() && !bytes.starts_with(&[0x1f, 0x8b]) && !is_decoded {
        for reject in &collected.rejects {
            let place = reject.origin.byte.map_or(0, |byte| byte as usize);
            let there = String::from_utf8_lossy(&bytes[place..]);
            let start: String = reject.raw.chars().take(20).collect();
            // At that place, or, being a part of the record that begins there, behind it.
            assert!(reject.origin.byte.is_none() || there.contains(&start), "{reject:?} does not stand there");
        }
    }
    Ok(Outcome { recognised, report, collected })
}

fn read_file(path: &Path) -> Outcome {
    try_read(path, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}: {:?}", error.hint))
}

fn read_bytes(name: &str, content: impl AsRef<[u8]>) -> Outcome {
    read_file(&written(name, content).path)
}

/// What becomes of a fixture: the title, every record, every reject and what found no place.
fn check(name: &str, expected: &Expect) -> Outcome {
    checked(read_file(&fixture(name)), expected)
}

/// The same of a file with this content: for the test of a format that needs no more than a few lines, and stands
/// beside its reader.
pub(crate) fn check_text(name: &str, content: &str, expected: &Expect) {
    checked(read_bytes(name, content), expected);
}

fn checked(outcome: Outcome, expected: &Expect) -> Outcome {
    let mut found = format!("{}, {} records\n", outcome.recognised.title, outcome.report.read);
    for record in outcome.records() {
        found += &(crate::canonical::write(&record) + "\n");
    }
    found += &outcome.rejects();
    for field in &outcome.report.unmapped {
        found += &format!("no place for {} ({})\n", field.field, field.count);
    }
    expected.assert_eq(&found);
    outcome
}

fn mapped(mapping: &str) -> ReadOptions {
    ReadOptions { mapping: Some(Mapping::parse(mapping).unwrap()), ..ReadOptions::default() }
}

fn error_of(name: &str, content: impl AsRef<[u8]>) -> Error {
    let file = written(name, content);
    match try_read(&file.path, &ReadOptions::default()) {
        Ok(outcome) => panic!("read as {:?}", outcome.recognised),
        Err(error) => error,
    }
}

impl Outcome {
    fn records(&self) -> Vec<Record> {
        self.collected.records.iter().map(|(_, record)| record.clone()).collect()
    }

    fn feedback(&self) -> Vec<&FeedbackRecord> {
        self.collected
            .records
            .iter()
            .filter_map(|(_, record)| if let Record::Feedback(feedback) = record { Some(feedback) } else { None })
            .collect()
    }

    fn turns(&self) -> Vec<&TurnRecord> {
        self.collected
            .records
            .iter()
            .filter_map(|(_, record)| if let Record::Turn(turn) = record { Some(turn) } else { None })
            .collect()
    }

    /// Record number, byte, reason, start of the raw text.
    fn rejects(&self) -> String {
        let line = |reject: &hearback_domain::Reject| {
            let byte = reject.origin.byte.map_or("-".into(), |byte| byte.to_string());
            let raw: String = reject.raw.chars().take(40).collect();
            format!("{} @{byte} {} | {raw:?}\n", reject.origin.record, reject.reason)
        };
        self.collected.rejects.iter().map(line).collect()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures").join(name)
}

#[test]
fn every_format_has_its_section_in_the_documentation() {
    let docs = std::fs::read_to_string(root().join("docs/formats.md")).unwrap();
    let described = |format: &&&dyn crate::Format| {
        docs.contains(&format!("`{}`", format.name())) || docs.contains(&format!("\n## {}\n", format.title()))
    };
    let silent: Vec<_> =
        crate::FORMATS.iter().filter(|format| !described(format)).map(|format| format.name()).collect();
    assert!(silent.is_empty(), "docs/formats.md says nothing of {silent:?}");
}
