//! Requests by the million: the input is cut into pieces at line ends, the pieces are read side by side, and a row that
//! looks like the row before it is taken from its bytes.
//!
//! Nothing here decides what a row means. A row that is not plain goes the careful way of `tabular`, which also tells what
//! is wrong with it; a property test holds both ways together. What the pieces hold is merged in whole numbers, so no
//! result depends on how many readers there were.

mod chunks;
mod delimited;
mod members;
mod number;
mod series;
mod table;
mod workers;

pub(super) use chunks::{Chunk, Chunks, PIECE, Position, Quotes, Quoting};
pub(super) use delimited::PlainRows;
pub(super) use members::PlainObjects;
pub(super) use table::{BATCH, PlainColumns, Row, microseconds};
pub(super) use workers::{in_parts, readers, side_by_side};
