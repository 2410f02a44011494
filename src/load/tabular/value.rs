//! One field of a record, as the file has it, and what can be made of it.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;

use super::units;

/// One field of a record, before anyone has asked what it means.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// There is a field, and nothing in it.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// Any other number, finite or not.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// Microseconds since 1970-01-01 00:00 UTC.
    Moment(i64),
    /// A span of time, s, whatever the unit of its column.
    Seconds(f64),
    /// Something that holds further values; what, with its article.
    Nested(&'static str),
}

/// Times above are no times of a benchmark, and sums and squares of them would not be numbers any more.
const LONGEST: f64 = 1e15;

/// Times above zero and below are no times of a benchmark either, and throughputs of them would not be numbers.
const SHORTEST: f64 = 1e-15;

/// Above, a float no longer tells neighbouring whole numbers apart.
const LARGEST_COUNT: f64 = 9_007_199_254_740_992.0;

/// Why a value is not what its column holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfit {
    /// What the column holds.
    pub expected: &'static str,
    /// What was there.
    pub found: String,
}

impl Value<'_> {
    /// The same, with a text of its own.
    pub(crate) fn to_own(&self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Integer(number) => Value::Integer(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Text(text) => Value::Text(Cow::Owned(text.clone().into_owned())),
            Self::Moment(microseconds) => Value::Moment(*microseconds),
            Self::Seconds(seconds) => Value::Seconds(*seconds),
            Self::Nested(what) => Value::Nested(what),
        }
    }

    /// Whether the field is there but empty.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// A time, s. `factor` is the number of seconds in the unit that the column's name gives; a unit that stands with
    /// the value itself (`105ms`) is stronger.
    ///
    /// # Errors
    ///
    /// When it is not a number from 0 to 10^15 s, or so near to 0 that it is no time.
    pub fn time(&self, factor: f64) -> Result<f64, Unfit> {
        const EXPECTED: &str = "a time from 0 to 10^15 s";
        let time = match self {
            Self::Integer(number) => units::to_seconds(*number as f64, factor),
            Self::Float(number) => units::to_seconds(*number, factor),
            Self::Seconds(seconds) => *seconds,
            Self::Text(text) => match text.trim().parse::<f64>() {
                Ok(number) => units::to_seconds(number, factor),
                Err(_) => units::duration(text).ok_or_else(|| self.unfit(EXPECTED))?,
            },
            Self::Null | Self::Bool(_) | Self::Moment(_) | Self::Nested(_) => return Err(self.unfit(EXPECTED)),
        };
        if !(0.0..=LONGEST).contains(&time) {
            return Err(self.unfit(EXPECTED));
        }
        self::time(time).ok_or_else(|| self.unfit("a time of 0 or from 10^-15 s"))
    }

    /// Any finite number, such as a time on some clock.
    ///
    /// # Errors
    ///
    /// When it is not a finite number.
    pub fn number(&self) -> Result<f64, Unfit> {
        const EXPECTED: &str = "a number";
        let number = match self {
            Self::Integer(number) => *number as f64,
            Self::Float(number) => *number,
            Self::Text(text) => text.trim().parse().map_err(|_| self.unfit(EXPECTED))?,
            Self::Null | Self::Bool(_) | Self::Moment(_) | Self::Seconds(_) | Self::Nested(_) => {
                return Err(self.unfit(EXPECTED));
            }
        };
        if number.is_finite() { Ok(number) } else { Err(self.unfit(EXPECTED)) }
    }

    /// Whether it is a number, if perhaps one that makes no sense, or a word that programs write for want of one.
    pub(super) fn is_like_number(&self) -> bool {
        const WORDS: [&str; 8] = ["n/a", "na", "null", "none", "nil", "-", "--", "inf"];
        match self {
            Self::Null | Self::Integer(_) | Self::Float(_) | Self::Seconds(_) => true,
            Self::Text(text) => {
                let text = text.trim().to_ascii_lowercase();
                text.parse::<f64>().is_ok() || text.contains("nan") || WORDS.contains(&text.as_str())
            }
            Self::Bool(_) | Self::Moment(_) | Self::Nested(_) => false,
        }
    }

    /// A number of things.
    ///
    /// # Errors
    ///
    /// When it is not a whole number from 0 to 2^53.
    pub fn count(&self) -> Result<u64, Unfit> {
        self.whole().ok_or_else(|| self.unfit("a whole number from 0 to 2^53"))
    }

    /// A level: a whole number from 1 that fits into 32 bits.
    ///
    /// # Errors
    ///
    /// When it is anything else.
    pub fn level(&self) -> Result<u32, Unfit> {
        match self.whole().map(u32::try_from) {
            Some(Ok(level)) if 1 <= level => Ok(level),
            _ => Err(self.unfit("a whole number from 1 to 4294967295")),
        }
    }

    /// A number that things are counted through by, from 0 or from 1.
    ///
    /// # Errors
    ///
    /// When it is anything else than a whole number that fits.
    pub fn ordinal(&self) -> Result<u32, Unfit> {
        match self.whole().map(u32::try_from) {
            Some(Ok(ordinal)) => Ok(ordinal),
            _ => Err(self.unfit("a whole number from 0 to 4294967295")),
        }
    }

    fn whole(&self) -> Option<u64> {
        if let Self::Integer(number) = self {
            return u64::try_from(*number).ok().filter(|number| *number <= LARGEST_COUNT as u64);
        }
        let number = self.number().ok()?;
        is_count(number).then_some(number as u64)
    }

    /// A truth: `true`, `false`, or a text or number that says so.
    ///
    /// # Errors
    ///
    /// When it is anything else.
    pub fn truth(&self) -> Result<bool, Unfit> {
        match self {
            Self::Bool(truth) => Ok(*truth),
            Self::Integer(0) => Ok(false),
            Self::Integer(1) => Ok(true),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "ok" => Ok(true),
                "false" | "0" | "no" | "ko" => Ok(false),
                _ => Err(self.unfit("true or false")),
            },
            _ => Err(self.unfit("true or false")),
        }
    }

    /// A name: a text, or a number or truth written as one.
    ///
    /// # Errors
    ///
    /// When it is none of these.
    pub fn name(&self) -> Result<String, Unfit> {
        match self {
            Self::Text(text) => Ok(text.trim().to_owned()),
            Self::Integer(number) => Ok(number.to_string()),
            Self::Float(number) => Ok(number.to_string()),
            Self::Bool(truth) => Ok(truth.to_string()),
            Self::Null | Self::Moment(_) | Self::Seconds(_) | Self::Nested(_) => Err(self.unfit("a name")),
        }
    }

    /// The same value, complaining of this expectation.
    pub fn unfit(&self, expected: &'static str) -> Unfit {
        Unfit { expected, found: self.to_string() }
    }
}

