//! Data whose truth is known, and what statistics make of it. Used by the benchmark that writes the tables, and by a short
//! test.

pub(crate) mod claims;
pub(crate) mod coverage;
pub(crate) mod estimators;
pub(crate) mod noise;
pub(crate) mod verdicts;
