//! Is this folder a sentence model that can be used, and how does it want to be used?
//!
//! What the folder leaves open is never guessed where a wrong guess would give other vectors than the model's makers
//! mean: it is asked for. Only what the tokenizer's library wants to be told twice is filled in.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use crate::{
    card::Card,
    embed::{Offer, Pooling, catalogue::LONGEST},
    fetch::{Unread, copy},
    folder::{Found, Installed, InstalledFile, ModelFolder},
};
use hearback_domain::{
    error::{Error, Result},
    job::{Job, Step, Unit},
};

/// Where exports put the model, in the order in which they are preferred: full precision first.
const ONNX: &[&str] = &[
    "model.onnx",
    "onnx/model.onnx",
    "model_optimized.onnx",
    "onnx/model_optimized.onnx",
    "model_quantized.onnx",
    "onnx/model_quantized.onnx",
];

/// How weights that lie apart are named after their model.
const EXTERNAL: &[&str] = &["_data", ".data"];

/// A JSON file of a model is small; what is larger is none.
const JSON_AT_MOST: u64 = 256 * 1024 * 1024;

/// What was found in a folder.
#[derive(Debug)]
struct Parts {
    onnx: PathBuf,
    external: Vec<PathBuf>,
    tokenizer: PathBuf,
    config: PathBuf,
    /// As they are to be, whether the folder has them or not.
    special_tokens_map: Value,
    tokenizer_config: Value,
    pooling: Pooling,
    max_length: usize,
    prefix: String,
    card: Card,
}

/// Copies the model in `folder` into the models folder, after it was tried.
///
/// # Errors
/// `File` or `Component` naming the file that is missing or wrong, and what to do; `Input` for a model that is there
/// already; cancelled.
pub fn add(folder: &Path, models: &ModelFolder, runtime: PathBuf, taken: &[&str], job: &Job) -> Result<Installed> {
    let folder = &std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let parts = Parts::of(folder)?;
    let stage = models.stage()?;
    let copies: Vec<(&Path, String)> =
        [(&parts.onnx, "model.onnx"), (&parts.tokenizer, "tokenizer.json"), (&parts.config, "config.json")]
            .map(|(path, name)| (path.as_path(), name.to_owned()))
            .into_iter()
            // The model names these files: their names stay.
            .chain(parts.external.iter().map(|path| (path.as_path(), name_of(path))))
            .collect();
    let total = copies.iter().filter_map(|(path, _)| fs::metadata(path).ok()).map(|file| file.len()).sum();
    let mut done = 0;
    let mut files = Vec::new();
    for (path, name) in &copies {
        let mut to = File::create(stage.path().join(name)).map_err(|error| models.unwritable(error))?;
        let (size, sha256) = copy(path, &mut to, job, &mut |bytes| {
            done += bytes;
            job.progress(Step::Copying, Unit::Bytes, done, Some(total));
        })
        .map_err(|error| match error {
            Unread::Cancelled(error) => error,
            Unread::Failed(error) => {
                Error::file(format!("{} could not be copied into the models folder", path.display()))
                    .hint("Check that it can be read and that the disk has room, and try again")
                    .because(error)
            }
        })?;
        files.push(InstalledFile { name: name.clone(), size, sha256 });
    }
    for (name, value) in
        [("special_tokens_map.json", &parts.special_tokens_map), ("tokenizer_config.json", &parts.tokenizer_config)]
    {
        let text = value.to_string();
        let path = stage.path().join(name);
        fs::write(&path, &text).map_err(|error| models.unwritable(error))?;
        let (size, sha256) = copy(&path, &mut std::io::sink(), job, &mut |_| {}).map_err(|error| match error {
            Unread::Cancelled(error) => error,
            Unread::Failed(error) => models.unwritable(error),
        })?;
        files.push(InstalledFile { name: name.to_owned(), size, sha256 });
    }

    job.progress(Step::LoadingModel, Unit::Texts, 0, None);
    let title = title_of(folder);
    let model = Installed {
        key: slug(&title),
        title,
        languages: parts.card.languages,
        origin: folder.display().to_string(),
        licence: parts.card.licence,
        pooling: parts.pooling,
        max_length: parts.max_length,
        prefix: parts.prefix,
        external: parts.external.iter().map(|path| name_of(path)).collect(),
        files,
        dimension: 0,
        digest: String::new(),
    };
    let model = models.tried(model, stage.path(), runtime).map_err(|error| {
        // What lies in the models folder for a moment says nothing to people.
        let Error { kind, message, hint: _, next: _, source } = error;
        let message = message.replace(&stage.path().display().to_string(), &folder.display().to_string());
        Error {
            kind,
            message,
            hint: Some("Export the model to ONNX again, or choose another folder".to_owned()),
            next: None,
            source,
        }
    })?;
    job.check()?;
    let model = named(model, models, taken)?;
    models.put(&model, stage.path())?;
    Ok(model)
}

