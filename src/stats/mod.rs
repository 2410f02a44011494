//! Statistics on numbers and on groups of runs. Knows neither files nor frameworks' names nor drawing.

mod cells;
mod groups;
mod ratio;
mod reliability;
mod stall;
mod student;
mod values;
mod warm_up;

pub use cells::{Cell, CellValues, Summary, cell_values, framework_values};
pub use groups::{GroupError, group_rows};
pub use ratio::{LogRatio, geometric_mean, log_ratio};
pub use reliability::{MOSTLY_FAILING, error_rate};
pub use stall::{Stall, stall};
pub use student::{t_interval, t_quantile, t_two_sided_p};
pub use values::Values;
pub use warm_up::{WarmUp, warm_up};
