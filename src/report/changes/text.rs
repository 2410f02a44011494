//! What changed, for a person at a terminal, or for a pipe.

use std::io::{self, Write};

use super::super::text::{TextOptions, heading, listed, section};
use super::super::words::Words;
use super::{gate, overview, rows, summaries};
use crate::analysis::ChangeAnalysis;
use crate::compare::GateResult;
use crate::findings::Finding;

/// Rows that are shown unless all are asked for.
const ROWS: usize = 40;
/// Violations of a rule that are shown unless all are asked for.
const VIOLATIONS: usize = 10;

/// Writes the report: a line for each series, the worst first, and with `verbose` one for each level too.
///
/// # Errors
///
/// When the sink fails.
pub fn write_changes_text(
    analysis: &ChangeAnalysis,
    options: &TextOptions<'_>,
    mut sink: impl Write,
) -> io::Result<()> {
    let words = Words(analysis.language);
    writeln!(sink, "{}", overview(analysis))?;
    for line in summaries(analysis) {
        writeln!(sink, "{line}")?;
    }
    let most = |most: usize| if options.verbose { usize::MAX } else { most };
    let changed = rows::changes(analysis, false, most(ROWS), options.verbose);
    section(&mut sink, options, words.changes_title(), &changed)?;
    if options.verbose {
        let levels = rows::changes(analysis, true, usize::MAX, true);
        section(&mut sink, options, words.levels_title(), &levels)?;
    }
    let found: Vec<&Finding> = analysis.findings.iter().collect();
    listed(&mut sink, options, words.comparable_title(), &found, words)?;
    for side in &analysis.sides {
        let found: Vec<&Finding> = side.findings.iter().collect();
        listed(&mut sink, options, &words.side_title(&side.label), &found, words)?;
    }
    let Some(report) = &analysis.gate else { return Ok(()) };
    heading(&mut sink, options, words.gate_title())?;
    for rule in gate::lines(report, words, most(VIOLATIONS)) {
        let (begin, end) = if options.color { (color(rule.result), "\u{1b}[0m") } else { ("", "") };
        writeln!(sink, "{begin}{}{end}", rule.head)?;
        for line in rule.below {
            writeln!(sink, "  {line}")?;
        }
    }
    writeln!(
        sink,
        "{}",
        words.pick(format!("gate {}", words.gate(report.result)), format!("门禁：{}", words.gate(report.result)))
    )
}

fn color(result: GateResult) -> &'static str {
    match result {
        GateResult::Passed => "\u{1b}[32m",
        GateResult::Inconclusive | GateResult::Unusable => "\u{1b}[33m",
        GateResult::Tripped => "\u{1b}[1;31m",
    }
}
