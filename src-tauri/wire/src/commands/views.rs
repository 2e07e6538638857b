use hearback_app::Workspace;
use hearback_domain::error::Result;

use super::Asked;
use crate::{SavedView, WorkspaceInfo};

pub fn workspace_info(asked: &Asked<'_>) -> Result<WorkspaceInfo> {
    info(asked.workspace)
}

pub fn info(workspace: &Workspace) -> Result<WorkspaceInfo> {
    let info = WorkspaceInfo::new(workspace.path(), &workspace.summary()?);
    Ok(WorkspaceInfo { only_readable: workspace.is_only_readable(), ..info })
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
