//! The values of a column: one unit and one number of decimals for all of them.

use crate::record::{Metric, Unit};

/// How the values of one column are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ColumnFormat {
    /// The unit that the column's head names.
    pub(super) unit: &'static str,
    per_unit: f64,
    decimals: usize,
}

/// Units of a quantity from the largest on, each with the smallest largest value that it is taken for.
type Scale = &'static [(&'static str, f64, f64)];

const TIMES: Scale = &[("s", 0.1, 1.0), ("ms", 1e-4, 1e3), ("µs", 1e-7, 1e6), ("ns", 0.0, 1e9)];
const BYTES: Scale = &[("GB", 1e9, 1e-9), ("MB", 1e6, 1e-6), ("kB", 1e3, 1e-3), ("B", 0.0, 1.0)];
const BYTE_RATES: Scale = &[("GB/s", 1e9, 1e-9), ("MB/s", 1e6, 1e-6), ("kB/s", 1e3, 1e-3), ("B/s", 0.0, 1.0)];
const BIT_RATES: Scale = &[("Gbit/s", 1e9, 1e-9), ("Mbit/s", 1e6, 1e-6), ("kbit/s", 1e3, 1e-3), ("bit/s", 0.0, 1.0)];

/// Digits of the largest value that are shown; of the smallest at least [`LEAST`], as far as [`MOST_DECIMALS`] go. Zeros that
/// would end every value of the column are left out.
const DIGITS: i32 = 4;
const LEAST: i32 = 3;
const MOST_DECIMALS: i32 = 6;

impl ColumnFormat {
    /// The format that suits these values of a metric.
    pub(super) fn of(metric: Metric, values: impl IntoIterator<Item = f64>) -> Self {
        if metric == Metric::Throughput {
            return Self { unit: metric.unit().symbol(), per_unit: 1.0, decimals: 1 };
        }
        let unit = metric.unit();
        let values: Vec<f64> = values.into_iter().map(f64::abs).filter(|value| 0.0 < *value).collect();
        let Some(largest) = values.iter().copied().max_by(f64::total_cmp) else {
            return Self { unit: unit.symbol(), per_unit: 1.0, decimals: 0 };
        };
        let smallest = values.iter().copied().fold(largest, f64::min);
        let scale: Scale = match unit {
            Unit::Seconds => TIMES,
            Unit::Bytes => BYTES,
            Unit::BytesPerSecond => BYTE_RATES,
            Unit::BitsPerSecond => BIT_RATES,
            Unit::PerSecond | Unit::One | Unit::Other(_) => &[],
        };
        let found = scale.iter().find(|(_, from, _)| *from <= largest);
        let (unit, per_unit) = found.map_or((unit.symbol(), 1.0), |(unit, _, per_unit)| (*unit, *per_unit));
        let places = |value: f64, digits: i32| digits - 1 - (value * per_unit).log10().floor() as i32;
        let most = places(largest, DIGITS).max(places(smallest, LEAST)).clamp(0, MOST_DECIMALS) as usize;
        let needed = |value: &f64| {
            let text = format!("{:.most$}", value * per_unit);
            most.saturating_sub(text.len() - text.trim_end_matches('0').len())
        };
        Self { unit, per_unit, decimals: values.iter().map(needed).max().unwrap_or_default() }
    }

    /// One value without its unit.
    pub(super) fn show(&self, value: f64) -> String {
        grouped(&format!("{:.*}", self.decimals, value * self.per_unit))
    }

    /// One value that may be missing.
    pub(super) fn show_or_missing(&self, value: Option<f64>) -> String {
        value.map_or_else(|| MISSING.to_owned(), |value| self.show(value))
    }
}

/// What stands for a value that is not there.
pub(super) const MISSING: &str = "–";

/// A ratio with three decimals.
pub(super) fn ratio(ratio: f64) -> String {
    format!("{ratio:.3}")
}

/// The number with a comma before every three digits of its whole part, where that has five digits or more: `12,345.6`.
pub(super) fn grouped(number: &str) -> String {
    const LEAST_DIGITS: usize = 5;
    let (sign, unsigned) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let whole = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at(whole);
    if digits.len() < LEAST_DIGITS {
        return number.to_owned();
    }
    let mut text = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if 0 < index && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

/// A number with four digits that count; very large and very small ones with a power of ten.
pub(super) fn significant(value: f64) -> String {
    const DIGITS: i32 = 4;
    if !value.is_normal() {
        return "0".to_owned();
    }
    let power = value.abs().log10().floor() as i32;
    match power {
        -3..=5 => grouped(&format!("{value:.*}", usize::try_from(DIGITS - 1 - power).unwrap_or_default())),
        _ => format!("{value:.2e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Direction, OpenMetric};

    #[test]
    fn a_column_has_one_unit() {
        let table: [(&[f64], &str, &[&str]); 7] = [
            (&[4.2, 3.775, 4.5], "s", &["4.200", "3.775", "4.500"]),
            (&[4.2, 4.0], "s", &["4.2", "4.0"]),
            (&[0.105, 0.07475], "s", &["0.1050", "0.0747"]),
            (&[0.0517, 0.000_371_741], "ms", &["51.700", "0.372"]),
            (&[72650.0, 3.5], "s", &["72,650.0", "3.5"]),
            (&[1.5e-7, 0.0], "µs", &["0.15", "0.00"]),
            (&[0.0], "s", &["0"]),
        ];
        for (times, unit, expected) in table {
            let format = ColumnFormat::of(Metric::TotalTime, times.iter().copied());
            let shown: Vec<String> = times.iter().map(|time| format.show(*time)).collect();
            assert_eq!((format.unit, shown), (unit, expected.iter().map(ToString::to_string).collect()));
        }
    }

    #[test]
    fn sizes_and_rates_have_units_of_their_own() {
        let table = [
            ("memory", Unit::Bytes, 734_003_200.0, "734 MB"),
            ("read", Unit::BytesPerSecond, 1250.0, "1.25 kB/s"),
            ("sent", Unit::BitsPerSecond, 9.41e9, "9.41 Gbit/s"),
            ("output", "tokens/s".into(), 1850.25, "1850 tokens/s"),
            ("reads", Unit::PerSecond, 12.5, "12.5 1/s"),
            ("slowdown", Unit::One, 0.0, "0 1"),
        ];
        for (name, unit, value, expected) in table {
            let metric = Metric::Open(OpenMetric::new(name, unit, Direction::Unclear));
            let format = ColumnFormat::of(metric, [value]);
            assert_eq!(format!("{} {}", format.show(value), format.unit), expected);
        }
    }

    #[test]
    fn thousands_are_set_off_from_five_digits_on() {
        let table = [
            ("1234.5", "1234.5"),
            ("12345.6789", "12,345.6789"),
            ("-1234567", "-1,234,567"),
            ("–", "–"),
            ("1.2e9", "1.2e9"),
        ];
        for (number, expected) in table {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn four_digits_count() {
        let table = [
            (995.6486, "995.6"),
            (12_341.7, "12,342"),
            (0.026_715_9, "0.02672"),
            (7.69e-4, "7.69e-4"),
            (1.0, "1.000"),
            (0.0, "0"),
            (2.5e9, "2.50e9"),
        ];
        for (value, expected) in table {
            assert_eq!(significant(value), expected);
        }
    }
}
