//! The application itself: its state, its settings, what runs.

use hearback_domain::error::Result;
use hearback_wire::{AppState, Settings};
use tauri::{AppHandle, Manager};

use crate::state::Shell;

pub async fn app_state(app: &AppHandle) -> Result<AppState> {
    app.state::<Shell>().app_state()
}

/// `cargo xtask bench start` asks when.
pub async fn window_ready(app: &AppHandle) -> Result<()> {
    app.state::<Shell>().report_start();
    Ok(())
}

pub async fn set_settings(app: &AppHandle, settings: Settings) -> Result<Settings> {
    Ok(app.state::<Shell>().set_settings(settings))
}

pub async fn cancel_job(app: &AppHandle, id: u32) -> Result<()> {
    app.state::<Shell>().jobs.cancel(id);
    Ok(())
}
