//! How satisfied were the people whose tickets Zendesk holds?
//!
//! A ticket is a session: its description and public comments are the trail, questions by the requester and answers by
//! everybody else. A rating is a feedback on the session. Good and bad are the tool's own words for the polarity, also
//! where it made them of a scale; offered and unoffered mean that nobody answered.
//! Sources: developer.zendesk.com "Satisfaction ratings", "CSAT survey responses", "Tickets";
//! nukosuke/go-zendesk `fixture/GET/tickets.json`. The selections of a CSAT answer are read by shape, not from a sample.

mod ticket;

use serde_json::Value;

use super::generic;
use crate::{
    Detected, Format, Out, Recognised, Role, RowReader, Sample,
    row::{Reason, Row, plain_text},
    time,
};
use hearback_domain::{FeedbackRecord, FeedbackType, Polarity, Record, error::Result};

pub struct Zendesk;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ZendeskRecord {
    Rating,
    Survey,
    Ticket,
}

impl ZendeskRecord {
    fn of(row: &Row<'_>) -> Option<Self> {
        let has = |keys: &[&str]| keys.iter().all(|key| row.has(key));
        if has(&["subject_zrns", "answers"]) || row.has("survey_response") {
            Some(Self::Survey)
        } else if has(&["ticket_id", "score", "requester_id"]) {
            Some(Self::Rating)
        } else if has(&["subject", "description", "requester_id"])
            || has(&["id", "subject", "satisfaction_rating"])
            || has(&["id", "subject", "description", "status", "priority"])
        {
            Some(Self::Ticket)
        } else {
            None
        }
    }
}

impl Format for Zendesk {
    fn name(&self) -> &'static str {
        "zendesk"
    }

    fn title(&self) -> &'static str {
        "Zendesk"
    }

    fn detect(&self, sample: &Sample<'_>) -> Option<Detected> {
        let kind = sample.rows.first().and_then(ZendeskRecord::of)?;
        if sample.share(|row| ZendeskRecord::of(row) == Some(kind)) < 0.9 {
            return None;
        }
        let (reason, role, title) = match kind {
            ZendeskRecord::Rating => ("ticket, requester and a score", Role::Feedback, "Zendesk satisfaction ratings"),
            ZendeskRecord::Survey => ("subject_zrns and answers", Role::Feedback, "Zendesk CSAT responses"),
            ZendeskRecord::Ticket => ("subject, description and requester of tickets", Role::Mixed, "Zendesk tickets"),
        };
        let found = Detected::new(0.93, format!("records have {reason}"), role, title);
        Some(match kind {
            ZendeskRecord::Rating => found.note("scales of more than good and bad are only in CSAT survey responses"),
            ZendeskRecord::Survey => found,
            ZendeskRecord::Ticket => found.note("without sideloading, tickets have no comments but their description"),
        })
    }

    fn reader(&self, _recognised: &Recognised) -> Result<Box<dyn RowReader>> {
        Ok(Box::new(Reader))
    }
}

struct Reader;

impl RowReader for Reader {
    fn read(&mut self, row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
        match ZendeskRecord::of(row) {
            Some(ZendeskRecord::Rating) => rating(row, out),
            Some(ZendeskRecord::Survey) => {
                let inner = row.take("survey_response");
                match inner.as_str() {
                    Some(text) => survey(&mut Row::from_json_text(text)?, out),
                    None => survey(row, out),
                }
            }
            Some(ZendeskRecord::Ticket) => ticket::read(row, out),
            None => Err("it is neither a rating, a survey response nor a ticket".into()),
        }
    }
}

/// Sessions of other tools may have numbers, too.
fn session_id(ticket: &str) -> String {
    format!("zendesk-ticket-{ticket}")
}

fn rating(row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    let id = row.word("id").ok_or("a rating needs an id")?;
    let ticket = row.word("ticket_id").ok_or("a rating needs its ticket")?;
    let Some(mut feedback) = satisfaction(row, &format!("zendesk-rating-{id}"), &ticket)? else { return Ok(()) };
    feedback.created_at = row.time(&["updated_at", "created_at"])?;
    row.take("created_at");
    feedback.user_id = row.word("requester_id");
    for key in ["assignee_id", "group_id", "url", "reason_code", "reason_id"] {
        feedback.metadata.extend(row.word(key).map(|value| (key.to_owned(), value)));
    }
    out.push(Record::Feedback(feedback));
    Ok(())
}

