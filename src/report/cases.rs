//! What passes and what does not, series by series: the cases of a test report.
//!
//! Where there is a gate, it alone says what fails. Where there is none, `worse` and `missing` fail, because a report of a
//! comparison that can't fail is of no use; `inconclusive` is skipped in both, unless the gate fails it.

use indexmap::IndexMap;

use super::change_words::ChangeWords;
use super::escape::shortened;
use super::quantity::quantity;
use super::series::SeriesNames;
use super::subject::Subject;
use super::words::Words;
use crate::analysis::{Analysis, ChangeAnalysis};
use crate::compare::{Change, GateReport, GateResult, Outcome, Violation};
use crate::findings::{Kind, Severity};
use crate::record::{CellKey, Metric, Unit};
use crate::stats::{Cell, MOSTLY_FAILING};

/// A group of cases.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    /// No two of a suite are the same.
    pub(super) name: String,
    /// What was timed, s: the mean of the first time that the series has.
    pub(super) seconds: Option<f64>,
    pub(super) result: CaseResult,
    /// The numbers behind it, line by line.
    pub(super) evidence: Vec<String>,
}

/// What comes of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CaseResult {
    Passed,
    /// Nothing can be said.
    Skipped(String),
    /// It does not pass: its kind in a word, and why.
    Failed(String, String),
    /// It could not be evaluated: its kind in a word, and why.
    Error(String, String),
}

/// All suites of a subject.
pub(super) fn suites(subject: Subject<'_>) -> Vec<Suite> {
    match subject {
        Subject::Analysis(analysis) => suites_of_analysis(analysis),
        Subject::Changes(changes) => suites_of_changes(changes),
    }
}

fn suites_of_changes(changes: &ChangeAnalysis) -> Vec<Suite> {
    let words = ChangeWords(Words(changes.language));
    let level = Subject::Changes(changes).interval_level();
    let violations = changes.gate.as_ref().map(violations_by_series);
    let mut suites: IndexMap<(&str, &str), IndexMap<CellKey, Vec<&Change>>> = IndexMap::new();
    for row in &changes.changes {
        let of_side = suites.entry((&row.baseline_label, &row.candidate_label)).or_default();
        of_side.entry(row.key()).or_default().push(row);
    }
    let suite = |((baseline, candidate), cells): ((&str, &str), IndexMap<CellKey, Vec<&Change>>)| {
        let mut names = SeriesNames::default();
        let mut cases = Vec::new();
        for (key, rows) in cells {
            let name = names.name(None, &key);
            let result = match &violations {
                Some(violations) => {
                    let found = violations.get(&(candidate, key)).map_or(&[][..], Vec::as_slice);
                    by_gate(&rows, found, words, &level)
                }
                None => by_outcome(&rows, words, &level),
            };
            cases.push(Case {
                name,
                seconds: seconds(rows.iter().filter_map(|row| Some((row.metric, row.candidate?.mean)))),
                result,
                evidence: rows.iter().map(|row| words.change(row, &level)).collect(),
            });
        }
        Suite {
            name: words.0.pick(format!("{candidate} against {baseline}"), format!("{candidate} 对比 {baseline}")),
            cases,
        }
    };
    let mut suites: Vec<Suite> = suites.into_iter().map(suite).collect();
    suites.extend(changes.gate.as_ref().map(|gate| gate_suite(gate, words)));
    if suites.iter().all(|suite| suite.cases.is_empty()) {
        // A report without a case would pass for a success.
        let message = words.0.pick("nothing was compared", "没有可比较的内容").to_owned();
        let result = CaseResult::Error("nothing".to_owned(), message);
        let case = Case { name: "compare".to_owned(), seconds: None, result, evidence: Vec::new() };
        suites = vec![Suite { name: "compare".to_owned(), cases: vec![case] }];
    }
    suites
}

type ViolationsBySeries<'a> = IndexMap<(&'a str, CellKey), Vec<&'a Violation>>;

fn violations_by_series(gate: &GateReport) -> ViolationsBySeries<'_> {
    let mut by_series = ViolationsBySeries::new();
    for violation in gate.rules.iter().flat_map(|rule| &rule.violations) {
        if let Some(key) = violation.key() {
            by_series.entry((violation.side.as_str(), key)).or_default().push(violation);
        }
    }
    by_series
}

/// What a gate makes of a series.
fn by_gate(rows: &[&Change], violations: &[&Violation], words: ChangeWords, level: &str) -> CaseResult {
    let text = |of: &dyn Fn(&Violation) -> bool| -> Option<String> {
        let messages: Vec<String> =
            violations.iter().filter(|violation| of(violation)).map(|violation| words.violation(violation)).collect();
        (!messages.is_empty()).then(|| messages.join("\n"))
    };
    let holds = |violation: &Violation| violation.allowed.is_none();
    let worst = violations.iter().filter(|violation| holds(violation)).map(|violation| violation.result).max();
    let told = text(&holds).unwrap_or_default();
    match worst {
        Some(GateResult::Tripped) => CaseResult::Failed(kind_of(rows, Outcome::Worse), told),
        Some(GateResult::Inconclusive) => CaseResult::Failed(Outcome::Inconclusive.name().to_owned(), told),
        Some(GateResult::Unusable) => CaseResult::Error("unusable".to_owned(), told),
        Some(GateResult::Passed) | None => match text(&|violation| !holds(violation)) {
            Some(allowed) => CaseResult::Skipped(allowed),
            None => match by_outcome(rows, words, level) {
                // The policy lets it pass, and its evidence says what it is.
                CaseResult::Failed(..) => CaseResult::Passed,
                other => other,
            },
        },
    }
}

