//! Which workspace is open, and models that come from the person's folders.

use std::path::PathBuf;

use hearback_app::{self as app, SampleRequest};
use hearback_domain::error::{Error, Result};
use hearback_wire::{JobEvent, ModelEntry, Outcome, WorkspaceInfo, now};
use tauri::{AppHandle, Manager, ipc::Channel};

use crate::{dialogs, state::Shell};

/// Large enough for every chart to have something to say, small enough for a minute of embedding.
const SAMPLE_SESSIONS: u32 = 2000;
const SAMPLE_SEED: u64 = 7;

pub async fn new_workspace(app: &AppHandle) -> Result<Option<WorkspaceInfo>> {
    match dialogs::save_as(app, "New workspace", "Feedback.hearback").await? {
        Some(path) if path.exists() => {
            Err(Error::workspace(format!("{} is there already", path.display())).hint("Open it, or choose a new name"))
        }
        Some(path) => app.state::<Shell>().open(&path).map(Some),
        None => Ok(None),
    }
}

pub async fn open_workspace(app: &AppHandle, path: Option<String>) -> Result<Option<WorkspaceInfo>> {
    let path = match path {
        Some(path) => Some(PathBuf::from(path)),
        None => dialogs::pick_workspace(app).await?,
    };
    match path {
        Some(path) if path.exists() => app.state::<Shell>().open(&path).map(Some),
        Some(path) => Err(Error::workspace(format!("{} is not there any more", path.display()))),
        None => Ok(None),
    }
}

/// Makes the sample workspace (once; afterwards it is only opened) and opens it.
pub async fn start_sample(app: &AppHandle, listener: Channel<JobEvent>) -> Result<u32> {
    let shell = app.state::<Shell>();
    let app = app.clone();
    Ok(shell.jobs.start(listener, move |job| {
        let shell = app.state::<Shell>();
        let workspace = shell.sample_path();
        if !workspace.exists() {
            shell.close(&workspace);
            let request = SampleRequest {
                sessions: SAMPLE_SESSIONS,
                seed: SAMPLE_SEED,
                workspace: workspace.clone(),
                now: now(),
            };
            app::make_sample(&request, shell.components(), job)?;
        }
        Ok(Outcome::Sample { workspace: shell.open(&workspace)? })
    }))
}

/// A job that ends with the model.
pub async fn add_model_folder(app: &AppHandle, listener: Channel<JobEvent>) -> Result<Option<u32>> {
    let Some(folder) = dialogs::pick_folder(app, "Add a folder with an embedding model").await? else {
        return Ok(None);
    };
    let shell = app.state::<Shell>();
    let opened = shell.workspace()?;
    Ok(Some(shell.jobs.start(listener, move |job| {
        Ok(Outcome::Model { model: ModelEntry::from(opened.add_model_folder(&folder, job)?) })
    })))
}
