//! Cells that were measured too seldom to know how much they vary.

use serde_json::json;

use crate::findings::wording::count;
use crate::findings::{Evidence, Finding, Rule, Severity};

/// Too few runs of a cell.
pub(super) struct FewRepetitions;

/// Below this an interval is so wide that it hardly ever says anything.
const ENOUGH: usize = 3;

impl Rule for FewRepetitions {
    fn id(&self) -> &'static str {
        "few-repetitions"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let metric = evidence.ranked_metric();
        let counts: Vec<usize> =
            evidence.cells.iter().filter(|cell| cell.metric == metric).map(|cell| cell.values.count()).collect();
        let few = counts.iter().filter(|&&count| count < ENOUGH).count();
        let single = counts.iter().filter(|&&count| count == 1).count();
        if few == 0 {
            return Vec::new();
        }
        let all = count(counts.len(), "cell");
        let words = evidence.wording();
        let cells = counts.len();
        let message = if cells == 1 {
            let runs: usize = counts.iter().sum();
            words.say(
                format!("the only cell has {}: how much it varies is not known", count(runs, "run")),
                format!("唯一的单元只有 {runs} 次运行：无法知道其波动"),
            )
        } else if single == cells {
            words.say(
                format!("each of the {all} was measured once: a difference can't be told from noise"),
                format!("{cells} 个单元都只测量了一次：无法区分差异与噪声"),
            )
        } else if 0 < single {
            words.say(
                format!("{single} of {all} {} measured once: there a difference can't be told from noise", was(single)),
                format!("{cells} 个单元中有 {single} 个只测量了一次：在那里无法区分差异与噪声"),
            )
        } else {
            words.say(
                format!(
                    "{few} of {all} {} measured only twice: there a difference can hardly be told from noise",
                    was(few)
                ),
                format!("{cells} 个单元中有 {few} 个只测量了两次：在那里很难区分差异与噪声"),
            )
        };
        vec![Finding::trust(self, if 0 < single { Severity::Warning } else { Severity::Notice }, Vec::new(), message, words.say(
                "Measure every cell at least 5 times, one pass over all frameworks and levels after the other, and give \
                 benchplot all records: it then tells noise from difference.",
                "每个单元至少测量 5 次，按轮次依次跑完所有框架和级别，并把全部记录交给 benchplot：这样才能区分噪声与差异。",
            ), json!({"cells": counts.len(), "measured_once": single, "measured_less_than_3_times": few}))]
    }
}

fn was(number: usize) -> &'static str {
    if number == 1 { "was" } else { "were" }
}
