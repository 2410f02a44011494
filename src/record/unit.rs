//! Units of metrics. Every value is brought to one of these where it is read.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The unit of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Unit {
    /// `s`
    Seconds,
    /// `1/s`
    PerSecond,
    /// `B`
    Bytes,
    /// `B/s`
    BytesPerSecond,
    /// `bit/s`
    BitsPerSecond,
    /// `1`: a number or a share without a unit.
    One,
    /// Anything else, as it is written: a noun such as `tokens`, or one per second such as `tokens/s`.
    Other(Cow<'static, str>),
}

impl Unit {
    const NAMED: [Self; 6] =
        [Self::Seconds, Self::PerSecond, Self::Bytes, Self::BytesPerSecond, Self::BitsPerSecond, Self::One];

    /// Its symbol in every output.
    pub fn symbol(&self) -> &str {
        match self {
            Self::Seconds => "s",
            Self::PerSecond => "1/s",
            Self::Bytes => "B",
            Self::BytesPerSecond => "B/s",
            Self::BitsPerSecond => "bit/s",
            Self::One => "1",
            Self::Other(text) => text,
        }
    }

    /// Its symbol in words, as they stand at the end of a name: `bytes_per_second`.
    pub fn words(&self) -> Cow<'static, str> {
        match self {
            Self::Seconds => "seconds".into(),
            Self::PerSecond => "per_second".into(),
            Self::Bytes => "bytes".into(),
            Self::BytesPerSecond => "bytes_per_second".into(),
            Self::BitsPerSecond => "bits_per_second".into(),
            Self::One => "ratio".into(),
            Self::Other(text) => match text.strip_suffix("/s") {
                Some(noun) => format!("{noun}_per_second").into(),
                None => text.clone(),
            },
        }
    }

    /// Whether a value below zero makes sense: times, sizes and rates have none.
    pub fn may_be_negative(&self) -> bool {
        match self {
            Self::One => true,
            Self::Other(text) => !text.ends_with("/s"),
            _ => false,
        }
    }
}

impl From<&str> for Unit {
    /// The unit with this symbol. Blanks and colons, which no symbol has, become underscores.
    fn from(symbol: &str) -> Self {
        let symbol = symbol.trim();
        let named = Self::NAMED.into_iter().find(|unit| unit.symbol() == symbol);
        named.unwrap_or_else(|| match symbol {
            "" => Self::One,
            other => Self::Other(other.replace(|c: char| c.is_whitespace() || c.is_control() || c == ':', "_").into()),
        })
    }
}

impl From<String> for Unit {
    fn from(symbol: String) -> Self {
        symbol.as_str().into()
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.symbol().to_owned()
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.symbol())
    }
}

impl JsonSchema for Unit {
    fn schema_name() -> Cow<'static, str> {
        "Unit".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "s, 1/s, B, B/s, bit/s, 1, or a noun such as tokens, or a noun per second such as tokens/s.",
            "type": "string"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_read_and_written() {
        for unit in Unit::NAMED {
            assert_eq!(Unit::from(unit.symbol()), unit);
        }
        let table = [
            ("tokens/s", "tokens/s", "tokens_per_second", false),
            ("GC runs", "GC_runs", "GC_runs", true),
            (" ", "1", "ratio", true),
            ("B/s", "B/s", "bytes_per_second", false),
        ];
        for (text, symbol, words, may_be_negative) in table {
            let unit = Unit::from(text);
            assert_eq!((unit.symbol(), &*unit.words()), (symbol, words));
            assert_eq!(unit.may_be_negative(), may_be_negative, "{text}");
        }
    }
}
