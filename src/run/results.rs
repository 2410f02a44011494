//! From what was measured to the ordinary run table, in the order of the suite, with what there is to say of it.

use std::path::Path;

use super::RunError;
use super::journal::{Entry, Journal, Outcome};
use super::suite::Suite;
use crate::load::{Diagnostic, Input, InputSummary, LoadOptions, Loaded, Severity, load_saved};

/// What a suite is called in messages.
const SOURCE: &str = "suite.toml";

/// The sentinel took this share longer in one block than in another: the machine changed.
const DRIFT: f64 = 0.1;

/// The driver took this share of a thread: it could not have done much more.
const BUSY_DRIVER: f64 = 0.9;

/// Other guests took this share of the processors.
const STEAL: f64 = 0.01;

/// The processors were idle for less than the rest: whatever ran, waited for them.
const SATURATED: f64 = 0.95;

/// All runs that count, of cells that did not fail.
///
/// # Errors
///
/// When no run counts, or one can't be read again.
pub(super) fn results(suite: &Suite, folder: &Path, journal: &Journal) -> Result<Loaded, RunError> {
    let entries = journal.entries();
    let failed: Vec<&Entry> = entries.iter().filter(|entry| entry.measured().is_none()).collect();
    let mut counting: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.measured().is_some() && !failed.iter().any(|failed| failed.cell == entry.cell))
        .collect();
    counting.sort_by_key(|entry| place(suite, entry));
    if counting.is_empty() {
        let reason = failed.first().map_or_else(|| "it was interrupted".to_owned(), |entry| failure(entry));
        return Err(RunError::Nothing { reason });
    }
    let files = counting.iter().filter_map(|entry| entry.measured());
    let inputs: Vec<Input> = files
        .map(|measured| Input { label: None, target: folder.join(&measured.file).display().to_string() })
        .collect();
    let mut loaded = load_saved(&inputs, &LoadOptions::default())?;
    loaded.inputs = vec![InputSummary {
        name: SOURCE.to_owned(),
        format: "run".to_owned(),
        runs_count: loaded.runs.len(),
        machine: super::machine::summary(),
    }];
    loaded.diagnostics.extend(diagnostics(entries, suite, journal.is_ended()));
    Ok(loaded)
}

/// Where an entry stands in the order of the suite.
fn place(suite: &Suite, entry: &Entry) -> impl Ord + use<> {
    let cell = &entry.cell;
    (suite.targets.get_index_of(&cell.target), suite.loads.get_index_of(&cell.load), cell.level, entry.block)
}

fn diagnostics(entries: &[Entry], suite: &Suite, is_ended: bool) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    for entry in entries {
        if entry.measured().is_none() {
            let message = format!("{}; nothing of it is in the results", failure(entry));
            told.push(
                Diagnostic::new(Severity::Error, "run-failed", SOURCE, message)
                    .help("see its log in the folder logs, and measure again into another folder"),
            );
        }
    }
    if !is_ended {
        let message = format!("the measurement was interrupted after {} runs", entries.len());
        told.push(
            Diagnostic::new(Severity::Error, "interrupted", SOURCE, message)
                .help("go on with it: benchplot run --resume"),
        );
    }
    told.extend(withheld(entries));
    told.extend(busy_driver(entries, suite));
    told.extend(drift(entries));
    told.extend(steal(entries));
    told.extend(saturated(entries));
    told
}

/// What a run failed of.
pub(super) fn failure(entry: &Entry) -> String {
    let reason = match &entry.outcome {
        Outcome::Failed { reason } => reason.as_str(),
        Outcome::Measured(_) => "",
    };
    format!("{} failed in run {}: {reason}", name(entry), entry.block)
}

/// A cell, for a message.
pub(super) fn name(entry: &Entry) -> String {
    let cell = &entry.cell;
    format!("{} under {} at {}", cell.target, cell.load, cell.level)
}

