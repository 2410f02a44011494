//! The stratified permutation test: whether two sides differ over several levels, without assuming a distribution.
//!
//! Without a difference it does not matter which runs of a level are called the baseline's. So the difference of means is
//! held against those of all ways to deal the runs of each level to the two sides: all of them where they are few, else a
//! sample of them. Levels are never mixed, so it does not matter that they differ among each other. Pitman, "Significance
//! tests which may be applied to samples from any populations", Journal of the Royal Statistical Society Supplement 4
//! (1937); Edgington and Onghena, "Randomization Tests", 4th edition (2007).

use std::cmp::Ordering;

use super::SplitMix64;

/// Up to so many ways to deal the runs, all are looked at.
const MOST_ENUMERATED: f64 = 100_000.0;
/// Up to so many ways to deal the runs of one level, they are listed once and then drawn from.
const MOST_LISTED: f64 = 13_000.0;
/// How many ways are drawn at most.
const DRAWS: u32 = 10_000;
/// Drawing ends early when so many were at least as far from 0, as the p-value is then known to be large.
const ENOUGH_EXTREMES: u32 = 500;
/// Where drawing begins. Any number would do, as long as it stays.
const SEED: u64 = 0x62_656e_6368_706c;
/// Sums that differ by less than this share of their parts differ by rounding only.
const ROUNDING: f64 = 1e-11;

/// The numbers of one level.
#[derive(Debug, Clone, Copy)]
pub struct Stratum<'a> {
    /// Those of the baseline; one or more.
    pub baseline: &'a [f64],
    /// Those of the candidate; one or more.
    pub candidate: &'a [f64],
}

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Permutation {
    /// The probability, without a difference, of a mean over the levels of the differences of means (candidate less
    /// baseline) at least as far from 0.
    pub p_value: f64,
    /// By how much the p-value may be off because ways to deal were drawn; `None` where it is exact.
    pub standard_error: Option<f64>,
    /// The smallest p-value that could have been found.
    pub smallest_p: f64,
}

/// Tests the difference of means of two sides over levels, all of which weigh alike; `None` where there is no level, or one
/// has a side without numbers or a number that is not finite.
///
/// A p-value from drawing is (extremes + 1) / (draws + 1), which is never too small by chance (Phipson and Smyth,
/// "Permutation p-values should never be zero", Statistical Applications in Genetics and Molecular Biology 9, 2010); where
/// drawing ended early it is extremes / draws (Besag and Clifford, "Sequential Monte Carlo p-values", Biometrika 78,
/// 1991). Draws are the same on every machine, and for swapped sides.
pub fn stratified_permutation(strata: &[Stratum<'_>]) -> Option<Permutation> {
    let dealt: Vec<Dealt> = oriented(strata).map(Dealt::of).collect::<Option<_>>()?;
    if dealt.is_empty() {
        return None;
    }
    let found: f64 = dealt.iter().map(|stratum| stratum.found).sum();
    let scale: f64 = dealt.iter().map(|stratum| stratum.scale).sum();
    let limit = found.abs() - ROUNDING * scale;
    let all: f64 = dealt.iter().map(|stratum| stratum.ways).product();
    let is_far = |difference: f64| limit <= difference.abs();

    if limit <= 0.0 {
        return Some(Permutation { p_value: 1.0, standard_error: None, smallest_p: (2.0 / all).min(1.0) });
    }
    // The sides do not overlap anywhere, so one way to deal is as far from 0 as the one found, and perhaps its mirror.
    if all_apart(&dealt) {
        let mirror: f64 = dealt.iter().map(|stratum| stratum.mirror).sum();
        let p_value = if is_far(mirror) { 2.0 / all } else { 1.0 / all };
        return Some(Permutation { p_value: p_value.min(1.0), standard_error: None, smallest_p: p_value.min(1.0) });
    }
    if all <= MOST_ENUMERATED {
        let mut differences = vec![0.0];
        for stratum in &dealt {
            let listed = stratum.listed();
            differences = differences.iter().flat_map(|sum| listed.iter().map(move |own| sum + own)).collect();
        }
        let far = differences.iter().filter(|difference| is_far(**difference)).count();
        return Some(Permutation { p_value: far as f64 / all, standard_error: None, smallest_p: (2.0 / all).min(1.0) });
    }
    Some(drawn(&dealt, is_far))
}

fn drawn(dealt: &[Dealt], is_far: impl Fn(f64) -> bool) -> Permutation {
    let mut random = SplitMix64::new(SEED);
    let mut urns: Vec<Urn> = dealt.iter().map(Urn::of).collect();
    let (mut draws, mut far) = (0, 0);
    while draws < DRAWS && far < ENOUGH_EXTREMES {
        draws += 1;
        let difference: f64 = urns.iter_mut().map(|urn| urn.draw(&mut random)).sum();
        far += u32::from(is_far(difference));
    }
    let (draws, far) = (f64::from(draws), f64::from(far));
    let p_value = if far < f64::from(ENOUGH_EXTREMES) { (far + 1.0) / (draws + 1.0) } else { far / draws };
    let standard_error = (p_value * (1.0 - p_value) / draws).sqrt();
    Permutation { p_value, standard_error: Some(standard_error), smallest_p: 1.0 / (f64::from(DRAWS) + 1.0) }
}

/// The strata with their sides in an order that does not depend on which is called the baseline.
fn oriented<'a>(strata: &[Stratum<'a>]) -> impl Iterator<Item = Stratum<'a>> {
    let sizes = strata.iter().map(|stratum| stratum.baseline.len().cmp(&stratum.candidate.len()));
    let numbers = strata.iter().flat_map(|stratum| stratum.baseline.iter().zip(stratum.candidate));
    let order = sizes.chain(numbers.map(|(a, b)| a.total_cmp(b))).find(|order| order.is_ne());
    strata.iter().map(move |stratum| match order {
        Some(Ordering::Greater) => Stratum { baseline: stratum.candidate, candidate: stratum.baseline },
        _ => *stratum,
    })
}

