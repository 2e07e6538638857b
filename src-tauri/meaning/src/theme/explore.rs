//! Where do themes begin and end? The slow part, before anybody chose how coarse.

use super::{
    FRINGE, Hierarchy, Leaf, Matrix, Placed, ThemeInput, ThemeOptions, dot, graph, is_usable, neighbours, nested,
    normalise,
    place::{self, Shelves, company},
    same, space,
};
use crate::{
    error::Result,
    job::{Job, Step, Unit},
    model::rows::TextRow,
};

/// How many typical deviations below the median company make a loner, whatever [`ThemeOptions::loner_below`] says.
const DEVIATIONS: f32 = 3.0;

/// Whoever has company this near is no loner, however close together the rest of the texts is.
const COMPANIONABLE: f32 = 0.55;

/// The tree of themes of all texts, which were checked.
pub(super) fn explore(input: &ThemeInput<'_>, options: &ThemeOptions, job: &Job) -> Result<Hierarchy> {
    let ThemeInput { vectors, texts } = *input;
    let rows = Matrix { values: &vectors.values, dimension: vectors.dimension };
    job.progress(Step::FindingThemes, Unit::Texts, 0, Some(texts.len() as u64));
    let usable: Vec<bool> = (0..texts.len()).map(|index| is_usable(&texts[index], rows.row(index))).collect();
    let sample = choose_sample(texts, &usable, options);
    let found = find(rows, texts, &sample, options, job)?;
    job.check()?;

    let mut placed: Vec<Placed> = texts
        .iter()
        .map(|text| Placed { hash: text.hash, leaf: None, inside: false, similarity: 0.0, nearness: 0.0 })
        .collect();
    let centroids = Matrix { values: &found.centroids, dimension: rows.dimension };
    let mut decided = vec![false; texts.len()];
    for &Decided { index, leaf, company } in &found.decided {
        let similarity = dot(rows.row(index), centroids.row(leaf as usize));
        let inside = company >= found.limit;
        placed[index] = Placed { leaf: Some(leaf), similarity, nearness: company, inside, ..placed[index] };
        decided[index] = true;
    }
    if centroids.len() > 0 {
        let rest: Vec<usize> = (0..texts.len()).filter(|&index| usable[index] && !decided[index]).collect();
        let feedback: Vec<u64> = rest.iter().map(|&index| texts[index].feedback).collect();
        let shelves = Shelves {
            centroids,
            points: Matrix { values: &found.points, dimension: rows.dimension },
            starts: &found.starts,
            feedback: &found.feedback,
            theme: &found.theme,
        };
        let places = place::place(rows, &rest, &feedback, &shelves, job)?;
        for (&index, place) in rest.iter().zip(places) {
            placed[index].leaf = Some(place.leaf);
            placed[index].similarity = place.similarity;
            placed[index].nearness = place.company;
            placed[index].inside = place.company >= found.limit;
        }
    }
    let leaves = found.centroids.chunks(rows.dimension.max(1)).zip(&found.reach);
    let leaves = leaves.map(|(centroid, &reach)| Leaf { centroid: centroid.to_vec(), reach }).collect();
    job.progress(Step::FindingThemes, Unit::Texts, texts.len() as u64, Some(texts.len() as u64));
    Ok(Hierarchy { leaves, merges: found.merges, texts: placed })
}

/// The texts that themes are found among, by hash, so that neither order nor newcomers change who is chosen.
fn choose_sample(texts: &[TextRow], usable: &[bool], options: &ThemeOptions) -> Vec<usize> {
    let mut sample: Vec<usize> = (0..texts.len()).filter(|&index| usable[index]).collect();
    sample.sort_by_key(|&index| texts[index].hash);
    sample.dedup_by_key(|index| texts[*index].hash);
    // Hashes are as good as random: their beginning is a fair sample.
    sample.truncate(options.sample);
    sample
}

/// A text of the sample.
struct Decided {
    index: usize,
    leaf: u32,
    company: f32,
}

