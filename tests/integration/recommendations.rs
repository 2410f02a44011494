//! What follows from data whose truth is known: each recommendation appears where it should, with what it rests on.

use std::fmt::Write as _;

use serde_json::Value;

use crate::command::{Workplace, sample};

/// Runs of one framework at a level: a mean total time for 1000 requests with a little noise, and a p99.
fn runs(csv: &mut String, framework: &str, level: u32, total: f64, p99: f64) {
    for (repetition, noise) in [0.99, 1.0, 1.01, 0.995, 1.005].into_iter().enumerate() {
        let (total, p99) = (total * noise, p99 * noise);
        writeln!(csv, "{framework},{level},{},{total},1000,0,{p99}", repetition + 1).unwrap();
    }
}

fn table() -> String {
    "framework,concurrency,repetition,total_time,requests_count,error_count,latency_p99\n".to_owned()
}

fn analysis(csv: &str, args: &[&str]) -> Value {
    let workplace = Workplace::with(&[("runs.csv", csv.as_bytes())]);
    let all = [&["analyze", "runs.csv", "--chart", "none", "-q", "-f", "json"], args].concat();
    let outcome = workplace.run(&all);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn found<'a>(analysis: &'a Value, id: &str) -> Vec<&'a Value> {
    analysis["findings"].as_array().unwrap().iter().filter(|finding| finding["id"] == id).collect()
}

/// Every JSON pointer of every finding leads to something.
fn assert_rests_on_something(analysis: &Value) {
    for finding in analysis["findings"].as_array().unwrap() {
        for place in finding["rests_on"].as_array().unwrap() {
            let place = place.as_str().unwrap();
            let is_id = || !found(analysis, place).is_empty();
            assert!(if place.starts_with('/') { analysis.pointer(place).is_some() } else { is_id() }, "{place}");
        }
    }
}

#[test]
fn who_overtakes_whom_is_said_with_the_levels() {
    let mut csv = table();
    for (level, a, b) in [(10, 1.0, 2.0), (20, 1.0, 1.5), (80, 2.0, 1.0), (160, 4.0, 1.0)] {
        runs(&mut csv, "a", level, a, 0.1);
        runs(&mut csv, "b", level, b, 0.1);
    }
    let analysis = analysis(&csv, &[]);
    let [finding] = found(&analysis, "overtakes")[..] else { panic!("{analysis}") };
    assert_eq!(finding["evidence"]["better_below"], "a");
    assert_eq!(
        (&finding["evidence"]["concurrency_low"], &finding["evidence"]["concurrency_high"]),
        (&20.into(), &80.into())
    );
    assert!(finding["advice"].as_str().unwrap().contains("measure both at 40"), "{finding}");
    assert_rests_on_something(&analysis);
    let [next] = found(&analysis, "measure-next")[..] else { panic!("{analysis}") };
    assert!(next["message"].as_str().unwrap().contains("a and b at concurrency 40"), "{next}");
}

#[test]
fn a_longer_tail_of_the_first_is_its_price() {
    let mut csv = table();
    for level in [10, 20, 40] {
        runs(&mut csv, "quick", level, 1.0, 0.9);
        runs(&mut csv, "steady", level, 1.3, 0.3);
    }
    let analysis = analysis(&csv, &["--reference", "steady"]);
    let [finding] = found(&analysis, "tail-cost")[..] else { panic!("{analysis}") };
    assert!(
        finding["message"].as_str().unwrap().starts_with("quick comes first by avg_time_per_request, but its p99"),
        "{finding}"
    );
    let against = &finding["evidence"]["against"][0];
    assert_eq!(against["framework"], "steady");
    assert!((against["ratio"].as_f64().unwrap() - 3.0).abs() < 1e-9);
    assert!(!finding["rests_on"].as_array().unwrap().is_empty());
    assert_rests_on_something(&analysis);
    // The steady one has no price to pay.
    let mut csv = table();
    for level in [10, 20, 40] {
        runs(&mut csv, "quick", level, 1.0, 0.3);
        runs(&mut csv, "steady", level, 1.3, 0.3);
    }
    assert!(found(&self::analysis(&csv, &[]), "tail-cost").is_empty());
}

