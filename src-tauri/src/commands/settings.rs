use hearback_wire::{AppState, Settings};
use tauri::State;

use super::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn app_state(shell: State<'_, Shell>) -> Answer<AppState> {
    Ok(shell.app_state()?)
}

/// The window has drawn its first picture. `cargo xtask bench start` asks when.
#[tauri::command]
pub fn window_ready(shell: State<'_, Shell>) {
    shell.report_start();
}

#[tauri::command(async)]
pub fn set_settings(shell: State<'_, Shell>, settings: Settings) -> Settings {
    shell.set_settings(settings)
}
