//! The open workspace and the application around it.

use crate::{Asked, Failure, Filter, ImportReport, PersonalData, string_enum, tagged_enum, wire_type};
use hearback_app::{Workspace, store, store::WorkspaceSummary};
use hearback_domain::error::{Error, Result};
use std::path::Path;

string_enum! {
    pub enum Appearance { System, Light, Dark }
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

pub fn workspace_info(asked: &Asked<'_>) -> Result<WorkspaceInfo> {
    WorkspaceInfo::of(asked.workspace)
}

pub fn list_views(asked: &Asked<'_>) -> Result<Vec<SavedView>> {
    Ok(asked.workspace.views()?.into_iter().map(SavedView::from).collect())
}

pub fn save_view(asked: &Asked<'_>, view: SavedView) -> Result<Vec<SavedView>> {
    asked.workspace.save_view(&view.try_into()?)?;
    list_views(asked)
}

pub fn delete_view(asked: &Asked<'_>, id: i64) -> Result<Vec<SavedView>> {
    asked.workspace.delete_view(id)?;
    list_views(asked)
}

impl WorkspaceInfo {
    /// # Errors
    /// What the workspace says.
    pub fn of(workspace: &Workspace) -> Result<Self> {
        let info = Self::new(workspace.path(), &workspace.summary()?);
        Ok(Self { only_readable: workspace.is_only_readable(), ..info })
    }

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
