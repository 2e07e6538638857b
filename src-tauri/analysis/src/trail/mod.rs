//! What happened in this session, in order?
//!
//! [`assemble`] lays a session out as people read a chat, with its feedback in place, what changed in the system
//! context from turn to turn, and the words that annotations mark. From rows to values: no database, no files.
//! Texts of users and models are data and come out as they went in.

pub mod diff;
pub mod highlight;
pub mod signals;

pub use diff::{Run, RunKind};
pub use highlight::{Segment, SpanNote, SpanProblem};

use std::collections::BTreeMap;

use hearback_domain::{SessionRecord, TurnRecord, record::SpanTarget, rows::FeedbackRow, trail_order};

#[derive(Clone, Debug, PartialEq)]
pub struct Trail {
    pub session: Option<SessionRecord>,
    /// The turns in order.
    pub entries: Vec<TrailEntry>,
    /// Feedback about the session as a whole.
    pub session_feedback: Vec<FeedbackRow>,
    /// Feedback about turns that are not there.
    pub orphan_feedback: Vec<FeedbackRow>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TrailEntry {
    pub turn: TurnRecord,
    /// By time, then by id.
    pub feedback: Vec<FeedbackRow>,
    pub context: ContextChange,
    /// The query with its marks; empty without a query.
    pub query: Vec<Segment>,
    /// The output with its marks; empty without an output.
    pub output: Vec<Segment>,
    /// Spans that mark nothing, and why.
    pub span_notes: Vec<SpanNote>,
}

/// The system context against that of the latest turn before that has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextChange {
    /// This turn has none.
    Absent,
    /// The first one of the session.
    First,
    Same {
        /// The entry compared with.
        entry: usize,
    },
    Changed {
        /// The entry compared with.
        entry: usize,
        /// How many separate changes.
        changes: usize,
        runs: Vec<Run>,
    },
}

/// Lays rows out in the order of [`trail_order`], in whichever they come.
pub fn assemble(session: Option<SessionRecord>, mut turns: Vec<TurnRecord>, mut feedback: Vec<FeedbackRow>) -> Trail {
    trail_order::sort_turns(&mut turns, |turn| turn.into());
    trail_order::sort_feedback(&mut feedback);

    let places: BTreeMap<String, usize> =
        turns.iter().enumerate().rev().map(|(place, turn)| (turn.id.clone(), place)).collect();
    let mut of_turns: Vec<Vec<FeedbackRow>> = turns.iter().map(|_| Vec::new()).collect();
    let (mut session_feedback, mut orphan_feedback) = (Vec::new(), Vec::new());
    for row in feedback {
        match row.turn_id.as_ref().map(|id| places.get(id)) {
            None => session_feedback.push(row),
            Some(None) => orphan_feedback.push(row),
            Some(Some(&place)) => of_turns[place].push(row),
        }
    }

    let mut entries: Vec<TrailEntry> = Vec::with_capacity(turns.len());
    let mut latest: Option<usize> = None;
    for (place, (turn, feedback)) in turns.into_iter().zip(of_turns).enumerate() {
        let context = context_change(&turn, latest.map(|entry| (entry, &entries[entry].turn)));
        if context != ContextChange::Absent {
            latest = Some(place);
        }
        let (query, mut span_notes) = highlight::highlight(turn.query.as_deref(), SpanTarget::Query, &feedback);
        let (output, notes) = highlight::highlight(turn.output.as_deref(), SpanTarget::Output, &feedback);
        span_notes.extend(notes);
        entries.push(TrailEntry { turn, feedback, context, query, output, span_notes });
    }
    Trail { session, entries, session_feedback, orphan_feedback }
}

fn context_change(turn: &TurnRecord, before: Option<(usize, &TurnRecord)>) -> ContextChange {
    let text = |turn: &TurnRecord| turn.system_context.clone().filter(|text| !text.is_empty());
    let Some(new) = text(turn) else { return ContextChange::Absent };
    let Some((entry, old)) = before.and_then(|(entry, turn)| Some((entry, text(turn)?))) else {
        return ContextChange::First;
    };
    if old == new {
        return ContextChange::Same { entry };
    }
    let runs = diff::diff(&old, &new);
    ContextChange::Changed { entry, changes: diff::changes(&runs), runs }
}

#[cfg(test)]
mod tests;
