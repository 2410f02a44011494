//! Ratios in rows, one above the other, each with its interval and its verdict: a forest plot.

use super::figure::{Axis, Scale};
use super::figure::{Figure, LegendEntry, Mark, Panel, Point, Series, Style, Tick};
use super::lines::{panel, percent};
use super::ratio_axis::ratio_axis;
use crate::compare::Verdict;
use crate::language::Language;

/// One row of the figure.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioRow {
    /// What the ratio is of.
    pub label: String,
    /// Candidate over baseline; positive.
    pub ratio: f64,
    /// The interval around it.
    pub interval: Option<(f64, f64)>,
    /// What the interval allows to say.
    pub verdict: Verdict,
    /// Whether it sums up the rows that follow, up to the next such row.
    pub is_summary: bool,
}

/// What is said around the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct RatioTexts {
    /// A title above everything.
    pub title: Option<String>,
    /// What is compared: above the rows, or above everything where the rows stand in columns and there is no title.
    pub heading: String,
    /// What the ratios are, below the axis.
    pub axis: String,
    /// Sentences below everything.
    pub footnotes: Vec<String>,
    /// The language of the legend.
    pub language: Language,
}

/// The figure of some rows, from top to bottom in their order; `None` where there are none.
///
/// `min_effect` is the smallest difference that matters, such as 0.05: the ratios that are closer to 1 than that have a
/// zone of their own. Many rows stand in two or three columns.
pub fn ratio_rows(rows: &[RatioRow], min_effect: f64, texts: RatioTexts) -> Option<Figure> {
    let rows: Vec<&RatioRow> = rows.iter().filter(|row| row.ratio.is_finite() && 0.0 < row.ratio).collect();
    let margin = 1.0 + min_effect;
    let x = ratio_axis(texts.axis.clone(), rows.iter().map(|row| (row.ratio, row.interval)), margin)?;
    let columns = columns(&rows);
    let is_narrow = 1 < columns.len();
    let highest = columns.iter().map(|column| column.height).fold(1.0, f64::max);
    let verdicts = [Verdict::Better, Verdict::Worse, Verdict::Equivalent, Verdict::Inconclusive]
        .into_iter()
        .filter(|verdict| rows.iter().any(|row| row.verdict == *verdict));
    let (title, panel_title) = match texts.heading {
        heading if is_narrow => (texts.title.or(Some(heading)), String::new()),
        heading => (texts.title, heading),
    };
    let of_column = |column: &Column<'_>| {
        let places = || column.rows.iter().map(|(row, depth)| (*row, highest - depth));
        let y = Axis {
            label: String::new(),
            scale: Scale::Rows,
            min: 0.0,
            max: highest + EDGE,
            ticks: places().map(|(row, value)| Tick { value, label: row.label.clone() }).collect(),
        };
        let mut series = guides(&x, &y, margin);
        for verdict in verdicts.clone() {
            for (mark, is_summary) in [(Mark::Row, false), (Mark::SummaryRow, true)] {
                let own = places().filter(|(row, _)| row.verdict == verdict && row.is_summary == is_summary);
                let segments: Vec<Vec<Point>> =
                    own.map(|(row, y)| vec![Point { x: row.ratio, y, interval: row.interval }]).collect();
                if !segments.is_empty() {
                    let name = texts.language.verdict_key(verdict).to_owned();
                    series.push(Series { name, style: Style::Verdict(verdict), mark, segments });
                }
            }
        }
        let beside = |(row, value): (&RatioRow, f64)| Tick { value, label: numbers(row, is_narrow) };
        Panel { beside: places().map(beside).collect(), ..panel(panel_title.clone(), x.clone(), y, series) }
    };
    let panels = columns.iter().map(of_column).collect();
    let key = |verdict: Verdict| LegendEntry {
        name: texts.language.verdict_key(verdict).to_owned(),
        style: Style::Verdict(verdict),
        mark: Mark::Row,
    };
    let mut legend: Vec<LegendEntry> = verdicts.clone().map(key).collect();
    if 0.0 < min_effect {
        let name = texts.language.margin_key(&percent(min_effect));
        legend.push(LegendEntry { name, style: Style::Plain, mark: Mark::Zone });
    }
    Some(Figure { title, subtitle: None, panels, legend, footnotes: texts.footnotes, columns: None })
}

/// So many rows are the most that one column has, or two; more stand in three.
const ONE_COLUMN: usize = 32;
const TWO_COLUMNS: usize = 64;

/// The room before a row that sums up, and above the first row and below the last one; in rows.
const GAP: f64 = 0.4;
const EDGE: f64 = 0.7;

/// Rows with their depths below the top, in rows.
struct Column<'a> {
    rows: Vec<(&'a RatioRow, f64)>,
    height: f64,
}

/// The rows in columns of about the same height, divided before a row that sums up wherever that is possible.
fn columns<'a>(rows: &[&'a RatioRow]) -> Vec<Column<'a>> {
    let count = match rows.len() {
        few if few <= ONE_COLUMN => 1,
        more if more <= TWO_COLUMNS => 2,
        _ => 3,
    };
    let most = rows.len().div_ceil(count);
    let mut columns: Vec<Vec<&RatioRow>> = vec![Vec::new()];
    for group in groups(rows) {
        for part in group.chunks(most) {
            let is_last = columns.len() == count;
            match columns.last_mut() {
                // Whichever is closer to an even division: the group here, or at the top of the next column.
                Some(column) if is_last || 2 * column.len() + part.len() <= 2 * most || column.is_empty() => {
                    column.extend(part);
                }
                _ => columns.push(part.to_vec()),
            }
        }
    }
    columns.into_iter().map(|column| with_depths(&column)).collect()
}

