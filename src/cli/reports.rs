//! `--report FORMAT=FILE`: outputs for CI and other programs, beside what a command writes anyway.
//!
//! All of them are made before the first is written, so that none is there without the others.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use benchplot::report::{Output, OutputOptions, Subject, annotations, write_output};

use super::error::CliError;
use super::files::write_file;
use super::github::{Github, is_in_actions, run_address};
use super::terminal::say_lines;

/// Which reports are written.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Reports")]
pub(crate) struct ReportArgs {
    /// Write another report; may be given again. - as FILE takes the place of what standard output gets otherwise. FORMAT is
    /// markdown, github, github-summary, gitlab, gitlab-codequality, junit, json, csv, html-table, openmetrics, bmf,
    /// github-action-benchmark or github-action-benchmark-bigger
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub(crate) reports: Vec<ReportFile>,

    /// Append to the files that $GITHUB_STEP_SUMMARY and $GITHUB_OUTPUT name
    #[arg(long)]
    pub(crate) github: bool,

    /// The key in the hidden marker of a comment, which tells the comments of several jobs apart
    #[arg(long, value_name = "KEY")]
    pub(crate) comment_key: Option<String>,
}

/// One report and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportFile {
    pub(crate) output: Output,
    pub(crate) path: PathBuf,
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let names = || Output::ALL.map(Output::name).join(", ");
        let (name, path) =
            text.split_once('=').ok_or_else(|| format!("expected FORMAT=FILE with one of {}", names()))?;
        let output = Output::from_name(name).ok_or_else(|| format!("there is no {name:?}; there are {}", names()))?;
        if path.is_empty() {
            return Err("expected a file after the =".to_owned());
        }
        Ok(Self { output, path: PathBuf::from(path) })
    }
}

impl ReportArgs {
    /// Whether each report has a place of its own.
    pub(crate) fn check(&self) -> Result<(), CliError> {
        for (index, report) in self.reports.iter().enumerate() {
            if self.reports.iter().take(index).any(|other| other.path == report.path) {
                return Err(CliError::Reports(format!("two reports can't both go to {}", report.path.display())));
            }
        }
        Ok(())
    }
}

/// The reports of one run, made and not yet written.
pub(crate) struct Reports {
    files: Vec<(PathBuf, Vec<u8>)>,
    stdout: Option<Vec<u8>>,
    github: Option<Github>,
    all_annotations: String,
    errors: String,
}

impl Reports {
    /// Makes all reports. `full_report` is where a report that was cut can be seen as a whole, unless GitHub keeps it.
    pub(crate) fn render<'a>(
        args: &ReportArgs,
        subject: impl Into<Subject<'a>>,
        reference: Option<&str>,
        full_report: &Path,
    ) -> Result<Self, CliError> {
        let subject = subject.into();
        let full_report = run_address().unwrap_or_else(|| full_report.display().to_string());
        let root = std::env::current_dir().ok().map(|folder| folder.display().to_string());
        let options = OutputOptions {
            reference,
            marker: args.comment_key.as_deref(),
            full_report: Some(&full_report),
            root: root.as_deref(),
        };
        let mut reports = Self {
            files: Vec::new(),
            stdout: None,
            github: None,
            all_annotations: String::new(),
            errors: String::new(),
        };
        for report in &args.reports {
            let mut bytes = Vec::new();
            write_output(report.output, subject, &options, &mut bytes).map_err(CliError::Stdout)?;
            if report.path == Path::new("-") {
                reports.stdout = Some(bytes);
            } else {
                reports.files.push((report.path.clone(), bytes));
            }
        }
        if args.github {
            reports.github = Some(Github::render(subject, &options)?);
        }
        if is_in_actions() {
            reports.all_annotations = annotations(subject, false);
            reports.errors = annotations(subject, true);
        }
        Ok(reports)
    }

    /// Writes the files, and returns their paths.
    pub(crate) fn write(&self) -> Result<Vec<String>, CliError> {
        for (path, bytes) in &self.files {
            write_file(path, bytes)?;
        }
        Ok(self.files.iter().map(|(path, _)| path.display().to_string()).collect())
    }

    /// What standard output gets instead of a command's own report.
    pub(crate) fn stdout(&self) -> Option<&[u8]> {
        self.stdout.as_deref()
    }

    /// Writes what GitHub Actions takes, and annotates the run on standard error; where `quiet`, with errors only.
    pub(crate) fn tell_github(&self, quiet: bool) -> Result<(), CliError> {
        say_lines(if quiet { &self.errors } else { &self.all_annotations });
        self.github.as_ref().map_or(Ok(()), |github| github.write(quiet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_format_and_a_file() {
        let report: ReportFile = "junit=a=b.xml".parse().unwrap();
        assert_eq!((report.output, report.path), (Output::Junit, PathBuf::from("a=b.xml")));
        for wrong in ["junit", "junit=", "tap=a", "=a"] {
            assert!(wrong.parse::<ReportFile>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_help_names_every_format() {
        use clap::Args;
        let command = ReportArgs::augment_args(clap::Command::new("test"));
        let help =
            command.get_arguments().find(|arg| arg.get_id() == "reports").unwrap().get_help().unwrap().to_string();
        for output in Output::ALL {
            assert!(help.split([',', ' ']).any(|word| word == output.name()), "{}", output.name());
        }
    }
}
