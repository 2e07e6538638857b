//! What went wrong, and what should the person at the keyboard do now? Every failure answers both.

use std::fmt;
use std::io;
use std::path::Path;

/// One sentence on what happened, one on the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub what: String,
    pub next: String,
}

impl Failure {
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self { what: what.into(), next: next.into() }
    }

    /// A file operation that failed: `doing` is a phrase such as "write" or "read".
    pub fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            return Self::disk_full(path);
        }
        let next = match error.kind() {
            io::ErrorKind::PermissionDenied => {
                "Give yourself the right to write there, then run the same command again."
            }
            _ => "See to that path, then run the same command again.",
        };
        Self::new(format!("Could not {doing} {}: {error}.", path.display()), next)
    }

    /// No space where `path` lies.
    pub fn disk_full(path: &Path) -> Self {
        Self::new(
            format!("The disk that holds {} is full.", path.display()),
            "Free some space (or point HEARBACK_CACHE and CARGO_TARGET_DIR to another disk), then run the same command again; nothing was left half installed.",
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}\n next: {}", self.what, self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_as_such_whatever_was_being_done() {
        let error = io::Error::from(io::ErrorKind::StorageFull);
        let failure = Failure::file("write", Path::new("/somewhere/file"), &error);
        assert_eq!(failure.what, "The disk that holds /somewhere/file is full.");
        assert!(failure.next.contains("nothing was left half installed"));
    }

    #[test]
    fn a_failure_prints_what_happened_and_what_to_do() {
        let printed = Failure::new("It rains.", "Take an umbrella.").to_string();
        assert_eq!(printed, "error: It rains.\n next: Take an umbrella.");
    }
}
