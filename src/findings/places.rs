//! The cells and frameworks that a finding is about, and how a sentence names them.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::Evidence;
use super::wording::{Wording, series};
use crate::record::Run;
use crate::stats::CellValues;

/// How many frameworks a sentence names with their levels before it counts the others.
const NAMED: usize = 4;

/// How many levels of a framework a sentence names.
const LEVELS: usize = 8;

/// A framework in a scenario, at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place<'a> {
    /// The framework.
    pub(super) framework: &'a str,
    /// The scenario; empty where there is only one.
    pub(super) scenario: &'a str,
    /// The level; `None` where it is not known.
    pub(super) concurrency: Option<u32>,
}

impl<'a> Place<'a> {
    /// Where a run stands.
    pub(super) fn of_run(run: &'a Run) -> Self {
        Self { framework: &run.framework, scenario: &run.scenario, concurrency: run.concurrency }
    }

    /// Where a cell stands.
    pub(super) fn of_cell(cell: &'a CellValues) -> Self {
        Self { framework: &cell.framework, scenario: &cell.scenario, concurrency: cell.concurrency }
    }

    /// It in words: `asyncio at concurrency 10`.
    pub(super) fn name(&self, words: Wording<'_>) -> String {
        let name = series(self.framework, self.scenario);
        match (self.concurrency, words.say("", "，")) {
            (None, _) => name,
            (level, separator) if separator.is_empty() => format!("{name} {}", words.at_level(level)),
            (level, _) => format!("{name} 在{}", words.at_level(level)),
        }
    }

    /// It in a finding's evidence, with the numbers of `more`.
    pub(super) fn evidence(&self, more: Value) -> Value {
        let mut place =
            json!({"framework": self.framework, "scenario": self.scenario, "concurrency": self.concurrency});
        if let (Value::Object(place), Value::Object(more)) = (&mut place, more) {
            place.extend(more);
        }
        place
    }
}

/// Places in words, those of a framework together, and frameworks with the same levels too: `a at concurrency 1 and 2; b at concurrency 4`.
pub(super) fn named<'a>(places: impl IntoIterator<Item = Place<'a>>, words: Wording<'_>) -> String {
    let mut levels_of: IndexMap<(&str, &str), Vec<Option<u32>>> = IndexMap::new();
    for place in places {
        levels_of.entry((place.framework, place.scenario)).or_default().push(place.concurrency);
    }
    let all = levels_of.len();
    let mut alike: IndexMap<Vec<Option<u32>>, Vec<String>> = IndexMap::new();
    for ((framework, scenario), mut levels) in levels_of.into_iter().take(NAMED) {
        levels.sort_unstable();
        levels.dedup();
        alike.entry(levels).or_default().push(series(framework, scenario));
    }
    let mut parts: Vec<String> =
        alike.into_iter().map(|(levels, names)| at_levels(&words.list(names), &levels, words)).collect();
    if NAMED < all {
        let more = all - NAMED;
        parts.push(words.say(format!("and {more} more"), format!("另有 {more} 个")));
    }
    parts.join(&words.say("; ", "；"))
}

/// Places in brackets behind what was found, where there is more than the one that the sentence goes on with.
pub(super) fn in_brackets<'a>(places: impl Iterator<Item = Place<'a>> + Clone, words: Wording<'_>) -> String {
    let first = places.clone().next();
    if places.clone().all(|place| Some(place) == first) {
        return String::new();
    }
    let named = named(places, words);
    words.say(format!(" ({named})"), format!("（{named}）"))
}

/// Frameworks with their levels, ascending.
fn at_levels(name: &str, levels: &[Option<u32>], words: Wording<'_>) -> String {
    let known: Vec<u32> = levels.iter().filter_map(|level| *level).collect();
    if known.is_empty() {
        return name.to_owned();
    }
    let axis = words.axis();
    let mut listed: Vec<String> = known.iter().take(LEVELS).map(u32::to_string).collect();
    if LEVELS < known.len() {
        let more = known.len() - LEVELS;
        listed.push(words.say(format!("{more} more"), format!("另外 {more} 个")));
    }
    let listed = words.list(listed);
    words.say(format!("{name} at {axis} {listed}"), format!("{name}，{axis} {listed}"))
}

/// The frameworks of these places, in the order in which all were first seen.
pub(super) fn frameworks<'a>(places: impl IntoIterator<Item = Place<'a>>, evidence: &Evidence<'_>) -> Vec<String> {
    let named: HashSet<&str> = places.into_iter().map(|place| place.framework).collect();
    let all = evidence.runs.frameworks().into_iter();
    all.filter(|name| named.contains(name)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn place(framework: &str, concurrency: Option<u32>) -> Place<'_> {
        Place { framework, scenario: "", concurrency }
    }

    #[test]
    fn places_of_a_framework_stand_together() {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| Wording { language, axis: "concurrency" });
        let places = [place("a", Some(2)), place("b", None), place("a", Some(1)), place("a", Some(2))];
        assert_eq!(named(places, english), "a at concurrency 1 and 2; b");
        assert_eq!(named(places, chinese), "a，并发数 1 和 2；b");
        let many: Vec<String> = (0..6).map(|index| format!("f{index}")).collect();
        let places = many.iter().map(|name| place(name, None));
        assert_eq!(named(places, english), "f0, f1, f2 and f3; and 2 more");
        let alike = [place("a", Some(1)), place("b", Some(1)), place("c", Some(2))];
        assert_eq!(in_brackets(alike.into_iter(), chinese), "（a 和 b，并发数 1；c，并发数 2）");
        assert_eq!(in_brackets(alike.into_iter().take(1), english), "");
        assert_eq!(named(alike, english), "a and b at concurrency 1; c at concurrency 2");
        let places = (1..=10).map(|level| place("a", Some(level)));
        assert_eq!(named(places, english), "a at concurrency 1, 2, 3, 4, 5, 6, 7, 8 and 2 more");
        assert_eq!(place("a", Some(2)).name(english), "a at concurrency 2");
        assert_eq!(place("a", None).name(chinese), "a");
    }
}
