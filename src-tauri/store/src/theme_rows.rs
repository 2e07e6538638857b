//! What the files about themes share: a found theme as it is kept, and the next free id.

use duckdb::Connection;

use super::{
    property,
    themes::{NamedBy, StoredSubtheme},
};
use hearback_domain::{TextHash, error::Result, theme::Event};

/// A found theme, as the last run that had it left it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownTheme {
    pub id: i64,
    pub run: i64,
    pub name: String,
    /// `Words` or `Before`.
    pub named_by: NamedBy,
    pub keywords: Vec<String>,
    pub feedback: u64,
    pub cohesion: f64,
    /// The least similarity to the centroid at which another text is placed here.
    pub reach: f64,
    pub centroid: Vec<f32>,
    pub examples: Vec<TextHash>,
    pub subthemes: Vec<StoredSubtheme>,
    pub event: Event,
    pub others: Vec<i64>,
}

pub(super) const NEXT_ID: &str = "next_theme_id";

pub(super) fn next_theme_id(connection: &Connection) -> Result<i64> {
    Ok(property(connection, NEXT_ID)?.and_then(|text| text.parse().ok()).unwrap_or(1))
}

pub(super) fn ids_json(ids: &[i64]) -> String {
    serde_json::json!(ids).to_string()
}
