use hearback_domain::error::Result;

use super::Asked;
use crate::{
    FeedbackPage, FeedbackQuery, Filter, KnownProblem, SearchAnswer, SearchQuery, SimilarCase, SimilarQuery, Trail,
    TrailQuery,
};

pub fn feedback_page(asked: &Asked<'_>, query: FeedbackQuery) -> Result<FeedbackPage> {
    let filter = (&query.filter).try_into()?;
    Ok(asked.workspace.feedback_page(&filter, query.sort(), query.after.as_deref(), query.limit)?.into())
}

pub fn trail(asked: &Asked<'_>, query: TrailQuery) -> Result<Trail> {
    Ok(asked.workspace.trail(query.of()?)?.into())
}

pub fn similar(asked: &Asked<'_>, query: SimilarQuery) -> Result<Vec<SimilarCase>> {
    let filter = (&query.filter).try_into()?;
    let cases = asked.workspace.similar(query.target()?, query.k as usize, &filter, asked.job)?;
    Ok(cases.into_iter().map(SimilarCase::from).collect())
}

pub fn search(asked: &Asked<'_>, query: SearchQuery) -> Result<SearchAnswer> {
    let filter = (&query.filter).try_into()?;
    Ok(asked.workspace.search(&query.text, query.last_word(), query.k as usize, &filter, asked.job)?.into())
}

pub fn known(asked: &Asked<'_>, text: String, filter: Filter) -> Result<KnownProblem> {
    Ok(asked.workspace.known(&text, &(&filter).try_into()?, asked.job)?.into())
}
