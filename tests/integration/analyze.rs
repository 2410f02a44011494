//! `benchplot analyze` as a user meets it.

use crate::command::{Workplace, sample};

const RECORDS: &[u8] = include_bytes!("../../sample-data/results.json");

#[test]
fn the_main_job_says_all_of_this() {
    let workplace = Workplace::with(&[("results.json", RECORDS)]);
    let outcome = workplace.run(&["analyze", "results.json"]);
    insta::assert_snapshot!(outcome.text());
    assert_eq!(workplace.list("output"), ["analysis.json", "performance_comparison.png", "report.md"]);
}

#[test]
fn the_report_of_the_main_job_says_all_of_this() {
    let workplace = Workplace::with(&[("results.json", RECORDS)]);
    assert_eq!(workplace.run(&["analyze", "results.json", "--chart", "none", "-q"]).exit_code, Some(0));
    insta::assert_snapshot!(String::from_utf8(workplace.read("output/report.md")).unwrap());
}

#[test]
fn the_report_in_chinese_says_all_of_this() {
    let workplace = Workplace::with(&[("results.json", RECORDS)]);
    let outcome =
        workplace.run(&["analyze", "results.json", "--chart", "none", "-q", "--lang", "zh", "-f", "markdown"]);
    insta::assert_snapshot!(outcome.text());
}

#[test]
fn the_study_gets_firm_verdicts() {
    let workplace = Workplace::new();
    let outcome = workplace.run(&["analyze", &sample("study/results.json"), "--chart", "none", "-q", "-f", "json"]);
    let analysis: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let verdict = |concurrency: u64| {
        let rows = analysis["comparisons"].as_array().unwrap();
        let row = rows.iter().find(|row| {
            row["baseline"] == "asyncio"
                && row["candidate"] == "aiohttp_server"
                && row["metric"] == "avg_time_per_request"
                && row["concurrency"] == concurrency
        });
        row.unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        [10, 25, 50, 100, 200].map(verdict),
        ["equivalent", "equivalent", "equivalent", "inconclusive", "better"]
    );
    assert_eq!(
        analysis["ranking"][0]["tiers"],
        serde_json::json!([["aiohttp_server"], ["asyncio"], ["threads"], ["celery"]])
    );
}

#[test]
fn the_same_runs_in_four_formats_are_counted_once_and_take_latencies_from_their_requests() {
    let workplace = Workplace::new();
    let study = format!("{}/sample-data/study", env!("CARGO_MANIFEST_DIR"));
    let outcome = workplace.run(&["analyze", &study, "--chart", "none", "-f", "json"]);
    let analysis: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(analysis["runs_count"], 100);
    let codes: Vec<_> =
        analysis["diagnostics"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["duplicate-run", "requests-join-run"]);
    assert!(analysis["cells"].as_array().unwrap().iter().any(|cell| cell["metric"] == "latency_p99"));
}

#[test]
fn a_dead_run_is_listed_and_never_first() {
    let records = r#"[
        {"framework": "dead", "concurrency": 10, "total_time": 0.001, "requests_count": 40, "error_count": 40},
        {"framework": "mostly", "concurrency": 10, "total_time": 0.1, "requests_count": 40, "error_count": 30},
        {"framework": "slow", "concurrency": 10, "total_time": 9.0, "requests_count": 40, "error_count": 0},
        {"framework": "good", "concurrency": 10, "total_time": 4.0, "requests_count": 40, "error_count": 0}
    ]"#;
    let workplace = Workplace::with(&[("results.json", records.as_bytes())]);
    let outcome = workplace.run(&["analyze", "results.json", "--chart", "none"]);
    insta::assert_snapshot!(outcome.text());
}

#[test]
fn uneven_data_gives_a_right_result() {
    let records = "framework,concurrency,total_time,requests_count\n\
                   a,50,4.0,400\na,10,8.0,400\na,10,8.2,400\na,10,7.9,400\na,25,5.0,400\n\
                   b,10,9.0,400\nb,50,6.0,400\nb,10,9.4,400\nb,10,9.1,400\n\
                   c,100,6.0,400\nd,,7.0,400\n";
    let workplace = Workplace::with(&[("results.csv", records.as_bytes())]);
    insta::assert_snapshot!(workplace.run(&["analyze", "results.csv"]).text());
}

#[test]
fn without_a_concurrency_frameworks_are_still_compared() {
    let records = "framework,total_time\na,4.0\na,4.1\na,4.2\nb,6.0\nb,6.2\nb,6.1\n";
    let workplace = Workplace::with(&[("results.csv", records.as_bytes())]);
    insta::assert_snapshot!(workplace.run(&["analyze", "results.csv"]).text());
}

#[test]
fn one_record_is_enough_to_begin_with() {
    let workplace = Workplace::new();
    let record = br#"{"concurrency": 10, "total_time": 4.2}"#;
    let outcome = workplace.run_with_stdin(&["analyze", "asyncio=-", "--chart", "none"], record);
    insta::assert_snapshot!(outcome.text());
}

#[test]
fn filters_and_a_reference_narrow_the_question() {
    let workplace = Workplace::new();
    let study = sample("study/results.json");
    let args = ["analyze", &study, "--chart", "none", "-q", "--framework", "asyncio", "--framework", "threads"];
    let args =
        [&args[..], &["--concurrency", "100", "--concurrency", "200", "--reference", "threads", "--min-effect", "0.4"]];
    let outcome = workplace.run(&args.concat());
    let after_records = outcome.stdout.split("Per framework").nth(1).unwrap();
    insta::assert_snapshot!(after_records);
}

#[test]
fn names_come_from_paths_where_the_content_has_none() {
    let record = br#"{"total_time": 4.2, "requests_count": 40}"#;
    let workplace = Workplace::with(&[("runs/gin_c8.json", record), ("runs/gin_c16.json", record)]);
    let args = ["convert", "runs", "-q", "-o", "-", "--to", "csv", "--name-pattern", "{framework}_c{concurrency}"];
    let outcome = workplace.run(&args);
    let names: Vec<_> =
        outcome.stdout.lines().skip(1).map(|line| line.split(',').take(3).collect::<Vec<_>>()).collect();
    assert_eq!(names, [["gin", "", "16"], ["gin", "", "8"]]);
}
