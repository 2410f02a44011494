//! Whole commands, and the library from outside. One binary, so that polars is linked once.

mod command;
mod fixtures;
