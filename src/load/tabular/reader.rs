//! Takes the records of a tabular format, one after the other, into the sink.

use std::rc::Rc;

use super::choice::ColumnChoice;
use super::columns::{Mapping, MappingError};
use super::fields::Level;
use super::interpret::{self, BadField};
use super::value::Value;
use crate::load::diagnostic::Severity;
use crate::load::format::ReadError;
use crate::load::place::Place;
use crate::load::sink::Sink;

/// Turns records into runs or samples. Records need not have the same columns: the meaning of a set of columns is found
/// once and kept.
pub(crate) struct RecordReader<'r, 'a> {
    sink: &'r mut Sink<'a>,
    choices: &'r [ColumnChoice],
    known: Vec<KnownColumns>,
    /// Records whose columns have no meaning, while none has been used: they may all be of another kind of file.
    meaningless: Vec<(Place, MappingError)>,
    records: u64,
    used: u64,
}

/// A set of columns, and its meaning.
struct KnownColumns {
    names: Vec<String>,
    mapping: Result<Rc<Mapping>, MappingError>,
}

/// How many records without a meaning are remembered before the first one with a meaning.
const REMEMBERED: usize = 100;

impl<'r, 'a> RecordReader<'r, 'a> {
    /// A reader that puts what it makes into `sink`.
    pub(crate) fn new(sink: &'r mut Sink<'a>, choices: &'r [ColumnChoice]) -> Self {
        Self { sink, choices, known: Vec::new(), meaningless: Vec::new(), records: 0, used: 0 }
    }

    /// The meaning of these columns.
    ///
    /// # Errors
    ///
    /// When they have none.
    pub(crate) fn mapping<S: AsRef<str>>(&mut self, names: &[S]) -> Result<Rc<Mapping>, MappingError> {
        let is_same = |known: &[String]| {
            known.len() == names.len() && known.iter().zip(names).all(|(known, name)| known == name.as_ref())
        };
        // Neighbouring records mostly have the same columns, so the last ones are the first to be tried.
        if let Some(known) = self.known.iter().rev().find(|known| is_same(&known.names)) {
            return known.mapping.clone();
        }
        let mapping = Mapping::new(names, self.choices).map(Rc::new);
        let names = names.iter().map(|name| name.as_ref().to_owned()).collect();
        self.known.push(KnownColumns { names, mapping: mapping.clone() });
        mapping
    }

    /// Takes a record with its own columns.
    pub(crate) fn named_record<S: AsRef<str>>(&mut self, place: &Place, names: &[S], values: &[Value<'_>]) {
        self.records += 1;
        match self.mapping(names) {
            Ok(mapping) => self.take(&mapping, place, values),
            Err(error) if self.used == 0 && self.meaningless.len() < REMEMBERED => {
                self.meaningless.push((place.clone(), error));
            }
            Err(error) => self.report_meaningless(place, &error),
        }
    }

    /// Takes a record whose columns have this meaning.
    pub(crate) fn record(&mut self, mapping: &Mapping, place: &Place, values: &[Value<'_>]) {
        self.records += 1;
        self.take(mapping, place, values);
    }

    /// Reports a record that can't be read at all.
    pub(crate) fn broken(&mut self, code: &str, place: &Place, message: String, help: &str) {
        self.records += 1;
        self.sink.report(Severity::Error, code, place, message, Some(help));
    }

    /// Reports something that is not of one record.
    pub(crate) fn note(&mut self, severity: Severity, code: &str, place: &Place, message: String, help: &str) {
        self.sink.report(severity, code, place, message, Some(help));
    }

    /// How many records there were so far.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Ends the reading of one input. `expected` says what a record would have looked like.
    ///
    /// # Errors
    ///
    /// When there was no record, or none that can be used.
    pub(crate) fn finish(mut self, expected: &'static str) -> Result<(), ReadError> {
        let meaningless = std::mem::take(&mut self.meaningless);
        if self.records == 0 {
            return Err(ReadError::NoRecord { expected });
        }
        if self.used == 0 {
            return Err(match meaningless.into_iter().next() {
                Some((place, error)) => ReadError::Columns { place, error },
                None => ReadError::NoUsableRecord { records: self.records },
            });
        }
        for (place, error) in &meaningless {
            self.report_meaningless(place, error);
        }
        Ok(())
    }

    fn report_meaningless(&mut self, place: &Place, error: &MappingError) {
        let help = "the record is left out; say what its columns mean with --map";
        self.sink.report(Severity::Error, "unknown-columns", place, error.to_string(), Some(help));
    }

    fn take(&mut self, mapping: &Mapping, place: &Place, values: &[Value<'_>]) {
        match mapping.level {
            Level::Runs => {
                let (run, bad) = interpret::run(mapping, values);
                if self.report_bad_fields(place, &bad) {
                    self.used += 1;
                    self.sink.run(place, run);
                }
            }
            Level::Samples => {
                let (key, sample, bad) = interpret::sample(mapping, values);
                if self.report_bad_fields(place, &bad) {
                    self.used += 1;
                    self.sink.sample(key, sample);
                }
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
                (Severity::Warning, "invalid-value", "the value is left empty, the rest of the record is used; mend it")
            };
            self.sink.report(severity, code, place, format!("{}: {}", field.field.name(), field.unfit), Some(help));
        }
        usable
    }
}
