//! Units of time: behind a number (`105ms`) and in a column's name (`latency_ms`, `total_time (s)`).

/// The usual spellings of units of time, with their seconds.
const SPELLINGS: [(&[&str], f64); 6] = [
    (&["ns", "nsec", "nanos", "nanosecond", "nanoseconds", "纳秒"], 1e-9),
    (&["us", "µs", "μs", "usec", "micros", "microsecond", "microseconds", "微秒"], 1e-6),
    (&["ms", "msec", "msecs", "millis", "millisecond", "milliseconds", "毫秒"], 1e-3),
    (&["s", "sec", "secs", "second", "seconds", "秒"], 1.0),
    (&["m", "min", "mins", "minute", "minutes", "分钟"], 60.0),
    (&["h", "hr", "hrs", "hour", "hours", "小时"], 3600.0),
];

/// The seconds in a unit of time, by its name.
pub(crate) fn seconds_in(unit: &str) -> Option<f64> {
    SPELLINGS.iter().find(|(spellings, _)| spellings.contains(&unit)).map(|(_, seconds)| *seconds)
}

/// Reads a duration with its unit, or several of them in a row: `1.5s`, `105 ms`, `1m2.5s`. Returns seconds.
///
/// A bare number has no unit and is not a duration here.
pub(crate) fn duration(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    let mut seconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|&end| 0 < end)?;
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let end = tail.find(|c: char| c.is_ascii_digit() || c.is_whitespace()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        seconds += number.parse::<f64>().ok()? * seconds_in(unit)?;
        rest = tail.trim_start();
    }
    Some(seconds)
}

/// Takes a unit of time off the end of a column's name that is in lower case with single underscores.
///
/// Returns the rest, and the seconds in the unit where there was one. A single letter counts only in brackets or
/// behind an underscore, as `total_time_s`; `m` never does, as it may stand for many things.
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
        Some(seconds) if unit != "m" && unit != "h" => (rest.trim_end_matches('_'), Some(seconds)),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let table = [
            ("183.00us", Some(183.00 * 1e-6)),
            ("105 ms", Some(0.105)),
            ("2.11s", Some(2.11)),
            ("1m2.5s", Some(62.5)),
            ("1h30m", Some(5400.0)),
            ("88.2µs", Some(88.2 * 1e-6)),
            ("2 h 5 min", Some(7500.0)),
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
            ("p(95)", "p(95)", None),
            ("total_time", "total_time", None),
            ("ms", "ms", None),
        ];
        for (name, rest, seconds) in table {
            assert_eq!(split_name(name), (rest, seconds), "{name}");
        }
    }
}
