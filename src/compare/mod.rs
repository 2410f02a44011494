//! One side against another: ratios with their intervals, the verdicts that they allow, and what follows for an order.
//!
//! Knows no files, no exit codes and no drawing.

mod crossovers;
mod frameworks;
mod ranking;
mod verdict;

pub use crossovers::{Crossover, crossovers};
pub use frameworks::{Comparison, MOST_FRAMEWORKS, compare_frameworks};
pub use ranking::{Ranked, Ranking, rank};
pub use verdict::{Decision, Verdict};