/// Gives the model a key that no other has.
fn named(model: Installed, models: &ModelFolder, taken: &[&str]) -> Result<Installed> {
    let same = |other: &Installed| Installed { key: model.key.clone(), ..other.clone() }.id() == model.id();
    if let Some(known) = models.list().into_iter().filter_map(|found: Found| found.model.ok()).find(same) {
        return Err(Error::input(format!("this model is installed already, as {}", known.key)).hint("Choose it"));
    }
    let free = |key: &str| !models.has(key) && !taken.contains(&key) && Offer::named(key).is_none();
    if free(&model.key) {
        return Ok(model);
    }
    let key = format!("{}-{}", model.key, &model.digest[..8]);
    if free(&key) {
        return Ok(Installed { key, ..model });
    }
    Err(Error::input(format!("there is another model with the name {key}")).hint("Rename the folder and add it again"))
}

impl Parts {
    fn of(folder: &Path) -> Result<Self> {
        if !folder.is_dir() {
            return Err(Error::file(format!("{} is not a folder", folder.display()))
                .hint("Choose the folder that has the model's model.onnx and tokenizer.json"));
        }
        let onnx = onnx_in(folder)?;
        let beside = onnx.parent().unwrap_or(folder).to_owned();
        let find = |name: &str| [folder, &beside].map(|place| place.join(name)).into_iter().find(|path| path.is_file());
        let needed = |name: &str, hint: &str| {
            find(name).ok_or_else(|| Error::file(format!("{} has no {name}", folder.display())).hint(hint))
        };
        let tokenizer = needed(
            "tokenizer.json",
            "Save it with the model: AutoTokenizer.from_pretrained(..).save_pretrained(..) of transformers writes it",
        )?;
        let config = needed("config.json", "Copy it from the model's page into the folder")?;
        let settings = object(&config)?;
        let tokens = object(&tokenizer)?;
        let optional = |name: &str| find(name).map(|path| object(&path)).transpose().map(Option::unwrap_or_default);
        let special_tokens_map = optional("special_tokens_map.json")?;
        let mut tokenizer_config = optional("tokenizer_config.json")?;
        let sentence = optional("sentence_bert_config.json")?;

        let max_length = max_length(&sentence, &tokenizer_config, &settings);
        if pad_token(&tokenizer_config).is_none() {
            let token = tokens.get("padding").and_then(|padding| padding["pad_token"].as_str()).map(str::to_owned);
            let token = token
                .or_else(|| pad_token(&special_tokens_map))
                .or_else(|| usual_padding(&tokens))
                .ok_or_else(|| {
                    Error::component(format!("{} does not say with which token texts are padded", tokenizer.display()))
                        .hint("Add \"pad_token\" to the folder's tokenizer_config.json")
                })?;
            tokenizer_config.insert("pad_token".to_owned(), Value::from(token));
        }
        if !tokenizer_config.get("model_max_length").is_some_and(Value::is_number) {
            tokenizer_config.insert("model_max_length".to_owned(), Value::from(max_length));
        }
        let external = EXTERNAL
            .iter()
            .map(|ending| {
                let mut path = onnx.clone().into_os_string();
                path.push(ending);
                PathBuf::from(path)
            })
            .filter(|path| path.is_file())
            .collect();
        Ok(Self {
            pooling: pooling(folder)?,
            prefix: prefix(&optional("config_sentence_transformers.json")?),
            card: Card::of(folder),
            special_tokens_map: Value::Object(special_tokens_map),
            tokenizer_config: Value::Object(tokenizer_config),
            onnx,
            external,
            tokenizer,
            config,
            max_length,
        })
    }
}

