//! How many values lie in each bucket, in memory that follows where values are.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::record::Precision;

/// The number of values in every bucket.
#[derive(Debug, Clone)]
pub(super) enum Counts {
    /// In buckets whose width doubles with each octave.
    Octaves(Octaves),
    /// By value.
    Values(HashMap<u64, u64, FixedState>),
}

/// Buckets by octave: 2^precision of them each.
#[derive(Debug, Clone)]
pub(super) struct Octaves {
    precision: u32,
    /// Which octave the first of `octaves` is.
    first: u32,
    octaves: Vec<Octave>,
}

#[derive(Debug, Clone)]
enum Octave {
    /// Slots with their counts, ascending: what a run of few requests needs.
    Few(Vec<(u32, u64)>),
    /// The count of every slot: what makes a record cost a few ns.
    All(Box<[u32]>),
    /// The same, where a count is too large for half of the memory.
    Wide(Box<[u64]>),
}

/// A share of the slots of an octave, above which each of them gets its place.
const FEW: usize = 16;

impl Counts {
    pub(super) fn new(precision: Precision) -> Self {
        match precision.as_bits() {
            Some(precision) => Self::Octaves(Octaves { precision, first: 0, octaves: Vec::new() }),
            None => Self::Values(HashMap::default()),
        }
    }

    /// Adds `count` values that are `value`.
    #[inline]
    pub(super) fn add(&mut self, value: u64, count: u64) {
        match self {
            Self::Octaves(octaves) => octaves.add(value, count),
            Self::Values(values) => *values.entry(value).or_default() += count,
        }
    }

    /// Adds the values of another one of the same precision or a finer one.
    pub(super) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Octaves(own), Self::Octaves(other)) if own.precision == other.precision => own.merge(other),
            (own, other) => other.ascending().into_iter().for_each(|(lower, count)| own.add(lower, count)),
        }
    }

    /// Lower edges and counts of the buckets that hold something, ascending.
    pub(super) fn ascending(&self) -> Vec<(u64, u64)> {
        match self {
            Self::Octaves(octaves) => octaves.ascending(),
            Self::Values(values) => {
                let mut values: Vec<(u64, u64)> = values.iter().map(|(value, count)| (*value, *count)).collect();
                values.sort_unstable();
                values
            }
        }
    }

    /// The place of a bucket among all that there could be, from 0.
    pub(super) fn index(&self, lower: u64) -> u64 {
        match self {
            Self::Octaves(octaves) => {
                let (octave, slot) = octaves.place(lower);
                (u64::from(octave) << octaves.precision) | u64::from(slot)
            }
            Self::Values(_) => lower,
        }
    }

    /// The lower edge of the bucket at a place; `None` where there is no such bucket.
    pub(super) fn lower_edge(&self, index: u64) -> Option<u64> {
        match self {
            Self::Octaves(octaves) => {
                let octave = u32::try_from(index >> octaves.precision).ok()?;
                // The mask has at most 20 bits.
                let slot = (index & octaves.mask()) as u32;
                (octave <= u64::BITS - octaves.precision).then(|| octaves.lower_edge(octave, slot))
            }
            Self::Values(_) => Some(index),
        }
    }

    /// The width of the bucket that `value` lies in, ticks.
    pub(super) fn width(&self, value: u64) -> u64 {
        match self {
            Self::Octaves(octaves) => 1 << octaves.place(value).0.saturating_sub(1),
            Self::Values(_) => 1,
        }
    }
}

impl Octaves {
    /// The octave of a value, and its slot there. The first octave is of the values below 2^precision, and the width of
    /// its slots is 1 like that of the next; from there on it doubles.
    #[inline]
    fn place(&self, value: u64) -> (u32, u32) {
        let octave = (u64::BITS - value.leading_zeros()).saturating_sub(self.precision);
        // The slot is below 2^20, as the precision is no more.
        (octave, ((value >> octave.saturating_sub(1)) & self.mask()) as u32)
    }

    fn mask(&self) -> u64 {
        (1 << self.precision) - 1
    }

    fn lower_edge(&self, octave: u32, slot: u32) -> u64 {
        match octave.checked_sub(1) {
            Some(shift) => ((1 << self.precision) | u64::from(slot)) << shift,
            None => u64::from(slot),
        }
    }

    #[inline]
    fn add(&mut self, value: u64, count: u64) {
        let (octave, slot) = self.place(value);
        self.add_to(octave, slot, count);
    }

    #[inline]
    fn add_to(&mut self, octave: u32, slot: u32, count: u64) {
        let index = octave.wrapping_sub(self.first) as usize;
        if let Some(Octave::All(counts)) = self.octaves.get_mut(index)
            && let Some(own) = counts.get_mut(slot as usize)
            && let Ok(sum) = u32::try_from(u64::from(*own).saturating_add(count))
        {
            *own = sum;
            return;
        }
        self.add_rare(octave, slot, count);
    }

