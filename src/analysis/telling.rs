//! Which runs are worth a look at their latencies over time: few enough to be read, and the ones that say most.

use crate::record::{Profile, Run};
use crate::stats::{Stall, WarmUp, stall, warm_up};

/// About so many runs are chosen, where the series leave room for several levels each.
const WANTED: usize = 6;

/// More are never chosen.
const MOST: usize = 12;

/// What the time line of a run shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    pub(super) stall: Option<Stall>,
    pub(super) warm_up: Option<WarmUp>,
}

impl Marks {
    pub(super) fn of(run: &Run, profile: &Profile) -> Self {
        Self { stall: stall(&profile.timeline, run.concurrency), warm_up: warm_up(&profile.timeline) }
    }

    /// How much there is to see: a stall weighs more than a slow beginning.
    fn weight(&self) -> u8 {
        2 * u8::from(self.stall.is_some()) + u8::from(self.warm_up.is_some())
    }
}

/// A run that could be chosen.
struct Candidate<'a> {
    index: usize,
    series: (&'a str, &'a str),
    level: Option<u32>,
    weight: u8,
}

/// Which of these runs are chosen, by their places, ascending.
///
/// The series are the first twelve, all at the same levels: those at which runs stalled, then the highest and the lowest,
/// then what lies between. Of the repetitions of a cell it is the one with the most to see, and the first of equals.
pub(super) fn telling<'a>(runs: impl Iterator<Item = (&'a Run, &'a Profile, Marks)>) -> Vec<usize> {
    let candidates: Vec<Candidate<'_>> = runs
        .enumerate()
        .filter(|(_, (_, profile, _))| is_visible(profile))
        .map(|(index, (run, _, marks))| Candidate {
            index,
            series: (&run.framework, &run.scenario),
            level: run.concurrency,
            weight: marks.weight(),
        })
        .collect();
    let mut series: Vec<(&str, &str)> = Vec::new();
    for candidate in &candidates {
        if !series.contains(&candidate.series) && series.len() < MOST {
            series.push(candidate.series);
        }
    }
    let levels = levels(&candidates, WANTED / series.len().max(1));
    let mut chosen: Vec<usize> = series
        .iter()
        .flat_map(|series| levels.iter().map(move |level| (series, level)))
        .filter_map(|(series, level)| {
            let of_cell = candidates.iter().filter(|run| run.series == *series && run.level == *level);
            // The last of equals is taken, which is the first in reverse.
            of_cell.rev().max_by_key(|run| run.weight).map(|run| run.index)
        })
        .collect();
    chosen.sort_unstable();
    chosen
}

/// Whether there is a course of time to see, with a latency in it.
fn is_visible(profile: &Profile) -> bool {
    1 < profile.timeline.bins().count() && profile.timeline.bins().any(|(_, bin)| !bin.latencies.is_empty())
}

