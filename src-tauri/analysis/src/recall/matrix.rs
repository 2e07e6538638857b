//! Which vectors are nearest to this one, exactly, among a million?
//!
//! Filter and refine, after the VA-file (Weber, Schek and Blott, "A Quantitative Analysis and Performance Study for
//! Similarity-Search Methods in High-Dimensional Spaces", VLDB 1998): a scan of one byte a number says of each row between
//! which bounds its similarity lies, and only rows whose upper bound reaches the k-th best are compared in full. What is
//! left out cannot be among the best, so nothing is lost, however the data lie; and the answer does not depend on the
//! number of threads, since what they keep for the second step is only ever too much.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::{
    Hit,
    codes::{self, Coded, Question},
    kernel,
    rows::{Numbering, RowSet},
};
use hearback_domain::{
    TextHash,
    error::{Error, Result},
};

/// Rows that are allocated together and scanned by one thread in one go: 1.5 MB of 384 bytes.
const SEGMENT: usize = 4096;

/// The vectors of one model. Grows without copying what it has.
#[derive(Debug, Default)]
pub struct Matrix {
    dimension: usize,
    numbering: Numbering,
    segments: Vec<Segment>,
}

#[derive(Debug, Default)]
struct Segment {
    coarse: Vec<i8>,
    fine: Vec<i8>,
    coded: Vec<Coded>,
}

/// How many to find, and among which.
#[derive(Clone, Copy, Debug)]
pub struct SearchOptions<'a> {
    pub k: usize,
    /// Of [`Matrix::rows`]; `None`: all.
    pub rows: Option<&'a RowSet>,
}

impl Default for SearchOptions<'_> {
    fn default() -> Self {
        Self { k: 10, rows: None }
    }
}

/// A row that may be among the best, with the bounds of its similarity.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    row: u32,
    low: f32,
    high: f32,
}

impl Matrix {
    pub fn new(dimension: usize) -> Self {
        Self { dimension, ..Self::default() }
    }

    pub fn dimension(&self) -> usize {
        self.dimension
    }

    pub fn len(&self) -> usize {
        self.numbering.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn contains(&self, hash: &TextHash) -> bool {
        self.numbering.row(hash).is_some()
    }

    /// About how much memory it takes, in bytes.
    pub fn memory(&self) -> usize {
        let segments = self.segments.iter().map(|segment| {
            segment.coarse.capacity() + segment.fine.capacity() + segment.coded.capacity() * size_of::<Coded>()
        });
        segments.sum::<usize>() + self.numbering.memory()
    }

    /// Adds the vector of a text, of length 1. A text that has one keeps it.
    ///
    /// # Errors
    /// `Internal` where it has another dimension.
    pub fn push(&mut self, hash: TextHash, vector: &[f32]) -> Result<()> {
        if vector.len() != self.dimension || vector.is_empty() {
            return Err(Error::internal(format!(
                "a vector of {} numbers came to a matrix of {}",
                vector.len(),
                self.dimension
            )));
        }
        let Some(row) = self.numbering.add(hash) else { return Ok(()) };
        let number = row as usize / SEGMENT;
        if number == self.segments.len() {
            self.segments.push(Segment::default());
        }
        let segment = &mut self.segments[number];
        let coded = codes::encode(vector, &mut segment.coarse, &mut segment.fine);
        segment.coded.push(coded);
        Ok(())
    }

    /// The rows of these texts, for [`SearchOptions::rows`]; texts without a vector have none.
    pub fn rows<'a>(&self, hashes: impl IntoIterator<Item = &'a TextHash>) -> RowSet {
        self.numbering.set(hashes)
    }

    /// The vector of a text, each number to 1.6e-5 of the largest.
    pub fn vector(&self, hash: &TextHash) -> Option<Vec<f32>> {
        let (coarse, fine, coded) = self.row(self.numbering.row(hash)?);
        Some(codes::decode(coarse, fine, coded))
    }

    fn row(&self, row: u32) -> (&[i8], &[i8], Coded) {
        let segment = &self.segments[row as usize / SEGMENT];
        let place = row as usize % SEGMENT;
        let span = place * self.dimension..(place + 1) * self.dimension;
        (&segment.coarse[span.clone()], &segment.fine[span], segment.coded[place])
    }

    fn exact(&self, row: u32, question: &[f32]) -> Hit {
        let (coarse, fine, coded) = self.row(row);
        Hit { hash: self.numbering.hash(row), similarity: codes::exact(question, coarse, fine, coded) }
    }

