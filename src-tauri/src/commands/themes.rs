use std::time::Instant;

use hearback_engine::{job::Job, pipeline::AnalysisOptions};
use hearback_wire::{
    AnalysisReport, AnalysisRequest, Comparison, Filter, JobEvent, Outcome, Subject, ThemeCut, ThemeDetail, ThemeEdit,
    ThemeEditReport, ThemeEditRow, ThemeHistoryEntry, ThemeList,
};
use tauri::{AppHandle, Manager, State, ipc::Channel};

use super::Answer;
use crate::state::{Shell, now};

#[tauri::command(async)]
pub fn start_analysis(
    app: AppHandle,
    shell: State<'_, Shell>,
    request: AnalysisRequest,
    on_event: Channel<JobEvent>,
) -> Answer<u32> {
    let project = shell.project()?;
    let last = project.analysis_options(request.subject.map(Into::into), now())?;
    let options = AnalysisOptions {
        resolution: request.resolution.unwrap_or(last.resolution),
        unclustered_at_most: request.unclustered_at_most.or(last.unclustered_at_most),
        seed: request.seed.unwrap_or(last.seed),
        ..last
    };
    Ok(shell.jobs.start(on_event, move |job| {
        let began = Instant::now();
        let outcome = project.analyse(&options, job)?;
        app.state::<Shell>().prepare_recall();
        Ok(Outcome::Analysis { report: AnalysisReport::new(&outcome, began.elapsed().as_secs_f64()) })
    }))
}

#[tauri::command(async)]
pub fn list_themes(shell: State<'_, Shell>, filter: Filter, comparison: Comparison) -> Answer<ThemeList> {
    let list = shell.project()?.themes(&(&filter).try_into()?, &(&comparison).into())?;
    Ok((&list).into())
}

#[tauri::command(async)]
pub fn theme_detail(
    shell: State<'_, Shell>,
    id: Option<i64>,
    filter: Filter,
    comparison: Comparison,
) -> Answer<ThemeDetail> {
    Ok(shell.project()?.theme(id, &(&filter).try_into()?, &(&comparison).into())?.into())
}

/// Looks at the themes more coarsely or finely, without finding them again.
#[tauri::command(async)]
pub fn recut_themes(shell: State<'_, Shell>, cut: ThemeCut) -> Answer<AnalysisReport> {
    let began = Instant::now();
    let outcome = shell.project()?.recut(&cut.into(), now(), &Job::quiet())?;
    Ok(AnalysisReport::new(&outcome, began.elapsed().as_secs_f64()))
}

/// Counts by the themes of another subject; without a run of it there are none yet.
#[tauri::command(async)]
pub fn choose_theme_subject(shell: State<'_, Shell>, subject: Subject) -> Answer<()> {
    Ok(shell.project()?.workspace.choose_subject(subject.into())?)
}

#[tauri::command(async)]
pub fn edit_themes(shell: State<'_, Shell>, edit: ThemeEdit) -> Answer<ThemeEditReport> {
    Ok(shell.project()?.edit_themes(&edit.into(), now(), &Job::quiet())?.into())
}

/// Takes an edit back; the last one for `null`.
#[tauri::command(async)]
pub fn undo_theme_edit(shell: State<'_, Shell>, id: Option<i64>) -> Answer<ThemeEditRow> {
    Ok((&shell.project()?.undo_theme_edit(id, &Job::quiet())?).into())
}

#[tauri::command(async)]
pub fn list_theme_edits(shell: State<'_, Shell>) -> Answer<Vec<ThemeEditRow>> {
    Ok(shell.project()?.theme_edits()?.iter().map(ThemeEditRow::from).collect())
}

/// What became of a theme, or of all for `null`, the latest first.
#[tauri::command(async)]
pub fn theme_history(shell: State<'_, Shell>, theme: Option<i64>) -> Answer<Vec<ThemeHistoryEntry>> {
    Ok(shell.project()?.theme_history(theme)?.iter().map(ThemeHistoryEntry::from).collect())
}
