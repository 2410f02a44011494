//! Plain rows of a polars table, taken column by column from their numbers.

use polars::prelude::{
    BooleanChunked, ChunkedArray, Column, DataType, Float64Chunked, Int64Chunked, PolarsError, PolarsNumericType,
    StringChunked, TimeUnit,
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
    /// Those of the rows that are read; `None` for what is not plain.
    requests: Vec<Option<PlainRequest>>,
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
    Integers(Int64Chunked),
    Moments(Int64Chunked, TimeUnit),
    Truths(BooleanChunked),
}

/// How many rows are read at once: as many as stay near the processor.
pub(in crate::load) const BATCH: usize = 2_048;

/// Whole numbers from here on are no longer told apart by floats.
const INEXACT: u64 = 1 << 53;

impl PlainColumns {
    /// For requests with these columns.
    pub(in crate::load) fn new(mapping: &Mapping) -> Self {
        Self { parts: mapping.parts(), known: KnownSeries::default(), key: Vec::new(), requests: Vec::new() }
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
        self.requests.clear();
        self.requests.resize(rows.length, Some(PlainRequest::default()));
        for (part, measures) in &rows.measures {
            measures.fill(*part, &mut self.requests);
        }
        let mut series = None;
        for (place, (request, is_change)) in self.requests.iter().zip(rows.changes()).enumerate() {
            if place == 0 || is_change {
                rows.key(place, &mut self.key);
                series = self.known.find(&self.key);
            }
            if let Some((series, request)) = series.zip(*request) {
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

impl Measures {
    /// Puts the values of one column into the requests of its rows. One that is not plain takes its request away.
    ///
    /// What a column holds is asked here, and not again for each of its values.
    fn fill(&self, part: Part, requests: &mut [Option<PlainRequest>]) {
        match (self, part) {
            (Self::Numbers(numbers), Part::Start(factor)) => {
                each(numbers, requests, |request, number| request.start(number, factor));
            }
            (Self::Numbers(numbers), Part::Latency(factor)) => {
                each(numbers, requests, |request, number| {
                    request.latency(number, factor);
                    Some(())
                });
            }
            (Self::Numbers(numbers), part) => each(numbers, requests, |request, number| {
                request.count(part, count(number).filter(|&count| count < INEXACT)?)
            }),
            (Self::Integers(integers), part) => each(integers, requests, |request, integer| {
                request.count(part, u64::try_from(integer).ok().filter(|&count| count < INEXACT)?)
            }),
            (Self::Moments(moments, unit), _) => each(moments, requests, |request, moment| {
                request.moment(microseconds(moment, *unit));
                Some(())
            }),
            (Self::Truths(truths), _) => {
                for (request, truth) in requests.iter_mut().zip(truths.iter()) {
                    if let (Some(request), Some(truth)) = (request, truth) {
                        request.ok(truth);
                    }
                }
            }
        }
    }
}

/// Hands the values that are there to `take`, with their requests.
fn each<T: PolarsNumericType>(
    values: &ChunkedArray<T>,
    requests: &mut [Option<PlainRequest>],
    take: impl Fn(&mut PlainRequest, T::Native) -> Option<()>,
) {
    let put = |request: &mut Option<PlainRequest>, value: T::Native| {
        if let Some(plain) = request
            && take(plain, value).is_none()
        {
            *request = None;
        }
    };
    if values.null_count() == 0 {
        let values = values.downcast_iter().flat_map(|array| array.values().iter());
        requests.iter_mut().zip(values).for_each(|(request, value)| put(request, *value));
        return;
    }
    for (request, value) in requests.iter_mut().zip(values.iter()) {
        if let Some(value) = value {
            put(request, value);
        }
    }
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
        (Part::Status | Part::Bytes, of) if is_small_integer(of) => {
            Some(Measures::Integers(column.cast(&DataType::Int64)?.i64()?.rechunk().into_owned()))
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
                // Equal texts may lie in different places. Then they are looked up, and found to be the same.
                Names::Texts(texts) if texts.null_count() == 0 => {
                    mark_changes(texts.downcast_iter().flat_map(|array| array.views().iter().copied()), &mut changes);
                }
                Names::Texts(texts) => mark_changes(texts.iter(), &mut changes),
                Names::Numbers(numbers) if numbers.null_count() == 0 => {
                    mark_changes(
                        numbers.downcast_iter().flat_map(|array| array.values().iter().copied()),
                        &mut changes,
                    );
                }
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
