//! Which embedding models are there, and which one does this workspace use?
//!
//! One is on board; others are downloaded from a catalogue after consent, or copied from a folder, and kept in the
//! user's models folder. A workspace names the one that it uses; vectors of several lie in it side by side.

mod card;
mod download;
mod fetch;
mod folder;
mod local;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Project, components, lock};
use crate::{
    embed::{Embedder, ModelFiles, Offer, Pooling, catalogue::OFFERS},
    error::{Error, Result},
    job::Job,
    store::{ModelVectors, StoredModel},
};

pub use download::Hub;
pub(super) use folder::ModelFolder;
use folder::{Found, Installed};

/// The next step of whoever lacks a model.
const LOOK: &str = "Look at the models (`hearback-cli models list`, or Models in the window)";

/// Whether the user agreed to a download after being told from where, how much, and under which licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    Given,
    NotGiven,
}

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

/// What the workspace uses.
struct Chosen {
    /// What its vectors are stored under; `None` where no choice was made, and the one on board embeds.
    id: Option<String>,
    files: ModelFiles,
}

/// The loaded model of a workspace: of which choice it is, and itself.
pub(super) type Loaded = Option<(Option<String>, Arc<Embedder>)>;

impl Project {
    /// Every model that this workspace or this machine has, and those that can be had.
    pub fn models(&self) -> Result<ModelList> {
        let chosen = self.workspace.chosen_model()?;
        let mut stored = self.workspace.models()?;
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
            texts: self.workspace.text_count()?,
        })
    }

    /// Uses another model from now on: to embed, to find themes, to draw the map and to recall. Nothing is embedded; what
    /// was embedded with it before is there at once. Themes stay as they are until they are found again.
    ///
    /// # Errors
    /// `NotFound` for a model that there is not; `Component` for one that is not on this machine; `Input` for one that
    /// nothing can be embedded with.
    pub fn choose_model(&self, key: &str) -> Result<ModelList> {
        let id = if key == components::MODEL {
            self.components.model_id()?.key()
        } else {
            match self.components.added_models().filter(|folder| folder.has(key)) {
                Some(folder) => folder.read(key)?.id(),
                None => return Err(self.not_here(key)),
            }
        };
        if self.workspace.chosen_model()?.as_deref() != Some(id.as_str()) {
            self.workspace.choose_model(&id)?;
            *lock(&self.embedder) = None;
        }
        self.models()
    }

    /// Fetches a model of the catalogue.
    ///
    /// # Errors
    /// `Input` without consent, saying from where, how much and under which licence; those of the network, the disk and
    /// the model, each with the next step; cancelled, with what was fetched kept for the next attempt.
    pub fn download_model(&self, key: &str, consent: Consent, job: &Job) -> Result<ModelEntry> {
        let offer = Offer::named(key).ok_or_else(|| match self.find(key) {
            Some(_) => Error::input(format!("{key} is not a model that can be downloaded")).hint(LOOK),
            None => unknown(key),
        })?;
        self.download_from(&Hub::from_environment()?, offer, consent, job)
    }

    /// The same, from a hub of the caller's choice.
    ///
    /// # Errors
    /// As [`Project::download_model`].
    pub fn download_from(&self, hub: &Hub, offer: &Offer, consent: Consent, job: &Job) -> Result<ModelEntry> {
        let model = fetch::fetch(offer, hub, consent, self.model_folder()?, self.components.runtime(), job)?;
        self.entry(&model.key)
    }

    /// Copies the model in a folder into the models folder.
    ///
    /// # Errors
    /// Naming the file that is missing or wrong, with the next step; cancelled.
    pub fn add_model_folder(&self, folder: &Path, job: &Job) -> Result<ModelEntry> {
        let taken = [components::MODEL];
        let model = local::add(folder, self.model_folder()?, self.components.runtime(), &taken, job)?;
        self.entry(&model.key)
    }

    /// Removes an installed model from this machine. Its vectors stay, in this workspace and in others.
    ///
    /// # Errors
    /// `Input` for the one on board and for the one that this workspace uses; `NotFound` where it is not installed.
    pub fn remove_model(&self, key: &str) -> Result<ModelList> {
        if key == components::MODEL {
            return Err(Error::input(format!("{key} is part of Hearback and cannot be removed")));
        }
        if self.find(key).is_some_and(|entry| entry.chosen && entry.state == ModelState::Installed) {
            return Err(
                Error::input(format!("{key} is the model that this workspace uses")).hint("Choose another one first")
            );
        }
        self.model_folder()?.remove(key)?;
        self.models()
    }

    /// Removes the vectors of a model from this workspace. Themes and maps that were made with it stay, but can only be
    /// changed again once the texts were embedded again.
    ///
    /// # Errors
    /// `Input` for the model that the workspace uses, and for one whose vectors came with a source; `NotFound` for one
    /// that has none here.
    pub fn forget_model(&self, key: &str) -> Result<ModelList> {
        let entry = self.find(key).ok_or_else(|| unknown(key))?;
        if entry.imported {
            return Err(Error::input(format!("the vectors of {} came with {}", entry.title, entry.origin))
                .hint("Remove that source to remove them"));
        }
        if entry.chosen {
            return Err(
                Error::input(format!("{key} is the model that this workspace uses")).hint("Choose another one first")
            );
        }
        let Some(id) = entry.id.filter(|_| entry.vectors > 0) else {
            return Err(Error::not_found(format!("{key} has no vectors in this workspace")).hint(LOOK));
        };
        self.workspace.forget_vectors(&id)?;
        self.models()
    }

    /// What embeds, with its files.
    ///
    /// # Errors
    /// `Component` where the chosen model is not on this machine, or is not whole.
    fn chosen(&self) -> Result<Chosen> {
        let on_board = |id| Chosen { id, files: self.components.model_files() };
        let Some(id) = self.workspace.chosen_model()? else { return Ok(on_board(None)) };
        let name = model_of_id(&id).name;
        if name == components::MODEL {
            let there = self.components.model_id()?.key();
            if there == id {
                return Ok(on_board(Some(id)));
            }
        }
        if let Some(folder) = self.components.added_models().filter(|folder| folder.has(&name)) {
            let model = folder.read(&name)?;
            if model.id() == id {
                return Ok(Chosen { id: Some(id), files: folder.files(&model, self.components.runtime()) });
            }
        }
        Err(missing(&model_of_id(&id)))
    }

    /// The chosen model, loaded at its first use.
    pub(super) fn embedder(&self) -> Result<Arc<Embedder>> {
        let chosen = self.workspace.chosen_model()?;
        let mut slot = lock(&self.embedder);
        if let Some((_, embedder)) = slot.as_ref().filter(|(of, _)| *of == chosen) {
            return Ok(Arc::clone(embedder));
        }
        // Two do not have to fit into memory.
        *slot = None;
        let Chosen { id, files } = self.chosen()?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let embedder = Arc::new(Embedder::load(&files, cores)?);
        if let Some(id) = id.as_ref().filter(|id| **id != embedder.id().key()) {
            return Err(missing(&model_of_id(id)));
        }
        *slot = Some((id, Arc::clone(&embedder)));
        Ok(embedder)
    }

    /// Why there is nothing to `purpose` with: no analysis yet, or none with the chosen model.
    pub(super) fn nothing_embedded(&self, purpose: &str) -> Error {
        match self.workspace.chosen_model() {
            Ok(Some(id)) => Error::not_found(format!(
                "nothing has been analysed with the embedding model {} yet, so there is nothing to {purpose}",
                model_of_id(&id).name
            ))
            .hint(
                "Run the analysis (`hearback-cli analyze`, or Analyse in the window), or choose the model from before",
            ),
            _ => Error::not_found(format!("nothing has been analysed yet, so there is nothing to {purpose}"))
                .hint("Run the analysis first (`hearback-cli analyze`, or Analyse in the window)"),
        }
    }

    /// The names of the model of a run and of the one that is chosen now, where they are not the same.
    pub(super) fn other_model(&self, run: &str) -> Result<Option<(String, String)>> {
        Ok(self
            .workspace
            .chosen_model()?
            .filter(|chosen| chosen != run)
            .map(|chosen| (model_of_id(run).name, model_of_id(&chosen).name)))
    }

    fn model_folder(&self) -> Result<&ModelFolder> {
        self.components.added_models().ok_or_else(|| {
            Error::file("this machine has no folder for the user's data").hint("Name one with HEARBACK_MODELS")
        })
    }

    fn find(&self, key: &str) -> Option<ModelEntry> {
        self.models().ok()?.models.into_iter().find(|entry| entry.key == key)
    }

    fn entry(&self, key: &str) -> Result<ModelEntry> {
        self.models()?.models.into_iter().find(|entry| entry.key == key).ok_or_else(|| unknown(key))
    }

    fn not_here(&self, key: &str) -> Error {
        match self.find(key) {
            None => unknown(key),
            Some(entry) if entry.imported => {
                Error::input(format!("the vectors of {} came with {}", entry.title, entry.origin))
                    .hint("Nothing can be embedded with it, so it cannot be chosen")
            }
            Some(entry) if entry.state == ModelState::Available => {
                Error::component(format!("the model {key} is not on this machine"))
                    .hint(format!("Download it first (`hearback-cli models download {key}`, or Models in the window)"))
            }
            Some(_) => Error::component(format!("the model {key} is not on this machine")).hint(
                "Add the folder that it was added from (`hearback-cli models add FOLDER`, or Models in the window)",
            ),
        }
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
            max_length: few(files.max_length),
            pooling: Some(files.pooling),
            licence: Some("Apache-2.0".to_owned()),
            origin: "Part of Hearback".to_owned(),
            bytes: std::fs::metadata(&files.onnx).ok().map(|file| file.len()),
            digest: id.as_ref().ok().map(|id| id.digest.clone()),
            state: ModelState::OnBoard,
            vectors: of_id.as_deref().and_then(|id| take(id)).map_or(0, |known| known.vectors),
            chosen: chosen.is_none() || chosen == of_id.as_deref(),
            imported: false,
            problem: id.err().map(|error| sentence(&error)),
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
            ModelEntry { problem: Some(sentence(&error)), chosen, ..empty }
        }
        Ok(model) => {
            let id = model.id();
            let bytes = model.bytes();
            let Installed { title, languages, origin, licence, pooling, max_length, dimension, digest, .. } = model;
            ModelEntry {
                title,
                languages,
                dimension: few(dimension),
                max_length: few(max_length),
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
        problem: (chosen && !imported).then(|| sentence(&missing(&model))),
    }
}

