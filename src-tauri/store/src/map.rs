//! Where does each text lie on the map, and what does the feedback of a selection say there?

use std::sync::Arc;

use duckdb::{
    Connection,
    arrow::{
        array::{ArrayRef, BooleanArray, Float32Array, Int64Array, StringArray, UInt32Array},
        datatypes::{DataType, Field, Schema},
        record_batch::RecordBatch,
    },
    params,
};

use super::{Snapshot, Store, failed, filter, read};
use hearback_domain::{
    Filter, Subject, TextHash, Timestamp,
    error::{Error, Result},
};

/// A map as it is stored, without its points.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredMap {
    pub id: i64,
    pub created_at: Timestamp,
    pub model_id: String,
    /// What was embedded of each feedback.
    pub subject: Subject,
    pub seed: u64,
    pub fingerprint: String,
    /// Points of texts that are still there; of those, put among the others later.
    pub texts: u64,
    pub placed: u64,
}

/// A map to be stored.
#[derive(Clone, Debug)]
pub struct NewMap {
    pub created_at: Timestamp,
    pub model_id: String,
    pub subject: Subject,
    pub seed: u64,
    pub fingerprint: String,
}

/// A text on the map, and what of the selection says it.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPoint {
    /// Its number, which it keeps as long as the map stands.
    pub point: u32,
    pub hash: TextHash,
    pub x: f32,
    pub y: f32,
    /// `None`: unclustered, or not known to the current themes.
    pub theme: Option<i64>,
    /// The position in the theme's sub-themes.
    pub subtheme: Option<u32>,
    /// Feedback of the selection that says it; 0 outside of it. The other two are among these.
    pub feedback: u64,
    pub negative: u64,
    /// Of `feedback`, those whose polarity nothing tells.
    pub unknown: u64,
    pub positive: u64,
    /// Of most of this feedback; the first by name where versions are equal in number.
    pub version: Option<String>,
}

/// Texts that were chosen by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSelection {
    pub id: i64,
    pub name: String,
    pub texts: u64,
}

