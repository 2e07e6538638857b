//! What did people answer in a Delighted survey?
//!
//! A response has one score on the scale of its `survey_type` (nps 0 to 10, csat 1 to 5, …), a comment, and further
//! answers. Which exchange it is about stands in the person's properties, by name. Times are Unix seconds.
//! Source: delighted.com/docs/api/listing-survey-responses.

use serde_json::Value;

use super::generic::{self, Context};
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    row::{Reason, Row, plain_text},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Record, error::Result, polarity::StatedScale};

pub struct Delighted;

impl Format for Delighted {
    fn name(&self) -> &'static str {
        "delighted"
    }

    fn title(&self) -> &'static str {
        "Delighted"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let linked = |row: &Row<'static>| {
            row.get("permalink").and_then(|cell| cell.as_str()).is_some_and(|link| link.contains("delighted.com/r/"))
        };
        let known = sample.all_have(&["survey_type", "person_properties", "score"])
            || sample.all_have(&["person", "score", "permalink"]) && sample.share(linked) > 0.9;
        known.then(|| {
            let reason = "responses have a survey_type, a score and a person's properties";
            Detected::new(0.95, reason, Role::Feedback, "Delighted responses")
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(Reader))
    }
}

/// The ends of the scales of the tool's surveys.
fn scale(survey_type: &str) -> Option<StatedScale> {
    match survey_type {
        "nps" | "enps" => Some(StatedScale::new(0.0, 10.0)),
        "csat" | "smileys" | "stars" | "fivestar" => Some(StatedScale::new(1.0, 5.0)),
        _ => None,
    }
}

struct Reader;

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        let number = row.word("id").ok_or("a response needs an id")?;
        let id = format!("delighted-{number}");
        let survey = row.word("survey_type");
        let is_thumbs = survey.as_deref() == Some("thumbs");
        let mut feedback =
            FeedbackRecord::new(id.clone(), if is_thumbs { FeedbackType::Thumb } else { FeedbackType::Rating });
        feedback.score_name = Some(survey.unwrap_or_else(|| "delighted".into()));
        feedback.score = row.number("score")?;
        feedback.scale = feedback.score_name.as_deref().and_then(scale);
        feedback.comment = row.text("comment");
        feedback.created_at = row.time(&["created_at", "updated_at"])?;
        row.take("updated_at");
        feedback.tags = row.words("tags");
        feedback.metadata.extend(row.word("permalink").map(|link| ("permalink".to_owned(), link)));
        feedback.user_id = match row.take("person").to_json() {
            Value::Object(person) => person.get("id").and_then(plain_text),
            other => plain_text(&other),
        };
        let mut properties = match row.take("person_properties").to_json() {
            Value::Object(properties) => generic::row_of(&properties),
            _ => Row::default(),
        };
        let context = Context::of(&mut properties, &id, out)?;
        let mut further = Vec::new();
        if let Value::Array(answers) = row.take("additional_answers").to_json() {
            for answer in &answers {
                read_answer(&id, answer, &mut feedback, &mut further);
            }
        }
        if feedback.score.is_none() && feedback.comment.is_none() && feedback.reasons.is_empty() && further.is_empty() {
            return Err("it holds neither a score nor a word".into());
        }
        if feedback.score.is_none() {
            feedback.feedback_type =
                if feedback.reasons.is_empty() { FeedbackType::Comment } else { FeedbackType::Category };
        }
        for one in &mut further {
            one.created_at = feedback.created_at;
            one.user_id.clone_from(&feedback.user_id);
        }
        for mut feedback in std::iter::once(feedback).chain(further) {
            context.apply(&mut feedback);
            out.push(Record::Feedback(feedback));
        }
        out.records.extend(context.into_turn().map(Record::Turn));
        Ok(())
    }
}

