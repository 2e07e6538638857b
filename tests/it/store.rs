//! Imports merge, counts add up, and nothing is half-written.

use std::path::PathBuf;

use hearback_domain::{
    Author, Bucket, Condition, Dimension, FeedbackRecord, FeedbackType, Filter, Origin, Polarity, Record, Reject,
    SessionRecord, Sink, Subject, TextHash, Timestamp, TurnRecord, VectorRecord,
    error::{Error, Kind},
    filter::{Authors, Exclude},
    import::{ImportCounts, Source},
    job::Job,
    polarity::{Scale, ScoreKey, ScoreType},
    record::Weight,
};
use hearback_store::{FeedbackSort, MappingProfile, NewSource, SortBy, SortOrder, Store, StoredModel};

pub struct Scratch {
    pub workspace: Store,
    folder: tempfile::TempDir,
}

pub fn scratch() -> Scratch {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Store::open(&folder.path().join("test.hearback")).unwrap();
    Scratch { workspace, folder }
}

fn moment(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn import(workspace: &Store, name: &str, records: &[Record]) -> Result<Vec<Source>, Error> {
    workspace.import(|mut transaction| {
        transaction.begin_source(new_source(name));
        for (index, record) in records.iter().enumerate() {
            transaction.record(Origin { record: index as u64 + 1, byte: None }, record.clone())?;
        }
        transaction.end_source(records.len() as u64, format!("digest of {name}"));
        transaction.settle(&Job::quiet())?;
        transaction.count(&Job::quiet()).map(|merged| merged.sources)
    })
}

fn new_source(name: &str) -> NewSource {
    NewSource {
        name: name.to_owned(),
        path: format!("/exports/{name}"),
        format: "canonical".to_owned(),
        tool: "canonical".to_owned(),
        format_reason: "a test says so".to_owned(),
        bytes: 1,
        imported_at: moment("2026-07-01T00:00:00Z"),
        scores: Vec::new(),
        mapping: None,
        notes: Vec::new(),
    }
}

fn turn(id: &str, session: &str, at: &str) -> TurnRecord {
    TurnRecord {
        id: id.to_owned(),
        session_id: Some(session.to_owned()),
        created_at: Some(moment(at)),
        query: Some(format!("query of {id}")),
        output: Some(format!("output of {id}")),
        model_version: Some("2.1".to_owned()),
        environment: Some("production".to_owned()),
        ..TurnRecord::default()
    }
}

fn thumb(id: &str, turn: &str, score: f64, at: &str) -> FeedbackRecord {
    FeedbackRecord {
        turn_id: Some(turn.to_owned()),
        score: Some(score),
        score_name: Some("user-thumbs".to_owned()),
        created_at: Some(moment(at)),
        ..FeedbackRecord::new(id, FeedbackType::Thumb)
    }
}

fn newest() -> FeedbackSort {
    FeedbackSort { by: SortBy::Time, order: SortOrder::Descending }
}

#[test]
fn feedback_joins_its_turn_and_session_whichever_comes_first() {
    let scratch = scratch();
    let first =
        import(&scratch.workspace, "scores.jsonl", &[Record::Feedback(thumb("f1", "t1", 0.0, "2026-05-04T10:00:00Z"))])
            .unwrap();
    assert_eq!((first[0].counts.feedback, first[0].counts.joined_turn, first[0].counts.joined_session), (1, 0, 0));

    import(&scratch.workspace, "traces.jsonl", &[Record::Turn(turn("t1", "s1", "2026-05-04T09:59:00Z"))]).unwrap();
    let sources = scratch.workspace.sources().unwrap();
    assert_eq!((sources[0].counts.joined_turn, sources[0].counts.joined_session), (1, 1));

    let page = scratch.workspace.feedback_page(&Filter::default(), newest(), None, 10).unwrap();
    let row = &page.rows[0];
    assert_eq!(row.session_id.as_deref(), Some("s1"));
    assert_eq!(row.model_version.as_deref(), Some("2.1"));
    assert_eq!(row.environment.as_deref(), Some("production"));
    assert_eq!(row.query.as_deref(), Some("query of t1"));
    assert_eq!(row.polarity, Polarity::Negative);
}

#[test]
fn feedback_that_several_files_bring_joins_once() {
    let scratch = scratch();
    let spoken = || Record::Feedback(thumb("f1", "t1", 0.0, "2026-05-04T10:00:00Z"));
    let alone = || Record::Feedback(thumb("f2", "nowhere", 0.0, "2026-05-04T10:00:00Z"));
    let joined = |files: [Vec<Record>; 2]| {
        scratch
            .workspace
            .import(|mut transaction| {
                for (number, records) in files.iter().enumerate() {
                    transaction.begin_source(new_source(&format!("file {number}")));
                    for record in records {
                        transaction.record(Origin { record: 1, byte: None }, record.clone())?;
                    }
                    transaction.end_source(records.len() as u64, format!("digest {number}"));
                }
                transaction.settle(&Job::quiet())?;
                transaction.count(&Job::quiet())
            })
            .map(|merged| {
                let counts = |counts: ImportCounts| (counts.feedback, counts.joined_turn, counts.joined_session);
                (merged.sources.into_iter().map(|source| counts(source.counts)).collect(), counts(merged.total))
            })
            .unwrap()
    };
    let turn = Record::Turn(turn("t1", "s1", "2026-05-04T09:59:00Z"));
    // Each file speaks of both; together there are two.
    let both = (vec![(2, 1, 1), (2, 1, 1)], (2, 1, 1));
    assert_eq!(joined([vec![turn, spoken(), alone(), spoken()], vec![alone(), spoken()]]), both);
    // The same brought again by later files: brought up to date, and still two.
    assert_eq!(joined([vec![spoken(), alone()], vec![spoken(), alone()]]), both);
}

#[test]
fn a_full_record_wins_over_a_filling_one_and_neither_wipes_a_value_out() {
    let scratch = scratch();
    let observation = TurnRecord {
        weight: Weight::Fill,
        query: Some("from the observation".to_owned()),
        system_context: Some("You are the assistant".to_owned()),
        ..TurnRecord { id: "t1".to_owned(), ..TurnRecord::default() }
    };
    let trace = TurnRecord { query: Some("from the trace".to_owned()), ..turn("t1", "s1", "2026-05-04T09:59:00Z") };
    // The filling patch comes after the full one, and again in an import of its own.
    import(&scratch.workspace, "a", &[Record::Turn(trace), Record::Turn(observation.clone())]).unwrap();
    import(&scratch.workspace, "b", &[Record::Turn(observation)]).unwrap();
    let trail = scratch.workspace.trail_of_turn("t1").unwrap();
    assert_eq!(trail.turns.len(), 1);
    assert_eq!(trail.turns[0].query.as_deref(), Some("from the trace"));
    assert_eq!(trail.turns[0].system_context.as_deref(), Some("You are the assistant"));
    assert_eq!(trail.turns[0].output.as_deref(), Some("output of t1"));
}

#[test]
fn the_same_feedback_twice_is_one_brought_up_to_date() {
    let scratch = scratch();
    let mut feedback = thumb("f1", "t1", 0.0, "2026-05-04T10:00:00Z");
    feedback.reasons = vec!["too vague".to_owned()];
    import(&scratch.workspace, "a", &[Record::Feedback(feedback.clone())]).unwrap();
    feedback.score = Some(1.0);
    feedback.reasons.clear();
    feedback.comment = Some("it is right after all".to_owned());
    let again = import(&scratch.workspace, "b", &[Record::Feedback(feedback)]).unwrap();
    assert_eq!(again[0].counts.updated, 1);

    let page = scratch.workspace.feedback_page(&Filter::default(), newest(), None, 10).unwrap();
    assert_eq!(page.total, 1);
    assert_eq!(page.rows[0].score, Some(1.0));
    assert_eq!(page.rows[0].polarity, Polarity::Positive);
    assert_eq!(page.rows[0].comment.as_deref(), Some("it is right after all"));
    assert_eq!(page.rows[0].reasons, ["too vague"], "a missing value does not wipe out a known one");
}

#[test]
fn a_failing_import_leaves_the_workspace_as_it_was() {
    let scratch = scratch();
    import(&scratch.workspace, "a", &[Record::Feedback(thumb("f1", "t1", 0.0, "2026-05-04T10:00:00Z"))]).unwrap();
    let before = scratch.workspace.summary().unwrap();
    let error = scratch
        .workspace
        .import(|mut transaction| {
            transaction.begin_source(new_source("b"));
            for index in 0..5000 {
                let feedback = thumb(&format!("x{index}"), "t1", 1.0, "2026-05-05T10:00:00Z");
                transaction.record(Origin::default(), Record::Feedback(feedback))?;
            }
            transaction.reject(Reject { origin: Origin::default(), reason: "no".to_owned(), raw: "{".to_owned() })?;
            Err::<(), _>(Error::cancelled())
        })
        .unwrap_err();
    assert!(error.is_cancelled());
    assert_eq!(scratch.workspace.summary().unwrap(), before);
    // And the next import works.
    import(&scratch.workspace, "c", &[Record::Feedback(thumb("f2", "t1", 0.0, "2026-05-04T11:00:00Z"))]).unwrap();
    assert_eq!(scratch.workspace.summary().unwrap().feedback, 2);
}

#[test]
fn counts_by_bucket_and_key_agree_with_counting_by_hand() {
    let scratch = scratch();
    let mut records = Vec::new();
    // Week of 4 May: 3 negative of 4; week of 11 May: 1 negative of 2; a judge's score is left out.
    let scores = [
        ("2026-05-04T00:00:00Z", 0.0),
        ("2026-05-06T10:00:00Z", 0.0),
        ("2026-05-10T23:59:59Z", 0.0),
        ("2026-05-07T10:00:00Z", 1.0),
        ("2026-05-11T00:00:00Z", 1.0),
        ("2026-05-12T10:00:00Z", 0.0),
    ];
    for (index, (at, score)) in scores.iter().enumerate() {
        let mut feedback = thumb(&format!("f{index}"), &format!("t{index}"), *score, at);
        feedback.reasons = if index % 2 == 0 { vec!["too vague".into(), "wrong tone".into()] } else { Vec::new() };
        records.push(Record::Feedback(feedback));
    }
    let judge = FeedbackRecord { author: Author::Judge, ..thumb("j", "t0", 0.0, "2026-05-05T00:00:00Z") };
    records.push(Record::Feedback(judge));
    import(&scratch.workspace, "a", &records).unwrap();

    let counts = scratch.workspace.trend_rows(&Filter::default(), &[], Bucket::Week).unwrap();
    let seen: Vec<_> = counts.rows.iter().map(|row| (row.start.to_string(), row.sums.n, row.sums.negative)).collect();
    assert_eq!(seen, [("2026-05-04T00:00:00Z".to_owned(), 4, 3), ("2026-05-11T00:00:00Z".to_owned(), 2, 1)]);
    assert!(counts.statement.0.contains("date_trunc('week'"));

    let by_reason = scratch.workspace.totals_by(&Filter::default(), Dimension::Reason).unwrap();
    let seen: Vec<_> = by_reason.iter().map(|(key, sums)| (key.as_deref(), sums.n)).collect();
    assert_eq!(seen, [(Some("too vague"), 3), (Some("wrong tone"), 3), (None, 3)]);

    let only = |dimension, value: Option<&str>, exclude| Filter {
        conditions: vec![Condition { dimension, values: vec![value.map(str::to_owned)], exclude }],
        ..Filter::default()
    };
    let n = |filter: &Filter| scratch.workspace.totals(filter).unwrap().sums.n;
    assert_eq!(n(&only(Dimension::Reason, Some("too vague"), Exclude::No)), 3);
    assert_eq!(n(&only(Dimension::Reason, None, Exclude::No)), 3);
    assert_eq!(n(&only(Dimension::Polarity, Some("negative"), Exclude::Yes)), 2);
    assert_eq!(n(&Filter { authors: Authors::Everyone, ..Filter::default() }), 7);
    assert_eq!(n(&Filter { authors: Authors::Judges, ..Filter::default() }), 1);
    let may_11 = Some(moment("2026-05-11T00:00:00Z"));
    assert_eq!(n(&Filter { from: may_11, ..Filter::default() }), 2);
    assert_eq!(n(&Filter { to: may_11, ..Filter::default() }), 4);
}

#[test]
fn two_lists_are_counted_by_every_pair_of_their_values() {
    let scratch = scratch();
    let mut feedback = thumb("f1", "t1", 0.0, "2026-05-04T10:00:00Z");
    feedback.reasons = vec!["too vague".into(), "wrong tone".into()];
    feedback.tags = vec!["a".into(), "b".into(), "c".into()];
    let none = thumb("f2", "t2", 1.0, "2026-05-04T11:00:00Z");
    import(&scratch.workspace, "a", &[Record::Feedback(feedback), Record::Feedback(none)]).unwrap();
    let by = [Dimension::Reason, Dimension::Tag];
    let counts = scratch.workspace.trend_rows(&Filter::default(), &by, Bucket::Week).unwrap();
    let mut seen: Vec<String> = counts
        .rows
        .iter()
        .map(|row| row.key.iter().map(|value| value.as_deref().unwrap_or("-")).collect::<Vec<_>>().join("+"))
        .collect();
    seen.sort();
    assert_eq!(
        seen,
        ["-+-", "too vague+a", "too vague+b", "too vague+c", "wrong tone+a", "wrong tone+b", "wrong tone+c"]
    );
    assert!(counts.rows.iter().all(|row| row.sums.n == 1));
}

#[test]
fn pages_show_every_row_once_in_every_order() {
    let scratch = scratch();
    let mut records = Vec::new();
    for index in 0..57 {
        // Many ties and some without a time or a score.
        let mut feedback = thumb(&format!("f{index:02}"), "t", f64::from(index % 2), "2026-05-04T10:00:00Z");
        if index % 5 == 0 {
            feedback.created_at = None;
            feedback.score = None;
        }
        feedback.environment = (index % 3 > 0).then(|| format!("env {}", index % 3));
        records.push(Record::Feedback(feedback));
    }
    import(&scratch.workspace, "a", &records).unwrap();
    for by in SortBy::ALL {
        for order in SortOrder::ALL {
            let sort = FeedbackSort { by: *by, order: *order };
            let mut seen = Vec::new();
            let mut after: Option<String> = None;
            loop {
                let page = scratch.workspace.feedback_page(&Filter::default(), sort, after.as_deref(), 10).unwrap();
                assert_eq!(page.total, 57);
                seen.extend(page.rows.into_iter().map(|row| row.id));
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 57, "{by} {order}");
        }
    }
    let error = scratch.workspace.feedback_page(&Filter::default(), newest(), Some("nonsense"), 10).unwrap_err();
    assert_eq!(error.kind, Kind::Input);
}

#[test]
fn text_is_searched_in_feedback_and_turn() {
    let scratch = scratch();
    let mut spoken = thumb("f1", "t1", 0.0, "2026-05-04T10:00:00Z");
    spoken.comment = Some("It told me 60 DAYS".to_owned());
    let silent = thumb("f2", "t2", 0.0, "2026-05-04T10:00:00Z");
    let records =
        [Record::Feedback(spoken), Record::Feedback(silent), Record::Turn(turn("t2", "s", "2026-05-04T09:00:00Z"))];
    import(&scratch.workspace, "a", &records).unwrap();
    let ids = |text: &str| {
        let filter = Filter { text: Some(text.to_owned()), ..Filter::default() };
        let page = scratch.workspace.feedback_page(&filter, newest(), None, 10).unwrap();
        page.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids("days 60"), ["f1"]);
    assert_eq!(ids("output of T2"), ["f2"]);
    assert!(ids("60% days").is_empty());
}

#[test]
fn changing_a_score_rule_changes_what_is_negative() {
    let scratch = scratch();
    let rating = |id: &str, score: f64| {
        Record::Feedback(FeedbackRecord {
            score: Some(score),
            score_name: Some("spice".to_owned()),
            ..FeedbackRecord::new(id, FeedbackType::Rating)
        })
    };
    import(&scratch.workspace, "a", &[rating("f1", 1.0), rating("f2", 3.0), rating("f3", 5.0)]).unwrap();
    let polarity = || {
        let page = scratch
            .workspace
            .feedback_page(&Filter::default(), FeedbackSort { by: SortBy::Time, order: SortOrder::Ascending }, None, 9)
            .unwrap();
        page.rows.into_iter().map(|row| row.polarity).collect::<Vec<_>>()
    };
    assert_eq!(polarity(), [Polarity::Negative, Polarity::Neutral, Polarity::Positive]);
    let mut rule = Scale::OneToFive.rule();
    (rule.worst, rule.best) = (rule.best, rule.worst);
    let spice =
        ScoreKey { tool: "canonical".to_owned(), score_name: Some("spice".to_owned()), score_type: ScoreType::Numeric };
    scratch.workspace.set_score_rule(&spice, None, &rule).unwrap();
    assert_eq!(polarity(), [Polarity::Positive, Polarity::Neutral, Polarity::Negative]);

    // Next week's file of the same tool means the same.
    import(&scratch.workspace, "b", &[rating("f4", 5.0), rating("f5", 1.0)]).unwrap();
    assert_eq!(polarity()[3..], [Polarity::Negative, Polarity::Positive]);
    let rules = scratch.workspace.score_rules().unwrap();
    let [stored] = rules.as_slice() else { panic!("{rules:?}") };
    assert!(stored.applied.confirmed && stored.sources.len() == 2, "{stored:?}");
}

#[test]
fn texts_are_kept_once_and_vectors_come_back_as_they_went() {
    let scratch = scratch();
    let comment = |id: &str, words: &str| {
        Record::Feedback(FeedbackRecord {
            comment: Some(words.to_owned()),
            ..FeedbackRecord::new(id, FeedbackType::Comment)
        })
    };
    let session = Record::Session(SessionRecord { id: "s".to_owned(), ..SessionRecord::default() });
    let records = [comment("f1", "good"), comment("f2", "good"), comment("f3", "wrong policy"), session];
    import(&scratch.workspace, "a", &records).unwrap();
    scratch.workspace.collect_texts(Subject::Said, "1", |words| words.comment.clone(), &Job::quiet()).unwrap();
    let texts = scratch.workspace.texts(Subject::Said).unwrap();
    let mut counts: Vec<_> = texts.iter().map(|row| (row.text.as_str(), row.feedback)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [("good", 2), ("wrong policy", 1)]);

    let model = StoredModel {
        id: "m".into(),
        name: "test".into(),
        digest: "d".into(),
        pooling: "mean".into(),
        max_length: 256,
        dimension: 2,
    };
    let hashes = [TextHash::of("good"), TextHash::of("wrong policy")];
    scratch.workspace.add_vectors(&model, &hashes, vec![1.0, 0.0, 0.6, -0.8]).unwrap();
    let missing = |model, after| scratch.workspace.texts_without_vector(model, Subject::Said, after, 1).unwrap();
    assert!(missing("m", None).is_empty());
    assert_eq!(scratch.workspace.count_texts_without_vector("m", Subject::Said).unwrap(), 0);
    // Page by page in the order of the hashes, each text once.
    let first = missing("another", None);
    let second = missing("another", Some(first[0].hash));
    assert!(missing("another", Some(second[0].hash)).is_empty());
    assert_eq!([&first[0], &second[0]].map(|row| row.hash), [hashes[0].min(hashes[1]), hashes[0].max(hashes[1])]);
    assert_eq!(scratch.workspace.count_texts_without_vector("another", Subject::Said).unwrap(), 2);
    let vectors = scratch.workspace.vectors("m", &Job::quiet()).unwrap();
    let place = vectors.hashes.iter().position(|hash| *hash == hashes[1]).unwrap();
    assert_eq!(vectors.row(place), [0.6, -0.8]);
    assert_eq!(scratch.workspace.current_model().unwrap(), Some(model));
}

#[test]
fn what_is_no_workspace_is_refused_with_a_reason() {
    let scratch = scratch();
    let folder = scratch.folder.path();
    let text = folder.join("notes.hearback");
    std::fs::write(&text, "these are notes, at some length, and no database at all").unwrap();
    for path in [text, PathBuf::from(folder)] {
        let error = Store::open(&path).unwrap_err();
        assert_eq!(error.kind, Kind::Workspace, "{error}");
        assert!(error.message.contains(path.file_name().unwrap().to_str().unwrap()), "{error}");
    }
}

#[test]
fn a_workspace_survives_being_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.hearback");
    let before = {
        let workspace = Store::open(&path).unwrap();
        import(&workspace, "a", &[Record::Feedback(thumb("f1", "t1", 0.0, "2026-05-04T10:00:00Z"))]).unwrap();
        workspace.summary().unwrap()
    };
    let workspace = Store::open(&path).unwrap();
    assert_eq!(workspace.summary().unwrap(), before);
    assert!(workspace.has_digest("digest of a").unwrap());
}

