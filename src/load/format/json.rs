//! JSON: records, however they are nested.
//!
//! Requests in an array are taken one by one as they are parsed, so a long array is never in memory as a whole.

use std::fmt;
use std::io::{self, Read};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::json_record::{Layout, layout};
use super::json_text::{QuoteNonFinite, WithoutByteOrderMark, read_error};
use super::{Format, Marks, ReadError, ReadOptions};
use crate::load::place::Place;
use crate::load::shape::Node;
use crate::load::sink::Sink;
use crate::load::source::{Head, Source};
use crate::load::tabular::RecordReader;

/// One JSON document.
pub(super) static JSON: Format = Format {
    name: "json",
    about: "runs or requests: objects in an array, or nested in any way",
    recognised_by: "[ or { at the beginning",
    endings: &["json"],
    marks: Marks::Form(has_form),
    read,
    ..Format::BASE
};

const EXPECTED: &str = "objects with named fields, however they are nested";

/// How large a document may be that is one object, bytes: it is in memory as a whole.
const LARGEST: u64 = 256 * 1024 * 1024;

fn has_form(head: &Head<'_>) -> bool {
    matches!(layout(head), Some(Layout::Document | Layout::Undecided))
}

fn read(source: Source, options: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut records = RecordReader::new(sink, options.said());
    let is_object =
        source.head().text().is_some_and(|text| text.trim_start_matches('\u{feff}').trim_start().starts_with('{'));
    let is_python = source.head().text().is_some_and(is_python);
    let largest = if is_object { LARGEST } else { u64::MAX };
    let reader = QuoteNonFinite::new(WithoutByteOrderMark::new(source.into_reader()).take(largest));
    let mut document = serde_json::Deserializer::from_reader(io::BufReader::new(reader));
    let parsed = Document { records: &mut records }.deserialize(&mut document).and_then(|()| document.end());
    match parsed {
        Ok(()) => records.finish(EXPECTED),
        Err(_) if is_python => Err(ReadError::Format {
            message: "this is how Python prints lists and dictionaries, and no JSON; write it with json.dumps"
                .to_owned(),
        }),
        Err(error) => Err(read_error(&error, records.records())),
    }
}

/// Whether a text is what Python prints of lists and dictionaries.
fn is_python(text: &str) -> bool {
    let begin: String = text.chars().filter(|c| !c.is_whitespace()).take(3).collect();
    begin.starts_with("{'") || begin.starts_with("[{'") || begin.starts_with("['")
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
        let mut rows = Vec::new();
        while elements
            .next_element_seed(Element { records: self.records, pointer: format!("/{index}"), rows: &mut rows })?
            .is_some()
        {
            index += 1;
        }
        if !rows.is_empty() {
            let place = Place::Record { number: self.records.records() + 1, pointer: String::new() };
            self.records.keep(place, Node::Array(rows));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut own = Vec::new();
        while let Some(member) = members.next_entry::<String, Node>()? {
            own.push(member);
        }
        if !own.is_empty() {
            let place = Place::Record { number: self.records.records() + 1, pointer: String::new() };
            self.records.node(place, Node::Object(own));
        }
        Ok(())
    }
}

/// One element of an array: a record, or something that is none and is said so.
struct Element<'p, 'r, 'a> {
    records: &'p mut RecordReader<'r, 'a>,
    pointer: String,
    rows: &'p mut Vec<Node>,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let place = Place::Record { number: self.records.records() + 1, pointer: self.pointer };
        match de::Deserialize::deserialize(deserializer)? {
            node @ Node::Object(_) => drop(self.records.node(place, node)),
            node @ Node::Array(_) => self.rows.push(node),
            Node::Scalar(_) => {
                let message = "expected an object, found another value".to_owned();
                self.records.broken("not-a-record", &place, message, "the record is left out; correct it");
            }
        }
        Ok(())
    }
}
