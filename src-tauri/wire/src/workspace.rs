//! The open workspace and the application around it.

use crate::{Failure, Filter, ImportReport, Polarity, mirror_enum, string_enum, tagged_enum, wire_type};
use hearback_app::{self as app, ingest, store, store::WorkspaceSummary};
use hearback_domain::error::{Error, Result};
use std::path::Path;

string_enum! {
    pub enum Appearance { System, Light, Dark }
    pub enum Treatment { Keep, Drop, Hash }
}

wire_type! {
    pub struct WorkspaceInfo {
        pub path: String,
        /// The file's name without its extension.
        pub name: String,
        pub feedback: u64,
        pub turns: u64,
        pub sessions: u64,
        pub sources: u64,
        pub rejects: u64,
        /// Feedback that found its turn, and its session.
        pub joined_turn: u64,
        pub joined_session: u64,
        /// First and last moment of feedback.
        pub first: Option<String>,
        pub last: Option<String>,
        pub themes: u64,
        /// There is feedback that the themes do not know yet.
        pub themes_stale: bool,
        /// Grows with every change of the data; what was computed from another one is old.
        pub data_version: u64,
        /// Made by Hearback's sample generator.
        pub synthetic: bool,
        /// The file may only be read: nothing can be changed in it.
        pub only_readable: bool,
    }

    pub struct AppState {
        pub version: String,
        pub workspace: Option<WorkspaceInfo>,
        /// Why no workspace is open, if so.
        pub problem: Option<Failure>,
        pub recent: Vec<RecentWorkspace>,
        pub settings: Settings,
    }

    pub struct RecentWorkspace {
        pub path: String,
        pub name: String,
    }

    pub struct Settings {
        pub appearance: Appearance,
        #[serde(default)]
        pub personal_data: PersonalData,
    }

    /// What an import does with addresses of people in fields that are known to hold them.
    pub struct PersonalData {
        pub email: Treatment,
        pub ip: Treatment,
    }

    /// A rule that derives feedback from what users did next.
    pub struct SignalRule {
        /// The engine's word; feedback derived by it has it as its label.
        pub rule: String,
        /// When it says something.
        pub meaning: String,
        pub polarity: Polarity,
        /// 0..1: how far it is to be trusted. Feedback derived by it has it as its confidence.
        pub weight: f64,
        pub enabled: bool,
    }

    /// A folder whose new exports are imported as they land.
    pub struct WatchedFolder {
        pub folder: String,
        pub enabled: bool,
        pub last: Option<WatchResult>,
    }

    /// What happened last in a watched folder.
    pub struct WatchResult {
        pub at: String,
        pub files: u64,
        pub feedback: u64,
        pub failure: Option<Failure>,
    }

    /// A filter and a view, saved under a name in the workspace.
    pub struct SavedView {
        pub id: i64,
        pub name: String,
        /// `overview`, `trends`, `themes`, `feedback`.
        pub view: String,
        pub filter: Filter,
        /// What the view keeps beside the filter (measure, bucket, splits), as the window wrote it.
        pub options: String,
    }
}

tagged_enum! {
    /// What a watched folder's channel carries.
    #[serde(tag = "event")]
    pub enum WatchEvent {
        Imported { folder: String, report: ImportReport },
        /// Said once a file.
        Failed { folder: String, failure: Failure },
    }
}

mirror_enum! {
    Treatment = ingest::privacy::Treatment { Keep, Drop, Hash }
}

impl Default for PersonalData {
    /// As the engine's: addresses that tell people apart become pseudonyms, others go.
    fn default() -> Self {
        Self { email: Treatment::Hash, ip: Treatment::Drop }
    }
}

impl From<app::SignalRule> for SignalRule {
    fn from(known: app::SignalRule) -> Self {
        Self {
            rule: known.rule.word().to_owned(),
            meaning: known.rule.meaning().to_owned(),
            polarity: known.rule.polarity().into(),
            weight: known.rule.weight(),
            enabled: known.enabled,
        }
    }
}

impl WorkspaceInfo {
    pub fn new(path: &Path, summary: &WorkspaceSummary) -> Self {
        Self {
            path: path.display().to_string(),
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            feedback: summary.feedback,
            turns: summary.turns,
            sessions: summary.sessions,
            sources: summary.sources,
            rejects: summary.rejects,
            joined_turn: summary.joined_turn,
            joined_session: summary.joined_session,
            first: crate::moment(summary.first),
            last: crate::moment(summary.last),
            themes: summary.themes,
            themes_stale: match summary.themes_data_version {
                Some(version) => version != summary.data_version,
                None => summary.feedback > 0,
            },
            data_version: summary.data_version,
            synthetic: summary.synthetic,
            only_readable: false,
        }
    }
}

impl From<store::SavedView> for SavedView {
    fn from(view: store::SavedView) -> Self {
        Self {
            id: view.id,
            name: view.name,
            view: view.view,
            // A view whose filter a newer Hearback wrote is still a view; it then shows everything.
            filter: serde_json::from_str(&view.filter).unwrap_or_default(),
            options: view.options,
        }
    }
}

impl TryFrom<SavedView> for store::SavedView {
    type Error = Error;

    fn try_from(view: SavedView) -> Result<Self> {
        if view.name.trim().is_empty() {
            return Err(Error::input("a saved view needs a name"));
        }
        let filter = serde_json::to_string(&view.filter)
            .map_err(|error| Error::internal("the filter could not be written").because(error))?;
        Ok(Self { id: view.id, name: view.name.trim().to_owned(), view: view.view, filter, options: view.options })
    }
}
