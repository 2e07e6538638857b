//! How do bytes of somebody else's export become records?
//!
//! ```text
//! paths -> expand -> recognise (container, format, role: by content) -> read (addresses: privacy) -> Sink (records, rejects)
//! ```
//! An [`Input`] is one file, wherever it lies, opened once; a [`Container`] finds the records in it and shows each as a
//! [`Row`]; a [`Format`] turns rows into records. There is one file (or folder) per format, one trait, one registry:
//! [`FORMATS`]. Each layer knows only those before it: `input`, `container`, `format` and `mapping`, `formats`,
//! `recognise` and `reading`, `expand`.
//!
//! Invariants: this module knows no database. A file is read once, from front to back, in constant memory
//! (a table without ids costs 16 bytes a row more, to number equal rows). Every record of a file is handed on or
//! rejected with its place and its raw text; texts are handed on exactly as they stand.
//!
//! Missing or empty: null is missing everywhere. Empty text is a text where people or models write (query, output,
//! comment: an empty answer is not a missing one), and missing where programs do (ids, labels, versions, times,
//! numbers). A CSV file cannot tell the two apart: there empty is missing.

mod container;
mod expand;
mod format;
pub mod formats;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod input;
mod kind;
pub mod limits;
pub mod mapping;
mod message;
mod model_name;
pub mod privacy;
pub mod python;
mod reading;
mod recognise;
pub mod row;
mod safe_names;
mod time;

#[cfg(test)]
mod tests;

pub use container::Container;
pub use expand::{expand, files_in};
pub use format::{Detected, Format, Out, Recognised, Role, RowReader, Sample, columns};
pub use formats::{FORMATS, canonical, table};
pub use input::Input;
pub use mapping::Mapping;
pub use reading::{Collected, ReadReport, Unmapped, read, read_start};
pub use recognise::{ReadOptions, RecognisedSet, first_rows, recognise, recognise_all};
pub use row::{Reason, Row};
