//! Locust: its statistics as CSV, their history, and its JSON.
//!
//! Times are in ms, over failed requests too. Each endpoint is a scenario, named by its method and name; the row
//! `Aggregated`, whose type is empty (or `None`), is their sum and is used only where there is no endpoint. Response times are kept
//! rounded: to 1 ms below 100 ms, 10 ms below 1 s, 100 ms below 10 s, so a percentile may exceed the maximum.

mod beside;
mod history;
mod json;
mod stats;
mod table;

pub(super) use self::history::LOCUST_HISTORY;
pub(super) use self::json::LOCUST_JSON;
pub(super) use self::stats::LOCUST_STATS;
use super::notice;
use crate::load::format::prelude::*;

/// The name of the row that sums up all others; it was `Total` before Locust 1.
const AGGREGATED: &str = "Aggregated";

/// The scenario of an endpoint: `GET /json`; empty for the sum over all.
fn scenario(method: &str, name: &str) -> String {
    match (method, name) {
        ("" | "None", AGGREGATED | "Total") => String::new(),
        ("" | "None", name) => name.to_owned(),
        (method, name) => format!("{method} {name}"),
    }
}

fn report_rounding(sink: &mut Sink<'_>) {
    let lost = "Locust rounds response times to two or three digits for its percentiles, which may exceed the maximum";
    notice::lossy(sink, lost, "compare means, or measure latencies with a tool that keeps them");
}
