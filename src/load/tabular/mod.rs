//! Records with named fields, whatever file they stand in: which column means what, which unit it has, and how a
//! record becomes a run or a sample.

mod choice;
mod columns;
mod fields;
mod interpret;
mod moment;
mod plain;
mod reader;
pub(crate) mod units;
mod value;

pub use choice::{ColumnChoice, ColumnChoiceError};
pub use columns::MappingError;
pub(crate) use columns::{Mapping, measures, named_column};
pub(crate) use fields::Level;
pub(crate) use plain::{Part, PlainRequest, count};
pub(crate) use reader::{RecordReader, Tally};
pub use value::{Unfit, Value};
