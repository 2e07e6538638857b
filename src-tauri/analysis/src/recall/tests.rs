//! Are the nearest the nearest?

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use hearback_domain::rows::VectorSet;

fn unit(mut row: Vec<f32>) -> Vec<f32> {
    let length = row.iter().map(|value| value * value).sum::<f32>().sqrt();
    row.iter_mut().for_each(|value| *value /= length);
    row
}

/// Vectors around `centres` directions, as texts lie around themes; with some that are equal.
fn clustered(count: usize, dimension: usize, centres: usize) -> VectorSet {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut set = VectorSet { dimension, ..VectorSet::default() };
    let middles: Vec<Vec<f32>> =
        (0..centres).map(|_| unit((0..dimension).map(|_| random.gen_range(-1.0..1.0)).collect())).collect();
    for number in 0..count {
        let near = &middles[number % centres];
        let spread = 2.0 / (dimension as f32).sqrt();
        let row = near.iter().map(|value| value + spread * random.gen_range(-1.0_f32..1.0)).collect();
        let row = if number % 50 == 1 { set.row(number - 1).to_vec() } else { unit(row) };
        set.hashes.push(TextHash::of(&number.to_string()));
        set.values.extend(row);
    }
    set
}

fn matrix(set: &VectorSet) -> Matrix {
    let mut matrix = Matrix::new(set.dimension);
    for (row, &hash) in set.hashes.iter().enumerate() {
        matrix.push(hash, set.row(row)).unwrap();
    }
    matrix
}

/// Compared one by one, in f64.
fn plain(set: &VectorSet, question: &[f32], allow: impl Fn(usize) -> bool) -> Vec<(TextHash, f64)> {
    let dot = |row: &[f32]| row.iter().zip(question).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let mut hits: Vec<(TextHash, f64)> =
        (0..set.len()).filter(|&row| allow(row)).map(|row| (set.hashes[row], dot(set.row(row)))).collect();
    hits.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    hits
}

#[test]
fn the_hits_are_those_of_a_plain_sort() {
    const K: usize = 25;
    for (count, dimension, centres) in [(9000, 96, 9000), (9000, 96, 40), (300, 384, 3)] {
        let set = clustered(count, dimension, centres);
        let matrix = matrix(&set);
        assert_eq!(matrix.len(), count);
        for asked in [0, 17, 51, 290] {
            let question = set.row(asked).to_vec();
            let longer: Vec<f32> = question.iter().map(|value| value * 3.0).collect();
            let odd = matrix.rows(set.hashes.iter().skip(1).step_by(2));
            for rows in [None, Some(&odd)] {
                let hits = matrix.search(&longer, &SearchOptions { k: K, rows }).unwrap();
                let exact = plain(&set, &question, |row| rows.is_none() || row % 2 == 1);
                assert_eq!(hits.len(), K);
                let floor = exact[K - 1].1 - 1e-5;
                for (hit, truth) in hits.iter().zip(&exact) {
                    assert!((f64::from(hit.similarity) - truth.1).abs() < 1e-5, "{hit:?} {truth:?}");
                    // In the last bits two may change places; none that is not among the best may be there.
                    let own = exact.iter().find(|(hash, _)| *hash == hit.hash).unwrap().1;
                    assert!(own >= floor, "{own} {floor}");
                }
            }
        }
    }
}

#[test]
fn one_thread_and_several_answer_alike() {
    let set = clustered(20_000, 64, 300);
    let matrix = matrix(&set);
    let ask = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| matrix.search(set.row(3), &SearchOptions { k: 50, rows: None }).unwrap())
    };
    let one = ask(1);
    assert_eq!(one, ask(4));
    assert_eq!(one, ask(2));
}

#[test]
fn equals_are_ordered_by_hash_and_strangers_are_refused() {
    let hashes: Vec<TextHash> = (0..5000).map(|i| TextHash::of(&i.to_string())).collect();
    let set = VectorSet { dimension: 2, hashes: hashes.clone(), values: [0.6, 0.8].repeat(5000) };
    let matrix = matrix(&set);
    let hits = matrix.search(&[0.6, 0.8], &SearchOptions { k: 3, rows: None }).unwrap();
    let mut sorted = hashes;
    sorted.sort();
    assert_eq!(hits.iter().map(|hit| hit.hash).collect::<Vec<_>>(), sorted[..3]);
    for wrong in [&[1.0][..], &[0.0, 0.0], &[f32::NAN, 0.0]] {
        assert!(matrix.search(wrong, &SearchOptions::default()).is_err());
    }
    assert!(Matrix::new(3).search(&[1.0], &SearchOptions::default()).unwrap().is_empty());
    assert!(Matrix::new(3).push(TextHash::of("a"), &[1.0]).is_err());
}

#[test]
fn a_matrix_grows_and_keeps_what_it_has() {
    let set = clustered(5000, 32, 20);
    let mut grown = Matrix::new(32);
    for (row, &hash) in set.hashes.iter().enumerate().rev() {
        grown.push(hash, set.row(row)).unwrap();
    }
    grown.push(set.hashes[0], set.row(1)).unwrap();
    assert_eq!(grown.len(), 5000);
    assert_eq!(
        grown.search(set.row(9), &SearchOptions::default()).unwrap(),
        matrix(&set).search(set.row(9), &SearchOptions::default()).unwrap()
    );
    let back = grown.vector(&set.hashes[0]).unwrap();
    assert!(back.iter().zip(set.row(0)).all(|(a, b)| (a - b).abs() < 1.6e-5));
    let similar = grown.similarities(set.row(0), &[set.hashes[0], TextHash::of("unknown")]).unwrap();
    assert!((similar[0].unwrap() - 1.0).abs() < 1e-5 && similar[1].is_none());
}

#[test]
fn a_vector_that_is_not_a_number_is_never_found() {
    let [a, b] = ["a", "b"].map(TextHash::of);
    let mut matrix = Matrix::new(1);
    matrix.push(a, &[f32::NAN]).unwrap();
    matrix.push(b, &[1.0]).unwrap();
    let hits = matrix.search(&[1.0], &SearchOptions::default()).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.hash).collect::<Vec<_>>(), [b]);
    assert_eq!(matrix.similarities(&[1.0], &[a, b]).unwrap(), [None, Some(1.0)]);
}
