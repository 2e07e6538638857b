//! Several embedding models: fetched, added, chosen, side by side.

mod hub;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hearback_analysis::recall::LastWord;
use hearback_app::{AnalysisOptions, Comparison, Consent, MapDrawing, ModelEntry, ModelState, SimilarTo, Workspace};
use hearback_domain::{
    Filter,
    error::{Error, Kind, NextStep},
    job::{CancelHandle, Job, Step, Unit},
};
use hearback_models::embed::{MAX_LENGTH, ModelFiles, Offer, Pooling};
use hub::{FakeHub, Trouble};

use crate::shared::{components, import_options, now};

/// The model on board under another name and read otherwise: its vectors are another model's.
const OFFER: Offer = Offer {
    key: "other-model",
    title: "Other model",
    repository: "owner/other",
    onnx: "onnx/model.onnx",
    external: &[],
    dimension: 384,
    max_length: 128,
    pooling: Pooling::Cls,
    licence: "Apache-2.0",
    languages: "English",
    prefix: "query: ",
    bytes: 95_000_000,
};

const ON_BOARD: &str = "all-MiniLM-L6-v2";

/// A workspace with a models folder of its own.
struct Place {
    workspace: Workspace,
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = open(&folder.path().join("w.hearback"), &folder.path().join("models"));
        Self { workspace, folder }
    }

    /// With some feedback in it.
    fn with_feedback() -> Self {
        let place = Self::new();
        let out = place.folder.path().join("exports");
        let options = hearback_app::sample::SampleOptions { sessions: 120, seed: 5, out };
        let report = hearback_app::sample::write(&options, &Job::quiet()).unwrap();
        place.workspace.import(&report.files[..4], &import_options(), &Job::quiet()).unwrap();
        place
    }

    fn models(&self) -> PathBuf {
        self.folder.path().join("models")
    }

    fn entry(&self, key: &str) -> ModelEntry {
        let list = self.workspace.models().unwrap();
        list.models.iter().find(|entry| entry.key == key).unwrap_or_else(|| panic!("no {key} in {list:#?}")).clone()
    }

    fn fetch(&self, hub: &FakeHub, consent: Consent, job: &Job) -> Result<ModelEntry, Error> {
        self.workspace.download_from(&hub.hub(), &OFFER, consent, job)
    }

    /// Names in the models folder.
    fn lies_there(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.models())
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn analyse(&self) -> u64 {
        self.workspace.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap().embedded
    }
}

fn open(workspace: &Path, models: &Path) -> Workspace {
    Workspace::open(workspace, components().with_models(models)).unwrap()
}

fn on_board() -> ModelFiles {
    components().model_files()
}

/// The files of the model on board, as a repository has them.
fn repository() -> BTreeMap<String, Vec<u8>> {
    let files = on_board();
    let read = |name: &str, path: &Path| (name.to_owned(), std::fs::read(path).unwrap());
    BTreeMap::from([
        read("onnx/model.onnx", &files.onnx),
        read("tokenizer.json", &files.tokenizer),
        read("config.json", &files.config),
        read("special_tokens_map.json", &files.special_tokens_map),
        read("tokenizer_config.json", &files.tokenizer_config),
    ])
}

/// A repository whose model is none, for whatever fails before it is tried.
fn small_repository() -> BTreeMap<String, Vec<u8>> {
    let mut files = repository();
    files.insert("onnx/model.onnx".to_owned(), (0..3_000_000_u32).map(|number| (number * 31 % 251) as u8).collect());
    files
}

