//! Statistics on numbers and on groups of runs. Knows neither files nor frameworks' names nor drawing.

mod groups;
mod ratio;
mod student;
mod values;

pub use groups::{GroupError, group_rows};
pub use ratio::{LogRatio, geometric_mean, log_ratio};
pub use student::{t_interval, t_quantile, t_two_sided_p};
pub use values::Values;
