//! Which nodes of a graph belong together?
//!
//! The Leiden algorithm: V. A. Traag, L. Waltman, N. J. van Eck, "From Louvain to Leiden: guaranteeing well-connected
//! communities", Scientific Reports 9, 5233 (2019), <https://doi.org/10.1038/s41598-019-41695-z>. The quality is
//! modularity with a resolution γ (Reichardt and Bornholdt 2006): the sum over communities of
//! `inside - γ strength² / total`. A greater γ gives more and smaller communities.
//!
//! Each round moves nodes between communities while that helps, then splits every community again into parts that hold
//! together (the step that Louvain lacks: its communities may fall apart), and goes on with these parts as nodes.
//! Rounds are repeated on the result until nothing moves. The order of visits comes from the seed.

use std::collections::VecDeque;

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::graph::Graph;
use hearback_domain::{error::Result, job::Job};

/// How much chance there is in merging while refining; the paper's value.
const THETA: f64 = 0.01;

/// Whole runs on top of the last result; the paper finds that few are needed.
const MOST_RUNS: usize = 6;

/// A move must gain more than the rounding of sums, or nodes might move in circles.
const LEAST_GAIN: f64 = 1e-10;

#[derive(Clone, Copy, Debug)]
pub(super) struct LeidenOptions {
    pub resolution: f64,
    pub seed: u64,
}

/// By how much of its quality another partition must be better than one that was there before: less is not worth that
/// people lose what they know. On banking77 a fifth more texts offers 0.15 to 0.3 %, and what was refused adds up: by
/// moving single texts alone, from 40 % of the texts to all, quality would fall behind (V-measure 0.80 against 0.825).
const WORTH: f64 = 0.002;

/// The community of each node, numbered from 0 without gaps in the order of their first nodes.
///
/// With a partition that was there before, of numbers below that of the nodes, single nodes are moved from there until
/// none gains: newcomers find their place, and whom they draw along goes with them (the "naive-dynamic" start of S. Sahu,
/// "Heuristic-based Dynamic Leiden Algorithm for Efficient Tracking of Communities on Evolving Graphs", 2024,
/// <https://arxiv.org/abs/2410.15451>). Joining and splitting what was there is searched for from here, and taken where it is
/// [worth](WORTH) it.
pub(super) fn communities(
    graph: &Graph,
    options: LeidenOptions,
    start: Option<Vec<u32>>,
    job: &Job,
) -> Result<Vec<u32>> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(options.seed);
    let alone: Vec<u32> = (0..graph.len() as u32).collect();
    if graph.total() <= 0.0 {
        return Ok(alone);
    }
    let Some(mut kept) = start else { return improved(graph, alone, options.resolution, &mut random, job) };
    number(&mut kept);
    move_nodes(graph, &mut kept, options.resolution, &mut random);
    let kept = connected(graph, &kept);
    let other = improved(graph, kept.clone(), options.resolution, &mut random, job)?;
    let (stays, offered) = (quality(graph, &kept, options.resolution), quality(graph, &other, options.resolution));
    Ok(if offered - stays > WORTH * stays.abs() { other } else { kept })
}

/// Runs until nothing moves.
fn improved(
    graph: &Graph,
    mut partition: Vec<u32>,
    resolution: f64,
    random: &mut Xoshiro256PlusPlus,
    job: &Job,
) -> Result<Vec<u32>> {
    for _ in 0..MOST_RUNS {
        let before = partition.clone();
        partition = run(graph, partition, resolution, random, job)?;
        number(&mut partition);
        if partition == before {
            break;
        }
    }
    Ok(partition)
}

/// Modularity with a resolution.
fn quality(graph: &Graph, partition: &[u32], resolution: f64) -> f64 {
    let mut inside = 0.0;
    let mut strength = vec![0.0; graph.len()];
    for node in 0..graph.len() {
        strength[partition[node] as usize] += graph.strength(node);
        let same = graph.edges(node).iter().filter(|edge| partition[edge.0 as usize] == partition[node]);
        inside += graph.own(node) + same.map(|edge| edge.1).sum::<f64>();
    }
    let total = graph.total();
    inside / total - resolution * strength.iter().map(|s| (s / total).powi(2)).sum::<f64>()
}

/// The same partition, but what does not hold together any more is apart.
fn connected(graph: &Graph, partition: &[u32]) -> Vec<u32> {
    let mut part = vec![u32::MAX; graph.len()];
    let mut open = Vec::new();
    let mut parts = 0;
    for first in 0..graph.len() {
        if part[first] != u32::MAX {
            continue;
        }
        part[first] = parts;
        open.push(first);
        while let Some(node) = open.pop() {
            for &(target, _) in graph.edges(node) {
                let target = target as usize;
                if part[target] == u32::MAX && partition[target] == partition[node] {
                    part[target] = parts;
                    open.push(target);
                }
            }
        }
        parts += 1;
    }
    part
}

