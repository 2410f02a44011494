//! Times in a column: one unit and one number of decimals for all of them.

/// How the times of one column are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TimeFormat {
    /// The unit that the column's head names.
    pub(super) unit: &'static str,
    per_second: f64,
    decimals: usize,
}

/// Units from the longest on, each with the smallest largest time that it is taken for.
const UNITS: [(&str, f64, f64); 4] = [("s", 0.1, 1.0), ("ms", 1e-4, 1e3), ("µs", 1e-7, 1e6), ("ns", 0.0, 1e9)];

/// So many digits of the largest value are shown, and at least [`LEAST`] of the smallest, as far as [`MOST_DECIMALS`] go.
const DIGITS: i32 = 5;
const LEAST: i32 = 3;
const MOST_DECIMALS: i32 = 6;

impl TimeFormat {
    /// The format that suits these times, s.
    pub(super) fn of(times: impl IntoIterator<Item = f64>) -> Self {
        let mut largest = 0.0_f64;
        let mut smallest = f64::INFINITY;
        for time in times.into_iter().map(f64::abs).filter(|time| 0.0 < *time) {
            largest = largest.max(time);
            smallest = smallest.min(time);
        }
        if largest <= 0.0 {
            return Self { unit: "s", per_second: 1.0, decimals: 1 };
        }
        let (unit, _, per_second) = UNITS.into_iter().find(|(_, from, _)| *from <= largest).unwrap_or(("s", 0.0, 1.0));
        let places = |time: f64, digits: i32| digits - 1 - (time * per_second).log10().floor() as i32;
        let decimals = places(largest, DIGITS).max(places(smallest, LEAST)).clamp(0, MOST_DECIMALS);
        Self { unit, per_second, decimals: decimals as usize }
    }

    /// One time, s, without its unit.
    pub(super) fn show(&self, time: f64) -> String {
        format!("{:.*}", self.decimals, time * self.per_second)
    }

    /// One time that may be missing.
    pub(super) fn show_or_missing(&self, time: Option<f64>) -> String {
        time.map_or_else(|| MISSING.to_owned(), |time| self.show(time))
    }
}

/// What stands for a value that is not there.
pub(super) const MISSING: &str = "–";

/// A ratio with three decimals.
pub(super) fn ratio(ratio: f64) -> String {
    format!("{ratio:.3}")
}

/// A number with four digits that count; very large and very small ones with a power of ten.
pub(super) fn significant(value: f64) -> String {
    const DIGITS: i32 = 4;
    if !value.is_normal() {
        return "0".to_owned();
    }
    let power = value.abs().log10().floor() as i32;
    match power {
        -3..=5 => format!("{value:.*}", usize::try_from(DIGITS - 1 - power).unwrap_or_default()),
        _ => format!("{value:.2e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_one_unit() {
        let table: [(&[f64], &str, &[&str]); 6] = [
            (&[4.2, 3.775, 4.5], "s", &["4.2000", "3.7750", "4.5000"]),
            (&[0.105, 0.07475], "s", &["0.10500", "0.07475"]),
            (&[0.0517, 0.000_371_741], "ms", &["51.700", "0.372"]),
            (&[7265.0, 3.5], "s", &["7265.00", "3.50"]),
            (&[1.5e-7, 0.0], "µs", &["0.15000", "0.00000"]),
            (&[0.0], "s", &["0.0"]),
        ];
        for (times, unit, expected) in table {
            let format = TimeFormat::of(times.iter().copied());
            let shown: Vec<String> = times.iter().map(|time| format.show(*time)).collect();
            assert_eq!((format.unit, shown), (unit, expected.iter().map(ToString::to_string).collect()));
        }
    }

    #[test]
    fn four_digits_count() {
        let table = [
            (995.6486, "995.6"),
            (12_341.7, "12342"),
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
