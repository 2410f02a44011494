//! Which series of one side is which of the other: by framework and scenario, by names that were changed, or by the part of
//! the names that a pattern finds.

use indexmap::IndexMap;
use regex::Regex;

use super::side::MeasuredSide;
use crate::record::{SeriesKey, SeriesRuns};

/// How names of the two sides belong together.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    /// Compares only series whose name `framework/scenario` it matches; what its groups capture is the name on both sides.
    pub pattern: Option<Regex>,
    /// Frameworks or scenarios with another name: that of the baseline, and that of the candidate.
    pub renames: Vec<(String, String)>,
}

/// A series of the baseline and the one of the candidate that it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeriesPair<'a> {
    pub(super) baseline: Option<SeriesRuns<'a>>,
    pub(super) candidate: Option<SeriesRuns<'a>>,
}

/// The series of two sides, those of the baseline first, and how they were matched.
#[derive(Debug)]
pub(super) struct Matched<'a> {
    pub(super) pairs: Vec<SeriesPair<'a>>,
    /// Each side has one framework, with a name of its own, and they were taken for the same.
    pub(super) is_by_scenario: bool,
}

/// Matches the series of two sides.
///
/// Where each side has one framework, and they have different names, series are matched by their scenarios: some formats
/// have no other name for the framework than that of the file.
pub(super) fn match_series<'a>(
    baseline: &'a MeasuredSide,
    candidate: &'a MeasuredSide,
    matching: &Matching,
) -> Matched<'a> {
    let is_by_scenario = matching.pattern.is_none() && have_one_framework_each(baseline, candidate, matching);
    let key = |name: &SeriesKey| {
        let mut key = matching.key(name)?;
        if is_by_scenario {
            key.framework.clear();
        }
        Some(key)
    };
    let mut pairs: IndexMap<SeriesKey, SeriesPair<'a>> = IndexMap::new();
    let empty = SeriesPair { baseline: None, candidate: None };
    for series in baseline.runs.series() {
        if let Some(key) = key(series.key()) {
            // Of two series that a pattern makes one, the first is compared.
            pairs.entry(key).or_insert(empty).baseline.get_or_insert(series);
        }
    }
    for series in candidate.runs.series() {
        if let Some(key) = key(&matching.renamed(series.key())) {
            pairs.entry(key).or_insert(empty).candidate.get_or_insert(series);
        }
    }
    Matched { pairs: pairs.into_values().collect(), is_by_scenario }
}

fn have_one_framework_each<'a>(baseline: &'a MeasuredSide, candidate: &'a MeasuredSide, matching: &Matching) -> bool {
    let only = |mut names: Vec<String>| {
        names.sort_unstable();
        names.dedup();
        if let [_] = names.as_slice() { names.pop() } else { None }
    };
    let keys = |side: &'a MeasuredSide| side.runs.series().map(|series| series.key());
    let of_baseline = only(keys(baseline).map(|key| key.framework.clone()).collect());
    let of_candidate = only(keys(candidate).map(|key| matching.renamed(key).framework).collect());
    matches!((of_baseline, of_candidate), (Some(a), Some(b)) if a != b)
}

impl Matching {
    /// The name that a series of the candidate has in the baseline.
    fn renamed(&self, name: &SeriesKey) -> SeriesKey {
        let old = |new: &String| {
            self.renames
                .iter()
                .find(|(_, candidate)| candidate == new)
                .map_or_else(|| new.clone(), |(old, _)| old.clone())
        };
        SeriesKey { framework: old(&name.framework), scenario: old(&name.scenario) }
    }

    /// What a series is matched by; `None` where the pattern leaves it out.
    fn key(&self, name: &SeriesKey) -> Option<SeriesKey> {
        let Some(pattern) = &self.pattern else { return Some(name.clone()) };
        let slash = if name.scenario.is_empty() { "" } else { "/" };
        let text = format!("{}{slash}{}", name.framework, name.scenario);
        let captures = pattern.captures(&text)?;
        let groups: Vec<&str> = captures.iter().skip(1).flatten().map(|group| group.as_str()).collect();
        if groups.is_empty() {
            return Some(name.clone());
        }
        Some(SeriesKey::new(groups.join("/"), ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Run, Runs};

    fn side(names: &[(&str, &str)]) -> MeasuredSide {
        let run = |(framework, scenario): &(&str, &str)| Run {
            framework: (*framework).into(),
            scenario: (*scenario).into(),
            ..Run::default()
        };
        MeasuredSide { runs: Runs::new(names.iter().map(run).collect()), ..MeasuredSide::default() }
    }

    fn matched(a: &[(&str, &str)], b: &[(&str, &str)], matching: &Matching) -> Vec<(String, String)> {
        let (a, b) = (side(a), side(b));
        let name = |series: Option<SeriesRuns<'_>>| series.map(|series| series.key().to_string());
        let matched = match_series(&a, &b, matching);
        let names =
            |pair: &SeriesPair<'_>| (name(pair.baseline).unwrap_or_default(), name(pair.candidate).unwrap_or_default());
        matched.pairs.iter().map(names).collect()
    }

    fn pairs(names: &[(&str, &str)]) -> Vec<(String, String)> {
        names.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn series_of_the_same_names_belong_together() {
        let found = matched(&[("a", "x"), ("b", "x")], &[("b", "x"), ("c", "x")], &Matching::default());
        assert_eq!(found, pairs(&[("a (x)", ""), ("b (x)", "b (x)"), ("", "c (x)")]));
    }

    #[test]
    fn one_framework_each_is_matched_by_scenario() {
        let found = matched(&[("old", "x"), ("old", "y")], &[("new", "y"), ("new", "z")], &Matching::default());
        assert_eq!(found, pairs(&[("old (x)", ""), ("old (y)", "new (y)"), ("", "new (z)")]));
    }

    #[test]
    fn renames_hold_for_frameworks_and_scenarios() {
        let renames = vec![("gin".into(), "gin2".into()), ("x".into(), "y".into())];
        let found =
            matched(&[("gin", "x"), ("b", "x")], &[("gin2", "y"), ("b", "x")], &Matching { renames, pattern: None });
        assert_eq!(found, pairs(&[("gin (x)", "gin2 (y)"), ("b (x)", "b (x)")]));
    }

    #[test]
    fn what_a_pattern_captures_is_the_name() {
        let matching = Matching { pattern: Some(Regex::new(r"^(\w+)-v\d/(.*)$").unwrap()), renames: Vec::new() };
        let found = matched(&[("a-v1", "x"), ("other", "x")], &[("a-v2", "x"), ("b-v2", "x")], &matching);
        assert_eq!(found, pairs(&[("a-v1 (x)", "a-v2 (x)"), ("", "b-v2 (x)")]));
        let only = Matching { pattern: Some(Regex::new("^a/").unwrap()), renames: Vec::new() };
        assert_eq!(matched(&[("a", "x"), ("b", "x")], &[("a", "x"), ("b", "x")], &only), pairs(&[("a (x)", "a (x)")]));
    }
}
