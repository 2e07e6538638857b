use std::path::PathBuf;

use hearback_wire::{WatchEvent, WatchedFolder};
use tauri::{State, ipc::Channel};

use super::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn list_watched_folders(shell: State<'_, Shell>) -> Answer<Vec<WatchedFolder>> {
    Ok(shell.watched_folders()?)
}

#[tauri::command(async)]
pub fn set_watched_folder(shell: State<'_, Shell>, folder: PathBuf, enabled: bool) -> Answer<Vec<WatchedFolder>> {
    shell.watch_folder(&folder, enabled)?;
    Ok(shell.watched_folders()?)
}

#[tauri::command(async)]
pub fn remove_watched_folder(shell: State<'_, Shell>, folder: PathBuf) -> Answer<Vec<WatchedFolder>> {
    shell.forget_folder(&folder)?;
    Ok(shell.watched_folders()?)
}

/// Tells `on_event` from now on what came of watched folders.
#[tauri::command]
pub fn follow_watch(shell: State<'_, Shell>, on_event: Channel<WatchEvent>) {
    shell.tell_of_folders(on_event);
}
