//! What only whoever sees the tables can check: that an undone import leaves no trace, and that an older file is
//! carried over.

use std::{collections::BTreeMap, sync::OnceLock};

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{
    FeedbackSort, NewSource, Shown, SortBy, SortOrder, SourceToRemove, Store, set_property, sources::LAST_REMOVED,
};
use hearback_domain::{
    FeedbackRecord, FeedbackType, Filter, Origin, Polarity, Record, Reject, SessionRecord, Sink, Subject, TextHash,
    Timestamp, TurnRecord, VectorRecord,
    job::Job,
    record::{Metadata, Weight},
    theme::Change,
};

struct File {
    id: i64,
    records: Vec<Record>,
}

/// A new workspace. It is made once and copied: to write the schema takes longer than what most tests do with it.
fn opened() -> (tempfile::TempDir, Store) {
    static EMPTY: OnceLock<tempfile::TempDir> = OnceLock::new();
    let empty = EMPTY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(&folder.path().join("test.hearback")).unwrap());
        folder
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.hearback");
    std::fs::copy(empty.path().join("test.hearback"), &path).unwrap();
    (folder, Store::open(&path).unwrap())
}

/// Imports files as one set. Each gets the id that it has in the other workspace, too.
fn import(workspace: &Store, files: &[&File]) {
    workspace.write(|connection| set_property(connection, LAST_REMOVED, &(files[0].id - 1).to_string())).unwrap();
    workspace
        .import(|mut transaction| {
            for file in files {
                transaction.begin_source(NewSource {
                    name: format!("file {}", file.id),
                    path: String::new(),
                    format: String::new(),
                    tool: String::new(),
                    format_reason: String::new(),
                    bytes: 1,
                    imported_at: Timestamp::from_micros(0),
                    scores: Vec::new(),
                    mapping: None,
                    notes: Vec::new(),
                });
                for record in &file.records {
                    transaction.record(Origin::default(), record.clone())?;
                }
                transaction.reject(Reject {
                    origin: Origin::default(),
                    reason: format!("of file {}", file.id),
                    raw: String::new(),
                })?;
                transaction.end_source(file.records.len() as u64 + 1, format!("digest of {}", file.id));
            }
            transaction.settle(&Job::quiet())?;
            transaction.count(&Job::quiet())
        })
        .unwrap();
}

/// Every row of every table. What counts imports as such is left out.
fn content(workspace: &Store) -> BTreeMap<String, Vec<String>> {
    let mut all = workspace.content(&[("rejects", "id")]).unwrap();
    all.remove("properties");
    assert!(all.len() > 15, "{:?}", all.keys());
    all
}

