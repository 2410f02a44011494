//! Parquet: runs or requests in columns, read row group by row group, and only the columns that mean something.

use std::borrow::Cow;
use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::{AnyValue, ArrowDataType, ArrowField, Column, DataFrame, PolarsError, TimeUnit, TimeZone};
use polars_io::SerReader;
use polars_io::parquet::read::{ParallelStrategy, ParquetReader};

use super::{Format, Marks, ReadError, ReadOptions};
use crate::load::diagnostic::Severity;
use crate::load::place::Place;
use crate::load::samples::SeriesId;
use crate::load::saved::is_saved_table;
use crate::load::sink::Sink;
use crate::load::source::Source;
use crate::load::stream::{BATCH, PlainColumns, Row, in_parts, microseconds, readers};
use crate::load::tabular::{Field, Level, Mapping, Meaning, RecordReader, Value};

/// Apache Parquet.
pub(super) static PARQUET: Format = Format {
    name: "parquet",
    about: "runs or requests, one a row",
    recognised_by: "PAR1 at the beginning",
    endings: &["parquet"],
    marks: Marks::Head(|head| head.bytes.starts_with(MAGIC)),
    read,
    ..Format::BASE
};

const MAGIC: &[u8] = b"PAR1";

fn read(source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let file = source.into_file()?;
    // Polars takes damaged metadata for impossible and panics. Nothing is kept of what it was given, so nothing can be
    // left half-done.
    let read = panic::catch_unwind(AssertUnwindSafe(|| read_row_groups(&file, options, sink)));
    read.unwrap_or_else(|_| Err(ReadError::Parquet("its metadata are damaged".to_owned())))
}

/// Reads the row groups one by one.
fn read_row_groups(file: &File, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut opened = reader(file)?;
    let schema = opened.schema()?;
    let row_groups: Vec<usize> = opened.get_metadata()?.row_groups.iter().map(|group| group.num_rows()).collect();

    if is_saved_table(|name| schema.contains(name)) {
        let message = "these are histograms, as --save-histogram writes them; name their file itself, uncompressed, and no format";
        return Err(ReadError::Format { message: message.to_owned() });
    }
    let names: Vec<String> = schema.iter_names().map(|name| name.to_string()).collect();
    let mut records = RecordReader::new(sink, options.said());
    let whole = |error| ReadError::Columns { place: Place::Whole, error };
    let mapping = records.mapping(&names, &[]).map_err(whole)?;
    // Only all rows of runs together say what their columns mean.
    let is_of_runs = mapping.level == Level::Runs;
    let mut used: Vec<usize> = Vec::new();
    for (index, (field, (_, column))) in mapping.fields.iter().zip(schema.iter()).enumerate() {
        let Some(field) = field.map(|(field, _)| field).or_else(|| is_of_runs.then_some(Field::Rows)) else { continue };
        // Polars panics at some types, so each is looked at before polars is asked to read it.
        match unreadable(column) {
            None => used.push(index),
            Some(what) if field.is_needed() || is_of_runs && is_needed(&column.name) => {
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
    let mapping = records.mapping(&used_names, &[]).map_err(whole)?;

    let metadata = opened.get_metadata()?.clone();
    let mut begin = 0;
    let groups: Vec<(usize, usize)> = row_groups
        .into_iter()
        .map(|rows| {
            begin += rows;
            (begin - rows, rows)
        })
        .collect();
    let next = AtomicUsize::new(0);
    let others = if is_small(&groups) { 1 } else { readers().min(groups.len()) };
    let tally = in_parts(sink, vec![(); others], |part, ()| {
        let mut records = RecordReader::new(part, options.said());
        let mut plain = PlainColumns::new(&mapping);
        while let Some(&group) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut reader = reader(file)?;
            // The place in a file is one for all that have it open, so it is not read from here.
            reader.set_metadata(metadata.clone());
            let frame = reader
                .with_slice(Some(group))
                .with_projection(Some(used.clone()))
                .read_parallel(ParallelStrategy::None)
                .finish()?;
            let columns = columns_in_order(&frame, &used_names)?;
            read_rows((&used_names, &columns), group, &mapping, &mut plain, &mut records)?;
        }
        Ok(records.into_tally())
    })?;
    tally.finish(sink, options.said(), "at least one row")
}

/// Whether a column of runs is one without which they say nothing, or something else.
fn is_needed(name: &str) -> bool {
    let meaning = Meaning::of_name(name);
    meaning.is_measure() || matches!(meaning, Meaning::Framework(0) | Meaning::Level(_))
}

/// Whether there are so few rows that they are not worth a thread.
fn is_small(groups: &[(usize, usize)]) -> bool {
    groups.iter().map(|(_, rows)| rows).sum::<usize>() < 100_000
}

/// Reads the rows of one row group.
fn read_rows(
    (names, columns): (&[&String], &[&Column]),
    (begin, length): (usize, usize),
    mapping: &Mapping,
    plain: &mut PlainColumns,
    records: &mut RecordReader<'_, '_>,
) -> Result<(), ReadError> {
    let careful = |index: usize, records: &mut RecordReader<'_, '_>| -> Result<Option<SeriesId>, ReadError> {
        let values: Vec<_> = columns.iter().map(|column| value(column, index)).collect::<Result<_, _>>()?;
        let place = Place::Row((begin + index + 1) as u64);
        if mapping.level == Level::Runs {
            records.row(&place, names, &values);
            return Ok(None);
        }
        Ok(records.record(mapping, &place, &values))
    };
    records.begin_piece();
    let mut offset = 0;
    while offset < length {
        let batch = BATCH.min(length - offset);
        let rows = match mapping.level {
            Level::Samples => plain.rows(columns, offset, batch)?,
            Level::Runs => None,
        };
        match rows {
            Some(rows) => plain.read(&rows, |row| match row {
                Row::Plain(series, request) => {
                    if records.request(series, request) {
                        records.out_of_order(&Place::Row((begin + offset + 1) as u64));
                    }
                    Ok(None)
                }
                Row::Careful(index) => careful(offset + index, records),
            })?,
            None => {
                for index in offset..offset + batch {
                    careful(index, records)?;
                }
            }
        }
        offset += batch;
    }
    Ok(())
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
        AnyValue::Datetime(moment, unit, _) | AnyValue::DatetimeOwned(moment, unit, _) => {
            Value::Moment(microseconds(moment, unit))
        }
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
