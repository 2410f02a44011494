//! `--benchmark_format=csv`: the rows of the JSON without its context, numbers with six digits.
//!
//! Statistics are told by their names alone, `BM_Sort_mean` beside `BM_Sort`; the times in rows of `cv` mean nothing. The
//! program aborts when a benchmark has a counter that the first had not, and leaves a truncated file. The context may
//! stand before the header where standard error was written to the same file.

use std::collections::HashSet;
use std::io::BufRead;

use csv::{ReaderBuilder, StringRecord};

use super::{Kind, Row};
use crate::load::format::prelude::*;

/// What Google Benchmark writes as CSV.
pub(in super::super) static GOOGLE_BENCHMARK_CSV: Format = Format {
    name: "google-benchmark-csv",
    about: "Google Benchmark as CSV",
    recognised_by: "a header that begins with name,iterations,real_time,cpu_time,time_unit",
    marks: Marks::Text(|text| text.lines().any(|line| line.starts_with(HEADER))),
    read,
    ..Format::BASE
};

const HEADER: &str = "name,iterations,real_time,cpu_time,time_unit";

const STATISTICS: &[&str] = &["mean", "median", "stddev", "cv", "BigO", "RMS", "min", "max"];

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut input = source.into_reader();
    let mut header = Vec::new();
    let mut above = 0;
    loop {
        header.clear();
        if input.read_until(b'\n', &mut header)? == 0 {
            return Err(ReadError::NoRecord { expected: "a header that begins with name,iterations,real_time" });
        }
        above += 1;
        if header.starts_with(HEADER.as_bytes()) {
            break;
        }
    }
    let header: Vec<String> =
        String::from_utf8_lossy(&header).trim_end().split(',').map(|name| name.trim_matches('"').to_owned()).collect();

    let mut lines = ReaderBuilder::new().flexible(true).has_headers(false).from_reader(input);
    let mut records = Vec::new();
    let mut record = csv::ByteRecord::new();
    while lines.read_byte_record(&mut record).map_err(|error| ReadError::Io(error.into()))? {
        let place = Place::Line(above + record.position().map_or(0, csv::Position::line));
        let line = StringRecord::from_byte_record_lossy(record.clone());
        let fields = Fields { header: &header, line: &line };
        // The row of an error ends behind its message.
        if line.len() == header.len() || fields.has_failed() {
            records.push((place, line));
        } else {
            let message = format!("expected {} fields, found {}", header.len(), line.len());
            let help = "the line is left out; the program aborts where a benchmark has another counter, use JSON";
            sink.report(Severity::Error, "field-count", &place, message, Some(help));
        }
    }
    let fields = |line| Fields { header: &header, line };
    let names: HashSet<&str> = records.iter().filter_map(|(_, line)| fields(line).get("name")).collect();
    let rows: Vec<(Place, Row)> =
        records.iter().map(|(place, line)| (place.clone(), fields(line).row(&names))).collect();
    if rows.is_empty() {
        return Err(ReadError::NoRecord { expected: "at least one benchmark below the header" });
    }
    super::finish(rows, None, sink);
    Ok(())
}

#[derive(Clone, Copy)]
struct Fields<'h, 'l> {
    header: &'h [String],
    line: &'l StringRecord,
}

impl<'l> Fields<'_, 'l> {
    fn get(&self, name: &str) -> Option<&'l str> {
        let place = self.header.iter().position(|column| column == name)?;
        self.line.get(place).map(str::trim).filter(|field| !field.is_empty())
    }

    fn has_failed(&self) -> bool {
        self.get("error_occurred") == Some("true")
    }

    fn row(&self, names: &HashSet<&str>) -> Row {
        let name = self.get("name").unwrap_or_default();
        let (name, kind) = statistic(name, names);
        Row {
            name: name.to_owned(),
            kind,
            iterations: self.get("iterations").and_then(|count| count.parse().ok()),
            real_time: self.get("real_time").and_then(|time| time.parse().ok()),
            unit: self.get("time_unit").unwrap_or_default().to_owned(),
            error: self.has_failed().then(|| self.get("error_message").unwrap_or_default().to_owned()),
            ..Row::default()
        }
    }
}

/// Takes the name of a statistic off a benchmark's. A benchmark may be called `BM_mean` itself: a statistic has the
/// benchmark or other statistics of it in the same file.
fn statistic<'n>(name: &'n str, names: &HashSet<&str>) -> (&'n str, Kind) {
    let Some((stem, statistic)) = name.rsplit_once('_').filter(|(_, last)| STATISTICS.contains(last)) else {
        return (name, Kind::Measurement);
    };
    let is_complexity = matches!(statistic, "BigO" | "RMS");
    let has_others =
        || ["mean", "median", "stddev"].iter().all(|other| names.contains(format!("{stem}_{other}").as_str()));
    match statistic {
        _ if !is_complexity && !names.contains(stem) && !has_others() => (name, Kind::Measurement),
        "mean" => (stem, Kind::Mean),
        _ => (stem, Kind::OtherStatistic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_told_from_benchmarks() {
        let names: HashSet<&str> = ["A", "A_mean", "B_mean", "B_median", "B_stddev", "compute_mean"].into();
        let table = [
            ("A", "A", Kind::Measurement),
            ("A_mean", "A", Kind::Mean),
            ("A_cv", "A", Kind::OtherStatistic),
            ("B_mean", "B", Kind::Mean),
            ("B_median", "B", Kind::OtherStatistic),
            ("compute_mean", "compute_mean", Kind::Measurement),
            ("C_BigO", "C", Kind::OtherStatistic),
        ];
        for (name, stem, kind) in table {
            assert_eq!(statistic(name, &names), (stem, kind), "{name}");
        }
    }
}
