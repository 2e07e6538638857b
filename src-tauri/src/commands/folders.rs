//! Watched folders.

use std::path::Path;

use hearback_domain::error::Result;
use hearback_wire::{WatchEvent, WatchedFolder};
use tauri::{AppHandle, Manager, ipc::Channel};

use crate::state::Shell;

pub async fn list_watched_folders(app: &AppHandle) -> Result<Vec<WatchedFolder>> {
    app.state::<Shell>().watched_folders()
}

pub async fn set_watched_folder(app: &AppHandle, folder: String, enabled: bool) -> Result<Vec<WatchedFolder>> {
    let shell = app.state::<Shell>();
    shell.watch_folder(Path::new(&folder), enabled)?;
    shell.watched_folders()
}

pub async fn remove_watched_folder(app: &AppHandle, folder: String) -> Result<Vec<WatchedFolder>> {
    let shell = app.state::<Shell>();
    shell.forget_folder(Path::new(&folder))?;
    shell.watched_folders()
}

/// Tells `listener` from now on what came of watched folders. There is nothing to cancel: the id is none.
pub async fn follow_watch(app: &AppHandle, listener: Channel<WatchEvent>) -> Result<u32> {
    app.state::<Shell>().tell_of_folders(listener);
    Ok(0)
}
