//! Moments in time, as files write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Unfit, Value};

/// Reads a moment: a date with an offset, a date without one (taken as UTC), or a number since 1970 whose unit (s, ms,
/// µs or ns) follows from its size. Returns microseconds since 1970-01-01 00:00 UTC.
///
/// # Errors
///
/// When it is none of these.
pub(crate) fn microseconds(value: &Value<'_>) -> Result<i64, Unfit> {
    const EXPECTED: &str = "a date or the seconds since 1970";
    match value {
        Value::Moment(microseconds) => Ok(*microseconds),
        Value::Text(text) if text.trim().parse::<f64>().is_err() => {
            from_text(text.trim()).ok_or_else(|| value.unfit(EXPECTED))
        }
        _ => {
            let microseconds = seconds(value.number().map_err(|_| value.unfit(EXPECTED))?) * 1e6;
            // The range of i64, less what a float can't tell from its edge.
            if microseconds.abs() < 9.2e18 { Ok(microseconds.round() as i64) } else { Err(value.unfit(EXPECTED)) }
        }
    }
}

/// Brings a number since 1970 to seconds. Below 10^11 it is in seconds (until the year 5138), then each unit spans
/// three further digits. What is no date at all, such as seconds since a test began, is below and stays as it is.
pub(crate) fn seconds(number: f64) -> f64 {
    match number.abs() {
        size if size < 1e11 => number,
        size if size < 1e14 => number / 1e3,
        size if size < 1e17 => number / 1e6,
        _ => number / 1e9,
    }
}

fn from_text(text: &str) -> Option<i64> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_microsecond());
    }
    let date: DateTime = text.parse().ok().or_else(|| from_digits(text))?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond())
}

/// A date and a time without signs between their parts, as names of files have them: `20260301-100000`, `20260301_100000`.
fn from_digits(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once(['-', '_', 'T', ' '])?;
    let are_digits = date.len() == 8
        && time.len() == 6
        && [date, time].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if are_digits { format!("{date}T{time}").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn moments() {
        const MOMENT: i64 = 1_795_335_689_508_449;
        let table = [
            (Value::Text(Cow::Borrowed("2026-11-22T08:21:29.508449+00:00")), Some(MOMENT)),
            (Value::Text(Cow::Borrowed("2026-11-22T09:21:29.508449+01:00")), Some(MOMENT)),
            (Value::Text(Cow::Borrowed("2026-11-22 08:21:29.508449")), Some(MOMENT)),
            (Value::Text(Cow::Borrowed("2026-11-22T08:21:29.508449Z")), Some(MOMENT)),
            (Value::Text(Cow::Borrowed("1795335689.508449")), Some(MOMENT)),
            (Value::Text(Cow::Borrowed("20261122-082129")), Some(1_795_335_689_000_000)),
            (Value::Text(Cow::Borrowed("20261122_082129")), Some(1_795_335_689_000_000)),
            (Value::Text(Cow::Borrowed("20261122-0821")), None),
            (Value::Integer(1_795_335_689), Some(1_795_335_689_000_000)),
            (Value::Integer(1_795_335_689_508), Some(1_795_335_689_508_000)),
            (Value::Integer(1_795_335_689_508_449), Some(MOMENT)),
            (Value::Integer(1_795_335_689_508_449_024), Some(MOMENT)),
            (Value::Moment(MOMENT), Some(MOMENT)),
            (Value::Text(Cow::Borrowed("yesterday")), None),
            (Value::Float(f64::INFINITY), None),
            (Value::Float(f64::MAX), None),
            (Value::Bool(true), None),
        ];
        for (value, expected) in table {
            assert_eq!(microseconds(&value).ok(), expected, "{value:?}");
        }
    }
}
