//! Does an export become the same workspace however it comes: in any container, any order, again, or interrupted?

use std::{collections::BTreeSet, path::PathBuf};

use hearback_app::{ImportOptions, ScoreChoice, Workspace};
use hearback_domain::{
    Dimension, FeedbackType, Filter, Polarity,
    error::{Error, Kind},
    filter::Authors,
    import::ImportCounts,
    job::{CancelHandle, Job, Step},
    polarity::Scale,
};
use hearback_ingest::Mapping;
use hearback_store::{FeedbackSort, SortBy, SortOrder};

use crate::{
    shared::{Scratch, fixture, import_options, only, real_data, rows, sample, write_sample},
    shared_data::{missing, shared},
};

fn everyone() -> Filter {
    Filter { authors: Authors::Everyone, ..Filter::default() }
}

/// All that a user can see of a workspace but its sources, in a form that can be compared.
fn content(workspace: &Workspace) -> String {
    let mut summary = workspace.summary().unwrap();
    (summary.data_version, summary.sources) = (0, 0);
    let mut seen = format!("{summary:?}\n");
    let mut sessions = BTreeSet::new();
    for mut row in rows(workspace, &everyone()) {
        row.source_name.clear();
        sessions.extend(row.session_id.clone());
        seen.push_str(&format!("{row:?}\n"));
    }
    for session in sessions {
        let mut trail = workspace.store_for_tests().trail_of_session(&session).unwrap();
        trail.feedback.clear();
        seen.push_str(&format!("{session}: {trail:?}\n"));
    }
    seen
}

fn same(one: &str, other: &str, what: &str) {
    for (one, other) in one.lines().zip(other.lines()) {
        assert_eq!(one, other, "{what}");
    }
    assert_eq!(one.lines().count(), other.lines().count(), "{what}");
}

fn imported(paths: &[PathBuf]) -> Scratch {
    let scratch = Scratch::new();
    scratch.import(paths).unwrap();
    scratch
}

fn langfuse() -> Vec<PathBuf> {
    ["scores", "observations", "traces"]
        .map(|table| fixture(&format!("langfuse/1782000000000-lf-{table}-export-p1.jsonl")))
        .to_vec()
}

#[test]
fn every_container_says_the_same() {
    let expected = imported(&[fixture("canonical/feedback.jsonl")]);
    let seen = rows(&expected.workspace, &Filter::default());
    assert_eq!(seen.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["f1", "f2", "f3", "f4"]);
    assert_eq!(seen[0].reasons, ["factually incorrect", "too long"]);
    assert_eq!(seen[0].comment.as_deref(), Some("We refund within 30 days, \"not\" 60"));
    assert_eq!(seen[0].tags, ["refunds", "web"]);
    assert_eq!(seen[0].created_at.unwrap().to_string(), "2026-07-02T09:14:09.12Z");
    let polarities: Vec<Polarity> = seen.iter().map(|row| row.polarity).collect();
    use Polarity::{Negative, Positive};
    assert_eq!(polarities, [Negative, Positive, Negative, Positive]);
    assert!(seen.iter().all(|row| row.session_id.as_deref() == Some("s1") && row.user_role.as_deref() == Some("pro")));

    for name in ["feedback.json", "feedback.csv", "feedback.parquet"] {
        let scratch = Scratch::new();
        let outcome = scratch.import(&[fixture(&format!("canonical/{name}"))]).unwrap();
        let counts = &outcome.sources[0].counts;
        assert_eq!((counts.read, counts.kept, counts.rejected), (7, 7, 0), "{name}");
        same(&content(&scratch.workspace), &content(&expected.workspace), name);
    }
}

#[test]
fn a_set_gives_the_same_workspace_in_any_order() {
    let files = langfuse();
    let together = content(&imported(&files).workspace);
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let scratch = Scratch::new();
        for index in order {
            scratch.import(&[files[index].clone()]).unwrap();
        }
        same(&content(&scratch.workspace), &together, &format!("{order:?}"));
        // Whenever the other half came, the source of the scores knows how many found their turn.
        let sources = scratch.workspace.store_for_tests().sources().unwrap();
        let scores = sources.iter().find(|source| source.name.contains("-scores-")).unwrap();
        assert_eq!((scores.counts.feedback, scores.counts.joined_turn, scores.counts.joined_session), (8, 6, 7));
    }
}

#[test]
fn halves_of_a_sample_make_the_whole() {
    let scratch = Scratch::new();
    let files = write_sample(&scratch, 80, 5);
    scratch.import(&files).unwrap();
    let backwards = Scratch::new();
    for path in files.iter().rev() {
        backwards.import(std::slice::from_ref(path)).unwrap();
    }
    same(&content(&backwards.workspace), &content(&scratch.workspace), "backwards");
}

