//! Short simulations with data whose truth is known; `benches/simulate_intervals.rs` is the long one.

#[path = "../../benches/simulation/mod.rs"]
mod simulated;

use simulated::claims::Study;
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

#[test]
fn equal_frameworks_are_called_equal_whatever_the_noise() {
    let noises = [
        [Noise::Lognormal(0.1); 2],
        [Noise::Outliers(0.05); 2],
        [Noise::TwoModes; 2],
        [Noise::Lognormal(0.02), Noise::CentredTail(0.1)],
    ];
    for (frameworks, levels, repetitions, studies) in [(2, 1, 3, 60), (2, 5, 3, 40), (2, 5, 7, 40), (6, 1, 5, 15)] {
        for noise in noises {
            let study = Study { frameworks, levels, repetitions, noise, ratio: 1.0 };
            let share = study.any_claim(studies, 21);
            // Five percent, and two standard errors of as many studies.
            let most = 0.05 + 2.0 * (0.05 * 0.95 / studies as f64).sqrt();
            assert!(share <= most, "{share} {study:?}");
        }
    }
}

#[test]
fn outliers_hide_no_difference_and_a_small_one_is_none() {
    let study =
        |repetitions, levels, noise, ratio| Study { frameworks: 2, levels, repetitions, noise: [noise; 2], ratio };
    assert!(0.9 <= study(20, 1, Noise::Outliers(0.03), 1.1).found(60, 22));
    assert!(0.6 <= study(10, 1, Noise::Outliers(0.03), 1.1).found(60, 23));
    assert!(study(5, 5, Noise::Lognormal(0.05), 1.03).found(60, 24) <= 0.08);
}
