//! Which framework is fastest over all levels that the ranked ones share, and by what factor.

use serde_json::json;

use crate::compare::{Comparison, Ranked, Verdict};
use crate::findings::wording::{Wording, count, members, percent, significant};
use crate::findings::{Evidence, Finding, Kind, Rule, Severity, failing_levels};
use crate::record::Run;
use crate::stats::{TOO_FAULTY_TO_RANK, error_rate};

/// The first of the ranking, against each of the others.
pub(super) struct FastestOverall;

/// Up to this share of failed requests, they are no part of the answer.
const NO_ERRORS: f64 = 0.001;

/// What can be said of the first against one of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// It is faster, by enough to matter.
    Told,
    /// Any difference is too small to matter.
    None,
    /// It is faster, but perhaps by too little to matter.
    Small,
    /// It is faster at some levels and slower at others.
    Depends,
    /// The difference can't be told from noise.
    Untold,
    /// Nothing is known of the noise.
    Unknown,
}

impl Rule for FastestOverall {
    fn id(&self) -> &'static str {
        "fastest-overall"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        evidence.rankings.iter().filter_map(|ranked| self.finding(ranked, evidence)).collect()
    }
}

impl FastestOverall {
    fn finding(&self, ranked: &Ranked, evidence: &Evidence<'_>) -> Option<Finding> {
        let words = evidence.wording();
        let ranking = &ranked.ranking;
        let first = ranking.tiers.first()?.first()?;
        if ranked.against_first.is_empty() {
            return None;
        }
        let series = evidence.runs.of(first, &ranking.scenario)?;
        let failing: Vec<u32> = failing_levels(series).collect();
        let fails_at = |name: &String, level: u32| {
            let other = evidence.runs.of(name, &ranking.scenario);
            other.is_some_and(|other| failing_levels(other).any(|failing| failing == level))
        };
        let all_fail = failing.iter().all(|level| ranking.tiers.iter().flatten().all(|name| fails_at(name, *level)));
        let errors = Errors::of(series.iter());
        let leads: Vec<Lead> = ranked.against_first.iter().map(lead).collect();
        let is_told = leads.iter().all(|lead| *lead == Lead::Told);
        let is_settled = leads.iter().all(|lead| matches!(lead, Lead::Told | Lead::None | Lead::Depends));
        Some(Finding {
            id: self.id().to_owned(),
            kind: Kind::Recommendation,
            severity: match (failing.is_empty(), &errors, is_settled) {
                (false, ..) => Severity::Warning,
                (true, Some(errors), _) => errors.severity(),
                (true, None, false) => Severity::Notice,
                (true, None, true) => Severity::Info,
            },
            frameworks: vec![first.clone()],
            message: message(first, ranked, &leads, &failing, evidence),
            advice: if let [_, ..] = failing.as_slice() {
                let levels = words.list(failing.iter().map(|level| words.at_level(Some(*level))));
                if all_fail {
                    words.say(
                        format!("None of them is for a load as {levels}: all fail there."),
                        format!("{levels}都不可选：它们在那里全部失败。"),
                    )
                } else {
                    words.say(
                        format!("Do not choose {first} for a load as {levels}: it fails there."),
                        format!("{levels}不要选择 {first}：它在那里失败。"),
                    )
                }
            } else if let Some(errors) = &errors {
                let share = errors.share(words);
                words.say(
                    format!("Look at its errors before its speed: {share} of its requests failed."),
                    format!("先看它的错误，再看速度：{share} 的请求失败。"),
                )
            } else if is_told && differs_at_levels(first, ranked, evidence, Verdict::Worse) {
                words.say(
                    format!(
                        "Choose {first} where this metric decides, and look at the levels: it is not first at all of them."
                    ),
                    format!("若以此指标为准，选择 {first}，但请看各级别：它并非在每个级别上都最快。"),
                )
            } else if is_told {
                words.say(
                    format!("Choose {first} where this metric decides."),
                    format!("若以此指标为准，选择 {first}。"),
                )
            } else if is_settled {
                settled_advice(first, ranked, &leads, evidence)
            } else {
                unsettled_advice(first, ranked, &leads, words)
            },
            rests_on: Vec::new(),
            evidence: members(json!({
                "metric": ranking.metric,
                "concurrency_levels": ranking.concurrency_levels,
                "tiers": ranking.tiers,
                "unranked": ranking.unranked,
                "failing_levels": failing,
                "failed": errors.as_ref().map(|errors| errors.share(words)),
                "against": ranked
                    .against_first
                    .iter()
                    .map(|row| json!({
                        "framework": row.candidate,
                        "times_as_fast": row.ratio,
                        "ci_low": row.ci_low,
                        "ci_high": row.ci_high,
                        "verdict": row.verdict.flipped(),
                    }))
                    .collect::<Vec<_>>(),
            })),
        })
    }
}

