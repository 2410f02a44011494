//! vegeta: its report as JSON and text, and its results, encoded as JSON and CSV.
//!
//! Latencies are in ns (with a unit in the text) and over all requests, failed ones too, except where requests are read
//! one by one. A status of 200 to 399 is a success; 0 is a request that got no response. The concurrency is nowhere: vegeta
//! holds a rate and not a number of requests in flight. The name of an attack (`-name`) is the framework. The total time is
//! from the first request to the end of the last.
//!
//! As with every client in Go, a GET whose connection breaks before the answer may be repeated, and that is in no file.
//!
//! The default output of `vegeta attack` is Go's own (gob), and has to go through `vegeta encode`.

mod csv;
mod json;
mod report;
mod text;

use indexmap::IndexMap;

pub(super) use self::csv::VEGETA_CSV;
pub(super) use self::json::VEGETA_JSON;
pub(super) use self::report::VEGETA_REPORT;
pub(super) use self::text::VEGETA_TEXT;
use super::requests::{Request, Requests};
use crate::load::format::prelude::*;
use crate::load::samples::Profiles;

/// Whether a status counts as a success.
fn is_success(code: u64) -> bool {
    (200..400).contains(&code)
}

/// Requests by the name of their attack.
#[derive(Debug)]
struct Attacks {
    profiles: Profiles,
    requests: IndexMap<String, Requests>,
}

impl Attacks {
    /// No results, and profiles as the sink wants them.
    fn new(sink: &Sink<'_>) -> Self {
        Self { profiles: sink.profiles(), requests: IndexMap::new() }
    }

    fn add(&mut self, attack: &str, request: Request) {
        match self.requests.get_mut(attack) {
            Some(requests) => requests.add(request),
            None => {
                self.requests.entry(attack.to_owned()).or_insert_with(|| Requests::new(&mut self.profiles)).add(request)
            }
        };
    }

    fn finish(self, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        if self.requests.is_empty() {
            return Err(ReadError::NoRecord { expected: "one result a line" });
        }
        for (attack, requests) in self.requests {
            if let Some(run) = requests.into_run(sink) {
                sink.run(&Place::Whole, Run { framework: attack, ..run });
            }
        }
        Ok(())
    }
}
