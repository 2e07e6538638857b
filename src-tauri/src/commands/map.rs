use std::time::Instant;

use hearback_engine::{error::Error, pipeline::MapDrawing};
use hearback_wire::{
    Filter, JobEvent, MapPointDetail, MapPointQuery, MapReport, MapRequest, MapSelection, Outcome, map_bytes,
};
use tauri::{
    State,
    ipc::{Channel, Response},
};

use super::Answer;
use crate::state::{Shell, now};

#[tauri::command(async)]
pub fn start_map(shell: State<'_, Shell>, request: MapRequest, on_event: Channel<JobEvent>) -> Answer<u32> {
    let project = shell.project()?;
    let default = MapDrawing::new(now());
    let drawing = MapDrawing { seed: request.seed.unwrap_or(default.seed), anew: request.anew, ..default };
    Ok(shell.jobs.start(on_event, move |job| {
        let began = Instant::now();
        let outcome = project.draw_map(&drawing, job)?;
        Ok(Outcome::Map { report: MapReport::new(&outcome, began.elapsed().as_secs_f64()) })
    }))
}

/// Bytes, as `hearback_wire::map_bytes` says.
#[tauri::command(async)]
pub fn map_points(shell: State<'_, Shell>, filter: Filter) -> Answer<Response> {
    let answer = shell.project()?.map(&(&filter).try_into()?)?;
    let bytes =
        map_bytes(&answer).map_err(|error| Error::internal("the map could not be handed over").because(error))?;
    Ok(Response::new(bytes))
}

#[tauri::command(async)]
pub fn map_point(shell: State<'_, Shell>, query: MapPointQuery) -> Answer<MapPointDetail> {
    Ok(shell.project()?.map_point(query.map, query.point, &(&query.filter).try_into()?)?.into())
}

#[tauri::command(async)]
pub fn select_points(shell: State<'_, Shell>, map: i64, points: Vec<u32>) -> Answer<MapSelection> {
    Ok(shell.project()?.select_points(map, &points, now())?.into())
}