fn onnx_in(folder: &Path) -> Result<PathBuf> {
    if let Some(known) = ONNX.iter().map(|name| folder.join(name)).find(|path| path.is_file()) {
        return Ok(known);
    }
    let mut others: Vec<PathBuf> = [folder.to_owned(), folder.join("onnx")]
        .iter()
        .filter_map(|place| fs::read_dir(place).ok())
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("onnx")))
        .collect();
    others.sort();
    match others.len() {
        1 => Ok(others.remove(0)),
        0 => Err(Error::file(format!("{} has no model in ONNX form (model.onnx)", folder.display()))
            .hint("Export it: `optimum-cli export onnx --model NAME FOLDER`, or choose another folder")),
        _ => Err(Error::file(format!("{} has several models: {}", folder.display(), name_list(&others)))
            .hint("Name the one that is meant model.onnx")),
    }
}

fn name_list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| name_of(path)).collect::<Vec<_>>().join(", ")
}

fn object(path: &Path) -> Result<Map<String, Value>> {
    let wrong = |what: &str| {
        Error::component(format!("{} {what}", path.display())).hint("Copy it from the model's page into the folder")
    };
    let size = fs::metadata(path).map_err(|error| wrong("cannot be read").because(error))?.len();
    if size > JSON_AT_MOST {
        return Err(wrong("is too large to be what its name says"));
    }
    let bytes = fs::read(path).map_err(|error| wrong("cannot be read").because(error))?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(wrong("is no JSON object")),
        Err(error) => Err(wrong("is not JSON").because(error)),
    }
}

/// As sentence-transformers writes it: switches of which one is on, or since its version 5 a word.
fn pooling(folder: &Path) -> Result<Pooling> {
    let path = folder.join("1_Pooling/config.json");
    if !path.is_file() {
        return Err(Error::file(format!(
            "{} does not say how the vectors of the tokens become one: there is no 1_Pooling/config.json",
            folder.display()
        ))
        .hint(
            "Copy that file from the model's page; or write one with {\"pooling_mode_mean_tokens\": true}, or \
             {\"pooling_mode_cls_token\": true} where the model's makers say CLS",
        ));
    }
    let config = object(&path)?;
    let mut modes: Vec<&str> = config
        .iter()
        .filter(|(_, on)| on.as_bool() == Some(true))
        .filter_map(|(name, _)| name.strip_prefix("pooling_mode_"))
        .map(|mode| mode.trim_end_matches("_tokens").trim_end_matches("_token"))
        .collect();
    if let Some(word) = config.get("pooling_mode").and_then(Value::as_str) {
        modes = vec![word];
    }
    match modes.as_slice() {
        ["mean"] => Ok(Pooling::Mean),
        ["cls"] => Ok(Pooling::Cls),
        others => {
            let said = if others.is_empty() { "none".to_owned() } else { others.join(" with ") };
            Err(Error::component(format!("{} asks for the pooling {said}, which is not supported", path.display()))
                .hint("Choose a model whose pooling is mean or cls"))
        }
    }
}

