//! Embedding models from a shell.

use crate::shared::{Place, assets};

#[test]
fn a_download_is_agreed_to_first() {
    let place = Place::new();
    let ran = place.run(&["models", "download", "multilingual-e5-small"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    for said in ["Multilingual E5 small", "huggingface.co", "intfloat/multilingual-e5-small", "MB", "MIT", "--yes"] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    // A mirror is named as other programs name it, and has to be safe.
    let mirror = |address: &str| {
        let mut command = place.command(&["models", "download", "multilingual-e5-small", "--yes"]);
        let output = command.env("HF_ENDPOINT", address).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = mirror("http://models.example.com");
    assert!(code == Some(2) && said.contains("https://"), "{said}");
    // A port of this machine where nobody listens.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, said) = mirror(&format!("http://{closed}"));
    assert!(code == Some(1) && said.contains("127.0.0.1") && said.contains("Check the connection"), "{said}");
    assert!(!place.path("w.hearback").exists(), "models are the machine's, not a workspace's");
}

#[test]
fn a_folder_is_added_chosen_and_removed() {
    let place = Place::new();
    let (from, to) = (assets().join("models/all-MiniLM-L6-v2"), place.path("mine"));
    std::fs::create_dir_all(to.join("1_Pooling")).unwrap();
    for name in ["model.onnx", "tokenizer.json", "config.json"] {
        std::fs::copy(from.join(name), to.join(name)).unwrap();
    }
    std::fs::write(to.join("1_Pooling/config.json"), r#"{"pooling_mode_cls_token": true}"#).unwrap();
    let added = place.json(&["models", "add", "mine"]);
    assert_eq!((added["key"].as_str(), added["state"].as_str()), (Some("mine"), Some("installed")));
    assert_eq!((added["pooling"].as_str(), added["licence"].as_str()), (Some("cls"), None));
    let chosen = place.json(&["models", "choose", "mine"]);
    assert_eq!(chosen["chosen"], "mine");
    let folder = std::path::PathBuf::from(chosen["folder"].as_str().unwrap());
    assert!(folder.starts_with(place.folder.path()) && folder.join("mine/hearback-model.json").is_file());
    assert!(place.done(&["models", "list"]).contains("not stated"));
    assert_eq!(place.run(&["models", "remove", "mine"]).code, Some(2), "it is used here");
    place.done(&["models", "choose", "all-MiniLM-L6-v2"]);
    place.done(&["models", "remove", "mine"]);
    assert!(!folder.join("mine").exists());
}
