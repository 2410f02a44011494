//! Outputs of a step of GitHub Actions, for the conditions of later ones.

use crate::analysis::{Analysis, ChangeAnalysis};
use crate::compare::{Change, GateResult, Outcome};
use crate::findings::Severity;
use crate::report::change_words::ChangeWords;
use crate::report::fingerprint::Fingerprint;
use crate::report::severity::{by_outcome, outcome_counts, worst_first};
use crate::report::subject::Subject;
use crate::report::text::overview;
use crate::report::words::Words;

/// The lines that go to the file that `$GITHUB_OUTPUT` names.
///
/// Of a comparison: `verdict` (the worst outcome), `gate` (`passed`, `tripped`, `inconclusive`, `unusable` or `none`), a count
/// for each outcome, `worst` and `worst_ratio` (the series that is worst off), `summary`. Of an analysis: `runs`,
/// `fastest`, `critical` and `warnings` (findings), `summary`.
pub fn variables<'a>(subject: impl Into<Subject<'a>>) -> String {
    let variables = match subject.into() {
        Subject::Analysis(analysis) => of_analysis(analysis),
        Subject::Changes(changes) => of_changes(changes),
    };
    variables.iter().map(|(name, value)| line(name, value)).collect()
}

fn of_changes(changes: &ChangeAnalysis) -> Vec<(&'static str, String)> {
    let counts = outcome_counts(&changes.changes);
    // Nothing compared says nothing.
    let verdict = changes.changes.iter().map(|row| row.outcome).min().unwrap_or(Outcome::Inconclusive);
    let gate = changes.gate.as_ref().map_or("none", |gate| match gate.result {
        GateResult::Passed => "passed",
        GateResult::Inconclusive => "inconclusive",
        GateResult::Unusable => "unusable",
        GateResult::Tripped => "tripped",
    });
    let mut variables = vec![("verdict", verdict.name().to_owned()), ("gate", gate.to_owned())];
    variables.extend(by_outcome(counts).map(|(outcome, count)| (outcome.name(), count.to_string())));
    let worst: Option<&Change> = worst_first(changes).into_iter().next();
    variables.push(("worst", worst.map(|row| row.key().to_string()).unwrap_or_default()));
    let ratio = worst.and_then(|row| row.ratio).map(|ratio| ratio.to_string());
    variables.push(("worst_ratio", ratio.unwrap_or_default()));
    variables.push(("summary", ChangeWords(Words(changes.language)).counts(counts)));
    variables
}

fn of_analysis(analysis: &Analysis) -> Vec<(&'static str, String)> {
    let count = |severity: Severity| {
        analysis.findings.iter().filter(|finding| finding.severity == severity).count().to_string()
    };
    let fastest = analysis.ranking.iter().filter_map(|ranking| Some(ranking.tiers.first()?.join(", ")));
    vec![
        ("runs", analysis.runs_count.to_string()),
        ("fastest", fastest.collect::<Vec<_>>().join("\n")),
        ("critical", count(Severity::Critical)),
        ("warnings", count(Severity::Warning)),
        ("summary", overview(analysis)),
    ]
}

/// A variable. Where its value could be taken for another one, it stands between lines that are not in it.
fn line(name: &str, value: &str) -> String {
    if !value.contains(['\n', '\r']) {
        return format!("{name}={value}\n");
    }
    let mut end = format!("benchplot_{}", Fingerprint::of([value]));
    while value.contains(&end) {
        end.push('_');
    }
    format!("{name}<<{end}\n{value}\n{end}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_can_not_be_taken_for_another_variable() {
        assert_eq!(line("worst", "a=b"), "worst=a=b\n");
        let text = line("worst", "a\ngate=passed");
        let lines: Vec<&str> = text.lines().collect();
        let end = lines[0].strip_prefix("worst<<").unwrap();
        assert_eq!(lines[1..], ["a", "gate=passed", end]);
        assert!(!"a\ngate=passed".contains(end));
    }
}
