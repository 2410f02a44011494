//! A benchmark before and after: both sides along the levels, and the ratio of every series.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::figure::{Figure, LegendEntry, Mark, Panel, Point, Series, Style};
use super::lines::{self, STRETCH, WIDE, level_scale, percent, value_scale};
use super::options::ChartOptions;
use super::ratio_rows::{RatioRow, RatioTexts, ratio_rows};
use super::ticks::{level_axis, name_axis, time_axis};
use super::unit::TimeUnit;
use crate::analysis::ChangeAnalysis;
use crate::compare::{Change, Outcome, SideValues, Verdict};
use crate::record::{Direction, Metric};

/// More series than this make lines that nobody can follow; their ratios still have rows.
const MOST_SERIES: usize = 12;

/// How far the sides of a series stand from its place where there is one level only, and names take that of the levels.
const ASIDE: f64 = 0.12;

/// So many rows can be read.
const MOST_ROWS: usize = 200;

/// Total time on the left and average time per request on the right against concurrency: the first candidate as it is
/// drawn elsewhere, the baseline in the same colour, dashed and paler. `None` where no level is known, or there are more
/// than twelve series.
pub fn changes_by_level(analysis: &ChangeAnalysis, options: &ChartOptions) -> Option<Figure> {
    let candidate = analysis.sides.get(1)?;
    let rows: Vec<&Change> =
        analysis.changes.iter().filter(|row| row.candidate_label == candidate.label && !row.is_overall()).collect();
    let mut series: IndexMap<(&str, &str), Vec<&Change>> = IndexMap::new();
    for row in &rows {
        series.entry((&row.framework, &row.scenario)).or_default().push(row);
    }
    let levels: Vec<u32> =
        rows.iter().filter_map(|row| row.concurrency).collect::<BTreeSet<u32>>().into_iter().collect();
    if levels.is_empty() || MOST_SERIES < series.len() {
        return None;
    }
    let metrics = [Metric::TotalTime, Metric::AvgTimePerRequest];
    let panels: Vec<Panel> =
        metrics.iter().filter_map(|metric| panel(*metric, &series, &levels, analysis, options)).collect();
    let language = analysis.language;
    let baseline = &analysis.sides.first()?.label;
    let mut footnotes = vec![language.sides(baseline, &candidate.label)];
    if panels
        .iter()
        .flat_map(|panel| &panel.series)
        .flat_map(|series| series.segments.iter().flatten())
        .any(|point| point.interval.is_some())
    {
        footnotes.push(language.points_and_bands(&percent(1.0 - analysis.alpha)));
    }
    let named = series.values().map(|rows| rows.first().map(|row| name(row)).unwrap_or_default());
    let legend = named.enumerate().flat_map(|(index, series)| {
        [(Mark::Measured, &candidate.label), (Mark::Former, baseline)].map(|(mark, label)| LegendEntry {
            name: format!("{series} ({label})"),
            style: Style::Framework(index),
            mark,
        })
    });
    (!panels.is_empty()).then(|| Figure {
        title: options.title.clone(),
        subtitle: None,
        legend: legend.collect(),
        panels,
        footnotes,
        columns: None,
    })
}

