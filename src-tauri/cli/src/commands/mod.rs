//! One file a noun: ask the engine, print what it says.

pub mod analyze;
pub mod ask;
pub mod doctor;
pub mod feedback;
pub mod import;
pub mod known;
pub mod map;
pub mod mappings;
pub mod models;
pub mod overview;
pub mod sample;
pub mod scores;
pub mod signals;
pub mod similar;
pub mod sources;
pub mod theme_edits;
pub mod themes;
pub mod trail;
pub mod trends;
pub mod watch;

use hearback_engine::model::Timestamp;

/// The one clock of the program: the engine takes moments as arguments.
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
