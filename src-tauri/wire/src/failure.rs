//! An engine error as the window and scripts see it.

use crate::{wire, words};
use hearback_engine::error::{Error, Kind};

words! {
    pub enum FailureKind {
        File,
        Format,
        Input,
        Workspace,
        Component,
        NotFound,
        Cancelled,
        Internal,
    }
}

wire! {
    pub struct Failure {
        pub kind: FailureKind,
        /// One sentence.
        pub message: String,
        /// The next step.
        pub hint: Option<String>,
        /// The chain of causes, outermost first.
        pub details: Vec<String>,
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let kind = match error.kind {
            Kind::File => FailureKind::File,
            Kind::Format => FailureKind::Format,
            Kind::Input => FailureKind::Input,
            Kind::Workspace => FailureKind::Workspace,
            Kind::Component => FailureKind::Component,
            Kind::NotFound => FailureKind::NotFound,
            Kind::Cancelled => FailureKind::Cancelled,
            Kind::Internal => FailureKind::Internal,
        };
        Self { kind, message: error.message.clone(), hint: error.hint.clone(), details: error.details() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}