#[test]
fn the_same_file_twice_adds_nothing() {
    let scratch = imported(&langfuse());
    let before = content(&scratch.workspace);
    let again = scratch.import(&langfuse()).unwrap();
    assert_eq!(again.unchanged.len(), 3);
    assert!(again.sources.is_empty() && again.total == ImportCounts::default());

    // Under another name it is the same file still; in the same import, too.
    let text = std::fs::read(fixture("canonical/feedback.jsonl")).unwrap();
    let copies = [scratch.write("one.jsonl", &text), scratch.write("other.jsonl", &text)];
    let outcome = scratch.import(&copies).unwrap();
    assert_eq!((outcome.sources.len(), outcome.unchanged.len()), (1, 1), "{outcome:?}");
    assert_eq!((outcome.total.feedback, outcome.total.updated), (4, 0));
    assert_ne!(content(&scratch.workspace), before);
}

#[test]
fn the_same_id_twice_updates() {
    let scratch = imported(&[fixture("canonical/feedback.jsonl")]);
    let line = r#"{"kind":"feedback","id":"f2","score_name":"stars","feedback_type":"rating","score":1,"comment":"on second thought"}
{"kind":"feedback","id":"f9","score_name":"stars","feedback_type":"rating","score":5,"created_at":"2026-07-03T00:00:00Z"}
"#;
    let path = scratch.write("later.jsonl", line);
    let outcome = scratch.import(&[path]).unwrap();
    assert_eq!((outcome.total.feedback, outcome.total.updated, outcome.total.kept), (2, 1, 2));
    let seen = rows(&scratch.workspace, &Filter::default());
    assert_eq!(seen.len(), 5);
    let changed = seen.iter().find(|row| row.id == "f2").unwrap();
    assert_eq!((changed.score, changed.polarity), (Some(1.0), Polarity::Negative));
    assert_eq!(changed.comment.as_deref(), Some("on second thought"));
    assert_eq!(changed.created_at.unwrap().to_string(), "2026-07-02T09:15:09Z", "what is missing wipes nothing out");
}

#[test]
fn what_is_not_kept_stands_in_rejects_with_its_place() {
    let scratch = Scratch::new();
    let lines = [
        r#"{"kind":"feedback","id":"f1","feedback_type":"thumb","score":1}"#,
        r#"{"kind":"feedback","id":"f2","#,
        r#"{"kind":"turn","query":"who am I?"}"#,
        r#"{"kind":"feedback","id":"f3","score":0,"created_at":"the other day"}"#,
        r#"{"kind":"feedback","id":"f4","comment":"größer 🙂"}"#,
        r#"["not","a","record"]"#,
    ];
    let path = scratch.write("mixed.jsonl", lines.join("\n"));
    let outcome = scratch.import(&[path]).unwrap();
    let counts = &outcome.sources[0].counts;
    assert_eq!((counts.read, counts.kept, counts.rejected, counts.feedback), (6, 2, 4, 2));

    let page = scratch.workspace.store_for_tests().rejects(None, None, 100).unwrap();
    assert_eq!((page.total, page.next), (4, None));
    let offset = |index: usize| lines[..index].iter().map(|line| line.len() as u64 + 1).sum::<u64>();
    for (reject, index) in page.rows.iter().zip([1, 2, 3, 5]) {
        assert_eq!(reject.record, index as u64 + 1);
        assert_eq!(reject.byte, Some(offset(index)));
        assert_eq!(reject.raw, lines[index]);
        assert_eq!(reject.source_name, "mixed.jsonl");
        assert!(!reject.reason.is_empty() && !reject.reason.ends_with('.'), "{}", reject.reason);
    }
    assert!(page.rows[2].reason.contains("created_at"), "{}", page.rows[2].reason);

    let first = scratch.workspace.store_for_tests().rejects(Some(outcome.sources[0].id), None, 3).unwrap();
    let rest = scratch.workspace.store_for_tests().rejects(Some(outcome.sources[0].id), first.next, 3).unwrap();
    assert_eq!([first.rows, rest.rows].concat(), page.rows);
    assert_eq!(rest.next, None);
}

fn refused(scratch: &Scratch, paths: &[PathBuf], options: &ImportOptions) -> Error {
    let before = (content(&scratch.workspace), scratch.workspace.store_for_tests().sources().unwrap());
    let error = scratch.workspace.import(paths, options, &Job::quiet()).unwrap_err();
    let after = (content(&scratch.workspace), scratch.workspace.store_for_tests().sources().unwrap());
    assert_eq!(before, after, "{error}");
    error
}

