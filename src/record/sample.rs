//! One request, and which run it belongs to.

use std::fmt;

use super::{Run, SeriesKey};

/// One request, as its caller saw it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RequestSample {
    /// When it was sent, s since any moment that is the same for all samples of a run.
    pub start: Option<f64>,
    /// How long it took, s; `None` where the input has no number that makes sense.
    pub latency: Option<f64>,
    /// Whether it succeeded.
    pub ok: bool,
    /// Bytes received.
    pub bytes: Option<u64>,
}

/// One request, in whole nanoseconds: what adds up without loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTicks {
    /// When it was sent, ns since any moment that is the same for all samples of a run.
    pub start: Option<i64>,
    /// How long it took, ns; `None` where the input has no number that makes sense.
    pub latency: Option<u64>,
    /// Whether it succeeded.
    pub ok: bool,
    /// Bytes received.
    pub bytes: Option<u64>,
}

impl RequestTicks {
    /// How long it took, ns, if it succeeded: how fast a request fails is not how fast it is served.
    #[inline]
    pub fn served(&self) -> Option<u64> {
        self.latency.filter(|_| self.ok)
    }
}

/// Which run a request belongs to, as far as names and numbers say.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct SampleKey {
    /// Empty where the input does not say.
    pub framework: String,
    /// Empty where the input does not say.
    pub scenario: String,
    /// Requests in flight at once.
    pub concurrency: Option<u32>,
    /// From 1.
    pub repetition: Option<u32>,
}

impl SampleKey {
    /// The key of a run.
    pub fn of(run: &Run) -> Self {
        Self {
            framework: run.framework.clone(),
            scenario: run.scenario.clone(),
            concurrency: run.concurrency,
            repetition: run.repetition,
        }
    }

    /// A run of these names, and nothing else.
    pub fn run(self) -> Run {
        let Self { framework, scenario, concurrency, repetition } = self;
        Run { framework, scenario, concurrency, repetition, ..Run::default() }
    }
}

/// Where the run stands in sentences: `gin (json) at concurrency 10, repetition 2`.
impl fmt::Display for SampleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", SeriesKey::new(&self.framework, &self.scenario))?;
        if let Some(level) = self.concurrency {
            write!(f, " at concurrency {level}")?;
        }
        self.repetition.map_or(Ok(()), |repetition| write!(f, ", repetition {repetition}"))
    }
}

/// Which of the runs of its input a run of requests is: the same whenever the input is read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The one whose requests carry these names.
    Names(SampleKey),
    /// The one whose first request was the so many-th to begin a run, from 0, in an input that is read from its beginning to
    /// its end.
    Number(usize),
}

/// Below, a float of seconds tells nanoseconds apart; above it is a date, of which it tells microseconds apart.
const FINE: f64 = 1e6;

/// Brings a moment, s, to ns: a date to the nearest microsecond, which is what a float holds of it, and a time since a
/// test began to the nearest nanosecond. `None` where it is not finite.
pub fn start_ticks(seconds: f64) -> Option<i64> {
    if !seconds.is_finite() {
        return None;
    }
    let is_fine = seconds.abs() < FINE;
    let size = rounded(seconds.abs() * if is_fine { 1e9 } else { 1e6 });
    // A moment at the end of time is as absurd as one behind it.
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let ticks = if seconds < 0.0 { -size } else { size };
    Some(if is_fine { ticks } else { ticks.saturating_mul(1_000) })
}

/// Brings a latency, s, to ns; `None` where it is negative or not finite.
pub fn latency_ticks(seconds: f64) -> Option<u64> {
    (seconds.is_finite() && 0.0 <= seconds).then(|| rounded(seconds * 1e9))
}

/// A number from 0 on as the nearest whole one, or the largest that there is. Quicker than a call of `f64::round` and a
/// conversion: not all processors have instructions for these.
fn rounded(number: f64) -> u64 {
    /// From here on floats are whole: their bits behind the exponent count ones.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    if number < WHOLE { (number + WHOLE).to_bits() - WHOLE.to_bits() } else { number as u64 }
}

impl From<RequestSample> for RequestTicks {
    fn from(sample: RequestSample) -> Self {
        Self {
            start: sample.start.and_then(start_ticks),
            latency: sample.latency.and_then(latency_ticks),
            ok: sample.ok,
            bytes: sample.bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_exact_to_what_a_float_holds() {
        let table = [
            (0.000_471_448, Some(471_448)),
            (-1.5, Some(-1_500_000_000)),
            (1_790_000_000.123_456, Some(1_790_000_000_123_456_000)),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e300, Some(i64::MAX)),
        ];
        for (seconds, expected) in table {
            assert_eq!(start_ticks(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn latencies_are_rounded_to_nanoseconds() {
        let table = [
            (0.103_123, Some(103_123_000)),
            (0.0, Some(0)),
            (1e-10, Some(0)),
            (6e-10, Some(1)),
            (-1.0, None),
            (f64::NAN, None),
            (4e6, Some(4_000_000_000_000_000)),
            (5e6, Some(5_000_000_000_000_000)),
            (1e300, Some(u64::MAX)),
        ];
        for (seconds, expected) in table {
            assert_eq!(latency_ticks(seconds), expected, "{seconds}");
        }
    }
}
