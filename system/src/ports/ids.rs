//! New identifiers. Random in production, drawn from a seed in a simulation.

use std::sync::atomic::{AtomicU64, Ordering};

pub trait Ids: Send + Sync {
    /// 128 fresh bits.
    fn next_bits(&self) -> u128;

    /// In the form of a version 4 UUID.
    fn next_id(&self) -> String {
        let hex = format!("{:032x}", self.next_bits());
        let (a, b, c, d) = (&hex[0..8], &hex[8..12], &hex[13..16], &hex[17..20]);
        format!("{a}-{b}-4{c}-a{d}-{}", &hex[20..32])
    }
}

/// The same identifiers in the same order for the same seed.
#[derive(Debug)]
pub struct SeededIds {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededIds {
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Ids for SeededIds {
    fn next_bits(&self) -> u128 {
        let nth = self.drawn.fetch_add(1, Ordering::Relaxed);
        let high = mix(self.seed ^ mix(nth));
        let low = mix(high ^ nth.wrapping_add(1));
        (u128::from(high) << 64) | u128::from(low)
    }
}

/// SplitMix64's finaliser.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_sequence_of_distinct_ids() {
        let draw = |seed| {
            let ids = SeededIds::new(seed);
            (0..1000).map(|_| ids.next_id()).collect::<Vec<_>>()
        };
        let first = draw(1);
        assert_eq!(first, draw(1));
        assert_ne!(first[0], draw(2)[0]);
        let distinct: std::collections::BTreeSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), first.len());
        assert_eq!(first[0].len(), 36);
        assert_eq!(&first[0][14..15], "4");
    }
}
