//! One binary of integration tests, a module per capability, mirroring the engine.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod architecture;
mod charts;
mod circles;
mod exports;
mod hostile_texts;
mod import;
mod models;
mod numbers;
mod polarity;
mod recall;
mod sample;
mod shared;
#[path = "../shared_data.rs"]
mod shared_data;
mod signals;
mod snapshots;
mod store;
mod themes;
mod trends;
