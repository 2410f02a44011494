//! Nothing may overlap or be cut off, over a grid of everything that makes layouts differ.

use super::*;
use crate::chart::{
    canvas::{Canvas, TWIPS_PER_INCH},
    figure::{Axis, LegendEntry, Mark, Panel, Scale, Style, Tick},
    theme::Theme,
};

fn axis(label: &str, scale: Scale, ticks: &[String]) -> Axis {
    let ticks = (1..).zip(ticks).map(|(place, label)| Tick { value: f64::from(place), label: label.clone() });
    let ticks: Vec<_> = ticks.collect();
    Axis { label: label.to_owned(), scale, min: 1.0, max: ticks.len().max(2) as f64, ticks }
}

/// A figure with two panels whose axes have `x_ticks` and `y_ticks`.
fn figure(names: &[String], x_ticks: &[String], y_ticks: &[String]) -> Figure {
    let panel = |title: &str, label: &str, scale| Panel {
        title: title.to_owned(),
        x: axis("并发数", scale, x_ticks),
        y: axis(label, Scale::Linear, y_ticks),
        series: Vec::new(),
        notice: Some("nothing was measured at these levels of concurrency".to_owned()),
        beside: Vec::new(),
        cells: Vec::new(),
        ends: Vec::new(),
        below: None,
    };
    Figure {
        title: Some("A load test of everything that could be found".to_owned()),
        subtitle: None,
        panels: vec![
            panel("不同框架总耗时对比", "总时间(秒)", Scale::Linear),
            panel("Average time per request", "Average time per request (microseconds)", Scale::Log),
        ],
        legend: (0..)
            .zip(names)
            .map(|(style, name)| LegendEntry {
                name: name.clone(),
                style: Style::Framework(style),
                mark: Mark::Measured,
            })
            .collect(),
        footnotes: vec!["Points are means over repetitions; bands are 95 % confidence intervals.".to_owned()],
        columns: None,
    }
}

fn canvas((width, height): (f64, f64)) -> (i32, i32) {
    ((width * TWIPS_PER_INCH) as i32, (height * TWIPS_PER_INCH) as i32)
}

/// What a reader would see on top of something else or cut off, described.
fn flaws(layout: &Layout, (width, height): (i32, i32)) -> Vec<String> {
    let canvas = Rect { left: 0, top: 0, right: width, bottom: height };
    let mut things: Vec<(String, Rect)> =
        layout.labels.iter().map(|label| (format!("{:?} {:?}", label.role, label.text), label.bounds())).collect();
    for Key { left, right, y, .. } in layout.keys.iter().copied() {
        let half = layout.ruler.points(5.0);
        things.push((format!("key at {left}, {y}"), Rect { left, top: y - half, right, bottom: y + half }));
    }
    let mut flaws = Vec::new();
    for (index, (what, place)) in things.iter().enumerate() {
        if !canvas.contains(place) {
            flaws.push(format!("{what} is cut off at {place:?}"));
        }
        for (other, other_place) in things.iter().skip(index + 1) {
            if place.intersects(other_place) {
                flaws.push(format!("{what} overlaps {other}"));
            }
        }
        let inside = what.starts_with("Notice");
        let plots = layout.panels.iter().flat_map(|panel| [Some(panel), panel.below.as_deref()]).flatten();
        if plots.map(|panel| panel.plot).any(|plot| !inside && plot.intersects(place)) {
            flaws.push(format!("{what} lies on the data"));
        }
    }
    flaws
}

