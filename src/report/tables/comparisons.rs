//! Frameworks against each other, with intervals, p-values and what would settle the open ones.

use super::{TableData, level, number, text, with_scenario};
use crate::analysis::Analysis;
use crate::compare::{Comparison, Verdict};
use crate::report::number::{MISSING, ratio};
use crate::report::words::Words;

/// Which comparisons are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Shown {
    /// Over all levels, by the metric that frameworks are ranked by: each with the first, or with the reference.
    WithFirst,
    /// Every pair and metric over all levels, and at each level.
    All,
}

/// The comparisons of frameworks.
pub(in crate::report) fn comparisons(analysis: &Analysis, shown: Shown, reference: Option<&str>) -> TableData {
    let words = Words(analysis.language);
    let mut heads = vec![text(words.baseline()), text(words.candidate())];
    if shown == Shown::All {
        heads.insert(0, text(words.metric_head()));
        heads.push(number(words.level(&analysis.axis)));
    }
    heads.extend([
        number(words.ratio_head()),
        number(words.interval_head(&words.percent(1.0 - analysis.alpha))),
        number("p"),
        number(words.adjusted_p()),
        number(words.effect_size()),
        text(words.verdict_head()),
    ]);
    let rows: Vec<Vec<String>> = analysis
        .comparisons
        .iter()
        .filter_map(|row| match shown {
            Shown::All => Some(cells(analysis, row, shown, Sides::as_it_is(row), words)),
            Shown::WithFirst => Some(cells(analysis, row, shown, with_first(analysis, row, reference)?, words)),
        })
        .collect();
    let is_open = rows.iter().flatten().any(|cell| cell.contains('~'));
    TableData {
        heads: with_scenario(analysis, text(words.scenario()), heads),
        note: (!rows.is_empty()).then(|| words.about_comparisons(is_open)),
        rows,
    }
}

/// Which side of a comparison is shown as the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sides<'a> {
    baseline: &'a str,
    candidate: &'a str,
}

impl<'a> Sides<'a> {
    fn as_it_is(row: &'a Comparison) -> Self {
        Self { baseline: &row.baseline, candidate: &row.candidate }
    }
}

/// The sides with the first of the ranking, or the reference, as the baseline; `None` where the row is not about it.
fn with_first<'a>(analysis: &'a Analysis, row: &'a Comparison, reference: Option<&'a str>) -> Option<Sides<'a>> {
    let ranking = analysis.ranking.iter().find(|ranking| ranking.scenario == row.scenario)?;
    let first = reference.or_else(|| ranking.tiers.first()?.first().map(String::as_str))?;
    if !row.is_overall() || row.metric != ranking.metric {
        return None;
    }
    match (row.baseline == first, row.candidate == first) {
        (true, _) => Some(Sides::as_it_is(row)),
        (_, true) => Some(Sides { baseline: &row.candidate, candidate: &row.baseline }),
        _ => None,
    }
}

fn cells(analysis: &Analysis, row: &Comparison, shown: Shown, sides: Sides<'_>, words: Words) -> Vec<String> {
    let Sides { baseline, candidate } = sides;
    let (value, interval) = row.ratio_of(candidate, baseline).unwrap_or((row.ratio, None));
    let p = |p: Option<f64>| p.map_or_else(|| MISSING.to_owned(), p_value);
    let effect = row.effect_size.map(|effect| if candidate == row.candidate { effect } else { -effect });
    let verdict = row.verdict_on(candidate, baseline).unwrap_or(Verdict::Inconclusive);
    let verdict = match row.repetitions_needed {
        _ if row.depends_on_level => words.depends_on_level().to_owned(),
        Some(needed) => words.open_verdict(verdict, needed.saturating_sub(runs_per_cell(row))),
        None => words.verdict(verdict).to_owned(),
    };
    let mut cells = vec![baseline.to_owned(), candidate.to_owned()];
    if shown == Shown::All {
        cells.insert(0, words.metric(row.metric).to_owned());
        cells.push(if row.is_overall() { words.all_levels().to_owned() } else { level(analysis, row.concurrency) });
    }
    cells.extend([
        ratio(value),
        interval.map_or_else(|| MISSING.to_owned(), |(low, high)| format!("{} – {}", ratio(low), ratio(high))),
        p(row.p_value),
        p(row.p_adjusted),
        effect.map_or_else(|| MISSING.to_owned(), |effect| format!("{effect:+.2}")),
        verdict,
    ]);
    with_scenario(analysis, row.scenario.clone(), cells)
}

/// How many runs the cells of the smaller side have, on the average.
fn runs_per_cell(row: &Comparison) -> usize {
    row.n_baseline.min(row.n_candidate) / row.levels.max(1)
}

/// A p-value with two digits that say something.
fn p_value(p: f64) -> String {
    if p < 0.0001 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}
