//! What was imported, and what was not.

use crate::{mirror_enum, string_enum, wire_type};
use hearback_app::{self as app, ingest, ingest::Mapping, store};
use hearback_domain::{
    error::{Error, Result},
    import,
    polarity::{self, Scale, ScoreRule as EngineRule},
};

wire_type! {
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
        /// What its columns were read as; empty for formats with fields of their own.
        pub mapping: Vec<MappingEntry>,
        /// What the tool itself leaves out of such an export.
        pub notes: Vec<String>,
    }

    /// What is to go, and from which workspace: where the open one or one of the files is another, nothing is removed.
    pub struct RemoveRequest {
        /// The path of the workspace.
        pub workspace: String,
        pub sources: Vec<RemovedSource>,
    }

    pub struct RemovedSource {
        pub id: i64,
        pub digest: String,
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
        /// Where in the themes the new texts are; `null` where there are no themes.
        pub placing: Option<crate::Assignment>,
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

    /// A mapping that is used for every file with these columns.
    pub struct MappingProfile {
        /// Stands for the columns, whatever their order.
        pub fingerprint: String,
        pub name: String,
        pub columns: Vec<String>,
        pub mapping: Vec<MappingEntry>,
        pub used_at: String,
    }

    /// How a score's values become a polarity, chosen before there is a source.
    pub struct ScoreChoice {
        /// The one file of the preview that it is for; `null` means all of the tool.
        pub path: Option<String>,
        /// The tool that it is for, as in the preview; `null` means every tool of the import.
        pub tool: Option<String>,
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

    /// How the values of one score of a tool become a polarity.
    pub struct ScoreRule {
        /// Names the tool, together with `score_name` and `score_type` the score.
        pub tool: String,
        pub score_name: Option<String>,
        pub score_type: ScoreType,
        /// The files that have such scores.
        pub sources: Vec<RuleSource>,
        /// The one file that the rule is for, where it holds for no other.
        pub only: Option<i64>,
        pub feedback_type: crate::FeedbackType,
        pub count: u64,
        /// How many of them judges gave.
        pub judges: u64,
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
        /// What must be said before these scores have a polarity; `null` where nothing is open.
        pub open: Option<OpenQuestion>,
    }

    pub struct RuleSource {
        pub id: i64,
        pub name: String,
        /// The title of its format.
        pub format: String,
    }

    /// A label that was chosen, and what it is taken to mean.
    pub struct Label {
        pub score_name: Option<String>,
        pub label: String,
        /// Feedbacks that have it.
        pub count: u64,
        /// By the words that Hearback knows; `unknown` where it does not know this one.
        pub known: crate::Polarity,
        /// By the user's word, which goes before; `null` where there is none.
        pub told: Option<crate::Polarity>,
    }
}

string_enum! {
    pub enum ScoreType { Numeric, Boolean, Categorical }
    pub enum OpenQuestion { Scale, Direction }
}

mirror_enum! {
    ScoreType = polarity::ScoreType { Numeric, Boolean, Categorical }
    OpenQuestion = polarity::Open { Scale, Direction }
}

impl RemoveRequest {
    /// The sources, if they are those of the workspace at `open`.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Input`] where another workspace is meant.
    pub fn sources(self, open: &std::path::Path) -> Result<Vec<store::SourceToRemove>> {
        if std::path::Path::new(&self.workspace) != open {
            return Err(Error::input(format!(
                "these sources are of {}, which is not open: nothing was removed",
                self.workspace
            ))
            .hint("Open that workspace, or choose among the sources of this one"));
        }
        let meant = |source: RemovedSource| store::SourceToRemove { id: source.id, digest: Some(source.digest) };
        Ok(self.sources.into_iter().map(meant).collect())
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
            mapping: source.mapping.as_deref().map(written_entries).unwrap_or_default(),
            notes: source.notes.clone(),
        }
    }
}

impl ImportReport {
    /// Without what did not join, which only the workspace can say: see [`Self::with_unjoined`].
    pub fn new(outcome: &app::ImportOutcome, seconds: f64) -> Self {
        let mut notes: Vec<String> = Vec::new();
        for note in outcome.files.iter().filter_map(|file| file.note.as_ref()) {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        let unmapped = outcome.sources.iter().zip(&outcome.files).map(|(source, file)| SourceUnmapped {
            source_id: source.id,
            fields: file.unmapped.iter().map(UnmappedField::from).collect(),
        });
        Self {
            unjoined: Vec::new(),
            unmapped: unmapped.filter(|source| !source.fields.is_empty()).collect(),
            notes,
            sources: outcome.sources.iter().map(Source::from).collect(),
            unchanged: outcome.unchanged.clone(),
            skipped: outcome
                .skipped
                .iter()
                .map(|file| SkippedFile { path: file.path.clone(), reason: file.reason.clone() })
                .collect(),
            total: (&outcome.total).into(),
            placing: outcome.placing.as_ref().map(crate::Assignment::from),
            seconds,
        }
    }

    /// Says why feedback of these sources did not join; counts of several sources are added up.
    #[must_use]
    pub fn with_unjoined(mut self, counts: impl IntoIterator<Item = (store::UnjoinedReason, u64)>) -> Self {
        for (reason, count) in counts {
            let ReasonCount { reason, count } = ReasonCount::unjoined(reason, count);
            match self.unjoined.iter_mut().find(|known| known.reason == reason) {
                Some(known) => known.count += count,
                None => self.unjoined.push(ReasonCount { reason, count }),
            }
        }
        self.unjoined.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.reason.cmp(&other.reason)));
        self
    }
}

