//! What lies in the models folder, and is it whole?
//!
//! Each model has a folder named by its key, with its files side by side and a description of them
//! (`hearback-model.json`). It appears there whole or not at all: it is put together in a folder whose name begins with a
//! dot, tried once, and renamed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::embed::{Embedder, ModelFiles, Pooling};
use hearback_domain::error::{Error, NextStep, Result};

const DESCRIPTION: &str = "hearback-model.json";

/// The user's models.
#[derive(Clone, Debug)]
pub struct ModelFolder {
    root: PathBuf,
}

/// A model as its folder describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Installed {
    pub key: String,
    pub title: String,
    pub languages: Option<String>,
    /// Where it was fetched or copied from.
    pub origin: String,
    pub licence: Option<String>,
    pub pooling: Pooling,
    pub max_length: usize,
    pub prefix: String,
    /// Files with weights that the ONNX file names.
    pub external: Vec<String>,
    pub files: Vec<InstalledFile>,
    /// As [`crate::embed::ModelId`] has them: known once it was tried.
    pub dimension: usize,
    pub digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledFile {
    pub name: String,
    pub size: u64,
    /// Hexadecimal.
    pub sha256: String,
}

impl Installed {
    /// What its vectors are stored under: the key of its [`crate::embed::ModelId`].
    pub fn id(&self) -> String {
        crate::embed::ModelId {
            name: self.key.clone(),
            digest: self.digest.clone(),
            pooling: self.pooling,
            max_length: self.max_length,
            dimension: self.dimension,
            prefix: self.prefix.clone(),
        }
        .key()
    }

    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// Its files in `folder`, to be loaded and held against its digest where that is known.
    fn files_in(&self, folder: &Path, runtime: PathBuf) -> ModelFiles {
        ModelFiles {
            name: self.key.clone(),
            external: self.external.iter().map(|name| folder.join(name)).collect(),
            pooling: self.pooling,
            max_length: self.max_length,
            prefix: self.prefix.clone(),
            digest: Some(self.digest.clone()).filter(|digest| !digest.is_empty()),
            remedy: NextStep::AddModelAgain,
            ..ModelFiles::in_folder(folder, runtime)
        }
    }

    fn to_json(&self) -> Value {
        let files = self.files.iter();
        json!({
            "version": 1,
            "key": self.key,
            "title": self.title,
            "languages": self.languages,
            "origin": self.origin,
            "licence": self.licence,
            "pooling": self.pooling.word(),
            "maxLength": self.max_length,
            "prefix": self.prefix,
            "external": self.external,
            "dimension": self.dimension,
            "digest": self.digest,
            "files": files.map(|file| json!({ "name": file.name, "size": file.size, "sha256": file.sha256 })).collect::<Vec<_>>(),
        })
    }

    fn from_json(value: &Value) -> Option<Self> {
        let text = |value: &Value, name: &str| value[name].as_str().map(str::to_owned);
        let number = |name: &str| value[name].as_u64().and_then(|number| usize::try_from(number).ok());
        let file = |value: &Value| {
            Some(InstalledFile {
                name: text(value, "name").filter(|name| plain(name))?,
                size: value["size"].as_u64()?,
                sha256: text(value, "sha256")?,
            })
        };
        let external = |value: &Value| value.as_str().filter(|name| plain(name)).map(str::to_owned);
        Some(Self {
            key: text(value, "key")?,
            title: text(value, "title")?,
            languages: text(value, "languages"),
            origin: text(value, "origin")?,
            licence: text(value, "licence"),
            pooling: Pooling::from_word(value["pooling"].as_str()?)?,
            max_length: number("maxLength").filter(|length| *length > 0)?,
            prefix: text(value, "prefix")?,
            external: value["external"].as_array()?.iter().map(external).collect::<Option<_>>()?,
            files: value["files"].as_array()?.iter().map(file).collect::<Option<_>>()?,
            dimension: number("dimension").filter(|dimension| *dimension > 0)?,
            digest: text(value, "digest")?,
        })
    }
}

/// A folder in the models folder, described or spoilt.
pub struct Found {
    pub key: String,
    pub model: Result<Installed>,
}

impl ModelFolder {
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// By key.
    pub fn list(&self) -> Vec<Found> {
        let mut keys: Vec<String> = fs::read_dir(&self.root)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        keys.sort();
        keys.into_iter().map(|key| Found { model: self.read(&key), key }).collect()
    }

    pub fn has(&self, key: &str) -> bool {
        plain(key) && self.root.join(key).is_dir()
    }

