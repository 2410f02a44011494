//! Two sides, measured against each other at each level and over all, and not yet judged.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::family::Family;
use crate::record::SeriesKey;
use crate::stats::{
    CellValues, LogRatio, RankMethod, Spread, Stratum, Values, cliffs_delta_of, f_tail, geometric_mean, hodges_lehmann,
    log_difference, logarithms, mann_whitney, stratified_permutation, van_elteren,
};

/// How a p-value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestMethod {
    /// The test of Mann and Whitney, over all orders of the runs.
    MannWhitneyExact,
    /// The test of Mann and Whitney where runs are equal, over all ways to deal them to the sides.
    MannWhitneyExactWithTies,
    /// The test of Mann and Whitney by the normal distribution.
    MannWhitneyAsymptotic,
    /// The test of Mann and Whitney over several levels, by the normal distribution.
    VanElteren,
    /// The stratified permutation test, over all ways to deal the runs of each level to the sides.
    PermutationExact,
    /// The stratified permutation test, over ways to deal that were drawn.
    PermutationDrawn,
    /// Wilcoxon's test of signed ranks on runs measured in turn.
    SignedRank,
    /// The test of runs measured in turn, over all ways to swap the sides of pairs.
    SignFlipExact,
    /// The test of runs measured in turn, over ways to swap that were drawn.
    SignFlipDrawn,
}

impl TestMethod {
    /// What it is called in sentences.
    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::MannWhitneyExact => "exact Mann-Whitney test",
            Self::MannWhitneyExactWithTies => "exact Mann-Whitney test with ties",
            Self::MannWhitneyAsymptotic => "asymptotic Mann-Whitney test",
            Self::VanElteren => "van Elteren's test over levels",
            Self::PermutationExact => "exact stratified permutation test",
            Self::PermutationDrawn => "stratified permutation test by drawing",
            Self::SignedRank => "Wilcoxon signed-rank test",
            Self::SignFlipExact => "exact sign-flip test of pairs",
            Self::SignFlipDrawn => "sign-flip test of pairs by drawing",
        }
    }
}

/// Two sides at all levels that both have.
pub(super) struct Pair<'a> {
    /// A cell of the baseline, for what all of them have in common.
    pub baseline: &'a CellValues,
    /// A cell of the candidate.
    pub candidate: &'a CellValues,
    /// Over all levels.
    pub overall: Contrast,
    /// At each level that is known.
    pub levels: Vec<Contrast>,
}

/// What was measured of a candidate against a baseline.
#[derive(Debug, Clone)]
pub(super) struct Contrast {
    pub concurrency: Option<u32>,
    pub levels: usize,
    pub n_baseline: usize,
    pub n_candidate: usize,
    /// The runs of the smallest cell.
    pub repetitions: usize,
    pub ratio: LogRatio,
    /// How the ratio of each level was found.
    pub estimator: Estimator,
    /// Of the logarithms of single runs, of each side at each level.
    pub variances: Vec<f64>,
    /// The logarithm of how much wider the middle half of the candidate's runs lies than that of the baseline's; `None` where
    /// either has no width.
    pub width_ratio: Option<f64>,
    /// How the levels differ; `None` where there is one, or nothing is known of the noise.
    pub interaction: Option<Interaction>,
    /// `None` where nothing is known of the noise.
    pub test: Option<Test>,
}

/// How the ratio of a level was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Estimator {
    /// That of geometric means.
    Means,
    /// By the shift of Hodges and Lehmann.
    Shift,
    /// Within pairs.
    Pairs,
}

/// How the ratios of several levels differ from each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interaction {
    /// The probability of ratios that differ as much if all were the same.
    pub p_value: f64,
    /// The logarithms of the smallest and the largest ratio.
    pub range: (f64, f64),
}

/// A test with its size of the effect.
#[derive(Debug, Clone, Copy)]
pub(super) struct Test {
    pub p_value: f64,
    pub standard_error: Option<f64>,
    pub smallest_p: f64,
    pub method: TestMethod,
    pub effect_size: f64,
}

/// Both sides at one level.
struct Level {
    baseline: Values,
    candidate: Values,
    contrast: Contrast,
}

impl<'a> Pair<'a> {
    /// Measures the cells of two sides in one scenario and metric; `None` where they have no level in common.
    pub(super) fn of(baseline: &[&'a CellValues], candidate: &[&'a CellValues]) -> Option<Self> {
        Self::over(baseline, candidate, |_| true)
    }

