//! Two sides, measured against each other at each level and over all, and not yet judged.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{
    CellValues, LogRatio, RankMethod, Stratum, Values, cliffs_delta_of, geometric_mean, log_difference, logarithms,
    mann_whitney, stratified_permutation,
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
    /// Of the logarithms of single runs, of each side at each level.
    pub variances: Vec<f64>,
    /// `None` where nothing is known of the noise.
    pub test: Option<Test>,
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
    ///
    /// Where some of these levels have repetitions on both sides and others do not, what is over all levels is over those
    /// that have: it is the only one that says how sure it is.
    pub(super) fn of(baseline: &[&'a CellValues], candidate: &[&'a CellValues]) -> Option<Self> {
        let candidates: HashMap<Option<u32>, &CellValues> =
            candidate.iter().map(|cell| (cell.key.concurrency, *cell)).collect();
        let levels: Vec<Level> =
            baseline.iter().filter_map(|cell| Level::of(cell, candidates.get(&cell.key.concurrency)?)).collect();
        let mut counted: Vec<&Level> = levels.iter().filter(|level| level.contrast.test.is_some()).collect();
        if counted.is_empty() {
            counted.extend(&levels);
        }
        let overall = over_all(&counted)?;
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

impl Level {
    fn of(baseline: &CellValues, candidate: &CellValues) -> Option<Self> {
        let (a, b) = (logarithms(&baseline.values)?, logarithms(&candidate.values)?);
        let ratio = log_difference(&a, &b);
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
            variances: [&a, &b].into_iter().filter_map(Values::std).map(|std| std * std).collect(),
            // Where no run differs from another they may be copies, and nothing is known of the noise.
            test: ratio.spread.map(|_| rank_test()),
        };
        Some(Self { baseline: a, candidate: b, contrast })
    }
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
    let permuted = || {
        let strata: Vec<Stratum<'_>> = levels
            .iter()
            .map(|level| Stratum { baseline: level.baseline.as_slice(), candidate: level.candidate.as_slice() })
            .collect();
        let found = stratified_permutation(&strata)?;
        let (sum, weight) = effects().fold((0.0, 0.0), |(sum, all), (delta, pairs)| (sum + delta * pairs, all + pairs));
        Some(Test {
            p_value: found.p_value,
            standard_error: found.standard_error,
            smallest_p: found.smallest_p,
            method: match found.standard_error {
                None => TestMethod::PermutationExact,
                Some(_) => TestMethod::PermutationDrawn,
            },
            effect_size: sum / weight,
        })
    };
    Some(Contrast {
        concurrency: None,
        levels: levels.len(),
        n_baseline: contrasts().map(|contrast| contrast.n_baseline).sum(),
        n_candidate: contrasts().map(|contrast| contrast.n_candidate).sum(),
        repetitions: contrasts().map(|contrast| contrast.repetitions).min()?,
        ratio,
        variances: contrasts().flat_map(|contrast| &contrast.variances).copied().collect(),
        test: ratio.spread.and_then(|_| permuted()),
    })
}
