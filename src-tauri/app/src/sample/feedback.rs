//! What users, annotators and judges say about a conversation, as rows of scores and of canonical feedback.

use serde_json::{Value, json};

use super::{
    conversation::{Session, Turn},
    random::{self, Chance},
    templates::Theme,
};
use hearback_domain::Timestamp;

pub enum Line {
    /// Of Langfuse's export of scores.
    Score(Value),
    Canonical(Value),
}

pub struct Given {
    pub id: String,
    pub line: Line,
    pub feedback_type: &'static str,
    pub by_judge: bool,
    /// The theme that its words are about; bare thumbs and short texts have no words of their own.
    pub theme: Option<&'static Theme>,
    pub text: Option<String>,
}

/// Everything that was said about the conversation.
pub fn given(session: &Session) -> Vec<Given> {
    let mut chance = session.chance.borrow_mut();
    let mut all = Vec::new();
    for turn in &session.turns {
        let mut desk = Desk { session, turn: Some(turn), count: 0 };
        match turn.theme {
            Some(theme) if chance.happens(0.85) => all.push(desk.complaint(turn, theme, &mut chance)),
            Some(_) => {}
            None if chance.happens(0.5) => all.push(desk.approval(turn, &mut chance)),
            None => {}
        }
        if chance.happens(0.06) {
            all.push(desk.judged(turn, &mut chance));
        }
    }
    if chance.happens(0.2) {
        let mut desk = Desk { session, turn: None, count: 0 };
        all.push(desk.session_rating(&mut chance));
    }
    all
}

/// Where rows are written: about one turn, or about the session.
struct Desk<'s> {
    session: &'s Session,
    turn: Option<&'s Turn>,
    count: u64,
}

