use hearback_engine::{error::Result, pipeline::Project};

use super::Asked;
use crate::{SavedView, WorkspaceInfo};

pub fn workspace_info(asked: &Asked<'_>) -> Result<WorkspaceInfo> {
    info(asked.project)
}

pub fn info(project: &Project) -> Result<WorkspaceInfo> {
    let info = WorkspaceInfo::new(project.path(), &project.summary()?);
    Ok(WorkspaceInfo { only_readable: project.is_only_readable(), ..info })
}

pub fn list_views(asked: &Asked<'_>) -> Result<Vec<SavedView>> {
    Ok(asked.project.views()?.into_iter().map(SavedView::from).collect())
}

pub fn save_view(asked: &Asked<'_>, view: SavedView) -> Result<Vec<SavedView>> {
    asked.project.save_view(&view.try_into()?)?;
    list_views(asked)
}

pub fn delete_view(asked: &Asked<'_>, id: i64) -> Result<Vec<SavedView>> {
    asked.project.delete_view(id)?;
    list_views(asked)
}