#[test]
fn an_import_without_anything_useful_writes_nothing() {
    let scratch = imported(&[fixture("canonical/feedback.jsonl")]);
    let useless =
        scratch.write("useless.jsonl", "{\"kind\":\"turn\",\"query\":\"a\"}\n{\"kind\":\"turn\",\"query\":\"b\"}\n");
    let error = refused(&scratch, &[useless], &import_options());
    assert_eq!(error.kind, Kind::Format);
    assert!(error.message.contains("useless.jsonl") && error.hint.unwrap().contains("number 1"), "{}", error.message);

    let empty = scratch.write("empty.jsonl", "");
    assert_eq!(refused(&scratch, &[empty], &import_options()).kind, Kind::Format);
    let prose = scratch.write("notes.txt", "Dear diary,\ntoday I imported nothing\n");
    assert_eq!(refused(&scratch, &[prose], &import_options()).kind, Kind::Format);
    let gone = scratch.folder.path().join("gone.jsonl");
    assert_eq!(refused(&scratch, &[gone], &import_options()).kind, Kind::File);
    let folder = scratch.folder.path().join("hollow");
    std::fs::create_dir(&folder).unwrap();
    assert_eq!(refused(&scratch, &[folder], &import_options()).kind, Kind::File);
    let known = fixture("langfuse/1782000000000-lf-scores-export-p1.jsonl");
    let options = ImportOptions { format: Some("of-nobody".into()), ..import_options() };
    assert_eq!(refused(&scratch, &[known], &options).kind, Kind::Input);
}

#[test]
fn other_files_in_a_folder_are_skipped_and_named() {
    let scratch = Scratch::new();
    for path in langfuse() {
        scratch
            .write(&format!("exports/{}", path.file_name().unwrap().to_string_lossy()), std::fs::read(&path).unwrap());
    }
    scratch.write("exports/README.md", "# Exports\n\nof last week");
    scratch.write("exports/inner/picture.png", [0x89, b'P', b'N', b'G', 0, 0, 0, 1]);
    scratch.write("exports/.hidden.jsonl", "{\"kind\":\"feedback\",\"id\":\"h\",\"score\":1}");
    let outcome = scratch.import(&[scratch.folder.path().join("exports")]).unwrap();
    assert_eq!(outcome.sources.len(), 3);
    let skipped: Vec<&str> = outcome.skipped.iter().map(|file| file.path.rsplit('/').next().unwrap()).collect();
    assert_eq!(skipped, ["README.md", "picture.png"]);
    assert!(outcome.skipped.iter().all(|file| !file.reason.is_empty()));
    same(&content(&scratch.workspace), &content(&imported(&langfuse()).workspace), "with other files beside");
}

#[test]
fn a_table_is_read_through_a_mapping() {
    let scratch = Scratch::new();
    let path = scratch.write(
        "reviews.csv",
        "review,stars,when,app,cc\n\"good, but slow\",4,2026-05-04 10:00:00,1.2,de\nterrible,1,2026-05-05 11:00:00,1.3,\n,3,2026-05-06 11:00:00,1.3,fr\n",
    );
    let mapping =
        Mapping::parse("comment=review,score=stars,created_at=when,model_version=app,environment=\"android\"").unwrap();
    let options = ImportOptions { mapping: Some(mapping), ..import_options() };
    let outcome = scratch.workspace.import(std::slice::from_ref(&path), &options, &Job::quiet()).unwrap();
    assert_eq!((outcome.total.read, outcome.total.feedback, outcome.total.rejected), (3, 3, 0));
    let seen = rows(&scratch.workspace, &Filter::default());
    assert!(
        seen.iter()
            .all(|row| row.feedback_type == FeedbackType::Rating && row.environment.as_deref() == Some("android"))
    );
    use Polarity::{Negative, Neutral, Positive};
    assert_eq!(seen.iter().map(|row| row.polarity).collect::<Vec<_>>(), [Positive, Negative, Neutral]);
    assert_eq!(seen[0].metadata.get("cc").map(String::as_str), Some("de"));
    assert_eq!((seen[1].comment.as_deref(), seen[2].comment.as_deref()), (Some("terrible"), None));

    // Rows without ids of their own have stable ones: with one more row, only that one is new.
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str("again,2,2026-05-07 11:00:00,1.3,us\n");
    let longer = scratch.write("reviews-2.csv", text);
    let outcome = scratch.workspace.import(&[longer], &options, &Job::quiet()).unwrap();
    assert_eq!((outcome.total.feedback, outcome.total.updated), (4, 3));
    assert_eq!(rows(&scratch.workspace, &Filter::default()).len(), 4);

    let wrong = ImportOptions { mapping: Some(Mapping::parse("comment=text").unwrap()), ..import_options() };
    let third = scratch.write("reviews-3.csv", "review,stars\nfine,5\n");
    let error = refused(&scratch, &[third], &wrong);
    assert!(error.message.contains("text") && error.hint.unwrap().contains("review"), "{}", error.message);
}

