//! How far each framework meets an objective.

use super::{TableData, number, text, with_scenario};
use crate::analysis::Analysis;
use crate::report::number::MISSING;
use crate::report::words::Words;
use crate::scaling::{Capacity, CapacityOutcome};

/// One line per framework and objective.
pub(in crate::report) fn capacity(analysis: &Analysis) -> TableData {
    let words = Words(analysis.language);
    let heads = vec![
        text(words.framework()),
        text(words.pick("objective", "目标")),
        number(words.pick("capacity", "容量")),
        number(words.pick("worst", "最差")),
        number(words.pick("best", "最好")),
        text(words.pick("because", "原因")),
    ];
    let level = |level: Option<u32>| level.map_or_else(|| MISSING.to_owned(), |level| level.to_string());
    let row = |row: &Capacity| {
        let capacity = match row.outcome {
            CapacityOutcome::MetEverywhere => format!("≥ {}", level(row.concurrency)),
            CapacityOutcome::MetNowhere => words.pick("none", "无").to_owned(),
            CapacityOutcome::Between | CapacityOutcome::Unknown => level(row.concurrency),
        };
        let cells = vec![
            row.framework.clone(),
            row.slo.clone(),
            capacity,
            level(row.low),
            level(row.high),
            row.explanation.clone(),
        ];
        with_scenario(analysis, row.scenario.clone(), cells)
    };
    let rows: Vec<Vec<String>> = analysis.capacity.iter().map(row).collect();
    let has_range = analysis.capacity.iter().any(|row| row.low.is_some());
    let note = words.pick(
        "worst and best: by the worst and the best repetition of each level",
        "最差和最好：按各级别中最差和最好的一次重复计算",
    );
    TableData {
        heads: with_scenario(analysis, text(words.scenario()), heads),
        rows,
        note: has_range.then(|| note.to_owned()),
    }
}
