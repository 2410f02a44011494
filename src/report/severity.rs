//! The order in which changes are shown where not all of them can be: the worst first.

use crate::analysis::ChangeAnalysis;
use crate::compare::{Change, Outcome, OutcomeCounts};
use crate::record::Direction;

/// All rows, the worst first: by outcome, then by how far the candidate is to the bad, then in the order of the analysis.
pub(super) fn worst_first(changes: &ChangeAnalysis) -> Vec<&Change> {
    let mut rows: Vec<&Change> = changes.changes.iter().collect();
    rows.sort_by(|a, b| a.outcome.cmp(&b.outcome).then_with(|| to_the_bad(b).total_cmp(&to_the_bad(a))));
    rows
}

/// How far the candidate is to the bad, as a logarithm of the ratio or as a difference; nothing known is no way.
fn to_the_bad(change: &Change) -> f64 {
    let upwards = change.ratio.filter(|ratio| 0.0 < *ratio).map(f64::ln).or(change.difference).unwrap_or_default();
    match change.metric.direction() {
        Direction::LowerIsBetter => upwards,
        Direction::HigherIsBetter => -upwards,
        Direction::Unclear => 0.0,
    }
}

/// How many series there are of each outcome: rows over all levels, of all metrics and candidates.
pub(super) fn outcome_counts<'a>(rows: impl IntoIterator<Item = &'a Change>) -> OutcomeCounts {
    let mut counts = OutcomeCounts::default();
    for row in rows.into_iter().filter(|row| row.is_overall()) {
        counts.add(row.outcome);
    }
    counts
}

/// The counts with their outcomes, the worst first.
pub(super) fn by_outcome(counts: OutcomeCounts) -> [(Outcome, usize); 6] {
    [
        (Outcome::Worse, counts.worse),
        (Outcome::Missing, counts.missing),
        (Outcome::Inconclusive, counts.inconclusive),
        (Outcome::New, counts.new),
        (Outcome::Equivalent, counts.equivalent),
        (Outcome::Better, counts.better),
    ]
}
