//! The arguments, as clap reads them and `--help` shows them.

use std::path::PathBuf;
use std::str::FromStr;

use benchplot::load::{ColumnChoice, FORMATS, NamePattern};
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::reports::ReportArgs;

/// Turns the output of load tests and benchmarks into an answer that can be defended.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    /// Say nothing on standard error but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  fine
  2  the arguments make no sense
  3  an input or output could not be used

Start with: benchplot analyze results.json";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Load, summarise, check, recommend and draw
    #[command(after_help = ANALYZE_EXAMPLES)]
    Analyze(AnalyzeArgs),
    /// Write all runs as one table: JSON, NDJSON, CSV or Parquet
    #[command(after_help = CONVERT_EXAMPLES)]
    Convert(ConvertArgs),
    /// List what can be read, and how it is recognised
    #[command(after_help = "Example: benchplot formats --explain results.txt")]
    Formats {
        /// Say what this file is taken for, and why
        #[arg(long, value_name = "FILE")]
        explain: Option<PathBuf>,
    },
    /// Print a completion script for a shell
    #[command(
        after_help = "Example: benchplot completions bash > ~/.local/share/bash-completion/completions/benchplot"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example: benchplot man | man -l -")]
    Man,
}

const ANALYZE_EXAMPLES: &str = "\
Examples:
  benchplot analyze results.json
      tables and recommendations here, chart and files in output/
  benchplot analyze runs/ 'more/*.csv.gz' gin=gin.ndjson
      a folder, a glob, and a file whose records name no framework
  my-script | benchplot analyze - -f json | jq '.ranking'
      from a pipe into a pipe
  benchplot analyze data.csv --map concurrency=vus --map total_time=dur:ms
      columns with names of their own
  benchplot analyze results.json --report junit=junit.xml --report openmetrics=metrics.txt --github
      for CI; docs/outputs.md has all outputs
  benchplot analyze results.json --lang zh --theme dark --chart svg --log-x
      another look";

const CONVERT_EXAMPLES: &str = "\
Examples:
  benchplot convert runs/ -o runs.parquet
  benchplot convert results.json -o - --to csv | column -ts,";

/// What is read, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct InputArgs {
    /// A file, a folder, a glob, or - for standard input; LABEL=PATH names the framework of records that name none
    #[arg(value_name = "INPUT", required = true)]
    pub(crate) inputs: Vec<String>,

    /// Read every input as this format instead of finding it out
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name())))]
    pub(crate) input_format: Option<String>,

    /// Take names from paths: '{framework}_c{concurrency}', with {scenario}, {repetition} and {*}
    #[arg(long, value_name = "PATTERN")]
    pub(crate) name_pattern: Option<NamePattern>,

    /// Say which column holds a field, with its unit if need be: concurrency=vus, total_time=dur:ms
    #[arg(long = "map", value_name = "FIELD=COLUMN[:UNIT]")]
    pub(crate) columns: Vec<ColumnChoice>,

    /// Derive a concurrency that nobody told by Little's law, throughput times mean latency, and mark it
    #[arg(long)]
    pub(crate) derive_concurrency: bool,

    /// Keep only this framework; may be given again
    #[arg(long = "framework", value_name = "NAME")]
    pub(crate) frameworks: Vec<String>,

    /// Keep only this level; may be given again
    #[arg(long = "concurrency", value_name = "N")]
    pub(crate) concurrencies: Vec<u32>,

    /// Stop where a record or a file can't be used
    #[arg(long)]
    pub(crate) strict: bool,
}

/// The arguments of `analyze`.
#[derive(Debug, clap::Args)]
pub(crate) struct AnalyzeArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// The folder for the chart, analysis.json and report.md
    #[arg(short, long, value_name = "DIR", default_value = "output")]
    pub(crate) output: PathBuf,

    /// What standard output gets
    #[arg(short, long, default_value = "text")]
    pub(crate) format: OutputFormat,

    /// Show every record and every metric
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Compare all others with this framework
    #[arg(long, value_name = "FRAMEWORK")]
    pub(crate) reference: Option<String>,

    /// The probability that an interval may miss the truth
    #[arg(long, default_value = "0.05", value_parser = alpha)]
    pub(crate) alpha: f64,

    /// The smallest difference that matters, such as 5% or 0.05
    #[arg(long, value_name = "SHARE", default_value = "5%", value_parser = share)]
    pub(crate) min_effect: f64,

    /// The language of reports and charts
    #[arg(long, default_value = "en")]
    pub(crate) lang: LanguageName,

    #[command(flatten)]
    pub(crate) reports: ReportArgs,

    #[command(flatten)]
    pub(crate) chart: ChartArgs,
}

/// How the chart looks.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Chart")]
pub(crate) struct ChartArgs {
    /// The format of the chart
    #[arg(id = "chart", long = "chart", value_name = "FORMAT", default_value = "png")]
    pub(crate) format: ChartFormat,

    /// Width and height in inches
    #[arg(long, value_name = "WxH", default_value = "15x6")]
    pub(crate) size: Size,

    /// Dots per inch of a PNG
    #[arg(long, default_value = "300", value_parser = clap::value_parser!(u32).range(30..=2400))]
    pub(crate) dpi: u32,

    /// The colours
    #[arg(long, default_value = "light")]
    pub(crate) theme: ThemeName,

    /// A title above the chart
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,

    /// Put the levels on a logarithmic axis
    #[arg(long, action = ArgAction::SetTrue)]
    pub(crate) log_x: bool,

    /// Put the times on a logarithmic axis
    #[arg(long, action = ArgAction::SetTrue)]
    pub(crate) log_y: bool,
}

/// The arguments of `convert`.
#[derive(Debug, clap::Args)]
pub(crate) struct ConvertArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// The file to write, or - for standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// The format to write, where the file's ending does not say
    #[arg(long, value_name = "FORMAT", value_parser = ["json", "ndjson", "csv", "parquet"])]
    pub(crate) to: Option<String>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

/// What standard output gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Tables and sentences.
    Text,
    /// The whole analysis.
    Json,
    /// The report.
    Markdown,
}

/// The format of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartFormat {
    /// Pixels.
    Png,
    /// Lines and text.
    Svg,
    /// No chart.
    None,
}

/// The colours of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThemeName {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The language of reports and charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageName {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// Width and height in inches, as in `15x6`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Size {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sides = text.split_once(['x', 'X', '×']).and_then(|(width, height)| {
            Some(Self { width: width.trim().parse().ok()?, height: height.trim().parse().ok()? })
        });
        sides.ok_or_else(|| "expected width and height in inches, such as 15x6".to_owned())
    }
}

fn alpha(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(alpha) if 0.0 < alpha && alpha < 1.0 => Ok(alpha),
        _ => Err("expected a number between 0 and 1, such as 0.05".to_owned()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    let number = match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.trim().parse(),
    };
    match number {
        Ok(share) if (0.0..10.0).contains(&share) => Ok(share),
        _ => Err("expected a share, such as 5% or 0.05".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_make_sense_to_clap() {
        Args::command().debug_assert();
    }

    #[test]
    fn shares_and_sizes() {
        assert_eq!((share("5%"), share(" 0.05 "), share("0")), (Ok(0.05), Ok(0.05), Ok(0.0)));
        assert!(share("-5%").is_err() && share("much").is_err() && share("NaN").is_err());
        assert_eq!("15x6".parse(), Ok(Size { width: 15.0, height: 6.0 }));
        assert!("15".parse::<Size>().is_err());
        assert!(alpha("0").is_err() && alpha("1").is_err() && alpha("0.01").is_ok());
    }
}