/// What a program that is killed right now leaves behind: the file and its log, as they lie there.
#[test]
fn what_lies_on_the_disk_can_be_opened_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.hearback");
    let workspace = Store::open(&path).unwrap();
    let check = |moment: &str, feedback: u64| {
        let copy = folder.path().join(format!("{moment}.hearback"));
        std::fs::copy(&path, &copy).unwrap();
        let log = |of: &std::path::Path| of.with_extension("hearback.wal");
        if log(&path).exists() {
            std::fs::copy(log(&path), log(&copy)).unwrap();
        }
        let opened = Store::open(&copy).unwrap_or_else(|error| panic!("{moment}: {error}: {:?}", error.details()));
        assert_eq!(opened.summary().unwrap().feedback, feedback, "{moment}");
    };
    check("new", 0);
    let said = |id: &str| [Record::Feedback(thumb(id, "t1", 0.0, "2026-05-04T10:00:00Z"))];
    import(&workspace, "a", &said("f1")).unwrap();
    check("imported", 1);
    let second = import(&workspace, "b", &said("f2")).unwrap();
    check("imported again", 2);
    workspace.remove_sources(&[second[0].id.into()]).unwrap();
    check("undone", 1);
}

#[test]
fn feedback_that_names_a_span_is_about_its_turn_whichever_comes_first() {
    let spoken = Record::Feedback(thumb("f1", "span-7", 0.0, "2026-05-04T10:00:00Z"));
    let named = TurnRecord {
        aliases: vec!["span-7".to_owned(), "response-1".to_owned()],
        ..turn("t1", "s1", "2026-05-04T09:59:00Z")
    };
    for halves in [[&spoken, &Record::Turn(named.clone())], [&Record::Turn(named.clone()), &spoken]] {
        let scratch = scratch();
        for (number, half) in halves.into_iter().enumerate() {
            import(&scratch.workspace, &format!("half {number}"), std::slice::from_ref(half)).unwrap();
        }
        let page = scratch.workspace.feedback_page(&Filter::default(), newest(), None, 10).unwrap();
        let row = &page.rows[0];
        assert_eq!((row.turn_id.as_deref(), row.session_id.as_deref()), (Some("t1"), Some("s1")));
        assert_eq!((row.model_version.as_deref(), row.query.as_deref()), (Some("2.1"), Some("query of t1")));
        for id in ["t1", "span-7"] {
            let trail = scratch.workspace.trail_of_turn(id).unwrap();
            assert_eq!((trail.turns.len(), trail.feedback.len()), (1, 1), "{id}");
        }
        let joined: u64 = scratch.workspace.sources().unwrap().iter().map(|source| source.counts.joined_turn).sum();
        assert_eq!(joined, 1);
        assert_eq!(scratch.workspace.unjoined(None, None, 10).unwrap().total, 0);
    }
}

