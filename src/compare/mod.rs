//! One side against another: ratios with their intervals, the verdicts that they allow, and what follows for an order.
//!
//! Knows no files, no exit codes and no drawing.

mod basis;
mod change;
mod changes;
mod comparison;
mod crossovers;
mod failures;
mod family;
mod frameworks;
mod gate;
mod iterations;
mod matching;
mod pair;
mod pairing;
mod policy;
mod ranking;
mod reason;
mod row;
mod side;
mod together;
mod verdict;

pub use change::{Basis, Change, ERROR_MARGIN, Outcome, OutcomeCounts, OverallChange, Scale, SideValues};
pub use changes::{SideChanges, compare_sides};
pub use comparison::Comparison;
pub use crossovers::{Crossover, crossovers};
pub use family::{compare_pair, compare_pairs};
pub use frameworks::{MOST_FRAMEWORKS, compare_frameworks};
pub use gate::{
    AllowanceReport, Doubt, GateInput, GateReport, GateResult, Lost, RuleKind, RuleReport, SelfTest, SelfTestInput,
    SelfTestRule, SideCoverage, Tested, Violation, evaluate, self_test,
};
pub use matching::Matching;
pub use pair::TestMethod;
pub use policy::{
    Allowance, AllowanceError, Bound, FailOn, Limit, LimitError, Policy, PolicyFileError, SeriesPattern, SeriesRule,
    parse_metric, parse_policy, parse_share,
};
pub use ranking::{Ranked, Ranking, rank};
pub use row::ChangeOptions;
pub use side::MeasuredSide;
pub use together::all_together;
pub use verdict::{Decision, Verdict};
