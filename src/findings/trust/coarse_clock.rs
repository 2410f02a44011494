//! Times that are all whole multiples of one step, where that step is so coarse that the differences that matter can't be
//! seen: 1 ms against latencies of 2 ms.

use indexmap::IndexMap;
use serde_json::json;

use crate::findings::places::{frameworks, in_brackets};
use crate::findings::resolution::{self, Readings};
use crate::findings::wording::{percent, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{Column, Latency, Run, SeriesKey};
use crate::stats::Values;

/// The clock of a framework's times is too coarse for them.
pub(super) struct CoarseClock;

/// How many readings have to be multiples of a step before it is believed: by chance each is with a probability of a
/// percent or so.
const LEAST_READINGS: usize = 4;

/// Which of a framework's times come in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Clock {
    Latencies,
    RunTimes,
}

/// The steps of a framework's times in a scenario.
struct Steps<'a> {
    place: &'a SeriesKey,
    /// s.
    step: f64,
    /// The smallest typical time that was read with it, s; `None` where it is below the step.
    typical: Option<f64>,
}

impl Rule for CoarseClock {
    fn id(&self) -> &'static str {
        "coarse-clock"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let mut coarse: IndexMap<Clock, Vec<Steps<'_>>> = IndexMap::new();
        for series in evidence.runs.series() {
            let (place, runs) = (series.key(), series.iter().collect::<Vec<_>>());
            let is_coarse = |steps: &Steps<'_>| {
                steps.typical.is_none_or(|typical| evidence.decision.min_effect * typical < steps.step)
            };
            for (clock, steps) in
                [(Clock::RunTimes, run_times(&runs, place)), (Clock::Latencies, latencies(&runs, place))]
            {
                coarse.entry(clock).or_default().extend(steps.filter(is_coarse));
            }
        }
        coarse.iter().filter_map(|(clock, steps)| self.finding(*clock, steps, evidence)).collect()
    }
}

impl CoarseClock {
    fn finding(&self, clock: Clock, steps: &[Steps<'_>], evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let size = |steps: &Steps<'_>| steps.typical.map_or(f64::INFINITY, |typical| steps.step / typical);
        let worst = steps.iter().max_by(|a, b| size(a).total_cmp(&size(b)))?;
        let places = || steps.iter().map(|steps| steps.place.at(None));
        let (step, name, all) = (time(worst.step), worst.place.to_string(), in_brackets(places(), words));
        let (what, chinese) = match clock {
            Clock::Latencies => ("latencies", "延迟"),
            Clock::RunTimes => ("run times", "运行时间"),
        };
        let unseen = worst.typical.map_or_else(
            || words.say("its typical latency reads as zero".to_owned(), "其典型延迟读数为零".to_owned()),
            |typical| {
                let (typical, share) = (time(typical), percent(worst.step / typical));
                words.say(format!("beside {typical} that is {share}"), format!("相对于 {typical} 即 {share}"))
            },
        );
        Some(Finding::trust(
            self,
            match clock {
                Clock::Latencies => Severity::Info,
                Clock::RunTimes => Severity::Notice,
            },
            frameworks(places(), evidence),
            words.say(
                format!("{what} are read on a coarse clock{all}: those of {name} come in steps of {step}, and {unseen}"),
                format!("{chinese}的时钟过粗{all}：{name} 以 {step} 为步长，{unseen}"),
            ),
            match clock {
                Clock::Latencies => words.say(
                    "Smaller differences between these latencies, and percentiles that are equal, mean nothing. Use throughput, or \
                     a tool or export with a finer clock.",
                    "这些延迟之间更小的差异、相等的百分位数都没有意义。请使用吞吐量，或换用时钟更精细的工具或导出格式。",
                ),
                Clock::RunTimes => words.say(
                    "Make the runs longer, so that a step of the clock is little against them.",
                    "请延长运行时间，使时钟步长相对可以忽略。",
                ),
            },
            json!({
                "times": what,
                "clocks": steps
                    .iter()
                    .map(|steps| json!({
                        "framework": steps.place.framework,
                        "scenario": steps.place.scenario,
                        "step": steps.step,
                        "smallest_typical": steps.typical,
                    }))
                    .collect::<Vec<_>>(),
            }),
        ))
    }
}

fn run_times<'a>(runs: &[&Run], place: &'a SeriesKey) -> std::option::IntoIter<Steps<'a>> {
    let is_given = |run: &&&Run| !run.is_derived(Column::TotalTime);
    let readings = runs.iter().filter(is_given).filter_map(|run| run.total_time);
    let step = distinct(readings.clone())
        .and_then(|readings| resolution::step(readings.into_iter(), Readings::Exact, LEAST_READINGS));
    let smallest = Values::new(readings).map(|values| values.min());
    step.map(|step| Steps { place, step, typical: smallest }).into_iter()
}

