//! Who is whose neighbour, as an undirected graph with weights?

use super::neighbours::Neighbours;

/// An undirected graph. Each edge stands at both its ends; what a node holds inside itself (after aggregation) stands
/// in `own`, counted twice, as its two ends would be.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    /// `edges[starts[i]..starts[i + 1]]` are the edges of node `i`, by ascending target.
    starts: Vec<usize>,
    edges: Vec<(u32, f64)>,
    own: Vec<f64>,
    /// Sum of a node's weights, its own included.
    strengths: Vec<f64>,
}

impl Graph {
    pub fn len(&self) -> usize {
        self.own.len()
    }

    pub fn edges(&self, node: usize) -> &[(u32, f64)] {
        &self.edges[self.starts[node]..self.starts[node + 1]]
    }

    pub fn strength(&self, node: usize) -> f64 {
        self.strengths[node]
    }

    /// What a node holds inside itself.
    pub fn own(&self, node: usize) -> f64 {
        self.own[node]
    }

    /// Twice the weight of all edges.
    pub fn total(&self) -> f64 {
        self.strengths.iter().sum()
    }

    /// From lists of (node, node, weight), each edge once in either direction; repeated ones are added up.
    pub fn new(count: usize, mut ends: Vec<(u32, u32, f64)>, own: Vec<f64>) -> Self {
        debug_assert_eq!(own.len(), count);
        ends.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
        let mut starts = Vec::with_capacity(count + 1);
        let mut edges: Vec<(u32, f64)> = Vec::with_capacity(ends.len());
        let mut position = 0;
        for node in 0..count as u32 {
            let start = edges.len();
            starts.push(start);
            while let Some(&(_, target, weight)) = ends.get(position).filter(|end| end.0 == node) {
                match edges[start..].last() {
                    Some(&(last, _)) if last == target => {
                        let last = edges.len() - 1;
                        edges[last].1 += weight;
                    }
                    _ => edges.push((target, weight)),
                }
                position += 1;
            }
        }
        starts.push(edges.len());
        let strengths = (0..count)
            .map(|node| own[node] + edges[starts[node]..starts[node + 1]].iter().map(|edge| edge.1).sum::<f64>())
            .collect();
        Self { starts, edges, own, strengths }
    }

    /// The same graph without the edges between groups. Strengths stay, as if the missing weight were each node's own.
    pub fn within(&self, group: &[u32]) -> Self {
        let mut own = self.own.clone();
        let mut ends = Vec::with_capacity(self.edges.len());
        for node in 0..self.len() {
            for &(target, weight) in self.edges(node) {
                if group[target as usize] == group[node] {
                    ends.push((node as u32, target, weight));
                } else {
                    own[node] += weight;
                }
            }
        }
        Self::new(self.len(), ends, own)
    }

    /// One node for each group; what joined two members of one group becomes the group's own.
    pub fn aggregate(&self, group: &[u32], groups: usize) -> Self {
        let mut own = vec![0.0; groups];
        let mut ends = Vec::with_capacity(self.edges.len());
        for node in 0..self.len() {
            let from = group[node];
            own[from as usize] += self.own[node];
            for &(target, weight) in self.edges(node) {
                let to = group[target as usize];
                if to == from {
                    own[from as usize] += weight;
                } else {
                    ends.push((from, to, weight));
                }
            }
        }
        Self::new(groups, ends, own)
    }
}

/// Joins each row with its nearest. The weight of a pair is the mean of the two directions (a one-sided neighbour
/// counts half), each the cosine. Steeper weights (its fourth power) and shared neighbours (Jaccard) were measured to
/// give the same themes or worse.
///
/// `own` says of each row how often it is its own neighbour, which counts as often as it has others: so is what many
/// said and nothing else is near to. It would be joined, for want of anything better, to what it has nothing to do with.
pub(super) fn from_neighbours(neighbours: &Neighbours, own: Vec<u64>) -> Graph {
    let count = own.len();
    let mut ends = Vec::with_capacity(neighbours.found.len() * 2);
    for row in 0..count {
        for &(other, cosine) in neighbours.of(row) {
            let weight = 0.5 * f64::from(cosine.max(1e-3));
            ends.push((row as u32, other, weight));
            ends.push((other, row as u32, weight));
        }
    }
    let own = own.into_iter().map(|times| times.min(neighbours.per_row as u64) as f64).collect();
    Graph::new(count, ends, own)
}