#[test]
fn what_did_not_join_says_why() {
    let scratch = scratch();
    let mut about_session = thumb("f2", "", 1.0, "2026-05-04T10:00:00Z");
    (about_session.turn_id, about_session.session_id) = (None, Some("s9".to_owned()));
    let mut about_nothing = about_session.clone();
    (about_nothing.id, about_nothing.session_id) = ("f3".to_owned(), None);
    let lonely = TurnRecord { session_id: None, ..turn("t4", "", "2026-05-04T09:59:00Z") };
    let records = [
        Record::Turn(turn("t0", "s0", "2026-05-04T09:59:00Z")),
        Record::Turn(lonely),
        Record::Feedback(thumb("f0", "t0", 1.0, "2026-05-04T10:00:00Z")),
        Record::Feedback(thumb("f1", "t9", 1.0, "2026-05-04T10:00:00Z")),
        Record::Feedback(about_session),
        Record::Feedback(about_nothing),
        Record::Feedback(thumb("f4", "t4", 1.0, "2026-05-04T10:00:00Z")),
    ];
    let sources = import(&scratch.workspace, "a", &records).unwrap();
    let first = scratch.workspace.unjoined(Some(sources[0].id), None, 3).unwrap();
    let rest = scratch.workspace.unjoined(Some(sources[0].id), first.next.as_deref(), 3).unwrap();
    assert_eq!((first.total, rest.next), (4, None));
    let sentences: Vec<String> = first.rows.iter().chain(&rest.rows).map(|row| row.sentence()).collect();
    assert_eq!(
        sentences,
        [
            "names turn t9, which no imported file has",
            "names session s9, which no imported file has",
            "names no turn and no session",
            "its turn t4 belongs to no session",
        ]
    );
    let counts = scratch.workspace.unjoined_counts(None).unwrap();
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<u64>(), 4);
    assert_eq!(scratch.workspace.unjoined(Some(99), None, 3).unwrap().total, 0);
}

