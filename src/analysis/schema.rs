//! The JSON Schemas of the analyses.

use schemars::JsonSchema;

use super::{Analysis, ChangeAnalysis};

/// The JSON Schema of [`Analysis`], made from its types, as pretty JSON with a line end.
///
/// # Errors
///
/// When it can't be written as JSON, which no schema causes.
pub fn json_schema() -> serde_json::Result<String> {
    pretty::<Analysis>()
}

/// The JSON Schema of [`ChangeAnalysis`], made from its types, as pretty JSON with a line end.
///
/// # Errors
///
/// When it can't be written as JSON, which no schema causes.
pub fn changes_json_schema() -> serde_json::Result<String> {
    pretty::<ChangeAnalysis>()
}

fn pretty<T: JsonSchema>() -> serde_json::Result<String> {
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(T))?;
    schema.push('\n');
    Ok(schema)
}