fn same(one: &BTreeMap<String, Vec<String>>, other: &BTreeMap<String, Vec<String>>, what: &str) {
    for (table, rows) in one {
        assert_eq!(rows, &other[table], "{table}: {what}");
    }
    assert_eq!(one.len(), other.len());
}

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0.gen_range(0..sides)
    }

    fn id(&mut self, of: &str, count: usize) -> String {
        format!("{of}{}", self.below(count))
    }

    /// Often nothing.
    fn perhaps<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }

    fn moment(&mut self) -> Timestamp {
        Timestamp::from_micros(1_700_000_000_000_000 + self.below(5) as i64 * 1_000_000)
    }

    fn words(&mut self, of: &str) -> Vec<String> {
        (0..self.below(3)).map(|_| self.id(of, 4)).collect()
    }

    fn metadata(&mut self) -> Metadata {
        (0..self.below(3)).map(|_| (self.id("key", 2), self.id("value", 9))).collect()
    }

    /// A patch may name a turn by an alias.
    fn turn_or_alias(&mut self) -> String {
        if self.below(4) == 0 { self.id("a", 4) } else { self.id("t", 4) }
    }

    /// Now and then that of another turn: chains, circles.
    fn aliases(&mut self) -> Vec<String> {
        let mut aliases = self.words("a");
        if self.below(6) == 0 {
            aliases.push(self.id("t", 4));
        }
        aliases
    }

    fn record(&mut self) -> Record {
        match self.below(8) {
            0 => Record::Session(SessionRecord {
                id: self.id("s", 3),
                started_at: self.perhaps(Self::moment),
                user_id: self.perhaps(|dice| dice.id("u", 4)),
                user_role: self.perhaps(|dice| dice.id("role", 4)),
                environment: self.perhaps(|dice| dice.id("env", 4)),
                metadata: self.metadata(),
            }),
            1..=3 => Record::Turn(TurnRecord {
                id: self.turn_or_alias(),
                aliases: self.aliases(),
                weight: if self.below(2) == 0 { Weight::Full } else { Weight::Fill },
                session_id: self.perhaps(|dice| dice.id("s", 4)),
                created_at: self.perhaps(Self::moment),
                query: self.perhaps(|dice| dice.id("query", 9)),
                output: self.perhaps(|dice| dice.id("output", 9)),
                model: self.perhaps(|dice| dice.id("model", 9)),
                user_role: self.perhaps(|dice| dice.id("role", 9)),
                latency_ms: self.perhaps(|dice| dice.below(99) as i64),
                tags: self.words("tag"),
                metadata: self.metadata(),
                ..TurnRecord::default()
            }),
            4 => Record::Vector(VectorRecord {
                model: self.id("m", 2),
                text: self.id("text", 3),
                vector: vec![self.below(9) as f32, 1.0],
            }),
            _ => Record::Feedback(FeedbackRecord {
                created_at: self.perhaps(Self::moment),
                session_id: self.perhaps(|dice| dice.id("s", 4)),
                turn_id: match self.below(3) {
                    0 => None,
                    1 => Some(self.id("t", 5)),
                    _ => Some(self.id("a", 5)),
                },
                score_name: self.perhaps(|dice| dice.id("score", 2)),
                score: self.perhaps(|dice| dice.below(6) as f64),
                polarity: self.perhaps(|_| Polarity::Negative),
                reasons: self.words("reason"),
                comment: self.perhaps(|dice| dice.id("comment", 9)),
                environment: self.perhaps(|dice| dice.id("env", 4)),
                tags: self.words("tag"),
                metadata: self.metadata(),
                ..FeedbackRecord::new(
                    self.id("f", 6),
                    if self.below(2) == 0 { FeedbackType::Thumb } else { FeedbackType::Rating },
                )
            }),
        }
    }
}

/// Files one after the other or several at once: it must not matter.
fn import_all(workspace: &Store, files: &[&File], dice: &mut Dice) {
    let mut rest = files;
    while !rest.is_empty() {
        // Ids within a set count on from the first.
        let together = rest.iter().zip(rest[0].id..).take_while(|(file, id)| file.id == *id).count();
        let (set, others) = rest.split_at(1 + dice.below(together));
        import(workspace, set);
        rest = others;
    }
}

#[test]
fn an_undone_import_leaves_what_the_others_give_alone() {
    let mut united = 0;
    for seed in 0..32 {
        let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(seed));
        let files: Vec<File> = (1..=2 + dice.below(3) as i64)
            .map(|id| File { id, records: (0..1 + dice.below(14)).map(|_| dice.record()).collect() })
            .collect();
        let gone = dice.below(files.len());
        let (_one, workspace) = opened();
        import_all(&workspace, &files.iter().collect::<Vec<_>>(), &mut dice);
        workspace.remove_sources(&[files[gone].id.into()]).unwrap();

        let others: Vec<&File> = files.iter().filter(|file| file.id != files[gone].id).collect();
        let (_other, alone) = opened();
        import_all(&alone, &others, &mut dice);
        let left = content(&workspace);
        united += usize::from(!left["turns_apart"].is_empty());
        same(&left, &content(&alone), &format!("seed {seed}, without file {}", files[gone].id));
    }
    assert!(united > 5, "in {united} of the workspaces a turn goes by an alias");
}

#[test]
fn undoing_everything_leaves_nothing() {
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(7));
    let files: Vec<File> = (1..=3).map(|id| File { id, records: (0..30).map(|_| dice.record()).collect() }).collect();
    let (_folder, workspace) = opened();
    import_all(&workspace, &files.iter().collect::<Vec<_>>(), &mut dice);
    for id in [2, 1, 3] {
        workspace.remove_sources(&[id.into()]).unwrap();
    }
    for (table, rows) in content(&workspace) {
        assert!(rows.is_empty(), "{table}: {rows:?}");
    }
    assert_eq!(workspace.remove_sources(&[2_i64.into()]).unwrap_err().kind, hearback_domain::error::Kind::NotFound);
}