#[test]
fn imported_vectors_are_a_model_of_their_own() {
    let scratch = scratch();
    let vector = |text: &str, vector: Vec<f32>| {
        Record::Vector(VectorRecord { model: "reviews".to_owned(), text: text.to_owned(), vector })
    };
    let records = [vector("good", vec![1.0, 0.0]), vector("bad", vec![0.0]), vector("odd", vec![f32::NAN, 1.0])];
    import(&scratch.workspace, "store", &records).unwrap();
    let rejects = scratch.workspace.rejects(None, None, 10).unwrap();
    assert_eq!(rejects.total, 2);
    assert!(rejects.rows[0].reason.contains("others of model \"reviews\" have 2"), "{:?}", rejects.rows);
    assert_eq!(scratch.workspace.current_model().unwrap(), None, "no question can be put to it");
}

#[test]
fn a_mapping_is_remembered_by_its_header() {
    let scratch = scratch();
    let profile = MappingProfile {
        fingerprint: "review;stars".to_owned(),
        name: "Reviews".to_owned(),
        mapping: "comment=review,score=stars".to_owned(),
        columns: vec!["review".to_owned(), "stars, of five".to_owned()],
        created_at: moment("2026-07-01T00:00:00Z"),
        used_at: moment("2026-07-01T00:00:00Z"),
    };
    scratch.workspace.save_mapping_profile(&profile).unwrap();
    assert_eq!(scratch.workspace.mapping_for("review;stars").unwrap(), Some(profile.clone()));
    let later = moment("2026-07-08T00:00:00Z");
    let again = MappingProfile { created_at: later, used_at: later, name: "Stars".to_owned(), ..profile.clone() };
    scratch.workspace.save_mapping_profile(&again).unwrap();
    let kept = MappingProfile { created_at: profile.created_at, ..again };
    assert_eq!(scratch.workspace.mapping_profiles().unwrap(), [kept]);
    scratch.workspace.remove_mapping_profile("review;stars").unwrap();
    assert_eq!(scratch.workspace.remove_mapping_profile("review;stars").unwrap_err().kind, Kind::NotFound);
}
