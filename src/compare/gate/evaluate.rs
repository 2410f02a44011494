//! Holds a policy against a comparison.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::civil::Date;

use super::integrity::{Gap, Lost, gaps, neighbouring_names, share, slower_mode};
use super::message::Message;
use super::{AllowanceReport, GateReport, GateResult, RuleKind, RuleReport, SideCoverage, Violation};
use crate::compare::change::{Basis, Change, Outcome, Scale};
use crate::compare::policy::{FailOn, Limit, Policy, SeriesRule};
use crate::compare::side::{MeasuredSide, failures};
use crate::language::Language;
use crate::record::{CellKey, CellRuns, Direction, Metric};
use crate::stats::{Share, Values};

/// What a gate looks at.
#[derive(Debug, Clone, Copy)]
pub struct GateInput<'a> {
    /// Every row of every candidate: first over all levels, then those of the levels.
    pub changes: &'a [Change],
    /// The baseline.
    pub baseline: &'a MeasuredSide,
    /// The candidates.
    pub candidates: &'a [MeasuredSide],
    /// What is compared.
    pub metrics: &'a [Metric],
    /// What makes the data doubtful, a warning or worse.
    pub doubts: &'a [Doubt],
    /// What was lost on the way in, on all sides.
    pub lost: &'a [Lost],
    /// The smallest relative difference that matters, where the policy does not say.
    pub min_effect: f64,
    /// The day on which exceptions are looked at.
    pub today: Date,
    /// The language of messages.
    pub language: Language,
}

/// Something that is said against a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The label of the side; empty where it is about all.
    pub side: String,
    /// What there is to say.
    pub message: String,
}

/// Holds a policy against a comparison; `None` where the policy asks for nothing.
///
/// What could not be evaluated does not pass: an input that was not read, a rule that matched nothing, a series whose noise
/// is not known under a rule that fails on what is worse. A series or level that the candidate lacks fails under every gate,
/// unless a rule for that series says what it fails on.
pub fn evaluate(policy: &Policy, input: &GateInput<'_>) -> Option<GateReport> {
    if !policy.is_gate() {
        return None;
    }
    let message = Message(input.language);
    let mut rules = outcome_rules(policy, input, message);
    rules.extend(policy.limits.iter().map(|limit| limit_rule(limit, input, message)));
    if fails_on_trust(policy) {
        let violations = input.doubts.iter().map(|doubt| of_side(doubt, GateResult::Tripped)).collect();
        rules.push(report(message.fail_on(FailOn::Trust), RuleKind::Trust, input.doubts.len(), violations));
    }
    rules.push(integrity_rule(policy, input, message));
    let allowances = allow(policy, &mut rules, input.today);
    for rule in &mut rules {
        rule.result = worst(&rule.violations);
    }
    let result = rules.iter().map(|rule| rule.result).max()?;
    Some(GateReport {
        result,
        rules,
        allowances,
        coverage: sides(input).map(|side| coverage(side, input, message)).collect(),
    })
}

/// The baseline, and then the candidates.
fn sides<'a>(input: &GateInput<'a>) -> impl Iterator<Item = &'a MeasuredSide> + Clone + use<'a> {
    std::iter::once(input.baseline).chain(input.candidates)
}

fn lost_of<'a>(side: &MeasuredSide, input: &GateInput<'a>) -> Vec<&'a Lost> {
    input.lost.iter().filter(|lost| lost.side == side.label).collect()
}

fn coverage(side: &MeasuredSide, input: &GateInput<'_>, message: Message) -> SideCoverage {
    let unread: u64 = lost_of(side, input).iter().map(|lost| lost.count).sum();
    SideCoverage {
        side: side.label.clone(),
        series: side.runs.series().count(),
        levels: side.runs.cells().count(),
        metrics: input.metrics.len(),
        runs: side.runs.len(),
        left_out: unread + gaps(side, input.metrics, message).iter().map(Gap::runs).sum::<u64>(),
    }
}

/// Both sides are whole, and no run may stand under a neighbouring name.
fn integrity_rule(policy: &Policy, input: &GateInput<'_>, message: Message) -> RuleReport {
    let mut violations = Vec::new();
    for side in sides(input) {
        let (lost, gaps) = (lost_of(side, input), gaps(side, input.metrics, message));
        if policy.lost.is_some_and(|most| share(side, &lost, &gaps) <= most) {
            continue;
        }
        let doubt = |lost: &&Lost| Doubt { side: lost.side.clone(), message: lost.message.clone() };
        violations.extend(lost.iter().map(|lost| of_side(&doubt(lost), GateResult::Unusable)));
        violations.extend(gaps.into_iter().map(|gap| gap.violation));
    }
    let alike = neighbouring_names(sides(input)).into_iter();
    let doubt = |names: Vec<&str>| Doubt { side: String::new(), message: message.neighbouring_names(&names) };
    violations.extend(alike.map(|names| of_side(&doubt(names), GateResult::Unusable)));
    report(message.sides_are_whole(policy.lost), RuleKind::Integrity, sides(input).count(), violations)
}

