//! Cells that were measured too seldom to know how much they vary.

use serde_json::json;

use super::wording::{count, members};
use super::{Evidence, Finding, Kind, Rule, Severity};

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
        let message = if counts.len() == 1 {
            format!("the only cell has {}: how much it varies is not known", count(counts.iter().sum(), "run"))
        } else if single == counts.len() {
            format!("each of the {all} was measured once: a difference can't be told from noise")
        } else if 0 < single {
            format!("{single} of {all} {} measured once: there a difference can't be told from noise", was(single))
        } else {
            format!("{few} of {all} {} measured only twice: there a difference can hardly be told from noise", was(few))
        };
        vec![Finding {
            id: self.id().to_owned(),
            kind: Kind::Trust,
            severity: if 0 < single { Severity::Warning } else { Severity::Notice },
            frameworks: Vec::new(),
            message,
            advice:
                "Measure every cell at least 5 times, one pass over all frameworks and levels after the other, and \
                     give benchplot all records: it then tells noise from difference."
                    .to_owned(),
            evidence: members(
                json!({"cells": counts.len(), "measured_once": single, "measured_less_than_3_times": few}),
            ),
        }]
    }
}

fn was(number: usize) -> &'static str {
    if number == 1 { "was" } else { "were" }
}
