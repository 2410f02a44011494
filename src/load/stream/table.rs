//! Plain rows of a polars table, taken column by column from their numbers.

use polars::prelude::{
    BooleanChunked, Column, DataType, Float64Chunked, Int64Chunked, PolarsError, StringChunked, TimeUnit,
};

use super::series::KnownSeries;
use crate::load::samples::SeriesId;
use crate::load::tabular::{Mapping, Part, PlainRequest, count};
use crate::record::RequestTicks;

/// Reads rows of numbers, dates and names, and leaves all others to the careful way.
pub(in crate::load) struct PlainColumns {
    parts: Vec<Part>,
    known: KnownSeries,
    key: Vec<u8>,
}

/// Some rows of a table, in the form in which they are read.
pub(in crate::load) struct Rows {
    names: Vec<Names>,
    measures: Vec<(Part, Measures)>,
    length: usize,
}

/// A row as it is handed over.
pub(in crate::load) enum Row {
    /// With its series.
    Plain(SeriesId, RequestTicks),
    /// By its place among the rows.
    Careful(usize),
}

/// The values of a column that says which series a row belongs to.
enum Names {
    Texts(StringChunked),
    Numbers(Int64Chunked),
}

/// The values of a column that was measured.
enum Measures {
    Numbers(Float64Chunked),
    Moments(Int64Chunked, TimeUnit),
    Truths(BooleanChunked),
}

/// How many rows are read at once: as many as stay near the processor.
pub(in crate::load) const BATCH: usize = 8_192;

/// Whole numbers from here on are no longer told apart by floats.
const INEXACT: u64 = 1 << 53;

impl PlainColumns {
    /// For requests with these columns.
    pub(in crate::load) fn new(mapping: &Mapping) -> Self {
        Self { parts: mapping.parts(), known: KnownSeries::default(), key: Vec::new() }
    }

