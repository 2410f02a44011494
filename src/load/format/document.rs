//! What the readers of one JSON document share: the document as a wire struct, numbers that may be anything, and places.
//!
//! Several tools write `NaN` bare, as a text, or not at all where they measured nothing. All of these are `None` here.

use std::borrow::Cow;
use std::fmt;
use std::io;

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json_text::{QuoteNonFinite, WithoutByteOrderMark, read_error};
use crate::load::format::prelude::*;

/// Reads a whole document. `form` names what it should have been, for the message.
pub(super) fn read<T: DeserializeOwned>(source: Source, form: &str) -> Result<T, ReadError> {
    from_reader(source.into_reader(), form)
}

/// As [`read`], from where the document begins in a longer text.
pub(super) fn from_reader<T: DeserializeOwned>(reader: impl io::BufRead, form: &str) -> Result<T, ReadError> {
    let reader = QuoteNonFinite::new(WithoutByteOrderMark::new(reader));
    let mut document = serde_json::Deserializer::from_reader(io::BufReader::new(reader));
    let read = T::deserialize(&mut document).and_then(|read| document.end().map(|()| read));
    read.map_err(|error| match read_error(&error, 0) {
        ReadError::Syntax { line, column, records_before, .. } if error.is_data() => {
            // The place is part of the text, and is told beside it.
            let text = error.to_string();
            let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
            let message = format!("this is no {form}: {reason}");
            ReadError::Syntax { message, line, column, records_before }
        }
        other => other,
    })
}

/// The place of the record at `index`, from 0, in the array that `pointer` names.
pub(super) fn place(pointer: &str, index: usize) -> Place {
    Place::Record { number: index as u64 + 1, pointer: format!("{pointer}/{index}") }
}

/// The place of a member of an object, whose keys may hold anything.
pub(super) fn member(pointer: &str, index: usize, key: &str) -> Place {
    let key = key.replace('~', "~0").replace('/', "~1");
    Place::Record { number: index as u64 + 1, pointer: format!("{pointer}/{key}") }
}

/// Microseconds since 1970 of a date with an offset, as RFC 3339 writes it; `None` where it is none.
pub(super) fn microseconds(date: &str) -> Option<i64> {
    date.trim().parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

/// A number if it is finite and not below zero, which a measured time or count never is.
pub(super) fn measured(number: Option<f64>) -> Option<f64> {
    number.filter(|number| number.is_finite() && 0.0 <= *number)
}

/// A number of things, where a number is one: whole, and up to 2^53, above which a float no longer tells neighbouring
/// whole numbers apart.
pub(super) fn count(number: Option<f64>) -> Option<u64> {
    number.filter(|number| (0.0..=9_007_199_254_740_992.0).contains(number) && number.fract() <= 0.0).map(|n| n as u64)
}

/// For `#[serde(deserialize_with)]`: a finite number, also one in a text; `None` for anything else.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    deserializer.deserialize_any(Anything).map(Scalar::number)
}

/// For `#[serde(deserialize_with)]`: the finite numbers of an array; `None` for each that is none, and for no array.
pub(super) fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Option<f64>>>, D::Error> {
    let list: Option<Vec<Scalar>> = serde::Deserialize::deserialize(deserializer)?;
    Ok(list.map(|list| list.into_iter().map(Scalar::number).collect()))
}

/// One value of which only the simple ones matter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// Nothing, or something with parts.
    Other,
}

impl Scalar {
    /// As a finite number, also where it stands in a text.
    pub(super) fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            Self::Bool(_) | Self::Other => None,
        }
    }

    /// As a person would write it; `None` where it has parts.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Number(number) => Some(Cow::Owned(number.to_string())),
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Bool(truth) => Some(Cow::Owned(truth.to_string())),
            Self::Other => None,
        }
    }
}

impl<'de> serde::Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(if number.is_finite() { Scalar::Number(number) } else { Scalar::Other })
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(truth))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Scalar, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Scalar, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[test]
    fn numbers_may_be_written_in_many_ways() {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(deserialize_with = "numbers")]
            all: Option<Vec<Option<f64>>>,
            #[serde(default, deserialize_with = "number")]
            one: Option<f64>,
        }
        let text = r#"{"all": [1, -2.5, "3", "NaN", NaN, null, {"a": 1}, [1], true], "one": Infinity}"#;
        let wire: Wire = from_reader(text.as_bytes(), "test").unwrap();
        let found = wire.all.unwrap();
        assert_eq!(found, [Some(1.0), Some(-2.5), Some(3.0), None, None, None, None, None, None]);
        assert_eq!(wire.one, None);
    }

    #[test]
    fn a_document_of_another_form_is_told() {
        #[derive(Debug, Deserialize)]
        struct Wire {
            #[expect(dead_code, reason = "only its absence matters here")]
            results: Vec<f64>,
        }
        let message = |text: &str| from_reader::<Wire>(text.as_bytes(), "list").unwrap_err().to_string();
        assert_eq!(message("{}"), "this is no list: missing field `results`");
        assert!(message("{\"results\": [1").starts_with("the JSON ends in the middle"));
        assert!(message("[}").starts_with("this is no"));
    }

    #[test]
    fn keys_are_escaped_in_pointers() {
        let expected = Place::Record { number: 1, pointer: "/results/a~1b~0".to_owned() };
        assert_eq!(member("/results", 0, "a/b~"), expected);
    }
}
