use hearback_engine::pipeline::Consent;
use hearback_wire::{JobEvent, ModelEntry, ModelList, Outcome};
use tauri::{AppHandle, Manager, State, ipc::Channel};

use super::Answer;
use crate::{dialogs, state::Shell};

#[tauri::command(async)]
pub fn list_models(shell: State<'_, Shell>) -> Answer<ModelList> {
    Ok(shell.project()?.models()?.into())
}

/// Embeds nothing: themes, map and recall of the chosen model are there as far as it has been analysed with.
#[tauri::command(async)]
pub fn choose_model(shell: State<'_, Shell>, key: String) -> Answer<ModelList> {
    let list = shell.project()?.choose_model(&key)?;
    shell.prepare_recall();
    Ok(list.into())
}

/// A job that ends with `model`. Without consent it fails, and says what would be fetched from where.
#[tauri::command(async)]
pub fn download_model(shell: State<'_, Shell>, key: String, consent: bool, on_event: Channel<JobEvent>) -> Answer<u32> {
    let project = shell.project()?;
    let consent = if consent { Consent::Given } else { Consent::NotGiven };
    Ok(shell.jobs.start(on_event, move |job| {
        Ok(Outcome::Model { model: ModelEntry::from(project.download_model(&key, consent, job)?) })
    }))
}

/// Asks for a folder, then a job that ends with `model`; `null` where no folder was chosen.
#[tauri::command]
pub async fn add_model_folder(app: AppHandle, on_event: Channel<JobEvent>) -> Answer<Option<u32>> {
    let Some(folder) = dialogs::pick_folder(&app, "Add a folder with an embedding model").await? else {
        return Ok(None);
    };
    let shell = app.state::<Shell>();
    let project = shell.project()?;
    Ok(Some(shell.jobs.start(on_event, move |job| {
        Ok(Outcome::Model { model: ModelEntry::from(project.add_model_folder(&folder, job)?) })
    })))
}

/// Removes an installed model from this machine; vectors made with it stay in their workspaces.
#[tauri::command(async)]
pub fn remove_model(shell: State<'_, Shell>, key: String) -> Answer<ModelList> {
    Ok(shell.project()?.remove_model(&key)?.into())
}

/// Removes a model's vectors from this workspace; the model stays where it is.
#[tauri::command(async)]
pub fn forget_model(shell: State<'_, Shell>, key: String) -> Answer<ModelList> {
    let list = shell.project()?.forget_model(&key)?;
    shell.prepare_recall();
    Ok(list.into())
}
