//! The open workspace and the application around it.

use crate::{Filter, wire, words};

words! {
    pub enum Appearance { System, Light, Dark }
}

wire! {
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
    }

    pub struct AppState {
        pub version: String,
        pub workspace: Option<WorkspaceInfo>,
        pub recent: Vec<RecentWorkspace>,
        pub settings: Settings,
    }

    pub struct RecentWorkspace {
        pub path: String,
        pub name: String,
    }

    pub struct Settings {
        pub appearance: Appearance,
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
