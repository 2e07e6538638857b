use hearback_wire::SavedView;
use tauri::State;

use super::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn list_views(shell: State<'_, Shell>) -> Answer<Vec<SavedView>> {
    Ok(shell.project()?.workspace.views()?.into_iter().map(SavedView::from).collect())
}

#[tauri::command(async)]
pub fn save_view(shell: State<'_, Shell>, view: SavedView) -> Answer<Vec<SavedView>> {
    shell.project()?.workspace.save_view(&view.try_into()?)?;
    list_views(shell)
}

#[tauri::command(async)]
pub fn delete_view(shell: State<'_, Shell>, id: i64) -> Answer<Vec<SavedView>> {
    shell.project()?.workspace.delete_view(id)?;
    list_views(shell)
}
