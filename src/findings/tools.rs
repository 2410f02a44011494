//! What is known of the tools that runs come from, as far as it decides what can be asked of their numbers.

use crate::record::Run;

/// Formats of tools that time a function or a command, and put no load on anything: how long one of their runs is says
/// nothing, as they choose it.
const TIMERS: [&str; 11] = [
    "asv",
    "bencher",
    "benchmark-dotnet",
    "cargo-criterion",
    "criterion",
    "github-action-benchmark",
    "go-bench",
    "google-benchmark",
    "hyperfine",
    "jmh",
    "pytest-benchmark",
];

/// Formats of tools that send at a rate of their own and do not wait for an answer before the next request.
const OPEN_LOOP: [&str; 2] = ["vegeta", "wrk2"];

/// Formats of tools whose users may think between requests, and of which several scenarios share the users.
const USERS: [&str; 5] = ["artillery", "gatling", "jmeter", "k6", "locust"];

/// Formats of tools that change latencies after they measured them. wrk adds, for each latency above the mean interval
/// between requests, those that it believes to have missed (`stats_correct` in its source; issue 326 of wg/wrk).
const REWRITING: [&str; 1] = ["wrk"];

/// Whether the levels of a run are requests in flight of a load test, so that its requests, its time and its concurrency
/// belong together.
pub(super) fn is_load_test(run: &Run) -> bool {
    run.concurrency.is_some() && run.axis.is_empty() && !is_timed(run)
}

/// Whether a function or a command was timed, and nothing asked for.
pub(super) fn is_timed(run: &Run) -> bool {
    is_of(run, &TIMERS)
}

/// Whether each connection sends its next request only after the last was answered.
pub(super) fn is_closed_loop(run: &Run) -> bool {
    is_load_test(run) && !is_of(run, &OPEN_LOOP)
}

/// Whether the level is a number of users, who may think between requests and share it over scenarios.
pub(super) fn has_users(run: &Run) -> bool {
    is_of(run, &USERS)
}

/// Whether the tool changes the latencies that it measured.
pub(super) fn rewrites_latencies(run: &Run) -> bool {
    is_of(run, &REWRITING)
}

/// The name of the tool that wrote a format: that of all its formats up to the first hyphen, or `own` for tables of
/// records whose tool nobody told.
pub(super) fn family(run: &Run) -> &str {
    match run.tool.as_str() {
        "csv" | "json" | "ndjson" | "parquet" | "" => "own",
        tool => TIMERS
            .into_iter()
            .find(|timer| is_format_of(tool, timer))
            .unwrap_or_else(|| tool.split('-').next().unwrap_or(tool)),
    }
}

/// The file that a run was read from, without the place in it.
pub(super) fn file(run: &Run) -> &str {
    let source = run.source.as_str();
    if let Some((file, _)) = source.split_once('#') {
        return file;
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let without = |separator: &str| source.rsplit_once(separator).filter(|(_, number)| is_number(number));
    without(" row ").or_else(|| without(":")).map_or(source, |(file, _)| file)
}

fn is_of(run: &Run, tools: &[&str]) -> bool {
    tools.iter().any(|tool| is_format_of(&run.tool, tool))
}

/// Whether a format is one of a tool: `hey-csv` is one of `hey`.
fn is_format_of(format: &str, tool: &str) -> bool {
    format.strip_prefix(tool).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::FORMATS;

    fn of(tool: &str) -> Run {
        Run { tool: tool.into(), concurrency: Some(1), ..Run::default() }
    }

    #[test]
    fn every_tool_has_a_format() {
        for tool in TIMERS.iter().chain(&OPEN_LOOP).chain(&USERS).chain(&REWRITING) {
            assert!(FORMATS.iter().any(|format| is_format_of(format.name, tool)), "{tool}");
        }
    }

    #[test]
    fn a_format_is_not_that_of_a_tool_with_a_longer_name() {
        assert!(rewrites_latencies(&of("wrk")) && !rewrites_latencies(&of("wrk2")));
        assert!(is_closed_loop(&of("wrk")) && !is_closed_loop(&of("wrk2")) && is_load_test(&of("wrk2")));
        assert!(!is_load_test(&of("google-benchmark-csv")) && is_load_test(&of("csv")));
        assert!(!is_load_test(&Run { axis: "threads".into(), ..of("csv") }));
    }

    #[test]
    fn formats_of_a_tool_are_one_family() {
        for (tool, expected) in [
            ("hey-csv", "hey"),
            ("hey", "hey"),
            ("ab-gnuplot", "ab"),
            ("google-benchmark-csv", "google-benchmark"),
            ("csv", "own"),
            ("parquet", "own"),
        ] {
            assert_eq!(family(&of(tool)), expected);
        }
    }

    #[test]
    fn the_file_is_what_stands_before_the_place() {
        for (source, expected) in [
            ("runs/a.txt:1", "runs/a.txt"),
            ("a.json#/results/0", "a.json"),
            ("C:/runs/a.parquet row 7", "C:/runs/a.parquet"),
            ("C:/runs/a.log", "C:/runs/a.log"),
            ("a.csv", "a.csv"),
        ] {
            assert_eq!(file(&Run { source: source.into(), ..Run::default() }), expected);
        }
    }
}
