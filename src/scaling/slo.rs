//! Objectives for latency, errors and throughput, as people write them: `p99<200ms,errors<1%`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::series::goodput;
use crate::record::{Metric, Run};

/// A service level objective: conditions that all have to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Slo {
    text: String,
    conditions: Vec<Condition>,
}

/// One condition of an objective.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    /// As it was written.
    pub(super) text: String,
    quantity: Quantity,
    is_upper_limit: bool,
    /// Whether the limit itself is allowed.
    allows_equality: bool,
    /// s, a share, or 1/s.
    limit: f64,
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    LatencyMean,
    LatencyP50,
    LatencyP75,
    LatencyP90,
    LatencyP95,
    LatencyP99,
    LatencyP999,
    LatencyMin,
    LatencyMax,
    Errors,
    Throughput,
    Goodput,
}

/// What can be limited, by the names that it has.
const QUANTITIES: [(&[&str], Quantity); 12] = [
    (&["p50", "median"], Quantity::LatencyP50),
    (&["p75"], Quantity::LatencyP75),
    (&["p90"], Quantity::LatencyP90),
    (&["p95"], Quantity::LatencyP95),
    (&["p99"], Quantity::LatencyP99),
    (&["p99.9", "p99_9", "p999"], Quantity::LatencyP999),
    (&["mean", "avg"], Quantity::LatencyMean),
    (&["min"], Quantity::LatencyMin),
    (&["max"], Quantity::LatencyMax),
    (&["errors", "error_rate"], Quantity::Errors),
    (&["throughput", "rps"], Quantity::Throughput),
    (&["goodput"], Quantity::Goodput),
];

/// Seconds per unit of time.
const TIMES: [(&str, f64); 5] = [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0)];

/// Why a text is no objective.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SloError {
    /// There is no condition.
    #[error("there is no condition; write one such as p99<200ms, or several as in 'p99<200ms,errors<1%'")]
    Empty,
    /// A condition has no comparison.
    #[error("{condition:?} has none of <, <=, > and >=; write it as in p99<200ms")]
    NoComparison {
        /// The condition.
        condition: String,
    },
    /// What is to be limited is not known.
    #[error(
        "{name:?} can't be limited; there are p50, p75, p90, p95, p99, p99.9, mean (avg), min, max, errors, throughput and goodput"
    )]
    UnknownQuantity {
        /// What was written.
        name: String,
    },
    /// The limit is no number, or one that nothing can have.
    #[error("{limit:?} is no limit; a positive number is expected, such as {example}")]
    BadLimit {
        /// What was written.
        limit: String,
        /// What could stand there.
        example: &'static str,
    },
    /// A unit is missing or does not fit.
    #[error("{limit:?} has no unit that fits {name}: {expected}")]
    BadUnit {
        /// What is limited.
        name: String,
        /// What was written.
        limit: String,
        /// What could stand there.
        expected: &'static str,
    },
    /// A limit that makes every fast answer a violation, or praises errors.
    #[error("{condition:?} limits {name} from the wrong side; write {name} with {expected}")]
    WrongSide {
        /// The condition.
        condition: String,
        /// What is limited.
        name: String,
        /// What could stand there.
        expected: &'static str,
    },
}

impl Slo {
    /// The conditions; one or more.
    pub(super) fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}

impl fmt::Display for Slo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl FromStr for Slo {
    type Err = SloError;

    fn from_str(text: &str) -> Result<Self, SloError> {
        let parts = text.split([',', ';', '&']).map(str::trim).filter(|part| !part.is_empty());
        let conditions: Vec<Condition> = parts.map(Condition::parse).collect::<Result<_, _>>()?;
        if conditions.is_empty() {
            return Err(SloError::Empty);
        }
        let texts: Vec<&str> = conditions.iter().map(|condition| condition.text.as_str()).collect();
        Ok(Self { text: texts.join(","), conditions })
    }
}

