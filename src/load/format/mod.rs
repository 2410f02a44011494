//! The formats that can be read, one a file, and how one is chosen for an input.
//!
//! To add a format, write its file, add a line to [`FORMATS`], and give it a fixture.

mod ab;
mod answers;
mod artillery;
mod asv;
mod autocannon;
mod bars;
mod bencher;
mod benchmark_dotnet;
mod bombardier;
mod choice;
mod criterion;
mod csv;
mod delimited;
mod document;
mod documents;
mod gatling;
mod github_action_benchmark;
mod go_bench;
mod google_benchmark;
mod h2load;
mod hey;
mod hgrm;
mod hyperfine;
mod jmeter;
mod jmh;
mod json;
mod json_record;
mod json_text;
mod k6;
mod layout;
mod lines;
mod loadtest;
mod locust;
mod markdown;
mod ndjson;
mod notice;
mod oha;
mod parameters;
mod parquet;
mod pytest_benchmark;
mod read_error;
mod report;
mod requests;
mod rows;
mod siege;
mod techempower;
mod vegeta;
mod wire;
mod wrk;

use std::path::{Path, PathBuf};

use super::shape::Wide;
use super::sink::Sink;
use super::source::{Head, Source};
use super::tabular::{ColumnChoice, Said};

pub use choice::choose;
pub use read_error::ReadError;
pub(crate) use read_error::excerpt;

/// Every format, in the order in which they are listed and asked.
pub static FORMATS: &[&dyn Format] = &[
    &ab::Ab,
    &ab::AbGnuplot,
    &ab::AbPercentiles,
    &artillery::Artillery,
    &asv::Asv,
    &autocannon::Autocannon,
    &autocannon::AutocannonText,
    &bencher::Bencher,
    &benchmark_dotnet::BenchmarkDotNet,
    &bombardier::Bombardier,
    &criterion::CargoCriterion,
    &criterion::Criterion,
    &criterion::CriterionEstimates,
    &gatling::GatlingBinary,
    &gatling::GatlingStats,
    &gatling::GatlingText,
    &github_action_benchmark::GithubActionBenchmark,
    &github_action_benchmark::GithubActionBenchmarkHistory,
    &go_bench::GoBench,
    &go_bench::GoBenchJson,
    &google_benchmark::GoogleBenchmark,
    &google_benchmark::GoogleBenchmarkCsv,
    &h2load::H2load,
    &h2load::H2loadLog,
    &hey::Hey,
    &hey::HeyCsv,
    &hgrm::Hgrm,
    &hyperfine::Hyperfine,
    &hyperfine::HyperfineCsv,
    &jmeter::JmeterCsv,
    &jmeter::JmeterStatistics,
    &jmeter::JmeterXml,
    &jmh::Jmh,
    &k6::K6Csv,
    &k6::K6HandleSummary,
    &k6::K6Json,
    &k6::K6MachineSummary,
    &k6::K6Summary,
    &loadtest::Loadtest,
    &locust::LocustHistory,
    &locust::LocustJson,
    &locust::LocustStats,
    &oha::Oha,
    &oha::OhaCsv,
    &oha::OhaText,
    &pytest_benchmark::PytestBenchmark,
    &siege::Siege,
    &siege::SiegeLog,
    &techempower::TechEmpower,
    &vegeta::VegetaCsv,
    &vegeta::VegetaJson,
    &vegeta::VegetaReport,
    &vegeta::VegetaText,
    &wrk::Wrk,
    &wrk::Wrk2,
    &markdown::Markdown,
    &json::Json,
    &ndjson::Ndjson,
    &csv::Csv,
    &parquet::Parquet,
];

/// One way in which results are written down.
pub trait Format: Sync {
    /// Its name on the command line and in the run table.
    fn name(&self) -> &'static str;

    /// What it is, in a line.
    fn about(&self) -> &'static str;

    /// How it is recognised, in a line.
    fn recognised_by(&self) -> &'static str;

    /// The usual endings of its files, without the dot; asked only where the content does not settle it.
    fn endings(&self) -> &'static [&'static str];

    /// Looks at the beginning of an input and says whether it is of this format.
    fn sniff(&self, head: &Head<'_>) -> Sniff;

    /// Whether a file that was come upon in a folder only goes with results of this format, which are read from the file
    /// beside it: it is then passed over without a word. Asked of the path, before the file is opened.
    fn accompanies(&self, _path: &Path) -> bool {
        false
    }

    /// Reads an input to its end.
    ///
    /// # Errors
    ///
    /// When it can't go on. What went into the sink before is not used then.
    fn read(&self, source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError>;
}

/// What the user says of every input.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// Columns whose meaning the user gave; for records with named fields.
    pub columns: &'a [ColumnChoice],
    /// What the numbers of a table with one column for each framework are; for records with named fields.
    pub wide: Option<&'a Wide>,
}

impl<'a> ReadOptions<'a> {
    /// What is said of records.
    pub(super) fn said(&self) -> Said<'a> {
        Said { choices: self.columns, wide: self.wide }
    }
}

/// What a format says of the beginning of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniff {
    /// It is not of this format.
    No,
    /// It has the general form, which a more particular format may share.
    Maybe,
    /// It has a mark that only this format has.
    Yes,
}

/// The format of that name.
pub fn named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

/// The path of a file that is called the same but for its ending; `None` where `path` has another ending than this one.
fn beside(path: &Path, ending: &str, other: &str) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_suffix(ending)?;
    Some(path.with_file_name(format!("{name}{other}")))
}

/// Whether a file is of this format, by a mark that only this one has.
fn is_marked(path: &Path, format: &dyn Format) -> bool {
    path.is_file() && Source::open(path).is_ok_and(|source| format.sniff(&source.head()) == Sniff::Yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_tool_wrote_beside_its_report_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let fixtures = Path::new("tests/fixtures");
        let files = [
            ("ab/flaky.txt", "a.txt"),
            ("ab-gnuplot/flaky.tsv", "a.gnuplot.tsv"),
            ("ab-percentiles/good.csv", "a.percentiles.csv"),
            ("h2load/good.txt", "h_withlog.txt"),
            ("h2load-log/with-errors.tsv", "h.log.tsv"),
            ("oha/good.json", "o.json"),
            ("oha-csv/one-error.csv", "o.csv"),
            ("oha-csv/one-error.csv", "alone.csv"),
            ("json/array.json", "table.json"),
            ("csv/requests.csv", "table.csv"),
            ("csv/requests.csv", "a.csv"),
        ];
        for (from, to) in files {
            std::fs::copy(fixtures.join(from), folder.path().join(to)).unwrap();
        }
        let passed_over = |name: &&str| FORMATS.iter().any(|format| format.accompanies(&folder.path().join(name)));
        let names: Vec<&str> = files.iter().map(|(_, to)| *to).filter(passed_over).collect();
        assert_eq!(names, ["a.gnuplot.tsv", "a.percentiles.csv", "h.log.tsv", "o.csv"]);
    }
}
