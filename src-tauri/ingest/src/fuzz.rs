//! Doors through which the fuzz targets reach what is otherwise this crate's own; built for them alone.
//!
//! Each takes any bytes and must come back: an answer, a rejection or an error, never a panic.

use std::{io::Write, ops::ControlFlow, path::Path};

use crate::{
    Collected, Container, FORMATS, Input, Mapping, ReadOptions, Recognised, Role,
    container::{self, Delimiter, Visit},
    expand,
    message::{self, TextForm},
    privacy::Privacy,
    read,
    reading::Reading,
    recognise,
    row::{Cell, Row},
};
use hearback_domain::{Origin, Reject, error::Result, job::Job};

struct Ignoring;

impl Visit for Ignoring {
    fn row(&mut self, _: Origin, mut row: Row<'_>, raw: &dyn Fn() -> String) -> Result<ControlFlow<()>> {
        let _ = (raw(), row.number("a"), row.time(&["b"]), row.words("c"), row.integer("d"), row.leftovers().count());
        Ok(ControlFlow::Continue(()))
    }

    fn reject(&mut self, reject: Reject) -> Result<ControlFlow<()>> {
        assert!(!reject.reason.is_empty() && reject.raw.len() <= Reject::RAW_LIMIT * 3);
        Ok(ControlFlow::Continue(()))
    }
}

/// A file with these bytes, in memory where the system has such a place. Where none can be written there is nothing to
/// try.
fn with_file(bytes: &[u8], action: impl FnOnce(&Path, &Input)) {
    let in_memory = tempfile::NamedTempFile::new_in("/dev/shm");
    let Ok(mut file) = in_memory.or_else(|_| tempfile::NamedTempFile::new()) else { return };
    if file.write_all(bytes).is_ok()
        && file.flush().is_ok()
        && let Ok(input) = Input::open(file.path())
    {
        action(file.path(), &input);
    }
}

pub fn time(text: &str) -> bool {
    crate::time::parse(text).is_some()
}

pub fn message(text: &str) {
    for cell in [Cell::Text(text.into()), Cell::Nested(text.into())] {
        for form in [TextForm::Exact, TextForm::MaybeJson, TextForm::Json] {
            let _ = (message::query(&cell, form), message::answer(&cell, form));
        }
        let _ = (message::system(&cell), message::documents(&cell));
    }
}

pub fn walk(bytes: &[u8], container: Container) {
    // An error is an answer, too.
    with_file(bytes, |_, input| drop(container::walk(input, container, &mut Ignoring, &Job::quiet())));
}

pub fn tables(bytes: &[u8]) {
    for delimiter in [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab, Delimiter::Bar] {
        walk(bytes, Container::Table(delimiter));
    }
}

pub fn every_container(bytes: &[u8]) {
    for container in [Container::Json, Container::JsonLines, Container::Parquet, Container::Worksheet] {
        walk(bytes, container);
    }
    tables(bytes);
}

pub fn recognise_and_read(bytes: &[u8]) {
    with_file(bytes, |_, input| recognise_and_read_file(input));
}

fn recognise_and_read_file(input: &Input) {
    if let Ok(recognised) = recognise(input, &ReadOptions::default()) {
        let _ = read(input, &recognised, Privacy::KEEPS_ALL, &mut Collected::default(), &Job::quiet());
    }
}

pub fn archive(bytes: &[u8]) {
    with_file(bytes, |path, _| {
        for input in expand(&[path.to_owned()]).unwrap_or_default().iter().take(20) {
            recognise_and_read_file(input);
            let _ = (input.size(), input.digest(&Job::quiet()));
        }
    });
}

/// Walked through once as each container; every reader gets every row.
struct Every<'r>(Vec<Reading<'r>>);

impl Visit for Every<'_> {
    fn row(&mut self, origin: Origin, row: Row<'_>, raw: &dyn Fn() -> String) -> Result<ControlFlow<()>> {
        for reading in &mut self.0 {
            let _ = reading.row(origin, row.clone(), raw)?;
        }
        Ok(ControlFlow::Continue(()))
    }

    fn reject(&mut self, reject: Reject) -> Result<ControlFlow<()>> {
        for reading in &mut self.0 {
            let _ = reading.reject(reject.clone())?;
        }
        Ok(ControlFlow::Continue(()))
    }
}

pub fn every_format(bytes: &[u8]) {
    with_file(bytes, |_, input| {
        for container in [Container::Json, Container::Table(Delimiter::Comma)] {
            let mut kept: Vec<Collected> = FORMATS.iter().map(|_| Collected::default()).collect();
            let readings = FORMATS.iter().zip(&mut kept).filter_map(|(format, kept)| {
                let recognised = Recognised {
                    format: *format,
                    container,
                    title: String::new(),
                    reason: String::new(),
                    confidence: 1.0,
                    role: Role::Mixed,
                    note: None,
                    mapping: Mapping::parse("comment=comment,score=score.value,created_at=at").ok(),
                };
                Reading::new(&recognised, Privacy::KEEPS_ALL, kept, u64::MAX).ok()
            });
            let mut every = Every(readings.collect());
            let walked = container::walk(input, container, &mut every, &Job::quiet()).unwrap_or_default();
            for reading in every.0 {
                let _ = reading.report(walked.clone());
            }
        }
    });
}
