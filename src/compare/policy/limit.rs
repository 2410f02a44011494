//! Absolute limits: `p99 < 200ms @ concurrency=100`, `errors < 1%`, `throughput > 1000 @ framework=gin`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::parse_metric;
use super::pattern::SeriesPattern;
use crate::record::Metric;

/// What a value of the candidate must keep to, whatever it was before.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// What is limited.
    pub metric: Metric,
    /// On which side of the value it has to stay.
    pub bound: Bound,
    /// In the unit of the metric: s, 1/s, or a share.
    pub value: f64,
    /// The framework that is meant; all where there is none.
    pub framework: Option<SeriesPattern>,
    /// The scenario that is meant; all where there is none.
    pub scenario: Option<SeriesPattern>,
    /// The level that is meant; all where there is none.
    pub concurrency: Option<u32>,
    text: String,
}

/// On which side of a limit a value has to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// A limit that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is no limit: {why}; write it like 'p99 < 200ms @ concurrency=100' or 'errors < 1%'")]
pub struct LimitError {
    text: String,
    why: String,
}

/// The signs of bounds; the longer ones first, as the others begin them.
const SIGNS: [(&str, Bound); 4] =
    [("<=", Bound::AtMost), (">=", Bound::AtLeast), ("<", Bound::Below), (">", Bound::Above)];

/// Units of time, in seconds; longer endings first.
const TIMES: [(&str, f64); 6] = [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("min", 60.0), ("s", 1.0)];

impl Limit {
    /// Whether it speaks of a cell.
    pub fn speaks_of(&self, framework: &str, scenario: &str, concurrency: Option<u32>) -> bool {
        let fits =
            |pattern: &Option<SeriesPattern>, name| pattern.as_ref().is_none_or(|pattern| pattern.matches_text(name));
        fits(&self.framework, framework)
            && fits(&self.scenario, scenario)
            && self.concurrency.is_none_or(|level| Some(level) == concurrency)
    }

    /// Whether a value keeps to it.
    pub fn holds(&self, value: f64) -> bool {
        match self.bound {
            Bound::Below => value < self.value,
            Bound::AtMost => value <= self.value,
            Bound::Above => self.value < value,
            Bound::AtLeast => self.value <= value,
        }
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |why: String| LimitError { text: text.to_owned(), why };
        let (condition, place) =
            text.split_once('@').map_or((text, None), |(condition, place)| (condition, Some(place)));
        let split = |(sign, bound): (&str, Bound)| condition.split_once(sign).map(|(name, value)| (name, bound, value));
        let (name, bound, value) =
            SIGNS.into_iter().find_map(split).ok_or_else(|| error("it has no <, <=, > or >=".to_owned()))?;
        let metric = parse_metric(name.trim()).map_err(error)?;
        let value = parse_value(value.trim(), metric).map_err(error)?;
        let mut limit = Self {
            metric,
            bound,
            value,
            framework: None,
            scenario: None,
            concurrency: None,
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        for part in place.into_iter().flat_map(|place| place.split(',')) {
            let (key, value) = part
                .split_once('=')
                .map(|(key, value)| (key.trim(), value.trim()))
                .filter(|(_, value)| !value.is_empty())
                .ok_or_else(|| error(format!("{:?} is not of the form key=value", part.trim())))?;
            match key {
                "framework" => limit.framework = Some(SeriesPattern::new(value)),
                "scenario" => limit.scenario = Some(SeriesPattern::new(value)),
                "concurrency" => {
                    let level = value.parse().map_err(|_| error(format!("{value:?} is no level")))?;
                    limit.concurrency = Some(level);
                }
                _ => {
                    return Err(error(format!(
                        "there is no key {key:?}; there are framework, scenario and concurrency"
                    )));
                }
            }
        }
        Ok(limit)
    }
}

/// A value with its unit, in the unit of the metric.
fn parse_value(text: &str, metric: Metric) -> Result<f64, String> {
    let number = |text: &str, factor: f64| {
        let number: f64 = text.trim().parse().map_err(|_| format!("{text:?} is no number"))?;
        let value = number * factor;
        if 0.0 <= value && value.is_finite() { Ok(value) } else { Err(format!("{text:?} is out of range")) }
    };
    match metric {
        Metric::ErrorRate => match text.strip_suffix('%') {
            Some(percent) => number(percent, 0.01),
            None => number(text, 1.0),
        },
        Metric::Throughput => number(text.strip_suffix("/s").unwrap_or(text), 1.0),
        _ => {
            let (text, factor) = TIMES
                .into_iter()
                .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))
                .ok_or_else(|| format!("{text:?} has no unit; there are ns, us, ms, s and min"))?;
            number(text, factor)
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read() {
        let limit: Limit = "p99 < 200ms @ concurrency=100, framework=gi*".parse().unwrap();
        assert_eq!((limit.metric, limit.bound, limit.concurrency), (Metric::LatencyP99, Bound::Below, Some(100)));
        assert!((limit.value - 0.2).abs() < 1e-15);
        assert!(limit.speaks_of("gin", "", Some(100)) && !limit.speaks_of("gin", "", Some(10)));
        assert!(!limit.speaks_of("echo", "", Some(100)) && !limit.speaks_of("gin", "", None));
        assert!(limit.holds(0.199) && !limit.holds(limit.value));
        assert_eq!(limit.to_string(), "p99 < 200ms @ concurrency=100, framework=gi*");

        let table = [
            ("errors<1%", Metric::ErrorRate, Bound::Below, 0.01),
            ("errors <= 0", Metric::ErrorRate, Bound::AtMost, 0.0),
            ("throughput > 1000/s", Metric::Throughput, Bound::Above, 1000.0),
            ("avg_time_per_request >= 3us", Metric::AvgTimePerRequest, Bound::AtLeast, 3e-6),
            ("total_time < 2min", Metric::TotalTime, Bound::Below, 120.0),
        ];
        for (text, metric, bound, value) in table {
            let limit: Limit = text.parse().unwrap();
            assert_eq!((limit.metric, limit.bound), (metric, bound), "{text}");
            assert!((limit.value - value).abs() < 1e-12, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_says_why() {
        for (text, why) in [
            ("p99 200ms", "no <"),
            ("p98 < 200ms", "there is no metric"),
            ("p99 < 200", "has no unit"),
            ("p99 < fastms", "is no number"),
            ("p99 < -1ms", "out of range"),
            ("p99 < 1ms @ level=10", "there is no key \"level\""),
            ("p99 < 1ms @ concurrency=many", "is no level"),
            ("p99 < 1ms @ gin", "key=value"),
        ] {
            let error = text.parse::<Limit>().unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
