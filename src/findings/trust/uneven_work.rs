//! Frameworks that did different amounts of work at one level: other numbers of requests, in other times. Their total times
//! are no comparison, and who ran longer is warmer.

use std::collections::BTreeSet;

use serde_json::json;

use crate::findings::tools::is_load_test;
use crate::findings::wording::{significant, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::CellRuns;
use crate::stats::Values;

/// Neither the requests nor the time of the runs at a level are the same for all frameworks.
pub(super) struct UnevenWork;

/// How many times the smallest the largest may be. Tests of a fixed time and tests of a fixed number of requests differ in
/// the other of the two, and that is their result.
const ALIKE: f64 = 1.2;

/// A level at which frameworks did different work.
struct Uneven<'a> {
    scenario: &'a str,
    level: u32,
    requests: (f64, f64),
    times: (f64, f64),
}

impl Rule for UnevenWork {
    fn id(&self) -> &'static str {
        "uneven-work"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let uneven: Vec<Uneven<'_>> =
            evidence.runs.scenarios().into_iter().flat_map(|scenario| uneven_in(scenario, evidence)).collect();
        let ratio = |uneven: &&Uneven<'_>| uneven.requests.1 / uneven.requests.0.max(1.0);
        let Some(worst) = uneven.iter().max_by(|a, b| ratio(a).total_cmp(&ratio(b))) else { return Vec::new() };
        let words = evidence.wording();
        let mut levels: Vec<u32> = uneven.iter().map(|uneven| uneven.level).collect();
        levels.sort_unstable();
        levels.dedup();
        let (axis, levels) = (words.axis(), words.list(&levels));
        let [fewest, most] = [worst.requests.0, worst.requests.1].map(|count| significant(count, 6));
        let [shortest, longest] = [worst.times.0, worst.times.1].map(time);
        let at =
            if uneven.len() == 1 { String::new() } else { words.at_level(Some(worst.level)) + &words.say(" ", "") };
        vec![Finding::trust(
            self,
            Severity::Notice,
            Vec::new(),
            words.in_scenario(worst.scenario)
                + &words.say(
                    format!(
                        "frameworks did different amounts of work at {axis} {levels}: {at}from {fewest} to {most} requests, in \
                         {shortest} to {longest}"
                    ),
                    format!(
                        "各框架完成的工作量不同（{axis} {levels}）：{at}请求数从 {fewest} 到 {most}，用时从 {shortest} 到 {longest}"
                    ),
                ),
            words.say(
                "Their total_time can't be compared, only what is per request; and a longer run is warmer than a short one. \
                 Give all the same number of requests, or the same time.",
                "它们的 total_time 不能比较，只能比较每个请求的指标；而且运行越长预热越充分。请让所有框架处理同样多的请求，或运行同样\
                 长的时间。",
            ),
            json!({
                "levels": uneven
                    .iter()
                    .map(|uneven| json!({
                        "scenario": uneven.scenario,
                        "concurrency": uneven.level,
                        "fewest_requests": uneven.requests.0,
                        "most_requests": uneven.requests.1,
                        "shortest": uneven.times.0,
                        "longest": uneven.times.1,
                    }))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}

/// The levels of a scenario at which frameworks did different work, ascending.
fn uneven_in<'e>(scenario: &'e str, evidence: &Evidence<'e>) -> Vec<Uneven<'e>> {
    let series = || evidence.runs.in_scenario(scenario);
    let levels: BTreeSet<u32> =
        series().flat_map(|series| series.cells()).filter_map(|cell| cell.key().concurrency).collect();
    let is_alike = |(low, high): (f64, f64)| high <= low * ALIKE;
    let uneven_at = |level: u32| {
        let works: Vec<Work> = series().filter_map(|series| Work::of(series.at(Some(level))?)).collect();
        let requests = Values::new(works.iter().map(|work| work.requests))?;
        let times = Values::new(works.iter().map(|work| work.time))?;
        let (requests, times) = ((requests.min(), requests.max()), (times.min(), times.max()));
        (!is_alike(requests) && !is_alike(times)).then_some(Uneven { scenario, level, requests, times })
    };
    levels.into_iter().filter_map(uneven_at).collect()
}

/// The work of the typical run of a cell.
struct Work {
    requests: f64,
    time: f64,
}

impl Work {
    fn of(cell: CellRuns<'_>) -> Option<Self> {
        let asked = cell.iter().filter(|run| is_load_test(run) && !run.is_dead());
        let known: Vec<(u64, f64)> = asked.filter_map(|run| run.requests_count.zip(run.total_time)).collect();
        Some(Self {
            requests: Values::new(known.iter().map(|(requests, _)| *requests as f64))?.median(),
            time: Values::new(known.iter().map(|(_, time)| *time))?.median(),
        })
    }
}
