//! How finely a histogram tells latencies apart.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// How finely a histogram tells latencies apart: to a number of binary digits, or to a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Precision {
    /// `None` is exact.
    bits: Option<u32>,
}

/// Why a text is no precision.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a number of bits from 5 to 14, or exact, found {0:?}")]
pub struct PrecisionError(String);

impl Precision {
    /// Values within 0.1 %: what is used unless something else is asked for.
    pub const DEFAULT: Self = Self { bits: Some(10) };

    /// Every value is kept, in memory that grows with the number of different ones.
    pub const EXACT: Self = Self { bits: None };

    /// Values within 2^-`bits` of themselves. `bits` is taken into 1 to 20.
    pub const fn bits(bits: u32) -> Self {
        let least = if bits < 1 { 1 } else { bits };
        Self { bits: Some(if 20 < least { 20 } else { least }) }
    }

    /// The bits; `None` where every value is kept.
    pub fn as_bits(self) -> Option<u32> {
        self.bits
    }

    /// The one of both that tells less.
    #[must_use]
    pub fn coarser(self, other: Self) -> Self {
        match (self.bits, other.bits) {
            (Some(own), Some(other)) => Self { bits: Some(own.min(other)) },
            (own, other) => Self { bits: own.or(other) },
        }
    }

    /// How far a value may lie from what is read, as a share of itself.
    pub fn relative_error(self) -> f64 {
        self.bits.map_or(0.0, |bits| (-f64::from(bits)).exp2())
    }
}

impl Default for Precision {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bits {
            Some(bits) => write!(f, "{bits}"),
            None => f.write_str("exact"),
        }
    }
}

impl FromStr for Precision {
    type Err = PrecisionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match (text, text.parse()) {
            ("exact", _) => Ok(Self::EXACT),
            (_, Ok(bits)) if (5..=14).contains(&bits) => Ok(Self::bits(bits)),
            _ => Err(PrecisionError(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precisions_are_read_and_written() {
        for text in ["5", "10", "14", "exact"] {
            assert_eq!(text.parse::<Precision>().map(|precision| precision.to_string()), Ok(text.to_owned()));
        }
        for text in ["4", "15", "", "Exact", "ten"] {
            assert_eq!(text.parse::<Precision>(), Err(PrecisionError(text.to_owned())));
        }
        assert!((Precision::bits(10).relative_error() - 1.0 / 1024.0).abs() < 1e-15);
        assert!(Precision::EXACT.relative_error() <= 0.0);
    }
}
