//! States that a journey does not pass: cancelled, refused, broken.

use crate::{
    application::{Application, CONTROL, ENTER, Start},
    journey::exports,
};

#[test]
fn a_cancelled_import_leaves_the_workspace_empty() {
    let folder = tempfile::tempdir().unwrap();
    // Large enough that a debug build is still at it when the click comes.
    let pick = exports(folder.path(), 6000);
    let app = Application::start(Start { pick: Some(pick), ..Start::default() });
    app.click("[data-testid=import-files]");
    app.wait_count("[data-testid=import-candidate]", |count| count == 4);
    app.click("[data-testid=import-start]");
    app.click("[data-testid=job-cancel]");
    app.wait_gone("[data-testid=job]");
    app.keep_picture("20-cancelled");
    app.click("[data-testid=nav-overview]");
    app.text("[data-testid=empty-start]");
    // And it can be done again, to the end.
    app.click("[data-testid=import-files]");
    app.wait_count("[data-testid=import-candidate]", |count| count == 4);
    app.click("[data-testid=import-start]");
    let report = app.text("[data-testid=import-report]");
    assert!(report.contains("Imported 4 files"), "{report}");
}

#[test]
fn what_cannot_be_read_is_said_before_anything_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, prose, table) =
        (folder.path().join("empty.jsonl"), folder.path().join("notes.txt"), folder.path().join("reviews.csv"));
    std::fs::write(&empty, "").unwrap();
    std::fs::write(&prose, "Dear diary, today nothing happened.\nNothing at all.\n").unwrap();
    let rows = "content,stars,when\n\"<img src=x onerror=alert(1)> & it is \"\"bad\"\"\",1,2026-05-04\n\
                \u{645}\u{631}\u{62d}\u{628}\u{627} 🙂,5,2026-05-05\nbroken\n=SUM(1;2),3,2026-05-06\n";
    std::fs::write(&table, rows).unwrap();
    let pick = [&empty, &prose, &table].map(|path| path.display().to_string()).join("\n");
    let app = Application::start(Start { pick: Some(pick), ..Start::default() });
    app.click("[data-testid=import-files]");
    app.wait_count("[data-testid=import-candidate]", |count| count == 3);
    app.wait_for("[data-testid=import-sheet]", |text| text.contains("cannot be read"));
    app.text("[data-testid=mapping]");
    app.wait_count("[data-testid=preview-row]", |count| count == 3);
    app.keep_picture("21-unreadable");
    app.click("[data-testid=import-start]");
    let report = app.text("[data-testid=import-report]");
    assert!(report.contains("Skipped"), "{report}");
    app.keep_picture("22-partly");
    app.click("[data-testid=import-rejects]");
    app.wait_count("[data-testid=reject-row]", |count| count == 1);
    app.keep_picture("23-rejects");
    // What somebody wrote is text on every screen, never HTML.
    app.click("[data-testid=nav-feedback]");
    app.wait_count("[data-testid=feedback-row]", |count| count == 3);
    assert_eq!(app.count("img"), 0);
    let rows = app.text("[data-testid=feedback-rows]");
    for words in ["<img src=x onerror=alert(1)>", "=SUM(1;2)", "🙂"] {
        assert!(rows.contains(words), "{words} in {rows}");
    }
    app.keep_picture("24-hostile-rows");
    app.click("[data-testid=feedback-row]");
    app.type_into("body", ENTER);
    app.text("[data-testid=trail-orphans], [data-testid=trail-feedback]");
    app.keep_picture("25-trail-without-turn");
}

#[test]
fn an_import_is_shown_before_it_is_done_and_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let pick = exports(folder.path(), 20);
    let app = Application::start(Start { pick: Some(pick), ..Start::default() });
    app.click("[data-testid=import-files]");
    app.wait_count("[data-testid=import-candidate]", |count| count == 4);
    app.wait_count("[data-testid=preview-row]", |count| count > 10);
    app.click("[data-testid=preview-row] button");
    app.keep_picture("27-preview");
    // One file is left out by a click.
    app.click("[data-testid=import-candidate]:last-child input");
    app.click("[data-testid=import-start]");
    let report = app.text("[data-testid=import-report]");
    assert!(report.contains("Imported 3 files"), "{report}");
    app.wait_count("[data-testid=source-row]", |count| count == 3);
    // The other way round: a source goes, and says before what goes with it.
    app.click("[data-testid=source-menu]");
    app.click("[data-testid=source-remove]");
    let dialog = app.text("[data-testid=remove-source]");
    assert!(dialog.contains("What only it brought goes"), "{dialog}");
    app.keep_picture("28-remove");
    app.click("[data-testid=remove-confirm]");
    app.wait_count("[data-testid=source-row]", |count| count == 2);
}

#[test]
fn an_export_that_lands_in_a_watched_folder_is_imported_and_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let watched = folder.path().join("landing");
    std::fs::create_dir(&watched).unwrap();
    let pick = exports(&folder.path().join("exports"), 20);
    let canonical = pick.lines().find(|path| path.ends_with("canonical.jsonl")).unwrap();
    let app = Application::start(Start { pick: Some(watched.display().to_string()), ..Start::default() });
    app.text("[data-testid=empty-start]");
    app.press(&[CONTROL], ',');
    app.click("[data-testid=settings-watch]");
    app.click("[data-testid=watch-add]");
    app.wait_count("[data-testid=watched-folder]", |count| count == 1);
    std::fs::copy(canonical, watched.join("landed.jsonl")).unwrap();
    let notice = app.text("[data-testid=notice-success]");
    assert!(notice.contains("1 file imported from landing"), "{notice}");
    app.wait_for("[data-testid=watched-folder]", |text| text.contains("1 file imported"));
    app.keep_picture("29-watched");
}

#[test]
fn a_file_that_is_no_workspace_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.hearback");
    std::fs::write(&file, "no database at all, but quite some text to look at").unwrap();
    let app = Application::start(Start { workspace: Some(&file), ..Start::default() });
    let page = app.wait_for("body", |text| text.contains("not a Hearback workspace"));
    assert!(page.contains("notes.hearback"), "{page}");
    app.keep_picture("26-no-workspace");
}

/// Nothing is stubbed here: rfd asks the desktop portal, finds no bus, and falls back to `zenity`.
#[test]
fn the_systems_own_dialog_is_asked() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let pick = exports(&folder.path().join("exports"), 20);
    let canonical = pick.lines().find(|path| path.ends_with("canonical.jsonl")).unwrap();
    let programs = folder.path().join("programs");
    std::fs::create_dir(&programs).unwrap();
    let zenity = programs.join("zenity");
    std::fs::write(&zenity, format!("#!/bin/sh\necho \"$@\" > '{}/asked'\necho '{canonical}'\n", programs.display()))
        .unwrap();
    std::fs::set_permissions(&zenity, std::fs::Permissions::from_mode(0o755)).unwrap();

    let app = Application::start(Start { programs: Some(&programs), ..Start::default() });
    app.click("[data-testid=import-files]");
    app.wait_count("[data-testid=import-candidate]", |count| count == 1);
    let sheet = app.text("[data-testid=import-sheet]");
    assert!(sheet.contains("canonical.jsonl"), "{sheet}");
    let asked = std::fs::read_to_string(programs.join("asked")).unwrap();
    assert!(asked.contains("--file-selection") && asked.contains("*.jsonl"), "zenity was asked {asked:?}");
}
