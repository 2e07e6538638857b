//! Where do themes begin and end? The slow part, before anybody chose how coarse.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{
    FRINGE, Hierarchy, Leaf, Matrix, Placed, ThemeInput, ThemeOptions,
    assign_rest::{self, LeafIndex, neighbour_similarity},
    dot, graph, is_usable, near_duplicates,
    neighbours::{self, Neighbours},
    nested::{self, Earlier},
    normalise, normalised_text, projection,
};
use hearback_domain::{
    TextHash,
    error::Result,
    job::{Job, Step, Unit},
    rows::TextRow,
};

/// How many typical deviations below the median a text's nearness makes it an outlier, whatever [`ThemeOptions::outlier_below`] says.
const DEVIATIONS: f32 = 3.0;

/// A nearness that is never an outlier's, however close together the rest of the texts is.
const ALWAYS_NEAR: f32 = 0.55;

/// Above this share of points that are nearly the same as another, they are merged, and the neighbours of what is left
/// looked for again; below, they disturb nobody, and the second look would cost what it saves.
const MANY_ALIKE: f64 = 0.1;

/// How often at most: each look sees only the nearest, so a large set of nearly the same takes several.
const MOST_MERGERS: usize = 4;

/// The tree of themes of all texts, which were checked; looked for from an earlier one, if there is one.
pub(super) fn explore(
    input: &ThemeInput<'_>,
    options: &ThemeOptions,
    earlier: Option<&Hierarchy>,
    job: &Job,
) -> Result<Hierarchy> {
    let ThemeInput { vectors, texts } = *input;
    let rows = Matrix { values: &vectors.values, dimension: vectors.dimension };
    job.progress(Step::FindingThemes, Unit::Texts, 0, Some(texts.len() as u64));
    let usable: Vec<usize> =
        (0..texts.len()).into_par_iter().filter(|&index| is_usable(&texts[index], rows.row(index))).collect();
    job.check()?;
    let Alike { first, feedback } = Alike::find(texts, &usable);
    let sample = choose_sample(texts, &first, options);
    let found = find(rows, texts, &sample, &feedback, options, earlier, job)?;
    job.check()?;

    let mut placed: Vec<Placed> = texts
        .iter()
        .map(|text| Placed { hash: text.hash, leaf: None, inside: false, similarity: 0.0, nearness: 0.0 })
        .collect();
    let centroids = Matrix { values: &found.centroids, dimension: rows.dimension };
    let mut decided = vec![false; texts.len()];
    for &Decided { index, leaf, nearness } in &found.decided {
        let similarity = dot(rows.row(index), centroids.row(leaf as usize));
        let inside = nearness >= found.limit;
        placed[index] = Placed { leaf: Some(leaf), similarity, nearness, inside, ..placed[index] };
        decided[index] = true;
    }
    if centroids.len() > 0 {
        let rest: Vec<usize> =
            usable.iter().copied().filter(|&index| is_first(&first, index) && !decided[index]).collect();
        let feedback: Vec<u64> = rest.iter().map(|&index| feedback[index]).collect();
        let index = LeafIndex {
            centroids,
            points: Matrix { values: &found.points, dimension: rows.dimension },
            starts: &found.starts,
            feedback: &found.feedback,
            theme: &found.theme,
        };
        let places = assign_rest::assign(rows, &rest, &feedback, &index, job)?;
        for (&index, place) in rest.iter().zip(places) {
            placed[index].leaf = Some(place.leaf);
            placed[index].similarity = place.similarity;
            placed[index].nearness = place.nearness;
            placed[index].inside = place.nearness >= found.limit;
        }
        for &index in usable.iter().filter(|&&index| !is_first(&first, index)) {
            let Some(said) = first[index].map(|first| placed[first]) else { continue };
            let similarity = said.leaf.map_or(0.0, |leaf| dot(rows.row(index), centroids.row(leaf as usize)));
            placed[index] = Placed { hash: texts[index].hash, similarity, ..said };
        }
    }
    let leaves = found.centroids.chunks(rows.dimension.max(1)).zip(&found.reach);
    let leaves = leaves.map(|(centroid, &reach)| Leaf { centroid: centroid.to_vec(), reach }).collect();
    job.progress(Step::FindingThemes, Unit::Texts, texts.len() as u64, Some(texts.len() as u64));
    Ok(Hierarchy { leaves, merges: found.merges, texts: placed })
}

/// Texts that say the same in other letters: one stands for all of them.
struct Alike {
    /// Of each text the one that stands for it; `None` for texts that are not usable.
    first: Vec<Option<usize>>,
    /// Of each that stands for others and itself, how many feedbacks say one of them.
    feedback: Vec<u64>,
}

