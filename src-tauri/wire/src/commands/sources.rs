use std::{collections::BTreeMap, time::Instant};

use hearback_app::{ImportOutcome, Workspace, analysis::trail::signals::Rule, store::UnjoinedReason};
use hearback_domain::error::{Error, Result};

use super::Asked;
use crate::{
    ImportReport, ImportRequest, Label, MappingProfile, Outcome, Polarity, Preview, PreviewRequest, RejectPage,
    RemoveRequest, ScoreRule, SignalRule, Source, UnjoinedPage,
};

/// Enough for a person to go through; the most frequent come first.
pub const LABELS: u32 = 500;

pub fn start_preview(asked: &Asked<'_>, request: PreviewRequest) -> Result<Outcome> {
    let (paths, options) = request.options(asked.now, asked.personal_data)?;
    Ok(Outcome::Preview { preview: Preview::new(asked.workspace.preview(&paths, &options, asked.job)?) })
}

pub fn start_import(asked: &Asked<'_>, request: ImportRequest) -> Result<Outcome> {
    let began = Instant::now();
    let (paths, options) = request.options(asked.now, asked.personal_data)?;
    let outcome = asked.workspace.import(&paths, &options, asked.job)?;
    Ok(Outcome::Import { report: import_report(asked.workspace, &outcome, began)? })
}

/// What an import did, with what did not join.
pub fn import_report(workspace: &Workspace, outcome: &ImportOutcome, began: Instant) -> Result<ImportReport> {
    let mut unjoined: BTreeMap<UnjoinedReason, u64> = BTreeMap::new();
    for source in &outcome.sources {
        for (reason, count) in workspace.unjoined_counts(Some(source.id))? {
            *unjoined.entry(reason).or_default() += count;
        }
    }
    Ok(ImportReport::new(outcome, began.elapsed().as_secs_f64()).with_unjoined(unjoined))
}

pub fn list_sources(asked: &Asked<'_>) -> Result<Vec<Source>> {
    Ok(asked.workspace.sources()?.iter().map(Source::from).collect())
}

pub fn remove_sources(asked: &Asked<'_>, request: RemoveRequest) -> Result<Vec<Source>> {
    asked.workspace.remove_sources(&request.sources(asked.workspace.path())?)?;
    list_sources(asked)
}

pub fn list_rejects(asked: &Asked<'_>, source_id: Option<i64>, after: Option<i64>, limit: u32) -> Result<RejectPage> {
    Ok(asked.workspace.rejects(source_id, after, limit)?.into())
}

pub fn list_unjoined(
    asked: &Asked<'_>,
    source_id: Option<i64>,
    after: Option<String>,
    limit: u32,
) -> Result<UnjoinedPage> {
    let reasons = asked.workspace.unjoined_counts(source_id)?;
    Ok(UnjoinedPage::new(asked.workspace.unjoined(source_id, after.as_deref(), limit)?, reasons))
}

pub fn list_mapping_profiles(asked: &Asked<'_>) -> Result<Vec<MappingProfile>> {
    Ok(asked.workspace.mapping_profiles()?.into_iter().map(MappingProfile::from).collect())
}

pub fn remove_mapping_profile(asked: &Asked<'_>, fingerprint: String) -> Result<Vec<MappingProfile>> {
    asked.workspace.remove_mapping_profile(&fingerprint)?;
    list_mapping_profiles(asked)
}

pub fn list_score_rules(asked: &Asked<'_>) -> Result<Vec<ScoreRule>> {
    Ok(asked.workspace.score_rules()?.into_iter().map(ScoreRule::from).collect())
}

pub fn set_score_rule(asked: &Asked<'_>, rule: ScoreRule) -> Result<Vec<ScoreRule>> {
    asked.workspace.set_score_rule(&rule.key(), rule.only, &rule.rule()?)?;
    list_score_rules(asked)
}

pub fn list_labels(asked: &Asked<'_>) -> Result<Vec<Label>> {
    Ok(asked.workspace.labels(LABELS)?.into_iter().map(Label::from).collect())
}

pub fn tell_label(
    asked: &Asked<'_>,
    score_name: Option<String>,
    label: String,
    polarity: Option<Polarity>,
) -> Result<Vec<Label>> {
    asked.workspace.tell_label(score_name.as_deref(), &label, polarity.map(Into::into))?;
    list_labels(asked)
}

pub fn list_signal_rules(asked: &Asked<'_>) -> Result<Vec<SignalRule>> {
    Ok(asked.workspace.signal_rules()?.into_iter().map(SignalRule::from).collect())
}

pub fn set_signal_rule(asked: &Asked<'_>, rule: String, enabled: bool) -> Result<Vec<SignalRule>> {
    let known = Rule::from_word(&rule).ok_or_else(|| Error::input(format!("there is no rule {rule:?}")))?;
    Ok(asked.workspace.set_signal_rule(known, enabled)?.into_iter().map(SignalRule::from).collect())
}
