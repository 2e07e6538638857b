//! What front ends ask of the workspace file as it is: rows, rules, words of people. Nothing is computed here.

use std::path::{Path, PathBuf};

use super::Workspace;
use hearback_domain::{
    Dimension, Filter, Polarity, Subject,
    error::Result,
    import::Source,
    polarity::{ScoreKey, ScoreRule},
};
use hearback_store::{
    FeedbackPage, FeedbackSort, FilterValue, MappingProfile, RejectPage, SavedView, Store, StoredLabel, StoredRule,
    UnjoinedPage, UnjoinedReason,
};

impl Workspace {
    /// The workspace's file.
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// As [`Store::log_beside`].
    pub fn log_beside(path: &Path) -> Option<(PathBuf, u64)> {
        Store::log_beside(path)
    }

    /// The version of the database library that answers.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::Component`] where it does not.
    pub fn database_version() -> Result<String> {
        Store::engine_version()
    }

    /// The store behind it, for tests and benchmarks, which look where nobody else may.
    #[doc(hidden)]
    pub fn store_for_tests(&self) -> &Store {
        &self.store
    }

    pub fn sources(&self) -> Result<Vec<Source>> {
        self.store.sources()
    }

    /// Records that could not be read, of one source or of all.
    pub fn rejects(&self, source: Option<i64>, after: Option<i64>, limit: u32) -> Result<RejectPage> {
        self.store.rejects(source, after, limit)
    }

    /// Feedback whose turn or session is not here.
    pub fn unjoined(&self, source: Option<i64>, after: Option<&str>, limit: u32) -> Result<UnjoinedPage> {
        self.store.unjoined(source, after, limit)
    }

    pub fn unjoined_counts(&self, source: Option<i64>) -> Result<Vec<(UnjoinedReason, u64)>> {
        self.store.unjoined_counts(source)
    }

    pub fn mapping_profiles(&self) -> Result<Vec<MappingProfile>> {
        self.store.mapping_profiles()
    }

    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where there is none.
    pub fn remove_mapping_profile(&self, fingerprint: &str) -> Result<()> {
        self.store.remove_mapping_profile(fingerprint)
    }

    pub fn score_rules(&self) -> Result<Vec<StoredRule>> {
        self.store.score_rules()
    }

    /// As [`Store::set_score_rule`].
    ///
    /// # Errors
    /// As [`Store::set_score_rule`].
    pub fn set_score_rule(&self, key: &ScoreKey, only: Option<i64>, rule: &ScoreRule) -> Result<()> {
        self.store.set_score_rule(key, only, rule)
    }

    /// The labels that were chosen, the most frequent first.
    pub fn labels(&self, limit: u32) -> Result<Vec<StoredLabel>> {
        self.store.labels(limit)
    }

    /// As [`Store::tell_label`].
    ///
    /// # Errors
    /// As [`Store::tell_label`].
    pub fn tell_label(&self, score_name: Option<&str>, label: &str, polarity: Option<Polarity>) -> Result<()> {
        self.store.tell_label(score_name, label, polarity)
    }

    /// As [`Store::feedback_page`].
    ///
    /// # Errors
    /// As [`Store::feedback_page`].
    pub fn feedback_page(
        &self,
        filter: &Filter,
        sort: FeedbackSort,
        after: Option<&str>,
        limit: u32,
    ) -> Result<FeedbackPage> {
        self.store.feedback_page(filter, sort, after, limit)
    }

    /// The values of a dimension that the selection has.
    pub fn filter_values(
        &self,
        dimension: Dimension,
        filter: &Filter,
        search: &str,
        limit: u32,
    ) -> Result<Vec<FilterValue>> {
        self.store.filter_values(dimension, filter, search, limit)
    }

    /// Counts by the themes of this subject from now on.
    pub fn choose_subject(&self, subject: Subject) -> Result<()> {
        self.store.choose_subject(subject)
    }

    pub fn views(&self) -> Result<Vec<SavedView>> {
        self.store.views()
    }

    /// # Errors
    /// As [`Store::save_view`].
    pub fn save_view(&self, view: &SavedView) -> Result<()> {
        self.store.save_view(view)
    }

    pub fn delete_view(&self, id: i64) -> Result<()> {
        self.store.delete_view(id)
    }
}