/// Cancels as soon as a step has come so far.
fn cancelling(step: Step, done: u64) -> Job {
    let handle = CancelHandle::default();
    let own = handle.clone();
    Job::new(handle, move |progress| {
        if progress.step == step && progress.done >= done {
            own.cancel();
        }
    })
}

#[test]
fn a_cancelled_import_leaves_the_workspace_as_it_was() {
    let scratch = imported(&[fixture("canonical/feedback.jsonl")]);
    let before = (content(&scratch.workspace), scratch.workspace.summary().unwrap());
    let files = sample().write_exports(&scratch);
    for (step, done) in [(Step::Reading, 0), (Step::Reading, 1_000_000), (Step::Joining, 0), (Step::Joining, 5)] {
        let error = scratch.workspace.import(&files, &import_options(), &cancelling(step, done)).unwrap_err();
        assert!(error.is_cancelled(), "{step:?} {done}: {error}");
        assert_eq!((content(&scratch.workspace), scratch.workspace.summary().unwrap()), before, "{step:?} {done}");
    }
    let outcome = scratch.import(&files).unwrap();
    assert_eq!(outcome.total, sample().imported.total);
}

#[test]
fn a_reader_sees_the_last_state_while_an_import_runs() {
    let scratch = imported(&[fixture("canonical/feedback.jsonl")]);
    let files = sample().write_exports(&scratch);
    let before = scratch.workspace.summary().unwrap();
    std::thread::scope(|scope| {
        let workspace = &scratch.workspace;
        let import = scope.spawn(move || workspace.import(&files, &import_options(), &Job::quiet()).unwrap());
        let mut reads = 0;
        while !import.is_finished() {
            let seen = workspace.summary().unwrap();
            assert!(
                seen.feedback == before.feedback
                    || import.is_finished()
                    || seen.feedback == before.feedback + sample().imported.total.feedback
            );
            reads += 1;
        }
        assert!(reads > 0);
    });
    assert_eq!(scratch.workspace.summary().unwrap().feedback, before.feedback + sample().imported.total.feedback);
}

