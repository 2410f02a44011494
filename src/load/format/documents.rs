//! JSON documents that a tool writes whole, one a file or one behind the other, and fields in them that may hold
//! anything.

use std::io::BufReader;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::json_text::{QuoteNonFinite, WithoutByteOrderMark, read_error};
use crate::load::format::prelude::*;

/// Reads all documents of an input, and gives each with its place to `take`; the place of a later one is
/// told as if they stood in an array.
///
/// # Errors
///
/// When one is no JSON, or not what is expected; when there is none.
pub(super) fn read_documents<T: DeserializeOwned>(
    source: Source,
    expected: &'static str,
    mut take: impl FnMut(T, &Place),
) -> Result<(), ReadError> {
    let reader = QuoteNonFinite::new(WithoutByteOrderMark::new(source.into_reader()));
    let mut number = 0;
    for document in serde_json::Deserializer::from_reader(BufReader::new(reader)).into_iter() {
        let document: T = document.map_err(|error| read_error(&error, number))?;
        number += 1;
        match number {
            1 => take(document, &Place::Whole),
            _ => take(document, &Place::Record { number, pointer: format!("/{}", number - 1) }),
        }
    }
    if number == 0 { Err(ReadError::NoRecord { expected }) } else { Ok(()) }
}

/// A number that may be missing, null, or something else, such as the text "NaN".
pub(super) fn maybe_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_f64().filter(|number| number.is_finite()))
}

/// A count that may be missing, null, or something else.
pub(super) fn maybe_count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let whole = |number: &f64| number.fract().abs() < f64::EPSILON && (0.0..9e15).contains(number);
    Ok(value.as_u64().or_else(|| value.as_f64().filter(whole).map(|number| number as u64)))
}
