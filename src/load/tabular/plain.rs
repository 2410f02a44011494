//! Requests whose fields are plain numbers, so that no [`super::Value`] is needed. What a field means is decided by the
//! same functions as for any other record.

use super::columns::Mapping;
use super::fields::Field;
use super::value::{is_count, is_success, time};
use super::{moment, units};
use crate::record::{Column, RequestTicks, latency_ticks, start_ticks};

/// What a column holds of a request. Numbers are the seconds in its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Part {
    /// Nothing that is used.
    Unused,
    /// Something that says which series it belongs to.
    Name,
    /// When it was sent.
    Start(f64),
    /// How long it took.
    Latency(f64),
    /// Its HTTP status.
    Status,
    /// Whether it succeeded.
    Ok,
    /// Bytes received.
    Bytes,
}

impl Mapping {
    /// What each column holds of a request.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let part = |field: &Option<(Field, f64)>| match *field {
            Some((Field::Start, factor)) => Part::Start(factor),
            Some((Field::Latency, factor)) => Part::Latency(factor),
            Some((Field::Status, _)) => Part::Status,
            Some((Field::Ok, _)) => Part::Ok,
            Some((Field::Column(Column::BytesRead), _)) => Part::Bytes,
            Some((Field::Column(_), _)) => Part::Name,
            Some((Field::Throughput | Field::Open | Field::Rows, _)) | None => Part::Unused,
        };
        self.fields.iter().map(part).collect()
    }
}

/// A request as it is put together from its fields.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PlainRequest {
    start: Option<i64>,
    latency: Option<u64>,
    status: Option<u64>,
    ok: Option<bool>,
    bytes: Option<u64>,
}

impl PlainRequest {
    /// Takes a finite number for the start; `None` where it is none.
    #[inline]
    pub(crate) fn start(&mut self, number: f64, factor: f64) -> Option<()> {
        if !number.is_finite() {
            return None;
        }
        self.start = start_ticks(moment::seconds(units::to_seconds(number, factor)));
        Some(())
    }

    /// Takes a date for the start, µs since 1970.
    #[inline]
    pub(crate) fn moment(&mut self, microseconds: i64) {
        self.start = start_ticks(microseconds as f64 / 1e6);
    }

    /// Takes a number for the latency, which it need not be.
    #[inline]
    pub(crate) fn latency(&mut self, number: f64, factor: f64) {
        self.latency = time(units::to_seconds(number, factor)).and_then(latency_ticks);
    }

    /// Takes a status.
    #[inline]
    pub(crate) fn status(&mut self, status: u64) {
        self.status = Some(status);
    }

    /// Takes a whole number, below 2^53, for its status or its bytes; `None` where `part` is neither.
    #[inline]
    pub(crate) fn count(&mut self, part: Part, count: u64) -> Option<()> {
        match part {
            Part::Status => self.status(count),
            Part::Bytes => self.bytes(count),
            _ => return None,
        }
        Some(())
    }

    /// Takes whether it succeeded.
    #[inline]
    pub(crate) fn ok(&mut self, ok: bool) {
        self.ok = Some(ok);
    }

    /// Takes a number of bytes, below 2^53.
    #[inline]
    pub(crate) fn bytes(&mut self, bytes: u64) {
        self.bytes = Some(bytes);
    }

    /// What was taken.
    #[inline]
    pub(crate) fn ticks(self) -> RequestTicks {
        RequestTicks {
            start: self.start,
            latency: self.latency,
            ok: is_success(self.ok, self.status),
            bytes: self.bytes,
        }
    }
}

/// A whole number from 0 to 2^53; `None` for any other number.
#[inline]
pub(crate) fn count(number: f64) -> Option<u64> {
    is_count(number).then_some(number as u64)
}
