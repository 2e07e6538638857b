//! What passes between the store and the stages that count, draw and lay out?
//!
//! Stages do not know one another, and only the store knows the database: these plain rows are what they share.

use super::{
    Author, FeedbackType, Polarity, Span, TextHash, Timestamp,
    record::{Metadata, kind},
};

/// What a trend, a headline or a theme is computed from: sums over some feedback, which can be added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Aggregate {
    /// Feedbacks.
    pub n: u64,
    pub negative: u64,
    pub positive: u64,
    /// Feedbacks whose polarity nothing tells.
    pub unknown: u64,
    /// Feedbacks with a score.
    pub scored: u64,
    /// Sum of the scores, each on 0..1.
    pub score_sum: f64,
    /// Sum of the squared scores, for the interval of the mean.
    pub score_square_sum: f64,
}

impl Aggregate {
    /// Feedbacks with a polarity: what a share of negative ones is a share of.
    pub fn judged(&self) -> u64 {
        self.n.saturating_sub(self.unknown)
    }

    pub fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.negative += other.negative;
        self.positive += other.positive;
        self.unknown += other.unknown;
        self.scored += other.scored;
        self.score_sum += other.score_sum;
        self.score_square_sum += other.score_square_sum;
    }
}

/// One bucket of one group. A bucket without feedback has no row.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendRow {
    /// The bucket's first moment.
    pub start: Timestamp,
    /// A value for each dimension that was split by, in that order; `None` for "has none".
    pub key: Vec<Option<String>>,
    pub sums: Aggregate,
}

macro_rules! feedback_row {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        /// One line of the feedback table, and one feedback beside its turn in a trail.
        #[derive(Clone, Debug, PartialEq)]
        pub struct FeedbackRow {
            pub id: String,
            pub created_at: Option<Timestamp>,
            pub session_id: Option<String>,
            pub turn_id: Option<String>,
            pub feedback_type: FeedbackType,
            pub author: Author,
            pub polarity: Polarity,
            pub score_name: Option<String>,
            pub score: Option<f64>,
            /// The score on 0 (bad) .. 1 (good).
            pub score_normal: Option<f64>,
            pub label: Option<String>,
            pub reasons: Vec<String>,
            pub comment: Option<String>,
            pub correction: Option<String>,
            pub confidence: Option<f64>,
            pub span: Option<Span>,
            pub query: Option<String>,
            $(#[doc = $meaning] pub $name: kind::$kind,)*
            pub theme_id: Option<i64>,
            pub theme_name: Option<String>,
            pub source_name: String,
            pub metadata: Metadata,
        }
    };
}
crate::turn_fields!(rows => feedback_row);

/// A distinct text with the number of feedbacks that say it.
#[derive(Clone, Debug, PartialEq)]
pub struct TextRow {
    pub hash: TextHash,
    pub text: String,
    pub feedback: u64,
}

/// Vectors of one model, row by row in one block: `values[i * dimension..]` belongs to `hashes[i]`.
/// Each row has length 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VectorSet {
    pub dimension: usize,
    pub hashes: Vec<TextHash>,
    pub values: Vec<f32>,
}

impl VectorSet {
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.dimension..(index + 1) * self.dimension]
    }
}
