//! A trace is a turn.
//!
//! The spans hold query and answer in full; previews are cut at 1000 characters and only fill gaps, so whichever file
//! comes first or last, the full text wins.

use serde_json::Value;

use super::{
    assessment::{self, Subject},
    decode::{self, Object},
    span::{Span, Spans},
};
use crate::{
    Out,
    message::{self, TextForm},
    model_name,
    row::{Cell, Reason, plain_text, words},
};
use hearback_domain::{
    Record, TurnRecord,
    record::{Metadata, Weight},
};

/// One trace, out of whatever file.
#[derive(Default)]
pub(super) struct Trace {
    /// Who, when, which version, and the assessments.
    pub info: Object,
    pub spans: Vec<Value>,
    /// What the root was given and gave, where a file has it beside the spans.
    pub request: Value,
    pub response: Value,
    /// Columns that somebody added.
    pub further: Metadata,
}

impl Trace {
    pub fn read(mut self, out: &mut Out) -> Result<(), Reason> {
        out.part();
        let spans = Spans(std::mem::take(&mut self.spans).into_iter().filter_map(Span::of).collect());
        let mut take = |keys: &[&str]| keys.iter().find_map(|key| decode::word(self.info.remove(*key).as_ref()));
        let id = take(&["trace_id", "request_id"]).or_else(|| spans.trace_id()).ok_or("a trace needs an id")?;
        let previews = (take(&["request_preview"]), take(&["response_preview"]));
        let state = take(&["state", "status"]);
        let own_id = take(&["client_request_id"]);
        let time = self.info.remove("request_time").or_else(|| self.info.remove("timestamp_ms"));
        let duration = ["execution_duration", "execution_duration_ms", "execution_time_ms"]
            .iter()
            .find_map(|key| self.info.remove(*key).filter(|value| !value.is_null()));
        let assessments = decode::list(self.info.remove("assessments").unwrap_or_default(), "assessments")?;

        // Where there are spans they are right, also that there was no answer.
        let (query, output) = match spans.0.is_empty() {
            false => (spans.query(), spans.answer()),
            true => (
                message::query(&decode::cell(&self.request), TextForm::Exact),
                message::answer(&decode::cell(&self.response), TextForm::Exact),
            ),
        };
        let mut kept = Kept::of(&mut self.info)?;
        kept.metadata.extend(std::mem::take(&mut self.further));
        let mut turn = TurnRecord {
            aliases: own_id.into_iter().chain(spans.0.iter().map(|span| span.id.clone())).collect(),
            // Steps without their root are not the turn itself.
            weight: if spans.0.is_empty() || spans.root().is_some() { Weight::Full } else { Weight::Fill },
            created_at: assessment::moment(time.as_ref())?.or_else(|| spans.started()),
            latency_ms: milliseconds(duration.as_ref()).or_else(|| spans.latency_ms()),
            session_id: kept.take(&["mlflow.trace.session", "session_id", "thread_id", "conversation_id"]),
            user_id: kept.take(&["mlflow.trace.user", "user_id"]),
            user_role: kept.take(&["user_role", "userRole", "role", "plan"]),
            environment: kept.take(&["environment", "env", "deployment.environment", "stage"]),
            release: kept.take(&["release", "app_version", "service.version"]),
            position: kept.take(&["turn_index", "turn_number"]).and_then(|text| text.trim().parse().ok()),
            query,
            output,
            system_context: spans.system_context(),
            documents: spans.documents(),
            id,
            ..TurnRecord::default()
        };
        for key in ["labels", "tags"] {
            let list = kept.take(&[key]).map(|text| words(decode::cell(&Value::String(text.replace(',', "\n")))));
            turn.tags.extend(list.unwrap_or_default());
        }
        let version = kept.take(&["model_version"]).or_else(|| spans.attribute(&["model_version"]));
        (turn.model, turn.model_version) = match spans.model_name().or_else(|| kept.take(&["model", "model_name"])) {
            Some(name) => {
                let (name, version) = model_name::split(&name, version.as_deref());
                (Some(name), Some(version))
            }
            None => (None, version),
        };
        kept.prompt(&spans, &mut turn);
        kept.tokens(&spans, &mut turn);
        if let Some(state) = state.filter(|state| state != "OK") {
            kept.metadata.insert("state".into(), state);
        }
        kept.metadata.extend(spans.error().map(|error| ("error".to_owned(), error.to_owned())));
        kept.metadata.extend(provider(&spans));
        kept.metadata.extend(of_the_root(&spans));
        turn.metadata = kept.metadata;
        fill(&turn.id, &previews, out);
        self.info.into_iter().filter(|(_, value)| !value.is_null()).for_each(|(key, _)| out.unmapped(key));
        feedback(&assessments, &turn, out);
        out.push(Record::Turn(turn));
        Ok(())
    }
}

/// What a preview shows, for want of the full text.
fn fill(id: &str, (request, response): &(Option<String>, Option<String>), out: &mut Out) {
    let shown = |text: &Option<String>| text.as_deref().map_or(Cell::Null, |text| decode::cell(&decode::preview(text)));
    let query = message::query(&shown(request), TextForm::Exact);
    let output = message::answer(&shown(response), TextForm::Exact);
    if query.is_some() || output.is_some() {
        let turn = TurnRecord { id: id.to_owned(), weight: Weight::Fill, query, output, ..TurnRecord::default() };
        out.push(Record::Turn(turn));
    }
}

