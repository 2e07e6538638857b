//! Where do labels stand that would cover one another?

/// Moves labels as little as possible (in squares) so that neighbours are at least `spacing` apart and all lie
/// within `top..=bottom` where there is room. In the order of `wanted`.
///
/// Neighbours that would touch are pooled and stand around their common middle: isotonic regression by pooling
/// adjacent violators, after taking the spacing out.
pub fn spread(wanted: &[f64], spacing: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    let mut pools: Vec<(f64, f64)> = Vec::new(); // sum, count
    for (rank, &index) in order.iter().enumerate() {
        let mut pool = (wanted[index] - rank as f64 * spacing, 1.0);
        while let Some(&(sum, count)) = pools.last() {
            if sum / count <= pool.0 / pool.1 {
                break;
            }
            pool = (pool.0 + sum, pool.1 + count);
            pools.pop();
        }
        pools.push(pool);
    }
    let lowest = (bottom - wanted.len().saturating_sub(1) as f64 * spacing).max(top);
    let middles = pools.iter().flat_map(|&(sum, count)| std::iter::repeat_n(sum / count, count as usize));
    let mut placed = vec![0.0; wanted.len()];
    for (rank, (&index, middle)) in order.iter().zip(middles).enumerate() {
        placed[index] = middle.clamp(top, lowest) + rank as f64 * spacing;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_place_unless_they_touch() {
        assert_eq!(spread(&[10.0, 50.0, 30.0], 13.0, 0.0, 100.0), [10.0, 50.0, 30.0]);
        assert_eq!(spread(&[40.0, 40.0, 90.0], 10.0, 0.0, 100.0), [35.0, 45.0, 90.0]);
        assert_eq!(spread(&[99.0, 98.0], 10.0, 0.0, 100.0), [100.0, 90.0]);
        assert_eq!(spread(&[0.0, 1.0], 10.0, 0.0, 100.0), [0.0, 10.0]);
        assert_eq!(spread(&[], 10.0, 0.0, 100.0), Vec::<f64>::new());
    }
}
