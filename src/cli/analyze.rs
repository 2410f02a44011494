//! `benchplot analyze`: files first, then standard output, so that a reader who hangs up loses no file.

use benchplot::analysis::{Analysis, AnalysisOptions, analyze};
use benchplot::chart::{Canvas, ChartOptions, Theme, performance_comparison, render_png, render_svg};
use benchplot::compare::Decision;
use benchplot::language::Language;
use benchplot::report::{TextOptions, write_json, write_markdown, write_text};

use super::args::{AnalyzeArgs, ChartArgs, ChartFormat, Color, LanguageName, OutputFormat, ThemeName};
use super::error::CliError;
use super::files::{clean_up_on_interrupt, write_file, write_stdout};
use super::load::load_inputs;
use super::reports::Reports;
use super::terminal::{colors_stdout, say, stdout_width};

/// Runs the command.
pub(crate) fn run(args: &AnalyzeArgs, color: Color, quiet: bool) -> Result<(), CliError> {
    clean_up_on_interrupt()?;
    let canvas = canvas(&args.chart)?;
    args.reports.check()?;
    let loaded = load_inputs(&args.input, color, quiet)?;
    let options = AnalysisOptions {
        decision: Decision { alpha: args.alpha, min_effect: args.min_effect },
        reference: args.reference.clone(),
        language: match args.lang {
            LanguageName::En => Language::English,
            LanguageName::Zh => Language::Chinese,
        },
    };
    let analysis = analyze(&loaded, &options)?;
    let full_report = args.output.join("report.md");
    let reports = Reports::render(&args.reports, &analysis, args.reference.as_deref(), &full_report)?;
    let mut written = write_files(&analysis, args, &canvas)?;
    written.extend(reports.write()?);
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
                reference: args.reference.as_deref(),
            };
            write_text(&analysis, &options, sink)
        }),
        OutputFormat::Json => in_memory(|sink| write_json(&analysis, sink)),
        OutputFormat::Markdown => in_memory(|sink| write_markdown(&analysis, args.reference.as_deref(), None, sink)),
    }?;
    write_stdout(&report)
}

/// Writes chart, analysis and report, and returns their paths.
fn write_files(analysis: &Analysis, args: &AnalyzeArgs, canvas: &Canvas) -> Result<Vec<String>, CliError> {
    let chart = chart(analysis, &args.chart, canvas)?;
    let report = in_memory(|sink| {
        let name = chart.as_ref().map(|(name, _)| *name);
        write_markdown(analysis, args.reference.as_deref(), name, sink)
    })?;
    let json = in_memory(|sink| write_json(analysis, sink))?;
    let mut written = Vec::new();
    for (name, bytes) in chart.into_iter().chain([("analysis.json", json), ("report.md", report)]) {
        let path = args.output.join(name);
        write_file(&path, &bytes)?;
        written.push(path.display().to_string());
    }
    Ok(written)
}

/// The chart's file name and bytes, where there is to be one.
fn chart(analysis: &Analysis, args: &ChartArgs, canvas: &Canvas) -> Result<Option<(&'static str, Vec<u8>)>, CliError> {
    let options = ChartOptions { title: args.title.clone(), log_x: args.log_x, log_y: args.log_y };
    let figure = || performance_comparison(analysis, &options);
    Ok(match args.format {
        ChartFormat::Png => Some(("performance_comparison.png", render_png(&figure(), canvas)?)),
        ChartFormat::Svg => Some(("performance_comparison.svg", render_svg(&figure(), canvas)?.into_bytes())),
        ChartFormat::None => None,
    })
}

fn canvas(args: &ChartArgs) -> Result<Canvas, CliError> {
    let theme = match args.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    Ok(Canvas::new(args.size.width, args.size.height, args.dpi, theme)?)
}

fn in_memory(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(CliError::Stdout)?;
    Ok(bytes)
}