    /// The `k` most similar to `question`, nearest first, the lower hash first among equals. The question may have any
    /// length but 0.
    ///
    /// # Errors
    /// `Input` where the question is not of the matrix's dimension, or not a direction.
    pub fn search(&self, question: &[f32], options: &SearchOptions<'_>) -> Result<Vec<Hit>> {
        if self.is_empty() || options.k == 0 {
            return Ok(Vec::new());
        }
        let question = Question::new(self.direction(question)?);
        let parts: Vec<Vec<Candidate>> = self
            .segments
            .par_iter()
            .enumerate()
            .map(|(number, segment)| scan(segment, number * SEGMENT, &question, options))
            .collect();
        let mut candidates: Vec<Candidate> = parts.into_iter().flatten().collect();
        candidates.sort_by(|a, b| b.low.total_cmp(&a.low).then(a.row.cmp(&b.row)));

        // The first k as they are known so far, in full: the last of them is what every other row has to reach.
        let rest = candidates.split_off(options.k.min(candidates.len()));
        let mut hits: Vec<Hit> = candidates.iter().map(|found| self.exact(found.row, &question.exact)).collect();
        let floor = if hits.len() < options.k {
            f32::NEG_INFINITY
        } else {
            hits.iter().map(|hit| hit.similarity).fold(f32::INFINITY, f32::min)
        };
        let others: Vec<Hit> = rest
            .into_par_iter()
            .filter(|candidate| candidate.high >= floor)
            .map(|candidate| self.exact(candidate.row, &question.exact))
            .collect();
        hits.extend(others);
        hits.sort_by(order);
        hits.truncate(options.k);
        Ok(hits)
    }

    /// The similarity of some texts to `question`, in their order; `None` for texts without a vector.
    ///
    /// # Errors
    /// As [`Matrix::search`].
    pub fn similarities(&self, question: &[f32], hashes: &[TextHash]) -> Result<Vec<Option<f32>>> {
        if self.is_empty() {
            return Ok(vec![None; hashes.len()]);
        }
        let question = self.direction(question)?;
        let similarity = |hash| Some(self.exact(self.numbering.row(hash)?, &question).similarity);
        Ok(hashes.iter().map(|hash| similarity(hash).filter(|value| value.is_finite())).collect())
    }

    fn direction(&self, question: &[f32]) -> Result<Vec<f32>> {
        let length = question.iter().map(|value| value * value).sum::<f32>().sqrt();
        if question.len() != self.dimension || !length.is_finite() || length == 0.0 {
            return Err(Error::input(format!("A vector of {} numbers is needed to search among such", self.dimension)));
        }
        Ok(question.iter().map(|value| value / length).collect())
    }
}

fn order(left: &Hit, right: &Hit) -> Ordering {
    right.similarity.total_cmp(&left.similarity).then(left.hash.cmp(&right.hash))
}

/// The rows of a segment that may be among the `k` best.
fn scan(segment: &Segment, first: usize, question: &Question, options: &SearchOptions<'_>) -> Vec<Candidate> {
    let wanted = |place: usize| options.rows.is_none_or(|rows| rows.contains((first + place) as u32));
    if options.rows.is_some() && !(0..segment.coded.len()).any(wanted) {
        return Vec::new();
    }
    let mut products = Vec::with_capacity(segment.coded.len());
    kernel::products(&segment.coarse, &question.steps, &mut products);
    let mut kept: Vec<Candidate> = Vec::new();
    let mut floor = Floor::new(options.k);
    for (place, (&product, coded)) in products.iter().zip(&segment.coded).enumerate() {
        let near = product as f32 * (question.scale * coded.scale);
        let error = question.error + question.slope * coded.rest;
        let candidate = Candidate { row: (first + place) as u32, low: near - error, high: near + error };
        // Not a number: never. The cheaper question first.
        if candidate.high >= floor.height && wanted(place) {
            floor.raise(candidate.low);
            kept.push(candidate);
        }
    }
    kept.retain(|candidate| candidate.high >= floor.height);
    kept
}

/// The k-th best of the lower bounds seen so far: what lies below it all through is not among the best.
struct Floor {
    k: usize,
    /// Best first, at most `k`.
    best: Vec<f32>,
    height: f32,
}

impl Floor {
    fn new(k: usize) -> Self {
        Self { k, best: Vec::new(), height: f32::NEG_INFINITY }
    }

    fn raise(&mut self, low: f32) {
        if low <= self.height {
            return;
        }
        let place = self.best.partition_point(|&other| other >= low);
        self.best.insert(place, low);
        self.best.truncate(self.k);
        if self.best.len() == self.k {
            self.height = self.best[self.k - 1];
        }
    }
}
