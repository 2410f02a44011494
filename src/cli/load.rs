//! Reading the inputs that the arguments name, with a progress bar and what was met on the way.

use benchplot::load::{Input, LoadError, LoadOptions, Loaded, Severity, load, load_saved, named};

use super::args::{InputArgs, ReadingArgs};
use super::color::Color;
use super::error::CliError;
use super::terminal::{Progress, show_diagnostic};

/// Reads the inputs. What was met is told on standard error; where `quiet`, errors only.
pub(crate) fn load_inputs(args: &InputArgs, color: Color, quiet: bool) -> Result<Loaded, CliError> {
    let parse = |inputs: &[String]| inputs.iter().map(|input| Input::parse(input)).collect::<Vec<_>>();
    if args.from_histogram.is_empty() {
        return read_inputs(&parse(&args.inputs), &args.reading, color, quiet);
    }
    let result = load_saved(&parse(&args.from_histogram), &options(&args.reading));
    tell(&result, color, quiet);
    Ok(result?)
}

/// Reads inputs in the way that the arguments say, like [`load_inputs`].
pub(crate) fn read_inputs(inputs: &[Input], args: &ReadingArgs, color: Color, quiet: bool) -> Result<Loaded, CliError> {
    let progress = Progress::begin(quiet);
    let options = LoadOptions { progress: Some(progress.shared()), ..options(args) };
    let result = load(inputs, &options, &|done, all| progress.files(done, all));
    progress.end();
    tell(&result, color, quiet);
    Ok(result?)
}

fn options(args: &ReadingArgs) -> LoadOptions {
    LoadOptions {
        formats: Vec::new(),
        format: args.input_format.as_deref().and_then(named),
        name_pattern: args.name_pattern.clone(),
        columns: args.columns.clone(),
        wide: args.wide.clone(),
        derive_concurrency: args.derive_concurrency,
        frameworks: args.frameworks.clone(),
        concurrencies: args.concurrencies.clone(),
        strict: args.strict,
        precision: args.precision,
        skip_warm_up: args.skip_warm_up,
        progress: None,
    }
}

/// Tells what was met.
fn tell(result: &Result<Loaded, LoadError>, color: Color, quiet: bool) {
    let diagnostics = match result {
        Ok(loaded) => loaded.diagnostics.as_slice(),
        Err(LoadError::Nothing { diagnostics, .. } | LoadError::Strict { diagnostics }) => diagnostics.as_slice(),
        Err(LoadError::Filtered { .. }) => &[],
    };
    for diagnostic in diagnostics.iter().filter(|diagnostic| !quiet || diagnostic.severity == Severity::Error) {
        show_diagnostic(diagnostic, color);
    }
}