impl Alike {
    fn find(texts: &[TextRow], usable: &[usize]) -> Self {
        let mut alike = Self { first: vec![None; texts.len()], feedback: vec![0; texts.len()] };
        for (&index, first) in usable.iter().zip(normalised_text::first_alike(texts, usable)) {
            alike.first[index] = Some(usable[first]);
            alike.feedback[usable[first]] += texts[index].feedback.max(1);
        }
        alike
    }
}

fn is_first(first: &[Option<usize>], index: usize) -> bool {
    first[index] == Some(index)
}

/// The texts that themes are found among, by hash, so that neither order nor newcomers change who is chosen.
fn choose_sample(texts: &[TextRow], first: &[Option<usize>], options: &ThemeOptions) -> Vec<usize> {
    let mut sample: Vec<usize> = (0..texts.len()).filter(|&index| is_first(first, index)).collect();
    sample.sort_by_key(|&index| texts[index].hash);
    // Hashes are as good as random: their beginning is a fair sample.
    sample.truncate(options.sample);
    sample
}

/// A text of the sample.
struct Decided {
    index: usize,
    leaf: u32,
    nearness: f32,
}

#[derive(Default)]
struct Found {
    /// One row of length 1 per leaf, in the space of the original vectors.
    centroids: Vec<f32>,
    reach: Vec<f32>,
    merges: Vec<super::Merge>,
    decided: Vec<Decided>,
    /// A nearness below this makes an outlier.
    limit: f32,
    /// For [`LeafIndex`].
    points: Vec<f32>,
    starts: Vec<usize>,
    feedback: Vec<u64>,
    theme: Vec<u32>,
}

/// The tree of the texts at the positions `sample`, which are in the order of their hashes.
fn find(
    rows: Matrix<'_>,
    texts: &[TextRow],
    sample: &[usize],
    feedback: &[u64],
    options: &ThemeOptions,
    earlier: Option<&Hierarchy>,
    job: &Job,
) -> Result<Found> {
    let mut values = Vec::with_capacity(sample.len() * rows.dimension);
    for &index in sample {
        values.extend_from_slice(rows.row(index));
        let start = values.len() - rows.dimension;
        normalise(&mut values[start..]);
    }
    let points = Points::of(values, rows.dimension, sample, feedback);
    let mut points = points.merged(&near_duplicates::first_same(points.rows()));
    let mut near = points.neighbours(options, job)?;
    for _ in 0..MOST_MERGERS {
        let first = near_duplicates::first_near(points.rows(), &near);
        let merged = first.iter().enumerate().filter(|(point, first)| point != *first).count();
        if merged as f64 <= MANY_ALIKE * first.len() as f64 {
            break;
        }
        points = points.merged(&first);
        near = points.neighbours(options, job)?;
    }
    let rows = points.rows();
    let others = points.others(&near);
    let similarity_of = |point: usize, feedback: u64| neighbour_similarity(feedback, others[point].iter().copied());
    let nearness: Vec<f32> = (0..rows.len()).map(|point| similarity_of(point, points.feedback[point])).collect();
    let limit = outlier_limit(&nearness, options);
    let alone = |point: usize| nearness[point] >= limit && similarity_of(point, 1) < limit;
    let own = (0..rows.len()).map(|point| if alone(point) { points.feedback[point] - 1 } else { 0 }).collect();
    let graph = graph::from_neighbours(&near, own);
    let scale = scale(rows.len());
    let earlier = earlier.map(|tree| {
        let known: HashMap<TextHash, u32> =
            tree.texts.iter().filter_map(|placed| Some((placed.hash, placed.leaf?))).collect();
        let leaf = |of: &Vec<usize>| of.iter().find_map(|&index| known.get(&texts[index].hash).copied());
        Earlier { tree, leaf: points.texts.iter().map(leaf).collect(), scale }
    });
    // Where most is new there is little to begin with.
    let earlier = earlier.filter(|earlier| 2 * earlier.leaf.iter().flatten().count() >= rows.len());
    let mut tree = nested::find(&graph, ANCHOR * scale, options.seed, earlier.as_ref(), job)?;
    tree.merges.iter_mut().for_each(|merge| merge.resolution /= scale);

    let mut found = Found { merges: tree.merges, theme: tree.theme, limit, starts: vec![0], ..Found::default() };
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); tree.leaves];
    for (point, &leaf) in tree.leaf.iter().enumerate() {
        groups[leaf as usize].push(point);
        let decided = |&index: &usize| Decided { index, leaf, nearness: nearness[point] };
        found.decided.extend(points.texts[point].iter().map(decided));
    }
    for group in &groups {
        let mut centre = vec![0.0; rows.dimension];
        for &point in group {
            centre.iter_mut().zip(rows.row(point)).for_each(|(sum, value)| *sum += value);
            found.points.extend_from_slice(rows.row(point));
            found.feedback.push(points.feedback[point]);
        }
        found.starts.push(found.feedback.len());
        normalise(&mut centre);
        let mut similarities: Vec<f32> = group.iter().map(|&point| dot(rows.row(point), &centre)).collect();
        similarities.sort_by(f32::total_cmp);
        found.reach.push(similarities[(similarities.len() as f64 * FRINGE) as usize].max(limit));
        found.centroids.extend(centre);
    }
    Ok(found)
}

