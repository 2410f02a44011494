//! Figures as data: what is to be seen, without a pixel.

use benchplot::analysis::{AnalysisOptions, analyze};
use benchplot::chart::{ChartOptions, Figure, Mark, Style, performance_comparison};
use benchplot::language::Language;
use benchplot::load::{Input, LoadOptions, load};

use crate::command::{Workplace, sample};

fn figure(input: &str, options: &ChartOptions) -> Figure {
    figure_in(Language::English, input, options)
}

fn figure_in(language: Language, input: &str, options: &ChartOptions) -> Figure {
    let loaded = load(&[Input::parse(input)], &LoadOptions::default(), &|_, _| {}).unwrap();
    let analysis = analyze(&loaded, &AnalysisOptions { language, ..AnalysisOptions::default() }).unwrap();
    performance_comparison(&analysis, options)
}

fn as_json(figure: &Figure) -> String {
    serde_json::to_string_pretty(figure).unwrap()
}

#[test]
fn the_main_figure_shows_this() {
    insta::assert_snapshot!(as_json(&figure(&sample("results.json"), &ChartOptions::default())));
}

#[test]
fn gaps_intervals_and_logarithmic_axes_show_this() {
    let records = "framework,concurrency,total_time,requests_count,error_count\n\
                   a,1,8.0,400,0\na,1,8.2,400,0\na,10,2.0,400,0\na,100,0.5,400,0\n\
                   b,1,9.0,400,0\nb,10,0.01,400,400\nb,100,0.7,400,0\n\
                   dead,10,0.01,400,400\n";
    let workplace = Workplace::with(&[("results.csv", records.as_bytes())]);
    let options =
        ChartOptions { title: Some("标题".to_owned()), log_x: true, log_y: true, ..ChartOptions::default() };
    let input = workplace.path("results.csv").display().to_string();
    insta::assert_snapshot!(as_json(&figure_in(Language::Chinese, &input, &options)));
}

#[test]
fn a_framework_keeps_its_style_in_every_panel() {
    let figure = figure(&sample("study/results.json"), &ChartOptions::default());
    for panel in &figure.panels {
        let of_frameworks = || panel.series.iter().filter(|series| matches!(series.style, Style::Framework(_)));
        let mut styles: Vec<_> = of_frameworks().map(|series| (series.name.clone(), series.style)).collect();
        styles.dedup();
        let legend: Vec<_> = figure.legend.iter().map(|entry| (entry.name.clone(), entry.style)).collect();
        assert_eq!(styles, legend);
        let points = of_frameworks()
            .filter(|series| matches!(series.mark, Mark::Measured | Mark::Points))
            .flat_map(|series| series.segments.iter().flatten());
        assert_eq!(points.clone().count(), 20);
        assert!(points.clone().all(|point| panel.y.min <= point.y && point.y < panel.y.max));
    }
}

#[test]
fn a_huge_interval_does_not_flatten_the_lines() {
    // With two repetitions the interval of the mean reaches up to 24.7 s.
    let records = "framework,concurrency,total_time\na,10,4.0\na,10,7.0\nb,10,5.0\nb,10,5.1\n";
    let workplace = Workplace::with(&[("results.csv", records.as_bytes())]);
    let figure = figure(&workplace.path("results.csv").display().to_string(), &ChartOptions::default());
    let x = &figure.panels[0].x;
    assert!(5.5 < x.max && x.max <= 5.5 * 1.5, "{}", x.max);
    let points: Vec<_> = figure.panels[0].series.iter().flat_map(|series| series.segments.iter().flatten()).collect();
    assert!(points.iter().all(|point| point.x < x.max), "{points:?}");
}
