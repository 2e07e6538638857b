//! What was imported, and what was not.

use crate::{Asked, wire_type};
use hearback_app::{ingest, ingest::Mapping, store};
use hearback_domain::{
    error::{Error, Result},
    import,
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

    pub struct ReasonCount {
        pub reason: String,
        pub count: u64,
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

}

pub fn list_sources(asked: &Asked<'_>) -> Result<Vec<Source>> {
    Ok(asked.workspace.sources()?.iter().map(Source::from).collect())
}

pub fn remove_sources(asked: &Asked<'_>, request: RemoveRequest) -> Result<Vec<Source>> {
    asked.workspace.remove_sources(&request.sources(asked.workspace.path())?)?;
    list_sources(asked)
}

pub fn list_rejects(asked: &Asked<'_>, source_id: Option<i64>, after: Option<i64>, limit: u32) -> Result<RejectPage> {
    Ok(asked.workspace.rejects(source_id, after, limit)?.into())
}

pub fn list_unjoined(
    asked: &Asked<'_>,
    source_id: Option<i64>,
    after: Option<String>,
    limit: u32,
) -> Result<UnjoinedPage> {
    let reasons = asked.workspace.unjoined_counts(source_id)?;
    Ok(UnjoinedPage::new(asked.workspace.unjoined(source_id, after.as_deref(), limit)?, reasons))
}

pub fn list_mapping_profiles(asked: &Asked<'_>) -> Result<Vec<MappingProfile>> {
    Ok(asked.workspace.mapping_profiles()?.into_iter().map(MappingProfile::from).collect())
}

pub fn remove_mapping_profile(asked: &Asked<'_>, fingerprint: String) -> Result<Vec<MappingProfile>> {
    asked.workspace.remove_mapping_profile(&fingerprint)?;
    list_mapping_profiles(asked)
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
