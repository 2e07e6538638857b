use hearback_wire::{Trail, TrailQuery};
use tauri::State;

use super::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn trail(shell: State<'_, Shell>, query: TrailQuery) -> Answer<Trail> {
    Ok(shell.project()?.trail(query.of()?)?.into())
}
