use std::{collections::BTreeMap, time::Instant};

use hearback_engine::{
    error::{Error, Result},
    pipeline::{ImportOutcome, Project},
    store::UnjoinedReason,
    trail::signals::Rule,
};

use super::Asked;
use crate::{
    ImportReport, ImportRequest, Label, MappingProfile, Outcome, Polarity, Preview, PreviewRequest, RejectPage,
    RemoveRequest, ScoreRule, SignalRule, Source, UnjoinedPage,
};

/// Enough for a person to go through; the most frequent come first.
const LABELS: u32 = 500;

pub fn start_preview(asked: &Asked<'_>, request: PreviewRequest) -> Result<Outcome> {
    let (paths, options) = request.options(asked.now, asked.personal_data)?;
    Ok(Outcome::Preview { preview: Preview::new(asked.project.preview(&paths, &options, asked.job)?) })
}

pub fn start_import(asked: &Asked<'_>, request: ImportRequest) -> Result<Outcome> {
    let began = Instant::now();
    let (paths, options) = request.options(asked.now, asked.personal_data)?;
    let outcome = asked.project.import(&paths, &options, asked.job)?;
    Ok(Outcome::Import { report: import_report(asked.project, &outcome, began)? })
}

/// What an import did, with what did not join.
pub fn import_report(project: &Project, outcome: &ImportOutcome, began: Instant) -> Result<ImportReport> {
    let mut unjoined: BTreeMap<UnjoinedReason, u64> = BTreeMap::new();
    for source in &outcome.sources {
        for (reason, count) in project.unjoined_counts(Some(source.id))? {
            *unjoined.entry(reason).or_default() += count;
        }
    }
    Ok(ImportReport::new(outcome, began.elapsed().as_secs_f64()).with_unjoined(unjoined))
}

pub fn list_sources(asked: &Asked<'_>) -> Result<Vec<Source>> {
    Ok(asked.project.sources()?.iter().map(Source::from).collect())
}

pub fn remove_sources(asked: &Asked<'_>, request: RemoveRequest) -> Result<Vec<Source>> {
    asked.project.remove_sources(&request.sources(asked.project.path())?)?;
    list_sources(asked)
}

pub fn list_rejects(asked: &Asked<'_>, source_id: Option<i64>, after: Option<i64>, limit: u32) -> Result<RejectPage> {
    Ok(asked.project.rejects(source_id, after, limit)?.into())
}

pub fn list_unjoined(
    asked: &Asked<'_>,
    source_id: Option<i64>,
    after: Option<String>,
    limit: u32,
) -> Result<UnjoinedPage> {
    let reasons = asked.project.unjoined_counts(source_id)?;
    Ok(UnjoinedPage::new(asked.project.unjoined(source_id, after.as_deref(), limit)?, reasons))
}

pub fn list_mapping_profiles(asked: &Asked<'_>) -> Result<Vec<MappingProfile>> {
    Ok(asked.project.mapping_profiles()?.into_iter().map(MappingProfile::from).collect())
}

pub fn remove_mapping_profile(asked: &Asked<'_>, fingerprint: String) -> Result<Vec<MappingProfile>> {
    asked.project.remove_mapping_profile(&fingerprint)?;
    list_mapping_profiles(asked)
}

pub fn list_score_rules(asked: &Asked<'_>) -> Result<Vec<ScoreRule>> {
    Ok(asked.project.score_rules()?.into_iter().map(ScoreRule::from).collect())
}

pub fn set_score_rule(asked: &Asked<'_>, rule: ScoreRule) -> Result<Vec<ScoreRule>> {
    asked.project.set_score_rule(&rule.key(), rule.only, &rule.rule()?)?;
    list_score_rules(asked)
}

pub fn list_labels(asked: &Asked<'_>) -> Result<Vec<Label>> {
    Ok(asked.project.labels(LABELS)?.into_iter().map(Label::from).collect())
}

pub fn tell_label(
    asked: &Asked<'_>,
    score_name: Option<String>,
    label: String,
    polarity: Option<Polarity>,
) -> Result<Vec<Label>> {
    asked.project.tell_label(score_name.as_deref(), &label, polarity.map(Into::into))?;
    list_labels(asked)
}

pub fn list_signal_rules(asked: &Asked<'_>) -> Result<Vec<SignalRule>> {
    Ok(asked.project.signal_rules()?.into_iter().map(SignalRule::from).collect())
}

pub fn set_signal_rule(asked: &Asked<'_>, rule: String, enabled: bool) -> Result<Vec<SignalRule>> {
    let known = Rule::from_word(&rule).ok_or_else(|| Error::input(format!("there is no rule {rule:?}")))?;
    Ok(asked.project.set_signal_rule(known, enabled)?.into_iter().map(SignalRule::from).collect())
}
