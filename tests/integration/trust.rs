//! Every rule on whether data can be believed has data that raises it, and a near miss that does not; and no run that failed
//! is called fast.

use std::path::Path;

use benchplot::analysis::{Analysis, AnalysisOptions, analyze};
use benchplot::findings::Kind;
use benchplot::load::{self, Input, LoadError, LoadOptions, Loaded};
use benchplot::record::{Run, Runs};

use crate::command::{Workplace, sample};
use crate::docs::rules_on_trust;
use crate::fixtures::fixtures;

/// A rule, data that raises it, and a near miss, as CSV.
type Case = (&'static str, String, String);

fn read(inputs: &[Input]) -> Loaded {
    load::load(inputs, &LoadOptions::default(), &|_, _| {}).unwrap()
}

fn ids(analysis: &Analysis) -> Vec<&str> {
    let of_trust = analysis.findings.iter().filter(|finding| finding.kind == Kind::Trust);
    of_trust.map(|finding| finding.id.as_str()).collect()
}

fn analysis_of(csv: &str) -> Analysis {
    let workplace = Workplace::with(&[("runs.csv", csv.as_bytes())]);
    let inputs = [Input { label: None, target: workplace.path("runs.csv").display().to_string() }];
    analyze(&read(&inputs), &AnalysisOptions::default()).unwrap()
}

const COUNTS: &str = "framework,concurrency,total_time,requests_count,error_count\n";

fn counts(rows: &str) -> String {
    format!("{COUNTS}{}", rows.replace(' ', "\n"))
}

fn table(header: &str, rows: &str) -> String {
    format!("{header}\n{}", rows.replace(' ', "\n"))
}

/// A framework at levels 1, 10, 100 and 200 with these throughputs.
fn curve(name: &str, rates: [f64; 4]) -> String {
    let row = |(level, rate): (u32, f64)| format!("{name},{level},{},10000,0", 10_000.0 / rate);
    [1, 10, 100, 200].into_iter().zip(rates).map(row).collect::<Vec<_>>().join(" ")
}

/// Two frameworks at two levels, five repetitions, each slower than the one before by a factor.
fn passes(factor: f64) -> String {
    let mut rows = String::from("framework,concurrency,repetition,total_time,requests_count,error_count\n");
    for (name, level, repetition) in ["a", "b"]
        .into_iter()
        .flat_map(|name| [1, 10].into_iter().flat_map(move |level| (1..=5).map(move |r| (name, level, r))))
    {
        let noise = [1.0, 1.003, 0.998, 1.001, 0.999][repetition - 1];
        let total = factor.powi(repetition as i32) * noise;
        rows += &format!("{name},{level},{repetition},{total},1000,0\n");
    }
    rows
}

/// One run of `a` at concurrency 10: 1000 requests a second for 10 s, with these latencies.
fn latencies(columns: &str, values: &str) -> String {
    format!("framework,concurrency,total_time,requests_count,error_count,{columns}\na,10,10.0123,10000,0,{values}\n")
}

/// A thousand requests, with the start and the latency of each in ms.
fn requests(start: impl Fn(u32) -> u32, latency: impl Fn(u32) -> u32) -> String {
    let mut rows = String::from("framework,concurrency,start,latency_ms,status\n");
    for n in 0..1000 {
        rows += &format!("a,10,{},{},200\n", f64::from(start(n)) / 1000.0, latency(n));
    }
    rows
}

fn started(first: &str, second: &str) -> String {
    table(
        "framework,concurrency,timestamp,total_time,requests_count,error_count",
        &format!("a,10,2026-01-01T{first}Z,60,60000,0 b,10,2026-01-01T{second}Z,60,60000,0"),
    )
}

/// Runs of frameworks in this order, two minutes apart.
fn in_order(names: &str) -> String {
    let run = |(place, name): (usize, char)| format!("{name},10,2026-01-01T10:{:02}:00Z,60.{place},60000,0", 2 * place);
    let rows: Vec<String> = names.chars().enumerate().map(run).collect();
    table("framework,concurrency,timestamp,total_time,requests_count,error_count", &rows.join(" "))
}

fn cases() -> Vec<Case> {
    let averages = "framework,concurrency,total_time,requests_count,avg_time_per_request";
    let bytes = "framework,concurrency,total_time,requests_count,error_count,bytes_read";
    vec![
        ("dead-run", counts("a,10,1,100,100 b,10,1,100,0"), counts("a,10,1,100,99 b,10,1,100,0")),
        ("error-rate", counts("a,10,1,100,1"), counts("a,10,1,100,0")),
        ("errors-in-throughput", counts("a,10,1,100,1"), counts("a,10,1,1000,9")),
        ("contradiction", table(averages, "a,10,4,40,0.5"), table(averages, "a,10,4,40,0.11")),
        (
            "impossible-latencies",
            latencies("latency_p50,latency_p99,latency_max", "0.0103,0.0502,0.0309"),
            latencies("latency_p50,latency_p99,latency_max", "0.0103,0.0502,0.0489"),
        ),
        ("littles-law", latencies("latency_mean", "0.0137"), latencies("latency_mean", "0.0117")),
        (
            "coordinated-omission",
            latencies("latency_p50,latency_max", "0.0098,1.0023"),
            latencies("latency_p50,latency_max", "0.0098,0.4023"),
        ),
        (
            "shared-plateau",
            counts(&[curve("a", [100.0, 800.0, 1000.0, 1005.0]), curve("b", [60.0, 500.0, 995.0, 1000.0])].join(" ")),
            counts(&[curve("a", [100.0, 800.0, 1000.0, 1005.0]), curve("b", [60.0, 500.0, 900.0, 905.0])].join(" ")),
        ),
        ("drift", passes(1.05), passes(1.005)),
        ("overlapping-runs", started("10:00:00", "10:00:40"), started("10:00:00", "10:01:00")),
        ("measured-in-blocks", in_order("aabb"), in_order("abab")),
        ("measured-apart", started("10:00:00", "12:00:00"), started("10:00:00", "10:50:00")),
        (
            "mixed-axis",
            table("framework,concurrency,axis,total_time", "a,1,,1 a,2,threads,1"),
            table("framework,concurrency,axis,total_time", "a,1,threads,1 a,2,threads,1"),
        ),
        ("uneven-work", counts("a,10,1,1000,0 b,10,0.5,100,0"), counts("a,10,1,1000,0 b,10,0.5,1000,0")),
        (
            "uneven-answers",
            table(bytes, "a,10,1,1000,0,200000 b,10,1,1000,0,60000"),
            table(bytes, "a,10,1,1000,0,200000 b,10,1,1000,0,130000"),
        ),
        ("short-run", counts("a,10,1,90,0"), counts("a,10,1,100,0")),
        (
            "few-repetitions",
            counts("a,10,1,100,0 a,10,1.1,100,0"),
            counts("a,10,1,100,0 a,10,1.1,100,0 a,10,1.2,100,0"),
        ),
        (
            "high-variation",
            counts("a,10,1,100,0 a,10,1.2,100,0 a,10,1.4,100,0"),
            counts("a,10,1,100,0 a,10,1.1,100,0 a,10,1.2,100,0"),
        ),
        (
            "outlier",
            counts("a,10,1,100,0 a,10,1.01,100,0 a,10,0.99,100,0 a,10,1.02,100,0 a,10,1.3,100,0"),
            counts("a,10,1,100,0 a,10,1.01,100,0 a,10,0.99,100,0 a,10,1.02,100,0 a,10,1.08,100,0"),
        ),
        ("missing-cell", counts("a,10,1,100,0 a,20,1,100,0 b,10,1,100,0"), counts("a,10,1,100,0 b,10,1,100,0")),
        ("uneven-levels", counts("a,10,1,100,0 a,10,1,100,0 b,10,1,100,0"), counts("a,10,1,100,0 b,10,1,100,0")),
        ("identical-runs", counts("a,10,1,100,0 a,10,1,100,0"), counts("a,10,1,100,0 a,10,1.001,100,0")),
        (
            "coarse-clock",
            latencies("latency_min,latency_p50,latency_p90,latency_p99,latency_max", "0.001,0.002,0.003,0.005,0.017"),
            latencies(
                "latency_min,latency_p50,latency_p90,latency_p99,latency_max",
                "0.0011,0.0021,0.0034,0.0052,0.0173",
            ),
        ),
        ("unknown-concurrency", counts("a,10,1,100,0 b,,1,100,0"), counts("a,10,1,100,0 b,10,1,100,0")),
        ("one-level", counts("a,10,1,100,0 b,10,1,100,0"), counts("a,10,1,100,0 b,10,1,100,0 a,20,1,100,0")),
        ("stall", requests(|n| if n < 500 { n } else { n + 700 }, |_| 5), requests(|n| n + n / 500 * 10, |_| 5)),
        (
            "warm-up",
            requests(|n| n, |n| if n < 300 { 30 } else { 5 }),
            requests(|n| n, |n| if n % 7 == 0 { 30 } else { 5 }),
        ),
        ("uncounted-errors", counts("a,10,1,100,0 b,10,1,100,"), counts("a,10,1,100,0 b,10,1,100,0")),
    ]
}

#[test]
fn every_rule_is_raised_by_its_data_and_not_by_a_near_miss() {
    for (id, raising, near_miss) in cases() {
        let raised = analysis_of(&raising);
        assert!(ids(&raised).contains(&id), "{id} is not raised, but {:?}", ids(&raised));
        let missed = analysis_of(&near_miss);
        let told = missed.findings.iter().find(|finding| finding.id == id);
        assert_eq!(told.map(|finding| &finding.message), None, "{id}");
    }
}

#[test]
fn every_rule_on_trust_has_its_data() {
    let cases = cases();
    for id in rules_on_trust() {
        // The tool and a choice of the user are not in a table of records, and have tests of their own.
        let has_data =
            ["mixed-tools", "warm-up-skipped"].contains(&id.as_str()) || cases.iter().any(|(of, _, _)| *of == id);
        assert!(has_data, "{id} has no data in tests/integration/trust.rs");
    }
}

#[test]
fn tools_are_told_apart_only_where_frameworks_come_from_different_ones() {
    let workplace = Workplace::with(&[("own.csv", counts("b,16,1,100,0").as_bytes())]);
    let input = |label: &str, target: &str| Input { label: Some(label.to_owned()), target: target.to_owned() };
    let hey = input("a", "tests/fixtures/hey/good.txt");
    let own = Input { label: None, target: workplace.path("own.csv").display().to_string() };
    let analyzed = |inputs: &[Input]| analyze(&read(inputs), &AnalysisOptions::default()).unwrap();
    assert!(ids(&analyzed(&[hey.clone(), own])).contains(&"mixed-tools"));
    assert!(!ids(&analyzed(&[hey, input("c", "tests/fixtures/hey/flaky.txt")])).contains(&"mixed-tools"));
}

#[test]
fn the_noisy_study_drifts_and_the_quiet_one_does_not() {
    let findings = |target: &str| {
        let inputs = [Input { label: None, target: target.to_owned() }];
        analyze(&read(&inputs), &AnalysisOptions::default()).unwrap()
    };
    let noisy = findings("tests/fixtures/parquet/study-delay-pandas.parquet");
    assert!(ids(&noisy).contains(&"drift"), "{:?}", ids(&noisy));
    let quiet = findings(&sample("study/results.json"));
    assert!(!ids(&quiet).contains(&"drift"), "{:?}", ids(&quiet));
}

/// Whether so many of the run's requests failed that it must not be called fast.
fn is_faulty(run: &Run) -> bool {
    run.is_dead() || run.error_rate().is_some_and(|rate| 0.01 <= rate)
}

/// The runs of a fixture, and a slow rival without errors at each of its levels.
fn with_rivals(path: &Path) -> Option<(Loaded, Vec<Run>)> {
    let inputs = [Input { label: None, target: path.display().to_string() }];
    let mut loaded = match load::load(&inputs, &LoadOptions::default(), &|_, _| {}) {
        Ok(loaded) => loaded,
        Err(LoadError::Nothing { .. }) => return None,
        Err(error) => panic!("{}: {error}", path.display()),
    };
    let own: Vec<Run> = loaded.runs.iter().cloned().collect();
    let rival = |run: &Run| Run {
        framework: "rival".into(),
        scenario: run.scenario.clone(),
        concurrency: run.concurrency,
        axis: run.axis.clone(),
        repetition: Some(1),
        total_time: Some(1e6),
        requests_count: Some(1000),
        success_count: Some(1000),
        error_count: Some(0),
        avg_time_per_request: Some(1e3),
        source: "rival.csv:1".into(),
        ..Run::default()
    };
    let mut runs = own.clone();
    runs.extend(own.iter().map(rival));
    loaded.runs = Runs::new(runs);
    Some((loaded, own))
}

#[test]
fn no_run_that_failed_comes_first_and_each_is_told() {
    let mut faulty = 0;
    for (_, path) in fixtures() {
        let Some((loaded, own)) = with_rivals(&path) else { continue };
        let analysis = analyze(&loaded, &AnalysisOptions::default()).unwrap();
        for run in own.iter().filter(|run| is_faulty(run)) {
            faulty += 1;
            let is_told = analysis.findings.iter().any(|finding| {
                ["dead-run", "error-rate"].contains(&finding.id.as_str()) && finding.frameworks.contains(&run.framework)
            });
            assert!(is_told, "{}: nothing is told of {}", path.display(), run.source);
            // At a level at which it has no faulty run it may be ranked.
            let has_good_level = own.iter().any(|other| {
                (&other.framework, &other.scenario) == (&run.framework, &run.scenario) && !is_faulty(other)
            });
            let first = analysis
                .ranking
                .iter()
                .filter(|ranking| ranking.scenario == run.scenario)
                .filter_map(|ranking| ranking.tiers.first())
                .any(|tier| tier.contains(&run.framework));
            assert!(has_good_level || !first, "{}: {} comes first", path.display(), run.framework);
        }
    }
    assert!(50 < faulty, "there are only {faulty} failed runs among the fixtures");
}

#[test]
fn whatever_is_flaky_or_dead_is_known_to_be() {
    for (_, path) in fixtures() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_meant = ["flaky", "dead", "refused"].iter().any(|word| name.starts_with(word) || name.contains("_dead"));
        // ab's table of requests has no status.
        let is_without_status = path.starts_with("tests/fixtures/ab-gnuplot");
        if let Some((_, own)) = with_rivals(&path).filter(|_| is_meant && !is_without_status) {
            assert!(own.iter().any(is_faulty), "{}", path.display());
        }
    }
}
