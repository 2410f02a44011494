//! The runs of all inputs, put together: copies are noticed, a run's requests join its record, and every run of a cell
//! gets a repetition.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;

use super::diagnostic::{Diagnostic, Diagnostics, Severity};
use super::samples::profiled_anew;
use crate::record::{CellKey, Column, Precision, Run, RunValue, Slot};

/// How close two measures lie when one is a copy of the other that went through text.
const COPY_TOLERANCE: f64 = 1e-9;

/// The runs of one input.
#[derive(Debug)]
pub(crate) struct InputRuns {
    /// As the input was named or found.
    pub(crate) input: String,
    /// The folder whose files are parts of the same runs; `None` where the input stands for itself.
    pub(crate) set: Option<PathBuf>,
    /// In their order.
    pub(crate) runs: Vec<Run>,
}

/// What became of two records of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Joined {
    /// They said the same.
    Copy,
    /// One is of the run and one of its requests.
    Completed,
    /// As before, and as the beginning of the requests is left out, the run is made of them alone.
    Replaced,
    /// Each has a part of its requests.
    Part,
    /// The same, at different precisions: that of the first and that of the other.
    PartAtAnother(Precision, Precision),
}

/// Puts the runs of all inputs together, in the order of their coming.
pub(crate) fn assemble(inputs: Vec<InputRuns>, diagnostics: &mut Diagnostics) -> Vec<Run> {
    let mut kept: Vec<(usize, Run)> = Vec::new();
    let mut places: HashMap<(CellKey, Option<u32>), Vec<usize>> = HashMap::new();
    let mut joined: IndexMap<(usize, usize, Joined), usize> = IndexMap::new();
    let names: Vec<String> = inputs.iter().map(|input| input.input.clone()).collect();
    let sets: Vec<Option<PathBuf>> = inputs.iter().map(|input| input.set.clone()).collect();
    for (input, mut run) in
        inputs.into_iter().enumerate().flat_map(|(index, input)| input.runs.into_iter().map(move |run| (index, run)))
    {
        let here = places.entry((CellKey::of(&run), run.repetition)).or_default();
        let parts = sets.get(input).cloned().flatten();
        let whole = parts.filter(|_| run.profile.is_some()).and_then(|set| {
            let is_part = |&&place: &&usize| {
                kept.get(place).is_some_and(|(first, other): &(usize, Run)| {
                    sets.get(*first).is_some_and(|own| own.as_ref() == Some(&set)) && !is_identified_copy(other, &run)
                })
            };
            here.iter().find(is_part).copied()
        });
        if let Some((first, other)) = whole.and_then(|place| kept.get_mut(place))
            && let Some(part) = add_part(other, &run)
        {
            *joined.entry((input, *first, part)).or_default() += 1;
            continue;
        }
        let same =
            here.iter().copied().find(|&place| kept.get(place).is_some_and(|(_, other)| is_same_run(other, &run)));
        match same.and_then(|place| kept.get_mut(place)) {
            Some((first, other)) => *joined.entry((input, *first, join(other, &mut run))).or_default() += 1,
            None => {
                here.push(kept.len());
                kept.push((input, run));
            }
        }
    }
    for ((input, first, what), count) in joined {
        if let (Some(input), Some(first)) = (names.get(input), names.get(first)) {
            diagnostics.push(report_joined(input, first, what, count));
        }
    }
    let mut runs: Vec<Run> = kept.into_iter().map(|(_, run)| run).collect();
    number_repetitions(&mut runs, diagnostics);
    runs
}

/// Whether two records of the same cell and repetition speak of the same run. Only records that say which run they are,
/// by repetition or time, can be told to be the same: equal numbers alone may be two runs on a coarse clock.
fn is_same_run(a: &Run, b: &Run) -> bool {
    let is_identified =
        a.repetition.is_some() || (a.timestamp.is_some() && a.timestamp == b.timestamp) || have_same_requests(a, b);
    let are_record_and_requests = a.is_derived(Column::TotalTime) != b.is_derived(Column::TotalTime)
        && a.requests_count.is_some()
        && requests_seen(a) == requests_seen(b);
    is_identified && (are_record_and_requests || is_copy(a, b))
}

/// Whether all requests were sent at the same times and took as long: no two runs do that where there are many.
fn have_same_requests(a: &Run, b: &Run) -> bool {
    const MANY: u64 = 100;
    let Some((a, b)) = a.profile.as_ref().zip(b.profile.as_ref()) else { return false };
    MANY <= a.requests && a.span.is_some() && a == b
}

/// How many requests a run had before any was left out.
fn requests_seen(run: &Run) -> Option<u64> {
    run.profile.as_ref().map(|profile| profile.requests_seen()).or(run.requests_count)
}

fn is_cut(run: &Run) -> bool {
    run.profile.as_ref().is_some_and(|profile| profile.cut.is_some())
}

