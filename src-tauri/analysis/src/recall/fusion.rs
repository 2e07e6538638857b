//! How do two rankings that cannot be compared become one?

use std::collections::BTreeMap;

use hearback_domain::TextHash;

/// How little the first places are worth more than the next; Cormack et al. found the result insensitive to it.
const K: f64 = 60.0;

/// One ranking of several, best first: each place counts `1 / (60 + place)`, the lower hash first among equals.
///
/// Reciprocal rank fusion: Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual
/// Rank Learning Methods", SIGIR 2009.
pub fn fuse(rankings: &[Vec<TextHash>]) -> Vec<TextHash> {
    let mut scores: BTreeMap<TextHash, f64> = BTreeMap::new();
    for ranking in rankings {
        for (place, hash) in ranking.iter().enumerate() {
            *scores.entry(*hash).or_default() += 1.0 / (K + 1.0 + place as f64);
        }
    }
    let mut fused: Vec<(TextHash, f64)> = scores.into_iter().collect();
    fused.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    fused.into_iter().map(|(hash, _)| hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_have_comes_before_what_one_has_first() {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(TextHash::of);
        assert_eq!(fuse(&[vec![a, b], vec![c, b]])[0], b);
        assert_eq!(fuse(&[vec![d, a], vec![d]]), [d, a]);
        let mut equal = vec![a, c];
        equal.sort();
        assert_eq!(fuse(&[vec![a], vec![c]]), equal);
        assert!(fuse(&[]).is_empty());
    }
}
