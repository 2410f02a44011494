//! A report in Markdown of bounded size, the worst first, for a comment or for the summary of a step.
//!
//! Sizes are bytes of UTF-8: a Chinese character counts three. A hidden marker in the first line lets the next run find the
//! comment and write it anew.

use std::io::{self, Write};

use super::bounded::Bounded;
use crate::analysis::{Analysis, ChangeAnalysis};
use crate::compare::{GateResult, OverallChange, Violation};
use crate::findings::{Finding, Kind};
use crate::report::answer::answer;
use crate::report::change_words::ChangeWords;
use crate::report::changes::coverage;
use crate::report::escape::{markdown, shortened};
use crate::report::number::{MISSING, ratio};
use crate::report::quantity::quantity;
use crate::report::severity::{outcome_counts, worst_first};
use crate::report::subject::Subject;
use crate::report::tables::{self, TableData};
use crate::report::text::overview;
use crate::report::words::{Section, Words};

/// A comment of GitHub may not have as many bytes as this.
pub const COMMENT_LIMIT: usize = 65_536;

/// The summary of a step of GitHub Actions may not have as many bytes as this; a larger one is dropped as a whole.
pub const SUMMARY_LIMIT: usize = 1024 * 1024;

/// What a document says besides the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) struct DocumentOptions<'a> {
    /// The document stays below this many bytes of UTF-8.
    pub(in crate::report) limit: usize,
    /// The key in the hidden marker, which tells the comments of several jobs apart.
    pub(in crate::report) marker: &'a str,
    /// Where all of it can be seen: the address of a run, or a file.
    pub(in crate::report) full_report: Option<&'a str>,
    /// The framework that ratios are to, where it is not the fastest.
    pub(in crate::report) reference: Option<&'a str>,
}

/// Rows that are open to sight; the others are folded away.
const OPEN_ROWS: usize = 25;

/// Characters of a cell, and of a sentence.
const LONGEST_CELL: usize = 120;
const LONGEST_SENTENCE: usize = 600;

/// Bytes kept back for the end, which has one pointer of [`LONGEST_SENTENCE`] characters at most.
const RESERVED: usize = 4 * 1024;

/// Findings, and violations of a rule, that are listed.
const MOST_LISTED: usize = 20;

/// Writes the document.
///
/// # Errors
///
/// When the sink fails.
pub(in crate::report) fn write_document(
    subject: Subject<'_>,
    options: &DocumentOptions<'_>,
    sink: &mut dyn Write,
) -> io::Result<()> {
    // Strictly below the limit.
    let mut text = Bounded::new(options.limit.saturating_sub(1), RESERVED.min(options.limit / 2));
    text.add(&format!("<!-- benchplot: {} -->\n", marker(options.marker)));
    let left = match subject {
        Subject::Analysis(analysis) => analysis_body(analysis, options, &mut text),
        Subject::Changes(changes) => changes_body(changes, &mut text),
    };
    sink.write_all(text.end(&end(subject, left, options)).as_bytes())
}

/// The key as it may stand in a comment of HTML, where two hyphens end it.
fn marker(key: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | ' ');
    shortened(key, LONGEST_CELL).chars().map(|c| if is_plain(&c) { c } else { '_' }).collect()
}

fn sentence(text: &str) -> String {
    markdown(&shortened(text, LONGEST_SENTENCE))
}

fn end(subject: Subject<'_>, left: usize, options: &DocumentOptions<'_>) -> String {
    let words = subject.words();
    let mut end = String::new();
    if 0 < left {
        let what = words.pick(
            format!("**{left} more lines are left out here**, the worst are shown"),
            format!("**此处省略 {left} 行**，已优先显示最差的"),
        );
        // An address stays as it is, so that it can be followed.
        let place = options.full_report.map(|place| shortened(place, LONGEST_SENTENCE)).map(|place| {
            let place = if place.starts_with("https://") { format!("<{place}>") } else { markdown(&place) };
            words.pick(format!("; all of them: {place}"), format!("；完整报告：{place}"))
        });
        end.push_str(&format!("\n{what}{}{}\n", place.unwrap_or_default(), words.pick(".", "。")));
    }
    let generator = subject.generator();
    let maker = format!("{} {}", generator.name, generator.version);
    let level = subject.interval_level();
    let basis = words.pick(format!("{maker}, {level}% intervals"), format!("{maker}，{level}% 区间"));
    end.push_str(&format!("\n<sub>{}</sub>\n", markdown(&basis)));
    end
}

fn table(data: &TableData, title: &str, text: &mut Bounded) -> usize {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let cell = |cell: &String| markdown(&shortened(cell, LONGEST_CELL));
    let heads = line(data.heads.iter().map(|head| markdown(&head.name)).collect());
    let rules = line(data.heads.iter().map(|head| if head.is_number { "---:" } else { "---" }.to_owned()).collect());
    let rows: Vec<String> = data.rows.iter().map(|row| line(row.iter().map(cell).collect())).collect();
    let (open, folded) = rows.split_at(rows.len().min(OPEN_ROWS));
    let left = text.add_rows(&format!("\n### {title}\n\n{heads}{rules}"), open, "");
    if 0 < left {
        return left + folded.len();
    }
    let summary = format!("\n<details><summary>+ {}</summary>\n\n{heads}{rules}", folded.len());
    text.add_rows(&summary, folded, "\n</details>\n")
}

