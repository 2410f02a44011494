//! One record of a JSON text: an object with its fields.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json_text::QuoteNonFinite;
use crate::load::source::Head;
use crate::load::tabular::Value;

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

    pub(super) fn push<E>(&mut self, name: String, value: Value<'static>) -> Result<(), E> {
        self.names.push(name);
        self.values.push(value);
        Ok(())
    }
}

/// Reads a value into `fields`, under `name`.
pub(super) struct FieldsSeed<'f> {
    pub(super) name: String,
    pub(super) fields: &'f mut Fields,
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
        self.fields.push(self.name, Value::Nested("an array"))
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<(), E> {
        self.fields.push(self.name, Value::Bool(truth))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        self.fields.push(self.name, Value::Integer(i128::from(number)))
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

pub(super) fn unsigned(number: u64) -> Value<'static> {
    Value::Integer(i128::from(number))
}

/// How the records of a JSON text lie in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One document.
    Document,
    /// One object a line.
    Lines,
    /// The beginning may be of either.
    Undecided,
}

/// How the records lie, by the beginning of an input; `None` where it is no JSON. Where the first line is a whole object
/// and anything follows, records are one a line: what follows may be broken.
pub(super) fn layout(head: &Head<'_>) -> Option<Layout> {
    let text = head.text()?.trim_start();
    if text.starts_with('[') {
        return Some(Layout::Document);
    }
    if !text.starts_with('{') {
        return None;
    }
    let is_object = |line: &str| line.starts_with('{') && fields(line.trim_end().as_bytes()).is_ok();
    let Some((first, rest)) = text.split_once('\n') else {
        // A line that is longer than what can be looked at.
        return Some(if head.is_whole { Layout::Document } else { Layout::Undecided });
    };
    if is_object(first) {
        return Some(if rest.trim().is_empty() { Layout::Document } else { Layout::Lines });
    }
    let second = rest.lines().find(|line| !line.trim().is_empty());
    Some(if second.is_some_and(is_object) { Layout::Undecided } else { Layout::Document })
}

/// Reads one line; `None` where it is a value and no object.
pub(super) fn fields(text: &[u8]) -> serde_json::Result<Option<Fields>> {
    let mut document = serde_json::Deserializer::from_slice(text);
    let parsed = Fields::from_deserializer(&mut document).and_then(|fields| document.end().map(|()| fields));
    // Only a line that is no JSON pays for the search for words like NaN.
    parsed.or_else(|_| {
        let mut document = serde_json::Deserializer::from_reader(QuoteNonFinite::new(text));
        let fields = Fields::from_deserializer(&mut document)?;
        document.end()?;
        Ok(fields)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_from_a_document() {
        let long = format!(r#"{{"total_time": 1.5, "latencies": [{}"#, "0.001, ".repeat(10_000));
        let table = [
            ("{\"a\": 1}\n{\"a\": 2}\n", Some(Layout::Lines)),
            ("{\"a\": 1}\ngarbage\n{\"a\": 2}\n", Some(Layout::Lines)),
            ("{\"a\": 1}\n[1, 2]\n", Some(Layout::Lines)),
            ("{\"a\": NaN}\r\n\r\n{\"a\": 1", Some(Layout::Lines)),
            ("{\"a\": 1}\n\n", Some(Layout::Document)),
            ("{\"a\": 1}", Some(Layout::Document)),
            ("{\n  \"a\": 1\n}\n", Some(Layout::Document)),
            ("[\n{\"a\": 1}\n]\n", Some(Layout::Document)),
            ("{\"a\": \n{\"a\": 2}\n", Some(Layout::Undecided)),
            ("a,b\n", None),
        ];
        for (text, expected) in table {
            assert_eq!(layout(&Head { bytes: text.as_bytes(), is_whole: true }), expected, "{text}");
        }
        assert_eq!(layout(&Head { bytes: long.as_bytes(), is_whole: false }), Some(Layout::Undecided));
    }
}
