//! The arguments, as clap reads them and `--help` shows them.

use std::path::PathBuf;
use std::str::FromStr;

use benchplot::chart::MainPanel;
use benchplot::compare::{Allowance, FailOn, Limit, parse_metric, parse_share};
use benchplot::language::Language;
use benchplot::load::{ColumnChoice, FORMATS, NamePattern, SkipWarmUp, Wide};
use benchplot::record::{Metric, Precision};
use benchplot::scaling::Slo;
use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use regex::Regex;

use super::color::Color;
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
  1  a gate tripped
  2  the arguments make no sense
  3  an input or output could not be used, or a gate could not be evaluated
  4  inconclusive, where the policy says that this fails

Start with: benchplot analyze results.json";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Load, summarise, check, recommend and draw
    #[command(after_help = ANALYZE_EXAMPLES)]
    Analyze(AnalyzeArgs),
    /// Compare a baseline with candidates, and fail where a policy says so
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(CompareArgs),
    /// Compare and fail on what is worse, or prove with --self-test that the gate can fail
    #[command(after_help = GATE_EXAMPLES)]
    Gate {
        #[command(flatten)]
        compare: CompareArgs,

        /// Put a regression into the candidate, and exit with 1 unless the gate trips
        #[arg(long)]
        self_test: bool,
    },
    /// Write all runs as one table: JSON, NDJSON, CSV or Parquet
    #[command(after_help = CONVERT_EXAMPLES)]
    Convert(ConvertArgs),
    /// Measure a suite of targets under load, and analyse what comes out
    #[cfg(all(feature = "run", target_os = "linux"))]
    #[command(after_help = RUN_EXAMPLES)]
    Run(RunArgs),
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
  benchplot analyze results.json --slo 'p99<200ms,errors<1%'
      the highest concurrency that keeps a promise
  benchplot analyze results.json --report junit=junit.xml --report openmetrics=metrics.txt --github
      for CI; docs/outputs.md has all outputs
  benchplot analyze requests.csv.gz --save-histogram a.parquet
  benchplot analyze --from-histogram '*.parquet'
      request logs in parts, on several machines, and one report of them all
  benchplot analyze results.json --lang zh --theme dark --chart svg --log-x
      another look";

const COMPARE_EXAMPLES: &str = "\
Examples:
  benchplot compare baseline.json candidate.json
      what changed, and nothing fails
  benchplot compare main/ pr/ --fail-on worse --fail-on inconclusive
      a gate: exit code 1 where something is worse, 4 where the data does not say
  benchplot compare old.txt new.txt --fail-on worse --limit 'p99 < 200ms @ concurrency=100' --limit 'errors < 1%'
      with absolute limits
  benchplot compare main=a.json main=b.json pr=c.json pr=d.json --paired
      several files a side, by label; runs of equal repetition are pairs
  benchplot compare main/ pr/ --fail-on worse --report junit=junit.xml --report github=comment.md --github
      for CI; docs/recipes.md has more
  benchplot compare old/ new/ --fail-on worse --allow 'gin/json until 2027-01-31 because the parser is being mended'
      with a known exception

Exit codes:
  0  fine, or nothing was to fail
  1  the gate tripped: something is worse, missing, beyond a limit or not to be trusted
  2  the arguments make no sense
  3  a side could not be read, nothing matched, or the gate could not be evaluated
  4  the gate is inconclusive, and the policy says that this fails";

const GATE_EXAMPLES: &str = "\
Examples:
  benchplot gate main/ pr/
      like compare --fail-on worse
  benchplot gate --self-test main/ pr/ --policy benchplot.toml
      would this policy notice a regression in this data, and how small a one?";

const CONVERT_EXAMPLES: &str = "\
Examples:
  benchplot convert runs/ -o runs.parquet
  benchplot convert results.json -o - --to csv | column -ts,";

#[cfg(all(feature = "run", target_os = "linux"))]
const RUN_EXAMPLES: &str = "\
Examples:
  benchplot run suite.toml
      measure, and end with the report and the charts in results/
  benchplot run suite.toml --dry-run
      what would be measured, in which order, and how long it takes
  benchplot run suite.toml -o results/monday --resume
      go on after an interruption

docs/run.md says what a suite may hold.

Exit codes:
  0    everything was measured
  2    the arguments are wrong
  3    something failed, and the rest was measured; or nothing could be
  130  interrupted: what was measured is kept, and no gate takes it";

