//! What past cases are nearest to this text?
//!
//! [`Index`] holds the vectors in memory and compares a question with every one of them: exact; 9 ms for
//! 100 000 vectors of 384 on two cores. Only values: no file, no database.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::{
    error::{Error, Result},
    model::{TextHash, rows::VectorSet},
};

/// Rows per task.
const BLOCK: usize = 2048;

#[derive(Debug)]
pub struct Index {
    vectors: VectorSet,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub hash: TextHash,
    /// Cosine, -1 to 1.
    pub similarity: f32,
}

impl Hit {
    pub fn closeness(&self) -> Closeness {
        Closeness::of(self.similarity)
    }
}

/// How many to find, and among which.
pub struct SearchOptions<'a> {
    pub k: usize,
    /// Only texts for which this holds; it is asked once per text, on several threads.
    pub allow: &'a (dyn Fn(TextHash) -> bool + Sync),
}

impl Default for SearchOptions<'_> {
    fn default() -> Self {
        Self { k: 10, allow: &|_| true }
    }
}

/// What a cosine means in words, for all-MiniLM-L6-v2.
///
/// Measured on banking77 (13 083 questions to one bank, 77 intents): pairs of one intent have 0.47 / 0.59 / 0.72
/// (quartiles), pairs of different intents 0.11 / 0.20 / 0.30, and 99 % of these are below 0.60.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    Distant,
    Related,
    SameProblem,
    NearIdentical,
}

/// Of near pairs above this, 96 % and more have one intent: the same words in another order or spelling.
pub const NEAR_IDENTICAL: f32 = 0.90;
/// Of near pairs just above this, half have one intent even where all 77 are about one bank; above 0.80, 80 %.
pub const SAME_PROBLEM: f32 = 0.70;
/// Three quarters of the pairs of one intent are above this, more than 90 % of the others below.
pub const RELATED: f32 = 0.45;

impl Closeness {
    pub const ALL: &'static [Self] = &[Self::Distant, Self::Related, Self::SameProblem, Self::NearIdentical];

    pub fn of(similarity: f32) -> Self {
        match similarity {
            s if s >= NEAR_IDENTICAL => Self::NearIdentical,
            s if s >= SAME_PROBLEM => Self::SameProblem,
            s if s >= RELATED => Self::Related,
            _ => Self::Distant,
        }
    }

    /// As it is shown.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Distant => "distant",
            Self::Related => "related",
            Self::SameProblem => "same problem",
            Self::NearIdentical => "near-identical",
        }
    }
}

impl Index {
    /// # Errors
    /// `Internal` where the set's parts do not fit together.
    pub fn new(vectors: VectorSet) -> Result<Self> {
        if vectors.values.len() != vectors.len() * vectors.dimension {
            return Err(Error::internal("A set of vectors has rows of different lengths"));
        }
        Ok(Self { vectors })
    }

    pub fn len(&self) -> usize {
        self.vectors.len()
    }

    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    /// The vector of a text that is in the index.
    pub fn vector(&self, hash: &TextHash) -> Option<&[f32]> {
        self.vectors.hashes.iter().position(|known| known == hash).map(|index| self.vectors.row(index))
    }

    /// The `k` most similar to `question`, nearest first, the lower hash first among equals. The question may have any
    /// length but 0.
    ///
    /// # Errors
    /// `Input` where the question is not of the index's dimension, or not a direction.
    pub fn search(&self, question: &[f32], options: &SearchOptions<'_>) -> Result<Vec<Hit>> {
        if self.is_empty() || options.k == 0 {
            return Ok(Vec::new());
        }
        let dimension = self.vectors.dimension;
        let length = dot(question, question).sqrt();
        if question.len() != dimension || !length.is_finite() || length == 0.0 {
            return Err(Error::input(format!("A vector of {dimension} numbers is needed to search among such")));
        }
        let question: Vec<f32> = question.iter().map(|value| value / length).collect();
        let blocks: Vec<Vec<Hit>> = self
            .vectors
            .values
            .par_chunks(BLOCK * dimension)
            .zip(self.vectors.hashes.par_chunks(BLOCK))
            .map(|(rows, hashes)| {
                let mut best = Vec::with_capacity(options.k.min(BLOCK) + 1);
                for (row, &hash) in rows.chunks(dimension).zip(hashes) {
                    let hit = Hit { hash, similarity: dot(row, &question) };
                    // A vector that is not a number is like nothing. Distance first: `allow` may cost more.
                    if hit.similarity.is_finite() && is_wanted(&best, &hit, options.k) && (options.allow)(hash) {
                        keep(&mut best, hit, options.k);
                    }
                }
                best
            })
            .collect();
        let mut best = Vec::new();
        for hit in blocks.into_iter().flatten() {
            if is_wanted(&best, &hit, options.k) {
                keep(&mut best, hit, options.k);
            }
        }
        Ok(best)
    }
}

