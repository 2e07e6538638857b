//! Where do points come to rest that pull and push one another?
//!
//! The optimisation of UMAP (McInnes et al. 2018, section 4.2): along each bond two points attract one another, as often
//! as the bond is strong, and each attraction comes with a few repulsions from points drawn at random. What differs is
//! the order: umap-learn moves points one after another, so its threads race and each run differs. Here all points of an
//! epoch see where the others were at its beginning (as the batch mode of J. Melville's uwot does), and what is drawn
//! depends on the seed, the epoch and the point alone: the same picture on any number of threads.

use rayon::prelude::*;

use super::fuzzy::Bonds;
use hearback_domain::{
    error::Result,
    job::{Job, Step, Unit},
};

/// Of `1 / (1 + a d^2b)`, how similar two points at distance d look: fitted, as umap-learn does, for points that may lie
/// 0.1 apart (`min_dist`) on a map of spread 1.
const A: f32 = 1.576_943_5;
const B: f32 = 0.895_060_9;

/// No force moves a point further than this at a time (umap-learn's `clip`).
const FURTHEST: f32 = 4.0;

/// How far a force moves a point in the first epoch; umap-learn has 1. Where all move at once, steps are smaller: on
/// banking77 trustworthiness at 15 is 0.9950 with 0.5 and 300 epochs, 0.9943 with 1 (umap-learn: 0.9944).
const RATE: f32 = 0.5;

pub(super) type Point = [f32; 2];

#[derive(Clone, Copy, Debug)]
pub(super) struct Descent<'a> {
    pub epochs: usize,
    /// Repulsions for each attraction.
    pub repulsions: usize,
    pub seed: u64,
    /// One for each point that moves, which are the last ones: what its random numbers depend on.
    pub keys: &'a [u64],
}

/// Moves `points` along their bonds.
pub(super) fn settle(points: &mut [Point], bonds: &Bonds, descent: Descent<'_>, job: &Job) -> Result<()> {
    const BLOCK: usize = 256;
    let Descent { epochs, keys, .. } = descent;
    let moving = keys.len();
    let first = points.len().saturating_sub(moving);
    let strongest = bonds.strongest();
    if moving == 0 || strongest <= 0.0 {
        return Ok(());
    }
    let forces = Forces::new();
    let mut next = points[first..].to_vec();
    for epoch in 0..epochs {
        job.check()?;
        let rate = RATE * (1.0 - epoch as f32 / epochs as f32);
        let before = &points[..];
        next.par_chunks_mut(BLOCK).enumerate().for_each(|(block, moved)| {
            for (offset, point) in moved.iter_mut().enumerate() {
                let index = block * BLOCK + offset;
                *point = step(
                    before,
                    (first + index, keys[index]),
                    bonds.of(index),
                    strongest,
                    (epoch, rate),
                    descent,
                    &forces,
                );
            }
        });
        points[first..].copy_from_slice(&next);
        job.progress(Step::DrawingMap, Unit::Texts, ((epoch + 1) * moving / epochs) as u64, Some(moving as u64));
    }
    Ok(())
}

/// Where one point goes in one epoch.
fn step(
    before: &[Point],
    (index, key): (usize, u64),
    bonds: &[(u32, f32)],
    strongest: f32,
    (epoch, rate): (usize, f32),
    descent: Descent<'_>,
    forces: &Forces,
) -> Point {
    let mut own = before[index];
    // Newcomers do not push one another: where one ends must not depend on who comes with it.
    let crowd = if descent.keys.len() < before.len() { before.len() - descent.keys.len() } else { before.len() };
    let mut drawn = Drawn::new(descent.seed, epoch as u64, key);
    for &(other, strength) in bonds {
        // A bond of half the strength is pulled every second epoch; where in its beat it begins is its own.
        let beat = strength / strongest;
        let phase = unit(mix(key ^ u64::from(other) << 40 ^ descent.seed));
        if (beat * (epoch as f32 + 1.0) + phase).floor() <= (beat * epoch as f32 + phase).floor() {
            continue;
        }
        let other = before[other as usize];
        let (apart, square) = difference(own, other);
        push(&mut own, apart, forces.pull(square), rate);
        for _ in 0..descent.repulsions {
            let other = drawn.below(crowd);
            let (apart, square) = difference(own, before[other]);
            if other != index {
                push(&mut own, apart, forces.away(square), rate);
            }
        }
    }
    own
}

