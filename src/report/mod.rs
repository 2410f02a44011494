//! Outputs made of text: what an analysis says, as tables and sentences, as Markdown, or as JSON; and the run table in the
//! formats that other tools read. One file per output; bytes go to a sink, and nothing is computed.

mod answer;
mod bencher;
mod cases;
mod change_words;
mod changes;
mod code_quality;
mod comma_separated;
mod doubt;
mod escape;
mod exposition;
mod fingerprint;
mod github;
mod github_action_benchmark;
mod gitlab_metrics;
mod glyphs;
mod html_table;
mod json;
mod junit;
mod markdown;
mod number;
mod openmetrics;
mod output;
mod problems;
mod quantity;
mod run_table;
mod series;
mod severity;
mod subject;
mod tables;
mod text;
mod words;

pub use changes::{write_changes_json, write_changes_markdown, write_changes_text, write_self_test};
pub use github::{COMMENT_LIMIT, SUMMARY_LIMIT, annotations, variables};
pub use glyphs::Glyphs;
pub use json::write_json;
pub use markdown::{Picture, write_markdown};
pub use output::{Output, OutputOptions, write_output};
pub use run_table::{RunTableFormat, WriteError, write_runs};
pub use subject::Subject;
pub use text::{TextOptions, write_text};
