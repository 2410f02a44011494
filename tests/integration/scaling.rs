//! Scaling and capacity as a user meets them, and whether intervals contain a law that is known.

#[path = "../../benches/known_law/mod.rs"]
mod known_law;

use benchplot::analysis::{AnalysisOptions, analyze};
use benchplot::load::{Input, LoadOptions, load};
use known_law::Known;
use serde_json::{Value, json};

use crate::command::{Workplace, sample};

/// Throughput of a known law as runs of 1000 requests, with a p99 that grows in proportion to the level.
fn records(lambda: f64, sigma: f64, kappa: f64) -> Vec<u8> {
    let mut csv = "framework,concurrency,total_time,requests_count,error_count,latency_p99\n".to_owned();
    for level in [1.0_f64, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0] {
        let throughput = lambda * level / (1.0 + sigma * (level - 1.0) + kappa * level * (level - 1.0));
        csv += &format!("a,{level},{},1000,0,{}\n", 1000.0 / throughput, level * 0.01);
    }
    csv.into_bytes()
}

fn analysis(workplace: &Workplace, args: &[&str]) -> Value {
    let all = [&["analyze", "runs.csv", "--chart", "none", "-q", "-f", "json"], args].concat();
    serde_json::from_str(&workplace.run(&all).stdout).unwrap()
}

#[test]
fn where_it_stops_scaling_and_what_it_can_promise() {
    let workplace = Workplace::with(&[("runs.csv", &records(100.0, 0.05, 1e-3))]);
    let outcome = workplace.run(&["analyze", "runs.csv", "--chart", "none", "-q", "--slo", "p99<200ms,errors<1%"]);
    insta::assert_snapshot!(outcome.stdout.split("Per level").nth(1).unwrap());
    let analysis = analysis(&workplace, &["--slo", "p99 < 200ms", "--slo", "p50<1s"]);
    let scaling = &analysis["scaling"][0];
    assert_eq!((&scaling["model"], &scaling["metric"]), (&json!("usl"), &json!("goodput")));
    assert_eq!(scaling["peak_concurrency"], 30);
    let capacity = analysis["capacity"].as_array().unwrap();
    let found: Vec<_> = capacity.iter().map(|row| (&row["slo"], &row["outcome"], &row["concurrency"])).collect();
    // From 0.16 s at 16 to 0.32 s at 32, a quarter of the way is 16 · 2^(1/4).
    assert_eq!(
        found,
        [(&json!("p99<200ms"), &json!("between"), &json!(19)), (&json!("p50<1s"), &json!("unknown"), &json!(null))]
    );
}

#[test]
fn an_objective_that_makes_no_sense_is_told_with_what_would() {
    let workplace = Workplace::with(&[("runs.csv", &records(100.0, 0.05, 1e-3))]);
    let outcome = workplace.run(&["analyze", "runs.csv", "--slo", "p99<200"]);
    assert_eq!(outcome.exit_code, Some(2));
    assert!(outcome.stderr.contains("use ns, us, ms or s, as in 200ms"), "{}", outcome.stderr);
}

#[test]
fn the_study_has_a_record_for_every_framework() {
    let inputs = [Input::parse(&sample("study/results.json"))];
    let loaded = load(&inputs, &LoadOptions::default(), &|_, _| {}).unwrap();
    let analysis = analyze(&loaded, &AnalysisOptions::default()).unwrap();
    assert_eq!(analysis.scaling.len(), 4);
    for row in &analysis.scaling {
        assert_eq!((row.levels, row.points, row.efficiency_base), (5, 25, Some(10)), "{row:?}");
        assert_eq!(row.accepted, row.reason.is_none());
    }
}

#[test]
fn intervals_contain_the_truth_as_often_as_they_say() {
    // The bounds are four standard errors of a share that is 95 % in truth; benches/simulate_scaling.rs counts more sets.
    let levels = [1, 2, 4, 8, 16, 32, 64, 128];
    let known = Known { lambda: 1000.0, sigma: 0.03, kappa: 5e-4, cv: 0.05, levels, repetitions: 5 };
    let counted = known.count(200, 7);
    for covered in counted.covered {
        let share = covered as f64 / counted.data_sets as f64;
        assert!((0.89..=0.995).contains(&share), "{counted:?}");
    }
    assert_eq!((counted.accepted, counted.usl), (200, 200));
}