/// Choices are reasons, texts belong to the comment, a further scale is a rating of its own.
fn read_answer(id: &str, answer: &Value, feedback: &mut FeedbackRecord, further: &mut Vec<FeedbackRecord>) {
    let text = |pointer: &str| answer.pointer(pointer).and_then(plain_text);
    if let Some(said) = text("/value/free_response") {
        generic::append(&mut feedback.comment, said);
    }
    feedback.reasons.extend(text("/value/select_one/text"));
    let many = answer.pointer("/value/select_many").and_then(Value::as_array);
    feedback.reasons.extend(many.into_iter().flatten().filter_map(|one| one.get("text").and_then(plain_text)));
    if let Some(score) = answer.pointer("/value/scale").and_then(Value::as_f64) {
        let question = text("/question/text").or_else(|| text("/question/id")).or_else(|| text("/id"));
        let question = question.unwrap_or_else(|| "scale".into());
        let number = text("/question/id").or_else(|| text("/id")).unwrap_or_default();
        let mut rating = FeedbackRecord::new(format!("{id}/{number}"), FeedbackType::Rating);
        rating.score = Some(score);
        rating.score_name = Some(question);
        further.push(rating);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::tests::check_text;

    const RESPONSES: &str = r#"[{"id": "1", "person": "10", "survey_type": "nps", "score": 0, "comment": null, "permalink": "https://app.delighted.com/r/2joX", "created_at": 1783418460, "updated_at": null, "person_properties": {"trace_id": "tr9", "model": "gpt-4o-2024-08-06", "environment": "production", "country": "USA"}, "notes": [], "tags": ["bot"],
  "additional_answers": [{"id": "4", "value": {"free_response": null, "scale": null, "select_one": null, "select_many": [{"id": "DxmjNj", "text": "Convenience"}, {"id": "y", "text": "Made things up"}]}, "question": {"id": "enum_z9EvYV", "type": "select_many", "text": "What?"}},
   {"id": "5", "value": {"free_response": "never again", "scale": null, "select_one": null, "select_many": []}, "question": {"id": "free_1", "type": "free_response", "text": "Why?"}},
   {"id": "6", "value": {"free_response": null, "scale": 2, "select_one": null, "select_many": []}, "question": {"id": "scale_1", "type": "scale", "text": "How fast was it?"}}]},
 {"id": "2", "person": {"id": "11", "email": "a@example.org"}, "survey_type": "thumbs", "score": 1, "comment": "👍 fine", "permalink": "https://app.delighted.com/r/2joY", "created_at": 1783418461, "updated_at": 1783418470, "person_properties": null, "notes": [{"id": "n", "text": "called back"}], "tags": [], "additional_answers": []}]"#;

    #[test]
    fn responses() {
        check_text(
            "responses.json",
            RESPONSES,
            &expect![[r#"
            Delighted responses (JSON), 2 records
            {"kind":"feedback","id":"delighted-1","created_at":"2026-07-07T10:01:00Z","turn_id":"tr9","feedback_type":"rating","author":"human","score_name":"nps","score":0.0,"reasons":["Convenience","Made things up"],"comment":"never again","model":"gpt-4o-2024-08-06","model_version":"gpt-4o-2024-08-06","environment":"production","user_id":"10","tags":["bot"],"metadata":{"country":"USA","permalink":"https://app.delighted.com/r/2joX"}}
            {"kind":"feedback","id":"delighted-1/scale_1","created_at":"2026-07-07T10:01:00Z","turn_id":"tr9","feedback_type":"rating","author":"human","score_name":"How fast was it?","score":2.0,"model":"gpt-4o-2024-08-06","model_version":"gpt-4o-2024-08-06","environment":"production","user_id":"10","metadata":{"country":"USA"}}
            {"kind":"feedback","id":"delighted-2","created_at":"2026-07-07T10:01:01Z","feedback_type":"thumb","author":"human","score_name":"thumbs","score":1.0,"comment":"👍 fine","user_id":"11","metadata":{"permalink":"https://app.delighted.com/r/2joY"}}
            no place for notes (1)
        "#]],
        );
    }
}