/// One run: from a partition of the nodes to a better one.
fn run(
    graph: &Graph,
    start: Vec<u32>,
    resolution: f64,
    random: &mut Xoshiro256PlusPlus,
    job: &Job,
) -> Result<Vec<u32>> {
    let mut level = graph.clone();
    // Of the level's nodes: their community. Of the original nodes: the level's node that holds them.
    let mut community = start;
    let mut holder: Vec<u32> = (0..graph.len() as u32).collect();
    loop {
        job.check()?;
        move_nodes(&level, &mut community, resolution, random);
        let communities = number(&mut community);
        if communities == level.len() {
            break;
        }
        let mut parts = refine(&level, &community, resolution, random);
        let mut count = number(&mut parts);
        if count == level.len() {
            // Nothing to refine: go on with the communities themselves, or the loop would not end.
            parts.clone_from(&community);
            count = communities;
        }
        let mut next = vec![0; count];
        for (node, &part) in parts.iter().enumerate() {
            next[part as usize] = community[node];
        }
        for holder in &mut holder {
            *holder = parts[*holder as usize];
        }
        level = level.aggregate(&parts, count);
        community = next;
    }
    Ok(holder.iter().map(|&node| community[node as usize]).collect())
}

/// Moves single nodes to the neighbouring community where they gain most, until none gains. A node is looked at
/// again when a neighbour has left for another community.
fn move_nodes(graph: &Graph, community: &mut [u32], resolution: f64, random: &mut Xoshiro256PlusPlus) {
    let count = graph.len();
    let factor = resolution / graph.total();
    let mut strength = vec![0.0; count];
    let mut members = vec![0_u32; count];
    for node in 0..count {
        strength[community[node] as usize] += graph.strength(node);
        members[community[node] as usize] += 1;
    }
    let mut empty: Vec<u32> = (0..count as u32).rev().filter(|&index| members[index as usize] == 0).collect();
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.shuffle(random);
    let mut queue = VecDeque::from(order);
    let mut queued = vec![true; count];
    let mut links = Links::new(count);

    while let Some(node) = queue.pop_front() {
        let index = node as usize;
        queued[index] = false;
        let old = community[index];
        let own = graph.strength(index);
        links.gather(graph, index, |target| Some(community[target]));
        strength[old as usize] -= own;
        members[old as usize] -= 1;

        let gain = |to: u32, weight: f64| weight - factor * own * strength[to as usize];
        let mut best = (old, gain(old, links.to(old)));
        for &candidate in &links.touched {
            let value = gain(candidate, links.to(candidate));
            if value > best.1 + LEAST_GAIN {
                best = (candidate, value);
            }
        }
        if best.1 < -LEAST_GAIN && members[old as usize] > 0 {
            // Alone it is better off.
            if let Some(&free) = empty.last() {
                best = (free, 0.0);
            }
        }
        let new = best.0;
        if new != old {
            if members[new as usize] == 0 {
                empty.pop(); // only the last free one is ever offered
            }
            if members[old as usize] == 0 {
                empty.push(old);
            }
            community[index] = new;
            for &(target, _) in graph.edges(index) {
                let target = target as usize;
                if !queued[target] && community[target] != new {
                    queued[target] = true;
                    queue.push_back(target as u32);
                }
            }
        }
        strength[new as usize] += own;
        members[new as usize] += 1;
    }
}

