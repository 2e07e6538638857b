//! What does a span say about its turn?
//!
//! OpenTelemetry's GenAI conventions and OpenInference tell the same story in other words: a trace is one turn, its
//! root span is the turn itself, the spans below fill its gaps (texts, system prompt and model from the call of the
//! model, documents from the retriever). Formats hand over a [`Span`]; [`Spans`] makes a patch of the turn of it.
//! Every span is an alias of its turn, so that feedback which names a span finds it.
//!
//! Sources: open-telemetry/semantic-conventions-genai `docs/gen-ai`; Arize-ai/openinference
//! `spec/semantic_conventions.md`.

mod annotations;
mod attributes;
mod evaluation;
pub mod ids;
mod latest;
mod messages;

pub use annotations::annotation_id;
pub use attributes::{Attributes, any_value};
pub use evaluation::Evaluation;
use latest::{Claim, Latest};
use messages::{answer, gen_ai, instructions, open_inference, parsed, query, system};
use serde_json::{Map, Value};

use crate::{
    Out,
    message::{self, TextForm},
    row::Cell,
};
use hearback_domain::{
    Document, Record, Timestamp, TurnRecord,
    record::{Metadata, Weight},
};

#[derive(Clone, Debug, Default)]
pub struct Span {
    pub trace_id: String,
    pub span_id: Option<String>,
    /// Nothing is above it.
    pub root: bool,
    pub name: Option<String>,
    /// LLM, CHAIN, RETRIEVER, …, where a field beside the attributes says so.
    pub kind: Option<String>,
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// What it failed with, if it failed.
    pub error: Option<String>,
    pub attributes: Attributes,
}

/// Which program wrote the spans, in which environment.
#[derive(Clone, Debug, Default)]
pub struct Resource {
    pub release: Option<String>,
    pub environment: Option<String>,
    pub metadata: Metadata,
}

impl Resource {
    pub fn new(mut attributes: Attributes) -> Self {
        for prefix in ["telemetry.", "process.", "host.", "os.", "container.", "k8s."] {
            attributes.take_under(prefix);
        }
        attributes.take(&["service.instance.id"]);
        Self {
            release: attributes.word(&["service.version"]),
            environment: attributes.word(&["deployment.environment.name", "deployment.environment"]),
            metadata: attributes.into_metadata(),
        }
    }
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// A call of a model.
    Call,
    Agent,
    /// Anything that holds others together.
    Chain,
    Retriever,
    Reranker,
    /// A tool, an embedding, a guardrail: a detail.
    Other,
    /// Nothing to do with models, as far as it says.
    Foreign,
}

impl Step {
    fn of(span: &mut Span) -> Self {
        let attributes = &mut span.attributes;
        let word = attributes.word(&["openinference.span.kind", "traceloop.span.kind"]).or_else(|| span.kind.take());
        let operation = attributes.get("gen_ai.operation.name").and_then(Value::as_str).unwrap_or_default();
        match word.unwrap_or_default().to_uppercase().as_str() {
            "LLM" => return Self::Call,
            "AGENT" | "WORKFLOW" => return Self::Agent,
            "CHAIN" | "TASK" => return Self::Chain,
            "RETRIEVER" => return Self::Retriever,
            "RERANKER" => return Self::Reranker,
            "TOOL" | "EMBEDDING" | "GUARDRAIL" | "EVALUATOR" | "PROMPT" => return Self::Other,
            _ => {}
        }
        match operation {
            "chat" | "text_completion" | "generate_content" | "completion" | "responses" => Self::Call,
            "invoke_agent" | "create_agent" | "invoke_workflow" => Self::Agent,
            "retrieval" => Self::Retriever,
            "" => Self::by_attributes(attributes),
            _ => Self::Other,
        }
    }

