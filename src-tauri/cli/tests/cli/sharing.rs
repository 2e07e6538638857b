//! One file, several programs: who may read and change it, is the file whole by itself, and which sources go?

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Child,
    time::Duration,
};

use hearback_app::{Comparison, Components, Workspace};
use hearback_domain::Filter;
use hearback_store::{Holding, Store};

use crate::shared::{Place, Ran, analysed};

const ASKING: [&[&str]; 9] = [
    &["overview"],
    &["trends"],
    &["themes"],
    &["feedback", "--limit", "5"],
    &["sources"],
    &["rejects"],
    &["unjoined"],
    &["mappings"],
    &["doctor"],
];

fn line(id: &str) -> String {
    format!(
        r#"{{"kind":"feedback","id":"{id}","created_at":"2026-01-01T00:00:00Z","score":1,"feedback_type":"thumb"}}"#
    )
}

fn feedback(workspace: &Path) -> u64 {
    Store::open_as(workspace, Holding::Reading).unwrap().summary().unwrap().feedback
}

/// What the file alone holds, wherever its log is.
fn feedback_of_the_file_alone(place: &Place) -> u64 {
    let alone = tempfile::tempdir().unwrap();
    let copy = alone.path().join("copy.hearback");
    std::fs::copy(place.path("w.hearback"), &copy).unwrap();
    feedback(&copy)
}

fn logs(place: &Place) -> Vec<String> {
    std::fs::read_dir(place.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".wal"))
        .collect()
}

#[test]
fn after_every_command_the_one_file_holds_everything() {
    let place = Place::new();
    place.done(&["sample", "--sessions", "60", "--out", "exports"]);
    place.done(&["import", "exports"]);
    assert_eq!(logs(&place), Vec::<String>::new());
    let whole = feedback(&place.path("w.hearback"));
    assert!(whole > 50, "{whole}");
    assert_eq!(feedback_of_the_file_alone(&place), whole);
    for arguments in [&["signals", "--off", "thanks"][..], &["remove", "1"], &["overview"]] {
        place.done(arguments);
        assert_eq!(logs(&place), Vec::<String>::new(), "{arguments:?}");
        assert_eq!(feedback_of_the_file_alone(&place), feedback(&place.path("w.hearback")), "{arguments:?}");
    }
}

#[test]
fn after_an_import_the_file_is_whole_while_it_is_still_open() {
    let place = Place::new();
    std::fs::write(place.path("a.jsonl"), line("f1")).unwrap();
    let workspace = Workspace::open(&place.path("w.hearback"), Components::at(place.folder.path())).unwrap();
    let options = hearback_app::ImportOptions::new(hearback_domain::Timestamp::from_micros(0));
    workspace.import(&[place.path("a.jsonl")], &options, &hearback_domain::job::Job::quiet()).unwrap();
    assert_eq!(feedback_of_the_file_alone(&place), 1);
    drop(workspace);
}

/// SIGTERM and SIGINT to a program, as `kill` sends them.
#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let sent =
        std::process::Command::new("sh").args(["-c", &format!("kill -s {name} {}", child.id())]).status().unwrap();
    assert!(sent.success());
}