#[test]
fn a_set_is_undone_whole_or_not_at_all_and_only_where_the_files_are_those_meant() {
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(11));
    let files: Vec<File> = (1..=4).map(|id| File { id, records: (0..30).map(|_| dice.record()).collect() }).collect();
    let all: Vec<&File> = files.iter().collect();
    let (_one, workspace) = opened();
    import(&workspace, &all);
    let before = content(&workspace);
    let meant = |id: i64| SourceToRemove { id, digest: Some(format!("digest of {id}")) };

    // The second of them is the file of another workspace, or is not there.
    let digest = Some("another".to_owned());
    for wrong in
        [SourceToRemove { id: 3, digest }, SourceToRemove { id: 3, digest: Some(String::new()) }, meant(9), meant(2)]
    {
        let error = workspace.remove_sources(&[meant(2), wrong.clone()]).unwrap_err();
        assert_eq!(error.kind, hearback_domain::error::Kind::NotFound, "{wrong:?}");
        same(&content(&workspace), &before, &format!("refused {wrong:?}"));
    }

    workspace.remove_sources(&[meant(2), SourceToRemove { id: 4, digest: Some("digest of".to_owned()) }]).unwrap();
    let (_other, alone) = opened();
    import(&alone, &[&files[0]]);
    import(&alone, &[&files[2]]);
    same(&content(&workspace), &content(&alone), "without files 2 and 4");
}

#[test]
fn what_is_said_of_a_span_is_said_of_its_turn_in_any_order() {
    let turn = |id: &str, weight| TurnRecord { id: id.to_owned(), weight, ..TurnRecord::default() };
    let texts = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let whole = TurnRecord {
        aliases: vec!["span".to_owned()],
        session_id: Some("s".to_owned()),
        query: Some("why?".to_owned()),
        metadata: texts(&[("kind", "chat")]),
        ..turn("t", Weight::Full)
    };
    let span = TurnRecord {
        session_id: Some("another".to_owned()),
        query: Some("the span's own".to_owned()),
        model: Some("m".to_owned()),
        metadata: texts(&[("kind", "span"), ("extra", "kept")]),
        aliases: vec!["inner".to_owned()],
        ..turn("span", Weight::Full)
    };
    let inner = TurnRecord { output: Some("because".to_owned()), ..turn("inner", Weight::Fill) };
    let feedback = FeedbackRecord {
        turn_id: Some("inner".to_owned()),
        ..FeedbackRecord::new("f".to_owned(), FeedbackType::Thumb)
    };
    let of = |id, record| File { id, records: vec![record] };
    let records = [Record::Turn(whole), Record::Turn(span), Record::Turn(inner), Record::Feedback(feedback)];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        let (_folder, workspace) = opened();
        for (id, place) in (1..).zip(order) {
            import(&workspace, &[&of(id, records[place].clone())]);
        }
        let trail = workspace.trail_of_turn("inner").unwrap();
        assert_eq!(trail.turns.len(), 1, "{order:?}");
        let turn = &trail.turns[0];
        assert_eq!(
            (turn.id.as_str(), turn.query.as_deref(), turn.output.as_deref(), turn.model.as_deref()),
            ("t", Some("why?"), Some("because"), Some("m")),
            "{order:?}"
        );
        assert_eq!(turn.metadata, texts(&[("kind", "chat"), ("extra", "kept")]), "{order:?}");
        assert_eq!(trail.feedback[0].turn_id.as_deref(), Some("t"), "{order:?}");
        let summary = workspace.summary().unwrap();
        assert_eq!((summary.turns, summary.sessions, summary.joined_turn), (1, 1, 1), "{order:?}");
    }
}

