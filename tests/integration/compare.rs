//! `benchplot compare` on results before and after a change.

use benchplot::analysis::changes_json_schema;
use serde_json::Value;

use crate::command::{Outcome, Workplace};

const SCHEMA: &str = "schema/comparison.schema.json";

pub(crate) fn data(name: &str) -> String {
    format!("{}/tests/data/compare/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Runs of frameworks at levels, as CSV: each with five times about its own, and how many of 400 requests failed.
pub(crate) fn csv(rows: &[(&str, u32, f64, u32)]) -> String {
    let noise = [1.0, 1.012, 0.991, 1.006, 0.996];
    let mut text = "framework,scenario,concurrency,total_time,requests_count,error_count\n".to_owned();
    for (name, level, time, errors) in rows {
        let (framework, scenario) = name.split_once('/').unwrap_or((name, ""));
        for factor in noise {
            text += &format!("{framework},{scenario},{level},{},400,{errors}\n", time * factor);
        }
    }
    text
}

pub(crate) fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}\n{}", outcome.text()))
}

/// The outcomes of rows over all levels or at levels, by series.
fn outcomes(analysis: &Value, metric: &str) -> Vec<(String, String)> {
    let rows = analysis["changes"].as_array().unwrap().iter().filter(|row| row["metric"] == metric);
    let name = |row: &Value| {
        let level = row["concurrency"].as_u64().map(|level| format!("@{level}")).unwrap_or_default();
        format!("{}{level}", row["scenario"].as_str().unwrap())
    };
    rows.map(|row| (name(row), row["outcome"].as_str().unwrap().to_owned())).collect()
}

fn row<'a>(analysis: &'a Value, scenario: &str, concurrency: Option<u64>) -> &'a Value {
    let rows = analysis["changes"].as_array().unwrap();
    let is_it = |row: &&Value| row["scenario"] == scenario && row["concurrency"].as_u64() == concurrency;
    rows.iter().find(is_it).unwrap()
}

#[test]
fn figures_show_both_sides_and_the_worst_first() {
    use benchplot::analysis::{ChangeAnalysis, ChangeAnalysisOptions, SideInput, analyze_changes};
    use benchplot::chart::{ChartOptions, Mark, changes_by_level, changes_by_ratio};
    use benchplot::load::{Input, LoadOptions, load};

    let old = [("gin", 10, 4.0, 0), ("gin", 50, 3.0, 0), ("echo", 10, 5.0, 0), ("gone", 10, 1.0, 0)];
    let new = [("gin", 10, 4.8, 0), ("gin", 50, 3.6, 0), ("echo", 10, 4.0, 0)];
    let workplace = Workplace::with(&[("old.csv", csv(&old).as_bytes()), ("new.csv", csv(&new).as_bytes())]);
    let side = |name: &str| {
        let inputs = [Input::parse(&workplace.path(name).display().to_string())];
        load(&inputs, &LoadOptions::default(), &|_, _| {}).unwrap()
    };
    let (old, new) = (side("old.csv"), side("new.csv"));
    let sides = [SideInput { label: "old", loaded: &old }, SideInput { label: "new", loaded: &new }];
    let analysis: ChangeAnalysis = analyze_changes(&sides, &ChangeAnalysisOptions::default()).unwrap();
    let figure = changes_by_level(&analysis, &ChartOptions::default()).unwrap();
    assert_eq!(figure.panels.len(), 2);
    for panel in &figure.panels {
        let of = |name: &str, mark: Mark| {
            let line = panel.series.iter().find(|line| line.name == name && line.mark == mark).unwrap();
            line.segments.iter().flatten().map(|point| (point.x, point.y)).collect::<Vec<_>>()
        };
        let (before, after) = (of("gin", Mark::Former), of("gin", Mark::Measured));
        assert_eq!(before.len(), 2);
        for ((x, before), (also_x, after)) in before.iter().zip(&after) {
            assert!((x - also_x).abs() < 1e-12 && (after / before - 1.2).abs() < 1e-9, "{before} {after}");
        }
    }
    let rows = changes_by_ratio(&analysis, &ChartOptions::default()).unwrap();
    let labels: Vec<&str> = rows.panels[0].y.ticks.iter().map(|tick| tick.label.as_str()).collect();
    assert_eq!(labels, ["gin", "echo"]);
}

