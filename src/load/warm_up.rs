//! The beginning of each run, which can be left out: what a target does until it is warm is not what it does then.
//!
//! Where a run begins is known only when all of it has been read, as its requests may stand in any order and in several
//! files. So files are read twice: the first time says where each run is cut, and the second time leaves out what started
//! before. What is left does not depend on the order of the rows, nor on how a file was split to be read.

use std::collections::HashMap;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

use super::diagnostic::{Diagnostic, Severity};
use super::samples::Cuts;
use super::tabular::units;
use crate::record::{Run, SampleKey, Span, Timeline};
use crate::stats::warm_up_end;

/// What is left out at the beginning of each run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipWarmUp {
    /// The warm-up that [`warm_up_end`] finds.
    Auto,
    /// Requests that started earlier than this after the first one, ns.
    First(i64),
}

/// Neither `auto` nor a duration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected auto or a duration above zero with its unit, such as 10s, found {0:?}")]
pub struct SkipWarmUpError(String);

impl FromStr for SkipWarmUp {
    type Err = SkipWarmUpError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        /// A longer one is no warm-up, s.
        const LONGEST: f64 = 1e9;
        if text == "auto" {
            return Ok(Self::Auto);
        }
        match units::duration(text) {
            Some(seconds) if (1e-9..=LONGEST).contains(&seconds) => Ok(Self::First((seconds * 1e9).round() as i64)),
            _ => Err(SkipWarmUpError(text.to_owned())),
        }
    }
}

impl SkipWarmUp {
    /// Where a run is cut whose requests lie in time so.
    fn end(self, span: Span, timeline: &Timeline) -> Option<i64> {
        match self {
            Self::Auto => warm_up_end(timeline),
            Self::First(length) => Some(span.from.saturating_add(length)),
        }
    }
}

/// The runs of one file as they were read whole, and what is to be left out of them.
pub(super) struct Whole<'r> {
    /// The folder whose files are parts of the same runs; `None` where the file stands for itself.
    pub(super) set: Option<PathBuf>,
    pub(super) runs: &'r [Run],
    /// `None` where nothing is.
    pub(super) skip: Option<SkipWarmUp>,
}

/// Which run a run of a file is a part of: as they are put together later, runs of a set with the same names are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum WholeRun<'r> {
    /// The run of these names, of all files of a set.
    OfSet(&'r PathBuf, SampleKey),
    /// One run of one file, by their numbers.
    OfFile(usize, usize),
}

/// Where the runs of each file are cut. Parts of one run are cut where the whole is.
pub(super) fn cuts(files: &[Whole<'_>]) -> Vec<Cuts> {
    let mut wholes: HashMap<WholeRun<'_>, (Span, Timeline)> = HashMap::new();
    let timed = || {
        files.iter().enumerate().flat_map(|(number, file)| {
            let of_file = file.runs.iter().enumerate().filter(|_| file.skip.is_some());
            of_file.filter_map(move |(index, run)| {
                let profile = run.profile.as_deref()?;
                let whole = match &file.set {
                    Some(set) => WholeRun::OfSet(set, SampleKey::of(run)),
                    None => WholeRun::OfFile(number, index),
                };
                Some((number, whole, run, profile.span?, &profile.timeline))
            })
        })
    };
    for (_, whole, _, span, timeline) in timed() {
        let (all, merged) = wholes.entry(whole).or_insert_with(|| (span, Timeline::new()));
        all.from = all.from.min(span.from);
        merged.merge(timeline);
    }
    let mut cuts: Vec<Cuts> = files.iter().map(|_| Cuts::new()).collect();
    for (number, whole, run, ..) in timed() {
        let skip = files.get(number).and_then(|file| file.skip);
        let end = skip.zip(wholes.get(&whole)).and_then(|(skip, (span, timeline))| skip.end(*span, timeline));
        if let (Some(cuts), Some(origin), Some(end)) = (cuts.get_mut(number), &run.origin, end) {
            cuts.insert(origin.clone(), end);
        }
    }
    cuts
}

/// Takes away the runs of which nothing is left, and tells of them.
pub(super) fn take_empty(runs: &mut Vec<Run>) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    runs.retain(|run| {
        let cut = run.profile.as_ref().filter(|profile| profile.requests == 0).and_then(|profile| profile.cut);
        if let Some(cut) = cut {
            let message = format!(
                "all {} requests of {} started in the {} s that are left out, and so is the run",
                cut.requests,
                SampleKey::of(run),
                cut.seconds()
            );
            let help = "leave out less with --skip-warmup, or measure longer";
            told.push(Diagnostic::new(Severity::Error, "warm-up-is-all", &run.source, message).help(help));
        }
        cut.is_none()
    });
    told
}

