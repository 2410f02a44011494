//! Published fits, the reasons for which a fit is rejected, and what holds for any input.

use proptest::prelude::*;

use super::{Law, Rejection, Residuals, Scaling, ScalingMetric, describe_scaling};
use crate::language::Language;
use crate::record::{Run, Runs};

fn run(concurrency: u32, throughput: f64) -> Run {
    Run {
        framework: "a".into(),
        concurrency: Some(concurrency),
        avg_time_per_request: Some(1.0 / throughput),
        ..Run::default()
    }
}

fn describe(points: &[(u32, f64)]) -> Scaling {
    let runs: Vec<Run> = points.iter().map(|(level, throughput)| run(*level, *throughput)).collect();
    describe_scaling(&Runs::new(runs.clone()), 0.05, Language::English).remove(0)
}

fn law(lambda: f64, sigma: f64, kappa: f64, levels: &[u32]) -> Vec<(u32, f64)> {
    let at = |n: f64| lambda * n / (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0));
    levels.iter().map(|level| (*level, at(f64::from(*level)))).collect()
}

#[track_caller]
fn assert_near(found: Option<f64>, expected: f64, tolerance: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() <= tolerance * expected.abs(), "expected {expected}, found {found}");
}

#[test]
fn schwartz_as_published() {
    // Schwartz, Practical Scalability Analysis with the Universal Scalability Law, 2015: throughput at 1 to 32.
    let throughputs = [
        955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71, 8646.7,
        9047.84, 9426.55, 9645.37, 9897.24, 10097.6, 10240.5, 10532.39, 10798.52, 11151.43, 11518.63, 11806.0,
        12089.37, 12075.41, 12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4, 12074.39,
    ];
    let points: Vec<(u32, f64)> = (1..).zip(throughputs).collect();
    let found = describe(&points);
    assert_eq!((found.model, found.accepted, found.reason), (Some(Law::Usl), true, None));
    assert_near(found.sigma, 0.026_715_91, 1e-5);
    assert_near(found.kappa, 7.690_945e-4, 1e-5);
    assert_near(found.lambda, 995.6486, 1e-6);
    assert_eq!(found.peak_concurrency, Some(35));
    assert_near(found.peak_throughput, 12_341.745_4, 1e-6);
    // The highest level is 32.
    assert_eq!(found.is_peak_extrapolated, Some(true));
    assert_eq!((found.residuals, found.metric), (Some(Residuals::Absolute), ScalingMetric::Throughput));
}

#[test]
fn spec_sdm91_as_in_the_r_package_usl() {
    // R package usl 3.0, summary(usl(throughput ~ load, specsdm91)) and its scalability bounds.
    let levels = [1, 18, 36, 72, 108, 144, 216];
    let points: Vec<(u32, f64)> =
        levels.into_iter().zip([64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2]).collect();
    let found = describe(&points);
    assert_eq!((found.model, found.accepted), (Some(Law::Usl), true));
    assert_near(found.sigma, 0.027_728_5, 1e-5);
    assert_near(found.sigma_se, 0.009_121_7, 1e-4);
    assert_near(found.kappa, 0.000_104_4, 1e-3);
    assert_near(found.kappa_se, 0.000_019_9, 5e-3);
    assert_near(found.lambda, 89.995_233, 1e-6);
    assert_near(found.lambda_se, 14.213_489_4, 1e-5);
    assert_near(found.residual_standard_error, 82.8, 1e-3);
    assert_eq!(found.peak_concurrency, Some(96));
    assert_near(found.peak_throughput, 1884.0, 1e-3);
    assert_near(found.limit_throughput, 3245.589, 1e-6);
    assert_near(found.optimal_concurrency, 36.064_01, 1e-6);
}