/// Both forces by the square of the distance, as tables: a billion powers would be half of the time. Between two entries,
/// of which each octave has 32, the line is within a thousandth of the curve.
struct Forces {
    pull: Vec<f32>,
    away: Vec<f32>,
}

impl Forces {
    /// The upper bits of a float are a logarithm: sign, exponent, and the first five of the mantissa.
    const SHIFT: u32 = 18;
    const LEAST: f32 = 1.0 / (1 << 24) as f32;
    const MOST: f32 = (1 << 24) as f32;

    fn new() -> Self {
        let entries = Self::place(Self::MOST) + 2;
        let squares = (0..entries)
            .map(|entry| f32::from_bits((entry as u32 + (Self::LEAST.to_bits() >> Self::SHIFT)) << Self::SHIFT));
        let (pull, away) = squares
            .map(|square| {
                let power = square.powf(B);
                (-2.0 * A * B * power / square / (1.0 + A * power), 2.0 * B / ((0.001 + square) * (1.0 + A * power)))
            })
            .unzip();
        Self { pull, away }
    }

    fn place(square: f32) -> usize {
        ((square.to_bits() >> Self::SHIFT) - (Self::LEAST.to_bits() >> Self::SHIFT)) as usize
    }

    fn look_up(table: &[f32], square: f32) -> f32 {
        let square = square.clamp(Self::LEAST, Self::MOST);
        let place = Self::place(square);
        let way = (square.to_bits() & ((1 << Self::SHIFT) - 1)) as f32 / (1_u32 << Self::SHIFT) as f32;
        table[place] + (table[place + 1] - table[place]) * way
    }

    fn pull(&self, square: f32) -> f32 {
        Self::look_up(&self.pull, square)
    }

    fn away(&self, square: f32) -> f32 {
        Self::look_up(&self.away, square)
    }
}

fn difference(own: Point, other: Point) -> (Point, f32) {
    let apart = [own[0] - other[0], own[1] - other[1]];
    (apart, apart[0] * apart[0] + apart[1] * apart[1])
}

fn push(own: &mut Point, apart: Point, strength: f32, rate: f32) {
    for (place, apart) in own.iter_mut().zip(apart) {
        *place += rate * (strength * apart).clamp(-FURTHEST, FURTHEST);
    }
}

/// Numbers that depend on where they are drawn and on nothing drawn before.
struct Drawn(u64);

impl Drawn {
    fn new(seed: u64, epoch: u64, key: u64) -> Self {
        Self(mix(seed ^ mix(key ^ mix(epoch.wrapping_add(0x9e37_79b9_7f4a_7c15)))))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        // The upper half times the limit: even, without a division.
        (((mix(self.0) >> 32) * limit as u64) >> 32) as usize
    }
}

/// SplitMix64's finisher (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
pub(super) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// 0 to 1, without 1.
pub(super) fn unit(bits: u64) -> f32 {
    (bits >> 40) as f32 / (1_u32 << 24) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_within_a_thousandth_of_the_curves() {
        let forces = Forces::new();
        for step in 0..4000 {
            let square = 2_f32.powf(step as f32 / 100.0 - 20.0);
            let power = square.powf(B);
            let pull = -2.0 * A * B * power / square / (1.0 + A * power);
            let away = 2.0 * B / ((0.001 + square) * (1.0 + A * power));
            assert!((forces.pull(square) / pull - 1.0).abs() < 1e-3, "{square}");
            assert!((forces.away(square) / away - 1.0).abs() < 1e-3, "{square}");
        }
        assert!(forces.pull(0.0).is_finite() && forces.away(f32::MAX) >= 0.0);
    }
}