impl Snapshot<'_> {
    /// The map of the subject, if it is of this model.
    pub fn map_of(&self, model: &str, subject: Subject) -> Result<Option<StoredMap>> {
        let sql = "select m.id, epoch_us(m.created_at) as created_at, m.model_id, m.subject, m.seed, m.fingerprint,
                          count(t.text_hash) as texts, count(case when p.placed then t.text_hash end) as placed
                   from maps m
                   left join map_points p on p.map_id = m.id
                   left join (select distinct text_hash, subject from feedback_texts) t
                     on t.text_hash = p.text_hash and t.subject = m.subject
                   where m.model_id = ? and m.subject = ?
                   group by 1, 2, 3, 4, 5, 6 order by m.id desc limit 1";
        read::first(self.connection(), "read its map", sql, [model, subject.word()], |row| {
            Ok(StoredMap {
                id: row.get("id")?,
                created_at: row.moment("created_at")?,
                model_id: row.get("model_id")?,
                subject: row.word("subject", "subject", Subject::from_word)?,
                seed: row.get("seed")?,
                fingerprint: row.get("fingerprint")?,
                texts: row.get("texts")?,
                placed: row.get("placed")?,
            })
        })
    }

    /// Every point that the map has, in the order of its hash, whether or not its text is still there.
    pub fn map_positions(&self, id: i64) -> Result<Vec<(TextHash, [f32; 2])>> {
        let sql = "select text_hash, x, y from map_points where map_id = ? order by text_hash";
        read::all(self.connection(), "read its map", sql, [id], |row| {
            Ok((row.hash("text_hash")?, [row.get("x")?, row.get("y")?]))
        })
    }

    /// Texts of its subject with a vector of its model that the map does not have.
    pub fn texts_off_the_map(&self, map: &StoredMap) -> Result<u64> {
        read::scalar(
            self.connection(),
            "read its map",
            "select count(distinct t.text_hash) from feedback_texts t
             where t.subject = ?
               and exists (select 1 from vectors v where v.model_id = ? and v.text_hash = t.text_hash)
               and not exists (select 1 from map_points p where p.map_id = ? and p.text_hash = t.text_hash)",
            params![map.subject.word(), map.model_id, map.id],
        )
    }

    /// The points of the map, by number, with what the feedback of `filter` says at each.
    pub fn map_points(&self, id: i64, filter: &Filter) -> Result<Vec<MapPoint>> {
        let clause = filter::facts(filter);
        let sql = format!(
            "with inside as (
                 select f.text_hash, f.model_version, count(*) as n,
                        count(*) filter (where f.polarity = 'negative') as negative,
                        count(*) filter (where f.polarity = 'positive') as positive,
                        count(*) filter (where f.polarity = 'unknown') as unknown
                 from facts f where f.text_hash is not null and {} group by 1, 2),
             said as (
                 select text_hash, cast(sum(n) as ubigint) as n, cast(sum(negative) as ubigint) as negative,
                        cast(sum(positive) as ubigint) as positive, cast(sum(unknown) as ubigint) as unknown,
                        first(model_version order by n desc, model_version nulls last) as version
                 from inside group by 1)
             select p.point, p.text_hash, p.x, p.y, m.theme_id, m.subtheme, coalesce(s.n, 0) as n,
                    coalesce(s.negative, 0) as negative, coalesce(s.positive, 0) as positive,
                    coalesce(s.unknown, 0) as unknown, s.version
             from map_points p
             left join said s on s.text_hash = p.text_hash
             left join theme_members m
               on m.text_hash = p.text_hash
              and m.run_id = (select max(r.id) from theme_runs r join maps o on o.subject = r.subject where o.id = {id})
             where p.map_id = {id}
               and p.text_hash in (select text_hash from feedback_texts
                                   where subject = (select subject from maps where id = {id}))
             order by p.point",
            clause.sql
        );
        let values = duckdb::params_from_iter(clause.values.iter());
        read::all(self.connection(), "read its map", &sql, values, |row| {
            Ok(MapPoint {
                point: row.get("point")?,
                hash: row.hash("text_hash")?,
                x: row.get("x")?,
                y: row.get("y")?,
                theme: row.get("theme_id")?,
                subtheme: row.get("subtheme")?,
                feedback: row.get("n")?,
                negative: row.get("negative")?,
                unknown: row.get("unknown")?,
                positive: row.get("positive")?,
                version: row.get("version")?,
            })
        })
    }

    /// The texts of these points of the map `id`, in the order of their numbers. Unknown numbers have none.
    pub fn map_texts(&self, id: i64, points: &[u32]) -> Result<Vec<TextHash>> {
        let sql = "select text_hash from map_points
                   where map_id = ? and point in (select unnest(from_json(?, '[\"UINTEGER\"]'))) order by map_points.point";
        let values = params![id, serde_json::json!(points).to_string()];
        read::all(self.connection(), "read its map", sql, values, |row| row.hash("text_hash"))
    }
}

impl Store {
    /// Stores a map in place of the one of this subject and model before. `points` in the order of their numbers.
    pub fn put_map(&self, map: &NewMap, points: &[(TextHash, [f32; 2])]) -> Result<i64> {
        let what = "keep its map";
        self.write(|connection| {
            let id: i64 = read::scalar(connection, what, "select coalesce(max(id), 0) + 1 from maps", [])?;
            let before = params![map.subject.word(), map.model_id];
            connection
                .execute(
                    "delete from map_points where map_id in (select id from maps where subject = ? and model_id = ?)",
                    before,
                )
                .and_then(|_| connection.execute("delete from maps where subject = ? and model_id = ?", before))
                .map_err(failed(what))?;
            connection
                .execute(
                    "insert into maps (id, created_at, model_id, subject, seed, fingerprint)
                     values (?, make_timestamp(?), ?, ?, ?, ?)",
                    params![id, map.created_at.micros(), map.model_id, map.subject.word(), map.seed, map.fingerprint],
                )
                .map_err(failed(what))?;
            append(connection, id, 0, points, Placed::No)?;
            Ok(id)
        })
    }