/// The runs of one level, in the order in which they are dealt, with what was found.
struct Dealt {
    /// All numbers less their mean.
    pooled: Vec<f64>,
    /// How many of them go to the candidate.
    taken: usize,
    /// The difference of means.
    found: f64,
    /// The difference if the candidate had those from the other end.
    mirror: f64,
    /// What rounding errors are measured by.
    scale: f64,
    /// How many ways there are to deal them.
    ways: f64,
    /// Where the sides lie if they do not overlap.
    apart: Option<Ordering>,
}

impl Dealt {
    fn of(stratum: Stratum<'_>) -> Option<Self> {
        let (baseline, candidate) = (stratum.baseline, stratum.candidate);
        let all = baseline.len() + candidate.len();
        let mut pooled: Vec<f64> = baseline.iter().chain(candidate).copied().collect();
        if baseline.is_empty() || candidate.is_empty() || pooled.iter().any(|number| !number.is_finite()) {
            return None;
        }
        pooled.sort_by(f64::total_cmp);
        let mean = pooled.iter().sum::<f64>() / all as f64;
        pooled.iter_mut().for_each(|number| *number -= mean);
        let ends = |side: &[f64]| {
            side.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
        };
        let (below, above) = (ends(baseline), ends(candidate));
        let mut dealt = Self {
            scale: pooled.iter().map(|number| number.abs()).sum(),
            ways: ways(all, candidate.len()),
            taken: candidate.len(),
            found: 0.0,
            mirror: 0.0,
            apart: if below.1 < above.0 {
                Some(Ordering::Less)
            } else if above.1 < below.0 {
                Some(Ordering::Greater)
            } else {
                None
            },
            pooled,
        };
        dealt.found = dealt.difference(candidate.iter().map(|number| number - mean).sum());
        let last = dealt.pooled.len() - dealt.taken;
        let (lowest, highest): (f64, f64) =
            (dealt.pooled.iter().take(dealt.taken).sum(), dealt.pooled.iter().skip(last).sum());
        dealt.mirror = dealt.difference(if dealt.apart == Some(Ordering::Less) { lowest } else { highest });
        Some(dealt)
    }

    /// The difference of means where the numbers of the candidate have this sum. All numbers together have a sum of 0.
    fn difference(&self, sum: f64) -> f64 {
        sum / self.taken as f64 + sum / (self.pooled.len() - self.taken) as f64
    }

    /// The difference of means for every way to deal.
    fn listed(&self) -> Vec<f64> {
        // sums[k]: those of all choices of k among the numbers so far.
        let mut sums: Vec<Vec<f64>> = vec![Vec::new(); self.taken + 1];
        if let Some(none) = sums.first_mut() {
            none.push(0.0);
        }
        for number in &self.pooled {
            for k in (1..=self.taken).rev() {
                let Some([fewer, own]) = sums.get_mut(k - 1..=k) else { continue };
                own.extend(fewer.iter().map(|sum| sum + number));
            }
        }
        sums.pop().unwrap_or_default().into_iter().map(|sum| self.difference(sum)).collect()
    }
}

fn all_apart(dealt: &[Dealt]) -> bool {
    let first = dealt.first().and_then(|stratum| stratum.apart);
    first.is_some() && dealt.iter().all(|stratum| stratum.apart == first)
}

/// What one level's differences are drawn from.
enum Urn<'a> {
    /// All differences.
    Listed(Vec<f64>),
    /// The numbers, of which the first ones go to the candidate after a partial shuffle.
    Shuffled(&'a Dealt, Vec<f64>),
}

impl<'a> Urn<'a> {
    fn of(dealt: &'a Dealt) -> Self {
        if dealt.ways <= MOST_LISTED {
            Self::Listed(dealt.listed())
        } else {
            Self::Shuffled(dealt, dealt.pooled.clone())
        }
    }