fn max_length(sentence: &Map<String, Value>, tokenizer: &Map<String, Value>, config: &Map<String, Value>) -> usize {
    // A tokenizer without a limit says so with a number of thirty digits.
    let number = |map: &Map<String, Value>, name: &str| {
        map.get(name)
            .and_then(Value::as_u64)
            .and_then(|number| usize::try_from(number).ok())
            .filter(|number| *number > 1)
    };
    number(sentence, "max_seq_length")
        .or_else(|| number(tokenizer, "model_max_length"))
        .or_else(|| number(config, "max_position_embeddings"))
        .unwrap_or(LONGEST)
        .min(LONGEST)
}

fn pad_token(map: &Map<String, Value>) -> Option<String> {
    let token = map.get("pad_token")?;
    token.as_str().or_else(|| token["content"].as_str()).map(str::to_owned)
}

fn usual_padding(tokenizer: &Map<String, Value>) -> Option<String> {
    let added = tokenizer.get("added_tokens")?.as_array()?;
    ["[PAD]", "<pad>"]
        .into_iter()
        .find(|token| added.iter().any(|added| added["content"].as_str() == Some(token)))
        .map(str::to_owned)
}

/// The prompt that the model's makers put before every text, if they name one.
fn prefix(config: &Map<String, Value>) -> String {
    let name = config.get("default_prompt_name").and_then(Value::as_str);
    let prompt = name.and_then(|name| config.get("prompts")?.get(name)?.as_str());
    prompt.unwrap_or_default().to_owned()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The folder's name; in the hub's cache, where folders are named by revisions, the model's.
fn title_of(folder: &Path) -> String {
    let name = name_of(folder);
    let revision = name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let repository = folder.parent().and_then(Path::parent).map(name_of).filter(|_| revision);
    match repository.as_deref().and_then(|repository| repository.strip_prefix("models--")) {
        Some(repository) => repository.rsplit("--").next().unwrap_or(repository).to_owned(),
        None if name.is_empty() => "model".to_owned(),
        None => name,
    }
}

/// A folder name and a word for commands.
fn slug(title: &str) -> String {
    let word: String =
        title.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).take(80).collect();
    let word = word.trim_matches(['-', '.']);
    if word.is_empty() { "model".to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn lengths_and_prefixes_are_taken_from_where_they_stand() {
        let none = Map::new();
        assert_eq!(
            max_length(&map(json!({"max_seq_length": 128})), &map(json!({"model_max_length": 512})), &none),
            128
        );
        let endless = map(serde_json::from_str(r#"{"model_max_length": 1000000000000000019884624838656}"#).unwrap());
        assert_eq!(max_length(&none, &endless, &map(json!({"max_position_embeddings": 300}))), 300);
        assert_eq!(max_length(&none, &endless, &map(json!({"max_position_embeddings": 8192}))), LONGEST);
        let prompts = json!({"prompts": {"query": "query: "}, "default_prompt_name": "query"});
        assert_eq!(prefix(&map(prompts)), "query: ");
        assert_eq!(prefix(&map(json!({"prompts": {"query": "query: "}, "default_prompt_name": null}))), "");
    }

    #[test]
    fn names_of_folders_become_keys() {
        assert_eq!(title_of(Path::new("/x/My Model (v2)")), "My Model (v2)");
        assert_eq!(slug("My Model (v2)"), "My-Model--v2");
        assert_eq!(slug("..."), "model");
        let cache = format!("/c/models--BAAI--bge-small-en-v1.5/snapshots/{}", "a1".repeat(20));
        assert_eq!(title_of(Path::new(&cache)), "bge-small-en-v1.5");
    }

    #[test]
    fn padding_is_found_in_either_form() {
        assert_eq!(pad_token(&map(json!({"pad_token": {"content": "<pad>"}}))).as_deref(), Some("<pad>"));
        assert_eq!(pad_token(&map(json!({"pad_token": null}))), None);
        let tokens = map(json!({"added_tokens": [{"content": "<s>"}, {"content": "<pad>"}]}));
        assert_eq!(usual_padding(&tokens).as_deref(), Some("<pad>"));
    }
}
