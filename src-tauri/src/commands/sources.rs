use std::{fs::File, io::BufWriter, time::Instant};

use hearback_engine::{
    error::Error,
    job::Job,
    pipeline::{ImportOutcome, Project},
};
use hearback_wire::{
    ImportReport, ImportRequest, JobEvent, Label, MappingProfile, Outcome, Polarity, Preview, PreviewRequest,
    RejectPage, RemoveRequest, ScoreRule, Source, UnjoinedPage,
};
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

#[tauri::command]
pub async fn pick_folder(app: AppHandle, title: String) -> Answer<Option<String>> {
    Ok(dialogs::pick_folder(&app, &title).await?.map(|path| path.display().to_string()))
}

/// Reads the first records of each file; nothing is written.
#[tauri::command(async)]
pub fn start_preview(shell: State<'_, Shell>, request: PreviewRequest, on_event: Channel<JobEvent>) -> Answer<u32> {
    let project = shell.project()?;
    let (paths, options) = request.options(now(), &shell.personal_data())?;
    Ok(shell.jobs.start(on_event, move |job| {
        Ok(Outcome::Preview { preview: Preview::new(project.preview(&paths, &options, job)?) })
    }))
}

#[tauri::command(async)]
pub fn start_import(shell: State<'_, Shell>, request: ImportRequest, on_event: Channel<JobEvent>) -> Answer<u32> {
    let project = shell.project()?;
    let (paths, options) = request.options(now(), &shell.personal_data())?;
    Ok(shell.jobs.start(on_event, move |job| {
        let began = Instant::now();
        let outcome = project.import(&paths, &options, job)?;
        Ok(Outcome::Import { report: report(&project, &outcome, began)? })
    }))
}

/// What an import did, with what did not join.
pub fn report(project: &Project, outcome: &ImportOutcome, began: Instant) -> Result<ImportReport, Error> {
    let mut unjoined = Vec::new();
    for source in &outcome.sources {
        unjoined.extend(project.workspace.unjoined_counts(Some(source.id))?);
    }
    Ok(ImportReport::new(outcome, began.elapsed().as_secs_f64()).with_unjoined(unjoined))
}

#[tauri::command(async)]
pub fn list_sources(shell: State<'_, Shell>) -> Answer<Vec<Source>> {
    Ok(shell.project()?.workspace.sources()?.iter().map(Source::from).collect())
}

#[tauri::command(async)]
pub fn remove_sources(shell: State<'_, Shell>, request: RemoveRequest) -> Answer<Vec<Source>> {
    let project = shell.project()?;
    project.remove_sources(&request.sources(project.workspace.path())?)?;
    list_sources(shell)
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

/// Asks where to, and writes the rejected records there as JSON lines; `None` where the user cancelled.
#[tauri::command]
pub async fn export_rejects(app: AppHandle, shell: State<'_, Shell>, source_id: Option<i64>) -> Answer<Option<String>> {
    let Some(path) = dialogs::save_as(&app, "Export the skipped records", "skipped-records.jsonl").await? else {
        return Ok(None);
    };
    let file = File::create(&path)
        .map_err(|error| Error::file(format!("{} could not be written", path.display())).because(error))?;
    shell.project()?.export_rejects(source_id, BufWriter::new(file), &Job::quiet())?;
    Ok(Some(path.display().to_string()))
}

#[tauri::command(async)]
pub fn list_unjoined(
    shell: State<'_, Shell>,
    source_id: Option<i64>,
    after: Option<String>,
    limit: u32,
) -> Answer<UnjoinedPage> {
    let project = shell.project()?;
    let reasons = project.workspace.unjoined_counts(source_id)?;
    Ok(UnjoinedPage::new(project.workspace.unjoined(source_id, after.as_deref(), limit)?, reasons))
}

#[tauri::command(async)]
pub fn list_mapping_profiles(shell: State<'_, Shell>) -> Answer<Vec<MappingProfile>> {
    Ok(shell.project()?.workspace.mapping_profiles()?.into_iter().map(MappingProfile::from).collect())
}

#[tauri::command(async)]
pub fn remove_mapping_profile(shell: State<'_, Shell>, fingerprint: String) -> Answer<Vec<MappingProfile>> {
    shell.project()?.workspace.remove_mapping_profile(&fingerprint)?;
    list_mapping_profiles(shell)
}

#[tauri::command(async)]
pub fn list_score_rules(shell: State<'_, Shell>) -> Answer<Vec<ScoreRule>> {
    Ok(shell.project()?.workspace.score_rules()?.into_iter().map(ScoreRule::from).collect())
}

#[tauri::command(async)]
pub fn set_score_rule(shell: State<'_, Shell>, rule: ScoreRule) -> Answer<Vec<ScoreRule>> {
    let project = shell.project()?;
    project.workspace.set_score_rule(&rule.key(), rule.only, &rule.rule()?)?;
    Ok(project.workspace.score_rules()?.into_iter().map(ScoreRule::from).collect())
}

/// Enough for a person to go through; the most frequent come first.
const LABELS: u32 = 500;

#[tauri::command(async)]
pub fn list_labels(shell: State<'_, Shell>) -> Answer<Vec<Label>> {
    Ok(shell.project()?.workspace.labels(LABELS)?.into_iter().map(Label::from).collect())
}

#[tauri::command(async)]
pub fn tell_label(
    shell: State<'_, Shell>,
    score_name: Option<String>,
    label: String,
    polarity: Option<Polarity>,
) -> Answer<Vec<Label>> {
    shell.project()?.workspace.tell_label(score_name.as_deref(), &label, polarity.map(Into::into))?;
    list_labels(shell)
}
