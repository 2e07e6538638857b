use std::{fs::File, io::BufWriter};

use hearback_engine::{error::Error, job::Job, model};
use hearback_wire::{FeedbackPage, FeedbackQuery, Filter};
use tauri::{AppHandle, State};

use super::Answer;
use crate::{dialogs, state::Shell};

#[tauri::command(async)]
pub fn feedback_page(shell: State<'_, Shell>, query: FeedbackQuery) -> Answer<FeedbackPage> {
    let filter = (&query.filter).try_into()?;
    let page = shell.project()?.workspace.feedback_page(&filter, query.sort(), query.after.as_deref(), query.limit)?;
    Ok(page.into())
}

/// Asks where to, and writes the selection there as CSV; `None` where the user cancelled.
#[tauri::command]
pub async fn export_feedback(app: AppHandle, shell: State<'_, Shell>, filter: Filter) -> Answer<Option<String>> {
    let Some(path) = dialogs::save_as(&app, "Export the feedback", "feedback.csv").await? else { return Ok(None) };
    let filter: model::Filter = (&filter).try_into()?;
    let file = File::create(&path)
        .map_err(|error| Error::file(format!("{} could not be written", path.display())).because(error))?;
    shell.project()?.export_feedback(&filter, BufWriter::new(file), &Job::quiet())?;
    Ok(Some(path.display().to_string()))
}
