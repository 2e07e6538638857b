//! How coarse are the themes, and who belongs to none?

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{
    Cut, FRINGE, Hierarchy, Matrix, PulledIn, ThemeInput, Themes, describe, dot, group::Group, most_similar, normalise,
};
use hearback_domain::{
    error::{Error, Result},
    job::Job,
    rows::TextRow,
};

/// Sub-themes are the themes at this multiple of the resolution.
pub(super) const FINER: f64 = 3.0;

/// The themes of a checked input at a checked cut.
pub(super) fn cut(hierarchy: &Hierarchy, input: &ThemeInput<'_>, cut: &Cut, job: &Job) -> Result<Themes> {
    check(hierarchy, input)?;
    let ThemeInput { vectors, texts } = *input;
    let rows = Matrix { values: &vectors.values, dimension: vectors.dimension };
    let least = smallest(hierarchy.texts.iter().filter(|text| text.inside).count());

    let theme_of = nodes(hierarchy, cut.resolution);
    let part_of = nodes(hierarchy, cut.resolution * FINER);
    let mut groups = gather(hierarchy, &theme_of);
    groups.retain(|(_, members)| feedback(texts, members) >= least);
    let of_node = |(leaf, members): (u32, Vec<usize>)| Group { leaf: Some(leaf), ..group(rows, texts, members) };
    let mut groups: Vec<Group> = groups.into_par_iter().map(of_node).collect();
    job.check()?;

    let mut place: Vec<Option<u32>> = vec![None; texts.len()];
    for (theme, group) in groups.iter().enumerate() {
        group.members.iter().for_each(|&index| place[index] = Some(theme as u32));
    }
    let outside: Vec<usize> = (0..texts.len()).filter(|&index| place[index].is_none()).collect();
    let mut near = nearest(rows, &groups, hierarchy, &outside);
    // Texts of tiny groups are no outliers: they go where they are within reach.
    near.retain(|&(index, theme, similarity)| {
        let stays = hierarchy.texts[index].inside && similarity >= groups[theme as usize].reach;
        if stays {
            groups[theme as usize].members.push(index);
            place[index] = Some(theme);
        }
        !stays
    });
    let pulled_in = pull_in(texts, &near, cut, &mut groups, &mut place);
    job.check()?;

    let part = |index: usize| hierarchy.texts[index].leaf.map(|leaf| part_of[leaf as usize]);
    groups.par_iter_mut().for_each(|group| split(rows, texts, group, part, least));
    let mut similarity = vec![0.0; texts.len()];
    near.iter().for_each(|&(index, _, cosine)| similarity[index] = cosine);
    for (index, place) in place.iter().enumerate() {
        if let Some(theme) = place {
            similarity[index] = dot(rows.row(index), &groups[*theme as usize].centroid);
        }
    }
    let (themes, members) = describe::describe(rows, texts, groups, &similarity, job)?;
    Ok(Themes { themes, members, pulled_in })
}

fn check(hierarchy: &Hierarchy, input: &ThemeInput<'_>) -> Result<()> {
    let texts = &hierarchy.texts;
    let same = texts.len() == input.texts.len() && texts.iter().zip(input.texts).all(|(a, b)| a.hash == b.hash);
    let (leaves, nodes) = (hierarchy.leaves.len(), hierarchy.leaves.len() + hierarchy.merges.len());
    let known = texts.iter().all(|text| text.leaf.is_none_or(|leaf| (leaf as usize) < leaves))
        && hierarchy.merges.iter().enumerate().all(|(i, merge)| (merge.left.max(merge.right) as usize) < leaves + i)
        && hierarchy.leaves.iter().all(|leaf| leaf.centroid.len() == input.vectors.dimension);
    if same && known && nodes <= 2 * leaves {
        return Ok(());
    }
    Err(Error::input("The stored hierarchy of themes does not belong to these texts").hint("Find the themes again"))
}

/// The least feedbacks of a theme among so many texts: 3 up to 700, 14 at 13 000, 30 from 58 000 on.
pub(super) fn smallest(texts: usize) -> u64 {
    ((texts as f64).sqrt() / 8.0).round().clamp(3.0, 30.0) as u64
}

/// For each leaf the node that holds it at a resolution.
pub(super) fn nodes(hierarchy: &Hierarchy, resolution: f64) -> Vec<u32> {
    let leaves = hierarchy.leaves.len();
    let made = hierarchy.merges.partition_point(|merge| merge.resolution > resolution);
    let mut top: Vec<u32> = (0..(leaves + made) as u32).collect();
    // From the root down: a node's parent is known before the node.
    for (position, merge) in hierarchy.merges[..made].iter().enumerate().rev() {
        let holder = top[leaves + position];
        top[merge.left as usize] = holder;
        top[merge.right as usize] = holder;
    }
    top.truncate(leaves);
    top
}