fn list(title: &str, lines: &[String], text: &mut Bounded) -> usize {
    let lines: Vec<String> = lines.iter().map(|line| format!("- {line}\n")).collect();
    let (shown, others) = lines.split_at(lines.len().min(MOST_LISTED));
    text.add_rows(&format!("\n### {title}\n\n"), shown, "") + others.len()
}

fn changes_body(changes: &ChangeAnalysis, text: &mut Bounded) -> usize {
    let words = Words(changes.language);
    let counts = ChangeWords(words).counts(outcome_counts(&changes.changes));
    let headline = match &changes.gate {
        Some(gate) => format!("{}{}{counts}", ChangeWords(words).gate_result(gate.result), words.pick(": ", "：")),
        None => counts,
    };
    text.add(&format!("## {}\n", markdown(&headline)));
    let sides: Vec<String> = changes.sides.iter().map(|side| sentence(&side.label)).collect();
    if let Some((baseline, candidates)) = sides.split_first() {
        let shown = candidates.iter().take(MOST_LISTED).cloned().collect::<Vec<_>>().join(words.pick(", ", "、"));
        text.add(&words.pick(
            format!("\n{shown} against the baseline {baseline}.\n"),
            format!("\n{shown} 对比基线 {baseline}。\n"),
        ));
    }
    let mut left = list(words.pick("Gate", "门禁"), &gate_lines(changes), text);
    let overall: Vec<&OverallChange> = changes.overall.iter().collect();
    if !overall.is_empty() {
        left += table(&overall_rows(changes, &overall), words.pick("Over all series", "所有系列"), text);
    }
    left += findings(Subject::Changes(changes), Kind::Trust, text);
    let rows = tables::change_rows(changes, &worst_first(changes));
    left + table(&rows, words.pick("Series, the worst first", "各系列（最差在前）"), text)
}

/// What the gate does not let pass, rule by rule, and what it lets pass for a reason.
fn gate_lines(changes: &ChangeAnalysis) -> Vec<String> {
    let words = Words(changes.language);
    let Some(gate) = &changes.gate else { return Vec::new() };
    let mut lines = Vec::new();
    let mut allowed = Vec::new();
    for rule in &gate.rules {
        if rule.result != GateResult::Passed {
            lines.push(format!("**{}**", sentence(&ChangeWords(words).rule(rule))));
        }
        for violation in &rule.violations {
            let line = sentence(&ChangeWords(words).violation_of_series(violation));
            let is_allowed = |violation: &Violation| violation.allowed.is_some();
            if is_allowed(violation) { &mut allowed } else { &mut lines }.push(line);
        }
    }
    lines.extend(allowed);
    lines.extend(coverage(gate, words).iter().map(|line| sentence(line)));
    lines
}

fn overall_rows(changes: &ChangeAnalysis, overall: &[&OverallChange]) -> TableData {
    let words = Words(changes.language);
    let head = |name: &str, is_number: bool| tables::Head { name: name.to_owned(), is_number };
    let heads = vec![
        head(words.metric_head(), false),
        head(words.pick("candidate", "候选"), false),
        head(words.pick("series", "系列数"), true),
        head(words.pick("baseline median", "基线中位数"), true),
        head(words.pick("candidate median", "候选中位数"), true),
        head(words.pick("ratio", "比值"), true),
        head(words.pick("outcomes", "判定"), false),
    ];
    let row = |row: &&OverallChange| {
        let median = |value: Option<f64>| value.map_or_else(|| MISSING.to_owned(), |value| quantity(value, row.metric));
        vec![
            words.metric(row.metric).to_owned(),
            row.candidate_label.clone(),
            row.series.to_string(),
            median(row.baseline_median),
            median(row.candidate_median),
            row.ratio.map_or_else(|| MISSING.to_owned(), ratio),
            ChangeWords(words).counts(row.outcomes),
        ]
    };
    TableData { heads, rows: overall.iter().map(row).collect(), note: None }
}

fn findings(subject: Subject<'_>, kind: Kind, text: &mut Bounded) -> usize {
    let words = subject.words();
    let mut found: Vec<(Option<&str>, &Finding)> =
        subject.findings().into_iter().filter(|(_, finding)| finding.kind == kind).collect();
    found.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
    let lines: Vec<String> = found
        .iter()
        .map(|(side, finding)| {
            let side = side.map(|side| format!("{}{}", sentence(side), words.pick(": ", "："))).unwrap_or_default();
            let (message, advice) = (sentence(&finding.message), sentence(&finding.advice));
            let severity = words.severity(finding.severity);
            let (colon, stop) = words.pick((": ", ". "), ("：", "。"));
            format!("**{severity}** `{}`{colon}{side}{message}{stop}{advice}", finding.id)
        })
        .collect();
    list(words.title(Section::Findings(kind)), &lines, text)
}

fn analysis_body(analysis: &Analysis, options: &DocumentOptions<'_>, text: &mut Bounded) -> usize {
    let words = Words(analysis.language);
    text.add(&format!("## {}\n\n{}\n", words.title(Section::Report), sentence(&overview(analysis))));
    let lines: Vec<String> =
        answer(analysis).into_iter().map(|line| format!("**{}** {}", line.label, sentence(&line.text))).collect();
    let subject = Subject::Analysis(analysis);
    let mut left = list(words.pick("Answer", "结论"), &lines, text);
    left += table(&tables::levels(analysis, options.reference), words.title(Section::PerLevel), text);
    left += findings(subject, Kind::Trust, text);
    left + findings(subject, Kind::Recommendation, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_can_not_end_its_comment() {
        assert_eq!(marker("a-->b <i> c/d.e_f"), "a___b _i_ c/d.e_f");
    }
}
