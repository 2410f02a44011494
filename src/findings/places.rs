//! The cells and frameworks that a finding is about, and how a sentence names them.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::Evidence;
use super::wording::Wording;
use crate::record::{CellKey, SeriesKey};

/// How many frameworks a sentence names with their levels before it counts the others.
const NAMED: usize = 4;

/// How many levels of a framework a sentence names.
const LEVELS: usize = 8;

/// A cell in a finding's evidence, with the numbers of `more`.
pub(super) fn evidence_of(key: &CellKey, more: Value) -> Value {
    let mut place = json!({"framework": key.framework(), "scenario": key.scenario(), "concurrency": key.concurrency});
    if let (Value::Object(place), Value::Object(more)) = (&mut place, more) {
        place.extend(more);
    }
    place
}

/// Places in words, those of a framework together, and frameworks with the same levels too: `a at concurrency 1 and 2; b at concurrency 4`.
pub(super) fn named(places: impl IntoIterator<Item = CellKey>, words: Wording<'_>) -> String {
    let mut levels_of: IndexMap<SeriesKey, Vec<Option<u32>>> = IndexMap::new();
    for place in places {
        levels_of.entry(place.series).or_default().push(place.concurrency);
    }
    let all = levels_of.len();
    let mut alike: IndexMap<Vec<Option<u32>>, Vec<String>> = IndexMap::new();
    for (series, mut levels) in levels_of.into_iter().take(NAMED) {
        levels.sort_unstable();
        levels.dedup();
        alike.entry(levels).or_default().push(series.to_string());
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
pub(super) fn in_brackets(places: impl Iterator<Item = CellKey> + Clone, words: Wording<'_>) -> String {
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
pub(super) fn frameworks(places: impl IntoIterator<Item = CellKey>, evidence: &Evidence<'_>) -> Vec<String> {
    let named: HashSet<String> = places.into_iter().map(|place| place.series.framework).collect();
    let all = evidence.runs.frameworks().into_iter();
    all.filter(|name| named.contains(*name)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn place(framework: &str, concurrency: Option<u32>) -> CellKey {
        CellKey::new(framework, "", concurrency)
    }

    #[test]
    fn places_of_a_framework_stand_together() {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| Wording { language, axis: "concurrency" });
        let places = [place("a", Some(2)), place("b", None), place("a", Some(1)), place("a", Some(2))];
        assert_eq!(named(places.clone(), english), "a at concurrency 1 and 2; b");
        assert_eq!(named(places, chinese), "a，并发数 1 和 2；b");
        let many: Vec<String> = (0..6).map(|index| format!("f{index}")).collect();
        let places = many.iter().map(|name| place(name, None));
        assert_eq!(named(places, english), "f0, f1, f2 and f3; and 2 more");
        let alike = [place("a", Some(1)), place("b", Some(1)), place("c", Some(2))];
        assert_eq!(in_brackets(alike.iter().cloned(), chinese), "（a 和 b，并发数 1；c，并发数 2）");
        assert_eq!(in_brackets(alike.iter().take(1).cloned(), english), "");
        assert_eq!(named(alike, english), "a and b at concurrency 1; c at concurrency 2");
        let places = (1..=10).map(|level| place("a", Some(level)));
        assert_eq!(named(places, english), "a at concurrency 1, 2, 3, 4, 5, 6, 7, 8 and 2 more");
        assert_eq!(english.cell(&place("a", Some(2))), "a at concurrency 2");
        assert_eq!(chinese.cell(&CellKey::new("a", "x", None)), "a (x)");
    }
}
