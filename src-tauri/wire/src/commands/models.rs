use hearback_engine::{error::Result, pipeline::Consent};

use super::Asked;
use crate::{ModelEntry, ModelList, Outcome};

pub fn list_models(asked: &Asked<'_>) -> Result<ModelList> {
    Ok(asked.project.models()?.into())
}

pub fn choose_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.project.choose_model(&key)?.into())
}

pub fn download_model(asked: &Asked<'_>, key: String, consent: bool) -> Result<Outcome> {
    let consent = if consent { Consent::Given } else { Consent::NotGiven };
    Ok(Outcome::Model { model: ModelEntry::from(asked.project.download_model(&key, consent, asked.job)?) })
}

pub fn remove_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.project.remove_model(&key)?.into())
}

pub fn forget_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.project.forget_model(&key)?.into())
}
