//! Which model is this, and how is it loaded without a panic?
//!
//! ort panics when a session is made without a library, so the library is loaded first, once per process
//! ([`ort::init_from`] answers with an error), and every session is given that environment.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use fastembed::{InitOptionsUserDefined, QuantizationMode, TextEmbedding, TokenizerFiles, UserDefinedEmbeddingModel};

use crate::error::{Error, Result};

/// Tokens of a text that the model sees; what follows is cut off. all-MiniLM-L6-v2 was made for 256.
pub const MAX_LENGTH: usize = 256;

const SETUP: &str = "Run `cargo xtask setup`";

/// Where the parts of a model lie, and the library that runs it.
#[derive(Clone, Debug)]
pub struct ModelFiles {
    pub onnx: PathBuf,
    pub tokenizer: PathBuf,
    pub config: PathBuf,
    pub special_tokens_map: PathBuf,
    pub tokenizer_config: PathBuf,
    /// ONNX Runtime: `libonnxruntime.so.1.31.1`, `onnxruntime.dll`, `libonnxruntime.dylib`.
    pub runtime: PathBuf,
}

impl ModelFiles {
    /// The usual names in `folder`.
    pub fn in_folder(folder: &Path, runtime: impl Into<PathBuf>) -> Self {
        Self {
            onnx: folder.join("model.onnx"),
            tokenizer: folder.join("tokenizer.json"),
            config: folder.join("config.json"),
            special_tokens_map: folder.join("special_tokens_map.json"),
            tokenizer_config: folder.join("tokenizer_config.json"),
            runtime: runtime.into(),
        }
    }
}

/// Which vectors can be compared: those whose `ModelId` is equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelId {
    /// The name of the folder that the model lies in.
    pub name: String,
    /// BLAKE3 of the ONNX file and the tokenizer, 32 hexadecimal digits.
    pub digest: String,
    pub pooling: Pooling,
    /// In tokens.
    pub max_length: usize,
    /// Numbers per vector.
    pub dimension: usize,
}

impl ModelId {
    /// One word for a column or a fingerprint: equal exactly when the ids are.
    pub fn key(&self) -> String {
        let Self { name, digest, pooling, max_length, dimension } = self;
        format!("{name}/{digest}/{}/{max_length}/{dimension}", pooling.word())
    }
}

/// How the vectors of a text's tokens become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// The mean over the tokens that are not padding.
    Mean,
    /// The vector of the first token.
    Cls,
}

impl Pooling {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Cls => "cls",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Mean, Self::Cls].into_iter().find(|pooling| pooling.word() == word)
    }
}

/// A loaded model: several sessions that share nothing, so that each keeps one core busy.
pub struct Embedder {
    pub(super) sessions: Vec<Mutex<TextEmbedding>>,
    id: ModelId,
}

impl Embedder {
    /// Loads a model with `threads` sessions (at least one) of one thread each; each holds its own
    /// copy of the weights (90 MB for all-MiniLM-L6-v2). One session per core is fastest; a single query needs one.
    ///
    /// ONNX Runtime is loaded once per process: the library of the first successful call stays.
    ///
    /// # Errors
    /// [`Kind::Component`](crate::error::Kind::Component) naming the file that is missing, unreadable or not what it
    /// should be.
    pub fn load(files: &ModelFiles, threads: usize) -> Result<Self> {
        let environment = environment(&files.runtime)?;
        let onnx = read(&files.onnx, "The embedding model")?;
        let tokenizer_files = TokenizerFiles {
            tokenizer_file: read(&files.tokenizer, "The model's tokenizer")?,
            config_file: read(&files.config, "The model's configuration")?,
            special_tokens_map_file: read(&files.special_tokens_map, "The model's list of special tokens")?,
            tokenizer_config_file: read(&files.tokenizer_config, "The tokenizer's configuration")?,
        };
        let digest = {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&onnx);
            hasher.update(&tokenizer_files.tokenizer_file);
            hasher.finalize().to_hex()[..32].to_owned()
        };
        let model = UserDefinedEmbeddingModel::new(onnx, tokenizer_files)
            .with_pooling(fastembed::Pooling::Mean) // unset means the first token: other vectors
            .with_quantization(QuantizationMode::None);
        let options = InitOptionsUserDefined::new()
            .with_environment(environment)
            .with_max_length(MAX_LENGTH)
            .with_intra_threads(1);
        let broken = |error: fastembed::Error| {
            Error::component(format!("The embedding model {} cannot be used", files.onnx.display()))
                .hint(SETUP)
                .because(error)
        };

        let loaded: Vec<std::result::Result<TextEmbedding, fastembed::Error>> = std::thread::scope(|scope| {
            let loading: Vec<_> = (0..threads.max(1))
                .map(|_| {
                    let (model, options) = (model.clone(), options.clone());
                    scope.spawn(move || TextEmbedding::try_new_from_user_defined(model, options))
                })
                .collect();
            loading
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| Err(fastembed::Error::Other("loading stopped".into()))))
                .collect()
        });
        let mut sessions = loaded.into_iter().collect::<std::result::Result<Vec<_>, _>>().map_err(broken)?;

        // A first run: it warms the session, and says how long its vectors are.
        let first = sessions[0].embed(["dimension"], None).map_err(broken)?;
        let dimension = first.first().map_or(0, Vec::len);
        let name = files.onnx.parent().and_then(Path::file_name).unwrap_or(files.onnx.as_os_str());
        let id = ModelId {
            name: name.to_string_lossy().into_owned(),
            digest,
            pooling: Pooling::Mean,
            max_length: MAX_LENGTH,
            dimension,
        };
        Ok(Self { sessions: sessions.into_iter().map(Mutex::new).collect(), id })
    }

    pub fn id(&self) -> &ModelId {
        &self.id
    }

    /// Numbers per vector.
    pub fn dimension(&self) -> usize {
        self.id.dimension
    }
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        let state = if error.kind() == std::io::ErrorKind::NotFound { "is missing" } else { "cannot be read" };
        Error::component(format!("{what} {state}: {}", path.display())).hint(SETUP).because(error)
    })
}

/// The process's one ONNX Runtime. Kept for ever: ort forbids a second one, and drops the first with its last user.
fn environment(runtime: &Path) -> Result<ort::environment::Environment> {
    static ENVIRONMENT: Mutex<Option<ort::environment::Environment>> = Mutex::new(None);
    let mut kept = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = kept.as_ref() {
        return Ok(environment.clone());
    }
    if !runtime.is_file() {
        return Err(Error::component(format!("ONNX Runtime is missing: {}", runtime.display())).hint(SETUP));
    }
    let broken = || Error::component(format!("{} is not a usable ONNX Runtime", runtime.display())).hint(SETUP);
    let library = ort::init_from(runtime).map_err(|error| broken().because(error))?;
    let environment = library
        .with_name("hearback")
        // The makers' builds report to their makers unless told otherwise. This stops what is reported from here on;
        // that nothing is gathered before it is up to the program, which sets ORT_DISABLE_TELEMETRY first of all.
        .with_telemetry(false)
        .build()
        .map_err(|error| broken().because(error))?;
    *kept = Some(environment.clone());
    Ok(environment)
}

impl std::fmt::Debug for Embedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedder").field("id", &self.id).field("sessions", &self.sessions.len()).finish()
    }
}
