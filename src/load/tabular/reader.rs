//! Takes the records of a tabular format, one after the other, into the sink.

use std::sync::Arc;

use super::columns::{Mapping, MappingError};
use super::fields::Level;
use super::intake::{self, Said};
use super::interpret;
use super::value::Value;
use crate::load::diagnostic::Severity;
use crate::load::format::ReadError;
use crate::load::place::Place;
use crate::load::samples::SeriesId;
use crate::load::shape::Node;
use crate::load::sink::Sink;
use crate::record::RequestTicks;

/// Turns records into runs or samples. Requests are taken one by one, and records need not have the same columns: the
/// meaning of a set of columns is found once and kept. Records of runs are kept until all are there, as only all of them
/// together say what their columns mean.
pub(crate) struct RecordReader<'r, 'a> {
    sink: &'r mut Sink<'a>,
    said: Said<'r>,
    known: Vec<KnownColumns>,
    tally: Tally,
}

/// What became of the records of an input, or of a part of it.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    records: u64,
    used: u64,
    /// Records that are no requests, with where they stand.
    kept: Vec<(Place, Node)>,
    /// Records whose columns contradict each other, while none has been used: they may all be of another kind of file.
    meaningless: Vec<(Place, MappingError)>,
    /// Columns of requests that nothing is done with.
    unused: Vec<String>,
}

/// A set of columns, and its meaning.
struct KnownColumns {
    names: Vec<String>,
    mapping: Result<Arc<Mapping>, MappingError>,
}

/// How many records without a meaning are remembered before the first one with a meaning.
const REMEMBERED: usize = 100;

/// How many records of runs are read together at most. Each takes some hundred bytes of memory.
const MOST_KEPT: u64 = 4_000_000;

impl<'r, 'a> RecordReader<'r, 'a> {
    /// A reader that puts what it makes into `sink`.
    pub(crate) fn new(sink: &'r mut Sink<'a>, said: Said<'r>) -> Self {
        Self { sink, said, known: Vec::new(), tally: Tally::default() }
    }

