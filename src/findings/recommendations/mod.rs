//! What follows from the data. One file per rule.

mod best_at_level;
mod capacity;
mod fastest_overall;
mod measure_next;
mod overtakes;
mod scaling_limit;
mod tail_cost;
mod total_time_rises;
mod unsupported_claims;

use super::Rule;

/// What follows from the data.
pub(super) static RULES: &[&dyn Rule] = &[
    &fastest_overall::FastestOverall,
    &best_at_level::BestAtLevel,
    &overtakes::Overtakes,
    &tail_cost::TailCost,
    &capacity::Capacity,
    &scaling_limit::ScalingLimit,
    &total_time_rises::TotalTimeRises,
    &measure_next::MeasureNext,
    &unsupported_claims::UnsupportedClaims,
];