#[test]
fn a_comparison_says_all_of_this() {
    let workplace = Workplace::with(&[
        (
            "old.csv",
            csv(&[("gin", 10, 4.0, 0), ("gin", 50, 3.0, 0), ("echo", 10, 5.0, 0), ("gone", 10, 1.0, 0)]).as_bytes(),
        ),
        (
            "new.csv",
            csv(&[("gin", 10, 4.8, 0), ("gin", 50, 3.6, 9), ("echo", 10, 5.0, 0), ("born", 10, 1.0, 0)]).as_bytes(),
        ),
    ]);
    insta::assert_snapshot!(workplace.run(&["compare", "old.csv", "new.csv", "--fail-on", "worse", "-v"]).text());
    assert_eq!(
        workplace.list("output"),
        ["comparison.json", "comparison.md", "comparison.png", "comparison_ratios.png"]
    );
    let report = String::from_utf8(workplace.read("output/comparison.md")).unwrap();
    insta::assert_snapshot!("a_comparison_in_markdown_says_all_of_this", report);
    let chinese = workplace.run(&["compare", "old.csv", "new.csv", "--fail-on", "worse", "-q", "--lang", "zh"]);
    insta::assert_snapshot!("a_comparison_in_chinese_says_all_of_this", chinese.stdout);
}

#[test]
fn go_benchmarks_have_the_medians_deltas_and_p_values_of_benchstat() {
    let workplace = Workplace::new();
    let outcome = workplace.run(&["compare", &data("go_old.txt"), &data("go_slower.txt"), "-q", "-f", "json"]);
    let analysis = json(&outcome);
    // By the definitions of benchstat (golang.org/x/perf/benchmath, AssumeNothing), computed with numpy's median and scipy's
    // mannwhitneyu: exact without ties, else asymptotic, as there are more than 9 values a side.
    let table = [
        ("Checksum", 1000, 1030.5, 872.95, "-15.29", "0.121"),
        ("Checksum", 10000, 10948.0, 8768.0, "-19.91", "0.000"),
        ("MutexParallel", 2, 15.81, 10.25, "-35.17", "0.000"),
        ("JSON", 2, 636.1, 800.0, "+25.77", "0.023"),
    ];
    for (scenario, level, before, after, delta, p) in table {
        let row = row(&analysis, scenario, Some(level));
        let number = |value: &Value| value.as_f64().unwrap();
        let delta_found = format!("{:+.2}", (number(&row["median_ratio"]) - 1.0) * 100.0);
        for (side, median) in [("baseline", before), ("candidate", after)] {
            let found = number(&row[side]["median"]) * 1e9;
            assert!((found - median).abs() < 1e-9 * median, "{scenario}: {found}");
        }
        let p_found = format!("{:.3}", number(&row["benchstat_p_value"]));
        assert_eq!((delta_found.as_str(), p_found.as_str()), (delta, p), "{scenario} {level}");
    }
    let all = &analysis["overall"][0];
    let delta = (all["median_ratio"].as_f64().unwrap() - 1.0) * 100.0;
    assert_eq!(format!("{delta:+.2}"), "-13.76");
    assert_eq!(format!("{:.1}", all["baseline_median"].as_f64().unwrap() * 1e9), "580.4");
    assert_eq!(analysis["findings"][0]["id"], "matched-by-scenario");
}

