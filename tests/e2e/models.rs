//! The embedding models of a workspace: one from a folder is added, chosen and removed; nothing is downloaded unasked.

use std::path::{Path, PathBuf};

use crate::{
    application::{Application, CONTROL, ENTER, ESCAPE, Start},
    prepared::with_themes,
};

/// A folder with a copy of the model on board, by another name.
fn model_folder(folder: &Path) -> PathBuf {
    let assets = std::env::var_os("HEARBACK_ASSETS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), PathBuf::from);
    let made = folder.join("tickets, distilled");
    std::fs::create_dir(&made).unwrap();
    for entry in std::fs::read_dir(assets.join("models/all-MiniLM-L6-v2")).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), made.join(entry.file_name())).unwrap();
    }
    // As its makers' page has it: how the tokens' vectors become one.
    std::fs::create_dir(made.join("1_Pooling")).unwrap();
    std::fs::write(made.join("1_Pooling/config.json"), r#"{"pooling_mode_mean_tokens": true}"#).unwrap();
    made
}

fn open_models(app: &Application) {
    app.press(&[CONTROL], ',');
    app.click("[data-testid=settings-models]");
    app.text("[data-testid=model][data-state=on_board]");
}

#[test]
fn a_model_of_ones_own_is_added_chosen_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let pick = model_folder(folder.path()).display().to_string();
    let path = with_themes(folder.path());
    let app = Application::start(Start { workspace: Some(&path), pick: Some(pick), ..Start::default() });
    app.wait_count("[data-testid=mover]", |count| count > 0);
    open_models(&app);
    let own = app.text("[data-testid=model][data-state=on_board]");
    for words in ["used here", "384 dimensions", "Apache-2.0", "vectors of all"] {
        assert!(own.contains(words), "{words} in {own}");
    }
    app.keep_picture("95-models");

    // Consent first: it says what, from where, how big, under which licence. Declined, nothing happens.
    app.click("[data-testid=model][data-state=available] [data-testid=model-download]");
    let consent = app.text("[data-testid=model-consent]");
    for words in ["From", "Size", "Licence", "only time Hearback uses the network"] {
        assert!(consent.contains(words), "{words} in {consent}");
    }
    app.keep_picture("96-consent");
    app.type_into("[data-testid=model-consent] button", ESCAPE);
    app.wait_gone("[data-testid=model-consent]");
    assert_eq!(app.count("[data-testid=job]"), 0);
    assert_eq!(app.count("[data-testid=settings]"), 1, "only the question was closed");

    app.click("[data-testid=model-add]");
    let added = app.text("[data-testid=model][data-state=installed]");
    assert!(added.contains("no vectors in this workspace"), "{added}");
    app.keep_picture("97-model-added");
    app.click("[data-testid=model][data-state=installed] [data-testid=model-choose]:not([disabled])");
    app.wait_for("[data-testid=model-unread]", |text| text.contains("not been read"));
    app.keep_picture("98-model-chosen");
    // Back to the one on board: its vectors are still there, and the other one can go.
    app.click("[data-testid=model][data-state=on_board] [data-testid=model-choose]:not([disabled])");
    app.wait_for("[data-testid=model][data-state=on_board]", |text| text.contains("used here"));
    app.click("[data-testid=model][data-state=installed] [data-testid=model-remove-ask]:not([disabled])");
    app.text("[data-testid=model-remove]");
    app.type_into("[data-testid=model-remove-confirm]", ENTER);
    app.wait_gone("[data-testid=model][data-state=installed]");
}

#[test]
fn a_folder_without_a_model_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("nothing here");
    std::fs::create_dir(&empty).unwrap();
    let path = with_themes(folder.path());
    let pick = Some(empty.display().to_string());
    let app = Application::start(Start { workspace: Some(&path), pick, ..Start::default() });
    app.wait_count("[data-testid=mover]", |count| count > 0);
    open_models(&app);
    app.click("[data-testid=model-add]");
    let refused = app.text("[data-testid=notice-error]");
    assert!(refused.contains("model.onnx") || refused.contains("nothing here"), "{refused}");
    app.keep_picture("99-model-refused");
}
