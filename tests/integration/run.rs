//! `benchplot run` as a whole: what it measures, what fails, and that nothing is left of it. Nothing here depends on how
//! long anything takes.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::Workplace;
use crate::run_server::command;

const LOAD: &str = r#"
    [loads.data]
    driver = "http"
    path = "/data"
    levels = [1, 2]
    requests = 20
    warm_up = "0s"
"#;

fn server(name: &str, behaviour: &str) -> String {
    format!(
        "[targets.{name}.server]\ncommand = {}\nport = 0\nready = {{ path = \"/health\", timeout = \"20s\" }}\n",
        command(behaviour)
    )
}

fn suite(repetitions: &str, parts: &[String]) -> Workplace {
    let text = format!("repetitions = {repetitions}\npause = \"0s\"\n{}{LOAD}", parts.concat());
    Workplace::with(&[("suite.toml", text.as_bytes())])
}

fn analysis(workplace: &Workplace) -> serde_json::Value {
    serde_json::from_slice(&workplace.read("results/analysis.json")).unwrap()
}

/// How often each cell was measured, by framework and level.
fn counts(workplace: &Workplace) -> BTreeMap<(String, u64), u64> {
    let mut counts = BTreeMap::new();
    for run in analysis(workplace)["runs"].as_array().unwrap() {
        let cell = (run["framework"].as_str().unwrap().to_owned(), run["concurrency"].as_u64().unwrap());
        *counts.entry(cell).or_default() += 1;
    }
    counts
}

/// The living processes that a measurement in this folder started, by the mark in its journal.
fn left(workplace: &Workplace) -> Vec<String> {
    let journal = String::from_utf8(workplace.read("results/journal.ndjson")).unwrap();
    let marks: Vec<String> = journal
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()?["mark"].as_str().map(str::to_owned))
        .collect();
    assert!(!marks.is_empty());
    let processes = std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let environment = std::fs::read(entry.path().join("environ")).ok()?;
        let environment = String::from_utf8_lossy(&environment).into_owned();
        marks.iter().any(|mark| environment.contains(mark)).then(|| entry.path().display().to_string())
    });
    processes.collect()
}

