//! Statistics on numbers and on groups of runs. Knows neither files nor frameworks' names nor drawing.

mod cells;
mod cliffs_delta;
mod groups;
mod kendall;
mod mann_whitney;
mod median_interval;
mod modified_z;
mod multiplicity;
mod permutation;
mod random;
mod ratio;
mod reliability;
mod repetitions;
mod student;
mod values;
mod welch;
mod stall;
mod warm_up;

pub use cells::{Cell, CellValues, Summary, cell_values, framework_values};
pub use cliffs_delta::{cliffs_delta, cliffs_delta_of};
pub use groups::{GroupError, group_rows};
pub use kendall::{Kendall, kendall, kendall_pooled};
pub use mann_whitney::{MannWhitney, RankMethod, mann_whitney};
pub use median_interval::{MedianInterval, median_interval};
pub use modified_z::{ModifiedZ, OUTLIER, modified_z};
pub use multiplicity::{benjamini_hochberg, holm};
pub use permutation::{Permutation, Stratum, stratified_permutation};
pub use random::SplitMix64;
pub use ratio::{LogRatio, geometric_mean, log_difference, log_ratio, logarithms};
pub use reliability::{MOSTLY_FAILING, error_rate};
pub use repetitions::{OpenQuestion, repetitions_needed};
pub use student::{t_interval, t_quantile, t_two_sided_p};
pub use values::Values;
pub use welch::{Spread, Welch, welch};
pub use stall::{Stall, stall};
pub use warm_up::{WarmUp, warm_up};
