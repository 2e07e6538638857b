//! The map of the workspace's texts: drawn once, kept up with newcomers, asked for with the filter of the window.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
};

use super::Workspace;
use hearback_analysis::map::{self, MapOptions};
use hearback_domain::{
    Counted, Dimension, Filter, TextHash, Timestamp,
    error::{Error, Result},
    filter::Authors,
    job::Job,
    rows::{Aggregate, FeedbackRow, VectorSet},
};
use hearback_store::{MapPoint, NewMap, StoredMap, StoredModel, StoredSelection, StoredTheme};

#[derive(Clone, Debug)]
pub struct MapDrawing {
    pub seed: u64,
    /// Move the texts that have a place already, too.
    pub anew: bool,
    pub now: Timestamp,
}

impl MapDrawing {
    pub fn new(now: Timestamp) -> Self {
        Self { seed: MapOptions::default().seed, anew: false, now }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapOutcome {
    /// Texts on the map.
    pub texts: u64,
    /// Of those, put among the others now.
    pub placed: u64,
    /// Every text was on the map already.
    pub unchanged: bool,
}

/// The map as the feedback of a selection colours it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapAnswer {
    pub map: Option<(StoredMap, StoredModel)>,
    /// Embedded texts that are not on the map.
    pub missing: u64,
    pub points: Vec<MapPoint>,
    /// Names of the themes on the map by id.
    pub themes: BTreeMap<i64, String>,
    pub labels: Vec<MapLabel>,
}

/// A name with its place on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapLabel {
    /// 0: a theme; 1: a part of one, for a closer look.
    pub level: u8,
    pub theme: i64,
    pub name: String,
    pub position: [f32; 2],
    /// On the map, and of the selection's feedback.
    pub texts: u64,
    pub feedback: u64,
    /// All of the theme's feedback in the selection, also what is not on the map; `None` for a part of a theme, which no
    /// filter can name.
    pub rows: Option<Counted>,
}

/// One point, looked at closely.
#[derive(Clone, Debug, PartialEq)]
pub struct PointDetail {
    pub text: String,
    /// Feedback of the selection that says it; 0 outside of it.
    pub feedback: u64,
    /// The latest of the selection; outside of it, the latest of all.
    pub latest: Option<FeedbackRow>,
}

