//! Which answers belong together, and which of them is a thumb?
//!
//! A survey is answered in one event or in several, one a question, that share `$survey_submission_id`: together they
//! are one feedback (a thumb, then why). What kind of question it was is not in the events, so they are held back
//! until the file has been read: a question on a trace that only ever got 1 and 2 is a thumb (1 up, 2 down), a
//! question that got a few texts again and again is a choice.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Event;
use crate::{Out, row::Reason};
use hearback_domain::{FeedbackRecord, FeedbackType, Polarity, Record, record::Metadata};

pub(super) const SENT: &str = "survey sent";

/// Seen and not answered: no feedback.
pub(super) const SILENT: &[&str] = &["survey shown", "survey dismissed", "survey abandoned"];

const RESPONSE: &str = "$survey_response";

/// Submissions that are held back at a time, and bytes of them. What is more is handed on as far as it has come.
const HELD: usize = 50_000;
const HELD_BYTES: usize = 64 << 20;
/// Questions that are told apart; answers to further ones are ratings and comments.
const QUESTIONS: usize = 10_000;
/// Texts of a question that are remembered; a question with more distinct ones, or a longer one, is no choice.
const CHOICES: usize = 12;
const CHOICE_BYTES: usize = 120;

#[derive(Default)]
pub(super) struct Surveys {
    submissions: BTreeMap<String, Submission>,
    bytes: usize,
    /// By survey and question.
    questions: BTreeMap<(String, String), Question>,
}

struct Submission {
    /// In the order in which the first of its events came.
    place: usize,
    survey: String,
    feedback: FeedbackRecord,
    answers: BTreeMap<String, Answer>,
}

enum Answer {
    Number(f64),
    Text(String),
    Chosen(Vec<String>),
}

impl Answer {
    fn bytes(&self) -> usize {
        match self {
            Self::Number(_) => 8,
            Self::Text(text) => text.len(),
            Self::Chosen(chosen) => chosen.iter().map(String::len).sum(),
        }
    }
}

/// What a question got so far.
#[derive(Default)]
struct Question {
    numbers: bool,
    /// A number other than 1 and 2, or one that is on no trace.
    graded: bool,
    texts: BTreeSet<String>,
    /// A text that is too long for a choice.
    wordy: bool,
    count: usize,
}

impl Surveys {
    pub(super) fn read(&mut self, event: &mut Event<'_>, out: &mut Out) -> Result<(), Reason> {
        let survey = event.properties.word("$survey_id").unwrap_or_default();
        let submission = event.properties.word("$survey_submission_id");
        let answers = answers(event);
        let mut feedback = event.feedback(FeedbackType::Comment);
        if let Some(submission) = submission {
            feedback.id = submission;
        }
        for (key, name) in [("$survey_id", survey.clone()), ("$survey_name", String::new())] {
            let text = event.properties.word(key).or(Some(name)).filter(|text| !text.is_empty());
            feedback.metadata.extend(text.map(|text| (key.trim_start_matches('$').to_owned(), text)));
        }
        for (id, text) in question_texts(event) {
            feedback.metadata.insert(format!("question {id}"), text);
        }
        let mut kept = Out::default();
        event.finish(feedback, &mut kept)?;
        let on_trace = |feedback: &FeedbackRecord| feedback.turn_id.is_some();
        for record in kept.records {
            let Record::Feedback(feedback) = record else { continue };
            for (question, answer) in &answers {
                let key = (survey.clone(), question.clone());
                if self.questions.len() < QUESTIONS || self.questions.contains_key(&key) {
                    self.questions.entry(key).or_default().see(answer, on_trace(&feedback));
                }
            }
            let lengths =
                |metadata: &Metadata| metadata.iter().map(|(key, text)| key.len() + text.len()).sum::<usize>();
            self.bytes += lengths(&feedback.metadata) + answers.values().map(Answer::bytes).sum::<usize>();
            let place = self.submissions.len();
            match self.submissions.get_mut(&feedback.id) {
                Some(submission) => submission.add(feedback, answers),
                None => {
                    let id = feedback.id.clone();
                    let survey = survey.clone();
                    self.submissions.insert(id, Submission { place, survey, feedback, answers });
                }
            }
            break;
        }
        if self.submissions.len() >= HELD || self.bytes >= HELD_BYTES {
            self.finish(out);
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, out: &mut Out) {
        let mut submissions: Vec<Submission> = std::mem::take(&mut self.submissions).into_values().collect();
        submissions.sort_by_key(|submission| submission.place);
        self.bytes = 0;
        for submission in submissions {
            submission.tell(&self.questions, out);
        }
    }
}

impl Question {
    fn see(&mut self, answer: &Answer, on_trace: bool) {
        self.count += 1;
        match answer {
            Answer::Number(number) => {
                self.numbers = true;
                self.graded |= !on_trace || *number != 1.0 && *number != 2.0;
            }
            Answer::Text(text) => {
                self.wordy |= text.len() > CHOICE_BYTES;
                if self.texts.len() <= CHOICES && !self.wordy {
                    self.texts.insert(text.clone());
                }
            }
            Answer::Chosen(_) => {}
        }
    }

    fn is_thumb(&self) -> bool {
        self.numbers && !self.graded
    }

