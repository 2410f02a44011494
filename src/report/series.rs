//! Names of series for outputs that have one text for each: readable, of bounded length, and no two the same.

use std::collections::{HashMap, HashSet};

use super::escape::shortened;
use super::fingerprint::Fingerprint;

/// What tells a series from all others of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SeriesKey<'a> {
    /// The side, where an output holds several.
    pub(super) side: Option<&'a str>,
    pub(super) framework: &'a str,
    pub(super) scenario: &'a str,
    pub(super) concurrency: Option<u32>,
}

impl SeriesKey<'_> {
    /// `side: framework/scenario@concurrency`, without what there is not.
    pub(super) fn readable(&self) -> String {
        let mut name = String::new();
        if let Some(side) = self.side {
            name.push_str(side);
            name.push_str(": ");
        }
        name.push_str(self.framework);
        if !self.scenario.is_empty() {
            name.push('/');
            name.push_str(self.scenario);
        }
        if let Some(level) = self.concurrency {
            name.push('@');
            name.push_str(&level.to_string());
        }
        name
    }

    fn fingerprint(&self) -> String {
        let level = self.concurrency.map(|level| level.to_string());
        let parts =
            [self.side.unwrap_or_default(), self.framework, self.scenario, level.as_deref().unwrap_or_default()];
        Fingerprint::of(parts).to_string().chars().take(8).collect()
    }
}

/// Names are not longer than this many characters; Bencher takes 1,024, and nobody reads as many.
const LONGEST: usize = 500;

/// Gives names to series, and to each its own: `a/b` may be a framework, or a scenario `b` of `a`.
#[derive(Debug, Default)]
pub(super) struct SeriesNames<'a> {
    given: HashMap<SeriesKey<'a>, String>,
    taken: HashSet<String>,
}

impl<'a> SeriesNames<'a> {
    /// The name of a series; the same whenever it is asked for.
    pub(super) fn name(&mut self, key: SeriesKey<'a>) -> String {
        if let Some(name) = self.given.get(&key) {
            return name.clone();
        }
        let readable = key.readable();
        let short = shortened(&readable, LONGEST).into_owned();
        let is_cut = short.len() != readable.len();
        let mut name = if is_cut { format!("{short} [{}]", key.fingerprint()) } else { short.clone() };
        if self.taken.contains(&name) {
            name = format!("{short} [{}]", key.fingerprint());
        }
        // Two fingerprints that agree are possible, and then counted.
        let mut count = 2;
        while self.taken.contains(&name) {
            name = format!("{short} [{}, {count}]", key.fingerprint());
            count += 1;
        }
        self.taken.insert(name.clone());
        self.given.insert(key, name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key<'a>(framework: &'a str, scenario: &'a str, concurrency: Option<u32>) -> SeriesKey<'a> {
        SeriesKey { side: None, framework, scenario, concurrency }
    }

    #[test]
    fn each_series_has_its_own_name() {
        let long = "x".repeat(1 << 20);
        let longer = format!("{long}y");
        let mut names = SeriesNames::default();
        assert_eq!(names.name(key("a/b", "", None)), "a/b");
        let other = names.name(key("a", "b", None));
        assert!(other.starts_with("a/b [") && other.len() == 14, "{other}");
        assert_eq!(names.name(key("a/b", "", None)), "a/b");
        assert_eq!(names.name(key("a", "b", Some(100))), "a/b@100");
        let (first, second) = (names.name(key(&long, "", None)), names.name(key(&longer, "", None)));
        assert_ne!(first, second);
        assert!(first.len() < 600 && second.len() < 600);
    }
}
