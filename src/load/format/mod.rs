//! The formats that can be read, one a file, and how one is chosen for an input.
//!
//! To add a format, write its file, add a line to [`FORMATS`], and give it a fixture.

mod ab;
mod answers;
mod artillery;
mod asv;
mod autocannon;
mod bencher;
mod benchmark_dotnet;
mod bombardier;
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
mod loadtest;
mod locust;
mod ndjson;
mod notice;
mod oha;
mod parameters;
mod parquet;
mod pytest_benchmark;
mod report;
mod requests;
mod rows;
mod siege;
mod techempower;
mod vegeta;
mod wire;
mod wrk;

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::diagnostic::{Diagnostic, Excerpt, Severity};
use super::place::Place;
use super::sink::Sink;
use super::source::{Head, Source};
use super::tabular::{ColumnChoice, MappingError};

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

/// Why an input can't be read to its end.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The bytes can't be had.
    #[error("can't be read: {0}")]
    Io(#[from] io::Error),
    /// There is nothing in it.
    #[error("the file is empty; expected at least one record")]
    Empty,
    /// It is well-formed and holds no record.
    #[error("there is no record in it; expected {expected}")]
    NoRecord {
        /// What a record would have looked like.
        expected: &'static str,
    },
    /// The text breaks its format's rules.
    #[error("{message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// From 1.
        line: u64,
        /// The byte in the line, from 1.
        column: usize,
        /// How many whole records stand before it.
        records_before: u64,
    },
    /// The text is not in UTF-8.
    #[error("the text is not in UTF-8")]
    NotUtf8 {
        /// From 1.
        line: u64,
    },
    /// It is no text that can be read, and nothing else that is known.
    #[error("{message}")]
    NotText {
        /// What it looks like.
        message: String,
    },
    /// Its columns have no meaning.
    #[error("{error}")]
    Columns {
        /// Where they stand.
        place: Place,
        /// Why not.
        error: MappingError,
    },
    /// Polars can't read it.
    #[error("the Parquet file can't be read: {0}")]
    Parquet(String),
    /// A column that is needed holds what can be no field of a record.
    #[error("the column {column:?} holds {what}, which can't be used here")]
    ColumnType {
        /// Its name.
        column: String,
        /// What it holds.
        what: String,
    },
    /// Every record was broken.
    #[error("there is no usable record in it, among {records}")]
    NoUsableRecord {
        /// How many there are.
        records: u64,
    },
    /// No format, or several, may be meant.
    #[error("{message}")]
    Format {
        /// What was tried, and what came of it.
        message: String,
    },
}

impl ReadError {
    /// The same as a diagnostic about this input.
    pub(crate) fn diagnostic(&self, input: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(Severity::Error, self.code(), input, self.to_string()).help(self.help());
        match self {
            Self::Syntax { line, .. } | Self::NotUtf8 { line } => diagnostic.at(Place::Line(*line)),
            Self::Columns { place, .. } if *place != Place::Whole => diagnostic.at(place),
            _ => diagnostic,
        }
    }

    /// Whether it only says that this is no file for benchplot, which in a folder is no fault. A file that is called like
    /// results and is nothing that is known is rather one that was saved wrong.
    pub(crate) fn is_not_for_us(&self, file_name: &str) -> bool {
        const RESULTS: [&str; 6] = ["json", "ndjson", "jsonl", "csv", "tsv", "parquet"];
        match self {
            Self::Format { .. } | Self::NotText { .. } => !RESULTS.contains(&ending(file_name).as_str()),
            Self::NoRecord { .. } => true,
            Self::Columns { error, .. } => matches!(error, MappingError::NothingMeasured { .. }),
            _ => false,
        }
    }

    /// The place of a syntax error, to be shown with its line.
    pub(crate) fn line_and_column(&self) -> Option<(u64, usize)> {
        match self {
            Self::Syntax { line, column, .. } => Some((*line, *column)),
            _ => None,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "unreadable",
            Self::Empty => "empty",
            Self::NoRecord { .. } => "no-record",
            Self::Syntax { .. } => "syntax",
            Self::NotUtf8 { .. } | Self::NotText { .. } => "not-utf8",
            Self::Columns { error: MappingError::Ambiguous { .. }, .. } => "ambiguous-columns",
            Self::Columns { .. } => "unknown-columns",
            Self::Parquet(_) => "parquet",
            Self::ColumnType { .. } => "column-type",
            Self::NoUsableRecord { .. } => "no-usable-record",
            Self::Format { .. } => "unknown-format",
        }
    }