/// Which rule decides about a row; `None` for what holds in general.
pub(in crate::compare) fn ruling(policy: &Policy, row: &Change) -> Option<usize> {
    policy.rules.iter().position(|rule| {
        rule.pattern.matches(&row.framework, &row.scenario, row.concurrency)
            && rule.metric.is_none_or(|metric| metric == row.metric)
    })
}

/// The smallest difference that matters in a row.
pub(in crate::compare) fn min_effect(policy: &Policy, ruling: Option<usize>, otherwise: f64) -> f64 {
    let rule = ruling.and_then(|index| policy.rules.get(index));
    rule.and_then(|rule| rule.min_effect).or(policy.min_effect).unwrap_or(otherwise)
}

/// What fails in the rows of a rule. A rule that says nothing of it, and all other series, fail on what is missing too.
pub(in crate::compare) fn kinds(policy: &Policy, rule: Option<&SeriesRule>) -> Vec<FailOn> {
    let mut kinds = match rule.and_then(|rule| rule.fail_on.as_ref()) {
        Some(own) => own.clone(),
        None => policy.fail_on.iter().copied().chain([FailOn::Missing]).collect(),
    };
    kinds.sort_unstable();
    kinds.dedup();
    kinds.retain(|kind| *kind != FailOn::Trust);
    kinds
}

fn fails_on_trust(policy: &Policy) -> bool {
    let of_rules = policy.rules.iter().flat_map(|rule| rule.fail_on.iter().flatten());
    policy.fail_on.iter().chain(of_rules).any(|kind| *kind == FailOn::Trust)
}

fn outcome_rules(policy: &Policy, input: &GateInput<'_>, message: Message) -> Vec<RuleReport> {
    let mut rows: HashMap<Option<usize>, Vec<&Change>> = HashMap::new();
    let mut last_overall: Option<(Option<usize>, usize, bool)> = None;
    for row in input.changes {
        let own = ruling(policy, row);
        if row.is_overall() {
            last_overall = Some((own, row.levels, row.is_tested()));
        } else if last_overall == Some((own, 1, row.is_tested()))
            && !matches!(row.outcome, Outcome::Missing | Outcome::New)
        {
            // The only level of a series is the series, and that was looked at. One that could not be tested is another.
            continue;
        }
        rows.entry(own).or_default().push(row);
    }
    let mut reports = Vec::new();
    for (index, rule) in policy.rules.iter().enumerate() {
        let of_rule = rows.remove(&Some(index)).unwrap_or_default();
        let text = rule.to_string();
        let kinds = kinds(policy, Some(rule));
        if of_rule.is_empty() {
            reports.push(report(text, RuleKind::Outcome, 0, vec![nothing_matched(message)]));
            continue;
        }
        let margin = min_effect(policy, Some(index), input.min_effect);
        let open = open_result(&kinds);
        reports.extend(kinds.into_iter().map(|kind| {
            let text = if rule.fail_on.is_some() { text.clone() } else { format!("{text}: {}", message.fail_on(kind)) };
            outcome_rule(kind, text, &of_rule, margin, message, input, open)
        }));
    }
    let others = rows.remove(&None).unwrap_or_default();
    let margin = min_effect(policy, None, input.min_effect);
    // Where the rules took every row there is nothing left to match.
    if !others.is_empty() || policy.rules.is_empty() {
        let kinds = kinds(policy, None);
        let open = open_result(&kinds);
        let rule = |kind| outcome_rule(kind, message.fail_on(kind), &others, margin, message, input, open);
        reports.extend(kinds.into_iter().map(rule));
    }
    reports
}

/// What comes of a row that can't be judged under a rule on what is worse: inconclusive where the policy fails on that, and
/// otherwise a gate that could not be evaluated.
fn open_result(kinds: &[FailOn]) -> GateResult {
    if kinds.contains(&FailOn::Inconclusive) { GateResult::Inconclusive } else { GateResult::Unusable }
}

