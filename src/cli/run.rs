//! `benchplot run`: measures a suite, and ends with what `benchplot analyze` makes of it.

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use benchplot::load::save;
use benchplot::run::{Entry, Measured, Outcome, Plan, Progress, Suite, execute};
use clap::Parser;

use super::analyze;
use super::args::{AnalyzeArgs, Args, Command, LanguageName, RunArgs};
use super::color::Color;
use super::error::CliError;
use super::files::{with_interrupt_told, write_file, write_stdout};
use super::terminal::say;

/// The exit code after Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// The exit code where something failed.
const FAILED: u8 = 3;

/// Runs the command.
pub(crate) fn run(args: RunArgs, color: Color, quiet: bool) -> Result<ExitCode, CliError> {
    let suite = Suite::read(&args.suite)?;
    if args.dry_run {
        write_stdout(plan(&suite).as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let show = |progress: Progress<'_>| {
        if !quiet {
            tell(progress);
        }
    };
    let (measurement, is_cancelled) = with_interrupt_told(|is_cancelled| {
        let measurement = execute(&suite, &args.output, args.resume, is_cancelled, &show);
        (measurement, is_cancelled.load(Ordering::Relaxed))
    })?;
    let measurement = measurement?;
    let mut bytes = Vec::new();
    save(&measurement.loaded, &mut bytes)?;
    let runs = args.output.join("runs.parquet");
    write_file(&runs, &bytes)?;
    for left in &measurement.left {
        say(left);
    }
    if let Some(reason) = &measurement.interruption {
        say(&format!(
            "{reason}; go on with: benchplot run {} -o {} --resume",
            args.suite.display(),
            args.output.display()
        ));
    }
    let interruption = measurement.interruption;
    let is_whole = measurement.failed == 0 && measurement.left.is_empty();
    report(args, &runs, color, quiet)?;
    Ok(match interruption {
        Some(_) if is_cancelled => ExitCode::from(INTERRUPTED),
        None if is_whole => ExitCode::SUCCESS,
        _ => ExitCode::from(FAILED),
    })
}

/// Analyses what was measured as `benchplot analyze RUNS -o FOLDER` does.
fn report(args: RunArgs, runs: &Path, color: Color, quiet: bool) -> Result<(), CliError> {
    let language = match args.lang {
        LanguageName::En => "en",
        LanguageName::Zh => "zh",
    };
    let words = [Path::new("benchplot"), Path::new("analyze"), runs, Path::new("-o"), &args.output];
    let options = [Path::new("--lang"), Path::new(language), Path::new("--chart-set"), Path::new("all")];
    match Args::try_parse_from(words.into_iter().chain(options)).map(|args| args.command) {
        Ok(Command::Analyze(options)) => analyze::run(&AnalyzeArgs { chart: args.chart, ..options }, color, quiet),
        Ok(_) | Err(_) => Err(CliError::Reports("the results can't be analysed".to_owned())),
    }
}

/// What will be measured, in which order, and how long it takes.
fn plan(suite: &Suite) -> String {
    let plan = Plan::of(suite);
    let repetitions = suite.repetitions;
    let mut lines = Vec::new();
    for block in 1..=repetitions.min {
        lines.push(format!("pass {block}"));
        for (position, cell) in (1..).zip(plan.block(block)) {
            lines.push(format!("  {position:3}  {}  {} at {}", cell.target, cell.load, cell.level));
        }
    }
    let runs = |blocks: u32| plan.cells.len() * blocks as usize;
    let time = |blocks: u32| plan.time(blocks).map_or_else(|| "for as long as they take".to_owned(), length);
    lines.push(format!("{} runs, {}", runs(repetitions.min), time(repetitions.min)));
    if repetitions.min < repetitions.max {
        lines.push(format!(
            "and up to {} runs, {}, until ratios are known within {} %",
            runs(repetitions.max),
            time(repetitions.max),
            repetitions.width * 100.0
        ));
    }
    lines.join("\n") + "\n"
}

/// A length of time in words, to the minute where it is long.
fn length(seconds: f64) -> String {
    let minutes = seconds / 60.0;
    if minutes < 2.0 {
        format!("about {seconds:.0} s")
    } else if minutes < 120.0 {
        format!("about {minutes:.0} min")
    } else {
        format!("about {:.1} h", minutes / 60.0)
    }
}

fn tell(progress: Progress<'_>) {
    match progress {
        Progress::Begins { cell, block, done, planned, left } => {
            let left = left.map(|left| format!(", {} left", length(left))).unwrap_or_default();
            say(&format!(
                "[{}/{planned}] pass {block}: {} under {} at {}{left}",
                done + 1,
                cell.target,
                cell.load,
                cell.level
            ));
        }
        Progress::Ended { entry } => say(&format!("    {}", outcome(entry))),
    }
}

fn outcome(entry: &Entry) -> String {
    match &entry.outcome {
        Outcome::Failed { reason } => format!("failed: {reason}"),
        Outcome::Measured(measured) => measured_line(measured),
    }
}

fn measured_line(measured: &Measured) -> String {
    let mut parts = Vec::new();
    if let Some(http) = &measured.http {
        parts.push(format!("{:.1} requests/s", http.achieved));
        let failures = http.failures;
        let failed = failures.connect + failures.closed + failures.timeout + failures.protocol + failures.status;
        if 0 < failed {
            parts.push(format!("{failed} failed attempts"));
        }
        parts.push(format!("driver {:.0} % of a processor", http.generator_cpu / measured.measured * 100.0));
    } else {
        parts.push(format!("{:.3} s", measured.measured));
    }
    if let Some(target) = measured.target {
        parts.push(format!("target {:.0} %", target.cpu / measured.measured * 100.0));
    }
    parts.extend(measured.withheld.clone());
    parts.join(", ")
}
