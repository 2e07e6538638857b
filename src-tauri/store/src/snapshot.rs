//! What is asked of one state of the workspace?
//!
//! An answer that is made of several reads is made on one [`Snapshot`], so that its parts belong together whatever is
//! imported or undone meanwhile. All that can be read is a method of it; `store` has these beside what they read.

use std::{collections::BTreeMap, fmt};

use duckdb::Connection;

use super::{
    CutTheme, FeedbackPage, FeedbackSort, FilterValue, KnownTheme, MappingProfile, ModelVectors, Placement,
    RecallVersion, RejectPage, SavedView, ShownMember, Store, StoredEdit, StoredLabel, StoredMap, StoredModel,
    StoredRule, StoredTheme, ThemeRun, Totals, TrailRows, TrendCounts, TurnWords, UnjoinedPage, UnjoinedReason,
    WorkspaceSummary, data_version, database::Reader, duck_error::failed,
};
use hearback_domain::{
    Bucket, Dimension, Filter, Subject, TextHash, Timestamp,
    error::Result,
    import::Source,
    job::Job,
    rows::{Aggregate, FeedbackRow, TextRow, VectorSet},
};

/// The committed state of a workspace when it was first asked for something. A change waits until it is dropped, so it is
/// held for one answer, and never by a thread that changes something.
pub struct Snapshot<'a> {
    reader: Reader<'a>,
}

impl<'a> Snapshot<'a> {
    fn new(reader: Reader<'a>) -> Result<Self> {
        reader.execute_batch("begin transaction read only").map_err(failed("begin to read"))?;
        Ok(Self { reader })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.reader
    }

    /// Grows with every change of sessions, turns, feedback or rules.
    pub fn data_version(&self) -> Result<u64> {
        data_version(self.connection())
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // The connection is closed next, which ends whatever this could not.
        let _ = self.reader.execute_batch("rollback");
    }
}

impl fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

impl Store {
    /// The state that is committed now.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Workspace`] where another program changes the file for longer than is waited.
    pub fn snapshot(&self) -> Result<Snapshot<'_>> {
        Snapshot::new(self.reader()?)
    }
}

/// Answers of one read, on a snapshot of their own.
macro_rules! single_reads {
    ($(fn $name:ident(&self $(, $argument:ident: $kind:ty)*) -> $answer:ty;)*) => {
        impl Store {
            $(
                #[doc = concat!("[`Snapshot::", stringify!($name), "`] of the state that is committed now.")]
                pub fn $name(&self $(, $argument: $kind)*) -> $answer {
                    self.snapshot()?.$name($($argument),*)
                }
            )*
        }
    };
}

single_reads! {
    fn content(&self, without: &[(&str, &str)]) -> Result<BTreeMap<String, Vec<String>>>;
    fn labels(&self, limit: u32) -> Result<Vec<StoredLabel>>;
    fn polarity_is_current(&self) -> Result<bool>;
    fn map_of(&self, model: &str, subject: Subject) -> Result<Option<StoredMap>>;
    fn map_positions(&self, id: i64) -> Result<Vec<(TextHash, [f32; 2])>>;
    fn map_texts(&self, id: i64, points: &[u32]) -> Result<Vec<TextHash>>;
    fn chosen_model(&self) -> Result<Option<String>>;
    fn current_model(&self) -> Result<Option<StoredModel>>;
    fn model(&self, id: &str) -> Result<Option<StoredModel>>;
    fn models(&self) -> Result<Vec<ModelVectors>>;
    fn mapping_profiles(&self) -> Result<Vec<MappingProfile>>;
    fn mapping_for(&self, fingerprint: &str) -> Result<Option<MappingProfile>>;
    fn pseudonym_key(&self) -> Result<Option<[u8; 32]>>;
    fn trend_rows(&self, filter: &Filter, by: &[Dimension], bucket: Bucket) -> Result<TrendCounts>;
    fn moments(&self) -> Result<Option<(Timestamp, Timestamp)>>;
    fn totals(&self, filter: &Filter) -> Result<Totals>;
    fn totals_by(&self, filter: &Filter, dimension: Dimension) -> Result<Vec<(Option<String>, Aggregate)>>;
    fn filter_values(&self, dimension: Dimension, filter: &Filter, search: &str, limit: u32) -> Result<Vec<FilterValue>>;
    fn names(&self, dimension: Dimension) -> Result<BTreeMap<String, String>>;
    fn feedback_page(&self, filter: &Filter, sort: FeedbackSort, after: Option<&str>, limit: u32) -> Result<FeedbackPage>;
    fn feedback_by_id(&self, ids: &[String]) -> Result<Vec<FeedbackRow>>;
    fn summary(&self) -> Result<WorkspaceSummary>;
    fn trail_of_session(&self, session: &str) -> Result<TrailRows>;
    fn trail_of_turn(&self, turn: &str) -> Result<TrailRows>;
    fn recall_version(&self) -> Result<RecallVersion>;
    fn text_ids(&self) -> Result<Vec<TextHash>>;
    fn turn_words(&self, turn: &str) -> Result<Option<TurnWords>>;
    fn score_rules(&self) -> Result<Vec<StoredRule>>;
    fn switched_off_signals(&self) -> Result<Vec<String>>;
    fn sources(&self) -> Result<Vec<Source>>;
    fn has_digest(&self, digest: &str) -> Result<bool>;
    fn rejects(&self, source: Option<i64>, after: Option<i64>, limit: u32) -> Result<RejectPage>;
    fn texts(&self, subject: Subject) -> Result<Vec<TextRow>>;
    fn texts_without_vector(&self, model: &str, subject: Subject, after: Option<TextHash>, limit: u32) -> Result<Vec<TextRow>>;
    fn count_texts_without_vector(&self, model: &str, subject: Subject) -> Result<u64>;
    fn texts_not_placed(&self, subject: Subject) -> Result<Vec<TextRow>>;
    fn vectors(&self, model: &str, job: &Job) -> Result<VectorSet>;
    fn vectors_about(&self, model: &str, subject: Subject, job: &Job) -> Result<VectorSet>;
    fn vector_version(&self) -> Result<u64>;
    fn texts_by_hash(&self, hashes: &[TextHash]) -> Result<BTreeMap<TextHash, String>>;
    fn text_of(&self, feedback: &str) -> Result<Option<TextRow>>;
    fn cut_themes(&self, subject: Subject, tree: &str) -> Result<Vec<CutTheme>>;
    fn theme_edits(&self, subject: Subject) -> Result<Vec<StoredEdit>>;
    fn next_theme_id(&self) -> Result<i64>;
    fn known_themes(&self, subject: Subject) -> Result<Vec<KnownTheme>>;
    fn placements(&self, subject: Subject) -> Result<Vec<Placement>>;
    fn theme_subject(&self) -> Result<Subject>;
    fn theme_run(&self) -> Result<Option<ThemeRun>>;
    fn theme_run_of(&self, subject: Subject) -> Result<Option<ThemeRun>>;
    fn themes(&self) -> Result<Vec<StoredTheme>>;
    fn theme_members(&self, theme: Option<i64>) -> Result<Vec<(TextHash, f64)>>;
    fn all_theme_members(&self) -> Result<Vec<ShownMember>>;
    fn unjoined(&self, source: Option<i64>, after: Option<&str>, limit: u32) -> Result<UnjoinedPage>;
    fn unjoined_counts(&self, source: Option<i64>) -> Result<Vec<(UnjoinedReason, u64)>>;
    fn views(&self) -> Result<Vec<SavedView>>;
    fn data_version(&self) -> Result<u64>;
}
