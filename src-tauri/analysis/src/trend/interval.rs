//! How far may a share, a mean or a difference be from what was counted?
//!
//! All intervals are two-sided at 95 %. The score interval is used for shares because it stays inside 0..1 and
//! keeps its coverage where shares are small and counts are few, which is where feedback lives: Brown, Cai and
//! DasGupta (2001), "Interval estimation for a binomial proportion", Statistical Science 16(2).

use hearback_domain::trend::Interval;

/// The 97.5 % quantile of the normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// The score interval of `hits / n`: Wilson (1927), JASA 22, 209-212. `None` for `n = 0`.
pub fn wilson(hits: u64, n: u64) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let hits = hits.min(n);
    let count = n as f64;
    let share = hits as f64 / count;
    let shrink = 1.0 + Z * Z / count;
    let centre = (share + Z * Z / (2.0 * count)) / shrink;
    let half = Z * (share * (1.0 - share) / count + Z * Z / (4.0 * count * count)).sqrt() / shrink;
    // The ends are exact at the edges, where rounding would leave 1e-17 instead of 0.
    let low = if hits == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if hits == n { 1.0 } else { (centre + half).min(1.0) };
    Some((low, high))
}

/// The normal interval of a mean, from the number of values, their sum and the sum of their squares.
/// `None` below two values, where nothing is known about their spread.
pub fn mean(n: u64, sum: f64, square_sum: f64) -> Option<Interval> {
    let half = Z * mean_variance(n, sum, square_sum)?.sqrt();
    let centre = sum / n as f64;
    Some((centre - half, centre + half))
}

/// The squared standard error of a mean. `None` below two values.
pub fn mean_variance(n: u64, sum: f64, square_sum: f64) -> Option<f64> {
    if n < 2 {
        return None;
    }
    let count = n as f64;
    // Cancellation may leave a hair below zero where all values are equal.
    let spread = (square_sum - sum * sum / count).max(0.0) / (count - 1.0);
    Some(spread / count)
}

/// The interval of `hits / n - base_hits / base_n`: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10
/// (two score intervals, combined). `None` where either count is 0.
pub fn difference(hits: u64, n: u64, base_hits: u64, base_n: u64) -> Option<Interval> {
    let (low, high) = wilson(hits, n)?;
    let (base_low, base_high) = wilson(base_hits, base_n)?;
    let share = hits as f64 / n as f64;
    let base = base_hits as f64 / base_n as f64;
    let middle = share - base;
    Some((
        (middle - (share - low).hypot(base_high - base)).max(-1.0),
        (middle + (high - share).hypot(base - base_low)).min(1.0),
    ))
}

/// Two-sided p-value of "both shares are the same": the score test with the pooled share. 1 where there is
/// nothing to compare.
pub fn difference_p(hits: u64, n: u64, base_hits: u64, base_n: u64) -> f64 {
    if n == 0 || base_n == 0 {
        return 1.0;
    }
    let (count, base_count) = (n as f64, base_n as f64);
    let pooled = (hits + base_hits) as f64 / (count + base_count);
    let variance = pooled * (1.0 - pooled) * (1.0 / count + 1.0 / base_count);
    if variance <= 0.0 {
        return 1.0;
    }
    let z = (hits as f64 / count - base_hits as f64 / base_count).abs() / variance.sqrt();
    two_sided(z)
}

/// The interval of `count / base_count` for two counts over equally long periods: given their sum, one of them
/// is binomial, and its score interval is carried over to the ratio (Przyborowski and Wilenski 1940).
/// `None` where `base_count` is 0.
pub fn ratio(count: u64, base_count: u64) -> Option<(f64, f64)> {
    if base_count == 0 {
        return None;
    }
    let (low, high) = wilson(count, count + base_count)?;
    Some((low / (1.0 - low), high / (1.0 - high)))
}

/// The chance of being at least `z` standard errors away from the middle, on either side.
pub fn two_sided(z: f64) -> f64 {
    complementary_error(z.abs() / std::f64::consts::SQRT_2)
}

/// erfc for `x >= 0`: the power series of erf where it is short, else the continued fraction (Abramowitz and
/// Stegun 7.1.6 and 7.1.14), so that small p-values keep their digits.
fn complementary_error(x: f64) -> f64 {
    let scale = (-x * x).exp() / std::f64::consts::PI.sqrt();
    if x < 2.0 {
        let mut term = 2.0 * x;
        let mut sum = term;
        let mut odd = 1.0;
        while term > 1e-17 {
            odd += 2.0;
            term *= 2.0 * x * x / odd;
            sum += term;
        }
        return 1.0 - scale * sum;
    }
    // From the innermost level outwards; 60 levels give full precision from x = 2 on.
    let tail = (1..=60).rev().fold(x, |inner, level| x + f64::from(level) / 2.0 / inner);
    scale / tail
}