pub(crate) fn entries(mapping: &Mapping) -> Vec<MappingEntry> {
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

/// # Errors
/// A target that the data model does not have.
pub(crate) fn mapping_of(entries: &[MappingEntry]) -> Result<Option<Mapping>> {
    if entries.is_empty() {
        return Ok(None);
    }
    let mut mapping = Mapping::default();
    for entry in entries {
        let value = if entry.constant {
            ingest::mapping::Value::Constant(entry.column.clone())
        } else {
            ingest::mapping::Value::Column(entry.column.clone())
        };
        mapping.set(&entry.target, value)?;
    }
    Ok(Some(mapping))
}

/// Text that a newer Hearback wrote may not be understood; then nothing is said about the columns.
fn written_entries(text: &str) -> Vec<MappingEntry> {
    Mapping::parse(text).map(|mapping| entries(&mapping)).unwrap_or_default()
}

impl From<&ingest::Unmapped> for UnmappedField {
    fn from(unmapped: &ingest::Unmapped) -> Self {
        Self { field: unmapped.field.clone(), count: unmapped.count, reason: unmapped.reason.map(str::to_owned) }
    }
}

impl ReasonCount {
    /// Of feedback that did not join.
    pub fn unjoined(reason: store::UnjoinedReason, count: u64) -> Self {
        let reason = match reason {
            store::UnjoinedReason::TurnMissing => "name a turn that no imported file has",
            store::UnjoinedReason::SessionMissing => "name a session that no imported file has",
            store::UnjoinedReason::NamesNothing => "name no turn and no session",
            store::UnjoinedReason::TurnWithoutSession => "are about a turn that belongs to no session",
        };
        Self { reason: reason.to_owned(), count }
    }
}

impl UnjoinedPage {
    pub fn new(page: store::UnjoinedPage, reasons: Vec<(store::UnjoinedReason, u64)>) -> Self {
        Self {
            rows: page
                .rows
                .into_iter()
                .map(|unjoined| UnjoinedRow { reason: unjoined.sentence(), row: unjoined.feedback.into() })
                .collect(),
            next: page.next,
            total: page.total,
            reasons: reasons.into_iter().map(|(reason, count)| ReasonCount::unjoined(reason, count)).collect(),
        }
    }
}

impl From<store::MappingProfile> for MappingProfile {
    fn from(profile: store::MappingProfile) -> Self {
        Self {
            mapping: written_entries(&profile.mapping),
            fingerprint: profile.fingerprint,
            name: profile.name,
            columns: profile.columns,
            used_at: profile.used_at.to_string(),
        }
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
        let EngineRule { scale, worst, best, negative_at_most, positive_at_least } = stored.applied.rule;
        let feedback_type = stored.profile.feedback_type().into();
        let source = |source: store::RuleSource| RuleSource { id: source.id, name: source.name, format: source.format };
        Self {
            open: stored.open.map(OpenQuestion::from),
            tool: stored.profile.key.tool,
            score_name: stored.profile.key.score_name,
            score_type: stored.profile.key.score_type.into(),
            sources: stored.sources.into_iter().map(source).collect(),
            only: stored.only,
            feedback_type,
            count: stored.profile.count,
            judges: stored.profile.judges,
            minimum: stored.profile.minimum,
            maximum: stored.profile.maximum,
            scale: scale.word().to_owned(),
            worst,
            best,
            negative_at_most,
            positive_at_least,
            confirmed: stored.applied.confirmed,
        }
    }
}

impl From<store::StoredLabel> for Label {
    fn from(stored: store::StoredLabel) -> Self {
        Self {
            score_name: stored.score_name,
            label: stored.label,
            count: stored.count,
            known: stored.known.into(),
            told: stored.told.map(crate::Polarity::from),
        }
    }
}

impl ScoreRule {
    pub fn key(&self) -> polarity::ScoreKey {
        polarity::ScoreKey {
            tool: self.tool.clone(),
            score_name: self.score_name.clone(),
            score_type: self.score_type.into(),
        }
    }

    /// # Errors
    /// A scale that does not exist.
    pub fn rule(&self) -> Result<EngineRule> {
        rule(&self.scale, [self.worst, self.best, self.negative_at_most, self.positive_at_least])
    }
}

impl ScoreChoice {
    pub(crate) fn choice(&self) -> Result<app::ScoreChoice> {
        let numbers = [self.worst, self.best, self.negative_at_most, self.positive_at_least];
        Ok(app::ScoreChoice {
            path: self.path.as_ref().map(Into::into),
            tool: self.tool.clone(),
            score_name: self.score_name.clone(),
            rule: rule(&self.scale, numbers)?,
        })
    }
}

fn rule(scale: &str, [worst, best, negative_at_most, positive_at_least]: [f64; 4]) -> Result<EngineRule> {
    let scale = Scale::from_word(scale).ok_or_else(|| {
        let known: Vec<&str> = Scale::ALL.iter().map(|scale| scale.word()).collect();
        Error::input(format!("there is no scale {scale:?}")).hint(format!("One of {}", known.join(", ")))
    })?;
    Ok(EngineRule { scale, worst, best, negative_at_most, positive_at_least })
}
