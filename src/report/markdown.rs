//! An analysis as Markdown, for a repository, a pull request or a wiki.

use std::io::{self, Write};

use super::tables::{self, TableData};
use super::text::overview;
use crate::analysis::Analysis;
use crate::findings::Kind;
use crate::load::Severity;
use crate::record::Metric;

/// Writes the report. `chart` is the file name of a picture that is shown in it.
///
/// # Errors
///
/// When the sink fails.
pub fn write_markdown(
    analysis: &Analysis,
    reference: Option<&str>,
    chart: Option<&str>,
    mut sink: impl Write,
) -> io::Result<()> {
    writeln!(sink, "# Benchmark report\n\n{}.", escaped(&overview(analysis)))?;
    for kind in [Kind::Recommendation, Kind::Trust] {
        findings(&mut sink, kind, analysis)?;
    }
    ranking(&mut sink, analysis)?;
    if let Some(chart) = chart {
        writeln!(sink, "\n![Total time and average time per request against concurrency]({chart})")?;
    }
    section(&mut sink, "Per level", &tables::levels(analysis, reference))?;
    section(&mut sink, "Per framework", &tables::summary(analysis, &Metric::ALL))?;
    section(&mut sink, "Records", &tables::records(analysis, usize::MAX))?;
    diagnostics(&mut sink, analysis)?;
    writeln!(sink, "\nMade by {} {}.", analysis.generator.name, analysis.generator.version)
}

fn findings(sink: &mut impl Write, kind: Kind, analysis: &Analysis) -> io::Result<()> {
    let mut found = analysis.findings.iter().filter(|finding| finding.kind == kind).peekable();
    if found.peek().is_none() {
        return Ok(());
    }
    let title = match kind {
        Kind::Recommendation => "What follows",
        Kind::Trust => "Can it be believed?",
    };
    writeln!(sink, "\n## {title}\n")?;
    for finding in found {
        let (message, advice) = (escaped(&finding.message), escaped(&finding.advice));
        writeln!(sink, "- **{}** `{}`: {message}. {advice}", finding.severity, finding.id)?;
    }
    Ok(())
}

fn ranking(sink: &mut impl Write, analysis: &Analysis) -> io::Result<()> {
    let mut rankings = analysis.ranking.iter().filter(|row| 1 < row.tiers.iter().flatten().count()).peekable();
    if rankings.peek().is_none() {
        return Ok(());
    }
    writeln!(sink, "\n## Ranking\n")?;
    for ranking in rankings {
        let scenario =
            if ranking.scenario.is_empty() { String::new() } else { format!("{}, ", escaped(&ranking.scenario)) };
        writeln!(
            sink,
            "By {scenario}`{}`; frameworks on one line can't be told apart from the first of them.\n",
            ranking.metric
        )?;
        for (place, tier) in ranking.tiers.iter().enumerate() {
            writeln!(sink, "{}. {}", place + 1, escaped(&tier.join(", ")))?;
        }
        if !ranking.unranked.is_empty() {
            writeln!(sink, "\nNot ranked: {}.", escaped(&ranking.unranked.join(", ")))?;
        }
    }
    Ok(())
}

fn section(sink: &mut impl Write, title: &str, data: &TableData) -> io::Result<()> {
    if data.rows.is_empty() {
        return Ok(());
    }
    writeln!(sink, "\n## {title}\n")?;
    row(sink, data.heads.iter().map(|head| head.name.as_str()))?;
    let rules: Vec<&str> = data.heads.iter().map(|head| if head.is_number { "---:" } else { "---" }).collect();
    row(sink, rules.into_iter())?;
    for cells in &data.rows {
        row(sink, cells.iter().map(String::as_str))?;
    }
    match &data.note {
        Some(note) => writeln!(sink, "\n{}", escaped(note)),
        None => Ok(()),
    }
}

fn row<'a>(sink: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let cells: Vec<String> = cells.map(escaped).collect();
    writeln!(sink, "| {} |", cells.join(" | "))
}

fn diagnostics(sink: &mut impl Write, analysis: &Analysis) -> io::Result<()> {
    let mut told = analysis.diagnostics.iter().filter(|told| told.severity != Severity::Notice).peekable();
    if told.peek().is_none() {
        return Ok(());
    }
    writeln!(sink, "\n## Met while reading\n")?;
    told.try_for_each(|diagnostic| writeln!(sink, "- {}", escaped(&diagnostic.to_string())))
}

/// The text with what Markdown or HTML would take for their own set off. Line ends become blanks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '*' | '`' | '\\' | '[' | ']' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_not_break_a_table() {
        assert_eq!(escaped("a|b\n<i>*x*"), "a\\|b &lt;i>\\*x\\*");
    }
}
