//! wrk and wrk2: what they print, one report or many in a log.
//!
//! wrk prints `N threads and M connections`, and opens floor(M/N) × N of them ([`wrk.c`][wrk]): that is the concurrency.
//! Every cell has its own unit (`us`, `ms`, `s`, `m`, `h`). `Req/Sec` in the table is per thread and is not read. Error
//! lines stand there only where a count is not zero. A timeout is an answer that came later than `--timeout`: it is
//! counted as a request and is in no latency, and it is an error here. Socket errors are requests that wrk does not
//! count; they are added, as errors. `0.00us` and `-nan%` mean that nothing was measured.
//!
//! What stays empty: the minimum, p95 and p99.9 of wrk, unless a Lua script prints a `JSON: {…}` line behind the report;
//! all percentiles without `--latency`; when the run began, unless the log has TechEmpower's `STARTTIME` lines. Their
//! `Concurrency: 16 for json` headers name the scenario, and their primers and warm-ups are left out.
//!
//! wrk2 sends at a set rate and prints an HdrHistogram, whose table has p95 and three decimals. Its first ten seconds
//! are a calibration that is counted and not in the histogram. Where it also prints uncorrected latencies
//! (`--u_latency`), the corrected ones are read.
//!
//! [wrk]: https://github.com/wg/wrk/blob/master/src/wrk.c

mod lua;
mod report;

use super::report::read_reports;
use crate::load::format::prelude::*;
use report::{Wrk2Report, WrkReport};

/// What wrk prints.
pub(super) static WRK: Format = Format {
    name: "wrk",
    about: "what wrk prints, several runs in one log included",
    recognised_by: "\"Running … test @ …\" and \"… threads and … connections\"",
    marks: Marks::Text(|text| is_of_either(text) && !is_of_wrk2(text)),
    read: |source, _, sink| read_reports::<WrkReport>(source, sink),
    ..Format::BASE
};

/// What wrk2 prints.
pub(super) static WRK2: Format = Format {
    name: "wrk2",
    about: "what wrk2 prints, with its HdrHistogram where there is one",
    recognised_by: "what wrk prints, and \"Thread calibration\" or \"HdrHistogram\"",
    marks: Marks::Text(|text| is_of_either(text) && is_of_wrk2(text)),
    read: |source, _, sink| read_reports::<Wrk2Report>(source, sink),
    ..Format::BASE
};

/// autocannon begins with "Running … test @ …" as well, and has no threads.
fn is_of_either(text: &str) -> bool {
    let is_refused = text.trim_start().starts_with("unable to connect to ");
    is_refused || text.lines().any(report::is_threads_and_connections)
}

fn is_of_wrk2(text: &str) -> bool {
    text.contains("  Thread calibration: mean lat.") || text.contains("Latency Distribution (HdrHistogram")
}