impl Desk<'_> {
    fn complaint(&mut self, turn: &Turn, theme: &'static Theme, chance: &mut Chance) -> Given {
        let mut filler = turn.filler.borrow_mut();
        // Some say nothing, some next to nothing.
        let mut said = |chance: &mut Chance, silent: f64| {
            if chance.happens(silent) {
                (None, None)
            } else if chance.happens(0.12) {
                (None, Some(filler.short(false, chance)))
            } else {
                (Some(theme), Some(filler.complaint(theme, chance)))
            }
        };
        match chance.weighted(&[38.0, 14.0, 14.0, 12.0, 6.0, 6.0, 8.0, 3.0]) {
            0 => {
                let (about, text) = said(chance, 0.3);
                self.score("user-thumbs", "BOOLEAN", json!(0), Some("False"), text, about, "thumb", chance)
            }
            1 => {
                let (about, text) = said(chance, 0.35);
                let stars = 1 + chance.below(2);
                self.score("answer-rating", "NUMERIC", json!(stars), None, text, about, "rating", chance)
            }
            2 => {
                let (about, text) = said(chance, 0.5);
                self.score("reason", "CATEGORICAL", json!(0), Some(theme.reason), text, about, "category", chance)
            }
            3 => {
                let (about, text) = said(chance, 0.0);
                self.written("comment", text.unwrap_or_default(), about, chance)
            }
            4 if !theme.corrections.is_empty() => {
                let better = chance.pick(theme.corrections).unwrap_or_default();
                let better = filler.fill(better, chance);
                self.canonical("correction", json!({"correction": better}), Some(theme), Some(better.clone()), chance)
            }
            5 => {
                let text = filler.complaint(theme, chance);
                let end = turn.output.chars().count().min(24 + chance.below(40));
                let quote: String = turn.output.chars().take(end).collect();
                let span = json!({"target": "output", "start": 0, "end": end, "quote": quote});
                let values = json!({"comment": text, "label": theme.reason, "reasons": [theme.reason], "span": span});
                self.canonical("annotation", values, Some(theme), Some(text.clone()), chance)
            }
            7 => {
                let values = json!({"label": "rejected", "score_name": "side-by-side", "score": 0});
                self.canonical("preference", values, None, None, chance)
            }
            _ => {
                let signal = ["asked again", "abandoned", "regenerated"][chance.below(3)];
                self.canonical("implicit", json!({"label": signal, "score_name": "behaviour"}), None, None, chance)
            }
        }
    }

    fn approval(&mut self, turn: &Turn, chance: &mut Chance) -> Given {
        let mut filler = turn.filler.borrow_mut();
        let text = match chance.weighted(&[62.0, 12.0, 18.0, 8.0]) {
            0 => None,
            1 => Some(filler.short(true, chance)),
            2 => Some(filler.praise(chance)),
            _ => Some(filler.noise(chance)),
        };
        match chance.weighted(&[44.0, 22.0, 10.0, 16.0, 4.0, 4.0]) {
            0 => self.score("user-thumbs", "BOOLEAN", json!(1), Some("True"), text, None, "thumb", chance),
            1 => {
                let stars = 3 + chance.weighted(&[2.0, 4.0, 5.0]);
                self.score("answer-rating", "NUMERIC", json!(stars), None, text, None, "rating", chance)
            }
            2 => {
                let text = text.unwrap_or_else(|| filler.praise(chance));
                self.written("comment", text, None, chance)
            }
            3 => {
                let signal = ["copied", "shared", "thanked"][chance.below(3)];
                self.canonical("implicit", json!({"label": signal, "score_name": "behaviour"}), None, None, chance)
            }
            4 => {
                let values = json!({"label": "chosen", "score_name": "side-by-side", "score": 1});
                self.canonical("preference", values, None, None, chance)
            }
            _ => self.score("reason", "CATEGORICAL", json!(1), Some("helpful"), text, None, "category", chance),
        }
    }

    fn judged(&mut self, turn: &Turn, chance: &mut Chance) -> Given {
        let good = if turn.theme.is_some() { 0.35 } else { 0.75 };
        let value = ((good + 0.24 * chance.share()) * 1000.0).round() / 1000.0;
        let mut given = self.score("faithfulness", "NUMERIC", json!(value), None, None, None, "rating", chance);
        given.by_judge = true;
        if let Line::Score(row) = &mut given.line {
            row["source"] = json!("EVAL");
        }
        given
    }

    fn session_rating(&mut self, chance: &mut Chance) -> Given {
        let turns = &self.session.turns;
        let bad = turns.iter().filter(|turn| turn.theme.is_some()).count() as f64 / turns.len().max(1) as f64;
        let stars = (4.6 - 3.0 * bad + 1.4 * (chance.share() - 0.5)).round().clamp(1.0, 5.0);
        self.score("session-satisfaction", "NUMERIC", json!(stars), None, None, None, "rating", chance)
    }

    /// Free text without a score; one in eight was written by an annotator of the team.
    fn written(&mut self, name: &str, text: String, about: Option<&'static Theme>, chance: &mut Chance) -> Given {
        let annotated = chance.happens(0.12);
        let feedback_type = if annotated { "annotation" } else { "comment" };
        let mut given = self.score(name, "TEXT", json!(0), Some(&text), None, about, feedback_type, chance);
        given.text = Some(text);
        if let (true, Line::Score(row)) = (annotated, &mut given.line) {
            row["source"] = json!("ANNOTATION");
            row["authorUserName"] = json!("reviewer");
        }
        given
    }

    fn place(&mut self, chance: &mut Chance) -> (String, Timestamp) {
        const SESSION: u64 = u64::MAX;
        let turn = self.turn.map_or(SESSION, |turn| turn.number as u64);
        let id = random::id("feedback", self.session.seed, &[self.session.number.into(), turn, self.count]);
        self.count += 1;
        let after = self.turn.or(self.session.turns.last()).map_or(super::plan::START, Turn::answered_at);
        (id, after.plus_micros(chance.between(3, 12) * 1_000_000 + chance.between(0, 999) * 1000))
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of a score, once each")]
    fn score(
        &mut self,
        name: &str,
        data_type: &str,
        value: Value,
        string: Option<&str>,
        comment: Option<String>,
        about: Option<&'static Theme>,
        feedback_type: &'static str,
        chance: &mut Chance,
    ) -> Given {
        let (id, at) = self.place(chance);
        let session = self.session;
        let row = json!({
            "id": id, "traceId": self.turn.map(|turn| &turn.id), "datasetRunId": null,
            // A score of a trace finds its session through the trace.
            "sessionId": if self.turn.is_none() { Some(&session.id) } else { None },
            "timestamp": at.to_string(), "source": "API", "name": name, "dataType": data_type, "value": value,
            "stringValue": string, "comment": comment, "metadata": {"user_role": session.role, "synthetic": true},
            "observationId": null, "traceName": self.turn.map(|_| "chat"), "userId": session.user,
            "traceTags": self.turn.map(|turn| vec![turn.area.name]).unwrap_or_default(),
            "environment": session.environment, "authorUserName": null,
        });
        Given { id, line: Line::Score(row), feedback_type, by_judge: false, theme: about, text: comment }
    }

    fn canonical(
        &mut self,
        feedback_type: &'static str,
        values: Value,
        about: Option<&'static Theme>,
        text: Option<String>,
        chance: &mut Chance,
    ) -> Given {
        let (id, at) = self.place(chance);
        let session = self.session;
        let mut row = json!({
            "kind": "feedback", "id": id, "created_at": at.to_string(), "session_id": session.id,
            "turn_id": self.turn.map(|turn| &turn.id), "feedback_type": feedback_type, "user_id": session.user,
            "user_role": session.role, "environment": session.environment, "metadata": {"synthetic": true},
        });
        if let (Value::Object(row), Value::Object(values)) = (&mut row, values) {
            row.extend(values);
        }
        Given { id, line: Line::Canonical(row), feedback_type, by_judge: false, theme: about, text }
    }
}