    /// The rows from `offset` on; `None` where a column has a type that is read carefully.
    pub(in crate::load) fn rows(
        &self,
        columns: &[&Column],
        offset: usize,
        length: usize,
    ) -> Result<Option<Rows>, PolarsError> {
        let mut rows = Rows { names: Vec::new(), measures: Vec::new(), length };
        for (part, column) in self.parts.iter().zip(columns) {
            let column = column.slice(offset as i64, length);
            match part {
                Part::Unused => {}
                Part::Name => match names(&column)? {
                    Some(names) => rows.names.push(names),
                    None => return Ok(None),
                },
                part => match measures(*part, &column)? {
                    Some(measures) => rows.measures.push((*part, measures)),
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(rows))
    }

    /// Hands all rows to `take`, which returns the series that it found for a row that is read carefully.
    pub(in crate::load) fn read<E>(
        &mut self,
        rows: &Rows,
        mut take: impl FnMut(Row) -> Result<Option<SeriesId>, E>,
    ) -> Result<(), E> {
        let measures: Vec<(Part, Slice<'_>)> =
            rows.measures.iter().filter_map(|(part, measures)| Some((*part, measures.slice()?))).collect();
        let is_plain = measures.len() == rows.measures.len();
        let changes = rows.changes();
        let mut series = None;
        for place in 0..rows.length {
            if place == 0 || changes.get(place).copied().unwrap_or(true) {
                rows.key(place, &mut self.key);
                series = self.known.find(&self.key);
            }
            let request = if is_plain { series.zip(request(&measures, place)) } else { None };
            if let Some((series, request)) = request {
                take(Row::Plain(series, request.ticks()))?;
                continue;
            }
            let found = take(Row::Careful(place))?;
            if let (None, Some(found)) = (series, found) {
                self.known.learn(&self.key, found);
                series = Some(found);
            }
        }
        Ok(())
    }
}

/// One column's values where they lie in memory, and which of them are there.
enum Slice<'c> {
    Numbers(&'c [f64], Option<Valid<'c>>),
    Moments(&'c [i64], Option<Valid<'c>>, TimeUnit),
    Truths(&'c BooleanChunked),
}

/// Tells which values of a column are there.
type Valid<'c> = Box<dyn Fn(usize) -> bool + 'c>;

impl Measures {
    fn slice(&self) -> Option<Slice<'_>> {
        Some(match self {
            Self::Numbers(numbers) => {
                let array = numbers.downcast_iter().next()?;
                let valid = array.validity().map(|bits| Box::new(|place| bits.get(place) == Some(true)) as Valid<'_>);
                Slice::Numbers(array.values(), valid)
            }
            Self::Moments(moments, unit) => {
                let array = moments.downcast_iter().next()?;
                let valid = array.validity().map(|bits| Box::new(|place| bits.get(place) == Some(true)) as Valid<'_>);
                Slice::Moments(array.values(), valid, *unit)
            }
            Self::Truths(truths) => Slice::Truths(truths),
        })
    }
}

/// The request of a row; `None` where it is not plain.
#[inline]
fn request(measures: &[(Part, Slice<'_>)], place: usize) -> Option<PlainRequest> {
    let mut request = PlainRequest::default();
    for (part, values) in measures {
        match values {
            Slice::Numbers(numbers, valid) => {
                if valid.as_ref().is_some_and(|valid| !valid(place)) {
                    continue;
                }
                let number = *numbers.get(place)?;
                match *part {
                    Part::Start(factor) => request.start(number, factor)?,
                    Part::Latency(factor) => request.latency(number, factor),
                    Part::Status => request.status(count(number).filter(|&count| count < INEXACT)?),
                    Part::Bytes => request.bytes(count(number).filter(|&count| count < INEXACT)?),
                    Part::Ok | Part::Name | Part::Unused => return None,
                }
            }
            Slice::Moments(moments, valid, unit) => {
                if valid.as_ref().is_none_or(|valid| valid(place)) {
                    request.moment(microseconds(*moments.get(place)?, *unit));
                }
            }
            Slice::Truths(truths) => {
                if let Some(truth) = truths.get(place) {
                    request.ok(truth);
                }
            }
        }
    }
    Some(request)
}

/// Brings a moment to microseconds, as it is kept by all formats.
pub(in crate::load) fn microseconds(moment: i64, unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Nanoseconds => moment.div_euclid(1_000),
        TimeUnit::Microseconds => moment,
        TimeUnit::Milliseconds => moment.saturating_mul(1_000),
    }
}

fn names(column: &Column) -> Result<Option<Names>, PolarsError> {
    Ok(match column.dtype() {
        DataType::String => Some(Names::Texts(column.str()?.rechunk().into_owned())),
        DataType::Categorical(..) | DataType::Enum(..) => {
            Some(Names::Texts(column.cast(&DataType::String)?.str()?.rechunk().into_owned()))
        }
        of if is_small_integer(of) => {
            Some(Names::Numbers(column.cast(&DataType::Int64)?.i64()?.rechunk().into_owned()))
        }
        _ => None,
    })
}

fn measures(part: Part, column: &Column) -> Result<Option<Measures>, PolarsError> {
    Ok(match (part, column.dtype()) {
        (Part::Ok, DataType::Boolean) => Some(Measures::Truths(column.bool()?.rechunk().into_owned())),
        (Part::Start(_), DataType::Datetime(unit, _)) => {
            let moments = column.to_physical_repr();
            Some(Measures::Moments(moments.i64()?.rechunk().into_owned(), *unit))
        }
        (Part::Start(_) | Part::Latency(_) | Part::Status | Part::Bytes, of)
            if is_small_integer(of) || matches!(of, DataType::UInt64 | DataType::Float32 | DataType::Float64) =>
        {
            Some(Measures::Numbers(column.cast(&DataType::Float64)?.f64()?.rechunk().into_owned()))
        }
        _ => None,
    })
}

/// Whether all values of a type are also of 64 bits with a sign.
fn is_small_integer(of: &DataType) -> bool {
    matches!(
        of,
        DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
    )
}

impl Rows {
    /// For each row whether one of its names differs from that of the row before.
    fn changes(&self) -> Vec<bool> {
        let mut changes = vec![false; self.length];
        for names in &self.names {
            match names {
                Names::Texts(texts) => mark_changes(texts.iter(), &mut changes),
                Names::Numbers(numbers) => mark_changes(numbers.iter(), &mut changes),
            }
        }
        changes
    }

    /// Puts the names of a row together.
    fn key(&self, place: usize, key: &mut Vec<u8>) {
        key.clear();
        for names in &self.names {
            match names {
                Names::Texts(texts) => key.extend(texts.get(place).map(str::as_bytes).unwrap_or(b"\xfe")),
                Names::Numbers(numbers) => match numbers.get(place) {
                    Some(number) => key.extend(number.to_le_bytes()),
                    None => key.push(0xfe),
                },
            }
            // No text holds this byte, nor that of what is not there.
            key.push(0xff);
        }
    }
}

fn mark_changes<T: PartialEq + Copy>(values: impl Iterator<Item = T>, changes: &mut [bool]) {
    let mut before = None;
    for (value, change) in values.zip(changes) {
        *change |= before != Some(value);
        before = Some(value);
    }
}
