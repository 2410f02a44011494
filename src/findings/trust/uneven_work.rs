//! Frameworks that did different amounts of work at one level: other numbers of requests, in other times. Their total times
//! are no comparison, and who ran longer is warmer.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::json;

use crate::findings::tools::is_load_test;
use crate::findings::wording::{significant, time};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::stats::Values;

/// Neither the requests nor the time of the runs at a level are the same for all frameworks.
pub(super) struct UnevenWork;

/// How many times the smallest the largest may be. Tests of a fixed time and tests of a fixed number of requests differ in
/// the other of the two, and that is their result.
const ALIKE: f64 = 1.2;

/// The runs of one framework at one level.
#[derive(Default)]
struct Work {
    requests: Vec<f64>,
    times: Vec<f64>,
}

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
        let mut works: BTreeMap<(usize, u32), IndexMap<&str, Work>> = BTreeMap::new();
        let places: IndexMap<&str, usize> =
            evidence.runs.scenarios().into_iter().enumerate().map(|(place, name)| (name, place)).collect();
        for run in evidence.runs.iter().filter(|run| is_load_test(run) && !run.is_dead()) {
            let scenario = places.get(run.scenario.as_str()).copied();
            if let (Some(scenario), Some(level), Some(requests), Some(total)) =
                (scenario, run.concurrency, run.requests_count, run.total_time)
            {
                let work = works.entry((scenario, level)).or_default().entry(&run.framework).or_default();
                work.requests.push(requests as f64);
                work.times.push(total);
            }
        }
        let uneven: Vec<Uneven<'_>> = works
            .iter()
            .filter_map(|((scenario, level), frameworks)| {
                let (scenario, _) = places.get_index(*scenario)?;
                let range = |of: fn(&Work) -> &Vec<f64>| {
                    let medians =
                        frameworks.values().filter_map(|work| Some(Values::new(of(work).iter().copied())?.median()));
                    Values::new(medians).map(|medians| (medians.min(), medians.max()))
                };
                let (requests, times) = (range(|work| &work.requests)?, range(|work| &work.times)?);
                let is_alike = |(low, high): (f64, f64)| high <= low * ALIKE;
                (!is_alike(requests) && !is_alike(times)).then_some(Uneven { scenario, level: *level, requests, times })
            })
            .collect();
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
