//! The ranked frameworks of each scenario, the fastest first.

use super::{TableData, number, text, with_scenario};
use crate::analysis::{Analysis, Answer, Rival};
use crate::compare::Verdict;
use crate::report::glyphs::Glyphs;
use crate::report::number::{MISSING, ratio};
use crate::report::words::Words;

/// How wide an interval is drawn.
const INTERVAL: usize = 21;

/// Each framework with its shape over the levels, how many times as slow as the first it is, and the verdict. Shapes and
/// drawn intervals are left out where `glyphs` has none.
pub(in crate::report) fn ranking(analysis: &Analysis, glyphs: Glyphs) -> TableData {
    let words = Words(analysis.language);
    let is_drawn = glyphs == Glyphs::Blocks;
    let shown: Vec<&Answer> = analysis.answers.iter().filter(|answer| !answer.rivals.is_empty()).collect();
    let has_intervals = shown.iter().flat_map(|answer| &answer.rivals).any(|rival| rival.ci_low.is_some());
    let mut heads = vec![number("#"), text(words.framework())];
    if is_drawn {
        heads.push(text(words.pick("over levels", "各级别走势")));
    }
    heads.push(number(words.pick("ratio", "比值")));
    if has_intervals {
        if is_drawn {
            heads.push(text(""));
        }
        heads.push(number(words.interval_head(&words.percent(1.0 - analysis.alpha))));
    }
    heads.push(text(words.verdict_head()));

    let mut rows = Vec::new();
    for answer in &shown {
        let scale = scale(answer);
        let tier = |name: &str| {
            let ranking = analysis.ranking.iter().find(|ranking| ranking.scenario == answer.scenario)?;
            let before = ranking.tiers.iter().take_while(|tier| !tier.iter().any(|other| other == name));
            Some(1 + before.map(Vec::len).sum::<usize>())
        };
        let mut add = |name: &str, rival: Option<&Rival>| {
            let mut cells =
                vec![tier(name).map_or_else(|| MISSING.to_owned(), |tier| tier.to_string()), name.to_owned()];
            if is_drawn {
                cells.push(glyphs.sparkline(&shape(analysis, answer, name)));
            }
            let factor = rival.map_or(Some(1.0), |rival| rival.factor);
            cells.push(factor.map_or_else(|| MISSING.to_owned(), ratio));
            if has_intervals {
                let ends = rival.and_then(|rival| Some((rival.ci_low?, rival.factor?, rival.ci_high?)));
                if is_drawn {
                    let logs = |(low, middle, high): (f64, f64, f64)| (low.ln(), middle.ln(), high.ln());
                    cells.push(ends.map_or_else(String::new, |ends| glyphs.interval(logs(ends), scale, INTERVAL)));
                }
                cells.push(ends.map_or_else(String::new, |(low, _, high)| format!("{} – {}", ratio(low), ratio(high))));
            }
            cells.push(rival.map_or_else(String::new, |rival| verdict(rival.verdict, words)));
            rows.push(with_scenario(analysis, answer.scenario.clone(), cells));
        };
        add(&answer.leader, None);
        answer.rivals.iter().for_each(|rival| add(&rival.framework, Some(rival)));
    }
    TableData { heads: with_scenario(analysis, text(words.scenario()), heads), rows, note: unranked(analysis, words) }
}

fn verdict(verdict: Verdict, words: Words) -> String {
    words.verdict(verdict).to_owned()
}

/// The values of a framework over the levels.
fn shape(analysis: &Analysis, answer: &Answer, name: &str) -> Vec<Option<f64>> {
    let own = |level: u32| {
        analysis.cells.iter().find(|cell| {
            cell.concurrency == Some(level)
                && cell.framework == name
                && cell.scenario == answer.scenario
                && cell.metric == answer.metric
        })
    };
    analysis.concurrency_levels.iter().map(|level| own(*level).map(|cell| cell.mean)).collect()
}

/// The ends of the scale on which the intervals of a scenario are drawn, as logarithms; 1 is on it.
fn scale(answer: &Answer) -> (f64, f64) {
    let ends = answer.rivals.iter().flat_map(|rival| [rival.ci_low, rival.ci_high]).flatten();
    ends.map(f64::ln).fold((0.0, 0.0), |(low, high), end| (f64::min(low, end), f64::max(high, end)))
}

fn unranked(analysis: &Analysis, words: Words) -> Option<String> {
    let names: Vec<&str> = analysis.ranking.iter().flat_map(|ranking| &ranking.unranked).map(String::as_str).collect();
    (!names.is_empty()).then(|| {
        let names = words.list(&names);
        words.pick(
            format!("not ranked (no level in common, errors, or no times): {names}"),
            format!("未参与排名（没有共同级别、有错误或没有时间）：{names}"),
        )
    })
}
