//! What was imported, and what was not.

use crate::wire;
use hearback_engine::{
    error::{Error, Result},
    ingest::{self, Mapping},
    model::{
        import,
        polarity::{Scale, ScoreRule as EngineRule},
    },
    pipeline, store,
};

wire! {
    #[derive(Default)]
    pub struct ImportCounts {
        pub read: u64,
        pub kept: u64,
        pub updated: u64,
        pub rejected: u64,
        pub sessions: u64,
        pub turns: u64,
        pub feedback: u64,
        /// Of `feedback`, those whose turn is in the workspace.
        pub joined_turn: u64,
        /// Of `feedback`, those whose session is in the workspace.
        pub joined_session: u64,
    }

    pub struct Source {
        pub id: i64,
        pub name: String,
        pub path: String,
        pub format: String,
        pub format_reason: String,
        pub digest: String,
        pub bytes: u64,
        pub imported_at: String,
        pub counts: ImportCounts,
    }

    /// A file that will be, or could be, imported.
    pub struct RecognisedFile {
        pub path: String,
        pub name: String,
        pub bytes: u64,
        pub format: String,
        pub format_title: String,
        pub reason: String,
        /// 0..1
        pub confidence: f64,
        /// The columns of a generic table; empty for formats with fields of their own.
        pub columns: Vec<String>,
        /// For a generic table: what Hearback would map, for the user to change.
        pub suggested_mapping: Vec<MappingEntry>,
        /// The file is in the workspace already, byte for byte.
        pub already_imported: bool,
        /// Why the file cannot be read, if so.
        pub problem: Option<String>,
    }

    pub struct MappingEntry {
        /// A field of the data model, such as `comment`, `score` or `metadata.plan`.
        pub target: String,
        /// A column's name; with `constant`, the value itself.
        pub column: String,
        #[serde(default)]
        pub constant: bool,
    }

    pub struct ImportReport {
        /// One for each file that was read now.
        pub sources: Vec<Source>,
        /// Files left alone since they are in the workspace already, byte for byte.
        pub unchanged: Vec<String>,
        /// Files left alone since they are no export that Hearback reads.
        pub skipped: Vec<SkippedFile>,
        pub total: ImportCounts,
        /// Why feedback of these sources has no turn or no session, most frequent first.
        pub unjoined: Vec<ReasonCount>,
        /// Fields that found no place, source by source.
        pub unmapped: Vec<SourceUnmapped>,
        /// What the tools themselves leave out of these exports.
        pub notes: Vec<String>,
        pub seconds: f64,
    }

    pub struct ReasonCount {
        pub reason: String,
        pub count: u64,
    }

    pub struct SourceUnmapped {
        pub source_id: i64,
        pub fields: Vec<UnmappedField>,
    }

    /// A field that had a value and found no place in the data model.
    pub struct UnmappedField {
        pub field: String,
        /// Records in which it had a value.
        pub count: u64,
        /// Why, where that is known.
        pub reason: Option<String>,
    }

    /// Feedback whose turn or session is not in the workspace, and why.
    pub struct UnjoinedRow {
        pub row: crate::FeedbackRow,
        pub reason: String,
    }

    pub struct UnjoinedPage {
        pub rows: Vec<UnjoinedRow>,
        /// Opaque: pass as `after` for the next page.
        pub next: Option<String>,
        pub total: u64,
        /// Of all rows, most frequent first.
        pub reasons: Vec<ReasonCount>,
    }

    /// What goes with a source: only it brought these.
    pub struct SourceRemoval {
        pub sessions: u64,
        pub turns: u64,
        pub feedback: u64,
        pub rejects: u64,
        /// Feedback that another source brought too: it stays.
        pub kept_feedback: u64,
    }

    /// A mapping that is used for every file with these columns.
    pub struct MappingProfile {
        pub id: i64,
        pub name: String,
        pub columns: Vec<String>,
        pub mapping: Vec<MappingEntry>,
        pub saved_at: String,
    }

    /// How a score's values become a polarity, chosen before there is a source.
    pub struct ScoreChoice {
        /// The file of the preview that it is for; `null` means every file of the import.
        pub path: Option<String>,
        pub score_name: Option<String>,
        pub scale: String,
        pub worst: f64,
        pub best: f64,
        /// On 0 (worst) .. 1 (best).
        pub negative_at_most: f64,
        pub positive_at_least: f64,
    }

    pub struct SkippedFile {
        pub path: String,
        pub reason: String,
    }

    pub struct Reject {
        pub id: i64,
        pub source_id: i64,
        pub source_name: String,
        /// From 1.
        pub record: u64,
        pub byte: Option<u64>,
        pub reason: String,
        pub raw: String,
    }

    pub struct RejectPage {
        pub rows: Vec<Reject>,
        /// Pass as `after` for the next page.
        pub next: Option<i64>,
        pub total: u64,
    }

    /// How a score name's values become a polarity.
    pub struct ScoreRule {
        pub source_id: i64,
        pub source_name: String,
        pub score_name: Option<String>,
        pub feedback_type: crate::FeedbackType,
        pub count: u64,
        pub minimum: f64,
        pub maximum: f64,
        pub scale: String,
        pub worst: f64,
        pub best: f64,
        /// On 0 (worst) .. 1 (best).
        pub negative_at_most: f64,
        pub positive_at_least: f64,
        /// Set by the user, not inferred.
        pub confirmed: bool,
    }
}

