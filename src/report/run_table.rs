//! The run table in the formats that other tools read.

use std::io::Write;

use jiff::Timestamp;
use polars_io::parquet::write::ParquetWriter;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::record::{Column, OPEN_METRICS, OpenMetric, Run, RunValue, Runs, TableError};

/// A format of the run table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunTableFormat {
    /// An array of objects.
    Json,
    /// An object a line.
    Ndjson,
    /// A header line, then a run a line.
    Csv,
    /// Apache Parquet, compressed with zstd.
    Parquet,
}

/// Why a run table can't be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The sink fails.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The runs do not fit into a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Polars can't write it.
    #[error("the Parquet file can't be written: {0}")]
    Parquet(#[from] polars::prelude::PolarsError),
}

impl RunTableFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Json, Self::Ndjson, Self::Csv, Self::Parquet];

    /// Its name, which is also the ending of its files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Writes all columns of the run table. What benchplot reads back from it are the same runs.
///
/// # Errors
///
/// When the sink fails, or polars can't write the table.
pub fn write_runs(runs: &Runs, format: RunTableFormat, mut sink: impl Write) -> Result<(), WriteError> {
    match format {
        RunTableFormat::Parquet => {
            ParquetWriter::new(sink).finish(&mut runs.to_frame()?)?;
        }
        RunTableFormat::Json => {
            let records: Vec<_> = runs.iter().map(members).collect();
            serde_json::to_writer_pretty(&mut sink, &records).map_err(std::io::Error::from)?;
            sink.write_all(b"\n")?;
        }
        RunTableFormat::Ndjson => {
            for run in runs {
                serde_json::to_writer(&mut sink, &members(run)).map_err(std::io::Error::from)?;
                sink.write_all(b"\n")?;
            }
        }
        RunTableFormat::Csv => {
            let mut lines = csv::Writer::from_writer(sink);
            let open = OpenMetric::of_runs(runs);
            let of_open = open.iter().map(|metric| metric.name()).chain((!open.is_empty()).then_some(OPEN_METRICS));
            let names: Vec<&str> = Column::ALL.map(Column::name).into_iter().chain(of_open).collect();
            lines.write_record(&names).map_err(std::io::Error::from)?;
            for run in runs {
                let members = members(run);
                let fields = names.iter().map(|name| members.get(*name).map(field).unwrap_or_default());
                lines.write_record(fields).map_err(std::io::Error::from)?;
            }
            lines.flush()?;
        }
    }
    Ok(())
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// One run as a JSON object with every column, in the table's order; of open metrics those that it has.
fn members(run: &Run) -> Map<String, Value> {
    let own = Column::ALL.into_iter().map(|column| (column.name().to_owned(), json(run, column)));
    let open = run.open.iter().map(|(metric, value)| (metric.name().to_owned(), Value::from(value)));
    let definitions = (!run.open.is_empty()).then(|| (OPEN_METRICS.to_owned(), Value::from(run.open.definitions())));
    own.chain(open).chain(definitions).collect()
}

fn json(run: &Run, column: Column) -> Value {
    match run.value(column) {
        RunValue::Text(text) => Value::from(text),
        RunValue::Work(work) => Value::from(work.name()),
        RunValue::Level(level) => Value::from(level),
        RunValue::Count(count) => Value::from(count),
        RunValue::Time(time) => Value::from(time),
        RunValue::Moment(moment) => {
            let moment = moment.and_then(|microseconds| Timestamp::from_microsecond(microseconds).ok());
            Value::from(moment.map(|moment| moment.to_string()))
        }
        RunValue::Columns(columns) => {
            Value::from(columns.iter().map(|column| column.name()).collect::<Vec<_>>().join(","))
        }
    }
}