/// What failed of the requests of the first.
enum Errors {
    /// This share.
    Share(f64),
    /// Some, of an unknown number.
    OfUnknown,
}

impl Errors {
    /// `None` where nothing failed, as far as is known.
    fn of<'r>(runs: impl Iterator<Item = &'r Run> + Clone) -> Option<Self> {
        let has_errors = || runs.clone().any(|run| run.error_count.is_some_and(|errors| 0 < errors));
        match error_rate(runs.clone()) {
            Some(rate) => (NO_ERRORS < rate).then_some(Self::Share(rate)),
            None => has_errors().then_some(Self::OfUnknown),
        }
    }

    fn severity(&self) -> Severity {
        match self {
            Self::Share(rate) if *rate < TOO_FAULTY_TO_RANK => Severity::Notice,
            Self::Share(_) | Self::OfUnknown => Severity::Warning,
        }
    }

    fn share(&self, words: Wording<'_>) -> String {
        match self {
            Self::Share(rate) => percent(*rate),
            Self::OfUnknown => words.say("an unknown share", "未知比例"),
        }
    }
}

/// `row` has the first as its baseline.
fn lead(row: &Comparison) -> Lead {
    match (row.verdict, row.ci_low) {
        (Verdict::Worse | Verdict::Better, _) => Lead::Told,
        (Verdict::Equivalent, _) => Lead::None,
        (Verdict::Inconclusive, _) if row.depends_on_level => Lead::Depends,
        (Verdict::Inconclusive, Some(low)) if 1.0 < low && row.is_real => Lead::Small,
        (Verdict::Inconclusive, Some(_)) => Lead::Untold,
        (Verdict::Inconclusive, None) => Lead::Unknown,
    }
}

fn message(first: &str, ranked: &Ranked, leads: &[Lead], failing: &[u32], evidence: &Evidence<'_>) -> String {
    let words = evidence.wording();
    let ranking = &ranked.ranking;
    let level = significant((1.0 - evidence.decision.alpha) * 100.0, 4);
    let factors = words.list(ranked.against_first.iter().map(|row| {
        let times = words.times_as_fast(row.ratio, &row.candidate);
        let Some(ends) = row.ci_low.zip(row.ci_high) else { return times };
        let ends = words.interval(ends);
        words.say(format!("{times} ({level} % interval {ends})"), format!("{times}（{level} % 区间 {ends}）"))
    }));
    let with = |lead: Lead| names(ranked, leads, lead, words);
    let basis = basis(ranked, words);
    let mut parts = vec![if leads.iter().all(|lead| *lead == Lead::Told) {
        words.say(
            format!("{first} is fastest overall, {factors} ({basis})"),
            format!("{first} 总体最快，{factors}（{basis}）"),
        )
    } else {
        words.say(
            format!("{first} is first overall, {factors} ({basis})"),
            format!("{first} 总体排第一，{factors}（{basis}）"),
        )
    }];
    if let Some(names) = with(Lead::None) {
        let margin = percent(evidence.decision.min_effect);
        parts.push(
            words.say(
                format!("within ±{margin} of {names} it is equivalent"),
                format!("在 ±{margin} 之内与 {names} 等效"),
            ),
        );
    }
    if let Some(names) = with(Lead::Depends) {
        parts.push(words.say(
            format!("which of it and {names} is faster depends on the level"),
            format!("它与 {names} 哪个更快取决于级别"),
        ));
    }
    if let Some(names) = with(Lead::Small) {
        parts.push(words.say(
            format!("it is ahead of {names}, but perhaps by too little to matter"),
            format!("它领先 {names}，但差距可能小到无关紧要"),
        ));
    }
    if let Some(names) = with(Lead::Untold) {
        parts.push(words.say(format!("it can't be told apart from {names}"), format!("无法与 {names} 区分")));
    }
    if with(Lead::Unknown).is_some() {
        parts.push(if has_single_runs(ranked, evidence) {
            words.say("without repetitions this can't be told from noise", "没有重复测量，无法与噪声区分")
        } else {
            words.say(
                "the repetitions do not vary at all, so nothing is known of the noise",
                "重复测量的结果完全相同，因此对噪声一无所知",
            )
        });
    }
    if !failing.is_empty() {
        let levels = words.list(failing);
        parts.push(words.say(
            format!("most of its requests failed at {} {levels}", words.axis()),
            format!("{} {levels} 时大部分请求失败", words.axis()),
        ));
    }
    if !ranking.unranked.is_empty() {
        let names = words.list(&ranking.unranked);
        parts.push(words.say(
            format!(
                "not ranked, as they were not measured at all of these levels or have no times that count: {names}"
            ),
            format!("未参与排名（没有在所有这些级别上测量，或没有有效时间）：{names}"),
        ));
    }
    words.in_scenario(&ranking.scenario) + &parts.join(words.language.pick("; ", "；"))
}

