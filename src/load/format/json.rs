//! JSON: an array of records, one record, or an object that holds the array.
//!
//! Records are taken one by one as they are parsed, so a long array is never in memory as a whole. Here are also the
//! parts that newline-delimited JSON shares.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Format, ReadError, ReadOptions, Sniff, ndjson};
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
        match head.text() {
            Some(text) if text.trim_start().starts_with(['[', '{']) && !ndjson::is_line_by_line(text) => Sniff::Maybe,
            _ => Sniff::No,
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

/// Tells a broken text from a broken stream.
pub(super) fn read_error(error: &serde_json::Error, records_before: u64) -> ReadError {
    if error.is_io() {
        return ReadError::Io(io::Error::other(error.to_string()));
    }
    // The place is part of the text, and is told beside it.
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    let message = if error.is_eof() {
        format!("the JSON ends in the middle of record {}: {reason}", records_before + 1)
    } else {
        format!("this is not JSON: {reason}, in record {}", records_before + 1)
    };
    ReadError::Syntax { message, line: error.line() as u64, column: error.column(), records_before }
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
        while let Some(key) = members.next_key::<String>()? {
            if CONTAINERS.contains(&key.as_str()) {
                members.next_value_seed(Container { records: self.records, own: &mut own, key })?;
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

/// What stands under the name of a container: an array of records, or a field like any other.
struct Container<'p, 'r, 'a> {
    records: &'p mut RecordReader<'r, 'a>,
    own: &'p mut Fields,
    key: String,
}

impl<'de> DeserializeSeed<'de> for Container<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Container<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut index = 0;
        loop {
            let pointer = format!("/{}/{index}", self.key);
            if elements.next_element_seed(Element { records: self.records, pointer })?.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        FieldsSeed { name: self.key, fields: self.own }.visit_map(members)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<(), E> {
        self.own.push(self.key, Value::Bool(truth))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        self.own.push(self.key, Value::Integer(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        self.own.push(self.key, unsigned(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        self.own.push(self.key, Value::Float(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.own.push(self.key, Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.own.push(self.key, Value::Null)
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
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        match Fields::from_deserializer(deserializer)? {
            Some(fields) => {
                let place = self.place();
                self.records.named_record(&place, &fields.names, &fields.values);
            }
            None => {
                let place = self.place();
                let message = "expected an object, found another value".to_owned();
                self.records.broken("not-a-record", &place, message, "the record is left out; mend it");
            }
        }
        Ok(())
    }
}

/// The fields of one record. Those of an object inside it are named by both: `latency_p99` for `{"latency": {"p99": …}}`.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) names: Vec<String>,
    pub(super) values: Vec<Value<'static>>,
}

impl Fields {
    /// Reads one value; `None` where it is no object.
    pub(super) fn from_deserializer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let mut fields = Self::default();
        FieldsSeed { name: String::new(), fields: &mut fields }.deserialize(deserializer)?;
        let is_object = !fields.names.iter().any(String::is_empty);
        Ok(is_object.then_some(fields))
    }

    fn push<E>(&mut self, name: String, value: Value<'static>) -> Result<(), E> {
        self.names.push(name);
        self.values.push(value);
        Ok(())
    }
}

/// Reads a value into `fields`, under `name`.
struct FieldsSeed<'f> {
    name: String,
    fields: &'f mut Fields,
}

impl<'de> DeserializeSeed<'de> for FieldsSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FieldsSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            // An empty name is how a value that is no object is told, so no member may have one.
            let key = if key.is_empty() { "?".to_owned() } else { key };
            let name = if self.name.is_empty() { key } else { format!("{}_{key}", self.name) };
            members.next_value_seed(FieldsSeed { name, fields: self.fields })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        self.fields.push(self.name, Value::Nested("array"))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<(), E> {
        self.fields.push(self.name, Value::Bool(truth))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        self.fields.push(self.name, Value::Integer(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        self.fields.push(self.name, unsigned(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        self.fields.push(self.name, Value::Float(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.fields.push(self.name, Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.fields.push(self.name, Value::Null)
    }
}

fn unsigned(number: u64) -> Value<'static> {
    i64::try_from(number).map_or(Value::Float(number as f64), Value::Integer)
}

/// Leaves out the byte-order mark that some editors put before the text.
struct WithoutByteOrderMark<R> {
    reader: R,
    is_begun: bool,
}

impl<R: io::BufRead> WithoutByteOrderMark<R> {
    fn new(reader: R) -> Self {
        Self { reader, is_begun: false }
    }
}

impl<R: io::BufRead> Read for WithoutByteOrderMark<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.is_begun {
            self.is_begun = true;
            if self.reader.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
                self.reader.consume("\u{feff}".len());
            }
        }
        self.reader.read(buffer)
    }
}

/// Puts `NaN`, `Infinity` and `-Infinity`, which Python writes and JSON does not know, between quotes. So a document
/// with one of them can be read, and the value is told with its record and place like any other that does not fit.
pub(super) struct QuoteNonFinite<R> {
    reader: R,
    state: Inside,
    word: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Structure,
    Text,
    Escape,
}

impl<R: Read> QuoteNonFinite<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, state: Inside::Structure, word: Vec::new(), ready: Vec::new(), given: 0 }
    }

    fn take(&mut self, byte: u8) {
        if self.state == Inside::Structure && (byte.is_ascii_alphabetic() || byte == b'-') {
            self.word.push(byte);
            return;
        }
        self.end_word();
        self.state = match (self.state, byte) {
            (Inside::Structure, b'"') => Inside::Text,
            (Inside::Text, b'"') => Inside::Structure,
            (Inside::Text, b'\\') => Inside::Escape,
            (Inside::Escape, _) => Inside::Text,
            (state, _) => state,
        };
        self.ready.push(byte);
    }

    fn end_word(&mut self) {
        let is_non_finite = matches!(self.word.as_slice(), b"NaN" | b"-NaN" | b"nan" | b"Infinity" | b"-Infinity");
        if is_non_finite {
            self.ready.push(b'"');
        }
        self.ready.append(&mut self.word);
        if is_non_finite {
            self.ready.push(b'"');
        }
    }
}

impl<R: Read> Read for QuoteNonFinite<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            self.ready.clear();
            self.given = 0;
            let mut block = [0; 8192];
            let read = self.reader.read(&mut block)?;
            for &byte in block.iter().take(read) {
                self.take(byte);
            }
            if read == 0 {
                self.end_word();
                if self.ready.is_empty() {
                    return Ok(0);
                }
            }
        }
        let waiting = self.ready.get(self.given..).unwrap_or_default();
        let given = waiting.len().min(buffer.len());
        buffer.iter_mut().zip(waiting).for_each(|(to, from)| *to = *from);
        self.given += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn non_finite_numbers_are_quoted_and_texts_are_not() {
        let table = [
            (r#"{"a": NaN, "b": [-Infinity,Infinity]}"#, r#"{"a": "NaN", "b": ["-Infinity","Infinity"]}"#),
            (r#"{"NaN \" NaN": "NaN"}"#, r#"{"NaN \" NaN": "NaN"}"#),
            (r#"[true, null, -1.5e-3, NaNa]"#, r#"[true, null, -1.5e-3, NaNa]"#),
            ("NaN", r#""NaN""#),
        ];
        for (input, expected) in table {
            let mut output = String::new();
            QuoteNonFinite::new(input.as_bytes()).read_to_string(&mut output).unwrap();
            assert_eq!(output, expected);
        }
    }
}
