//! What GitHub Actions gets: bounded documents, annotations, a summary and outputs.

use benchplot::analysis::ChangeAnalysis;
use benchplot::report::{COMMENT_LIMIT, Output, SUMMARY_LIMIT, annotations};

use crate::before_and_after::{Row, comparison, each_outcome, gated};
use crate::command::{Outcome, Workplace, sample};
use crate::outputs::written;

/// Many series with Chinese names, of which a character is three bytes, the worst in the middle.
fn many(count: usize) -> ChangeAnalysis {
    let outcome = |index: usize| if index == count / 2 { "worse" } else { "equivalent" };
    let rows: Vec<Row> = (0..count)
        .map(|index| {
            Row::new(&format!("框架_并发数_{index}"), None, outcome(index), if index == count / 2 { 3.0 } else { 1.0 })
        })
        .collect();
    comparison(&rows, None, "zh")
}

#[test]
fn documents_stay_below_their_limits_with_the_worst_first_and_a_pointer() {
    let table = [(Output::Github, COMMENT_LIMIT), (Output::GithubSummary, SUMMARY_LIMIT)];
    for (output, limit) in table {
        for count in [10, 400, 12_000] {
            let text = written(output, &many(count));
            assert!(text.len() < limit, "{} bytes of {count} series", text.len());
            assert!(text.starts_with("<!-- benchplot: compare -->\n"));
            let rows: Vec<&str> = text.lines().filter(|line| line.contains("框架_并发数_")).collect();
            assert!(rows[0].starts_with("| 更差 |"), "{}", rows[0]);
            assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
            let is_cut = rows.len() < count;
            assert_eq!(text.contains(&format!("此处省略 {} 行", count - rows.len())), is_cut, "{count}");
            assert_eq!(text.contains("output/report.md"), is_cut);
            // What is cut is nearly as long as it may be.
            assert!(!is_cut || limit * 9 / 10 < text.len(), "{} bytes", text.len());
        }
    }
}

#[test]
fn a_comment_fits_whatever_there_is_to_say() {
    let long = "名".repeat(100_000);
    let rows: Vec<Row> = (0..200).map(|index| Row::new(&format!("{index}{long}"), None, "worse", 1.5)).collect();
    let mut changes = comparison(&rows, None, "en");
    for side in &mut changes.sides {
        side.label.clone_from(&long);
        let finding = side.findings[0].clone();
        side.findings = vec![finding; 300];
        for finding in &mut side.findings {
            finding.message.clone_from(&long);
            finding.advice.clone_from(&long);
        }
    }
    for (output, limit) in [(Output::Github, COMMENT_LIMIT), (Output::GithubSummary, SUMMARY_LIMIT)] {
        let text = written(output, &changes);
        assert!(text.len() < limit, "{}", text.len());
        assert!(text.contains("more lines are left out here"));
    }
}

#[test]
fn annotations_say_this() {
    insta::assert_snapshot!(annotations(&gated("en"), false));
}

#[test]
fn github_shows_ten_annotations_of_a_level_and_the_last_counts_the_others() {
    let rows: Vec<Row> = (0..25).map(|index| Row::new(&format!("f{index}"), None, "worse", 1.5)).collect();
    let text = annotations(&comparison(&rows, None, "en"), false);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 10);
    // 25 series and a finding of each side.
    assert_eq!(lines[9], "::warning title=benchplot::18 more of these; the report has them all");
    assert_eq!(annotations(&comparison(&rows, None, "en"), true), "");
    assert_eq!(annotations(&comparison(&each_outcome()[..1], None, "en"), true), "");
}

fn in_actions(workplace: &Workplace, args: &[&str]) -> Outcome {
    let (summary, outputs) = (workplace.path("summary.md"), workplace.path("outputs.txt"));
    let environment = [
        ("GITHUB_ACTIONS", "true".to_owned()),
        ("GITHUB_STEP_SUMMARY", summary.display().to_string()),
        ("GITHUB_OUTPUT", outputs.display().to_string()),
    ];
    workplace.run_in(args, &environment)
}

#[test]
fn a_step_is_annotated_and_gets_its_summary_and_outputs() {
    let workplace = Workplace::with(&[("outputs.txt", b"earlier=1\n")]);
    let records = sample("results.json");
    let outcome = in_actions(&workplace, &["analyze", &records, "--chart", "none", "--github", "-f", "json"]);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
    assert!(serde_json::from_str::<serde_json::Value>(&outcome.stdout).is_ok());
    assert!(
        outcome.stderr.lines().any(|line| line.starts_with("::warning title=few-repetitions::each of the 8 cells"))
    );
    let summary = String::from_utf8(workplace.read("summary.md")).unwrap();
    assert!(summary.starts_with("<!-- benchplot: analyze -->\n## Benchmark report\n"));
    let outputs = String::from_utf8(workplace.read("outputs.txt")).unwrap();
    assert!(outputs.starts_with("earlier=1\nruns=8\nfastest="), "{outputs}");

    // Quiet leaves warnings out, and nothing is written that was not asked for.
    let quiet = in_actions(&Workplace::new(), &["analyze", &records, "--chart", "none", "-q"]);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn a_summary_that_has_no_room_left_is_not_written() {
    let workplace = Workplace::with(&[("summary.md", &vec![b'x'; SUMMARY_LIMIT - 500])]);
    let records = sample("results.json");
    assert_eq!(in_actions(&workplace, &["analyze", &records, "--chart", "none", "--github"]).exit_code, Some(0));
    let summary = workplace.read("summary.md");
    assert!(summary.len() < SUMMARY_LIMIT && summary.ends_with(b"has no room left for the report.\n"));
}

#[test]
fn outside_of_actions_github_is_told_to_be_missing() {
    let workplace = Workplace::new();
    let outcome = workplace.run(&["analyze", &sample("results.json"), "--chart", "none", "--github"]);
    assert_eq!(outcome.exit_code, Some(0));
    assert!(outcome.stderr.contains("GITHUB_OUTPUT is not set") && !outcome.stderr.contains("::warning"));
}

#[test]
fn reports_are_written_where_they_are_asked_for() {
    let workplace = Workplace::new();
    let records = sample("results.json");
    let all: Vec<String> = Output::ALL.iter().map(|output| format!("{0}=reports/{0}.out", output.name())).collect();
    let mut args = vec!["analyze", &records, "--chart", "none"];
    for report in &all {
        args.extend(["--report", report]);
    }
    let outcome = workplace.run(&args);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
    assert_eq!(workplace.list("reports").len(), Output::ALL.len());
    assert!(outcome.stderr.contains("reports/junit.out"));
    assert_eq!(workplace.read("reports/json.out"), workplace.read("output/analysis.json"));

    let instead = workplace.run(&["analyze", &records, "--chart", "none", "-q", "--report", "bmf=-"]);
    assert!(serde_json::from_str::<serde_json::Value>(&instead.stdout).unwrap().is_object());
}

#[test]
fn reports_that_make_no_sense_are_refused() {
    let workplace = Workplace::new();
    let records = sample("results.json");
    for reports in [&["--report", "tap=x"][..], &["--report", "junit"], &["--report", "junit=a", "--report", "csv=a"]] {
        let outcome = workplace.run(&[&["analyze", &records, "--chart", "none"], reports].concat());
        assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (Some(2), ""), "{reports:?}: {}", outcome.stderr);
    }
    assert!(workplace.list("output").is_empty());
}
