//! A score is a feedback, a comment an annotation.
//!
//! Scores have no ids: what is scored, the name and who scored make one, the same on every import. Scores by
//! `online_scoring` are a judge's, those by `ui` a person's; `sdk` is anything that a program sent, so the name tells.

use serde_json::{Map, Value};

use super::elements;
use crate::{
    Out,
    kind::{self, Shape},
    row::{Cell, Reason, Row},
};
use hearback_domain::{Author, FeedbackRecord, FeedbackType, Record, text::TextHash};

/// What was scored.
pub(super) struct Subject<'t> {
    pub turn: Option<&'t str>,
    pub session: Option<&'t str>,
    /// The id of the trace, span or thread.
    pub entity: &'t str,
    pub span: Option<&'t str>,
}

/// Every score and every comment of the trace, span or thread.
pub(super) fn read_all(row: &mut Row<'_>, subject: &Subject<'_>, out: &mut Out) -> Result<(), Reason> {
    let (scores, comments) = (row.take("feedback_scores"), row.take("comments"));
    for text in elements(&scores)? {
        out.part();
        let outcome = Row::from_json_text(text.get()).and_then(|mut score| read(&mut score, subject, out));
        if let Err(reason) = outcome {
            out.reject_part(reason, text.get());
        }
    }
    for text in elements(&comments)? {
        out.part();
        let outcome = Row::from_json_text(text.get()).and_then(|mut inner| comment(&mut inner, subject));
        match outcome {
            Ok(feedback) => out.push(Record::Feedback(feedback)),
            Err(reason) => out.reject_part(reason, text.get()),
        }
    }
    Ok(())
}

/// A score, or one for each of those who gave it: the tool's own value is then their average.
fn read(score: &mut Row<'_>, subject: &Subject<'_>, out: &mut Out) -> Result<(), Reason> {
    let authors = score.take("value_by_author");
    let authors: Map<String, Value> =
        authors.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    if authors.is_empty() {
        let author = score.get("created_by").and_then(Cell::as_str).map(str::to_owned);
        let feedback = one(score, subject, author.as_deref().unwrap_or_default())?;
        out.push(Record::Feedback(feedback));
        return Ok(());
    }
    for (author, entry) in authors {
        let entry = entry.to_string();
        let mut own = Row::from_json_text(&entry)?;
        // A later version of the tool tells authors apart by more than their name, and repeats the name.
        let author = own.word("author").unwrap_or(author);
        for key in ["name", "source", "source_queue_id", "created_at"] {
            // Their own moment, not that of the first of them.
            let dated = key == "created_at" && own.has("last_updated_at");
            if let (false, true, Some(cell)) = (dated, own.get(key).is_none_or(Cell::is_null), score.get(key)) {
                own.push(key.to_owned(), cell.clone().into_owned());
            }
        }
        own.push("created_by", Cell::Text(author.clone().into()));
        let span = own.word("span_id");
        let subject = Subject {
            entity: span.as_deref().unwrap_or(subject.entity),
            span: span.as_deref().or(subject.span),
            ..*subject
        };
        let feedback = one(&mut own, &subject, &author)?;
        out.push(Record::Feedback(feedback));
    }
    Ok(())
}

fn one(score: &mut Row<'_>, subject: &Subject<'_>, author: &str) -> Result<FeedbackRecord, Reason> {
    let name = score.word("name").ok_or("a score needs a name")?;
    let id = TextHash::of(&format!("{}\n{name}\n{author}", subject.entity)).to_string();
    let mut feedback = about(FeedbackRecord::new(id, FeedbackType::Rating), subject);
    feedback.score = score.number("value")?;
    feedback.label = score.word("category_name");
    feedback.comment = score.text("reason").filter(|text| !text.is_empty());
    if feedback.score.is_none() && feedback.label.is_none() && feedback.comment.is_none() {
        return Err("a score has no value".into());
    }
    let source = score.word("source").unwrap_or_default();
    if source == "online_scoring" || source != "ui" && kind::is_measure(&name) {
        feedback.author = Author::Judge;
    }
    feedback.feedback_type = kind::feedback_type(&Shape {
        name: &name,
        score: feedback.score,
        label: feedback.label.as_deref(),
        ..Shape::default()
    });
    // Each category has a number in this tool; where it is one of reasons, the number means nothing.
    if feedback.feedback_type == FeedbackType::Rating && feedback.label.is_some() && names_reasons(&name) {
        feedback.feedback_type = FeedbackType::Category;
        feedback.metadata.extend(feedback.score.take().map(|score| ("value".to_owned(), score.to_string())));
    }
    if feedback.feedback_type == FeedbackType::Category {
        feedback.reasons.extend(feedback.label.clone());
    }
    feedback.created_at = score.time(&["created_at", "last_updated_at"])?;
    feedback.score_name = Some(name);
    if !source.is_empty() {
        feedback.metadata.insert("source".into(), source);
    }
    for key in ["created_by", "source_queue_id", "evaluator_revision", "span_type"] {
        feedback.metadata.extend(score.word(key).map(|text| (key.to_owned(), text)));
    }
    Ok(feedback)
}

fn names_reasons(name: &str) -> bool {
    let name = name.to_lowercase();
    ["reason", "categor", "issue", "problem", "cause", "topic", "kind of", "failure"]
        .iter()
        .any(|word| name.contains(word))
}

/// What colleagues wrote beside the trace.
fn comment(comment: &mut Row<'_>, subject: &Subject<'_>) -> Result<FeedbackRecord, Reason> {
    let text = comment.text("text").ok_or("a comment needs a text")?;
    let id = comment.word("id").unwrap_or_else(|| TextHash::of(&format!("{}\n\n{text}", subject.entity)).to_string());
    let mut feedback = about(FeedbackRecord::new(id, FeedbackType::Annotation), subject);
    feedback.created_at = comment.time(&["created_at", "last_updated_at"])?;
    feedback.score_name = Some("comment".into());
    feedback.comment = Some(text);
    feedback.metadata.extend(comment.word("created_by").map(|text| ("created_by".to_owned(), text)));
    Ok(feedback)
}

fn about(mut feedback: FeedbackRecord, subject: &Subject<'_>) -> FeedbackRecord {
    feedback.turn_id = subject.turn.map(str::to_owned);
    feedback.session_id = subject.session.map(str::to_owned);
    feedback.metadata.extend(subject.span.map(|span| ("span_id".to_owned(), span.to_owned())));
    feedback
}
