//! Lists of traces, of sessions, of documents: parts of turns that are in the spans as well, or are not.

use super::word_of_all;
use crate::{
    Out,
    formats::{otlp::elements, spans::ids},
    row::{Reason, Row},
};
use hearback_domain::{Document, Record, SessionRecord, TurnRecord, record::Weight};

pub(super) fn trace(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word("trace_id").and_then(|id| ids::trace_id(&id)).ok_or("a trace needs its id")?;
    let started = row.time(&["start_time"])?;
    let ended = row.time(&["end_time"])?;
    let mut turn = TurnRecord {
        id,
        weight: Weight::Fill,
        created_at: started,
        latency_ms: started.zip(ended).map(|(start, end)| (end.micros() - start.micros()) / 1000),
        input_tokens: row.integer("token_count_prompt")?,
        output_tokens: row.integer("token_count_completion")?,
        ..TurnRecord::default()
    };
    let spans = row.take("spans");
    for text in elements(&spans)? {
        turn.aliases.extend(Row::from_json_text(text.get())?.word("span_id").and_then(|id| ids::span_id(&id)));
    }
    for key in ["id", "project_id", "token_count_total"] {
        row.take(key);
    }
    out.push(Record::Turn(turn));
    Ok(())
}

pub(super) fn session(row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
    let id = row.word("session_id").ok_or("a session needs its id")?;
    out.push(Record::Session(SessionRecord {
        id: id.clone(),
        started_at: row.time(&["start_time"])?,
        user_id: row.word("user_id"),
        ..SessionRecord::default()
    }));
    let traces = row.take("traces");
    for text in elements(&traces)? {
        let mut inner = Row::from_json_text(text.get())?;
        let Some(trace_id) = inner.word("trace_id").and_then(|id| ids::trace_id(&id)) else { continue };
        out.push(Record::Turn(TurnRecord {
            id: trace_id,
            weight: Weight::Fill,
            session_id: Some(id.clone()),
            created_at: inner.time(&["start_time"])?,
            ..TurnRecord::default()
        }));
    }
    for key in ["id", "project_id", "end_time", "token_count_prompt", "token_count_completion", "token_count_total"] {
        row.take(key);
    }
    Ok(())
}

/// Documents of retrievers, a row each: those of one span follow one another and are one list.
#[derive(Debug, Default)]
pub(super) struct Documents {
    turn: TurnRecord,
}

/// More documents than a retriever gives: the list is put out.
const TOGETHER: usize = 1000;

impl Documents {
    pub fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let span = word_of_all(row, &["context.span_id"]).and_then(|id| ids::span_id(&id));
        let trace = word_of_all(row, &["context.trace_id", "trace_id"]).and_then(|id| ids::trace_id(&id));
        let id = trace.or(span).ok_or("a document needs the id of its span")?;
        if id != self.turn.id || self.turn.documents.len() >= TOGETHER {
            self.finish(out);
            self.turn = TurnRecord { id, weight: Weight::Fill, ..TurnRecord::default() };
        }
        row.take("document_position");
        let score = row.cells().map(|(key, _)| key.to_owned()).find(|key| key.ends_with("score"));
        let content =
            ["reference", "document.content", "content", "text", "document"].iter().find_map(|key| row.text(key));
        self.turn.documents.push(Document {
            id: row.word_any(&["document.id", "document_id", "id"]),
            title: row.word_any(&["document.title", "title"]),
            content: content.ok_or("a document needs a content")?,
            score: score.map_or(Ok(None), |key| row.number(&key))?,
        });
        Ok(())
    }

    pub fn finish(&mut self, out: &mut Out) {
        let turn = std::mem::take(&mut self.turn);
        if !turn.id.is_empty() {
            out.push(Record::Turn(turn));
        }
    }
}
