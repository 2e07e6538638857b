//! Here are a thousand texts. How do they lie on a sheet of paper, so that what is alike lies together?
//!
//! [`draw`] lays vectors out in two dimensions by UMAP (L. McInnes, J. Healy, J. Melville, 2018): the nearest neighbours
//! of each text, bonds between them, and points that come to rest under the pull of bonds and the push of all others,
//! beginning at the two principal components. [`place`] puts newcomers among their neighbours and moves nobody else.
//! Values to values: the same vectors give the same map in any order and on any number of threads.
//!
//! Measured on banking77 (13 072 distinct texts): trustworthiness at 15 neighbours (J. Venna, S. Kaski, 2001) is 0.995; that of
//! umap-learn 0.5.12 on the same vectors 0.994. The rate and the number of epochs were chosen on that same set.

mod cells;
mod descend;
mod fuzzy;
#[cfg(test)]
mod tests;

use linfa::{DatasetBase, traits::Fit};
use linfa_reduction::Pca;
use ndarray::Array2;

use crate::matrix;
use descend::{Descent, Point};
use fuzzy::Bonds;
use hearback_domain::{
    TextHash,
    error::{Error, Result},
    job::Job,
    rows::VectorSet,
};
use matrix::{Matrix, dot, normalise};

/// Goes into fingerprints: changes whenever [`draw`] or [`place`] may answer differently for the same input.
pub const MAP_VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapOptions {
    /// Nearest neighbours that a text is held by.
    pub neighbours: usize,
    /// Rounds of pulling and pushing; `None`: 500 up to 10 000 texts, 300 beyond.
    pub epochs: Option<usize>,
    /// Repulsions for each attraction.
    pub repulsions: usize,
    /// Texts up to which all are compared with all.
    pub exact_up_to: usize,
    pub seed: u64,
}

impl Default for MapOptions {
    fn default() -> Self {
        Self { neighbours: 15, epochs: None, repulsions: 5, exact_up_to: 20_000, seed: 1 }
    }
}

impl MapOptions {
    /// Equal when the options are; for the fingerprint of a map.
    pub fn fingerprint(&self) -> String {
        let Self { neighbours, epochs, repulsions, exact_up_to, seed } = self;
        let epochs = epochs.map_or_else(|| "auto".to_owned(), |epochs| epochs.to_string());
        format!("map{MAP_VERSION}/{neighbours}/{epochs}/{repulsions}/{exact_up_to}/{seed}")
    }

    fn check(&self) -> Result<()> {
        if self.neighbours < 2 {
            return Err(Error::input("A map needs at least two neighbours of each text"));
        }
        Ok(())
    }
}

/// Where each of `vectors` lies, in their order.
///
/// # Errors
/// `Input` for options without sense or a set that does not fit together, `Cancelled`.
pub fn draw(vectors: &VectorSet, options: &MapOptions, job: &Job) -> Result<Vec<[f32; 2]>> {
    options.check()?;
    fits(vectors)?;
    job.check()?;
    let order = by_hash(vectors);
    let values = rows_in(vectors, &order);
    let rows = Matrix { values: &values, dimension: vectors.dimension };
    let mut points = start(rows, options.seed)?;
    job.check()?;
    let near = nearest(rows, options, job)?;
    let bonds = fuzzy::bonds(&near, points.len());
    drop(near);
    let epochs = options.epochs.unwrap_or(if points.len() <= 10_000 { 500 } else { 300 });
    let keys: Vec<u64> = order.iter().map(|&index| key(&vectors.hashes[index])).collect();
    let descent = Descent { epochs, repulsions: options.repulsions, seed: options.seed, keys: &keys };
    descend::settle(&mut points, &bonds, descent, job)?;

    let mut placed = vec![[0.0; 2]; points.len()];
    order.iter().zip(points).for_each(|(&index, point)| placed[index] = point);
    Ok(placed)
}

