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

/// What every reader of a format needs.
mod prelude {
    pub(super) use super::{Format, Marks, ReadError, ReadOptions, Sniff};
    pub(super) use crate::load::diagnostic::Severity;
    pub(super) use crate::load::place::Place;
    pub(super) use crate::load::sink::Sink;
    pub(super) use crate::load::source::{Head, Source};
    pub(super) use crate::record::{Column, Latency, Run};
}

pub use choice::choose;
pub use read_error::ReadError;
pub(crate) use read_error::excerpt;

/// Every format, in the order in which they are listed and asked.
pub static FORMATS: &[&Format] = &[
    &ab::AB,
    &ab::AB_GNUPLOT,
    &ab::AB_PERCENTILES,
    &artillery::ARTILLERY,
    &asv::ASV,
    &autocannon::AUTOCANNON,
    &autocannon::AUTOCANNON_TEXT,
    &bencher::BENCHER,
    &benchmark_dotnet::BENCHMARK_DOT_NET,
    &bombardier::BOMBARDIER,
    &criterion::CARGO_CRITERION,
    &criterion::CRITERION,
    &criterion::CRITERION_ESTIMATES,
    &gatling::GATLING_BINARY,
    &gatling::GATLING_STATS,
    &gatling::GATLING_TEXT,
    &github_action_benchmark::GITHUB_ACTION_BENCHMARK,
    &github_action_benchmark::GITHUB_ACTION_BENCHMARK_HISTORY,
    &go_bench::GO_BENCH,
    &go_bench::GO_BENCH_JSON,
    &google_benchmark::GOOGLE_BENCHMARK,
    &google_benchmark::GOOGLE_BENCHMARK_CSV,
    &h2load::H2LOAD,
    &h2load::H2LOAD_LOG,
    &hey::HEY,
    &hey::HEY_CSV,
    &hgrm::HGRM,
    &hyperfine::HYPERFINE,
    &hyperfine::HYPERFINE_CSV,
    &jmeter::JMETER_CSV,
    &jmeter::JMETER_STATISTICS,
    &jmeter::JMETER_XML,
    &jmh::JMH,
    &k6::K6_CSV,
    &k6::K6_HANDLE_SUMMARY,
    &k6::K6_JSON,
    &k6::K6_MACHINE_SUMMARY,
    &k6::K6_SUMMARY,
    &loadtest::LOADTEST,
    &locust::LOCUST_HISTORY,
    &locust::LOCUST_JSON,
    &locust::LOCUST_STATS,
    &oha::OHA,
    &oha::OHA_CSV,
    &oha::OHA_TEXT,
    &pytest_benchmark::PYTEST_BENCHMARK,
    &siege::SIEGE,
    &siege::SIEGE_LOG,
    &techempower::TECH_EMPOWER,
    &vegeta::VEGETA_CSV,
    &vegeta::VEGETA_JSON,
    &vegeta::VEGETA_REPORT,
    &vegeta::VEGETA_TEXT,
    &wrk::WRK,
    &wrk::WRK2,
    &markdown::MARKDOWN,
    &json::JSON,
    &ndjson::NDJSON,
    &csv::CSV,
    &parquet::PARQUET,
];

/// One way in which results are written down. The list is open: [`super::LoadOptions::formats`] takes others.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line and in the run table.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// How it is recognised, in a line.
    pub recognised_by: &'static str,
    /// The usual endings of its files, without the dot; asked only where the content does not settle it.
    pub endings: &'static [&'static str],
    /// How it is recognised in the beginning of an input.
    pub marks: Marks,
    /// Whether a file that was come upon in a folder only goes with results of this format, which are read from the file
    /// beside it: it is then passed over without a word. Asked of the path, before the file is opened.
    pub accompanies: fn(&Path) -> bool,
    /// Reads an input to its end, or says why it can't go on. What went into the sink before is not used then.
    pub read: fn(Source, &ReadOptions<'_>, &mut Sink<'_>) -> Result<(), ReadError>,
}

impl Format {
    /// What most formats have in common, to be filled up: no file of theirs has an ending of its own or accompanies another.
    pub const BASE: Self = Self {
        name: "",
        about: "",
        recognised_by: "",
        endings: &[],
        marks: Marks::Text(|_| false),
        accompanies: |_| false,
        read: |_, _, _| Err(ReadError::NoRecord { expected: "a reader" }),
    };

    /// Looks at the beginning of an input and says whether it is of this format.
    pub fn sniff(&self, head: &Head<'_>) -> Sniff {
        let is_met = match self.marks {
            Marks::Members(sets) => sets.iter().any(|names| head.is_object_with(names)),
            Marks::FirstLine(line) => {
                head.text().and_then(|text| text.lines().next()).is_some_and(|first| first.trim_end() == line)
            }
            Marks::Text(is_met) => head.text().is_some_and(is_met),
            Marks::Head(is_met) | Marks::Form(is_met) => is_met(head),
        };
        match (is_met, &self.marks) {
            (false, _) => Sniff::No,
            (true, Marks::Form(_)) => Sniff::Maybe,
            (true, _) => Sniff::Yes,
        }
    }
}

/// How a format is recognised: by a mark that only it has, but for [`Marks::Form`].
#[derive(Debug)]
pub enum Marks {
    /// A JSON object that holds all names of one of these sets, in their quotes.
    Members(&'static [&'static [&'static str]]),
    /// What the first line is.
    FirstLine(&'static str),
    /// A text of which this holds.
    Text(fn(&str) -> bool),
    /// Bytes of which this holds.
    Head(fn(&Head<'_>) -> bool),
    /// A general form, which a more particular format may share.
    Form(fn(&Head<'_>) -> bool),
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
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

/// The path of a file that is called the same but for its ending; `None` where `path` has another ending than this one.
fn beside(path: &Path, ending: &str, other: &str) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_suffix(ending)?;
    Some(path.with_file_name(format!("{name}{other}")))
}

/// Whether a file is of this format, by a mark that only this one has.
fn is_marked(path: &Path, format: &Format) -> bool {
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
        let passed_over = |name: &&str| FORMATS.iter().any(|format| (format.accompanies)(&folder.path().join(name)));
        let names: Vec<&str> = files.iter().map(|(_, to)| *to).filter(passed_over).collect();
        assert_eq!(names, ["a.gnuplot.tsv", "a.percentiles.csv", "h.log.tsv", "o.csv"]);
    }
}
