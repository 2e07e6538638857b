//! From the empty start to the session in which it happened, as a user walks it.

use std::path::Path;

use hearback_app::sample::{self, SampleOptions};
use hearback_domain::job::Job;

use crate::application::{Application, CONTROL, ENTER, Start};

/// The sample's exports in `folder`, and what a user would pick in the dialog: the four files.
pub fn exports(folder: &Path, sessions: u32) -> String {
    let options = SampleOptions { sessions, seed: 7, out: folder.to_owned() };
    let report = sample::write(&options, &Job::quiet()).unwrap();
    let files = report.files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.map(|path| path.display().to_string()).collect::<Vec<_>>().join("\n")
}

#[test]
fn from_an_empty_start_to_the_session_in_which_it_happened() {
    let folder = tempfile::tempdir().unwrap();
    let pick = exports(folder.path(), 400);
    let app = Application::start(Start { pick: Some(pick), ..Start::default() });

    // The empty start is useful.
    app.text("[data-testid=empty-start]");
    assert_eq!(app.count("[data-testid=try-sample]"), 1);
    app.keep_picture("01-empty");

    // Import the sample's files through the dialog.
    app.click("[data-testid=import-files]");
    app.wait_count("[data-testid=import-candidate]", |count| count == 4);
    app.keep_picture("02-import-sheet");
    app.click("[data-testid=import-start]");
    let report = app.text("[data-testid=import-report]");
    assert!(report.contains("Imported 4 files"), "{report}");
    app.keep_picture("03-imported");
    app.click("[data-testid=import-report] button.primary, [data-testid=import-report] button:not([disabled])");

    // Themes are found in the background, with progress in the status bar.
    if app.count("[data-testid=job]") == 0 {
        app.click("[data-testid=nav-themes]");
        app.click("[data-testid=analyse]");
    }
    app.text("[data-testid=job]");
    app.wait_gone("[data-testid=job]");

    // Trends: three charts, real pictures in them.
    app.click("[data-testid=nav-trends]");
    for dimension in ["model_version", "feedback_type", "environment"] {
        let chart = format!("[data-testid=chart-{dimension}]");
        app.wait_count(&format!("{chart} svg path, {chart} svg polyline"), |count| count > 2);
        app.wait_count(&format!("{chart} [data-testid=point]"), |count| count > 10);
    }
    app.keep_picture("04-trends");

    // A click on a point filters to it; the rows behind it are the feedback of that filter.
    let point = app.run(
        "const points = document.querySelectorAll('[data-testid=chart-model_version] [data-testid=point]');
         const free = [...points].find((point) => {
             const { left, top, width, height } = point.getBoundingClientRect();
             return document.elementFromPoint(left + width / 2, top + height / 2) === point;
         });
         return free.dataset.index",
    );
    let point = point.as_str().unwrap();
    app.click(&format!("[data-testid=chart-model_version] [data-testid=point][data-index='{point}']"));
    app.text("[data-testid=chip-model_version]");
    app.keep_picture("05-point");
    app.click("[data-testid=nav-feedback]");
    app.wait_count("[data-testid=feedback-row]", |count| count > 0);
    let version = app.text("[data-testid=chip-model_version]");
    assert!(version.contains("assistant-"), "{version}");
    app.keep_picture("06-feedback");

    // Enter opens the session: query, context, output, feedback in place.
    app.click("[data-testid=feedback-row]");
    app.type_into("body", ENTER);
    for part in ["trail-query", "trail-context", "trail-output", "trail-feedback"] {
        app.text(&format!("[data-testid={part}]"));
    }
    app.wait_count("[data-testid=similar-case]", |count| count > 0);
    app.keep_picture("07-trail");

    // Themes, and the one that is selected in the inspector.
    app.click("[data-testid=nav-themes]");
    app.wait_count("[data-testid=theme-row]", |count| count > 2);
    app.keep_picture("08-themes");
    app.click("[data-testid=nav-overview]");
    app.wait_count("[data-testid=mover]", |count| count > 0);
    app.keep_picture("09-overview");

    // Every action is in the palette; dark is one of them.
    app.press(&[CONTROL], 'k');
    app.text("[data-testid=palette]");
    app.type_into("[data-testid=palette] input", "dark");
    app.keep_picture("10-palette");
    app.type_into("[data-testid=palette] input", ENTER);
    app.wait_gone("[data-testid=palette]");
    let theme = app.run("return document.documentElement.dataset.theme");
    assert_eq!(theme, "dark");
    app.keep_picture("11-overview-dark");
    for view in places(&app) {
        app.click(&format!("[data-testid=nav-{view}]"));
        app.wait_count(&format!("[data-testid=view-{view}]"), |count| count == 1);
        app.keep_picture(&format!("12-{view}-dark"));
    }
    app.resize(960, 640);
    for view in places(&app) {
        app.click(&format!("[data-testid=nav-{view}]"));
        app.keep_picture(&format!("13-{view}-small"));
    }
}

/// The views that the rail leads to.
fn places(app: &Application) -> Vec<String> {
    let named = app.run(
        "return [...document.querySelectorAll('[data-testid^=nav-]')].map((place) => place.dataset.testid.slice(4))",
    );
    named.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_sample_data_can_be_tried_with_one_click() {
    let app = Application::start(Start::default());
    app.click("[data-testid=try-sample]");
    app.text("[data-testid=job]");
    app.wait_gone("[data-testid=job]");
    app.wait_count("[data-testid=mover]", |count| count > 3);
    let status = app.wait_for("body", |text| text.to_lowercase().contains("synthetic"));
    assert!(status.contains("Sample"), "the workspace's name is shown");
    app.run("document.querySelectorAll('.notices .close').forEach((close) => close.click())");
    app.keep_picture("30-sample-overview");

    // What was planted is what the versions differ by: the product manager's question.
    app.click("[data-testid=nav-trends]");
    app.wait_count("[data-testid=chart-environment] [data-testid=point]", |count| count > 10);
    app.keep_picture("31-sample-trends");
    app.click("[data-testid=nav-themes]");
    app.click("[data-testid=theme-row] td");
    app.text("[data-testid=inspector]");
    app.wait_count("[data-testid=theme-example]", |count| count > 0);
    app.keep_picture("32-sample-theme");
    app.click("[data-testid=nav-feedback]");
    app.wait_count("[data-testid=feedback-row]", |count| count > 10);
    app.click("[data-testid=feedback-row]");
    app.keep_picture("33-sample-feedback");
    app.type_into("body", ENTER);
    app.text("[data-testid=trail-output]");
    app.keep_picture("34-sample-trail");
}
