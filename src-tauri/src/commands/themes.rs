use std::time::Instant;

use hearback_engine::pipeline::AnalysisOptions;
use hearback_wire::{AnalysisReport, AnalysisRequest, Comparison, Filter, JobEvent, Outcome, ThemeDetail, ThemeList};
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
    let default = AnalysisOptions::new(now());
    let options = AnalysisOptions {
        resolution: request.resolution.unwrap_or(default.resolution),
        seed: request.seed.unwrap_or(default.seed),
        ..default
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
