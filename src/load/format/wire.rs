//! What the wire structs of several JSON formats share: numbers that may not be there, and members in their order.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use super::document;

/// The JSON pointer (RFC 6901) to a member of members.
pub(super) fn pointer(names: &[&str]) -> String {
    names.iter().map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1"))).collect()
}

/// A number where there is one: written as a number or as a text. What is null, `-`, `N/A`, not finite, or something
/// else altogether is no number.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Number(Option<f64>);

impl Number {
    /// Reads a text.
    pub(super) fn parse(text: &str) -> Self {
        Self(text.trim().parse().ok().filter(|number: &f64| number.is_finite()))
    }

    /// The number as it is.
    pub(super) fn get(self) -> Option<f64> {
        self.0
    }

    /// A time, s, of which there are `per_second` units in a second.
    pub(super) fn time(self, per_second: f64) -> Option<f64> {
        self.0.filter(|number| 0.0 <= *number).map(|number| number / per_second)
    }

    /// A number of things.
    pub(super) fn count(self) -> Option<u64> {
        document::count(self.0)
    }

    /// A level: a whole number from 1.
    pub(super) fn level(self) -> Option<u32> {
        self.count().and_then(|count| u32::try_from(count).ok()).filter(|&level| 0 < level)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        document::number(deserializer).map(Self)
    }
}

/// The members of an object, in the order in which they stand in the file; none for null.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Members<T>(pub(super) Vec<(String, T)>);

impl<T> Members<T> {
    /// The first member of that name.
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor(PhantomData))
    }
}

struct MembersVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MembersVisitor<T> {
    type Value = Members<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Members<T>, E> {
        Ok(Members::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = members.next_entry()? {
            all.push(member);
        }
        Ok(Members(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_none() {
        let table = [
            ("1.5", Some(1.5)),
            ("7", Some(7.0)),
            ("-2", Some(-2.0)),
            ("\"20000\"", Some(20_000.0)),
            ("\"-\"", None),
            ("\"N/A\"", None),
            ("\"NaN\"", None),
            ("null", None),
            ("true", None),
            ("[1]", None),
            ("{\"a\":1}", None),
        ];
        for (text, expected) in table {
            assert_eq!(serde_json::from_str::<Number>(text).unwrap().get(), expected, "{text}");
        }
    }

    #[test]
    fn times_and_counts_are_checked() {
        assert_eq!((Number::parse("-1").time(1e3), Number::parse("20").time(1e3)), (None, Some(0.02)));
        assert_eq!((Number::parse("1.5").count(), Number::parse("3").count()), (None, Some(3)));
        assert_eq!((Number::parse("0").level(), Number::parse("16").level()), (None, Some(16)));
    }

    #[test]
    fn pointers_escape_what_has_a_meaning_in_them() {
        assert_eq!(pointer(&["rawData", "GET /a~b", "0"]), "/rawData/GET ~1a~0b/0");
    }

    #[test]
    fn members_keep_their_order() {
        let members: Members<Number> = serde_json::from_str(r#"{"z": 1, "a": 2}"#).unwrap();
        assert_eq!(members.0.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["z", "a"]);
        assert_eq!(members.get("a").and_then(|number| number.get()), Some(2.0));
    }
}
