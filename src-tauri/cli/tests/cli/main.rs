//! The command line as a user or a script has it: the built program, its output, its exit codes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod documented;
mod importing;
mod killed;
mod models;
mod offline;
mod resumed;
mod scores;
mod shared;
#[expect(dead_code, reason = "these tests only say what they skip")]
#[path = "../../../../tests/shared_data.rs"]
mod shared_data;
mod sharing;
mod tables;
mod wrong_use;
