//! Histograms that are kept in a file, or that tools wrote, through the whole program.

use serde_json::{Value, json};

use crate::command::Workplace;

const LOG: &[u8] = include_bytes!("../histograms/requests.csv");

/// What DuckDB made of the same log, by the query in docs/histograms.md.
const COMPUTED: &[u8] = include_bytes!("../histograms/computed.parquet");

fn analysis(workplace: &Workplace, arguments: &[&str]) -> Value {
    let outcome = workplace.run(&[&["analyze", "--chart", "none", "-f", "json", "-q"], arguments].concat());
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[test]
fn what_an_engine_computed_is_what_is_read_from_the_log() {
    let workplace = Workplace::with(&[("requests.csv", LOG), ("computed.parquet", COMPUTED)]);
    let read = analysis(&workplace, &["requests.csv"]);
    let computed = analysis(&workplace, &["--from-histogram", "computed.parquet"]);
    for member in
        ["frameworks", "concurrency_levels", "cells", "summary", "comparisons", "distributions", "error_levels"]
    {
        assert_eq!(computed[member], read[member], "{member}");
    }
    let numbers = |analysis: &Value| {
        let runs = analysis["runs"].as_array().unwrap().clone();
        runs.into_iter()
            .map(|run| Value::from([run["requests_count"].clone(), run["total_time"].clone()].to_vec()))
            .collect()
    };
    let (read, computed): (Vec<Value>, Vec<Value>) = (numbers(&read), numbers(&computed));
    assert_eq!(computed, read);
}

#[test]
fn a_file_of_histograms_is_an_input_like_any_other() {
    let workplace = Workplace::with(&[("requests.csv", LOG)]);
    let first = analysis(&workplace, &["requests.csv", "--save-histogram", "h.parquet"]);
    assert_eq!(analysis(&workplace, &["h.parquet"]), first);

    let compared = workplace.run(&["compare", "h.parquet", "requests.csv", "--chart", "none", "-q", "-f", "json"]);
    assert_eq!(compared.exit_code, Some(0), "{}", compared.stderr);
    let [from_file, from_log] = ["h.parquet", "requests.csv"].map(|input| {
        let outcome = workplace.run(&["convert", input, "-o", "-", "--to", "csv"]);
        assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
        outcome.stdout
    });
    assert_eq!(from_file, from_log);
}

#[test]
fn what_is_no_file_of_histograms_is_refused_with_a_remedy() {
    let workplace = Workplace::with(&[("requests.csv", LOG), ("empty.parquet", b"")]);
    analysis(&workplace, &["requests.csv", "--save-histogram", "h.parquet"]);
    let whole = workplace.read("h.parquet");
    for (name, length) in [("cut.parquet", whole.len() / 2), ("footer.parquet", whole.len() - 20)] {
        let mut bytes = whole[..length].to_vec();
        // The end of the second is there, and what stands before it is not.
        bytes.extend_from_slice(if name == "footer.parquet" { &[9, 9, 9, 0, b'P', b'A', b'R', b'1'] } else { b"" });
        std::fs::write(workplace.path(name), bytes).unwrap();
    }
    workplace.run(&["convert", "requests.csv", "-o", "runs.parquet", "-q"]);
    for (input, told) in [
        ("requests.csv", "no Parquet file"),
        ("empty.parquet", "it is empty"),
        ("cut.parquet", "it is cut off"),
        ("footer.parquet", ""),
        ("runs.parquet", "lacks the columns kind, lo and count"),
        ("-", "not from standard input"),
        ("nothing.parquet", "No such file"),
    ] {
        let outcome = workplace.run(&["analyze", "--from-histogram", input, "--chart", "none"]);
        assert_eq!(outcome.exit_code, Some(3), "{input}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(told) && outcome.stderr.contains("help: "), "{input}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    }
    let piped = workplace.run_with_stdin(&["analyze", "-", "--chart", "none"], &whole);
    assert!(piped.stderr.contains("these are histograms"), "{}", piped.stderr);
}

#[test]
fn a_tools_histogram_goes_through_the_file() {
    let fixtures = [
        ("oha/good.json", "a_c8.json"),
        ("hey/flaky.txt", "b_c8.txt"),
        ("wrk2/latency.txt", "c_c8.txt"),
        ("locust-json/two-endpoints_c16.json", "d_c16.json"),
    ];
    let files = fixtures.map(|(from, to)| (to, std::fs::read(format!("tests/fixtures/{from}")).unwrap()));
    let workplace = Workplace::with(&files.each_ref().map(|(name, bytes)| (*name, bytes.as_slice())));
    let names = files.each_ref().map(|(name, _)| *name);
    let first = analysis(&workplace, &[&names[..], &["--save-histogram", "h.parquet"]].concat());
    let distributions = first["distributions"].as_array().unwrap();
    assert_eq!(distributions.len(), 5);
    assert!(distributions.iter().all(|found| found["resolution"]["kind"] == json!("tool_histogram")));
    assert_eq!(analysis(&workplace, &["--from-histogram", "h.parquet"]), first);
}

/// A share with the bounds of its latency.
type Bounded = (f64, f64, f64);

/// A share with its latency.
type Reported = (f64, f64);

/// The distribution of a fixture, and of its quantiles those that have bounds and those that have none.
fn distribution(fixture: &str) -> (Value, Vec<Bounded>, Vec<Reported>) {
    let path = std::env::current_dir().unwrap().join("tests/fixtures").join(fixture);
    let analysis = analysis(&Workplace::new(), &[path.to_str().unwrap()]);
    let found = analysis["distributions"][0].clone();
    let number = |quantile: &Value, name: &str| quantile[name].as_f64();
    let (mut bounded, mut reported) = (Vec::new(), Vec::new());
    for quantile in found["quantiles"].as_array().unwrap() {
        let (p, latency) = (number(quantile, "p").unwrap(), number(quantile, "latency").unwrap());
        match number(quantile, "at_least") {
            Some(at_least) => bounded.push((p, at_least, latency)),
            None => reported.push((p, latency)),
        }
    }
    (found, bounded, reported)
}

/// The numbers were taken from the files by hand, and the shares computed with numpy.
#[test]
fn distributions_hold_what_the_tools_wrote() {
    let close = |found: &[Bounded], expected: Bounded| {
        let is = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let is_there = found.iter().any(|one| is(one.0, expected.0) && is(one.1, expected.1) && is(one.2, expected.2));
        assert!(is_there, "{expected:?} is not in {found:?}");
    };
    let (oha, bounded, reported) = distribution("oha/good.json");
    assert_eq!(oha["count"], json!(1000));
    close(&bounded, (0.001, 0.000_286_888, 0.000_286_888));
    close(&bounded, (0.72, 0.000_286_888, 0.001_179_752));
    close(&bounded, (0.984, 0.007_429_803, 0.008_322_668));
    assert!(reported.contains(&(0.5, 0.000_742_849)) && reported.contains(&(0.999, 0.009_215_532)));

    let (hey, bounded, _) = distribution("hey/flaky.txt");
    assert_eq!(hey["count"], json!(400));
    close(&bounded, (0.64, 0.0, 0.001_5));
    close(&bounded, (0.917_5, 0.007_5, 0.009_5));

    let (wrk2, bounded, reported) = distribution("wrk2/latency.txt");
    assert_eq!(wrk2["count"], json!(39_500));
    let below = |latency: f64| ((latency * (1.0 - 2.0 / 2048.0)) * 1e9).round() / 1e9;
    for (count, latency) in [(19_783.0, 0.006_671), (35_570.0, 0.009_143), (39_135.0, 0.011_207)] {
        close(&bounded, (count / 39_500.0, below(latency), latency));
    }
    assert!(reported.contains(&(0.99, 0.011_18)), "the percentile that wrk2 prints: {reported:?}");

    let (locust, bounded, reported) = distribution("locust-json/two-endpoints_c16.json");
    assert_eq!((locust["count"].clone(), reported.len()), (json!(435), 0));
    close(&bounded, (15.0 / 435.0, 0.000_613_025, 0.001_5));
    close(&bounded, (115.0 / 435.0, 0.002_5, 0.003_5));
    close(&bounded, (1.0, 0.115, 0.118_439_153));
}

#[test]
fn repetitions_with_buckets_of_their_own_are_put_together() {
    let [one, other] = ["good", "flaky"].map(|name| std::fs::read(format!("tests/fixtures/oha/{name}.json")).unwrap());
    let workplace = Workplace::with(&[("a_c8_r1.json", &one), ("a_c8_r2.json", &other)]);
    let found = analysis(
        &workplace,
        &["a_c8_r1.json", "a_c8_r2.json", "--name-pattern", "{framework}_c{concurrency}_r{repetition}"],
    );
    let [found] = found["distributions"].as_array().unwrap().as_slice() else { panic!("one cell") };
    let counts = |bytes: &[u8]| {
        let report: Value = serde_json::from_slice(bytes).unwrap();
        let buckets = report["responseTimeHistogram"].as_object().unwrap().clone();
        buckets.iter().map(|(mark, count)| (mark.parse::<f64>().unwrap(), count.as_u64().unwrap())).collect::<Vec<_>>()
    };
    let both = [counts(&one), counts(&other)].concat();
    let all: u64 = both.iter().map(|(_, count)| count).sum();
    assert_eq!(found["count"], json!(all));
    for quantile in found["quantiles"].as_array().unwrap().iter().filter(|quantile| !quantile["at_least"].is_null()) {
        let latency = quantile["latency"].as_f64().unwrap();
        let below: u64 = both.iter().filter(|(mark, _)| *mark <= latency + 1e-9).map(|(_, count)| count).sum();
        assert!((quantile["p"].as_f64().unwrap() - below as f64 / all as f64).abs() < 1e-12, "{quantile}");
    }
}