fn is_identified_copy(a: &Run, b: &Run) -> bool {
    // Parts of which nothing is left are alike, and none is a copy.
    let is_something_left = a.requests_count != Some(0);
    is_something_left && (a.repetition.is_some() || a.timestamp.is_some()) && is_copy(a, b)
}

/// Adds the requests of a part to a run, where it can.
fn add_part(run: &mut Run, part: &Run) -> Option<Joined> {
    let (own, other) = (run.profile.take()?, part.profile.as_ref()?);
    let mut profile = Arc::unwrap_or_clone(own);
    let precisions = (profile.latencies.precision(), other.latencies.precision());
    if !profile.merge(other) {
        run.profile = Some(Arc::new(profile));
        return None;
    }
    *run = profiled_anew(std::mem::take(run), profile);
    let (own, other) = precisions;
    Some(if own == other { Joined::Part } else { Joined::PartAtAnother(own, other) })
}

fn is_copy(a: &Run, b: &Run) -> bool {
    let is_close = |a: f64, b: f64| (a - b).abs() <= COPY_TOLERANCE * b.abs();
    let mut open = a.open.iter().zip(b.open.iter());
    let has_same_open =
        a.open.iter().len() == b.open.iter().len() && open.all(|((one, a), (other, b))| one == other && is_close(a, b));
    has_same_open
        && Column::ALL.into_iter().all(|column| match (a.value(column), b.value(column)) {
            (RunValue::Time(Some(a)), RunValue::Time(Some(b))) => is_close(a, b),
            (RunValue::Time(a), RunValue::Time(b)) => a.is_none() && b.is_none(),
            (RunValue::Count(a), RunValue::Count(b)) => a == b,
            (RunValue::Moment(a), RunValue::Moment(b)) => a == b,
            // Names are equal already, and where a run was read from is not part of it.
            _ => true,
        })
}

/// Takes from `other` what `run` lacks. The record of a run is worth more than what its requests add up to.
fn join(run: &mut Run, other: &mut Run) -> Joined {
    if is_copy(run, other) {
        return Joined::Copy;
    }
    // What a record says is said of the whole run.
    if is_cut(other) {
        std::mem::swap(run, other);
    }
    if is_cut(run) {
        return Joined::Replaced;
    }
    if run.is_derived(Column::TotalTime) {
        std::mem::swap(run, other);
    }
    for column in Column::ALL {
        let is_filled = match (run.slot(column), other.slot(column)) {
            (Slot::Time(ours), Slot::Time(theirs)) => fill(ours, *theirs),
            (Slot::Count(ours), Slot::Count(theirs)) => fill(ours, *theirs),
            (Slot::Moment(ours), Slot::Moment(theirs)) => fill(ours, *theirs),
            _ => false,
        };
        if is_filled && other.is_derived(column) {
            run.mark_derived(column);
        }
    }
    run.open.fill(&other.open);
    run.profile = run.profile.take().or_else(|| other.profile.take());
    run.tool_histogram = run.tool_histogram.take().or_else(|| other.tool_histogram.take());
    Joined::Completed
}

/// Fills what is empty, and returns whether it was.
fn fill<T: Copy>(ours: &mut Option<T>, theirs: Option<T>) -> bool {
    let is_filled = ours.is_none() && theirs.is_some();
    *ours = ours.or(theirs);
    is_filled
}

fn report_joined(input: &str, first: &str, what: Joined, count: usize) -> Diagnostic {
    if let Joined::PartAtAnother(own, other) = what {
        let message = format!(
            "requests of {count} of the runs in {first} go on here, known at a precision of {other} and there of {own}; \
             together they are known at {}",
            own.coarser(other)
        );
        let help = "give --precision alike when histograms are written";
        return Diagnostic::new(Severity::Warning, "different-precisions", input, message).help(help);
    }
    let (code, message) = match what {
        Joined::Copy if count == 1 => ("duplicate-run", format!("1 run is also in {first}, and is counted once")),
        Joined::Copy => ("duplicate-run", format!("{count} runs are also in {first}, and are counted once")),
        Joined::Part | Joined::PartAtAnother(..) => {
            ("parts-of-runs", format!("requests of {count} of the runs in {first} go on here, and are added to them"))
        }
        Joined::Replaced => (
            "requests-replace-run",
            format!(
                "the requests of {count} of the runs in {first} are here; as their beginning is left out, the runs are \
                 made of them alone"
            ),
        ),
        Joined::Completed => (
            "requests-join-run",
            format!(
                "the requests of {count} of the runs in {first} are here; these runs take their latencies from them"
            ),
        ),
    };
    Diagnostic::new(Severity::Notice, code, input, message)
}

