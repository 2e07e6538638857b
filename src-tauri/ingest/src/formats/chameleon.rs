//! What did people press and write in a Chameleon microsurvey?
//!
//! A response names the button (`button_text`; `button_order` counts from 0 and its scale is not in the file), up to two
//! texts, and chosen items. Which exchange it is about may stand in the page's address (`href`) or in the expanded
//! profile. Source: developers.chameleon.io/apis/survey-responses.

use super::generic::{self, Context};
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    kind::{self, Shape},
    row::{self, Cell, Reason, Row},
};
use hearback_domain::{FeedbackRecord, FeedbackType, Record, error::Result, record::Metadata};

pub struct Chameleon;

impl Format for Chameleon {
    fn name(&self) -> &'static str {
        "chameleon"
    }

    fn title(&self) -> &'static str {
        "Chameleon"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        sample.all_have(&["survey_id", "profile_id", "button_order"]).then(|| {
            Detected::new(
                0.95,
                "responses have survey, profile and button_order",
                Role::Feedback,
                "Chameleon responses",
            )
            .note("how many buttons a survey has is not in this export: the button's text is the answer")
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(Reader))
    }
}

struct Reader;

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        let id = row.word("id").ok_or("a response needs an id")?;
        let mut feedback = FeedbackRecord::new(id.clone(), FeedbackType::Comment);
        feedback.created_at = row.time(&["finished_at", "created_at"])?;
        row.take("created_at");
        row.take("updated_at");
        feedback.score_name = row.word("survey_id");
        feedback.user_id = row.word("profile_id");
        if let Some(button) = row.word("button_text") {
            feedback.score = button.trim().parse().ok().filter(|score: &f64| score.is_finite());
            feedback.label = Some(button);
        }
        for key in ["button_order", "button_id"] {
            feedback.metadata.extend(row.word(key).map(|value| (key.to_owned(), value)));
        }
        for key in ["input_text", "comment_step_input_text", "comment_step_input_text2"] {
            generic::append(&mut feedback.comment, row.text(key).unwrap_or_default());
        }
        for key in [
            "dropdown_items",
            "other_text",
            "comment_step_dropdown_items",
            "comment_step_dropdown_items2",
            "comment_step_other_text",
            "comment_step_other_text2",
            "comment_step_buttons_selected",
            "comment_step_buttons_selected2",
        ] {
            feedback.reasons.extend(row.words(key));
        }
        if feedback.label.is_none() && feedback.comment.is_none() && feedback.reasons.is_empty() {
            return Err("nothing was pressed, chosen or written".into());
        }
        feedback.feedback_type = kind::feedback_type(&Shape {
            name: "",
            score: feedback.score,
            label: feedback.label.as_deref().or(feedback.reasons.first().map(String::as_str)),
            ..Shape::default()
        });
        let address = row.word("href").unwrap_or_default();
        let mut around = generic::address_parameters(&address);
        for key in ["profile", "company"] {
            spread(&row.take(key), &mut around)?;
        }
        let context = Context::of(&mut around, &id, out)?;
        context.apply(&mut feedback);
        let page = address.split(['?', '#']).next().unwrap_or_default();
        if !page.is_empty() {
            feedback.metadata.insert("page".into(), page.to_owned());
        }
        out.push(Record::Feedback(feedback));
        out.records.extend(context.into_turn().map(Record::Turn));
        Ok(())
    }
}

fn spread(cell: &Cell<'_>, into: &mut Row<'static>) -> std::result::Result<(), Reason> {
    let mut properties = Metadata::new();
    row::spread(cell, "profile", &mut properties)?;
    for (key, value) in properties {
        if key != "id" && !into.has(&key) {
            into.push(key, Cell::Text(value.into()));
        }
    }
    Ok(())
}
