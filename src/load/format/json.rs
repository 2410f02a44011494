//! JSON: an array of records, one record, or an object that holds the array.
//!
//! Records are taken one by one as they are parsed, so a long array is never in memory as a whole.

use std::borrow::Cow;
use std::fmt;
use std::io;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json_record::{Fields, FieldsSeed, Layout, layout, unsigned};
use super::json_text::{QuoteNonFinite, WithoutByteOrderMark, read_error};
use super::{Format, ReadError, ReadOptions, Sniff};
use crate::load::diagnostic::Severity;
use crate::load::place::Place;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};
use crate::load::tabular::{RecordReader, Value};

/// One JSON document.
pub(super) struct Json;

/// Where an object keeps the array of records.
const CONTAINERS: [&str; 5] = ["results", "records", "data", "benchmarks", "runs"];

const EXPECTED: &str =
    "an array of objects, an object, or an object with the array under results, records, data, benchmarks or runs";

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "runs or requests: an array of objects, one object, or the array under results, records, data, benchmarks or runs"
    }

    fn recognised_by(&self) -> &'static str {
        "[ or { at the beginning"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn sniff(&self, head: &Head<'_>) -> Sniff {
        match layout(head) {
            Some(Layout::Document | Layout::Undecided) => Sniff::Maybe,
            Some(Layout::Lines) | None => Sniff::No,
        }
    }

    fn read(&self, source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let mut records = RecordReader::new(sink, options.columns);
        let reader = QuoteNonFinite::new(WithoutByteOrderMark::new(source.into_reader()));
        let mut document = serde_json::Deserializer::from_reader(io::BufReader::new(reader));
        let parsed = Document { records: &mut records }.deserialize(&mut document).and_then(|()| document.end());
        match parsed {
            Ok(()) => records.finish(EXPECTED),
            Err(error) => Err(read_error(&error, records.records())),
        }
    }
}

/// The whole document.
struct Document<'p, 'r, 'a> {
    records: &'p mut RecordReader<'r, 'a>,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut index = 0;
        while elements.next_element_seed(Element { records: self.records, pointer: format!("/{index}") })?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut own = Fields::default();
        let before = self.records.records();
        let mut taken: Option<String> = None;
        while let Some(key) = members.next_key::<String>()? {
            if CONTAINERS.contains(&key.as_str()) {
                let container =
                    Container { records: self.records, own: &mut own, key: key.clone(), taken: taken.as_deref() };
                if members.next_value_seed(container)? {
                    taken = Some(key);
                }
            } else {
                members.next_value_seed(FieldsSeed { name: key, fields: &mut own })?;
            }
        }
        if self.records.records() == before && !own.names.is_empty() {
            let place = Place::Record { number: before + 1, pointer: String::new() };
            self.records.named_record(&place, &own.names, &own.values);
        }
        Ok(())
    }
}

/// What stands under the name of a container: an array of records, or a field like any other. Its value says whether there
/// were records that were read.
struct Container<'p, 'r, 'a> {
    records: &'p mut RecordReader<'r, 'a>,
    own: &'p mut Fields,
    key: String,
    /// The container whose records were read before. Tools write the same records under two names, so those of a second
    /// one are not read.
    taken: Option<&'p str>,
}

impl<'de> DeserializeSeed<'de> for Container<'_, '_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Container<'_, '_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<bool, A::Error> {
        let mut index = 0;
        if let Some(taken) = self.taken {
            while elements.next_element::<IgnoredAny>()?.is_some() {
                index += 1;
            }
            if 0 < index {
                let message =
                    format!("there are records under {taken} and under {}; only the first are read", self.key);
                let help = "leave one of the two arrays out, or put them into files of their own";
                self.records.note(Severity::Error, "two-containers", &Place::Whole, message, help);
            }
            return Ok(false);
        }
        let mut has_records = false;
        loop {
            let pointer = format!("/{}/{index}", self.key);
            let Some(is_record) = elements.next_element_seed(Element { records: self.records, pointer })? else {
                return Ok(has_records);
            };
            has_records |= is_record;
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<bool, A::Error> {
        FieldsSeed { name: self.key, fields: self.own }.visit_map(members).map(|()| false)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<bool, E> {
        self.own.push(self.key, Value::Bool(truth)).map(|()| false)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<bool, E> {
        self.own.push(self.key, Value::Integer(i128::from(number))).map(|()| false)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<bool, E> {
        self.own.push(self.key, unsigned(number)).map(|()| false)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<bool, E> {
        self.own.push(self.key, Value::Float(number)).map(|()| false)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        self.own.push(self.key, Value::Text(Cow::Owned(text.to_owned()))).map(|()| false)
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        self.own.push(self.key, Value::Null).map(|()| false)
    }
}

/// One element of an array: a record, or something that is none and is said so.
struct Element<'p, 'r, 'a> {
    records: &'p mut RecordReader<'r, 'a>,
    pointer: String,
}

impl Element<'_, '_, '_> {
    fn place(&mut self) -> Place {
        Place::Record { number: self.records.records() + 1, pointer: std::mem::take(&mut self.pointer) }
    }
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_, '_> {
    /// Whether it is a record.
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<bool, D::Error> {
        match Fields::from_deserializer(deserializer)? {
            Some(fields) => {
                let place = self.place();
                self.records.named_record(&place, &fields.names, &fields.values);
                Ok(true)
            }
            None => {
                let place = self.place();
                let message = "expected an object, found another value".to_owned();
                self.records.broken("not-a-record", &place, message, "the record is left out; mend it");
                Ok(false)
            }
        }
    }
}