fn feedback(assessments: &[Value], turn: &TurnRecord, out: &mut Out) {
    let subject = Subject { trace_id: Some(&turn.id), query: turn.query.as_deref(), output: turn.output.as_deref() };
    let replaced = assessment::replaced(assessments);
    for value in assessments {
        out.part();
        if assessment::is_replaced(value) {
            // Its value goes with the one that replaced it.
            out.unmapped("assessments (overridden)");
            continue;
        }
        match assessment::read(value, &subject, &replaced) {
            Ok(feedback) => out.push(Record::Feedback(feedback)),
            Err(reason) => out.reject_part(reason, value.to_string()),
        }
    }
}

/// `4.131s` as REST writes it, else milliseconds.
fn milliseconds(value: Option<&Value>) -> Option<i64> {
    let text = plain_text(value?)?;
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match text.trim().strip_suffix('s') {
        Some(seconds) => number(seconds).map(|seconds| (seconds * 1000.0).round() as i64),
        None => number(&text).map(|milliseconds| milliseconds.round() as i64),
    }
}

fn provider(spans: &Spans) -> Option<(String, String)> {
    Some(("provider".into(), spans.attribute(&["mlflow.llm.provider", "gen_ai.provider.name", "gen_ai.system"])?))
}

/// What the application itself noted at the root.
fn of_the_root(spans: &Spans) -> Metadata {
    const MAPPED: &[&str] = &["model_version", "prompt_version", "prompt_name", "model"];
    let Some(root) = spans.root() else { return Metadata::new() };
    let own = root.attributes.iter().filter(|(key, _)| !key.starts_with("mlflow.") && !MAPPED.contains(&key.as_str()));
    own.filter_map(|(key, value)| Some((key.clone(), plain_text(value)?))).collect()
}

/// Metadata and tags of a trace, which the tool keeps apart and people use alike.
struct Kept {
    metadata: Metadata,
}

/// About the storing of the trace, or copies that are cut at 250 characters.
const PLUMBING: &[&str] = &[
    "mlflow.trace.sizeStats",
    "mlflow.trace.sizeBytes",
    "mlflow.trace.infoFinalized",
    "mlflow.trace_schema.version",
    "mlflow.trace.spansLocation",
    "mlflow.artifactLocation",
    "mlflow.traceInputs",
    "mlflow.traceOutputs",
];

impl Kept {
    fn of(info: &mut Object) -> Result<Self, Reason> {
        let mut metadata = Metadata::new();
        for key in ["request_metadata", "trace_metadata", "tags"] {
            let object = decode::object(info.remove(key).unwrap_or_default(), key)?;
            let kept = object.into_iter().filter(|(key, _)| !PLUMBING.contains(&key.as_str()));
            let texts = kept.filter_map(|(key, value)| Some((key, plain_text(&value)?)));
            metadata.extend(texts.filter(|(_, text)| !text.is_empty()));
        }
        let location = info.remove("trace_location").unwrap_or_default();
        let experiment = info.remove("experiment_id").or_else(|| {
            let inner = location.get("mlflow_experiment")?;
            inner.get("experiment_id").cloned()
        });
        metadata.extend(decode::word(experiment.as_ref()).map(|id| ("experiment_id".to_owned(), id)));
        if let Some(name) = metadata.remove("mlflow.traceName") {
            metadata.insert("trace_name".into(), name);
        }
        Ok(Self { metadata })
    }

    fn take(&mut self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.metadata.remove(*key).filter(|text| !text.trim().is_empty()))
    }

    /// By the application's own word, else by the prompt registry's link.
    fn prompt(&mut self, spans: &Spans, turn: &mut TurnRecord) {
        const NAMES: &[&str] = &["prompt_name", "prompt.name"];
        const VERSIONS: &[&str] = &["prompt_version", "prompt.version", "prompt_template_version"];
        turn.prompt_name = self.take(NAMES).or_else(|| spans.attribute(NAMES));
        turn.prompt_version = self.take(VERSIONS).or_else(|| spans.attribute(VERSIONS));
        let linked = self.take(&["mlflow.linkedPrompts"]).or_else(|| spans.attribute(&["mlflow.linkedPrompts"]));
        if let Some(Value::Array(prompts)) = linked.and_then(|text| serde_json::from_str(&text).ok())
            && let Some(prompt) = prompts.last()
        {
            turn.prompt_name = turn.prompt_name.take().or_else(|| decode::word(prompt.get("name")));
            turn.prompt_version = turn.prompt_version.take().or_else(|| decode::word(prompt.get("version")));
        }
    }

    /// The sum over the trace, which the tool has made, else ours.
    fn tokens(&mut self, spans: &Spans, turn: &mut TurnRecord) {
        let usage: Option<Value> =
            self.take(&["mlflow.trace.tokenUsage"]).and_then(|text| serde_json::from_str(&text).ok());
        let of = |key: &str| decode::whole(usage.as_ref()?.get(key));
        let (input, output) = spans.tokens();
        turn.input_tokens = of("input_tokens").or(input);
        turn.output_tokens = of("output_tokens").or(output);
    }
}
