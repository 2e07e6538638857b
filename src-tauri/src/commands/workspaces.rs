use std::path::PathBuf;

use hearback_engine::{
    error::Error,
    pipeline::{self, SampleRequest},
};
use hearback_wire::{JobEvent, Outcome, WorkspaceInfo};
use tauri::{AppHandle, Manager, State, ipc::Channel};

use super::Answer;
use crate::{
    dialogs,
    state::{Shell, info, now},
};

/// Large enough for every chart to have something to say, small enough for a minute of embedding.
const SAMPLE_SESSIONS: u32 = 2000;
const SAMPLE_SEED: u64 = 7;

#[tauri::command]
pub async fn new_workspace(app: AppHandle, shell: State<'_, Shell>) -> Answer<Option<WorkspaceInfo>> {
    match dialogs::save_as(&app, "New workspace", "Feedback.hearback").await? {
        Some(path) if path.exists() => {
            Err(Error::workspace(format!("{} is there already", path.display())).hint("Open it, or choose a new name"))?
        }
        Some(path) => Ok(Some(shell.open(&path)?)),
        None => Ok(None),
    }
}

#[tauri::command]
pub async fn open_workspace(
    app: AppHandle,
    shell: State<'_, Shell>,
    path: Option<String>,
) -> Answer<Option<WorkspaceInfo>> {
    let path = match path {
        Some(path) => Some(PathBuf::from(path)),
        None => dialogs::pick_workspace(&app).await?,
    };
    match path {
        Some(path) if path.exists() => Ok(Some(shell.open(&path)?)),
        Some(path) => Err(Error::workspace(format!("{} is not there any more", path.display())))?,
        None => Ok(None),
    }
}

#[tauri::command(async)]
pub fn workspace_info(shell: State<'_, Shell>) -> Answer<WorkspaceInfo> {
    let project = shell.project()?;
    Ok(info(&project)?)
}

/// Makes the sample workspace (once; afterwards it is only opened) and opens it.
#[tauri::command(async)]
pub fn start_sample(app: AppHandle, shell: State<'_, Shell>, on_event: Channel<JobEvent>) -> u32 {
    shell.jobs.start(on_event, move |job| {
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
            pipeline::make_sample(&request, shell.components(), job)?;
        }
        Ok(Outcome::Sample { workspace: shell.open(&workspace)? })
    })
}
