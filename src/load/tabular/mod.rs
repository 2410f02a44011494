//! Records with named fields, whatever file they stand in: which column means what, which unit it has, and how a
//! record becomes a run or a sample.

mod columns;
mod interpret;
mod moment;
mod reader;
pub(crate) mod units;
mod value;

pub(crate) use columns::measures;
pub use columns::{ColumnChoice, ColumnChoiceError, MappingError};
pub(crate) use reader::RecordReader;
pub use value::{Unfit, Value};
