//! The map: where each text lies, and what the feedback of a selection says there.
//!
//! The window gets all of it as one block of bytes ([`map_bytes`]): a [`MapLegend`] and a column of numbers for each
//! property, which go to the graphics card as they are.

use std::{collections::BTreeMap, time::Instant};

use crate::{Asked, Counted, FeedbackRow, Filter, Polarity, wire_type};
use hearback_app::{self as app, MapDrawing, store};
use hearback_domain::error::{Error, Result};

wire_type! {
    pub struct MapInfo {
        pub id: i64,
        pub created_at: String,
        pub model: String,
        pub seed: u64,
        /// Texts on it; of those, put among the others after it was drawn.
        pub texts: u64,
        pub placed: u64,
        /// Texts that are not on it yet.
        pub missing: u64,
    }

    /// A name with its place.
    pub struct MapLabel {
        /// 0: a theme; 1: a part of one, for a closer look.
        pub level: u8,
        pub theme: i64,
        pub name: String,
        pub x: f32,
        pub y: f32,
        pub texts: u64,
        /// Of the selection.
        pub feedback: u64,
        /// All of the theme's feedback in the selection, also what is not on the map; `null` for a part of a theme.
        pub rows: Option<Counted>,
    }

    pub struct MapTheme {
        pub id: i64,
        pub name: String,
        /// Of the selection.
        pub feedback: u64,
    }

    pub struct MapVersion {
        pub value: Option<String>,
        pub feedback: u64,
    }

    /// What the numbers in the columns mean.
    pub struct MapLegend {
        /// `null`: none has been drawn.
        pub map: Option<MapInfo>,
        pub points: u32,
        /// Most feedback first; points name them by their place in these lists, 65535 stands for none.
        pub themes: Vec<MapTheme>,
        pub versions: Vec<MapVersion>,
        pub labels: Vec<MapLabel>,
    }

    #[derive(Default)]
    #[serde(default)]
    pub struct MapRequest {
        pub seed: Option<u64>,
        /// Move the texts that have a place already, too.
        pub anew: bool,
    }

    pub struct MapReport {
        /// Texts on the map; of those, put among the others now.
        pub texts: u64,
        pub placed: u64,
        /// Every text was on it already.
        pub unchanged: bool,
        pub seconds: f64,
    }

    pub struct MapPointQuery {
        pub map: i64,
        pub point: u32,
        pub filter: Filter,
    }

    pub struct MapPointDetail {
        pub text: String,
        /// Feedback of the selection that says it; 0 outside of it.
        pub feedback: u64,
        /// The latest of the selection; outside of it, the latest of all.
        pub latest: Option<FeedbackRow>,
    }

    /// Texts chosen by hand, for a condition on the dimension `selection`.
    pub struct MapSelection {
        pub id: i64,
        pub name: String,
        pub texts: u64,
    }

    /// The map for scripts: one entry for each text.
    pub struct MapText {
        pub text_hash: String,
        pub x: f32,
        pub y: f32,
        pub theme_id: Option<i64>,
        pub theme: Option<String>,
        /// Feedback of the selection that says it; 0 outside of it.
        pub feedback: u64,
        pub negative: u64,
        pub positive: u64,
        /// Of most of this feedback.
        pub model_version: Option<String>,
        pub text: String,
    }

    pub struct MapExport {
        pub map: MapInfo,
        pub labels: Vec<MapLabel>,
        pub texts: Vec<MapText>,
    }
}

/// Stands for "none" among themes and versions.
pub const NONE: u16 = u16::MAX;

pub fn start_map(asked: &Asked<'_>, request: MapRequest) -> Result<MapReport> {
    let began = Instant::now();
    let default = MapDrawing::new(asked.now);
    let drawing = MapDrawing { seed: request.seed.unwrap_or(default.seed), anew: request.anew, ..default };
    let outcome = asked.workspace.draw_map(&drawing, asked.job)?;
    Ok(MapReport::new(&outcome, began.elapsed().as_secs_f64()))
}

pub fn map_points(asked: &Asked<'_>, filter: Filter) -> Result<Vec<u8>> {
    let answer = asked.workspace.map(&(&filter).try_into()?)?;
    map_bytes(&answer).map_err(|error| Error::internal("the map could not be handed over").because(error))
}

pub fn map_point(asked: &Asked<'_>, query: MapPointQuery) -> Result<MapPointDetail> {
    Ok(asked.workspace.map_point(query.map, query.point, &(&query.filter).try_into()?)?.into())
}

