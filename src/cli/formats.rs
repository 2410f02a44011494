//! `benchplot formats`: what can be read.

use std::fmt::Write;

use benchplot::load::FORMATS;

use super::error::CliError;
use super::files::write_stdout;

/// Runs the command.
pub(crate) fn run() -> Result<(), CliError> {
    let mut text = String::new();
    for format in FORMATS {
        let endings: Vec<String> = format.endings().iter().map(|ending| format!(".{ending}")).collect();
        // Writing to a text can't fail.
        let _ = writeln!(text, "{}  ({})", format.name(), endings.join(" "));
        let _ = writeln!(text, "    {}", format.about());
        let _ = writeln!(text, "    recognised by {}", format.recognised_by());
    }
    text.push_str("\nEach may be compressed with gzip or zstd. Content comes first, the file's ending second;\n");
    text.push_str("--input-format NAME settles it.\n");
    write_stdout(text.as_bytes())
}
