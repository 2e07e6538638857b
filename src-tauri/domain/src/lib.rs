//! Which things does Hearback talk about?
//!
//! The words of the domain as values: no database, no file, no window, no serialization for the outside.
//! Everything here is a leaf; every other crate may use it.

pub mod error;
pub mod feedback;
pub mod filter;
pub mod import;
pub mod job;
pub mod lexicon;
pub mod measure;
pub mod number;
pub mod polarity;
pub mod record;
pub mod rows;
mod scale;
pub mod signal;
pub mod text;
pub mod theme;
pub mod time;
pub mod trail_order;
pub mod trend;
mod turn_fields;

pub use feedback::{Author, FeedbackType, Polarity};
pub use filter::{Bucket, Condition, Counted, Dimension, Filter, Key};
pub use measure::Measure;
pub use record::{
    Document, FeedbackRecord, Origin, Record, Reject, SessionRecord, Sink, Span, TurnRecord, VectorRecord,
};
pub use rows::{Aggregate, TrendRow};
pub use text::{Subject, TextHash};
pub use time::Timestamp;
pub use trend::{Measured, Point, Series, SeriesKind, Trend};