#[test]
fn metadata_that_fills_gaps_overrides_nothing() {
    let patch = |weight, value: &str| {
        let metadata = [("key".to_owned(), value.to_owned())].into_iter().collect();
        Record::Turn(TurnRecord { id: "t".to_owned(), weight, metadata, ..TurnRecord::default() })
    };
    let full = |value| patch(Weight::Full, value);
    let fill = |value| patch(Weight::Fill, value);
    for (files, expected) in [
        (vec![vec![full("full"), fill("fill")]], "full"),
        (vec![vec![fill("fill"), full("full"), fill("later")]], "full"),
        (vec![vec![full("full")], vec![fill("fill")]], "full"),
        (vec![vec![fill("fill")], vec![full("full")], vec![fill("later")]], "full"),
        (vec![vec![full("full")], vec![full("later")], vec![fill("fill")]], "later"),
        (vec![vec![fill("fill")], vec![fill("later")]], "fill"),
    ] {
        let (_folder, workspace) = opened();
        for (id, records) in (1..).zip(files.clone()) {
            import(&workspace, &[&File { id, records }]);
        }
        let trail = workspace.trail_of_turn("t").unwrap();
        assert_eq!(trail.turns[0].metadata["key"], expected, "{files:?}");
    }
}

#[test]
fn a_rehearsal_leaves_nothing() {
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(3));
    let files: Vec<File> = (1..=2).map(|id| File { id, records: (0..30).map(|_| dice.record()).collect() }).collect();
    let (_folder, workspace) = opened();
    import(&workspace, &[&files[0]]);
    let before = (content(&workspace), workspace.data_version().unwrap(), workspace.vector_version().unwrap());
    let rehearsed = workspace
        .rehearse(|mut transaction| {
            transaction.replace_source(1)?;
            transaction.begin_source(NewSource {
                name: "two".to_owned(),
                path: String::new(),
                format: String::new(),
                tool: String::new(),
                format_reason: String::new(),
                bytes: 1,
                imported_at: Timestamp::from_micros(0),
                scores: Vec::new(),
                mapping: Some("comment=a".to_owned()),
                notes: vec!["corrections are not in it".to_owned()],
            });
            for record in &files[1].records {
                transaction.record(Origin::default(), record.clone())?;
            }
            transaction.end_source(30, "digest".to_owned());
            transaction.settle(&Job::quiet())?;
            transaction.count(&Job::quiet())
        })
        .unwrap();
    assert_eq!(rehearsed.sources.len(), 1);
    assert_eq!(rehearsed.sources[0].mapping.as_deref(), Some("comment=a"));
    assert_eq!(rehearsed.sources[0].notes, ["corrections are not in it"]);
    let after = (content(&workspace), workspace.data_version().unwrap(), workspace.vector_version().unwrap());
    same(&after.0, &before.0, "after a rehearsal");
    assert_eq!((after.1, after.2), (before.1, before.2));
}

#[test]
fn an_import_is_bounded_and_takes_the_bounds_away_whatever_becomes_of_it() {
    let (_folder, workspace) = opened();
    let limit = || -> String {
        let reader = workspace.reader().unwrap();
        let asked = "select current_setting('memory_limit') || ', ' || current_setting('threads')";
        reader.query_row(asked, [], |row| row.get(0)).unwrap()
    };
    let within = workspace.import(|_| Ok(limit())).unwrap();
    // What is shown is rounded, and set to what is shown: equal from the first import on.
    let free = limit();
    assert!(within.contains("MiB") && free.contains("GiB"), "{within}, {free}");
    workspace.import(|_| Ok(())).unwrap();
    assert_eq!(limit(), free);
    let failed: hearback_domain::error::Result<()> =
        workspace.import(|_| Err(hearback_domain::error::Error::cancelled()));
    assert!(failed.is_err());
    assert_eq!(limit(), free);
}

