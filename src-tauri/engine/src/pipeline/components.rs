//! Where do the embedding model and its runtime lie?

use std::path::{Path, PathBuf};

use crate::embed::ModelFiles;

/// The model on board.
const MODEL: &str = "all-MiniLM-L6-v2";

/// A folder with `models/` and `native/`.
#[derive(Clone, Debug)]
pub struct Components {
    root: PathBuf,
}

impl Components {
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// `HEARBACK_ASSETS`, else beside the program as bundles have it, else the checkout that it was built from.
    pub fn find() -> Self {
        if let Some(root) = std::env::var_os("HEARBACK_ASSETS") {
            return Self::at(root);
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
        Self::at(found.unwrap_or(checkout))
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn model_files(&self) -> ModelFiles {
        ModelFiles::in_folder(&self.root.join("models").join(MODEL), self.runtime())
    }

    /// The name carries a version on Linux; whichever is there.
    fn runtime(&self) -> PathBuf {
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