/// The ratios of all series of one metric over all levels, the worst first and with the geometric mean of all above them.
/// `None` where nothing is compared by a ratio.
pub fn changes_by_ratio(analysis: &ChangeAnalysis, options: &ChartOptions) -> Option<Figure> {
    let has_ratio = |metric: Metric| {
        analysis.changes.iter().any(|row| row.metric == metric && row.is_overall() && row.ratio.is_some())
    };
    let metric = *analysis.metrics.iter().find(|metric| has_ratio(**metric))?;
    // Series that did not move in the first metric may have moved in another one.
    let has_moved = |row: &Change| {
        row.metric == metric
            || matches!(row.outcome, Outcome::Worse | Outcome::Better) && !is_copy(row, metric, analysis)
    };
    let has_several = 2 < analysis.sides.len();
    let language = analysis.language;
    let labelled = |name: String, label: &str| if has_several { format!("{name} ({label})") } else { name };
    let mut changes: Vec<&Change> = analysis
        .changes
        .iter()
        .filter(|row| row.is_overall() && row.ratio.is_some() && verdict(row.outcome).is_some() && has_moved(row))
        .collect();
    let size = |row: &Change| row.ratio.map_or(0.0, |ratio| ratio.ln().abs());
    let is_first = |row: &Change| row.metric == metric;
    changes.sort_by(|a, b| {
        let by_outcome = a.outcome.cmp(&b.outcome).then_with(|| size(b).total_cmp(&size(a)));
        is_first(b).cmp(&is_first(a)).then(by_outcome)
    });
    let row = |change: &Change, label: String, is_summary: bool| {
        Some(RatioRow {
            label,
            ratio: change.ratio?,
            interval: change.ci_low.zip(change.ci_high),
            verdict: verdict(change.outcome)?,
            is_summary,
        })
    };
    let with_levels = |change: &&Change| -> Vec<RatioRow> {
        let series = labelled(name(change), &change.candidate_label);
        let label = if is_first(change) { series } else { format!("{series}: {}", change.metric) };
        let levels = moved_levels(change, analysis);
        let levels = levels.iter().filter_map(|level| row(level, format!("@ {}", level.concurrency?), false));
        row(change, label, true).into_iter().chain(levels).collect()
    };
    let mut rows: Vec<RatioRow> = changes.iter().take(MOST_ROWS).flat_map(with_levels).collect();
    let has_levels = rows.iter().any(|row| !row.is_summary);
    if !has_levels {
        rows.iter_mut().for_each(|row| row.is_summary = false);
    }
    let mut footnotes = vec![language.change_rows(has_levels).to_owned()];
    footnotes.extend(absent(Outcome::Missing, analysis).map(|names| language.missing_series(&names)));
    footnotes.extend(absent(Outcome::New, analysis).map(|names| language.new_series(&names)));
    if MOST_ROWS < changes.len() {
        footnotes.push(language.first_rows(MOST_ROWS, changes.len()));
    }
    let baseline = analysis.sides.first().map(|side| side.label.as_str());
    let texts = RatioTexts {
        title: options.title.clone(),
        heading: language.ratios_title(metric),
        axis: language.ratio_axis(baseline, metric.direction() == Direction::LowerIsBetter),
        footnotes,
        language,
    };
    ratio_rows(&rows, analysis.min_effect, texts)
}

/// The levels of a series, where the verdict on one of them is another than that over all levels: a mean over levels hides
/// what happens at them.
fn moved_levels<'a>(overall: &Change, analysis: &'a ChangeAnalysis) -> Vec<&'a Change> {
    let is_level = |row: &&Change| is_same_series(row, overall) && row.metric == overall.metric && !row.is_overall();
    let levels: Vec<&Change> = analysis.changes.iter().filter(is_level).collect();
    let is_other =
        |row: &&Change| row.outcome != overall.outcome && matches!(row.outcome, Outcome::Worse | Outcome::Better);
    if levels.iter().any(is_other) { levels } else { Vec::new() }
}

fn is_same_series(a: &Change, b: &Change) -> bool {
    (&a.framework, &a.scenario, &a.candidate_label) == (&b.framework, &b.scenario, &b.candidate_label)
}

/// Whether a row says again what that of another metric says, as total and average time do of equal numbers of requests.
fn is_copy(row: &Change, metric: Metric, analysis: &ChangeAnalysis) -> bool {
    let first = analysis
        .changes
        .iter()
        .find(|other| is_same_series(other, row) && other.metric == metric && other.is_overall());
    let ratios = first.and_then(|first| first.ratio).zip(row.ratio);
    ratios.is_some_and(|(one, other)| (one.ln().abs() - other.ln().abs()).abs() < 1e-6)
}

/// The series that only one side has, by name.
fn absent(outcome: Outcome, analysis: &ChangeAnalysis) -> Option<String> {
    let names: BTreeSet<String> =
        analysis.changes.iter().filter(|row| row.outcome == outcome && row.is_overall()).map(name).collect();
    let names: Vec<String> = names.into_iter().collect();
    (!names.is_empty()).then(|| names.join(analysis.language.comma()))
}