/// At most so many levels, and one at least.
fn levels(candidates: &[Candidate<'_>], most: usize) -> Vec<Option<u32>> {
    let mut levels: Vec<Option<u32>> = candidates.iter().map(|run| run.level).collect();
    levels.sort_unstable();
    levels.dedup();
    let stalled = |level: Option<u32>| candidates.iter().filter(|run| run.level == level && 2 <= run.weight).count();
    let mut order: Vec<(usize, Option<u32>)> = from_the_ends(&levels).into_iter().enumerate().collect();
    order.sort_by_key(|(rank, level)| (std::cmp::Reverse(stalled(*level)), *rank));
    order.into_iter().take(most.max(1)).map(|(_, level)| level).collect()
}

/// The last, the first, and then always the middle of the widest stretch that is left, the upper one of equals.
fn from_the_ends<T: Copy>(sorted: &[T]) -> Vec<T> {
    let mut order: Vec<usize> = sorted.len().checked_sub(1).into_iter().collect();
    if 1 < sorted.len() {
        order.push(0);
    }
    let mut taken = order.clone();
    while taken.len() < sorted.len() {
        taken.sort_unstable();
        let widest = taken.windows(2).filter_map(|pair| match pair {
            [low, high] => Some((high - low, *low)),
            _ => None,
        });
        let Some((length, low)) = widest.max() else { break };
        taken.push(low + length / 2);
        order.push(low + length / 2);
    }
    order.into_iter().filter_map(|index| sorted.get(index).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RequestTicks;

    fn profile() -> Profile {
        let mut profile = Profile::default();
        for second in 0..3_i64 {
            profile.add(RequestTicks { start: Some(second * 1_000_000_000), latency: Some(5), ok: true, bytes: None });
        }
        profile
    }

    const PLAIN: Marks = Marks { stall: None, warm_up: None };
    const STALLED: Marks = Marks { stall: Some(Stall { start: 0.0, length: 1.0, missing: 99.0 }), warm_up: None };
    const WARMED: Marks = Marks {
        stall: None,
        warm_up: Some(WarmUp { until: 1_000_000_000, length: 1.0, latency: 2.0, steady_latency: 1.0 }),
    };

    /// What is chosen of every series at these levels, as series, level and repetition.
    fn chosen(
        series: usize,
        levels: &[u32],
        repetitions: u32,
        marks: impl Fn(usize, u32, u32) -> Marks,
    ) -> Vec<(usize, u32, u32)> {
        let mut places = Vec::new();
        for number in 0..series {
            for level in levels {
                places.extend((1..=repetitions).map(|repetition| (number, *level, repetition)));
            }
        }
        let run = |(number, level, _): &(usize, u32, u32)| Run {
            framework: format!("framework {number}"),
            concurrency: Some(*level),
            ..Run::default()
        };
        let runs: Vec<Run> = places.iter().map(run).collect();
        let profile = profile();
        let marked = runs.iter().zip(&places).map(|(run, place)| (run, &profile, marks(place.0, place.1, place.2)));
        telling(marked).into_iter().map(|index| places[index]).collect()
    }

    #[test]
    fn few_runs_are_all_chosen() {
        assert_eq!(chosen(1, &[8], 1, |_, _, _| PLAIN), [(0, 8, 1)]);
        assert_eq!(chosen(2, &[1, 2, 4], 1, |_, _, _| PLAIN).len(), 6);
    }

    #[test]
    fn of_many_levels_the_ends_come_first_and_of_many_series_the_first_dozen() {
        let levels: Vec<u32> = (1..=9).collect();
        let of = |series| -> Vec<u32> {
            let chosen = chosen(series, &levels, 3, |_, _, _| PLAIN);
            chosen.iter().filter(|place| place.0 == 0).map(|place| place.1).collect()
        };
        assert_eq!(of(1), [1, 3, 5, 7, 8, 9]);
        assert_eq!(of(2), [1, 5, 9]);
        assert_eq!(of(3), [1, 9]);
        assert_eq!(of(6), [9]);
        let many = chosen(40, &levels, 3, |_, _, _| PLAIN);
        assert_eq!(many.len(), 12);
        assert!(many.iter().all(|place| place.0 < 12 && place.1 == 9 && place.2 == 1), "{many:?}");
    }

    #[test]
    fn a_stall_is_chosen_before_a_slow_beginning_and_that_before_the_first_repetition() {
        let marks = |_, level, repetition| match (level, repetition) {
            (3, 4) => STALLED,
            (3, 2) | (9, 3) => WARMED,
            _ => PLAIN,
        };
        assert_eq!(chosen(3, &[1, 3, 5, 9], 5, marks)[..2], [(0, 3, 4), (0, 9, 3)]);
    }

    #[test]
    fn a_run_without_a_course_is_not_chosen() {
        let run = Run::default();
        let mut failed = Profile::default();
        failed.add(RequestTicks { start: Some(0), latency: Some(5), ok: false, bytes: None });
        failed.add(RequestTicks { start: Some(1_000_000_000), latency: Some(5), ok: false, bytes: None });
        let mut short = Profile::default();
        short.add(RequestTicks { start: Some(0), latency: Some(5), ok: true, bytes: None });
        let runs = [(&run, &failed, PLAIN), (&run, &short, PLAIN), (&run, &Profile::default(), PLAIN)];
        assert_eq!(telling(runs.into_iter()), Vec::<usize>::new());
    }
}
