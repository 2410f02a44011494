//! One value with its unit, as it stands in a sentence or in a table whose rows have different units.

use super::number::{TimeFormat, ratio};
use crate::compare::{Change, Scale};

/// Beyond this a number is written with an exponent, as it would take a line of digits otherwise.
const MOST: f64 = 1e9;

/// A value with its unit: `105.00 ms`, `2018.4 1/s`, `1.25 %` for a share.
pub(super) fn quantity(value: f64, unit: &str) -> String {
    match unit {
        _ if MOST <= value.abs() => format!("{value:.3e} {unit}"),
        "s" => {
            let format = TimeFormat::of([value]);
            format!("{} {}", format.show(value), format.unit)
        }
        "1" => format!("{:.2} %", value * 100.0),
        unit => format!("{value:.1} {unit}"),
    }
}

/// What changed: the ratio, or the difference with its sign and unit; `None` where there is neither.
pub(super) fn effect(change: &Change) -> Option<String> {
    match change.scale {
        Scale::Ratio => change.ratio.map(short_ratio),
        Scale::Difference => change.difference.map(|difference| signed(difference, &change.unit)),
    }
}

/// The ends of the interval of what changed.
pub(super) fn effect_interval(change: &Change) -> Option<[String; 2]> {
    let (low, high) = (change.ci_low?, change.ci_high?);
    Some(match change.scale {
        Scale::Ratio => [short_ratio(low), short_ratio(high)],
        Scale::Difference => [signed(low, &change.unit), signed(high, &change.unit)],
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

fn signed(value: f64, unit: &str) -> String {
    let sign = if value < 0.0 { "" } else { "+" };
    format!("{sign}{}", quantity(value, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_carry_their_units() {
        let table = [
            (0.105, "s", "0.10500 s"),
            (0.0105, "s", "10.500 ms"),
            (2018.44, "1/s", "2018.4 1/s"),
            (0.0125, "1", "1.25 %"),
            (0.0, "s", "0.0 s"),
            (1e300, "s", "1.000e300 s"),
        ];
        for (value, unit, expected) in table {
            assert_eq!(quantity(value, unit), expected);
        }
        assert_eq!((signed(-0.01, "1"), signed(0.01, "1")), ("-1.00 %".to_owned(), "+1.00 %".to_owned()));
    }

    #[test]
    fn rounding_keeps_significant_digits() {
        let table = [(0.123_456, "0.123"), (1234.5, "1230"), (0.0, "0"), (9.996, "10"), (-0.000_123_44, "-0.000123")];
        for (value, expected) in table {
            assert_eq!(rounded(value, 3).to_string(), expected);
        }
    }
}
