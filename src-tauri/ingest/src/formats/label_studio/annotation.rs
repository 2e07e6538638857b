//! What one annotator said about one task, whatever the export: values by control become feedback.

use std::collections::BTreeMap;

use serde_json::Value;

use super::span;
use crate::{
    Out,
    kind::{self, Shape},
    row::plain_text,
};
use hearback_domain::{Author, FeedbackRecord, FeedbackType, Record, Timestamp, TurnRecord, record::Metadata};

/// One value of one control.
pub(super) struct ControlValue {
    pub control: String,
    /// The tag whose text or answer it is about.
    pub to_name: Option<String>,
    /// The region: values that share it belong together.
    pub region: Option<String>,
    pub what: What,
    /// A note on the region.
    pub note: Option<String>,
}

pub(super) enum What {
    Choice(String),
    Rating(f64),
    Text(String),
    /// `start`, `end`, `text` and the labels.
    Marked(Value, Vec<String>),
    /// Of two answers, the better one: `left` or `right`.
    Preferred(String),
}

/// Whose it is and when.
pub(super) struct Annotation {
    pub id: String,
    pub author: Author,
    pub created_at: Option<Timestamp>,
    pub metadata: Metadata,
}

/// The values of one result: its type says what they are, or else their keys.
pub(super) fn values(value: &Value) -> Option<Vec<What>> {
    let object = value.as_object()?;
    let texts = |value: &Value| -> Vec<String> {
        match value {
            Value::Array(list) => list.iter().filter_map(plain_text).collect(),
            other => plain_text(other).into_iter().collect(),
        }
    };
    let labels = object.iter().find(|(key, list)| key.to_lowercase().ends_with("labels") && list.is_array());
    if let Some((_, labels)) = labels {
        return Some(vec![What::Marked(value.clone(), texts(labels))]);
    }
    if let Some(choices) = object.get("choices") {
        return Some(texts(choices).into_iter().map(What::Choice).collect());
    }
    if let Some(taxonomy) = object.get("taxonomy").and_then(Value::as_array) {
        return Some(taxonomy.iter().map(|path| What::Choice(texts(path).join(" > "))).collect());
    }
    if let Some(number) = ["rating", "number"].iter().find_map(|key| object.get(*key)?.as_f64()) {
        return Some(vec![What::Rating(number)]);
    }
    if let Some(selected) = object.get("selected").and_then(Value::as_str) {
        return Some(vec![What::Preferred(selected.to_owned())]);
    }
    object.get("text").map(|text| texts(text).into_iter().map(What::Text).collect())
}

impl Annotation {
    /// One feedback per value, except that a comment goes with what it comments on. `regions` says whether the export
    /// tells which that is; if it does not, the annotation is taken as one thing.
    pub(super) fn put_out(&self, said: Vec<ControlValue>, regions: bool, turn: &TurnRecord, out: &mut Out) {
        let mut feedback: Vec<(Option<String>, FeedbackRecord)> = Vec::new();
        let mut comments: Vec<(ControlValue, String)> = Vec::new();
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for mut one in said {
            let count = counts.entry(one.control.clone()).or_insert(0);
            *count += 1;
            // The same from every export: only there do annotations have ids, and values have none.
            let number = if *count > 1 { format!("/{count}") } else { String::new() };
            let id = format!("{}/{}/{}{number}", turn.id, self.id, one.control);
            if matches!(one.what, What::Text(_)) && !kind::is_correction_name(&one.control) {
                comments.push((one, id));
                continue;
            }
            let region = one.region.take();
            feedback.push((region, self.feedback(one, id, turn)));
        }
        for (mut one, id) in comments {
            let region = one.region.take();
            let about = feedback.iter_mut().find(|(other, about)| {
                about.comment.is_none()
                    && about.feedback_type != FeedbackType::Comment
                    && (!regions || *other == region)
            });
            if let (Some((_, about)), What::Text(text)) = (about, &one.what) {
                about.comment = Some(text.clone());
                about.metadata.insert("comment_control".into(), one.control);
            } else {
                feedback.push((region, self.feedback(one, id, turn)));
            }
        }
        for (_, feedback) in feedback {
            out.push(Record::Feedback(feedback));
        }
    }

    fn feedback(&self, said: ControlValue, id: String, turn: &TurnRecord) -> FeedbackRecord {
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Comment);
        feedback.created_at = self.created_at;
        feedback.author = self.author;
        feedback.session_id.clone_from(&turn.session_id);
        feedback.turn_id = Some(turn.id.clone());
        feedback.metadata.clone_from(&self.metadata);
        feedback.comment = said.note;
        match said.what {
            What::Choice(label) => {
                let shape = Shape { name: &said.control, label: Some(&label), ..Shape::default() };
                feedback.feedback_type = kind::feedback_type(&shape);
                if feedback.feedback_type == FeedbackType::Category {
                    feedback.reasons.push(label.clone());
                }
                feedback.label = Some(label);
            }
            What::Rating(score) => {
                let shape = Shape { name: &said.control, score: Some(score), ..Shape::default() };
                feedback.feedback_type = kind::feedback_type(&shape);
                feedback.score = Some(score);
            }
            What::Text(text) if kind::is_correction_name(&said.control) => {
                feedback.feedback_type = FeedbackType::Correction;
                feedback.correction = Some(text);
            }
            What::Text(text) => feedback.comment = Some(text),
            What::Marked(value, labels) => {
                feedback.feedback_type = FeedbackType::Annotation;
                feedback.label = labels.first().cloned();
                feedback.reasons = labels;
                feedback.span = span::of(&value, said.to_name.as_deref(), turn);
                if feedback.span.is_none() {
                    // Of another text than query and output, or of no text: kept as it is.
                    feedback.metadata.insert("region".into(), value.to_string());
                }
            }
            What::Preferred(side) => {
                feedback.feedback_type = FeedbackType::Preference;
                feedback.label = Some(side);
            }
        }
        if let Some(name) = said.to_name {
            feedback.metadata.insert("to_name".into(), name);
        }
        feedback.score_name = Some(said.control);
        feedback
    }
}
