//! Records with named fields, whatever file they stand in: which column means what, which unit it has, and how a
//! record becomes a run or a sample.

mod choice;
mod columns;
mod fields;
mod interpret;
mod moment;
mod reader;
pub(crate) mod units;
mod value;

pub use choice::{ColumnChoice, ColumnChoiceError};
pub use columns::MappingError;
pub(crate) use columns::measures;
pub(crate) use reader::RecordReader;
pub use value::{Unfit, Value};