    /// The same few texts, each several times.
    fn is_choice(&self) -> bool {
        !self.wordy && self.texts.len() <= CHOICES && self.count >= 3 * self.texts.len()
    }
}

impl Submission {
    fn add(&mut self, feedback: FeedbackRecord, answers: BTreeMap<String, Answer>) {
        let into = &mut self.feedback;
        into.created_at = [into.created_at, feedback.created_at].into_iter().flatten().min();
        into.turn_id = into.turn_id.take().or(feedback.turn_id);
        into.session_id = into.session_id.take().or(feedback.session_id);
        into.environment = into.environment.take().or(feedback.environment);
        into.release = into.release.take().or(feedback.release);
        into.user_role = into.user_role.take().or(feedback.user_role);
        into.model_version = into.model_version.take().or(feedback.model_version);
        into.prompt_version = into.prompt_version.take().or(feedback.prompt_version);
        for (key, text) in feedback.metadata {
            into.metadata.entry(key).or_insert(text);
        }
        self.answers.extend(answers);
    }

    /// The first number is the score of the feedback, further ones are feedback of their own; texts are its comment,
    /// choices its reasons.
    fn tell(self, questions: &BTreeMap<(String, String), Question>, out: &mut Out) {
        let Self { survey, mut feedback, answers, .. } = self;
        let mut further = Vec::new();
        let mut comments = Vec::new();
        for (id, answer) in answers {
            let question = questions.get(&(survey.clone(), id.clone()));
            match answer {
                Answer::Number(number) if feedback.score.is_none() => {
                    rate(&mut feedback, &survey, &id, number, question);
                }
                Answer::Number(number) => further.push((id, number)),
                Answer::Text(text) if question.is_some_and(Question::is_choice) => {
                    feedback.label.get_or_insert_with(|| text.clone());
                    feedback.reasons.push(text);
                }
                Answer::Text(text) => comments.push(text),
                Answer::Chosen(chosen) => feedback.reasons.extend(chosen),
            }
        }
        feedback.comment = (!comments.is_empty()).then(|| comments.join("\n\n"));
        if feedback.score.is_none() {
            feedback.feedback_type = match (&feedback.comment, feedback.reasons.is_empty()) {
                // Seen and sent without a word.
                (None, true) => return,
                (_, false) => FeedbackType::Category,
                (Some(_), true) => FeedbackType::Comment,
            };
            feedback.score_name = Some(if survey.is_empty() { "survey".into() } else { survey.clone() });
        }
        for (id, number) in further {
            let mut other = FeedbackRecord::new(format!("{}/{id}", feedback.id), FeedbackType::Rating);
            other.created_at = feedback.created_at;
            other.turn_id.clone_from(&feedback.turn_id);
            other.session_id.clone_from(&feedback.session_id);
            other.user_id.clone_from(&feedback.user_id);
            other.user_role.clone_from(&feedback.user_role);
            other.environment.clone_from(&feedback.environment);
            other.release.clone_from(&feedback.release);
            other.metadata.clone_from(&feedback.metadata);
            rate(&mut other, &survey, &id, number, questions.get(&(survey.clone(), id.clone())));
            out.push(Record::Feedback(other));
        }
        out.push(Record::Feedback(feedback));
    }
}

fn rate(feedback: &mut FeedbackRecord, survey: &str, id: &str, number: f64, question: Option<&Question>) {
    feedback.score = Some(number);
    // The number of a question means something within its survey only.
    let numbered = id.bytes().all(|byte| byte.is_ascii_digit());
    feedback.score_name = Some(if numbered { format!("{survey}/{id}") } else { id.to_owned() });
    if question.is_some_and(Question::is_thumb) {
        feedback.feedback_type = FeedbackType::Thumb;
        feedback.polarity = Some(if number < 1.5 { Polarity::Positive } else { Polarity::Negative });
    } else {
        feedback.feedback_type = FeedbackType::Rating;
    }
}

/// The answers by the id of their question. Clients also send them by number (`$survey_response`,
/// `$survey_response_1`), as they did when questions had no ids: those count where there are no others.
fn answers(event: &mut Event<'_>) -> BTreeMap<String, Answer> {
    let keys: Vec<String> =
        event.properties.cells().map(|(key, _)| key.to_owned()).filter(|key| key.starts_with(RESPONSE)).collect();
    let mut by_id = BTreeMap::new();
    let mut by_number = BTreeMap::new();
    for key in keys {
        let Some(answer) = answer(&event.properties.take(&key).to_json()) else { continue };
        let question = key[RESPONSE.len()..].trim_start_matches('_');
        if question.len() <= 2 && question.bytes().all(|byte| byte.is_ascii_digit()) {
            by_number.insert(if question.is_empty() { "0".to_owned() } else { question.to_owned() }, answer);
        } else {
            by_id.insert(question.to_owned(), answer);
        }
    }
    if by_id.is_empty() { by_number } else { by_id }
}

fn answer(value: &Value) -> Option<Answer> {
    match value {
        Value::Number(number) => number.as_f64().map(Answer::Number),
        Value::Bool(value) => Some(Answer::Number(if *value { 1.0 } else { 0.0 })),
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Answer::Number(number),
            _ => Answer::Text(text.clone()),
        }),
        Value::Array(list) => {
            let chosen: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            (!chosen.is_empty()).then_some(Answer::Chosen(chosen))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// The words of the questions, where the client has sent them.
fn question_texts(event: &mut Event<'_>) -> Vec<(String, String)> {
    let Value::Array(list) = event.properties.take("$survey_questions").to_json() else { return Vec::new() };
    list.iter()
        .filter_map(|question| {
            let text = |key: &str| question.get(key).and_then(Value::as_str).map(str::to_owned);
            Some((text("id")?, text("question")?))
        })
        .collect()
}