impl Workspace {
    /// Draws the map, or puts what is new on the one that is there. Stopped in the middle, the old one stands.
    ///
    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] where nothing has been embedded yet; cancelled.
    pub fn draw_map(&self, drawing: &MapDrawing, job: &Job) -> Result<MapOutcome> {
        let model = self.mapped_model()?;
        let options = MapOptions { seed: drawing.seed, ..MapOptions::default() };
        let subject = self.store.theme_subject()?;
        let fingerprint = format!("{}/{subject}/{}", model.id, options.fingerprint());
        let vectors = self.store.vectors_about(&model.id, subject, job)?;
        if vectors.is_empty() {
            return Err(self.nothing_embedded("draw"));
        }
        let texts = vectors.len() as u64;
        let known =
            self.store.map_of(&model.id, subject)?.filter(|map| map.fingerprint == fingerprint && !drawing.anew);
        if let Some(map) = known {
            let positions: HashMap<TextHash, [f32; 2]> = self.store.map_positions(map.id)?.into_iter().collect();
            let (old, new): (Vec<usize>, Vec<usize>) =
                (0..vectors.len()).partition(|&index| positions.contains_key(&vectors.hashes[index]));
            if new.is_empty() {
                return Ok(MapOutcome { texts, placed: 0, unchanged: true });
            }
            // With more newcomers than old ones, the map would show what is old rather than what is there.
            if new.len() <= old.len() {
                let drawn = part(&vectors, &old);
                let points: Vec<[f32; 2]> = drawn.hashes.iter().map(|hash| positions[hash]).collect();
                let newcomers = part(&vectors, &new);
                let placed = map::place(&drawn, &points, &newcomers, &options, job)?;
                job.check()?;
                let placed: Vec<(TextHash, [f32; 2])> = newcomers.hashes.into_iter().zip(placed).collect();
                self.store.add_map_points(map.id, &placed)?;
                return Ok(MapOutcome { texts, placed: placed.len() as u64, unchanged: false });
            }
        }
        let points = map::draw(&vectors, &options, job)?;
        job.check()?;
        let new = NewMap { created_at: drawing.now, model_id: model.id, subject, seed: drawing.seed, fingerprint };
        let points: Vec<(TextHash, [f32; 2])> = vectors.hashes.into_iter().zip(points).collect();
        self.store.put_map(&new, &points)?;
        Ok(MapOutcome { texts, placed: 0, unchanged: false })
    }

    /// The map with what the feedback of `filter` says at each point; empty where none has been drawn.
    pub fn map(&self, filter: &Filter) -> Result<MapAnswer> {
        let snapshot = &self.store.snapshot()?;
        let Some(model) = snapshot.current_model()? else { return Ok(MapAnswer::default()) };
        let subject = snapshot.theme_subject()?;
        let Some(stored) = snapshot.map_of(&model.id, subject)? else { return Ok(MapAnswer::default()) };
        let missing = snapshot.texts_off_the_map(&stored)?;
        let points = snapshot.map_points(stored.id, filter)?;
        let shown = snapshot.themes()?;
        let mut labels = labels(&points, &shown);
        let totals: BTreeMap<Option<String>, Aggregate> =
            snapshot.totals_by(filter, Dimension::Theme)?.into_iter().collect();
        for label in labels.iter_mut().filter(|label| label.level == 0) {
            let key = Some(label.theme.to_string());
            let sums = totals.get(&key).copied().unwrap_or_default();
            label.rows = Some(Counted { n: sums.n, filter: filter.with_value(Dimension::Theme, key.as_deref()) });
        }
        let themes = shown.into_iter().map(|theme| (theme.id, theme.name)).collect();
        Ok(MapAnswer { map: Some((stored, model)), missing, points, themes, labels })
    }

    /// # Errors
    /// [`hearback_domain::error::Kind::NotFound`] for a point that the map does not have (any more).
    pub fn map_point(&self, map: i64, point: u32, filter: &Filter) -> Result<PointDetail> {
        let snapshot = &self.store.snapshot()?;
        let hashes = snapshot.map_texts(map, &[point])?;
        let gone = || Error::not_found("this point is not on the map any more").hint("Load the map again");
        let hash = *hashes.first().ok_or_else(gone)?;
        let text = snapshot.texts_by_hash(&hashes)?.remove(&hash).ok_or_else(gone)?;
        if let Some((feedback, latest)) = snapshot.latest_by_text(filter, &hashes)?.remove(&hash) {
            return Ok(PointDetail { text, feedback, latest: Some(latest) });
        }
        let all = Filter { authors: Authors::Everyone, ..Filter::default() };
        let latest = snapshot.latest_by_text(&all, &hashes)?.remove(&hash).map(|(_, latest)| latest);
        Ok(PointDetail { text, feedback: 0, latest })
    }

    /// Keeps the texts of these points under a number that a filter can name.
    ///
    /// # Errors
    /// `Input` where none of the points is on the map.
    pub fn select_points(&self, map: i64, points: &[u32], now: Timestamp) -> Result<StoredSelection> {
        let hashes = self.store.map_texts(map, points)?;
        if hashes.is_empty() {
            return Err(Error::input("none of these points is on the map").hint("Load the map again and choose some"));
        }
        let name = if hashes.len() == 1 {
            "1 text of the map".to_owned()
        } else {
            format!("{} texts of the map", hashes.len())
        };
        self.store.put_selection(&name, &hashes, now)
    }

    /// What the texts on the map say.
    pub fn map_words(&self, answer: &MapAnswer) -> Result<BTreeMap<TextHash, String>> {
        // A question mark each: not all at once.
        const SLICE: usize = 1_000;
        let hashes: Vec<TextHash> = answer.points.iter().map(|point| point.hash).collect();
        let snapshot = self.store.snapshot()?;
        let mut words = BTreeMap::new();
        for slice in hashes.chunks(SLICE) {
            words.extend(snapshot.texts_by_hash(slice)?);
        }
        Ok(words)
    }

    /// The map as CSV (UTF-8, RFC 4180), a line for each text.
    pub fn export_map(&self, answer: &MapAnswer, to: impl Write) -> Result<()> {
        let failed = |error: csv::Error| Error::file("the map could not be written").because(error);
        let words = self.map_words(answer)?;
        let mut writer = csv::Writer::from_writer(to);
        let header =
            ["text_hash", "x", "y", "theme_id", "theme", "feedback", "negative", "positive", "model_version", "text"];
        writer.write_record(header).map_err(failed)?;
        for point in &answer.points {
            writer
                .write_record([
                    point.hash.to_string(),
                    point.x.to_string(),
                    point.y.to_string(),
                    point.theme.map(|id| id.to_string()).unwrap_or_default(),
                    point.theme.and_then(|id| answer.themes.get(&id).cloned()).unwrap_or_default(),
                    point.feedback.to_string(),
                    point.negative.to_string(),
                    point.positive.to_string(),
                    point.version.clone().unwrap_or_default(),
                    words.get(&point.hash).cloned().unwrap_or_default(),
                ])
                .map_err(failed)?;
        }
        writer.flush().map_err(|error| Error::file("the map could not be written").because(error))
    }

    fn mapped_model(&self) -> Result<StoredModel> {
        self.store.current_model()?.ok_or_else(|| self.nothing_embedded("draw"))
    }
}

fn part(vectors: &VectorSet, indices: &[usize]) -> VectorSet {
    VectorSet {
        dimension: vectors.dimension,
        hashes: indices.iter().map(|&index| vectors.hashes[index]).collect(),
        values: indices.iter().flat_map(|&index| vectors.row(index).iter().copied()).collect(),
    }
}

/// The name of each theme, and of each of its sub-themes, in the middle of its members, most feedback first. The place
/// is that of all members, so that names do not wander with the filter.
fn labels(points: &[MapPoint], themes: &[StoredTheme]) -> Vec<MapLabel> {
    #[derive(Default)]
    struct Members {
        positions: Vec<[f32; 2]>,
        feedback: u64,
    }
    let mut members: BTreeMap<(i64, Option<u32>), Members> = BTreeMap::new();
    for point in points {
        let Some(theme) = point.theme else { continue };
        for part in std::iter::once(None).chain(point.subtheme.map(Some)) {
            let entry = members.entry((theme, part)).or_default();
            entry.positions.push([point.x, point.y]);
            entry.feedback += point.feedback;
        }
    }
    let themes: BTreeMap<i64, &StoredTheme> = themes.iter().map(|theme| (theme.id, theme)).collect();
    let mut labels: Vec<MapLabel> = members
        .into_iter()
        .filter_map(|((theme, part), Members { positions, feedback })| {
            let named = themes.get(&theme)?;
            Some(MapLabel {
                level: u8::from(part.is_some()),
                theme,
                name: match part {
                    None => named.name.clone(),
                    Some(part) => named.subthemes.get(part as usize)?.name.clone(),
                },
                position: map::middle(&positions)?,
                texts: positions.len() as u64,
                feedback,
                rows: None,
            })
        })
        .collect();
    labels.sort_by(|a, b| {
        let rank = |label: &MapLabel| (label.level, std::cmp::Reverse(label.feedback), label.theme);
        rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name))
    });
    labels
}