    /// The same, with what is over all levels over those that count, where there are any.
    ///
    /// Where some of these levels have repetitions on both sides and others do not, it is over those that have: they are the
    /// only ones that say how sure it is.
    pub(super) fn over(
        baseline: &[&'a CellValues],
        candidate: &[&'a CellValues],
        counts: impl Fn(Option<u32>) -> bool,
    ) -> Option<Self> {
        let candidates: HashMap<Option<u32>, &CellValues> =
            candidate.iter().map(|cell| (cell.key.concurrency, *cell)).collect();
        let levels: Vec<Level> =
            baseline.iter().filter_map(|cell| Level::of(cell, candidates.get(&cell.key.concurrency)?)).collect();
        let of_all = |level: &&Level| counts(level.contrast.concurrency);
        let is_tested = |level: &&Level| level.contrast.test.is_some();
        let choices: [Vec<&Level>; 4] = [
            levels.iter().filter(of_all).filter(is_tested).collect(),
            levels.iter().filter(of_all).collect(),
            levels.iter().filter(is_tested).collect(),
            levels.iter().collect(),
        ];
        let overall = over_all(choices.iter().find(|chosen| !chosen.is_empty())?)?;
        Some(Self {
            baseline: baseline.first()?,
            candidate: candidate.first()?,
            overall,
            levels: levels
                .into_iter()
                .map(|level| level.contrast)
                .filter(|contrast| contrast.concurrency.is_some())
                .collect(),
        })
    }
}

impl<'a> Pair<'a> {
    /// Whether the runs of one side vary so much more than those of the other that their distributions are not the same.
    pub(super) fn vary_differently(&self) -> bool {
        self.overall.width_ratio.is_none_or(|ratio| MUCH_WIDER < ratio.abs())
    }

    /// Whose runs vary alike: a framework's, and of a series those before and those after.
    pub(super) fn sides(&self, family: Family) -> [(&'a SeriesKey, bool); 2] {
        [(&self.baseline.key.series, false), (&self.candidate.key.series, family == Family::Series)]
    }
}

/// The logarithm of how many times as wide a side may lie: two and a half times.
const MUCH_WIDER: f64 = 0.916;

/// What ranks and shifts of few runs see of normal runs, of what a t test of known spread would: 3/π for many, and less for
/// few. With this, simulated plans keep what they promise.
const RANK_EFFICIENCY: f64 = 0.85;

impl Contrast {
    /// The variances of single runs that a plan for more of them rests on: of shifts, what is left of them without outliers.
    pub(super) fn variances_to_plan_with(&self) -> Vec<f64> {
        let variances = match self.ratio.spread.filter(|_| self.estimator == Estimator::Shift) {
            None => self.variances.clone(),
            Some(spread) => {
                // Each side of each level has an equal part, so that they add up to what was found.
                let parts = (2 * self.levels) as f64;
                let total = spread.variance() * self.repetitions as f64 * (self.levels as f64).powi(2);
                vec![total / parts; 2 * self.levels]
            }
        };
        variances.into_iter().map(|variance| variance / RANK_EFFICIENCY).collect()
    }
}

impl Level {
    fn of(baseline: &CellValues, candidate: &CellValues) -> Option<Self> {
        let (a, b) = (logarithms(&baseline.values)?, logarithms(&candidate.values)?);
        // From seven runs a side on, one wild run in ten does not count.
        let (ratio, estimator) = match hodges_lehmann(&a, &b) {
            Some(shift) => (shift, Estimator::Shift),
            None => (log_difference(&a, &b), Estimator::Means),
        };
        let rank_test = || {
            let found = mann_whitney(&baseline.values, &candidate.values);
            Test {
                p_value: found.p_value,
                standard_error: None,
                smallest_p: found.smallest_p,
                method: match found.method {
                    RankMethod::Exact => TestMethod::MannWhitneyExact,
                    RankMethod::ExactWithTies => TestMethod::MannWhitneyExactWithTies,
                    RankMethod::Asymptotic => TestMethod::MannWhitneyAsymptotic,
                },
                effect_size: cliffs_delta_of(&found, a.count() * b.count()),
            }
        };
        let contrast = Contrast {
            concurrency: baseline.key.concurrency,
            levels: 1,
            n_baseline: a.count(),
            n_candidate: b.count(),
            repetitions: a.count().min(b.count()),
            ratio,
            estimator,
            width_ratio: width_ratio(&a, &b),
            interaction: None,
            variances: [&a, &b].into_iter().filter_map(Values::std).map(|std| std * std).collect(),
            // Where no run differs from another they may be copies, and nothing is known of the noise.
            test: ratio.spread.map(|_| rank_test()),
        };
        Some(Self { baseline: a, candidate: b, contrast })
    }
}

/// How much wider the middle half of one group of logarithms lies than that of another, as a logarithm.
fn width_ratio(baseline: &Values, candidate: &Values) -> Option<f64> {
    let width = |values: &Values| Some(values.quantile(0.75) - values.quantile(0.25)).filter(|width| 0.0 < *width);
    Some((width(candidate)? / width(baseline)?).ln())
}

/// Puts levels together, each of which weighs alike. A single level is what it is, with its own test.
fn over_all(levels: &[&Level]) -> Option<Contrast> {
    if let [level] = levels {
        return Some(Contrast { concurrency: None, ..level.contrast.clone() });
    }
    let contrasts = || levels.iter().map(|level| &level.contrast);
    let ratios: Vec<LogRatio> = contrasts().map(|contrast| contrast.ratio).collect();
    let ratio = geometric_mean(&ratios)?;
    let pairs = |contrast: &Contrast| (contrast.n_baseline * contrast.n_candidate) as f64;
    let effects = || contrasts().filter_map(|contrast| Some((contrast.test?.effect_size, pairs(contrast))));
    let is_by_shifts = contrasts().all(|contrast| contrast.estimator == Estimator::Shift);
    let tested = || {
        let strata: Vec<Stratum<'_>> = levels
            .iter()
            .map(|level| Stratum { baseline: level.baseline.as_slice(), candidate: level.candidate.as_slice() })
            .collect();
        let (sum, weight) = effects().fold((0.0, 0.0), |(sum, all), (delta, pairs)| (sum + delta * pairs, all + pairs));
        let effect_size = sum / weight;
        if let Some(found) = van_elteren(&strata).filter(|_| is_by_shifts) {
            let (p_value, smallest_p) = (found.p_value, found.smallest_p);
            return Some(Test {
                p_value,
                smallest_p,
                standard_error: None,
                method: TestMethod::VanElteren,
                effect_size,
            });
        }
        let found = stratified_permutation(&strata)?;
        Some(Test {
            p_value: found.p_value,
            standard_error: found.standard_error,
            smallest_p: found.smallest_p,
            method: match found.standard_error {
                None => TestMethod::PermutationExact,
                Some(_) => TestMethod::PermutationDrawn,
            },
            effect_size,
        })
    };
    Some(Contrast {
        concurrency: None,
        levels: levels.len(),
        n_baseline: contrasts().map(|contrast| contrast.n_baseline).sum(),
        n_candidate: contrasts().map(|contrast| contrast.n_candidate).sum(),
        repetitions: contrasts().map(|contrast| contrast.repetitions).min()?,
        ratio,
        estimator: if is_by_shifts { Estimator::Shift } else { Estimator::Means },
        width_ratio: Values::new(contrasts().filter_map(|contrast| contrast.width_ratio)).map(|all| all.median()),
        interaction: interaction(&ratios),
        variances: contrasts().flat_map(|contrast| &contrast.variances).copied().collect(),
        test: ratio.spread.and_then(|_| tested()),
    })
}

/// Whether the ratios of levels differ by more than their noise: Cochran's Q ("The combination of estimates from different
/// experiments", Biometrics 10, 1954), with the mean of the levels' variances in the place of each, as those of few runs are
/// rough, and Q / (levels - 1) held against F.
pub(super) fn interaction(ratios: &[LogRatio]) -> Option<Interaction> {
    let estimates = Values::new(ratios.iter().map(|ratio| ratio.estimate))?;
    let spreads: Vec<Spread> = ratios.iter().map(|ratio| ratio.spread).collect::<Option<_>>()?;
    let n = ratios.len() as f64;
    let noise = Spread::sum(spreads)?;
    let f = estimates.std()?.powi(2) / (noise.variance() / n);
    let p_value = f_tail(f, n - 1.0, noise.degrees_of_freedom())?;
    Some(Interaction { p_value, range: (estimates.min(), estimates.max()) })
}
