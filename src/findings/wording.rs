//! How numbers, names and sentences read, in each language.

use crate::language::Language;
use crate::record::{CellKey, Column, Metric};

/// Puts what was found into words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wording<'a> {
    /// The language of every sentence.
    pub(crate) language: Language,
    /// What the levels are: `concurrency`, or the name of a parameter.
    pub(crate) axis: &'a str,
}

impl Wording<'_> {
    /// The one of two sentences that is in the language.
    pub(crate) fn say(self, english: impl Into<String>, chinese: impl Into<String>) -> String {
        self.language.pick(english.into(), chinese.into())
    }

    /// What the levels are, as it stands in a sentence.
    pub(crate) fn axis(self) -> String {
        match self.language {
            Language::Chinese if self.axis == Column::Concurrency.name() => "并发数".to_owned(),
            _ => self.axis.to_owned(),
        }
    }

    /// What people call a metric.
    pub(crate) fn metric(self, metric: Metric) -> &'static str {
        metric.name_in(self.language)
    }

    /// How one compares with another: `1.11 times as fast as b`, `as fast as b`.
    pub(crate) fn times_as_fast(self, factor: f64, other: &str) -> String {
        match significant(factor, 3).as_str() {
            "1" => self.say(format!("as fast as {other}"), format!("与 {other} 一样快")),
            times => self.say(format!("{times} times as fast as {other}"), format!("速度是 {other} 的 {times} 倍")),
        }
    }

    /// How many times something of another this is, with its interval: `1.8 times that of b (1.5 to 2.1)`.
    pub(crate) fn times(self, factor: f64, interval: Option<(f64, f64)>, other: &str) -> String {
        let times = significant(factor, 3);
        let times = self.say(format!("{times} times that of {other}"), format!("{other} 的 {times} 倍"));
        let Some(ends) = interval else { return times };
        let ends = self.interval(ends);
        self.say(format!("{times} ({ends})"), format!("{times}（{ends}）"))
    }

    /// A range with as many digits as it takes to tell its ends apart, up to six: `1.07 to 1.12`.
    pub(crate) fn interval(self, (low, high): (f64, f64)) -> String {
        let ends = |digits| (significant(low, digits), significant(high, digits));
        let (low, high) = (3..6).map(ends).find(|(low, high)| low != high).unwrap_or_else(|| ends(6));
        self.say(format!("{low} to {high}"), format!("{low} 至 {high}"))
    }

    /// Names or numbers in a row: `a`, `a and b`, `a, b and c`.
    pub(crate) fn list<T: ToString>(self, items: impl IntoIterator<Item = T>) -> String {
        let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
        match (items.as_slice(), self.language) {
            ([], Language::English) => "none".to_owned(),
            ([], Language::Chinese) => "无".to_owned(),
            ([one], _) => one.clone(),
            ([most @ .., last], Language::English) => format!("{} and {last}", most.join(", ")),
            ([most @ .., last], Language::Chinese) => format!("{} 和 {last}", most.join("、")),
        }
    }

    /// A level, which may not be known, of what the axis names: `at concurrency 10`.
    pub(crate) fn at_level(self, level: Option<u32>) -> String {
        let axis = self.axis();
        match level {
            Some(level) => self.say(format!("at {axis} {level}"), format!("{axis} {level} 时")),
            None => self.say(format!("at an unknown {axis}"), format!("{axis}未知时")),
        }
    }

    /// A cell: `asyncio at concurrency 10`.
    pub(crate) fn cell(self, key: &CellKey) -> String {
        let (name, at) = (&key.series, self.at_level(key.concurrency));
        match key.concurrency {
            None => name.to_string(),
            Some(_) => self.say(format!("{name} {at}"), format!("{name} 在{at}")),
        }
    }

    /// The words that begin a sentence about one scenario among several.
    pub(crate) fn in_scenario(self, scenario: &str) -> String {
        if scenario.is_empty() {
            return String::new();
        }
        self.say(format!("In {scenario}: "), format!("场景 {scenario}："))
    }
}

/// A time with three significant digits and the unit that suits it: `4.2 s`, `45 ms`, `1.25 µs`.
pub(crate) fn time(seconds: f64) -> String {
    let (unit, factor) = match seconds.abs() {
        size if size <= 0.0 => ("s", 1.0),
        size if size < 1e-6 => ("ns", 1e9),
        size if size < 1e-3 => ("µs", 1e6),
        size if size < 0.1 => ("ms", 1e3),
        _ => ("s", 1.0),
    };
    format!("{} {unit}", significant(seconds * factor, 3))
}

/// A fraction as a percentage: `0.125` is `12.5%`.
pub(crate) fn percent(fraction: f64) -> String {
    format!("{}%", significant(fraction * 100.0, 3))
}

/// A number with so many significant digits, without zeros at its end.
pub(crate) fn significant(number: f64, digits: i32) -> String {
    let magnitude = if number == 0.0 { 0 } else { number.abs().log10().floor() as i32 };
    let decimals = (digits - 1 - magnitude).clamp(0, 12) as usize;
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A number of things: `1 run`, `2 runs`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

/// The members of a JSON object, for a finding's evidence.
pub(crate) fn members(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    match value {
        serde_json::Value::Object(members) => members,
        other => serde_json::Map::from_iter([("value".to_owned(), other)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_percentages() {
        let times = [
            (4.2, "4.2 s"),
            (0.045, "45 ms"),
            (0.105, "0.105 s"),
            (1.2345e-6, "1.23 µs"),
            (3e-9, "3 ns"),
            (7265.4, "7265 s"),
            (0.0, "0 s"),
        ];
        for (seconds, text) in times {
            assert_eq!(time(seconds), text);
        }
        assert_eq!(percent(0.125), "12.5%");
        assert_eq!(percent(0.000_04), "0.004%");
    }

    #[test]
    fn comparisons() {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| Wording { language, axis: "concurrency" });
        assert_eq!(english.times_as_fast(1.1054, "b"), "1.11 times as fast as b");
        assert_eq!(chinese.times_as_fast(1.1054, "b"), "速度是 b 的 1.11 倍");
        assert_eq!(english.times_as_fast(1.0004, "b"), "as fast as b");
        assert_eq!(english.interval((1.0712, 1.1249)), "1.07 to 1.12");
        assert_eq!(english.interval((1.2001, 1.2004)), "1.2001 to 1.2004");
        assert_eq!(english.interval((1.2, 1.2)), "1.2 to 1.2");
    }

    #[test]
    fn lists_and_levels() {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| Wording { language, axis: "concurrency" });
        assert_eq!(english.list([1, 2, 3]), "1, 2 and 3");
        assert_eq!(chinese.list([1, 2, 3]), "1、2 和 3");
        assert_eq!(english.list(["a"]), "a");
        assert_eq!(english.list::<u32>([]), "none");
        assert_eq!(english.at_level(Some(10)), "at concurrency 10");
        assert_eq!(chinese.at_level(Some(10)), "并发数 10 时");
        assert_eq!(Wording { axis: "threads", ..chinese }.at_level(None), "threads未知时");
    }
}
