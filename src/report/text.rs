//! An analysis for a person at a terminal, or for a pipe.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, Write};

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width, presets};
use unicode_width::UnicodeWidthStr;

use super::answer::answer;
use super::glyphs::Glyphs;
use super::tables::{self, Head, Shown, Statistics, TableData};
use super::words::{Section, Words};
use crate::analysis::Analysis;
use crate::compare::Ranking;
use crate::findings::{Finding, Kind, Severity};
use crate::record::Metric;

/// How a report is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextOptions<'a> {
    /// The terminal's width in columns; `None` for a pipe, which gets plain lines that are not wrapped.
    pub width: Option<u16>,
    /// Whether headings and severities are in colour.
    pub color: bool,
    /// Whether everything is shown, and not the answer alone.
    pub verbose: bool,
    /// What bars and intervals are drawn with.
    pub glyphs: Glyphs,
    /// The framework that ratios are to, where it is not the fastest.
    pub reference: Option<&'a str>,
}

/// Up to this many records are shown without being asked for.
const RECORDS: usize = 12;

/// Problems that are spelt out below the answer.
const MOST_PROBLEMS: usize = 4;

/// What the first line of the answer says already.
const SAID: &str = "few-repetitions";

/// From this many ranked frameworks on, the first line of the answer does not name all of them.
const MANY: usize = 3;

/// Metrics of the summary unless all are asked for.
const METRICS: [Metric; 3] = [Metric::TotalTime, Metric::AvgTimePerRequest, Metric::LatencyP99];

/// A rule below the heads, and nothing else that is not data.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// Names are not wrapped to fewer letters than this.
const LEAST_NAME: usize = 8;

/// Heads of numbers are not wrapped to fewer letters than this.
const LEAST_HEAD: usize = 6;

/// Blanks on both sides of a cell.
const PADDING: usize = 2;

/// Writes the report.
///
/// # Errors
///
/// When the sink fails.
pub fn write_text(analysis: &Analysis, options: &TextOptions<'_>, mut sink: impl Write) -> io::Result<()> {
    let words = Words(analysis.language);
    writeln!(sink, "{}\n", overview(analysis))?;
    pairs(&mut sink, options, answer(analysis).into_iter().map(|line| (line.label.to_owned(), line.text)))?;
    let is_all = options.verbose;
    if !is_all {
        problems(&mut sink, options, analysis)?;
    }
    let table = |sink: &mut _, part: Section, data: TableData| section(sink, options, words.title(part), &data);
    if is_all {
        table(&mut sink, Section::PerLevel, tables::levels(analysis, options.reference))?;
    } else {
        let glance = tables::levels_at_a_glance(analysis, options.reference, options.glyphs);
        table(&mut sink, Section::PerLevel, glance)?;
    }
    let is_ranked = |ranking: &Ranking| MANY <= ranking.tiers.iter().flatten().count() || !ranking.unranked.is_empty();
    if is_all || analysis.ranking.iter().any(is_ranked) {
        table(&mut sink, Section::Ranking, tables::ranking(analysis, options.glyphs))?;
    }
    let (metrics, statistics) =
        if is_all { (&Metric::ALL[..], Statistics::All) } else { (&METRICS[..], Statistics::Main) };
    table(&mut sink, Section::PerFramework, tables::summary(analysis, metrics, statistics))?;
    table(&mut sink, Section::Capacity, tables::capacity(analysis))?;
    if is_all || analysis.runs.len() <= RECORDS {
        table(&mut sink, Section::Records, tables::records(analysis, usize::MAX))?;
    }
    if !is_all {
        return writeln!(
            sink,
            "\n{}",
            words.pick(
                "--verbose shows intervals, every comparison, scaling and advice.",
                "--verbose 显示区间、全部比较、扩展性和建议。"
            )
        );
    }
    table(&mut sink, Section::Overall, tables::comparisons(analysis, Shown::WithFirst, options.reference))?;
    table(&mut sink, Section::Comparisons, tables::comparisons(analysis, Shown::All, options.reference))?;
    table(&mut sink, Section::Scaling, tables::scaling(analysis, true))?;
    findings(&mut sink, options, Kind::Trust, analysis)?;
    findings(&mut sink, options, Kind::Recommendation, analysis)
}

/// What speaks against the data or the choice of the first, a line each, the worst first.
fn problems(sink: &mut impl Write, options: &TextOptions<'_>, analysis: &Analysis) -> io::Result<()> {
    let mut found: Vec<&Finding> = analysis
        .findings
        .iter()
        .filter(|finding| Severity::Warning <= finding.severity && finding.id != SAID)
        .collect();
    found.sort_by_key(|finding| Reverse(finding.severity));
    let words = Words(analysis.language);
    let line = |finding: &&Finding| {
        let label = format!("{}{}", " ".repeat(PADDING), words.severity(finding.severity));
        (label, format!("{} [{}]", finding.message, finding.id))
    };
    pairs(sink, options, found.iter().take(MOST_PROBLEMS).map(line))
}

/// Texts with a label in front of each.
fn pairs(
    sink: &mut impl Write,
    options: &TextOptions<'_>,
    pairs: impl Iterator<Item = (String, String)>,
) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    if let Some(width) = options.width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    for (label, text) in pairs {
        table.add_row([label, text]);
    }
    if let Some(column) = table.column_mut(0) {
        column.set_constraint(ColumnConstraint::ContentWidth).set_padding((0, PADDING as u16));
    }
    write_table(sink, &table)
}

