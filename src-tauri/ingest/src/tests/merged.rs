//! What would the workspace hold after these files?
//!
//! Patches with the same id are merged as the store does it (a patch that only fills gaps never overrides a full one,
//! the latest wins among equals, nothing wipes out a value), and what is named by an alias finds its turn.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use hearback_domain::{
    Author, FeedbackType, SessionRecord,
    record::{Metadata, Weight},
};

#[derive(Default)]
pub(super) struct Merged {
    pub turns: BTreeMap<String, TurnRecord>,
    pub sessions: BTreeMap<String, SessionRecord>,
    pub feedback: BTreeMap<String, FeedbackRecord>,
    /// Alias -> turn.
    pub aliases: BTreeMap<String, String>,
    /// "Phoenix spans (CSV)" and how many records it held, in the order of reading.
    pub files: Vec<(String, u64)>,
    pub rejects: String,
    pub unmapped: BTreeMap<String, u64>,
}

impl Merged {
    /// Recognises and reads a set of files.
    pub fn of(paths: &[PathBuf]) -> Self {
        let set = recognise_all(paths);
        assert!(set.unknown.is_empty(), "{:?}", set.unknown);
        let (mut merged, mut records) = (Self::default(), Vec::new());
        for (input, _) in set.files {
            let outcome = read_file(input.path());
            merged.files.push((outcome.recognised.title.clone(), outcome.report.read));
            merged.rejects += &outcome.rejects();
            for field in &outcome.report.unmapped {
                *merged.unmapped.entry(field.field.clone()).or_default() += field.count;
            }
            records.extend(outcome.records());
        }
        merged.merge(records);
        merged
    }

    fn merge(&mut self, mut records: Vec<Record>) {
        // The latest of the full patches, then the latest of those that fill gaps.
        records.reverse();
        records.sort_by_key(|record| matches!(record, Record::Turn(turn) if turn.weight == Weight::Fill));
        for record in records {
            self.add(record);
        }
        self.resolve();
    }

    fn add(&mut self, record: Record) {
        match record {
            Record::Turn(patch) => {
                for alias in &patch.aliases {
                    self.aliases.insert(alias.clone(), patch.id.clone());
                }
                match self.turns.get_mut(&patch.id) {
                    Some(turn) => fill_turn(turn, patch),
                    None => {
                        self.turns.insert(patch.id.clone(), patch);
                    }
                }
            }
            Record::Session(patch) => match self.sessions.get_mut(&patch.id) {
                Some(session) => fill_session(session, patch),
                None => {
                    self.sessions.insert(patch.id.clone(), patch);
                }
            },
            Record::Feedback(patch) => match self.feedback.get_mut(&patch.id) {
                Some(feedback) => fill_feedback(feedback, patch),
                None => {
                    self.feedback.insert(patch.id.clone(), patch);
                }
            },
            Record::Vector(_) => {}
        }
    }

    /// Brings what goes by an alias to its turn, and makes the sessions that turns name.
    fn resolve(&mut self) {
        let named: Vec<String> = self.turns.keys().filter(|id| self.aliases.contains_key(*id)).cloned().collect();
        for id in named {
            if let Some(patch) = self.turns.remove(&id) {
                let id = self.aliases[&id].clone();
                match self.turns.get_mut(&id) {
                    Some(turn) => fill_turn(turn, patch),
                    None => {
                        self.turns.insert(id.clone(), TurnRecord { id, ..patch });
                    }
                }
            }
        }
        for feedback in self.feedback.values_mut() {
            if let Some(turn) = feedback.turn_id.as_ref().and_then(|id| self.aliases.get(id)) {
                feedback.turn_id = Some(turn.clone());
            }
        }
        let turns: Vec<TurnRecord> = self.turns.values().cloned().collect();
        for turn in turns {
            let Some(id) = turn.session_id else { continue };
            self.add(Record::Session(SessionRecord {
                id,
                started_at: turn.created_at,
                user_id: turn.user_id,
                user_role: turn.user_role,
                environment: turn.environment,
                metadata: Metadata::new(),
            }));
        }
    }

    /// Feedback that names a turn which is there.
    pub fn on_turns(&self) -> usize {
        let there = |feedback: &FeedbackRecord| feedback.turn_id.as_ref().is_some_and(|id| self.turns.contains_key(id));
        self.feedback.values().filter(|feedback| there(feedback)).count()
    }

