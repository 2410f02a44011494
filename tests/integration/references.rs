//! What describes runs against what pandas and scipy computed; see tests/references.

use benchplot::analysis::{Analysis, AnalysisOptions, analyze};
use benchplot::load::{Input, LoadOptions, load};
use benchplot::record::Metric;
use serde_json::Value;

use crate::command::sample;

pub(crate) fn analysis(input: &str) -> Analysis {
    let inputs = [Input::parse(input)];
    let loaded = load(&inputs, &LoadOptions::default(), &|_, _| {}).unwrap();
    analyze(&loaded, &AnalysisOptions::default()).unwrap()
}

pub(crate) fn in_references(name: &str) -> String {
    format!("{}/tests/references/{name}", env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn reference(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(in_references(name)).unwrap()).unwrap()
}

fn metric(row: &Value) -> Metric {
    serde_json::from_value(row["metric"].clone()).unwrap()
}

/// Equal to 1e-12, beside what the reference lost when it was written with 15 decimals.
#[track_caller]
fn assert_close(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    let tolerance = 1e-12 * expected.abs() + 0.5e-15;
    assert!((found - expected).abs() <= tolerance, "{what}: expected {expected}, found {found}");
}

#[track_caller]
fn assert_summary(analysis: &Analysis, reference: &Value) {
    let rows = reference["summary"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        let found = analysis
            .summary
            .iter()
            .find(|found| found.framework == row["framework"].as_str().unwrap() && found.metric == metric(row))
            .unwrap();
        let what = format!("{} {}", found.framework, found.metric);
        assert_eq!(found.count as u64, row["count"].as_u64().unwrap(), "{what}");
        for (name, value) in [
            ("mean", found.mean),
            ("min", found.min),
            ("max", found.max),
            ("std", found.std.unwrap()),
            ("median", found.median),
        ] {
            assert_close(value, &row[name], &format!("{what} {name}"));
        }
    }
}

#[test]
fn summaries_equal_those_of_pandas() {
    assert_summary(&analysis(&sample("results.json")), &reference("pandas_results.json"));
    for file in ["results.json", "results.csv", "results.ndjson", "results.parquet"] {
        assert_summary(&analysis(&sample(&format!("study/{file}"))), &reference("study_quiet.json"));
    }
}

#[test]
fn cells_equal_those_of_pandas_and_scipy() {
    let analysis = analysis(&sample("study/results.json"));
    let reference = reference("study_quiet.json");
    let rows = reference["cells"].as_array().unwrap();
    assert_eq!(rows.len(), 20);
    for row in rows {
        let found = analysis
            .cells
            .iter()
            .find(|found| {
                found.framework == row["framework"].as_str().unwrap()
                    && found.metric == metric(row)
                    && found.concurrency.map(u64::from) == row["concurrency"].as_u64()
            })
            .unwrap();
        let what = format!("{} at {:?}", found.framework, found.concurrency);
        assert_eq!(found.n as u64, row["n"].as_u64().unwrap(), "{what}");
        let interval = &row["t_interval_95_of_mean"];
        for (name, value, expected) in [
            ("mean", found.mean, &row["mean"]),
            ("std", found.std.unwrap(), &row["std"]),
            ("cv", found.cv.unwrap(), &row["cv"]),
            ("median", found.median, &row["median"]),
            ("ci_low", found.ci_low.unwrap(), &interval[0]),
            ("ci_high", found.ci_high.unwrap(), &interval[1]),
            ("q25", found.q25, &row["quantile_type7"]["0.25"]),
            ("median", found.median, &row["quantile_type7"]["0.5"]),
            ("q75", found.q75, &row["quantile_type7"]["0.75"]),
            ("q90", found.q90, &row["quantile_type7"]["0.9"]),
        ] {
            assert_close(value, expected, &format!("{what} {name}"));
        }
    }
}

#[test]
fn requests_add_up_to_the_runs_that_they_belong_to() {
    let requests = analysis(&sample("study/samples.parquet"));
    let runs = analysis(&sample("study/results.json"));
    assert_eq!(requests.runs_count, 80);
    for run in &requests.runs {
        let record = runs
            .runs
            .iter()
            .find(|record| {
                (&record.framework, record.concurrency, record.repetition)
                    == (&run.framework, run.concurrency, run.repetition)
            })
            .unwrap();
        assert_eq!((run.requests_count, run.error_count), (record.requests_count, record.error_count), "{run:?}");
        // The run's own clock also sees what lies before the first and behind the last request.
        assert!(run.total_time.unwrap() <= record.total_time.unwrap(), "{run:?}");
    }
}