/// Gives every run of a cell a number of its own: the one it has, or the next that is free.
fn number_repetitions(runs: &mut [Run], diagnostics: &mut Diagnostics) {
    let mut taken: HashMap<CellKey, HashSet<u32>> = HashMap::new();
    let mut waiting = Vec::new();
    for (place, run) in runs.iter().enumerate() {
        match run.repetition {
            None => waiting.push(place),
            Some(repetition) if !taken.entry(CellKey::of(run)).or_default().insert(repetition) => {
                let message = format!(
                    "repetition {repetition} of {} was measured before, with other numbers; both runs are kept",
                    run.framework
                );
                let help = "if one of them is stale, leave its file out";
                diagnostics
                    .push(Diagnostic::new(Severity::Notice, "repetition-taken", &run.source, message).help(help));
                waiting.push(place);
            }
            Some(_) => {}
        }
    }
    let mut next: HashMap<CellKey, u32> = HashMap::new();
    for place in waiting {
        let Some(run) = runs.get_mut(place) else { continue };
        let taken = taken.entry(CellKey::of(run)).or_default();
        let next = next.entry(CellKey::of(run)).or_insert(1);
        while !taken.insert(*next) {
            *next += 1;
        }
        run.repetition = Some(*next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(framework: &str, concurrency: u32, repetition: Option<u32>, total_time: f64) -> Run {
        Run {
            framework: framework.into(),
            concurrency: Some(concurrency),
            repetition,
            total_time: Some(total_time),
            requests_count: Some(400),
            source: format!("{framework}.json#/{concurrency}"),
            ..Run::default()
        }
    }

    /// Repetitions and total times of the runs that are left, and the codes of what was told.
    fn assembled(runs: Vec<Run>) -> (Vec<(Option<u32>, f64)>, Vec<String>) {
        let mut diagnostics = Diagnostics::default();
        let inputs = vec![InputRuns { input: "a.json".into(), set: None, runs }];
        let runs = assemble(inputs, &mut diagnostics);
        let codes = diagnostics.finish().into_iter().map(|diagnostic| diagnostic.code).collect();
        (runs.iter().map(|run| (run.repetition, run.total_time.unwrap_or_default())).collect(), codes)
    }

    #[test]
    fn runs_of_a_cell_are_numbered_in_their_order() {
        let (runs, codes) = assembled(vec![
            run("a", 10, None, 1.0),
            run("b", 10, None, 2.0),
            run("a", 10, None, 3.0),
            run("a", 25, None, 4.0),
        ]);
        assert_eq!(runs.iter().map(|run| run.0).collect::<Vec<_>>(), [Some(1), Some(1), Some(2), Some(1)]);
        assert!(codes.is_empty());
    }

    #[test]
    fn equal_numbers_without_a_repetition_are_two_runs() {
        let (runs, _) = assembled(vec![run("a", 10, None, 4.2), run("a", 10, None, 4.2)]);
        assert_eq!(runs, [(Some(1), 4.2), (Some(2), 4.2)]);
    }

    #[test]
    fn a_copy_is_counted_once_and_copies_are_told_together() {
        let first = [run("a", 10, Some(1), 4.2), run("a", 25, Some(1), 4.1)];
        let copies =
            first.clone().map(|run| Run { total_time: run.total_time.map(|time| time * (1.0 + 1e-15)), ..run });
        let mut diagnostics = Diagnostics::default();
        let inputs = vec![
            InputRuns { input: "a.json".into(), set: None, runs: first.to_vec() },
            InputRuns { input: "b.csv".into(), set: None, runs: copies.to_vec() },
        ];
        assert_eq!(assemble(inputs, &mut diagnostics).len(), 2);
        let told: Vec<_> = diagnostics.finish().iter().map(ToString::to_string).collect();
        assert_eq!(told, ["notice: b.csv: 2 runs are also in a.json, and are counted once"]);
    }

    #[test]
    fn another_run_with_the_same_repetition_gets_the_next_number() {
        let (runs, codes) = assembled(vec![run("a", 10, Some(1), 4.2), run("a", 10, Some(1), 5.0)]);
        assert_eq!(runs, [(Some(1), 4.2), (Some(2), 5.0)]);
        assert_eq!(codes, ["repetition-taken"]);
    }

    #[test]
    fn a_run_that_is_nearly_the_same_is_no_copy() {
        let (runs, codes) = assembled(vec![run("a", 10, Some(1), 4.2), run("a", 10, Some(1), 4.201)]);
        assert_eq!((runs.len(), codes), (2, vec!["repetition-taken".to_owned()]));
    }

    #[test]
    fn requests_join_their_run_in_either_order() {
        let record = run("a", 10, Some(1), 4.2);
        let mut requests = run("a", 10, Some(1), 4.1);
        requests.mark_derived(Column::TotalTime);
        requests.latency.p99 = Some(0.09);
        for runs in [vec![record.clone(), requests.clone()], vec![requests, record]] {
            let mut diagnostics = Diagnostics::default();
            let joined = assemble(vec![InputRuns { input: "a.json".into(), set: None, runs }], &mut diagnostics);
            let [run] = joined.as_slice() else { panic!("one run, not {joined:?}") };
            assert_eq!((run.total_time, run.latency.p99), (Some(4.2), Some(0.09)));
            assert!(!run.is_derived(Column::TotalTime));
        }
    }
}
