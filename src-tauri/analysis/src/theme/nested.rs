//! Coarse or fine? Both, as cuts through one tree.
//!
//! Leiden is best at one resolution; its communities at two resolutions cross one another. Agglomeration gives a tree
//! but cuts it worse. So a ladder of resolutions is climbed with Leiden, each rung bound to the one before:
//! - *the anchor*, the default resolution, where people look first, is plain Leiden on the whole graph;
//! - *finer* rungs split what the anchor found: Leiden on the graph without the edges between communities;
//! - *coarser* rungs join it: Leiden on the graph whose nodes are the communities.
//!
//! Between two rungs, pairs are joined by the resolution at which modularity begins to gain from joining them,
//! `γ = total w_ab / (d_a d_b)`: the order of T. Bonald et al., "Hierarchical Graph Clustering using Node Pair
//! Sampling" (Paris), 2018, <https://arxiv.org/abs/1806.01664>, whose values never rise while joining.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap},
};

use super::{Hierarchy, Merge, graph::Graph, leiden};
use hearback_domain::{error::Result, job::Job};

/// Rungs above and below the anchor, as multiples of its resolution.
const FINER: [f64; 3] = [2.0, 4.0, 8.0];
const COARSER: [f64; 8] = [0.7, 0.5, 0.35, 0.25, 0.18, 0.125, 0.09, 0.06];

#[derive(Clone, Debug)]
pub(super) struct Nested {
    /// Per node of the graph.
    pub leaf: Vec<u32>,
    pub leaves: usize,
    /// Per leaf, its community at the anchor.
    pub theme: Vec<u32>,
    /// As in [`super::Hierarchy`].
    pub merges: Vec<Merge>,
}

/// One partition of the nodes, numbered without gaps.
struct Rung {
    resolution: f64,
    group: Vec<u32>,
    groups: usize,
}

/// Where the nodes were in a tree that was found before.
pub(super) struct Earlier<'a> {
    pub tree: &'a Hierarchy,
    /// Per node its leaf there; `None` for newcomers.
    pub leaf: Vec<Option<u32>>,
    /// The graph's resolutions are so many times the tree's.
    pub scale: f64,
}

impl Earlier<'_> {
    /// Per node the earlier tree's node that held it at a resolution.
    fn at(&self, resolution: f64) -> Vec<Option<u32>> {
        let node = self.tree.nodes(resolution / self.scale);
        self.leaf.iter().map(|leaf| node.get((*leaf)? as usize).copied()).collect()
    }

    /// The groups of a resolution, none across those of `within`; newcomers are alone.
    fn split(&self, resolution: f64, within: &[u32]) -> Vec<u32> {
        let mut number: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let mut next = 0..;
        let mut new = || next.next().unwrap_or_default();
        let group = |(node, &within): (Option<u32>, &u32)| match node {
            Some(node) => *number.entry((within, node)).or_insert_with(&mut new),
            None => new(),
        };
        self.at(resolution).into_iter().zip(within).map(group).collect()
    }

    /// For each group of a lower rung the group of a resolution that most of its nodes were in.
    fn joined(&self, resolution: f64, lower: &Rung) -> Vec<u32> {
        let mut votes: Vec<BTreeMap<u32, usize>> = vec![BTreeMap::new(); lower.groups];
        for (node, &group) in self.at(resolution).into_iter().zip(&lower.group) {
            if let Some(node) = node {
                *votes[group as usize].entry(node).or_default() += 1;
            }
        }
        // Of equals the first.
        let most = |votes: &BTreeMap<u32, usize>| votes.iter().rev().max_by_key(|vote| vote.1).map(|vote| *vote.0);
        let mut number: BTreeMap<u32, u32> = BTreeMap::new();
        let mut next = 0..;
        let mut new = || next.next().unwrap_or_default();
        let group = |votes: &BTreeMap<u32, usize>| match most(votes) {
            Some(node) => *number.entry(node).or_insert_with(&mut new),
            None => new(),
        };
        votes.iter().map(group).collect()
    }
}

