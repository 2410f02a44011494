//! The outputs that can be asked for by name, each made from an analysis or from a before and after.

use std::io::{self, Write};

use super::bencher::write_bmf;
use super::changes::{write_changes_json, write_changes_markdown};
use super::code_quality::write_code_quality;
use super::comma_separated::write_csv;
use super::github::{COMMENT_LIMIT, DocumentOptions, SUMMARY_LIMIT, write_document};
use super::github_action_benchmark::write_github_action_benchmark;
use super::gitlab_metrics::write_gitlab_metrics;
use super::html_table::write_html_table;
use super::json::write_json;
use super::junit::write_junit;
use super::markdown::write_markdown;
use super::openmetrics::write_openmetrics;
use super::subject::Subject;
use crate::record::Direction;

/// An output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Output {
    /// The whole report.
    Markdown,
    /// A comment, below [`COMMENT_LIMIT`].
    Github,
    /// The summary of a step, below [`SUMMARY_LIMIT`].
    GithubSummary,
    /// GitLab's metrics report.
    Gitlab,
    /// GitLab's code-quality report.
    GitlabCodeQuality,
    /// JUnit XML.
    Junit,
    /// The analysis itself.
    Json,
    /// Rows for a spreadsheet.
    Csv,
    /// One table of HTML.
    HtmlTable,
    /// All numbers for Prometheus.
    OpenMetrics,
    /// Bencher Metric Format.
    Bmf,
    /// `customSmallerIsBetter` of github-action-benchmark: times.
    GithubActionBenchmark,
    /// `customBiggerIsBetter` of github-action-benchmark: throughput.
    GithubActionBenchmarkBigger,
}

/// What an output says besides the analysis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutputOptions<'a> {
    /// The framework that ratios are to, where it is not the fastest.
    pub reference: Option<&'a str>,
    /// The key in the hidden marker of a comment; the command's name where there is none.
    pub marker: Option<&'a str>,
    /// Where a report that was cut can be seen as a whole.
    pub full_report: Option<&'a str>,
    /// The folder of the project, which paths in outputs are below of.
    pub root: Option<&'a str>,
}

impl Output {
    /// All outputs, in the order in which they are listed.
    pub const ALL: [Self; 13] = [
        Self::Markdown,
        Self::Github,
        Self::GithubSummary,
        Self::Gitlab,
        Self::GitlabCodeQuality,
        Self::Junit,
        Self::Json,
        Self::Csv,
        Self::HtmlTable,
        Self::OpenMetrics,
        Self::Bmf,
        Self::GithubActionBenchmark,
        Self::GithubActionBenchmarkBigger,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Github => "github",
            Self::GithubSummary => "github-summary",
            Self::Gitlab => "gitlab",
            Self::GitlabCodeQuality => "gitlab-codequality",
            Self::Junit => "junit",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::HtmlTable => "html-table",
            Self::OpenMetrics => "openmetrics",
            Self::Bmf => "bmf",
            Self::GithubActionBenchmark => "github-action-benchmark",
            Self::GithubActionBenchmarkBigger => "github-action-benchmark-bigger",
        }
    }

    /// What it is, in a line.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Markdown => "the whole report",
            Self::Github => "a comment of a pull request: below 65,536 bytes, the worst first, with a hidden marker",
            Self::GithubSummary => "the summary of a step of GitHub Actions: below 1024 KiB, the worst first",
            Self::Gitlab => "GitLab's metrics report: OpenMetrics text with rounded values",
            Self::GitlabCodeQuality => "GitLab's code-quality report",
            Self::Junit => "JUnit XML: a case for each series",
            Self::Json => "the whole analysis, by its schema",
            Self::Csv => "rows for a spreadsheet or a data frame",
            Self::HtmlTable => "one table of HTML",
            Self::OpenMetrics => "OpenMetrics text with all numbers, for Prometheus",
            Self::Bmf => "Bencher Metric Format",
            Self::GithubActionBenchmark => "github-action-benchmark, tool customSmallerIsBetter: times",
            Self::GithubActionBenchmarkBigger => "github-action-benchmark, tool customBiggerIsBetter: throughput",
        }
    }

    /// The output of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|output| output.name() == name)
    }
}

/// Writes an output.
///
/// # Errors
///
/// When the sink fails.
pub fn write_output<'a>(
    output: Output,
    subject: impl Into<Subject<'a>>,
    options: &OutputOptions<'_>,
    mut sink: impl Write,
) -> io::Result<()> {
    let subject = subject.into();
    let sink: &mut dyn Write = &mut sink;
    let document = |limit: usize, full_report| DocumentOptions {
        limit,
        marker: options.marker.unwrap_or(subject.name()),
        full_report,
        reference: options.reference,
    };
    match output {
        Output::Markdown => match subject {
            Subject::Analysis(analysis) => write_markdown(analysis, options.reference, &[], sink),
            Subject::Changes(changes) => write_changes_markdown(changes, &[], sink),
        },
        Output::Github => write_document(subject, &document(COMMENT_LIMIT, options.full_report), sink),
        Output::GithubSummary => write_document(subject, &document(SUMMARY_LIMIT, options.full_report), sink),
        Output::Gitlab => write_gitlab_metrics(subject, sink),
        Output::GitlabCodeQuality => write_code_quality(subject, options.root, sink),
        Output::Junit => write_junit(subject, sink),
        Output::Json => match subject {
            Subject::Analysis(analysis) => write_json(analysis, sink),
            Subject::Changes(changes) => write_changes_json(changes, sink),
        },
        Output::Csv => write_csv(subject, sink),
        Output::HtmlTable => write_html_table(subject, options.reference, sink),
        Output::OpenMetrics => write_openmetrics(subject, sink),
        Output::Bmf => write_bmf(subject, sink),
        Output::GithubActionBenchmark => write_github_action_benchmark(subject, Direction::LowerIsBetter, sink),
        Output::GithubActionBenchmarkBigger => write_github_action_benchmark(subject, Direction::HigherIsBetter, sink),
    }
}
