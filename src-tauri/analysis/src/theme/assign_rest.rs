//! Where do the texts belong that were not in the sample?
//!
//! Where most of their ten nearest in the sample are. These are looked for in the few leaves whose centres are nearest
//! (the inverted file of J. Sivic and A. Zisserman, "Video Google", ICCV 2003): one matrix product with the centres
//! and a few hundred cosines, instead of one with every text of the sample. How near the ten are decides, as for the
//! sample itself, whether the text belongs anywhere.

use rayon::prelude::*;

use super::{Matrix, dot, neighbours::products};
use hearback_domain::{
    error::Result,
    job::{Job, Step, Unit},
};

/// Leaves that are looked into.
const PROBES: usize = 8;

/// Rows per matrix product.
const ROWS: usize = 128;

/// The texts of the sample, leaf by leaf.
pub(super) struct LeafIndex<'a> {
    pub centroids: Matrix<'a>,
    /// Rows of length 1; those of leaf `i` are at `starts[i]..starts[i + 1]`.
    pub points: Matrix<'a>,
    pub starts: &'a [usize],
    /// How many feedbacks each point stands for.
    pub feedback: &'a [u64],
    /// The theme that each leaf belongs to at the resolution where the tree is best.
    pub theme: &'a [u32],
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Assigned {
    pub leaf: u32,
    pub similarity: f32,
    /// Mean cosine to the ten nearest feedbacks.
    pub nearness: f32,
}

/// The place of each text: `rows.row(indices[i])`, which `feedback[i]` feedbacks say.
pub(super) fn assign(
    rows: Matrix<'_>,
    indices: &[usize],
    feedback: &[u64],
    index: &LeafIndex<'_>,
    job: &Job,
) -> Result<Vec<Assigned>> {
    let (leaves, dimension) = (index.centroids.len(), rows.dimension);
    let mut places = vec![Assigned::default(); indices.len()];
    if leaves == 0 {
        return Ok(places);
    }
    let done = std::sync::atomic::AtomicU64::new(0);
    let total = Some(indices.len() as u64);
    places.par_chunks_mut(ROWS).enumerate().try_for_each_init(
        || (vec![0.0; ROWS * dimension], vec![0.0; ROWS * leaves], Vec::new(), Vec::new()),
        |(block, tile, order, near), (number, places)| {
            job.check()?;
            let first = number * ROWS;
            for (offset, row) in block.chunks_mut(dimension).take(places.len()).enumerate() {
                row.copy_from_slice(rows.row(indices[first + offset]));
                super::normalise(row);
            }
            let block = Matrix { values: &block[..places.len() * dimension], dimension };
            products(block, 0, places.len(), index.centroids, 0, leaves, tile);
            for (offset, place) in places.iter_mut().enumerate() {
                let cosines = &tile[offset * leaves..(offset + 1) * leaves];
                *place = one(block.row(offset), feedback[first + offset], cosines, index, order, near);
            }
            let count = places.len() as u64;
            let done = done.fetch_add(count, std::sync::atomic::Ordering::Relaxed) + count;
            job.progress(Step::FindingThemes, Unit::Texts, done, total);
            Ok(())
        },
    )?;
    Ok(places)
}

fn one(
    row: &[f32],
    feedback: u64,
    cosines: &[f32],
    index: &LeafIndex<'_>,
    order: &mut Vec<u32>,
    near: &mut Vec<(f32, u32, u32)>,
) -> Assigned {
    let probes = PROBES.min(cosines.len());
    order.clear();
    order.extend(0..cosines.len() as u32);
    let nearer = |a: &u32, b: &u32| cosines[*b as usize].total_cmp(&cosines[*a as usize]).then(a.cmp(b));
    if probes < order.len() {
        order.select_nth_unstable_by(probes, nearer);
    }
    near.clear();
    for &leaf in &order[..probes] {
        let points = index.starts[leaf as usize]..index.starts[leaf as usize + 1];
        near.extend(points.map(|point| (dot(row, index.points.row(point)), point as u32, leaf)));
    }
    let best = |a: &(f32, u32, u32), b: &(f32, u32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if near.len() > super::NEAREST {
        near.select_nth_unstable_by(super::NEAREST, best);
        near.truncate(super::NEAREST);
    }
    near.sort_unstable_by(best);
    let theme_of = |leaf: u32| index.theme[leaf as usize];
    let theme = most(near.iter().map(|&(cosine, _, leaf)| (theme_of(leaf), cosine)));
    let within = near.iter().filter(|entry| theme_of(entry.2) == theme);
    let leaf = most(within.map(|&(cosine, _, leaf)| (leaf, cosine)));
    let others = near.iter().map(|&(cosine, point, _)| (cosine, index.feedback[point as usize]));
    Assigned { leaf, similarity: cosines[leaf as usize], nearness: neighbour_similarity(feedback, others) }
}

/// The choice with the most votes; the nearest one's among equals. Votes come nearest first.
fn most(votes: impl Iterator<Item = (u32, f32)>) -> u32 {
    let mut counted: Vec<(u32, f32)> = Vec::with_capacity(super::NEAREST);
    for (choice, weight) in votes {
        match counted.iter_mut().find(|(known, _)| *known == choice) {
            Some((_, sum)) => *sum += weight,
            None => counted.push((choice, weight)),
        }
    }
    let mut best = (0, f32::MIN);
    for (choice, sum) in counted {
        if sum > best.1 {
            best = (choice, sum);
        }
    }
    best.0
}

/// The mean cosine of a text to the ten nearest feedbacks other than itself; `others` come nearest first, each with
/// the number of feedbacks that say it. What several feedbacks say is as near to itself as can be.
pub(super) fn neighbour_similarity(feedback: u64, others: impl Iterator<Item = (f32, u64)>) -> f32 {
    let most = super::NEAREST as u64;
    let itself = feedback.saturating_sub(1).min(most);
    let (mut sum, mut count) = (itself as f32, itself);
    for (cosine, times) in others {
        let times = times.min(most - count);
        sum += cosine * times as f32;
        count += times;
    }
    if count == 0 { 0.0 } else { sum / count as f32 }
}
