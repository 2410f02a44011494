//! Each level with all its frameworks, the fastest first: at a glance, and in full.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::{TableData, level, number, text, with_scenario};
use crate::analysis::Analysis;
use crate::compare::Comparison;
use crate::record::{Direction, Metric};
use crate::report::glyphs::Glyphs;
use crate::report::number::{ColumnFormat, MISSING, ratio};
use crate::report::words::Words;
use crate::stats::{Cell, MOSTLY_FAILING, TOO_FAULTY_TO_RANK};

/// One framework at one level.
struct LevelRow<'a> {
    scenario: &'a str,
    concurrency: Option<u32>,
    framework: &'a str,
    runs: usize,
    /// What was measured, by metric.
    cells: HashMap<Metric, &'a Cell>,
    /// To the fastest of the level, or to the reference; `None` where there is nothing to compare.
    ratio: Option<f64>,
    /// What can be said against that one; empty for itself.
    verdict: String,
}

/// How wide a bar at a glance may be.
const BAR: usize = 16;

/// Rows at a glance; of a longer table the levels in between are left out.
const MOST_ROWS: usize = 36;

/// What is shown of the levels: the metric of the ranking, or the first that was measured.
fn shown_metric(analysis: &Analysis) -> Metric {
    let ranked = analysis.ranking.first().map(|ranking| ranking.metric);
    ranked.or_else(|| analysis.cells.first().map(|cell| cell.metric)).unwrap_or(Metric::AvgTimePerRequest)
}

/// Per level every framework, the fastest first, with a bar as long as its value, the ratio to the fastest or to the reference,
/// and the verdict.
pub(in crate::report) fn levels_at_a_glance(analysis: &Analysis, reference: Option<&str>, glyphs: Glyphs) -> TableData {
    let words = Words(analysis.language);
    let metric = shown_metric(analysis);
    let all = level_rows(analysis, reference, metric);
    let rows = fewer_levels(&all);
    let format = ColumnFormat::of(metric, rows.iter().filter_map(|row| row.cells.get(&metric)).map(|cell| cell.mean));
    let heads = vec![
        number(words.level(&analysis.axis)),
        text(words.framework()),
        number(words.metric_in(metric, format.unit)),
        text(""),
        number(words.ratio_to(reference)),
        text(words.verdict_head()),
    ];
    let mut longest: HashMap<(&str, Option<u32>), f64> = HashMap::new();
    for row in &rows {
        let value = row.cells.get(&metric).map_or(0.0, |cell| cell.mean);
        let longest = longest.entry((row.scenario, row.concurrency)).or_default();
        *longest = longest.max(value);
    }
    let mut before = None;
    let mut table = Vec::new();
    for row in &rows {
        let place = (row.scenario, row.concurrency);
        let is_new = before.replace(place) != Some(place);
        let blank_unless_new = |text: String| if is_new { text } else { String::new() };
        let mean = row.cells.get(&metric).map(|cell| cell.mean);
        let share = mean.zip(longest.get(&place)).map_or(0.0, |(mean, longest)| mean / longest);
        let cells = vec![
            blank_unless_new(level(analysis, row.concurrency)),
            row.framework.to_owned(),
            format.show_or_missing(mean),
            glyphs.bar(share, BAR),
            row.ratio.map_or_else(|| MISSING.to_owned(), |ratio| format!("{ratio:.2}")),
            row.verdict.clone(),
        ];
        table.push(with_scenario(analysis, blank_unless_new(row.scenario.to_owned()), cells));
    }
    let note = (rows.len() < all.len()).then(|| words.not_all_levels(rows.len(), all.len()));
    TableData { heads: with_scenario(analysis, text(words.scenario()), heads), rows: table, note }
}

/// The rows, or of too many those of the first and last levels.
fn fewer_levels<'r, 'a>(rows: &'r [LevelRow<'a>]) -> Vec<&'r LevelRow<'a>> {
    let mut levels: Vec<&[LevelRow<'_>]> =
        rows.chunk_by(|a, b| (a.scenario, a.concurrency) == (b.scenario, b.concurrency)).collect();
    // The middle ones go first, so that both ends of a sweep stay in sight.
    while MOST_ROWS < levels.iter().map(|level| level.len()).sum::<usize>() && 2 < levels.len() {
        levels.remove(levels.len() / 2);
    }
    levels.into_iter().flat_map(|level| level.iter().take(MOST_ROWS)).collect()
}

/// Per level every framework, the fastest first, with intervals and the ratio to the fastest or to the reference.
pub(in crate::report) fn levels(analysis: &Analysis, reference: Option<&str>) -> TableData {
    let words = Words(analysis.language);
    let of_metric = |metric: Metric| analysis.cells.iter().filter(move |cell| cell.metric == metric);
    let columns: Vec<(Metric, ColumnFormat)> = analysis
        .time_metrics()
        .iter()
        .copied()
        .filter(|metric| of_metric(*metric).next().is_some())
        .map(|metric| (metric, ColumnFormat::of(metric, of_metric(metric).map(|cell| cell.mean))))
        .collect();
    let has_intervals = analysis.cells.iter().any(|cell| cell.ci_low.is_some());

    let mut heads = vec![number(words.level(&analysis.axis)), text(words.framework()), number(words.runs())];
    for (metric, format) in &columns {
        heads.push(number(words.metric_in(*metric, format.unit)));
        if has_intervals {
            heads.push(number(format!("±{}", words.percent(1.0 - analysis.alpha))));
        }
    }
    heads.push(number(words.ratio_to(reference)));
    heads.push(text(words.verdict_head()));

    let cells = |row: LevelRow<'_>| {
        let mut cells = vec![level(analysis, row.concurrency), row.framework.to_owned(), row.runs.to_string()];
        for (metric, format) in &columns {
            let cell = row.cells.get(metric).copied();
            cells.push(format.show_or_missing(cell.map(|cell| cell.mean)));
            if has_intervals {
                cells.push(format.show_or_missing(cell.and_then(half_width)));
            }
        }
        cells.push(row.ratio.map_or_else(|| MISSING.to_owned(), ratio));
        cells.push(row.verdict);
        with_scenario(analysis, row.scenario.to_owned(), cells)
    };
    let rows = level_rows(analysis, reference, shown_metric(analysis)).into_iter().map(cells).collect();
    TableData { heads: with_scenario(analysis, text(words.scenario()), heads), rows, note: None }
}