/// Adjusted p-values that bound the share of false alarms among those called clear: Benjamini and Hochberg (1995),
/// JRSS B 57, 289-300. In the order of `p_values`.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]).then(a.cmp(&b)));
    let tests = p_values.len() as f64;
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least: f64 = 1.0;
    for (rank, &index) in order.iter().enumerate().rev() {
        least = least.min(p_values[index] * tests / (rank + 1) as f64);
        adjusted[index] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<Interval>, expected: Interval) {
        let (low, high) = found.expect("an interval");
        assert!((low - expected.0).abs() < 1e-6 && (high - expected.1).abs() < 1e-6, "{low} {high} {expected:?}");
    }

    // Reference: bisection on the score equation in Python; the first four also stand in Newcombe (1998),
    // "Two-sided confidence intervals for the single proportion", table I.
    #[test]
    fn shares_have_the_published_score_intervals() {
        close(wilson(81, 263), (0.255_289, 0.366_210));
        close(wilson(15, 148), (0.062_386, 0.160_487));
        close(wilson(0, 20), (0.0, 0.161_125));
        close(wilson(1, 29), (0.006_113, 0.171_755));
        close(wilson(20, 20), (0.838_875, 1.0));
        close(wilson(2062, 11_204), (0.176_975, 0.191_325));
        assert_eq!(wilson(0, 0), None);
    }

    // Newcombe (1998), method 10, table II a-h; the last is this program's own kind of question.
    #[test]
    fn differences_have_the_published_intervals() {
        close(difference(56, 70, 48, 80), (0.052_431, 0.333_873));
        close(difference(9, 10, 3, 10), (0.170_523, 0.809_018));
        close(difference(6, 7, 2, 7), (0.058_228, 0.806_250));
        close(difference(5, 56, 0, 29), (-0.038_137, 0.192_560));
        close(difference(0, 10, 0, 20), (-0.161_125, 0.277_533));
        close(difference(0, 10, 0, 10), (-0.277_533, 0.277_533));
        close(difference(10, 10, 0, 20), (0.679_086, 1.0));
        close(difference(10, 10, 0, 10), (0.607_509, 1.0));
        close(difference(683, 11_204, 240, 10_434), (0.032_698, 0.043_280));
        assert_eq!(difference(1, 2, 0, 0), None);
    }

    #[test]
    fn means_and_ratios_have_reference_intervals() {
        // 0.25 0.5 0.75 1 1 0
        close(mean(6, 3.5, 2.875), (0.256_672_669, 0.909_993_997));
        close(mean(3, 3.0, 3.0), (1.0, 1.0));
        assert_eq!(mean(1, 0.5, 0.25), None);
        close(ratio(120, 100), (0.921_008_345, 1.563_503_750));
        close(ratio(5, 1), (0.774_614_005, 32.274_138_919));
        assert_eq!(ratio(5, 0), None);
    }

    // Reference: Python's math.erfc.
    #[test]
    fn p_values_keep_their_digits_far_out() {
        for (z, p) in [
            (0.0, 1.0),
            (0.5, 6.170_750_774_520e-1),
            (1.96, 4.999_579_029_644e-2),
            (2.5, 1.241_933_065_155e-2),
            (2.9, 3.731_626_600_768e-3),
            (5.0, 5.733_031_437_584e-7),
            (10.0, 1.523_970_604_832e-23),
        ] {
            assert!((two_sided(z) / p - 1.0).abs() < 1e-9, "{z}: {} {p}", two_sided(z));
        }
        assert!((difference_p(56, 70, 48, 80) / 8.045_081e-3 - 1.0).abs() < 1e-6);
        assert!((difference_p(683, 11_204, 240, 10_434) / 2.324_305e-43 - 1.0).abs() < 1e-5);
        assert!(difference_p(0, 10, 0, 20) >= 1.0);
    }

    #[test]
    fn many_tests_are_adjusted_as_benjamini_and_hochberg_say() {
        let p_values = [0.205, 0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074];
        let expected = [0.205, 0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.074 * 8.0 / 7.0];
        for (found, expected) in benjamini_hochberg(&p_values).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}