#[test]
fn the_ray_tracer_has_no_peak_and_is_reduced_to_amdahls_law() {
    // Gunther, Guerrilla Capacity Planning, table 5.1. R package usl 3.0 finds β on its bound of 0.
    let levels = [1, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64];
    let throughputs = [20.0, 78.0, 130.0, 170.0, 190.0, 200.0, 210.0, 230.0, 260.0, 280.0, 310.0];
    let points: Vec<(u32, f64)> = levels.into_iter().zip(throughputs).collect();
    let found = describe(&points);
    assert_eq!((found.model, found.accepted, found.kappa), (Some(Law::Amdahl), true, Some(0.0)));
    assert_near(found.sigma, 0.057_771, 1e-4);
    assert_near(found.lambda, 21.848_843, 1e-4);
    assert_eq!((found.peak_concurrency, found.aicc.usl), (None, None));
    assert!(found.explanation.unwrap().contains("no peak"));

    // The package's own test of confint() takes the first six levels.
    let found = describe(&points[..6]);
    assert_eq!((found.model, found.aicc.usl.is_some()), (Some(Law::Usl), true));
    assert_near(found.sigma, 0.024_44, 5e-4);
    assert_near(found.kappa, 0.001_63, 5e-3);
    assert_near(found.lambda, 20.856_05, 1e-5);
    // Its intervals are ±2.015 standard errors: the one-sided quantile of 95 %, with five degrees of freedom. Ours are wider.
    assert_near(found.sigma_se, (0.041_35 - 0.007_54) / 2.0 / 2.015_048, 2e-3);
    assert_near(found.kappa_se, (0.002_15 - 0.001_10) / 2.0 / 2.015_048, 1e-2);
    assert_near(found.lambda_se, (22.444_92 - 19.267_17) / 2.0 / 2.015_048, 1e-4);
}

#[test]
fn a_law_without_noise_is_found_exactly() {
    let found = describe(&law(1000.0, 0.03, 5e-4, &[1, 2, 4, 8, 16, 32, 64]));
    assert_eq!((found.model, found.accepted), (Some(Law::Usl), true));
    assert_near(found.lambda, 1000.0, 1e-9);
    assert_near(found.sigma, 0.03, 1e-8);
    assert_near(found.kappa, 5e-4, 1e-8);
    // Four and five levels are too few for Akaike's criterion, and still show a law as clear as this one.
    for levels in [&[1, 4, 16, 64][..], &[1, 4, 16, 32, 64]] {
        assert_eq!(describe(&law(1000.0, 0.03, 5e-4, levels)).model, Some(Law::Usl), "{levels:?}");
    }
}

#[test]
fn without_a_peak_it_is_amdahls_law_and_without_contention_linear() {
    let levels = [1, 2, 4, 8, 16, 32, 64];
    let found = describe(&law(100.0, 0.05, 0.0, &levels));
    assert_eq!((found.model, found.accepted, found.kappa), (Some(Law::Amdahl), true, Some(0.0)));
    assert_near(found.limit_throughput, 2000.0, 1e-6);
    assert_eq!((found.peak_concurrency, found.is_peak_extrapolated), (None, None));
    let found = describe(&law(100.0, 0.0, 0.0, &levels));
    assert_eq!((found.model, found.accepted, found.sigma), (Some(Law::Linear), true, Some(0.0)));
    assert_eq!((found.optimal_concurrency, found.limit_throughput, found.peak_concurrency), (None, None, None));
    assert_eq!(found.knee, None);
    // Growth that gets better with size is more than a law of losses can say, and linear is the nearest.
    let found = describe(&law(100.0, -0.002, 0.0, &levels));
    assert_eq!(found.model, Some(Law::Linear));
}

#[test]
fn without_contention_but_with_coherency_sigma_is_held_at_zero() {
    let found = describe(&law(100.0, -0.01, 1e-3, &[1, 2, 4, 8, 16, 32, 64]));
    assert_eq!((found.model, found.sigma), (Some(Law::Usl), Some(0.0)));
    assert!(found.explanation.unwrap().contains("sigma"));
}

