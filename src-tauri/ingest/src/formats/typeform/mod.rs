//! What did people answer in a Typeform, and about which exchange?
//!
//! One response holds answers to several questions. Each rating, scale, choice and yes-or-no is a feedback of its own,
//! named by the question's `ref`; free texts are the comment on the first of them, or a comment of their own. Which
//! exchange it is about stands in the hidden fields (`trace_id`, `session`, `model`, `env`, `role`, …), by name.
//!
//! The API's JSON has no question texts, only refs; the CSV has only the texts. Sources: typeform.com/developers
//! "JSON response explanation"; alexbassy/TypeformResponses `__tests__/fixtures/responses.json`.

mod answers;
mod table;

use crate::{
    Detected, Format, Recognised, Role, RowReader, Sample,
    row::{Cell, Row},
};
use hearback_domain::error::{Error, Result};

pub struct Typeform;

fn is_response(row: &Row<'_>) -> bool {
    row.has("landing_id") && matches!(row.get("answers"), Some(Cell::Nested(_) | Cell::Null))
}

impl Format for Typeform {
    fn name(&self) -> &'static str {
        "typeform"
    }

    fn title(&self) -> &'static str {
        "Typeform"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        if sample.share(is_response) > 0.9 {
            return Some(
                Detected::new(0.95, "responses have a landing_id and answers", Role::Feedback, "Typeform responses")
                    .note("question texts are not in this export: questions go by their refs"),
            );
        }
        let columns = sample.columns();
        if columns.first() == Some(&"#") && columns.contains(&table::SUBMITTED) {
            let reason = "the first column is # and there is a Submit Date (UTC)";
            let found = Detected::new(0.95, reason, Role::Feedback, "Typeform responses");
            return Some(Detected { mapping: Some(table::mapping(&columns, sample.rows)), ..found });
        }
        None
    }

    fn reader(&self, recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        if !recognised.container.is_table() {
            return Ok(Box::new(answers::Reader));
        }
        let mapping = recognised.mapping.clone();
        let mapping = mapping.ok_or_else(|| Error::input("a table of responses needs the column Submit Date (UTC)"))?;
        Ok(Box::new(table::Reader::new(mapping)))
    }
}