    fn by_attributes(attributes: &Attributes) -> Self {
        let called = ["llm.model_name", "gen_ai.request.model", "gen_ai.response.model", "gen_ai.output.messages"];
        let under = |prefixes: &[&str]| prefixes.iter().any(|prefix| attributes.has_under(prefix));
        if called.iter().any(|key| attributes.has(key))
            || under(&["llm.input_messages.", "llm.output_messages.", "gen_ai.completion."])
        {
            Self::Call
        } else if under(&["retrieval.documents."]) || attributes.has("gen_ai.retrieval.documents") {
            Self::Retriever
        } else if attributes.has("input.value") || attributes.has("output.value") {
            Self::Chain
        } else if under(&["gen_ai.", "llm.", "session.", "metadata."]) {
            Self::Other
        } else {
            Self::Foreign
        }
    }
}

/// Makes patches of turns of the spans of one file.
#[derive(Debug, Default)]
pub struct Spans {
    latest: Latest,
    keep_foreign: bool,
}

impl Spans {
    /// Also of those that say nothing about models.
    pub fn of_every_span() -> Self {
        Self { keep_foreign: true, ..Self::default() }
    }

    pub fn read(&mut self, mut span: Span, resource: &Resource, out: &mut Out) {
        let step = Step::of(&mut span);
        if step == Step::Foreign && !self.keep_foreign {
            out.unmapped("spans without gen_ai.* or OpenInference attributes");
            return;
        }
        annotations::take(&mut span, out);
        let attributes = &mut span.attributes;
        let texts = texts(attributes, step);
        let mut turn = TurnRecord {
            weight: if span.root { Weight::Full } else { Weight::Fill },
            created_at: span.started,
            aliases: span.span_id.iter().filter(|id| !ids::is_zero(id)).cloned().collect(),
            ..TurnRecord::default()
        };
        turn.aliases.extend(attributes.word(&["gen_ai.response.id", "llm.response.id"]));
        turn.aliases.retain(|alias| *alias != span.trace_id);
        who_and_where(attributes, resource, &mut turn);

        let claim = match step {
            _ if span.root => Some(Claim::ROOT),
            Step::Agent => Some(Claim::first(3, span.started)),
            Step::Call => Some(Claim::last(2, span.ended.or(span.started))),
            Step::Chain => Some(Claim::first(1, span.started)),
            _ => None,
        };
        if let Some(claim) = claim {
            let said = self.latest.claims(&span.trace_id, claim, texts.query.is_some(), texts.output.is_some());
            turn.query = texts.query.filter(|_| said.query);
            turn.output = texts.output.filter(|_| said.output);
        }
        let last_call = step == Step::Call && self.latest.is_last_call(&span.trace_id, span.ended.or(span.started));
        if span.root || last_call || step == Step::Agent {
            turn.system_context = texts.system;
        }
        if matches!(step, Step::Retriever | Step::Reranker) || span.root {
            turn.documents = documents(attributes);
        }
        if last_call || span.root {
            model(attributes, &mut turn);
            turn.input_tokens = attributes.integer(&[
                "llm.token_count.prompt",
                "gen_ai.usage.input_tokens",
                "gen_ai.usage.prompt_tokens",
            ]);
            turn.output_tokens = attributes.integer(&[
                "llm.token_count.completion",
                "gen_ai.usage.output_tokens",
                "gen_ai.usage.completion_tokens",
            ]);
        }
        if last_call || span.root {
            turn.latency_ms = span.started.zip(span.ended).map(|(start, end)| (end.micros() - start.micros()) / 1000);
        }
        for prefix in STEP_DETAILS {
            attributes.take_under(prefix);
        }
        for key in ["gen_ai.operation.name", "input.mime_type", "output.mime_type", "input.value", "output.value"] {
            attributes.take(&[key]);
        }
        // Details of one step would be mistaken for details of the turn; of the call of the model they are.
        if span.root || last_call || step == Step::Agent {
            turn.metadata = metadata(std::mem::take(attributes));
        } else {
            let common = attributes.take_under("metadata.");
            turn.metadata = common.into_metadata();
            for key in attributes.keys().filter(|key| !key.starts_with("gen_ai.") && !key.starts_with("llm.")) {
                out.unmapped(key);
            }
        }
        if span.root {
            for (key, value) in &resource.metadata {
                turn.metadata.entry(key.clone()).or_insert_with(|| value.clone());
            }
            if let Some(name) = span.name {
                turn.metadata.entry("trace_name".into()).or_insert(name);
            }
            if let Some(error) = span.error {
                turn.metadata.insert("error".into(), error);
            }
        }
        turn.id = span.trace_id;
        out.push(Record::Turn(turn));
    }
}

