//! Which texts are nearest to each text?
//!
//! Exactly, by comparing all with all: a block of rows times a block of rows is one matrix product, which the `gemm`
//! crate computes at 100 to 200 GFLOP/s on two cores. Only the best few of each row are kept, so memory stays at
//! one tile per thread. 13 000 rows of 384 take 0.6 s; time grows with the square.

use gemm::{Parallelism, gemm};
use rayon::prelude::*;

use hearback_domain::{
    error::Result,
    job::{Job, Step, Unit},
};

/// Rows per task, and columns per tile: 128 x 1024 results of 4 bytes stay in the second-level cache.
const ROWS: usize = 128;
const COLUMNS: usize = 1024;

/// Rows of equal dimension in one block, each of length 1 (or 0).
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix<'a> {
    pub values: &'a [f32],
    pub dimension: usize,
}

impl<'a> Matrix<'a> {
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.dimension).unwrap_or(0)
    }

    pub fn row(&self, index: usize) -> &'a [f32] {
        &self.values[index * self.dimension..(index + 1) * self.dimension]
    }
}

/// For each row its nearest others, nearest first, the lower index first among equals.
#[derive(Clone, Debug)]
pub(super) struct Neighbours {
    /// Per row; fewer than asked for where there are not so many rows.
    pub per_row: usize,
    /// `per_row` per row: (index, cosine).
    pub found: Vec<(u32, f32)>,
}

impl Neighbours {
    pub fn of(&self, row: usize) -> &[(u32, f32)] {
        &self.found[row * self.per_row..(row + 1) * self.per_row]
    }
}

/// The `wanted` nearest rows of every row by cosine, itself left out.
pub(super) fn nearest(matrix: Matrix<'_>, wanted: usize, job: &Job) -> Result<Neighbours> {
    compare(matrix, matrix, wanted.min(matrix.len().saturating_sub(1)), |row| row, job)
}

/// The `wanted` nearest rows of `among` for every row of `asking`.
pub(super) fn nearest_in(asking: Matrix<'_>, among: Matrix<'_>, wanted: usize, job: &Job) -> Result<Neighbours> {
    compare(asking, among, wanted.min(among.len()), |_| usize::MAX, job)
}

/// `own` names the row of `among` that is a row itself.
fn compare(
    asking: Matrix<'_>,
    among: Matrix<'_>,
    per_row: usize,
    own: impl Fn(usize) -> usize + Sync,
    job: &Job,
) -> Result<Neighbours> {
    let count = asking.len();
    let mut found = vec![(0, f32::MIN); count * per_row];
    if per_row == 0 {
        return Ok(Neighbours { per_row, found });
    }
    let done = std::sync::atomic::AtomicU64::new(0);
    job.progress(Step::FindingNeighbours, Unit::Texts, 0, Some(count as u64));
    found.par_chunks_mut(ROWS * per_row).enumerate().try_for_each_init(
        || vec![0.0; ROWS * COLUMNS],
        |tile, (block, best)| {
            job.check()?;
            let first = block * ROWS;
            let rows = best.len() / per_row;
            for start in (0..among.len()).step_by(COLUMNS) {
                let columns = COLUMNS.min(among.len() - start);
                products(asking, first, rows, among, start, columns, tile);
                for (offset, best) in best.chunks_mut(per_row).enumerate() {
                    keep_best(best, &tile[offset * columns..(offset + 1) * columns], start, own(first + offset));
                }
            }
            let done = done.fetch_add(rows as u64, std::sync::atomic::Ordering::Relaxed) + rows as u64;
            job.progress(Step::FindingNeighbours, Unit::Texts, done, Some(count as u64));
            Ok(())
        },
    )?;
    Ok(Neighbours { per_row, found })
}

/// Inserts what is better than the worst of `best`, which is sorted, best first.
pub(super) fn keep_best(best: &mut [(u32, f32)], similarities: &[f32], start: usize, own: usize) {
    let last = best.len() - 1;
    let mut worst = best[last].1;
    for (column, &similarity) in similarities.iter().enumerate() {
        // Strictly: among equals the first seen, which has the lower index, stays.
        if similarity > worst && start + column != own {
            let place = best.partition_point(|&(_, other)| other >= similarity);
            best[place..].rotate_right(1);
            best[place] = ((start + column) as u32, similarity);
            worst = best[last].1;
        }
    }
}

