//! Which framework is fastest at each level.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::json;

use crate::compare::{Comparison, Verdict};
use crate::findings::wording::{Wording, members, significant};
use crate::findings::{Evidence, Finding, Kind, Rule, Severity, failing_levels};
use crate::record::Metric;
use crate::stats::CellValues;

/// The fastest framework at each level, with its lead over the next.
pub(super) struct BestAtLevel;

/// The winner of one level.
struct Best<'a> {
    concurrency: u32,
    framework: &'a str,
    /// `None` where all others that were run at the level mostly fail.
    next: Option<Next<'a>>,
}

/// What was measured at one level.
#[derive(Default)]
struct Level<'a> {
    cells: Vec<&'a CellValues>,
    rows: Vec<&'a Comparison>,
}

/// The one behind the winner.
#[derive(PartialEq)]
struct Next<'a> {
    framework: &'a str,
    /// How many times as long it takes.
    factor: f64,
    /// On the winner.
    verdict: Verdict,
}

impl Rule for BestAtLevel {
    fn id(&self) -> &'static str {
        "best-at-level"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.runs.scenarios().into_iter().filter_map(|scenario| self.finding(scenario, evidence)).collect()
    }
}

impl BestAtLevel {
    fn finding(&self, scenario: &str, evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let metric = evidence.ranked_metric();
        let failing: HashSet<u32> = evidence.runs.in_scenario(scenario).flat_map(failing_levels).collect();
        let best: Vec<Best<'_>> = levels_of(scenario, metric, evidence)
            .iter()
            .filter_map(|(level, measured)| best_at(*level, measured, failing.contains(level)))
            .collect();
        let first = best.first()?;
        let alike = best.chunk_by(|a, b| a.framework == b.framework && is_alike(a, b));
        let claims = words.list(alike.filter_map(|levels| claim(levels, words)));
        let is_told = |best: &Best<'_>| best.next.as_ref().is_none_or(|next| next.verdict == Verdict::Better);
        let (name, lowest) = (first.framework, words.metric(metric));
        // Whoever leads by less than noise at each of some levels is no winner there.
        let has_two_winners =
            evidence.crossovers.iter().any(|crossover| crossover.scenario == scenario && crossover.metric == metric);
        let is_first_everywhere = best.iter().all(|best| best.framework == name);
        let advice = if !is_first_everywhere && !has_two_winners {
            words.say(
                "Who comes first changes with the level by no more than noise: this is no order by level.",
                "各级别的第一名只是随噪声变化：不能据此按级别排序。",
            )
        } else if !is_first_everywhere {
            words.say(
                "The order depends on the level: choose by the one that you expect.",
                "名次取决于级别：请按预期的负载选择。",
            )
        } else if best.iter().all(is_told) {
            words.say(
                format!("{name} comes first at each of these levels; nothing is said of others."),
                format!("{name} 在这些级别上都排第一；对其他级别不作判断。"),
            )
        } else {
            words.say(
                format!("{name} comes first at each of these levels, but not everywhere by more than noise."),
                format!("{name} 在这些级别上都排第一，但并非处处超出噪声。"),
            )
        };
        let leaders: HashSet<&str> = best.iter().map(|best| best.framework).collect();
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: Severity::Info,
            frameworks: evidence
                .runs
                .frameworks()
                .into_iter()
                .filter(|name| leaders.contains(name))
                .map(str::to_owned)
                .collect(),
            message: words.in_scenario(scenario)
                + &words.say(
                    format!("lowest {lowest} by {}: {claims}", words.axis()),
                    format!("各{}上最低的{lowest}：{claims}", words.axis()),
                ),
            advice,
            rests_on: Vec::new(),
            evidence: members(json!({
                "metric": metric,
                "levels": best
                    .iter()
                    .map(|best| json!({
                        "concurrency": best.concurrency,
                        "framework": best.framework,
                        "next": best.next.as_ref().map(|next| next.framework),
                        "times_as_fast": best.next.as_ref().map(|next| next.factor),
                        "verdict": best.next.as_ref().map(|next| next.verdict),
                    }))
                    .collect::<Vec<_>>(),
            })),
        })
    }
}

