//! Every run as it was read.

use super::{TableData, level, number, text, with_scenario};
use crate::analysis::{Analysis, RunRecord};
use crate::record::{Column, Metric};
use crate::report::number::{ColumnFormat, MISSING};
use crate::report::words::Words;

/// The runs, `most` of them at most.
pub(in crate::report) fn records(analysis: &Analysis, most: usize) -> TableData {
    let words = Words(analysis.language);
    let total = ColumnFormat::of(Metric::TotalTime, analysis.runs.iter().filter_map(|run| run.total_time));
    let average =
        ColumnFormat::of(Metric::AvgTimePerRequest, analysis.runs.iter().filter_map(|run| run.avg_time_per_request));
    let has_repetitions = analysis.runs.iter().any(|run| run.repetition.is_some_and(|repetition| 1 < repetition));
    let has_requests = analysis.runs.iter().any(|run| run.requests_count.is_some());
    let has_errors = analysis.runs.iter().any(|run| run.error_count.is_some());
    let has_average = analysis.runs.iter().any(|run| run.avg_time_per_request.is_some());
    let mut heads = vec![text(words.framework()), number(words.level(&analysis.axis))];
    if has_repetitions {
        heads.push(number(words.repetition()));
    }
    heads.push(number(words.metric_in(Metric::TotalTime, total.unit)));
    if has_requests {
        heads.push(number(words.requests_count()));
    }
    if has_errors {
        heads.push(number(words.error_count()));
    }
    if has_average {
        heads.push(number(words.metric_in(Metric::AvgTimePerRequest, average.unit)));
    }

    let is_derived = |run: &RunRecord, column: Column| run.derived.iter().any(|name| name == column.name());
    let marked = |run: &RunRecord, column: Column, shown: String| {
        if is_derived(run, column) { format!("{shown}*") } else { shown }
    };
    let count = |count: Option<u64>| count.map_or_else(|| MISSING.to_owned(), |count| count.to_string());
    let row = |run: &RunRecord| {
        let mut row = vec![run.framework.clone(), level(analysis, run.concurrency)];
        if has_repetitions {
            row.push(run.repetition.map_or_else(|| MISSING.to_owned(), |repetition| repetition.to_string()));
        }
        row.push(marked(run, Column::TotalTime, total.show_or_missing(run.total_time)));
        if has_requests {
            row.push(marked(run, Column::RequestsCount, count(run.requests_count)));
        }
        if has_errors {
            row.push(marked(run, Column::ErrorCount, count(run.error_count)));
        }
        if has_average {
            row.push(marked(run, Column::AvgTimePerRequest, average.show_or_missing(run.avg_time_per_request)));
        }
        with_scenario(analysis, run.scenario.clone(), row)
    };
    let rows: Vec<Vec<String>> = analysis.runs.iter().take(most).map(row).collect();
    let mut notes = Vec::new();
    if rows.iter().flatten().any(|cell| cell.ends_with('*')) {
        notes.push(words.derived().to_owned());
    }
    if most < analysis.runs.len() {
        notes.push(words.first_records(most, analysis.runs.len()));
    }
    TableData {
        heads: with_scenario(analysis, text(words.scenario()), heads),
        rows,
        note: (!notes.is_empty()).then(|| notes.join(words.pick("; ", "；"))),
    }
}
