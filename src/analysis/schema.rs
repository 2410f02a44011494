//! The JSON Schema of an analysis.

use super::Analysis;

/// The JSON Schema of [`Analysis`], made from its types, as pretty JSON with a line end.
///
/// # Errors
///
/// When it can't be written as JSON, which no schema causes.
pub fn json_schema() -> serde_json::Result<String> {
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Analysis))?;
    schema.push('\n');
    Ok(schema)
}