/// A number of seconds that can be a time of a benchmark; `None` where it can't.
pub(super) fn time(seconds: f64) -> Option<f64> {
    let is_time = (SHORTEST..=LONGEST).contains(&seconds) || seconds.abs() <= 0.0;
    // A minus before a zero means nothing.
    is_time.then(|| seconds.abs())
}

/// Whether a number is a whole one from 0 to 2^53.
pub(super) fn is_count(number: f64) -> bool {
    // There and back is quicker than a call of `f64::fract`.
    (0.0..=LARGEST_COUNT).contains(&number) && number <= (number as u64) as f64
}

/// Whether a request succeeded. What the record calls a success counts only where the status, too, is one: tools call any
/// answer a success.
pub(super) fn is_success(ok: Option<bool>, status: Option<u64>) -> bool {
    ok.unwrap_or(true) && status.is_none_or(|code| (100..400).contains(&code))
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Integer(number) => write!(f, "{number}"),
            // Hundreds of digits say less than an exponent.
            Self::Float(number) if is_far(*number) => write!(f, "{number:e}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Seconds(seconds) => write!(f, "the time span {seconds} s"),
            Self::Text(text) => {
                // A message is no place for a megabyte.
                let mut shown: String = text.chars().take(40).collect();
                if shown.len() < text.len() {
                    shown.push('…');
                }
                write!(f, "the text {shown:?}")
            }
            Self::Moment(microseconds) => match Timestamp::from_microsecond(*microseconds) {
                Ok(date) => write!(f, "the date {date}"),
                Err(_) => write!(f, "the date {microseconds} µs after 1970"),
            },
            Self::Nested(what) => f.write_str(what),
        }
    }
}

