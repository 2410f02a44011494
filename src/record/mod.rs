//! The run and the sample: their fields, units and directions. Every importer produces these, and nothing after the
//! importers knows which tool a number came from.
//!
//! Not here: file formats, and anything that is computed over more than one run.

mod column;
mod histogram;
mod metric;
mod run;
mod sample;
mod table;

pub use column::Column;
pub use histogram::Histogram;
pub use metric::{Direction, Metric};
pub use run::{Latency, Run, Slot};
pub use sample::RequestSample;
pub use table::{RunTable, TableError};
