//! An analysis as Markdown, for a repository, a pull request or a wiki.

use std::io::{self, Write};

use super::answer::{Line, answer};
use super::glyphs::Glyphs;
use super::tables::{self, Shown, Statistics, TableData};
use super::text::overview;
use super::words::{Section, Words};
use crate::analysis::Analysis;
use crate::findings::Kind;
use crate::load::Severity;
use crate::record::Metric;

/// A picture that a report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture<'a> {
    /// Its file name, relative to the report.
    pub file: &'a str,
    /// What it shows, for those who can't see it.
    pub description: &'a str,
}

/// Writes the report, with `pictures` in it.
///
/// # Errors
///
/// When the sink fails.
pub fn write_markdown(
    analysis: &Analysis,
    reference: Option<&str>,
    pictures: &[Picture<'_>],
    mut sink: impl Write,
) -> io::Result<()> {
    let words = Words(analysis.language);
    let stop = words.pick(".", "。");
    writeln!(sink, "# {}\n\n{}{stop}", words.title(Section::Report), escaped(&overview(analysis)))?;
    writeln!(sink)?;
    for Line { label, text } in answer(analysis) {
        writeln!(sink, "- **{label}** {}{stop}", escaped(&text))?;
    }
    for Picture { file, description } in pictures {
        writeln!(sink, "\n![{description}]({file})")?;
    }
    let table = |sink: &mut _, part: Section, data: TableData| section(sink, words.title(part), &data);
    table(&mut sink, Section::PerLevel, tables::levels(analysis, reference))?;
    table(&mut sink, Section::Ranking, tables::ranking(analysis, Glyphs::Plain))?;
    table(&mut sink, Section::PerFramework, tables::summary(analysis, &Metric::ALL, Statistics::All))?;
    table(&mut sink, Section::Capacity, tables::capacity(analysis))?;
    for kind in [Kind::Trust, Kind::Recommendation] {
        findings(&mut sink, kind, analysis)?;
    }
    table(&mut sink, Section::Overall, tables::comparisons(analysis, Shown::WithFirst, reference))?;
    table(&mut sink, Section::Scaling, tables::scaling(analysis, true))?;
    table(&mut sink, Section::Records, tables::records(analysis, usize::MAX))?;
    diagnostics(&mut sink, analysis)?;
    let maker = format!("{} {}", analysis.generator.name, analysis.generator.version);
    writeln!(sink, "\n{}", words.pick(format!("Made by {maker}."), format!("由 {maker} 生成。")))
}

fn findings(sink: &mut impl Write, kind: Kind, analysis: &Analysis) -> io::Result<()> {
    let mut found = analysis.findings.iter().filter(|finding| finding.kind == kind).peekable();
    if found.peek().is_none() {
        return Ok(());
    }
    let words = Words(analysis.language);
    writeln!(sink, "\n## {}\n", words.title(Section::Findings(kind)))?;
    for finding in found {
        let (message, advice) = (escaped(&finding.message), escaped(&finding.advice));
        let severity = words.severity(finding.severity);
        let text = words.pick(format!(": {message}. {advice}"), format!("：{message}。{advice}"));
        let doubts = words.doubts(finding).unwrap_or_default();
        writeln!(sink, "- **{severity}** `{}`{doubts}{text}", finding.id)?;
    }
    Ok(())
}

pub(super) fn section(sink: &mut impl Write, title: &str, data: &TableData) -> io::Result<()> {
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
    writeln!(sink, "\n## {}\n", Words(analysis.language).title(Section::Diagnostics))?;
    told.try_for_each(|diagnostic| writeln!(sink, "- {}", escaped(&diagnostic.to_string())))
}

/// The text with what Markdown or HTML would take for their own set off. Line ends become blanks.
pub(super) fn escaped(text: &str) -> String {
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
