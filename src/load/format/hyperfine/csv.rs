//! `--export-csv`: one command a line, its executions in summary, times in seconds.
//!
//! The numbers of executions and the exit codes are not in it, so commands that failed look like any other. Parameters
//! are in columns `parameter_NAME`. From the second schema on, the columns are `time_wall_clock_mean` and so on, with
//! their unit in `time_wall_clock_unit`.
//!
//! One run of hyperfine may write both exports. In a folder, a summary beside a JSON export of the same name with the same
//! means is passed over, as each of its executions is read from there.

use std::io::{self, Read};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use super::super::document;
use super::super::parameters::{Parameter, Varying};
use super::json::holds_all;
use crate::load::format::prelude::*;
use crate::load::tabular::units;

/// What hyperfine exports as CSV.
pub(in super::super) static HYPERFINE_CSV: Format = Format {
    name: "hyperfine-csv",
    about: "hyperfine --export-csv: one command a line, its executions in summary",
    recognised_by: "a header that begins with command,mean,stddev or has time_wall_clock_mean",
    marks: Marks::Head(recognises),
    accompanies,
    read: read_input,
    ..Format::BASE
};

fn recognises(head: &Head<'_>) -> bool {
    let header = head.text().and_then(|text| text.lines().next()).unwrap_or_default();
    header.starts_with("command,mean,stddev,")
        || (header.starts_with("command,") && header.contains("time_wall_clock_mean"))
}

fn accompanies(path: &Path) -> bool {
    let export = path.with_extension("json");
    path.extension().is_some_and(|ending| ending == "csv")
        && export.is_file()
        && means(path).is_some_and(|means| !means.is_empty() && holds_all(&export, &means))
}

fn read_input(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut input = WithLastByte { reader: source.into_reader(), last: None };
    let mut lines = ReaderBuilder::new().flexible(true).from_reader(&mut input);
    let header = lines.headers().map_err(read_error)?.clone();
    let mut records = Vec::new();
    for line in lines.records() {
        let line = line.map_err(read_error)?;
        let place = Place::Line(line.position().map_or(0, csv::Position::line));
        if line.len() == header.len() {
            records.push((place, line));
        } else {
            let message = format!("expected {} fields, found {}", header.len(), line.len());
            let help = "the line is left out; hyperfine may have been interrupted";
            sink.report(Severity::Error, "field-count", &place, message, Some(help));
        }
    }
    drop(lines);
    // hyperfine ends every line; the last field of one that is cut off may be anything.
    if input.last != Some(b'\n')
        && let Some((place, _)) = records.pop()
    {
        let message = "the file ends in the middle of a line".to_owned();
        let help = "the line is left out; hyperfine may have been interrupted";
        sink.report(Severity::Error, "syntax", &place, message, Some(help));
    }
    if records.is_empty() {
        return Err(ReadError::NoRecord { expected: "at least one command below the header" });
    }
    sink.report(
        Severity::Notice,
        "lossy",
        &Place::Whole,
        "this has a summary of each command: no single execution, no number of them, and no exit codes".to_owned(),
        Some("export with --export-json, too"),
    );
    let all: Vec<Vec<Parameter>> = records.iter().map(|(_, line)| parameters(&header, line)).collect();
    let varying = Varying::of(all.iter().flatten());
    for ((place, line), parameters) in records.iter().zip(&all) {
        let mut run = summary(&header, line);
        super::name(&mut run, field(&header, line, "command").unwrap_or_default(), parameters, &varying);
        sink.run(place, run);
    }
    Ok(())
}

/// Remembers the last byte that was read.
struct WithLastByte<R> {
    reader: R,
    last: Option<u8>,
}

impl<R: Read> Read for WithLastByte<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.last = buffer.get(..read).and_then(<[u8]>::last).copied().or(self.last);
        Ok(read)
    }
}

/// The name and mean of every command; `None` where this is no summary of hyperfine.
fn means(path: &Path) -> Option<Vec<(String, f64)>> {
    let mut lines = ReaderBuilder::new().from_path(path).ok()?;
    let header = lines.headers().ok()?.clone();
    let mean = |line: csv::Result<StringRecord>| {
        let line = line.ok()?;
        let mean = field(&header, &line, "mean")?.parse().ok()?;
        Some((field(&header, &line, "command")?.to_owned(), mean))
    };
    lines.records().map(mean).collect()
}

fn summary(header: &StringRecord, line: &StringRecord) -> Run {
    let unit = field(header, line, "time_wall_clock_unit").and_then(units::seconds_in).unwrap_or(1.0);
    let time = |name: &str| {
        let text = field(header, line, name).or_else(|| field(header, line, &format!("time_wall_clock_{name}")))?;
        document::measured(text.trim().parse().ok()).map(|number| number * unit)
    };
    Run {
        avg_time_per_request: time("mean"),
        latency: Latency {
            mean: time("mean"),
            std: time("stddev"),
            min: time("min"),
            p50: time("median"),
            max: time("max"),
            ..Latency::default()
        },
        ..Run::default()
    }
}

fn parameters(header: &StringRecord, line: &StringRecord) -> Vec<Parameter> {
    let parameter = |(name, value): (&str, &str)| {
        let name = name.strip_prefix("parameter_")?;
        (!value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
    };
    header.iter().zip(line).filter_map(parameter).collect()
}

fn field<'l>(header: &StringRecord, line: &'l StringRecord, name: &str) -> Option<&'l str> {
    line.get(header.iter().position(|column| column == name)?)
}

fn read_error(error: csv::Error) -> ReadError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ReadError::Io(error),
        csv::ErrorKind::Utf8 { .. } => ReadError::NotUtf8 { line },
        kind => ReadError::Io(io::Error::other(format!("{kind:?}"))),
    }
}