/// Tells what was left out of these runs.
pub(super) fn told_of_cuts(runs: &[Run]) -> Option<Diagnostic> {
    const NAMED: usize = 3;
    let cut: Vec<_> = runs.iter().filter_map(|run| Some((run, run.profile.as_ref()?.cut?))).collect();
    let (first, _) = cut.first()?;
    let requests: u64 = cut.iter().map(|(_, cut)| cut.requests).sum();
    let all: u64 = cut.iter().filter_map(|(run, _)| run.profile.as_ref()).map(|profile| profile.requests_seen()).sum();
    let mut named: Vec<String> = cut
        .iter()
        .take(NAMED)
        .map(|(run, cut)| format!("{} in {} s of {}", cut.requests, cut.seconds(), SampleKey::of(run)))
        .collect();
    if NAMED < cut.len() {
        named.push(format!("and so on in {} more", cut.len() - NAMED));
    }
    let runs = if cut.len() == 1 { "1 run".to_owned() } else { format!("{} runs", cut.len()) };
    let message = format!("{requests} of {all} requests are left out at the beginning of {runs}: {}", named.join(", "));
    Some(Diagnostic::new(Severity::Notice, "warm-up-skipped", &first.source, message))
}

/// Tells of which runs nothing was left out, and why.
pub(super) fn told_of_uncut(files: &[Whole<'_>], cuts: &[Cuts]) -> Vec<Diagnostic> {
    const REASONS: [(Severity, &str, &str); 3] = [
        (Severity::Warning, "a summary has no single requests", "give the log of requests, or leave --skip-warmup out"),
        (Severity::Warning, "the requests have no start", "write down when each was sent, or leave --skip-warmup out"),
        (Severity::Notice, "no warm-up was found", "to leave out a fixed time, say --skip-warmup 10s"),
    ];
    let mut uncut: [Vec<&Run>; 3] = Default::default();
    for (file, cuts) in files.iter().zip(cuts).filter(|(file, _)| file.skip.is_some()) {
        for run in file.runs.iter().filter(|run| !run.origin.as_ref().is_some_and(|origin| cuts.contains_key(origin))) {
            let [summaries, timeless, steady] = &mut uncut;
            match &run.profile {
                None => summaries.push(run),
                Some(profile) if profile.span.is_none() => timeless.push(run),
                Some(_) => steady.push(run),
            }
        }
    }
    let told = |((severity, reason, help), runs): ((Severity, &str, &str), Vec<&Run>)| {
        let first = runs.first()?;
        let more = if runs.len() == 1 { String::new() } else { format!(" and {} more runs", runs.len() - 1) };
        let message = format!("nothing is left out at the beginning of {}{more}: {reason}", SampleKey::of(first));
        Some(Diagnostic::new(severity, "warm-up-not-skipped", &first.source, message).help(help))
    };
    REASONS.into_iter().zip(uncut).filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_and_are_above_zero() {
        let table = [
            ("auto", Some(SkipWarmUp::Auto)),
            ("10s", Some(SkipWarmUp::First(10_000_000_000))),
            ("500ms", Some(SkipWarmUp::First(500_000_000))),
            ("1m", Some(SkipWarmUp::First(60_000_000_000))),
            ("1m30s", Some(SkipWarmUp::First(90_000_000_000))),
            ("10", None),
            ("0s", None),
            ("-1s", None),
            ("1e300s", None),
            ("", None),
            ("AUTO", None),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse().ok(), expected, "{text}");
        }
    }
}
