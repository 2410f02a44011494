//! Single runs that lie far from the others of their cell, by the modified z-score of Iglewicz and Hoaglin.

use serde_json::json;

use crate::findings::places::{evidence_of, frameworks, in_brackets};
use crate::findings::wording::{count, percent};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::stats::{CellValues, ModifiedZ, OUTLIER, modified_z};

/// A run of a cell lies far from the others.
pub(super) struct Outlier;

/// With fewer runs nobody can say which of them are the others.
const LEAST_RUNS: usize = 5;

/// How many times the smallest effect that matters a run has to lie from the median. In a cell that hardly varies, a run can
/// be far from the others and not matter: the z-score alone would name one in five cells of five normal runs.
const LEAST_DISTANCE: f64 = 2.0;

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
        let found: Vec<Far<'_>> = cells.flat_map(|cell| far(cell, limit)).collect();
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

/// The values of a cell that lie far from its median, and by more than a fraction `limit` of it.
fn far(cell: &CellValues, limit: f64) -> Vec<Far<'_>> {
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
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::CellKey;
    use crate::record::Metric;
    use crate::stats::Values;

    fn far_of(numbers: &[f64]) -> Vec<(f64, bool)> {
        let cell = CellValues {
            key: CellKey::new("a", "", Some(1)),
            metric: Metric::TotalTime,
            values: Values::new(numbers.iter().copied()).unwrap(),
            error_rate: None,
        };
        far(&cell, 0.1).iter().map(|far| (far.value, far.score.is_some())).collect()
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
