//! What went wrong, in words a person can act on.
//!
//! Every failure of the engine is one [`Error`]: a [`Kind`] for machines, a sentence for people, a hint for
//! the next step, and the cause for whoever unfolds the details. An error is handled once: shown or passed on.
//! A job that the user stopped ends as [`Kind::Cancelled`]: an outcome to report, not a failure to apologise for.

use std::fmt;

pub type Result<T> = std::result::Result<T, Error>;

/// What a program may branch on. The interface has one presentation for each of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file or folder that is not there, or may not be read or written.
    File,
    /// A file whose content is not what its format promises, or that no format recognises.
    Format,
    /// A value given by the user that makes no sense (an option, a mapping, a filter).
    Input,
    /// The workspace file: locked, damaged, from a newer Hearback, out of space.
    Workspace,
    /// A native library or an embedding model that is missing or wrong.
    Component,
    /// Something asked for by id that does not exist.
    NotFound,
    /// The user cancelled; what was done so far is as the operation promises.
    Cancelled,
    /// A defect of Hearback.
    Internal,
}

/// Something that Hearback does and that the person may ask for next. How one asks is for each front end to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Embed what is new and find themes.
    Analyse,
    /// Look at the embedding models: download, add, choose one.
    Models,
    /// Remove an added model, and add it again.
    AddModelAgain,
    /// Say what the columns of a table mean.
    MapColumns,
    /// List feedback with its ids.
    Feedback,
    /// List themes with their ids.
    Themes,
    /// Put the program's own parts in place.
    SetUp,
}

#[derive(Debug)]
pub struct Error {
    pub kind: Kind,
    /// One sentence without a final period, naming the file, the record, the value.
    pub message: String,
    /// What to do about it, where there is something.
    pub hint: Option<String>,
    pub next: Option<NextStep>,
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, next: None, source: None }
    }

    pub fn file(message: impl Into<String>) -> Self {
        Self::new(Kind::File, message)
    }

    pub fn format(message: impl Into<String>) -> Self {
        Self::new(Kind::Format, message)
    }

    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    pub fn workspace(message: impl Into<String>) -> Self {
        Self::new(Kind::Workspace, message)
    }

    pub fn component(message: impl Into<String>) -> Self {
        Self::new(Kind::Component, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, message)
    }

    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, message)
    }

    /// The outcome of a job that the user stopped.
    pub fn cancelled() -> Self {
        Self::new(Kind::Cancelled, "cancelled")
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn next(mut self, step: NextStep) -> Self {
        self.next = Some(step);
        self
    }

    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The sentence and what to do about it, for where there is one line for both.
    pub fn with_hint(&self) -> String {
        let hint = self.hint.as_ref().map(|hint| format!(". {hint}")).unwrap_or_default();
        format!("{}{hint}", self.message)
    }

    pub fn is_cancelled(&self) -> bool {
        self.kind == Kind::Cancelled
    }

    /// The chain of causes, outermost first, one line each.
    pub fn details(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut cause = self.source.as_deref().map(|source| source as &dyn std::error::Error);
        while let Some(error) = cause {
            lines.push(error.to_string());
            cause = error.source();
        }
        lines
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
