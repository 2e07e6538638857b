//! How do bytes of somebody else's export become records?
//!
//! ```text
//! paths -> expand -> recognise (container, format, role: by content) -> read -> Sink (records, rejects)
//! ```
//! A [`container`] finds the records in a file and shows each as a [`Row`]; a [`Format`] turns rows into
//! [`Record`]s. There is one file (or folder) per format, one trait, one registry: [`FORMATS`].
//!
//! Invariants: this module knows no database. A file is read once, from front to back, in constant memory
//! (a table without ids costs 16 bytes a row more, to number equal rows). Every record of a file is handed on or
//! rejected with its place and its raw text; texts are handed on exactly as they stand.
//!
//! Missing or empty: null is missing everywhere. Empty text is a text where people or models write (query, output,
//! comment: an empty answer is not a missing one), and missing where programs do (ids, labels, versions, times,
//! numbers). A CSV file cannot tell the two apart: there empty is missing.

pub mod container;
mod detection;
mod files;
pub mod formats;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod kind;
pub mod limits;
pub mod mapping;
mod message;
mod model_name;
pub mod privacy;
pub mod python;
mod reading;
pub mod row;
mod set;
mod time;

#[cfg(test)]
mod tests;

pub use container::Container;
pub use detection::{Detected, ReadOptions, Recognised, Role, Sample, columns, first_rows, recognise};
pub use files::{digest, expand, size};
pub use formats::{canonical, table};
pub use mapping::Mapping;
pub use reading::{Collected, Out, ReadReport, Sink, Unmapped, read, read_start};
pub use row::{Reason, Row};
pub use set::{RecognisedSet, files_in, recognise_all};

pub(crate) use hearback_model::{error, job, model};

use error::Result;
use formats::{
    argilla, chameleon, chats, chroma, delighted, firestore, helicone, label_studio, langfuse, langsmith, mlflow, opik,
    otlp, phoenix, posthog, trulens, typeform, zendesk,
};

/// What somebody's tool writes, and how it is read.
pub trait Format: Sync {
    /// For `--format` and for the workspace file.
    fn name(&self) -> &'static str;
    /// For people.
    fn title(&self) -> &'static str;
    /// Is this it? From the file's name and first records.
    fn detect(&self, sample: &Sample<'_>) -> Option<Detected>;
    /// Begins to read one file.
    ///
    /// # Errors
    /// What is asked for cannot be read so (a table without a mapping).
    fn reader(&self, recognised: &Recognised) -> Result<Box<dyn RowReader>>;
}

/// Turns the rows of one file into records. It may remember what later rows need, within bounds.
pub trait RowReader {
    /// Takes what it understands out of `row` and puts out what that means; what is left in `row` afterwards is
    /// counted as unmapped. With an error nothing of the row is kept.
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason>;

    /// After the last row: what was held back for want of others.
    fn finish(&mut self, _out: &mut Out) -> std::result::Result<(), Reason> {
        Ok(())
    }

    /// Why a field found no place, where that is known.
    fn why_unmapped(&self, _field: &str, _cell: &row::Cell<'_>) -> Option<&'static str> {
        None
    }
}

/// Every format, in no particular order: the most confident one reads.
pub static FORMATS: &[&dyn Format] = &[
    &canonical::Canonical,
    &langfuse::Langfuse,
    &otlp::Otlp,
    &phoenix::Phoenix,
    &mlflow::Mlflow,
    &opik::Opik,
    &trulens::Trulens,
    &langfuse::ScoreColumns,
    &langsmith::LangSmith,
    &posthog::PostHog,
    &helicone::Helicone,
    &chats::ARENA,
    &chats::CHATGPT,
    &chats::FASTCHAT,
    &chats::HH_RLHF,
    &chats::LMSYS_CHAT,
    &chats::OPEN_ASSISTANT,
    &chats::OPEN_WEBUI,
    &chats::OPENAI_CHAT,
    &chats::OPENAI_PREFERENCE,
    &chats::RED_TEAM,
    &chats::SHAREGPT,
    &chats::TRL,
    &chats::WILDCHAT,
    &label_studio::LabelStudio,
    &chroma::Chroma,
    &argilla::Argilla,
    &typeform::Typeform,
    &chameleon::Chameleon,
    &zendesk::Zendesk,
    &delighted::Delighted,
    &firestore::Firestore,
    &table::Table,
];
