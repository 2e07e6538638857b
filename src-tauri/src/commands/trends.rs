use hearback_wire::{Comparison, Dimension, Filter, FilterValue, Overview, Trend, TrendQuery};
use tauri::State;

use super::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn overview(shell: State<'_, Shell>, filter: Filter, comparison: Comparison) -> Answer<Overview> {
    let overview = shell.project()?.overview(&(&filter).try_into()?, &(&comparison).into())?;
    Ok(Overview::new(&comparison, &overview))
}

#[tauri::command(async)]
pub fn trend(shell: State<'_, Shell>, query: TrendQuery) -> Answer<Trend> {
    let answer = shell.project()?.trend(&(&query).try_into()?)?;
    Ok(Trend::new(&query, &answer))
}

#[tauri::command(async)]
pub fn filter_values(
    shell: State<'_, Shell>,
    dimension: Dimension,
    filter: Filter,
    search: String,
    limit: u32,
) -> Answer<Vec<FilterValue>> {
    let project = shell.project()?;
    let values = project.workspace.filter_values(dimension.into(), &(&filter).try_into()?, &search, limit)?;
    Ok(values.into_iter().map(FilterValue::from).collect())
}
