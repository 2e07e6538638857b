//! How often did what answers rest on change? Each number grows by one with every change, so that what was made of an older
//! one is known to be old.

use duckdb::Connection;

use super::{property, set_property};
use hearback_domain::error::Result;

/// Of sessions, turns, feedback and rules.
pub(super) fn data_version(connection: &Connection) -> Result<u64> {
    Ok(property(connection, "data_version")?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

pub(super) fn bump_data_version(connection: &Connection) -> Result<()> {
    let next = data_version(connection)? + 1;
    set_property(connection, "data_version", &next.to_string())
}

/// What feedback says or belongs to has changed.
pub(super) fn bump_facts_version(connection: &Connection) -> Result<()> {
    let known: u64 = property(connection, "facts_version")?.and_then(|text| text.parse().ok()).unwrap_or(0);
    set_property(connection, "facts_version", &(known + 1).to_string())
}

pub(super) fn vector_version(connection: &Connection) -> Result<u64> {
    Ok(property(connection, "vector_version")?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

pub(super) fn bump_vector_version(connection: &Connection) -> Result<()> {
    let next = vector_version(connection)? + 1;
    set_property(connection, "vector_version", &next.to_string())
}
