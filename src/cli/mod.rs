//! The command line: arguments, terminal, files and exit codes. Nothing that a user of the library would need.

mod analyze;
mod args;
mod color;
mod compare;
mod convert;
mod drawing;
mod error;
mod files;
mod formats;
mod github;
mod load;
mod policy;
mod reports;
#[cfg(all(feature = "run", target_os = "linux"))]
mod run;
mod terminal;

use std::io;
use std::panic;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Args, Command};
use error::CliError;

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    keep_quiet_about_polars();
    let args = Args::parse();
    let color = args.color;
    match run_command(args) {
        Ok(code) => code,
        // Whoever reads has seen enough, as in `benchplot … | head`.
        Err(CliError::Stdout(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            if !error.is_told() {
                terminal::show_error(&error, color);
            }
            error.exit_code()
        }
    }
}

/// Polars panics on some damaged Parquet files. The reader catches that and tells it like any other damage, so the panic's
/// own message would only be noise.
fn keep_quiet_about_polars() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let is_in_polars = info.location().is_some_and(|location| location.file().contains("polars"));
        if !is_in_polars {
            usual(info);
        }
    }));
}

fn run_command(args: Args) -> Result<ExitCode, CliError> {
    let done = match args.command {
        Command::Compare(options) => return compare::run(&options, args.color, args.quiet),
        Command::Gate { compare: options, self_test: false } => return compare::gate(&options, args.color, args.quiet),
        Command::Gate { compare: options, self_test: true } => {
            return compare::self_test(&options, args.color, args.quiet);
        }
        #[cfg(all(feature = "run", target_os = "linux"))]
        Command::Run(options) => return run::run(options, args.color, args.quiet),
        Command::Analyze(options) => analyze::run(&options, args.color, args.quiet),
        Command::Convert(options) => convert::run(&options, args.color, args.quiet),
        Command::Formats { explain: None } => formats::list(),
        Command::Formats { explain: Some(path) } => formats::explain(&path),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), env!("CARGO_PKG_NAME"), &mut script);
            files::write_stdout(&script)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page).map_err(CliError::Stdout)?;
            files::write_stdout(&page)
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}