    fn draw(&mut self, random: &mut SplitMix64) -> f64 {
        match self {
            Self::Listed(differences) => {
                let place = random.below(differences.len() as u32) as usize;
                differences.get(place).copied().unwrap_or_default()
            }
            Self::Shuffled(dealt, numbers) => {
                // Fisher and Yates; the smaller side is the one that is drawn.
                let others = numbers.len() - dealt.taken;
                let drawn = dealt.taken.min(others);
                let mut sum = 0.0;
                for place in 0..drawn {
                    let left = (numbers.len() - place) as u32;
                    numbers.swap(place, place + random.below(left) as usize);
                    sum += numbers.get(place).copied().unwrap_or_default();
                }
                dealt.difference(if drawn < dealt.taken { -sum } else { sum })
            }
        }
    }
}

/// In how many ways `taken` of `all` can be chosen, which may be infinitely many for a double.
fn ways(all: usize, taken: usize) -> f64 {
    let taken = taken.min(all - taken);
    (1..=taken).fold(1.0, |ways, i| ways * (all - taken + i) as f64 / i as f64).round()
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &[f64] = &[1.0, 3.0, 4.5, 7.0];
    const B: &[f64] = &[2.0, 5.0, 8.0, 9.5];

    fn p(strata: &[(&[f64], &[f64])]) -> Permutation {
        let strata: Vec<Stratum<'_>> =
            strata.iter().map(|(baseline, candidate)| Stratum { baseline, candidate }).collect();
        let swapped: Vec<Stratum<'_>> =
            strata.iter().map(|s| Stratum { baseline: s.candidate, candidate: s.baseline }).collect();
        let found = stratified_permutation(&strata).unwrap();
        assert_eq!(stratified_permutation(&swapped), Some(found));
        found
    }

    #[test]
    fn one_level_as_in_scipy() {
        // scipy 1.17: permutation_test((B, A), difference of means, n_resamples=inf, alternative="two-sided").pvalue
        let found = p(&[(A, B)]);
        assert!((found.p_value - 0.342_857_142_857_142_86).abs() < 1e-12, "{found:?}");
        assert_eq!((found.standard_error, found.smallest_p), (None, 2.0 / 70.0));
    }

    #[test]
    fn levels_are_not_mixed() {
        // Counted by itertools in Python over all 70 × 20 and 10 × 70 ways to deal.
        let found = p(&[(A, B), (&[10.0, 20.0, 35.0], &[15.0, 40.0, 41.0])]);
        assert!((found.p_value - 0.211_428_571_428_571_44).abs() < 1e-12, "{found:?}");
        let uneven = p(&[(&[1.0, 2.5], &[2.0, 4.0, 4.5]), (A, B)]);
        assert!((uneven.p_value - 0.114_285_714_285_714_28).abs() < 1e-12, "{uneven:?}");
    }

    #[test]
    fn drawing_comes_close_to_counting() {
        // 70^3 = 343,000 ways; counted in Python.
        let found = p(&[(A, B), (A, B), (A, B)]);
        let error = found.standard_error.unwrap();
        assert!((found.p_value - 0.069_690_962_099_125_37).abs() < 4.0 * error, "{found:?}");
        assert!(error < 0.003, "{found:?}");
        // A level with more ways than are listed is shuffled instead.
        let numbers: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 20)).collect();
        let (a, b) = numbers.split_at(10);
        let found = p(&[(a, b), (A, B)]);
        assert!((found.p_value - 0.065_507_557_458_021_85).abs() < 4.0 * found.standard_error.unwrap(), "{found:?}");
    }

    #[test]
    fn sides_without_overlap_have_an_exact_p_value() {
        let (low, high): (&[f64], &[f64]) = (&[1.0, 2.0, 3.0, 4.0, 5.0], &[6.0, 7.0, 8.0, 9.0, 10.0]);
        let found = p(&[(low, high); 4]);
        assert_eq!(found.standard_error, None);
        assert!((found.p_value / (2.0 / 252.0_f64.powi(4)) - 1.0).abs() < 1e-12, "{found:?}");
        // Apart in different directions they are not apart over all.
        assert!(0.9 < p(&[(low, high), (high, low)]).p_value);
    }

    #[test]
    fn nothing_to_deal_and_equal_numbers() {
        assert_eq!(stratified_permutation(&[]), None);
        assert_eq!(stratified_permutation(&[Stratum { baseline: &[], candidate: A }]), None);
        assert_eq!(stratified_permutation(&[Stratum { baseline: &[f64::NAN], candidate: A }]), None);
        assert!((p(&[(&[2.0; 3], &[2.0; 4])]).p_value - 1.0).abs() < 1e-12);
        assert!((p(&[(&[1.0], &[2.0])]).p_value - 1.0).abs() < 1e-12);
    }
}
