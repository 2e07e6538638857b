use std::{path::PathBuf, time::Instant};

use hearback_engine::{
    ingest::ReadOptions,
    job::Job,
    pipeline::{self, ImportOptions},
};
use hearback_wire::{ImportReport, ImportRequest, JobEvent, Outcome, RecognisedFile, RejectPage, ScoreRule, Source};
use tauri::{AppHandle, State, ipc::Channel};

use super::Answer;
use crate::{
    dialogs,
    state::{Shell, now},
};

#[tauri::command]
pub async fn pick_files(app: AppHandle) -> Answer<Vec<String>> {
    Ok(dialogs::pick_exports(&app).await?.iter().map(|path| path.display().to_string()).collect())
}

#[tauri::command(async)]
pub fn recognise_files(shell: State<'_, Shell>, paths: Vec<String>) -> Answer<Vec<RecognisedFile>> {
    let project = shell.project()?;
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let mut files = Vec::new();
    for file in pipeline::recognise_files(&paths, &ReadOptions::default(), &Job::quiet())? {
        let known = match &file.digest {
            Some(digest) => project.workspace.has_digest(digest)?,
            None => false,
        };
        files.push(RecognisedFile::new(&file, known));
    }
    Ok(files)
}

#[tauri::command(async)]
pub fn start_import(shell: State<'_, Shell>, request: ImportRequest, on_event: Channel<JobEvent>) -> Answer<u32> {
    let project = shell.project()?;
    let options =
        ImportOptions { format: request.format.clone(), mapping: request.mapping()?, ..ImportOptions::new(now()) };
    let paths: Vec<PathBuf> = request.paths.into_iter().map(PathBuf::from).collect();
    Ok(shell.jobs.start(on_event, move |job| {
        let began = Instant::now();
        let outcome = project.import(&paths, &options, job)?;
        Ok(Outcome::Import { report: ImportReport::new(&outcome, began.elapsed().as_secs_f64()) })
    }))
}

#[tauri::command(async)]
pub fn list_sources(shell: State<'_, Shell>) -> Answer<Vec<Source>> {
    Ok(shell.project()?.workspace.sources()?.iter().map(Source::from).collect())
}

#[tauri::command(async)]
pub fn list_rejects(
    shell: State<'_, Shell>,
    source_id: Option<i64>,
    after: Option<i64>,
    limit: u32,
) -> Answer<RejectPage> {
    Ok(shell.project()?.workspace.rejects(source_id, after, limit)?.into())
}

#[tauri::command(async)]
pub fn list_score_rules(shell: State<'_, Shell>) -> Answer<Vec<ScoreRule>> {
    Ok(shell.project()?.workspace.score_rules()?.into_iter().map(ScoreRule::from).collect())
}

#[tauri::command(async)]
pub fn set_score_rule(shell: State<'_, Shell>, rule: ScoreRule) -> Answer<Vec<ScoreRule>> {
    let project = shell.project()?;
    project.workspace.set_score_rule(rule.source_id, rule.score_name.as_deref(), &rule.rule()?)?;
    Ok(project.workspace.score_rules()?.into_iter().map(ScoreRule::from).collect())
}
