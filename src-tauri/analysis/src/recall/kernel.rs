//! How are a hundred thousand rows of bytes multiplied with a question in a few milliseconds?
//!
//! One function, compiled for each set of vector instructions and chosen when the program runs. Its sums are of integers
//! that cannot overflow, so every one of them gives the same.

/// The product of each row of `codes` with `question`, into `sums`. No number of a question is so large that a sum could
/// pass i32 (`codes::Question`).
pub(super) fn products(codes: &[i8], question: &[i16], sums: &mut Vec<i32>) {
    sums.clear();
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the processor was just asked whether it has these instructions, the one thing that the function
            // requires; within, it is safe code.
            return unsafe { avx512(codes, question, sums) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            return unsafe { avx2(codes, question, sums) };
        }
    }
    portable(codes, question, sums);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2")]
fn avx512(codes: &[i8], question: &[i16], sums: &mut Vec<i32>) {
    portable(codes, question, sums);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2(codes: &[i8], question: &[i16], sums: &mut Vec<i32>) {
    portable(codes, question, sums);
}

#[inline(always)]
fn portable(codes: &[i8], question: &[i16], sums: &mut Vec<i32>) {
    sums.extend(
        codes.chunks_exact(question.len()).map(|row| {
            row.iter().zip(question).map(|(&code, &number)| i32::from(code) * i32::from(number)).sum::<i32>()
        }),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    #[test]
    fn every_set_of_instructions_gives_the_same_integers() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
        for dimension in [1, 7, 31, 384, 385, 1024] {
            let most = (i32::MAX / (127 * dimension)).min(32767) as i16;
            let dimension = dimension as usize;
            let question: Vec<i16> = (0..dimension).map(|_| random.gen_range(-most..=most)).collect();
            let mut codes: Vec<i8> = (0..dimension * 9).map(|_| random.gen_range(-127..=127)).collect();
            // The largest sum there can be.
            codes.extend(question.iter().map(|number| if *number < 0 { -127 } else { 127 }));
            let wide: Vec<i64> = codes
                .chunks(dimension)
                .map(|row| row.iter().zip(&question).map(|(&c, &q)| i64::from(c) * i64::from(q)).sum())
                .collect();
            let mut sums = Vec::new();
            products(&codes, &question, &mut sums);
            assert_eq!(sums.iter().map(|&sum| i64::from(sum)).collect::<Vec<_>>(), wide);
            sums.clear();
            portable(&codes, &question, &mut sums);
            assert_eq!(sums.iter().map(|&sum| i64::from(sum)).collect::<Vec<_>>(), wide);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") {
                sums.clear();
                // SAFETY: the processor has these instructions.
                unsafe { avx2(&codes, &question, &mut sums) };
                assert_eq!(sums.iter().map(|&sum| i64::from(sum)).collect::<Vec<_>>(), wide);
            }
        }
    }
}
