//! Which columns does a record fill, of which table?

use super::{
    append::Table,
    batch::{Batch, Empty, Kind},
    write::Request,
};
use crate::{
    error::Result,
    model::{
        FeedbackRecord, Polarity, Reject, SessionRecord, TextHash, TurnRecord, VectorRecord,
        polarity::{self, Chosen, ScoreType},
        record::{Metadata, SpanTarget, Weight},
    },
    store::rules::Statements,
};

/// Where full chunks go.
type Send<'s> = dyn FnMut(Request) -> Result<()> + 's;

/// The rows of one import that are not handed on yet.
pub(super) struct Stage {
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

use Kind::{Count, Flag, Moment, Number, Place, Real, Text, Texts, Vector};

const SESSION: &[Kind] = &[Text, Moment, Text, Text, Text, Number];

const TURN: &[Kind] = &[
    Text, Text, Moment, Number, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Number, Number,
    Number, Texts, Number,
];

const FEEDBACK: &[Kind] = &[
    Text, Number, Number, Moment, Text, Text, Text, Text, Text, Real, Text, Text, Text, Texts, Text, Text, Real, Text,
    Place, Place, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Texts, Text,
];

impl Default for Stage {
    fn default() -> Self {
        Self {
            source: 0,
            statements: Statements::new(),
            sessions: Batch::new(SESSION),
            turns: Batch::new(TURN),
            fills: Batch::new(TURN),
            feedback: Batch::new(FEEDBACK),
            metadata: Batch::new(&[Text, Text, Text, Text, Number, Flag]),
            aliases: Batch::new(&[Text, Text, Number]),
            vectors: Batch::new(&[Text, Number, Text, Text, Vector, Number]),
            rejects: Batch::new(&[Number, Number, Count, Count, Text, Text]),
        }
    }
}

impl Stage {
    pub fn session(&mut self, session: &SessionRecord, send: &mut Send<'_>) -> Result<()> {
        self.sessions
            .text(Some(&session.id))
            .moment(session.started_at)
            .text(session.user_id.as_deref())
            .text(session.user_role.as_deref())
            .text(session.environment.as_deref())
            .number(Some(self.source));
        end(Table::Sessions, &mut self.sessions, send)?;
        self.metadata("session", &session.id, &session.metadata, Weight::Full, send)
    }

    pub fn turn(&mut self, turn: &TurnRecord, send: &mut Send<'_>) -> Result<()> {
        let documents = (!turn.documents.is_empty()).then(|| documents_json(turn));
        let (table, batch) = match turn.weight {
            Weight::Full => (Table::Turns, &mut self.turns),
            Weight::Fill => (Table::Fills, &mut self.fills),
        };
        batch
            .text(Some(&turn.id))
            .text(turn.session_id.as_deref())
            .moment(turn.created_at)
            .number(turn.position)
            .text(turn.query.as_deref())
            .text(turn.system_context.as_deref())
            .text(documents.as_deref())
            .text(turn.output.as_deref())
            .text(turn.model.as_deref())
            .text(turn.model_version.as_deref())
            .text(turn.prompt_name.as_deref())
            .text(turn.prompt_version.as_deref())
            .text(turn.release.as_deref())
            .text(turn.environment.as_deref())
            .text(turn.user_id.as_deref())
            .text(turn.user_role.as_deref())
            .number(turn.latency_ms)
            .number(turn.input_tokens)
            .number(turn.output_tokens)
            .texts(&turn.tags, Empty::Null)
            .number(Some(self.source));
        end(table, batch, send)?;
        for alias in turn.aliases.iter().filter(|alias| **alias != turn.id) {
            self.aliases.text(Some(alias)).text(Some(&turn.id)).number(Some(self.source));
            end(Table::Aliases, &mut self.aliases, send)?;
        }
        self.metadata("turn", &turn.id, &turn.metadata, turn.weight, send)
    }