/// Splits every community into parts that hold together: beginning with single nodes, a node that is well connected
/// to the rest of its community joins one of the well connected parts in it, by chance among those that gain.
fn refine(graph: &Graph, community: &[u32], resolution: f64, random: &mut Xoshiro256PlusPlus) -> Vec<u32> {
    let count = graph.len();
    let factor = resolution / graph.total();
    let mut community_strength = vec![0.0; count];
    for node in 0..count {
        community_strength[community[node] as usize] += graph.strength(node);
    }
    let mut part: Vec<u32> = (0..count as u32).collect();
    let mut strength: Vec<f64> = (0..count).map(|node| graph.strength(node)).collect();
    let mut alone = vec![true; count];
    // Weight between a part and the rest of its community.
    let mut outward: Vec<f64> = (0..count)
        .map(|node| {
            let within = graph.edges(node).iter().filter(|edge| community[edge.0 as usize] == community[node]);
            within.map(|edge| edge.1).sum()
        })
        .collect();
    let well_connected =
        |outward: f64, strength: f64, whole: f64| outward >= factor * strength * (whole - strength) - LEAST_GAIN;
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.shuffle(random);
    let mut links = Links::new(count);
    let mut choices: Vec<(u32, f64)> = Vec::new();

    for node in order {
        let index = node as usize;
        let whole = community_strength[community[index] as usize];
        let own = graph.strength(index);
        if !alone[index] || !well_connected(outward[index], own, whole) {
            continue;
        }
        links.gather(graph, index, |target| (community[target] == community[index]).then_some(part[target]));
        choices.clear();
        let mut greatest = 0.0_f64;
        for &candidate in &links.touched {
            let other = candidate as usize;
            if !well_connected(outward[other], strength[other], whole) {
                continue;
            }
            let gain = links.to(candidate) - factor * own * strength[other];
            if gain > LEAST_GAIN {
                greatest = greatest.max(gain);
                choices.push((candidate, gain));
            }
        }
        // Staying alone gains nothing and is a choice too, as in the paper. Gains are taken relative to the greatest,
        // so that chance does not depend on the scale of the weights.
        let Some(chosen) = draw(&choices, greatest, random) else { continue };
        let target = chosen as usize;
        let between = links.to(chosen);
        outward[target] += outward[index] - 2.0 * between;
        strength[target] += own;
        part[index] = chosen;
        alone[index] = false;
        alone[target] = false;
    }
    part
}

/// One of `choices` with probability proportional to exp(gain / (θ greatest)), or `None` for staying alone.
fn draw(choices: &[(u32, f64)], greatest: f64, random: &mut Xoshiro256PlusPlus) -> Option<u32> {
    let weight = |gain: f64| ((gain / greatest - 1.0) / THETA).exp();
    let stay = (-1.0 / THETA).exp();
    let total: f64 = choices.iter().map(|&(_, gain)| weight(gain)).sum::<f64>() + stay;
    if choices.is_empty() {
        return None;
    }
    let mut rest = random.r#gen::<f64>() * total;
    for &(choice, gain) in choices {
        rest -= weight(gain);
        if rest <= 0.0 {
            return Some(choice);
        }
    }
    None
}

/// The weights from one node to each of the groups around it: a dense array that is cleared by what was touched.
struct Links {
    weight: Vec<f64>,
    touched: Vec<u32>,
}

impl Links {
    fn new(count: usize) -> Self {
        Self { weight: vec![0.0; count], touched: Vec::new() }
    }

    fn gather(&mut self, graph: &Graph, node: usize, group: impl Fn(usize) -> Option<u32>) {
        for &touched in &self.touched {
            self.weight[touched as usize] = 0.0;
        }
        self.touched.clear();
        for &(target, weight) in graph.edges(node) {
            if let Some(group) = group(target as usize) {
                let sum = &mut self.weight[group as usize];
                if *sum == 0.0 {
                    self.touched.push(group);
                }
                *sum += weight;
            }
        }
    }

    fn to(&self, group: u32) -> f64 {
        self.weight[group as usize]
    }
}

