//! `sample.json`: how many iterations each measurement had, and how long it took.
//!
//! A measurement is a run of so many iterations. Criterion's mean is that of the times per iteration, and so the mean over
//! these runs; its slope weighs long measurements more.

use std::path::Path;

use serde::Deserialize;

use super::super::document;
use super::super::{Format, ReadError, ReadOptions, Sniff};
use super::{NANOSECONDS, accompanies, names};
use crate::load::diagnostic::Severity;
use crate::load::place::Place;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};
use crate::record::Run;

/// The measurements of one benchmark.
pub(in super::super) struct Criterion;

/// Mirrors `SavedSample` in <https://github.com/bheisler/criterion.rs/blob/master/src/connection.rs>.
#[derive(Deserialize)]
struct Sample {
    #[serde(deserialize_with = "document::numbers")]
    iters: Option<Vec<Option<f64>>>,
    #[serde(deserialize_with = "document::numbers")]
    times: Option<Vec<Option<f64>>>,
}

impl Format for Criterion {
    fn name(&self) -> &'static str {
        "criterion"
    }

    fn about(&self) -> &'static str {
        "Criterion.rs: a folder target/criterion, or a sample.json in it"
    }

    fn recognised_by(&self) -> &'static str {
        "sampling_mode, iters and times"
    }

    fn endings(&self) -> &'static [&'static str] {
        &[]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        let has = |key: &str| head.text().is_some_and(|text| text.contains(key));
        if has("\"sampling_mode\"") && has("\"iters\"") { Sniff::Yes } else { Sniff::No }
    }

    fn accompanies(&self, path: &Path) -> bool {
        accompanies(path)
    }

    fn read(&self, source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
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
}
