//! Similar past cases.

use crate::{FeedbackRow, Filter, wire, words};

words! {
    pub enum Similarity { NearIdentical, SameProblem, Related }
}

wire! {
    pub struct SimilarQuery {
        /// One of the two: a text, or a feedback whose text is taken (and which is left out of the answer).
        pub text: Option<String>,
        pub feedback_id: Option<String>,
        pub k: u32,
        pub filter: Filter,
    }

    pub struct SimilarCase {
        /// Cosine, -1..1.
        pub similarity: f64,
        pub word: Similarity,
        /// The text that was compared.
        pub text: String,
        /// The latest feedback that says it, and how many do.
        pub feedback: FeedbackRow,
        pub count: u64,
    }
}
