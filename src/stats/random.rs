//! Numbers that look random and are the same on every machine.

/// SplitMix64: a small generator with a period of 2^64, and the same sequence for the same seed for ever.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. It is made for drawing
/// permutations and simulating, and not for secrets.
#[derive(Debug, Clone)]
pub struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    /// A generator that begins at `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to and without `bound`, each equally likely; 0 where `bound` is 0.
    ///
    /// Lemire, "Fast random integer generation in an interval", ACM Transactions on Modeling and Computer Simulation 29
    /// (2019): the few products that would make small numbers likelier are drawn again.
    pub const fn below(&mut self, bound: u32) -> u32 {
        loop {
            let product = (self.bits() >> 32) * bound as u64;
            let (number, rest) = ((product >> 32) as u32, product as u32);
            if bound <= rest || bound == 0 || bound.wrapping_neg() % bound <= rest {
                return number;
            }
        }
    }

    /// A number from 0 up to and without 1, in steps of 2^-53.
    pub const fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_as_published() {
        // The first outputs for the seed 1234567 of the reference implementation in C by Vigna, prng.di.unimi.it/splitmix64.c.
        let mut random = SplitMix64::new(1_234_567);
        assert_eq!(
            [random.bits(), random.bits(), random.bits()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn every_number_below_the_bound_is_equally_likely() {
        let mut random = SplitMix64::new(1);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[random.below(7) as usize] += 1;
        }
        // Five standard deviations of a binomial count are 463.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 463), "{counts:?}");
        assert_eq!((random.below(0), random.below(1)), (0, 0));
        assert!((0..1000).all(|_| (0.0..1.0).contains(&random.uniform())));
    }
}