#[derive(Default)]
struct Found {
    /// One row of length 1 per leaf, in the space of the original vectors.
    centroids: Vec<f32>,
    reach: Vec<f32>,
    merges: Vec<super::Merge>,
    decided: Vec<Decided>,
    /// Company below this makes a loner.
    limit: f32,
    /// For [`Shelves`].
    points: Vec<f32>,
    starts: Vec<usize>,
    feedback: Vec<u64>,
    theme: Vec<u32>,
}

/// The tree of the texts at the positions `sample`, which are in the order of their hashes.
fn find(rows: Matrix<'_>, texts: &[TextRow], sample: &[usize], options: &ThemeOptions, job: &Job) -> Result<Found> {
    let mut values = Vec::with_capacity(sample.len() * rows.dimension);
    for &index in sample {
        values.extend_from_slice(rows.row(index));
        let start = values.len() - rows.dimension;
        normalise(&mut values[start..]);
    }
    let points = Points::collapse(Matrix { values: &values, dimension: rows.dimension }, texts, sample);
    drop(values);
    let rows = points.rows();
    let (space, dimension) = space::comparable(rows, space::REDUCE_FROM)?;
    job.check()?;
    // With few texts, fifteen neighbours would join everything: measured on 3 x 7 and 5 x 12 texts.
    let wanted = options.neighbours.min((rows.len() / 4).max(3));
    let near = neighbours::nearest(Matrix { values: &space, dimension }, wanted, job)?;
    drop(space);
    let graph = graph::from_neighbours(&near, rows.len());
    let scale = scale(rows.len());
    let mut tree = nested::find(&graph, ANCHOR * scale, options.seed, job)?;
    tree.merges.iter_mut().for_each(|merge| merge.resolution /= scale);

    let company: Vec<f32> = (0..rows.len())
        .map(|point| {
            // In the original space, where a cosine has a meaning that does not depend on the other texts.
            let cosine = |&(other, _): &(u32, f32)| {
                (dot(rows.row(point), rows.row(other as usize)), points.feedback[other as usize])
            };
            let mut others: Vec<(f32, u64)> = near.of(point).iter().map(cosine).collect();
            others.sort_by(|a, b| b.0.total_cmp(&a.0));
            company(points.feedback[point], others.into_iter())
        })
        .collect();
    let limit = loner_limit(&company, options);
    let mut found = Found { merges: tree.merges, theme: tree.theme, limit, starts: vec![0], ..Found::default() };
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); tree.leaves];
    for (point, &leaf) in tree.leaf.iter().enumerate() {
        groups[leaf as usize].push(point);
        let decided = |&index: &usize| Decided { index, leaf, company: company[point] };
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

/// Texts as points: those that are the same to the model are one.
struct Points {
    values: Vec<f32>,
    dimension: usize,
    /// The positions of the texts that each point stands for.
    texts: Vec<Vec<usize>>,
    feedback: Vec<u64>,
}

impl Points {
    fn collapse(rows: Matrix<'_>, texts: &[TextRow], sample: &[usize]) -> Self {
        let mut points =
            Self { values: Vec::new(), dimension: rows.dimension, texts: Vec::new(), feedback: Vec::new() };
        let mut point_of = vec![0; sample.len()];
        for (position, first) in same::first_same(rows).into_iter().enumerate() {
            let text = &texts[sample[position]];
            if first == position {
                point_of[position] = points.texts.len();
                points.values.extend_from_slice(rows.row(position));
                points.texts.push(Vec::new());
                points.feedback.push(0);
            }
            // `first` is the first of its kind, so its point is known by now.
            let point = point_of[first];
            points.texts[point].push(sample[position]);
            points.feedback[point] += text.feedback.max(1);
        }
        points
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

/// Company below this makes a loner: the absolute limit, or far below the median of these texts (by the median
/// absolute deviation, which no outlier moves).
fn loner_limit(company: &[f32], options: &ThemeOptions) -> f32 {
    // What is usual among so few cannot be told.
    if company.len() < 50 {
        return options.loner_below;
    }
    let median = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values[values.len() / 2]
    };
    let middle = median(company.to_vec());
    let deviation = 1.4826 * median(company.iter().map(|value| (value - middle).abs()).collect());
    (middle - DEVIATIONS * deviation).min(COMPANIONABLE).max(options.loner_below).min(middle)
}
