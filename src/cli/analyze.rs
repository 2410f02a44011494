//! `benchplot analyze`: files first, then standard output, so that a reader who hangs up loses no file.

use std::path::Path;

use benchplot::analysis::{Analysis, AnalysisOptions, analyze};
use benchplot::chart::{CHARTS, Canvas, Chart, ChartOptions, Figure};
use benchplot::compare::Decision;
use benchplot::load::{Loaded, save};
use benchplot::report::{Picture, TextOptions, write_json, write_markdown, write_text};

use super::args::{AnalyzeArgs, ChartFormat, ChartSet, OutputFormat};
use super::color::Color;
use super::drawing::{canvas, draw, is_drawn, warn_of_missing_characters};
use super::error::CliError;
use super::files::{self, clean_up_on_interrupt, write_file, write_stdout};
use super::load::load_inputs;
use super::reports::Reports;
use super::terminal::{colors_stdout, glyphs, say, stdout_width};

/// Runs the command.
pub(crate) fn run(args: &AnalyzeArgs, color: Color, quiet: bool) -> Result<(), CliError> {
    clean_up_on_interrupt()?;
    let canvas = canvas(&args.chart)?;
    args.reports.check()?;
    let loaded = load_inputs(&args.input, color, quiet)?;
    let options = AnalysisOptions {
        decision: Decision { alpha: args.alpha, min_effect: args.min_effect },
        reference: args.reference.clone(),
        language: args.lang.into(),
        slos: args.slos.clone(),
    };
    let analysis = analyze(&loaded, &options)?;
    let saved = args.save_histogram.as_deref().map(|path| save_histogram(&loaded, path)).transpose()?;
    let full_report = args.output.join("report.md");
    let reports = Reports::render(&args.reports, &analysis, args.reference.as_deref(), &full_report)?;
    let mut written = write_files(&analysis, args, &canvas)?;
    written.extend(reports.write()?);
    written.extend(saved);
    if !quiet {
        say(&format!("wrote {}", written.join(", ")));
    }
    reports.tell_github(quiet)?;
    let report = match args.format {
        _ if reports.stdout().is_some() => Ok(reports.stdout().unwrap_or_default().to_vec()),
        OutputFormat::Text => in_memory(|sink| {
            let options = TextOptions {
                width: stdout_width(),
                color: colors_stdout(color),
                verbose: args.verbose,
                glyphs: glyphs(args.ascii),
                reference: args.reference.as_deref(),
            };
            write_text(&analysis, &options, sink)
        }),
        OutputFormat::Json => in_memory(|sink| write_json(&analysis, sink)),
        OutputFormat::Markdown => in_memory(|sink| write_markdown(&analysis, args.reference.as_deref(), &[], sink)),
    }?;
    write_stdout(&report)
}

/// Keeps what was read in a file, and returns its path.
fn save_histogram(loaded: &Loaded, path: &Path) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    save(loaded, &mut bytes)?;
    write_file(path, &bytes)?;
    Ok(path.display().to_string())
}

/// Writes charts, analysis and report, and returns their paths.
fn write_files(analysis: &Analysis, args: &AnalyzeArgs, canvas: &Canvas) -> Result<Vec<String>, CliError> {
    let charts = charts(analysis, args, canvas)?;
    let pictures: Vec<Picture<'_>> = charts
        .iter()
        .map(|drawn| Picture { file: &drawn.file, description: drawn.chart.description(analysis.language) })
        .collect();
    let report = in_memory(|sink| write_markdown(analysis, args.reference.as_deref(), &pictures, sink))?;
    let json = in_memory(|sink| write_json(analysis, sink))?;
    let charts = charts.into_iter().map(|drawn| (drawn.file, drawn.bytes));
    let documents = [("analysis.json".to_owned(), json), ("report.md".to_owned(), report)];
    files::write_files(&args.output, charts.chain(documents))
}

/// A chart that was drawn, and the file that it is to become.
struct Drawn {
    chart: &'static Chart,
    file: String,
    bytes: Vec<u8>,
}

/// The charts that are asked for and have something to show.
fn charts(analysis: &Analysis, args: &AnalyzeArgs, canvas: &Canvas) -> Result<Vec<Drawn>, CliError> {
    let asked = match args.chart_set {
        ChartSet::Main => CHARTS.get(..1).unwrap_or_default(),
        ChartSet::All => &CHARTS,
    };
    let options = ChartOptions {
        title: args.chart.title.clone(),
        log_x: args.chart.log_x,
        log_y: args.chart.log_y,
        linear: args.chart.linear,
        panels: args.panels.iter().map(|name| (*name).into()).collect(),
        reference: args.reference.clone(),
    };
    let figures: Vec<(&'static Chart, Figure)> = asked
        .iter()
        .filter(|_| is_drawn(&args.chart))
        .filter_map(|chart| Some((chart, chart.figure(analysis, &options)?)))
        .collect();
    if args.chart.format == ChartFormat::Png {
        warn_of_missing_characters(figures.iter().map(|(_, figure)| figure));
    }
    let mut drawn = Vec::new();
    for (chart, figure) in &figures {
        let Some((ending, bytes)) = draw(chart.name, figure, &args.chart, canvas)? else { continue };
        drawn.push(Drawn { chart, file: format!("{}.{ending}", chart.name), bytes });
    }
    Ok(drawn)
}

fn in_memory(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(CliError::Stdout)?;
    Ok(bytes)
}
