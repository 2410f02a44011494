//! Whole commands, and the library from outside. One binary, so that polars is linked once.

mod analyze;
mod bad_input;
mod command;
mod convert;
mod fixtures;
mod output;
mod references;
mod robustness;
mod schema;