/// What was read, in a line.
pub(super) fn overview(analysis: &Analysis) -> String {
    let words = Words(analysis.language);
    let count = |number: usize, thing: &str, chinese: &str| {
        let english = format!("{number} {thing}{}", if number == 1 { "" } else { "s" });
        words.pick(english, format!("{number} {chinese}"))
    };
    let axis = words.level(&analysis.axis);
    let levels = match analysis.concurrency_levels.as_slice() {
        [] => words.pick(format!("{axis} unknown"), format!("{axis}未知")),
        [level] => format!("{axis} {level}"),
        [first, .., last] => {
            let levels = analysis.concurrency_levels.len();
            words.pick(
                format!("{levels} levels of {axis} ({first} to {last})"),
                format!("{levels} 个{axis}级别（{first} 至 {last}）"),
            )
        }
    };
    let frameworks = count(analysis.frameworks.len(), "framework", "个框架");
    let mut parts = vec![count(analysis.runs_count, "run", "次运行"), frameworks, levels];
    if 1 < analysis.scenarios.len() {
        parts.push(count(analysis.scenarios.len(), "scenario", "个场景"));
    }
    parts.push(match analysis.inputs.as_slice() {
        [input] => words.pick(format!("from {}", input.name), format!("来自 {}", input.name)),
        inputs => words.pick(format!("from {} files", inputs.len()), format!("来自 {} 个文件", inputs.len())),
    });
    parts.join(words.pick(", ", "，"))
}

pub(super) fn heading(sink: &mut impl Write, options: &TextOptions<'_>, title: &str) -> io::Result<()> {
    writeln!(sink)?;
    if options.color { writeln!(sink, "\u{1b}[1m{title}\u{1b}[0m") } else { writeln!(sink, "{title}") }
}

pub(super) fn section(
    sink: &mut impl Write,
    options: &TextOptions<'_>,
    title: &str,
    data: &TableData,
) -> io::Result<()> {
    if data.rows.is_empty() {
        return Ok(());
    }
    heading(sink, options, title)?;
    let mut table = new_table(options);
    table.set_header(data.heads.iter().map(|head| head.name.as_str()));
    for row in &data.rows {
        table.add_row(row.iter().map(|cell| cut(cell)));
    }
    let least = least_widths(data, options.width);
    for ((column, head), least) in table.column_iter_mut().zip(&data.heads).zip(least) {
        column.set_cell_alignment(if head.is_number { CellAlignment::Right } else { CellAlignment::Left });
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least.try_into().unwrap_or(u16::MAX))));
    }
    write_table(sink, &table)?;
    match &data.note {
        Some(note) => writeln!(sink, "{note}"),
        None => Ok(()),
    }
}

/// A cell as far as anybody reads it. A name of a megabyte is no name, and no table can hold it.
fn cut(cell: &str) -> Cow<'_, str> {
    const LONGEST: usize = 200;
    match cell.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", cell.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(cell),
    }
}

/// How wide each column has to be at least. In a narrow terminal heads and names are wrapped, and numbers never are; where
/// even that is too wide, heads get no room of their own.
fn least_widths(data: &TableData, width: Option<u16>) -> Vec<usize> {
    let widths = |least_head: usize| -> Vec<usize> {
        let width_of = |(index, head): (usize, &Head)| {
            let cells = data.rows.iter().filter_map(|row| row.get(index)).map(|cell| cut(cell).width());
            let widest = cells.max().unwrap_or_default();
            let least =
                if head.is_number { widest.max(head.name.width().min(least_head)) } else { widest.min(LEAST_NAME) };
            least + PADDING
        };
        data.heads.iter().enumerate().map(width_of).collect()
    };
    let roomy = widths(LEAST_HEAD);
    let between = data.heads.len();
    match width {
        Some(width) if usize::from(width) < roomy.iter().sum::<usize>() + between => widths(1),
        _ => roomy,
    }
}

fn findings(sink: &mut impl Write, options: &TextOptions<'_>, kind: Kind, analysis: &Analysis) -> io::Result<()> {
    let found: Vec<&Finding> = analysis.findings.iter().filter(|finding| finding.kind == kind).collect();
    let words = Words(analysis.language);
    listed(sink, options, words.title(Section::Findings(kind)), &found, words)
}

/// Findings one after the other, each with its advice; nothing where there are none.
pub(super) fn listed(
    sink: &mut impl Write,
    options: &TextOptions<'_>,
    title: &str,
    found: &[&Finding],
    words: Words,
) -> io::Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    heading(sink, options, title)?;
    for finding in found {
        let (begin, end) = if options.color { (color(finding.severity), "\u{1b}[0m") } else { ("", "") };
        let doubts = words.doubts(finding).unwrap_or_default();
        writeln!(sink, "{begin}{}{end} {}{doubts}", words.severity(finding.severity), finding.id)?;
        for text in [&finding.message, &finding.advice] {
            let mut table = Table::new();
            table.load_style(presets::NOTHING);
            table.set_content_arrangement(ContentArrangement::Disabled);
            if let Some(width) = options.width {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            }
            table.add_row([" ", text]);
            write_table(sink, &table)?;
        }
    }
    Ok(())
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "\u{1b}[36m",
        Severity::Notice => "\u{1b}[34m",
        Severity::Warning => "\u{1b}[33m",
        Severity::Critical => "\u{1b}[1;31m",
    }
}

fn new_table(options: &TextOptions<'_>) -> Table {
    let mut table = Table::new();
    match options.width {
        Some(width) => {
            table.load_style(RULED);
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        None => {
            table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table
}

/// Writes a table without the blanks that fill up its lines.
fn write_table(sink: &mut impl Write, table: &Table) -> io::Result<()> {
    for line in table.lines() {
        writeln!(sink, "{}", line.trim_end())?;
    }
    Ok(())
}
