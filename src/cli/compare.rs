//! `benchplot compare` and `benchplot gate`: files first, then standard output; the exit code is what the gate says.

use std::path::Path;
use std::process::ExitCode;

use benchplot::analysis::{
    ChangeAnalysis, ChangeAnalysisOptions, SideInput, analyze_changes, measured_side, metrics_to_compare,
};
use benchplot::chart::{Canvas, ChartOptions, changes_by_level, changes_by_ratio};
use benchplot::compare::{ChangeOptions, Decision, FailOn, GateResult, Matching, Policy, SelfTestInput};
use benchplot::load::{Input, Loaded};
use benchplot::report::{TextOptions, write_changes_json, write_changes_markdown, write_changes_text, write_self_test};
use indexmap::IndexMap;

use super::args::{ChartArgs, CompareArgs, OutputFormat};
use super::color::Color;
use super::drawing::{canvas, draw, is_drawn};
use super::error::{CliError, exit_code_of};
use super::files::{self, clean_up_on_interrupt, write_stdout};
use super::load::read_inputs;
use super::policy::policy;
use super::reports::Reports;
use super::terminal::{colors_stdout, say, stdout_width};

/// Compares; a gate there is only where a policy asks for one.
pub(crate) fn run(args: &CompareArgs, color: Color, quiet: bool) -> Result<ExitCode, CliError> {
    compare(args, policy(args)?, color, quiet)
}

/// Compares, and fails on what is worse where no policy says anything.
pub(crate) fn gate(args: &CompareArgs, color: Color, quiet: bool) -> Result<ExitCode, CliError> {
    compare(args, or_worse(policy(args)?), color, quiet)
}

/// Proves that the gate can fail, candidate by candidate.
pub(crate) fn self_test(args: &CompareArgs, color: Color, quiet: bool) -> Result<ExitCode, CliError> {
    let policy = or_worse(policy(args)?);
    let sides = load_sides(args, color, quiet)?;
    let options = options(args, policy);
    let measured: Vec<_> = inputs(&sides).iter().map(measured_side).collect();
    let metrics = metrics_to_compare(&measured, &options.metrics)?;
    let mut is_proven = true;
    let mut text = Vec::new();
    if let Some((baseline, candidates)) = measured.split_first() {
        for candidate in candidates {
            let input = SelfTestInput {
                baseline,
                candidate,
                metrics: &metrics,
                options: &options.compare,
                today: options.today,
            };
            let test = benchplot::compare::self_test(&options.policy, &input);
            is_proven &= test.is_proven;
            write_self_test(&test, &candidate.label, options.compare.language, &mut text).map_err(CliError::Stdout)?;
        }
    }
    write_stdout(&text)?;
    Ok(exit_code_of(if is_proven { GateResult::Passed } else { GateResult::Tripped }))
}

fn or_worse(mut policy: Policy) -> Policy {
    if !policy.is_gate() {
        policy.fail_on.push(FailOn::Worse);
    }
    policy
}

fn compare(args: &CompareArgs, policy: Policy, color: Color, quiet: bool) -> Result<ExitCode, CliError> {
    clean_up_on_interrupt()?;
    let canvas = canvas(&args.chart)?;
    args.reports.check()?;
    let sides = load_sides(args, color, quiet)?;
    let analysis = analyze_changes(&inputs(&sides), &options(args, policy))?;
    let reports = Reports::render(&args.reports, &analysis, None, &args.output.join("comparison.json"))?;
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
                ..TextOptions::default()
            };
            write_changes_text(&analysis, &options, sink)
        }),
        OutputFormat::Json => in_memory(|sink| write_changes_json(&analysis, sink)),
        OutputFormat::Markdown => in_memory(|sink| write_changes_markdown(&analysis, &[], sink)),
    }?;
    let result = analysis.gate.as_ref().map_or(GateResult::Passed, |gate| gate.result);
    match write_stdout(&report) {
        // A reader who has seen enough must not turn a failure into a success.
        Err(CliError::Stdout(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(exit_code_of(result)),
        written => written.map(|()| exit_code_of(result)),
    }
}

/// Writes figures, comparison and report, and returns their paths.
fn write_files(analysis: &ChangeAnalysis, args: &CompareArgs, canvas: &Canvas) -> Result<Vec<String>, CliError> {
    let figures = figures(analysis, &args.chart, canvas)?;
    let names: Vec<&str> = figures.iter().map(|(name, _)| name.as_str()).collect();
    let report = in_memory(|sink| write_changes_markdown(analysis, &names, sink))?;
    let json = in_memory(|sink| write_changes_json(analysis, sink))?;
    let documents = [("comparison.json".to_owned(), json), ("comparison.md".to_owned(), report)];
    files::write_files(&args.output, figures.into_iter().chain(documents))
}

/// The figures that have something to show, by the names of their files.
fn figures(analysis: &ChangeAnalysis, args: &ChartArgs, canvas: &Canvas) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    let options = ChartOptions {
        title: args.title.clone(),
        log_x: args.log_x,
        log_y: args.log_y,
        linear: args.linear,
        ..ChartOptions::default()
    };
    let figures = [
        ("comparison", changes_by_level(analysis, &options)),
        ("comparison_ratios", changes_by_ratio(analysis, &options)),
    ];
    let mut drawn = Vec::new();
    for (name, figure) in figures {
        if let Some(figure) = figure.filter(|_| is_drawn(args)) {
            let Some((ending, bytes)) = draw(name, &figure, args, canvas)? else { continue };
            drawn.push((format!("{name}.{ending}"), bytes));
        }
    }
    Ok(drawn)
}