/// What is read, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct InputArgs {
    /// A file, a folder, a glob, or - for standard input; LABEL=PATH names the framework of records that name none
    #[arg(value_name = "INPUT", required_unless_present = "from_histogram")]
    pub(crate) inputs: Vec<String>,

    /// Read what --save-histogram wrote, in place of inputs: a file, a folder or a glob; equal runs in them add up; may be
    /// given again
    #[arg(long, value_name = "FILE", conflicts_with = "inputs")]
    pub(crate) from_histogram: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

/// How inputs are read.
#[derive(Debug, clap::Args)]
pub(crate) struct ReadingArgs {
    /// Read every input as this format instead of finding it out
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name)))]
    pub(crate) input_format: Option<String>,

    /// Take names from paths: '{framework}_c{concurrency}', with {scenario}, {repetition} and {*}
    #[arg(long, value_name = "PATTERN")]
    pub(crate) name_pattern: Option<NamePattern>,

    /// Say which column holds a field, with its unit if need be: concurrency=vus, total_time=dur:ms, scenario=op+size
    #[arg(long = "map", value_name = "FIELD=COLUMN[:UNIT]")]
    pub(crate) columns: Vec<ColumnChoice>,

    /// Say what the numbers of a table with one column for each framework are: throughput, latency_mean:ms
    #[arg(long, value_name = "METRIC[:UNIT]")]
    pub(crate) wide: Option<Wide>,

    /// Derive a concurrency that nobody told by Little's law, throughput times mean latency, and mark it
    #[arg(long)]
    pub(crate) derive_concurrency: bool,

    /// Keep only this framework; may be given again
    #[arg(long = "framework", value_name = "NAME")]
    pub(crate) frameworks: Vec<String>,

    /// Keep only this level; may be given again
    #[arg(long = "concurrency", value_name = "N")]
    pub(crate) concurrencies: Vec<u32>,

    /// Leave out the beginning of each run of requests: as long as its warm-up is, or so long (10s, 500ms, 1m); files are
    /// read twice then
    #[arg(long = "skip-warmup", value_name = "auto|TIME")]
    pub(crate) skip_warm_up: Option<SkipWarmUp>,

    /// Stop where a record or a file can't be used
    #[arg(long)]
    pub(crate) strict: bool,

    /// How finely percentiles of requests are told apart: within 2^-BITS, from 5 to 14, or exact
    #[arg(long, value_name = "BITS", default_value = "10")]
    pub(crate) precision: Precision,
}

/// The arguments of `analyze`.
#[derive(Debug, clap::Args)]
pub(crate) struct AnalyzeArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// The folder for the charts, analysis.json and report.md
    #[arg(short, long, value_name = "DIR", default_value = "output")]
    pub(crate) output: PathBuf,

    /// Keep what was read, with the histograms of all requests, in this Parquet file; it is an input for all commands then
    #[arg(long, value_name = "FILE")]
    pub(crate) save_histogram: Option<PathBuf>,

    /// What standard output gets
    #[arg(short, long, default_value = "text")]
    pub(crate) format: OutputFormat,

    /// Show everything: intervals, every comparison, scaling, findings with advice, all records
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Draw bars with ASCII characters, as in a pipe or with NO_COLOR
    #[arg(long)]
    pub(crate) ascii: bool,

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

    /// Find the highest concurrency that meets an objective: 'p99<200ms,errors<1%'; may be given again
    #[arg(long = "slo", value_name = "CONDITIONS")]
    pub(crate) slos: Vec<Slo>,

    #[command(flatten)]
    pub(crate) reports: ReportArgs,

    /// Which charts: the main one, or all that the data allows
    #[arg(long, value_name = "SET", default_value = "main", help_heading = "Chart")]
    pub(crate) chart_set: ChartSet,

    /// The panels of the main chart, instead of those that say the most [possible values: total, average, ratio]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', hide_possible_values = true, help_heading = "Chart")]
    pub(crate) panels: Vec<PanelName>,

    #[command(flatten)]
    pub(crate) chart: ChartArgs,
}

