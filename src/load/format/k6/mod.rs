//! Grafana k6: its three summaries, and its points as JSON and CSV.
//!
//! Trends are in ms, counts of data in bytes. A request of `http_reqs` may have failed: `http_req_failed` is a rate of
//! *failures*, so its `passes` (`matches` in the newest summary) are the requests that failed and its `fails` those that
//! did not. `http_req_duration` leaves connecting and TLS out. Where the summary keeps the successful requests apart
//! (`http_req_duration{expected_response:true}`), latencies are theirs.
//!
//! Go's client repeats a request whose connection breaks before the answer where that is safe, as for GET. Such failures
//! are hidden by the tool, and no file tells of them.
//!
//! A summary has no start and no scenario; `vus` is sampled once a second and missing in a shorter run.

mod csv;
mod json;
mod steps;
mod summary;

pub(super) use self::csv::K6_CSV;
pub(super) use self::json::K6_JSON;
pub(super) use self::summary::{K6_HANDLE_SUMMARY, K6_MACHINE_SUMMARY, K6_SUMMARY};