/// Every row of `left` against every row of `right`: for each row the index of the most similar and its cosine,
/// the lower index among equals. `right` must have at least one row.
pub(super) fn most_similar(left: Matrix<'_>, right: Matrix<'_>) -> Vec<(u32, f32)> {
    let columns = right.len();
    let mut found = vec![(0, f32::MIN); left.len()];
    if columns == 0 {
        return found;
    }
    found.par_chunks_mut(ROWS).enumerate().for_each_init(
        || vec![0.0; ROWS * columns],
        |tile, (block, found)| {
            products(left, block * ROWS, found.len(), right, 0, columns, tile);
            for (row, best) in tile.chunks(columns).zip(found) {
                keep_best(std::slice::from_mut(best), row, 0, usize::MAX);
            }
        },
    );
    found
}

/// `tile[i * columns + j] = left[first + i] . right[start + j]`, on this thread.
pub(super) fn products(
    left: Matrix<'_>,
    first: usize,
    rows: usize,
    right: Matrix<'_>,
    start: usize,
    columns: usize,
    tile: &mut [f32],
) {
    let depth = left.dimension;
    debug_assert_eq!(depth, right.dimension);
    let left = &left.values[first * depth..(first + rows) * depth];
    let right = &right.values[start * depth..(start + columns) * depth];
    let tile = &mut tile[..rows * columns];
    let stride = depth as isize;
    // SAFETY: the three slices above have exactly the extents that sizes and strides describe: `left` is rows x depth
    // and `tile` rows x columns, both row by row; `right` is read as its transpose, depth x columns.
    unsafe {
        gemm(
            rows,
            columns,
            depth,
            tile.as_mut_ptr(),
            1,
            columns as isize,
            false,
            left.as_ptr(),
            1,
            stride,
            right.as_ptr(),
            stride,
            1,
            0.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

pub(super) fn dot(left: &[f32], right: &[f32]) -> f32 {
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

/// Makes the length 1; a row without direction stays 0.
pub(super) fn normalise(row: &mut [f32]) {
    let length = dot(row, row).sqrt();
    if length > 1e-12 {
        row.iter_mut().for_each(|value| *value /= length);
    } else {
        row.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    #[test]
    fn the_nearest_are_those_that_a_plain_loop_finds() {
        let (count, dimension) = (1500, 24);
        let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut values: Vec<f32> = (0..count * dimension).map(|_| random.gen_range(-1.0..1.0)).collect();
        values.chunks_mut(dimension).for_each(normalise);
        let matrix = Matrix { values: &values, dimension };
        let neighbours = nearest(matrix, 7, &Job::quiet()).unwrap();
        for row in (0..count).step_by(97) {
            let mut plain: Vec<(u32, f32)> = (0..count)
                .filter(|&other| other != row)
                .map(|other| (other as u32, dot(matrix.row(row), matrix.row(other))))
                .collect();
            plain.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let indices = |list: &[(u32, f32)]| list.iter().map(|entry| entry.0).collect::<Vec<_>>();
            assert_eq!(indices(neighbours.of(row)), indices(&plain[..7]));
            assert!((neighbours.of(row)[6].1 - plain[6].1).abs() < 1e-5);
        }
    }

    #[test]
    fn few_rows_have_few_neighbours() {
        let values = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0];
        let neighbours = nearest(Matrix { values: &values, dimension: 2 }, 15, &Job::quiet()).unwrap();
        assert_eq!(neighbours.per_row, 2);
        assert_eq!(neighbours.of(0), [(2, 1.0), (1, 0.0)]);
        assert_eq!(nearest(Matrix { values: &values[..2], dimension: 2 }, 15, &Job::quiet()).unwrap().per_row, 0);
        assert_eq!(nearest(Matrix { values: &[], dimension: 0 }, 15, &Job::quiet()).unwrap().per_row, 0);
    }
}