pub fn select_points(asked: &Asked<'_>, map: i64, points: Vec<u32>) -> Result<MapSelection> {
    Ok(asked.workspace.select_points(map, &points, asked.now)?.into())
}

/// What most of the feedback at a point says, of what has a polarity; neither: neutral. `None` outside of the selection.
pub fn polarity_of(point: &store::MapPoint) -> Option<Polarity> {
    match point {
        point if point.feedback == 0 => None,
        point if point.unknown >= point.feedback => Some(Polarity::Unknown),
        point if point.negative * 2 > point.feedback - point.unknown => Some(Polarity::Negative),
        point if point.positive * 2 > point.feedback - point.unknown => Some(Polarity::Positive),
        _ => Some(Polarity::Neutral),
    }
}

/// Little-endian, each part at a multiple of four: the length of the legend (u32), the legend as JSON filled up with
/// spaces, then for all points x and y (f32 each), numbers (u32), feedback of the selection (u32), themes (u16),
/// versions (u16), polarities (u8; 0 outside of the selection, 1 negative, 2 neutral, 3 positive, 4 unknown).
///
/// # Errors
/// Where the legend cannot be written as JSON.
pub fn map_bytes(answer: &app::MapAnswer) -> serde_json::Result<Vec<u8>> {
    let points = &answer.points;
    let (themes, theme_places) = themes(answer);
    let (versions, version_places) = versions(answer);
    let legend = MapLegend {
        map: MapInfo::of(answer),
        points: u32::try_from(points.len()).unwrap_or(u32::MAX),
        themes,
        versions,
        labels: answer.labels.iter().map(MapLabel::from).collect(),
    };
    let mut json = serde_json::to_vec(&legend)?;
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut bytes = Vec::with_capacity(4 + json.len() + points.len() * 21 + 4);
    bytes.extend(u32::try_from(json.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(json);
    points.iter().flat_map(|point| [point.x, point.y]).for_each(|value| bytes.extend(value.to_le_bytes()));
    points.iter().for_each(|point| bytes.extend(point.point.to_le_bytes()));
    let few = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    points.iter().for_each(|point| bytes.extend(few(point.feedback).to_le_bytes()));
    for point in points {
        let place = point.theme.and_then(|theme| theme_places.get(&theme)).copied();
        bytes.extend(place.unwrap_or(NONE).to_le_bytes());
    }
    for point in points {
        let place = version_places.get(&point.version).copied().filter(|_| point.feedback > 0);
        bytes.extend(place.unwrap_or(NONE).to_le_bytes());
    }
    bytes.extend(points.iter().map(|point| match polarity_of(point) {
        None => 0,
        Some(Polarity::Negative) => 1,
        Some(Polarity::Neutral) => 2,
        Some(Polarity::Positive) => 3,
        Some(Polarity::Unknown) => 4,
    }));
    Ok(bytes)
}

/// Sums by key, the largest first, ties by key; and the place of each. What has no place left has none.
fn ranked<K: Ord + Clone>(entries: impl Iterator<Item = (K, u64)>) -> (Vec<(K, u64)>, BTreeMap<K, u16>) {
    let mut sums: BTreeMap<K, u64> = BTreeMap::new();
    entries.for_each(|(key, count)| *sums.entry(key).or_default() += count);
    let mut ranked: Vec<(K, u64)> = sums.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    ranked.truncate(usize::from(NONE));
    let places = ranked.iter().zip(0..).map(|((key, _), place)| (key.clone(), place)).collect();
    (ranked, places)
}

fn themes(answer: &app::MapAnswer) -> (Vec<MapTheme>, BTreeMap<i64, u16>) {
    let (ranked, places) = ranked(answer.points.iter().filter_map(|point| Some((point.theme?, point.feedback))));
    let name = |id: i64| answer.themes.get(&id).cloned().unwrap_or_default();
    (ranked.into_iter().map(|(id, feedback)| MapTheme { id, name: name(id), feedback }).collect(), places)
}

fn versions(answer: &app::MapAnswer) -> (Vec<MapVersion>, BTreeMap<Option<String>, u16>) {
    let inside = answer.points.iter().filter(|point| point.feedback > 0);
    let (ranked, places) = ranked(inside.map(|point| (point.version.clone(), point.feedback)));
    (ranked.into_iter().map(|(value, feedback)| MapVersion { value, feedback }).collect(), places)
}

impl MapInfo {
    pub fn of(answer: &app::MapAnswer) -> Option<Self> {
        let (map, model) = answer.map.as_ref()?;
        Some(Self {
            id: map.id,
            created_at: map.created_at.to_string(),
            model: model.name.clone(),
            seed: map.seed,
            texts: map.texts,
            placed: map.placed,
            missing: answer.missing,
        })
    }
}

impl From<&app::MapLabel> for MapLabel {
    fn from(label: &app::MapLabel) -> Self {
        Self {
            level: label.level,
            theme: label.theme,
            name: label.name.clone(),
            x: label.position[0],
            y: label.position[1],
            texts: label.texts,
            feedback: label.feedback,
            rows: label.rows.as_ref().map(Counted::from),
        }
    }
}

impl MapReport {
    pub fn new(outcome: &app::MapOutcome, seconds: f64) -> Self {
        Self { texts: outcome.texts, placed: outcome.placed, unchanged: outcome.unchanged, seconds }
    }
}

impl From<app::PointDetail> for MapPointDetail {
    fn from(detail: app::PointDetail) -> Self {
        Self { text: detail.text, feedback: detail.feedback, latest: detail.latest.map(FeedbackRow::from) }
    }
}

impl From<store::StoredSelection> for MapSelection {
    fn from(selection: store::StoredSelection) -> Self {
        Self { id: selection.id, name: selection.name, texts: selection.texts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearback_app::store::{MapPoint, StoredMap, StoredModel};
    use hearback_domain::{TextHash, Timestamp};

    fn point(point: u32, theme: Option<i64>, version: Option<&str>, counts: [u64; 3]) -> MapPoint {
        MapPoint {
            point,
            hash: TextHash::of(&point.to_string()),
            x: point as f32,
            y: -0.5,
            theme,
            subtheme: None,
            feedback: counts[0],
            negative: counts[1],
            positive: counts[2],
            unknown: 0,
            version: version.map(str::to_owned),
        }
    }

    #[test]
    fn the_columns_stand_where_the_window_looks_for_them() {
        let map = StoredMap {
            id: 7,
            created_at: Timestamp::from_micros(0),
            model_id: "m".to_owned(),
            subject: hearback_domain::Subject::Said,
            seed: 1,
            fingerprint: String::new(),
            texts: 3,
            placed: 0,
        };
        let model = StoredModel {
            id: "m".to_owned(),
            name: "MiniLM".to_owned(),
            digest: String::new(),
            pooling: "mean".to_owned(),
            max_length: 256,
            dimension: 384,
        };
        let answer = app::MapAnswer {
            map: Some((map, model)),
            missing: 2,
            points: vec![
                point(0, Some(4), Some("v1"), [1, 1, 0]),
                point(3, Some(9), Some("v2"), [5, 0, 3]),
                point(5, None, None, [0, 0, 0]),
            ],
            themes: [(4, "slow".to_owned()), (9, "wrong date".to_owned())].into(),
            labels: Vec::new(),
        };
        let bytes = map_bytes(&answer).unwrap();
        let length = u32::from_le_bytes(bytes[..4].try_into().unwrap()) as usize;
        assert_eq!(length % 4, 0);
        let legend: MapLegend = serde_json::from_slice(&bytes[4..4 + length]).unwrap();
        assert_eq!(legend.themes.iter().map(|theme| theme.id).collect::<Vec<_>>(), [9, 4]);
        assert_eq!(
            legend.versions.iter().map(|version| version.value.as_deref()).collect::<Vec<_>>(),
            [Some("v2"), Some("v1")]
        );
        assert_eq!((legend.points, legend.map.map(|map| map.missing)), (3, Some(2)));
        let columns = &bytes[4 + length..];
        assert_eq!(columns.len(), 3 * 21);
        let float = |at: usize| f32::from_le_bytes(columns[at..at + 4].try_into().unwrap());
        let word = |at: usize| u32::from_le_bytes(columns[at..at + 4].try_into().unwrap());
        let half = |at: usize| u16::from_le_bytes(columns[at..at + 2].try_into().unwrap());
        assert_eq!([float(8), float(12)], [3.0, -0.5]);
        assert_eq!([word(24), word(28), word(32)], [0, 3, 5]);
        assert_eq!([word(36), word(40), word(44)], [1, 5, 0]);
        assert_eq!([half(48), half(50), half(52)], [1, 0, NONE]);
        assert_eq!([half(54), half(56), half(58)], [1, 0, NONE]);
        assert_eq!(columns[60..], [1, 3, 0]);
        let none = map_bytes(&app::MapAnswer::default()).unwrap();
        let legend: MapLegend = serde_json::from_slice(&none[4..]).unwrap();
        assert_eq!((legend.points, legend.map, none.len() % 4), (0, None, 0));
    }
}
