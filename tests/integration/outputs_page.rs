//! What the page of outputs lists and shows is what there is.

use benchplot::report::Output;

use crate::command::{Workplace, sample};
use crate::outputs::{analysis_of, written};

const PAGE: &str = "docs/outputs.md";

/// Lines of an example.
const LINES: usize = 22;

/// Columns of an example.
const COLUMNS: usize = 150;

#[test]
fn the_page_lists_every_output() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    for output in Output::ALL {
        assert!(page.contains(&format!("| `{}` | {} |", output.name(), output.about())), "{}", output.name());
    }
    assert_eq!(
        page.lines().filter(|line| line.starts_with("| `") && line.matches(" | ").count() == 3).count(),
        Output::ALL.len()
    );
}

/// Outputs that are shown of a comparison, as they say most there.
const OF_COMPARE: [&str; 3] = ["github", "junit", "gitlab-codequality"];

/// Five runs of two servers at two levels, of which one is slower by `share` at the higher one.
fn measured(share: f64) -> String {
    let mut lines = String::from("framework,concurrency,requests_count,total_time\n");
    for repetition in 0..5 {
        for (framework, level, time) in [("axum", 10, 4.0), ("axum", 100, 1.0), ("gin", 10, 4.4), ("gin", 100, 1.1)] {
            let slower = if framework == "gin" && level == 100 { share } else { 0.0 };
            let noise = f64::from((repetition * 7 + level) % 5) * 0.004;
            lines.push_str(&format!("{framework},{level},400,{:.4}\n", time * (1.0 + slower + noise + share * 0.01)));
        }
    }
    lines
}

fn compared(name: &str) -> String {
    let workplace =
        Workplace::with(&[("main.csv", measured(0.0).as_bytes()), ("change.csv", measured(0.2).as_bytes())]);
    let report = format!("{name}=-");
    let what = ["compare", "main.csv", "change.csv", "-q", "--fail-on", "worse"];
    let outcome = workplace.run(&[&what[..], &["--metric", "avg_time_per_request", "--report", &report]].concat());
    assert_eq!(outcome.exit_code, Some(1), "{}", outcome.stderr);
    outcome.stdout
}

/// The page with each example as it is now: the first lines of an output of the sample data, or of a comparison.
fn current(page: &str) -> String {
    let analysis = analysis_of(&sample("results.json"), &[10, 100]);
    let mut lines = page.lines();
    let mut current = String::new();
    while let Some(line) = lines.next() {
        current.push_str(line);
        current.push('\n');
        let Some(name) = line.strip_prefix("<!-- example: ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let output = Output::from_name(name).unwrap();
        let text = if OF_COMPARE.contains(&name) { compared(name) } else { written(output, &analysis) };
        current.push_str("\n```text\n");
        for line in text.lines().take(LINES) {
            let short: String = line.chars().take(COLUMNS).collect();
            let more = if short.len() < line.len() { "…" } else { "" };
            current.push_str(&format!("{short}{more}\n"));
        }
        if LINES < text.lines().count() {
            current.push_str("…\n");
        }
        current.push_str("```\n");
        // The example that stands there makes room for it.
        let mut rest = lines.clone();
        if rest.next() == Some("") && rest.next() == Some("```text") {
            lines = rest;
            let _ = lines.by_ref().find(|line| *line == "```");
        }
    }
    current
}

#[test]
fn the_examples_are_real() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let current = current(&page);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, &current).unwrap();
        return;
    }
    assert!(page == current, "`BLESS=1 cargo test outputs_page` writes {PAGE} anew");
}