    /// The description of a model, with every file that it names there in its size.
    ///
    /// # Errors
    /// `Component` naming what is missing or wrong.
    pub fn read(&self, key: &str) -> Result<Installed> {
        let folder = self.root.join(key);
        let path = folder.join(DESCRIPTION);
        let wrong = |what: &str| Error::component(format!("{} {what}", path.display())).next(NextStep::AddModelAgain);
        let bytes = fs::read(&path).map_err(|error| wrong("is missing or cannot be read").because(error))?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| wrong("is not JSON").because(error))?;
        let model = Installed::from_json(&value)
            .filter(|model| model.key == key)
            .ok_or_else(|| wrong("does not describe the model in its folder"))?;
        for file in &model.files {
            let there = fs::metadata(folder.join(&file.name)).ok().map(|there| there.len());
            if there != Some(file.size) {
                let what = there.map_or_else(|| "is missing".to_owned(), |size| format!("has {size} bytes"));
                return Err(Error::component(format!(
                    "{} of the model {key} {what} instead of {} bytes",
                    folder.join(&file.name).display(),
                    file.size
                ))
                .next(NextStep::AddModelAgain));
            }
        }
        Ok(model)
    }

    pub fn files(&self, model: &Installed, runtime: PathBuf) -> ModelFiles {
        model.files_in(&self.root.join(&model.key), runtime)
    }

    /// A folder that goes away with the value, in which a model is put together.
    pub fn stage(&self) -> Result<tempfile::TempDir> {
        self.make()?;
        tempfile::Builder::new().prefix(".adding-").tempdir_in(&self.root).map_err(|error| self.unwritable(error))
    }

    /// A folder that stays for another attempt.
    pub fn stage_of(&self, key: &str) -> Result<PathBuf> {
        let stage = self.root.join(format!(".fetching-{key}"));
        self.make()?;
        fs::create_dir_all(&stage).map_err(|error| self.unwritable(error))?;
        Ok(stage)
    }

    /// Tries the model whose files lie in `stage`: what it really is, with dimension and digest.
    ///
    /// # Errors
    /// `Component` where it cannot be loaded, or its vectors are of no use.
    pub fn tried(&self, model: Installed, stage: &Path, runtime: PathBuf) -> Result<Installed> {
        let embedder = Embedder::load(&model.files_in(stage, runtime), 1)?;
        let useless = |what: &str| {
            Error::component(format!("the model {} is of no use here: {what}", model.title))
                .hint("Choose a model that was made to compare sentences, in ONNX form")
        };
        // A vector that is not one, or not a number, is an error of its own.
        let one =
            embedder.embed_one("The refund never arrived").map_err(|error| useless(&error.message).because(error))?;
        let other = embedder.embed_one("I cannot log in").map_err(|error| useless(&error.message).because(error))?;
        let cosine: f32 = one.iter().zip(&other).map(|(a, b)| a * b).sum();
        if one.len() < 2 || cosine > SAME_VECTOR {
            return Err(useless("two texts that say different things get the same vector"));
        }
        Ok(Installed { dimension: one.len(), digest: embedder.id().digest.clone(), ..model })
    }

    /// Describes the model in `stage` and gives the folder its name.
    pub fn put(&self, model: &Installed, stage: &Path) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(&model.to_json())
            .map_err(|error| Error::internal("a model could not be described").because(error))?;
        text.push(b'\n');
        let place = self.root.join(&model.key);
        fs::write(stage.join(DESCRIPTION), text)
            .and_then(|()| fs::rename(stage, &place))
            .map_err(|error| self.unwritable(error))
    }

    /// # Errors
    /// `NotFound` where there is none; `File` where it cannot be removed.
    pub fn remove(&self, key: &str) -> Result<()> {
        if !self.has(key) {
            return Err(Error::not_found(format!("there is no installed model {key}")).next(NextStep::Models));
        }
        let folder = self.root.join(key);
        // First out of sight: what is half removed is no model.
        let gone = self.root.join(format!(".removed-{key}"));
        let _ = fs::remove_dir_all(&gone);
        fs::rename(&folder, &gone).and_then(|()| fs::remove_dir_all(&gone)).map_err(|error| {
            Error::file(format!("the model in {} could not be removed", folder.display()))
                .hint("Close other programs that use it, and try again")
                .because(error)
        })
    }

    pub fn unwritable(&self, error: io::Error) -> Error {
        let hint = if error.kind() == io::ErrorKind::StorageFull {
            "The disk is full: free some space and try again"
        } else {
            "Check that the folder can be written to, or name another with HEARBACK_MODELS"
        };
        Error::file(format!("the models folder {} cannot be written to", self.root.display())).hint(hint).because(error)
    }

    fn make(&self) -> Result<()> {
        fs::create_dir_all(&self.root).map_err(|error| self.unwritable(error))
    }
}

/// Vectors of different texts that are nearer to each other say nothing.
const SAME_VECTOR: f32 = 0.9999;

/// A name that leads nowhere else.
pub fn plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.+".contains(c))
}
