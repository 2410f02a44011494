//! Parquet: runs or requests in columns, read row group by row group, and only the columns that mean something.

use std::borrow::Cow;
use std::fs::File;

use polars::prelude::{AnyValue, Column, DataFrame, PolarsError, TimeUnit};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::{Format, ReadError, ReadOptions, Sniff};
use crate::load::place::Place;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};
use crate::load::tabular::{RecordReader, Value};

/// Apache Parquet.
pub(super) struct Parquet;

const MAGIC: &[u8] = b"PAR1";

impl Format for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn about(&self) -> &'static str {
        "runs or requests, one a row"
    }

    fn recognised_by(&self) -> &'static str {
        "PAR1 at the beginning"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["parquet"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        if head.bytes.starts_with(MAGIC) { Sniff::Yes } else { Sniff::No }
    }

    fn read(&self, source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let file = source.into_file()?;
        let mut opened = reader(&file)?;
        let schema = opened.schema()?;
        let row_groups: Vec<usize> = opened.get_metadata()?.row_groups.iter().map(|group| group.num_rows()).collect();

        let names: Vec<String> = schema.iter_names().map(|name| name.to_string()).collect();
        let mut records = RecordReader::new(sink, options.columns);
        let whole = |error| ReadError::Columns { place: Place::Whole, error };
        let mapping = records.mapping(&names).map_err(whole)?;
        let used: Vec<usize> =
            mapping.fields.iter().enumerate().filter(|(_, field)| field.is_some()).map(|(index, _)| index).collect();
        let used_names: Vec<&String> = used.iter().filter_map(|&index| names.get(index)).collect();
        let mapping = records.mapping(&used_names).map_err(whole)?;

        let mut row = 0;
        for rows in row_groups {
            let group = reader(&file)?.with_slice(Some((row, rows))).with_projection(Some(used.clone())).finish()?;
            let columns = columns_in_order(&group, &used_names)?;
            for index in 0..group.height() {
                let values: Vec<_> = columns.iter().map(|column| value(column, index)).collect::<Result<_, _>>()?;
                records.record(&mapping, &Place::Row((row + index + 1) as u64), &values);
            }
            row += rows;
        }
        records.finish("at least one row")
    }
}

impl From<PolarsError> for ReadError {
    fn from(error: PolarsError) -> Self {
        Self::Parquet(error.to_string())
    }
}

fn reader(file: &File) -> Result<ParquetReader<File>, ReadError> {
    Ok(ParquetReader::new(file.try_clone()?))
}

fn columns_in_order<'f>(frame: &'f DataFrame, names: &[&String]) -> Result<Vec<&'f Column>, PolarsError> {
    names.iter().map(|name| frame.column(name)).collect()
}

fn value(column: &Column, index: usize) -> Result<Value<'_>, PolarsError> {
    Ok(match column.get(index)? {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(truth) => Value::Bool(truth),
        AnyValue::String(text) => Value::Text(Cow::Borrowed(text)),
        AnyValue::StringOwned(text) => Value::Text(Cow::Owned(text.to_string())),
        AnyValue::Float64(number) => Value::Float(number),
        AnyValue::Float32(number) => Value::Float(f64::from(number)),
        AnyValue::Datetime(moment, unit, _) | AnyValue::DatetimeOwned(moment, unit, _) => Value::Moment(match unit {
            TimeUnit::Nanoseconds => moment.div_euclid(1_000),
            TimeUnit::Microseconds => moment,
            TimeUnit::Milliseconds => moment.saturating_mul(1_000),
        }),
        other => match other.extract::<i64>() {
            Some(number) if other.is_integer() => Value::Integer(number),
            _ => Value::Nested("value of a type that is not used here"),
        },
    })
}