#[test]
fn feedback_that_lies_by_time_and_feedback_that_does_not_make_the_same_facts() {
    // More than DuckDB keeps together, so that the question is asked.
    const ROWS: i64 = 130_000;
    let made = |moment: &dyn Fn(i64) -> i64| {
        let (_folder, workspace) = opened();
        let records = (0..ROWS).map(|number| {
            let mut feedback = FeedbackRecord::new(format!("f{}", moment(number)), FeedbackType::Thumb);
            feedback.created_at = Some(Timestamp::from_micros(moment(number) * 1_000_000));
            Record::Feedback(feedback)
        });
        import(&workspace, &[&File { id: 1, records: records.collect() }]);
        let reader = workspace.reader().unwrap();
        let lies: bool = reader.query_row(super::facts::LIES_BY_TIME, [], |row| row.get(0)).unwrap();
        let facts: Vec<String> = reader
            .prepare("select facts::varchar from facts order by feedback_id limit 1000")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let sorted: bool = reader
            .query_row(
                "select bool_and(ok) from (
                     select created_at >= lag(created_at, 1, created_at) over (order by rowid) as ok from facts)",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert!(sorted);
        (lies, facts)
    };
    let (in_order, facts) = made(&|number| number);
    let (shuffled, others) = made(&|number| number * 7_919 % ROWS);
    assert!(in_order && !shuffled);
    assert_eq!(facts, others);
}

#[test]
fn a_workspace_of_the_first_version_is_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.hearback");
    {
        let connection = duckdb::Connection::open(&path).unwrap();
        connection.execute_batch(include_str!("schema/0001_workspace.sql")).unwrap();
        connection
            .execute_batch(
                "insert into schema_versions values (1, 1, current_timestamp at time zone 'UTC');
                 insert into sources values (1, 'old.jsonl', '', '', '', 'd', 1, timestamp '2026-01-01', 3, 3, 0, 0, 1, 1, 1, 1, 1);
                 insert into sessions values ('s1', timestamp '2026-01-01', 'u', null, null, 1);
                 insert into turns (id, session_id, query, model, source_id) values ('t1', 's1', 'why?', 'm', 1);
                 insert into feedback (id, source_id, updated_by, turn_id, feedback_type, author, score, score_normal,
                                       polarity, label_polarity, reasons, tags)
                 values ('f1', 1, 1, 't1', 'thumb', 'human', 0, 0, 'negative', 'neutral', [], []);
                 insert into score_rules values (1, null, 'thumb', 1, 0, 0, 'zero_one', 0, 1, 0, 1, true);
                 insert into metadata values ('turn', 't1', 'name', 'chat');
                 insert into facts (feedback_id, source_id, updated_by, session_id, turn_id, feedback_type, author,
                                    polarity, score_normal, model, reasons, tags, joined_turn, joined_session)
                 values ('f1', 1, 1, 's1', 't1', 'thumb', 'human', 'negative', 0, 'm', [], [], true, true);",
            )
            .unwrap();
    }
    let workspace = Store::open(&path).unwrap();
    workspace.refresh_polarity(|_| None).unwrap();
    let trail = workspace.trail_of_turn("t1").unwrap();
    assert_eq!(trail.turns[0].metadata.get("name").map(String::as_str), Some("chat"));
    assert_eq!(trail.feedback[0].polarity, Polarity::Negative);
    assert_eq!(workspace.sources().unwrap()[0].mapping, None);

    // As a program does that opens it: rules and polarities by what is known now.
    workspace.refresh_polarity(|_| None).unwrap();
    // The turn's other half, from a new file: undone, the old one is as it was.
    let before = content(&workspace);
    let later = TurnRecord { id: "t1".to_owned(), output: Some("because".to_owned()), ..TurnRecord::default() };
    import(&workspace, &[&File { id: 2, records: vec![Record::Turn(later)] }]);
    let trail = workspace.trail_of_turn("t1").unwrap();
    assert_eq!(trail.turns[0].output.as_deref(), Some("because"));
    assert_eq!(trail.turns[0].query.as_deref(), Some("why?"));
    workspace.remove_sources(&[2_i64.into()]).unwrap();
    same(&content(&workspace), &before, "carried over, imported into and undone");
    workspace.remove_sources(&[1_i64.into()]).unwrap();
    assert_eq!(workspace.summary().unwrap().feedback, 0);
}