#[test]
fn rejected_fits_say_why_and_recommend_nothing() {
    let repeated = |points: &[(u32, f64)]| {
        points.iter().flat_map(|(n, x)| [0.99, 1.0, 1.01].map(|noise| (*n, x * noise))).collect::<Vec<_>>()
    };
    let stairs =
        [(1, 100.0), (2, 100.0), (4, 400.0), (8, 400.0), (16, 1600.0), (32, 1600.0), (64, 3000.0), (128, 3000.0)];
    let noise = [(1, 100.0), (2, 300.0), (4, 120.0), (8, 330.0), (16, 110.0), (32, 290.0), (64, 140.0)];
    let table = [
        (law(100.0, 0.1, 1e-3, &[1, 8, 64]), Rejection::TooFewLevels),
        (vec![(1, 100.0)], Rejection::TooFewLevels),
        (law(100.0, 0.1, 1e-3, &[100, 110, 120, 130, 140]), Rejection::NotEnoughRange),
        (vec![(10, 500.0), (20, 503.0), (40, 499.0), (80, 501.0), (160, 500.0)], Rejection::DoesNotGrow),
        (vec![(10, 500.0), (20, 400.0), (40, 300.0), (80, 200.0), (160, 100.0)], Rejection::DoesNotGrow),
        (repeated(&stairs), Rejection::SystematicResiduals),
        (noise.to_vec(), Rejection::ExplainsTooLittle),
    ];
    for (points, reason) in table {
        let found = describe(&points);
        assert_eq!((found.accepted, found.reason), (false, Some(reason)), "{points:?}: {found:?}");
        assert!(found.explanation.is_some());
        assert_eq!((found.peak_concurrency, found.peak_throughput, found.peak_ci_low), (None, None, None));
        assert_eq!((found.optimal_concurrency, found.limit_throughput), (None, None));
        assert_eq!((found.is_peak_extrapolated, found.curve.len()), (None, 0));
        assert!(found.saturation_concurrency.is_some());
    }
}

#[test]
fn a_peak_far_beyond_what_was_measured_is_marked() {
    let found = describe(&law(100.0, 0.05, 1e-4, &[1, 2, 4, 8, 16, 32]));
    assert_eq!((found.peak_concurrency, found.is_peak_extrapolated), (Some(97), Some(true)));
    assert_eq!(found.is_optimal_extrapolated, Some(false));
}

#[test]
fn the_curve_goes_from_the_lowest_to_the_highest_level_with_its_interval() {
    let points: Vec<(u32, f64)> = law(1000.0, 0.03, 5e-4, &[2, 4, 8, 16, 32, 64])
        .into_iter()
        .flat_map(|(n, x)| [0.97, 1.0, 1.04].map(|noise| (n, x * noise)))
        .collect();
    let found = describe(&points);
    assert_eq!((found.curve.len(), found.residuals), (60, Some(Residuals::Relative)));
    assert!((found.curve[0].concurrency - 2.0).abs() < 1e-12 && (found.curve[59].concurrency - 64.0).abs() < 1e-12);
    for point in &found.curve {
        let (low, high) = (point.low.unwrap(), point.high.unwrap());
        assert!(low < point.throughput && point.throughput < high, "{point:?}");
    }
}

fn all_finite(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(number) => number.as_f64().is_some_and(f64::is_finite),
        serde_json::Value::Array(items) => items.iter().all(all_finite),
        serde_json::Value::Object(members) => members.values().all(all_finite),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_input_gives_finite_numbers_and_the_same_in_any_order(
        points in prop::collection::vec((prop_oneof![0..6_u32, 1..300_u32, Just(u32::MAX)], -12.0..12.0_f64), 0..14),
        wild in prop::collection::vec((1..9_u32, prop_oneof![Just(0.0), Just(1e-320), Just(1e300), Just(1e99), 1e-3..1e3_f64]), 0..6),
    ) {
        let powers = points.into_iter().map(|(level, power)| (level, 10_f64.powf(power)));
        let points: Vec<(u32, f64)> = powers.chain(wild).collect();
        let mut runs: Vec<Run> = points.iter().map(|(level, seconds)| Run {
            avg_time_per_request: Some(*seconds),
            ..run(*level, 1.0)
        }).collect();
        let found = describe_scaling(&Runs::new(runs.clone()), 0.05, Language::English);
        prop_assert!(all_finite(&serde_json::to_value(&found).unwrap()));
        for record in &found {
            prop_assert!(record.sigma.is_none_or(|sigma| (0.0..=1.0).contains(&sigma)));
            prop_assert!(record.kappa.is_none_or(|kappa| 0.0 <= kappa));
            prop_assert!(record.lambda_ci_low.is_none_or(|low| record.lambda.is_some_and(|lambda| low <= lambda)));
            prop_assert_eq!(record.accepted, record.model.is_some() && record.reason.is_none());
        }
        runs.reverse();
        prop_assert_eq!(describe_scaling(&Runs::new(runs.clone()), 0.05, Language::English), found);
    }
}