/// The arguments of `compare` and `gate`.
#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// The baseline, then its candidates: files, folders, globs or -; LABEL=PATH names a side, and one label one side
    #[arg(value_name = "SIDE", required = true, num_args = 2..)]
    pub(crate) sides: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    /// The folder for the charts, comparison.json and comparison.md
    #[arg(short, long, value_name = "DIR", default_value = "output")]
    pub(crate) output: PathBuf,

    /// What standard output gets
    #[arg(short, long, default_value = "text")]
    pub(crate) format: OutputFormat,

    /// Show every row, those of single levels too
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// What to compare, such as p99 or total_time; may be given again
    #[arg(long = "metric", value_name = "METRIC", value_parser = parse_metric)]
    pub(crate) metrics: Vec<Metric>,

    /// Compare only series whose framework/scenario matches, by what the groups of the pattern capture
    #[arg(long = "match", value_name = "REGEX")]
    pub(crate) pattern: Option<Regex>,

    /// Say that the baseline's framework or scenario OLD is the candidate's NEW; may be given again
    #[arg(long = "rename", value_name = "OLD=NEW", value_parser = rename)]
    pub(crate) renames: Vec<(String, String)>,

    /// Take runs of equal repetition for pairs; runs that began in turn are pairs anyway
    #[arg(long)]
    pub(crate) paired: bool,

    /// The probability that an interval may miss the truth
    #[arg(long, default_value = "0.05", value_parser = alpha)]
    pub(crate) alpha: f64,

    /// The smallest difference that matters, such as 5% or 0.05 [default: the policy's, or 5%]
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    pub(crate) min_effect: Option<f64>,

    /// The language of reports
    #[arg(long, default_value = "en")]
    pub(crate) lang: LanguageName,

    #[command(flatten)]
    pub(crate) policy: PolicyArgs,

    #[command(flatten)]
    pub(crate) chart: ChartArgs,

    #[command(flatten)]
    pub(crate) reports: ReportArgs,
}

/// What fails.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Gate")]
pub(crate) struct PolicyArgs {
    /// Fail on worse, inconclusive, missing or trust; may be given again
    #[arg(long, value_name = "OUTCOME")]
    pub(crate) fail_on: Vec<FailOn>,

    /// Fail where a value of a candidate is beyond a limit: 'p99 < 200ms @ concurrency=100'; may be given again
    #[arg(long = "limit", value_name = "LIMIT")]
    pub(crate) limits: Vec<Limit>,

    /// Excuse series up to a day: 'gin/json until 2027-01-31 because …'; may be given again
    #[arg(long = "allow", value_name = "EXCEPTION")]
    pub(crate) allowances: Vec<Allowance>,

    /// Read the policy from the section [gate] of this file, and not from a benchplot.toml beside a side
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
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

    /// Put the levels on a logarithmic axis, even where they are close together
    #[arg(long, action = ArgAction::SetTrue)]
    pub(crate) log_x: bool,

    /// Put the values on a logarithmic axis, even where they are close together
    #[arg(long, action = ArgAction::SetTrue)]
    pub(crate) log_y: bool,

    /// Keep axes linear where levels or values are far apart
    #[arg(long, action = ArgAction::SetTrue, conflicts_with_all = ["log_x", "log_y"])]
    pub(crate) linear: bool,
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

/// The arguments of `run`.
#[cfg(all(feature = "run", target_os = "linux"))]
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// What is measured, in TOML
    #[arg(value_name = "SUITE")]
    pub(crate) suite: PathBuf,

    /// The folder for all that comes of it: runs.parquet, the report, charts, the journal and logs
    #[arg(short, long, value_name = "DIR", default_value = "results")]
    pub(crate) output: PathBuf,

    /// Go on with what is in the folder already
    #[arg(long)]
    pub(crate) resume: bool,

    /// Print what would be measured, in which order, and how long it takes
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// The language of the report and the charts
    #[arg(long, default_value = "en")]
    pub(crate) lang: LanguageName,

    #[command(flatten)]
    pub(crate) chart: ChartArgs,
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

/// Which charts are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartSet {
    /// Times against concurrency.
    Main,
    /// Ratios, throughput, efficiency, latencies, latency over time and errors too, where there is something to show.
    All,
}

/// What a panel of the main chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PanelName {
    /// Total time.
    Total,
    /// Average time per request.
    Average,
    /// Ratio to the fastest.
    Ratio,
}

impl From<PanelName> for MainPanel {
    fn from(name: PanelName) -> Self {
        match name {
            PanelName::Total => Self::Total,
            PanelName::Average => Self::Average,
            PanelName::Ratio => Self::Ratio,
        }
    }
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

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::En => Self::English,
            LanguageName::Zh => Self::Chinese,
        }
    }
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

fn rename(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.to_owned(), new.to_owned())),
        _ => Err("expected the name in the baseline and that in the candidate, such as gin=gin-next".to_owned()),
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