#[test]
fn iterations_of_one_run_are_worse_where_they_are_and_a_rerun_is_not() {
    let workplace = Workplace::new();
    let (old, new) = (data("pytest_baseline.json"), data("pytest_slower.json"));
    let worse = workplace.run(&["compare", &old, &new, "-q", "-f", "json", "--fail-on", "worse"]);
    assert_eq!(worse.exit_code, Some(1));
    let analysis = json(&worse);
    let found = outcomes(&analysis, "avg_time_per_request");
    for name in ["checksum/test_checksum", "checksum/test_checksum@10000", "checksum/test_checksum@50000", "test_build"]
    {
        assert!(found.contains(&(name.to_owned(), "worse".to_owned())), "{name}: {found:?}");
    }
    let ids: Vec<&str> =
        analysis["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"single-process"), "{ids:?}");
    let same = workplace.run(&["compare", &old, &old, "-q", "-f", "json", "--fail-on", "worse"]);
    assert_eq!(same.exit_code, Some(0), "{}", same.text());

    // A rerun on a busy machine: the slow mode is now the usual one, and the fast one is as fast as before.
    let mut rerun: Value = serde_json::from_slice(&std::fs::read(&old).unwrap()).unwrap();
    for benchmark in rerun["benchmarks"].as_array_mut().unwrap() {
        for (index, time) in benchmark["stats"]["data"].as_array_mut().unwrap().iter_mut().enumerate() {
            if index % 12 != 0 {
                *time = (time.as_f64().unwrap() * 2.3).into();
            }
        }
        let fastest = benchmark["stats"]["min"].clone();
        benchmark["stats"]["data"][0] = fastest;
    }
    let workplace = Workplace::with(&[("rerun.json", rerun.to_string().as_bytes())]);
    let found = json(&workplace.run(&["compare", &old, "rerun.json", "-q", "-f", "json"]));
    assert!(outcomes(&found, "avg_time_per_request").iter().all(|(_, outcome)| outcome != "worse"), "{found}");
}

#[test]
fn names_that_changed_are_matched() {
    let old = csv(&[("gin/json", 10, 4.0, 0), ("echo/json", 10, 4.0, 0)]);
    let new = csv(&[("gin-v2/json", 10, 4.0, 0), ("echo-v2/json", 10, 6.0, 0)]);
    let workplace = Workplace::with(&[("old.csv", old.as_bytes()), ("new.csv", new.as_bytes())]);
    let compare =
        |args: &[&str]| workplace.run(&[&["compare", "old.csv", "new.csv", "-q", "-f", "json"], args].concat());
    let nothing = compare(&[]);
    assert_eq!(nothing.exit_code, Some(3));
    assert!(
        nothing.stderr.contains("new has no series of old") && nothing.stderr.contains("--rename"),
        "{}",
        nothing.stderr
    );
    let renamed = json(&compare(&["--rename", "gin=gin-v2", "--rename", "echo=echo-v2"]));
    assert_eq!(renamed["overall"][0]["series"], 2);
    assert_eq!(renamed["changes"][0]["candidate_framework"], "gin-v2");
    let matched = json(&compare(&["--match", r"^(\w+)(?:-v\d+)?/"]));
    assert_eq!(matched["overall"][0]["series"], 2);
}

#[test]
fn the_first_of_several_sides_is_the_baseline() {
    let side = |time| csv(&[("gin", 10, time, 0)]);
    let (a, b, c) = (side(4.0), side(5.0), side(3.0));
    let workplace = Workplace::with(&[("a.csv", a.as_bytes()), ("b/1.csv", b.as_bytes()), ("c.csv", c.as_bytes())]);
    let found = json(&workplace.run(&["compare", "main=a.csv", "b", "c.csv", "-q", "-f", "json"]));
    let labels: Vec<&str> =
        found["sides"].as_array().unwrap().iter().map(|side| side["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["main", "b", "c"]);
    let rows: Vec<(&str, &str)> = found["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["concurrency"].is_null() && row["metric"] == "avg_time_per_request")
        .map(|row| (row["candidate_label"].as_str().unwrap(), row["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(rows, [("b", "worse"), ("c", "better")]);
}

#[test]
fn inputs_of_one_label_are_one_side() {
    let side = |time| csv(&[("gin", 10, time, 0)]);
    let (a, b) = (side(4.0), side(4.01));
    let files = [("1.csv", a.as_bytes()), ("2.csv", b.as_bytes()), ("3.csv", a.as_bytes()), ("4.csv", b.as_bytes())];
    let workplace = Workplace::with(&files);
    let args = ["compare", "old=1.csv", "old=2.csv", "new=3.csv", "new=4.csv", "-q", "-f", "json"];
    let found = json(&workplace.run(&args));
    assert_eq!(found["changes"][0]["baseline"]["n"], 10);
    assert_eq!(found["changes"][0]["outcome"], "equivalent");
}

#[test]
fn what_speaks_against_a_comparison_is_said() {
    let ids = |old: &str, new: &str| -> Vec<String> {
        let workplace = Workplace::with(&[("old.csv", old.as_bytes()), ("new.csv", new.as_bytes())]);
        let found = json(&workplace.run(&["compare", "old.csv", "new.csv", "-q", "-f", "json"]));
        found["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap().to_owned()).collect()
    };
    let rows = csv(&[("gin", 10, 4.0, 0)]);
    let slower = csv(&[("gin", 10, 4.5, 0)]);
    assert_eq!(ids(&rows, &slower), [""; 0]);
    assert_eq!(ids(&rows, &rows), ["same-runs"]);
    assert_eq!(ids(&rows, &csv(&[("gin", 10, 4.5, 0), ("gin", 20, 4.0, 0)])), ["different-levels"]);
    assert_eq!(ids(&rows, &slower.replace(",400,", ",800,")), ["different-requests"]);
    let first = |text: &str| text.lines().take(2).collect::<Vec<_>>().join("\n");
    assert_eq!(ids(&first(&rows), &first(&slower)), ["no-repetitions"]);
    assert_eq!(ids(&csv(&[("gin", 10, 4.0, 0), ("echo", 10, 4.0, 0)]), &slower), ["missing-series"]);
    let workplace = Workplace::with(&[
        ("old.csv", rows.as_bytes()),
        (
            "new.json",
            br#"[
        {"framework": "gin", "concurrency": 10, "total_time": 4.1, "requests_count": 400},
        {"framework": "gin", "concurrency": 10, "total_time": 4.2, "requests_count": 400}]"#,
        ),
    ]);
    let found = json(&workplace.run(&["compare", "old.csv", "new.json", "-q", "-f", "json"]));
    assert_eq!(found["findings"][0]["id"], "different-tools");
}

#[test]
fn another_machine_is_told() {
    let old = std::fs::read_to_string(data("go_old.txt")).unwrap();
    let workplace = Workplace::with(&[("new.txt", old.replace("AMD EPYC", "Apple M9").as_bytes())]);
    let found = json(&workplace.run(&["compare", &data("go_old.txt"), "new.txt", "-q", "-f", "json"]));
    assert_eq!(found["findings"][0]["id"], "different-machines");
    assert_eq!(found["sides"][1]["inputs"][0]["machine"], "Apple M9, amd64, linux");
}

#[test]
fn the_committed_schema_is_current_and_what_is_written_is_valid_by_it() {
    let current = changes_json_schema().unwrap();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(SCHEMA, &current).unwrap();
    }
    let committed = std::fs::read_to_string(SCHEMA).unwrap();
    assert!(committed == current, "{SCHEMA} is not current; `BLESS=1 cargo test schema` writes it anew");
    let schema: Value = serde_json::from_str(&current).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (old, new) = (csv(&[("gin", 10, 4.0, 0), ("gone", 1, 1.0, 0)]), csv(&[("gin", 10, 4.8, 5)]));
    let workplace = Workplace::with(&[("old.csv", old.as_bytes()), ("new.csv", new.as_bytes())]);
    for sides in [
        ["old.csv".to_owned(), "new.csv".to_owned()],
        [data("pytest_baseline.json"), data("pytest_slower.json")],
        [data("go_old.txt"), data("go_slower.txt")],
    ] {
        let [old, new] = &sides;
        let allow = "gone until 2020-01-31 because of that";
        let args =
            ["compare", old, new, "-q", "-f", "json", "--fail-on", "worse", "--limit", "avg < 1s", "--allow", allow];
        let found = json(&workplace.run(&args));
        let errors: Vec<String> = validator.iter_errors(&found).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let written: Value = serde_json::from_slice(&workplace.read("output/comparison.json")).unwrap();
        assert!(written == found, "{written}");
    }
}
