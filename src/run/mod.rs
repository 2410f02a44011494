//! Measuring: a suite of targets and loads becomes runs, in an order and a number that let the result be believed.
//!
//! A [`Suite`] says what is measured. It is measured in blocks, each a pass over all cells in an order that is random and
//! balanced; every finished run is kept at once, so that an interrupted measurement goes on where it was. What comes out is
//! the ordinary run table, with the histogram and time line of each run.
//!
//! Linux only: who holds a port, and what a process takes, is read from /proc.

mod cpus;
mod error;
mod http;
mod order;
mod placeholders;
mod process;
mod suite;
mod tools;

pub use error::RunError;
pub use http::{Attempts, Details, Failures, Quantiles};
pub use order::order;
pub use suite::{
    Arrivals, Driver, Expect, Fresh, Generator, Length, Levels, Load, Process, Reads, Ready, Repetitions, Request, Retry,
    Stop, StopSignal, Suite, Target, Work,
};
