//! A record as one line of canonical JSON: fields in a fixed order, absent ones left out.

use std::fmt::Write;

use hearback_domain::{
    Document, FeedbackRecord, Record, SessionRecord, Span, Timestamp, TurnRecord, VectorRecord,
    polarity::ScoreType,
    record::{Metadata, SpanTarget, Weight},
};

/// The record as a JSON object on one line, without the line's end.
pub fn write(record: &Record) -> String {
    match record {
        Record::Session(session) => session_line(session),
        Record::Turn(turn) => turn_line(turn),
        Record::Feedback(feedback) => feedback_line(feedback),
        Record::Vector(vector) => vector_line(vector),
    }
    .end()
}

fn session_line(session: &SessionRecord) -> Line {
    Line::new("session")
        .text("id", Some(&session.id))
        .time("started_at", session.started_at)
        .text("user_id", session.user_id.as_ref())
        .text("user_role", session.user_role.as_ref())
        .text("environment", session.environment.as_ref())
        .metadata(&session.metadata)
}

fn turn_line(turn: &TurnRecord) -> Line {
    let weight = match turn.weight {
        Weight::Full => None,
        Weight::Fill => Some("fill"),
    };
    Line::new("turn")
        .text("id", Some(&turn.id))
        .list("aliases", &turn.aliases)
        .text("weight", weight)
        .turn_fields(turn)
        .metadata(&turn.metadata)
}

/// How a field of each kind is written: not at all where there is none.
mod kind {
    use super::Line;
    use hearback_domain::{Document, Timestamp};

    pub fn word(line: Line, key: &str, value: &Option<String>) -> Line {
        line.text(key, value.as_ref())
    }

    pub fn text(line: Line, key: &str, value: &Option<String>) -> Line {
        line.text(key, value.as_ref())
    }

    pub fn moment(line: Line, key: &str, value: &Option<Timestamp>) -> Line {
        line.time(key, *value)
    }

    pub fn whole(line: Line, key: &str, value: &Option<i64>) -> Line {
        line.number(key, *value)
    }

    pub fn words(line: Line, key: &str, values: &[String]) -> Line {
        line.list(key, values)
    }

    pub fn documents(line: Line, key: &str, values: &[Document]) -> Line {
        line.documents(key, values)
    }
}

macro_rules! turn_writer {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        impl Line {
            fn turn_fields(self, turn: &TurnRecord) -> Self {
                let line = self;
                $(let line = kind::$kind(line, stringify!($name), &turn.$name);)*
                line
            }
        }
    };
}
hearback_domain::turn_fields!(all => turn_writer);

fn vector_line(vector: &VectorRecord) -> Line {
    Line::new("vector")
        .text("model", Some(&vector.model))
        .text("text", Some(&vector.text))
        .raw("vector", serde_json::json!(vector.vector))
}

fn feedback_line(feedback: &FeedbackRecord) -> Line {
    Line::new("feedback")
        .text("id", Some(&feedback.id))
        .time("created_at", feedback.created_at)
        .text("session_id", feedback.session_id.as_ref())
        .text("turn_id", feedback.turn_id.as_ref())
        .text("feedback_type", Some(feedback.feedback_type.word()))
        .text("author", Some(feedback.author.word()))
        .text("score_name", feedback.score_name.as_ref())
        .real("score", feedback.score)
        .text("label", feedback.label.as_ref())
        .text("score_type", Some(feedback.score_type).filter(|kind| *kind != ScoreType::Numeric).map(ScoreType::word))
        .text("polarity", feedback.polarity.map(|polarity| polarity.word()))
        .list("reasons", &feedback.reasons)
        .text("comment", feedback.comment.as_ref())
        .text("correction", feedback.correction.as_ref())
        .real("confidence", feedback.confidence)
        .span(feedback.span.as_ref())
        .text("query", feedback.query.as_ref())
        .text("output", feedback.output.as_ref())
        .text("model", feedback.model.as_ref())
        .text("model_version", feedback.model_version.as_ref())
        .text("prompt_version", feedback.prompt_version.as_ref())
        .text("release", feedback.release.as_ref())
        .text("environment", feedback.environment.as_ref())
        .text("user_id", feedback.user_id.as_ref())
        .text("user_role", feedback.user_role.as_ref())
        .list("tags", &feedback.tags)
        .metadata(&feedback.metadata)
}

struct Line(String);

impl Line {
    fn new(kind: &str) -> Self {
        Self("{".into()).text("kind", Some(kind))
    }

    fn raw(mut self, key: &str, value: impl std::fmt::Display) -> Self {
        if self.0.len() > 1 && !self.0.ends_with('{') {
            self.0.push(',');
        }
        // Writing into a String cannot fail.
        let _ = write!(self.0, "{}:{value}", quoted(key));
        self
    }

    fn text(self, key: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.raw(key, quoted(value.as_ref())),
            None => self,
        }
    }

    fn time(self, key: &str, value: Option<Timestamp>) -> Self {
        self.text(key, value.map(|moment| moment.to_string()))
    }

    fn number(self, key: &str, value: Option<i64>) -> Self {
        match value {
            Some(value) => self.raw(key, value),
            None => self,
        }
    }

    /// What is not finite has no JSON form and is left out.
    fn real(self, key: &str, value: Option<f64>) -> Self {
        match value.filter(|value| value.is_finite()) {
            Some(value) => self.raw(key, serde_json::Value::from(value)),
            None => self,
        }
    }

    fn list(self, key: &str, values: &[String]) -> Self {
        if values.is_empty() { self } else { self.raw(key, serde_json::Value::from(values.to_vec())) }
    }

    fn metadata(self, metadata: &Metadata) -> Self {
        if metadata.is_empty() {
            return self;
        }
        let mut inner = Line("{".into());
        for (key, value) in metadata {
            inner = inner.text(key, Some(value));
        }
        self.raw("metadata", inner.end())
    }

    fn documents(self, key: &str, documents: &[Document]) -> Self {
        if documents.is_empty() {
            return self;
        }
        let list: Vec<String> = documents
            .iter()
            .map(|document| {
                Line("{".into())
                    .text("id", document.id.as_ref())
                    .text("title", document.title.as_ref())
                    .text("content", Some(&document.content))
                    .real("score", document.score)
                    .end()
            })
            .collect();
        self.raw(key, format!("[{}]", list.join(",")))
    }

    fn span(self, span: Option<&Span>) -> Self {
        let Some(span) = span else { return self };
        let target = match span.target {
            SpanTarget::Query => "query",
            SpanTarget::Output => "output",
        };
        let inner = Line("{".into())
            .text("target", Some(target))
            .number("start", Some(span.start.into()))
            .number("end", Some(span.end.into()))
            .text("quote", span.quote.as_ref());
        self.raw("span", inner.end())
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