fn outcome_rule(
    kind: FailOn,
    text: String,
    rows: &[&Change],
    margin: f64,
    message: Message,
    input: &GateInput<'_>,
    open: GateResult,
) -> RuleReport {
    let has_both = |row: &&&Change| !matches!(row.outcome, Outcome::Missing | Outcome::New);
    let mut violations = Vec::new();
    let matched = match kind {
        FailOn::Worse => {
            let looked_at = || rows.iter().filter(has_both);
            let worse = looked_at().filter(|row| row.outcome_at(margin) == Outcome::Worse);
            violations.extend(worse.map(|row| of_row(row, GateResult::Tripped, message.worse(row))));
            violations.extend(untested(rows).map(|row| of_row(row, GateResult::Unusable, message.untested(row))));
            violations.extend(looked_at().filter_map(|row| unjudged(row, margin, message, input, open)));
            looked_at().count()
        }
        FailOn::Inconclusive => {
            let looked_at = || rows.iter().filter(has_both).filter(|row| row.is_overall());
            let open = looked_at().filter(|row| row.outcome_at(margin) == Outcome::Inconclusive);
            violations.extend(open.map(|row| of_row(row, GateResult::Inconclusive, message.inconclusive(row))));
            looked_at().count()
        }
        FailOn::Missing => {
            violations.extend(missing(rows).into_values().filter_map(|rows| {
                let first = rows.first()?;
                let metric = Some(first.metric).filter(|_| rows.len() == 1);
                Some(Violation { metric, ..of_row(first, GateResult::Tripped, message.missing(&rows)) })
            }));
            rows.iter().filter(|row| row.outcome != Outcome::New).count()
        }
        FailOn::Trust => 0,
    };
    if matched == 0 {
        violations.push(nothing_matched(message));
    }
    report(text, RuleKind::Outcome, matched, violations)
}

/// What the candidate lacks, by side, series and level.
fn missing<'a>(rows: &[&'a Change]) -> IndexMap<(&'a str, &'a str, &'a str, Option<u32>), Vec<&'a Change>> {
    let mut missing: IndexMap<_, Vec<&Change>> = IndexMap::new();
    for row in rows.iter().filter(|row| row.outcome == Outcome::Missing) {
        let series = (row.candidate_label.as_str(), row.framework.as_str(), row.scenario.as_str(), row.concurrency);
        missing.entry(series).or_default().push(row);
    }
    missing
}

/// A row for each series of which nothing at all could be tested: the rule does not guard it. An error rate can always be
/// tested, and says nothing of times.
fn untested<'a>(rows: &[&'a Change]) -> impl Iterator<Item = &'a Change> + use<'a> {
    let mut series: IndexMap<(&str, &str, &str), Vec<&'a Change>> = IndexMap::new();
    for row in rows.iter().filter(|row| !matches!(row.outcome, Outcome::Missing | Outcome::New)) {
        series.entry((&row.candidate_label, &row.framework, &row.scenario)).or_default().push(row);
    }
    series.into_values().filter_map(|rows| {
        let is_guarded = |scale: Scale| rows.iter().any(|row| row.scale == scale && row.is_tested());
        let has_ratios = rows.iter().any(|row| row.scale == Scale::Ratio);
        let is_guarded = if has_ratios { is_guarded(Scale::Ratio) } else { is_guarded(Scale::Difference) };
        rows.into_iter().next().filter(|_| !is_guarded)
    })
}

/// Why a row that is not worse by verdict is no pass all the same: it changed and has no spread to test against, it has far fewer
/// runs than the baseline, or some of its runs are a slower mode.
fn unjudged(row: &Change, margin: f64, message: Message, input: &GateInput<'_>, open: GateResult) -> Option<Violation> {
    let outcome = row.outcome_at(margin);
    if row.scale != Scale::Ratio || outcome == Outcome::Worse {
        return None;
    }
    let slower = match row.metric.direction() {
        Direction::HigherIsBetter => row.ratio?.recip(),
        _ => row.ratio?,
    };
    if !row.is_tested() {
        let is_slower = 1.0 + margin < slower;
        return is_slower.then(|| of_row(row, GateResult::Unusable, message.unproven(row)));
    }
    let (baseline, candidate) = (row.baseline?.n, row.candidate?.n);
    if outcome == Outcome::Inconclusive && row.basis == Basis::Runs && 2 * candidate < baseline {
        return Some(of_row(row, open, message.fewer_runs(row, baseline, candidate)));
    }
    let side = input.candidates.iter().find(|side| side.label == row.candidate_label)?;
    let values = |cell: CellRuns<'_>| -> Vec<f64> {
        let slowness =
            |value: f64| if row.metric.direction() == Direction::HigherIsBetter { value.recip() } else { value };
        cell.iter().filter_map(|run| row.metric.of(run)).map(slowness).collect()
    };
    let own = side.runs.at(&row.candidate_key().at(row.concurrency)).map(values)?;
    let before = input.baseline.runs.at(&row.key()).map(values)?;
    let slow = slower_mode(&before, &own, margin)?;
    Some(of_row(row, open, message.slower_mode(row.metric, slow, own.len())))
}

