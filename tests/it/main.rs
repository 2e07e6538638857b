//! One binary of integration tests, a module per capability, mirroring the engine.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod architecture;
mod charts;
mod exports;
mod hostile_texts;
mod import;
mod models;
mod numbers;
mod polarity;
mod recall;
mod sample;
mod shared;
mod signals;
mod store;
mod themes;
mod trends;
