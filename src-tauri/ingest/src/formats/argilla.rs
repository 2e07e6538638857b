//! What did Argilla's annotators answer?
//!
//! A record is a turn: its `fields` hold whatever the dataset defines. A response is one annotator's answers; each
//! answered question is a feedback, or several where several labels were chosen. Suggestions are a model's: a judge.
//!
//! | shape | responses | suggestions |
//! |---|---|---|
//! | v2 `records.to_json` | `{question: [{value, user_id}]}` | `{question: {value, score, agent}}` |
//! | v1 datasets, REST of both | `[{user_id, status, values: {question: {value}}}]` | `[{question_name, value, score, agent}]` |
//!
//! Drafts and discarded responses are no feedback. Sources: argilla-io/argilla `argilla/src/argilla/records`,
//! `docs/_source/practical_guides/create_update_dataset/suggestions_and_responses.md`.

use serde_json::{Map, Value};

use super::generic;
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    kind::{self, Shape},
    row::{self, Cell, Reason, Row, plain_text},
    time,
};
use hearback_domain::{
    Author, FeedbackRecord, FeedbackType, Record, Span, TurnRecord, VectorRecord,
    error::Result,
    record::{Metadata, SpanTarget},
};

pub struct Argilla;

fn is_record(row: &Row<'_>) -> bool {
    matches!(row.get("fields"), Some(Cell::Nested(text)) if text.starts_with('{'))
        && row.has("responses")
        && row.has("suggestions")
}

impl Format for Argilla {
    fn name(&self) -> &'static str {
        "argilla"
    }

    fn title(&self) -> &'static str {
        "Argilla"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        (sample.share(is_record) > 0.9).then(|| {
            Detected::new(0.93, "records have fields, responses and suggestions", Role::Mixed, "Argilla records")
                .note("the dataset's settings (titles of questions, scales, users' names) are not in its records")
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(Reader))
    }
}

struct Reader;

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        // The id that the user gave; the server's own for REST, where the user's is the external one.
        let id = row.word_any(&["external_id", "id", "_server_id"]).ok_or("a record needs an id")?;
        let time = row.time(&["inserted_at"])?;
        row.take("updated_at");
        let mut data = object(row, "fields")?;
        let mut metadata = Metadata::new();
        row::spread(&row.take("metadata"), "metadata", &mut metadata)?;
        // Model, session and the like stand in the metadata.
        for (key, value) in metadata {
            if !data.has(&key) {
                data.push(key, Cell::Text(value.into()));
            }
        }
        let mut turn = generic::turn(&mut data, &id)?;
        generic::only_text(&mut turn);
        turn.created_at = turn.created_at.or(time);
        turn.metadata.extend(row.word("status").map(|status| ("record_status".to_owned(), status)));
        let about = About { record: &id, turn: &turn };
        let mut found = Vec::new();
        match json(row, "responses")? {
            Value::Object(questions) => about.by_question(&questions, &mut found),
            Value::Array(responses) => responses.iter().for_each(|response| about.response(response, &mut found)),
            _ => {}
        }
        match json(row, "suggestions")? {
            Value::Object(questions) => {
                questions.iter().for_each(|(question, suggestion)| about.suggestion(question, suggestion, &mut found));
            }
            Value::Array(suggestions) => {
                for suggestion in &suggestions {
                    let name = ["question_name", "name", "question_id"].iter().find_map(|key| suggestion.get(*key));
                    about.suggestion(&name.and_then(plain_text).unwrap_or_default(), suggestion, &mut found);
                }
            }
            _ => {}
        }
        if let Value::Object(vectors) = json(row, "vectors")? {
            for (name, vector) in vectors {
                out.records.extend(vector_of(&name, &vector, &turn).map(Record::Vector));
            }
        }
        out.records.extend(found.into_iter().map(Record::Feedback));
        out.push(Record::Turn(turn));
        Ok(())
    }
}

