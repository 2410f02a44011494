//! Whether the data can be believed. One file per rule.

mod coarse_clock;
mod contradiction;
mod coordinated_omission;
mod dead_run;
mod drift;
mod error_rate;
mod errors_in_throughput;
mod few_repetitions;
mod high_variation;
mod identical_runs;
mod impossible_latencies;
mod littles_law;
mod measured_apart;
mod measured_in_blocks;
mod missing_cell;
mod mixed_axis;
mod mixed_tools;
mod one_level;
mod outlier;
mod overlapping_runs;
mod shared_plateau;
mod short_run;
mod stall;
mod uncounted_errors;
mod uneven_answers;
mod uneven_levels;
mod uneven_work;
mod unknown_concurrency;
mod warm_up;
mod warm_up_skipped;

use super::Rule;

/// Whether the data can be believed.
pub(super) static RULES: &[&dyn Rule] = &[
    &dead_run::DeadRun,
    &error_rate::ErrorRate,
    &errors_in_throughput::ErrorsInThroughput,
    &contradiction::Contradiction,
    &impossible_latencies::ImpossibleLatencies,
    &littles_law::LittlesLaw,
    &coordinated_omission::CoordinatedOmission,
    &shared_plateau::SharedPlateau,
    &drift::Drift,
    &overlapping_runs::OverlappingRuns,
    &measured_in_blocks::MeasuredInBlocks,
    &measured_apart::MeasuredApart,
    &mixed_tools::MixedTools,
    &mixed_axis::MixedAxis,
    &uneven_work::UnevenWork,
    &uneven_answers::UnevenAnswers,
    &short_run::ShortRun,
    &few_repetitions::FewRepetitions,
    &high_variation::HighVariation,
    &outlier::Outlier,
    &missing_cell::MissingCell,
    &uneven_levels::UnevenLevels,
    &identical_runs::IdenticalRuns,
    &coarse_clock::CoarseClock,
    &unknown_concurrency::UnknownConcurrency,
    &one_level::OneLevel,
    &uncounted_errors::UncountedErrors,
    &stall::Stall,
    &warm_up::WarmUp,
    &warm_up_skipped::WarmUpSkipped,
];