#[test]
fn nothing_overlaps_and_nothing_is_cut_off() {
    let names = [("axum", 1), ("x", 12), ("name-of-a-framework-", 6), ("a-very-long-name-of-a-framework-", 12)];
    let labels = |text: &str, count: usize| -> Vec<String> { (0..count).map(|n| format!("{text}{n}")).collect() };
    for size in [(5.0, 3.0), (6.4, 4.8), (8.0, 3.0), (10.0, 10.0), (15.0, 6.0), (30.0, 12.0)] {
        for (name, series) in names {
            for letter in ["W", "框"] {
                let names: Vec<String> = labels(name, series)
                    .into_iter()
                    .map(|name| {
                        name.chars().chain(letter.chars().cycle()).take(name.len().max(60 * series / 12)).collect()
                    })
                    .collect();
                for (x_ticks, y_ticks) in [
                    (labels("", 20), labels("0.00000", 6)),
                    (labels("12 h 3", 20), labels("12 h 30 min ", 11)),
                    (labels("100000", 1), labels("", 40)),
                    (Vec::new(), Vec::new()),
                ] {
                    let figure = figure(&names, &x_ticks, &y_ticks);
                    let layout = arrange(&figure, canvas(size));
                    let what = || format!("{size:?} inches, {names:?}, {x_ticks:?}, {y_ticks:?}");
                    let Some(layout) = layout else { panic!("no room: {}", what()) };
                    assert_eq!(flaws(&layout, canvas(size)), Vec::<String>::new(), "{}", what());
                    let marks: Vec<usize> = layout.panels.iter().map(|panel| panel.x_marks.len()).collect();
                    assert_eq!(marks, [x_ticks.len(); 2], "marks stay where labels are thinned");
                }
            }
        }
    }
}

/// A figure with panels of `rows` rows each, with long names and numbers beside them.
fn figure_of_rows(panels: usize, rows: usize) -> Figure {
    let names: Vec<String> = (0..rows).map(|row| format!("a-framework-with-a-name-{row}")).collect();
    let ticks: Vec<String> = ["0.5", "1", "2"].map(str::to_owned).to_vec();
    let panel = || {
        let mut y = axis("", Scale::Rows, &names);
        (y.min, y.max) = (0.0, rows as f64 + 1.0);
        let beside = y.ticks.iter().map(|tick| Tick { label: "1.234 (1.200–1.300)".to_owned(), ..tick.clone() });
        Panel {
            title: String::new(),
            x: axis("Ratio to the fastest (below 1 is better)", Scale::Log, &ticks),
            beside: beside.collect(),
            y,
            series: Vec::new(),
            notice: None,
            cells: Vec::new(),
            ends: Vec::new(),
            below: None,
        }
    };
    Figure { panels: (0..panels).map(|_| panel()).collect(), ..figure(&["better".to_owned()], &[], &[]) }
}

#[test]
fn every_row_has_its_name_where_the_canvas_grows_with_the_rows() {
    for (panels, rows) in [(1, 1), (1, 5), (1, 32), (2, 32), (3, 40), (3, 70), (3, 200)] {
        for (width, height) in [(15.0, 6.0), (10.0, 5.0), (6.4, 4.8), (30.0, 12.0)] {
            let figure = figure_of_rows(panels, rows);
            let grown = Canvas::new(width, height, 72, Theme::Light).unwrap().with_room_for(&figure);
            let layout = arrange(&figure, grown.twips()).unwrap();
            let what = format!("{panels} panels of {rows} rows on {width}×{height}");
            assert_eq!(flaws(&layout, grown.twips()), Vec::<String>::new(), "{what}");
            let unnamed: Vec<usize> = layout.panels.iter().map(|panel| panel.unnamed_rows).collect();
            assert_eq!(unnamed, vec![0; panels], "{what}, {} inches high", grown.height_inches());
            assert!(grown.height_inches() <= height.max(1.2 + (rows * panels) as f64 * 0.25), "{what}");
        }
    }
}

#[test]
fn panels_in_two_parts_have_room_on_a_canvas_that_grows_with_their_rows() {
    let labels = |count: usize| -> Vec<String> { (0..count).map(|n| format!("{n}000")).collect() };
    for (panels, columns, rows) in [(1, 1, 1), (6, 3, 2), (12, 4, 3)] {
        for size in [(15.0, 6.0), (5.0, 3.0), (30.0, 12.0)] {
            let mut figure = figure(&["requests sent per second".to_owned()], &labels(7), &labels(5));
            let mut panel = figure.panels.swap_remove(0);
            panel.notice = None;
            panel.below = Some(Box::new(Panel {
                title: String::new(),
                y: axis("次/秒", Scale::Linear, &labels(3)),
                ..panel.clone()
            }));
            (figure.panels, figure.columns) = (vec![panel; panels], Some(columns));
            let (width, height) = size;
            let grown = Canvas::new(width, height, 72, Theme::Light).unwrap().with_room_for(&figure);
            let layout = arrange(&figure, grown.twips()).unwrap();
            let what = format!("{panels} panels on {width}×{height}, grown to {}", grown.height_inches());
            assert_eq!(flaws(&layout, grown.twips()), Vec::<String>::new(), "{what}");
            assert!(grown.height_inches() <= 10.0_f64.max(height), "{what}");
            let mut tops: Vec<i32> = layout.panels.iter().map(|panel| panel.plot.top).collect();
            tops.dedup();
            assert!(rows <= tops.len(), "{what}: {} rows", tops.len());
            let lower = |panel: &PanelPlace| panel.below.as_ref().map_or(0, |below| below.plot.height());
            assert!(layout.panels.iter().all(|panel| layout.ruler.points(20.0) <= lower(panel)), "{what}");
        }
    }
}

