//! One value with its unit, as it stands in a sentence or in a table whose rows have different units.

use super::number::{ColumnFormat, grouped, ratio, significant};
use crate::compare::{Change, Scale};
use crate::record::{Metric, Unit};

/// Beyond this a number is written with an exponent, as it would take a line of digits otherwise.
const MOST: f64 = 1e9;

/// A value with its unit: `105 ms`, `2018.4/s`, `734 MB`, `1.25%` for an error rate.
pub(super) fn quantity(value: f64, metric: Metric) -> String {
    let unit = metric.unit();
    let has_prefixes = matches!(unit, Unit::Bytes | Unit::BytesPerSecond | Unit::BitsPerSecond);
    match (metric, unit) {
        _ if MOST <= value.abs() && !has_prefixes => format!("{value:.3e} {unit}"),
        (Metric::ErrorRate, _) => format!("{:.2}%", value * 100.0),
        (_, Unit::One) => significant(value),
        (_, Unit::PerSecond) => format!("{}/s", grouped(&format!("{value:.1}"))),
        _ => {
            let format = ColumnFormat::of(metric, [value]);
            format!("{} {}", format.show(value), format.unit)
        }
    }
}

/// What changed: the ratio, or the difference with its sign and unit; `None` where there is neither.
pub(super) fn effect(change: &Change) -> Option<String> {
    match change.scale {
        Scale::Ratio => change.ratio.map(short_ratio),
        Scale::Difference => change.difference.map(|difference| signed(difference, change.metric)),
    }
}

/// The ends of the interval of what changed.
pub(super) fn effect_interval(change: &Change) -> Option<[String; 2]> {
    let (low, high) = (change.ci_low?, change.ci_high?);
    Some(match change.scale {
        Scale::Ratio => [short_ratio(low), short_ratio(high)],
        Scale::Difference => [signed(low, change.metric), signed(high, change.metric)],
    })
}

/// A probability with as many digits as anybody reads: `0.0312`, `< 0.0001`.
pub(super) fn probability(p: f64) -> String {
    if p < 1e-4 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

/// The value with so many significant digits, without an exponent.
pub(super) fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.saturating_sub(1)).parse().unwrap_or(value)
}

fn short_ratio(value: f64) -> String {
    if MOST <= value.abs() { format!("{value:.3e}") } else { ratio(value) }
}

fn signed(value: f64, metric: Metric) -> String {
    let sign = if value < 0.0 { "" } else { "+" };
    format!("{sign}{}", quantity(value, metric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Direction, OpenMetric};

    fn open(name: &str, unit: Unit) -> Metric {
        Metric::Open(OpenMetric::new(name, unit, Direction::LowerIsBetter))
    }

    #[test]
    fn values_carry_their_units() {
        let table = [
            (0.105, Metric::TotalTime, "0.105 s"),
            (0.0105, Metric::TotalTime, "10.5 ms"),
            (2018.44, Metric::Throughput, "2018.4/s"),
            (0.0125, Metric::ErrorRate, "1.25%"),
            (0.0, Metric::TotalTime, "0 s"),
            (1e300, Metric::TotalTime, "1.000e300 s"),
            (2.5, open("slowdown", Unit::One), "2.500"),
            (7.5e9, open("memory", Unit::Bytes), "7.5 GB"),
            (1850.2, open("output", "tokens/s".into()), "1850 tokens/s"),
        ];
        for (value, metric, expected) in table {
            assert_eq!(quantity(value, metric), expected);
        }
        let signed = |value| signed(value, Metric::ErrorRate);
        assert_eq!((signed(-0.01), signed(0.01)), ("-1.00%".to_owned(), "+1.00%".to_owned()));
    }

    #[test]
    fn rounding_keeps_significant_digits() {
        let table = [(0.123_456, "0.123"), (1234.5, "1230"), (0.0, "0"), (9.996, "10"), (-0.000_123_44, "-0.000123")];
        for (value, expected) in table {
            assert_eq!(rounded(value, 3).to_string(), expected);
        }
    }
}
