//! The command line. All that it does stands in `cli`, and all that it computes in the library.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
