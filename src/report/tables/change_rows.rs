//! Rows of a before and after.

use super::{TableData, number, text};
use crate::analysis::ChangeAnalysis;
use crate::compare::Change;
use crate::report::change_words::ChangeWords;
use crate::report::number::MISSING;
use crate::report::quantity::{effect, effect_interval, probability, quantity};
use crate::report::subject::Subject;
use crate::report::words::Words;

/// These rows, in their order, with a column for what not all of them share.
pub(in crate::report) fn change_rows(changes: &ChangeAnalysis, rows: &[&Change]) -> TableData {
    let words = Words(changes.language);
    let has_scenarios = changes.changes.iter().any(|row| !row.scenario.is_empty());
    let has_candidates = 2 < changes.sides.len();
    let has_levels = changes.changes.iter().any(|row| row.concurrency.is_some());
    let percent = Subject::Changes(changes).interval_level();

    let mut heads = vec![text(words.verdict_head()), text(words.framework())];
    if has_scenarios {
        heads.push(text(words.scenario()));
    }
    if has_levels {
        heads.push(number(words.level(&changes.axis)));
    }
    if has_candidates {
        heads.push(text(words.pick("side", "版本")));
    }
    heads.push(text(words.metric_head()));
    heads.push(number(words.pick("baseline", "基线")));
    heads.push(number(words.pick("candidate", "候选")));
    heads.push(number(words.pick("change", "变化")));
    heads.push(number(words.pick(format!("{percent}% interval"), format!("{percent}% 区间"))));
    heads.push(number("p"));
    heads.push(number("n"));

    let row = |change: &&Change| {
        let mut cells = vec![ChangeWords(words).outcome(change.outcome).to_owned(), change.framework.clone()];
        if has_scenarios {
            cells.push(change.scenario.clone());
        }
        if has_levels {
            cells.push(
                change.concurrency.map_or_else(|| words.pick("all", "全部").to_owned(), |level| level.to_string()),
            );
        }
        if has_candidates {
            cells.push(change.candidate_label.clone());
        }
        cells.push(words.metric(change.metric).to_owned());
        for side in [change.baseline, change.candidate] {
            cells.push(side.map_or_else(missing, |side| quantity(side.mean, change.metric)));
        }
        cells.push(effect(change).unwrap_or_else(missing));
        cells.push(effect_interval(change).map_or_else(missing, |[low, high]| format!("{low} … {high}")));
        cells.push(change.p_adjusted.or(change.p_value).map_or_else(missing, probability));
        let count = |n: Option<usize>| n.map_or_else(missing, |n| n.to_string());
        let counts = [change.baseline, change.candidate].map(|side| count(side.map(|side| side.n)));
        cells.push(counts.join("/"));
        cells
    };
    TableData { heads, rows: rows.iter().map(row).collect(), note: None }
}

fn missing() -> String {
    MISSING.to_owned()
}
