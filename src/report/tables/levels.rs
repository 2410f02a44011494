//! Each level with all its frameworks, the fastest first.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::{TableData, level, number, text, with_scenario};
use crate::analysis::Analysis;
use crate::compare::{Comparison, Verdict};
use crate::record::Metric;
use crate::report::number::{ColumnFormat, MISSING, ratio};
use crate::report::words::Words;
use crate::stats::{Cell, MOSTLY_FAILING, TOO_FAULTY_TO_RANK};

/// Per level every framework, the fastest first, with intervals and the ratio to the fastest or to the reference.
pub(in crate::report) fn levels(analysis: &Analysis, reference: Option<&str>) -> TableData {
    let words = Words(analysis.language);
    let metric = analysis.ranking.first().map_or(Metric::AvgTimePerRequest, |ranking| ranking.metric);
    let of_metric = |metric: Metric| analysis.cells.iter().filter(move |cell| cell.metric == metric);
    let columns: Vec<(Metric, ColumnFormat)> = analysis
        .time_metrics()
        .iter()
        .copied()
        .filter(|metric| of_metric(*metric).next().is_some())
        .map(|metric| (metric, ColumnFormat::of(metric, of_metric(metric).map(|cell| cell.mean))))
        .collect();
    let percent = ratio((1.0 - analysis.alpha) * 100.0);
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    let has_intervals = analysis.cells.iter().any(|cell| cell.ci_low.is_some());

    let mut heads = vec![number(words.level(&analysis.axis)), text(words.framework()), number(words.runs())];
    for (metric, format) in &columns {
        heads.push(number(words.metric_in(*metric, format.unit)));
        if has_intervals {
            heads.push(number(format!("±{percent} %")));
        }
    }
    heads.push(number(words.ratio_to(reference)));
    heads.push(text(words.verdict_head()));

    // Looked up by place, as a long sweep has thousands of levels.
    let mut levels_of_runs: HashMap<(&str, Option<u32>), IndexMap<&str, usize>> = HashMap::new();
    for run in &analysis.runs {
        let here = levels_of_runs.entry((&run.scenario, run.concurrency)).or_default();
        *here.entry(&run.framework).or_default() += 1;
    }
    let cells: HashMap<_, &Cell> = analysis
        .cells
        .iter()
        .map(|cell| ((cell.scenario.as_str(), cell.concurrency, cell.framework.as_str(), cell.metric), cell))
        .collect();
    let mut comparisons: HashMap<(&str, Option<u32>), Vec<&Comparison>> = HashMap::new();
    for row in analysis.comparisons.iter().filter(|row| row.metric == metric) {
        comparisons.entry((&row.scenario, row.concurrency)).or_default().push(row);
    }
    let mut rows = Vec::new();
    for scenario in &analysis.scenarios {
        let levels = analysis.concurrency_levels.iter().map(|level| Some(*level)).chain([None]);
        for concurrency in levels {
            let Some(here) = levels_of_runs.get(&(scenario.as_str(), concurrency)) else { continue };
            let mut frameworks: Vec<&str> = here.keys().copied().collect();
            let cell = |framework: &str, metric: Metric| {
                cells.get(&(scenario.as_str(), concurrency, framework, metric)).copied()
            };
            let rows_here = comparisons.get(&(scenario.as_str(), concurrency)).map_or(&[][..], Vec::as_slice);
            sort_by_speed(&mut frameworks, rows_here, |framework| cell(framework, metric).is_some_and(is_comparable));
            let rival = reference.or(frameworks.first().copied());
            for framework in &frameworks {
                let runs = here.get(framework).copied().unwrap_or_default();
                let mut row = vec![level(analysis, concurrency), (*framework).to_owned(), runs.to_string()];
                for (metric, format) in &columns {
                    let cell = cell(framework, *metric);
                    row.push(format.show_or_missing(cell.map(|cell| cell.mean)));
                    if has_intervals {
                        row.push(format.show_or_missing(cell.and_then(half_width)));
                    }
                }
                let against = rows_here.iter().copied().find(|row| is_pair(row, framework, rival));
                row.extend(verdict(against, framework, rival, cell(framework, metric), words));
                rows.push(with_scenario(analysis, scenario.clone(), row));
            }
        }
    }
    TableData { heads: with_scenario(analysis, text(words.scenario()), heads), rows, note: None }
}

/// Sorts frameworks by the ratios between them, the fastest first. What can't be compared comes last, however fast it
/// seems.
fn sort_by_speed(frameworks: &mut [&str], rows: &[&Comparison], is_comparable: impl Fn(&str) -> bool) {
    // Ratios of geometric means are transitive, so those to any one framework put all in order.
    let anchor = frameworks.iter().copied().find(|framework| {
        is_comparable(framework) && rows.iter().any(|row| row.baseline == *framework || row.candidate == *framework)
    });
    let key = |framework: &str| match anchor {
        Some(anchor) if anchor == framework => 1.0,
        Some(anchor) if is_comparable(framework) => {
            rows.iter().find_map(|row| row.ratio_of(framework, anchor)).map_or(f64::INFINITY, |(ratio, _)| ratio)
        }
        _ => f64::INFINITY,
    };
    frameworks.sort_by(|a, b| key(a).total_cmp(&key(b)).then_with(|| is_comparable(b).cmp(&is_comparable(a))));
}

/// Whether a cell's times say more of working than of failing.
fn is_comparable(cell: &Cell) -> bool {
    cell.error_rate.is_none_or(|rate| rate <= MOSTLY_FAILING)
}

/// Half the width of the interval of the mean.
fn half_width(cell: &Cell) -> Option<f64> {
    Some((cell.ci_high? - cell.ci_low?) / 2.0)
}

fn is_pair(row: &Comparison, framework: &str, rival: Option<&str>) -> bool {
    rival.is_some_and(|rival| row.verdict_on(framework, rival).is_some())
}

/// The last two cells of a level's row: the ratio to the rival, and what it allows to say.
fn verdict(
    against: Option<&Comparison>,
    framework: &str,
    rival: Option<&str>,
    cell: Option<&Cell>,
    words: Words,
) -> [String; 2] {
    let Some(cell) = cell else { return [MISSING.to_owned(), words.no_time().to_owned()] };
    if !is_comparable(cell) {
        return [MISSING.to_owned(), words.mostly_errors().to_owned()];
    }
    // Times of failed requests are among these.
    let errors = cell.error_rate.filter(|rate| TOO_FAULTY_TO_RANK <= *rate).map(|rate| words.errors(rate));
    let Some(rival) = rival else { return [MISSING.to_owned(), errors.unwrap_or_default()] };
    if rival == framework {
        return [ratio(1.0), errors.unwrap_or_default()];
    }
    let of_rival = against.and_then(|row| {
        let (value, _) = row.ratio_of(framework, rival)?;
        let verdict = words.verdict(row.verdict_on(framework, rival).unwrap_or(Verdict::Inconclusive)).to_owned();
        Some((ratio(value), verdict))
    });
    let (value, verdict) = of_rival.unwrap_or_else(|| (MISSING.to_owned(), String::new()));
    let said: Vec<String> = [Some(verdict), errors].into_iter().flatten().filter(|said| !said.is_empty()).collect();
    [value, said.join(words.pick(", ", "，"))]
}
