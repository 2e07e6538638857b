//! What do the steps of a trace tell about the turn?
//!
//! The root has the query and the answer in full, a chat model the system prompt, the model and the tokens, a
//! retriever the documents.

use serde_json::Value;

use super::decode::{self, Object};
use crate::{
    message::{self, TextForm},
    row::{Cell, plain_text},
    time,
};
use hearback_domain::{Document, Timestamp};

pub(super) struct Span {
    /// Hexadecimal, as assessments name it.
    pub id: String,
    parent: Option<String>,
    kind: String,
    inputs: Value,
    outputs: Value,
    pub attributes: Object,
    start: Option<i64>,
    end: Option<i64>,
    error: Option<String>,
}

impl Span {
    pub fn of(value: Value) -> Option<Self> {
        let Value::Object(mut span) = value else { return None };
        // The older form keeps the ids in a context.
        let context = span.remove("context").unwrap_or_default();
        let id = decode::word(span.get("span_id").or_else(|| context.get("span_id")))?;
        let parent = decode::word(span.get("parent_span_id").or_else(|| span.get("parent_id")));
        let mut attributes = decode::attributes(&span);
        let mut take = |key: &str| attributes.remove(key).unwrap_or_default();
        let kind = plain_text(&take("mlflow.spanType")).unwrap_or_default().to_uppercase();
        let (inputs, outputs) = (take("mlflow.spanInputs"), take("mlflow.spanOutputs"));
        let nanos = |keys: [&str; 2]| keys.iter().find_map(|key| decode::whole(span.get(*key)));
        Some(Self {
            id: decode::hexadecimal(&id),
            parent,
            kind,
            inputs,
            outputs,
            start: nanos(["start_time_unix_nano", "start_time"]),
            end: nanos(["end_time_unix_nano", "end_time"]),
            error: error(&span),
            attributes,
        })
    }

    fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind.as_str())
    }

    fn query(&self) -> Option<String> {
        let cell = decode::cell(&self.inputs);
        let said = message::query(&cell, TextForm::Exact)?;
        // Arguments of a function of the user's own, of which only one can be what was asked.
        Some(if cell.as_str() == Some(&said) { only_text(&self.inputs).unwrap_or(said) } else { said })
    }

    fn answer(&self) -> Option<String> {
        message::answer(&decode::cell(&self.outputs), TextForm::Exact)
    }
}

/// The message of a failed span: its status, else the exception among its events.
fn error(span: &Object) -> Option<String> {
    let status = span.get("status");
    let code = decode::word(status.and_then(|status| status.get("code")).or_else(|| span.get("status_code")));
    if !code.is_some_and(|code| code.contains("ERROR") || code == "2") {
        return None;
    }
    let message = decode::word(status.and_then(|status| status.get("message")).or_else(|| span.get("status_message")));
    message.or_else(|| {
        let events = span.get("events")?.as_array()?;
        events.iter().find_map(|event| decode::word(decode::attributes(event.as_object()?).get("exception.message")))
    })
}

fn only_text(inputs: &Value) -> Option<String> {
    let is_id = |key: &str| key == "id" || key.ends_with("_id") || key.ends_with("Id");
    let mut texts = inputs.as_object()?.iter().filter(|(key, value)| value.is_string() && !is_id(key));
    match (texts.next(), texts.next()) {
        (Some((_, Value::String(text))), None) => Some(text.clone()),
        _ => None,
    }
}

/// All spans of one trace.
pub(super) struct Spans(pub Vec<Span>);

impl Spans {
    /// None where the root is not among them: a list of spans may have been cut anywhere.
    pub fn root(&self) -> Option<&Span> {
        self.0.iter().find(|span| span.parent.is_none())
    }

    pub fn trace_id(&self) -> Option<String> {
        self.0.iter().find_map(|span| decode::word(span.attributes.get("mlflow.traceRequestId")))
    }

    /// The call of the model that answered: the last one that said what the root says, else the last one.
    pub fn model(&self) -> Option<&Span> {
        let answer = self.root().and_then(Span::answer);
        let mut calls = self.models().rev();
        let last = calls.next()?;
        if answer.is_none() || last.answer() == answer {
            return Some(last);
        }
        Some(calls.find(|call| call.answer() == answer).unwrap_or(last))
    }

    fn models(&self) -> impl DoubleEndedIterator<Item = &Span> {
        self.0.iter().filter(|span| span.is(&["CHAT_MODEL", "LLM", "COMPLETION"]))
    }

    pub fn query(&self) -> Option<String> {
        self.root().and_then(Span::query).or_else(|| self.model()?.query())
    }

    pub fn answer(&self) -> Option<String> {
        // What a step said before the whole failed was not the answer.
        self.root()
            .and_then(Span::answer)
            .or_else(|| if self.error().is_none() { self.model()?.answer() } else { None })
    }

    pub fn error(&self) -> Option<&str> {
        self.root()?.error.as_deref()
    }

    pub fn system_context(&self) -> Option<String> {
        let of = |span: &Span| message::system(&decode::cell(&span.inputs));
        self.model().and_then(of).or_else(|| self.models().find_map(of)).or_else(|| self.root().and_then(of))
    }

    pub fn documents(&self) -> Vec<Document> {
        self.0.iter().filter(|span| span.is(&["RETRIEVER", "RERANKER"])).fold(Vec::new(), |mut all, span| {
            for document in documents(&span.outputs) {
                // A reranker gives again what a retriever gave.
                if !span.is(&["RERANKER"]) || !all.iter().any(|known: &Document| known.content == document.content) {
                    all.push(document);
                }
            }
            all
        })
    }

    pub fn model_name(&self) -> Option<String> {
        let span = self.model()?;
        ["mlflow.llm.model", "gen_ai.response.model", "gen_ai.request.model", "model"]
            .iter()
            .find_map(|key| decode::word(span.attributes.get(*key)))
            .or_else(|| decode::word(span.inputs.get("model")))
    }

    /// Of the attributes of the answering model and of the root, the first of `keys`.
    pub fn attribute(&self, keys: &[&str]) -> Option<String> {
        let spans = [self.model(), self.root()];
        spans.into_iter().flatten().find_map(|span| keys.iter().find_map(|key| decode::word(span.attributes.get(*key))))
    }

    /// Tokens that went in and came out, of all calls.
    pub fn tokens(&self) -> (Option<i64>, Option<i64>) {
        let sum = |key: &str| {
            let one = |span: &Span| decode::whole(span.attributes.get("mlflow.chat.tokenUsage")?.get(key));
            self.models().filter_map(one).reduce(i64::saturating_add)
        };
        (sum("input_tokens"), sum("output_tokens"))
    }

    pub fn started(&self) -> Option<Timestamp> {
        // Nanoseconds: more digits than a float holds.
        time::parse(&self.root()?.start?.to_string())
    }

    pub fn latency_ms(&self) -> Option<i64> {
        let root = self.root()?;
        root.end?.checked_sub(root.start?).map(|nanos| nanos / 1_000_000)
    }
}

/// Documents in the tool's own form name their title as an address.
fn documents(outputs: &Value) -> Vec<Document> {
    let cell: Cell<'_> = decode::cell(outputs);
    let mut documents = message::documents(&cell);
    if let Some(list) = outputs.as_array().filter(|list| list.len() == documents.len()) {
        for (document, value) in documents.iter_mut().zip(list) {
            let uri = || decode::word(value.get("metadata")?.get("doc_uri"));
            document.title = document.title.take().or_else(uri);
        }
    }
    documents
}
