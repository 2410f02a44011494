//! Which measurements would say most next.

use indexmap::IndexMap;
use serde_json::json;

use super::overtakes::between;
use crate::compare::Comparison;
use crate::findings::wording::{Wording, count, members};
use crate::findings::{Evidence, Finding, Kind, Rule, Severity, faulty_levels};
use crate::scaling::{Rejection, Scaling};

/// What is open, and what would settle it.
pub(super) struct MeasureNext;

/// One measurement, with what it rests on.
struct Wish {
    text: String,
    evidence: serde_json::Value,
    rests_on: Vec<String>,
}

impl Rule for MeasureNext {
    fn id(&self) -> &'static str {
        "measure-next"
    }

    fn claims(&self) -> bool {
        false
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.scenarios().into_iter().filter_map(|scenario| self.finding(scenario, evidence)).collect()
    }
}

impl MeasureNext {
    fn finding(&self, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let mut wishes = Vec::new();
        wishes.extend(repetitions(scenario, evidence));
        wishes.extend(levels(scenario, evidence));
        wishes.extend(crossings(scenario, evidence));
        if wishes.is_empty() {
            return None;
        }
        let texts: Vec<&str> = wishes.iter().map(|wish| wish.text.as_str()).collect();
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Info,
            frameworks: Vec::new(),
            message: words.in_scenario(scenario)
                + &texts.join(words.language.pick("; ", "；")),
            advice: words.say(
                "Measure in passes, each over all frameworks and levels, so that a machine that gets busier is no advantage \
                 to anyone; add the records to these and analyse all of them together.",
                "请按轮次测量，每轮覆盖所有框架和级别，这样机器变忙也不会偏袒任何一方；把新记录加到现有记录中一起分析。",
            ),
            rests_on: wishes.iter().flat_map(|wish| wish.rests_on.iter().cloned()).collect(),
            evidence: members(json!({
                "measurements": wishes.iter().map(|wish| wish.evidence.clone()).collect::<Vec<_>>(),
            })),
        })
    }
}

/// How many repetitions would tell the first of the ranking from those that it can't be told from.
fn repetitions(scenario: &str, evidence: &Evidence<'_>) -> Option<Wish> {
    let words = evidence.wording();
    let ranked = evidence.rankings.iter().find(|ranked| ranked.ranking.scenario == scenario)?;
    let ranked_by = ranked.ranking.metric;
    let of_metric = || evidence.in_scenario(scenario).cells.iter().filter(move |cell| cell.metric == ranked_by);
    if of_metric().any(|cell| cell.values.count() < 2) {
        return Some(Wish {
            text: words
                .say("5 repetitions of every cell, to see how much it varies", "每个单元重复 5 次，以了解其波动"),
            evidence: json!({"repetitions": 5}),
            rests_on: Vec::new(),
        });
    }
    let open: Vec<(&Comparison, usize)> =
        ranked.against_first.iter().filter_map(|row| Some((row, row.repetitions_needed?))).collect();
    let (hardest, needed) = open.iter().max_by_key(|(_, needed)| *needed)?;
    let have = of_metric().map(|cell| cell.values.count()).min()?;
    let more = needed.saturating_sub(have);
    let (a, b) = (&hardest.baseline, &hardest.candidate);
    (0 < more).then(|| Wish {
        text: words.say(
            format!(
                "~{} of every cell ({needed} in all), which would probably settle {a} against {b}",
                count(more, "more run")
            ),
            format!("每个单元再测约 {more} 次（共 {needed} 次），多半能判定 {a} 与 {b} 孰优孰劣"),
        ),
        evidence: json!({"more_runs": more, "repetitions": needed, "baseline": a, "candidate": b}),
        rests_on: evidence.pointer(hardest).into_iter().collect(),
    })
}

