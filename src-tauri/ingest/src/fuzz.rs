//! Doors through which the fuzz targets reach what is otherwise this crate's own; built for them alone.
//!
//! Each takes any bytes and must come back: an answer, a rejection or an error, never a panic.

use std::{io::Write, ops::ControlFlow, path::Path};

use crate::{
    Collected, Container, FORMATS, Mapping, ReadOptions, Recognised, Role,
    container::{self, Delimiter, Visit},
    error::Result,
    expand, first_rows,
    job::Job,
    message::{self, TextForm},
    model::{Origin, Reject},
    read, recognise,
    row::{Cell, Row},
};

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

/// A file with these bytes; where none can be written there is nothing to try.
fn with_file(bytes: &[u8], action: impl FnOnce(&Path)) {
    let Ok(mut file) = tempfile::NamedTempFile::new() else { return };
    if file.write_all(bytes).is_ok() && file.flush().is_ok() {
        action(file.path());
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
    with_file(bytes, |path| drop(container::walk(path, container, &mut Ignoring, &Job::quiet())));
}

pub fn tables(bytes: &[u8]) {
    for delimiter in [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab, Delimiter::Bar] {
        walk(bytes, Container::Table(delimiter));
    }
}

pub fn every_container(bytes: &[u8]) {
    for container in [Container::Json, Container::JsonLines, Container::Parquet, Container::Sheet] {
        walk(bytes, container);
    }
    tables(bytes);
}

pub fn recognise_and_read(bytes: &[u8]) {
    with_file(bytes, recognise_and_read_file);
}

fn recognise_and_read_file(path: &Path) {
    let _ = first_rows(path);
    if let Ok(recognised) = recognise(path, &ReadOptions::default()) {
        let _ = read(path, &recognised, &mut Collected::default(), &Job::quiet());
    }
}

pub fn archive(bytes: &[u8]) {
    with_file(bytes, |path| {
        for part in expand(&[path.to_owned()]).unwrap_or_default().iter().take(20) {
            recognise_and_read_file(part);
            let _ = (crate::size(part), crate::digest(part, &Job::quiet()));
        }
    });
}

pub fn every_format(bytes: &[u8]) {
    with_file(bytes, |path| {
        for (format, container) in FORMATS
            .iter()
            .flat_map(|format| [Container::Json, Container::Table(Delimiter::Comma)].map(|of| (*format, of)))
        {
            let recognised = Recognised {
                format,
                container,
                title: String::new(),
                reason: String::new(),
                confidence: 1.0,
                role: Role::Mixed,
                note: None,
                mapping: Mapping::parse("comment=comment,score=score.value,created_at=at").ok(),
            };
            let _ = read(path, &recognised, &mut Collected::default(), &Job::quiet());
        }
        let _ = recognise(path, &ReadOptions::default());
    });
}