/// Texts as points: those that are the same to the model, or nearly, are one.
struct Points {
    values: Vec<f32>,
    dimension: usize,
    /// The positions of the texts that each point stands for.
    texts: Vec<Vec<usize>>,
    feedback: Vec<u64>,
}

impl Points {
    /// Each text of the sample a point.
    fn of(values: Vec<f32>, dimension: usize, sample: &[usize], feedback: &[u64]) -> Self {
        let texts = sample.iter().map(|&index| vec![index]).collect();
        Self { values, dimension, texts, feedback: sample.iter().map(|&index| feedback[index]).collect() }
    }

    /// `first` names for each point the one that it becomes part of, which is part of itself and not later.
    fn merged(&self, first: &[usize]) -> Self {
        let mut points =
            Self { values: Vec::new(), dimension: self.dimension, texts: Vec::new(), feedback: Vec::new() };
        let mut point_of = vec![0; first.len()];
        for (position, (texts, feedback)) in self.texts.iter().zip(&self.feedback).enumerate() {
            if first[position] == position {
                point_of[position] = points.texts.len();
                points.values.extend_from_slice(self.rows().row(position));
                points.texts.push(Vec::new());
                points.feedback.push(0);
            }
            let point = point_of[first[position]];
            points.texts[point].extend(texts);
            points.feedback[point] += feedback;
        }
        points
    }

    fn neighbours(&self, options: &ThemeOptions, job: &Job) -> Result<Neighbours> {
        let (space, dimension) = projection::comparable(self.rows(), projection::REDUCE_FROM)?;
        job.check()?;
        // With few texts, fifteen neighbours would join everything: measured on 3 x 7 and 5 x 12 texts.
        let wanted = options.neighbours.min((self.texts.len() / 4).max(3));
        neighbours::nearest(Matrix { values: &space, dimension }, wanted, job)
    }

    /// For each point its neighbours, nearest first: how near, and how many feedbacks each stands for. In the original space,
    /// where a cosine has a meaning that does not depend on the other texts.
    fn others(&self, near: &Neighbours) -> Vec<Vec<(f32, u64)>> {
        let of = |point: usize| {
            let row = self.rows().row(point);
            let cosine =
                |&(other, _): &(u32, f32)| (dot(row, self.rows().row(other as usize)), self.feedback[other as usize]);
            let mut others: Vec<(f32, u64)> = near.of(point).iter().map(cosine).collect();
            others.sort_by(|a, b| b.0.total_cmp(&a.0));
            others
        };
        (0..self.texts.len()).into_par_iter().map(of).collect()
    }

    fn rows(&self) -> Matrix<'_> {
        Matrix { values: &self.values, dimension: self.dimension }
    }
}

/// The resolution at which the tree is best (see [`nested`]): the default one.
const ANCHOR: f64 = 2.0;

/// By how much resolutions are smaller in this graph than where there are many texts. Modularity finds no communities
/// in a graph where everybody knows most others, so below 30 texts they go down with their number (measured best on
/// 3 x 7 texts: 1.0 to 1.5).
fn scale(count: usize) -> f64 {
    (count as f64 / 30.0).clamp(1e-3, 1.0)
}

/// A nearness below this makes an outlier: the absolute limit, or far below the median of these texts (by the median
/// absolute deviation, which no outlier moves).
fn outlier_limit(nearness: &[f32], options: &ThemeOptions) -> f32 {
    // What is usual among so few cannot be told.
    if nearness.len() < 50 {
        return options.outlier_below;
    }
    let median = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values[values.len() / 2]
    };
    let middle = median(nearness.to_vec());
    let deviation = 1.4826 * median(nearness.iter().map(|value| (value - middle).abs()).collect());
    (middle - DEVIATIONS * deviation).min(ALWAYS_NEAR).max(options.outlier_below).min(middle)
}