#[test]
fn many_panels_stand_in_several_rows_where_they_are_too_narrow_side_by_side() {
    let mut figure = figure(&["a".to_owned()], &["1".to_owned()], &["1".to_owned()]);
    figure.panels = [figure.panels.clone(), figure.panels.clone()].concat();
    for (size, expected) in [((15.0, 6.0), 1), ((6.4, 8.0), 2)] {
        let layout = arrange(&figure, canvas(size)).unwrap();
        let mut tops: Vec<i32> = layout.panels.iter().map(|panel| panel.plot.top).collect();
        tops.dedup();
        assert_eq!(tops.len(), expected, "{size:?}");
        assert_eq!(flaws(&layout, canvas(size)), Vec::<String>::new(), "{size:?}");
    }
}

#[test]
fn panels_have_axes_of_the_same_size_on_the_same_height() {
    let figure = figure(&["a".to_owned()], &["1".to_owned()], &["1".to_owned()]);
    let layout = arrange(&figure, canvas((15.0, 6.0))).unwrap();
    let [left, right] = &layout.panels[..] else { panic!("{:?}", layout.panels) };
    assert_eq!((left.plot.top, left.plot.bottom), (right.plot.top, right.plot.bottom));
    assert_eq!(left.plot.width(), right.plot.width());
    assert!(left.plot.right < right.plot.left);
}

#[test]
fn names_are_elided_only_where_one_is_wider_than_the_figure() {
    let names = ["short".to_owned(), "n".repeat(300)];
    let layout = arrange(&figure(&names, &[], &[]), canvas((15.0, 6.0))).unwrap();
    let legend: Vec<&str> =
        layout.labels.iter().filter(|label| label.role == Role::Legend).map(|label| label.text.as_str()).collect();
    assert_eq!(legend.len(), 2);
    assert_eq!(legend[0], "short");
    assert!(legend[1].contains("n…n"), "names often differ at their end: {}", legend[1]);
}

#[test]
fn texts_shrink_only_where_they_must() {
    let names: Vec<String> = (0..12).map(|n| format!("{n:n>60}")).collect();
    let scale = |names: &[String], size| arrange(&figure(names, &[], &[]), canvas(size)).unwrap().ruler.points(1.0);
    assert_eq!(scale(&names, (15.0, 6.0)), 20);
    assert_eq!(scale(&names[..1], (8.0, 4.0)), 20);
    assert!(scale(&names, (5.0, 3.0)) < 20);
}

#[test]
fn a_canvas_without_room_is_refused() {
    let names: Vec<String> = (0..40).map(|n| format!("{n:n>60}")).collect();
    for size in [(1.0, 1.0), (5.0, 3.0), (0.001, 10.0)] {
        assert_eq!(arrange(&figure(&names, &[], &[]), canvas(size)), None, "{size:?}");
    }
}

#[test]
fn a_figure_without_panels_is_only_its_texts() {
    let empty = Figure {
        title: None,
        subtitle: None,
        panels: Vec::new(),
        legend: Vec::new(),
        footnotes: Vec::new(),
        columns: None,
    };
    let layout = arrange(&empty, canvas((5.0, 3.0))).unwrap();
    assert_eq!((layout.panels.len(), layout.keys.len(), layout.labels.len()), (0, 0, 0));
}
