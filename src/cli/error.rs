//! What can go wrong, what it means for the exit code, and what to do about it.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use benchplot::analysis::{AnalysisError, ChangeError};
use benchplot::chart::ChartError;
use benchplot::compare::GateResult;
use benchplot::load::{LoadError, SaveError, Severity};
use benchplot::report::WriteError;
use thiserror::Error;

/// Why a command came to no good end.
#[derive(Debug, Error)]
pub(crate) enum CliError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error("the policy in {path} is not understood: {message}", path = path.display())]
    Policy { path: PathBuf, message: String },
    #[error("{first} and {second} have policies that differ", first = first.display(), second = second.display())]
    Policies { first: PathBuf, second: PathBuf },
    #[error("the histograms can't be kept: {0}")]
    Save(#[from] SaveError),
    #[error("the chart can't be drawn: {0}")]
    Chart(#[from] ChartError),
    #[error("the runs can't be written: {0}")]
    Write(#[from] WriteError),
    #[error("{path} can't be written: {error}", path = path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("{path} can't be read: {error}", path = path.display())]
    Input { path: PathBuf, error: io::Error },
    #[error("standard output can't be written: {0}")]
    Stdout(io::Error),
    #[error("it is not clear in which format to write {path}", path = path.display())]
    UnknownEnding { path: PathBuf },
    #[error("{0}")]
    Reports(String),
    #[cfg(all(feature = "run", target_os = "linux"))]
    #[error(transparent)]
    Run(#[from] benchplot::run::RunError),
    #[error("Ctrl-C can't be listened to: {0}")]
    Interrupt(#[from] ctrlc::Error),
}

/// A gate tripped.
const TRIPPED: u8 = 1;

/// The arguments make no sense.
const USAGE: u8 = 2;

/// An input or output could not be used.
const INPUT_OR_OUTPUT: u8 = 3;

/// The data does not say, and the policy says that this fails.
const INCONCLUSIVE: u8 = 4;

/// The exit code that stands for what comes of a gate. A tripped gate is an outcome and not an error.
pub(crate) fn exit_code_of(result: GateResult) -> ExitCode {
    ExitCode::from(match result {
        GateResult::Passed => return ExitCode::SUCCESS,
        GateResult::Tripped => TRIPPED,
        GateResult::Unusable => INPUT_OR_OUTPUT,
        GateResult::Inconclusive => INCONCLUSIVE,
    })
}

impl CliError {
    /// The exit code that stands for it.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Analysis(AnalysisError::UnknownReference { .. })
            | Self::Change(ChangeError::OneSide)
            | Self::UnknownEnding { .. }
            | Self::Reports(_) => USAGE,
            Self::Chart(error) if !matches!(error, ChartError::Draw(_) | ChartError::Png(_)) => USAGE,
            _ => INPUT_OR_OUTPUT,
        })
    }

    /// Whether all that there is to say has been said while reading.
    pub(crate) fn is_told(&self) -> bool {
        let Self::Load(LoadError::Nothing { diagnostics, .. }) = self else { return false };
        matches!(diagnostics.as_slice(), [only] if only.severity == Severity::Error)
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> Option<&'static str> {
        match self {
            Self::Load(LoadError::Strict { .. }) => Some("mend what is named above, or leave --strict out"),
            Self::Load(LoadError::Filtered { .. }) => Some("check --framework and --concurrency"),
            Self::Analysis(AnalysisError::UnknownReference { .. }) => Some("check --reference"),
            Self::Change(ChangeError::NothingInCommon { .. }) => {
                Some("say with --rename OLD=NEW or --match REGEX how the names belong together")
            }
            Self::Change(ChangeError::NoMetric { .. }) => Some("choose another --metric"),
            Self::Policies { .. } => Some("say which one holds with --policy FILE"),
            Self::Chart(_) => Some("choose another --size or --dpi, or --chart none"),
            Self::File { .. } => Some("choose another place"),
            Self::Reports(_) => Some("give each --report a file of its own, and - to one of them at most"),
            #[cfg(all(feature = "run", target_os = "linux"))]
            Self::Run(error) => help_of_run(error),
            Self::UnknownEnding { .. } => Some("say it with --to json, ndjson, csv or parquet"),
            _ => None,
        }
    }
}

/// What to do where a suite can't be measured.
#[cfg(all(feature = "run", target_os = "linux"))]
fn help_of_run(error: &benchplot::run::RunError) -> Option<&'static str> {
    use benchplot::run::RunError;
    match error {
        RunError::Occupied { .. } => Some("go on with them with --resume, or choose another folder with --output"),
        RunError::OtherSuite { .. } => Some("choose another folder with --output"),
        RunError::Suite { .. } => Some("docs/run.md says what a suite may hold"),
        RunError::Service { .. } => Some("see its log in the folder logs of the results"),
        RunError::Journal { .. } => Some("take the line out, and its run is measured again"),
        RunError::Nothing { .. } => Some("see the folder logs of the results"),
        _ => None,
    }
}
