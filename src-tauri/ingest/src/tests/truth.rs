//! What was said in the conversations that the files of `real_tools` were written from?

use std::collections::BTreeMap;

use serde_json::Value;

use super::{merged::Merged, *};

pub(super) struct Truth {
    /// Trace -> session and turn, as the generator has them.
    pub turns: BTreeMap<String, (Value, Value)>,
    pub feedback: Vec<Value>,
}

pub(super) fn truth() -> Option<Truth> {
    let value: Value =
        serde_json::from_slice(&std::fs::read(shared("data/real_tools/truth/batch.json")?).unwrap()).unwrap();
    let mut turns = BTreeMap::new();
    for session in value["sessions"].as_array().unwrap() {
        for turn in session["turns"].as_array().unwrap() {
            turns.insert(text(&turn["trace_id"]).unwrap(), (session.clone(), turn.clone()));
        }
    }
    Some(Truth { turns, feedback: value["feedback"].as_array().unwrap().clone() })
}

/// What the tool's files must come to.
pub(super) fn expected(tool: &str) -> Value {
    serde_json::from_slice(&std::fs::read(fixture(&format!("{tool}/expected.json"))).unwrap()).unwrap()
}

pub(super) fn files(tool: &str, names: &[&str]) -> Vec<PathBuf> {
    names.iter().filter_map(|name| shared(&format!("data/real_tools/{tool}/{name}"))).collect()
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// `{"a": 1}` as counts.
pub(super) fn counts(value: &Value) -> BTreeMap<String, usize> {
    value.as_object().unwrap().iter().map(|(key, count)| (key.clone(), count.as_u64().unwrap() as usize)).collect()
}

/// What a file leaves out of every turn.
#[derive(Clone, Copy, Default)]
pub(super) struct Lacks {
    pub documents: bool,
    /// Who, where, in which session.
    pub circumstances: bool,
}

impl Truth {
    /// Every turn that was read is as it was said; nothing is there that was not said.
    pub fn check(&self, merged: &Merged, lacks: Lacks) {
        for (id, turn) in &merged.turns {
            let (session, said) = self.turns.get(id).unwrap_or_else(|| panic!("no turn {id}"));
            assert_eq!(turn.query, text(&said["query"]), "{id}");
            assert_eq!(turn.output, text(&said["output"]), "{id}");
            let model = (turn.model.clone(), turn.model_version.clone());
            assert_eq!(model, (text(&said["model"]), text(&said["model_version"])), "{id}");
            if !lacks.documents {
                let documents = said["documents"].as_array().unwrap();
                assert_eq!(turn.documents.len(), documents.len(), "{id}");
                for (document, said) in turn.documents.iter().zip(documents) {
                    assert_eq!(document.id, text(&said["id"]), "{id}");
                    assert_eq!(document.title, text(&said["title"]), "{id}");
                    assert_eq!(Some(&document.content), text(&said["text"]).as_ref(), "{id}");
                    // Data frames write 0.7797000000000001.
                    assert!((document.score.unwrap() - said["score"].as_f64().unwrap()).abs() < 1e-9, "{id}");
                }
            }
            let system = turn.system_context.as_deref().unwrap_or_default();
            assert!(system.starts_with(session["system_prompt"].as_str().unwrap()), "{id}: {system}");
            if !lacks.circumstances {
                assert_eq!(turn.prompt_version, text(&said["prompt_version"]), "{id}");
                assert_eq!(turn.session_id, text(&session["session_id"]), "{id}");
                assert_eq!(turn.environment, text(&session["environment"]), "{id}");
                assert_eq!(turn.user_role, text(&session["user_role"]), "{id}");
                assert_eq!(turn.user_id, text(&session["user_id"]), "{id}");
                assert_eq!(turn.position, said["index"].as_i64(), "{id}");
                assert_eq!(
                    turn.created_at.unwrap(),
                    crate::time::parse(said["start"].as_str().unwrap()).unwrap(),
                    "{id}"
                );
                assert_eq!(turn.input_tokens, said["prompt_tokens"].as_i64(), "{id}");
                assert_eq!(turn.output_tokens, said["completion_tokens"].as_i64(), "{id}");
                assert_eq!(turn.latency_ms, said["latency_ms"].as_i64(), "{id}");
                let error = turn.metadata.get("error").cloned();
                assert_eq!(error, text(&said["error"]), "{id}");
            }
        }
    }

    /// Every feedback, found by the tool's own word for its id, says what was said.
    pub fn check_feedback(&self, merged: &Merged, id_of: impl Fn(&FeedbackRecord) -> Option<String>) -> usize {
        let said_of: BTreeMap<String, &Value> =
            self.feedback.iter().map(|said| (text(&said["feedback_id"]).unwrap(), said)).collect();
        let traces: BTreeMap<String, String> =
            self.turns.iter().map(|(trace, (_, turn))| (text(&turn["turn_id"]).unwrap(), trace.clone())).collect();
        let mut checked = 0;
        for feedback in merged.feedback.values() {
            let Some(said) = id_of(feedback).and_then(|id| said_of.get(&id).copied()) else { continue };
            checked += 1;
            let (id, kind) = (&feedback.id, said["type"].as_str().unwrap());
            assert_eq!(feedback.score, said["score"].as_f64(), "{id}");
            assert_eq!(feedback.correction, text(&said["correction"]), "{id}");
            assert_eq!(feedback.comment, text(&said["comment"]), "{id}: {kind}");
            let span =
                feedback.span.as_ref().map(|span| (u64::from(span.start), u64::from(span.end), span.quote.clone()));
            let marked = &said["span"];
            let said_span = marked.is_object().then(|| {
                (
                    marked["start"].as_u64().unwrap(),
                    marked["end"].as_u64().unwrap(),
                    text(&marked["quote"]).or_else(|| text(&marked["text"])),
                )
            });
            assert_eq!(span, said_span, "{id}");
            if said["target"] == "turn" {
                let trace = said["turn_id"].as_str().and_then(|turn| traces.get(turn)).cloned();
                assert_eq!(feedback.turn_id, trace, "{id}");
            }
            if said["target"] == "session" {
                assert_eq!((&feedback.turn_id, &feedback.session_id), (&None, &text(&said["session_id"])), "{id}");
            }
        }
        checked
    }
}
