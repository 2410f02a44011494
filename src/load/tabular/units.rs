//! Units of time: behind a number (`105ms`) and in a column's name (`latency_ms`, `total_time (s)`).

/// The usual spellings of units of time, with their seconds.
const SPELLINGS: [(&[&str], f64); 7] = [
    (&["ns", "nsec", "nanos", "nanosecond", "nanoseconds", "纳秒"], 1e-9),
    (&["us", "µs", "μs", "usec", "micros", "microsecond", "microseconds", "微秒"], 1e-6),
    (&["ms", "msec", "msecs", "millis", "millisecond", "milliseconds", "毫秒"], 1e-3),
    (&["s", "sec", "secs", "second", "seconds", "秒"], 1.0),
    (&["m", "min", "mins", "minute", "minutes", "分钟"], 60.0),
    (&["h", "hr", "hrs", "hour", "hours", "小时"], 3600.0),
    (&["d", "day", "days", "天"], 86_400.0),
];

/// One spelling of each unit, for messages.
pub(crate) const NAMES: [&str; 7] = ["ns", "us", "ms", "s", "min", "h", "d"];

/// The seconds in a unit of time, by its name. Upper and lower case are the same, but for M, which is mega.
pub(crate) fn seconds_in(unit: &str) -> Option<f64> {
    let find = |unit: &str| SPELLINGS.iter().find(|(spellings, _)| spellings.contains(&unit)).map(|entry| entry.1);
    find(unit).or_else(|| if unit == "M" { None } else { find(&unit.to_lowercase()) })
}

/// Brings a number to seconds, given the seconds in its unit. Where these are a fraction, which a float can't hold, it
/// divides by their reciprocal, which it can: 183 µs is 0.000183 s to the last digit.
pub(crate) fn to_seconds(number: f64, seconds_in_unit: f64) -> f64 {
    if seconds_in_unit < 1.0 { number / seconds_in_unit.recip().round() } else { number * seconds_in_unit }
}

/// Reads a duration with its unit, or several of them in a row: `1.5s`, `105 ms`, `1m2.5s`, `1e-3 s`. Returns seconds.
///
/// A bare number has no unit and is not a duration here.
pub(crate) fn duration(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    let mut seconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (number, tail) = rest.split_at(number_length(rest)?);
        let tail = tail.trim_start();
        let end = tail.find(|c: char| c.is_ascii_digit() || c.is_whitespace()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        seconds += written_in(number, seconds_in(unit)?)?;
        rest = tail.trim_start();
    }
    Some(seconds)
}

/// As [`to_seconds`], of a number as it is written: 5.747 is no float, so a unit that is a power of ten goes into the text.
fn written_in(number: &str, seconds_in_unit: f64) -> Option<f64> {
    let value = number.parse().ok()?;
    if 1.0 <= seconds_in_unit || number.contains(['e', 'E']) {
        return Some(to_seconds(value, seconds_in_unit));
    }
    format!("{number}e{}", seconds_in_unit.log10().round()).parse().ok()
}

/// How many bytes of the text are a number without a sign, its exponent included; `None` where it begins with none.
fn number_length(text: &str) -> Option<usize> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mantissa = text.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|&end| 0 < end)?;
    let exponent = text.get(mantissa..)?.strip_prefix(['e', 'E']).map(|tail| {
        let sign = usize::from(tail.starts_with(['+', '-']));
        (sign, digits(tail.get(sign..).unwrap_or_default()))
    });
    Some(match exponent {
        Some((sign, digits)) if 0 < digits => mantissa + 1 + sign + digits,
        _ => mantissa,
    })
}

/// Takes a unit of time off the end of a column's name that is in lower case with single underscores.
///
/// Returns the rest, and the seconds in the unit where there was one. A single letter counts only in brackets or
/// behind an underscore, as `total_time_s`; `m`, `h`, `d` and `day` never do, as they may stand for many things.
pub(crate) fn split_name(name: &str) -> (&str, Option<f64>) {
    let whole = (name, None);
    let (rest, unit) = match name.strip_suffix([')', ']', '）']) {
        Some(opened) => match opened.rfind(['(', '[', '（']) {
            Some(bracket) => {
                let (rest, unit) = opened.split_at(bracket);
                (rest, unit.trim_start_matches(['(', '[', '（']))
            }
            None => return whole,
        },
        None => match name.rsplit_once('_') {
            Some(parts) => parts,
            None => return whole,
        },
    };
    match seconds_in(unit.trim_matches('_')) {
        Some(seconds) if !["m", "h", "d", "day"].contains(&unit) => (rest.trim_end_matches('_'), Some(seconds)),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let table = [
            ("183.00us", Some(0.000_183)),
            ("105 ms", Some(0.105)),
            ("2.11s", Some(2.11)),
            ("1m2.5s", Some(62.5)),
            ("1h30m", Some(5400.0)),
            ("88.2µs", Some(0.000_088_2)),
            ("2 h 5 min", Some(7500.0)),
            ("183us", Some(0.000_183)),
            ("250ms", Some(0.25)),
            ("5.747ms", Some(0.005_747)),
            ("1e-3s", Some(1e-3)),
            ("1.5E+2 ms", Some(0.15)),
            ("105 MS", Some(0.105)),
            ("1.5 Sec", Some(1.5)),
            ("88.2µS", Some(0.000_088_2)),
            ("1d2h", Some(93_600.0)),
            ("2 Days", Some(172_800.0)),
            ("5M", None),
            ("1e-s", None),
            ("5", None),
            ("", None),
            ("ms", None),
            ("false ms", None),
            ("1.2.3s", None),
            ("-5ms", None),
            ("5 parsecs", None),
        ];
        for (text, expected) in table {
            assert_eq!(duration(text), expected, "{text}");
        }
    }

    #[test]
    fn units_in_names() {
        let table = [
            ("latency_ms", "latency", Some(1e-3)),
            ("total_time_(s)", "total_time", Some(1.0)),
            ("total_time[us]", "total_time", Some(1e-6)),
            ("总时间(秒)", "总时间", Some(1.0)),
            ("总时间（毫秒）", "总时间", Some(1e-3)),
            ("duration_seconds", "duration", Some(1.0)),
            ("latency_s", "latency", Some(1.0)),
            ("items_m", "items_m", None),
            ("requests_day", "requests_day", None),
            ("p(95)", "p(95)", None),
            ("total_time", "total_time", None),
            ("ms", "ms", None),
        ];
        for (name, rest, seconds) in table {
            assert_eq!(split_name(name), (rest, seconds), "{name}");
        }
    }
}
