//! Where do themes begin and end? The decision, before anything has a name.

use std::collections::{BTreeMap, BTreeSet};

use super::{Matrix, ThemeOptions, dot, graph, leiden, neighbours, normalise, same, space};
use crate::{
    error::Result,
    job::Job,
    model::{TextHash, rows::TextRow},
};

/// Neighbours that a loner is far from: the mean cosine to ten tells what belongs nowhere best (AUROC 0.967 on the
/// out-of-scope texts of clinc150).
const COMPANY: usize = 10;

/// How many typical deviations below the median company make a loner, whatever [`ThemeOptions::loner_below`] says.
const DEVIATIONS: f32 = 3.0;

/// Whoever has company this near is no loner, however close together the rest of the texts is.
const COMPANIONABLE: f32 = 0.55;

/// The share of a theme's own members that are too far out for others to be placed there at their distance.
const FRINGE: f64 = 0.10;

/// Themes as sets and centres.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// One row of length 1 per theme, in the space of the original vectors.
    pub centroids: Vec<f32>,
    /// Per theme, the least cosine at which others are placed there.
    pub reach: Vec<f32>,
    /// The theme of each text that made the themes.
    pub decided: BTreeMap<TextHash, usize>,
    /// Texts that stay out wherever they are.
    pub loners: BTreeSet<TextHash>,
}

/// Finds the themes among the texts at the positions `sample`, which are in the order of their hashes.
pub(super) fn find(
    rows: Matrix<'_>,
    texts: &[TextRow],
    sample: &[usize],
    options: &ThemeOptions,
    job: &Job,
) -> Result<Outline> {
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
    let graph = graph::from_neighbours(&near, rows.len());
    let options_here = leiden::LeidenOptions { resolution: resolution(rows.len(), options), seed: options.seed };
    let community = leiden::communities(&graph, options_here, job)?;

    let feedback = &points.feedback;
    let company = company(rows, &near, feedback);
    let limit = loner_limit(&company, options);
    let loner: Vec<bool> = company.iter().map(|&company| company < limit).collect();

    let smallest = options.smallest.unwrap_or_else(|| {
        // 3 up to 700 texts, 14 at 13 000, 21 at 30 000.
        ((rows.len() as f64).sqrt() / 8.0).round().clamp(3.0, 30.0) as u64
    });
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); community.iter().max().map_or(0, |&last| last as usize + 1)];
    for (position, &community) in community.iter().enumerate() {
        if !loner[position] {
            groups[community as usize].push(position);
        }
    }
    groups.retain(|group| group.iter().map(|&position| feedback[position]).sum::<u64>() >= smallest);

    let mut outline = Outline::default();
    for (theme, group) in groups.iter().enumerate() {
        let mut centre = vec![0.0; rows.dimension];
        for &position in group {
            centre.iter_mut().zip(rows.row(position)).for_each(|(sum, value)| *sum += value);
        }
        normalise(&mut centre);
        let mut similarities: Vec<f32> = group.iter().map(|&position| dot(rows.row(position), &centre)).collect();
        similarities.sort_by(f32::total_cmp);
        outline.reach.push(similarities[(similarities.len() as f64 * FRINGE) as usize].max(limit));
        outline.centroids.extend(centre);
        for &point in group {
            outline.decided.extend(points.hashes[point].iter().map(|&hash| (hash, theme)));
        }
    }
    let loners = (0..rows.len()).filter(|&point| loner[point]);
    outline.loners = loners.flat_map(|point| points.hashes[point].iter().copied()).collect();
    Ok(outline)
}

/// Texts as points: those that are the same to the model are one.
struct Points {
    values: Vec<f32>,
    dimension: usize,
    /// The texts that each point stands for.
    hashes: Vec<Vec<TextHash>>,
    feedback: Vec<u64>,
}

impl Points {
    fn collapse(rows: Matrix<'_>, texts: &[TextRow], sample: &[usize]) -> Self {
        let mut points =
            Self { values: Vec::new(), dimension: rows.dimension, hashes: Vec::new(), feedback: Vec::new() };
        let mut point_of = vec![0; sample.len()];
        for (position, first) in same::first_same(rows).into_iter().enumerate() {
            let text = &texts[sample[position]];
            if first == position {
                point_of[position] = points.hashes.len();
                points.values.extend_from_slice(rows.row(position));
                points.hashes.push(Vec::new());
                points.feedback.push(0);
            }
            // `first` is the first of its kind, so its point is known by now.
            let point = point_of[first];
            points.hashes[point].push(text.hash);
            points.feedback[point] += text.feedback.max(1);
        }
        points
    }

    fn rows(&self) -> Matrix<'_> {
        Matrix { values: &self.values, dimension: self.dimension }
    }
}

/// The resolution for so many texts. Modularity finds no communities in a graph where everybody knows most others, so
/// below 30 texts it goes down with their number (measured best on 3 x 7 texts: 1.0 to 1.5).
fn resolution(count: usize, options: &ThemeOptions) -> f64 {
    options.resolution * (count as f64 / 30.0).min(1.0)
}

/// The mean cosine of each text to the ten nearest feedbacks other than itself. What several feedbacks say is as near
/// to itself as can be.
fn company(rows: Matrix<'_>, near: &neighbours::Neighbours, feedback: &[u64]) -> Vec<f32> {
    (0..rows.len())
        .map(|row| {
            let itself = (feedback[row] - 1).min(COMPANY as u64) as usize;
            // In the original space, where a cosine has a meaning that does not depend on the other texts.
            let others = near.of(row).iter().map(|&(other, _)| other as usize);
            let mut cosines: Vec<f32> = others
                .flat_map(|other| {
                    let cosine = dot(rows.row(row), rows.row(other));
                    std::iter::repeat_n(cosine, feedback[other].min(COMPANY as u64) as usize)
                })
                .collect();
            cosines.sort_by(|a, b| b.total_cmp(a));
            cosines.truncate(COMPANY - itself);
            let count = cosines.len() + itself;
            if count == 0 { 0.0 } else { (cosines.iter().sum::<f32>() + itself as f32) / count as f32 }
        })
        .collect()
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
