//! What somebody has to look at, one message each: for annotations and for code-quality reports.

use std::collections::HashSet;

use super::change_words::ChangeWords;
use super::severity::worst_first;
use super::subject::Subject;
use super::words::Words;
use crate::analysis::{Analysis, ChangeAnalysis};
use crate::compare::{GateResult, Outcome};
use crate::findings::{Finding, Severity};
use crate::load::{Diagnostic, InputSummary, Severity as DiagnosticSeverity};

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) level: Level,
    /// What kind of problem it is: a rule's id, an outcome, a diagnostic's code.
    pub(super) check: String,
    /// What it is about: a series and a metric, frameworks, a side. Two problems of one check and subject are the same
    /// problem, whatever their numbers.
    pub(super) about: String,
    /// A sentence with its numbers.
    pub(super) message: String,
    /// The file that it comes from.
    pub(super) path: Option<String>,
    /// The line of that file.
    pub(super) line: Option<u64>,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// The gate fails it, or the numbers do not say what they seem to.
    Error,
    /// Worth a look.
    Warning,
}

/// All problems, errors first, and within them in the order of the analysis with the worst changes first.
pub(super) fn problems(subject: Subject<'_>) -> Vec<Problem> {
    let mut problems = match subject {
        Subject::Analysis(analysis) => of_analysis(analysis),
        Subject::Changes(changes) => of_changes(changes),
    };
    problems.sort_by_key(|problem| problem.level);
    problems
}

fn of_analysis(analysis: &Analysis) -> Vec<Problem> {
    let found = analysis.findings.iter().filter_map(|finding| of_finding(finding, None, &analysis.inputs));
    let met = analysis.diagnostics.iter().filter_map(of_diagnostic);
    found.chain(met).collect()
}

fn of_changes(changes: &ChangeAnalysis) -> Vec<Problem> {
    let words = ChangeWords(Words(changes.language));
    let inputs = |label: &str| changes.sides.iter().find(|side| side.label == label).map(|side| side.inputs.as_slice());
    let candidate_inputs = changes.sides.get(1).map(|side| side.inputs.as_slice()).unwrap_or_default();
    let mut problems = gate_problems(changes);
    let level = Subject::Changes(changes).interval_level();
    let violations = changes.gate.iter().flat_map(|gate| &gate.rules).flat_map(|rule| &rule.violations);
    let told: HashSet<_> = violations
        .filter_map(|told| {
            let scenario = told.scenario.as_deref().unwrap_or_default();
            Some((told.side.as_str(), told.framework.as_deref()?, scenario, told.concurrency, told.metric?))
        })
        .collect();
    for row in worst_first(changes).into_iter().take_while(|row| row.outcome <= Outcome::Missing) {
        let about = format!("{} {}", row.key(), row.metric.name());
        let scenario = row.scenario.as_str();
        let is_told = told.contains(&(
            row.candidate_label.as_str(),
            row.framework.as_str(),
            scenario,
            row.concurrency,
            row.metric,
        ));
        if is_told {
            continue;
        }
        problems.push(Problem {
            level: Level::Warning,
            check: row.outcome.name().to_owned(),
            about,
            message: words.change(row, &level),
            path: first_input(inputs(&row.candidate_label).unwrap_or(candidate_inputs)),
            line: None,
        });
    }
    problems.extend(changes.findings.iter().filter_map(|finding| of_finding(finding, None, candidate_inputs)));
    for side in &changes.sides {
        let label = Some(side.label.as_str());
        problems.extend(side.findings.iter().filter_map(|finding| of_finding(finding, label, &side.inputs)));
        problems.extend(side.diagnostics.iter().filter_map(of_diagnostic));
    }
    problems
}

/// What the gate does not let pass, what it could not evaluate, and exceptions that have run out.
fn gate_problems(changes: &ChangeAnalysis) -> Vec<Problem> {
    let words = ChangeWords(Words(changes.language));
    let Some(gate) = &changes.gate else { return Vec::new() };
    let mut problems = Vec::new();
    for rule in gate.rules.iter().filter(|rule| rule.result != GateResult::Passed) {
        let held = rule.violations.iter().filter(|violation| violation.allowed.is_none());
        let before = problems.len();
        for violation in held {
            let side = changes.sides.iter().find(|side| side.label == violation.side);
            let about = match violation.key() {
                Some(key) => {
                    let metric = violation.metric.map_or_else(String::new, |metric| format!(" {metric}"));
                    format!("{key}{metric}")
                }
                None => violation.side.clone(),
            };
            problems.push(Problem {
                level: Level::Error,
                check: rule.rule.clone(),
                about,
                message: words.violation_of_series(violation),
                path: side.and_then(|side| first_input(&side.inputs)),
                line: None,
            });
        }
        if problems.len() == before {
            problems.push(Problem {
                level: Level::Error,
                check: rule.rule.clone(),
                about: "gate".to_owned(),
                message: words.rule(rule),
                path: None,
                line: None,
            });
        }
    }
    if gate.result != GateResult::Passed && problems.is_empty() {
        problems.push(Problem {
            level: Level::Error,
            check: "gate".to_owned(),
            about: "gate".to_owned(),
            message: words.gate_result(gate.result).to_owned(),
            path: None,
            line: None,
        });
    }
    for allowance in gate.allowances.iter().filter(|allowance| allowance.is_expired) {
        let (pattern, until) = (&allowance.pattern, &allowance.until);
        problems.push(Problem {
            level: Level::Warning,
            check: "expired-exception".to_owned(),
            about: pattern.clone(),
            message: words.0.pick(
                format!("the exception for {pattern} ran out on {until}: {}", allowance.reason),
                format!("{pattern} 的例外已于 {until} 到期：{}", allowance.reason),
            ),
            path: None,
            line: None,
        });
    }
    problems
}

fn of_finding(finding: &Finding, side: Option<&str>, inputs: &[InputSummary]) -> Option<Problem> {
    let level = match finding.severity {
        Severity::Critical => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Notice | Severity::Info => return None,
    };
    let names = finding.frameworks.join(", ");
    let (about, before) = match side {
        Some(side) => (format!("{side}: {names}"), format!("{side}: ")),
        None => (names, String::new()),
    };
    Some(Problem {
        level,
        check: finding.id.clone(),
        about,
        message: format!("{before}{}. {}", finding.message, finding.advice),
        path: first_input(inputs),
        line: None,
    })
}

fn of_diagnostic(diagnostic: &Diagnostic) -> Option<Problem> {
    if diagnostic.severity == DiagnosticSeverity::Notice {
        return None;
    }
    let place = diagnostic.place.as_deref().unwrap_or_default();
    let line = place.strip_prefix("line ").and_then(|line| line.split(' ').next()?.parse().ok());
    Some(Problem {
        level: Level::Warning,
        check: diagnostic.code.clone(),
        about: format!("{} {place}", diagnostic.source),
        message: diagnostic.to_string(),
        path: Some(diagnostic.source.clone()),
        line,
    })
}

fn first_input(inputs: &[InputSummary]) -> Option<String> {
    inputs.first().map(|input| input.name.clone())
}