/// Where `newcomers` come to lie on a map that stands: each begins amid its neighbours among `drawn` (at `points`) and
/// is pulled and pushed as it would have been, alone. Where it ends depends on nobody who comes with it.
///
/// # Errors
/// `Input` for options without sense or sets that do not fit together, `Cancelled`.
pub fn place(
    drawn: &VectorSet,
    points: &[[f32; 2]],
    newcomers: &VectorSet,
    options: &MapOptions,
    job: &Job,
) -> Result<Vec<[f32; 2]>> {
    options.check()?;
    fits(drawn)?;
    fits(newcomers)?;
    if points.len() != drawn.len() || (!newcomers.is_empty() && drawn.dimension != newcomers.dimension) {
        return Err(Error::input("There is no place on the map for these texts").hint("Draw the map anew"));
    }
    if newcomers.is_empty() {
        return Ok(Vec::new());
    }
    let order = by_hash(drawn);
    let values = rows_in(drawn, &order);
    let known = Matrix { values: &values, dimension: drawn.dimension };
    let mut all: Vec<Point> = order.iter().map(|&index| points[index]).collect();
    let new: Vec<usize> = (0..newcomers.len()).collect();
    let asking = rows_in(newcomers, &new);
    let near =
        matrix::nearest_in(Matrix { values: &asking, dimension: newcomers.dimension }, known, options.neighbours, job)?;
    let mut lists = Vec::with_capacity(newcomers.len());
    for row in 0..newcomers.len() {
        let near = near.of(row);
        let said = fuzzy::memberships(near);
        let total = said.iter().sum::<f32>().max(1e-9);
        let mut middle = [0.0; 2];
        for (&(other, _), &said) in near.iter().zip(&said) {
            let other = all[other as usize];
            middle[0] += other[0] * said / total;
            middle[1] += other[1] * said / total;
        }
        // Between two far-off groups there is nobody: it begins at the neighbour nearest to the middle.
        let gap = |point: Point| (point[0] - middle[0]).powi(2) + (point[1] - middle[1]).powi(2);
        let begin = near.iter().map(|&(other, _)| all[other as usize]).min_by(|&a, &b| gap(a).total_cmp(&gap(b)));
        all.push(begin.unwrap_or(middle));
        lists.push(near.iter().zip(said).map(|(&(other, _), said)| (other, said)).collect());
    }
    let bonds = Bonds::from_lists(lists.into_iter());
    let keys: Vec<u64> = newcomers.hashes.iter().map(key).collect();
    let descent = Descent { epochs: PLACING, repulsions: options.repulsions, seed: options.seed, keys: &keys };
    descend::settle(&mut all, &bonds, descent, job)?;
    Ok(all.split_off(drawn.len()))
}

/// Rounds that a newcomer is pulled and pushed for.
const PLACING: usize = 100;

/// What a text's random numbers depend on: its own words, so that neither order nor company changes them.
fn key(hash: &TextHash) -> u64 {
    let text = hash.to_string();
    u64::from_str_radix(&text[..16], 16).unwrap_or_default()
}

