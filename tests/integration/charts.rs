//! The figures beside the main one: what they show, in a form that people can check, and when they are there at all.

use std::fmt::Write as _;

use benchplot::analysis::{Analysis, AnalysisOptions, analyze};
use benchplot::chart::{CHARTS, ChartOptions, Figure, HeatCell, Mark, Point, Scale, Series, Style};
use benchplot::language::Language;
use benchplot::load::{Input, LoadOptions, load};

use crate::command::Workplace;

/// Two frameworks at five levels with two repetitions: one follows a law, with a few errors at the end; the other has
/// the same throughput everywhere, and one dead level.
fn records() -> String {
    let mut records =
        "framework,concurrency,total_time,requests_count,error_count,latency_p50,latency_p99\n".to_owned();
    for level in [1_u32, 4, 16, 64, 256] {
        for noise in [0.99, 1.01] {
            let n = f64::from(level);
            let throughput = 1000.0 * n / (1.0 + 0.02 * (n - 1.0) + 2e-4 * n * (n - 1.0)) * noise;
            let errors = if level == 256 { 5 } else { 0 };
            let latency = n / throughput;
            let _ = writeln!(
                records,
                "law,{level},{:.6},1000,{errors},{latency:.6},{:.6}",
                1000.0 / throughput,
                latency * 4.0
            );
            let errors = if level == 64 { 1000 } else { 0 };
            let _ = writeln!(records, "flat,{level},{:.6},1000,{errors},{:.6},", 0.5 * noise, n / 2000.0);
        }
    }
    records
}

fn analysis(records: &str, language: Language) -> Analysis {
    let workplace = Workplace::with(&[("results.csv", records.as_bytes())]);
    let path = workplace.path("results.csv").display().to_string();
    let loaded = load(&[Input::parse(&path)], &LoadOptions::default(), &|_, _| {}).unwrap();
    analyze(&loaded, &AnalysisOptions { language, ..AnalysisOptions::default() }).unwrap()
}

fn figures(records: &str, language: Language) -> Vec<(&'static str, Figure)> {
    let analysis = analysis(records, language);
    let options = ChartOptions::default();
    CHARTS.iter().filter_map(|chart| Some((chart.name, chart.figure(&analysis, &options)?))).collect()
}

/// A figure in a few lines: numbers with four digits, and of long lines the first, the middle and the last point.
fn outline(figure: &Figure) -> String {
    let mut text = format!("title: {:?}\n", figure.title);
    for panel in &figure.panels {
        let _ = writeln!(text, "\npanel {:?}", panel.title);
        for axis in [&panel.x, &panel.y] {
            let ticks: Vec<&str> = axis.ticks.iter().map(|tick| tick.label.as_str()).collect();
            let (label, scale) = (&axis.label, axis.scale);
            let _ = writeln!(text, "  {label:?} {scale:?} {:.4} to {:.4}: {}", axis.min, axis.max, ticks.join(" "));
        }
        for (row, cells) in panel.cells.chunk_by(|one, next| one.y == next.y).enumerate() {
            let cell = |cell: &HeatCell| format!("{:.2}-{:.2} {}", cell.x.0, cell.x.1, cell.shade);
            let (low, high) = cells[0].y;
            let cells: Vec<String> = cells.iter().map(cell).collect();
            let _ = writeln!(text, "  cells {row} {low:.4}-{high:.4}: {}", cells.join(", "));
        }
        panel.series.iter().for_each(|series| text.push_str(&line(series)));
        if let Some(below) = &panel.below {
            let ticks: Vec<&str> = below.y.ticks.iter().map(|tick| tick.label.as_str()).collect();
            let _ = writeln!(text, "  below {:?}: {}", below.y.label, ticks.join(" "));
            below.series.iter().for_each(|series| text.push_str(&format!("  {}", line(series))));
        }
        for beside in &panel.beside {
            let _ = writeln!(text, "  beside {}", beside.label);
        }
    }
    text.push('\n');
    for entry in &figure.legend {
        let _ = writeln!(text, "legend {:?} {:?} {:?}", entry.name, entry.style, entry.mark);
    }
    figure.footnotes.iter().fold(text, |text, footnote| text + "note " + footnote + "\n")
}

