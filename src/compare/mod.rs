//! One side against another: ratios with their intervals, the verdicts that they allow, and what follows for an order.
//!
//! Knows no files, no exit codes and no drawing.

mod change;
mod comparison;
mod crossovers;
mod family;
mod frameworks;
mod gate;
mod pair;
mod ranking;
mod verdict;

pub use change::{Basis, Change, Outcome, OutcomeCounts, OverallChange, Scale, SideValues};
pub use comparison::Comparison;
pub use crossovers::{Crossover, crossovers};
pub use family::{compare_pair, compare_pairs};
pub use frameworks::{MOST_FRAMEWORKS, compare_frameworks};
pub use gate::{AllowanceReport, GateReport, GateResult, RuleKind, RuleReport, Violation};
pub use pair::TestMethod;
pub use ranking::{Ranked, Ranking, rank};
pub use verdict::{Decision, Verdict};
