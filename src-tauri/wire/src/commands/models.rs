use hearback_app::Consent;
use hearback_domain::error::Result;

use super::Asked;
use crate::{ModelEntry, ModelList, Outcome};

pub fn list_models(asked: &Asked<'_>) -> Result<ModelList> {
    Ok(asked.workspace.models()?.into())
}

pub fn choose_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.workspace.choose_model(&key)?.into())
}

pub fn download_model(asked: &Asked<'_>, key: String, consent: bool) -> Result<Outcome> {
    let consent = if consent { Consent::Given } else { Consent::NotGiven };
    Ok(Outcome::Model { model: ModelEntry::from(asked.workspace.download_model(&key, consent, asked.job)?) })
}

pub fn remove_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.workspace.remove_model(&key)?.into())
}

pub fn forget_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.workspace.forget_model(&key)?.into())
}
