//! Which model is this, and how is it loaded without a panic?
//!
//! ort panics when a session is made without a library, so the library is loaded first, once per process
//! ([`ort::init_from`] answers with an error), and every session is given that environment.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use fastembed::{InitOptionsUserDefined, QuantizationMode, TextEmbedding, TokenizerFiles, UserDefinedEmbeddingModel};

use hearback_domain::error::{Error, NextStep, Result};

/// Tokens of a text that all-MiniLM-L6-v2 sees, and was made for; what follows is cut off.
pub const MAX_LENGTH: usize = 256;

/// Hexadecimal digits of a digest.
const DIGEST: usize = 32;

/// Bytes of weights that the sessions of a model may hold together: where one session a core would hold more, there are
/// fewer, of several threads each.
const WEIGHTS: usize = 1 << 30;

/// Where the parts of a model lie, how its vectors are made, and the library that runs it.
#[derive(Clone, Debug)]
pub struct ModelFiles {
    /// What the model is called.
    pub name: String,
    pub onnx: PathBuf,
    /// Weights that the ONNX file names and that lie in files of their own beside it.
    pub external: Vec<PathBuf>,
    pub tokenizer: PathBuf,
    pub config: PathBuf,
    pub special_tokens_map: PathBuf,
    pub tokenizer_config: PathBuf,
    pub pooling: Pooling,
    /// In tokens; what follows is cut off.
    pub max_length: usize,
    /// What the model wants to stand before every text that is to be compared with others (`query: `); mostly empty.
    pub prefix: String,
    /// The digest that the files have to have, where it is known.
    pub digest: Option<String>,
    /// What to do where one of them is missing or wrong.
    pub remedy: NextStep,
    /// ONNX Runtime: `libonnxruntime.so.1.31.1`, `onnxruntime.dll`, `libonnxruntime.dylib`.
    pub runtime: PathBuf,
}

impl ModelFiles {
    /// The usual names in `folder`, read as all-MiniLM-L6-v2 is.
    pub fn in_folder(folder: &Path, runtime: impl Into<PathBuf>) -> Self {
        Self {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            pooling: Pooling::Mean,
            max_length: MAX_LENGTH,
            prefix: String::new(),
            digest: None,
            remedy: NextStep::SetUp,
            external: Vec::new(),
            onnx: folder.join("model.onnx"),
            tokenizer: folder.join("tokenizer.json"),
            config: folder.join("config.json"),
            special_tokens_map: folder.join("special_tokens_map.json"),
            tokenizer_config: folder.join("tokenizer_config.json"),
            runtime: runtime.into(),
        }
    }
}

impl ModelFiles {
    /// What [`ModelId::digest`] will be, without loading anything.
    ///
    /// # Errors
    /// As [`Embedder::load`], for files that are missing or unreadable.
    pub fn computed_digest(&self) -> Result<String> {
        let mut hasher = blake3::Hasher::new();
        for path in [&self.onnx, &self.tokenizer].into_iter().chain(&self.external) {
            std::fs::File::open(path)
                .and_then(|file| hasher.update_reader(file).map(|_| ()))
                .map_err(|error| unreadable(path, "A file of the embedding model", self.remedy, error))?;
        }
        Ok(hasher.finalize().to_hex()[..DIGEST].to_owned())
    }
}

/// Which vectors can be compared: those whose `ModelId` is equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelId {
    pub name: String,
    /// BLAKE3 of the ONNX file, the tokenizer and the weights that lie apart, 32 hexadecimal digits.
    pub digest: String,
    pub pooling: Pooling,
    /// In tokens.
    pub max_length: usize,
    /// Numbers per vector.
    pub dimension: usize,
    /// What stands before every text.
    pub prefix: String,
}

