use hearback_engine::job::Job;
use hearback_wire::{Filter, KnownProblem, SearchAnswer, SearchQuery, SimilarCase, SimilarQuery};
use tauri::State;

use super::Answer;
use crate::state::Shell;

#[tauri::command(async)]
pub fn similar(shell: State<'_, Shell>, query: SimilarQuery) -> Answer<Vec<SimilarCase>> {
    let filter = (&query.filter).try_into()?;
    let cases = shell.project()?.similar(query.target()?, query.k as usize, &filter, &Job::quiet())?;
    Ok(cases.into_iter().map(SimilarCase::from).collect())
}

#[tauri::command(async)]
pub fn search(shell: State<'_, Shell>, query: SearchQuery) -> Answer<SearchAnswer> {
    let filter = (&query.filter).try_into()?;
    let project = shell.project()?;
    Ok(project.search(&query.text, query.last_word(), query.k as usize, &filter, &Job::quiet())?.into())
}

#[tauri::command(async)]
pub fn known(shell: State<'_, Shell>, text: String, filter: Filter) -> Answer<KnownProblem> {
    Ok(shell.project()?.known(&text, &(&filter).try_into()?, &Job::quiet())?.into())
}
