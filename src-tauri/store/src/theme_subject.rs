//! Whose themes are counted?

use duckdb::Connection;

use super::{property, set_property, unknown_word};
use hearback_domain::{Subject, error::Result};

/// The property that names the subject that is counted.
const SUBJECT: &str = "theme_subject";

/// The subject that is counted.
pub(super) fn subject(connection: &Connection) -> Result<Subject> {
    match property(connection, SUBJECT)? {
        Some(word) => Subject::from_word(&word).ok_or_else(|| unknown_word("subject", &word)),
        None => Ok(Subject::default()),
    }
}

pub(super) fn set_subject(connection: &Connection, subject: Subject) -> Result<()> {
    set_property(connection, SUBJECT, subject.word())
}
