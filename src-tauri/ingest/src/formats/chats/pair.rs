//! Two answers were set side by side, and one was preferred: what does that make?
//!
//! A turn for each answer, `<id>/<side>`, and a feedback on each, so that models can be compared: positive on the
//! preferred one; negative on the other, with the preferred answer as its correction. A tie is neutral on both, "both
//! are bad" negative on both. What the two conversations begin with in common are turns of the same session.

use super::{messages::Message, turns};
use crate::{Out, row::Reason};
use hearback_domain::{FeedbackRecord, FeedbackType, Polarity, Record, TurnRecord};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    First,
    Second,
    Tie,
    BothBad,
}

impl Verdict {
    /// The word that arenas use for it.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "model_a" | "a" | "left" | "leftvote" => Self::First,
            "model_b" | "b" | "right" | "rightvote" => Self::Second,
            "tie" | "tievote" => Self::Tie,
            "tie (bothbad)" | "bothbad" | "both_bad" | "bothbad_vote" => Self::BothBad,
            _ => return None,
        })
    }

    fn polarity(self, first: bool) -> Polarity {
        match self {
            Self::First if first => Polarity::Positive,
            Self::Second if !first => Polarity::Positive,
            Self::Tie => Polarity::Neutral,
            Self::First | Self::Second | Self::BothBad => Polarity::Negative,
        }
    }
}

/// One of the two: what it is called, the whole conversation with it, and what its turns share.
pub(super) struct Side {
    pub name: &'static str,
    pub messages: Vec<Message>,
    pub base: TurnRecord,
    /// How the export calls the verdict on it.
    pub label: String,
}

/// Puts out both conversations and both feedbacks. `feedback` says what the two feedbacks share; its id is that of
/// the comparison.
pub(super) fn push(sides: [Side; 2], verdict: Verdict, feedback: &FeedbackRecord, out: &mut Out) -> Result<(), Reason> {
    let id = &feedback.id;
    let names = [sides[0].name, sides[1].name];
    let labels = [sides[0].label.clone(), sides[1].label.clone()];
    let [mut first, mut second] = sides.map(|side| turns::turns(side.messages, &side.base, out));
    for (turns, name) in [&first, &second].into_iter().zip(names) {
        if turns.is_empty() {
            return Err(format!("{name} holds no message of a user or an assistant"));
        }
    }
    let same = |one: &TurnRecord, other: &TurnRecord| {
        one.query == other.query && one.output == other.output && one.documents == other.documents
    };
    let shortest = first.len().min(second.len()) - 1;
    let common = first.iter().zip(&second).take(shortest).take_while(|(one, other)| same(one, other)).count();
    for (turns, name) in [(&mut first, names[0]), (&mut second, names[1])] {
        let last = turns.len() - 1;
        for (place, turn) in turns.iter_mut().enumerate() {
            turn.aliases.clear();
            turn.id = if place == last {
                format!("{id}/{name}")
            } else if place < common {
                format!("{id}/{}", place + 1)
            } else {
                format!("{id}/{name}/{}", place + 1)
            };
        }
    }
    second.drain(..common);
    let answers = [first.last(), second.last()].map(|turn| turn.cloned().unwrap_or_default());
    for turn in first.into_iter().chain(second) {
        out.push(Record::Turn(turn));
    }
    let ids = [answers[0].id.clone(), answers[1].id.clone()];
    verdicts([&answers[0], &answers[1]], ids, labels, verdict, feedback, out);
    Ok(())
}

/// A feedback on each of two answers that were compared.
pub(super) fn verdicts(
    turns: [&TurnRecord; 2],
    ids: [String; 2],
    labels: [String; 2],
    verdict: Verdict,
    feedback: &FeedbackRecord,
    out: &mut Out,
) {
    for (place, (id, label)) in ids.into_iter().zip(labels).enumerate() {
        let (turn, other) = (turns[place], turns[1 - place]);
        let mut feedback = FeedbackRecord { id, feedback_type: FeedbackType::Preference, ..feedback.clone() };
        feedback.turn_id = Some(turn.id.clone());
        feedback.session_id.clone_from(&turn.session_id);
        feedback.label = Some(label);
        // What was said of the first was not said of the other.
        if place == 1 {
            (feedback.score, feedback.comment) = (None, None);
            feedback.reasons.clear();
        }
        let polarity = verdict.polarity(place == 0);
        let lost = polarity == Polarity::Negative && verdict != Verdict::BothBad;
        feedback.polarity = Some(polarity);
        feedback.correction =
            other.output.clone().filter(|_| lost && other.output != turn.output && other.query == turn.query);
        feedback.model.clone_from(&turn.model);
        feedback.model_version.clone_from(&turn.model_version);
        feedback.metadata.insert("compared_with".into(), other.id.clone());
        feedback.metadata.extend(other.model.clone().map(|model| ("compared_model".to_owned(), model)));
        out.push(Record::Feedback(feedback));
    }
}
