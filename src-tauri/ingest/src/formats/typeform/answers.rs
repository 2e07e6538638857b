//! Responses as the API gives them.

use serde_json::Value;

use crate::{
    Out, RowReader,
    formats::generic::{self, Context},
    kind::{self, Shape},
    mapping::{self, Vocabulary},
    row::{Cell, Reason, Row, plain_text},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Record, lexicon};

pub(super) struct Reader;

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> Result<(), Reason> {
        let id = row.word_any(&["response_id", "token", "landing_id"]).ok_or("a response needs a token")?;
        row.take("token");
        row.take("landing_id");
        let time = row.time(&["submitted_at", "landed_at"])?;
        let answers = list(row, "answers")?;
        let mut hidden = Row::default();
        for key in ["hidden", "calculated", "metadata"] {
            let cell = row.take(key);
            let Some(text) = cell.as_str().filter(|text| !text.is_empty()) else { continue };
            let inner = Row::from_json_text(text).map_err(|reason| format!("{key}: {reason}"))?.into_owned();
            for (name, cell) in inner.cells() {
                match (key, name) {
                    // A digest of the address, and what every browser says.
                    ("metadata", "network_id" | "user_agent" | "browser") => {}
                    ("calculated", name) => hidden.push(format!("calculated_{name}"), cell.clone()),
                    (_, name) => hidden.push(name.to_owned(), cell.clone()),
                }
            }
        }
        for variable in list(row, "variables")? {
            let value = ["number", "text"].iter().find_map(|key| variable.get(*key));
            if let (Some(name), Some(value)) = (variable.get("key").and_then(plain_text), value) {
                hidden.push(format!("variable_{name}"), Cell::of_value(value));
            }
        }
        row.take("landed_at");
        let context = Context::of(&mut hidden, &id, out)?;
        let mut found = Vec::new();
        let mut said = WholeResponse::default();
        for answer in &answers {
            read_answer(&id, answer, &mut found, &mut said, out);
        }
        if let Some(comment) = said.comment {
            if found.is_empty() {
                let mut feedback = FeedbackRecord::new(format!("{id}/comment"), FeedbackType::Comment);
                feedback.score_name = said.question;
                found.push(feedback);
            }
            if let Some(first) = found.first_mut() {
                first.comment = Some(comment);
            }
        }
        for mut feedback in found {
            feedback.created_at = time;
            for (key, value) in &said.metadata {
                feedback.metadata.insert(key.clone(), value.clone());
            }
            context.apply(&mut feedback);
            out.push(Record::Feedback(feedback));
        }
        out.records.extend(context.into_turn().map(Record::Turn));
        Ok(())
    }
}

fn list(row: &mut Row<'_>, key: &str) -> Result<Vec<Value>, Reason> {
    match row.take(key).as_str() {
        None | Some("") => Ok(Vec::new()),
        Some(text) => serde_json::from_str(text).map_err(|_| format!("{key} is no list")),
    }
}

/// What belongs to the response as a whole.
#[derive(Default)]
struct WholeResponse {
    comment: Option<String>,
    /// Of the first text.
    question: Option<String>,
    metadata: Vec<(String, String)>,
}

fn read_answer(
    response: &str,
    answer: &Value,
    found: &mut Vec<FeedbackRecord>,
    said: &mut WholeResponse,
    out: &mut Out,
) {
    let field = |key: &str| answer.pointer(&format!("/field/{key}")).and_then(plain_text);
    let question = field("ref").or_else(|| field("id")).unwrap_or_else(|| "answer".into());
    let asked = field("type").unwrap_or_default();
    let given = answer.get("type").and_then(Value::as_str).unwrap_or_default();
    let value = answer.get(given);
    let mut feedback = FeedbackRecord::new(format!("{response}/{question}"), FeedbackType::Rating);
    feedback.score_name = Some(question.clone());
    match (given, asked.as_str()) {
        ("number", kind) if kind != "number" || is_score(&question) => {
            feedback.score = value.and_then(Value::as_f64);
        }
        ("boolean", kind) if kind != "legal" => {
            let yes = value.and_then(Value::as_bool);
            if lexicon::is_feedback_name(&question) {
                feedback.feedback_type = FeedbackType::Thumb;
            }
            if let Some(yes) = yes {
                feedback.set_truth(yes);
            }
            feedback.label = yes.map(|yes| if yes { "yes" } else { "no" }.to_owned());
        }
        ("choice" | "choices", _) | ("text", "dropdown" | "multiple_choice" | "picture_choice") => {
            choose(&mut feedback, value);
        }
        ("text", _) => {
            let text = value.and_then(plain_text).unwrap_or_default();
            if kind::is_correction_name(&question) && !text.is_empty() {
                feedback.feedback_type = FeedbackType::Correction;
                feedback.correction = Some(text);
            } else {
                generic::append(&mut said.comment, text);
                said.question.get_or_insert(question);
                return;
            }
        }
        // Who it is, is nobody's business here.
        ("email" | "phone_number", _) => return out.unmapped(format!("answers ({given})")),
        _ => {
            said.metadata.extend(value.and_then(plain_text).map(|text| (question, text)));
            return;
        }
    }
    if feedback.score.is_some()
        || feedback.label.is_some()
        || feedback.correction.is_some()
        || !feedback.reasons.is_empty()
    {
        found.push(feedback);
    }
}

/// The labels of what was chosen.
fn choose(feedback: &mut FeedbackRecord, value: Option<&Value>) {
    let Some(value) = value else { return };
    let one = value.get("label").or_else(|| value.as_str().map(|_| value)).and_then(plain_text);
    let many = value.get("labels").and_then(Value::as_array).into_iter().flatten().filter_map(plain_text);
    feedback.reasons = one.into_iter().chain(many).chain(value.get("other").and_then(plain_text)).collect();
    if let [only] = feedback.reasons.as_slice() {
        feedback.label = Some(only.clone());
    }
    let name = feedback.score_name.clone().unwrap_or_default();
    let label = feedback.reasons.first().map(String::as_str);
    feedback.feedback_type = kind::feedback_type(&Shape { name: &name, label, ..Shape::default() });
    if feedback.feedback_type == FeedbackType::Thumb {
        feedback.reasons.clear();
    }
}

/// A number may be anything; it is a score if its question's name says so.
fn is_score(question: &str) -> bool {
    let mut row = Row::default();
    row.push(question.to_owned(), Cell::Number("1".into()));
    mapping::vocabulary(&row, Vocabulary::Feedback).has("score")
}