/// Every framework at every level at which it has runs: by scenario and level, the fastest first.
fn level_rows<'a>(analysis: &'a Analysis, reference: Option<&str>, metric: Metric) -> Vec<LevelRow<'a>> {
    let words = Words(analysis.language);
    // Looked up by place, as a long sweep has thousands of levels.
    let mut levels_of_runs: HashMap<(&str, Option<u32>), IndexMap<&str, usize>> = HashMap::new();
    for run in &analysis.runs {
        let here = levels_of_runs.entry((&run.scenario, run.concurrency)).or_default();
        *here.entry(&run.framework).or_default() += 1;
    }
    let mut cells: HashMap<(&str, Option<u32>, &str), HashMap<Metric, &Cell>> = HashMap::new();
    for cell in &analysis.cells {
        let here = cells.entry((&cell.scenario, cell.concurrency, &cell.framework)).or_default();
        here.insert(cell.metric, cell);
    }
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
            let cells = |framework: &'a str| cells.get(&(scenario.as_str(), concurrency, framework));
            let cell = |framework: &'a str| cells(framework).and_then(|cells| cells.get(&metric)).copied();
            let rows_here = comparisons.get(&(scenario.as_str(), concurrency)).map_or(&[][..], Vec::as_slice);
            let direction = metric.direction();
            sort_by_speed(&mut frameworks, rows_here, direction, |framework| {
                cell(framework).is_some_and(is_comparable)
            });
            let rival = reference.or(frameworks.first().copied());
            let against = rival.map(|rival| against(rival, rows_here)).unwrap_or_default();
            for framework in &frameworks {
                let (ratio, verdict) =
                    verdict(against.get(framework).copied(), framework, rival, cell(framework), words);
                rows.push(LevelRow {
                    scenario,
                    concurrency,
                    framework,
                    runs: here.get(framework).copied().unwrap_or_default(),
                    cells: cells(framework).cloned().unwrap_or_default(),
                    ratio,
                    verdict,
                });
            }
        }
    }
    rows
}

/// Sorts frameworks by the ratios between them, the fastest first. What can't be compared comes last, however fast it
/// seems.
fn sort_by_speed<'a>(
    frameworks: &mut [&'a str],
    rows: &[&Comparison],
    direction: Direction,
    is_comparable: impl Fn(&'a str) -> bool,
) {
    let compared: HashSet<&str> = rows.iter().flat_map(|row| [row.baseline.as_str(), row.candidate.as_str()]).collect();
    // Ratios of geometric means are transitive, so those to any one framework put all in order.
    let anchor = frameworks.iter().copied().find(|name| is_comparable(name) && compared.contains(name));
    let slowness = |ratio: f64| if direction == Direction::HigherIsBetter { ratio.recip() } else { ratio };
    let mut keys: HashMap<&str, f64> = HashMap::new();
    for (row, anchor) in rows.iter().filter_map(|row| Some((row, anchor?))) {
        let name = if row.baseline == anchor { &row.candidate } else { &row.baseline };
        if let Some((ratio, _)) = row.ratio_of(name, anchor) {
            keys.entry(name).or_insert(slowness(ratio));
        }
    }
    let key = |name: &'a str| match keys.get(name) {
        _ if anchor == Some(name) => 1.0,
        Some(slowness) if is_comparable(name) => *slowness,
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

/// The comparisons with one framework, by the name of the other.
fn against<'a>(rival: &str, rows: &[&'a Comparison]) -> HashMap<&'a str, &'a Comparison> {
    let mut of_name = HashMap::new();
    for &row in rows {
        match (row.baseline == rival, row.candidate == rival) {
            (true, _) => of_name.entry(row.candidate.as_str()).or_insert(row),
            (_, true) => of_name.entry(row.baseline.as_str()).or_insert(row),
            _ => continue,
        };
    }
    of_name
}

/// The ratio to the rival, and what it allows to say.
fn verdict(
    against: Option<&Comparison>,
    framework: &str,
    rival: Option<&str>,
    cell: Option<&Cell>,
    words: Words,
) -> (Option<f64>, String) {
    let Some(cell) = cell else { return (None, words.no_time().to_owned()) };
    if !is_comparable(cell) {
        return (None, words.mostly_errors().to_owned());
    }
    // Times of failed requests are among these.
    let errors = cell.error_rate.filter(|rate| TOO_FAULTY_TO_RANK <= *rate).map(|rate| words.errors(rate));
    let with_errors = |said: String| {
        let said: Vec<String> = [Some(said), errors].into_iter().flatten().filter(|said| !said.is_empty()).collect();
        said.join(words.pick(", ", "，"))
    };
    if rival == Some(framework) {
        return (Some(1.0), with_errors(String::new()));
    }
    let of_rival = against.zip(rival).and_then(|(row, rival)| {
        let (value, _) = row.ratio_of(framework, rival)?;
        Some((Some(value), words.verdict(row.verdict_on(framework, rival)?).to_owned()))
    });
    let (value, said) = of_rival.unwrap_or_default();
    (value, with_errors(said))
}
