//! All of Hearback that is true without a window.
//!
//! Data flows one way: `ingest -> store -> embed -> theme -> trend -> chart`; [`pipeline`] is the only module
//! that joins stages. What binds each of them is said at its head and held by `tests/it/architecture.rs`.

pub use hearback_ingest as ingest;
pub use hearback_meaning::{embed, map, recall, theme};
pub use hearback_model::{error, job, model};

// Stages: siblings, none of which imports another.
pub mod chart;
pub mod interrupt;
pub mod sample;
pub mod store;
pub mod trail;
pub mod trend;

pub mod pipeline;
