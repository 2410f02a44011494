//! `benchplot convert`: all runs as one table.

use std::path::Path;

use benchplot::report::{RunTableFormat, write_runs};

use super::args::ConvertArgs;
use super::color::Color;
use super::error::CliError;
use super::files::{clean_up_on_interrupt, write_file, write_stdout};
use super::load::load_inputs;
use super::terminal::say;

/// Runs the command.
pub(crate) fn run(args: &ConvertArgs, color: Color, quiet: bool) -> Result<(), CliError> {
    clean_up_on_interrupt()?;
    let ending = args.output.extension().and_then(|ending| ending.to_str());
    let format = args.to.as_deref().or(ending).and_then(RunTableFormat::from_name);
    let format = format.ok_or_else(|| CliError::UnknownEnding { path: args.output.clone() })?;
    let loaded = load_inputs(&args.input, color, quiet)?;
    let mut bytes = Vec::new();
    write_runs(&loaded.runs, format, &mut bytes)?;
    if args.output == Path::new("-") {
        return write_stdout(&bytes);
    }
    write_file(&args.output, &bytes)?;
    if !quiet {
        say(&format!("wrote {} runs to {}", loaded.runs.len(), args.output.display()));
    }
    Ok(())
}
