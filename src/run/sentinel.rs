//! A fixed piece of work between runs: what changes about it changed about the machine.

use std::hint::black_box;
use std::time::Instant;

use crate::stats::SplitMix64;

/// Steps of arithmetic, and as many through memory.
const STEPS: u32 = 4_000_000;

/// More than most processors keep near them, in words of 8 bytes.
const WORDS: usize = 1 << 20;

/// How long the piece of work takes now, s: about a tenth of a second.
pub(super) fn sentinel() -> f64 {
    let mut memory: Vec<u64> = (0..WORDS as u64).collect();
    let mut random = SplitMix64::new(1);
    let begin = Instant::now();
    let mut sum = 0_u64;
    for _ in 0..STEPS {
        sum = sum.wrapping_add(random.bits());
    }
    for _ in 0..STEPS / 4 {
        let place = random.below(WORDS as u32) as usize;
        if let Some(word) = memory.get_mut(place) {
            *word = word.wrapping_add(sum);
            sum ^= *word;
        }
    }
    black_box(sum);
    begin.elapsed().as_secs_f64()
}
