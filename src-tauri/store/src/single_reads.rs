//! Answers of one read, for whoever needs no more than that: each is a method of [`Snapshot`](super::Snapshot) on a
//! snapshot of its own.

use std::collections::BTreeMap;

use super::{
    CutTheme, Extent, FeedbackPage, FeedbackSort, FilterValue, KnownTheme, MappingProfile, ModelVectors, Placement,
    RecallVersion, RejectPage, SavedView, ShownMember, Store, StoredEdit, StoredLabel, StoredMap, StoredModel,
    StoredRule, StoredTheme, ThemeRun, Totals, TrailRows, TrendCounts, TurnWords, UnjoinedPage, UnjoinedReason,
    WorkspaceSummary,
};
use hearback_domain::{
    Bucket, Dimension, Filter, Subject, TextHash,
    error::Result,
    import::Source,
    job::Job,
    rows::{Aggregate, FeedbackRow, TextRow, VectorSet},
};

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
    fn extent(&self, filter: &Filter) -> Result<Extent>;
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
