//! What the levels say without a law: efficiency and saturation.

use super::LevelEfficiency;
use super::series::Level;

/// The share of the best throughput at which a level counts as saturated.
const SATURATED: f64 = 0.95;

/// Every level with what is left of linear growth from the lowest one on. Levels are ascending.
pub(super) fn efficiency(levels: &[Level]) -> Vec<LevelEfficiency> {
    let base = levels.first().map(|level| level.values.mean() / f64::from(level.concurrency));
    levels
        .iter()
        .map(|level| {
            let throughput = level.values.mean();
            let efficiency = base.map(|base| throughput / f64::from(level.concurrency) / base);
            LevelEfficiency {
                concurrency: level.concurrency,
                runs: level.values.count(),
                throughput,
                efficiency: efficiency.filter(|efficiency| efficiency.is_finite()),
            }
        })
        .collect()
}

/// The lowest level whose mean is close to the best one's.
pub(super) fn saturation(levels: &[LevelEfficiency]) -> Option<LevelEfficiency> {
    let best = levels.iter().map(|level| level.throughput).fold(0.0_f64, f64::max);
    levels.iter().find(|level| SATURATED * best <= level.throughput).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Values;

    #[test]
    fn efficiency_is_relative_to_the_lowest_level() {
        let levels: Vec<Level> = [(10, 100.0), (20, 180.0), (40, 200.0), (80, 190.0)]
            .map(|(concurrency, mean)| Level { concurrency, values: Values::new([mean]).unwrap() })
            .to_vec();
        let found = efficiency(&levels);
        let shares: Vec<f64> = found.iter().filter_map(|level| level.efficiency).collect();
        assert_eq!(shares, [1.0, 0.9, 0.5, 0.2375]);
        let saturation = saturation(&found).unwrap();
        assert_eq!(saturation.concurrency, 40);
    }

    #[test]
    fn one_level_is_saturated_and_fully_efficient() {
        let found = efficiency(&[Level { concurrency: 7, values: Values::new([3.0, 5.0]).unwrap() }]);
        assert_eq!((found[0].efficiency, found[0].runs, found[0].throughput), (Some(1.0), 2, 4.0));
        assert_eq!(saturation(&found).unwrap().concurrency, 7);
        assert_eq!(saturation(&[]), None);
    }
}
