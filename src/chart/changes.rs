//! A benchmark before and after: both sides along the levels, and the ratio of every series.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::figure::{Figure, LegendEntry, Mark, Panel, Point, Scale, Series, Style};
use super::lines::{self, STRETCH, percent};
use super::options::ChartOptions;
use super::ratio_rows::{RatioRow, RatioTexts, ratio_rows};
use super::ticks::{level_axis, name_axis, value_axis};
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
        legend: legend.collect(),
        panels,
        footnotes,
        columns: None,
    })
}

/// The ratios of all series of one metric over all levels, the worst first and with the geometric mean of all above them.
/// `None` where nothing is compared by a ratio.
pub fn changes_by_ratio(analysis: &ChangeAnalysis, options: &ChartOptions) -> Option<Figure> {
    let has_ratio = |metric: &&Metric| {
        analysis.changes.iter().any(|row| row.metric == **metric && row.is_overall() && row.ratio.is_some())
    };
    let metric = *analysis.metrics.iter().find(has_ratio)?;
    let has_several = 2 < analysis.sides.len();
    let language = analysis.language;
    let labelled = |name: String, label: &str| if has_several { format!("{name} ({label})") } else { name };
    let mut changes: Vec<&Change> = analysis
        .changes
        .iter()
        .filter(|row| row.metric == metric && row.is_overall() && row.ratio.is_some() && verdict(row.outcome).is_some())
        .collect();
    let size = |row: &Change| row.ratio.map_or(0.0, |ratio| ratio.ln().abs());
    changes.sort_by(|a, b| a.outcome.cmp(&b.outcome).then_with(|| size(b).total_cmp(&size(a))));
    let row = |change: &&Change| {
        Some(RatioRow {
            label: labelled(name(change), &change.candidate_label),
            ratio: change.ratio?,
            interval: change.ci_low.zip(change.ci_high),
            verdict: verdict(change.outcome)?,
            is_summary: false,
        })
    };
    let rows: Vec<RatioRow> = changes.iter().take(MOST_ROWS).filter_map(row).collect();
    let mut footnotes = vec![language.change_rows().to_owned()];
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
    let scale_of = |is_log| if is_log { Scale::Log } else { Scale::Linear };
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
    let y = value_axis(language.label(metric, unit), scale_of(options.log_y), in_unit(smallest), in_unit(highest));
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
        level_axis(language.level(&analysis.axis), scale_of(options.log_x), levels)
    };
    Some(lines::panel(language.title(metric).to_owned(), x, y, both))
}
