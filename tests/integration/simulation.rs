//! Short simulations with data whose truth is known; `benches/simulate_intervals.rs` is the long one.

#[path = "../../benches/simulation/mod.rs"]
mod simulated;

use simulated::coverage::coverage;
use simulated::estimators::{ESTIMATORS, Estimator};
use simulated::noise::Noise;
use simulated::verdicts::verdicts;

#[test]
fn intervals_contain_the_truth_as_often_as_they_say() {
    for noise in [Noise::Lognormal(0.05), Noise::Tail(0.1)] {
        for n in [3, 5, 10] {
            let found = coverage(Estimator::Welch, noise, n, 1_000, 0, 11).share.unwrap();
            // 1,000 trials leave an error of 0.7 points; at n = 3 Welch's interval is known to be a little too wide.
            assert!((0.93..=0.98).contains(&found), "{} with {n} repetitions: {found}", noise.name());
        }
    }
}

#[test]
fn every_estimator_of_the_simulation_is_about_right() {
    for estimator in ESTIMATORS {
        let found = coverage(estimator, Noise::Outliers(0.03), 7, 60, 60, 12);
        let (share, width) = found.share.zip(found.width).unwrap();
        assert!(0.6 <= share && width < 0.5, "{}: {found:?}", estimator.name());
    }
}

#[test]
fn hardly_anything_is_found_where_there_is_nothing() {
    let mixed = |random: &mut benchplot::stats::SplitMix64| Noise::Lognormal(0.02 + 0.18 * random.uniform());
    let found = verdicts(200, 1.0, mixed, |random| 5 + random.below(6) as usize, 13);
    assert!(found.any <= 0.06 && found.overall <= found.any && found.levels <= 0.02, "{found:?}");
    assert!(0.1 <= found.equivalent, "{found:?}");
    assert!(0.9 <= found.coverage && 0.93 <= found.level_coverage, "{found:?}");
}

#[test]
fn a_difference_of_a_tenth_is_found_with_ten_repetitions() {
    let found = verdicts(25, 1.1, |_| Noise::Lognormal(0.05), |_| 10, 14);
    assert!(0.9 <= found.overall && 0.8 <= found.levels, "{found:?}");
}
