//! What did the runs find, before any edit?
//!
//! A line is a found theme through all runs that had it, by its id. The hierarchy of each subject's run is kept, so
//! that it can be cut otherwise without its vectors' neighbours being looked for again.

use std::{collections::BTreeMap, sync::Arc};

use duckdb::{
    Connection,
    arrow::{
        array::{ArrayRef, Float32Array, ListArray, StringArray, UInt32Array},
        buffer::OffsetBuffer,
        datatypes::{DataType, Field, Schema},
        record_batch::RecordBatch,
    },
    params,
};

use super::{
    Snapshot, Store, facts, failed,
    read::{self, named},
    set_property,
    theme_cuts::put_cut,
    theme_edits::{HistoryEntry, put_history},
    theme_rows::{KnownTheme, NEXT_ID, ids_json, next_theme_id},
    theme_subject::set_subject,
    themes::{
        NamedBy, RUN_COLUMNS, Shown, ThemeRun, hashes_json, json, put_shown, subthemes_from_json, subthemes_json,
    },
};
use hearback_domain::{
    Subject, TextHash, Timestamp,
    error::{Error, Result},
    job::Job,
};
// Not in the group above, where it would look like the stage of that name.
use hearback_domain::theme::Event;

/// Where a text is in the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    pub hash: TextHash,
    pub leaf: Option<u32>,
    pub inside: bool,
    pub similarity: f32,
    pub nearness: f32,
    pub line: Option<i64>,
    pub line_similarity: f32,
    pub subtheme: Option<u32>,
    /// It came after the run.
    pub later: bool,
}