fn order(left: &Hit, right: &Hit) -> Ordering {
    right.similarity.total_cmp(&left.similarity).then(left.hash.cmp(&right.hash))
}

fn is_wanted(best: &[Hit], hit: &Hit, k: usize) -> bool {
    best.len() < k || best.last().is_some_and(|last| order(hit, last) == Ordering::Less)
}

fn keep(best: &mut Vec<Hit>, hit: Hit, k: usize) {
    let place = best.partition_point(|other| order(other, &hit) == Ordering::Less);
    best.insert(place, hit);
    best.truncate(k);
}

fn dot(left: &[f32], right: &[f32]) -> f32 {
    // Sixteen sums side by side, which the compiler turns into vector instructions.
    let mut sums = [0.0_f32; 16];
    let (left_chunks, right_chunks) = (left.chunks_exact(16), right.chunks_exact(16));
    let rest: f32 = left_chunks.remainder().iter().zip(right_chunks.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in left_chunks.zip(right_chunks) {
        for lane in 0..16 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    fn random_set(count: usize, dimension: usize) -> VectorSet {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
        let mut values: Vec<f32> = (0..count * dimension).map(|_| random.gen_range(-1.0..1.0)).collect();
        for row in values.chunks_mut(dimension) {
            let length = dot(row, row).sqrt();
            row.iter_mut().for_each(|value| *value /= length);
        }
        VectorSet { dimension, hashes: (0..count).map(|i| TextHash::of(&i.to_string())).collect(), values }
    }

    #[test]
    fn the_hits_are_those_of_a_plain_sort() {
        let set = random_set(5000, 20);
        let index = Index::new(set.clone()).unwrap();
        let question: Vec<f32> = set.row(17).iter().map(|value| value * 3.0).collect();
        let odd = |hash: TextHash| hash.to_string().ends_with(['1', '3', '5', '7']);
        for allow in [&(|_| true) as &(dyn Fn(TextHash) -> bool + Sync), &odd] {
            let hits = index.search(&question, &SearchOptions { k: 25, allow }).unwrap();
            let mut plain: Vec<Hit> = (0..set.len())
                .filter(|&row| allow(set.hashes[row]))
                .map(|row| Hit { hash: set.hashes[row], similarity: dot(set.row(row), set.row(17)) })
                .collect();
            plain.sort_by(order);
            let hashes = |hits: &[Hit]| hits.iter().map(|hit| hit.hash).collect::<Vec<_>>();
            assert_eq!(hashes(&hits), hashes(&plain[..25]));
            assert!((hits[0].similarity - plain[0].similarity).abs() < 1e-5);
        }
    }

    #[test]
    fn equals_are_ordered_by_hash_and_strangers_are_refused() {
        let hashes: Vec<TextHash> = (0..5000).map(|i| TextHash::of(&i.to_string())).collect();
        let values = [0.6, 0.8].repeat(5000);
        let index = Index::new(VectorSet { dimension: 2, hashes: hashes.clone(), values }).unwrap();
        let hits = index.search(&[0.6, 0.8], &SearchOptions { k: 3, ..SearchOptions::default() }).unwrap();
        let mut sorted = hashes;
        sorted.sort();
        assert_eq!(hits.iter().map(|hit| hit.hash).collect::<Vec<_>>(), sorted[..3]);
        assert!(index.search(&[1.0], &SearchOptions::default()).is_err());
        assert!(index.search(&[0.0, 0.0], &SearchOptions::default()).is_err());
        assert!(index.search(&[f32::NAN, 0.0], &SearchOptions::default()).is_err());
        let none = Index::new(VectorSet::default()).unwrap();
        assert!(none.search(&[1.0], &SearchOptions::default()).unwrap().is_empty());
        let broken = VectorSet { dimension: 3, hashes: vec![TextHash::of("a")], values: vec![1.0] };
        assert!(Index::new(broken).is_err());
    }

    #[test]
    fn a_vector_that_is_not_a_number_is_never_found() {
        let hashes = vec![TextHash::of("a"), TextHash::of("b")];
        let index = Index::new(VectorSet { dimension: 1, hashes, values: vec![f32::NAN, 1.0] }).unwrap();
        let hits = index.search(&[1.0], &SearchOptions::default()).unwrap();
        assert_eq!(hits.iter().map(|hit| hit.hash).collect::<Vec<_>>(), [TextHash::of("b")]);
    }

    #[test]
    fn words_rise_with_similarity() {
        let words: Vec<&str> = [0.1, 0.5, 0.75, 0.95].map(|s| Closeness::of(s).word()).to_vec();
        assert_eq!(words, ["distant", "related", "same problem", "near-identical"]);
        assert!(Closeness::NearIdentical > Closeness::Related);
    }
}
