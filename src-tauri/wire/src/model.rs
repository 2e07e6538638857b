//! Embedding models: which there are, which of them is chosen, and what it would mean to fetch another.

use crate::{Asked, mirror_enum, string_enum, wire_type};
use hearback_app::{self as app, Consent};
use hearback_domain::error::Result;

string_enum! {
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
    pub enum ModelPooling { Mean, Cls }
}

wire_type! {
    /// The on-board model first, then those that are installed, missing, available, each by title.
    pub struct ModelList {
        /// The key of the one that this workspace uses.
        pub chosen: String,
        pub models: Vec<ModelEntry>,
        /// Where models that are added are kept.
        pub folder: String,
        /// Distinct texts of the workspace, of which each model has a vector or not.
        pub texts: u64,
    }

    pub struct ModelEntry {
        /// What commands name it by.
        pub key: String,
        pub title: String,
        /// As a phrase: "English", "some 100 languages"; `null` where nobody says.
        pub languages: Option<String>,
        pub dimension: u32,
        /// Tokens of a text that it sees.
        pub max_length: u32,
        /// `null` for vectors that came with a vector store.
        pub pooling: Option<ModelPooling>,
        /// An SPDX identifier where the model's makers state one; `null`: not stated.
        pub licence: Option<String>,
        /// The address it is or was fetched from, the folder it was added from, or who made the vectors.
        pub origin: String,
        /// On the disk; for one that can be downloaded, about so much.
        pub bytes: Option<u64>,
        /// BLAKE3 of model and tokenizer, 32 hexadecimal digits; `null` until it was downloaded.
        pub digest: Option<String>,
        pub state: ModelState,
        /// Vectors in this workspace.
        pub vectors: u64,
        pub chosen: bool,
        /// Its vectors came with a vector store: nothing can be embedded with it, so it cannot be chosen.
        pub imported: bool,
        /// What is wrong with it, and what to do.
        pub problem: Option<String>,
    }
}

mirror_enum! {
    ModelState = app::ModelState { OnBoard, Installed, Available, Missing }
    ModelPooling = hearback_app::models::embed::Pooling { Mean, Cls }
}

pub fn list_models(asked: &Asked<'_>) -> Result<ModelList> {
    Ok(asked.workspace.models()?.into())
}

pub fn choose_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.workspace.choose_model(&key)?.into())
}

pub fn download_model(asked: &Asked<'_>, key: String, consent: bool) -> Result<ModelEntry> {
    let consent = if consent { Consent::Given } else { Consent::NotGiven };
    Ok(asked.workspace.download_model(&key, consent, asked.job)?.into())
}

pub fn remove_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.workspace.remove_model(&key)?.into())
}

pub fn forget_model(asked: &Asked<'_>, key: String) -> Result<ModelList> {
    Ok(asked.workspace.forget_model(&key)?.into())
}

impl From<app::ModelList> for ModelList {
    fn from(list: app::ModelList) -> Self {
        Self {
            chosen: list.chosen,
            models: list.models.into_iter().map(ModelEntry::from).collect(),
            folder: list.folder.map(|folder| folder.display().to_string()).unwrap_or_default(),
            texts: list.texts,
        }
    }
}

impl From<app::ModelEntry> for ModelEntry {
    fn from(entry: app::ModelEntry) -> Self {
        Self {
            key: entry.key,
            title: entry.title,
            languages: entry.languages,
            dimension: entry.dimension,
            max_length: entry.max_length,
            pooling: entry.pooling.map(ModelPooling::from),
            licence: entry.licence,
            origin: entry.origin,
            bytes: entry.bytes,
            digest: entry.digest,
            state: entry.state.into(),
            vectors: entry.vectors,
            chosen: entry.chosen,
            imported: entry.imported,
            problem: entry.problem,
        }
    }
}
