//! The runs of all inputs, put together: copies are noticed, a run's requests join its record, and every run of a cell
//! gets a repetition.

use std::collections::{HashMap, HashSet};

use super::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::record::{Column, Run, Slot};

/// How close two measures lie when one is a copy of the other that went through text.
const COPY_TOLERANCE: f64 = 1e-9;

/// The runs of one cell and repetition.
type Key = (String, String, Option<u32>, Option<u32>);

/// Puts the runs of all inputs together, in the order of their coming.
pub(crate) fn assemble(runs: Vec<Run>, diagnostics: &mut Diagnostics) -> Vec<Run> {
    let mut kept: Vec<Run> = Vec::with_capacity(runs.len());
    let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
    for mut run in runs {
        let here = places.entry(key(&run)).or_default();
        let same = here.iter().copied().find(|&place| kept.get(place).is_some_and(|other| is_same_run(other, &run)));
        match same.and_then(|place| kept.get_mut(place)) {
            Some(other) => report_same(join(other, &mut run), other, &run, diagnostics),
            None => {
                here.push(kept.len());
                kept.push(run);
            }
        }
    }
    number_repetitions(&mut kept, diagnostics);
    kept
}

/// What became of two records of one run.
enum Joined {
    Copy,
    Completed,
}

fn key(run: &Run) -> Key {
    (run.framework.clone(), run.scenario.clone(), run.concurrency, run.repetition)
}

/// Whether two records of the same cell speak of the same run. Only records that say which run they are, by repetition
/// or time, can be told to be the same: equal numbers alone may be two runs on a coarse clock.
fn is_same_run(a: &Run, b: &Run) -> bool {
    let is_identified = a.repetition.is_some() || (a.timestamp.is_some() && a.timestamp == b.timestamp);
    let is_summary_and_requests = a.is_derived(Column::TotalTime) != b.is_derived(Column::TotalTime);
    is_identified
        && ((is_summary_and_requests && agrees(a.requests_count, b.requests_count))
            || is_copy(&mut a.clone(), &mut b.clone()))
}

fn agrees(a: Option<u64>, b: Option<u64>) -> bool {
    a.is_some() && a == b
}

fn is_copy(a: &mut Run, b: &mut Run) -> bool {
    Column::ALL.into_iter().all(|column| match (a.slot(column), b.slot(column)) {
        (Slot::Time(a), Slot::Time(b)) => match (*a, *b) {
            (Some(a), Some(b)) => (a - b).abs() <= COPY_TOLERANCE * b.abs(),
            (a, b) => a.is_none() && b.is_none(),
        },
        (Slot::Count(a), Slot::Count(b)) => a == b,
        (Slot::Moment(a), Slot::Moment(b)) => a == b,
        // Names are equal by the key; where they were read from is not part of a run.
        _ => true,
    })
}

/// Takes from `other` what `run` lacks. The record of a run is worth more than what its requests add up to.
fn join(run: &mut Run, other: &mut Run) -> Joined {
    if is_copy(run, other) {
        return Joined::Copy;
    }
    if run.is_derived(Column::TotalTime) {
        std::mem::swap(run, other);
    }
    for column in Column::ALL {
        let is_filled = match (run.slot(column), other.slot(column)) {
            (Slot::Time(ours @ None), Slot::Time(theirs)) => {
                *ours = *theirs;
                ours.is_some()
            }
            (Slot::Count(ours @ None), Slot::Count(theirs)) => {
                *ours = *theirs;
                ours.is_some()
            }
            (Slot::Moment(ours @ None), Slot::Moment(theirs)) => {
                *ours = *theirs;
                ours.is_some()
            }
            _ => false,
        };
        if is_filled && other.is_derived(column) {
            run.mark_derived(column);
        }
    }
    Joined::Completed
}

