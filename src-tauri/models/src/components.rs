//! Where do the embedding models and their runtime lie?

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use crate::{
    embed::{MAX_LENGTH, ModelFiles, ModelId, Pooling},
    folder::ModelFolder,
};
use hearback_domain::error::Result;

/// The model on board.
pub const MODEL: &str = "all-MiniLM-L6-v2";
/// Numbers per vector of the model on board.
pub const DIMENSION: usize = 384;

/// A folder with `models/` and `native/`, and the folder of the models that the user added.
#[derive(Clone, Debug)]
pub struct Components {
    root: PathBuf,
    added: Option<ModelFolder>,
    /// Of the model on board, once it was asked for: reading 90 MB takes a moment.
    digest: Arc<OnceLock<String>>,
}

impl Components {
    /// Without a folder for models that the user adds.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), added: None, digest: Arc::default() }
    }

    /// With models that the user adds in `folder`, which need not be there yet.
    #[must_use]
    pub fn with_models(self, folder: impl Into<PathBuf>) -> Self {
        Self { added: Some(ModelFolder::at(folder)), ..self }
    }

    /// `HEARBACK_ASSETS`, else beside the program as bundles have it, else the checkout that it was built from. Models
    /// that the user adds are in `HEARBACK_MODELS`, else with the user's data.
    pub fn find() -> Self {
        let found = Self::at(Self::find_root());
        let folder = std::env::var_os("HEARBACK_MODELS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        match folder.or_else(|| Some(dirs::data_dir()?.join("hearback").join("models"))) {
            Some(folder) => found.with_models(std::path::absolute(&folder).unwrap_or(folder)),
            None => found,
        }
    }

    fn find_root() -> PathBuf {
        if let Some(root) = std::env::var_os("HEARBACK_ASSETS") {
            return root.into();
        }
        let program = std::env::current_exe().ok();
        let folder = program.as_deref().and_then(Path::parent);
        let bundled = folder.into_iter().flat_map(|folder| {
            [
                folder.to_owned(),
                folder.join("../lib/Hearback"),
                folder.join("../lib/hearback"),
                folder.join("../Resources"),
            ]
        });
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
        let found = bundled.into_iter().find(|root| root.join("models").join(MODEL).is_dir());
        found.unwrap_or(checkout)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The model on board.
    pub fn model_files(&self) -> ModelFiles {
        ModelFiles::in_folder(&self.root.join("models").join(MODEL), self.runtime())
    }

    /// Which vectors are those of the model on board.
    ///
    /// # Errors
    /// `Component` where it is missing.
    pub fn model_id(&self) -> Result<ModelId> {
        let digest = match self.digest.get() {
            Some(digest) => digest.clone(),
            None => {
                let digest = self.model_files().computed_digest()?;
                self.digest.get_or_init(|| digest).clone()
            }
        };
        Ok(ModelId {
            name: MODEL.to_owned(),
            digest,
            pooling: Pooling::Mean,
            max_length: MAX_LENGTH,
            dimension: DIMENSION,
            prefix: String::new(),
        })
    }

    pub fn added_models(&self) -> Option<&ModelFolder> {
        self.added.as_ref()
    }

    /// The name carries a version on Linux; whichever is there.
    pub fn runtime(&self) -> PathBuf {
        let folder = self.root.join("native");
        let default = if cfg!(target_os = "windows") {
            "onnxruntime.dll"
        } else if cfg!(target_os = "macos") {
            "libonnxruntime.dylib"
        } else {
            "libonnxruntime.so"
        };
        let mut found: Vec<PathBuf> = std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with("libonnxruntime.") || name == "onnxruntime.dll"
            })
            .collect();
        found.sort();
        found.pop().unwrap_or_else(|| folder.join(default))
    }
}
