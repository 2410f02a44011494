//! Proves that a gate can fail: puts a regression into the candidate and looks whether the gate trips.
//!
//! The candidate is first brought level with the baseline, series by series and metric by metric, so that the proof does not
//! depend on what it is now; then all its times grow by one factor.

use std::collections::HashMap;

use jiff::civil::Date;

use super::evaluate::{GateInput, evaluate, kinds, min_effect, ruling};
use super::{GateReport, GateResult, RuleKind, Violation};
use crate::compare::change::{Change, Outcome, Scale};
use crate::compare::changes::compare_sides;
use crate::compare::iterations::scale_iterations;
use crate::compare::policy::{FailOn, Policy};
use crate::compare::row::ChangeOptions;
use crate::compare::side::MeasuredSide;
use crate::record::{Direction, Metric, Run, SeriesKey};

/// What is tested.
#[derive(Debug, Clone, Copy)]
pub struct SelfTestInput<'a> {
    /// The baseline.
    pub baseline: &'a MeasuredSide,
    /// One candidate.
    pub candidate: &'a MeasuredSide,
    /// What is compared.
    pub metrics: &'a [Metric],
    /// How it is compared.
    pub options: &'a ChangeOptions,
    /// The day on which exceptions are looked at.
    pub today: Date,
}

/// What came of a self-test.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfTest {
    /// The regression that was put in, such as 0.1 for 10 %.
    pub size: f64,
    /// How many series and metrics the policy guards against getting worse, and the data could tell.
    pub guarded: usize,
    /// In how many of them the regression was seen.
    pub seen: usize,
    /// The smallest regression that trips the gate anywhere; `None` where even tenfold times do not.
    pub smallest_anywhere: Option<f64>,
    /// The smallest regression that is seen in every guarded series and metric.
    pub smallest_everywhere: Option<f64>,
    /// Each rule.
    pub rules: Vec<SelfTestRule>,
    /// Whether the gate is proven: the regression was seen, and every rule that can be tested trips.
    pub is_proven: bool,
}

/// A rule, and whether it can trip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfTestRule {
    /// As people read it.
    pub rule: String,
    /// What came of it.
    pub tested: Tested,
}

/// What came of testing a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tested {
    /// It trips.
    Trips,
    /// It does not, although what it is against was put in.
    DoesNotTrip,
    /// What it is against can't be put in.
    NotTested,
}

/// Larger regressions than this are not looked for: times eleven-fold.
const LARGEST: f64 = 10.0;
/// The first regression that is tried.
const FIRST: f64 = 0.005;
/// Sizes are found to this share of themselves.
const STEP: f64 = 0.05;
/// With more rows than this sizes are only found to a factor of two.
const MANY: usize = 3_000;
/// What is done to values so that every limit is broken.
const ABSURD: f64 = 1e6;

