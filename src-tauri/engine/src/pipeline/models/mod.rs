//! Which embedding models are there, and which one does this workspace use?
//!
//! One is on board; others are downloaded from a catalogue after consent, or copied from a folder, and kept in the
//! user's models folder. A workspace names the one that it uses; vectors of several lie in it side by side.

use std::path::{Path, PathBuf};

use super::Project;
use crate::{
    embed::Pooling,
    error::{Error, Result},
    job::Job,
};

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

impl Project {
    pub fn models(&self) -> Result<ModelList> {
        Err(Error::internal("not there yet"))
    }

    pub fn choose_model(&self, _key: &str) -> Result<ModelList> {
        Err(Error::internal("not there yet"))
    }

    pub fn download_model(&self, _key: &str, _consent: Consent, _job: &Job) -> Result<ModelEntry> {
        Err(Error::internal("not there yet"))
    }

    pub fn add_model_folder(&self, _folder: &Path, _job: &Job) -> Result<ModelEntry> {
        Err(Error::internal("not there yet"))
    }

    pub fn remove_model(&self, _key: &str) -> Result<ModelList> {
        Err(Error::internal("not there yet"))
    }

    pub fn forget_model(&self, _key: &str) -> Result<ModelList> {
        Err(Error::internal("not there yet"))
    }
}
