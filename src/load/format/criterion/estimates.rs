//! `estimates.json`, where it was kept without the sample: the mean time of an iteration, and nothing of its repetitions.
//!
//! Up to 0.3 the names of the statistics were in camel case.

use serde::Deserialize;

use super::super::document;
use super::{NANOSECONDS, names};
use crate::load::format::prelude::*;

/// The statistics of one benchmark.
pub(in super::super) static CRITERION_ESTIMATES: Format = Format {
    name: "criterion-estimates",
    about: "Criterion.rs: an estimates.json, where there is no sample.json",
    recognised_by: "median_abs_dev and point_estimate",
    marks: Marks::Text(recognises),
    read,
    ..Format::BASE
};

/// Mirrors <https://github.com/bheisler/criterion.rs/blob/master/src/estimate.rs>.
#[derive(Deserialize)]
struct Estimates {
    #[serde(alias = "Mean")]
    mean: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    #[serde(deserialize_with = "document::number")]
    point_estimate: Option<f64>,
}

fn recognises(text: &str) -> bool {
    let has = |key: &str| text.contains(key);
    (has("\"median_abs_dev\"") || has("\"MedianAbsDev\"")) && has("\"point_estimate\"")
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let named = names(source.path()).unwrap_or_default();
    let estimates: Estimates = document::read(source, "estimates of Criterion.rs")?;
    let Some(mean) = document::measured(estimates.mean.point_estimate) else {
        return Err(ReadError::NoRecord { expected: "a mean that is a number" });
    };
    sink.report(
        Severity::Notice,
        "lossy",
        &Place::Whole,
        "this has the mean of the measurements, and not the measurements".to_owned(),
        Some("keep sample.json and benchmark.json, too"),
    );
    sink.run(&Place::Whole, Run { avg_time_per_request: Some(mean / NANOSECONDS), ..named });
    Ok(())
}