fn json(row: &mut Row<'_>, key: &str) -> std::result::Result<Value, Reason> {
    match row.take(key).as_str() {
        None | Some("") => Ok(Value::Null),
        Some(text) => serde_json::from_str(text).map_err(|error| format!("{key} cannot be read: {error}")),
    }
}

fn object(row: &mut Row<'_>, key: &str) -> std::result::Result<Row<'static>, Reason> {
    match json(row, key)? {
        Value::Object(object) => Ok(generic::row_of(&object)),
        _ => Err(format!("{key} is no object")),
    }
}

/// The vector of a record stands for its text; of which field, the record does not say.
fn vector_of(name: &str, value: &Value, turn: &TurnRecord) -> Option<VectorRecord> {
    let value = value.get("value").unwrap_or(value);
    let vector: Option<Vec<f32>> =
        value.as_array()?.iter().map(|number| number.as_f64().map(|number| number as f32)).collect();
    let vector = vector.filter(|vector| !vector.is_empty() && vector.iter().all(|number| number.is_finite()))?;
    let text = turn.query.clone().or_else(|| turn.output.clone())?;
    Some(VectorRecord { model: format!("argilla-{name}-{}", vector.len()), text, vector })
}

struct About<'r> {
    record: &'r str,
    turn: &'r TurnRecord,
}

