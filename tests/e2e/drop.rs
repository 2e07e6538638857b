//! Files are dropped on the window. A real drop needs a second program that drags; here the page gets what Tauri tells it
//! of one, by the function through which the shell emits every event.

use serde_json::json;

use crate::{
    application::{Application, Start},
    journey::exports,
};

/// As the shell emits it (tauri/src/event/mod.rs, `emit_js_script`; tauri's version is pinned).
fn emit(app: &Application, event: &str, payload: &serde_json::Value) {
    let heard = app.run(&format!(
        "const listeners = window.__internal_unstable_listeners_object_id__?.['{event}'];
        if (!listeners) return 0;
        const ids = Object.getOwnPropertyNames(listeners).map(Number);
        window.__internal_unstable_listeners_function_id__({{ event: '{event}', payload: {payload} }}, ids);
        return ids.length"
    ));
    assert!(heard.as_u64() > Some(0), "the page listens to {event}: {heard}");
}

#[test]
fn dropped_files_and_folders_open_the_import_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let pick = exports(&folder.path().join("exports"), 20);
    let app = Application::start(Start::default());
    app.text("[data-testid=empty-start]");

    let canonical = pick.lines().find(|path| path.ends_with("canonical.jsonl")).unwrap();
    let place = json!({"x": 400, "y": 300});
    emit(&app, "tauri://drag-enter", &json!({"paths": [canonical], "position": place}));
    app.wait_for(".drop", |text| text.contains("Drop to import"));
    app.keep_picture("92-dragging");
    emit(&app, "tauri://drag-leave", &json!(null));
    app.wait_gone(".drop");

    emit(&app, "tauri://drag-drop", &json!({"paths": [canonical], "position": place}));
    app.wait_count("[data-testid=import-candidate]", |count| count == 1);
    assert!(app.text("[data-testid=import-sheet]").contains("canonical.jsonl"));
    app.wait_gone(".drop");

    // A folder is what lies in it.
    let exports = folder.path().join("exports");
    emit(&app, "tauri://drag-drop", &json!({"paths": [exports], "position": place}));
    app.wait_for("[data-testid=import-sheet]", |text| {
        pick.lines().all(|path| path.rsplit('/').next().is_some_and(|name| text.contains(name)))
    });
    app.keep_picture("93-dropped");
}