/// Tests a policy on the data that it is to guard.
pub fn self_test(policy: &Policy, input: &SelfTestInput<'_>) -> SelfTest {
    let SelfTestInput { baseline, candidate, metrics, options, .. } = *input;
    let now = compare_sides(baseline, candidate, metrics, options).changes;
    let guarded: Vec<&Change> = now.iter().filter(|row| is_guarded(policy, row)).collect();
    let seen_at = |size: f64| {
        let changes = compare_sides(baseline, &regressed(candidate, &now, size), metrics, options).changes;
        let mut rows = changes.iter().filter(|row| is_guarded(policy, row));
        let worse = rows.by_ref().filter(|row| {
            let margin = min_effect(policy, ruling(policy, row), options.decision.min_effect);
            row.outcome_at(margin) == Outcome::Worse
        });
        worse.count()
    };
    let is_fine = guarded.len() <= MANY;
    let smallest = |enough: usize| if enough == 0 { None } else { smallest(|size| enough <= seen_at(size), is_fine) };
    let smallest_everywhere = smallest(guarded.len());
    let smallest_anywhere = smallest(guarded.len().min(1));
    let margins = guarded.iter().map(|row| min_effect(policy, ruling(policy, row), options.decision.min_effect));
    let wanted = margins.fold(0.0, f64::max) * 2.0;
    let size = wanted.max(smallest_everywhere.or(smallest_anywhere).unwrap_or(LARGEST));
    let seen = if guarded.is_empty() { 0 } else { seen_at(size) };

    let report = |side: &MeasuredSide| report(policy, input, side);
    let regressed = report(&regressed(candidate, &now, size));
    let shortened = report(&without_a_series(candidate, &now));
    let [slow, fast] = [ABSURD, ABSURD.recip()].map(|factor| report(&absurd(candidate, factor)));
    let trips = |report: &Option<GateReport>, index: usize| {
        let rule = report.as_ref().and_then(|report| report.rules.get(index));
        let fails = |violation: &Violation| violation.result == GateResult::Tripped && violation.allowed.is_none();
        rule.is_some_and(|rule| rule.violations.iter().any(fails))
    };
    let all = regressed.as_ref().map(|report| report.rules.as_slice()).unwrap_or_default();
    let of_outcomes = kinds_in_order(policy, &now);
    let rules: Vec<SelfTestRule> = all
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let put_in = match (rule.kind, of_outcomes.get(index)) {
                (RuleKind::Limit, _) => Some(trips(&slow, index) || trips(&fast, index)),
                (RuleKind::Outcome, Some(FailOn::Worse)) => Some(trips(&regressed, index)),
                (RuleKind::Outcome, Some(FailOn::Missing)) => Some(trips(&shortened, index)),
                _ => None,
            };
            let tested = match put_in {
                Some(true) => Tested::Trips,
                Some(false) => Tested::DoesNotTrip,
                None => Tested::NotTested,
            };
            SelfTestRule { rule: rule.rule.clone(), tested }
        })
        .collect();
    let is_proven = rules.iter().any(|rule| rule.tested == Tested::Trips)
        && rules.iter().all(|rule| rule.tested != Tested::DoesNotTrip)
        && (guarded.is_empty() || 0 < seen);
    SelfTest { size, guarded: guarded.len(), seen, smallest_anywhere, smallest_everywhere, rules, is_proven }
}

/// Whether a row is over all levels, could be tested, and fails where it is worse.
fn is_guarded(policy: &Policy, row: &Change) -> bool {
    let rule = ruling(policy, row).and_then(|index| policy.rules.get(index));
    row.is_overall() && row.scale == Scale::Ratio && row.is_tested() && kinds(policy, rule).contains(&FailOn::Worse)
}

/// What each of the reports on outcomes is about, in the order in which they are made.
fn kinds_in_order(policy: &Policy, changes: &[Change]) -> Vec<FailOn> {
    let is_used = |index: Option<usize>| changes.iter().any(|row| ruling(policy, row) == index);
    let mut all = Vec::new();
    for (index, rule) in policy.rules.iter().enumerate() {
        // A rule that matches nothing has one report, which is about all of it.
        all.extend(if is_used(Some(index)) { kinds(policy, Some(rule)) } else { vec![FailOn::Worse] });
    }
    if policy.rules.is_empty() || is_used(None) {
        all.extend(kinds(policy, None));
    }
    all
}