/// Numbers the groups from 0 in the order of their first members; returns how many there are.
fn number(groups: &mut [u32]) -> usize {
    let mut names = vec![u32::MAX; groups.len()];
    let mut next = 0;
    for group in groups.iter_mut() {
        let name = &mut names[*group as usize];
        if *name == u32::MAX {
            *name = next;
            next += 1;
        }
        *group = *name;
    }
    next as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(count: usize, edges: &[(u32, u32)]) -> Graph {
        let ends = edges.iter().flat_map(|&(a, b)| [(a, b, 1.0), (b, a, 1.0)]).collect();
        Graph::new(count, ends, vec![0.0; count])
    }

    fn find(graph: &Graph, resolution: f64, seed: u64) -> Vec<u32> {
        communities(graph, LeidenOptions { resolution, seed }, None, &Job::quiet()).unwrap()
    }

    fn clique(nodes: std::ops::Range<u32>) -> Vec<(u32, u32)> {
        nodes.clone().flat_map(|a| (a + 1..nodes.end).map(move |b| (a, b))).collect()
    }

    #[test]
    fn a_ring_of_cliques_falls_into_its_cliques() {
        let mut edges = Vec::new();
        for clique_number in 0..8_u32 {
            edges.extend(clique(clique_number * 6..clique_number * 6 + 6));
            edges.push((clique_number * 6, (clique_number * 6 + 7) % 48));
        }
        let graph = graph(48, &edges);
        for seed in 0..5 {
            let found = find(&graph, 1.0, seed);
            let expected: Vec<u32> = (0..48).map(|node| node / 6).collect();
            assert_eq!(found, expected, "seed {seed}");
        }
    }

    #[test]
    fn the_karate_club_reaches_its_known_best_modularity() {
        // W. W. Zachary 1977; the greatest modularity of this graph is known: 0.4198.
        const EDGES: &[(u32, &[u32])] = &[
            (0, &[1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31]),
            (1, &[2, 3, 7, 13, 17, 19, 21, 30]),
            (2, &[3, 7, 8, 9, 13, 27, 28, 32]),
            (3, &[7, 12, 13]),
            (4, &[6, 10]),
            (5, &[6, 10, 16]),
            (6, &[16]),
            (8, &[30, 32, 33]),
            (9, &[33]),
            (13, &[33]),
            (14, &[32, 33]),
            (15, &[32, 33]),
            (18, &[32, 33]),
            (19, &[33]),
            (20, &[32, 33]),
            (22, &[32, 33]),
            (23, &[25, 27, 29, 32, 33]),
            (24, &[25, 27, 31]),
            (25, &[31]),
            (26, &[29, 33]),
            (27, &[33]),
            (28, &[31, 33]),
            (29, &[32, 33]),
            (30, &[32, 33]),
            (31, &[32, 33]),
            (32, &[33]),
        ];
        let edges: Vec<(u32, u32)> = EDGES.iter().flat_map(|&(a, list)| list.iter().map(move |&b| (a, b))).collect();
        assert_eq!(edges.len(), 78);
        let graph = graph(34, &edges);
        let best = (0..5).map(|seed| quality(&graph, &find(&graph, 1.0, seed), 1.0)).fold(f64::MIN, f64::max);
        assert!((best - 0.4198).abs() < 1e-4, "{best}");
    }

    #[test]
    fn every_community_is_connected_and_the_seed_decides() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let edges: Vec<(u32, u32)> =
            (0..1200).map(|_| (random.gen_range(0..400), random.gen_range(0..400))).filter(|(a, b)| a != b).collect();
        let graph = graph(400, &edges);
        for resolution in [0.5, 1.0, 4.0] {
            let found = find(&graph, resolution, 9);
            assert_eq!(found, find(&graph, resolution, 9));
            for wanted in 0..=*found.iter().max().unwrap() {
                let members: Vec<usize> = (0..400).filter(|&node| found[node] == wanted).collect();
                let mut reached = vec![members[0]];
                let mut position = 0;
                while position < reached.len() {
                    for &(target, _) in graph.edges(reached[position]) {
                        let target = target as usize;
                        if found[target] == wanted && !reached.contains(&target) {
                            reached.push(target);
                        }
                    }
                    position += 1;
                }
                assert_eq!(reached.len(), members.len(), "community {wanted} at resolution {resolution}");
            }
        }
    }

    #[test]
    fn what_was_there_stays_unless_another_partition_is_worth_it() {
        let mut edges = Vec::new();
        for clique_number in 0..6_u32 {
            edges.extend(clique(clique_number * 6..clique_number * 6 + 6));
            edges.push((clique_number * 6, (clique_number * 6 + 7) % 36));
        }
        // A newcomer that knows three of the second clique.
        edges.extend([(36, 6), (36, 7), (36, 8)]);
        let graph = graph(37, &edges);
        let from = |start: &dyn Fn(u32) -> u32| {
            let start = Some((0..37).map(start).collect());
            communities(&graph, LeidenOptions { resolution: 1.0, seed: 3 }, start, &Job::quiet()).unwrap()
        };
        let cliques: Vec<u32> = (0..36).map(|node| node / 6).chain([1]).collect();
        assert_eq!(from(&|node| node / 6), cliques, "the newcomer finds its place");
        assert_eq!(from(&|node| 9 - (node / 6).min(5)), cliques, "whatever the numbers are");
        // Two cliques in one are worth splitting, and so is one that lies in two places.
        assert_eq!(from(&|node| node / 12), cliques);
        assert_eq!(from(&|node| if node < 6 || (18..24).contains(&node) { 30 } else { node / 6 }), cliques);
    }

    #[test]
    fn nodes_without_edges_stay_alone() {
        assert_eq!(find(&graph(3, &[]), 1.0, 0), [0, 1, 2]);
        assert_eq!(find(&graph(4, &[(1, 3)]), 1.0, 0), [0, 1, 2, 1]);
        assert!(find(&graph(0, &[]), 1.0, 0).is_empty());
    }
}
