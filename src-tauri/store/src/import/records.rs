//! How does a record become rows, and what becomes of one that cannot be kept?

use super::{ImportTransaction, append::Target, stopped, write::Request};
use crate::{
    score_rules::Statements,
    tables::{aliases, batch::Batch, feedback, metadata, rejects, sessions, turns, vectors},
};
use hearback_domain::{
    FeedbackRecord, Origin, Record, Reject, SessionRecord, Sink, TurnRecord, VectorRecord,
    error::Result,
    record::{Metadata, Weight},
};

/// Where full chunks go.
type Send<'s> = dyn FnMut(Request) -> Result<()> + 's;

impl Sink for ImportTransaction<'_> {
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where the database cannot keep it, such as a full disk.
    fn record(&mut self, origin: Origin, record: Record) -> Result<()> {
        let requests = self.requests;
        let mut send = |request| requests.send(request).map_err(|_| stopped());
        match &record {
            Record::Session(session) => self.unsent.session(session, &mut send)?,
            Record::Turn(turn) => self.unsent.turn(turn, &mut send)?,
            Record::Feedback(feedback) => self.unsent.feedback(feedback, &mut send)?,
            Record::Vector(vector) => match self.wrong_with(vector) {
                Some(reason) => {
                    return self.note_reject(&Reject { origin, reason, raw: vector_text(vector) });
                }
                None => self.unsent.vector(vector, &mut send)?,
            },
        }
        self.records += 1;
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<()> {
        self.note_reject(&reject)?;
        self.first_reject.get_or_insert(reject);
        Ok(())
    }
}

impl ImportTransaction<'_> {
    fn note_reject(&mut self, reject: &Reject) -> Result<()> {
        let id = self.next_reject;
        self.next_reject += 1;
        if let Some(open) = self.sources.last_mut() {
            open.rejected += 1;
        }
        let requests = self.requests;
        self.unsent.reject(id, reject, &mut |request| requests.send(request).map_err(|_| stopped()))
    }

    fn wrong_with(&mut self, record: &VectorRecord) -> Option<String> {
        let size = record.vector.len();
        if size == 0 || record.vector.iter().any(|value| !value.is_finite()) {
            return Some("the vector has no numbers, or some that are none".to_owned());
        }
        match self.dimensions.get(&record.model) {
            None => {
                self.dimensions.insert(record.model.clone(), size);
                None
            }
            Some(first) if *first == size => None,
            Some(first) => {
                Some(format!("the vector has {size} numbers, others of model {:?} have {first}", record.model))
            }
        }
    }
}

/// As much of a rejected vector as a reject may hold.
fn vector_text(record: &VectorRecord) -> String {
    let mut raw =
        serde_json::json!({ "model": record.model, "text": record.text, "vector": record.vector }).to_string();
    let end = (0..=Reject::RAW_LIMIT.min(raw.len())).rev().find(|end| raw.is_char_boundary(*end)).unwrap_or(0);
    raw.truncate(end);
    raw
}

/// The rows of one import that are not handed on yet.
pub(super) struct UnsentRows {
    /// The file that rows come from.
    pub source: i64,
    /// What the file states of the scales of its scores.
    pub statements: Statements,
    sessions: Batch,
    turns: Batch,
    fills: Batch,
    feedback: Batch,
    metadata: Batch,
    aliases: Batch,
    vectors: Batch,
    rejects: Batch,
}

impl Default for UnsentRows {
    fn default() -> Self {
        Self {
            source: 0,
            statements: Statements::new(),
            sessions: Batch::new(&sessions::SESSIONS),
            turns: Batch::new(&turns::TURNS),
            fills: Batch::new(&turns::TURNS),
            feedback: Batch::new(&feedback::FEEDBACK),
            metadata: Batch::new(&metadata::METADATA),
            aliases: Batch::new(&aliases::TURN_ALIASES),
            vectors: Batch::new(&vectors::STAGE_VECTORS),
            rejects: Batch::new(&rejects::REJECTS),
        }
    }
}

impl UnsentRows {
    pub fn session(&mut self, session: &SessionRecord, send: &mut Send<'_>) -> Result<()> {
        sessions::append(&mut self.sessions, session, self.source);
        end(Target::Sessions, &mut self.sessions, send)?;
        self.metadata("session", &session.id, &session.metadata, Weight::Full, send)
    }

    pub fn turn(&mut self, turn: &TurnRecord, send: &mut Send<'_>) -> Result<()> {
        let (target, batch) = match turn.weight {
            Weight::Full => (Target::Turns, &mut self.turns),
            Weight::Fill => (Target::Fills, &mut self.fills),
        };
        turns::append(batch, turn, self.source);
        end(target, batch, send)?;
        for alias in turn.aliases.iter().filter(|alias| **alias != turn.id) {
            aliases::append(&mut self.aliases, alias, &turn.id, self.source);
            end(Target::Aliases, &mut self.aliases, send)?;
        }
        self.metadata("turn", &turn.id, &turn.metadata, turn.weight, send)
    }

    pub fn feedback(&mut self, feedback: &FeedbackRecord, send: &mut Send<'_>) -> Result<()> {
        if let Some(scale) = feedback.scale {
            self.statements.insert((feedback.score_name.clone(), feedback.score_type), scale);
        }
        feedback::append(&mut self.feedback, feedback, self.source);
        end(Target::Feedback, &mut self.feedback, send)?;
        self.metadata("feedback", &feedback.id, &feedback.metadata, Weight::Full, send)
    }

    pub fn vector(&mut self, record: &VectorRecord, send: &mut Send<'_>) -> Result<()> {
        vectors::append(&mut self.vectors, record, self.source);
        end(Target::Vectors, &mut self.vectors, send)
    }

    pub fn reject(&mut self, id: i64, reject: &Reject, send: &mut Send<'_>) -> Result<()> {
        rejects::append(&mut self.rejects, id, reject, self.source);
        end(Target::Rejects, &mut self.rejects, send)
    }

    /// Hands on what is left.
    pub fn rest(&mut self, send: &mut Send<'_>) -> Result<()> {
        let batches = [
            (Target::Sessions, &mut self.sessions),
            (Target::Turns, &mut self.turns),
            (Target::Fills, &mut self.fills),
            (Target::Feedback, &mut self.feedback),
            (Target::Metadata, &mut self.metadata),
            (Target::Aliases, &mut self.aliases),
            (Target::Vectors, &mut self.vectors),
            (Target::Rejects, &mut self.rejects),
        ];
        for (target, batch) in batches {
            if let Some(rows) = batch.take()? {
                send(Request::Rows(target, rows))?;
            }
        }
        Ok(())
    }

    fn metadata(
        &mut self,
        owner: &str,
        owner_id: &str,
        metadata: &Metadata,
        weight: Weight,
        send: &mut Send<'_>,
    ) -> Result<()> {
        for (key, value) in metadata {
            let entry = metadata::Entry { owner, owner_id, key, value, is_full: weight == Weight::Full };
            metadata::append(&mut self.metadata, &entry, self.source);
            end(Target::Metadata, &mut self.metadata, send)?;
        }
        Ok(())
    }
}

fn end(target: Target, batch: &mut Batch, send: &mut Send<'_>) -> Result<()> {
    match batch.end_row()? {
        Some(rows) => send(Request::Rows(target, rows)),
        None => Ok(()),
    }
}
