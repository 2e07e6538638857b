//! What does a reader of exports hand on?
//!
//! Exports come in pieces: traces here, scores there, the other half next week. So a reader yields *patches*:
//! each names its session, turn or feedback by the id it has in the tool, and fills the fields it knows.
//! The store merges patches with the same id, in any order.

use std::collections::BTreeMap;

use super::{
    Author, FeedbackType, Polarity, Timestamp,
    error::Result,
    polarity::{ScoreType, StatedScale},
};

/// Every further key of the export, as text. Nested values are JSON text.
pub type Metadata = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    Session(SessionRecord),
    Turn(TurnRecord),
    Feedback(FeedbackRecord),
    Vector(VectorRecord),
}

/// One conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionRecord {
    pub id: String,
    pub started_at: Option<Timestamp>,
    pub user_id: Option<String>,
    pub user_role: Option<String>,
    pub environment: Option<String>,
    pub metadata: Metadata,
}

/// What a field of a record can hold, by the names that [`turn_fields!`](crate::turn_fields) uses.
#[expect(non_camel_case_types, reason = "a field is declared by the name of what reads and writes it")]
pub mod kind {
    use super::{Document, Timestamp};

    /// An id, a name, a version: blank counts as missing.
    pub type word = Option<String>;
    /// A free text, kept exactly: empty text is a text.
    pub type text = Option<String>;
    pub type moment = Option<Timestamp>;
    pub type whole = Option<i64>;
    pub type words = Vec<String>;
    pub type documents = Vec<Document>;
}

macro_rules! turn_record {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        /// One exchange: user query -> system context -> model output.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct TurnRecord {
            pub id: String,
            /// Ids by which other records of the tool speak of this turn (its spans, its response): feedback that names one
            /// of them is about this turn, whichever comes first.
            pub aliases: Vec<String>,
            /// How this patch stands against others of the same turn.
            pub weight: Weight,
            $(#[doc = $meaning] pub $name: kind::$kind,)*
            pub metadata: Metadata,
        }
    };
}
crate::turn_fields!(all => turn_record);

/// Which of two patches of the same turn wins where both have a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Only fills gaps (a child observation beside its trace).
    Fill,
    /// The record of the turn itself: the latest wins.
    #[default]
    Full,
}

/// A retrieved document that the model was given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub id: Option<String>,
    pub title: Option<String>,
    pub content: String,
    pub score: Option<f64>,
}

/// One act of a user (or annotator, or judge) about a turn or a session.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedbackRecord {
    /// The id in the tool; a reader without one makes a stable one from the content.
    pub id: String,
    pub created_at: Option<Timestamp>,
    pub session_id: Option<String>,
    pub turn_id: Option<String>,
    pub feedback_type: FeedbackType,
    pub author: Author,
    /// The name of the score or question in the tool, such as `user-thumbs`. The polarity rule hangs on it.
    pub score_name: Option<String>,
    /// As in the export, on the scale of `score_name`.
    pub score: Option<f64>,
    /// What the values of the score are.
    pub score_type: ScoreType,
    /// The ends of its scale, where the tool states them.
    pub scale: Option<StatedScale>,
    /// The chosen label, such as `hallucination` or `👎`, as in the export.
    pub label: Option<String>,
    /// Where the export itself says it; else the rule decides.
    pub polarity: Option<Polarity>,
    pub reasons: Vec<String>,
    pub comment: Option<String>,
    pub correction: Option<String>,
    pub confidence: Option<f64>,
    /// The marked stretch of an annotation.
    pub span: Option<Span>,
    /// The values below override those of the turn, where the export carries them on the feedback itself.
    pub query: Option<String>,
    pub output: Option<String>,
    pub model: Option<String>,
    pub model_version: Option<String>,
    pub prompt_version: Option<String>,
    pub release: Option<String>,
    pub environment: Option<String>,
    pub user_id: Option<String>,
    pub user_role: Option<String>,
    pub tags: Vec<String>,
    pub metadata: Metadata,
}

impl FeedbackRecord {
    /// The number for true or false.
    pub fn set_truth(&mut self, value: bool) {
        self.score = Some(f64::from(u8::from(value)));
        self.score_type = ScoreType::Boolean;
    }

    pub fn new(id: impl Into<String>, feedback_type: FeedbackType) -> Self {
        Self {
            id: id.into(),
            created_at: None,
            session_id: None,
            turn_id: None,
            feedback_type,
            author: Author::Human,
            score_name: None,
            score: None,
            score_type: ScoreType::Numeric,
            scale: None,
            label: None,
            polarity: None,
            reasons: Vec::new(),
            comment: None,
            correction: None,
            confidence: None,
            span: None,
            query: None,
            output: None,
            model: None,
            model_version: None,
            prompt_version: None,
            release: None,
            environment: None,
            user_id: None,
            user_role: None,
            tags: Vec::new(),
            metadata: Metadata::new(),
        }
    }
}

/// What a text means to the model of a vector store, as its export gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorRecord {
    /// Names the model as far as the export does, such as the collection's name. Vectors of one model have one size.
    pub model: String,
    pub text: String,
    pub vector: Vec<f32>,
}

/// A stretch of the query or the output, in Unicode scalar values, end excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub target: SpanTarget,
    pub start: u32,
    pub end: u32,
    /// The marked words, so that a reader can check the offsets.
    pub quote: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanTarget {
    Query,
    Output,
}

/// Where in its file a record stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Counted from 1, as a person would.
    pub record: u64,
    /// Of the record's first byte in the unpacked file; in the text as UTF-8 where the file had another encoding.
    /// `None` for columnar files and workbooks.
    pub byte: Option<u64>,
}

/// A record that was not kept, with enough to find it, understand it and read it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    pub origin: Origin,
    /// One sentence: what is wrong with it.
    pub reason: String,
    /// The record as it stood in the file, at most [`Reject::RAW_LIMIT`] bytes of it.
    pub raw: String,
}

impl Reject {
    /// Enough to recognise and repair a record, little enough that a million of them still fit.
    pub const RAW_LIMIT: usize = 64 * 1024;
}

/// Where the records of a file go. An error of the sink ends the reading and is handed on.
pub trait Sink {
    fn record(&mut self, origin: Origin, record: Record) -> Result<()>;
    fn reject(&mut self, reject: Reject) -> Result<()>;
}