/// The smallest size at which something holds, by doubling and then by halving the gap.
fn smallest(holds: impl Fn(f64) -> bool, is_fine: bool) -> Option<f64> {
    let mut high = FIRST;
    while !holds(high) {
        high *= 2.0;
        if LARGEST < high {
            return None;
        }
    }
    let mut low = if high <= FIRST { 0.0 } else { high / 2.0 };
    while is_fine && STEP * high < high - low {
        let middle = low.midpoint(high);
        if holds(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// The candidate brought level with the baseline, and then slower by `size`.
fn regressed(candidate: &MeasuredSide, now: &[Change], size: f64) -> MeasuredSide {
    let has_average = now.iter().any(|row| row.metric == Metric::AvgTimePerRequest);
    let mut rows: HashMap<SeriesKey, Vec<(Metric, f64)>> = HashMap::new();
    for row in now.iter().filter(|row| row.is_overall()) {
        if let Some(ratio) = row.ratio.filter(|ratio| 0.0 < *ratio) {
            rows.entry(row.candidate_key()).or_default().push((row.metric, ratio));
        }
    }
    let slower = |run: &Run| {
        let mut run = run.clone();
        for &(metric, ratio) in rows.get(&SeriesKey::of(&run)).into_iter().flatten() {
            match (metric, metric.direction()) {
                // It is derived from the average, which is slowed down on its own where both are compared.
                (Metric::Throughput, _) if has_average => {}
                (Metric::Throughput, _) => scale(&mut run, metric, (1.0 + size) * ratio),
                (_, Direction::HigherIsBetter) => scale(&mut run, metric, 1.0 / ((1.0 + size) * ratio)),
                _ => scale(&mut run, metric, (1.0 + size) / ratio),
            }
        }
        run
    };
    candidate.with_runs(candidate.runs.iter().map(slower).collect())
}

/// Makes one metric of a run larger by a factor.
fn scale(run: &mut Run, metric: Metric, factor: f64) {
    let latency = &mut run.latency;
    let value = match metric {
        Metric::TotalTime => &mut run.total_time,
        Metric::AvgTimePerRequest | Metric::Throughput => &mut run.avg_time_per_request,
        Metric::LatencyMean => &mut latency.mean,
        Metric::LatencyP50 => &mut latency.p50,
        Metric::LatencyP95 => &mut latency.p95,
        Metric::LatencyP99 => &mut latency.p99,
        Metric::LatencyMax => &mut latency.max,
        Metric::ErrorRate => return,
        Metric::Open(metric) => {
            if let Some(value) = run.open.get(metric) {
                run.open.set(metric, value * factor);
            }
            return;
        }
    };
    *value = value.map(|value| value * factor).filter(|value| value.is_finite());
    if metric == Metric::AvgTimePerRequest {
        scale_iterations(run, factor);
    }
}

/// Every metric at once, by a factor that breaks every limit; with a large one, every request failed too.
fn absurd(candidate: &MeasuredSide, factor: f64) -> MeasuredSide {
    let scaled = |run: &Run| {
        let mut run = run.clone();
        Metric::of_runs([&run])
            .into_iter()
            .filter(|metric| *metric != Metric::Throughput)
            .for_each(|metric| scale(&mut run, metric, factor));
        if run.error_count.is_some() {
            run.error_count = if 1.0 < factor { run.requests_count } else { Some(0) };
        }
        run
    };
    candidate.with_runs(candidate.runs.iter().map(scaled).collect())
}

/// The candidate without the first series that both sides have.
fn without_a_series(candidate: &MeasuredSide, now: &[Change]) -> MeasuredSide {
    let first = now.iter().find(|row| row.is_overall() && row.ratio.is_some()).map(Change::candidate_key);
    let is_kept = |run: &&Run| first.as_ref().is_none_or(|key| *key != SeriesKey::of(run));
    candidate.with_runs(candidate.runs.iter().filter(is_kept).cloned().collect())
}

fn report(policy: &Policy, input: &SelfTestInput<'_>, candidate: &MeasuredSide) -> Option<GateReport> {
    let changes = compare_sides(input.baseline, candidate, input.metrics, input.options).changes;
    evaluate(
        policy,
        &GateInput {
            changes: &changes,
            baseline: input.baseline,
            candidates: std::slice::from_ref(candidate),
            metrics: input.metrics,
            doubts: &[],
            lost: &[],
            min_effect: input.options.decision.min_effect,
            today: input.today,
            language: input.options.language,
        },
    )
}
