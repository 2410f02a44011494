//! Rows for a spreadsheet or a data frame, with all digits, SI units, and an empty field where nothing is known. The first
//! column says what a row is, so that one file holds all kinds: `cell` and `comparison` of an analysis, `change` and
//! `overall` of a before and after.
//!
//! Names are written as they are. A program that takes a leading `=` for a formula has to be told not to.

use std::io::{self, Write};

use super::subject::Subject;
use crate::analysis::{Analysis, ChangeAnalysis};

/// The columns of an analysis.
const ANALYSIS: [&str; 24] = [
    "row",
    "scenario",
    "framework",
    "baseline",
    "candidate",
    "concurrency",
    "metric",
    "unit",
    "n",
    "mean",
    "min",
    "max",
    "std",
    "median",
    "cv",
    "error_rate",
    "ratio",
    "ci_low",
    "ci_high",
    "p_value",
    "p_adjusted",
    "effect_size",
    "verdict",
    "method",
];

/// The columns of a before and after.
const CHANGES: [&str; 28] = [
    "row",
    "scenario",
    "framework",
    "concurrency",
    "levels",
    "metric",
    "unit",
    "baseline",
    "candidate",
    "baseline_n",
    "baseline_mean",
    "baseline_median",
    "candidate_n",
    "candidate_mean",
    "candidate_median",
    "ratio",
    "difference",
    "ci_low",
    "ci_high",
    "p_value",
    "p_adjusted",
    "effect_size",
    "median_ratio",
    "repetitions_needed",
    "is_paired",
    "outcome",
    "reason",
    "method",
];

/// Writes all rows below a line of heads.
pub(super) fn write_csv(subject: Subject<'_>, sink: &mut dyn Write) -> io::Result<()> {
    let mut lines = csv::Writer::from_writer(sink);
    match subject {
        Subject::Analysis(analysis) => analysis_rows(analysis, &mut lines)?,
        Subject::Changes(changes) => change_rows(changes, &mut lines)?,
    }
    lines.flush()
}

/// A field that may be empty.
fn field(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Writes a line with these fields by the names of their columns, and the others empty.
fn line<W: Write>(lines: &mut csv::Writer<W>, columns: &[&str], fields: &[(&str, String)]) -> io::Result<()> {
    let value = |column: &&str| fields.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value.as_str());
    lines.write_record(columns.iter().map(value)).map_err(io::Error::from)
}

fn analysis_rows<W: Write>(analysis: &Analysis, lines: &mut csv::Writer<W>) -> io::Result<()> {
    lines.write_record(ANALYSIS).map_err(io::Error::from)?;
    for cell in &analysis.cells {
        let fields = [
            ("row", "cell".to_owned()),
            ("scenario", cell.scenario.clone()),
            ("framework", cell.framework.clone()),
            ("concurrency", field(cell.concurrency)),
            ("metric", cell.metric.name().to_owned()),
            ("unit", cell.unit.clone()),
            ("n", cell.n.to_string()),
            ("mean", cell.mean.to_string()),
            ("min", cell.min.to_string()),
            ("max", cell.max.to_string()),
            ("std", field(cell.std)),
            ("median", cell.median.to_string()),
            ("cv", field(cell.cv)),
            ("error_rate", field(cell.error_rate)),
            ("ci_low", field(cell.ci_low)),
            ("ci_high", field(cell.ci_high)),
        ];
        line(lines, &ANALYSIS, &fields)?;
    }
    for row in &analysis.comparisons {
        let fields = [
            ("row", "comparison".to_owned()),
            ("scenario", row.scenario.clone()),
            ("baseline", row.baseline.clone()),
            ("candidate", row.candidate.clone()),
            ("concurrency", field(row.concurrency)),
            ("metric", row.metric.name().to_owned()),
            ("ratio", row.ratio.to_string()),
            ("ci_low", field(row.ci_low)),
            ("ci_high", field(row.ci_high)),
            ("p_value", field(row.p_value)),
            ("p_adjusted", field(row.p_adjusted)),
            ("effect_size", field(row.effect_size)),
            ("verdict", row.verdict.name().to_owned()),
            ("method", row.method.clone()),
        ];
        line(lines, &ANALYSIS, &fields)?;
    }
    Ok(())
}

fn change_rows<W: Write>(changes: &ChangeAnalysis, lines: &mut csv::Writer<W>) -> io::Result<()> {
    lines.write_record(CHANGES).map_err(io::Error::from)?;
    for row in &changes.changes {
        let fields = [
            ("row", "change".to_owned()),
            ("scenario", row.scenario.clone()),
            ("framework", row.framework.clone()),
            ("concurrency", field(row.concurrency)),
            ("levels", row.levels.to_string()),
            ("metric", row.metric.name().to_owned()),
            ("unit", row.unit.clone()),
            ("baseline", row.baseline_label.clone()),
            ("candidate", row.candidate_label.clone()),
            ("baseline_n", field(row.baseline.map(|side| side.n))),
            ("baseline_mean", field(row.baseline.map(|side| side.mean))),
            ("baseline_median", field(row.baseline.map(|side| side.median))),
            ("candidate_n", field(row.candidate.map(|side| side.n))),
            ("candidate_mean", field(row.candidate.map(|side| side.mean))),
            ("candidate_median", field(row.candidate.map(|side| side.median))),
            ("ratio", field(row.ratio)),
            ("difference", field(row.difference)),
            ("ci_low", field(row.ci_low)),
            ("ci_high", field(row.ci_high)),
            ("p_value", field(row.p_value)),
            ("p_adjusted", field(row.p_adjusted)),
            ("effect_size", field(row.effect_size)),
            ("median_ratio", field(row.median_ratio)),
            ("repetitions_needed", field(row.repetitions_needed)),
            ("is_paired", row.is_paired.to_string()),
            ("outcome", row.outcome.name().to_owned()),
            ("reason", field(row.reason.as_ref())),
            ("method", row.method.clone()),
        ];
        line(lines, &CHANGES, &fields)?;
    }
    for row in &changes.overall {
        let fields = [
            ("row", "overall".to_owned()),
            ("metric", row.metric.name().to_owned()),
            ("unit", row.metric.unit().to_string()),
            ("baseline", row.baseline_label.clone()),
            ("candidate", row.candidate_label.clone()),
            ("baseline_n", row.series.to_string()),
            ("candidate_n", row.series.to_string()),
            ("baseline_median", field(row.baseline_median)),
            ("candidate_median", field(row.candidate_median)),
            ("ratio", field(row.ratio)),
            ("median_ratio", field(row.median_ratio)),
        ];
        line(lines, &CHANGES, &fields)?;
    }
    Ok(())
}
