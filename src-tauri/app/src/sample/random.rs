//! Chance that is the same on every machine: Xoshiro256++, and nothing between it and the decision that a later
//! version of a library might do otherwise.

use rand_xoshiro::{
    Xoshiro256PlusPlus,
    rand_core::{RngCore, SeedableRng},
};

pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// Its own stream for every (seed, number).
    pub fn new(seed: u64, number: u64) -> Self {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..].copy_from_slice(&number.to_le_bytes());
        Self(Xoshiro256PlusPlus::from_seed(*blake3::hash(&key).as_bytes()))
    }

    /// 0 to 1, 1 excluded.
    pub fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// 0 to `count` - 1; 0 of nothing.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.0.next_u64()) * count as u128) >> 64) as usize
    }

    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(usize::try_from(high - low + 1).unwrap_or(1)) as i64
    }

    pub fn pick<'o, T: ?Sized>(&mut self, options: &[&'o T]) -> Option<&'o T> {
        options.get(self.below(options.len())).copied()
    }

    /// The place of one of `weights`, each as likely as it is heavy.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.share() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            if rest < *weight {
                return place;
            }
            rest -= weight;
        }
        weights.len().saturating_sub(1)
    }
}

/// An id in the form of a UUID, from what it names.
pub fn id(kind: &str, seed: u64, numbers: &[u64]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(kind.as_bytes());
    hasher.update(&seed.to_le_bytes());
    for number in numbers {
        hasher.update(&number.to_le_bytes());
    }
    let hex = hasher.finalize().to_hex();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32])
}