fn is_far(number: f64) -> bool {
    number.is_finite() && (1e21 <= number.abs() || (0.0 < number.abs() && number.abs() < 1e-6))
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value<'_> {
        Value::Text(Cow::Borrowed(text))
    }

    #[test]
    fn times() {
        let table = [
            (Value::Integer(4), 1.0, Some(4.0)),
            (Value::Float(250.0), 1e-3, Some(0.25)),
            (text(" 4.2 "), 1.0, Some(4.2)),
            (text("105ms"), 1.0, Some(0.105)),
            (text("105ms"), 1e-3, Some(0.105)),
            (Value::Float(0.0), 1.0, Some(0.0)),
            (Value::Float(-0.5), 1.0, None),
            (Value::Float(f64::NAN), 1.0, None),
            (text("NaN"), 1.0, None),
            (text("-nan%"), 1.0, None),
            (text("inf"), 1.0, None),
            (text("fast"), 1.0, None),
            (text("false ms"), 1.0, None),
            (Value::Bool(true), 1.0, None),
            (Value::Nested("an array"), 1.0, None),
            (Value::Seconds(4.2), 1e-3, Some(4.2)),
            (Value::Moment(4_200_000), 1.0, None),
            (Value::Float(1e15), 1.0, Some(1e15)),
            (Value::Float(1.1e15), 1.0, None),
            (Value::Float(1e-15), 1.0, Some(1e-15)),
            (Value::Float(9e-16), 1.0, None),
            (Value::Float(1e-320), 1.0, None),
            (Value::Integer(183), 1e-6, Some(0.000_183)),
        ];
        for (value, factor, expected) in table {
            assert_eq!(value.time(factor).ok(), expected, "{value:?}");
        }
    }

    #[test]
    fn levels_and_counts_are_whole() {
        let table = [
            (Value::Integer(10), Some(10), Some(10)),
            (Value::Float(10.0), Some(10), Some(10)),
            (text("10"), Some(10), Some(10)),
            (Value::Integer(0), Some(0), None),
            (Value::Float(1.5), None, None),
            (Value::Integer(-1), None, None),
            (Value::Integer(1 << 40), Some(1 << 40), None),
            (Value::Integer(1 << 53), Some(1 << 53), None),
            (Value::Integer((1 << 53) + 1), None, None),
            (Value::Integer(4_294_967_295), Some(4_294_967_295), Some(4_294_967_295)),
            (Value::Moment(1_000_000), None, None),
            (Value::Seconds(1.0), None, None),
            (Value::Float(1e300), None, None),
            (Value::Float(f64::NAN), None, None),
            (text("ten"), None, None),
            (Value::Bool(true), None, None),
        ];
        for (value, count, level) in table {
            assert_eq!(value.count().ok(), count, "{value:?}");
            assert_eq!(value.level().ok(), level, "{value:?}");
            assert_eq!(value.ordinal().ok(), level.or(count.filter(|count| *count == 0).map(|_| 0)), "{value:?}");
        }
    }

    #[test]
    fn truths() {
        for (value, expected) in [
            (Value::Bool(true), Some(true)),
            (text("True"), Some(true)),
            (text("false"), Some(false)),
            (Value::Integer(1), Some(true)),
            (Value::Integer(7), None),
            (text("maybe"), None),
        ] {
            assert_eq!(value.truth().ok(), expected, "{value:?}");
        }
    }

    #[test]
    fn what_was_found_is_shown_as_it_was_written() {
        let table = [
            (Value::Integer(18_446_744_073_709_551_615), "18446744073709551615"),
            (Value::Float(1e300), "1e300"),
            (Value::Float(1.5), "1.5"),
            (Value::Nested("an array"), "an array"),
            (Value::Moment(1_795_335_689_508_449), "the date 2026-11-22T08:21:29.508449Z"),
        ];
        for (value, expected) in table {
            assert_eq!(value.to_string(), expected);
        }
    }

    #[test]
    fn a_long_text_is_cut_in_messages() {
        let long = "x".repeat(1_000_000);
        assert!(text(&long).unfit("a time").to_string().len() < 200);
    }
}