#[test]
fn the_themes_of_a_workspace_of_the_second_version_are_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.hearback");
    let (good, bad) = (TextHash::of("good"), TextHash::of("bad"));
    {
        let connection = duckdb::Connection::open(&path).unwrap();
        for schema in [include_str!("schema/0001_workspace.sql"), include_str!("schema/0002_sources_apart.sql")] {
            connection.execute_batch(schema).unwrap();
        }
        connection
            .execute_batch(&format!(
                "insert into schema_versions values (2, 2, current_timestamp at time zone 'UTC');
                 insert into properties values ('texts_from', '1/1'), ('data_version', '1');
                 insert into sources values (1, 'old.jsonl', '', '', '', 'd', 1, timestamp '2026-01-01', 2, 2, 0, 0, 0, 0, 2, 0, 0, null, []);
                 insert into feedback (id, source_id, updated_by, feedback_type, author, label_polarity, reasons, comment, tags)
                 values ('f1', 1, 1, 'comment', 'human', 'neutral', [], 'good', []),
                        ('f2', 1, 1, 'comment', 'human', 'neutral', [], 'bad', []);
                 insert into texts values ('{good}', 'good'), ('{bad}', 'bad');
                 insert into feedback_texts values ('f1', '{good}'), ('f2', '{bad}');
                 insert into theme_runs values (4, timestamp '2026-01-02', 'm', 2.0, 1, 'old', 1, 2, 1);
                 insert into themes values (4, 3, 'Good', ['good'], 1, 0.9, [1, 0], ['{good}']);
                 insert into theme_members values (4, '{good}', 3, 0.8), (4, '{bad}', null, 0.1);
                 insert into facts (feedback_id, source_id, updated_by, feedback_type, author, polarity, reasons, tags,
                                    text_hash, theme_key, joined_turn, joined_session)
                 values ('f1', 1, 1, 'comment', 'human', 'neutral', [], [], '{good}', '3', false, false),
                        ('f2', 1, 1, 'comment', 'human', 'neutral', [], [], '{bad}', null, false, false);"
            ))
            .unwrap();
    }
    let check = |workspace: &Store| {
        let run = workspace.theme_run().unwrap().unwrap();
        assert_eq!((run.id, run.subject, run.resolution), (4, Subject::Said, 2.0));
        assert!((run.similarity - 0.8).abs() < 1e-6 && run.explored.is_empty());
        let themes = workspace.themes().unwrap();
        assert_eq!((themes[0].id, themes[0].name.as_str(), themes[0].texts, themes[0].feedback), (3, "Good", 1, 1));
        assert_eq!(workspace.theme_members(Some(3)).unwrap()[0].0, good);
        assert_eq!(workspace.next_theme_id().unwrap(), 4, "ids are given once");
        let lines = workspace.known_themes(Subject::Said).unwrap();
        assert_eq!((lines[0].id, lines[0].run), (3, 4));
        assert!((lines[0].reach - 0.8).abs() < 1e-6);
        let placements = workspace.placements(Subject::Said).unwrap();
        let lines: BTreeMap<TextHash, Option<i64>> = placements.iter().map(|text| (text.hash, text.line)).collect();
        assert_eq!(lines, BTreeMap::from([(good, Some(3)), (bad, None)]));
        let texts: Vec<u64> = workspace.texts(Subject::Said).unwrap().iter().map(|text| text.feedback).collect();
        assert_eq!(texts, [1, 1]);
        assert!(workspace.texts(Subject::Asked).unwrap().is_empty());
        assert_eq!(workspace.summary().unwrap().themes, 1);
    };
    let workspace = Store::open(&path).unwrap();
    check(&workspace);
    // As a program that is killed right now leaves it.
    let copy = folder.path().join("killed.hearback");
    std::fs::copy(&path, &copy).unwrap();
    let log = path.with_extension("hearback.wal");
    if log.exists() {
        std::fs::copy(log, copy.with_extension("hearback.wal")).unwrap();
    }
    check(&Store::open(&copy).unwrap());
    // An edit of themes whose hierarchy nobody kept.
    let run = workspace.theme_run().unwrap().unwrap();
    let rename = Change::Rename { theme: 3, name: "Praise".to_owned() };
    let shown = Shown { themes: workspace.themes().unwrap(), members: workspace.all_theme_members().unwrap() };
    workspace.add_theme_edit(&run, &rename, Timestamp::from_micros(5), &shown, 4).unwrap();
    assert_eq!(workspace.theme_edits(Subject::Said).unwrap()[0].edit.change, rename);
    workspace.remove_sources(&[1_i64.into()]).unwrap();
    assert!(workspace.texts(Subject::Said).unwrap().is_empty());
}

