//! How strongly does each text hold on to its neighbours?
//!
//! The fuzzy simplicial set of UMAP (L. McInnes, J. Healy, J. Melville, "UMAP: Uniform Manifold Approximation and
//! Projection for Dimension Reduction", 2018, sections 3.1 and 4.1): distances are measured from the nearest neighbour
//! on, in a unit of each text's own, so that crowded and lonely texts hold on to as many others; what either of two
//! says of their bond is joined by `a + b - ab`.

use rayon::prelude::*;

use super::matrix::Neighbours;

/// Who is joined to whom how strongly, each edge at both its ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Bonds {
    /// `edges[starts[i]..starts[i + 1]]` are those of text `i`, by ascending target.
    starts: Vec<usize>,
    edges: Vec<(u32, f32)>,
}

impl Bonds {
    pub fn of(&self, text: usize) -> &[(u32, f32)] {
        &self.edges[self.starts[text]..self.starts[text + 1]]
    }

    pub fn strongest(&self) -> f32 {
        self.edges.iter().map(|edge| edge.1).fold(0.0, f32::max)
    }

    /// From lists of each text's own.
    pub fn from_lists(lists: impl Iterator<Item = Vec<(u32, f32)>>) -> Self {
        let mut bonds = Self { starts: vec![0], edges: Vec::new() };
        for list in lists {
            bonds.edges.extend(list);
            bonds.starts.push(bonds.edges.len());
        }
        bonds
    }
}

/// What a text says of its neighbours, in their order; 0 to 1. The first has 1.
pub(super) fn memberships(neighbours: &[(u32, f32)]) -> Vec<f32> {
    const ROUNDS: usize = 64;
    let distances: Vec<f32> = neighbours.iter().map(|&(_, cosine)| (1.0 - cosine).max(0.0)).collect();
    // Twins at no distance at all are not what the others are measured from.
    let nearest = distances.iter().copied().find(|&distance| distance > 1e-6).unwrap_or(0.0);
    let mean = distances.iter().sum::<f32>() / distances.len().max(1) as f32;
    let wanted = (distances.len().max(2) as f32).log2();
    let said = |distance: f32, unit: f32| if distance <= nearest { 1.0 } else { (-(distance - nearest) / unit).exp() };
    // The unit at which the memberships sum up to log2(k), by bisection.
    let (mut low, mut high, mut unit) = (0.0_f32, f32::INFINITY, 1.0_f32);
    for _ in 0..ROUNDS {
        let sum: f32 = distances.iter().map(|&distance| said(distance, unit)).sum();
        if (sum - wanted).abs() < 1e-5 {
            break;
        }
        if sum > wanted {
            high = unit;
            unit = (low + high) / 2.0;
        } else {
            low = unit;
            unit = if high.is_finite() { (low + high) / 2.0 } else { unit * 2.0 };
        }
    }
    let unit = unit.max(1e-3 * mean).max(1e-9);
    distances.into_iter().map(|distance| said(distance, unit)).collect()
}

/// Joins what both ends say.
pub(super) fn bonds(neighbours: &Neighbours, count: usize) -> Bonds {
    let per_row = neighbours.per_row;
    if per_row == 0 {
        return Bonds { starts: vec![0; count + 1], edges: Vec::new() };
    }
    let said: Vec<f32> = (0..count).into_par_iter().flat_map_iter(|row| memberships(neighbours.of(row))).collect();
    // Who names whom, sorted by target: both directions of a pair meet.
    let mut starts = vec![0_usize; count + 1];
    for &(other, _) in &neighbours.found {
        starts[other as usize + 1] += 1;
    }
    for text in 0..count {
        starts[text + 1] += starts[text];
    }
    let mut free = starts.clone();
    let mut named_by = vec![(0_u32, 0.0_f32); neighbours.found.len()];
    for row in 0..count {
        for (place, &(other, _)) in neighbours.of(row).iter().enumerate() {
            let slot = &mut free[other as usize];
            named_by[*slot] = (row as u32, said[row * per_row + place]);
            *slot += 1;
        }
    }
    let lists: Vec<Vec<(u32, f32)>> = (0..count)
        .into_par_iter()
        .map(|row| {
            let own = neighbours.of(row).iter().zip(&said[row * per_row..]).map(|(&(other, _), &said)| (other, said));
            let mut list: Vec<(u32, f32)> = own.chain(named_by[starts[row]..starts[row + 1]].iter().copied()).collect();
            list.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            // `a + b - ab` where both name each other.
            list.dedup_by(|second, first| {
                let same = second.0 == first.0;
                if same {
                    first.1 += second.1 - first.1 * second.1;
                }
                same
            });
            list
        })
        .collect();
    Bonds::from_lists(lists.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memberships_sum_up_to_the_logarithm_whatever_the_distances() {
        for step in [0.001_f32, 0.02] {
            let neighbours: Vec<(u32, f32)> = (0..15).map(|place| (place, 0.95 - step * place as f32)).collect();
            let said = memberships(&neighbours);
            assert_eq!(said[0], 1.0);
            assert!((said.iter().sum::<f32>() - 15_f32.log2()).abs() < 0.01);
            assert!(said.windows(2).all(|pair| pair[0] >= pair[1]));
        }
        // Twins do not make everybody else far.
        let twins: Vec<(u32, f32)> =
            (0..15).map(|place| (place, if place < 2 { 1.0 } else { 0.92 - 0.01 * place as f32 })).collect();
        let said = memberships(&twins);
        assert!(said[2] == 1.0 && said[3] > 0.1, "{said:?}");
        assert!(memberships(&[(0, 1.0); 15]).iter().all(|&said| said == 1.0));
    }

    #[test]
    fn a_bond_stands_at_both_its_ends_and_is_stronger_where_both_name_it() {
        // 2 names 0, which does not name it back; 0 and 1 name each other.
        let neighbours = Neighbours { per_row: 1, found: vec![(1, 0.9), (0, 0.9), (0, 0.5)] };
        let bonds = bonds(&neighbours, 3);
        assert_eq!(bonds.of(0), [(1, 1.0), (2, 1.0)]);
        assert_eq!(bonds.of(1), [(0, 1.0)]);
        assert_eq!(bonds.of(2), [(0, 1.0)]);
        let lists = Bonds::from_lists([vec![(1, 0.5)], vec![]].into_iter());
        assert_eq!((lists.of(0), lists.of(1), lists.strongest()), (&[(1, 0.5)][..], &[][..], 0.5));
    }
}
