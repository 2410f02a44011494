//! What changed, as tables and sentences, as Markdown, and as JSON.

mod gate;
mod markdown;
mod rows;
mod self_test;
mod text;

pub(in crate::report) use gate::coverage;
pub use markdown::write_changes_markdown;
pub use self_test::write_self_test;
pub use text::write_changes_text;

use std::io::{self, Write};

use super::words::Words;
use crate::analysis::ChangeAnalysis;
use crate::compare::{Change, GateResult, Outcome};

/// Writes an analysis of changes as pretty JSON with a line end.
///
/// # Errors
///
/// When the sink fails.
pub fn write_changes_json(analysis: &ChangeAnalysis, mut sink: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut sink, analysis)?;
    sink.write_all(b"\n")
}

impl Words {
    /// An outcome.
    fn outcome(self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Worse => self.pick("worse", "更差"),
            Outcome::Missing => self.pick("missing", "缺失"),
            Outcome::Inconclusive => self.pick("inconclusive", "尚无定论"),
            Outcome::New => self.pick("new", "新增"),
            Outcome::Equivalent => self.pick("equivalent", "等效"),
            Outcome::Better => self.pick("better", "更好"),
        }
    }

    /// What comes of a gate or a rule.
    fn gate(self, result: GateResult) -> &'static str {
        match result {
            GateResult::Passed => self.pick("passed", "通过"),
            GateResult::Inconclusive => self.pick("inconclusive", "尚无定论"),
            GateResult::Unusable => self.pick("could not be evaluated", "无法评估"),
            GateResult::Tripped => self.pick("tripped", "未通过"),
        }
    }

    fn changes_title(self) -> &'static str {
        self.pick("What changed", "变化")
    }

    fn levels_title(self) -> &'static str {
        self.pick("What changed at each level", "各级别的变化")
    }

    fn gate_title(self) -> &'static str {
        self.pick("Gate", "门禁")
    }

    fn comparable_title(self) -> &'static str {
        self.pick("Can the sides be compared?", "两侧可以比较吗？")
    }

    /// Whether the data of a side can be believed.
    fn side_title(self, label: &str) -> String {
        self.pick(format!("Can {label} be believed?"), format!("{label} 的数据可信吗？"))
    }
}

/// What is compared with what, in a line.
fn overview(analysis: &ChangeAnalysis) -> String {
    let words = Words(analysis.language);
    let runs = |count: usize| {
        words.pick(format!("{count} run{}", if count == 1 { "" } else { "s" }), format!("{count} 次运行"))
    };
    let mut sides = analysis.sides.iter().map(|side| match words.0 {
        crate::language::Language::English => format!("{} ({})", side.label, runs(side.runs_count)),
        crate::language::Language::Chinese => format!("{}（{}）", side.label, runs(side.runs_count)),
    });
    let baseline = sides.next().unwrap_or_default();
    let candidates: Vec<String> = sides.collect();
    let percent = percent(analysis.min_effect);
    words.pick(
        format!("{} against the baseline {baseline}; differences below {percent} do not matter", candidates.join(", ")),
        format!("{}与基线 {baseline}比较；小于 {percent} 的差异不计", candidates.join("、")),
    )
}

/// For each candidate and metric, how many series are what, and all of them together.
fn summaries(analysis: &ChangeAnalysis) -> Vec<String> {
    let words = Words(analysis.language);
    let has_several = 2 < analysis.sides.len();
    let line = |row: &crate::compare::OverallChange| {
        let counts = row.outcomes;
        let counted = [
            (counts.worse, Outcome::Worse),
            (counts.missing, Outcome::Missing),
            (counts.inconclusive, Outcome::Inconclusive),
            (counts.equivalent, Outcome::Equivalent),
            (counts.better, Outcome::Better),
            (counts.new, Outcome::New),
        ];
        let counted: Vec<String> = counted
            .into_iter()
            .filter(|(count, _)| 0 < *count)
            .map(|(count, outcome)| format!("{count} {}", words.outcome(outcome)))
            .collect();
        let candidate = if has_several { format!("{}, ", row.candidate_label) } else { String::new() };
        let ratio = row.ratio.map(|ratio| {
            let (mean, median) = (rows::change_of(ratio), row.median_ratio.map(rows::change_of).unwrap_or_default());
            words.pick(
                format!("; all together {mean}, by medians {median} (geometric means)"),
                format!("；总体 {mean}，按中位数 {median}（几何平均）"),
            )
        });
        let counted = counted.join(words.pick(", ", "，"));
        format!(
            "{candidate}{}{}{counted}{}",
            words.metric(row.metric),
            words.pick(": ", "："),
            ratio.unwrap_or_default()
        )
    };
    analysis.overall.iter().map(line).collect()
}

/// A share in per cent, without zeros at its end.
fn percent(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// How severe a row is, the worst first: by outcome, and by size among equals.
fn severity(row: &Change) -> (Outcome, std::cmp::Reverse<u64>) {
    let size = row.ratio.map(|ratio| ratio.ln().abs()).or(row.difference.map(f64::abs)).unwrap_or_default();
    // The bits of positive floats are in the order of the floats.
    (row.outcome, std::cmp::Reverse(size.to_bits()))
}
