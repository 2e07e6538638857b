//! What every part of Hearback may use: the words of the domain, what went wrong, how far work is.
//!
//! A leaf: no database, no file, no window. A crate of its own, with `hearback-ingest` on top of it, so that the
//! readers of exports build, test and are fuzzed in seconds, without DuckDB and ONNX Runtime.

pub mod error;
pub mod job;
pub mod model;