/// The levels that would pin where frameworks stop to scale.
fn levels(scenario: &str, evidence: &Evidence<'_>) -> Vec<Wish> {
    let words = evidence.wording();
    // Frameworks with the same wish share it.
    let mut wishes: IndexMap<Levels, Vec<usize>> = IndexMap::new();
    for &(place, scaling) in &evidence.in_scenario(scenario).scaling {
        // What lies above a level at which requests fail is no load to run it at.
        let has_failed = |level: &u32| scaling.efficiency.last().is_some_and(|highest| highest.concurrency <= *level);
        let series = evidence.runs.of(&scaling.framework, scenario);
        let ends_in_errors = series.is_some_and(|series| faulty_levels(series).any(|(level, _)| has_failed(&level)));
        if let Some(levels) = missing_levels(scaling, ends_in_errors, words) {
            wishes.entry(levels).or_default().push(place);
        }
    }
    let wish = |(levels, places): (Levels, Vec<usize>)| {
        let named = places.iter().filter_map(|place| evidence.scaling.get(*place));
        let names: Vec<&str> = named.map(|scaling| scaling.framework.as_str()).collect();
        let Levels { levels, why } = levels;
        Wish {
            text: words.say(
                format!("{} at {} {}, {why}", words.list(&names), words.axis(), words.list(&levels)),
                format!("{} 在{} {}，{why}", words.list(&names), words.axis(), words.list(&levels)),
            ),
            evidence: json!({"frameworks": names, "concurrency": levels}),
            rests_on: places.iter().map(|place| format!("/scaling/{place}")).collect(),
        }
    };
    wishes.into_iter().map(wish).collect()
}

/// Levels that were not measured, and why they should be.
#[derive(PartialEq, Eq, Hash)]
struct Levels {
    levels: Vec<u32>,
    why: &'static str,
}

/// The levels at which one framework's limit would show, and why; `None` where it shows.
fn missing_levels(scaling: &Scaling, ends_in_errors: bool, words: Wording<'_>) -> Option<Levels> {
    let wish = |levels: Vec<u32>, why| (!levels.is_empty()).then_some(Levels { levels, why });
    let lowest = scaling.efficiency.first()?.concurrency;
    let highest = scaling.efficiency.last()?.concurrency;
    let twice = highest.saturating_mul(2);
    let beyond = if ends_in_errors { Vec::new() } else { vec![twice, highest.saturating_mul(4)] };
    let ends = words.language.pick("to see where it stops growing", "以看到增长在何处停止");
    let bends = words.language.pick("to see how it grows", "以看到增长的形状");
    if scaling.accepted {
        let peak = u32::try_from(scaling.peak_concurrency?).ok()?;
        let is_measured = scaling.efficiency.iter().any(|level| close(level.concurrency, peak));
        return match scaling.is_peak_extrapolated {
            Some(true) => wish(beyond, ends),
            _ if is_measured => None,
            _ => wish(vec![peak], words.language.pick("where the law puts the peak", "即定律给出的峰值处")),
        };
    }
    match scaling.reason? {
        Rejection::TooFewLevels | Rejection::NotEnoughRange | Rejection::DidNotConverge => {
            let mut levels: Vec<u32> = [1, lowest / 2, between(lowest, highest).unwrap_or_default(), twice]
                .into_iter()
                .filter(|level| !ends_in_errors || *level < highest)
                .filter(|level| 0 < *level && scaling.efficiency.iter().all(|known| known.concurrency != *level))
                .collect();
            levels.sort_unstable();
            levels.dedup();
            wish(levels, bends)
        }
        Rejection::DoesNotGrow if 1 < lowest => {
            let mut levels = vec![1, lowest / 2];
            levels.dedup();
            wish(levels, words.language.pick("to see how it grew before", "以看到之前如何增长"))
        }
        _ if scaling.saturation_concurrency == Some(highest) => wish(beyond, ends),
        _ => None,
    }
}

/// Whether two levels are so close that measuring both says nothing new.
fn close(a: u32, b: u32) -> bool {
    let (low, high) = (a.min(b), a.max(b));
    f64::from(high) <= 1.2 * f64::from(low)
}

/// The levels that would pin where one framework overtakes another.
fn crossings(scenario: &str, evidence: &Evidence<'_>) -> Vec<Wish> {
    let words = evidence.wording();
    let metric = evidence.ranked_metric();
    let here = evidence.crossovers.iter().enumerate();
    here.filter(|(_, crossover)| crossover.scenario == scenario && crossover.metric == metric)
        .filter_map(|(place, crossover)| {
            let middle = between(crossover.concurrency_low, crossover.concurrency_high)?;
            let (a, b) = (&crossover.a, &crossover.b);
            Some(Wish {
                text: words.say(
                    format!("{a} and {b} at {} {middle}, to pin where one overtakes the other", words.axis()),
                    format!("{a} 和 {b} 在{} {middle}，以确定一方在何处超过另一方", words.axis()),
                ),
                evidence: json!({"frameworks": [a, b], "concurrency": [middle]}),
                rests_on: vec![format!("/crossovers/{place}")],
            })
        })
        .collect()
}
