//! Names that try to be something else: every output stays what it is.

use std::collections::HashSet;

use benchplot::analysis::ChangeAnalysis;
use benchplot::report::{Output, annotations, variables};
use roxmltree::Document;
use serde_json::Value;

use crate::before_and_after::{Row, comparison, gate, rule, violation};
use crate::outputs::written;
use crate::{junit, openmetrics};

const NAMES: [&str; 18] = [
    "line\nend\r\nand # TYPE x gauge",
    "\"quotes\" and 'these' and `those`",
    "]]> <![CDATA[ & <b>bold</b> -->",
    "tab\tbell\u{7}null\u{0}escape\u{1b}[31m",
    "a|b\\|c\\",
    "@octocat #1 [link](https://example.com) ![image](x)",
    "::error::not mine",
    "100%,25%:0",
    "emoji 🙂 and 并发数 and \u{202e}right to left",
    "=1+1",
    "{braces} ${SHELL} $(id)",
    "\u{ffff}\u{2028}\u{85}",
    "</table></td><script>alert(1)</script>",
    "a/b",
    "benchplot_gate=passed\ngate=passed",
    "-->",
    "  blank  ",
    "#",
];

fn changes() -> ChangeAnalysis {
    let megabyte = "长".repeat(350_000);
    let names = NAMES.iter().copied().chain([megabyte.as_str()]);
    let mut rows: Vec<Row> = Vec::new();
    for (index, name) in names.enumerate() {
        let outcome = ["worse", "better", "inconclusive"][index % 3];
        rows.push(Row { scenario: name.to_owned(), ..Row::new(name, None, outcome, 1.2) });
        rows.push(Row { scenario: name.to_owned(), ..Row::new(name, Some(10), outcome, 1.2) });
    }
    // The same readable name as the framework `a/b` with a scenario of its own.
    rows.push(Row { scenario: "b/a/b".to_owned(), ..Row::new("a", Some(10), "worse", 1.2) });
    let violations: Vec<Value> = rows.iter().map(|row| violation(row, "tripped", None)).collect();
    let rules = vec![rule("fail on worse\n::error::x", "tripped", rows.len(), violations)];
    comparison(&rows, Some(gate("tripped", rules)), "en")
}

#[test]
fn every_output_stays_what_it_is() {
    let changes = changes();
    let series = changes.changes.iter().map(|row| (&row.framework, &row.scenario, row.concurrency));
    let series = series.collect::<HashSet<_>>().len();

    assert_eq!(junit::check(&written(Output::Junit, &changes)).len(), series + 1);

    let html = written(Output::HtmlTable, &changes);
    let table = Document::parse(&html).unwrap();
    let body = table.descendants().filter(|node| node.has_tag_name("tr")).count();
    assert_eq!(body, changes.changes.len() + 1);
    assert!(table.descendants().all(|node| !node.has_tag_name("script") && !node.has_tag_name("b")));

    let samples = openmetrics::read(&written(Output::OpenMetrics, &changes));
    assert!(samples.iter().any(|sample| sample.labels.get("framework").is_some_and(|name| name == "a|b\\|c\\")));

    for output in [Output::Json, Output::Bmf, Output::GithubActionBenchmark, Output::GitlabCodeQuality] {
        assert!(serde_json::from_str::<Value>(&written(output, &changes)).is_ok(), "{}", output.name());
    }
    let benchmarks: Value = serde_json::from_str(&written(Output::Bmf, &changes)).unwrap();
    let at_levels = changes.changes.iter().filter(|row| row.concurrency.is_some()).count();
    assert_eq!(benchmarks.as_object().unwrap().len(), at_levels);

    let csv = written(Output::Csv, &changes);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names: Vec<String> = reader.records().map(|record| record.unwrap()[2].to_owned()).collect();
    for (name, row) in names.iter().zip(&changes.changes) {
        assert_eq!(*name, row.framework);
    }
}

#[test]
fn gitlab_can_split_every_line_as_a_shell_does() {
    let text = written(Output::Gitlab, &changes());
    openmetrics::read(&text);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(!line.contains('#'), "{line:?}");
        let quotes = line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        assert_eq!(quotes % 2, 0, "{line:?}");
    }
}

#[test]
fn annotations_and_variables_are_what_they_are() {
    let changes = changes();
    for line in annotations(&changes, false).lines() {
        let is_ours = line.starts_with("::error title=") || line.starts_with("::warning title=");
        assert!(is_ours && line.len() < 5_000, "{line:?}");
    }

    // Read as GitHub reads it, no name makes a variable of its own.
    let text = variables(&changes);
    let mut lines = text.split('\n');
    let mut gates = Vec::new();
    while let Some(line) = lines.next() {
        match line.split_once("<<") {
            Some((name, end)) if !name.contains('=') => {
                assert!(lines.by_ref().any(|line| line == end), "{name} has no end");
            }
            _ => gates.extend(line.strip_prefix("gate=")),
        }
    }
    assert_eq!(gates, ["tripped"]);
}

#[test]
fn a_comment_calls_nobody_and_breaks_no_table() {
    let text = written(Output::Github, &changes());
    assert!(!text.contains("@octocat") && !text.contains("<script") && !text.contains("<b>"));
    assert_eq!(text.matches("-->").count(), 1, "the marker's own");
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        // Pipes that no backslash sets off are borders, and all rows of a table have as many.
        let mut borders = 0;
        let mut is_escaped = false;
        for c in line.chars() {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '|' => borders += 1,
                _ => {}
            }
        }
        assert!([8, 12].contains(&borders), "{borders} in {line:?}");
    }
}