fn options(args: &CompareArgs, policy: Policy) -> ChangeAnalysisOptions {
    let min_effect = policy.min_effect.unwrap_or(Decision::default().min_effect);
    ChangeAnalysisOptions {
        compare: ChangeOptions {
            decision: Decision { alpha: args.alpha, min_effect },
            matching: Matching { pattern: args.pattern.clone(), renames: args.renames.clone() },
            is_paired: args.paired,
            language: args.lang.into(),
        },
        metrics: args.metrics.clone(),
        policy,
        today: jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date(),
    }
}

/// Reads each side by itself, in the order of the arguments. Inputs of one label are one side.
fn load_sides(args: &CompareArgs, color: Color, quiet: bool) -> Result<Vec<(String, Loaded)>, CliError> {
    let inputs: Vec<Input> = args.sides.iter().map(|side| Input::parse(side)).collect();
    let mut sides: IndexMap<String, Vec<Input>> = IndexMap::new();
    for (label, input) in labels(&inputs).into_iter().zip(inputs) {
        // The label is that of the side, and not the name of a framework.
        sides.entry(label).or_default().push(Input { label: None, ..input });
    }
    if sides.len() < 2 {
        return Err(benchplot::analysis::ChangeError::OneSide.into());
    }
    let load = |(label, inputs): (String, Vec<Input>)| Ok((label, read_inputs(&inputs, &args.reading, color, quiet)?));
    sides.into_iter().map(load).collect()
}

fn inputs(sides: &[(String, Loaded)]) -> Vec<SideInput<'_>> {
    sides.iter().map(|(label, loaded)| SideInput { label, loaded }).collect()
}

/// What each side is called: its label, or the last part of its path that is not the same for all, or else its path. A path
/// that is named twice is two sides.
fn labels(inputs: &[Input]) -> Vec<String> {
    let paths: Vec<Vec<String>> =
        inputs.iter().filter(|input| input.label.is_none()).map(|input| parts(&input.target)).collect();
    let from_end = |parts: &[String], place: usize| parts.iter().rev().nth(place).cloned();
    let longest = paths.iter().map(Vec::len).max().unwrap_or_default();
    let are_distinct = |place: &usize| {
        let names: Vec<Option<String>> = paths.iter().map(|parts| from_end(parts, *place)).collect();
        let is_new = |index: usize, name: &Option<String>| !names.iter().take(index).any(|other| other == name);
        names.iter().enumerate().all(|(index, name)| name.is_some() && is_new(index, name))
    };
    let place = (0..longest).find(are_distinct);
    let mut labels: Vec<String> = Vec::with_capacity(inputs.len());
    for input in inputs {
        let of_path = || from_end(&parts(&input.target), place?);
        let label = input.label.clone().or_else(of_path).unwrap_or_else(|| input.target.clone());
        let times = labels.iter().filter(|other| input.label.is_none() && **other == label).count();
        labels.push(label);
        if 0 < times {
            number(&mut labels);
        }
    }
    labels
}

/// Tells the last label from those before it.
fn number(labels: &mut [String]) {
    let Some((last, before)) = labels.split_last_mut() else { return };
    let plain = last.clone();
    let mut again = 2;
    while before.contains(last) {
        *last = format!("{plain} ({again})");
        again += 1;
    }
}

/// The folders of a path and the file without its endings.
fn parts(target: &str) -> Vec<String> {
    let mut parts: Vec<String> =
        Path::new(target).components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if let Some(file) = parts.last_mut()
        && !Path::new(target).is_dir()
        && let Some((stem, _)) = file.split_once('.').filter(|(stem, _)| !stem.is_empty())
    {
        *file = stem.to_owned();
    }
    parts
}

fn in_memory(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(CliError::Stdout)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_called_by_label_file_or_path() {
        let labels = |texts: &[&str]| labels(&texts.iter().map(|text| Input::parse(text)).collect::<Vec<_>>());
        assert_eq!(labels(&["x/old.json", "y/new.json"]), ["old", "new"]);
        assert_eq!(labels(&["main/results.json", "pr/results.json"]), ["main", "pr"]);
        assert_eq!(labels(&["a/x.json", "a/y.csv.gz", "b/x.json"]), ["a/x.json", "a/y.csv.gz", "b/x.json"]);
        assert_eq!(labels(&["runs/main/*.json", "runs/pr/*.json"]), ["main", "pr"]);
        assert_eq!(labels(&["a=x.json", "a=y.json", "b=x.json"]), ["a", "a", "b"]);
        assert_eq!(labels(&["a.json", "a.json"]), ["a.json", "a.json (2)"]);
        assert_eq!(labels(&["a.json", "a.json", "a.json"]), ["a.json", "a.json (2)", "a.json (3)"]);
        assert_eq!(labels(&["main/", "pr/"]), ["main", "pr"]);
    }
}