fn report_same(joined: Joined, kept: &Run, other: &Run, diagnostics: &mut Diagnostics) {
    let input = |run: &Run| run.source.split(['#']).next().unwrap_or_default().to_owned();
    let diagnostic = match joined {
        Joined::Copy => Diagnostic::new(
            Severity::Notice,
            "duplicate-run",
            &input(other),
            format!("this run is the same as the one at {}; it is counted once", kept.source),
        )
        .help("leave one of them out"),
        Joined::Completed => Diagnostic::new(
            Severity::Notice,
            "requests-join-run",
            &input(other),
            format!("the requests here are those of the run at {}; it takes its latencies from them", kept.source),
        ),
    };
    diagnostics.push(diagnostic);
}

/// Gives every run of a cell a number of its own: the one it has, or the next that is free.
fn number_repetitions(runs: &mut [Run], diagnostics: &mut Diagnostics) {
    let mut taken: HashMap<(String, String, Option<u32>), HashSet<u32>> = HashMap::new();
    let mut next: HashMap<(String, String, Option<u32>), u32> = HashMap::new();
    let cell = |run: &Run| (run.framework.clone(), run.scenario.clone(), run.concurrency);
    let mut waiting = Vec::new();
    for (place, run) in runs.iter_mut().enumerate() {
        let Some(repetition) = run.repetition else {
            waiting.push(place);
            continue;
        };
        if !taken.entry(cell(run)).or_default().insert(repetition) {
            let message = format!(
                "repetition {repetition} of {} was measured before, with other numbers; both runs are kept",
                run.framework
            );
            let help = "if one of them is stale, leave its file out";
            diagnostics.push(Diagnostic::new(Severity::Notice, "repetition-taken", &run.source, message).help(help));
            waiting.push(place);
        }
    }
    for place in waiting {
        let Some(run) = runs.get_mut(place) else { continue };
        let taken = taken.entry(cell(run)).or_default();
        let next = next.entry(cell(run)).or_insert(1);
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

    type Numbered = (Option<u32>, Option<f64>);

    fn assembled(runs: Vec<Run>) -> (Vec<Numbered>, Vec<String>) {
        let mut diagnostics = Diagnostics::default();
        let runs = assemble(runs, &mut diagnostics);
        let codes = diagnostics.finish().into_iter().map(|diagnostic| diagnostic.code).collect();
        (runs.iter().map(|run| (run.repetition, run.total_time)).collect(), codes)
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
        assert_eq!(runs, [(Some(1), Some(4.2)), (Some(2), Some(4.2))]);
    }

    #[test]
    fn a_copy_is_counted_once() {
        let (runs, codes) = assembled(vec![run("a", 10, Some(1), 4.2), run("a", 10, Some(1), 4.2 * (1.0 + 1e-15))]);
        assert_eq!((runs.len(), codes), (1, vec!["duplicate-run".to_owned()]));
    }

    #[test]
    fn another_run_with_the_same_repetition_gets_the_next_number() {
        let (runs, codes) = assembled(vec![run("a", 10, Some(1), 4.2), run("a", 10, Some(1), 5.0)]);
        assert_eq!(runs, [(Some(1), Some(4.2)), (Some(2), Some(5.0))]);
        assert_eq!(codes, ["repetition-taken"]);
    }

    #[test]
    fn requests_join_their_run_in_either_order() {
        let record = run("a", 10, Some(1), 4.2);
        let mut requests = run("a", 10, Some(1), 4.1);
        requests.mark_derived(Column::TotalTime);
        requests.latency.p99 = Some(0.09);
        for runs in [vec![record.clone(), requests.clone()], vec![requests, record]] {
            let mut diagnostics = Diagnostics::default();
            let joined = assemble(runs, &mut diagnostics);
            let [run] = joined.as_slice() else { panic!("one run, not {joined:?}") };
            assert_eq!(
                (run.total_time, run.latency.p99, run.is_derived(Column::TotalTime)),
                (Some(4.2), Some(0.09), false)
            );
        }
    }
}
