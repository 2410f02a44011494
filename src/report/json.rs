//! An analysis as JSON.

use std::io::{self, Write};

use crate::analysis::Analysis;

/// Writes an analysis as pretty JSON with a line end.
///
/// # Errors
///
/// When the sink fails.
pub fn write_json(analysis: &Analysis, mut sink: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut sink, analysis)?;
    sink.write_all(b"\n")
}
