//! The run and the sample: their fields, units and directions. Every importer produces these, and nothing after the
//! importers knows which tool a number came from.
//!
//! Not here: file formats, and anything that is computed over more than one run.

mod column;
mod frame;
mod histogram;
mod key;
mod metric;
mod open;
mod precision;
mod profile;
mod resolution;
mod run;
mod runs;
mod sample;
mod timeline;
mod tool_histogram;
mod unit;
mod work;

pub use column::Column;
pub use frame::{OPEN_METRICS, TableError};
pub(crate) use frame::{frame_of, open_metrics, runs_of};
pub use histogram::{Bucket, Histogram, Moments};
pub use key::{CellKey, SeriesKey, folded_name};
pub use metric::{Direction, Metric};
pub(crate) use open::tell_apart;
pub use open::{OpenMetric, OpenValues};
pub use precision::{Precision, PrecisionError};
pub use profile::{Cut, Profile};
pub use resolution::Resolution;
pub use run::{Latency, Run, RunValue, Slot};
pub use runs::{CellRuns, Runs, SeriesRuns};
pub use sample::{Origin, RequestSample, RequestTicks, SampleKey, latency_ticks, start_ticks};
pub use timeline::{Bin, Span, Timeline};
pub use tool_histogram::{Step, ToolHistogram};
pub use unit::Unit;
pub use work::Work;
