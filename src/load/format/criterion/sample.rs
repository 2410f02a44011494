//! `sample.json`: how many iterations each measurement had, and how long it took.
//!
//! A measurement is a run of so many iterations. Criterion's mean is that of the times per iteration, and so the mean over
//! these runs; its slope weighs long measurements more.

use serde::Deserialize;

use super::super::document;
use super::{NANOSECONDS, accompanies, names};
use crate::load::format::prelude::*;

/// The measurements of one benchmark.
pub(in super::super) static CRITERION: Format = Format {
    name: "criterion",
    about: "Criterion.rs: a folder target/criterion, or a sample.json in it",
    recognised_by: "sampling_mode, iters and times",
    marks: Marks::Text(recognises),
    accompanies,
    read,
    ..Format::BASE
};

/// Mirrors `SavedSample` in <https://github.com/bheisler/criterion.rs/blob/master/src/connection.rs>.
#[derive(Deserialize)]
struct Sample {
    #[serde(deserialize_with = "document::numbers")]
    iters: Option<Vec<Option<f64>>>,
    #[serde(deserialize_with = "document::numbers")]
    times: Option<Vec<Option<f64>>>,
}

fn recognises(text: &str) -> bool {
    let has = |key: &str| text.contains(key);
    has("\"sampling_mode\"") && has("\"iters\"")
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let named = names(source.path()).unwrap_or_else(|| {
        let message = "there is no benchmark.json beside it, which has the names".to_owned();
        let help = "name the folder target/criterion, or the sample.json in it";
        sink.report(Severity::Notice, "no-names", &Place::Whole, message, Some(help));
        Run::default()
    });
    let sample: Sample = document::read(source, "sample of Criterion.rs")?;
    let (iterations, times) = (sample.iters.unwrap_or_default(), sample.times.unwrap_or_default());
    if iterations.is_empty() || iterations.len() != times.len() {
        return Err(ReadError::NoRecord { expected: "as many times as iteration counts, and at least one" });
    }
    for (index, (iterations, time)) in iterations.into_iter().zip(times).enumerate() {
        let run = Run {
            total_time: document::measured(time).map(|time| time / NANOSECONDS),
            requests_count: document::count(iterations),
            ..named.clone()
        };
        sink.run(&document::place("/times", index), run);
    }
    Ok(())
}