    /// The meaning of these columns, of which `first` holds a first record, if one is known.
    ///
    /// # Errors
    ///
    /// When they have none.
    pub(crate) fn mapping<S: AsRef<str>>(
        &mut self,
        names: &[S],
        first: &[Value<'_>],
    ) -> Result<Arc<Mapping>, MappingError> {
        let is_same = |known: &[String]| {
            known.len() == names.len() && known.iter().zip(names).all(|(known, name)| known == name.as_ref())
        };
        // Neighbouring records mostly have the same columns, so the last ones are the first to be tried.
        if let Some(known) = self.known.iter().rev().find(|known| is_same(&known.names)) {
            return known.mapping.clone();
        }
        let mapping = Mapping::new(names, first, self.said.choices).map(Arc::new);
        if let Ok(mapping) = &mapping
            && mapping.level == Level::Samples
        {
            self.note_unused(mapping, names);
        }
        let names = names.iter().map(|name| name.as_ref().to_owned()).collect();
        self.known.push(KnownColumns { names, mapping: mapping.clone() });
        mapping
    }

    /// Remembers which columns of a table of requests nothing is done with.
    pub(crate) fn note_unused<S: AsRef<str>>(&mut self, mapping: &Mapping, names: &[S]) {
        if mapping.level == Level::Samples {
            self.sink.roles(mapping.roles(names));
        }
        let unused = mapping.unused(names).into_iter().filter(|name| !name.is_empty());
        self.tally.unused.extend(unused.map(str::to_owned));
    }

    /// Takes a record with its own columns. Returns their meaning and the series that it belongs to, where it is a request.
    pub(crate) fn node(&mut self, place: Place, node: Node) -> Option<(Arc<Mapping>, SeriesId)> {
        let (names, values) = node.flat()?;
        // An array in a record is no field of a request.
        let has_array = values.iter().any(|value| matches!(value, Value::Nested(_)));
        match self.mapping(&names, &values) {
            Ok(mapping) if mapping.level == Level::Samples && !has_array => {
                self.tally.records += 1;
                let series = self.take(&mapping, &place, &values)?;
                return Some((mapping, series));
            }
            Ok(_) => self.keep(place, node),
            Err(error) => {
                self.tally.records += 1;
                if self.tally.used == 0 && self.tally.meaningless.len() < REMEMBERED {
                    self.tally.meaningless.push((place, error));
                } else {
                    report_meaningless(self.sink, &place, &error);
                }
            }
        }
        None
    }

    /// Keeps a record that is no request.
    pub(crate) fn keep(&mut self, place: Place, node: Node) {
        self.tally.records += 1;
        if self.tally.records <= MOST_KEPT {
            self.tally.kept.push((place, node));
        }
    }

    /// Takes a record whose columns have this meaning. Returns the series that it belongs to, where it is a request.
    pub(crate) fn record(&mut self, mapping: &Mapping, place: &Place, values: &[Value<'_>]) -> Option<SeriesId> {
        self.tally.records += 1;
        self.take(mapping, place, values)
    }

    /// Keeps a row of a table of runs.
    pub(crate) fn row<S: AsRef<str>>(&mut self, place: &Place, names: &[S], values: &[Value<'_>]) {
        self.keep(place.clone(), Node::record(names, values));
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
        self.tally.finish(self.sink, self.said, expected)
    }

    fn take(&mut self, mapping: &Mapping, place: &Place, values: &[Value<'_>]) -> Option<SeriesId> {
        let (key, sample, bad) = interpret::sample(mapping, values);
        intake::report_bad_fields(self.sink, place, &bad).then(|| {
            self.tally.used += 1;
            let series = self.sink.series_at(key, place);
            if self.sink.request(series, sample.into()) {
                self.out_of_order(place);
            }
            series
        })
    }
}

impl Tally {
    /// Adds what became of another part of the same input.
    pub(crate) fn merge(&mut self, other: Self) {
        self.records += other.records;
        self.used += other.used;
        self.meaningless.extend(other.meaningless);
        self.meaningless.sort_by_key(|(place, _)| place.order());
        self.kept.extend(other.kept);
        self.kept.sort_by_key(|(place, _)| place.order());
        self.unused.extend(other.unused);
    }

    /// Ends the reading of one input: makes runs of the records that were kept. `expected` says what a record would have
    /// looked like.
    ///
    /// # Errors
    ///
    /// When there was no record, or none that can be used.
    pub(crate) fn finish(
        mut self,
        sink: &mut Sink<'_>,
        said: Said<'_>,
        expected: &'static str,
    ) -> Result<(), ReadError> {
        if self.records == 0 {
            return Err(ReadError::NoRecord { expected });
        }
        let kept = std::mem::take(&mut self.kept);
        if MOST_KEPT < self.records && !kept.is_empty() {
            let error = MappingError::TooMany { records: self.records, most: MOST_KEPT };
            return Err(ReadError::Columns { place: Place::Whole, error });
        }
        if let Some((first, _)) = kept.first() {
            let place = first.clone();
            let taken = intake::understand(kept, said).and_then(|understood| intake::take(&understood, said, sink));
            match taken {
                Ok(taken) => self.used += taken.used,
                Err(error) if self.used == 0 => return Err(ReadError::Columns { place, error }),
                Err(error) => report_meaningless(sink, &place, &error),
            }
        }
        if self.used == 0 {
            return Err(match self.meaningless.into_iter().next() {
                Some((place, error)) => ReadError::Columns { place, error },
                None => ReadError::NoUsableRecord { records: self.records },
            });
        }
        self.unused.sort();
        self.unused.dedup();
        intake::report_unused(&self.unused.iter().map(String::as_str).collect::<Vec<_>>(), sink);
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
