//! Takes the records of a tabular format, one after the other, into the sink.

use std::sync::Arc;

use super::choice::ColumnChoice;
use super::columns::{Mapping, MappingError};
use super::fields::Level;
use super::interpret::{self, BadField};
use super::value::Value;
use crate::load::diagnostic::{INVALID_VALUE, Severity};
use crate::load::format::ReadError;
use crate::load::place::Place;
use crate::load::samples::SeriesId;
use crate::load::sink::Sink;
use crate::record::RequestTicks;

/// Turns records into runs or samples. Records need not have the same columns: the meaning of a set of columns is found
/// once and kept.
pub(crate) struct RecordReader<'r, 'a> {
    sink: &'r mut Sink<'a>,
    choices: &'r [ColumnChoice],
    known: Vec<KnownColumns>,
    tally: Tally,
}

/// What became of the records of an input, or of a part of it.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    records: u64,
    used: u64,
    /// Records whose columns have no meaning, while none has been used: they may all be of another kind of file.
    meaningless: Vec<(Place, MappingError)>,
}

/// A set of columns, and its meaning.
struct KnownColumns {
    names: Vec<String>,
    mapping: Result<Arc<Mapping>, MappingError>,
}

/// How many records without a meaning are remembered before the first one with a meaning.
const REMEMBERED: usize = 100;

impl<'r, 'a> RecordReader<'r, 'a> {
    /// A reader that puts what it makes into `sink`.
    pub(crate) fn new(sink: &'r mut Sink<'a>, choices: &'r [ColumnChoice]) -> Self {
        Self { sink, choices, known: Vec::new(), tally: Tally::default() }
    }

    /// The meaning of these columns.
    ///
    /// # Errors
    ///
    /// When they have none.
    pub(crate) fn mapping<S: AsRef<str>>(&mut self, names: &[S]) -> Result<Arc<Mapping>, MappingError> {
        let is_same = |known: &[String]| {
            known.len() == names.len() && known.iter().zip(names).all(|(known, name)| known == name.as_ref())
        };
        // Neighbouring records mostly have the same columns, so the last ones are the first to be tried.
        if let Some(known) = self.known.iter().rev().find(|known| is_same(&known.names)) {
            return known.mapping.clone();
        }
        let mapping = Mapping::new(names, self.choices).map(Arc::new);
        let names = names.iter().map(|name| name.as_ref().to_owned()).collect();
        self.known.push(KnownColumns { names, mapping: mapping.clone() });
        mapping
    }