impl Condition {
    fn parse(text: &str) -> Result<Self, SloError> {
        let text: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| match c {
                '≤' => "<=".to_owned(),
                '≥' => ">=".to_owned(),
                c => c.to_string(),
            })
            .collect();
        let no_comparison = || SloError::NoComparison { condition: text.clone() };
        let at = text.find(['<', '>']).ok_or_else(no_comparison)?;
        let (name, rest) = text.split_at(at);
        let is_upper_limit = rest.starts_with('<');
        let rest = rest.get(1..).unwrap_or_default();
        let allows_equality = rest.starts_with('=');
        let limit = rest.strip_prefix('=').unwrap_or(rest);
        let lower = name.to_ascii_lowercase();
        let lower = lower.strip_prefix("latency_").unwrap_or(&lower);
        let quantity = QUANTITIES.iter().find(|(names, _)| names.contains(&lower)).map(|(_, quantity)| *quantity);
        let quantity = quantity.ok_or_else(|| SloError::UnknownQuantity { name: name.to_owned() })?;
        let wrong_side = |expected| SloError::WrongSide { condition: text.clone(), name: name.to_owned(), expected };
        match (quantity, is_upper_limit) {
            (Quantity::Throughput | Quantity::Goodput, true) => return Err(wrong_side("> or >=")),
            (Quantity::Throughput | Quantity::Goodput, false) | (_, true) => {}
            (_, false) => return Err(wrong_side("< or <=")),
        }
        let limit = quantity.limit(name, limit)?;
        Ok(Self { quantity, is_upper_limit, allows_equality, limit, text })
    }

    /// Its value for one run; `None` where the run does not have it.
    pub(super) fn value(&self, run: &Run) -> Option<f64> {
        let latency = &run.latency;
        match self.quantity {
            Quantity::LatencyMean => latency.mean,
            Quantity::LatencyP50 => latency.p50,
            Quantity::LatencyP75 => latency.p75,
            Quantity::LatencyP90 => latency.p90,
            Quantity::LatencyP95 => latency.p95,
            Quantity::LatencyP99 => latency.p99,
            Quantity::LatencyP999 => latency.p99_9,
            Quantity::LatencyMin => latency.min,
            Quantity::LatencyMax => latency.max,
            Quantity::Errors => run.error_rate(),
            Quantity::Throughput => Metric::Throughput.of(run),
            Quantity::Goodput => goodput(run),
        }
    }

    /// Whether a value satisfies it.
    pub(super) fn is_met(&self, value: f64) -> bool {
        let is_inside = if self.is_upper_limit { value < self.limit } else { self.limit < value };
        is_inside || (self.allows_equality && value.total_cmp(&self.limit).is_eq())
    }

    /// The value that is allowed at most, or has to be reached.
    pub(super) fn limit(&self) -> f64 {
        self.limit
    }

    /// Whether smaller values are the better ones.
    pub(super) fn is_upper_limit(&self) -> bool {
        self.is_upper_limit
    }
}

impl Quantity {
    /// The limit in s, as a share, or in 1/s.
    fn limit(self, name: &str, text: &str) -> Result<f64, SloError> {
        let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+' | '_')).unwrap_or(text.len());
        let (digits, unit) = text.split_at(end);
        let (example, expected, factor) = match self {
            Self::Errors => {
                ("1%", "use %, or a share without a unit, as in 1% or 0.01", [("%", 0.01), ("", 1.0)].as_slice())
            }
            Self::Throughput | Self::Goodput => (
                "500/s",
                "use requests per second, as in 500 or 500/s",
                [("", 1.0), ("/s", 1.0), ("rps", 1.0), ("req/s", 1.0), ("k", 1e3), ("k/s", 1e3)].as_slice(),
            ),
            _ => ("200ms", "use ns, us, ms or s, as in 200ms", TIMES.as_slice()),
        };
        let number: Option<f64> = digits.replace('_', "").parse().ok();
        let number = number.filter(|number| number.is_finite() && 0.0 <= *number);
        let number = number.ok_or_else(|| SloError::BadLimit { limit: text.to_owned(), example })?;
        let factor = factor.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
        let bad_unit = || SloError::BadUnit { name: name.to_owned(), limit: text.to_owned(), expected };
        let limit = number * factor.ok_or_else(bad_unit)?;
        let is_possible = match self {
            Self::Errors => limit <= 1.0,
            Self::Throughput | Self::Goodput => limit.is_finite(),
            _ => 0.0 < limit,
        };
        if is_possible { Ok(limit) } else { Err(SloError::BadLimit { limit: text.to_owned(), example }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write() {
        let table: [(&str, &[f64]); 7] = [
            ("p99<200ms,errors<1%", &[0.2, 0.01]),
            (" P99.9 <= 1.5 s ; throughput > 1_000/s", &[1.5, 1000.0]),
            ("avg<300us", &[0.0003]),
            ("latency_p95≤250µs", &[0.00025]),
            ("errors<=0", &[0.0]),
            ("errors<0.02", &[0.02]),
            ("goodput>=2k", &[2000.0]),
        ];
        for (text, limits) in table {
            let slo: Slo = text.parse().unwrap();
            let found: Vec<f64> = slo.conditions().iter().map(Condition::limit).collect();
            assert_eq!(found.len(), limits.len(), "{text}");
            for (found, expected) in found.iter().zip(limits) {
                assert!((found - expected).abs() < 1e-12, "{text}: {found}");
            }
        }
        assert_eq!("p99 < 200ms , errors < 1%".parse::<Slo>().unwrap().to_string(), "p99<200ms,errors<1%");
    }

    #[test]
    fn what_makes_no_sense_is_told_with_what_would() {
        let table = [
            ("", "there is no condition"),
            ("p99", "none of <, <=, > and >="),
            ("p42<1s", "can't be limited; there are p50"),
            ("p99<200", "use ns, us, ms or s"),
            ("p99<200%", "use ns, us, ms or s"),
            ("p99<ms", "a positive number is expected"),
            ("p99<-3ms", "a positive number is expected"),
            ("p99<0ms", "a positive number is expected"),
            ("errors<200%", "a positive number is expected"),
            ("errors<3ms", "use %"),
            ("p99>200ms", "from the wrong side"),
            ("throughput<10", "from the wrong side"),
            ("p99<<1s", "a positive number is expected"),
        ];
        for (text, expected) in table {
            let error = text.parse::<Slo>().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_limit_is_inside_only_where_it_says_so() {
        let condition = |text: &str| Condition::parse(text).unwrap();
        assert!(!condition("p99<1s").is_met(1.0) && condition("p99<=1s").is_met(1.0));
        assert!(!condition("throughput>5").is_met(5.0) && condition("throughput>=5").is_met(5.0));
    }
}
