//! `benchplot convert`: the run table comes back as it was.

use benchplot::load::{Input, LoadOptions, load};
use benchplot::record::Run;

use crate::command::{Workplace, sample};

/// The runs of a file, without where they were read from.
fn runs(path: &str) -> Vec<Run> {
    let inputs = [Input { label: None, target: path.to_owned() }];
    let loaded = load(&inputs, &LoadOptions::default(), &|_, _| {}).unwrap();
    assert_eq!(loaded.diagnostics, []);
    // The run table has no column for what a run keeps of its requests.
    let kept = |run: Run| Run {
        tool: String::new(),
        source: String::new(),
        profile: None,
        origin: None,
        tool_histogram: None,
        ..run
    };
    loaded.runs.into_iter().map(kept).collect()
}

#[test]
fn every_format_reads_back_what_was_written() {
    let workplace = Workplace::new();
    let open_metrics = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/csv/open-metrics.csv").to_owned();
    for input in [sample("results.json"), sample("study/samples.parquet"), open_metrics] {
        let original = runs(&input);
        for output in ["runs.json", "runs.ndjson", "runs.csv", "runs.parquet"] {
            let outcome = workplace.run(&["convert", &input, "-o", output]);
            assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
            let read_back = runs(&workplace.path(output).display().to_string());
            assert_eq!(read_back.len(), original.len());
            for (read_back, original) in read_back.iter().zip(&original) {
                assert_eq!(read_back, original, "{input} as {output}");
            }
        }
    }
}

#[test]
fn a_table_can_go_into_a_pipe() {
    let workplace = Workplace::new();
    let outcome = workplace.run(&["convert", &sample("results.json"), "-o", "-", "--to", "csv"]);
    assert_eq!((outcome.exit_code, outcome.stderr.as_str()), (Some(0), ""));
    assert_eq!(outcome.stdout.lines().count(), 9);
    assert!(outcome.stdout.starts_with("framework,scenario,concurrency,axis,repetition,timestamp,total_time,"));
}