/// What the first is first by.
fn basis(ranked: &Ranked, words: Wording<'_>) -> String {
    let metric = words.metric(ranked.ranking.metric);
    let common = ranked.ranking.concurrency_levels.len();
    let compared = ranked.against_first.iter().map(|row| row.levels).min().unwrap_or_default();
    match common {
        0 => metric.to_string(),
        _ if compared < common => words.say(
            format!("geometric mean of {metric} over those of the {common} common levels that have repetitions"),
            format!("{common} 个共有级别中有重复测量者的{metric}的几何平均值"),
        ),
        _ => words.say(
            format!("geometric mean of {metric} over {}", count(common, "common level")),
            format!("{common} 个共有级别上{metric}的几何平均值"),
        ),
    }
}

/// The others of which this can be said.
fn names(ranked: &Ranked, leads: &[Lead], wanted: Lead, words: Wording<'_>) -> Option<String> {
    let names: Vec<&str> = ranked
        .against_first
        .iter()
        .zip(leads)
        .filter(|(_, lead)| **lead == wanted)
        .map(|(row, _)| row.candidate.as_str())
        .collect();
    (!names.is_empty()).then(|| words.list(names))
}

/// Whether one of the cells behind the ranking has a single run.
fn has_single_runs(ranked: &Ranked, evidence: &Evidence<'_>) -> bool {
    let ranking = &ranked.ranking;
    evidence.cells.iter().any(|cell| {
        cell.key.scenario() == ranking.scenario
            && cell.metric == ranking.metric
            && cell.values.count() == 1
            && ranking.tiers.iter().flatten().any(|name| *name == cell.key.framework())
    })
}

/// Whether the first is told apart from another at some level in either direction.
fn differs_at_levels(first: &str, ranked: &Ranked, evidence: &Evidence<'_>, wanted: Verdict) -> bool {
    let ranking = &ranked.ranking;
    evidence.comparisons.iter().any(|row| {
        let others = [&row.baseline, &row.candidate];
        !row.is_overall()
            && row.scenario == ranking.scenario
            && row.metric == ranking.metric
            && others.into_iter().any(|other| row.verdict_on(first, other) == Some(wanted))
    })
}

fn settled_advice(first: &str, ranked: &Ranked, leads: &[Lead], evidence: &Evidence<'_>) -> String {
    let words = evidence.wording();
    let equals = names(ranked, leads, Lead::None, words).unwrap_or_default();
    let metric = words.metric(ranked.ranking.metric);
    if let Some(others) = names(ranked, leads, Lead::Depends, words) {
        words.say(
            format!("Choose between {first} and {others} by the load that you expect: each is faster at some levels."),
            format!("按预期的负载在 {first} 与 {others} 之间选择：它们各在一些级别上更快。"),
        )
    } else {
        words.say(
            format!("Choose between {first} and {equals} by something other than {metric}."),
            format!("请以{metric}之外的标准在 {first} 与 {equals} 之间选择。"),
        )
    }
}

fn unsettled_advice(first: &str, ranked: &Ranked, leads: &[Lead], words: Wording<'_>) -> String {
    let open = [Lead::Small, Lead::Untold, Lead::Unknown];
    let is_open = |(_, lead): &(&Comparison, &Lead)| open.contains(lead);
    let rows = || ranked.against_first.iter().zip(leads).filter(is_open).map(|(row, _)| row);
    let open = words.list(rows().map(|row| &row.candidate));
    if rows().all(|row| row.ci_low.is_some() && row.repetitions_needed.is_none()) {
        return words.say(
            format!(
                "Choose between {first} and {open} by something else: not even 100 runs of every cell would settle this, as the \
                 difference is too close to what matters (--min-effect) or the runs vary too much."
            ),
            format!(
                "请以其他标准在 {first} 与 {open} 之间选择：每个单元即使运行 100 次也难以判定，因为差异太接近有意义的界限\
                 （--min-effect），或各次运行波动太大。"
            ),
        );
    }
    words.say(
        format!(
            "Do not choose between {first} and {open} by this yet. Measure more repetitions of every cell, one pass over \
             all frameworks and levels after the other, until the interval leaves out what does not matter (--min-effect) \
             or fits into it."
        ),
        format!(
            "暂时不要据此在 {first} 与 {open} 之间选择。请按轮次依次跑完所有框架和级别，为每个单元增加重复测量，直到区间\
             排除无关紧要的差异（--min-effect），或完全落在其中。"
        ),
    )
}
