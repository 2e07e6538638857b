use hearback_engine::job::Job;
use hearback_wire::{SimilarCase, SimilarQuery, Trail, TrailQuery};
use tauri::State;

use super::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn trail(shell: State<'_, Shell>, query: TrailQuery) -> Answer<Trail> {
    Ok(shell.project()?.trail(query.of()?)?.into())
}

#[tauri::command(async)]
pub fn similar(shell: State<'_, Shell>, query: SimilarQuery) -> Answer<Vec<SimilarCase>> {
    let filter = (&query.filter).try_into()?;
    let cases = shell.project()?.similar(query.target()?, query.k as usize, &filter, &Job::quiet())?;
    Ok(cases.into_iter().map(SimilarCase::from).collect())
}
