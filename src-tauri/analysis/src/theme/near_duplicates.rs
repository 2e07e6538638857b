//! Which texts are one and the same to the model?
//!
//! "Good", "good" and "GOOD" have the same tokens, so their vectors differ by rounding alone. Twenty such texts would
//! be one another's only neighbours and hide whom else they are near to, so each set of them is one point among the
//! others, which counts as often as all of them together. So is each set of texts that are nearly the same ("How do I
//! track the card you sent me?" and "... sent to me?"), where there are many such: a form letter that was sent ten
//! thousand times would otherwise be all that anybody is near to.

use super::neighbours::{Matrix, Neighbours, dot};

/// Vectors nearer than this are the same: rounding moves them by some 1e-6, another comma by 0.1.
const DISTANCE: f32 = 1e-3;

/// Vectors with at least this cosine are nearly the same. On banking77 98.6 % of the 597 pairs from here on are of one
/// intent, and they differ by a word that adds nothing; 4 % of its texts are in such a pair.
const NEARLY: f32 = 0.985;

/// For each row the first row that it is nearly the same as, which may be itself: each row that belongs to none before it
/// takes in what is near to it, going from neighbour to neighbour (leader clustering, J. A. Hartigan, "Clustering
/// Algorithms", 1975), so that nothing is further from its first than [`NEARLY`].
pub(super) fn first_near(rows: Matrix<'_>, near: &Neighbours) -> Vec<usize> {
    let mut first: Vec<Option<usize>> = vec![None; rows.len()];
    let mut open = Vec::new();
    for leader in 0..rows.len() {
        if first[leader].is_some() {
            continue;
        }
        first[leader] = Some(leader);
        open.push(leader);
        while let Some(row) = open.pop() {
            for &(other, _) in near.of(row) {
                let other = other as usize;
                if first[other].is_none() && dot(rows.row(leader), rows.row(other)) >= NEARLY {
                    first[other] = Some(leader);
                    open.push(other);
                }
            }
        }
    }
    first.into_iter().enumerate().map(|(row, first)| first.unwrap_or(row)).collect()
}

/// For each row the first row that is the same, which may be itself.
pub(super) fn first_same(rows: Matrix<'_>) -> Vec<usize> {
    // Equal rows have equal projections on any line: sorted by one, compared by a second, only then as a whole.
    let projected = |salt: usize| -> Vec<f32> {
        let mut line: Vec<f32> =
            (0..rows.dimension).map(|place| ((place * 2 + 1 + salt) as f32 * 1.618).sin()).collect();
        super::normalise(&mut line);
        (0..rows.len()).map(|row| dot(rows.row(row), &line)).collect()
    };
    let (projected, second) = (projected(0), projected(7919));
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| projected[a].total_cmp(&projected[b]).then(a.cmp(&b)));
    let mut first: Vec<usize> = (0..rows.len()).collect();
    for (position, &row) in order.iter().enumerate() {
        for &other in &order[position + 1..] {
            if projected[other] - projected[row] > DISTANCE {
                break;
            }
            let apart = || rows.row(row).iter().zip(rows.row(other)).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
            if (second[other] - second[row]).abs() <= DISTANCE && apart() <= DISTANCE * DISTANCE {
                let (a, b) = (root(&mut first, row), root(&mut first, other));
                first[a.max(b)] = a.min(b);
                // The next one in the order carries the chain on: no need to compare all pairs of a large set.
                break;
            }
        }
    }
    (0..rows.len()).map(|row| root(&mut first, row)).collect()
}

fn root(first: &mut [usize], row: usize) -> usize {
    let mut root = row;
    while first[root] != root {
        root = first[root];
    }
    first[row] = root;
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_makes_no_difference_and_a_word_does() {
        let row = |a: f32, b: f32| [a, b, 0.3, (0.91 - a * a - b * b).sqrt()];
        let rows: Vec<f32> =
            [row(0.5, 0.2), row(0.1, 0.7), row(0.500_000_4, 0.2), row(0.52, 0.2), row(0.1, 0.7)].concat();
        assert_eq!(first_same(Matrix { values: &rows, dimension: 4 }), [0, 1, 0, 3, 1]);
        let same = [0.6, 0.8].repeat(3000);
        assert!(first_same(Matrix { values: &same, dimension: 2 }).iter().all(|&first| first == 0));
        assert!(first_same(Matrix { values: &[], dimension: 0 }).is_empty());
    }

    #[test]
    fn what_is_nearly_the_same_is_taken_in_and_no_chain_leads_further() {
        // Points on a circle, a degree apart, and one far away: cos 9° is 0.9877, cos 10° is 0.9848.
        let at = |degrees: f32| [degrees.to_radians().cos(), degrees.to_radians().sin()];
        let rows: Vec<f32> = (0..30).map(|degrees| at(degrees as f32)).chain([at(120.0)]).flatten().collect();
        let rows = Matrix { values: &rows, dimension: 2 };
        let near = crate::matrix::nearest(rows, 3, &hearback_domain::job::Job::quiet()).unwrap();
        let first = first_near(rows, &near);
        let expected: Vec<usize> = (0..30).map(|row| row / 10 * 10).chain([30]).collect();
        assert_eq!(first, expected);
    }
}