    /// Puts more points on the map `id`.
    ///
    /// # Errors
    /// Where the map has been replaced meanwhile.
    pub fn add_map_points(&self, id: i64, points: &[(TextHash, [f32; 2])]) -> Result<()> {
        let what = "keep its map";
        self.write(|connection| {
            let known: u64 = read::scalar(connection, what, "select count(*) from maps where id = ?", [id])?;
            if known == 0 {
                return Err(Error::workspace("the map was drawn anew in the meantime").hint("Try again"));
            }
            let next: u32 = read::scalar(
                connection,
                what,
                "select coalesce(max(point) + 1, 0) from map_points where map_id = ?",
                [id],
            )?;
            append(connection, id, next, points, Placed::Yes)
        })
    }

    /// Keeps a set of texts under a number that a filter can name; the same set has the same number.
    pub fn put_selection(&self, name: &str, hashes: &[TextHash], now: Timestamp) -> Result<StoredSelection> {
        let what = "keep the selection";
        let mut shown: Vec<String> = hashes.iter().map(ToString::to_string).collect();
        shown.sort_unstable();
        shown.dedup();
        let digest = TextHash::of(&shown.concat()).to_string();
        self.write(|connection| {
            let known = "select id, name, texts from selections where digest = ? order by id limit 1";
            let known = read::first(connection, what, known, [&digest], |row| {
                Ok(StoredSelection { id: row.get("id")?, name: row.get("name")?, texts: row.get("texts")? })
            })?;
            if let Some(known) = known {
                return Ok(known);
            }
            let id: i64 = read::scalar(connection, what, "select coalesce(max(id), 0) + 1 from selections", [])?;
            let texts = shown.len() as u64;
            connection
                .execute(
                    "insert into selections (id, created_at, name, texts, digest) values (?, make_timestamp(?), ?, ?, ?)",
                    params![id, now.micros(), name, texts, digest],
                )
                .map_err(failed(what))?;
            let mut appender = connection.appender("selection_texts").map_err(failed(what))?;
            for hash in &shown {
                appender.append_row(params![id, hash]).map_err(failed(what))?;
            }
            appender.flush().map_err(failed(what))?;
            forget_selections(connection, id)?;
            Ok(StoredSelection { id, name: name.to_owned(), texts })
        })
    }
}

/// Selections that are kept although no saved view names them: somebody may still look through one, or go back to it.
const SELECTIONS: i64 = 50;

/// Removes what was drawn long ago and is named nowhere. A view's filter is the window's own text: any number in quotes in
/// one that speaks of a selection counts as its name.
fn forget_selections(connection: &Connection, newest: i64) -> Result<()> {
    connection
        .execute_batch(&format!(
            "delete from selections where id <= {newest} - {SELECTIONS} and not exists (
                 select 1 from views
                 where filter like '%\"selection\"%' and filter like '%\"' || selections.id || '\"%');
             delete from selection_texts where selection_id not in (select id from selections);"
        ))
        .map_err(failed("forget old selections"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Placed {
    No,
    Yes,
}

fn append(connection: &Connection, id: i64, first: u32, points: &[(TextHash, [f32; 2])], placed: Placed) -> Result<()> {
    let what = "keep its map";
    let count = points.len();
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    let schema = Schema::new(vec![
        field("map_id", DataType::Int64),
        field("point", DataType::UInt32),
        field("text_hash", DataType::Utf8),
        field("x", DataType::Float32),
        field("y", DataType::Float32),
        field("placed", DataType::Boolean),
    ]);
    let number = |index: usize| first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(vec![id; count])),
        Arc::new((0..count).map(number).collect::<UInt32Array>()),
        Arc::new(points.iter().map(|(hash, _)| Some(hash.to_string())).collect::<StringArray>()),
        Arc::new(points.iter().map(|(_, point)| Some(point[0])).collect::<Float32Array>()),
        Arc::new(points.iter().map(|(_, point)| Some(point[1])).collect::<Float32Array>()),
        Arc::new(BooleanArray::from(vec![placed == Placed::Yes; count])),
    ];
    let batch = RecordBatch::try_new(Arc::new(schema), columns)
        .map_err(|error| Error::internal("the points of the map do not fit their table").because(error))?;
    let mut appender = connection.appender("map_points").map_err(failed(what))?;
    appender.append_record_batch(batch).map_err(failed(what))?;
    appender.flush().map_err(failed(what))
}
