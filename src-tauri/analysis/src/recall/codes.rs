//! How is a vector kept in two bytes a number, the first of which is enough to find it?
//!
//! A number is `scale * (coarse + fine / 254)` with both parts in -127..=127 and a scale of the row's own (its largest
//! number over 127). The coarse byte alone is what is scanned; with the fine one, a number is off by at most 1.6e-5 of the
//! row's largest (1 / 127 / 254 / 2), and cosines by about a millionth. That is half the memory of f32: 1 000 000 vectors
//! of 384 take 0.77 GB.

/// Steps of the coarse part on each side of 0.
const STEPS: f32 = 127.0;
/// Steps of the fine part to one of the coarse part.
const FINE_STEPS: f32 = 254.0;

/// What a row is beside its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coded {
    /// One step of the coarse part; not a number where the vector is none.
    pub scale: f32,
    /// Length of what the coarse part leaves out, rounded up.
    pub rest: f32,
}

/// Appends a row to both planes.
pub(super) fn encode(vector: &[f32], coarse: &mut Vec<i8>, fine: &mut Vec<i8>) -> Coded {
    let largest = vector.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    if !vector.iter().all(|value| value.is_finite()) {
        // Every comparison with it fails, so it is never found.
        coarse.resize(coarse.len() + vector.len(), 0);
        fine.resize(fine.len() + vector.len(), 0);
        return Coded { scale: f32::NAN, rest: f32::NAN };
    }
    let scale = largest / STEPS;
    // A scale so small that dividing by it leaves the numbers, or none at all: nothing but zeros.
    let steps = if scale > f32::MIN_POSITIVE { 1.0 / scale } else { 0.0 };
    let mut rest = 0.0_f64;
    for &value in vector {
        let exact = value * steps;
        let near = exact.round().clamp(-STEPS, STEPS);
        let between = ((exact - near) * FINE_STEPS).round().clamp(-STEPS, STEPS);
        coarse.push(near as i8);
        fine.push(between as i8);
        rest += f64::from(between / FINE_STEPS * scale).powi(2);
    }
    Coded { scale, rest: (rest.sqrt() * 1.0001) as f32 + f32::EPSILON }
}

/// The numbers of a row again.
pub(super) fn decode(coarse: &[i8], fine: &[i8], coded: Coded) -> Vec<f32> {
    coarse.iter().zip(fine).map(|(&coarse, &fine)| coded.scale * value(coarse, fine)).collect()
}

/// The product of a row with a question, in f32.
pub(super) fn exact(question: &[f32], coarse: &[i8], fine: &[i8], coded: Coded) -> f32 {
    const LANES: usize = 16;
    // Sixteen sums side by side, which the compiler turns into vector instructions; always in this order.
    let mut sums = [0.0_f32; LANES];
    let mut questions = question.chunks_exact(LANES);
    let (mut coarses, mut fines) = (coarse.chunks_exact(LANES), fine.chunks_exact(LANES));
    for ((question, coarse), fine) in (&mut questions).zip(&mut coarses).zip(&mut fines) {
        for lane in 0..LANES {
            sums[lane] += question[lane] * value(coarse[lane], fine[lane]);
        }
    }
    let ends = questions.remainder().iter().zip(coarses.remainder()).zip(fines.remainder());
    let end: f32 = ends.map(|((question, &coarse), &fine)| question * value(coarse, fine)).sum();
    (sums.iter().sum::<f32>() + end) * coded.scale
}

fn value(coarse: i8, fine: i8) -> f32 {
    f32::from(coarse) + f32::from(fine) / FINE_STEPS
}

/// A question as it is scanned for: 16 bits a number, so that what is left out is next to nothing.
#[derive(Debug)]
pub(super) struct Question {
    pub exact: Vec<f32>,
    pub steps: Vec<i16>,
    pub scale: f32,
    /// How far a scanned product may be from the exact one: `error + slope * rest`, of the row's rest.
    pub error: f32,
    pub slope: f32,
}

impl Question {
    /// Of a vector of length 1.
    pub fn new(exact: Vec<f32>) -> Self {
        // No sum of products with bytes may pass i32.
        let room = i32::MAX as usize / (STEPS as usize * exact.len().max(1));
        let most = room.min(i16::MAX as usize) as f32;
        let largest = exact.iter().fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
        let scale = largest / most;
        let steps: Vec<i16> = exact.iter().map(|value| (value / scale).round() as i16).collect();
        let left_out = exact.iter().zip(&steps).map(|(value, &step)| (value - scale * f32::from(step)).powi(2));
        let left_out = left_out.sum::<f32>().sqrt();
        // By Cauchy and Schwarz, with q the question, x a row, q' and x' as they are scanned:
        // |qx - q'x'| <= |q| |x - x'| + |q - q'| |x'|, where |x'| <= 1 + |x - x'|. The rest is for rounding in f32.
        Self { exact, steps, scale, error: left_out * 1.001 + 1e-5, slope: 1.001 + left_out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_and_its_rest_is_what_the_coarse_part_leaves_out() {
        let vector: Vec<f32> = (0..50).map(|i| ((i * 37 % 50) as f32 - 25.0) / 145.0).collect();
        let (mut coarse, mut fine) = (Vec::new(), Vec::new());
        let coded = encode(&vector, &mut coarse, &mut fine);
        let back = decode(&coarse, &fine, coded);
        assert!(vector.iter().zip(&back).all(|(a, b)| (a - b).abs() < 4e-6));
        let left_out: f32 =
            back.iter().zip(&coarse).map(|(b, &c)| (b - coded.scale * f32::from(c)).powi(2)).sum::<f32>().sqrt();
        assert!(left_out <= coded.rest && coded.rest < left_out * 1.01, "{left_out} {}", coded.rest);
        let plain: f32 = vector.iter().map(|value| value * value).sum();
        assert!((exact(&vector, &coarse, &fine, coded) - plain).abs() < 1e-5);
    }

    #[test]
    fn zeros_and_what_is_no_number_are_kept_as_such() {
        for (vector, sum) in [([0.0, 0.0], 0.0), ([1e-42, 0.0], 0.0)] {
            let (mut coarse, mut fine) = (Vec::new(), Vec::new());
            let coded = encode(&vector, &mut coarse, &mut fine);
            assert!((exact(&[0.6, 0.8], &coarse, &fine, coded) - sum).abs() < 1e-30);
        }
        let coded = encode(&[f32::INFINITY, 0.0], &mut Vec::new(), &mut Vec::new());
        assert!(coded.scale.is_nan());
    }
}