fn withheld(entries: &[Entry]) -> Option<Diagnostic> {
    let withheld: Vec<(&Entry, &str)> =
        entries.iter().filter_map(|entry| Some((entry, entry.measured()?.withheld.as_deref()?))).collect();
    let (first, reason) = withheld.first()?;
    let message = format!(
        "the times of {} runs are no evidence and left out; the first is run {} of {}: {reason}",
        withheld.len(),
        first.block,
        name(first)
    );
    let help = "ask for a lower rate, or give the driver more threads or processors of its own";
    Some(Diagnostic::new(Severity::Warning, "rate-not-held", SOURCE, message).help(help))
}

/// Closed loops in which the driver had no time left: they show how fast it is, and not the target.
fn busy_driver(entries: &[Entry], suite: &Suite) -> Option<Diagnostic> {
    let share = |entry: &Entry| {
        let measured = entry.measured()?;
        let http = measured.http.as_ref().filter(|http| http.offered.is_none())?;
        let threads = f64::from(suite.generator.threads.min(entry.cell.level));
        Some(http.generator_cpu / (measured.measured * threads)).filter(|share| BUSY_DRIVER < *share)
    };
    let busy: Vec<(&Entry, f64)> = entries.iter().filter_map(|entry| Some((entry, share(entry)?))).collect();
    let (first, share) = busy.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let message = format!(
        "the driver had no time left in {} runs, {:.0} % of its threads in run {} of {}: they show how fast it is, and not \
         the target",
        busy.len(),
        share * 100.0,
        first.block,
        name(first)
    );
    let help =
        "give it more threads and processors of its own, [generator] in the suite, or measure from another machine";
    Some(Diagnostic::new(Severity::Warning, "generator-bound", SOURCE, message).help(help))
}

/// A fixed piece of work that took longer at one time than at another.
fn drift(entries: &[Entry]) -> Option<Diagnostic> {
    let mut blocks: std::collections::BTreeMap<u32, Vec<f64>> = std::collections::BTreeMap::new();
    for entry in entries {
        blocks.entry(entry.block).or_default().extend(entry.measured().map(|measured| measured.sentinel));
    }
    let typical = |(block, mut times): (u32, Vec<f64>)| {
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).map(|time| (block, *time))
    };
    let blocks: Vec<(u32, f64)> = blocks.into_iter().filter_map(typical).collect();
    let fastest = blocks.iter().min_by(|one, other| one.1.total_cmp(&other.1))?;
    let slowest = blocks.iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
    let ratio = slowest.1 / fastest.1;
    let message = format!(
        "the machine changed while it measured: a fixed piece of work took {:.0} % longer in pass {} than in pass {}",
        (ratio - 1.0) * 100.0,
        slowest.0,
        fastest.0
    );
    let help = "stop what else runs, and fix the clock of the processors";
    (1.0 + DRIFT < ratio).then(|| Diagnostic::new(Severity::Warning, "machine-drift", SOURCE, message).help(help))
}

fn steal(entries: &[Entry]) -> Option<Diagnostic> {
    let shares = entries.iter().filter_map(|entry| entry.measured()).map(|measured| measured.host.steal);
    let most = shares.max_by(f64::total_cmp).filter(|most| STEAL < *most)?;
    let message = format!("other guests of the same hardware took up to {:.1} % of the processors", most * 100.0);
    Some(
        Diagnostic::new(Severity::Warning, "steal", SOURCE, message)
            .help("measure on hardware that is not shared, or more repetitions"),
    )
}

/// Runs in which target, driver and whatever else ran waited for processors.
fn saturated(entries: &[Entry]) -> Option<Diagnostic> {
    let runs: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.measured().is_some_and(|measured| SATURATED < measured.host.busy))
        .collect();
    let first = runs.first()?;
    let message = format!(
        "no processor was idle in {} runs, such as run {} of {}: target, driver and all else share them, so each is slower \
         than it would be alone",
        runs.len(),
        first.block,
        name(first)
    );
    let help = "give target and driver processors of their own with cpus, or measure from another machine";
    Some(Diagnostic::new(Severity::Warning, "host-saturated", SOURCE, message).help(help))
}
