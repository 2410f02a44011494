//! The first lines of a report: who leads, whether to believe it, the best load, and what to measure next.

use std::cmp::Reverse;

use super::doubt::short;
use super::number::significant;
use super::words::Words;
use crate::analysis::{Analysis, Answer, BestLoad, LevelLead, Rival};
use crate::compare::Verdict;
use crate::findings::{Finding, Kind, Severity};

/// One line of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What the line is about, such as `Fastest`.
    pub(super) label: &'static str,
    /// The sentence, without its full stop.
    pub(super) text: String,
}

/// Scenarios, frameworks and doubts that are named before the rest is counted.
const MOST_NAMED: usize = 4;

/// The lines that the data has an answer for, in the order of the questions.
pub(super) fn answer(analysis: &Analysis) -> Vec<Line> {
    let words = Words(analysis.language);
    let mut lines = Vec::new();
    let mut add = |label, text: Option<String>| lines.extend(text.map(|text| Line { label, text }));
    add(words.pick("Fastest", "最快"), fastest(analysis, words));
    add(words.pick("Believe it?", "可信吗？"), Some(believed(analysis, words)));
    add(words.pick("Best load", "最佳负载"), best_load(analysis, words));
    add(words.pick("Next", "下一步"), next(analysis, words));
    lines
}

fn fastest(analysis: &Analysis, words: Words) -> Option<String> {
    let rivals = |answer: &&Answer| !answer.rivals.is_empty();
    let answers: Vec<&Answer> = analysis.answers.iter().filter(rivals).collect();
    let sentence = |answer: &&Answer| {
        let lead = leader(answer, analysis, words);
        if answer.scenario.is_empty() { lead } else { format!("{}{}{lead}", answer.scenario, words.pick(": ", "：")) }
    };
    let named: Vec<String> = answers.iter().take(MOST_NAMED).map(sentence).collect();
    (!named.is_empty()).then(|| with_rest(named, answers.len(), words.pick("; ", "；"), words))
}

/// The items, and how many more there are.
fn with_rest(mut named: Vec<String>, all: usize, between: &str, words: Words) -> String {
    if let Some(more) = all.checked_sub(named.len()).filter(|more| 0 < *more) {
        named.push(words.pick(format!("and {more} more"), format!("另有 {more} 项")));
    }
    named.join(between)
}

/// Who leads one scenario.
pub(super) fn leader(answer: &Answer, analysis: &Analysis, words: Words) -> String {
    let name = answer.leader.as_str();
    if !answer.has_repetitions {
        return unproven(answer, words);
    }
    let told = |verdict: Verdict| answer.rivals.iter().filter(move |rival| rival.verdict == verdict);
    let equal: Vec<&str> = told(Verdict::Equivalent).map(|rival| rival.framework.as_str()).collect();
    let open: Vec<&str> = told(Verdict::Inconclusive).map(|rival| rival.framework.as_str()).collect();
    let beaten: Vec<&Rival> = told(Verdict::Worse).collect();
    let margin = words.percent(analysis.min_effect);
    let mut parts = vec![match (equal.as_slice(), open.as_slice()) {
        ([], []) => words.pick(format!("{name} is fastest"), format!("{name} 最快")),
        (_, []) => words.pick(
            format!("{name} and {} tie for first: they differ by less than {margin}", words.list(&equal)),
            format!("{name} 与 {} 并列第一：差距小于 {margin}", words.list(&equal)),
        ),
        _ => words.pick(
            format!("{name} is ahead, but its lead over {} is not proven", words.list(&open)),
            format!("{name} 领先，但对 {} 的领先尚未得到证实", words.list(&open)),
        ),
    }];
    let is_alone = equal.is_empty() && open.is_empty();
    if let Some(factors) = factors(&beaten, words) {
        parts.push(factors);
    }
    let first =
        parts.join(words.pick(if is_alone { ": overall " } else { ", " }, if is_alone { "：总体" } else { "，" }));
    match levels(answer, is_alone, words) {
        Some(levels) => format!("{first}{}{levels}", words.pick("; ", "；")),
        None => first,
    }
}

