//! The run and the sample: their fields, units and directions. Every importer produces these, and nothing after the
//! importers knows which tool a number came from.
//!
//! Not here: file formats, and anything that is computed over more than one run.

mod column;
mod histogram;
mod metric;
mod precision;
mod profile;
mod resolution;
mod run;
mod sample;
mod table;
mod timeline;
mod tool_histogram;

pub use column::Column;
pub use histogram::{Bucket, Histogram, Moments};
pub use metric::{Direction, Metric};
pub use precision::{Precision, PrecisionError};
pub use profile::{Cut, Profile};
pub use resolution::Resolution;
pub use run::{Latency, Run, Slot};
pub use sample::{Origin, RequestSample, RequestTicks, SeriesKey, latency_ticks, start_ticks};
pub use table::{RunTable, TableError};
pub use timeline::{Bin, Span, Timeline};
pub use tool_histogram::{Step, ToolHistogram};