    /// Takes a record with its own columns. Returns their meaning and the series that it belongs to, where it is a request.
    pub(crate) fn named_record<S: AsRef<str>>(
        &mut self,
        place: &Place,
        names: &[S],
        values: &[Value<'_>],
    ) -> Option<(Arc<Mapping>, SeriesId)> {
        self.tally.records += 1;
        match self.mapping(names) {
            Ok(mapping) => {
                let series = self.take(&mapping, place, values)?;
                return Some((mapping, series));
            }
            Err(error) if self.tally.used == 0 && self.tally.meaningless.len() < REMEMBERED => {
                self.tally.meaningless.push((place.clone(), error));
            }
            Err(error) => report_meaningless(self.sink, place, &error),
        }
        None
    }

    /// Takes a record whose columns have this meaning. Returns the series that it belongs to, where it is a request.
    pub(crate) fn record(&mut self, mapping: &Mapping, place: &Place, values: &[Value<'_>]) -> Option<SeriesId> {
        self.tally.records += 1;
        self.take(mapping, place, values)
    }

    /// Takes a request of a series that is known, as a record would have been; returns whether it is out of order, which
    /// [`RecordReader::out_of_order`] is to be told then.
    #[inline]
    pub(crate) fn request(&mut self, series: SeriesId, request: RequestTicks) -> bool {
        self.tally.records += 1;
        self.tally.used += 1;
        self.sink.request(series, request)
    }

    /// Takes that the request at `place` is out of order.
    pub(crate) fn out_of_order(&mut self, place: &Place) {
        self.sink.out_of_order(1, Some(place));
    }

    /// Goes on with another piece of the input, which need not stand behind the one before.
    pub(crate) fn begin_piece(&mut self) {
        self.sink.begin_piece();
    }

    /// Reports a record that can't be read at all.
    pub(crate) fn broken(&mut self, code: &str, place: &Place, message: String, help: &str) {
        self.tally.records += 1;
        self.sink.report(Severity::Error, code, place, message, Some(help));
    }

    /// Reports something that is not of one record.
    pub(crate) fn note(&mut self, severity: Severity, code: &str, place: &Place, message: String, help: &str) {
        self.sink.report(severity, code, place, message, Some(help));
    }

    /// As [`RecordReader::note`], of something of which one is enough for an input.
    pub(crate) fn note_once(&mut self, severity: Severity, code: &str, place: &Place, message: String, help: &str) {
        self.sink.report_once(severity, code, place, message, help);
    }

    /// How many records there were so far.
    pub(crate) fn records(&self) -> u64 {
        self.tally.records
    }

    /// Ends the reading of a part of an input.
    pub(crate) fn into_tally(self) -> Tally {
        self.tally
    }

    /// Ends the reading of one input. `expected` says what a record would have looked like.
    ///
    /// # Errors
    ///
    /// When there was no record, or none that can be used.
    pub(crate) fn finish(self, expected: &'static str) -> Result<(), ReadError> {
        self.tally.finish(self.sink, expected)
    }

    fn take(&mut self, mapping: &Mapping, place: &Place, values: &[Value<'_>]) -> Option<SeriesId> {
        match mapping.level {
            Level::Runs => {
                let (run, bad) = interpret::run(mapping, values);
                if self.report_bad_fields(place, &bad) {
                    self.tally.used += 1;
                    self.sink.run(place, run);
                }
                None
            }
            Level::Samples => {
                let (key, sample, bad) = interpret::sample(mapping, values);
                self.report_bad_fields(place, &bad).then(|| {
                    self.tally.used += 1;
                    let series = self.sink.series_at(key, place);
                    if self.sink.request(series, sample.into()) {
                        self.out_of_order(place);
                    }
                    series
                })
            }
        }
    }

    /// Reports what does not fit, and returns whether the record can be used all the same.
    fn report_bad_fields(&mut self, place: &Place, bad: &[BadField]) -> bool {
        let usable = !bad.iter().any(BadField::spoils_record);
        for field in bad {
            let (severity, code, help) = if field.spoils_record() {
                (Severity::Error, "invalid-record", "the record is left out; mend it")
            } else {
                (Severity::Warning, INVALID_VALUE, "the value is left empty, the rest of the record is used; mend it")
            };
            self.sink.report(severity, code, place, format!("{}: {}", field.field.name(), field.unfit), Some(help));
        }
        usable
    }
}

impl Tally {
    /// Adds what became of another part of the same input.
    pub(crate) fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.used += other.used;
        self.meaningless.extend(other.meaningless);
        self.meaningless.sort_by_key(|(place, _)| place.order());
    }

    /// Ends the reading of one input. `expected` says what a record would have looked like.
    ///
    /// # Errors
    ///
    /// When there was no record, or none that can be used.
    pub(crate) fn finish(self, sink: &mut Sink<'_>, expected: &'static str) -> Result<(), ReadError> {
        if self.records == 0 {
            return Err(ReadError::NoRecord { expected });
        }
        if self.used == 0 {
            return Err(match self.meaningless.into_iter().next() {
                Some((place, error)) => ReadError::Columns { place, error },
                None => ReadError::NoUsableRecord { records: self.records },
            });
        }
        // They stand before others that were told at once.
        let mut remembered = sink.fork();
        for (place, error) in &self.meaningless {
            report_meaningless(&mut remembered, place, error);
        }
        sink.join(remembered);
        Ok(())
    }
}

fn report_meaningless(sink: &mut Sink<'_>, place: &Place, error: &MappingError) {
    let help = "the record is left out; say what its columns mean with --map";
    sink.report(Severity::Error, "unknown-columns", place, error.to_string(), Some(help));
}