fn start(workplace: &Workplace, more: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_benchplot"));
    command.args(["run", "suite.toml", "--chart", "none"]).args(more).current_dir(workplace.path(""));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn journal_lines(workplace: &Workplace) -> usize {
    std::fs::read(workplace.path("results/journal.ndjson"))
        .map_or(0, |bytes| bytes.iter().filter(|byte| **byte == b'\n').count())
}

/// Waits until something is so, however slow the machine is.
fn wait_until(what: impl Fn() -> bool) {
    let begin = Instant::now();
    while !what() {
        assert!(begin.elapsed() < Duration::from_secs(120), "it never came about");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_suite_becomes_a_report() {
    let workplace = suite("2", &[server("one", "works"), server("other", "works")]);
    let outcome = workplace.run(&["run", "suite.toml", "--chart", "none"]);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.text());
    assert!(outcome.stdout.starts_with("8 runs, 2 frameworks, 2 levels"), "{}", outcome.stdout);
    assert_eq!(counts(&workplace).into_values().collect::<Vec<_>>(), [2, 2, 2, 2]);
    let analysis = analysis(&workplace);
    assert_eq!(analysis["frameworks"], serde_json::json!(["one", "other"]));
    assert!(
        analysis["runs"].as_array().unwrap().iter().all(|run| run["requests_count"] == 20 && run["error_count"] == 0)
    );
    assert_eq!(analysis["timelines"].as_array().unwrap().len(), 8);
    assert_eq!(left(&workplace), Vec::<String>::new());
    // It is an input like any other, and the same report comes from it.
    let again = workplace.run(&["analyze", "results/runs.parquet", "--chart", "none", "-q"]);
    assert_eq!(again.stdout, outcome.stdout);
    // What is there is not measured over, and what is done is not done again.
    let occupied = workplace.run(&["run", "suite.toml", "--chart", "none"]);
    assert_eq!(occupied.exit_code, Some(3), "{}", occupied.text());
    let resumed = workplace.run(&["run", "suite.toml", "--resume", "--chart", "none"]);
    assert_eq!((resumed.exit_code, resumed.stdout), (Some(0), outcome.stdout));
}

#[test]
fn what_fails_is_named_and_the_rest_goes_on() {
    let foreign = TcpListener::bind("127.0.0.1:0").unwrap();
    let held = server("held", "works").replace("port = 0", &format!("port = {}", foreign.local_addr().unwrap().port()));
    let mute = server("mute", "mute").replace("20s", "300ms");
    let parts = [
        server("good", "works"),
        server("gone", "exits"),
        server("busy", "busy"),
        server("forks", "forks"),
        // Ready takes 3 answers in each pass; 20 requests at two levels and 4 that are looked at are 47 in all.
        server("dies", "dies:60"),
        mute,
        held,
    ];
    let workplace = suite("2", &parts).also_never_fresh();
    let outcome = workplace.run(&["run", "suite.toml", "--chart", "none"]);
    assert_eq!(outcome.exit_code, Some(3), "{}", outcome.text());
    let good = BTreeMap::from([(("good".to_owned(), 1), 2), (("good".to_owned(), 2), 2)]);
    let mut counts = counts(&workplace);
    // One of its cells was measured twice before or after the server died; the other one failed.
    counts.retain(|(framework, _), _| framework != "dies");
    assert_eq!(counts, good, "{}", outcome.text());
    for reason in [
        "gone under data at 1 failed in run 1: it ended with exit code 0",
        "gone under data at 2 failed in run 1: it ended with exit code 0",
        "busy under data at 1 failed in run 1: before the run: GET /data: expected status 200, found 503",
        "mute under data at 1 failed in run 1: it was not ready within 300ms: nothing listens on port",
        "held under data at 1 failed in run 1: port ",
        "it goes on in the background, and has to stay in the foreground",
        "failed in run 2: it ended with exit code 7",
    ] {
        assert!(outcome.stderr.contains(reason), "{reason}\n{}", outcome.text());
    }
    assert_eq!(left(&workplace), Vec::<String>::new());
    // No gate takes what lost a part.
    let gate = workplace.run(&["gate", "results/runs.parquet", "results/runs.parquet"]);
    assert_eq!(gate.exit_code, Some(3), "{}", gate.text());
}

impl Workplace {
    /// The same, whose servers are started once.
    fn also_never_fresh(self) -> Self {
        let text = String::from_utf8(self.read("suite.toml")).unwrap();
        std::fs::write(self.path("suite.toml"), format!("fresh = \"never\"\n{text}")).unwrap();
        self
    }
}

#[test]
fn where_nothing_can_be_measured_there_is_no_report() {
    let workplace = suite("1", &[server("gone", "exits")]);
    let outcome = workplace.run(&["run", "suite.toml", "--chart", "none"]);
    assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (Some(3), ""), "{}", outcome.text());
    assert!(outcome.stderr.contains("no run came to its end: gone under data at "), "{}", outcome.text());
    assert!(!workplace.path("results/analysis.json").exists());
}

#[test]
fn nothing_is_left_after_an_interruption_and_it_goes_on_from_there() {
    let workplace = suite("3", &[server("one", "works"), server("other", "works")]);
    let mut running = start(&workplace, &[]);
    wait_until(|| 4 <= journal_lines(&workplace));
    let pid = running.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    // It may have been done by then, on a slow machine that is.
    let code = running.wait().unwrap().code();
    assert!(matches!(code, Some(130 | 0)), "{code:?}");
    assert_eq!(left(&workplace), Vec::<String>::new());
    if code == Some(130) {
        let gate = workplace.run(&["gate", "results/runs.parquet", "results/runs.parquet"]);
        assert_eq!(gate.exit_code, Some(3), "{}", gate.text());
        assert!(gate.stderr.contains("interrupted") || gate.stdout.contains("interrupted"), "{}", gate.text());
    }
    let outcome = workplace.run(&["run", "suite.toml", "--resume", "--chart", "none"]);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.text());
    assert_eq!(counts(&workplace).into_values().collect::<Vec<_>>(), [3, 3, 3, 3]);
}

