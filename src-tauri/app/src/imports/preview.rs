//! What would these files become?
//!
//! Before anything is written: each file with its format and why it was recognised, its first records as they will
//! look, fields that found no place, records that would be rejected, and the scales its scores seem to have.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

use crate::{
    Workspace,
    imports::{GUESS, ImportOptions, is_named, tool_of},
};
use hearback_domain::{
    FeedbackRecord, Origin, Polarity, Record, Reject, SessionRecord, Sink, TurnRecord,
    error::Result,
    job::Job,
    polarity::{self, AppliedRule, Chosen, Evidence, Open, ScoreKey, ScoreProfile, propose},
};
use hearback_ingest::{self as ingest, Input, Recognised, Row, Unmapped, mapping::Suggested, privacy::Privacy};
use hearback_store::{StoredLabel, StoredRule};

/// Records of each kind that are shown.
const SHOWN: usize = 50;

/// Rows that are read of each file: enough to see the ends of most scales, little enough to wait for.
const ROWS: u64 = 5000;

#[derive(Debug)]
pub struct PreviewFile {
    pub path: PathBuf,
    pub bytes: u64,
    pub columns: Vec<PreviewColumn>,
    /// In the workspace already, byte for byte.
    pub already_imported: bool,
    /// What it was recognised as, and what it holds; or why it cannot be read.
    pub content: Result<PreviewContent>,
}

/// A field of the file's records as they stand.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewColumn {
    pub name: String,
    /// A few different values of it, shortened.
    pub examples: Vec<String>,
    /// The share of the first records in which it has a value, 0 to 1.
    pub filled: f32,
    /// What it would be suggested for, and why.
    pub suggested: Option<Suggested>,
}

#[derive(Debug)]
pub struct PreviewContent {
    pub recognised: Recognised,
    /// Only a guess: imported where the user says so.
    pub guess: bool,
    /// The name of the saved mapping that knew the columns.
    pub profile: Option<String>,
    pub sessions: Vec<SessionRecord>,
    pub turns: Vec<TurnRecord>,
    pub feedback: Vec<PreviewFeedback>,
    /// Records that were read for this; of the whole file if `complete`.
    pub read: u64,
    pub complete: bool,
    pub rejected: u64,
    pub rejects: Vec<Reject>,
    pub unmapped: Vec<Unmapped>,
    pub scores: Vec<PreviewScore>,
}

/// A feedback with the polarity that it would have.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewFeedback {
    pub record: FeedbackRecord,
    pub polarity: Polarity,
}

/// The values of one score, and what they would be taken to mean: together with what other files of the tool have, those
/// of this preview and those that are in the workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewScore {
    /// Of this file.
    pub profile: ScoreProfile,
    pub applied: AppliedRule,
    /// What is still to be asked.
    pub open: Option<Open>,
}

impl PreviewScore {
    /// What the score's values are taken to mean, such as `user-thumbs: 0 to 1, 1 is good`.
    pub fn sentence(&self) -> String {
        let name = self.profile.key.score_name.as_deref().unwrap_or("score without a name");
        let rule = &self.applied.rule;
        let (low, high) = (rule.worst.min(rule.best), rule.worst.max(rule.best));
        let ends = if high - low == 1.0 && self.profile.integral {
            format!("{low} or {high}")
        } else {
            format!("{low} to {high}")
        };
        match self.open {
            Some(Open::Scale) => format!("{name}: scale not known, {low} to {high}?"),
            Some(Open::Direction) => format!("{name}: {ends}, which end is good is not known"),
            None => format!("{name}: {ends}, {} is good", rule.best),
        }
    }
}