/// A lead without repetitions.
fn unproven(answer: &Answer, words: Words) -> String {
    let name = answer.leader.as_str();
    let ahead = answer.levels.iter().filter(|level| 1.0 < level.factor).count();
    let all = answer.levels.len();
    let factors = answer.rivals.first().and_then(|second| Some((second, second.factor?)));
    let by = factors.map_or_else(String::new, |(second, factor)| {
        words.pick(
            format!(", {} overall", words.times_as_fast(factor, &second.framework)),
            format!("，总体{}", words.times_as_fast(factor, &second.framework)),
        )
    });
    let at = match (ahead, all) {
        (_, 0 | 1) => String::new(),
        (ahead, all) if ahead == all => words.pick(format!(" at all {all} levels"), format!("（全部 {all} 个级别）")),
        (ahead, all) => words.pick(format!(" at {ahead} of {all} levels"), format!("（{all} 个级别中的 {ahead} 个）")),
    };
    words.pick(
        format!("{name} is ahead{at}{by}; every cell was measured once, so this is not proven"),
        format!("{name} 领先{at}{by}；每个单元只测量了一次，尚未得到证实"),
    )
}

/// By how much the leader beats those that it beats: the next one with its interval, and the last.
fn factors(beaten: &[&Rival], words: Words) -> Option<String> {
    let (next, others) = beaten.split_first()?;
    let factor = next.factor?;
    let times = words.times_as_fast(factor, &next.framework);
    let interval = next.ci_low.zip(next.ci_high).map_or_else(String::new, |(low, high)| {
        let ends = words.interval(low, high);
        words.pick(format!(" ({ends})"), format!("（{ends}）"))
    });
    let last = others.last().and_then(|last| Some(words.times_as_fast(last.factor?, &last.framework)));
    let last = last.map_or_else(String::new, |last| words.pick(format!(" and {last}"), format!("，{last}")));
    Some(format!("{times}{interval}{last}"))
}

/// Where the lead holds, and where it does not.
fn levels(answer: &Answer, is_alone: bool, words: Words) -> Option<String> {
    let all = answer.levels.len();
    if all < 2 {
        return None;
    }
    let clear: Vec<u32> = levels_where(answer, |level| level.is_clear);
    let behind: Vec<&LevelLead> = answer.levels.iter().filter(|level| !level.beaten_by.is_empty()).collect();
    let highest = answer.levels.last().map(|level| level.concurrency);
    let from = clear.first().copied().filter(|_| {
        clear.last().copied() == highest
            && answer.levels.iter().skip_while(|level| !level.is_clear).all(|level| level.is_clear)
    });
    let clear = match (clear.as_slice(), from) {
        ([], _) => is_alone
            .then(|| words.pick("no clear lead at any single level", "在任何单个级别上都没有明确领先").to_owned()),
        (clear, _) if clear.len() == all => {
            Some(words.pick(format!("a clear lead at all {all} levels"), format!("在全部 {all} 个级别上明确领先")))
        }
        ([only], _) => Some(words.pick(format!("a clear lead only at {only}"), format!("仅在 {only} 处明确领先"))),
        (_, Some(from)) => Some(words.pick(format!("a clear lead from {from} on"), format!("自 {from} 起明确领先"))),
        (clear, None) => Some(
            words
                .pick(format!("a clear lead at {}", words.list(clear)), format!("在 {} 处明确领先", words.list(clear))),
        ),
    };
    let behind = behind.split_first().map(|(first, _)| {
        let winners = words.list(&first.beaten_by);
        let at: Vec<u32> = behind.iter().map(|level| level.concurrency).collect();
        words.pick(
            format!("but {winners} is faster at {}", words.list(&at)),
            format!("但在 {} 处 {winners} 更快", words.list(&at)),
        )
    });
    let parts: Vec<String> = clear.into_iter().chain(behind).collect();
    (!parts.is_empty()).then(|| parts.join(words.pick(", ", "，")))
}

