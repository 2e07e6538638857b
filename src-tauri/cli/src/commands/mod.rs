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

use hearback_app::Workspace;
use hearback_domain::error::Result;
use hearback_wire::{Asked, PersonalData};

use crate::progress;

pub use hearback_wire::now;

/// Asks a command of the list.
pub fn asked<T>(workspace: &Workspace, ask: impl FnOnce(&Asked<'_>) -> Result<T>) -> Result<T> {
    let (job, personal_data) = (progress::job(), PersonalData::default());
    ask(&Asked { workspace, now: now(), personal_data: &personal_data, job: &job })
}
