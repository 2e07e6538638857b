//! What front ends ask of the workspace file as it is: rows, rules, words of people. Nothing is computed here.

use std::path::{Path, PathBuf};

use super::Project;
use crate::{
    error::Result,
    model::{
        Dimension, Filter, Polarity, Subject,
        import::Source,
        polarity::{ScoreKey, ScoreRule},
    },
    store::{
        FeedbackPage, FeedbackSort, FilterValue, MappingProfile, RejectPage, SavedView, StoredLabel, StoredRule,
        UnjoinedPage, UnjoinedReason, Workspace,
    },
};

impl Project {
    /// The workspace's file.
    pub fn path(&self) -> &Path {
        self.workspace.path()
    }

    /// As [`Workspace::log_beside`].
    pub fn log_beside(path: &Path) -> Option<(PathBuf, u64)> {
        Workspace::log_beside(path)
    }

    /// The version of the database library that answers.
    ///
    /// # Errors
    /// [`crate::error::Kind::Component`] where it does not.
    pub fn database_version() -> Result<String> {
        Workspace::engine_version()
    }

    /// The store behind it, for tests and benchmarks, which look where nobody else may.
    #[doc(hidden)]
    pub fn store_for_tests(&self) -> &Workspace {
        &self.workspace
    }

    pub fn sources(&self) -> Result<Vec<Source>> {
        self.workspace.sources()
    }

    /// Records that could not be read, of one source or of all.
    pub fn rejects(&self, source: Option<i64>, after: Option<i64>, limit: u32) -> Result<RejectPage> {
        self.workspace.rejects(source, after, limit)
    }

    /// Feedback whose turn or session is not here.
    pub fn unjoined(&self, source: Option<i64>, after: Option<&str>, limit: u32) -> Result<UnjoinedPage> {
        self.workspace.unjoined(source, after, limit)
    }

    pub fn unjoined_counts(&self, source: Option<i64>) -> Result<Vec<(UnjoinedReason, u64)>> {
        self.workspace.unjoined_counts(source)
    }

    pub fn mapping_profiles(&self) -> Result<Vec<MappingProfile>> {
        self.workspace.mapping_profiles()
    }

    /// # Errors
    /// [`crate::error::Kind::NotFound`] where there is none.
    pub fn remove_mapping_profile(&self, fingerprint: &str) -> Result<()> {
        self.workspace.remove_mapping_profile(fingerprint)
    }

    pub fn score_rules(&self) -> Result<Vec<StoredRule>> {
        self.workspace.score_rules()
    }

    /// As [`Workspace::set_score_rule`].
    ///
    /// # Errors
    /// As [`Workspace::set_score_rule`].
    pub fn set_score_rule(&self, key: &ScoreKey, only: Option<i64>, rule: &ScoreRule) -> Result<()> {
        self.workspace.set_score_rule(key, only, rule)
    }

    /// The labels that were chosen, the most frequent first.
    pub fn labels(&self, limit: u32) -> Result<Vec<StoredLabel>> {
        self.workspace.labels(limit)
    }

    /// As [`Workspace::tell_label`].
    ///
    /// # Errors
    /// As [`Workspace::tell_label`].
    pub fn tell_label(&self, score_name: Option<&str>, label: &str, polarity: Option<Polarity>) -> Result<()> {
        self.workspace.tell_label(score_name, label, polarity)
    }

    /// As [`Workspace::feedback_page`].
    ///
    /// # Errors
    /// As [`Workspace::feedback_page`].
    pub fn feedback_page(
        &self,
        filter: &Filter,
        sort: FeedbackSort,
        after: Option<&str>,
        limit: u32,
    ) -> Result<FeedbackPage> {
        self.workspace.feedback_page(filter, sort, after, limit)
    }

    /// The values of a dimension that the selection has.
    pub fn filter_values(
        &self,
        dimension: Dimension,
        filter: &Filter,
        search: &str,
        limit: u32,
    ) -> Result<Vec<FilterValue>> {
        self.workspace.filter_values(dimension, filter, search, limit)
    }

    /// Counts by the themes of this subject from now on.
    pub fn choose_subject(&self, subject: Subject) -> Result<()> {
        self.workspace.choose_subject(subject)
    }

    pub fn views(&self) -> Result<Vec<SavedView>> {
        self.workspace.views()
    }

    /// # Errors
    /// As [`Workspace::save_view`].
    pub fn save_view(&self, view: &SavedView) -> Result<()> {
        self.workspace.save_view(view)
    }

    pub fn delete_view(&self, id: i64) -> Result<()> {
        self.workspace.delete_view(id)
    }
}
