use std::time::Instant;

use hearback_app::AnalysisOptions;
use hearback_domain::error::Result;

use super::Asked;
use crate::{
    AnalysisReport, AnalysisRequest, Comparison, Filter, Outcome, Subject, ThemeCut, ThemeDetail, ThemeEdit,
    ThemeEditReport, ThemeEditRow, ThemeHistoryEntry, ThemeList,
};

pub fn start_analysis(asked: &Asked<'_>, request: AnalysisRequest) -> Result<Outcome> {
    let began = Instant::now();
    let last = asked.workspace.analysis_options(request.subject.map(Into::into), asked.now)?;
    let options = AnalysisOptions {
        resolution: request.resolution.unwrap_or(last.resolution),
        unclustered_at_most: request.unclustered_at_most.or(last.unclustered_at_most),
        seed: request.seed.unwrap_or(last.seed),
        ..last
    };
    let outcome = asked.workspace.analyse(&options, asked.job)?;
    Ok(Outcome::Analysis { report: AnalysisReport::new(&outcome, began.elapsed().as_secs_f64()) })
}

pub fn list_themes(asked: &Asked<'_>, filter: Filter, comparison: Comparison) -> Result<ThemeList> {
    Ok((&asked.workspace.themes(&(&filter).try_into()?, &(&comparison).into())?).into())
}

pub fn theme_detail(asked: &Asked<'_>, id: Option<i64>, filter: Filter, comparison: Comparison) -> Result<ThemeDetail> {
    Ok(asked.workspace.theme(id, &(&filter).try_into()?, &(&comparison).into())?.into())
}

pub fn recut_themes(asked: &Asked<'_>, cut: ThemeCut) -> Result<AnalysisReport> {
    let began = Instant::now();
    let outcome = asked.workspace.recut(&cut.into(), asked.now, asked.job)?;
    Ok(AnalysisReport::new(&outcome, began.elapsed().as_secs_f64()))
}

pub fn choose_theme_subject(asked: &Asked<'_>, subject: Subject) -> Result<()> {
    asked.workspace.choose_subject(subject.into())
}

pub fn edit_themes(asked: &Asked<'_>, edit: ThemeEdit) -> Result<ThemeEditReport> {
    Ok(asked.workspace.edit_themes(&edit.into(), asked.now, asked.job)?.into())
}

pub fn undo_theme_edit(asked: &Asked<'_>, id: Option<i64>) -> Result<ThemeEditRow> {
    Ok((&asked.workspace.undo_theme_edit(id, asked.job)?).into())
}

pub fn list_theme_edits(asked: &Asked<'_>) -> Result<Vec<ThemeEditRow>> {
    Ok(asked.workspace.theme_edits()?.iter().map(ThemeEditRow::from).collect())
}

pub fn theme_history(asked: &Asked<'_>, theme: Option<i64>) -> Result<Vec<ThemeHistoryEntry>> {
    Ok(asked.workspace.theme_history(theme)?.iter().map(ThemeHistoryEntry::from).collect())
}
