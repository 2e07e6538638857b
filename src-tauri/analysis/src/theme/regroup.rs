//! The user says which texts are together. What can be said of these groups, and which of them is a new text near?

use super::{Hierarchy, Matrix, ThemeInput, Themes, cut, describe, dot, is_usable, most_similar};
use hearback_domain::{error::Result, job::Job};

/// The group that a text is nearest to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Near {
    /// `None` where there is no group, or the text has no words.
    pub group: Option<usize>,
    /// Cosine to its centroid.
    pub similarity: f32,
    /// Is that within the group's reach?
    pub within: bool,
}

/// For each text the nearest group, given by centroid (of length 1) and reach.
pub fn nearest<'a>(groups: impl IntoIterator<Item = (&'a [f32], f32)>, input: &ThemeInput<'_>) -> Vec<Near> {
    let rows = Matrix { values: &input.vectors.values, dimension: input.vectors.dimension };
    let (mut centroids, mut reach) = (Vec::new(), Vec::new());
    for (centroid, least) in groups.into_iter().filter(|(centroid, _)| centroid.len() == rows.dimension) {
        centroids.extend_from_slice(centroid);
        reach.push(least);
    }
    if reach.is_empty() || rows.dimension == 0 {
        return vec![Near::default(); input.texts.len()];
    }
    let near = most_similar(rows, Matrix { values: &centroids, dimension: rows.dimension });
    let usable = |index: usize| is_usable(&input.texts[index], rows.row(index));
    near.into_iter()
        .enumerate()
        .map(|(index, (group, similarity))| {
            let group = group as usize;
            if usable(index) {
                Near { group: Some(group), similarity, within: similarity >= reach[group] }
            } else {
                Near::default()
            }
        })
        .collect()
}

/// Describes groups that are given: names, keywords, centres, examples, and sub-themes along the hierarchy, whose
/// `leaf` each text is in. The themes come in an order of their own; each has the texts of one given group.
///
/// # Errors
/// `Input` for texts and vectors that are not the same; `Cancelled`.
pub fn regroup(
    hierarchy: &Hierarchy,
    input: &ThemeInput<'_>,
    resolution: f64,
    group_of: &[Option<usize>],
    leaf_of: &[Option<u32>],
    job: &Job,
) -> Result<Themes> {
    input.check()?;
    let rows = Matrix { values: &input.vectors.values, dimension: input.vectors.dimension };
    let count = group_of.iter().flatten().max().map_or(0, |last| last + 1);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, group) in group_of.iter().enumerate() {
        if let Some(group) = group {
            members[*group].push(index);
        }
    }
    members.retain(|members| !members.is_empty());
    let part_of = cut::nodes(hierarchy, resolution * cut::FINER);
    let part = |index: usize| part_of.get(leaf_of[index]? as usize).copied();
    let least = cut::smallest(input.texts.len());
    let mut similarity = vec![0.0; input.texts.len()];
    let mut groups = Vec::with_capacity(members.len());
    for members in members {
        job.check()?;
        let mut group = cut::group(rows, input.texts, members);
        for &index in &group.members {
            similarity[index] = dot(rows.row(index), &group.centroid);
        }
        cut::split(rows, input.texts, &mut group, part, least);
        groups.push(group);
    }
    let (themes, members) = describe::describe(rows, input.texts, groups, &similarity, job)?;
    Ok(Themes { themes, members, ..Themes::default() })
}