/// Whether the same can be said of two levels.
fn is_alike(a: &Best<'_>, b: &Best<'_>) -> bool {
    let said = |best: &Best<'_>| best.next.as_ref().map(|next| (next.framework.to_owned(), next.verdict));
    said(a) == said(b)
}

/// What there is to say of neighbouring levels of which the same can be said.
fn claim(levels: &[Best<'_>], words: Wording<'_>) -> Option<String> {
    let first = levels.first()?;
    let name = first.framework;
    let at = words.list(levels.iter().map(|best| best.concurrency));
    let Some(next) = &first.next else {
        return Some(words.say(
            format!("{name} at {at} (alone, as the others mostly fail there)"),
            format!("{at} 为 {name}（只有它，其他大多失败）"),
        ));
    };
    let factors = levels.iter().filter_map(|best| Some(best.next.as_ref()?.factor));
    let (low, high) = (factors.clone().fold(f64::INFINITY, f64::min), factors.fold(0.0, f64::max));
    let times = match (significant(low, 3), significant(high, 3)) {
        (low_text, high_text) if low_text == high_text => words.times_as_fast(low, next.framework),
        (low_text, high_text) => words.say(
            format!("{low_text} to {high_text} times as fast as {}", next.framework),
            format!("速度是 {} 的 {low_text} 至 {high_text} 倍", next.framework),
        ),
    };
    let lead = match next.verdict {
        Verdict::Better => times,
        Verdict::Equivalent => {
            words.say(format!("equivalent to {}", next.framework), format!("与 {} 等效", next.framework))
        }
        Verdict::Worse | Verdict::Inconclusive => {
            words.say(format!("{times}, which is not enough to be sure"), format!("{times}，但不足以确定"))
        }
    };
    Some(words.say(format!("{name} at {at} ({lead})"), format!("{at} 为 {name}（{lead}）")))
}

/// What was measured of a scenario by one metric, by level, ascending.
fn levels_of<'a>(scenario: &str, metric: Metric, evidence: &Evidence<'a>) -> BTreeMap<u32, Level<'a>> {
    let mut levels: BTreeMap<u32, Level<'a>> = BTreeMap::new();
    let own = evidence.in_scenario(scenario);
    for cell in own.cells.iter().filter(|cell| cell.metric == metric && cell.is_rankable()) {
        if let Some(level) = cell.key.concurrency {
            levels.entry(level).or_default().cells.push(cell);
        }
    }
    for row in own.comparisons.iter().filter(|row| row.metric == metric) {
        if let Some(level) = row.concurrency.and_then(|level| levels.get_mut(&level)) {
            level.rows.push(row);
        }
    }
    levels
}

fn best_at<'a>(concurrency: u32, level: &Level<'a>, others_fail: bool) -> Option<Best<'a>> {
    let Level { cells, rows } = level;
    let anchor = cells.first()?.key.framework();
    if cells.len() == 1 {
        return others_fail.then_some(Best { concurrency, framework: anchor, next: None });
    }
    let mut to_anchor: HashMap<&str, f64> = HashMap::from([(anchor, 1.0)]);
    for row in rows {
        let name = if row.baseline == anchor { &row.candidate } else { &row.baseline };
        if let Some((ratio, _)) = row.ratio_of(name, anchor) {
            to_anchor.entry(name).or_insert(ratio);
        }
    }
    let names = cells.iter().map(|cell| cell.key.framework());
    let mut by_ratio: Vec<(f64, &str)> = names.filter_map(|name| Some((*to_anchor.get(name)?, name))).collect();
    by_ratio.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let [(_, framework), (_, next), ..] = *by_ratio.as_slice() else { return None };
    let (factor, verdict) = rows.iter().find_map(|row| {
        let (factor, _) = row.ratio_of(next, framework)?;
        Some((factor, row.verdict_on(framework, next)?))
    })?;
    Some(Best { concurrency, framework, next: Some(Next { framework: next, factor, verdict }) })
}
