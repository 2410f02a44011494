//! Whole commands, and the library from outside. One binary, so that polars is linked once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod analyze;
mod bad_input;
mod before_and_after;
mod broken_rows;
mod charts;
mod ci;
mod claims;
mod command;
mod compare;
mod comparisons;
mod convert;
mod docs;
mod figure;
mod fixtures;
mod fooled_gate;
mod gate;
mod github;
mod histograms;
mod hostile_files;
mod hostile_names;
mod junit;
mod large;
mod noticed;
mod openmetrics;
mod output;
mod outputs;
mod outputs_page;
mod recommendations;
mod references;
mod robustness;
#[cfg(all(feature = "run", target_os = "linux"))]
mod run;
#[cfg(all(feature = "run", target_os = "linux"))]
mod run_server;
mod scaling;
mod schema;
mod sentences;
mod shapes;
mod simulation;
mod skip_warm_up;
mod trust;