impl Workspace {
    /// Looks at files and folders as [`Workspace::import`] would read them. Nothing is written.
    ///
    /// # Errors
    /// Only where a path cannot be listed at all; a file that cannot be read says so in its entry.
    pub fn preview(&self, paths: &[PathBuf], options: &ImportOptions, job: &Job) -> Result<Vec<PreviewFile>> {
        let privacy = self.privacy(options)?;
        let known = {
            let snapshot = self.store.snapshot()?;
            Known { rules: snapshot.score_rules()?, labels: snapshot.labels(u32::MAX)? }
        };
        let mut files = Vec::new();
        for input in ingest::expand(paths)? {
            job.check()?;
            let digest = input.digest(job).ok();
            let imported = digest.map_or(Ok(false), |digest| self.store.has_digest(&digest))?;
            let rows = ingest::first_rows(&input).map(|(_, rows)| rows).unwrap_or_default();
            files.push(PreviewFile {
                bytes: input.size(),
                columns: columns(&rows),
                already_imported: imported,
                content: self.content(&input, options, is_named(input.path(), paths), privacy, job),
                path: input.path().to_owned(),
            });
        }
        judge(&mut files, options, &known);
        Ok(files)
    }

    fn content(
        &self,
        input: &Input,
        options: &ImportOptions,
        named: bool,
        privacy: Privacy,
        job: &Job,
    ) -> Result<PreviewContent> {
        let path = input.path();
        let (recognised, profile) = self.recognise(input, &options.choice(path))?;
        let mut look = Look::new(tool_of(&recognised));
        let report = ingest::read_start(input, &recognised, privacy, &mut look, ROWS, job)?;
        let scores = look
            .profiles
            .into_values()
            .map(|profile| PreviewScore { applied: propose(&profile).into(), profile, open: None })
            .collect();
        Ok(PreviewContent {
            guess: !named && recognised.confidence < GUESS,
            recognised,
            profile,
            sessions: look.sessions,
            turns: look.turns,
            feedback: look.feedback,
            read: report.read,
            complete: report.complete,
            rejected: report.rejected,
            rejects: look.rejects,
            unmapped: report.unmapped,
            scores,
        })
    }
}

/// What the workspace knows of scores and labels.
struct Known {
    rules: Vec<StoredRule>,
    labels: Vec<StoredLabel>,
}

/// Says of all files what an import of them together would make of their scores and labels.
fn judge(files: &mut [PreviewFile], options: &ImportOptions, known: &Known) {
    let mut pooled: HashMap<ScoreKey, ScoreProfile> = HashMap::new();
    let mut pool = |profile: &ScoreProfile| {
        pooled.entry(profile.key.clone()).and_modify(|all| all.add(profile)).or_insert_with(|| profile.clone());
    };
    known.rules.iter().for_each(|stored| pool(&stored.profile));
    for file in files.iter().filter(|file| !file.already_imported) {
        file.content.iter().flat_map(|content| &content.scores).for_each(|score| pool(&score.profile));
    }
    for file in files {
        let Ok(content) = &mut file.content else { continue };
        for score in &mut content.scores {
            let key = &score.profile.key;
            let chosen = options.scores_of(&file.path, &key.tool);
            let chosen =
                chosen.into_iter().rev().find(|scale| scale.score_name == key.score_name).map(|scale| scale.rule);
            let stored = known.rules.iter().find(|stored| stored.profile.key == *key && stored.only.is_none());
            let confirmed = chosen
                .or_else(|| stored.filter(|stored| stored.applied.confirmed).map(|stored| stored.applied.rule.clone()));
            let all = pooled.get(key).unwrap_or(&score.profile);
            score.applied = confirmed.map_or_else(|| propose(all).into(), AppliedRule::confirmed);
            score.open = score.applied.open(all);
        }
        for feedback in &mut content.feedback {
            feedback.polarity = polarity_of(&feedback.record, &content.scores, &known.labels);
        }
    }
}