/// The texts inside, by the node that holds them, each with its first leaf; in the order of those.
fn gather(hierarchy: &Hierarchy, node: &[u32]) -> Vec<(u32, Vec<usize>)> {
    let mut position = vec![usize::MAX; hierarchy.leaves.len() + hierarchy.merges.len()];
    let mut groups: Vec<(u32, Vec<usize>)> = Vec::new();
    for (leaf, &node) in node.iter().enumerate() {
        let position = &mut position[node as usize];
        if *position == usize::MAX {
            *position = groups.len();
            groups.push((leaf as u32, Vec::new()));
        }
    }
    for (index, text) in hierarchy.texts.iter().enumerate() {
        if let Some(leaf) = text.leaf.filter(|_| text.inside) {
            groups[position[node[leaf as usize] as usize]].1.push(index);
        }
    }
    groups
}

fn feedback(texts: &[TextRow], members: &[usize]) -> u64 {
    members.iter().map(|&index| texts[index].feedback.max(1)).sum()
}

pub(super) fn group(rows: Matrix<'_>, texts: &[TextRow], mut members: Vec<usize>) -> Group {
    // Sums depend on the order in their last bits, and the order of the input must not matter.
    members.sort_unstable_by_key(|&index| texts[index].hash);
    let mut centroid = vec![0.0; rows.dimension];
    for &index in &members {
        centroid.iter_mut().zip(rows.row(index)).for_each(|(sum, value)| *sum += value);
    }
    normalise(&mut centroid);
    let mut similarities: Vec<(f32, usize)> =
        members.iter().map(|&index| (dot(rows.row(index), &centroid), index)).collect();
    similarities.sort_by(|a, b| a.0.total_cmp(&b.0));
    let reach = similarities.get((similarities.len() as f64 * FRINGE) as usize).map_or(1.0, |first| first.0);
    let cohesion = similarities.iter().map(|pair| pair.0).sum::<f32>() / similarities.len().max(1) as f32;
    members.clear();
    members.extend(similarities.into_iter().rev().map(|(_, index)| index));
    Group { members, centroid, reach, cohesion, leaf: None, subgroups: Vec::new() }
}

/// Of those that have a place in the tree: (index, nearest group, cosine), in the order of `indices`.
fn nearest(rows: Matrix<'_>, groups: &[Group], hierarchy: &Hierarchy, indices: &[usize]) -> Vec<(usize, u32, f32)> {
    let placed: Vec<usize> = indices.iter().copied().filter(|&index| hierarchy.texts[index].leaf.is_some()).collect();
    if groups.is_empty() {
        return Vec::new();
    }
    let values: Vec<f32> = placed.iter().flat_map(|&index| rows.row(index)).copied().collect();
    let centroids: Vec<f32> = groups.iter().flat_map(|group| &group.centroid).copied().collect();
    let dimension = rows.dimension;
    let near = most_similar(Matrix { values: &values, dimension }, Matrix { values: &centroids, dimension });
    placed.into_iter().zip(near).map(|(index, (theme, cosine))| (index, theme, cosine)).collect()
}

/// Puts the nearest of those outside into their nearest group, until no more are left out than may be.
fn pull_in(
    texts: &[TextRow],
    near: &[(usize, u32, f32)],
    cut: &Cut,
    groups: &mut [Group],
    place: &mut [Option<u32>],
) -> PulledIn {
    let Some(share) = cut.unclustered_at_most else { return PulledIn::default() };
    // Of texts that could be somewhere: short answers are no texts that were left out.
    let outside = near.len();
    let all = outside + place.iter().flatten().count();
    // 29 % of 100 texts are 29, although 0.29 times 100 is a little less to a computer.
    let allowed = (share * all as f64 + 1e-6).floor() as usize;
    let mut candidates: Vec<&(usize, u32, f32)> = near.iter().collect();
    candidates.sort_by(|a, b| b.2.total_cmp(&a.2).then(texts[a.0].hash.cmp(&texts[b.0].hash)));
    candidates.truncate(outside.saturating_sub(allowed));
    let mut pulled_in = PulledIn::default();
    for &&(index, theme, cosine) in &candidates {
        groups[theme as usize].members.push(index);
        place[index] = Some(theme);
        pulled_in.texts += 1;
        pulled_in.feedback += texts[index].feedback;
        pulled_in.mean_similarity += f64::from(cosine);
    }
    pulled_in.mean_similarity /= candidates.len().max(1) as f64;
    pulled_in
}

/// Finds the sub-groups of a group: its members by their finer node, where that is large enough.
pub(super) fn split(
    rows: Matrix<'_>,
    texts: &[TextRow],
    whole: &mut Group,
    part: impl Fn(usize) -> Option<u32>,
    least: u64,
) {
    let mut parts: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for &index in &whole.members {
        if let Some(part) = part(index) {
            parts.entry(part).or_default().push(index);
        }
    }
    parts.retain(|_, members| feedback(texts, members) >= least);
    if parts.len() > 1 {
        whole.subgroups = parts.into_values().map(|members| group(rows, texts, members)).collect();
    }
}