fn entry_of_offer(offer: &Offer, hub: Option<&Hub>) -> ModelEntry {
    ModelEntry {
        key: offer.key.to_owned(),
        id: None,
        title: offer.title.to_owned(),
        languages: Some(offer.languages.to_owned()),
        dimension: few(offer.dimension),
        max_length: few(offer.max_length),
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
    hub.map_or_else(|| format!("{}/{}", download::HUB, offer.repository), |hub| hub.page(offer.repository))
}

/// An id taken apart again: what it says of the model that it is of.
fn model_of_id(id: &str) -> StoredModel {
    let mut parts = id.splitn(6, '/');
    let mut next = || parts.next().unwrap_or_default().to_owned();
    let (name, digest, pooling) = (next(), next(), next());
    let mut number = || next().parse().unwrap_or(0);
    let (max_length, dimension) = (number(), number());
    StoredModel { id: id.to_owned(), name, digest, pooling, max_length, dimension }
}

fn missing(model: &StoredModel) -> Error {
    Error::component(format!(
        "this workspace uses the embedding model {} (digest {}), which is not on this machine",
        model.name,
        model.digest.get(..8).unwrap_or(&model.digest)
    ))
    .hint("Download or add it, or choose another one (`hearback-cli models`, or Models in the window)")
}

fn unknown(key: &str) -> Error {
    Error::not_found(format!("there is no model {key}")).hint(LOOK)
}

fn sentence(error: &Error) -> String {
    let hint = error.hint.as_ref().map(|hint| format!(". {hint}")).unwrap_or_default();
    format!("{}{hint}", error.message)
}

fn few(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