impl From<&import::ImportCounts> for ImportCounts {
    fn from(counts: &import::ImportCounts) -> Self {
        Self {
            read: counts.read,
            kept: counts.kept,
            updated: counts.updated,
            rejected: counts.rejected,
            sessions: counts.sessions,
            turns: counts.turns,
            feedback: counts.feedback,
            joined_turn: counts.joined_turn,
            joined_session: counts.joined_session,
        }
    }
}

impl From<&import::Source> for Source {
    fn from(source: &import::Source) -> Self {
        Self {
            id: source.id,
            name: source.name.clone(),
            path: source.path.clone(),
            format: source.format.clone(),
            format_reason: source.format_reason.clone(),
            digest: source.digest.clone(),
            bytes: source.bytes,
            imported_at: source.imported_at.to_string(),
            counts: (&source.counts).into(),
        }
    }
}

impl ImportReport {
    pub fn new(outcome: &pipeline::ImportOutcome, seconds: f64) -> Self {
        Self {
            sources: outcome.sources.iter().map(Source::from).collect(),
            unchanged: outcome.unchanged.clone(),
            skipped: outcome
                .skipped
                .iter()
                .map(|file| SkippedFile { path: file.path.clone(), reason: file.reason.clone() })
                .collect(),
            total: (&outcome.total).into(),
            seconds,
        }
    }
}

impl RecognisedFile {
    pub fn new(file: &pipeline::RecognisedFile, already_imported: bool) -> Self {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = file.path.display().to_string();
        let base = Self {
            path,
            name,
            bytes: file.bytes,
            format: String::new(),
            format_title: String::new(),
            reason: String::new(),
            confidence: 0.0,
            columns: file.columns.clone(),
            suggested_mapping: Vec::new(),
            already_imported,
            problem: None,
        };
        match &file.recognised {
            Ok(recognised) => Self {
                format: recognised.format.name().to_owned(),
                format_title: recognised.title.clone(),
                reason: recognised.reason.clone(),
                confidence: f64::from(recognised.confidence),
                suggested_mapping: recognised.mapping.as_ref().map(entries).unwrap_or_default(),
                ..base
            },
            Err(error) => {
                let hint = error.hint.as_deref().map(|hint| format!(". {hint}")).unwrap_or_default();
                Self { problem: Some(format!("{error}{hint}")), ..base }
            }
        }
    }
}

fn entries(mapping: &Mapping) -> Vec<MappingEntry> {
    mapping
        .entries()
        .map(|(target, value)| match value {
            ingest::mapping::Value::Column(column) => {
                MappingEntry { target: target.to_owned(), column: column.clone(), constant: false }
            }
            ingest::mapping::Value::Constant(text) => {
                MappingEntry { target: target.to_owned(), column: text.clone(), constant: true }
            }
        })
        .collect()
}

impl ImportRequest {
    /// # Errors
    /// A target that the data model does not have.
    pub fn mapping(&self) -> Result<Option<Mapping>> {
        if self.mapping.is_empty() {
            return Ok(None);
        }
        let mut mapping = Mapping::default();
        for entry in &self.mapping {
            let value = if entry.constant {
                ingest::mapping::Value::Constant(entry.column.clone())
            } else {
                ingest::mapping::Value::Column(entry.column.clone())
            };
            mapping.set(&entry.target, value)?;
        }
        Ok(Some(mapping))
    }
}

impl From<store::RejectPage> for RejectPage {
    fn from(page: store::RejectPage) -> Self {
        Self {
            rows: page
                .rows
                .into_iter()
                .map(|reject| Reject {
                    id: reject.id,
                    source_id: reject.source_id,
                    source_name: reject.source_name,
                    record: reject.record,
                    byte: reject.byte,
                    reason: reject.reason,
                    raw: reject.raw,
                })
                .collect(),
            next: page.next,
            total: page.total,
        }
    }
}

impl From<store::StoredRule> for ScoreRule {
    fn from(stored: store::StoredRule) -> Self {
        Self {
            source_id: stored.source_id,
            source_name: stored.source_name,
            score_name: stored.profile.score_name,
            feedback_type: stored.profile.feedback_type.into(),
            count: stored.profile.count,
            minimum: stored.profile.minimum,
            maximum: stored.profile.maximum,
            scale: stored.rule.scale.word().to_owned(),
            worst: stored.rule.worst,
            best: stored.rule.best,
            negative_at_most: stored.rule.negative_at_most,
            positive_at_least: stored.rule.positive_at_least,
            confirmed: stored.confirmed,
        }
    }
}

impl ScoreRule {
    /// # Errors
    /// A scale that does not exist.
    pub fn rule(&self) -> Result<EngineRule> {
        let scale = Scale::from_word(&self.scale).ok_or_else(|| {
            let known: Vec<&str> = Scale::ALL.iter().map(|scale| scale.word()).collect();
            Error::input(format!("there is no scale {:?}", self.scale)).hint(format!("One of {}", known.join(", ")))
        })?;
        Ok(EngineRule {
            scale,
            worst: self.worst,
            best: self.best,
            negative_at_most: self.negative_at_most,
            positive_at_least: self.positive_at_least,
        })
    }
}