    fn help(&self) -> String {
        match self {
            Self::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => {
                    "check the path; benchplot reads files, folders, globs and - for standard input"
                }
                io::ErrorKind::PermissionDenied => "make the file readable",
                _ => "check the file; it may be damaged or truncated",
            }
            .to_owned(),
            Self::Empty => "run the benchmark again, or leave the file out".to_owned(),
            Self::NoRecord { .. } => "see `benchplot formats` for what can be read".to_owned(),
            Self::Syntax { records_before: 0, .. } => "mend the file, or leave it out".to_owned(),
            Self::Syntax { records_before, .. } => {
                format!(
                    "mend the file, or leave it out; nothing of it is used, nor what is whole ({records_before} before this place)"
                )
            }
            Self::NotUtf8 { .. } | Self::NotText { .. } => "save the file as UTF-8".to_owned(),
            Self::Columns { error: MappingError::Ambiguous { field, candidates }, .. } => {
                let example = candidates.first().map_or("COLUMN", String::as_str);
                format!("say which one it is, for example --map {field}={example}")
            }
            Self::Columns {
                error: MappingError::FieldChosenTwice { .. } | MappingError::ColumnChosenTwice { .. },
                ..
            } => "name each field and each column once in --map".to_owned(),
            Self::Columns { error: MappingError::UnknownUnit { column, .. }, .. } => {
                format!("give the unit of its numbers, for example --map total_time={column}:ms")
            }
            Self::Columns { .. } => "say which column holds what, for example --map total_time=COLUMN".to_owned(),
            Self::Parquet(_) => "write the file again; it may be truncated".to_owned(),
            Self::ColumnType { .. } => {
                "write the column as text or numbers, or choose another one with --map FIELD=COLUMN".to_owned()
            }
            Self::NoUsableRecord { .. } => "mend what is named above".to_owned(),
            Self::Format { .. } => {
                let tried: Vec<_> = FORMATS.iter().map(|format| format.name()).collect();
                format!("name the format with --input-format; tried {}", tried.join(", "))
            }
        }
    }
}

/// The line of a text that an error points at, as far as it is short enough to be shown.
pub(crate) fn excerpt(source: Source, line_number: u64, column: usize) -> Option<Excerpt> {
    use io::BufRead;

    const SHOWN: usize = 400;
    let mut reader = source.into_reader();
    for _ in 1..line_number {
        if reader.skip_until(b'\n').ok()? == 0 {
            return None;
        }
    }
    let mut line = Vec::new();
    io::Read::take(reader, (column + SHOWN) as u64).read_until(b'\n', &mut line).ok()?;
    let line = String::from_utf8(line).ok()?.trim_end().to_owned();
    (line.len() <= SHOWN).then(|| Excerpt { column: column.saturating_sub(1).min(line.len()), line, line_number })
}

/// The format of that name.
pub fn named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

/// Chooses the format of an input: by a mark of its own, else by its general form, else by its name's ending.
///
/// # Errors
///
/// When no format, or more than one, fits.
pub fn choose(head: &Head<'_>, file_name: &str) -> Result<&'static dyn Format, ReadError> {
    if head.is_whole && head.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty);
    }
    let ending = ending(file_name);
    let has_ending = |format: &&dyn Format| format.endings().contains(&ending.as_str());
    let claims = |sniff| FORMATS.iter().copied().filter(move |format| format.sniff(head) == sniff);
    let marked: Vec<_> = claims(Sniff::Yes).collect();
    match marked.as_slice() {
        [] => {}
        [format] => return Ok(*format),
        _ => {
            let names: Vec<_> = marked.iter().map(|format| format.name()).collect();
            return Err(ReadError::Format { message: format!("more than one format fits: {}", names.join(", ")) });
        }
    }
    // Of the general forms only JSON's two can't always be told apart; the document is listed first, and more usual.
    if let Some(format) = claims(Sniff::Maybe).find(has_ending).or_else(|| claims(Sniff::Maybe).next()) {
        return Ok(format);
    }
    FORMATS.iter().copied().find(has_ending).filter(|_| head.text().is_some()).ok_or_else(|| unknown(head))
}

