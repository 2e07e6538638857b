//! A span of the REST interface, of a download, or a row of a data frame of spans.

use super::{nested, word_of_all};
use crate::{
    Out,
    formats::{
        otlp::{elements, record},
        spans::{Attributes, Resource, Span, Spans, ids},
    },
    row::{Cell, Reason, Row},
};

pub(super) fn read(row: &mut Row<'_>, resource: &Resource, spans: &mut Spans, out: &mut Out) -> Result<(), Reason> {
    if let Cell::Nested(text) = row.take("context") {
        for (key, cell) in Row::from_json_text(&text)?.into_owned().drain() {
            row.push(key, cell);
        }
    }
    let span_id =
        word_of_all(row, &["context.span_id", "span_id", "__index_level_0__"]).and_then(|id| ids::span_id(&id));
    let trace_id = word_of_all(row, &["context.trace_id", "trace_id"]).and_then(|id| ids::trace_id(&id));
    // Without a trace the span's own id stands for the turn: it is an alias of it.
    let trace_id = trace_id.or_else(|| span_id.clone()).ok_or("a span needs the id of its trace")?;
    // A table of chosen columns does not say what is above.
    let tells_parent = row.has("parent_id");
    let parent = row.word("parent_id");
    let failed = row.word("status_code").is_some_and(|code| record::failed(&code));
    let message = row.word("status_message");
    let events = nested(row.take("events"));
    let mut told = Vec::new();
    for text in elements(&events)? {
        told.push(record::event(text.get())?);
    }
    let mut span = Span {
        trace_id,
        span_id,
        root: tells_parent && parent.is_none(),
        name: row.word("name"),
        kind: row.word("span_kind"),
        started: row.time(&["start_time"])?,
        ended: row.time(&["end_time"])?,
        error: failed.then(|| record::error_text(message, &mut told)),
        attributes: Attributes::from_cell(&row.take("attributes"))?,
    };
    let columns: Vec<String> = row.cells().map(|(key, _)| key.to_owned()).filter(|key| is_attribute(key)).collect();
    for column in columns {
        let key = column.strip_prefix("attributes.").unwrap_or(&column);
        let cell = row.take(&column);
        let cell = if NESTED.contains(&key) { nested(cell) } else { cell };
        span.attributes.insert(key, cell.to_json());
    }
    // The id in Phoenix' database, which nothing else speaks of; the index of a data frame without a name.
    for key in ["id", "", "Unnamed: 0"] {
        row.take(key);
    }
    spans.read(span, resource, out);
    Ok(())
}

/// Attributes that are lists or objects; all others are texts, even where they look like one.
const NESTED: &[&str] = &[
    "llm.input_messages",
    "llm.output_messages",
    "llm.tools",
    "llm.prompt_template.variables",
    "retrieval.documents",
    "reranker.input_documents",
    "reranker.output_documents",
    "embedding.embeddings",
    "metadata",
    "tag.tags",
];

/// Is this the column of an attribute, with or without the data frame's prefix?
pub(super) fn is_attribute(column: &str) -> bool {
    [
        "attributes.",
        "input.",
        "output.",
        "llm.",
        "retrieval.",
        "reranker.",
        "embedding.",
        "tool.",
        "session.",
        "user.",
        "tag.",
        "metadata.",
    ]
    .iter()
    .any(|prefix| column.starts_with(prefix))
}