/// An outcome of a row that has both sides.
fn verdict(outcome: Outcome) -> Option<Verdict> {
    match outcome {
        Outcome::Worse => Some(Verdict::Worse),
        Outcome::Inconclusive => Some(Verdict::Inconclusive),
        Outcome::Equivalent => Some(Verdict::Equivalent),
        Outcome::Better => Some(Verdict::Better),
        Outcome::Missing | Outcome::New => None,
    }
}

/// What a series is called: its framework and scenario. Where the sides have other names for the framework, as two files of
/// one benchmark have, the scenario tells it alone.
fn name(row: &Change) -> String {
    match (row.scenario.as_str(), &row.candidate_framework) {
        ("", _) => row.framework.clone(),
        (scenario, Some(_)) => scenario.to_owned(),
        (_, None) => row.key().series.to_string(),
    }
}

/// One metric of both sides; `None` where neither has it.
fn panel(
    metric: Metric,
    series: &IndexMap<(&str, &str), Vec<&Change>>,
    levels: &[u32],
    analysis: &ChangeAnalysis,
    options: &ChartOptions,
) -> Option<Panel> {
    let language = analysis.language;
    let of_metric = || series.values().flatten().filter(|row| row.metric == metric);
    let values: Vec<SideValues> = of_metric().flat_map(|row| [row.baseline, row.candidate]).flatten().collect();
    let largest = values.iter().map(|side| side.mean).fold(0.0, f64::max);
    let smallest = values.iter().map(|side| side.mean).fold(f64::INFINITY, f64::min);
    if largest <= 0.0 {
        return None;
    }
    let highest = values.iter().filter_map(|side| side.ci_high).fold(largest, f64::max).min(largest * STRETCH);
    let unit = TimeUnit::for_largest(largest);
    let in_unit = |seconds: f64| seconds / unit.seconds();
    let scale = value_scale((smallest, largest), WIDE, options);
    let y = time_axis(&|unit| language.label(metric, unit), scale, unit, (smallest, highest), language);
    let is_alone = levels.len() == 1;
    let place = |index: usize, mark: Mark, level: u32| match mark {
        _ if !is_alone => f64::from(level),
        Mark::Former => (index + 1) as f64 - ASIDE,
        _ => (index + 1) as f64 + ASIDE,
    };
    let line = |index: usize, rows: &[&Change], mark: Mark, side: fn(&Change) -> Option<SideValues>| {
        let of_line = || rows.iter().filter(|row| row.metric == metric);
        let point = |level: &u32| {
            let values = side(of_line().find(|row| row.concurrency == Some(*level))?)?;
            let interval = values.ci_low.zip(values.ci_high);
            let interval = interval.map(|(low, high)| (in_unit(low).max(y.min), in_unit(high)));
            Some(Point { x: place(index, mark, *level), y: in_unit(values.mean), interval })
        };
        let mut segments: Vec<Vec<Point>> = vec![Vec::new()];
        for found in levels.iter().map(point) {
            match (found, segments.last_mut()) {
                (Some(point), Some(stretch)) => stretch.push(point),
                _ => segments.push(Vec::new()),
            }
        }
        segments.retain(|stretch| !stretch.is_empty());
        Series {
            name: rows.first().map(|row| name(row)).unwrap_or_default(),
            style: Style::Framework(index),
            mark,
            segments,
        }
    };
    let both = |(index, rows): (usize, &Vec<&Change>)| {
        [line(index, rows, Mark::Former, |row| row.baseline), line(index, rows, Mark::Measured, |row| row.candidate)]
    };
    let both: Vec<Series> = series.values().enumerate().flat_map(both).collect();
    let x = if is_alone {
        let names: Vec<String> = series.values().filter_map(|rows| rows.first().map(|row| name(row))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        name_axis(language.frameworks_at(&analysis.axis, levels.first().copied()), &names)
    } else {
        {
            let scale = level_scale(levels, options);
            level_axis(language.scaled(language.level(&analysis.axis), scale), scale, levels)
        }
    };
    Some(lines::panel(language.title(metric).to_owned(), x, y, both))
}
