//! What GitHub Actions gives a step by its environment: whether it runs there, and the files that it reads afterwards.

use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use benchplot::report::{Output, OutputOptions, SUMMARY_LIMIT, Subject, variables, write_output};

use super::error::CliError;
use super::terminal::say;

/// Whether this runs in a step of GitHub Actions.
pub(crate) fn is_in_actions() -> bool {
    env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// The address of the run of GitHub Actions that this is a part of.
pub(crate) fn run_address() -> Option<String> {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let (server, repository) = (variable("GITHUB_SERVER_URL")?, variable("GITHUB_REPOSITORY")?);
    Some(format!("{server}/{repository}/actions/runs/{}", variable("GITHUB_RUN_ID")?))
}

/// The summary and the outputs of a step, made and not yet written.
pub(crate) struct Github {
    summary: Vec<u8>,
    variables: String,
}

impl Github {
    /// Makes both.
    pub(crate) fn render(subject: Subject<'_>, options: &OutputOptions<'_>) -> Result<Self, CliError> {
        let mut summary = Vec::new();
        write_output(Output::GithubSummary, subject, options, &mut summary).map_err(CliError::Stdout)?;
        Ok(Self { summary, variables: variables(subject) })
    }

    /// Appends both to the files that the environment names. Without them there is nobody to tell, and that is said.
    pub(crate) fn write(&self, quiet: bool) -> Result<(), CliError> {
        for (variable, bytes) in
            [("GITHUB_STEP_SUMMARY", self.summary.as_slice()), ("GITHUB_OUTPUT", self.variables.as_bytes())]
        {
            match env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from) {
                Some(path) => {
                    let bytes = if variable == "GITHUB_OUTPUT" { bytes } else { self.that_fits(&path, bytes) };
                    append(&path, bytes).map_err(|error| CliError::File { path, error })?;
                }
                None if quiet => {}
                None => say(&format!("--github: {variable} is not set, so nothing is written for it")),
            }
        }
        Ok(())
    }

    /// The summary, or a line that says where it is, when what the step has written already leaves no room for it: GitHub
    /// drops a summary that is too large as a whole.
    fn that_fits<'a>(&self, path: &Path, summary: &'a [u8]) -> &'a [u8] {
        let there = std::fs::metadata(path).map_or(0, |file| file.len());
        let there = usize::try_from(there).unwrap_or(usize::MAX);
        if there.saturating_add(summary.len()) < SUMMARY_LIMIT {
            return summary;
        }
        let told: &[u8] = b"\nbenchplot: the summary of this step has no room left for the report.\n";
        if there.saturating_add(told.len()) < SUMMARY_LIMIT { told } else { &[] }
    }
}

fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().append(true).create(true).open(path)?.write_all(bytes)
}