/// About one step, or a second spelling of what was read.
const STEP_DETAILS: &[&str] = &[
    "llm.tools.",
    "llm.input_messages.",
    "llm.output_messages.",
    "llm.prompt_template.",
    "llm.prompts.",
    "llm.token_count.",
    "retrieval.documents.",
    "reranker.",
    "embedding.",
    "tool.",
    "tool_call.",
    "gen_ai.tool.",
    "gen_ai.prompt.",
    "gen_ai.completion.",
    "gen_ai.retrieval.",
];

/// `metadata.x` is x.
fn metadata(mut attributes: Attributes) -> Metadata {
    let mut metadata = attributes.take_under("metadata.").into_metadata();
    for (key, value) in attributes.into_metadata() {
        metadata.entry(key).or_insert(value);
    }
    metadata
}

fn who_and_where(attributes: &mut Attributes, resource: &Resource, turn: &mut TurnRecord) {
    turn.session_id = attributes
        .word(&["gen_ai.conversation.id", "session.id", "thread.id"])
        .or_else(|| attributes.word_ending(&["conversation_id", "session_id", "thread_id", "chat_id"]));
    turn.user_id = attributes
        .word(&["user.id", "enduser.id", "enduser.pseudo.id"])
        .or_else(|| attributes.word_ending(&["user_id"]));
    turn.user_role = attributes
        .word_ending(&["user_role", "user_type", "user_plan"])
        .or_else(|| attributes.word(&["enduser.role", "user.role", "metadata.role", "metadata.plan"]));
    turn.environment = attributes
        .word(&["deployment.environment.name", "deployment.environment"])
        .or_else(|| attributes.word_ending(&["environment", "env"]))
        .or_else(|| resource.environment.clone());
    turn.release = attributes
        .word(&["service.version"])
        .or_else(|| attributes.word_ending(&["app_version", "release"]))
        .or_else(|| resource.release.clone());
    turn.position = attributes.integer_ending(&["turn_index", "turn_number", "message_index"]);
    turn.prompt_version = attributes
        .word(&["llm.prompt_template.version", "gen_ai.prompt.version"])
        .or_else(|| attributes.word_ending(&["prompt_version"]));
    // The same again, from the application.
    if let Some(key) = attributes.key_ending(&["prompt_version"])
        && attributes.get(&key).and_then(Value::as_str) == turn.prompt_version.as_deref()
    {
        attributes.take(&[&key]);
    }
    turn.prompt_name = attributes
        .word(&["llm.prompt_template.name", "gen_ai.prompt.name"])
        .or_else(|| attributes.word_ending(&["prompt_name"]));
    turn.tags = attributes.key_ending(&["tags"]).map(|key| attributes.words(&[&key])).unwrap_or_default();
}

fn model(attributes: &mut Attributes, turn: &mut TurnRecord) {
    let version = attributes.word_ending(&["model_version"]);
    let asked = attributes.word(&["llm.request.model_name", "gen_ai.request.model"]);
    let answered = attributes
        .word(&["llm.response.model_name", "gen_ai.response.model"])
        .or_else(|| attributes.word(&["llm.model_name"]));
    attributes.take(&["llm.model_name"]);
    let family = asked.clone();
    match answered.or(asked) {
        Some(model) => {
            let (name, version) = crate::model_name::split_in_family(&model, family.as_deref(), version.as_deref());
            (turn.model, turn.model_version) = (Some(name), Some(version));
        }
        None => turn.model_version = version,
    }
}

