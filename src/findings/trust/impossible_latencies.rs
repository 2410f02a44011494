//! Latencies that no set of requests can have: a percentile above a higher one, a mean or a percentile outside of minimum
//! and maximum. A mean above the 99th percentile is possible, and rare.

use serde_json::json;

use crate::findings::places::{frameworks, in_brackets};
use crate::findings::resolution::{self, Readings};
use crate::findings::wording::{count, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, Latency, Run};

/// The latencies of a run contradict each other.
pub(super) struct ImpossibleLatencies;

/// How far two latencies that are printed with two digits may lie apart though they are the same.
const ROUNDING: f64 = 0.05;

/// From here on the numbers can't come from rounding or from buckets.
const WIDE: f64 = 0.25;

/// Two latencies of a run in the wrong order.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Wrong {
    /// Which should be the smaller, and how large it is, s.
    lower: (&'static str, f64),
    /// Which should be the larger, and how large it is, s.
    upper: (&'static str, f64),
}

impl Rule for ImpossibleLatencies {
    fn id(&self) -> &'static str {
        "impossible-latencies"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let found: Vec<(&Run, Wrong)> =
            evidence.runs.iter().filter_map(|run| Some((run, wrong(&run.latency)?))).collect();
        let Some((first, worst)) = found.iter().max_by(|(_, a), (_, b)| a.excess().total_cmp(&b.excess())) else {
            return Vec::new();
        };
        let words = evidence.wording();
        let places = || found.iter().map(|(run, _)| CellKey::of(run));
        let (place, where_found) = (words.cell(&CellKey::of(first)), in_brackets(places(), words));
        let ((low, lower), (high, upper)) = (worst.lower, worst.upper);
        let (lower, upper) = (time(lower), time(upper));
        vec![Finding::trust(
            self,
            if worst.excess() <= WIDE { Severity::Notice } else { Severity::Warning },
            frameworks(places(), evidence),
            words.say(
                format!(
                    "the latencies of {} can't all be true{where_found}: {place}, {low} is {lower} and {high} is {upper}",
                    count(found.len(), "run")
                ),
                format!(
                    "{} 次运行的延迟自相矛盾{where_found}：{place}，{low} 为 {lower}，而 {high} 为 {upper}",
                    found.len()
                ),
            ),
            words.say(
                "Percentiles from coarse buckets, averages of percentiles, and columns taken for others look like this. \
                 Take them from the requests themselves, or check what the columns mean.",
                "粗粒度分桶得到的百分位数、对百分位数取平均，或列的含义弄错，都会如此。请从原始请求计算，或检查各列的含义。",
            ),
            json!({
                "runs": found
                    .iter()
                    .map(|(run, wrong)| json!({
                        "source": run.source,
                        wrong.lower.0: wrong.lower.1,
                        wrong.upper.0: wrong.upper.1,
                    }))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}

impl Wrong {
    /// How far the smaller one lies above the larger one, over the larger one.
    fn excess(&self) -> f64 {
        self.lower.1 / self.upper.1 - 1.0
    }
}

/// The two latencies that are farthest in the wrong order, beyond what rounding does.
fn wrong(latency: &Latency) -> Option<Wrong> {
    let ordered = [
        ("min", latency.min),
        ("p50", latency.p50),
        ("p75", latency.p75),
        ("p90", latency.p90),
        ("p95", latency.p95),
        ("p99", latency.p99),
        ("p99.9", latency.p99_9),
        ("max", latency.max),
    ];
    let known: Vec<(&'static str, f64)> =
        ordered.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| 0.0 < *value)?))).collect();
    let after = |index: usize| known.iter().skip(index + 1);
    let pairs = known.iter().enumerate().flat_map(|(index, lower)| after(index).map(|upper| (*lower, *upper)));
    let mean = latency.mean.filter(|mean| 0.0 < *mean).map(|mean| ("mean", mean));
    let of = |name: &str| known.iter().find(|(other, _)| *other == name).copied();
    let around_mean = [of("min").zip(mean), mean.zip(of("max"))];
    let mut found: Vec<Wrong> = pairs
        .chain(around_mean.into_iter().flatten())
        .map(|(lower, upper)| Wrong { lower, upper })
        .filter(|wrong| wrong.upper.1 * (1.0 + ROUNDING) < wrong.lower.1)
        .collect();
    if found.is_empty() {
        return None;
    }
    // A clock that is cut off or rounded up moves a reading by up to a step.
    let step = resolution::step(resolution::read(latency), Readings::Histogram, 2).unwrap_or(0.0);
    found.retain(|wrong| wrong.upper.1 * (1.0 + ROUNDING) + step < wrong.lower.1);
    found.into_iter().max_by(|a, b| a.excess().total_cmp(&b.excess()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_is_found() {
        let base = Latency { p50: Some(0.0101), p99: Some(0.0503), max: Some(0.0907), ..Latency::default() };
        assert_eq!(wrong(&base), None);
        // One request in 200 that takes a minute: rare, but possible.
        assert_eq!(wrong(&Latency { mean: Some(0.09), ..base }), None);
        let pair = |latency| wrong(&latency).map(|wrong| (wrong.lower.0, wrong.upper.0));
        assert_eq!(pair(Latency { p99: Some(0.2004), ..base }), Some(("p99", "max")));
        assert_eq!(pair(Latency { mean: Some(0.2004), ..base }), Some(("mean", "max")));
        assert_eq!(pair(Latency { min: Some(0.0203), ..base }), Some(("min", "p50")));
        assert_eq!(pair(Latency { min: Some(0.0203), p50: None, mean: Some(0.0151), ..base }), Some(("min", "mean")));
    }

    #[test]
    fn rounding_and_buckets_of_a_clock_are_not_impossible() {
        // Locust rounds percentiles to two digits.
        assert_eq!(wrong(&Latency { p99: Some(0.170), max: Some(0.166_1), ..Latency::default() }), None);
        // Whole milliseconds.
        let coarse = Latency { p50: Some(0.002), p99: Some(0.002), max: Some(0.001), ..Latency::default() };
        assert_eq!(wrong(&coarse), None);
        assert_eq!(wrong(&Latency::default()), None);
    }
}
