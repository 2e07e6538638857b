//! An engine error as the window and scripts see it.

use crate::{mirror_enum, string_enum, wire_type};
use hearback_domain::error::{self, Error, Kind};

string_enum! {
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

string_enum! {
    /// What Hearback can do next about a failure; how one asks for it is for whoever shows it to say.
    pub enum NextStep {
        Analyse,
        Models,
        AddModelAgain,
        MapColumns,
        Feedback,
        Themes,
        SetUp,
    }
}

mirror_enum! {
    NextStep = error::NextStep { Analyse, Models, AddModelAgain, MapColumns, Feedback, Themes, SetUp }
}

wire_type! {
    pub struct Failure {
        pub kind: FailureKind,
        /// One sentence.
        pub message: String,
        /// What to do about it.
        pub hint: Option<String>,
        #[serde(default)]
        pub next: Option<NextStep>,
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
        let (message, hint) = (error.message.clone(), error.hint.clone());
        Self { kind, message, hint, next: error.next.map(NextStep::from), details: error.details() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}
