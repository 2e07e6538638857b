//! What would these files become?
//!
//! Before anything is written: each file with its format and why it was recognised, its first records as they will
//! look, fields that found no place, records that would be rejected, and the scales its scores seem to have.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

use super::{
    Project,
    import::{GUESS, ImportOptions, is_named},
};
use crate::{
    error::Result,
    ingest::{self, Input, Recognised, Row, Sink, Unmapped, mapping::Suggested},
    job::Job,
    model::{
        Author, FeedbackRecord, Origin, Record, Reject, SessionRecord, TurnRecord,
        polarity::{ScoreProfile, ScoreRule, default_rule},
    },
};

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
    pub feedback: Vec<FeedbackRecord>,
    /// Records that were read for this; of the whole file if `complete`.
    pub read: u64,
    pub complete: bool,
    pub rejected: u64,
    pub rejects: Vec<Reject>,
    pub unmapped: Vec<Unmapped>,
    pub scores: Vec<PreviewScore>,
}

/// The values of one score name, and what they would be taken to mean.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewScore {
    pub profile: ScoreProfile,
    pub rule: ScoreRule,
    /// The user confirmed this rule, now for this file or before for the score's name in such a file.
    pub confirmed: bool,
}

impl PreviewScore {
    /// What the score's values are taken to mean, such as `user-thumbs: 0 to 1, 1 is good`.
    pub fn sentence(&self) -> String {
        let name = self.profile.score_name.as_deref().unwrap_or("score without a name");
        let (low, high) = (self.rule.worst.min(self.rule.best), self.rule.worst.max(self.rule.best));
        let ends = if high - low == 1.0 && self.profile.integral {
            format!("{low} or {high}")
        } else {
            format!("{low} to {high}")
        };
        format!("{name}: {ends}, {} is good", self.rule.best)
    }
}

impl Project {
    /// Looks at files and folders as [`Project::import`] would read them. Nothing is written.
    ///
    /// # Errors
    /// Only where a path cannot be listed at all; a file that cannot be read says so in its entry.
    pub fn preview(&self, paths: &[PathBuf], options: &ImportOptions, job: &Job) -> Result<Vec<PreviewFile>> {
        let privacy = self.privacy(options)?;
        let mut files = Vec::new();
        for input in ingest::expand(paths)? {
            job.check()?;
            let digest = input.digest(job).ok();
            let known = digest.map_or(Ok(false), |digest| self.workspace.has_digest(&digest))?;
            let rows = ingest::first_rows(&input).map(|(_, rows)| rows).unwrap_or_default();
            files.push(PreviewFile {
                bytes: input.size(),
                columns: columns(&rows),
                already_imported: known,
                content: self.content(&input, options, is_named(input.path(), paths), &privacy, job),
                path: input.path().to_owned(),
            });
        }
        Ok(files)
    }

    fn content(
        &self,
        input: &Input,
        options: &ImportOptions,
        named: bool,
        privacy: &ingest::privacy::Privacy,
        job: &Job,
    ) -> Result<PreviewContent> {
        let path = input.path();
        let (recognised, profile) = self.recognise(input, &options.choice(path))?;
        let mut look = Look { privacy: *privacy, ..Look::default() };
        let report = ingest::read_start(input, &recognised, &mut look, ROWS, job)?;
        let known = self.workspace.score_rules()?;
        let scores = look
            .profiles
            .into_values()
            .map(|profile| {
                let before = known.iter().rev().find(|stored| {
                    stored.confirmed
                        && profile.score_name.is_some()
                        && stored.profile.score_name == profile.score_name
                        && stored.source_format == recognised.title
                });
                let said = options.scores_of(path).into_iter().rev().find(|(name, _)| *name == profile.score_name);
                let confirmed = said.map(|(_, rule)| rule).or_else(|| before.map(|stored| stored.rule.clone()));
                PreviewScore {
                    confirmed: confirmed.is_some(),
                    rule: confirmed.unwrap_or_else(|| default_rule(&profile)),
                    profile,
                }
            })
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

/// Every column of the rows, in their order, with examples.
pub(super) fn columns(rows: &[Row<'static>]) -> Vec<PreviewColumn> {
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
    privacy: ingest::privacy::Privacy,
    sessions: Vec<SessionRecord>,
    turns: Vec<TurnRecord>,
    feedback: Vec<FeedbackRecord>,
    rejects: Vec<Reject>,
    profiles: BTreeMap<Option<String>, ScoreProfile>,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            privacy: ingest::privacy::Privacy::new([0; 32]),
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
        let profile = self.profiles.entry(feedback.score_name.clone()).or_insert_with(|| ScoreProfile {
            score_name: feedback.score_name.clone(),
            feedback_type: feedback.feedback_type,
            count: 0,
            minimum: score,
            maximum: score,
            integral: true,
        });
        profile.count += 1;
        profile.minimum = profile.minimum.min(score);
        profile.maximum = profile.maximum.max(score);
        profile.integral &= score.fract() == 0.0;
    }
}

impl Sink for Look {
    fn record(&mut self, _origin: Origin, mut record: Record) -> Result<()> {
        self.privacy.apply(&mut record);
        match record {
            Record::Session(session) if self.sessions.len() < SHOWN => self.sessions.push(session),
            Record::Turn(turn) if self.turns.len() < SHOWN => self.turns.push(turn),
            Record::Feedback(feedback) => {
                if feedback.author == Author::Human {
                    self.score(&feedback);
                }
                if self.feedback.len() < SHOWN {
                    self.feedback.push(feedback);
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
