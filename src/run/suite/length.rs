//! A length of time as people write it: `5s`, `500ms`, `2m`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A length of time, to the nanosecond, written with its unit: `250us`, `500ms`, `1.5s`, `2m`, `1h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Length(Duration);

/// The units, the longest first, in nanoseconds.
const UNITS: [(&str, u64); 6] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// No run is longer than a year.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

impl Length {
    /// So many milliseconds.
    pub const fn millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// So many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// So many seconds; nothing where that is no length of time.
    pub fn of_seconds(seconds: f64) -> Self {
        Self(Duration::try_from_secs_f64(seconds).unwrap_or_default())
    }

    /// The same for the standard library.
    pub const fn duration(self) -> Duration {
        self.0
    }

    /// In nanoseconds.
    pub fn nanos(self) -> u64 {
        u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX)
    }

    /// In seconds.
    pub fn as_seconds(self) -> f64 {
        self.0.as_secs_f64()
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl FromStr for Length {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || format!("expected a time with its unit, such as 500ms, 5s or 2m, found {text:?}");
        let text = text.trim();
        let end = text.find(|letter: char| letter.is_alphabetic()).ok_or_else(error)?;
        let (number, unit) = text.split_at_checked(end).ok_or_else(error)?;
        let &(_, nanos) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(error)?;
        let number: f64 = number.trim().parse().map_err(|_| error())?;
        let length = Duration::try_from_secs_f64(number * (nanos as f64 / 1e9)).map_err(|_| error())?;
        if LONGEST < length { Err(error()) } else { Ok(Self(length)) }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.nanos();
        let unit = UNITS.iter().find(|(_, size)| 0 < nanos && nanos.is_multiple_of(*size));
        let &(name, size) = unit.unwrap_or(&("s", 1_000_000_000));
        write!(f, "{}{name}", nanos / size)
    }
}

impl TryFrom<String> for Length {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        length.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_written() {
        for (text, nanos, written) in [
            ("5s", 5_000_000_000, "5s"),
            ("1.5s", 1_500_000_000, "1500ms"),
            ("500ms", 500_000_000, "500ms"),
            ("2 m", 120_000_000_000, "2m"),
            ("0s", 0, "0s"),
            ("90s", 90_000_000_000, "90s"),
        ] {
            let length: Length = text.parse().unwrap();
            assert_eq!((length.nanos(), length.to_string().as_str()), (nanos, written), "{text}");
            assert_eq!(length.to_string().parse(), Ok(length));
        }
        for wrong in ["5", "", "s", "-1s", "NaNs", "infs", "5 parsecs", "1e99h"] {
            assert!(wrong.parse::<Length>().is_err(), "{wrong}");
        }
    }
}