/// Of another program, or written by hand: an error that names it, never something else in its place.
#[test]
fn a_stored_word_that_nobody_knows_is_an_error_that_names_it() {
    type Ask = fn(&Store) -> Result<(), hearback_domain::error::Error>;
    let page: Ask = |workspace| {
        let sort = FeedbackSort { by: SortBy::Time, order: SortOrder::Ascending };
        let everyone = Filter { authors: hearback_domain::filter::Authors::Everyone, ..Filter::default() };
        workspace.feedback_page(&everyone, sort, None, 10).map(|_| ())
    };
    let rules: Ask = |workspace| workspace.score_rules().map(|_| ());
    let labels: Ask = |workspace| workspace.labels(10).map(|_| ());
    let subject: Ask = |workspace| workspace.summary().map(|_| ());
    let members: Ask = |workspace| workspace.all_theme_members().map(|_| ());
    let themes: Ask = |workspace| workspace.themes().map(|_| ());
    let lines: Ask = |workspace| workspace.known_themes(Subject::Said).map(|_| ());
    let history: Ask = |workspace| workspace.snapshot()?.theme_history(Subject::Said, None).map(|_| ());
    let cuts: Ask = |workspace| workspace.cut_themes(Subject::Said, "tree").map(|_| ());
    let cases: &[(&str, Ask)] = &[
        ("update facts set feedback_type = 'shrug'", page),
        ("update facts set author = 'shrug'", page),
        ("update facts set polarity = 'shrug'", page),
        ("update feedback set span_target = 'shrug', span_start = 0, span_end = 1", page),
        ("update feedback set score_type = 'shrug'", rules),
        ("insert into score_scales values ('', null, 'numeric', null, 'shrug', 0, 1, 0, 1)", rules),
        ("insert into score_scales values ('', null, 'shrug', null, 'zero_one', 0, 1, 0, 1)", rules),
        ("insert into score_statements values (1, null, 'numeric', 0, 1, 'shrug')", rules),
        ("insert into label_meanings values (null, 'ok', 'shrug')", labels),
        ("insert into properties values ('theme_subject', 'shrug')", subject),
        ("insert into theme_members values (1, repeat('0', 32), null, 0, null, 'shrug')", members),
        ("insert into themes values (1, 1, '', [], 0, 0, 0, [], [], '[]', 'shrug', false, '')", themes),
        ("insert into theme_lines values (1, 'said', 1, '', [], 0, 0, 0, [], [], '[]', 'shrug', [], 'words')", lines),
        ("insert into theme_lines values (1, 'said', 1, '', [], 0, 0, 0, [], [], '[]', 'new', [], 'shrug')", lines),
        (
            "insert into theme_history values (1, 'said', 1, timestamp '2026-01-01', false, 'shrug', [], 0, 0, 0)",
            history,
        ),
        ("insert into theme_cuts values ('said', 'tree', 1, null, 1, 0, 1, '', 'shrug')", cuts),
    ];
    for (by_hand, ask) in cases {
        let (_folder, workspace) = opened();
        let feedback = FeedbackRecord { score: Some(1.0), ..FeedbackRecord::new("f1", FeedbackType::Thumb) };
        import(&workspace, &[&File { id: 1, records: vec![Record::Feedback(feedback)] }]);
        let run =
            "insert into theme_runs values (1, timestamp '2026-01-01', 'said', 'm', 1, null, 1, '', '', '', '', 1, 0,
                                                  0, 0, 0, 0)";
        workspace.write(|connection| connection.execute_batch(run).map_err(super::failed("be tried"))).unwrap();
        ask(&workspace).unwrap_or_else(|error| panic!("{by_hand}: {error}"));
        workspace.write(|connection| connection.execute_batch(by_hand).map_err(super::failed("be tried"))).unwrap();
        let error = ask(&workspace).expect_err(by_hand);
        assert!(error.message.contains("\"shrug\""), "{by_hand}: {error}");
    }
}
