//! A session laid out in order.

use crate::{Asked, FeedbackRow, mirror_enum, string_enum, wire_type};
use hearback_app::{TrailOf, analysis::trail as engine};
use hearback_domain::{
    self as model,
    error::{Error, Result},
    record::kind,
};
use std::collections::BTreeMap;

string_enum! {
    pub enum ChangeKind { Kept, Added, Removed }
}

wire_type! {
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

mirror_enum! {
    ChangeKind = engine::RunKind { Kept, Added, Removed }
}

pub fn trail(asked: &Asked<'_>, query: TrailQuery) -> Result<Trail> {
    Ok(asked.workspace.trail(query.of()?)?.into())
}

impl TrailQuery {
    /// # Errors
    /// Not exactly one of the three ids.
    pub fn of(&self) -> Result<TrailOf<'_>> {
        match (&self.session_id, &self.feedback_id, &self.turn_id) {
            (Some(id), None, None) => Ok(TrailOf::Session(id)),
            (None, Some(id), None) => Ok(TrailOf::Feedback(id)),
            (None, None, Some(id)) => Ok(TrailOf::Turn(id)),
            _ => Err(Error::input("name one session, turn or feedback to follow")),
        }
    }
}

impl From<engine::Trail> for Trail {
    fn from(trail: engine::Trail) -> Self {
        let session_id = trail.session.as_ref().map(|session| session.id.clone()).or_else(|| {
            // Feedback may name a session that no turn has brought yet.
            trail.session_feedback.iter().chain(&trail.orphan_feedback).find_map(|row| row.session_id.clone())
        });
        let session = trail.session;
        // Without a session nothing is about a session as a whole.
        let (session_feedback, mut orphans) = (trail.session_feedback, trail.orphan_feedback);
        let session_feedback = if session_id.is_some() {
            session_feedback
        } else {
            orphans.extend(session_feedback);
            Vec::new()
        };
        let rows = |rows: Vec<model::rows::FeedbackRow>| rows.into_iter().map(FeedbackRow::from).collect();
        Self {
            session_id,
            started_at: session.as_ref().and_then(|session| crate::moment(session.started_at)),
            user_id: session.as_ref().and_then(|session| session.user_id.clone()),
            user_role: session.as_ref().and_then(|session| session.user_role.clone()),
            environment: session.as_ref().and_then(|session| session.environment.clone()),
            metadata: session.map(|session| session.metadata).unwrap_or_default(),
            turns: trail.entries.into_iter().map(TrailTurn::from).collect(),
            session_feedback: rows(session_feedback),
            orphans: rows(orphans),
        }
    }
}

macro_rules! trail_turn {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        wire_type! {
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
                $(pub $name: kind::$kind,)*
                pub metadata: BTreeMap<String, String>,
                pub feedback: Vec<FeedbackRow>,
            }
        }

        impl From<engine::TrailEntry> for TrailTurn {
            fn from(entry: engine::TrailEntry) -> Self {
                let turn = entry.turn;
                Self {
                    id: turn.id,
                    created_at: crate::moment(turn.created_at),
                    query: entry.query.into_iter().map(Segment::from).collect(),
                    output: entry.output.into_iter().map(Segment::from).collect(),
                    system_context: turn.system_context,
                    context_changes: match entry.context {
                        engine::ContextChange::Changed { runs, .. } => Some(runs.into_iter().map(Change::from).collect()),
                        _ => None,
                    },
                    documents: turn.documents.into_iter().map(Document::from).collect(),
                    $($name: turn.$name,)*
                    metadata: turn.metadata,
                    feedback: entry.feedback.into_iter().map(FeedbackRow::from).collect(),
                }
            }
        }
    };
}
hearback_domain::turn_fields!(trail => trail_turn);

impl From<engine::Run> for Change {
    fn from(run: engine::Run) -> Self {
        Self { kind: run.kind.into(), text: run.text }
    }
}

impl From<engine::Segment> for Segment {
    fn from(segment: engine::Segment) -> Self {
        Self { text: segment.text, feedback: segment.marks }
    }
}

impl From<model::Document> for Document {
    fn from(document: model::Document) -> Self {
        Self { id: document.id, title: document.title, content: document.content, score: document.score }
    }
}