impl ModelId {
    /// One word for a column or a fingerprint: equal exactly when the ids are.
    pub fn key(&self) -> String {
        let Self { name, digest, pooling, max_length, dimension, prefix } = self;
        let prefix = if prefix.is_empty() { String::new() } else { format!("/{prefix}") };
        format!("{name}/{digest}/{}/{max_length}/{dimension}{prefix}", pooling.word())
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
    pub sessions: Vec<Mutex<TextEmbedding>>,
    id: ModelId,
}

impl Embedder {
    /// Loads a model with `threads` sessions (at least one) of one thread each; each holds its own
    /// copy of the weights (90 MB for all-MiniLM-L6-v2). One session per core is fastest; a single query needs one.
    /// Of a model so large that the copies would not fit into a gigabyte there are fewer, of several threads each.
    ///
    /// ONNX Runtime is loaded once per process: the library of the first successful call stays.
    ///
    /// # Errors
    /// [`Kind::Component`](hearback_domain::error::Kind::Component) naming the file that is missing, unreadable or not what it
    /// should be.
    pub fn load(files: &ModelFiles, threads: usize) -> Result<Self> {
        let environment = environment(&files.runtime)?;
        let remedy = files.remedy;
        let onnx = read(&files.onnx, "The embedding model", remedy)?;
        let tokenizer_files = TokenizerFiles {
            tokenizer_file: read(&files.tokenizer, "The model's tokenizer", remedy)?,
            config_file: read(&files.config, "The model's configuration", remedy)?,
            special_tokens_map_file: read(&files.special_tokens_map, "The model's list of special tokens", remedy)?,
            tokenizer_config_file: read(&files.tokenizer_config, "The tokenizer's configuration", remedy)?,
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(&onnx);
        hasher.update(&tokenizer_files.tokenizer_file);
        let mut weights = onnx.len();
        let mut model = UserDefinedEmbeddingModel::new(onnx, tokenizer_files)
            .with_pooling(match files.pooling {
                Pooling::Mean => fastembed::Pooling::Mean,
                Pooling::Cls => fastembed::Pooling::Cls,
            })
            .with_quantization(QuantizationMode::None);
        for path in &files.external {
            let values = read(path, "A file with weights of the embedding model", remedy)?;
            hasher.update(&values);
            weights += values.len();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            model = model.with_external_initializer(name, values);
        }
        let digest = hasher.finalize().to_hex()[..DIGEST].to_owned();
        if let Some(expected) = files.digest.as_ref().filter(|expected| **expected != digest) {
            return Err(Error::component(format!(
                "The embedding model {} is not what it was when it was added: its digest is {digest} instead of {expected}",
                files.onnx.display()
            ))
            .next(remedy));
        }
        let sessions = threads.clamp(1, (WEIGHTS / weights.max(1)).max(1));
        let options = InitOptionsUserDefined::new()
            .with_environment(environment)
            .with_max_length(files.max_length)
            .with_intra_threads((threads / sessions).max(1));
        let broken = |error: fastembed::Error| {
            Error::component(format!("The embedding model {} cannot be used", files.onnx.display()))
                .next(remedy)
                .because(error)
        };

        // The last one takes the bytes themselves: of a large model a copy more would be felt.
        let mut models = vec![model.clone(); sessions - 1];
        models.push(model);
        let loaded: Vec<std::result::Result<TextEmbedding, fastembed::Error>> = std::thread::scope(|scope| {
            let loading: Vec<_> = models
                .into_iter()
                .map(|model| {
                    let options = options.clone();
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
        let id = ModelId {
            name: files.name.clone(),
            digest,
            pooling: files.pooling,
            max_length: files.max_length,
            dimension,
            prefix: files.prefix.clone(),
        };
        Ok(Self { sessions: sessions.into_iter().map(Mutex::new).collect(), id })
    }

    /// A text as the model wants to be given it.
    pub fn prefixed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.id.prefix.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(format!("{}{text}", self.id.prefix)) }
    }

    pub fn id(&self) -> &ModelId {
        &self.id
    }

    /// Numbers per vector.
    pub fn dimension(&self) -> usize {
        self.id.dimension
    }
}

fn read(path: &Path, what: &str, remedy: NextStep) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| unreadable(path, what, remedy, error))
}

fn unreadable(path: &Path, what: &str, remedy: NextStep, error: std::io::Error) -> Error {
    let state = if error.kind() == std::io::ErrorKind::NotFound { "is missing" } else { "cannot be read" };
    Error::component(format!("{what} {state}: {}", path.display())).next(remedy).because(error)
}

/// The process's one ONNX Runtime. Kept for ever: ort forbids a second one, and drops the first with its last user.
fn environment(runtime: &Path) -> Result<ort::environment::Environment> {
    static ENVIRONMENT: Mutex<Option<ort::environment::Environment>> = Mutex::new(None);
    let mut kept = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = kept.as_ref() {
        return Ok(environment.clone());
    }
    if !runtime.is_file() {
        return Err(Error::component(format!("ONNX Runtime is missing: {}", runtime.display())).next(NextStep::SetUp));
    }
    let broken =
        || Error::component(format!("{} is not a usable ONNX Runtime", runtime.display())).next(NextStep::SetUp);
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