struct Texts {
    query: Option<String>,
    system: Option<String>,
    output: Option<String>,
}

fn texts(attributes: &mut Attributes, step: Step) -> Texts {
    let mut asked = open_inference(attributes, "llm.input_messages");
    let mut said = open_inference(attributes, "llm.output_messages");
    if asked.is_empty() {
        asked = gen_ai(attributes.take(&["gen_ai.input.messages", "gen_ai.prompt"]));
    }
    if said.is_empty() {
        said = gen_ai(attributes.take(&["gen_ai.output.messages", "gen_ai.completion"]));
    }
    if asked.is_empty() {
        asked = open_inference(attributes, "gen_ai.prompt");
    }
    if said.is_empty() {
        said = open_inference(attributes, "gen_ai.completion");
    }
    let instructions = instructions(attributes.take(&["gen_ai.system_instructions"]));
    let template = attributes.text(&["llm.prompt_template.template"]);
    let (input, input_form) = value(attributes, "input");
    let (output, output_form) = value(attributes, "output");
    let whole = !matches!(step, Step::Retriever | Step::Reranker | Step::Other | Step::Foreign);
    Texts {
        query: query(&asked).or_else(|| if asked.is_empty() { message::query(&input, input_form) } else { None }),
        system: instructions
            .or_else(|| system(&asked))
            .or_else(|| if asked.is_empty() && whole { message::system(&input) } else { None })
            .or(template),
        output: answer(&said)
            .or_else(|| if said.is_empty() && whole { message::answer(&output, output_form) } else { None }),
    }
}

/// `input.value` or `output.value`, and how it is written.
fn value(attributes: &Attributes, side: &str) -> (Cell<'static>, TextForm) {
    let mime = attributes.get(&format!("{side}.mime_type")).and_then(Value::as_str).unwrap_or_default();
    let form = match mime {
        "application/json" => TextForm::Json,
        "" => TextForm::MaybeJson,
        _ => TextForm::Exact,
    };
    let cell = match attributes.get(&format!("{side}.value")) {
        None | Some(Value::Null) => Cell::Null,
        Some(Value::String(text)) => Cell::Text(text.clone().into()),
        Some(other) => Cell::Nested(other.to_string().into()),
    };
    (cell, form)
}

fn documents(attributes: &mut Attributes) -> Vec<Document> {
    let mut list = attributes.take_list("reranker.output_documents");
    if list.is_empty() {
        list = attributes.take_list("retrieval.documents");
    }
    if list.is_empty() {
        return match parsed(attributes.take(&["gen_ai.retrieval.documents"])) {
            Some(Value::String(text)) => message::documents(&Cell::Text(text.into())),
            Some(value) => message::documents(&Cell::Nested(value.to_string().into())),
            None => Vec::new(),
        };
    }
    let objects: Vec<Value> = list
        .into_iter()
        .map(|mut item| {
            let mut item = if item.has_under("document.") { item.take_under("document.") } else { item };
            let mut inner = item.take_under("metadata.").into_metadata();
            if let Some(Ok(object)) =
                item.text(&["metadata"]).map(|text| serde_json::from_str::<Map<String, Value>>(&text))
            {
                inner.extend(Attributes::from_value(Value::Object(object)).into_metadata());
            }
            let mut object = Map::new();
            for key in ["id", "content", "score", "title"] {
                object.extend(item.take(&[key]).map(|value| (key.to_owned(), value)));
            }
            let inner = inner.into_iter().map(|(key, text)| (key, Value::String(text))).collect();
            object.insert("metadata".into(), Value::Object(inner));
            Value::Object(object)
        })
        .collect();
    message::documents(&Cell::Nested(Value::Array(objects).to_string().into()))
}
