//! What is written, where, and how it ends.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::command::{Workplace, sample};

#[test]
fn standard_output_carries_the_result_and_nothing_else() {
    let workplace = Workplace::new();
    let records = sample("results.json");
    let outcome = workplace.run(&["analyze", &records, "-f", "json"]);
    let analysis: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(outcome.stdout.as_bytes(), workplace.read("output/analysis.json"));
    assert_eq!(analysis["schema_version"], 1);
    assert!(outcome.stderr.starts_with("wrote output/performance_comparison.png, output/analysis.json"));

    let quiet = workplace.run(&["analyze", &records, "-f", "markdown", "--quiet", "--chart", "none"]);
    assert_eq!(quiet.stderr, "");
    assert!(quiet.stdout.starts_with("# Benchmark report\n"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let files = ["output/performance_comparison.png", "output/analysis.json", "output/report.md"];
    let written = || {
        let workplace = Workplace::new();
        let outcome = workplace.run(&["analyze", &sample("study/results.csv"), "--dpi", "50"]);
        (outcome, files.map(|file| workplace.read(file)))
    };
    assert_eq!(written(), written());
}

#[test]
fn the_chart_has_the_size_that_was_asked_for() {
    let size = |args: &[&str]| {
        let workplace = Workplace::new();
        let records = sample("results.json");
        let outcome = workplace.run(&[&["analyze", &records, "-q"], args].concat());
        assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
        let decoder = png::Decoder::new(std::io::Cursor::new(workplace.read("output/performance_comparison.png")));
        let reader = decoder.read_info().unwrap();
        let info = reader.info();
        (info.width, info.height, info.pixel_dims.unwrap().xppu)
    };
    assert_eq!(size(&[]), (4500, 1800, 11811));
    assert_eq!(size(&["--size", "10x5", "--dpi", "100", "--lang", "zh", "--theme", "dark"]), (1000, 500, 3937));
}

#[test]
fn an_svg_takes_the_place_of_the_png() {
    let workplace = Workplace::new();
    workplace.run(&[
        "analyze",
        &sample("results.json"),
        "--chart",
        "svg",
        "--lang",
        "zh",
        "--title",
        "a <b> & c",
        "--panels",
        "total,average",
    ]);
    assert_eq!(workplace.list("output"), ["analysis.json", "performance_comparison.svg", "report.md"]);
    let svg = String::from_utf8(workplace.read("output/performance_comparison.svg")).unwrap();
    for text in [
        "并发数",
        "总时间(秒)",
        "平均每个请求时间(毫秒)",
        "不同框架总耗时对比",
        "不同框架平均请求时间对比",
        "a &lt;b&gt; &amp; c",
    ] {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn color_is_used_where_it_is_asked_for_and_not_in_a_pipe() {
    let workplace = Workplace::new();
    let records = sample("results.json");
    let plain = workplace.run(&["analyze", &records, "--chart", "none"]);
    assert!(!plain.stdout.contains('\u{1b}') && !plain.stderr.contains('\u{1b}'));
    let colored = workplace.run(&["analyze", &records, "--chart", "none", "--color", "always"]);
    assert!(colored.stdout.contains('\u{1b}'));
}

#[test]
fn a_reader_that_hangs_up_is_no_error() {
    let workplace = Workplace::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_benchplot"))
        .args(["convert", &sample("study/samples.parquet"), "-o", "-", "--to", "json"])
        .current_dir(workplace.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_place_that_can_not_be_written_is_an_error() {
    let workplace = Workplace::with(&[("output", b"a file where the folder should be")]);
    let outcome = workplace.run(&["analyze", &sample("results.json"), "--chart", "none"]);
    assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (Some(3), ""));
    assert!(outcome.stderr.contains("output/analysis.json can't be written"), "{}", outcome.stderr);
    assert_eq!(workplace.list(""), ["output"]);
}

#[test]
fn what_can_be_read_is_listed() {
    let outcome = Workplace::new().run(&["formats"]);
    for format in benchplot::load::FORMATS {
        assert!(outcome.stdout.contains(&format!("{}  (", format.name)), "{}", format.name);
    }
}

#[test]
fn completions_and_the_manual_page_are_printed() {
    let workplace = Workplace::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(workplace.run(&["completions", shell]).stdout.contains("benchplot"), "{shell}");
    }
    assert!(workplace.run(&["man"]).stdout.contains(".TH benchplot"));
}

#[test]
fn help_shows_examples() {
    let workplace = Workplace::new();
    for command in ["analyze", "convert", "completions", "man"] {
        assert!(workplace.run(&[command, "--help"]).stdout.contains("Example"), "{command}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_not_replaced() {
    use std::os::unix::fs::symlink;

    let workplace = Workplace::with(&[("elsewhere/runs.csv", b"old")]);
    symlink(workplace.path("elsewhere/runs.csv"), workplace.path("runs.csv")).unwrap();
    let records = sample("results.json");
    assert_eq!(workplace.run(&["convert", &records, "-o", "runs.csv"]).exit_code, Some(0));
    assert!(workplace.path("runs.csv").is_symlink());
    assert!(workplace.read("elsewhere/runs.csv").starts_with(b"framework,"));
    assert_eq!(workplace.list(""), ["elsewhere", "runs.csv"]);
}
