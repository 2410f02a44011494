//! Every output of an analysis and of a before and after, as other programs read them.

use std::collections::HashSet;

use benchplot::analysis::{Analysis, AnalysisOptions, ChangeAnalysis, analyze};
use benchplot::load::{Input, LoadOptions, load};
use benchplot::report::{Output, OutputOptions, Subject, write_output};
use serde_json::Value;

use crate::before_and_after::{Row, comparison, each_outcome, gate, gated, rule, violation};
use crate::command::{Workplace, sample};
use crate::{junit, openmetrics};

pub(crate) fn analysis_of(path: &str, concurrencies: &[u32]) -> Analysis {
    let options = LoadOptions { concurrencies: concurrencies.to_vec(), ..LoadOptions::default() };
    let mut loaded = load(&[Input::parse(path)], &options, &|_, _| {}).unwrap();
    for input in &mut loaded.inputs {
        input.name = "results.json".to_owned();
    }
    analyze(&loaded, &AnalysisOptions::default()).unwrap()
}

fn study() -> Analysis {
    analysis_of(&sample("study/results.json"), &[10, 200])
}

pub(crate) fn written<'a>(output: Output, subject: impl Into<Subject<'a>>) -> String {
    let options = OutputOptions { full_report: Some("output/report.md"), ..OutputOptions::default() };
    let mut bytes = Vec::new();
    write_output(output, subject, &options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The outputs that are small enough to be pinned as a whole; the others have tests of what they hold.
const PINNED: [Output; 9] = [
    Output::Github,
    Output::Gitlab,
    Output::GitlabCodeQuality,
    Output::Junit,
    Output::Csv,
    Output::HtmlTable,
    Output::OpenMetrics,
    Output::Bmf,
    Output::GithubActionBenchmark,
];

#[test]
fn outputs_of_an_analysis_say_this() {
    let analysis = analysis_of(&sample("results.json"), &[10, 100]);
    for output in PINNED {
        insta::assert_snapshot!(format!("analysis_{}", output.name()), written(output, &analysis));
    }
}

#[test]
fn outputs_of_a_before_and_after_say_this() {
    let changes = gated("en");
    for output in PINNED {
        insta::assert_snapshot!(format!("changes_{}", output.name()), written(output, &changes));
    }
}

#[test]
fn outputs_in_chinese_say_this() {
    let changes = gated("zh");
    for output in [Output::Github, Output::Junit, Output::GitlabCodeQuality] {
        insta::assert_snapshot!(format!("changes_zh_{}", output.name()), written(output, &changes));
    }
}

#[test]
fn the_same_analysis_gives_the_same_bytes_and_never_a_nan() {
    let (analysis, changes) = (study(), gated("en"));
    for output in Output::ALL {
        for subject in [Subject::Analysis(&analysis), Subject::Changes(&changes)] {
            let text = written(output, subject);
            assert_eq!(text, written(output, subject), "{}", output.name());
            assert!(!text.contains("NaN") && !text.contains(" inf"), "{}", output.name());
        }
    }
}

#[test]
fn a_report_of_json_is_the_analysis() {
    let (analysis, changes) = (study(), gated("en"));
    assert_eq!(serde_json::from_str::<Analysis>(&written(Output::Json, &analysis)).unwrap(), analysis);
    assert_eq!(serde_json::from_str::<ChangeAnalysis>(&written(Output::Json, &changes)).unwrap(), changes);
}

#[test]
fn openmetrics_holds_every_cell_and_every_change() {
    let analysis = study();
    let samples = openmetrics::read(&written(Output::OpenMetrics, &analysis));
    for cell in &analysis.cells {
        let sample = samples.iter().find(|sample| {
            sample.name.starts_with(&format!("benchplot_{}_", cell.metric))
                && !sample.name.contains("_low")
                && sample.labels["framework"] == cell.framework
                && sample.labels["concurrency"] == cell.concurrency.unwrap().to_string()
        });
        assert!((sample.unwrap().value - cell.mean).abs() <= f64::EPSILON * cell.mean, "{cell:?}");
    }
    let changes = gated("en");
    let samples = openmetrics::read(&written(Output::OpenMetrics, &changes));
    let value = |name: &str, label: &str, text: &str| {
        let found =
            samples.iter().find(|sample| sample.name == name && sample.labels.get(label).is_some_and(|l| l == text));
        found.unwrap().value.to_string()
    };
    assert_eq!(value("benchplot_changes", "outcome", "worse"), "1");
    assert_eq!(value("benchplot_gate_rule_passed", "rule", "fail on missing"), "1");
    assert_eq!(value("benchplot_change_ratio", "framework", "hyper"), "0.8");
}

#[test]
fn gitlab_sees_no_difference_where_there_is_only_noise() {
    let lines = |ratio: f64| {
        let rows = [Row::new("gin", Some(10), "equivalent", ratio)];
        written(Output::Gitlab, &comparison(&rows, None, "en"))
    };
    openmetrics::read(&lines(1.0));
    assert_eq!(lines(1.0), lines(1.0004));
    assert_ne!(lines(1.0), lines(1.02));
}

#[test]
fn junit_has_a_case_for_each_series_and_fails_what_the_gate_fails() {
    let result_of = |changes: &ChangeAnalysis, name: &str| {
        let cases = junit::check(&written(Output::Junit, changes));
        let found: Vec<String> =
            cases.into_iter().filter(|(_, case, _)| case == name).map(|(.., result)| result).collect();
        assert_eq!(found.len(), 1, "{name}");
        found[0].clone()
    };
    let gated = gated("en");
    // Eight series of nine rows: two metrics of one series are one case. And a case for each rule.
    assert_eq!(junit::check(&written(Output::Junit, &gated)).len(), 8 + 3);
    let table = [
        ("gin", "failure"),
        ("gin at 100", "failure"),
        ("flask", "skipped"),
        ("express", "skipped"),
        ("actix", "passed"),
        ("hyper", "passed"),
        ("1. fail on worse", "failure"),
        ("2. fail on missing", "passed"),
        ("3. error_rate < 1%", "error"),
    ];
    for (name, expected) in table {
        assert_eq!(result_of(&gated, name), expected, "{name}");
    }

    // Without a gate, what is worse or missing fails.
    let plain = comparison(&each_outcome(), None, "en");
    for (name, expected) in [("gin", "failure"), ("flask", "failure"), ("express", "skipped"), ("axum", "passed")] {
        assert_eq!(result_of(&plain, name), expected, "{name}");
    }

    // Inconclusive fails where the gate says so.
    let row = Row::new("express", None, "inconclusive", 1.07);
    let rules = vec![rule("fail on inconclusive", "inconclusive", 1, vec![violation(&row, "inconclusive", None)])];
    let strict = comparison(&[row], Some(gate("inconclusive", rules)), "en");
    assert_eq!(result_of(&strict, "express"), "failure");

    // Nothing compared is no success.
    let nothing = junit::check(&written(Output::Junit, &comparison(&[], None, "en")));
    assert_eq!(nothing.iter().map(|(.., result)| result.as_str()).collect::<Vec<_>>(), ["error"]);
}

#[test]
fn junit_of_an_analysis_fails_a_dead_series() {
    let workplace = Workplace::with(&[(
        "results.json",
        br#"[{"framework": "dead", "concurrency": 10, "total_time": 0.1, "requests_count": 40, "error_count": 40},
             {"framework": "good", "concurrency": 10, "total_time": 4.0, "requests_count": 40, "error_count": 0}]"#,
    )]);
    let analysis = analysis_of(&workplace.path("results.json").display().to_string(), &[]);
    let cases = junit::check(&written(Output::Junit, &analysis));
    let result = |name: &str| cases.iter().find(|(_, case, _)| case == name).map(|(.., result)| result.as_str());
    assert_eq!((result("dead at 10"), result("good at 10")), (Some("failure"), Some("passed")));
}

#[test]
fn code_quality_knows_a_problem_again() {
    let fingerprints = |ratio: f64| -> Vec<String> {
        let rows = [Row::new("gin", None, "worse", ratio), Row::new("axum", None, "worse", ratio)];
        let text = written(Output::GitlabCodeQuality, &comparison(&rows, None, "en"));
        let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
        for issue in &issues {
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
            assert!(issue["location"]["path"].as_str().unwrap().starts_with("runs/"));
            assert!(issue["location"]["lines"]["begin"].as_u64() >= Some(1));
            assert!(issue["description"].is_string() && issue["check_name"].is_string());
        }
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(fingerprints(1.2), fingerprints(1.3));
    assert_eq!(fingerprints(1.2).iter().collect::<HashSet<_>>().len(), 4);
}

#[test]
fn what_is_written_for_others_is_read_back() {
    let analysis = study();
    let workplace = Workplace::with(&[
        ("bmf.json", written(Output::Bmf, &analysis).as_bytes()),
        ("custom.json", written(Output::GithubActionBenchmark, &analysis).as_bytes()),
    ]);
    // Both are read by our own readers, which were written from these formats' own definitions.
    for (file, format) in [("bmf.json", "bencher"), ("custom.json", "github-action-benchmark")] {
        let path = workplace.path(file).display().to_string();
        let loaded = load(&[Input::parse(&path)], &LoadOptions::default(), &|_, _| {}).unwrap();
        assert_eq!(loaded.inputs[0].format, format);
        assert!(!loaded.runs.is_empty());
    }
    let entries: Vec<Value> = serde_json::from_str(&written(Output::GithubActionBenchmark, &analysis)).unwrap();
    assert!(
        entries.iter().all(|entry| entry["unit"] == "ms" && entry["value"].is_number() && entry["name"].is_string())
    );
    let bigger: Vec<Value> = serde_json::from_str(&written(Output::GithubActionBenchmarkBigger, &analysis)).unwrap();
    assert!(!bigger.is_empty() && bigger.iter().all(|entry| entry["unit"] == "1/s"));
    let names: HashSet<&str> = entries.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), entries.len());
}

#[test]
fn csv_has_a_row_for_each_cell_comparison_and_change() {
    let kinds = |text: &str| -> Vec<String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap()[0].to_owned()).collect()
    };
    let count = |kinds: &[String], kind: &str| kinds.iter().filter(|other| *other == kind).count();
    let analysis = study();
    let rows = kinds(&written(Output::Csv, &analysis));
    assert_eq!(count(&rows, "cell"), analysis.cells.len());
    assert_eq!(count(&rows, "comparison"), analysis.comparisons.len());
    let changes = gated("en");
    let rows = kinds(&written(Output::Csv, &changes));
    assert_eq!((count(&rows, "change"), count(&rows, "overall")), (changes.changes.len(), 1));
}