#[test]
fn limits_come_from_accepted_laws_only() {
    let law = |sigma: f64, kappa: f64, levels: &[u32]| {
        let mut csv = table();
        for &level in levels {
            let n = f64::from(level);
            let throughput = 100.0 * n / (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0));
            runs(&mut csv, "a", level, 1000.0 / throughput, 0.1);
        }
        analysis(&csv, &[])
    };
    let message = |analysis: &Value| found(analysis, "scaling-limit")[0]["message"].as_str().unwrap().to_owned();
    let all = [1, 2, 4, 8, 16, 32, 64];
    let contended = law(0.05, 1e-5, &all);
    assert!(message(&contended).contains("by"), "{contended}");
    let peaked = law(0.01, 1e-3, &all);
    assert!(message(&peaked).contains("goodput peaks at concurrency 31"), "{}", message(&peaked));
    assert_rests_on_something(&peaked);
    // Three levels are no law, whatever they look like.
    let short = law(0.01, 1e-3, &[1, 16, 64]);
    assert_eq!(short["scaling"][0]["accepted"], false);
    assert!(message(&short).contains("no law of scaling"), "{}", message(&short));
    // Nor is a line through points that do not follow it.
    let mut csv = table();
    for (level, total) in [(10, 1.0), (20, 1.05), (40, 0.99), (80, 1.02)] {
        runs(&mut csv, "a", level, total, 0.1);
    }
    let flat = analysis(&csv, &[]);
    assert!(message(&flat).contains("does not grow from concurrency 10 on"), "{}", message(&flat));
    let claims = found(&short, "unsupported-claims")[0]["message"].as_str().unwrap().to_owned();
    assert!(claims.contains("the peak or the limit of a"), "{claims}");
    let next = found(&short, "measure-next")[0]["message"].as_str().unwrap().to_owned();
    assert!(next.contains("a at concurrency 8 and 128"), "{next}");
}

#[test]
fn an_objective_gets_an_answer_for_each_framework() {
    let mut csv = table();
    for (level, a, b) in [(10, 0.05, 0.05), (20, 0.1, 0.06), (40, 0.4, 0.08)] {
        runs(&mut csv, "a", level, 1.0, a);
        runs(&mut csv, "b", level, 1.0, b);
    }
    let analysis = analysis(&csv, &["--slo", "p99<200ms"]);
    let [finding] = found(&analysis, "capacity")[..] else { panic!("{analysis}") };
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains("for a up to concurrency 25;"), "{message}");
    assert!(message.contains("for b at every level measured, up to 40"), "{message}");
    assert!(finding["advice"].as_str().unwrap().contains("Measure b above 40 to find where it ends"), "{finding}");
    assert_rests_on_something(&analysis);
}

#[test]
fn what_is_open_says_how_many_runs_would_settle_it() {
    let mut csv = table();
    for (repetition, (a, b)) in
        [(1.0, 1.1), (1.1, 1.0), (0.95, 1.18), (1.05, 1.05), (1.02, 1.15)].into_iter().enumerate()
    {
        writeln!(csv, "a,10,{},{a},1000,0,\nb,10,{},{b},1000,0,", repetition + 1, repetition + 1).unwrap();
    }
    let analysis = analysis(&csv, &[]);
    let row = &analysis["comparisons"][0];
    assert_eq!(row["verdict"], "inconclusive");
    let needed = row["repetitions_needed"].as_u64().unwrap();
    let [finding] = found(&analysis, "measure-next")[..] else { panic!("{analysis}") };
    let message = finding["message"].as_str().unwrap();
    assert!(message.contains(&format!("~{} more runs of every cell", needed - 5)), "{message}");
    assert_rests_on_something(&analysis);
}

#[test]
fn every_recommendation_on_the_study_speaks_both_languages() {
    let run = |language: &str| {
        let workplace = Workplace::new();
        let outcome = workplace.run(&[
            "analyze",
            &sample("study/results.json"),
            "--chart",
            "none",
            "-q",
            "-f",
            "json",
            "--lang",
            language,
            "--slo",
            "errors<1%",
        ]);
        serde_json::from_str::<Value>(&outcome.stdout).unwrap()
    };
    let (english, chinese) = (run("en"), run("zh"));
    assert_rests_on_something(&english);
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let pairs = english["findings"].as_array().unwrap().iter().zip(chinese["findings"].as_array().unwrap());
    for (english, chinese) in pairs {
        assert_eq!((&english["id"], &english["evidence"]), (&chinese["id"], &chinese["evidence"]));
        for part in ["message", "advice"] {
            assert!(!is_chinese(english[part].as_str().unwrap()), "{english}");
            assert!(is_chinese(chinese[part].as_str().unwrap()), "{chinese}");
        }
    }
}
