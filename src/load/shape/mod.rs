//! From a document of any shape to one table: rows, each of which is a run, and columns with names.
//!
//! Here it is decided what a row is. What a column means is decided in [`super::tabular`].

pub(crate) mod foreign;
mod keys;
mod node;
mod objects;
mod pivot;
mod table;
mod wide;

pub(crate) use node::Node;
pub use objects::ShapeError;
pub(crate) use objects::table;
pub(crate) use pivot::pivoted;
pub(crate) use table::{Cell, Row, Table};
pub use wide::{Wide, WideError};
pub(crate) use wide::{melted, parted};
