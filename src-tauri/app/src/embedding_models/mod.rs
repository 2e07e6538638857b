//! Which embedding models are there, and which one does this workspace use?
//!
//! One is on board; others are downloaded from a catalogue after consent, or copied from a folder, and kept in the
//! user's models folder. A workspace names the one that it uses; vectors of several lie in it side by side.

mod list;

use std::{path::Path, sync::Arc};

use super::{Workspace, lock};
use hearback_domain::{
    error::{Error, NextStep, Result},
    job::Job,
};
use hearback_models::{
    Consent, Hub, ModelFolder, components,
    embed::{Embedder, ModelFiles, Offer},
    fetch, local,
};
use hearback_store::{Snapshot, StoredModel};

pub use list::{ModelEntry, ModelList, ModelState};

/// What the workspace uses.
struct Chosen {
    /// What its vectors are stored under; `None` where no choice was made, and the one on board embeds.
    id: Option<String>,
    files: ModelFiles,
}

/// The loaded model of a workspace: of which choice it is, and itself.
pub(crate) type Loaded = Option<(Option<String>, Arc<Embedder>)>;

impl Workspace {
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
        if self.store.chosen_model()?.as_deref() != Some(id.as_str()) {
            self.store.choose_model(&id)?;
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
            Some(_) => Error::input(format!("{key} is not a model that can be downloaded")).next(NextStep::Models),
            None => unknown(key),
        })?;
        self.download_from(&Hub::from_environment()?, offer, consent, job)
    }

    /// The same, from a hub of the caller's choice.
    ///
    /// # Errors
    /// As [`Workspace::download_model`].
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
            return Err(Error::not_found(format!("{key} has no vectors in this workspace")).next(NextStep::Models));
        };
        self.store.forget_vectors(&id)?;
        self.models()
    }

    /// What embeds, with its files.
    ///
    /// # Errors
    /// `Component` where the chosen model is not on this machine, or is not whole.
    fn chosen(&self) -> Result<Chosen> {
        let on_board = |id| Chosen { id, files: self.components.model_files() };
        let Some(id) = self.store.chosen_model()? else { return Ok(on_board(None)) };
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
    pub(crate) fn embedder(&self) -> Result<Arc<Embedder>> {
        let chosen = self.store.chosen_model()?;
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
    pub(crate) fn nothing_embedded(&self, purpose: &str) -> Error {
        match self.store.chosen_model() {
            Ok(Some(id)) => Error::not_found(format!(
                "nothing has been analysed with the embedding model {} yet, so there is nothing to {purpose}",
                model_of_id(&id).name
            ))
            .hint("Run the analysis, or choose the model from before")
            .next(NextStep::Analyse),
            _ => Error::not_found(format!("nothing has been analysed yet, so there is nothing to {purpose}"))
                .hint("Run the analysis first")
                .next(NextStep::Analyse),
        }
    }

    /// The names of the model of a run and of the one that is chosen now, where they are not the same.
    pub(crate) fn other_model(&self, snapshot: &Snapshot<'_>, run: &str) -> Result<Option<(String, String)>> {
        Ok(snapshot
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
                    .hint(format!("Download {key} first"))
                    .next(NextStep::Models)
            }
            Some(_) => Error::component(format!("the model {key} is not on this machine"))
                .hint("Add the folder that it was added from")
                .next(NextStep::Models),
        }
    }
}

/// As the store keeps it.
pub(crate) fn stored_model(embedder: &Embedder) -> StoredModel {
    let id = embedder.id();
    StoredModel {
        id: id.key(),
        name: id.name.clone(),
        digest: id.digest.clone(),
        pooling: id.pooling.word().to_owned(),
        max_length: u32::try_from(id.max_length).unwrap_or(u32::MAX),
        dimension: u32::try_from(id.dimension).unwrap_or(u32::MAX),
    }
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
    .hint("Download or add it, or choose another one")
    .next(NextStep::Models)
}

fn unknown(key: &str) -> Error {
    Error::not_found(format!("there is no model {key}")).next(NextStep::Models)
}
