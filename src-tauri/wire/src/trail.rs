//! A session laid out in order.

use crate::{FeedbackRow, wire, words};
use std::collections::BTreeMap;

words! {
    pub enum ChangeKind { Kept, Added, Removed }
}

wire! {
    pub struct TrailQuery {
        /// One of the three; the session is found from a feedback or a turn.
        pub session_id: Option<String>,
        pub feedback_id: Option<String>,
        pub turn_id: Option<String>,
    }

    pub struct Trail {
        /// `null` where feedback has neither session nor turn: then `orphans` holds it.
        pub session_id: Option<String>,
        pub started_at: Option<String>,
        pub user_id: Option<String>,
        pub user_role: Option<String>,
        pub environment: Option<String>,
        pub metadata: BTreeMap<String, String>,
        pub turns: Vec<TrailTurn>,
        /// About the session as a whole.
        pub session_feedback: Vec<FeedbackRow>,
        /// About a turn that no import has brought yet.
        pub orphans: Vec<FeedbackRow>,
    }

    pub struct TrailTurn {
        pub id: String,
        pub created_at: Option<String>,
        /// The query in pieces; a piece with `feedback` is marked by those annotations.
        pub query: Vec<Segment>,
        pub output: Vec<Segment>,
        pub system_context: Option<String>,
        /// Against the turn before; `null` for the first turn or where nothing changed.
        pub context_changes: Option<Vec<Change>>,
        pub documents: Vec<Document>,
        pub model: Option<String>,
        pub model_version: Option<String>,
        pub prompt_name: Option<String>,
        pub prompt_version: Option<String>,
        pub release: Option<String>,
        pub environment: Option<String>,
        pub user_role: Option<String>,
        pub latency_ms: Option<i64>,
        pub input_tokens: Option<i64>,
        pub output_tokens: Option<i64>,
        pub tags: Vec<String>,
        pub metadata: BTreeMap<String, String>,
        pub feedback: Vec<FeedbackRow>,
    }

    pub struct Segment {
        pub text: String,
        /// Ids of the annotations that mark it.
        pub feedback: Vec<String>,
    }

    pub struct Change {
        pub kind: ChangeKind,
        pub text: String,
    }

    pub struct Document {
        pub id: Option<String>,
        pub title: Option<String>,
        pub content: String,
        pub score: Option<f64>,
    }
}