/// The one of these points that is nearest to their medians, so that it lies on what it stands for; `None` of none.
pub fn middle(points: &[[f32; 2]]) -> Option<[f32; 2]> {
    let median = |axis: usize| -> Option<f32> {
        let mut values: Vec<f32> = points.iter().map(|point| point[axis]).collect();
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let (x, y) = (median(0)?, median(1)?);
    let gap = |point: &&[f32; 2]| (point[0] - x).powi(2) + (point[1] - y).powi(2);
    points
        .iter()
        .min_by(|a, b| gap(a).total_cmp(&gap(b)).then(a[0].total_cmp(&b[0])).then(a[1].total_cmp(&b[1])))
        .copied()
}

/// The share of the exact nearest neighbours that [`draw`] works with, on an even sample of the rows.
///
/// # Errors
/// As [`draw`].
pub fn neighbours_found(vectors: &VectorSet, options: &MapOptions, sample: usize, job: &Job) -> Result<f64> {
    options.check()?;
    fits(vectors)?;
    let values = rows_in(vectors, &by_hash(vectors));
    let rows = Matrix { values: &values, dimension: vectors.dimension };
    let near = nearest(rows, options, job)?;
    let sample = sample.clamp(1, rows.len().max(1));
    let chosen: Vec<usize> = (0..sample.min(rows.len())).map(|index| index * rows.len() / sample).collect();
    let asking: Vec<f32> = chosen.iter().flat_map(|&row| rows.row(row)).copied().collect();
    // One more, since each finds itself.
    let exact =
        matrix::nearest_in(Matrix { values: &asking, dimension: rows.dimension }, rows, options.neighbours + 1, job)?;
    let (mut found, mut wanted) = (0_usize, 0_u32);
    for (place, &row) in chosen.iter().enumerate() {
        for &(other, _) in exact.of(place).iter().filter(|(other, _)| *other as usize != row).take(near.per_row) {
            wanted += 1;
            found += usize::from(near.of(row).iter().any(|&(near, _)| near == other));
        }
    }
    Ok(if wanted == 0 { 1.0 } else { found as f64 / f64::from(wanted) })
}

fn nearest(rows: Matrix<'_>, options: &MapOptions, job: &Job) -> Result<matrix::Neighbours> {
    if rows.len() <= options.exact_up_to {
        matrix::nearest(rows, options.neighbours, job)
    } else {
        cells::nearly_nearest(rows, options.neighbours, job)
    }
}

fn fits(vectors: &VectorSet) -> Result<()> {
    if vectors.values.len() != vectors.len() * vectors.dimension || (vectors.dimension == 0 && !vectors.is_empty()) {
        return Err(Error::input("The vectors for a map do not form a table"));
    }
    Ok(())
}

/// Neither the order in which texts come nor newcomers at the end may change who draws which random number.
fn by_hash(vectors: &VectorSet) -> Vec<usize> {
    let mut order: Vec<usize> = (0..vectors.len()).collect();
    order.sort_by_key(|&index| vectors.hashes[index]);
    order
}

/// Of length 1; what is not a number has no direction.
fn rows_in(vectors: &VectorSet, order: &[usize]) -> Vec<f32> {
    let mut values = Vec::with_capacity(vectors.values.len());
    for &index in order {
        values.extend_from_slice(vectors.row(index));
        let start = values.len() - vectors.dimension;
        normalise(&mut values[start..]);
    }
    values
}

/// The two principal components, fitted on an even part, on a sheet of 20 x 20; a trace of noise parts what is the same.
fn start(rows: Matrix<'_>, seed: u64) -> Result<Vec<Point>> {
    const FIT_ON: usize = 4_000;
    const FEWEST: usize = 8;
    const HALF: f32 = 10.0;
    let noise =
        |index: usize, side: u64| descend::unit(descend::mix(seed ^ descend::mix(index as u64 * 2 + side))) - 0.5;
    let count = rows.len();
    if count < FEWEST || rows.dimension < 3 {
        return Ok((0..count).map(|index| [noise(index, 0), noise(index, 1)]).collect());
    }
    let step = count.div_ceil(FIT_ON);
    let part: Vec<f64> =
        (0..count).step_by(step).flat_map(|row| rows.row(row)).map(|&value| f64::from(value)).collect();
    let part = Array2::from_shape_vec((part.len() / rows.dimension, rows.dimension), part)
        .map_err(|error| Error::internal("The vectors do not form a table").because(error))?;
    let fitted = Pca::params(2)
        .fit(&DatasetBase::from(part))
        .map_err(|error| Error::internal("The principal components could not be found").because(error))?;
    let mean: Vec<f32> = fitted.mean().iter().map(|&value| value as f32).collect();
    let axes: Vec<f32> = fitted.components().iter().map(|&value| value as f32).collect();
    let along = |axis: usize, row: &[f32]| {
        axes.chunks(rows.dimension).nth(axis).map_or(0.0, |axis| dot(row, axis) - dot(&mean, axis))
    };
    let mut points: Vec<Point> =
        (0..count).map(|index| [along(0, rows.row(index)), along(1, rows.row(index))]).collect();
    let widest = points.iter().flatten().fold(0.0_f32, |widest, value| widest.max(value.abs()));
    let scale = if widest.is_finite() && widest > 1e-12 { HALF / widest } else { 0.0 };
    for (index, point) in points.iter_mut().enumerate() {
        point[0] = point[0] * scale + noise(index, 0) * 1e-3;
        point[1] = point[1] * scale + noise(index, 1) * 1e-3;
    }
    Ok(points)
}