/// A folder as a user has one: the model on board with its pooling said.
fn local_folder(at: &Path, pooling: &str) -> PathBuf {
    let folder = at.join("My model");
    std::fs::create_dir_all(folder.join("1_Pooling")).unwrap();
    for (name, content) in repository() {
        let path = folder.join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    std::fs::write(folder.join("1_Pooling/config.json"), pooling).unwrap();
    std::fs::write(folder.join("README.md"), "---\nlicense: bsd-3-clause\nlanguage: en\n---\n# Mine\n").unwrap();
    folder
}

const MEAN: &str = r#"{"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}"#;

#[test]
fn nothing_is_fetched_without_consent() {
    let (place, hub) = (Place::new(), FakeHub::new(small_repository()));
    let error = place.fetch(&hub, Consent::NotGiven, &Job::quiet()).unwrap_err();
    assert_eq!(error.kind, Kind::Input);
    for said in ["Other model", "95 MB", "127.0.0.1", "owner/other", "Apache-2.0"] {
        assert!(error.message.contains(said), "{error}");
    }
    assert_eq!(hub.asked(), [], "a connection was made");
    assert!(place.lies_there().is_empty());
    // The catalogue's own, by key: the same words, and no connection either.
    let error = place.workspace.download_model("bge-small-en-v1.5", Consent::NotGiven, &Job::quiet()).unwrap_err();
    assert!(error.message.contains("huggingface.co") && error.message.contains("MIT"), "{error}");
    let error = place.workspace.download_model("nonsense", Consent::Given, &Job::quiet()).unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn a_fetched_model_is_used_beside_the_one_on_board() {
    let (place, hub) = (Place::with_feedback(), FakeHub::new(repository()));
    let workspace = &place.workspace;
    let first = place.analyse();
    assert!(first > 50);
    let map = |workspace: &Workspace| workspace.draw_map(&MapDrawing::new(now()), &Job::quiet()).unwrap();
    assert_eq!(map(workspace).texts, first);

    type Seen = Vec<(u64, Option<u64>)>;
    let seen: Arc<Mutex<Seen>> = Arc::default();
    let told = Arc::clone(&seen);
    let job = Job::new(CancelHandle::default(), move |progress| {
        if progress.step == Step::Downloading {
            assert_eq!(progress.unit, Unit::Bytes);
            told.lock().unwrap().push((progress.done, progress.total));
        }
    });
    let entry = place.fetch(&hub, Consent::Given, &job).unwrap();
    let total: u64 = repository().values().map(|content| content.len() as u64).sum();
    assert_eq!(seen.lock().unwrap().last(), Some(&(total, Some(total))));
    assert!(seen.lock().unwrap().is_sorted());
    assert_eq!((entry.state, entry.chosen, entry.vectors), (ModelState::Installed, false, 0));
    assert_eq!((entry.dimension, entry.max_length, entry.pooling), (384, 128, Some(Pooling::Cls)));
    assert_eq!((entry.licence.as_deref(), entry.bytes), (Some("Apache-2.0"), Some(total)));
    assert_eq!(entry.digest, place.entry(ON_BOARD).digest, "the files are those of the model on board");
    assert_eq!(place.lies_there(), ["other-model"], "nothing is left but the model");
    let agents: Vec<String> = hub.asked().into_iter().map(|asked| asked.agent).collect();
    assert!(agents.iter().all(|agent| *agent == format!("hearback/{}", env!("CARGO_PKG_VERSION"))), "{agents:?}");
    let error = place.fetch(&hub, Consent::Given, &Job::quiet()).unwrap_err();
    assert!(error.message.contains("installed already") && hub.asked().is_empty(), "{error}");

    // Chosen, but nothing is embedded with it yet: everything says so, nothing compares what cannot be compared.
    let text = "The refund never arrived";
    let filter = Filter::default();
    let similar = |workspace: &Workspace| workspace.similar(SimilarTo::Text(text), 3, &filter, &Job::quiet());
    let before = similar(workspace).unwrap();
    let word = before[0].text.split(|c: char| !c.is_alphanumeric()).max_by_key(|word| word.len()).unwrap().to_owned();
    let list = workspace.choose_model("other-model").unwrap();
    assert_eq!((list.chosen.as_str(), list.texts), ("other-model", first));
    let error = similar(workspace).unwrap_err();
    assert!(error.kind == Kind::NotFound && error.message.contains("other-model"), "{error}");
    assert!(workspace.known(text, &filter, &Job::quiet()).is_err());
    assert!(workspace.draw_map(&MapDrawing::new(now()), &Job::quiet()).is_err());
    assert_eq!(workspace.map(&filter).unwrap().map, None);
    let searched = workspace.search(&word, LastWord::Whole, 5, &filter, &Job::quiet()).unwrap();
    assert!(!searched.by_meaning && !searched.cases.is_empty(), "words are compared all the same");
    let themes = workspace.themes(&filter, &Comparison::PreviousPeriod).unwrap();
    let (run, model) = themes.run.clone().unwrap();
    assert_eq!(model.map(|model| model.name).as_deref(), Some(ON_BOARD), "the run is still the other model's");
    let drift = themes.drift.unwrap();
    assert!(themes.stale && drift.worth_a_run && drift.reason.contains("other-model"), "{drift:?}");
    std::fs::write(
        place.folder.path().join("late.jsonl"),
        "{\"kind\":\"feedback\",\"id\":\"late\",\"comment\":\"It never ends\"}\n",
    )
    .unwrap();
    workspace.import(&[place.folder.path().join("late.jsonl")], &import_options(), &Job::quiet()).unwrap();
    let placing = workspace.assign_new_texts(&Job::quiet()).unwrap().unwrap();
    assert!(placing.waiting == 1 && placing.reason.unwrap().contains("other-model"));

    // Analysed with it: the vectors of both lie side by side, and every question is put to the right ones.
    assert_eq!(place.analyse(), first + 1);
    assert_eq!((place.entry(ON_BOARD).vectors, place.entry("other-model").vectors), (first, first + 1));
    let now_run = workspace.themes(&filter, &Comparison::PreviousPeriod).unwrap().run.unwrap().0;
    assert_ne!(now_run.model_id, run.model_id);
    let found = similar(workspace).unwrap();
    assert_eq!(found.len(), 3);
    assert!(found.iter().zip(&before).any(|(a, b)| (a.similarity - b.similarity).abs() > 0.01), "{found:#?}");
    let own = workspace.similar(SimilarTo::Text(&found[0].text), 1, &filter, &Job::quiet()).unwrap();
    assert!(own[0].similarity > 0.999 && own[0].text == found[0].text, "a stored text and the same as a question");
    let theme = workspace.store_for_tests().themes().unwrap()[0].id;
    assert!(!workspace.similar(SimilarTo::Theme(theme), 3, &filter, &Job::quiet()).unwrap().is_empty());
    assert!(workspace.known(text, &filter, &Job::quiet()).unwrap().nearest.is_some());
    assert!(workspace.search(&word, LastWord::Whole, 5, &filter, &Job::quiet()).unwrap().by_meaning);
    assert_eq!(map(workspace).texts, first + 1);

    // Back again: nothing that was embedded is embedded again, and the map from before is there.
    workspace.choose_model(ON_BOARD).unwrap();
    assert!(!workspace.similar(SimilarTo::Theme(theme), 3, &filter, &Job::quiet()).unwrap().is_empty(), "by its texts");
    assert_eq!(similar(workspace).unwrap()[0].similarity, before[0].similarity);
    assert_eq!(workspace.map(&filter).unwrap().map.unwrap().0.texts, first);
    assert_eq!(place.analyse(), 1, "only the text that came meanwhile");

    // The other model's vectors go; what was made with this one stays. Its own map is still named.
    let list = workspace.forget_model("other-model").unwrap();
    assert_eq!(list.models.iter().find(|entry| entry.key == "other-model").unwrap().vectors, 0);
    assert_eq!(place.entry(ON_BOARD).vectors, first + 1);
    assert!(!similar(workspace).unwrap().is_empty());
    assert_eq!(workspace.forget_model("other-model").unwrap_err().kind, Kind::NotFound);
    assert_eq!(workspace.forget_model(ON_BOARD).unwrap_err().kind, Kind::Input, "it is in use");
}

#[test]
fn a_cut_connection_is_gone_on_from_where_it_ended() {
    let (place, hub) = (Place::new(), FakeHub::new(repository()));
    hub.trouble(Trouble::Cut(40_000_000));
    place.fetch(&hub, Consent::Given, &Job::quiet()).unwrap();
    let ranges: Vec<String> = hub.asked().into_iter().filter_map(|asked| asked.range).collect();
    // Asked by the hub, and again where it sends on to.
    assert!(!ranges.is_empty() && ranges.iter().all(|range| range == "bytes=40000000-"), "{ranges:?}");
}

#[test]
fn a_cancelled_download_stops_soon_and_is_gone_on_with() {
    let (place, hub) = (Place::new(), FakeHub::new(repository()));
    let cancel = CancelHandle::default();
    let (stop, fetched) = (cancel.clone(), Arc::new(AtomicU64::new(0)));
    let seen = Arc::clone(&fetched);
    let job = Job::new(cancel, move |progress| {
        if progress.step == Step::Downloading && progress.done > 2_000_000 {
            seen.store(progress.done, Ordering::Relaxed);
            stop.cancel();
        }
    });
    assert!(place.fetch(&hub, Consent::Given, &job).unwrap_err().is_cancelled());
    assert_eq!(place.lies_there(), [".fetching-other-model"]);
    assert_eq!(place.workspace.models().unwrap().models.iter().filter(|entry| entry.key == "other-model").count(), 0);
    hub.asked();
    // What is left is counted, not what is there.
    let total = Arc::new(AtomicU64::new(0));
    let told = Arc::clone(&total);
    let job = Job::new(CancelHandle::default(), move |progress| {
        if progress.step == Step::Downloading {
            told.store(progress.total.unwrap(), Ordering::Relaxed);
        }
    });
    place.fetch(&hub, Consent::Given, &job).unwrap();
    assert!(hub.asked().iter().any(|asked| asked.range.is_some()), "it began anew");
    let whole: u64 = repository().values().map(|content| content.len() as u64).sum();
    assert!(total.load(Ordering::Relaxed) < whole && fetched.load(Ordering::Relaxed) > 0);
}

#[test]
fn what_goes_wrong_on_the_way_is_said_with_the_next_step() {
    let check = |trouble: Trouble, words: &[&str]| {
        let (place, mut hub) = (Place::new(), FakeHub::new(small_repository()));
        if matches!(trouble, Trouble::Stall(_)) {
            hub.patience = Duration::from_secs(1);
        }
        hub.trouble(trouble.clone());
        let error = place.fetch(&hub, Consent::Given, &Job::quiet()).unwrap_err();
        let said = format!("{error} / {}", error.hint.clone().unwrap_or_default());
        assert_eq!(error.kind, Kind::Component, "{trouble:?}: {said}");
        for word in words.iter().chain(&[" of "]) {
            assert!(said.contains(word), "{trouble:?}: {word:?} is not in {said}");
        }
        assert!(!place.lies_there().contains(&"other-model".to_owned()));
        place
    };
    check(Trouble::Status(404), &["tokenizer.json of Other model", "127.0.0.1", "404", "choose another"]);
    check(Trouble::Status(403), &["403", "does not give this file", "add its folder"]);
    check(Trouble::Status(429), &["asks for patience", "in 7 seconds"]);
    check(Trouble::Status(503), &["problem of its own", "Try again"]);
    check(Trouble::Stall(100_000), &["model.onnx of Other model", "127.0.0.1", "Check the connection"]);
    check(Trouble::Unsafe, &["not encrypted"]);
    let place = check(
        Trouble::WrongDigest,
        &["model.onnx of owner/other", "is not what the hub has", "Nothing of it was kept"],
    );
    assert!(place.lies_there().is_empty(), "{:?}", place.lies_there());
    // All of it is as the hub says, but it is no model.
    let (place, hub) = (Place::new(), FakeHub::new(small_repository()));
    let error = place.fetch(&hub, Consent::Given, &Job::quiet()).unwrap_err();
    assert!(error.kind == Kind::Component && error.message.contains("cannot be used"), "{error}");
    assert!(place.lies_there().is_empty(), "{:?}", place.lies_there());
    // More than was agreed to.
    let error = place
        .workspace
        .download_from(&hub.hub(), &Offer { bytes: 1_000_000, ..OFFER }, Consent::Given, &Job::quiet())
        .unwrap_err();
    assert!(error.message.contains("nothing was fetched"), "{error}");
}

#[test]
fn without_a_server_there_is_an_answer_and_no_hang() {
    let place = Place::new();
    // A port where nobody listens.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hub = hearback_app::Hub::at(&format!("http://{address}"), Duration::from_secs(5)).unwrap();
    let error = place.workspace.download_from(&hub, &OFFER, Consent::Given, &Job::quiet()).unwrap_err();
    let said = format!("{error} / {}", error.hint.clone().unwrap_or_default());
    assert!(said.contains("127.0.0.1") && said.contains("Check the connection"), "{said}");
}

#[test]
fn a_local_folder_is_tried_copied_and_chosen() {
    let place = Place::new();
    let folder = local_folder(place.folder.path(), MEAN);
    for spare in ["special_tokens_map.json", "tokenizer_config.json"] {
        std::fs::remove_file(folder.join(spare)).unwrap();
    }
    std::fs::write(folder.join("sentence_bert_config.json"), r#"{"max_seq_length": 64}"#).unwrap();
    let entry = place.workspace.add_model_folder(&folder, &Job::quiet()).unwrap();
    assert_eq!(
        (entry.key.as_str(), entry.title.as_str(), entry.dimension, entry.max_length),
        ("My-model", "My model", 384, 64)
    );
    assert_eq!((entry.licence.as_deref(), entry.languages.as_deref()), (Some("BSD-3-Clause"), Some("English")));
    assert_eq!(entry.origin, folder.display().to_string());
    assert_eq!(place.lies_there(), ["My-model"]);
    let error = place.workspace.add_model_folder(&folder, &Job::quiet()).unwrap_err();
    assert!(error.kind == Kind::Input && error.message.contains("My-model"), "{error}");

    // A copy: the user's folder may go.
    std::fs::remove_dir_all(&folder).unwrap();
    place.workspace.choose_model("My-model").unwrap();
    let path = place.folder.path().join("f.jsonl");
    std::fs::write(&path, "{\"kind\":\"feedback\",\"id\":\"a\",\"comment\":\"It is far too slow\"}\n").unwrap();
    place.workspace.import(&[path], &import_options(), &Job::quiet()).unwrap();
    assert_eq!(place.analyse(), 1);
    let error = place.workspace.remove_model("My-model").unwrap_err();
    assert!(error.kind == Kind::Input && error.message.contains("uses"), "{error}");

    // What lies in the models folder is held against what was added, whenever it is loaded.
    let tokenizer = place.models().join("My-model/tokenizer.json");
    let text = std::fs::read_to_string(&tokenizer).unwrap();
    std::fs::write(&tokenizer, text.replacen("0.0", "1.0", 1).replacen("\"[PAD]\"", "\"[PAT]\"", 1)).unwrap();
    let Place { workspace, folder } = place;
    drop(workspace);
    let workspace = open(&folder.path().join("w.hearback"), &folder.path().join("models"));
    let error = workspace.similar(SimilarTo::Text("slow"), 1, &Filter::default(), &Job::quiet()).unwrap_err();
    assert!(error.kind == Kind::Component && error.message.contains("My-model"), "{error}");
    drop(workspace);

    // On a machine without the model everything else works, and another can be chosen.
    let elsewhere = open(&folder.path().join("w.hearback"), &folder.path().join("nothing here"));
    let list = elsewhere.models().unwrap();
    let entry = list.models.iter().find(|entry| entry.chosen).unwrap();
    assert_eq!((entry.key.as_str(), entry.state, entry.vectors), ("My-model", ModelState::Missing, 1));
    assert!(entry.problem.as_ref().unwrap().contains("choose another one"), "{entry:?}");
    assert_eq!(elsewhere.summary().unwrap().feedback, 1);
    let error = elsewhere.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap_err();
    assert!(error.kind == Kind::Component && error.message.contains("My-model"), "{error}");
    let searched = elsewhere.search("slow", LastWord::Whole, 5, &Filter::default(), &Job::quiet()).unwrap();
    assert_eq!((searched.cases.len(), searched.by_meaning), (1, false));
    elsewhere.choose_model(ON_BOARD).unwrap();
    assert_eq!(elsewhere.analyse(&AnalysisOptions::new(now()), &Job::quiet()).unwrap().embedded, 1);
    let list = elsewhere.forget_model("My-model").unwrap();
    assert!(list.models.iter().all(|entry| entry.key != "My-model"), "nothing names it any more");
}

#[test]
fn pooling_is_as_the_folder_says() {
    let place = Place::new();
    let folder =
        local_folder(place.folder.path(), r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#);
    let entry = place.workspace.add_model_folder(&folder, &Job::quiet()).unwrap();
    assert_eq!(entry.pooling, Some(Pooling::Cls));
    assert_eq!(entry.max_length, 512, "as far as its positions go");
    assert_ne!(entry.max_length as usize, MAX_LENGTH);
    // The same files read otherwise are another model, under a name of its own.
    std::fs::write(folder.join("1_Pooling/config.json"), r#"{"pooling_mode": "mean"}"#).unwrap();
    let other = place.workspace.add_model_folder(&folder, &Job::quiet()).unwrap();
    assert_eq!(
        (other.key.as_str(), other.pooling),
        (format!("My-model-{}", &entry.digest.unwrap()[..8]).as_str(), Some(Pooling::Mean))
    );
    place.workspace.remove_model("My-model").unwrap();
    assert_eq!(place.lies_there(), [other.key]);
    assert_eq!(place.workspace.remove_model("My-model").unwrap_err().kind, Kind::NotFound);
    assert_eq!(place.workspace.remove_model(ON_BOARD).unwrap_err().kind, Kind::Input);
    assert_eq!(place.workspace.remove_model("../w").unwrap_err().kind, Kind::NotFound);
}

#[test]
fn a_folder_that_is_no_model_is_refused_with_the_reason() {
    let place = Place::new();
    let check = |spoil: &dyn Fn(&Path), words: &[&str]| {
        let at = tempfile::tempdir().unwrap();
        let folder = local_folder(at.path(), MEAN);
        spoil(&folder);
        let error = place.workspace.add_model_folder(&folder, &Job::quiet()).unwrap_err();
        let said = format!("{error} / {}", error.hint.clone().unwrap_or_default());
        for word in words {
            assert!(said.contains(word), "{word:?} is not in {said}");
        }
        assert!(error.hint.is_some() && place.lies_there().is_empty(), "{said}: {:?}", place.lies_there());
    };
    let remove = |name: &'static str| move |folder: &Path| std::fs::remove_file(folder.join(name)).unwrap();
    let write =
        |name: &'static str, text: &'static str| move |folder: &Path| std::fs::write(folder.join(name), text).unwrap();
    check(&remove("tokenizer.json"), &["has no tokenizer.json", "save_pretrained"]);
    check(&remove("onnx/model.onnx"), &["ONNX form", "optimum-cli"]);
    check(&remove("1_Pooling/config.json"), &["1_Pooling/config.json", "pooling_mode_mean_tokens"]);
    check(&write("1_Pooling/config.json", r#"{"pooling_mode_max_tokens": true}"#), &["pooling max", "mean or cls"]);
    check(&write("onnx/model.onnx", "no model"), &["My model", "cannot be used", "Export"]);
    check(&write("tokenizer.json", "{"), &["tokenizer.json is not JSON"]);
    check(&write("config.json", "[]"), &["config.json is no JSON object"]);
    check(
        &|folder| {
            std::fs::rename(folder.join("onnx/model.onnx"), folder.join("a.onnx")).unwrap();
            std::fs::write(folder.join("b.onnx"), "x").unwrap();
        },
        &["several models: a.onnx, b.onnx"],
    );
    let error = place.workspace.add_model_folder(Path::new("/nowhere at all"), &Job::quiet()).unwrap_err();
    assert!(error.kind == Kind::File && error.message.contains("is not a folder"), "{error}");
}

#[test]
fn a_choice_needs_a_model_that_is_here() {
    let place = Place::new();
    let list = place.workspace.models().unwrap();
    assert_eq!((list.chosen.as_str(), list.folder.as_deref()), (ON_BOARD, Some(place.models().as_path())));
    let first = &list.models[0];
    assert_eq!(
        (first.key.as_str(), first.state, first.chosen, &first.problem),
        (ON_BOARD, ModelState::OnBoard, true, &None)
    );
    assert!(list.models.len() > 8 && list.models[1..].iter().all(|entry| entry.state == ModelState::Available));
    let error = place.workspace.choose_model("multilingual-e5-small").unwrap_err();
    assert_eq!((error.kind, error.next), (Kind::Component, Some(NextStep::Models)));
    assert!(error.hint.unwrap().contains("Download multilingual-e5-small"));
    assert_eq!(place.workspace.choose_model("nonsense").unwrap_err().kind, Kind::NotFound);
    // A spoilt folder is shown with what is wrong, and cannot be chosen.
    std::fs::create_dir_all(place.models().join("spoilt")).unwrap();
    assert!(place.entry("spoilt").problem.unwrap().contains("hearback-model.json"));
    assert_eq!(place.workspace.choose_model("spoilt").unwrap_err().kind, Kind::Component);
    place.workspace.remove_model("spoilt").unwrap();
    assert!(!place.models().join("spoilt").exists());
}
