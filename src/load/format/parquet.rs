//! Parquet: runs or requests in columns, read row group by row group, and only the columns that mean something.

use std::borrow::Cow;
use std::fs::File;
use std::panic::{self, AssertUnwindSafe};

use polars::prelude::{AnyValue, ArrowDataType, ArrowField, Column, DataFrame, PolarsError, TimeUnit, TimeZone};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::{Format, ReadError, ReadOptions, Sniff};
use crate::load::diagnostic::Severity;
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
        // Polars takes damaged metadata for impossible and panics. Nothing is kept of what it was given, so nothing can be
        // left half-done.
        let read = panic::catch_unwind(AssertUnwindSafe(|| read_row_groups(&file, options, sink)));
        read.unwrap_or_else(|_| Err(ReadError::Parquet("its metadata are damaged".to_owned())))
    }
}

/// Reads the row groups one by one.
fn read_row_groups(file: &File, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut opened = reader(file)?;
    let schema = opened.schema()?;
    let row_groups: Vec<usize> = opened.get_metadata()?.row_groups.iter().map(|group| group.num_rows()).collect();

    let names: Vec<String> = schema.iter_names().map(|name| name.to_string()).collect();
    let mut records = RecordReader::new(sink, options.columns);
    let whole = |error| ReadError::Columns { place: Place::Whole, error };
    let mapping = records.mapping(&names).map_err(whole)?;
    let mut used: Vec<usize> = Vec::new();
    for (index, (field, (_, column))) in mapping.fields.iter().zip(schema.iter()).enumerate() {
        let Some((field, _)) = field else { continue };
        // Polars panics at some types, so each is looked at before polars is asked to read it.
        match unreadable(column) {
            None => used.push(index),
            Some(what) if field.is_needed() => {
                return Err(ReadError::ColumnType { column: column.name.to_string(), what });
            }
            Some(what) => {
                let message = format!("the column {:?} holds {what}, which can't be used here", column.name);
                let help = "the column is left out; write it as text, numbers or dates in UTC";
                records.note(Severity::Warning, "column-type", &Place::Whole, message, help);
            }
        }
    }
    let used_names: Vec<&String> = used.iter().filter_map(|&index| names.get(index)).collect();
    let mapping = records.mapping(&used_names).map_err(whole)?;

    let mut row = 0;
    for rows in row_groups {
        let group = reader(file)?.with_slice(Some((row, rows))).with_projection(Some(used.clone())).finish()?;
        let columns = columns_in_order(&group, &used_names)?;
        for index in 0..group.height() {
            let values: Vec<_> = columns.iter().map(|column| value(column, index)).collect::<Result<_, _>>()?;
            records.record(&mapping, &Place::Row((row + index + 1) as u64), &values);
        }
        row += rows;
    }
    records.finish("at least one row")
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

/// What a column holds that can be no field of a record, in words; `None` where it can be read.
fn unreadable(column: &ArrowField) -> Option<String> {
    unreadable_type(&column.dtype)
}

fn unreadable_type(of: &ArrowDataType) -> Option<String> {
    use ArrowDataType as T;

    let what = match of {
        T::Null | T::Boolean | T::Utf8 | T::LargeUtf8 | T::Utf8View => return None,
        T::Int8 | T::Int16 | T::Int32 | T::Int64 | T::UInt8 | T::UInt16 | T::UInt32 | T::UInt64 => return None,
        T::Float32 | T::Float64 | T::Date32 | T::Date64 | T::Duration(_) | T::Time32(_) | T::Time64(_) => return None,
        T::Decimal(..) | T::Decimal32(..) | T::Decimal64(..) => return None,
        T::Timestamp(_, None) => return None,
        T::Timestamp(_, Some(zone)) => {
            let is_known = TimeZone::opt_try_new(Some(zone.clone())).is_ok();
            return (!is_known).then(|| format!("dates in the time zone {zone:?}"));
        }
        T::Dictionary(_, values, _) => return unreadable_type(values),
        T::Float16 => "floats of 16 bits",
        T::Int128 | T::UInt128 => "whole numbers of 128 bits",
        T::Decimal256(..) => "decimals of 256 bits",
        T::Interval(_) => "calendar intervals",
        T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => "bytes",
        T::List(_) | T::LargeList(_) | T::FixedSizeList(..) => "lists",
        T::Struct(_) => "structs",
        T::Map(..) => "maps",
        T::Extension(_) | T::Union(_) | T::Unknown => "values of a type of its own",
    };
    Some(what.to_owned())
}

fn value(column: &Column, index: usize) -> Result<Value<'_>, PolarsError> {
    const DAY: i64 = 24 * 60 * 60 * 1_000_000;
    Ok(match column.get(index)? {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(truth) => Value::Bool(truth),
        AnyValue::String(text) => Value::Text(Cow::Borrowed(text)),
        AnyValue::StringOwned(text) => Value::Text(Cow::Owned(text.to_string())),
        AnyValue::Categorical(category, texts) | AnyValue::Enum(category, texts) => {
            texts.cat_to_str(category).map_or(Value::Null, |text| Value::Text(Cow::Owned(text.to_owned())))
        }
        AnyValue::CategoricalOwned(category, texts) | AnyValue::EnumOwned(category, texts) => {
            texts.cat_to_str(category).map_or(Value::Null, |text| Value::Text(Cow::Owned(text.to_owned())))
        }
        AnyValue::Float64(number) => Value::Float(number),
        AnyValue::Float32(number) => Value::Float(f64::from(number)),
        AnyValue::Decimal(digits, _, scale) => decimal(digits, scale),
        AnyValue::Date(days) => Value::Moment(i64::from(days) * DAY),
        AnyValue::Datetime(moment, unit, _) | AnyValue::DatetimeOwned(moment, unit, _) => Value::Moment(match unit {
            TimeUnit::Nanoseconds => moment.div_euclid(1_000),
            TimeUnit::Microseconds => moment,
            TimeUnit::Milliseconds => moment.saturating_mul(1_000),
        }),
        AnyValue::Duration(duration, unit) => Value::Seconds(match unit {
            TimeUnit::Nanoseconds => duration as f64 / 1e9,
            TimeUnit::Microseconds => duration as f64 / 1e6,
            TimeUnit::Milliseconds => duration as f64 / 1e3,
        }),
        // A time of day, in ns, is how some programs write 00:00:04.2 for 4.2 s.
        AnyValue::Time(nanoseconds) => Value::Seconds(nanoseconds as f64 / 1e9),
        AnyValue::UInt64(number) => Value::Integer(i128::from(number)),
        other => match other.extract::<i64>() {
            Some(number) if other.is_integer() => Value::Integer(i128::from(number)),
            _ => Value::Nested("a value with parts"),
        },
    })
}

/// The number that is written as `digits` with `scale` of them behind the point.
fn decimal(digits: i128, scale: usize) -> Value<'static> {
    if scale == 0 {
        return Value::Integer(digits);
    }
    // The text is parsed to the float next to it, which a quotient of large numbers may miss.
    format!("{digits}e-{scale}").parse().map_or(Value::Nested("a decimal"), Value::Float)
}
