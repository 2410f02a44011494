//! Tests of differences against those that scipy computed, and what is said of the study; see tests/references.

use benchplot::compare::Verdict;
use benchplot::load::{Input, LoadOptions, load};
use benchplot::record::Metric;
use benchplot::stats::{
    CellValues, RankMethod, Values, benjamini_hochberg, cell_values, cliffs_delta, holm, kendall, mann_whitney, welch,
};
use serde_json::Value;

use crate::command::sample;
use crate::references::{analysis, in_references, reference};

/// The values of every cell of a study in one metric.
fn cells_of(input: &str, metric: Metric) -> Vec<CellValues> {
    let loaded = load(&[Input::parse(input)], &LoadOptions::default(), &|_, _| {}).unwrap();
    let cells = cell_values(&loaded.runs);
    cells.into_iter().filter(|cell| cell.metric == metric).collect()
}

fn values_of<'a>(cells: &'a [CellValues], framework: &Value, concurrency: &Value) -> &'a Values {
    let is_it = |cell: &&CellValues| {
        cell.key.framework() == framework.as_str().unwrap()
            && cell.key.concurrency.map(u64::from) == concurrency.as_u64()
    };
    &cells.iter().find(is_it).unwrap().values
}

/// The two studies, with their references.
fn studies() -> [(String, Value); 2] {
    [
        (sample("study/results.json"), reference("study_quiet.json")),
        (in_references("study_delay_results.json"), reference("study_delay.json")),
    ]
}

/// Equal to 1e-9, of the number or of 1.
#[track_caller]
fn assert_near(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    let tolerance = 1e-9 * f64::max(1.0, expected.abs());
    assert!((found - expected).abs() <= tolerance, "{what}: expected {expected}, found {found}");
}

#[test]
fn tests_of_pairs_equal_those_of_scipy() {
    for (input, reference) in studies() {
        let cells = cells_of(&input, Metric::TotalTime);
        let rows = reference["pairs_total_time"].as_array().unwrap();
        assert_eq!(rows.len(), 30);
        let mut p_values = Vec::new();
        for row in rows {
            let what = format!("{} {} {}", row["a"], row["b"], row["concurrency"]);
            let side = |name: &str| values_of(&cells, &row[name], &row["concurrency"]);
            let (a, b) = (side("a"), side("b"));
            let (ranks, welch) = (mann_whitney(a, b), welch(a, b).unwrap());
            assert_eq!(ranks.method, RankMethod::Exact);
            for (value, name) in [
                (ranks.u, "mann_whitney_u"),
                (ranks.p_value, "p_exact"),
                (welch.t, "welch_t"),
                (welch.df, "welch_df"),
                (welch.p_value, "welch_p"),
                (cliffs_delta(a, b), "cliffs_delta"),
                (b.mean() / a.mean(), "ratio_of_means_b_over_a"),
                (b.median() / a.median(), "ratio_of_medians_b_over_a"),
            ] {
                assert_near(value, &row[name], &format!("{what} {name}"));
            }
            p_values.push(ranks.p_value);
        }
        let adjusted = holm(&p_values, p_values.len()).into_iter().zip(benjamini_hochberg(&p_values));
        for (row, (holm, false_discoveries)) in rows.iter().zip(adjusted) {
            assert_near(holm, &row["p_holm_over_all_pairs"], "Holm");
            let expected = &row["p_benjamini_hochberg_over_all_pairs"];
            assert_near(false_discoveries, expected, "Benjamini and Hochberg");
        }
    }
}

#[test]
fn ratios_of_medians_over_all_levels_equal_those_of_numpy() {
    for (input, reference) in studies() {
        let cells = cells_of(&input, Metric::AvgTimePerRequest);
        let ratios = &reference["geometric_mean_ratio_of_medians_avg_time_per_request_vs_asyncio"];
        for (framework, expected) in ratios.as_object().unwrap() {
            let of = |name: &str| -> Vec<f64> {
                cells.iter().filter(|cell| cell.key.framework() == name).map(|cell| cell.values.median().ln()).collect()
            };
            let logarithms = of(framework).into_iter().zip(of("asyncio")).map(|(own, first)| own - first);
            assert_near(Values::new(logarithms).unwrap().mean().exp(), expected, framework);
        }
    }
}

#[test]
fn drifts_equal_those_of_scipy() {
    for (input, reference) in studies() {
        let analysis = analysis(&input);
        let rows = reference["drift"].as_array().unwrap();
        assert_eq!(rows.len(), 20);
        for row in rows {
            let points: Vec<(f64, f64)> = analysis
                .runs
                .iter()
                .filter(|run| {
                    run.framework == row["framework"].as_str().unwrap()
                        && run.concurrency.map(u64::from) == row["concurrency"].as_u64()
                })
                .map(|run| (f64::from(run.repetition.unwrap()), run.total_time.unwrap()))
                .collect();
            let found = kendall(&points).unwrap();
            let what = format!("{} {}", row["framework"], row["concurrency"]);
            assert!(found.is_exact, "{what}");
            assert_near(found.tau, &row["kendall_tau_against_repetition"], &what);
            assert_near(found.p_value, &row["p_exact"], &what);
        }
    }
}

#[test]
fn smallest_p_values_equal_those_of_scipy() {
    let reference = reference("study_quiet.json");
    let table = reference["small_cases"]["mann_whitney_exact_smallest_two_sided_p"].as_object().unwrap();
    for (sides, expected) in table {
        let n: u32 = sides.split_once('v').unwrap().0.parse().unwrap();
        let side = |from: u32| Values::new((from..from + n).map(f64::from)).unwrap();
        let found = mann_whitney(&side(0), &side(100));
        assert_near(found.p_value, expected, sides);
        assert_near(found.smallest_p, expected, sides);
    }
}

#[test]
fn the_study_is_judged_level_by_level() {
    let analysis = analysis(&sample("study/results.json"));
    for metric in [Metric::TotalTime, Metric::AvgTimePerRequest] {
        let verdicts: Vec<(Option<u32>, Verdict)> = analysis
            .comparisons
            .iter()
            .filter(|row| row.metric == metric && row.baseline == "asyncio" && row.candidate == "aiohttp_server")
            .map(|row| (row.concurrency, row.verdict))
            .collect();
        let expected = [
            (None, Verdict::Better),
            (Some(10), Verdict::Equivalent),
            (Some(25), Verdict::Equivalent),
            (Some(50), Verdict::Equivalent),
            (Some(100), Verdict::Inconclusive),
            (Some(200), Verdict::Better),
        ];
        assert_eq!(verdicts, expected, "{metric}");
    }
}
