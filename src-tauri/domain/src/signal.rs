//! What is a signal derived from, and what does it say?
//!
//! By which words and distances it is derived is a business of the analysis; which of them count, of the workspace.

use super::{Polarity, Timestamp, feedback::string_enum};

string_enum! {
    /// Why a signal was derived.
    Rule {
        /// The next query says nearly the same.
        AskedAgain = "asked_again",
        /// The next query says exactly the same.
        Regenerated = "regenerated",
        /// The session ends on an answer that had been objected to or asked for again, or on none.
        Abandoned = "abandoned",
        /// The next query begins with a negation or a complaint.
        Complaint = "complaint",
        /// The next query thanks.
        Thanks = "thanks",
    }
}

impl Rule {
    /// How far the rule is to be trusted, 0 to 1: a judgement, not a measurement.
    pub const fn weight(self) -> f64 {
        match self {
            Self::AskedAgain => 0.6,
            Self::Regenerated => 0.7,
            Self::Abandoned => 0.4,
            Self::Complaint => 0.8,
            Self::Thanks => 0.6,
        }
    }

    pub const fn polarity(self) -> Polarity {
        match self {
            Self::Thanks => Polarity::Positive,
            _ => Polarity::Negative,
        }
    }

    /// For people: when it holds.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::AskedAgain => "the user asked nearly the same again",
            Self::Regenerated => "the user sent the same query again",
            Self::Abandoned => "the session ends without an answer that helped",
            Self::Complaint => "the next message begins with a negation or a complaint",
            Self::Thanks => "the next message says thanks",
        }
    }
}

/// One turn of a session, as far as signals need it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignalTurn {
    pub id: String,
    pub created_at: Option<Timestamp>,
    pub query: Option<String>,
    pub output: Option<String>,
}

/// A signal about the turn at `place` of its session.
#[derive(Clone, Debug, PartialEq)]
pub struct DerivedSignal {
    pub place: usize,
    pub rule: Rule,
    /// When the user did it, where that is known.
    pub at: Option<Timestamp>,
}
