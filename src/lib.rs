//! benchplot turns the output of any load-testing or benchmarking tool into an answer that can be defended.

pub mod record;

pub mod load;

pub mod chart;