/// The score, the comment and the reason; none where nobody answered.
fn satisfaction(row: &mut Row<'_>, id: &str, ticket: &str) -> std::result::Result<Option<FeedbackRecord>, Reason> {
    let score = row.word("score").ok_or("a rating needs a score")?;
    let polarity = match score.split('_').next().unwrap_or_default() {
        "good" => Polarity::Positive,
        "bad" => Polarity::Negative,
        "offered" | "unoffered" => {
            row.drain().for_each(drop);
            return Ok(None);
        }
        _ => return Err(format!("a rating has no score {score:?}: good, bad, offered or unoffered")),
    };
    let mut feedback = FeedbackRecord::new(id, FeedbackType::Thumb);
    feedback.session_id = Some(session_id(ticket));
    feedback.score_name = Some("satisfaction".into());
    feedback.polarity = Some(polarity);
    feedback.label = Some(score);
    feedback.comment = row.text("comment").filter(|text| !text.is_empty());
    feedback.reasons.extend(row.word("reason"));
    Ok(Some(feedback))
}

fn survey(row: &mut Row<'_>, out: &mut Out) -> std::result::Result<(), Reason> {
    let id = format!("zendesk-survey-{}", row.word("id").ok_or("a survey response needs an id")?);
    let answers: Vec<Value> = match row.take("answers").as_str() {
        None | Some("") => Vec::new(),
        Some(text) => serde_json::from_str(text).map_err(|_| "answers is no list".to_owned())?,
    };
    let subjects = row.words("subject_zrns");
    row.take("subjects");
    // zen:ticket:99; of a conversation the id itself.
    let subject = subjects.iter().find(|subject| subject.contains(":ticket:")).or(subjects.first());
    let session = subject.map(|subject| {
        let number = subject.rsplit(':').next().unwrap_or_default();
        if subject.contains(":ticket:") { session_id(number) } else { number.to_owned() }
    });
    let user = row.word("responder_id");
    let asked = row.take("survey").to_json();
    let survey = asked.get("id").and_then(plain_text).or_else(|| row.word("survey_id"));
    let version = asked.get("version").and_then(plain_text).or_else(|| row.word("survey_version"));
    row.take("expires_at");
    let mut found: Vec<FeedbackRecord> = Vec::new();
    let (mut comment, mut reasons, mut time) = (None, Vec::new(), None);
    for answer in &answers {
        let text = |pointer: &str| answer.pointer(pointer).and_then(plain_text);
        let at = text("/updated_at").or_else(|| text("/created_at")).and_then(|text| time::parse(&text));
        let kind = text("/type").unwrap_or_default();
        match kind.as_str() {
            "rating_scale" => {
                let question =
                    text("/question/alias").or_else(|| text("/question/id")).unwrap_or_else(|| "csat".into());
                let mut feedback = FeedbackRecord::new(format!("{id}/{question}"), FeedbackType::Rating);
                feedback.score = ["/rating", "/value", "/option/rating"]
                    .iter()
                    .find_map(|pointer| answer.pointer(pointer).and_then(Value::as_f64));
                feedback.label = text("/option/label/value").or_else(|| text("/label/value"));
                feedback.created_at = at;
                feedback.score_name = Some(question);
                if feedback.score.is_some() || feedback.label.is_some() {
                    found.push(feedback);
                }
            }
            "open_ended" => generic::append(&mut comment, text("/value").unwrap_or_default()),
            "closed_ended" => {
                let chosen = answer.get("selections").and_then(Value::as_array);
                reasons.extend(chosen.into_iter().flatten().filter_map(|one| {
                    let label = ["/option/label/value", "/label/value", "/option/value", "/value"];
                    label.iter().find_map(|pointer| one.pointer(pointer)).and_then(plain_text)
                }));
            }
            _ => {}
        }
        time = time.or(at);
    }
    if found.is_empty() && (comment.is_some() || !reasons.is_empty()) {
        let kind = if reasons.is_empty() { FeedbackType::Comment } else { FeedbackType::Category };
        found.push(FeedbackRecord { created_at: time, ..FeedbackRecord::new(format!("{id}/comment"), kind) });
    }
    if let Some(first) = found.first_mut() {
        (first.comment, first.reasons) = (comment, reasons);
    }
    for mut feedback in found {
        feedback.session_id.clone_from(&session);
        feedback.user_id.clone_from(&user);
        feedback.metadata.extend(survey.clone().map(|survey| ("survey".to_owned(), survey)));
        feedback.metadata.extend(version.clone().map(|version| ("survey_version".to_owned(), version)));
        out.push(Record::Feedback(feedback));
    }
    Ok(())
}
