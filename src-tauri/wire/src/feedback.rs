//! Rows behind numbers.

use crate::{Author, FeedbackType, Filter, Polarity, wire, words};
use std::collections::BTreeMap;

words! {
    pub enum SortBy { Time, Score, Polarity, FeedbackType, ModelVersion, Environment, UserRole, Theme }
    pub enum SortOrder { Ascending, Descending }
    pub enum SpanTarget { Query, Output }
}

wire! {
    pub struct FeedbackRow {
        pub id: String,
        pub created_at: Option<String>,
        pub session_id: Option<String>,
        pub turn_id: Option<String>,
        pub feedback_type: FeedbackType,
        pub author: Author,
        pub polarity: Polarity,
        pub score_name: Option<String>,
        /// As in the export.
        pub score: Option<f64>,
        /// On 0 (bad) .. 1 (good).
        pub score_normal: Option<f64>,
        pub label: Option<String>,
        pub reasons: Vec<String>,
        pub comment: Option<String>,
        pub correction: Option<String>,
        pub confidence: Option<f64>,
        pub span: Option<Span>,
        pub query: Option<String>,
        pub model: Option<String>,
        pub model_version: Option<String>,
        pub prompt_version: Option<String>,
        pub release: Option<String>,
        pub environment: Option<String>,
        pub user_role: Option<String>,
        pub tags: Vec<String>,
        pub theme_id: Option<i64>,
        pub theme_name: Option<String>,
        pub source_name: String,
        pub metadata: BTreeMap<String, String>,
    }

    /// A stretch of query or output, in Unicode scalar values, end excluded.
    pub struct Span {
        pub target: SpanTarget,
        pub start: u32,
        pub end: u32,
        pub quote: Option<String>,
    }

    pub struct FeedbackQuery {
        pub filter: Filter,
        pub sort_by: SortBy,
        pub order: SortOrder,
        /// The cursor of the page before, or `null` for the first.
        pub after: Option<String>,
        pub limit: u32,
    }

    pub struct FeedbackPage {
        pub rows: Vec<FeedbackRow>,
        /// Opaque: pass as `after`.
        pub next: Option<String>,
        pub total: u64,
    }
}
