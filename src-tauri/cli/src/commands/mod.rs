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

pub use hearback_wire::now;
