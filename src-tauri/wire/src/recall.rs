//! Similar past cases.

use crate::{FeedbackRow, Filter, twins, wire, words};
use hearback_engine::{
    error::{Error, Result},
    pipeline::{self, SimilarTo},
    recall::Closeness,
};

words! {
    pub enum Similarity { NearIdentical, SameProblem, Related, Distant }
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

twins! {
    Similarity = Closeness { NearIdentical, SameProblem, Related, Distant }
}

impl SimilarQuery {
    /// # Errors
    /// Neither a text nor a feedback, or both.
    pub fn target(&self) -> Result<SimilarTo<'_>> {
        match (&self.text, &self.feedback_id) {
            (Some(text), None) => Ok(SimilarTo::Text(text)),
            (None, Some(id)) => Ok(SimilarTo::Feedback(id)),
            _ => Err(Error::input("give either a text or a feedback to compare with")),
        }
    }
}

impl From<pipeline::SimilarCase> for SimilarCase {
    fn from(case: pipeline::SimilarCase) -> Self {
        Self {
            similarity: f64::from(case.similarity),
            word: case.closeness.into(),
            text: case.text,
            feedback: case.feedback.into(),
            count: case.count,
        }
    }
}