impl About<'_> {
    /// `{question: [{value, user_id}]}`.
    fn by_question(&self, questions: &Map<String, Value>, found: &mut Vec<FeedbackRecord>) {
        for (question, answers) in questions {
            for answer in answers.as_array().into_iter().flatten() {
                let status = answer.get("status").and_then(Value::as_str).unwrap_or("submitted");
                if status == "submitted" {
                    self.answered(question, answer, answer.get("user_id").and_then(plain_text), found);
                }
            }
        }
    }

    /// One annotator's answers to all questions.
    fn response(&self, response: &Value, found: &mut Vec<FeedbackRecord>) {
        if response.get("status").and_then(Value::as_str).is_some_and(|status| status != "submitted") {
            return;
        }
        let user = response.get("user_id").and_then(plain_text);
        let time = ["updated_at", "inserted_at"].iter().find_map(|key| response.get(*key)).and_then(plain_text);
        let time = time.and_then(|text| time::parse(&text));
        let before = found.len();
        for (question, answer) in response.get("values").and_then(Value::as_object).into_iter().flatten() {
            self.answered(question, answer, user.clone(), found);
        }
        for feedback in found.iter_mut().skip(before) {
            feedback.created_at = time;
        }
    }

    fn answered(&self, question: &str, answer: &Value, user: Option<String>, found: &mut Vec<FeedbackRecord>) {
        let id = format!("{}/{}/{question}", self.record, user.as_deref().unwrap_or("anonymous"));
        let value = answer.get("value").unwrap_or(answer);
        for mut feedback in self.values(question, &id, value) {
            feedback.metadata.extend(user.clone().map(|user| ("annotator".to_owned(), user)));
            found.push(feedback);
        }
    }

    fn suggestion(&self, question: &str, suggestion: &Value, found: &mut Vec<FeedbackRecord>) {
        let agent = suggestion.get("agent").and_then(plain_text);
        let id = format!("{}/suggestion/{question}", self.record);
        for mut feedback in self.values(question, &id, suggestion.get("value").unwrap_or(suggestion)) {
            feedback.author = Author::Judge;
            // How sure the model is of its label.
            feedback.confidence =
                suggestion.get("score").and_then(Value::as_f64).filter(|sure| (0.0..=1.0).contains(sure));
            feedback.metadata.extend(agent.clone().map(|agent| ("agent".to_owned(), agent)));
            found.push(feedback);
        }
    }

    /// A label, a rating, a text; labels; marked spans; a ranking.
    fn values(&self, question: &str, id: &str, value: &Value) -> Vec<FeedbackRecord> {
        match value {
            Value::Null => Vec::new(),
            Value::Array(list) if list.iter().any(|one| one.get("rank").is_some()) => {
                vec![self.ranking(question, id, list)]
            }
            Value::Array(list) => {
                let numbered = |number: usize| if number == 0 { id.to_owned() } else { format!("{id}/{}", number + 1) };
                list.iter().enumerate().map(|(number, one)| self.one(question, numbered(number), one, true)).collect()
            }
            one => vec![self.one(question, id.to_owned(), one, false)],
        }
    }

    fn one(&self, question: &str, id: String, value: &Value, chosen: bool) -> FeedbackRecord {
        let mut feedback = self.feedback(question, id);
        if value.get("start").is_some() {
            feedback.feedback_type = FeedbackType::Annotation;
            feedback.label = value.get("label").and_then(plain_text);
            feedback.reasons.extend(feedback.label.clone());
            feedback.span = self.span(value);
            if feedback.span.is_none() {
                feedback.metadata.insert("region".into(), value.to_string());
            }
            return feedback;
        }
        feedback.score = value.as_f64();
        let text = if feedback.score.is_none() { plain_text(value) } else { None };
        if feedback.score.is_none() && !chosen && kind::is_correction_name(question) {
            feedback.feedback_type = FeedbackType::Correction;
            feedback.correction = text;
        } else if text.as_ref().is_some_and(|text| !chosen && is_written(question, text)) {
            feedback.comment = text;
        } else {
            feedback.label = text;
            feedback.feedback_type = kind::feedback_type(&Shape {
                name: question,
                score: feedback.score,
                label: feedback.label.as_deref(),
                ..Shape::default()
            });
            if feedback.feedback_type == FeedbackType::Category {
                feedback.reasons.extend(feedback.label.clone());
            }
        }
        feedback
    }

    /// Several values in order: the best is the label, the whole order is kept.
    fn ranking(&self, question: &str, id: &str, list: &[Value]) -> FeedbackRecord {
        let mut feedback = self.feedback(question, id.to_owned());
        feedback.feedback_type = FeedbackType::Preference;
        let best = list.iter().min_by_key(|one| one.get("rank").and_then(Value::as_u64).unwrap_or(u64::MAX));
        feedback.label = best.and_then(|one| one.get("value")).and_then(plain_text);
        feedback.metadata.insert("ranking".into(), Value::Array(list.to_vec()).to_string());
        feedback
    }

    fn feedback(&self, question: &str, id: String) -> FeedbackRecord {
        let mut feedback = FeedbackRecord::new(id, FeedbackType::Comment);
        feedback.score_name = Some(question.to_owned());
        feedback.turn_id = Some(self.turn.id.clone());
        feedback.session_id.clone_from(&self.turn.session_id);
        feedback
    }

    /// Offsets count characters; the field is the question's and not named here. The output first, as it is judged.
    fn span(&self, value: &Value) -> Option<Span> {
        let start = u32::try_from(value.get("start")?.as_u64()?).ok()?;
        let end = u32::try_from(value.get("end")?.as_u64()?).ok()?;
        let texts = [(SpanTarget::Output, &self.turn.output), (SpanTarget::Query, &self.turn.query)];
        texts.into_iter().find_map(|(target, text)| {
            let text = text
                .as_ref()
                .filter(|text| start <= end && text.chars().nth(end.saturating_sub(1) as usize).is_some())?;
            let quote = text.chars().skip(start as usize).take((end - start) as usize).collect();
            Some(Span { target, start, end, quote: Some(quote) })
        })
    }
}

/// Answers to text questions and labels both come as text: sentences are written, and so is what is asked for by name.
fn is_written(question: &str, text: &str) -> bool {
    let mut row = Row::default();
    row.push(question.to_owned(), Cell::Text("words".into()));
    crate::mapping::vocabulary(&row, crate::mapping::Vocabulary::Feedback).has("comment")
        || text.split_whitespace().nth(3).is_some()
        || text.contains('\n')
}
