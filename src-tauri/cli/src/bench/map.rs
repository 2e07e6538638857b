//! How long does a map take, and what is left for a peer to do the same with?

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Instant,
};

use hearback_analysis::map::{self, MapOptions};
use hearback_domain::{
    TextHash,
    error::{Error, Result},
    job::{CancelHandle, Job, Step, Unit},
    rows::VectorSet,
};

use super::{embedder, figure, read_texts};

/// Rows whose neighbours are compared with the exact ones.
const CHECKED: usize = 1_000;

/// Embeds `texts`, draws them, and writes `shape.json`, `vectors.f32` and `map.f32` (little-endian, row by row) to `folder`.
/// With `grow`, so many vectors are made of them first, each between a text and one of its neighbours.
pub fn map(texts: &Path, folder: &Path, grow: Option<usize>) -> Result<()> {
    let mut texts = read_texts(texts)?;
    texts.sort_unstable();
    texts.dedup();
    let embedder = embedder()?;
    let dimension = embedder.dimension();
    let mut values = vec![0.0; texts.len() * dimension];
    embedder.embed(&texts, &Job::quiet(), &mut |positions, rows| {
        for (&position, row) in positions.iter().zip(rows.chunks(dimension)) {
            values[position * dimension..(position + 1) * dimension].copy_from_slice(row);
        }
        Ok(())
    })?;
    if let Some(count) = grow {
        values = grown(&values, dimension, count);
    }
    let count = values.len() / dimension;
    let hashes = (0..count).map(|index| TextHash::of(&index.to_string())).collect();
    let vectors = VectorSet { dimension, hashes, values };

    let began = Instant::now();
    let neighbours_took = Arc::new(Mutex::new(0.0_f64));
    let took = Arc::clone(&neighbours_took);
    let job = Job::new(CancelHandle::default(), move |progress| {
        if progress.step == Step::FindingNeighbours
            && progress.unit == Unit::Texts
            && let Ok(mut took) = took.lock()
        {
            *took = began.elapsed().as_secs_f64();
        }
    });
    let points = map::draw(&vectors, &MapOptions::default(), &job)?;
    let seconds = began.elapsed().as_secs_f64();
    let neighbours = neighbours_took.lock().map_or(0.0, |took| *took);
    figure("texts", count as f64, "texts");
    figure("neighbours", neighbours, "s");
    figure("map", seconds, "s");
    figure("found", map::neighbours_found(&vectors, &MapOptions::default(), CHECKED, &Job::quiet())?, "of them");
    let shape = folder.join("shape.json");
    std::fs::write(&shape, serde_json::json!({ "rows": count, "dimension": dimension }).to_string())
        .map_err(|error| Error::file(format!("{} could not be written", shape.display())).because(error))?;
    write(&folder.join("vectors.f32"), vectors.values.iter())?;
    write(&folder.join("map.f32"), points.iter().flatten())
}

fn write<'a>(path: &Path, values: impl Iterator<Item = &'a f32>) -> Result<()> {
    let bytes: Vec<u8> = values.flat_map(|value| value.to_le_bytes()).collect();
    std::fs::write(path, bytes)
        .map_err(|error| Error::file(format!("{} could not be written", path.display())).because(error))
}

/// As many as wanted: the vectors themselves, then points on the way from one to another that is near, with a little
/// noise of its own, so that no two are the same and neighbourhoods stay what they are.
fn grown(values: &[f32], dimension: usize, count: usize) -> Vec<f32> {
    let rows = values.len() / dimension;
    let row = |index: usize| &values[index * dimension..(index + 1) * dimension];
    let mut state = 1_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let mut grown = values[..values.len().min(count * dimension)].to_vec();
    for index in rows..count {
        let from = row(index % rows);
        // The most alike of a few drawn at random.
        let dot = |other: &[f32]| from.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
        let near = (0..24)
            .map(|_| (next() * rows as f32) as usize % rows)
            .filter(|&other| other != index % rows)
            .max_by(|&a, &b| dot(row(a)).total_cmp(&dot(row(b))))
            .map_or(from, row);
        let way = next() * 0.5;
        let mut between: Vec<f32> =
            from.iter().zip(near).map(|(a, b)| a * (1.0 - way) + b * way + (next() - 0.5) * 0.04).collect();
        let length = between.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-9);
        between.iter_mut().for_each(|value| *value /= length);
        grown.extend(between);
    }
    grown
}