#[test]
fn a_scale_that_is_said_of_one_file_is_that_files() {
    let scratch = Scratch::new();
    let lines = |file: &str| {
        let scores = [1, 2, 5].map(|score| {
            format!(r#"{{"id":"{file}{score}","feedback_type":"rating","score_name":"stars","score":{score}}}"#)
        });
        scratch.write(&format!("exports/{file}.jsonl"), scores.join("\n"))
    };
    let files = [lines("one"), lines("two"), lines("three")];
    let said = |file: Option<&str>, scale: Scale| ScoreChoice {
        path: file.map(PathBuf::from),
        tool: None,
        score_name: Some("stars".to_owned()),
        rule: scale.rule(),
    };
    let scores = vec![
        said(Some("exports/two.jsonl"), Scale::ZeroToTen),
        said(Some("three.jsonl"), Scale::Percent),
        said(None, Scale::OneToFive),
    ];
    let options = ImportOptions { scores, ..import_options() };
    let expected = |name: &str| match name {
        "two.jsonl" => Scale::ZeroToTen,
        "three.jsonl" => Scale::Percent,
        _ => Scale::OneToFive,
    };
    for file in scratch.workspace.preview(&files, &options, &Job::quiet()).unwrap() {
        let name = file.path.file_name().unwrap().to_string_lossy().into_owned();
        let scores = file.content.unwrap().scores;
        let score = &scores[0];
        assert_eq!((score.applied.rule.scale, score.applied.confirmed), (expected(&name), true), "{name}");
    }
    scratch.workspace.import(&files, &options, &Job::quiet()).unwrap();
    let rules = scratch.workspace.store_for_tests().score_rules().unwrap();
    assert_eq!(rules.len(), 3);
    for rule in rules {
        let [source] = rule.sources.as_slice() else { panic!("{rule:?}") };
        assert_eq!(rule.only.is_some(), source.name != "one.jsonl", "{rule:?}");
        assert_eq!((rule.applied.rule.scale, rule.applied.confirmed), (expected(&source.name), true), "{rule:?}");
    }
    let polarity = |id: &str| scratch.workspace.store_for_tests().feedback_by_id(&[id.to_owned()]).unwrap()[0].polarity;
    assert_eq!(
        [polarity("one5"), polarity("two5"), polarity("three5")],
        [Polarity::Positive, Polarity::Negative, Polarity::Negative]
    );

    let wrong = ImportOptions { scores: vec![said(Some("four.jsonl"), Scale::Percent)], ..import_options() };
    let error = refused(&scratch, &files, &wrong);
    assert!(error.kind == Kind::Input && error.message.contains("four.jsonl"), "{error}");
}

#[test]
fn app_reviews_are_read_through_a_mapping() {
    let Some(path) = shared("data/chatgpt_reviews/chatgpt_reviews_before_2025-05.csv") else { return };
    let scratch = Scratch::new();
    let mapping =
        Mapping::parse("comment=content,score=score,created_at=at,model_version=appVersion,id=reviewId").unwrap();
    let options = ImportOptions { mapping: Some(mapping), ..import_options() };
    let outcome = scratch.workspace.import(&[path], &options, &Job::quiet()).unwrap();
    println!("{:?}", outcome.total);
    assert_eq!((outcome.total.rejected, outcome.total.read), (0, outcome.total.feedback));
    assert!(outcome.total.feedback > 6000);
    let versions = scratch.workspace.store_for_tests().totals_by(&Filter::default(), Dimension::ModelVersion).unwrap();
    assert!(versions.len() > 50 && versions.last().unwrap().0.is_none(), "{} versions", versions.len());
    let totals = scratch.workspace.store_for_tests().totals(&Filter::default()).unwrap();
    assert_eq!(totals.sums.scored, totals.sums.n, "every review has stars");
    let worst = FeedbackSort { by: SortBy::Score, order: SortOrder::Ascending };
    let page = scratch.workspace.store_for_tests().feedback_page(&Filter::default(), worst, None, 10).unwrap();
    assert!(page.rows.iter().all(|row| row.score == Some(1.0) && row.polarity == Polarity::Negative));
}

#[test]
fn real_conversations_with_ratings_join_completely() {
    let Some(data) = real_data() else { return };
    let tool = data.join("../tools/real_exports.py");
    let texts: Vec<PathBuf> = ["MWOZ.txt", "SGD.txt"].map(|name| data.join("uss").join(name)).to_vec();
    let scratch = Scratch::new();
    let out = scratch.folder.path().join("uss");
    std::fs::create_dir(&out).unwrap();
    let made = std::process::Command::new("python3").arg(&tool).arg("uss").arg(&out).args(&texts).output();
    if !made.is_ok_and(|output| output.status.success()) {
        return missing(&format!("{} does not run here", tool.display()));
    }
    let outcome = scratch.import(&[out]).unwrap();
    let total = &outcome.total;
    println!("joined: {} of {} to a turn, {} to a session", total.joined_turn, total.feedback, total.joined_session);
    assert_eq!((total.read, total.rejected), (46_772 + 24_386, 0));
    assert_eq!((total.feedback, total.joined_turn, total.joined_session), (24_386, 22_386, 24_386));
    // The rest is about whole sessions.
    let whole = only(vec![crate::shared::is(Dimension::ScoreName, "session-satisfaction")]);
    assert_eq!(scratch.workspace.store_for_tests().totals(&whole).unwrap().sums.n, 24_386 - 22_386);
    let summary = scratch.workspace.summary().unwrap();
    assert_eq!((summary.turns, summary.sessions), (23_386, 2000));
}

#[test]
fn huge_cells_are_kept_whole_however_many_there_are() {
    let scratch = Scratch::new();
    let comment = |number: usize| format!("number {number} ").repeat(1 << 17);
    let line = |number: usize| {
        let comment = comment(number);
        format!(
            "{{\"kind\":\"feedback\",\"id\":\"{number}\",\"feedback_type\":\"comment\",\"comment\":\"{comment}\"}}\n"
        )
    };
    // A few hundred megabytes, more than an import takes for the database.
    const CELLS: usize = 150;
    let path = scratch.folder.path().join("huge.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for number in 0..CELLS {
        std::io::Write::write_all(&mut file, line(number).as_bytes()).unwrap();
    }
    drop(file);
    let outcome = scratch.import(&[path]).unwrap();
    assert_eq!(outcome.total.feedback, CELLS as u64);
    for number in [0, 77, CELLS - 1] {
        let id = [number.to_string()];
        let row = scratch.workspace.store_for_tests().feedback_by_id(&id).unwrap().pop().unwrap();
        assert_eq!(row.comment.as_deref().map(str::trim_end), Some(comment(number).trim_end()));
    }
}
