//! What changed, as Markdown.

use std::io::{self, Write};

use super::super::markdown::{escaped, section};
use super::super::words::Words;
use super::{gate, overview, rows, summaries};
use crate::analysis::ChangeAnalysis;
use crate::findings::Finding;

/// Rows of a table; what is more is in the JSON.
const ROWS: usize = 1_000;
/// Violations of a rule.
const VIOLATIONS: usize = 100;

/// Writes the report. `figures` are the file names of pictures that are shown in it.
///
/// # Errors
///
/// When the sink fails.
pub fn write_changes_markdown(analysis: &ChangeAnalysis, figures: &[&str], mut sink: impl Write) -> io::Result<()> {
    let words = Words(analysis.language);
    let stop = words.pick(".", "。");
    let title = words.pick("Benchmark comparison", "基准测试对比");
    writeln!(sink, "# {title}\n\n{}{stop}\n", escaped(&overview(analysis)))?;
    for line in summaries(analysis) {
        writeln!(sink, "- {}", escaped(&line))?;
    }
    if let Some(report) = &analysis.gate {
        writeln!(sink, "\n## {}: {}\n", words.gate_title(), words.gate(report.result))?;
        for rule in gate::lines(report, words, VIOLATIONS) {
            writeln!(sink, "- {}", escaped(&rule.head))?;
            for line in rule.below {
                writeln!(sink, "  - {}", escaped(&line))?;
            }
        }
    }
    for figure in figures {
        writeln!(sink, "\n![{}]({figure})", words.changes_title())?;
    }
    section(&mut sink, words.changes_title(), &rows::changes(analysis, false, ROWS, true))?;
    findings(&mut sink, words.comparable_title(), &analysis.findings, words)?;
    for side in &analysis.sides {
        findings(&mut sink, &escaped(&words.side_title(&side.label)), &side.findings, words)?;
    }
    section(&mut sink, words.levels_title(), &rows::changes(analysis, true, ROWS, true))?;
    let maker = format!("{} {}", analysis.generator.name, analysis.generator.version);
    writeln!(sink, "\n{}", words.pick(format!("Made by {maker}."), format!("由 {maker} 生成。")))
}

fn findings(sink: &mut impl Write, title: &str, found: &[Finding], words: Words) -> io::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(sink, "\n## {title}\n")?;
    found.iter().try_for_each(|finding| {
        let (message, advice) = (escaped(&finding.message), escaped(&finding.advice));
        let severity = words.severity(finding.severity);
        let text = words.pick(format!(": {message}. {advice}"), format!("：{message}。{advice}"));
        writeln!(sink, "- **{severity}** `{}`{text}", finding.id)
    })
}