fn latencies<'a>(runs: &[&Run], place: &'a SeriesKey) -> std::option::IntoIter<Steps<'a>> {
    let readings = runs.iter().flat_map(|run| resolution::read(&run.latency));
    let step = distinct(readings)
        .and_then(|readings| resolution::step(readings.into_iter(), Readings::Histogram, LEAST_READINGS));
    // A tool that never tells a median did not read it as zero.
    let is_told = runs.iter().any(|run| run.latency.p50.is_some());
    let is_below = is_told && runs.iter().any(|run| reads_as_zero(&run.latency));
    let typical = Values::new(runs.iter().filter_map(|run| run.latency.p50.or(run.latency.mean)));
    let typical = typical.map(|values| values.min()).filter(|_| !is_below);
    let step = step.filter(|_| is_below || typical.is_some());
    step.map(|step| Steps { place, step, typical }).into_iter()
}

/// Whether the median is missing where higher percentiles are not: zero is no latency, and is left out when it is read.
fn reads_as_zero(latency: &Latency) -> bool {
    let is_high_known = latency.p99.is_some() && latency.max.is_some();
    is_high_known && latency.p50.is_none() && latency.p75.is_none()
}

/// Distinct readings; equal ones say no more than one does. `None` where there are too few.
fn distinct(readings: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let mut readings: Vec<f64> = readings.collect();
    readings.sort_by(f64::total_cmp);
    readings.dedup_by(|a, b| a.total_cmp(b).is_eq());
    (LEAST_READINGS <= readings.len()).then_some(readings)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &SeriesKey = &SeriesKey { framework: String::new(), scenario: String::new() };

    #[test]
    fn run_times_of_a_clock_of_centiseconds() {
        let runs = [0.16, 0.2, 0.93, 1.14].map(|total| Run { total_time: Some(total), ..Run::default() });
        let runs: Vec<&Run> = runs.iter().collect();
        let steps = run_times(&runs, PLACE).next().unwrap();
        assert_eq!((steps.step, steps.typical), (0.01, Some(0.16)));
        assert!(run_times(&runs[..3], PLACE).next().is_none());
    }

    #[test]
    fn a_median_that_is_never_told_is_not_zero() {
        let run = |p50, p99| Run {
            latency: Latency { p50, p99: Some(p99), max: Some(p99 + 0.01), ..Latency::default() },
            ..Run::default()
        };
        let untold = [run(None, 0.02), run(None, 0.05)];
        assert!(latencies(&untold.iter().collect::<Vec<_>>(), PLACE).next().is_none());
        let told = [run(None, 0.02), run(Some(0.01), 0.05)];
        assert_eq!(latencies(&told.iter().collect::<Vec<_>>(), PLACE).next().map(|steps| steps.typical), Some(None));
    }

    #[test]
    fn a_median_that_is_missing_below_a_percentile_was_zero() {
        let latency = Latency { p99: Some(0.004), max: Some(0.032), ..Latency::default() };
        assert!(reads_as_zero(&latency));
        assert!(!reads_as_zero(&Latency { p50: Some(0.001), ..latency }));
        assert!(!reads_as_zero(&Latency::default()));
    }
}
