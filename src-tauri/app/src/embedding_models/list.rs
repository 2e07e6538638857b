//! Which embedding models can be shown, and what is to be known of each?

use std::{collections::BTreeSet, path::PathBuf};

use super::{missing, model_of_id};
use crate::Workspace;
use hearback_domain::error::Result;
use hearback_models::{
    Hub, ModelFolder, components,
    download::HUB,
    embed::{Offer, Pooling, catalogue::OFFERS},
    folder::{Found, Installed},
};
use hearback_store::ModelVectors;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelState {
    /// Part of Hearback; cannot be removed.
    OnBoard,
    /// In the models folder of this machine.
    Installed,
    /// Can be downloaded.
    Available,
    /// The workspace has its vectors or has it chosen, but it is not on this machine.
    Missing,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ModelList {
    /// The key of the one that the workspace uses.
    pub chosen: String,
    /// The one on board first, then those that are installed, missing, available, each by title.
    pub models: Vec<ModelEntry>,
    /// Where models that are added are kept; `None` where this machine has no such folder.
    pub folder: Option<PathBuf>,
    /// Distinct texts of the workspace.
    pub texts: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ModelEntry {
    /// What commands name it by.
    pub key: String,
    /// What its vectors are stored under; `None` before it was downloaded.
    pub id: Option<String>,
    pub title: String,
    /// As a phrase; `None` where nobody says.
    pub languages: Option<String>,
    pub dimension: u32,
    /// Tokens of a text that it sees.
    pub max_length: u32,
    /// `None` for vectors that came with a vector store.
    pub pooling: Option<Pooling>,
    /// As its makers state it; `None`: not stated.
    pub licence: Option<String>,
    /// The address or folder it comes from, or who made the vectors.
    pub origin: String,
    /// On the disk; for one that can be downloaded, about so much.
    pub bytes: Option<u64>,
    /// BLAKE3 of model and tokenizer; `None` before it was downloaded.
    pub digest: Option<String>,
    pub state: ModelState,
    /// Vectors in this workspace.
    pub vectors: u64,
    pub chosen: bool,
    /// Its vectors came with a vector store: nothing can be embedded with it.
    pub imported: bool,
    /// What is wrong with it, and what to do.
    pub problem: Option<String>,
}

impl Workspace {
    /// Every model that this workspace or this machine has, and those that can be had.
    pub fn models(&self) -> Result<ModelList> {
        let snapshot = &self.store.snapshot()?;
        let chosen = snapshot.chosen_model()?;
        let mut stored = snapshot.models()?;
        let mut take = |id: &str| {
            let place = stored.iter().position(|known| known.source.is_none() && known.model.id == id)?;
            Some(stored.remove(place))
        };
        let mut models = vec![self.entry_on_board(chosen.as_deref(), &mut take)];
        for found in self.components.added_models().map(ModelFolder::list).unwrap_or_default() {
            models.push(entry_of_folder(found, chosen.as_deref(), &mut take));
        }
        let mut keys: BTreeSet<String> = models.iter().map(|entry| entry.key.clone()).collect();
        let mut missing: Vec<ModelEntry> = Vec::new();
        // A choice is remembered also where nothing was embedded with it yet.
        let chosen_is_there = models.iter().any(|entry| entry.chosen);
        if let Some(id) =
            chosen.as_deref().filter(|id| !chosen_is_there && !stored.iter().any(|known| known.model.id == *id))
        {
            stored.push(ModelVectors { model: model_of_id(id), vectors: 0, source: None });
        }
        for known in stored {
            missing.push(entry_of_vectors(known, chosen.as_deref(), &mut keys));
        }
        let hub = Hub::from_environment().ok();
        for offer in OFFERS {
            // Where its vectors are here already, its entry says so.
            match missing.iter_mut().find(|entry| entry.key == offer.key && !entry.imported) {
                Some(entry) => offer_again(entry, offer, hub.as_ref()),
                None if keys.contains(offer.key) => {}
                None => models.push(entry_of_offer(offer, hub.as_ref())),
            }
        }
        models.extend(missing);
        models.sort_by_key(|entry| {
            let rank = match entry.state {
                ModelState::OnBoard => 0,
                ModelState::Installed => 1,
                ModelState::Missing => 2,
                ModelState::Available => 3,
            };
            (rank, entry.title.to_lowercase(), entry.key.clone())
        });
        Ok(ModelList {
            chosen: models.iter().find(|entry| entry.chosen).map(|entry| entry.key.clone()).unwrap_or_default(),
            models,
            folder: self.components.added_models().map(|folder| folder.root().to_owned()),
            texts: snapshot.text_count()?,
        })
    }

    fn entry_on_board(&self, chosen: Option<&str>, take: &mut dyn FnMut(&str) -> Option<ModelVectors>) -> ModelEntry {
        let files = self.components.model_files();
        let id = self.components.model_id();
        let of_id = id.as_ref().ok().map(|id| id.key());
        ModelEntry {
            key: components::MODEL.to_owned(),
            id: of_id.clone(),
            title: components::MODEL.to_owned(),
            languages: Some("English".to_owned()),
            dimension: components::DIMENSION as u32,
            max_length: saturating_u32(files.max_length),
            pooling: Some(files.pooling),
            licence: Some("Apache-2.0".to_owned()),
            origin: "Part of Hearback".to_owned(),
            bytes: std::fs::metadata(&files.onnx).ok().map(|file| file.len()),
            digest: id.as_ref().ok().map(|id| id.digest.clone()),
            state: ModelState::OnBoard,
            vectors: of_id.as_deref().and_then(&mut *take).map_or(0, |known| known.vectors),
            chosen: chosen.is_none() || chosen == of_id.as_deref(),
            imported: false,
            problem: id.err().map(|error| error.with_hint()),
        }
    }
}

fn entry_of_folder(
    found: Found,
    chosen: Option<&str>,
    take: &mut dyn FnMut(&str) -> Option<ModelVectors>,
) -> ModelEntry {
    let empty = ModelEntry {
        title: found.key.clone(),
        key: found.key,
        id: None,
        languages: None,
        dimension: 0,
        max_length: 0,
        pooling: None,
        licence: None,
        origin: String::new(),
        bytes: None,
        digest: None,
        state: ModelState::Installed,
        vectors: 0,
        chosen: false,
        imported: false,
        problem: None,
    };
    match found.model {
        Err(error) => {
            let chosen = chosen.is_some_and(|id| model_of_id(id).name == empty.key);
            ModelEntry { problem: Some(error.with_hint()), chosen, ..empty }
        }
        Ok(model) => {
            let id = model.id();
            let bytes = model.bytes();
            let Installed { title, languages, origin, licence, pooling, max_length, dimension, digest, .. } = model;
            ModelEntry {
                title,
                languages,
                dimension: saturating_u32(dimension),
                max_length: saturating_u32(max_length),
                pooling: Some(pooling),
                licence,
                origin,
                bytes: Some(bytes),
                digest: Some(digest),
                vectors: take(&id).map_or(0, |known| known.vectors),
                chosen: chosen == Some(id.as_str()),
                id: Some(id),
                ..empty
            }
        }
    }
}

/// A model that the workspace knows and the machine does not.
fn entry_of_vectors(known: ModelVectors, chosen: Option<&str>, keys: &mut BTreeSet<String>) -> ModelEntry {
    let ModelVectors { model, vectors, source } = known;
    let imported = source.is_some();
    let mut key = if imported { model.id.clone() } else { model.name.clone() };
    if !keys.insert(key.clone()) {
        // Another version of a model that is here.
        key = format!("{key}@{}", model.digest.get(..8).unwrap_or(&model.id));
        keys.insert(key.clone());
    }
    let chosen = chosen == Some(model.id.as_str());
    ModelEntry {
        key,
        id: Some(model.id.clone()),
        title: model.name.clone(),
        languages: None,
        dimension: model.dimension,
        max_length: model.max_length,
        pooling: Pooling::from_word(&model.pooling),
        licence: None,
        origin: source.unwrap_or_default(),
        bytes: None,
        digest: Some(model.digest.clone()).filter(|digest| !digest.is_empty()),
        state: ModelState::Missing,
        vectors,
        chosen,
        imported,
        problem: (chosen && !imported).then(|| missing(&model).with_hint()),
    }
}

fn entry_of_offer(offer: &Offer, hub: Option<&Hub>) -> ModelEntry {
    ModelEntry {
        key: offer.key.to_owned(),
        id: None,
        title: offer.title.to_owned(),
        languages: Some(offer.languages.to_owned()),
        dimension: saturating_u32(offer.dimension),
        max_length: saturating_u32(offer.max_length),
        pooling: Some(offer.pooling),
        licence: Some(offer.licence.to_owned()),
        origin: page(offer, hub),
        bytes: Some(offer.bytes),
        digest: None,
        state: ModelState::Available,
        vectors: 0,
        chosen: false,
        imported: false,
        problem: None,
    }
}

/// What is missing here can be fetched again.
fn offer_again(entry: &mut ModelEntry, offer: &Offer, hub: Option<&Hub>) {
    let ModelEntry { title, languages, licence, origin, bytes, state, .. } = entry_of_offer(offer, hub);
    *entry = ModelEntry { title, languages, licence, origin, bytes, state, ..entry.clone() };
}

fn page(offer: &Offer, hub: Option<&Hub>) -> String {
    hub.map_or_else(|| format!("{}/{}", HUB, offer.repository), |hub| hub.page(offer.repository))
}

fn saturating_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