#[cfg(unix)]
#[test]
fn an_import_that_is_told_to_end_leaves_one_whole_file() {
    for name in ["TERM", "INT"] {
        let place = Place::new();
        std::fs::write(place.path("first.jsonl"), line("f1")).unwrap();
        place.done(&["import", "first.jsonl"]);
        place.done(&["sample", "--sessions", "3000", "--seed", "9", "--out", "exports"]);
        let mut child = place.command(&["import", "exports"]).spawn().unwrap();
        // It tells of its first step once it listens.
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
        assert!(told.next().unwrap().unwrap().contains("Reading"));
        signal(&child, name);
        let rest: Vec<String> = told.map_while(Result::ok).collect();
        let code = child.wait().unwrap().code();
        assert_eq!(code, Some(130), "{name}: {rest:?}");
        assert!(rest.iter().any(|line| line.contains("cancelled")), "{name}: {rest:?}");
        assert_eq!(logs(&place), Vec::<String>::new(), "{name}");
        assert_eq!(feedback_of_the_file_alone(&place), 1, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_watch_that_is_told_to_end_leaves_one_whole_file_and_others_read_and_change_it_between_its_looks() {
    let place = Place::new();
    std::fs::create_dir(place.path("landing")).unwrap();
    std::fs::write(place.path("landing/a.jsonl"), line("f1")).unwrap();
    let mut child = place.command(&["watch", "landing", "--every", "1"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("1 feedback"));
    assert_eq!(logs(&place), Vec::<String>::new());
    assert_eq!(place.json(&["sources"])[0]["counts"]["feedback"], 1);
    std::fs::write(place.path("b.jsonl"), line("f2")).unwrap();
    place.done(&["import", "b.jsonl"]);
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(feedback_of_the_file_alone(&place), 2);
}

#[test]
fn a_log_that_lies_beside_the_file_is_told_of_and_brought_in_by_the_next_change() {
    let place = Place::new();
    std::fs::write(place.path("a.jsonl"), line("f1")).unwrap();
    place.done(&["import", "a.jsonl"]);
    let says = |place: &Place| place.done(&["doctor"]).lines().find(|line| line.contains("log")).unwrap().to_owned();
    assert!(says(&place).contains("none beside the workspace"), "{}", says(&place));

    // What a program leaves that is killed after a change: the pair as it lies there in that moment.
    let open = Store::open(&place.path("w.hearback")).unwrap();
    open.mark_synthetic().unwrap();
    let killed = Place::new();
    for name in ["w.hearback", "w.hearback.wal"] {
        std::fs::copy(place.path(name), killed.path(name)).unwrap();
    }
    drop(open);
    assert!(says(&killed).contains("w.hearback.wal lies beside the workspace"), "{}", says(&killed));
    // Read whole, and left as it is by what only reads.
    assert!(Store::open_as(&killed.path("w.hearback"), Holding::Reading).unwrap().summary().unwrap().synthetic);
    assert_eq!(logs(&killed).len(), 1);
    killed.done(&["signals", "--off", "thanks"]);
    assert_eq!(logs(&killed), Vec::<String>::new());
    assert!(Store::open_as(&killed.path("w.hearback"), Holding::Reading).unwrap().summary().unwrap().synthetic);
}

#[test]
fn reading_commands_run_side_by_side_and_beside_a_window() {
    let place = analysed();
    // As the window holds it.
    let window = Workspace::open(&place.path("w.hearback"), Components::at(place.folder.path())).unwrap();
    let running: Vec<(Child, &[&str])> =
        ASKING.iter().map(|arguments| (place.command(arguments).spawn().unwrap(), *arguments)).collect();
    for (child, arguments) in running {
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
    }
    // The window lets go of the writing lock some time after a change; a command waits for that.
    window.store_for_tests().mark_synthetic().unwrap();
    place.done(&["sources"]);
    // And the window reads and writes on.
    assert!(window.summary().unwrap().synthetic);
    window.store_for_tests().mark_synthetic().unwrap();
    window.overview(&Filter::default(), &Comparison::default()).unwrap();
}

#[test]
fn a_changing_command_says_who_holds_the_file() {
    let place = analysed();
    let program = std::env::current_exe().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    let who = format!("{program} (process {})", std::process::id());
    let window = Workspace::open(&place.path("w.hearback"), Components::at(place.folder.path())).unwrap();
    let ran = place.run(&["signals", "--off", "thanks"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("cannot be changed") && ran.stderr.contains(&who), "{who}: {ran:?}");
    drop(window);

    let writing = Store::open(&place.path("w.hearback")).unwrap();
    let ran = place.run(&["sources"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("being changed by") && ran.stderr.contains(&who), "{who}: {ran:?}");
    drop(writing);
    place.done(&["sources"]);
}

#[test]
fn a_window_reads_on_while_others_want_to_change_the_file() {
    let place = analysed();
    let window = Workspace::open(&place.path("w.hearback"), Components::at(place.folder.path())).unwrap();
    let before = window.summary().unwrap();
    let mut writer = place.command(&["signals", "--off", "thanks"]).spawn().unwrap();
    while writer.try_wait().unwrap().is_none() {
        assert_eq!(window.summary().unwrap().feedback, before.feedback);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(writer.wait().unwrap().code(), Some(1));
    assert_eq!(window.summary().unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_only_be_read_is_opened_so_with_a_notice() {
    use std::os::unix::fs::PermissionsExt;

    let place = analysed();
    std::fs::set_permissions(place.path("w.hearback"), std::fs::Permissions::from_mode(0o444)).unwrap();
    for arguments in ASKING {
        let ran = place.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        if arguments != ["doctor"] {
            assert!(ran.stderr.contains("may only be read"), "{arguments:?}: {ran:?}");
        }
    }
    let ran = place.run(&["signals", "--off", "thanks"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("may only be read, so nothing can be changed"), "{ran:?}");

    let window = Workspace::open(&place.path("w.hearback"), Components::at(place.folder.path())).unwrap();
    assert!(window.is_only_readable());
    assert!(window.summary().unwrap().feedback > 0);
    let error = window.store_for_tests().mark_synthetic().unwrap_err();
    assert!(error.message.contains("may only be read"), "{error:?}");
}

#[test]
fn sources_are_removed_as_a_set_and_only_those_that_were_meant() {
    let place = Place::new();
    for id in ["a", "b", "c"] {
        std::fs::write(place.path(&format!("{id}.jsonl")), line(id)).unwrap();
    }
    place.done(&["import", "a.jsonl", "b.jsonl", "c.jsonl"]);
    let sources = place.json(&["sources"]);
    let digest = sources[0]["digest"].as_str().unwrap();
    let wrong = place.run(&["remove", "3", "1@0123456789"]);
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    assert!(wrong.stderr.contains("another file was meant"), "{wrong:?}");
    assert_eq!(place.json(&["sources"]).as_array().unwrap().len(), 3, "nothing is removed where one is refused");
    let removed = place.json(&["remove", "3", &format!("1@{}", &digest[..12])]);
    assert_eq!(removed["removed"], serde_json::json!([3, 1]));
    let left = place.json(&["sources"]);
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["name"], "b.jsonl");
}
