use std::time::Instant;

use hearback_app::MapDrawing;
use hearback_domain::error::{Error, Result};

use super::Asked;
use crate::{Filter, MapPointDetail, MapPointQuery, MapReport, MapRequest, MapSelection, Outcome, map_bytes};

pub fn start_map(asked: &Asked<'_>, request: MapRequest) -> Result<Outcome> {
    let began = Instant::now();
    let default = MapDrawing::new(asked.now);
    let drawing = MapDrawing { seed: request.seed.unwrap_or(default.seed), anew: request.anew, ..default };
    let outcome = asked.workspace.draw_map(&drawing, asked.job)?;
    Ok(Outcome::Map { report: MapReport::new(&outcome, began.elapsed().as_secs_f64()) })
}

pub fn map_points(asked: &Asked<'_>, filter: Filter) -> Result<Vec<u8>> {
    let answer = asked.workspace.map(&(&filter).try_into()?)?;
    map_bytes(&answer).map_err(|error| Error::internal("the map could not be handed over").because(error))
}

pub fn map_point(asked: &Asked<'_>, query: MapPointQuery) -> Result<MapPointDetail> {
    Ok(asked.workspace.map_point(query.map, query.point, &(&query.filter).try_into()?)?.into())
}

pub fn select_points(asked: &Asked<'_>, map: i64, points: Vec<u32>) -> Result<MapSelection> {
    Ok(asked.workspace.select_points(map, &points, asked.now)?.into())
}