/// What a series is without a gate.
fn by_outcome(rows: &[&Change], words: ChangeWords, level: &str) -> CaseResult {
    let Some(worst) = rows.iter().map(|row| row.outcome).min() else { return CaseResult::Passed };
    let told: Vec<String> =
        rows.iter().filter(|row| row.outcome == worst).map(|row| words.change(row, level)).collect();
    match worst {
        Outcome::Worse | Outcome::Missing => CaseResult::Failed(worst.name().to_owned(), told.join("\n")),
        Outcome::Inconclusive => CaseResult::Skipped(told.join("\n")),
        Outcome::New | Outcome::Equivalent | Outcome::Better => CaseResult::Passed,
    }
}

/// The outcome that a failure is named for: the worst of its rows, as far as it is to the bad.
fn kind_of(rows: &[&Change], otherwise: Outcome) -> String {
    let worst = rows.iter().map(|row| row.outcome).min().filter(|worst| *worst <= Outcome::Missing);
    match worst {
        Some(worst) => worst.name().to_owned(),
        None if otherwise == Outcome::Worse => "limit".to_owned(),
        None => otherwise.name().to_owned(),
    }
}

/// The rules of a gate, which may fail without any series: a rule that matched nothing, or a side that can't be believed.
fn gate_suite(gate: &GateReport, words: ChangeWords) -> Suite {
    let cases = gate.rules.iter().enumerate().map(|(index, rule)| {
        let evidence: Vec<String> =
            rule.violations.iter().map(|violation| words.violation_of_series(violation)).collect();
        let told = words.rule(rule);
        let result = match rule.result {
            GateResult::Passed => CaseResult::Passed,
            GateResult::Tripped => CaseResult::Failed("tripped".to_owned(), told),
            GateResult::Inconclusive => CaseResult::Failed("inconclusive".to_owned(), told),
            GateResult::Unusable => CaseResult::Error("unusable".to_owned(), told),
        };
        let name = format!("{}. {}", index + 1, shortened(&rule.rule, 200));
        Case { name, seconds: None, result, evidence }
    });
    let mut cases: Vec<Case> = cases.collect();
    let is_told = cases.iter().any(|case| !matches!(case.result, CaseResult::Passed));
    if gate.result != GateResult::Passed && !is_told {
        let told = words.gate_result(gate.result).to_owned();
        let result = CaseResult::Error("unusable".to_owned(), told);
        cases.push(Case { name: "gate".to_owned(), seconds: None, result, evidence: Vec::new() });
    }
    Suite { name: "gate".to_owned(), cases }
}

fn suites_of_analysis(analysis: &Analysis) -> Vec<Suite> {
    let words = Words(analysis.language);
    let mut cells: IndexMap<CellKey, Vec<&Cell>> = IndexMap::new();
    for run in &analysis.runs {
        cells.entry(CellKey::new(&run.framework, &run.scenario, run.concurrency)).or_default();
    }
    for cell in &analysis.cells {
        cells.entry(cell.key()).or_default().push(cell);
    }
    let mut names = SeriesNames::default();
    let mut suites: IndexMap<String, Vec<Case>> = IndexMap::new();
    for (key, cells) in cells {
        let case = Case {
            name: names.name(None, &key),
            seconds: seconds(cells.iter().map(|cell| (cell.metric, cell.mean))),
            result: of_cells(&cells, words),
            evidence: cells.iter().map(|cell| evidence_of(cell, words)).collect(),
        };
        suites.entry(key.series.framework).or_default().push(case);
    }
    let mut suites: Vec<Suite> = suites.into_iter().map(|(name, cases)| Suite { name, cases }).collect();
    suites.extend(trust_suite(analysis));
    suites
}

fn of_cells(cells: &[&Cell], words: Words) -> CaseResult {
    match cells.first() {
        None => CaseResult::Failed("dead".to_owned(), words.no_time().to_owned()),
        Some(cell) if cell.error_rate.is_some_and(|rate| MOSTLY_FAILING < rate) => {
            CaseResult::Failed("errors".to_owned(), words.mostly_errors().to_owned())
        }
        Some(_) => CaseResult::Passed,
    }
}

fn evidence_of(cell: &Cell, words: Words) -> String {
    let mean = quantity(cell.mean, cell.metric);
    let interval = cell.ci_low.zip(cell.ci_high).map(|(low, high)| {
        let (low, high) = (quantity(low, cell.metric), quantity(high, cell.metric));
        words.pick(format!(" ({low} to {high})"), format!("（{low} 至 {high}）"))
    });
    format!("{} {mean}{}, n {}", words.metric(cell.metric), interval.unwrap_or_default(), cell.n)
}

/// A case for each trust finding: what is critical fails, and what is a warning is skipped.
fn trust_suite(analysis: &Analysis) -> Option<Suite> {
    let found = analysis.findings.iter().filter(|finding| finding.kind == Kind::Trust);
    let cases = found.enumerate().map(|(index, finding)| Case {
        name: format!("{}. {}", index + 1, finding.id),
        seconds: None,
        result: match finding.severity {
            Severity::Critical => CaseResult::Failed(finding.id.clone(), finding.message.clone()),
            Severity::Warning => CaseResult::Skipped(finding.message.clone()),
            Severity::Notice | Severity::Info => CaseResult::Passed,
        },
        evidence: vec![finding.message.clone(), finding.advice.clone()],
    });
    let cases: Vec<Case> = cases.collect();
    (!cases.is_empty()).then(|| Suite { name: "trust".to_owned(), cases })
}

/// The first of these that is a time, s.
fn seconds(values: impl Iterator<Item = (Metric, f64)>) -> Option<f64> {
    values.into_iter().find(|(metric, _)| *metric.unit() == Unit::Seconds).map(|(_, value)| value)
}