fn with_depths<'a>(rows: &[&'a RatioRow]) -> Column<'a> {
    let is_grouped = rows.iter().any(|row| row.is_summary) && rows.iter().any(|row| !row.is_summary);
    let mut depth = 0.0;
    let mut placed = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if 0 < index {
            depth += if is_grouped && row.is_summary { 1.0 + GAP } else { 1.0 };
        }
        placed.push((*row, depth));
    }
    Column { rows: placed, height: depth + EDGE }
}

/// Each row that sums up with those that follow it; rows before the first such row, or without one, are on their own.
fn groups<'a, 'b>(rows: &'b [&'a RatioRow]) -> Vec<&'b [&'a RatioRow]> {
    let is_grouped = rows.iter().any(|row| row.is_summary);
    rows.chunk_by(|_, next| is_grouped && !next.is_summary).collect()
}

/// The zone of differences that do not matter, and the line at 1.
fn guides(x: &Axis, y: &Axis, margin: f64) -> Vec<Series> {
    let plain = |mark, segment| Series { name: String::new(), style: Style::Plain, mark, segments: vec![segment] };
    let at = |x: f64, y: f64, interval| Point { x, y, interval };
    let middle = (y.min + y.max) / 2.0;
    let edge = |value: f64| at(value.clamp(x.min, x.max), middle, Some((y.min, y.max)));
    let mut guides = Vec::new();
    if 1.0 < margin {
        guides.push(plain(Mark::Zone, vec![edge(margin.recip()), edge(margin)]));
    }
    guides.push(plain(Mark::Guide, vec![at(1.0, y.min, None), at(1.0, y.max, None)]));
    guides
}

/// The numbers of a row; only the ratio where there is little room.
fn numbers(row: &RatioRow, is_narrow: bool) -> String {
    let ratio = significant(row.ratio);
    match row.interval.filter(|_| !is_narrow) {
        Some((low, high)) => format!("{ratio} ({}–{})", significant(low), significant(high)),
        None => ratio,
    }
}

/// A ratio with three decimals around 1, and fewer where it is large.
fn significant(ratio: f64) -> String {
    match ratio {
        large if 1e4 <= large => format!("{large:.1e}"),
        large if 100.0 <= large => format!("{large:.0}"),
        large if 10.0 <= large => format!("{large:.1}"),
        usual if 1e-3 <= usual => format!("{usual:.3}"),
        0.0 => "0".to_owned(),
        small => format!("{small:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, ratio: f64, is_summary: bool) -> RatioRow {
        let interval = Some((ratio * 0.9, ratio * 1.1));
        RatioRow { label: label.to_owned(), ratio, interval, verdict: Verdict::Worse, is_summary }
    }

    fn figure(rows: &[RatioRow]) -> Option<Figure> {
        let texts = RatioTexts {
            title: None,
            heading: "times".to_owned(),
            axis: "ratio".to_owned(),
            footnotes: Vec::new(),
            language: Language::English,
        };
        ratio_rows(rows, 0.05, texts)
    }

    #[test]
    fn rows_go_from_top_to_bottom() {
        let figure = figure(&[row("a", 2.0, true), row("1", 2.1, false), row("b", 3.0, true)]).unwrap();
        let ticks = &figure.panels[0].y.ticks;
        assert_eq!(ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["a", "1", "b"]);
        assert!(ticks.windows(2).all(|pair| pair[1].value < pair[0].value), "{ticks:?}");
        assert!(ticks.iter().all(|tick| figure.panels[0].y.min < tick.value && tick.value < figure.panels[0].y.max));
    }

    #[test]
    fn many_rows_stand_in_columns_that_hold_all_of_them() {
        for count in [1, 5, 32, 33, 64, 65, 200, 1000] {
            for every in [1, 7, usize::MAX] {
                let rows: Vec<RatioRow> =
                    (0..count).map(|index| row(&index.to_string(), 1.5, index % every == 0)).collect();
                let figure = figure(&rows).unwrap();
                let labels: Vec<String> = figure
                    .panels
                    .iter()
                    .flat_map(|panel| panel.y.ticks.iter().map(|tick| tick.label.clone()))
                    .collect();
                assert_eq!(labels, (0..count).map(|index| index.to_string()).collect::<Vec<_>>());
                let most = figure.panels.iter().map(|panel| panel.y.ticks.len()).max().unwrap();
                assert!(most <= count.div_ceil(figure.panels.len()) + 7, "{count} rows, {most} in one column");
                assert_eq!(
                    figure.panels.len(),
                    if count <= 32 {
                        1
                    } else if count <= 64 {
                        2
                    } else {
                        3
                    }
                );
            }
        }
    }

    #[test]
    fn without_a_ratio_there_is_no_figure() {
        assert_eq!(figure(&[]), None);
        assert_eq!(figure(&[row("a", 0.0, false), row("b", f64::NAN, false)]), None);
    }

    #[test]
    fn numbers_have_the_digits_that_matter() {
        assert_eq!(numbers(&row("", 1.0, false), false), "1.000 (0.900–1.100)");
        assert_eq!(numbers(&row("", 20.0, false), true), "20.0");
        assert_eq!([0.0, 2e-5, 12_345.6, 345.6].map(significant), ["0", "2.0e-5", "1.2e4", "346"]);
    }
}