    #[cold]
    fn add_rare(&mut self, octave: u32, slot: u32, count: u64) {
        if self.octaves.is_empty() {
            self.first = octave;
        }
        while octave < self.first {
            self.octaves.insert(0, Octave::Few(Vec::new()));
            self.first -= 1;
        }
        let index = (octave - self.first) as usize;
        while self.octaves.len() <= index {
            self.octaves.push(Octave::Few(Vec::new()));
        }
        let slots = 1_usize << self.precision;
        let Some(octave) = self.octaves.get_mut(index) else { return };
        octave.add(slot, count, slots);
    }

    fn merge(&mut self, other: &Self) {
        for (octave, slots) in (other.first..).zip(&other.octaves) {
            slots.each(|slot, count| self.add_to(octave, slot, count));
        }
    }

    fn ascending(&self) -> Vec<(u64, u64)> {
        let mut ascending = Vec::new();
        for (octave, slots) in (self.first..).zip(&self.octaves) {
            slots.each(|slot, count| ascending.push((self.lower_edge(octave, slot), count)));
        }
        ascending
    }
}

impl Octave {
    /// Adds to a slot, of which there are `slots`.
    fn add(&mut self, slot: u32, count: u64, slots: usize) {
        let place = slot as usize;
        match self {
            Self::Few(few) => match few.binary_search_by_key(&slot, |(slot, _)| *slot) {
                Ok(place) => {
                    if let Some((_, own)) = few.get_mut(place) {
                        *own += count;
                    }
                }
                Err(place) => {
                    few.insert(place, (slot, count));
                    if slots < few.len() * FEW {
                        self.become_all(slots);
                    }
                }
            },
            Self::All(counts) => {
                let Some(own) = counts.get_mut(place) else { return };
                match u32::try_from(u64::from(*own).saturating_add(count)) {
                    Ok(sum) => *own = sum,
                    Err(_) => {
                        let mut wide: Box<[u64]> = counts.iter().copied().map(u64::from).collect();
                        if let Some(own) = wide.get_mut(place) {
                            *own += count;
                        }
                        *self = Self::Wide(wide);
                    }
                }
            }
            Self::Wide(counts) => {
                if let Some(own) = counts.get_mut(place) {
                    *own += count;
                }
            }
        }
    }

    fn become_all(&mut self, slots: usize) {
        let few = std::mem::replace(self, Self::All(vec![0; slots].into_boxed_slice()));
        few.each(|slot, count| self.add(slot, count, slots));
    }

    /// Hands over the slots that hold something with their counts, ascending.
    fn each(&self, mut take: impl FnMut(u32, u64)) {
        match self {
            Self::Few(few) => few.iter().for_each(|&(slot, count)| take(slot, count)),
            Self::All(counts) => filled(counts, take),
            Self::Wide(counts) => filled(counts, take),
        }
    }
}

fn filled<T: Copy + Into<u64>>(counts: &[T], mut take: impl FnMut(u32, u64)) {
    for (slot, &count) in (0..).zip(counts) {
        let count = count.into();
        if 0 < count {
            take(slot, count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_double_with_each_octave() {
        let counts = Counts::new(Precision::bits(2));
        let widths = [(0, 1), (7, 1), (8, 2), (15, 2), (16, 4), (31, 4), (32, 8), (u64::MAX, 1 << 61)];
        for (value, width) in widths {
            assert_eq!(counts.width(value), width, "{value}");
        }
        assert_eq!(Counts::new(Precision::EXACT).width(1 << 40), 1);
    }

    #[test]
    fn a_value_lies_in_its_bucket() {
        for precision in [Precision::bits(2), Precision::DEFAULT, Precision::EXACT] {
            for value in [0, 1, 3, 4, 5, 7, 8, 13, 1023, 1024, 2047, 2048, 1 << 40, u64::MAX - 1, u64::MAX] {
                let mut counts = Counts::new(precision);
                counts.add(value, 3);
                let [(lower, 3)] = counts.ascending()[..] else { panic!("{counts:?}") };
                let width = counts.width(value);
                assert!(lower <= value && value - lower < width, "{value}: {lower} + {width}");
            }
        }
    }

    #[test]
    fn large_counts_have_room() {
        let mut counts = Counts::new(Precision::bits(2));
        (0..4).for_each(|value| counts.add(value, 1));
        let mut expected = vec![(0, 1), (1, 1), (2, 1), (3, 1)];
        for more in [u64::from(u32::MAX) - 1, 1, 1, 1 << 40] {
            counts.add(2, more);
            expected[2].1 += more;
            assert_eq!(counts.ascending(), expected);
        }
        let mut merged = Counts::new(Precision::bits(2));
        merged.merge(&counts);
        assert_eq!(merged.ascending(), expected);
    }

    #[test]
    fn few_become_all() {
        let mut counts = Counts::new(Precision::bits(5));
        let values: Vec<u64> = (0..500).rev().map(|step| step * 7 % 500).collect();
        values.iter().for_each(|&value| counts.add(value, 1));
        let all: u64 = counts.ascending().iter().map(|(_, count)| count).sum();
        assert_eq!(all, 500);
        assert!(counts.ascending().is_sorted_by(|a, b| a.0 < b.0));
    }
}
