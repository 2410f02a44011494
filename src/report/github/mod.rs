//! What GitHub Actions shows and takes: a comment and a step's summary in Markdown, annotations, and outputs of a step.

mod annotations;
mod bounded;
mod document;
mod variables;

pub use annotations::annotations;
pub use document::{COMMENT_LIMIT, SUMMARY_LIMIT};
pub(super) use document::{DocumentOptions, write_document};
pub use variables::variables;