fn polarity_of(record: &FeedbackRecord, scores: &[PreviewScore], labels: &[StoredLabel]) -> Polarity {
    let chosen = Chosen {
        feedback_type: record.feedback_type,
        has_score: record.score.is_some(),
        score_name: record.score_name.as_deref(),
        label: record.label.as_deref(),
        reasons: &record.reasons,
    };
    let words = polarity::of_words(&chosen, |label| {
        labels.iter().find(|known| known.label == label && known.score_name == record.score_name)?.told
    });
    let of_score = |score: &&PreviewScore| {
        score.profile.key.score_name == record.score_name && score.profile.key.score_type == record.score_type
    };
    polarity::of_feedback(&Evidence {
        stated: record.polarity,
        author: record.author,
        score: record.score,
        rule: scores.iter().find(of_score).map(|score| &score.applied),
        words,
    })
}

/// Every column of the rows, in their order, with examples.
pub(crate) fn columns(rows: &[Row<'static>]) -> Vec<PreviewColumn> {
    const EXAMPLES: usize = 3;
    const CHARACTERS: usize = 200;
    let mut columns: Vec<(PreviewColumn, usize)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        for (key, cell) in row.cells() {
            let place = *places.entry(key.to_owned()).or_insert_with(|| {
                columns.push((new_column(key), 0));
                columns.len() - 1
            });
            let Some(text) = cell.clone().into_text().filter(|text| !text.is_empty()) else { continue };
            let (column, filled) = &mut columns[place];
            *filled += 1;
            let example: String = text.chars().take(CHARACTERS).collect();
            if column.examples.len() < EXAMPLES && !column.examples.contains(&example) {
                column.examples.push(example);
            }
        }
    }
    let total = rows.len().max(1) as f32;
    let names = ingest::columns(rows);
    let mut suggested: HashMap<String, Suggested> =
        ingest::mapping::suggested(&names, rows).into_iter().map(|one| (one.column.clone(), one)).collect();
    columns
        .into_iter()
        .map(|(column, filled)| PreviewColumn {
            filled: filled as f32 / total,
            suggested: suggested.remove(&column.name),
            ..column
        })
        .collect()
}

fn new_column(name: &str) -> PreviewColumn {
    PreviewColumn { name: name.to_owned(), examples: Vec::new(), filled: 0.0, suggested: None }
}

/// Keeps the first records of each kind, and what all of them say about scales.
struct Look {
    sessions: Vec<SessionRecord>,
    turns: Vec<TurnRecord>,
    feedback: Vec<PreviewFeedback>,
    rejects: Vec<Reject>,
    tool: String,
    profiles: BTreeMap<ScoreKey, ScoreProfile>,
}

impl Look {
    fn new(tool: String) -> Self {
        Self {
            tool,
            sessions: Vec::new(),
            turns: Vec::new(),
            feedback: Vec::new(),
            rejects: Vec::new(),
            profiles: BTreeMap::new(),
        }
    }
}

impl Look {
    fn score(&mut self, feedback: &FeedbackRecord) {
        let Some(score) = feedback.score.filter(|score| score.is_finite()) else { return };
        let key = ScoreKey {
            tool: self.tool.clone(),
            score_name: feedback.score_name.clone(),
            score_type: feedback.score_type,
        };
        let mut seen = ScoreProfile::of(key.clone(), feedback.feedback_type, feedback.author, score);
        seen.stated = feedback.scale;
        self.profiles.entry(key).and_modify(|all| all.add(&seen)).or_insert(seen);
    }
}

impl Sink for Look {
    fn record(&mut self, _origin: Origin, record: Record) -> Result<()> {
        match record {
            Record::Session(session) if self.sessions.len() < SHOWN => self.sessions.push(session),
            Record::Turn(turn) if self.turns.len() < SHOWN => self.turns.push(turn),
            Record::Feedback(feedback) => {
                self.score(&feedback);
                if self.feedback.len() < SHOWN {
                    self.feedback.push(PreviewFeedback { record: feedback, polarity: Polarity::Unknown });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn reject(&mut self, reject: Reject) -> Result<()> {
        if self.rejects.len() < SHOWN {
            self.rejects.push(reject);
        }
        Ok(())
    }
}