#[test]
fn a_killed_measurement_measures_every_cell_once_in_the_end() {
    let text = r#"
        repetitions = 3
        pause = "0s"
        [targets.a]
        command = ["sh", "-c", "exit 0"]
        [targets.b]
        command = ["sh", "-c", "exit 0"]
        [loads.once]
        driver = "command"
        levels = [1, 2, 3]
    "#;
    let workplace = Workplace::with(&[("suite.toml", text.as_bytes())]);
    let mut more: &[&str] = &[];
    // Each time after another number of runs, at any moment of the next one.
    for kills in 0..9 {
        let mut running = start(&workplace, more);
        let before = journal_lines(&workplace);
        wait_until(|| before + 1 + kills % 3 <= journal_lines(&workplace) || running_is_over(&running));
        running.kill().unwrap();
        running.wait().unwrap();
        more = &["--resume"];
    }
    let outcome = workplace.run(&["run", "suite.toml", "--resume", "--chart", "none"]);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.text());
    assert_eq!(counts(&workplace).into_values().collect::<Vec<_>>(), [3; 6]);
    assert_eq!(left(&workplace), Vec::<String>::new());
}

/// Whether a process has ended, without waiting for it.
fn running_is_over(running: &Child) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", running.id())).unwrap_or_default();
    stat.rsplit_once(") ").is_none_or(|(_, state)| state.starts_with('Z'))
}

#[test]
fn a_command_gets_its_values_and_its_output_is_read() {
    let text = r#"
        repetitions = 2
        pause = "0s"
        [targets.mine]
        command = ["sh", "-c", "printf 'concurrency,total_time,requests\n{concurrency},0.{concurrency}5,{requests}\n' > {output}"]
        [loads.job]
        driver = "command"
        levels = [1, 4]
        requests = 40
        reads = "output"
    "#;
    let workplace = Workplace::with(&[("suite.toml", text.as_bytes())]);
    let outcome = workplace.run(&["run", "suite.toml", "--chart", "none"]);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.text());
    let analysis = analysis(&workplace);
    let times: Vec<_> = analysis["runs"].as_array().unwrap().iter().map(|run| run["total_time"].as_f64()).collect();
    assert_eq!(times, [Some(0.15), Some(0.15), Some(0.45), Some(0.45)]);
}

#[test]
fn a_plan_says_what_would_be_done_and_does_nothing() {
    let text = format!("repetitions = {{ min = 2, max = 4 }}\n{}{}{LOAD}", server("a", "works"), server("b", "works"));
    let workplace = Workplace::with(&[("suite.toml", text.as_bytes())]);
    let outcome = workplace.run(&["run", "suite.toml", "--dry-run"]);
    insta::assert_snapshot!("a_plan_says", outcome.text());
    assert_eq!(workplace.list("."), ["suite.toml"]);
}

#[test]
fn a_suite_that_is_wrong_is_refused_before_anything_starts() {
    let target = "[targets.a]\ncommand = [\"true\"]\n";
    let load = "[loads.x]\ndriver = \"command\"\nlevels = [1]\n";
    let mut text = String::new();
    for wrong in [
        format!("repetition = 5\n{target}{load}"),
        target.to_owned(),
        format!("{target}{}", load.replace("[1]", "[2, 1]")),
        format!("{target}{}", load.replace("command", "comand")),
        format!("{}{load}", target.replace("true", "{concurency}")),
        format!("{target}{load}path = \"/\"\n"),
        format!("{target}{}", load.replace("command", "http")),
        format!("{target}{load}rates = [1]\n"),
        format!("{target}{load}duration = \"5\"\n"),
        format!("repetitions = {{ min = 3, max = 2 }}\n{target}{load}"),
        format!("{target}{load}targets = [\"b\"]\n"),
        format!("generator = {{ threads = 1, cpus = \"all\" }}\n{target}{load}"),
    ] {
        let workplace = Workplace::with(&[("suite.toml", wrong.as_bytes())]);
        let outcome = workplace.run(&["run", "suite.toml", "--chart", "none"]);
        assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (Some(3), ""), "{wrong}\n{}", outcome.text());
        text += &format!("{wrong}---\n{}\n", outcome.stderr);
    }
    insta::assert_snapshot!("wrong_suites", text);
}
