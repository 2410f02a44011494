//! Single runs that lie far from the others of their cell, by the modified z-score of Iglewicz and Hoaglin.

use serde_json::json;

use crate::findings::places::{evidence_of, frameworks, in_brackets};
use crate::findings::wording::{count, percent};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::stats::{CellValues, ModifiedZ, OUTLIER, Values, modified_z, t_quantile};

/// A run of a cell lies far from the others.
pub(super) struct Outlier;

/// With fewer runs nobody can say which of them are the others.
const LEAST_RUNS: usize = 5;

/// How many times the smallest effect that matters a run has to lie from the median. In a cell that hardly varies, a run can
/// be far from the others and not matter: the z-score alone would name one in five cells of five normal runs.
const LEAST_DISTANCE: f64 = 2.0;

/// How often, at most, a study whose runs are all alike has such a run.
const CHANCE: f64 = 0.05;

/// The median absolute deviation of normal values, times this, is their standard deviation.
const CONSISTENT: f64 = 1.4826;

/// How many degrees of freedom a median absolute deviation is worth, of those that a standard deviation has: so many that
/// simulated studies without an outlier have none told in about 95 %.
const EFFICIENCY: f64 = 0.7;

/// A value far from the others.
struct Far<'a> {
    cell: &'a CellValues,
    value: f64,
    /// `None` where more than half of the values are equal, and the median deviation is 0.
    score: Option<f64>,
    /// Over the median, above or below 0.
    distance: f64,
}

