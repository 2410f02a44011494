//! How exactly the latencies of a distribution are known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How exactly the latencies of a distribution are known, and from what.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Resolution {
    /// From every request.
    Requests {
        /// How far a latency may lie from what is read, as a share of itself; 0 where every value was kept.
        relative_error: f64,
    },
    /// From histograms that tools kept. No quantile is larger than the latency given for it, but it may be smaller, down to
    /// the lower end of its bucket.
    ToolHistogram {
        /// How far it may lie below, at most, as a share of the latency given.
        relative_error: f64,
        /// How far it may lie below, at most, s.
        widest: f64,
    },
    /// From percentiles that tools reported; how exact these are they do not say.
    Reported,
}
