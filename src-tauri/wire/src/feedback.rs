//! Rows behind numbers.

use crate::{Asked, Author, FeedbackType, Filter, Polarity, mirror_enum, string_enum, wire_type};
use hearback_app::store;
use hearback_domain::{
    self as model,
    error::Result,
    record::{self, kind},
    rows,
};
use std::collections::BTreeMap;

string_enum! {
    pub enum SortBy { Time, Score, Polarity, FeedbackType, ModelVersion, Environment, UserRole, Theme }
    pub enum SortOrder { Ascending, Descending }
    pub enum SpanTarget { Query, Output }
}

wire_type! {
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

mirror_enum! {
    SortBy = store::SortBy { Time, Score, Polarity, FeedbackType, ModelVersion, Environment, UserRole, Theme }
    SortOrder = store::SortOrder { Ascending, Descending }
    SpanTarget = record::SpanTarget { Query, Output }
}

pub fn feedback_page(asked: &Asked<'_>, query: FeedbackQuery) -> Result<FeedbackPage> {
    let filter = (&query.filter).try_into()?;
    Ok(asked.workspace.feedback_page(&filter, query.sort(), query.after.as_deref(), query.limit)?.into())
}

macro_rules! feedback_row {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        wire_type! {
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
                $(pub $name: kind::$kind,)*
                pub theme_id: Option<i64>,
                pub theme_name: Option<String>,
                pub source_name: String,
                pub metadata: BTreeMap<String, String>,
            }
        }

        impl From<rows::FeedbackRow> for FeedbackRow {
            fn from(row: rows::FeedbackRow) -> Self {
                Self {
                    id: row.id,
                    created_at: crate::moment(row.created_at),
                    session_id: row.session_id,
                    turn_id: row.turn_id,
                    feedback_type: row.feedback_type.into(),
                    author: row.author.into(),
                    polarity: row.polarity.into(),
                    score_name: row.score_name,
                    score: row.score,
                    score_normal: row.score_normal,
                    label: row.label,
                    reasons: row.reasons,
                    comment: row.comment,
                    correction: row.correction,
                    confidence: row.confidence,
                    span: row.span.map(Span::from),
                    query: row.query,
                    $($name: row.$name,)*
                    theme_id: row.theme_id,
                    theme_name: row.theme_name,
                    source_name: row.source_name,
                    metadata: row.metadata,
                }
            }
        }
    };
}
hearback_domain::turn_fields!(rows => feedback_row);

impl From<model::Span> for Span {
    fn from(span: model::Span) -> Self {
        Self { target: span.target.into(), start: span.start, end: span.end, quote: span.quote }
    }
}

impl FeedbackQuery {
    pub fn sort(&self) -> store::FeedbackSort {
        store::FeedbackSort { by: self.sort_by.into(), order: self.order.into() }
    }
}

impl From<store::FeedbackPage> for FeedbackPage {
    fn from(page: store::FeedbackPage) -> Self {
        Self { rows: page.rows.into_iter().map(FeedbackRow::from).collect(), next: page.next, total: page.total }
    }
}