/// The tree of the graph's communities; `anchor` is the resolution at which it is best. Every rung is looked for from
/// where it was in an earlier tree, if there is one.
pub(super) fn find(graph: &Graph, anchor: f64, seed: u64, earlier: Option<&Earlier<'_>>, job: &Job) -> Result<Nested> {
    let climb = |graph: &Graph, resolution: f64, start: Option<Vec<u32>>| {
        let group = leiden::communities(graph, leiden::LeidenOptions { resolution, seed }, start, job)?;
        let groups = count(&group);
        Ok(Rung { resolution, group, groups })
    };
    let start = earlier.map(|earlier| earlier.split(anchor, &vec![0; graph.len()]));
    let mut ladder = vec![climb(graph, anchor, start)?];
    let best = ladder[0].group.clone();
    for factor in FINER {
        let last = &ladder[0].group;
        let start = earlier.map(|earlier| earlier.split(anchor * factor, last));
        let rung = climb(&graph.within(last), anchor * factor, start)?;
        ladder.insert(0, rung);
    }
    for factor in COARSER {
        let last = &ladder[ladder.len() - 1];
        let start = earlier.map(|earlier| earlier.joined(anchor * factor, last));
        let over = climb(&graph.aggregate(&last.group, last.groups), anchor * factor, start)?;
        let group = last.group.iter().map(|&part| over.group[part as usize]).collect();
        ladder.push(Rung { group, ..over });
    }
    // Above the last rung everything that is joined at all becomes one.
    ladder.push(Rung { resolution: 0.0, group: vec![0; graph.len()], groups: graph.len().min(1) });

    let leaves = ladder[0].groups;
    let mut merges: Vec<Merge> = Vec::with_capacity(leaves);
    // The tree's roots so far, and for each the group of the lower rung.
    let mut quotient = graph.aggregate(&ladder[0].group, leaves);
    let mut roots: Vec<u32> = (0..leaves as u32).collect();
    let mut leaf_root: Vec<u32> = roots.clone();
    for steps in ladder.windows(2) {
        job.check()?;
        let [lower, upper] = steps else { continue };
        let mut above = vec![0; roots.len()];
        for (node, &leaf) in ladder[0].group.iter().enumerate() {
            above[leaf_root[leaf as usize] as usize] = upper.group[node];
        }
        let bounds = (upper.resolution, lower.resolution);
        let joined = join(&quotient, &above, bounds);
        let mut root: Vec<u32> = (0..roots.len() as u32).collect();
        for (left, right, resolution) in joined {
            let new = (leaves + merges.len()) as u32;
            merges.push(Merge { left: roots[left as usize], right: roots[right as usize], resolution });
            roots[left as usize] = new;
            root[right as usize] = left;
        }
        // Numbers without gaps for what is left.
        let mut number = vec![u32::MAX; roots.len()];
        let mut kept = Vec::new();
        for index in 0..roots.len() {
            if root[index] as usize == index {
                number[index] = kept.len() as u32;
                kept.push(roots[index]);
            }
        }
        let part: Vec<u32> = (0..root.len()).map(|index| number[top(&root, index)]).collect();
        leaf_root.iter_mut().for_each(|root| *root = part[*root as usize]);
        quotient = quotient.aggregate(&part, kept.len());
        roots = kept;
    }
    let Rung { group: leaf, .. } = ladder.swap_remove(0);
    let mut theme = vec![0; leaves];
    leaf.iter().zip(best).for_each(|(&leaf, community)| theme[leaf as usize] = community);
    Ok(Nested { leaf, leaves, theme, merges })
}

fn count(group: &[u32]) -> usize {
    group.iter().max().map_or(0, |&last| last as usize + 1)
}

fn top(root: &[u32], mut index: usize) -> usize {
    while root[index] as usize != index {
        index = root[index] as usize;
    }
    index
}

/// A pair of neighbours and the resolution below which they are better joined.
struct Pair {
    resolution: f64,
    left: u32,
    right: u32,
    /// How often each had grown when this was computed: a pair of an older state is void.
    grown: (u32, u32),
}

impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        let lower = (other.left, other.right).cmp(&(self.left, self.right));
        self.resolution.total_cmp(&other.resolution).then(lower)
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pair {}

/// Joins the nodes of each group, the best pair first: (left, right, resolution), the right one going into the left
/// one. Resolutions are kept above the upper rung's and at most at the lower rung's.
fn join(graph: &Graph, group: &[u32], (above, at_most): (f64, f64)) -> Vec<(u32, u32, f64)> {
    let total = graph.total();
    let mut links: Vec<BTreeMap<u32, f64>> = (0..graph.len())
        .map(|node| {
            let inside = graph.edges(node).iter().filter(|edge| group[edge.0 as usize] == group[node]);
            inside.copied().collect()
        })
        .collect();
    let mut strength: Vec<f64> = (0..graph.len()).map(|node| graph.strength(node)).collect();
    let mut grown = vec![0_u32; graph.len()];
    let mut heap = BinaryHeap::new();
    let pair = |left: u32, right: u32, weight: f64, strength: &[f64], grown: &[u32]| {
        let (left, right) = (left.min(right), left.max(right));
        let (l, r) = (left as usize, right as usize);
        Pair { resolution: total * weight / (strength[l] * strength[r]), left, right, grown: (grown[l], grown[r]) }
    };
    for node in 0..graph.len() as u32 {
        for (&other, &weight) in links[node as usize].range(node + 1..) {
            heap.push(pair(node, other, weight, &strength, &grown));
        }
    }
    let mut joined = Vec::new();
    let mut least = at_most;
    let floor = above * (1.0 + 1e-9);
    while let Some(Pair { resolution, left, right, grown: then }) = heap.pop() {
        let (l, r) = (left as usize, right as usize);
        if then != (grown[l], grown[r]) {
            continue;
        }
        // Rounding alone could make the next one greater.
        least = least.min(resolution.max(floor));
        joined.push((left, right, least));
        let moved = std::mem::take(&mut links[r]);
        grown[r] = u32::MAX;
        grown[l] += 1;
        strength[l] += strength[r];
        for (other, weight) in moved {
            links[other as usize].remove(&right);
            if other != left {
                *links[l].entry(other).or_default() += weight;
                *links[other as usize].entry(left).or_default() += weight;
            }
        }
        for (&other, &weight) in &links[l] {
            heap.push(pair(left, other, weight, &strength, &grown));
        }
    }
    joined
}