    /// Feedback on a whole session which is there.
    pub fn on_sessions(&self) -> usize {
        let there = |feedback: &FeedbackRecord| {
            feedback.turn_id.is_none() && feedback.session_id.as_ref().is_some_and(|id| self.sessions.contains_key(id))
        };
        self.feedback.values().filter(|feedback| there(feedback)).count()
    }

    pub fn orphans(&self) -> usize {
        self.feedback.len() - self.on_turns() - self.on_sessions()
    }

    /// Feedback of people by type, of machines under `judge`.
    pub fn types(&self) -> BTreeMap<String, usize> {
        counted(self.feedback.values().map(|feedback| match feedback.author {
            Author::Judge => Some("judge".to_owned()),
            _ => Some(type_word(feedback.feedback_type)),
        }))
    }

    pub fn per_turn(&self, key: impl Fn(&TurnRecord) -> Option<String>) -> BTreeMap<String, usize> {
        counted(self.turns.values().map(key))
    }

    pub fn per_session(&self, key: impl Fn(&SessionRecord) -> Option<String>) -> BTreeMap<String, usize> {
        counted(self.sessions.values().map(key))
    }

    pub fn per_feedback(&self, key: impl Fn(&FeedbackRecord) -> Option<String>) -> BTreeMap<String, usize> {
        counted(self.feedback.values().map(key))
    }

    pub fn feedback_ids(&self) -> BTreeSet<&str> {
        self.feedback.keys().map(String::as_str).collect()
    }
}

pub(super) fn type_word(feedback_type: FeedbackType) -> String {
    format!("{feedback_type:?}").to_lowercase()
}

fn counted(keys: impl Iterator<Item = Option<String>>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for key in keys.flatten() {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn fill<T: Default + PartialEq>(into: &mut T, from: T) {
    if *into == T::default() {
        *into = from;
    }
}

macro_rules! fill {
    ($into:ident, $from:ident: $($field:ident),*) => {
        $(fill(&mut $into.$field, $from.$field);)*
    };
}

fn fill_metadata(into: &mut Metadata, from: Metadata) {
    for (key, value) in from {
        into.entry(key).or_insert(value);
    }
}

macro_rules! fill_turn {
    ($($name:ident: $kind:ident, $shown:ident, $on:ident, $meaning:literal;)*) => {
        fn fill_turn(turn: &mut TurnRecord, patch: TurnRecord) {
            fill!(turn, patch: $($name),*);
            turn.aliases.extend(patch.aliases);
            fill_metadata(&mut turn.metadata, patch.metadata);
        }
    };
}
hearback_domain::turn_fields!(all => fill_turn);

fn fill_session(session: &mut SessionRecord, patch: SessionRecord) {
    session.started_at = [session.started_at, patch.started_at].into_iter().flatten().min();
    fill!(session, patch: user_id, user_role, environment);
    fill_metadata(&mut session.metadata, patch.metadata);
}

fn fill_feedback(feedback: &mut FeedbackRecord, patch: FeedbackRecord) {
    fill!(feedback, patch: created_at, session_id, turn_id, score_name, score, label, polarity, reasons, comment, correction,
        confidence, span, query, output, model, model_version, prompt_version, release, environment, user_id, user_role, tags);
    fill_metadata(&mut feedback.metadata, patch.metadata);
}

#[test]
fn patches_merge_and_aliases_are_found() {
    let lines = [
        r#"{"kind":"feedback","id":"f1","turn_id":"span","feedback_type":"thumb","score":1}"#,
        r#"{"kind":"turn","id":"t","weight":"fill","query":"gap","output":"gap","aliases":["span"]}"#,
        r#"{"kind":"turn","id":"span","weight":"fill","model":"m"}"#,
        r#"{"kind":"turn","id":"t","session_id":"s","query":"full"}"#,
        r#"{"kind":"feedback","id":"f2","session_id":"s","author":"judge","score":1}"#,
        r#"{"kind":"feedback","id":"f3","turn_id":"x","score":1}"#,
    ];
    let file = written("set.jsonl", lines.join("\n"));
    let merged = Merged::of(std::slice::from_ref(&file.path));
    let turn = &merged.turns["t"];
    assert_eq!(
        (turn.query.as_deref(), turn.output.as_deref(), turn.model.as_deref()),
        (Some("full"), Some("gap"), Some("m"))
    );
    assert_eq!((merged.turns.len(), merged.sessions.len()), (1, 1));
    assert_eq!((merged.on_turns(), merged.on_sessions(), merged.orphans()), (1, 1, 1));
    assert_eq!(format!("{:?}", merged.types()), r#"{"judge": 1, "rating": 1, "thumb": 1}"#);
}
