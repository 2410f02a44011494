//! Outputs made of text: what an analysis says, as tables and sentences, as Markdown, or as JSON; and the run table in the
//! formats that other tools read. One file per output; bytes go to a sink, and nothing is computed.

mod changes;
mod json;
mod markdown;
mod number;
mod run_table;
mod tables;
mod text;
mod words;

pub use changes::{write_changes_json, write_changes_markdown, write_changes_text, write_self_test};
pub use json::write_json;
pub use markdown::{Picture, write_markdown};
pub use run_table::{RunTableFormat, WriteError, write_runs};
pub use text::{TextOptions, write_text};