fn limit_rule(limit: &Limit, input: &GateInput<'_>, message: Message) -> RuleReport {
    let mut matched = 0;
    let mut violations = Vec::new();
    for side in input.candidates {
        let meant = |key: &CellKey| limit.speaks_of(key.framework(), key.scenario(), key.concurrency);
        for cell in side.runs.cells().filter(|cell| meant(cell.key())) {
            matched += 1;
            let value = limited_value(cell, limit.metric);
            let (result, text) = match value {
                Some(value) if limit.holds(value) => continue,
                Some(value) => (GateResult::Tripped, message.beyond(limit, value)),
                None => (GateResult::Unusable, message.without_value(limit)),
            };
            let CellKey { series, concurrency } = cell.key().clone();
            violations.push(Violation {
                result,
                framework: Some(series.framework),
                scenario: Some(series.scenario),
                concurrency,
                metric: Some(limit.metric),
                side: side.label.clone(),
                message: text,
                allowed: None,
            });
        }
    }
    if matched == 0 {
        violations.push(nothing_matched(message));
    }
    report(limit.to_string(), RuleKind::Limit, matched, violations)
}

/// What is held against a limit: the median of the runs, or all errors over all requests.
fn limited_value(cell: CellRuns<'_>, metric: Metric) -> Option<f64> {
    match metric {
        // What is known of some runs only says nothing of the others.
        Metric::ErrorRate if failures(cell).count() < cell.count() => None,
        Metric::ErrorRate => failures(cell).fold(Share::default(), Share::plus).rate(),
        metric => Values::new(cell.iter().filter_map(|run| metric.of(run))).map(|values| values.median()),
    }
}

/// Marks what known exceptions excuse, and tells of each what it was good for.
fn allow(policy: &Policy, rules: &mut [RuleReport], today: Date) -> Vec<AllowanceReport> {
    let mut reports: Vec<AllowanceReport> = policy
        .allowances
        .iter()
        .map(|allowance| AllowanceReport {
            pattern: allowance.pattern.to_string(),
            until: allowance.until.to_string(),
            reason: allowance.reason.clone(),
            is_expired: allowance.is_expired(today),
            matched: 0,
        })
        .collect();
    for violation in rules.iter_mut().flat_map(|rule| &mut rule.violations) {
        let (Some(framework), Some(scenario)) = (&violation.framework, &violation.scenario) else { continue };
        for (allowance, report) in policy.allowances.iter().zip(&mut reports) {
            if allowance.pattern.matches(framework, scenario, violation.concurrency) {
                report.matched += 1;
                if !report.is_expired && violation.allowed.is_none() {
                    violation.allowed = Some(allowance.reason.clone());
                }
            }
        }
    }
    reports
}

fn worst(violations: &[Violation]) -> GateResult {
    let open = violations.iter().filter(|violation| violation.allowed.is_none());
    open.map(|violation| violation.result).max().unwrap_or(GateResult::Passed)
}

fn report(rule: String, kind: RuleKind, matched: usize, violations: Vec<Violation>) -> RuleReport {
    RuleReport { rule, kind, matched, violations, result: GateResult::Passed }
}

fn of_row(row: &Change, result: GateResult, message: String) -> Violation {
    Violation {
        result,
        framework: Some(row.framework.clone()),
        scenario: Some(row.scenario.clone()),
        concurrency: row.concurrency,
        metric: Some(row.metric),
        side: row.candidate_label.clone(),
        message,
        allowed: None,
    }
}

fn of_side(doubt: &Doubt, result: GateResult) -> Violation {
    Violation {
        result,
        framework: None,
        scenario: None,
        concurrency: None,
        metric: None,
        side: doubt.side.clone(),
        message: doubt.message.clone(),
        allowed: None,
    }
}

fn nothing_matched(message: Message) -> Violation {
    of_side(&Doubt { side: String::new(), message: message.nothing_matched() }, GateResult::Unusable)
}
