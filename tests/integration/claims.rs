//! No recommendation says more than the data shows.

use serde_json::Value;

use crate::command::Workplace;

const HEADER: &str = "framework,concurrency,total_time,requests_count,error_count\n";

fn analysis(records: &str) -> Value {
    let workplace = Workplace::with(&[("results.csv", format!("{HEADER}{records}").as_bytes())]);
    let outcome = workplace.run(&["analyze", "results.csv", "--chart", "none", "-q", "-f", "json"]);
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {}", outcome.stderr))
}

/// Three runs of a cell that vary by a percent.
fn cell(framework: &str, concurrency: u32, total_time: f64, requests: u64, errors: u64) -> String {
    [0.99, 1.0, 1.01]
        .map(|factor| format!("{framework},{concurrency},{},{requests},{errors}\n", total_time * factor))
        .concat()
}

/// Message and advice of the first finding of a rule.
fn said(analysis: &Value, id: &str) -> (String, String) {
    let findings = analysis["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["id"] == id).unwrap_or_else(|| panic!("no {id}"));
    (finding["message"].as_str().unwrap().to_owned(), finding["advice"].as_str().unwrap().to_owned())
}

#[test]
fn who_fails_under_load_is_not_chosen_for_it() {
    let records = [
        cell("a", 1, 1.0, 100, 0),
        cell("a", 10, 1.0, 100, 0),
        cell("a", 100, 0.01, 100, 100),
        cell("b", 1, 2.0, 100, 0),
        cell("b", 10, 2.0, 100, 0),
        cell("b", 100, 2.0, 100, 0),
    ];
    let analysis = analysis(&records.concat());
    let (message, advice) = said(&analysis, "fastest-overall");
    assert!(message.contains("most of its requests failed at concurrency 100"), "{message}");
    assert_eq!(advice, "Do not choose a for a load as at concurrency 100: it fails there.");
    let (message, _) = said(&analysis, "best-at-level");
    assert!(message.ends_with("and b at 100 (alone, as the others mostly fail there)"), "{message}");
}

#[test]
fn errors_come_before_speed() {
    let analysis = analysis(&[cell("a", 10, 1.0, 100, 45), cell("b", 10, 2.0, 100, 0)].concat());
    assert_eq!(analysis["ranking"][0]["tiers"], serde_json::json!([["b"]]));
    assert_eq!(analysis["ranking"][0]["unranked"], serde_json::json!(["a"]));
    let (_, advice) = said(&analysis, "error-rate");
    assert!(advice.starts_with("Where 1 % or more fail it is not ranked"), "{advice}");
}

#[test]
fn a_run_without_a_request_is_dead_and_not_fast() {
    let analysis = analysis(&[cell("dead", 10, 0.01, 0, 0), cell("ok", 10, 2.0, 100, 0)].concat());
    assert_eq!(analysis["ranking"][0]["tiers"], serde_json::json!([["ok"]]));
    assert_eq!(analysis["ranking"][0]["unranked"], serde_json::json!(["dead"]));
    said(&analysis, "dead-run");
}

#[test]
fn different_work_is_compared_per_request() {
    let records = [cell("a", 10, 1.0, 10, 0), cell("b", 10, 2.0, 1000, 0), "c,10,1.5,,\nc,10,1.6,,\n".to_owned()];
    let analysis = analysis(&records.concat());
    assert_eq!(analysis["ranking"][0]["tiers"], serde_json::json!([["b"], ["a"]]));
    assert_eq!(analysis["ranking"][0]["unranked"], serde_json::json!(["c"]));
}

#[test]
fn a_real_difference_that_may_not_matter_is_called_that() {
    let (message, advice) =
        said(&analysis(&[cell("a", 1, 1.0, 100, 0), cell("b", 1, 1.04, 100, 0)].concat()), "fastest-overall");
    assert!(message.ends_with("it is ahead of b, but perhaps by too little to matter"), "{message}");
    assert!(advice.starts_with("Do not choose between a and b by this yet."), "{advice}");
}

#[test]
fn repetitions_that_do_not_vary_are_not_called_missing() {
    let records = "a,10,1.0,100,0\na,10,1.0,100,0\nb,10,2.0,100,0\nb,10,2.0,100,0\n";
    let (message, _) = said(&analysis(records), "fastest-overall");
    assert!(message.ends_with("the repetitions do not vary at all, so nothing is known of the noise"), "{message}");
}

#[test]
fn more_work_at_a_higher_level_is_no_limit() {
    let (_, advice) =
        said(&analysis(&[cell("a", 10, 1.0, 10, 0), cell("a", 100, 5.0, 100, 0)].concat()), "total-time-rises");
    assert!(advice.contains("this is more work, and no limit yet"), "{advice}");
    let (_, advice) =
        said(&analysis(&[cell("a", 10, 1.0, 100, 0), cell("a", 100, 5.0, 100, 0)].concat()), "total-time-rises");
    assert!(advice.starts_with("More than 10 at once does not get the work done sooner"), "{advice}");
}

#[test]
fn a_single_peak_is_no_rise() {
    let records = [cell("a", 1, 1.0, 100, 0), cell("a", 2, 2.0, 100, 0), cell("a", 4, 1.01, 100, 0)];
    let analysis = analysis(&records.concat());
    let findings = analysis["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["id"] != "total-time-rises"));
}

#[test]
fn the_order_of_the_rows_changes_no_claim() {
    let records =
        [cell("a", 1, 1.0, 100, 0), cell("b", 1, 2.0, 100, 0), cell("c", 2, 1.0, 100, 0), cell("d", 2, 2.0, 100, 0)]
            .concat();
    let reversed: String = records.lines().rev().map(|line| format!("{line}\n")).collect();
    let tiers = |records: &str| analysis(records)["ranking"][0]["tiers"].clone();
    assert_eq!(tiers(&records), tiers(&reversed));
}
