//! How often benchplot finds a difference where there is none, and where there is one.

use benchplot::compare::{Comparison, Decision, Verdict, compare_pair};
use benchplot::record::{CellKey, Metric};
use benchplot::stats::{CellValues, SplitMix64, Values};

use super::noise::Noise;

/// What many comparisons of two frameworks at several levels gave, as shares.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Found {
    /// Comparisons in which any row is better or worse.
    pub(crate) any: f64,
    /// Rows over all levels that are better or worse.
    pub(crate) overall: f64,
    /// Rows of a level that are better or worse.
    pub(crate) levels: f64,
    /// Rows of either kind that are equivalent.
    pub(crate) equivalent: f64,
    /// Intervals over all levels that contain the truth.
    pub(crate) coverage: f64,
    /// Intervals of a level that contain the truth.
    pub(crate) level_coverage: f64,
}

pub(crate) const LEVELS: [u32; 5] = [10, 25, 50, 100, 200];

/// Compares two frameworks, the candidate `ratio` times as slow at every level. `noise` and repetitions are drawn anew for
/// each comparison.
pub(crate) fn verdicts(
    comparisons: usize,
    ratio: f64,
    noise: impl Fn(&mut SplitMix64) -> Noise,
    repetitions: impl Fn(&mut SplitMix64) -> usize,
    seed: u64,
) -> Found {
    let mut random = SplitMix64::new(seed);
    let decision = Decision::default();
    let mut found = Found::default();
    for _ in 0..comparisons {
        let (noise, n) = (noise(&mut random), repetitions(&mut random));
        let cells = |name: &str, ratio: f64, random: &mut SplitMix64| -> Vec<CellValues> {
            LEVELS.iter().map(|level| cell(name, *level, ratio, &noise.draws(n, random))).collect()
        };
        let (a, b) = (cells("a", 1.0, &mut random), cells("b", ratio, &mut random));
        let rows = compare_pair(&a.iter().collect::<Vec<_>>(), &b.iter().collect::<Vec<_>>(), &decision);
        let (overall, levels) = rows.split_first().unwrap();
        let share =
            |is: &dyn Fn(&Comparison) -> bool| levels.iter().filter(|row| is(row)).count() as f64 / levels.len() as f64;
        let is_called = |row: &Comparison| matches!(row.verdict, Verdict::Better | Verdict::Worse);
        let contains = |row: &Comparison| row.ci_low.unwrap() <= ratio && ratio <= row.ci_high.unwrap();
        let is_equivalent = |row: &Comparison| row.verdict == Verdict::Equivalent;
        let all = rows.len() as f64;
        found.any += f64::from(u8::from(rows.iter().any(is_called)));
        found.overall += f64::from(u8::from(is_called(overall)));
        found.levels += share(&is_called);
        found.equivalent += rows.iter().filter(|row| is_equivalent(row)).count() as f64 / all;
        found.coverage += f64::from(u8::from(contains(overall)));
        found.level_coverage += share(&contains);
    }
    let count = comparisons as f64;
    Found {
        any: found.any / count,
        overall: found.overall / count,
        levels: found.levels / count,
        equivalent: found.equivalent / count,
        coverage: found.coverage / count,
        level_coverage: found.level_coverage / count,
    }
}

fn cell(framework: &str, level: u32, ratio: f64, times: &[f64]) -> CellValues {
    CellValues {
        key: CellKey::new(framework, "", Some(level)),
        metric: Metric::AvgTimePerRequest,
        values: Values::new(times.iter().map(|time| ratio * time)).unwrap(),
        error_rate: None,
        fails_unknowably: false,
    }
}
