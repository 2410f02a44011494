//! Names of cells for outputs that have one text for each: readable, of bounded length, and no two the same.

use std::collections::{HashMap, HashSet};

use super::escape::shortened;
use super::fingerprint::Fingerprint;
use crate::record::CellKey;

/// Names are not longer than this many characters; Bencher takes 1,024, and nobody reads as many.
const LONGEST: usize = 500;

/// Gives names to cells, and to each its own: `a (b)` may be a framework, or a scenario `b` of `a`.
#[derive(Debug, Default)]
pub(super) struct SeriesNames {
    given: HashMap<(Option<String>, CellKey), String>,
    taken: HashSet<String>,
}

impl SeriesNames {
    /// The name of a cell, with its side where an output holds several; the same whenever it is asked for.
    pub(super) fn name(&mut self, side: Option<&str>, key: &CellKey) -> String {
        let named = (side.map(str::to_owned), key.clone());
        if let Some(name) = self.given.get(&named) {
            return name.clone();
        }
        let readable = side.map_or_else(|| key.to_string(), |side| format!("{side}: {key}"));
        let short = shortened(&readable, LONGEST).into_owned();
        let is_cut = short.len() != readable.len();
        let mut name = if is_cut { format!("{short} [{}]", fingerprint(side, key)) } else { short.clone() };
        if self.taken.contains(&name) {
            name = format!("{short} [{}]", fingerprint(side, key));
        }
        // Two fingerprints that agree are possible, and then counted.
        let mut count = 2;
        while self.taken.contains(&name) {
            name = format!("{short} [{}, {count}]", fingerprint(side, key));
            count += 1;
        }
        self.taken.insert(name.clone());
        self.given.insert(named, name.clone());
        name
    }
}

fn fingerprint(side: Option<&str>, key: &CellKey) -> String {
    let level = key.concurrency.map(|level| level.to_string()).unwrap_or_default();
    let parts = [side.unwrap_or_default(), key.framework(), key.scenario(), &level];
    Fingerprint::of(parts).to_string().chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_has_its_own_name() {
        let long = "x".repeat(1 << 20);
        let longer = format!("{long}y");
        let mut names = SeriesNames::default();
        let mut name =
            |framework: &str, scenario: &str, level| names.name(None, &CellKey::new(framework, scenario, level));
        assert_eq!(name("a (b)", "", None), "a (b)");
        let other = name("a", "b", None);
        assert!(other.starts_with("a (b) [") && other.len() == "a (b) [12345678]".len(), "{other}");
        assert_eq!(name("a (b)", "", None), "a (b)");
        assert_eq!(name("a", "b", Some(100)), "a (b) at 100");
        let (first, second) = (name(&long, "", None), name(&longer, "", None));
        assert_ne!(first, second);
        assert!(first.len() < 600 && second.len() < 600);
        assert_eq!(names.name(Some("new"), &CellKey::new("a", "b", None)), "new: a (b)");
    }
}