impl Rule for Outlier {
    fn id(&self) -> &'static str {
        "outlier"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let metric = evidence.ranked_metric();
        let limit = evidence.decision.min_effect * LEAST_DISTANCE;
        let cells = evidence.cells.iter().filter(|cell| cell.metric == metric && LEAST_RUNS <= cell.values.count());
        let noise = Noise::of(cells.clone());
        let found: Vec<Far<'_>> = cells.flat_map(|cell| far(cell, noise, limit)).collect();
        let size = |far: &&Far<'_>| far.distance.abs();
        let Some(farthest) = found.iter().max_by(|a, b| size(a).total_cmp(&size(b))) else { return Vec::new() };
        let words = evidence.wording();
        let places = || found.iter().map(|far| far.cell.key.clone());
        let (place, where_found) = (words.cell(&farthest.cell.key), in_brackets(places(), words));
        let (distance, runs) = (percent(farthest.distance.abs()), farthest.cell.values.count());
        let side = if 0.0 < farthest.distance { words.say("above", "高") } else { words.say("below", "低") };
        let is_one = found.len() == 1;
        vec![Finding::trust(
            self,
            Severity::Notice,
            frameworks(places(), evidence),
            words.say(
                format!(
                    "{} {} far from the others of {}{where_found}; farthest, of {runs} runs of {place}, is one {distance} \
                     {side} the median",
                    count(found.len(), "run"),
                    if is_one { "lies" } else { "lie" },
                    if is_one { "its cell" } else { "their cells" },
                ),
                format!(
                    "{} 次运行远离同一单元的其他运行{where_found}；最远的是 {place} 的 {runs} 次运行中的一次，比中位数{side} \
                     {distance}",
                    found.len()
                ),
            ),
            words.say(
                "Look for what happened in that run before leaving it out; if it can happen again, it belongs to the result. \
                 Medians do not move with it, means do.",
                "在剔除之前，请先查明那次运行发生了什么；如果可能再次发生，它就是结果的一部分。中位数不受其影响，均值会。",
            ),
            json!({
                "metric": metric,
                "runs": found
                    .iter()
                    .map(|far| evidence_of(&far.cell.key, json!({
                        "value": far.value,
                        "median": far.cell.values.median(),
                        "modified_z": far.score,
                    })))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}

/// What all cells say of how far runs lie from the median of their cell, as logarithms: the few runs of one cell say little,
/// and of many cells some have a run that only looks far.
#[derive(Debug, Clone, Copy)]
struct Noise {
    /// The standard deviation, from the median absolute deviation.
    spread: f64,
    /// So many times the spread no run of a study lies from its median, but for a chance of [`CHANCE`].
    reach: f64,
}

impl Noise {
    /// `None` where nothing varies.
    fn of<'a>(cells: impl Iterator<Item = &'a CellValues> + Clone) -> Option<Self> {
        let deviations = cells.clone().flat_map(|cell| {
            let median = cell.values.median();
            cell.values.as_slice().iter().map(move |value| (value / median).ln().abs())
        });
        let spread = CONSISTENT * Values::new(deviations.filter(|deviation| 0.0 < *deviation))?.median();
        let runs: usize = cells.clone().map(|cell| cell.values.count()).sum();
        let freedom = EFFICIENCY * (runs - cells.count()) as f64;
        let reach = t_quantile(1.0 - CHANCE / (2.0 * runs as f64), freedom)?;
        Some(Self { spread, reach })
    }

    /// Whether a value of a cell lies farther from the median than any of them would by chance. A median moves with the
    /// runs, and the less there are the more.
    fn is_exceeded(self, value: f64, cell: &CellValues) -> bool {
        let reach = self.reach * (1.0 + 2.0 / cell.values.count() as f64);
        reach * self.spread < (value / cell.values.median()).ln().abs()
    }
}

/// The values of a cell that lie far from its median, by the noise of the cell and of all of them, and by more than a
/// fraction `limit` of it.
fn far(cell: &CellValues, noise: Option<Noise>, limit: f64) -> Vec<Far<'_>> {
    let median = cell.values.median();
    let (scores, is_median_deviation) = match modified_z(&cell.values) {
        ModifiedZ::OfMedianDeviation(scores) => (scores, true),
        ModifiedZ::OfMeanDeviation(scores) => (scores, false),
        ModifiedZ::NoSpread => return Vec::new(),
    };
    let values = cell.values.as_slice().iter().zip(scores);
    values
        .filter(|(_, score)| OUTLIER < score.abs())
        .map(|(value, score)| Far {
            cell,
            value: *value,
            score: is_median_deviation.then_some(score),
            distance: if 0.0 < median { value / median - 1.0 } else { 0.0 },
        })
        .filter(|far| limit < far.distance.abs())
        .filter(|far| far.score.is_none() || noise.is_none_or(|noise| noise.is_exceeded(far.value, cell)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::CellKey;
    use crate::record::Metric;
    use crate::stats::SplitMix64;

    fn far_of(numbers: &[f64]) -> Vec<(f64, bool)> {
        let cell = cell(numbers);
        let noise = Noise::of(std::iter::once(&cell));
        far(&cell, noise, 0.1).iter().map(|far| (far.value, far.score.is_some())).collect()
    }

    fn cell(numbers: &[f64]) -> CellValues {
        CellValues {
            key: CellKey::new("a", "", Some(1)),
            metric: Metric::TotalTime,
            values: Values::new(numbers.iter().copied()).unwrap(),
            error_rate: None,
            fails_unknowably: false,
        }
    }

    #[test]
    fn noise_is_no_news() {
        // Fifteen cells of five lognormal runs that vary by 10 %.
        let mut random = SplitMix64::new(7);
        let mut normal = || {
            let radius = (-2.0 * (1.0 - random.uniform()).ln()).sqrt();
            radius * (std::f64::consts::TAU * random.uniform()).cos()
        };
        let mut study = || -> Vec<CellValues> {
            (0..15).map(|_| cell(&std::array::from_fn::<f64, 5, _>(|_| (0.1 * normal()).exp()))).collect()
        };
        let has_far = |cells: &[CellValues]| {
            let noise = Noise::of(cells.iter());
            cells.iter().any(|cell| !far(cell, noise, 0.1).is_empty())
        };
        let told = (0..400).filter(|_| has_far(&study())).count();
        assert!(told <= 20, "{told} of 400");
        let mut with_one = study();
        with_one.push(cell(&[1.0, 1.1, 0.95, 1.05, 2.0]));
        assert!(has_far(&with_one));
    }

    #[test]
    fn a_run_far_from_the_others_is_found() {
        assert_eq!(far_of(&[1.0, 1.01, 0.99, 1.02, 2.0]), [(2.0, true)]);
        assert_eq!(far_of(&[1.0, 1.01, 0.99, 1.02, 0.5]), [(0.5, true)]);
    }

    #[test]
    fn a_cell_whose_other_runs_are_all_equal_has_outliers_too() {
        assert_eq!(far_of(&[1.0, 1.0, 1.0, 1.0, 2.0]), [(2.0, false)]);
    }

    #[test]
    fn what_does_not_matter_is_none() {
        // Far by its score, and by 3 %.
        assert_eq!(far_of(&[1.0, 1.001, 0.999, 1.002, 1.03]), []);
        assert_eq!(far_of(&[1.0, 1.3, 0.7, 1.2, 0.8]), []);
        assert_eq!(far_of(&[1.0; 5]), []);
    }
}
