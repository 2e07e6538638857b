//! The window is killed while it imports: is the workspace as before or complete, and can it be opened again?

use std::time::Duration;

use hearback_store::Store;

use crate::{
    application::{Application, Start},
    journey::exports,
};

#[test]
fn a_window_that_is_killed_during_an_import_leaves_no_half_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.hearback");
    drop(Store::open(&path).unwrap());
    // Large enough that a debug build is still at it when the last of the kills comes.
    let pick = exports(&folder.path().join("exports"), 6000);
    let start = || Application::start(Start { workspace: Some(&path), pick: Some(pick.clone()), ..Start::default() });
    let import = |app: &Application| {
        app.click("[data-testid=nav-sources]");
        app.click("[data-testid=import-files]");
        app.wait_count("[data-testid=import-candidate]", |count| count == 4);
        app.click("[data-testid=import-start]");
    };
    let mut unfinished = 0;
    for after in [0, 700, 2000] {
        let app = start();
        import(&app);
        app.text("[data-testid=job]");
        std::thread::sleep(Duration::from_millis(after));
        app.kill();
        let workspace = Store::open(&path).unwrap();
        let summary = workspace.summary().unwrap();
        match summary.sources {
            0 => {
                unfinished += 1;
                assert_eq!((summary.feedback, summary.turns, summary.sessions, summary.rejects), (0, 0, 0, 0));
            }
            4 => {
                assert!(summary.feedback > 0 && summary.joined_session == summary.feedback, "{summary:?}");
                break;
            }
            _ => panic!("killed after {after} ms: {summary:?}"),
        }
    }
    assert!(unfinished > 0, "no import was killed before it ended");

    // The window opens what it left, and imports to the end.
    let app = start();
    app.click("[data-testid=nav-sources]");
    if app.count("[data-testid=source-row]") == 0 {
        import(&app);
        let report = app.text("[data-testid=import-report]");
        assert!(report.contains("Imported 4 files"), "{report}");
    }
    // Told to end by SIGTERM, it leaves everything in the one file: a copy of that alone is whole.
    app.end();
    assert!(Store::log_beside(&path).is_none());
    let copy = folder.path().join("copy.hearback");
    std::fs::copy(&path, &copy).unwrap();
    let summary = Store::open(&copy).unwrap().summary().unwrap();
    assert!(summary.sources == 4 && summary.joined_session == summary.feedback, "{summary:?}");
}