/// The ending of a file's name in lower case, without the dot and without that of compression.
fn ending(file_name: &str) -> String {
    let file_name = file_name.to_ascii_lowercase();
    let file_name = [".gz", ".zst"].iter().find_map(|ending| file_name.strip_suffix(ending)).unwrap_or(&file_name);
    file_name.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default()
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

/// Says what an input of no known format looks like.
fn unknown(head: &Head<'_>) -> ReadError {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive, to be unpacked first"),
        (b"SQLite format 3", "an SQLite database"),
        (b"\x7fELF", "a program"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.bytes.starts_with(magic)) {
        return ReadError::Format { message: format!("this is {what}") };
    }
    if is_utf16(head.bytes) {
        return ReadError::NotText { message: "this is text in UTF-16".to_owned() };
    }
    let Some(text) = head.text() else {
        let invalid = std::str::from_utf8(head.bytes).err().map(|error| error.valid_up_to());
        let byte = head.bytes.iter().position(|&byte| byte == 0).into_iter().chain(invalid).min().unwrap_or(0) + 1;
        return ReadError::NotText {
            message: format!("this is neither text in UTF-8, by its byte {byte}, nor Parquet"),
        };
    };
    let Some(line) = text.lines().find(|line| !line.trim().is_empty()) else {
        return ReadError::Format { message: format!("no format is recognised in {} blanks", head.bytes.len()) };
    };
    let first: String = line.chars().take(60).collect();
    ReadError::Format { message: format!("no format is recognised in a text that begins with {first:?}") }
}

/// Whether bytes are text in UTF-16, by the mark at its beginning or by the zero beside every Latin letter.
fn is_utf16(bytes: &[u8]) -> bool {
    const PAIRS: usize = 256;
    let pairs = || bytes.chunks_exact(2).take(PAIRS);
    let zeros = |place: usize| pairs().filter(|pair| pair.get(place) == Some(&0)).count();
    let is_mostly = |count: usize| 2 < count && pairs().count() <= 2 * count;
    let (first, second) = (zeros(0), zeros(1));
    let is_marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    is_marked || (first == 0 && is_mostly(second)) || (second == 0 && is_mostly(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(bytes: &[u8], is_whole: bool, file_name: &str) -> Result<&'static str, String> {
        let format = choose(&Head { bytes, is_whole }, file_name);
        format.map(|format| format.name()).map_err(|error| error.diagnostic(file_name).to_string())
    }

    #[test]
    fn the_ending_decides_where_the_content_does_not() {
        let long = format!(r#"{{"total_time": 1.5, "latencies": [{}"#, "0.001, ".repeat(10_000));
        for (file_name, format) in [("a.ndjson", "ndjson"), ("a.jsonl.gz", "ndjson"), ("a.json", "json"), ("a", "json")]
        {
            assert_eq!(chosen(long.as_bytes(), false, file_name), Ok(format), "{file_name}");
        }
        assert_eq!(chosen(b"{\"total_time\": 1}\nbroken\n", true, "a.json"), Ok("ndjson"));
    }

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

    #[test]
    fn many_blanks_are_not_nothing() {
        let blanks = " ".repeat(65_536);
        assert_eq!(chosen(blanks.as_bytes(), false, "a.json"), Ok("json"));
        assert!(chosen(blanks.as_bytes(), false, "a").unwrap_err().contains("65536 blanks"));
        assert!(chosen(blanks.as_bytes(), true, "a.json").unwrap_err().contains("empty"));
    }

    #[test]
    fn text_in_another_encoding_is_told() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let told = |bytes: &[u8]| chosen(bytes, true, "a.csv").unwrap_err();
        assert!(told(&utf16("framework,total_time\n")).contains("UTF-16"));
        assert!(told(b"\xfe\xff\0f\0r").contains("UTF-16"));
        assert!(told(b"framework,total\0time").contains("by its byte 16"));
    }

    #[test]
    fn a_file_that_is_called_like_results_is_for_us() {
        let not_text = ReadError::NotText { message: String::new() };
        for (file_name, expected) in [("a.csv", false), ("a.JSON.gz", false), ("a.bin", true), ("readme.txt", true)] {
            assert_eq!(not_text.is_not_for_us(file_name), expected, "{file_name}");
        }
    }
}
