use std::collections::BTreeSet;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

/// So many vectors around each of a few directions, in turn, and the group of each.
fn planted(groups: usize, each: usize, dimension: usize, seed: u64) -> (VectorSet, Vec<usize>) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut centres = Xoshiro256PlusPlus::seed_from_u64(99);
    let centres: Vec<Vec<f32>> =
        (0..groups).map(|_| (0..dimension).map(|_| centres.gen_range(-1.0..1.0_f32)).collect()).collect();
    let mut set = VectorSet { dimension, ..VectorSet::default() };
    let mut group = Vec::new();
    for index in 0..groups * each {
        let centre = &centres[index % groups];
        let start = set.values.len();
        set.values.extend(centre.iter().map(|value| value + random.gen_range(-0.7..0.7_f32)));
        normalise(&mut set.values[start..]);
        set.hashes.push(TextHash::of(&format!("{seed} {index}")));
        group.push(index % groups);
    }
    (set, group)
}

fn shuffled(set: &VectorSet, seed: u64) -> (VectorSet, Vec<usize>) {
    let mut order: Vec<usize> = (0..set.len()).collect();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    for place in (1..order.len()).rev() {
        order.swap(place, random.gen_range(0..=place));
    }
    let values = order.iter().flat_map(|&index| set.row(index).iter().copied()).collect();
    let hashes = order.iter().map(|&index| set.hashes[index]).collect();
    (VectorSet { dimension: set.dimension, hashes, values }, order)
}

fn quick() -> MapOptions {
    MapOptions { epochs: Some(60), ..MapOptions::default() }
}

fn gap(a: [f32; 2], b: [f32; 2]) -> f32 {
    ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt()
}

fn nearest_on(points: &[[f32; 2]], to: [f32; 2], wanted: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|&a, &b| gap(points[a], to).total_cmp(&gap(points[b], to)));
    order.truncate(wanted);
    order
}

fn in_pool(threads: usize, work: impl FnOnce() -> Vec<[f32; 2]> + Send) -> Vec<[f32; 2]> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn groups_lie_apart_and_together() {
    let (set, group) = planted(6, 60, 32, 1);
    let points = draw(&set, &quick(), &Job::quiet()).unwrap();
    assert!(points.iter().flatten().all(|value| value.is_finite()));
    let mut right = 0;
    for (index, &point) in points.iter().enumerate() {
        right += nearest_on(&points, point, 11).iter().filter(|&&other| group[other] == group[index]).count() - 1;
    }
    let share = right as f64 / (points.len() * 10) as f64;
    assert!(share > 0.97, "{share} of the ten nearest on the map are of the same group");
}

#[test]
fn the_same_map_on_any_number_of_threads_and_in_any_order() {
    // Once with all compared with all, once by cells.
    for exact_up_to in [10_000, 100] {
        let (set, _) = planted(8, 80, 24, 2);
        let options = MapOptions { exact_up_to, epochs: Some(20), ..MapOptions::default() };
        let one = in_pool(1, || draw(&set, &options, &Job::quiet()).unwrap());
        let two = in_pool(2, || draw(&set, &options, &Job::quiet()).unwrap());
        assert_eq!(one, two);
        let (other, order) = shuffled(&set, 5);
        let moved = draw(&other, &options, &Job::quiet()).unwrap();
        assert!(order.iter().zip(&moved).all(|(&index, point)| one[index] == *point));
        let reseeded = draw(&set, &MapOptions { seed: 2, ..options }, &Job::quiet()).unwrap();
        assert_ne!(one, reseeded);
    }
}

#[test]
fn newcomers_lie_among_their_like_and_move_nobody_and_do_not_depend_on_one_another() {
    let (set, group) = planted(6, 60, 32, 1);
    let points = draw(&set, &quick(), &Job::quiet()).unwrap();
    let (new, new_group) = planted(6, 10, 32, 7);
    let placed = place(&set, &points, &new, &quick(), &Job::quiet()).unwrap();
    assert_eq!(placed.len(), 60);
    let at_home = placed
        .iter()
        .zip(&new_group)
        .filter(|&(&point, &own)| {
            nearest_on(&points, point, 5).iter().filter(|&&other| group[other] == own).count() >= 3
        })
        .count();
    assert!(at_home >= 57, "{at_home} of 60");
    // Alone, and onto the map in another order: the same place.
    let alone = VectorSet { dimension: 32, hashes: vec![new.hashes[7]], values: new.row(7).to_vec() };
    let (other, order) = shuffled(&set, 3);
    let other_points: Vec<[f32; 2]> = order.iter().map(|&index| points[index]).collect();
    assert_eq!(place(&other, &other_points, &alone, &quick(), &Job::quiet()).unwrap(), [placed[7]]);
    assert!(place(&set, &points[1..], &alone, &quick(), &Job::quiet()).is_err());
    assert!(place(&set, &points, &VectorSet::default(), &quick(), &Job::quiet()).unwrap().is_empty());
}

#[test]
fn cells_find_nearly_all_neighbours() {
    let (set, _) = planted(40, 60, 24, 4);
    let found = |exact_up_to| {
        let options = MapOptions { exact_up_to, ..MapOptions::default() };
        neighbours_found(&set, &options, 300, &Job::quiet()).unwrap()
    };
    assert_eq!(found(10_000), 1.0);
    assert!(found(100) > 0.95, "{}", found(100));
}

#[test]
fn few_the_same_and_broken_vectors_have_a_place_too() {
    for count in [0, 1, 2, 7, 30] {
        let same = VectorSet {
            dimension: 4,
            hashes: (0..count).map(|index| TextHash::of(&index.to_string())).collect(),
            values: [0.5_f32; 4].repeat(count),
        };
        let points = draw(&same, &quick(), &Job::quiet()).unwrap();
        assert_eq!(points.len(), count);
        assert!(points.iter().flatten().all(|value| value.is_finite()), "{count}");
        // Two are never in one place, so that both can be pointed at.
        assert_eq!(points.iter().map(|point| point.map(f32::to_bits)).collect::<BTreeSet<_>>().len(), count);
    }
    let (mut set, _) = planted(3, 20, 8, 6);
    set.values[5] = f32::NAN;
    set.values[16..24].fill(0.0);
    let points = draw(&set, &quick(), &Job::quiet()).unwrap();
    assert!(points.iter().flatten().all(|value| value.is_finite()));
}

#[test]
fn what_makes_no_sense_is_refused_and_cancelling_stops() {
    let (set, _) = planted(3, 20, 8, 6);
    let options = MapOptions { neighbours: 1, ..MapOptions::default() };
    assert!(draw(&set, &options, &Job::quiet()).is_err());
    let torn = VectorSet { values: set.values[1..].to_vec(), ..set.clone() };
    assert!(draw(&torn, &MapOptions::default(), &Job::quiet()).is_err());
    let job = Job::quiet();
    job.cancel_handle().cancel();
    assert!(draw(&set, &MapOptions::default(), &job).is_err_and(|error| error.is_cancelled()));
}

#[test]
fn the_middle_is_one_of_the_points() {
    assert_eq!(middle(&[]), None);
    assert_eq!(middle(&[[0.0, 0.0], [1.0, 0.2], [50.0, 9.0]]), Some([1.0, 0.2]));
}