    pub fn feedback(&mut self, feedback: &FeedbackRecord, send: &mut Send<'_>) -> Result<()> {
        let chosen = Chosen {
            feedback_type: feedback.feedback_type,
            has_score: feedback.score.is_some(),
            score_name: feedback.score_name.as_deref(),
            label: feedback.label.as_deref(),
            reasons: &feedback.reasons,
        };
        // What persons have told of labels is applied when all is read.
        let label_polarity = polarity::of_words(&chosen, |_| None);
        if let Some(scale) = feedback.scale {
            self.statements.insert((feedback.score_name.clone(), feedback.score_type), scale);
        }
        // Null counts as numeric: a column without values costs nothing.
        let score_type =
            Some(feedback.score_type).filter(|kind| *kind != ScoreType::Numeric && feedback.score.is_some());
        let span = feedback.span.as_ref();
        self.feedback
            .text(Some(&feedback.id))
            .number(Some(self.source))
            .number(Some(self.source))
            .moment(feedback.created_at)
            .text(feedback.session_id.as_deref())
            .text(feedback.turn_id.as_deref())
            .text(Some(feedback.feedback_type.word()))
            .text(Some(feedback.author.word()))
            .text(feedback.score_name.as_deref())
            .real(feedback.score)
            .text(feedback.polarity.map(Polarity::word))
            .text(Some(label_polarity.word()))
            .text(feedback.label.as_deref())
            .texts(&feedback.reasons, Empty::List)
            .text(feedback.comment.as_deref())
            .text(feedback.correction.as_deref())
            .real(feedback.confidence)
            .text(span.map(|span| match span.target {
                SpanTarget::Query => "query",
                SpanTarget::Output => "output",
            }))
            .place(span.map(|span| span.start))
            .place(span.map(|span| span.end))
            .text(span.and_then(|span| span.quote.as_deref()))
            .text(feedback.query.as_deref())
            .text(feedback.output.as_deref())
            .text(feedback.model.as_deref())
            .text(feedback.model_version.as_deref())
            .text(feedback.prompt_version.as_deref())
            .text(feedback.release.as_deref())
            .text(feedback.environment.as_deref())
            .text(feedback.user_id.as_deref())
            .text(feedback.user_role.as_deref())
            .texts(&feedback.tags, Empty::List)
            .text(score_type.map(ScoreType::word));
        end(Table::Feedback, &mut self.feedback, send)?;
        self.metadata("feedback", &feedback.id, &feedback.metadata, Weight::Full, send)
    }

    pub fn vector(&mut self, record: &VectorRecord, send: &mut Send<'_>) -> Result<()> {
        let hash = TextHash::of(&record.text).to_string();
        self.vectors
            .text(Some(&record.model))
            .number(i64::try_from(record.vector.len()).ok())
            .text(Some(&hash))
            .text(Some(&record.text))
            .vector(&record.vector)
            .number(Some(self.source));
        end(Table::Vectors, &mut self.vectors, send)
    }

    pub fn reject(&mut self, id: i64, reject: &Reject, send: &mut Send<'_>) -> Result<()> {
        self.rejects
            .number(Some(id))
            .number(Some(self.source))
            .count(Some(reject.origin.record))
            .count(reject.origin.byte)
            .text(Some(&reject.reason))
            .text(Some(&reject.raw));
        end(Table::Rejects, &mut self.rejects, send)
    }

    /// Hands on what is left.
    pub fn rest(&mut self, send: &mut Send<'_>) -> Result<()> {
        let batches = [
            (Table::Sessions, &mut self.sessions),
            (Table::Turns, &mut self.turns),
            (Table::Fills, &mut self.fills),
            (Table::Feedback, &mut self.feedback),
            (Table::Metadata, &mut self.metadata),
            (Table::Aliases, &mut self.aliases),
            (Table::Vectors, &mut self.vectors),
            (Table::Rejects, &mut self.rejects),
        ];
        for (table, batch) in batches {
            if let Some(rows) = batch.take()? {
                send(Request::Rows(table, rows))?;
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
            self.metadata
                .text(Some(owner))
                .text(Some(owner_id))
                .text(Some(key))
                .text(Some(value))
                .number(Some(self.source))
                .flag(weight == Weight::Full);
            end(Table::Metadata, &mut self.metadata, send)?;
        }
        Ok(())
    }
}

fn end(table: Table, batch: &mut Batch, send: &mut Send<'_>) -> Result<()> {
    match batch.end_row()? {
        Some(rows) => send(Request::Rows(table, rows)),
        None => Ok(()),
    }
}

fn documents_json(turn: &TurnRecord) -> String {
    let documents: Vec<serde_json::Value> = turn
        .documents
        .iter()
        .map(|document| {
            serde_json::json!({
                "id": document.id,
                "title": document.title,
                "content": document.content,
                "score": document.score,
            })
        })
        .collect();
    serde_json::Value::from(documents).to_string()
}
