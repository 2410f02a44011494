//! Patterns for series: `framework/scenario@level` with `*` and `?`.

use std::fmt;

/// Which series are meant. `*` stands for any text and `?` for any character; everything else stands for itself, brackets
/// too, as names of benchmarks are full of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesPattern {
    text: String,
}

/// What stands for the level of a row over all levels.
const ALL_LEVELS: &str = "all";

impl SeriesPattern {
    /// The pattern that is written so.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Whether it says something of levels.
    pub fn names_a_level(&self) -> bool {
        self.text.contains('@')
    }

    /// Whether a row is meant. With `@` the pattern is held against `framework/scenario@level`, where a row over all levels
    /// has the level `all`; without it against `framework/scenario`, at any level, and without `/` a framework or a scenario
    /// alone will do.
    pub fn matches(&self, framework: &str, scenario: &str, concurrency: Option<u32>) -> bool {
        let name = if scenario.is_empty() { framework.to_owned() } else { format!("{framework}/{scenario}") };
        if self.names_a_level() {
            let level = concurrency.map_or_else(|| ALL_LEVELS.to_owned(), |level| level.to_string());
            return self.matches_text(&format!("{name}@{level}"));
        }
        let part = || !self.text.contains('/') && (self.matches_text(framework) || self.matches_text(scenario));
        self.matches_text(&name) || part()
    }

    /// Whether a whole text is as the pattern says.
    pub fn matches_text(&self, text: &str) -> bool {
        let (pattern, text): (Vec<char>, Vec<char>) = (self.text.chars().collect(), text.chars().collect());
        let (mut at, mut place) = (0, 0);
        // Where the last `*` stands, and how much of the text it has taken.
        let mut star: Option<(usize, usize)> = None;
        while place < text.len() {
            match (pattern.get(at), star) {
                (Some('*'), _) => {
                    star = Some((at, place));
                    at += 1;
                }
                (Some(c), _) if *c == '?' || Some(c) == text.get(place) => {
                    at += 1;
                    place += 1;
                }
                (_, Some((from, taken))) => {
                    star = Some((from, taken + 1));
                    at = from + 1;
                    place = taken + 1;
                }
                (_, None) => return false,
            }
        }
        pattern.iter().skip(at).all(|c| *c == '*')
    }
}

impl fmt::Display for SeriesPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_and_series() {
        let table = [
            ("gin/json", "gin", "json", Some(10), true),
            ("gin/*", "gin", "json", None, true),
            ("gin", "gin", "json", None, true),
            ("json", "gin", "json", None, true),
            ("js?n", "gin", "json", None, true),
            ("gin/json@10", "gin", "json", Some(10), true),
            ("gin/json@10", "gin", "json", Some(100), false),
            ("gin/json@1*", "gin", "json", Some(100), true),
            ("gin/json@10", "gin", "json", None, false),
            ("gin/json@all", "gin", "json", None, true),
            ("gin@*", "gin", "", Some(10), true),
            ("gi", "gin", "json", None, false),
            ("*n", "gin", "", None, true),
            ("*", "gin", "json", Some(10), true),
            ("*a*b*c", "xaxbxc", "", None, true),
            ("*a*b*c", "xaxbx", "", None, false),
            ("test[1000]", "test[1000]", "", None, true),
            ("gin/j", "gin", "json", None, false),
            ("", "gin", "json", None, false),
        ];
        for (pattern, framework, scenario, level, expected) in table {
            let found = SeriesPattern::new(pattern).matches(framework, scenario, level);
            assert_eq!(found, expected, "{pattern} on {framework}/{scenario} {level:?}");
        }
    }
}
