//! What is drawn from a seed, the same on every machine and with every version of every library.

/// `SplitMix64` of Steele, Lea and Flood: a few lines that no update of a library changes.
#[derive(Clone, Debug)]
pub struct Dice(u64);

/// What the state moves on by; seeds that are multiples of it apart give one sequence, shifted.
const STRIDE: u64 = 0x9E37_79B9_7F4A_7C15;

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One of many that are drawn from the same seed and say nothing of each other.
    pub fn apart(seed: u64, number: u64) -> Self {
        Self(mixed(mixed(seed.wrapping_add(STRIDE)) ^ number))
    }

    /// From 0 to `end`, which is excluded and far below 2^64, so that the bias is nothing.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `things`, of which there must be some.
    pub fn one<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len() as u64) as usize]
    }

    /// From 0 to below 1.
    pub fn fraction(&mut self) -> f64 {
        const BITS: u32 = f64::MANTISSA_DIGITS;
        (self.next() >> (u64::BITS - BITS)) as f64 / (1_u64 << BITS) as f64
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STRIDE);
        mixed(self.0)
    }
}

fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Dice, STRIDE};

    /// The first numbers of the algorithm's published implementation.
    #[test]
    fn the_numbers_are_those_of_splitmix() {
        let check = |seed: u64, wanted: [u64; 3]| {
            let mut dice = Dice::new(seed);
            assert_eq!([dice.next(), dice.next(), dice.next()], wanted, "seed {seed}");
        };
        check(0, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
        check(1_234_567, [0x599E_D017_FB08_FC85, 0x2C73_F084_5854_0FA5, 0x883E_BCE5_A3F2_7C77]);
    }

    #[test]
    fn a_fraction_is_never_one() {
        let mut dice = Dice::new(0);
        let fractions: Vec<f64> = (0..1000).map(|_| dice.fraction()).collect();
        assert!(fractions.iter().all(|it| (0.0..1.0).contains(it)));
        assert!((0.45..0.55).contains(&(fractions.iter().sum::<f64>() / 1000.0)));
    }

    #[test]
    fn what_is_apart_is_not_the_same_sequence_shifted() {
        let drawn = |mut dice: Dice| -> Vec<u64> { (0..8).map(|_| dice.next()).collect() };
        let shifted = [drawn(Dice::new(7)), drawn(Dice::new(7 + STRIDE))];
        assert_eq!(shifted[0][1..], shifted[1][..7]);
        let mut all: Vec<u64> = (0..4).flat_map(|number| drawn(Dice::apart(7, number))).collect();
        all.extend(drawn(Dice::apart(8, 0)));
        all.extend(drawn(Dice::new(7)));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 48);
    }
}
