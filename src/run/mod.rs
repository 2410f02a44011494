//! Measuring: a suite of targets and loads becomes runs, in an order and a number that let the result be believed.
//!
//! A [`Suite`] says what is measured. It is measured in blocks, each a pass over all cells in an order that is random and
//! balanced; every finished run is kept at once, so that an interrupted measurement goes on where it was. What comes out is
//! the ordinary run table, with the histogram and time line of each run.
//!
//! Linux only: who holds a port, and what a process takes, is read from /proc.

mod bench;
mod command;
mod cpus;
mod error;
mod execute;
mod host;
mod http;
mod journal;
mod machine;
mod measure;
mod order;
mod placeholders;
mod plan;
mod process;
mod results;
mod sentinel;
mod stop_rule;
mod suite;
mod tools;

pub use error::RunError;
pub use execute::{Measurement, Progress, execute};
pub use http::{Attempts, Details, Failures, Quantiles};
pub use journal::{CellName, Entry, HostUsage, Measured, Outcome, TargetUsage};
pub use order::order;
pub use plan::Plan;
pub use stop_rule::is_known;
pub use suite::{
    Arrivals, Driver, Expect, Fresh, Generator, Length, Levels, Load, Process, Reads, Ready, Repetitions, Request,
    Retry, Stop, StopSignal, Suite, Target, Work,
};
pub use tools::Tool;
