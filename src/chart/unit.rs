//! Units of axes: one for all values of an axis, chosen by its largest.

/// A unit of time on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl TimeUnit {
    /// The unit that suits an axis whose largest time is this, s.
    pub(super) fn for_largest(seconds: f64) -> Self {
        match seconds {
            s if 3.0 * 3600.0 <= s => Self::Hours,
            s if 10.0 * 60.0 <= s => Self::Minutes,
            s if 1.0 <= s => Self::Seconds,
            s if 1e-3 <= s => Self::Milliseconds,
            s if 1e-6 <= s => Self::Microseconds,
            s if 0.0 < s => Self::Nanoseconds,
            _ => Self::Seconds,
        }
    }

    /// How many seconds it has.
    pub(super) const fn seconds(self) -> f64 {
        match self {
            Self::Hours => 3600.0,
            Self::Minutes => 60.0,
            Self::Seconds => 1.0,
            Self::Milliseconds => 1e-3,
            Self::Microseconds => 1e-6,
            Self::Nanoseconds => 1e-9,
        }
    }
}

/// A unit of throughput on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RateUnit {
    One,
    Thousand,
    Million,
}

impl RateUnit {
    /// The unit that suits an axis whose largest throughput is this, 1/s.
    pub(super) fn for_largest(rate: f64) -> Self {
        match rate {
            r if 2e6 <= r => Self::Million,
            r if 2e4 <= r => Self::Thousand,
            _ => Self::One,
        }
    }

    /// How many requests per second it has.
    pub(super) const fn per_second(self) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Thousand => 1e3,
            Self::Million => 1e6,
        }
    }
}