fn levels_where(answer: &Answer, is_wanted: impl Fn(&LevelLead) -> bool) -> Vec<u32> {
    answer.levels.iter().filter(|level| is_wanted(level)).map(|level| level.concurrency).collect()
}

fn believed(analysis: &Analysis, words: Words) -> String {
    let mut doubts: Vec<&Finding> = analysis.findings.iter().filter(|finding| finding.kind == Kind::Trust).collect();
    doubts.sort_by_key(|finding| Reverse(finding.severity));
    let worst = doubts.first().map(|finding| finding.severity);
    let mut named: Vec<String> = Vec::new();
    for finding in &doubts {
        let phrase = short(&finding.id, words);
        if !named.contains(&phrase) {
            named.push(phrase);
        }
    }
    let all = named.len();
    named.truncate(MOST_NAMED);
    let named = with_rest(named, all, words.pick(", ", "、"), words);
    match worst {
        None => words.pick("yes: no check found a problem", "可信：各项检查均未发现问题").to_owned(),
        Some(Severity::Info | Severity::Notice) => words.pick(format!("mostly: {named}"), format!("基本可信：{named}")),
        Some(Severity::Warning) => words.pick(format!("with care: {named}"), format!("需谨慎：{named}")),
        Some(Severity::Critical) => words.pick(format!("not as it stands: {named}"), format!("目前不可信：{named}")),
    }
}

fn best_load(analysis: &Analysis, words: Words) -> Option<String> {
    let first = analysis.answers.first();
    let scenario = first.map_or("", |answer| answer.scenario.as_str());
    let order: Vec<&str> = first
        .map(|answer| {
            std::iter::once(&answer.leader)
                .chain(answer.rivals.iter().map(|rival| &rival.framework))
                .map(String::as_str)
        })
        .into_iter()
        .flatten()
        .collect();
    let place = |load: &&BestLoad| order.iter().position(|name| *name == load.framework).unwrap_or(usize::MAX);
    let mut loads: Vec<&BestLoad> = analysis.best_loads.iter().filter(|load| load.scenario == scenario).collect();
    loads.sort_by_key(place);
    let axis = words.level(&analysis.axis);
    let highest = analysis.concurrency_levels.last()?;
    if loads.is_empty() {
        return None;
    }
    if loads.iter().all(|load| load.is_highest && load.concurrency == *highest) {
        return Some(words.pick(
            format!("throughput still grows at {axis} {highest}, the highest level measured"),
            format!("在测量的最高级别（{axis} {highest}）吞吐量仍在增长"),
        ));
    }
    let load_of = |load: &&BestLoad| {
        let rate = significant(load.throughput);
        let fails = load.fails_from.map_or_else(String::new, |level| {
            words.pick(format!(", requests fail from {level} on"), format!("，{level} 起出现失败"))
        });
        let (name, level) = (&load.framework, load.concurrency);
        let more = if load.is_highest { words.pick(" or more", " 或更高") } else { "" };
        words.pick(
            format!("{level}{more} for {name} ({rate}/s{fails})"),
            format!("{name} {level}{more}（{rate}/s{fails}）"),
        )
    };
    let named: Vec<String> = loads.iter().take(MOST_NAMED).map(load_of).collect();
    let list = with_rest(named, loads.len(), words.pick(", ", "，"), words);
    Some(words.pick(format!("{axis} {list}"), format!("{axis}：{list}")))
}

fn next(analysis: &Analysis, words: Words) -> Option<String> {
    let mut wishes = analysis.findings.iter().filter(|finding| finding.id == "measure-next");
    let first = wishes.next()?.message.clone();
    Some(with_rest(vec![first], 1 + wishes.count(), words.pick("; ", "；"), words))
}