fn line(series: &Series) -> String {
    let mut text = format!("  {:?} {:?} {:?}:", series.name, series.style, series.mark);
    for segment in &series.segments {
        let shown: Vec<&Point> = match &segment[..] {
            [first, .., last] if 8 < segment.len() => vec![first, &segment[segment.len() / 2], last],
            all => all.iter().collect(),
        };
        let points: Vec<String> = shown.into_iter().map(point).collect();
        let _ = write!(text, " [{}]", points.join(", "));
    }
    text + "\n"
}

fn point(point: &Point) -> String {
    let place = format!("{:.4} {:.4}", point.x, point.y);
    point.interval.map_or(place.clone(), |(low, high)| format!("{place} ({low:.4} to {high:.4})"))
}

#[test]
fn the_figures_show_this() {
    let mut text = String::new();
    for (name, figure) in figures(&records(), Language::English).iter().skip(1) {
        let _ = write!(text, "==== {name}\n{}\n", outline(figure));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_figures_say_this_in_chinese() {
    let mut text = String::new();
    for (name, figure) in figures(&records(), Language::Chinese).iter().skip(1) {
        let _ = writeln!(text, "==== {name}: {:?}", figure.title);
        for panel in &figure.panels {
            let _ = writeln!(text, "{} / {} / {}", panel.title, panel.x.label, panel.y.label);
        }
        for entry in &figure.legend {
            let _ = writeln!(text, "legend {}", entry.name);
        }
        figure.footnotes.iter().for_each(|footnote| text.push_str(&format!("note {footnote}\n")));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_distribution_from_requests_is_a_line_with_markers() {
    let mut samples = "framework,concurrency,start,latency,ok\n".to_owned();
    for (framework, levels) in [("a", &[1, 8, 32][..]), ("b", &[8, 32][..])] {
        for level in levels {
            for request in 1..=2000 {
                let _ = writeln!(samples, "{framework},{level},{}.0,{:.6},true", request, f64::from(request) * 1e-5);
            }
        }
    }
    let figures = figures(&samples, Language::English);
    let (_, figure) = figures.iter().find(|(name, _)| *name == "distribution").unwrap();
    insta::assert_snapshot!(outline(figure));
}

/// Requests of a run at each of some levels: slow for two seconds at first, still for two in the middle at the highest
/// level, and failing at the end.
fn requests(framework: &str, levels: &[u32]) -> String {
    let mut requests = String::new();
    for (run, level) in (0_u32..).zip(levels) {
        for request in 0..1200_u32 {
            let tenth = request / 10;
            let is_still = (60..80).contains(&tenth) && Some(level) == levels.last();
            let latency = if tenth < 20 { 40 } else { 8 } + (request * 7919) % 5;
            let is_ok = tenth < 110 || request % 2 == 0;
            if !is_still {
                let start = f64::from(1000 * run) + f64::from(request) / 100.0;
                let _ = writeln!(requests, "{framework},{level},{start:.3},0.{latency:03},{is_ok}");
            }
        }
    }
    requests
}

fn timeline(requests: &str, language: Language) -> Option<Figure> {
    let figures = figures(&format!("framework,concurrency,start,latency,ok\n{requests}"), language);
    figures.into_iter().find(|(name, _)| *name == "timeline").map(|(_, figure)| figure)
}

#[test]
fn a_run_over_time_shows_this() {
    insta::assert_snapshot!(outline(&timeline(&requests("a", &[8]), Language::English).unwrap()));
}

#[test]
fn a_run_over_time_counts_every_request_and_marks_what_was_found() {
    let figure = timeline(&requests("a", &[8]), Language::Chinese).unwrap();
    let [panel] = &figure.panels[..] else { panic!("{} panels", figure.panels.len()) };
    assert_eq!(panel.title, "a · 并发数 8");
    let zones = |panel: &benchplot::chart::Panel| -> Vec<(f64, f64)> {
        let zones = panel.series.iter().filter(|series| series.mark == Mark::Zone);
        zones.map(|series| (series.segments[0][0].x, series.segments[0][1].x)).collect()
    };
    let found = zones(panel);
    assert_eq!(found, zones(panel.below.as_ref().unwrap()));
    let [(_, warm), (still, moving)] = found[..] else { panic!("{found:?}") };
    assert!((1.9..5.0).contains(&warm) && (still - 5.99).abs() < 1e-6 && (moving - 8.0).abs() < 1e-6, "{found:?}");
    for cell in &panel.cells {
        assert!(panel.x.min <= cell.x.0 && cell.x.0 < cell.x.1 && cell.x.1 <= panel.x.max + 1e-9, "{cell:?}");
        assert!(panel.y.min <= cell.y.0 && cell.y.0 < cell.y.1 && cell.y.1 <= panel.y.max, "{cell:?}");
    }
    let points = |mark: Mark| {
        panel
            .series
            .iter()
            .filter(move |series| series.mark == mark)
            .flat_map(|series| series.segments.iter().flatten())
    };
    assert!(points(Mark::Edged).zip(points(Mark::EdgedDashed)).all(|(half, tail)| half.y <= tail.y));
}

#[test]
fn of_many_runs_over_time_those_are_shown_that_can_be_read() {
    let of = |frameworks: usize, levels: &[u32]| {
        let names: Vec<String> = (0..frameworks).map(|number| format!("f{number}")).collect();
        let figure = timeline(&names.iter().map(|name| requests(name, levels)).collect::<String>(), Language::English);
        let figure = figure.unwrap();
        let titles: Vec<String> = figure.panels.iter().map(|panel| panel.title.replace(" · concurrency", "")).collect();
        (titles.join(", "), figure.columns, figure.footnotes.iter().any(|note| note.contains(" runs: ")))
    };
    assert_eq!(of(1, &[1, 8]), ("f0 1, f0 8".to_owned(), Some(2), false));
    assert_eq!(of(2, &[1, 2, 4, 8]), ("f0 1, f0 2, f0 8, f1 1, f1 2, f1 8".to_owned(), Some(3), true));
    assert_eq!(of(3, &[1, 2, 8]), ("f0 1, f1 1, f2 1, f0 8, f1 8, f2 8".to_owned(), Some(3), true));
    assert_eq!(of(4, &[1, 8]), ("f0 8, f1 8, f2 8, f3 8".to_owned(), Some(2), true));
    let (titles, columns, is_told) = of(14, &[8]);
    assert_eq!((titles.split(", ").count(), columns, is_told), (12, Some(4), true));
}

#[test]
fn one_level_has_a_place_for_each_name() {
    let records = "framework,concurrency,total_time,requests_count\na,4,1.0,100\nb,4,1.0,100\n";
    for (name, figure) in figures(records, Language::English).iter().filter(|(name, _)| *name != "ratios") {
        for panel in &figure.panels {
            if panel.y.scale == Scale::Rows {
                let names: Vec<&str> = panel.y.ticks.iter().map(|tick| tick.label.as_str()).collect();
                assert_eq!((names, panel.beside[0].label.as_str()), (vec!["a", "b"], "10 ms  1.00×"), "{name}");
                continue;
            }
            assert_eq!(panel.x.label, "Framework (concurrency 4)", "{name}");
            let places: Vec<f64> =
                panel.series.iter().flat_map(|series| series.segments.iter().flatten()).map(|point| point.x).collect();
            assert_eq!(places[..2], [1.0, 2.0], "{name}");
        }
    }
}

#[test]
fn a_line_is_broken_by_its_own_failures_only() {
    let mut records = "framework,concurrency,total_time,requests_count,error_count\n".to_owned();
    for (name, levels, failing) in [("a", [1, 4, 16], 0), ("b", [2, 8, 32], 0), ("c", [1, 4, 16], 4)] {
        for level in levels {
            let errors = if level == failing { 100 } else { 0 };
            let _ = writeln!(records, "{name},{level},1.0,100,{errors}");
        }
    }
    let figures = figures(&records, Language::English);
    let stretches = |name: &str| {
        let series = figures[0].1.panels[0].series.iter().find(|series| series.name == name).unwrap();
        series.segments.iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert_eq!((stretches("a"), stretches("b"), stretches("c")), (vec![3], vec![3], vec![1, 1]));
}

#[test]
fn benchmarks_without_a_level_are_shown_beside_those_with_one() {
    let records = "framework,scenario,concurrency,total_time,requests_count\n\
        a,sized,1,1.0,100\na,sized,4,0.5,100\nb,plain,,2.0,100\n";
    let figure = &figures(records, Language::English)[0].1;
    assert!(figure.panels.iter().any(|panel| panel.y.ticks.iter().any(|tick| tick.label == "b (plain)")), "{figure:?}");
    assert!(figure.footnotes.iter().all(|note| !note.contains("without a line")), "{:?}", figure.footnotes);
}

#[test]
fn where_every_run_failed_the_main_figure_says_so() {
    let records = "framework,concurrency,total_time,requests_count,error_count\na,1,1.0,100,100\na,4,1.0,100,100\n";
    let notices: Vec<_> =
        figures(records, Language::English)[0].1.panels.iter().map(|panel| panel.notice.clone()).collect();
    assert!(notices.iter().all(|notice| notice.as_deref() == Some("all 2 runs failed: 100 % errors")), "{notices:?}");
}

#[test]
fn a_figure_without_data_is_not_there() {
    let names = |records: &str| -> Vec<&str> {
        figures(records, Language::English).into_iter().map(|(name, _)| name).collect()
    };
    let cases: [(&str, &[&str]); 7] = [
        (
            "framework,concurrency,total_time,requests_count,error_count\na,4,1.0,100,0\na,8,1.0,100,0\n",
            &["performance_comparison", "throughput", "efficiency"],
        ),
        ("framework,total_time\na,1.0\n", &["performance_comparison"]),
        ("framework,concurrency,total_time\na,1,1.0\na,8,0.5\n", &["performance_comparison"]),
        ("framework,total_time\na,1.0\nb,2.0\n", &["performance_comparison", "ratios"]),
        (
            "framework,concurrency,total_time,requests_count\na,4,1.0,100\nb,4,2.0,100\n",
            &["performance_comparison", "ratios", "throughput"],
        ),
        (
            "framework,concurrency,total_time,requests_count,error_count\na,4,0.1,100,100\na,8,0.1,100,100\n",
            &["performance_comparison", "errors"],
        ),
        (
            "framework,concurrency,latency_p50,latency_p99\na,4,0.1,0.2\n",
            &["performance_comparison", "latency", "distribution"],
        ),
    ];
    for (records, expected) in cases {
        assert_eq!(names(records), expected, "{records}");
    }
}

#[test]
fn every_figure_gives_a_framework_the_same_style_and_stays_on_its_axes() {
    for (name, figure) in figures(&records(), Language::English) {
        for panel in &figure.panels {
            for series in &panel.series {
                let style = match series.name.as_str() {
                    "law" => Style::Framework(0),
                    "flat" => Style::Framework(1),
                    _ => series.style,
                };
                assert_eq!(series.style, style, "{name}");
                for point in series.segments.iter().flatten() {
                    let on = |value: f64, axis: &benchplot::chart::Axis| axis.min <= value && value <= axis.max;
                    assert!(on(point.x, &panel.x) && on(point.y, &panel.y), "{name}: {point:?}");
                    let (low, high) = point.interval.unwrap_or((0.0, 0.0));
                    assert!(low.is_finite() && high.is_finite() && low <= high, "{name}: {point:?}");
                }
            }
        }
    }
}

#[test]
fn all_charts_are_written_named_and_embedded() {
    let workplace = Workplace::with(&[("results.csv", records().as_bytes())]);
    for ending in ["png", "svg"] {
        let output = format!("output-{ending}");
        let arguments =
            ["analyze", "results.csv", "--chart-set", "all", "--chart", ending, "--dpi", "40", "-o", &output];
        let outcome = workplace.run(&arguments);
        assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
        let report = String::from_utf8(workplace.read(&format!("{output}/report.md"))).unwrap();
        let mut expected = vec!["analysis.json".to_owned(), "report.md".to_owned()];
        for name in
            ["performance_comparison", "ratios", "throughput", "efficiency", "latency", "distribution", "errors"]
        {
            let file = format!("{name}.{ending}");
            assert!(outcome.stderr.contains(&format!("{output}/{file}, ")), "{}", outcome.stderr);
            assert!(report.contains(&format!("]({file})")), "{file} in {report}");
            expected.push(file);
        }
        expected.sort();
        assert_eq!(workplace.list(&output), expected);
    }
    let none = workplace.run(&["analyze", "results.csv", "--chart-set", "all", "--chart", "none", "-o", "none"]);
    assert_eq!(none.exit_code, Some(0));
    assert_eq!(workplace.list("none"), ["analysis.json", "report.md"]);
}