/// The tree that a run found: its finest groups, and how they merge as one looks more coarsely.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredHierarchy {
    pub leaves: Vec<StoredLeaf>,
    pub merges: Vec<StoredMerge>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredLeaf {
    pub centroid: Vec<f32>,
    pub reach: f32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoredMerge {
    pub left: u32,
    pub right: u32,
    pub resolution: f64,
}

/// A run to be stored: all of it in one transaction.
#[derive(Debug)]
pub struct NewThemeRun {
    /// Its id is given by the store.
    pub run: ThemeRun,
    /// When it was cut, for the history.
    pub at: Timestamp,
    /// `None` where the stored hierarchy was cut otherwise.
    pub hierarchy: Option<StoredHierarchy>,
    /// The digest of the hierarchy.
    pub tree: String,
    /// Those that this run has; their `run` is given by the store.
    pub lines: Vec<KnownTheme>,
    /// The first leaf of each line's node, by which it is known again.
    pub leaves: Vec<Option<u32>>,
    /// Texts by which lines that this run does not have any more are remembered.
    pub gone: Vec<(i64, Vec<TextHash>)>,
    pub placements: Vec<Placement>,
    pub shown: Shown,
    pub history: Vec<HistoryEntry>,
    pub next_theme_id: i64,
}

impl Snapshot<'_> {
    /// The first id that no theme has.
    pub fn next_theme_id(&self) -> Result<i64> {
        next_theme_id(self.connection())
    }

    /// Every found theme of a subject that there ever was, by id.
    pub fn known_themes(&self, subject: Subject) -> Result<Vec<KnownTheme>> {
        let sql = "select id, run_id, name, cast(to_json(keywords) as varchar) as keywords, feedback, cohesion, reach,
                          cast(to_json(centroid) as varchar) as centroid,
                          cast(to_json(examples) as varchar) as examples, subthemes, event,
                          cast(to_json(others) as varchar) as others, named_by
                   from theme_lines where subject = ? order by id";
        read::all(self.connection(), "read its themes", sql, [subject.word()], |row| {
            Ok(KnownTheme {
                id: row.get("id")?,
                run: row.get("run_id")?,
                name: row.get("name")?,
                keywords: row.json("keywords")?,
                feedback: row.get("feedback")?,
                cohesion: row.get("cohesion")?,
                reach: row.get("reach")?,
                centroid: row.json("centroid")?,
                examples: row.hashes("examples")?,
                subthemes: subthemes_from_json(&row.get::<String>("subthemes")?)?,
                event: row.word("event", "event of a theme", Event::from_word)?,
                others: row.json("others")?,
                named_by: row.word("named_by", "origin of a name", NamedBy::from_word)?,
            })
        })
    }

    /// What became of each of a run's themes, and of which others it is.
    pub fn theme_events(&self, run: &ThemeRun) -> Result<BTreeMap<i64, (Event, Vec<i64>)>> {
        let sql = "select id, event, cast(to_json(others) as varchar) as others from theme_lines where run_id = ?";
        let events = read::all(self.connection(), "read its themes", sql, [run.id], |row| {
            let event = row.word("event", "event of a theme", Event::from_word)?;
            Ok((row.get("id")?, (event, row.json("others")?)))
        })?;
        Ok(events.into_iter().collect())
    }

    /// The texts by which each gone theme is remembered.
    pub fn remembered_texts(&self) -> Result<BTreeMap<i64, Vec<TextHash>>> {
        let sql = "select theme_id, text_hash from theme_line_texts order by 1, 2";
        let mut found: BTreeMap<i64, Vec<TextHash>> = BTreeMap::new();
        read::each(self.connection(), "read its themes", sql, [], |row| {
            found.entry(row.get("theme_id")?).or_default().push(row.hash("text_hash")?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Where the run of a subject put each text, in the order of the hash.
    pub fn placements(&self, subject: Subject) -> Result<Vec<Placement>> {
        let sql = "select text_hash, leaf, inside, similarity, nearness, line_id, line_similarity, subtheme, later
                   from theme_placements where subject = ? order by text_hash";
        read::all(self.connection(), "read its themes", sql, [subject.word()], |row| {
            Ok(Placement {
                hash: row.hash("text_hash")?,
                leaf: row.get("leaf")?,
                inside: row.get("inside")?,
                similarity: row.get("similarity")?,
                nearness: row.get("nearness")?,
                line: row.get("line_id")?,
                line_similarity: row.get("line_similarity")?,
                subtheme: row.get("subtheme")?,
                later: row.get("later")?,
            })
        })
    }

    /// The hierarchy of a subject's run; `None` where none is kept.
    pub fn hierarchy(&self, subject: Subject, job: &Job) -> Result<Option<StoredHierarchy>> {
        let what = "read the hierarchy of its themes";
        let connection = self.connection();
        let mut hierarchy = StoredHierarchy::default();
        let mut statement = connection
            .prepare("select centroid, reach from theme_leaves where subject = ? order by leaf")
            .map_err(failed(what))?;
        let odd = || Error::workspace("the workspace holds a hierarchy of themes in an unexpected form");
        for batch in statement.query_arrow([subject.word()]).map_err(failed(what))? {
            job.check()?;
            let lists = named::<ListArray>(&batch, "centroid")?;
            let reach = named::<Float32Array>(&batch, "reach")?;
            for index in 0..batch.num_rows() {
                let row = lists.value(index);
                let row = row.as_any().downcast_ref::<Float32Array>().ok_or_else(odd)?;
                hierarchy.leaves.push(StoredLeaf { centroid: row.values().to_vec(), reach: reach.value(index) });
            }
        }
        let sql =
            "select \"left\", \"right\", resolution from theme_merges where subject = ? order by theme_merges.position";
        hierarchy.merges = read::all(connection, what, sql, [subject.word()], |row| {
            Ok(StoredMerge { left: row.get("left")?, right: row.get("right")?, resolution: row.get("resolution")? })
        })?;
        Ok((!hierarchy.leaves.is_empty()).then_some(hierarchy))
    }
}

impl Store {
    /// Stores a run as its subject's, and counts by it from now on.
    pub fn put_theme_run(&self, new: &NewThemeRun) -> Result<i64> {
        let what = "keep its themes";
        self.write(|connection| {
            let run = &new.run;
            let subject = run.subject.word();
            let id: i64 = read::scalar(
                connection,
                what,
                "select greatest(coalesce((select max(id) from theme_runs), 0),
                                 coalesce((select max(run_id) from theme_history), 0)) + 1",
                [],
            )?;
            for table in ["themes", "theme_members"] {
                let of = "run_id in (select id from theme_runs where subject = ?)";
                connection.execute(&format!("delete from {table} where {of}"), [subject]).map_err(failed(what))?;
            }
            connection.execute("delete from theme_runs where subject = ?", [subject]).map_err(failed(what))?;
            connection
                .execute(
                    &format!(
                        "insert into theme_runs ({RUN_COLUMNS})
                         values (?, make_timestamp(cast(? as bigint)), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    ),
                    params![
                        id,
                        run.created_at.micros(),
                        subject,
                        run.model_id,
                        run.resolution,
                        run.unclustered_at_most,
                        run.seed,
                        run.options,
                        run.versions,
                        run.fingerprint,
                        run.explored,
                        run.data_version,
                        run.texts,
                        run.unclustered,
                        run.pulled_in,
                        run.pulled_in_similarity,
                        run.similarity,
                    ],
                )
                .map_err(failed(what))?;
            if let Some(hierarchy) = &new.hierarchy {
                put_hierarchy(connection, run.subject, hierarchy)?;
            }
            connection.execute("delete from theme_placements where subject = ?", [subject]).map_err(failed(what))?;
            add_placements(connection, run.subject, &new.placements)?;
            put_lines(connection, id, run.subject, &new.lines, &new.gone)?;
            put_cut(connection, id, run, &new.tree, &new.lines, &new.leaves)?;
            put_shown(connection, id, &new.shown)?;
            put_history(connection, run.subject, id, new.at, new.hierarchy.is_none(), &new.history)?;
            set_property(connection, NEXT_ID, &new.next_theme_id.to_string())?;
            set_subject(connection, run.subject)?;
            facts::rebuild(connection)?;
            Ok(id)
        })
    }

    /// Adds texts that came after the run, with what is shown now.
    pub fn place_texts(&self, run: &ThemeRun, placements: &[Placement], shown: &Shown) -> Result<()> {
        self.write(|connection| {
            add_placements(connection, run.subject, placements)?;
            put_shown(connection, run.id, shown)?;
            facts::set_themes(connection)
        })
    }
}

fn put_hierarchy(connection: &Connection, subject: Subject, hierarchy: &StoredHierarchy) -> Result<()> {
    let what = "keep the hierarchy of its themes";
    let arrow =
        |error: duckdb::arrow::error::ArrowError| Error::internal("leaves do not fit their table").because(error);
    for table in ["theme_leaves", "theme_merges"] {
        connection
            .execute(&format!("delete from {table} where subject = ?"), [subject.word()])
            .map_err(failed(what))?;
    }
    let count = hierarchy.leaves.len();
    if count > 0 {
        let item = Arc::new(Field::new("item", DataType::Float32, true));
        let values: Vec<f32> = hierarchy.leaves.iter().flat_map(|leaf| leaf.centroid.iter().copied()).collect();
        let lists = ListArray::try_new(
            Arc::clone(&item),
            OffsetBuffer::from_lengths(hierarchy.leaves.iter().map(|leaf| leaf.centroid.len())),
            Arc::new(Float32Array::from(values)),
            None,
        )
        .map_err(arrow)?;
        let schema = Schema::new(vec![
            Field::new("subject", DataType::Utf8, false),
            Field::new("leaf", DataType::UInt32, false),
            Field::new("reach", DataType::Float32, false),
            Field::new("centroid", DataType::List(item), false),
        ]);
        let subjects: StringArray = std::iter::repeat_n(Some(subject.word()), count).collect();
        let reach: Vec<f32> = hierarchy.leaves.iter().map(|leaf| leaf.reach).collect();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(subjects),
            Arc::new((0..count as u32).collect::<UInt32Array>()),
            Arc::new(Float32Array::from(reach)),
            Arc::new(lists),
        ];
        let batch = RecordBatch::try_new(Arc::new(schema), columns).map_err(arrow)?;
        let mut appender = connection.appender("theme_leaves").map_err(failed(what))?;
        appender.append_record_batch(batch).map_err(failed(what))?;
        appender.flush().map_err(failed(what))?;
    }
    let mut appender = connection.appender("theme_merges").map_err(failed(what))?;
    for (position, merge) in hierarchy.merges.iter().enumerate() {
        appender
            .append_row(params![subject.word(), position as u32, merge.left, merge.right, merge.resolution])
            .map_err(failed(what))?;
    }
    appender.flush().map_err(failed(what))
}

fn add_placements(connection: &Connection, subject: Subject, placements: &[Placement]) -> Result<()> {
    let what = "keep its themes";
    let mut appender = connection.appender("theme_placements").map_err(failed(what))?;
    for placement in placements {
        appender
            .append_row(params![
                subject.word(),
                placement.hash.to_string(),
                placement.leaf,
                placement.inside,
                placement.similarity,
                placement.nearness,
                placement.line,
                placement.line_similarity,
                placement.subtheme,
                placement.later,
            ])
            .map_err(failed(what))?;
    }
    appender.flush().map_err(failed(what))
}

fn put_lines(
    connection: &Connection,
    run: i64,
    subject: Subject,
    lines: &[KnownTheme],
    gone: &[(i64, Vec<TextHash>)],
) -> Result<()> {
    let what = "keep its themes";
    for line in lines {
        for (table, column) in [("theme_lines", "id"), ("theme_line_texts", "theme_id")] {
            connection.execute(&format!("delete from {table} where {column} = ?"), [line.id]).map_err(failed(what))?;
        }
        connection
            .execute(
                "insert into theme_lines (id, subject, run_id, name, keywords, feedback, cohesion, reach, centroid, examples,
                                          subthemes, event, others, named_by)
                 select ?, ?, ?, ?, from_json(?, '[\"VARCHAR\"]'), ?, ?, ?, from_json(?, '[\"FLOAT\"]'),
                        from_json(?, '[\"VARCHAR\"]'), ?, ?, from_json(?, '[\"BIGINT\"]'), ?",
                params![
                    line.id,
                    subject.word(),
                    run,
                    line.name,
                    json(&line.keywords),
                    line.feedback,
                    line.cohesion,
                    line.reach,
                    serde_json::json!(line.centroid).to_string(),
                    hashes_json(&line.examples),
                    subthemes_json(&line.subthemes),
                    line.event.word(),
                    ids_json(&line.others),
                    line.named_by.word(),
                ],
            )
            .map_err(failed(what))?;
    }
    for (id, _) in gone {
        connection.execute("update theme_lines set event = 'gone' where id = ?", [id]).map_err(failed(what))?;
    }
    let mut appender = connection.appender("theme_line_texts").map_err(failed(what))?;
    for (id, texts) in gone {
        for hash in texts {
            appender.append_row(params![id, hash.to_string()]).map_err(failed(what))?;
        }
    }
    appender.flush().map_err(failed(what))
}
