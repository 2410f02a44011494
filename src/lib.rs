//! benchplot turns the output of any load-testing or benchmarking tool into an answer that can be defended.

pub mod record;

pub mod load;

pub mod stats;

pub mod compare;

pub mod findings;

pub mod analysis;

pub mod chart;
