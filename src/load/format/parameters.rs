//! What the parameters of a benchmark mean: one is the level that a run is drawn at, one may name the framework, and the
//! others tell scenarios apart.
//!
//! A microbenchmark has no concurrency unless a parameter says so. A whole number that is named like one (`threads`,
//! `clients`, …) is a concurrency; else a whole number is the level of an axis that bears its name, preferably one that
//! takes more than one value in the file, as the others are constants and make no axis.

use std::collections::{HashMap, HashSet};

use crate::load::format::prelude::*;

/// Names of parameters that say how many requests are in flight at once.
const CONCURRENCY: &[&str] = &[
    "c",
    "client",
    "clients",
    "concurrency",
    "connection",
    "connections",
    "conns",
    "goroutines",
    "parallelism",
    "thread",
    "threads",
    "users",
    "vus",
    "worker",
    "workers",
];

/// Names of parameters that say what is compared.
const FRAMEWORK: &[&str] = &["engine", "framework", "fw", "impl", "implementation", "lib", "library", "server"];

/// A parameter: its name, empty where it has none, and its value.
pub(super) type Parameter = (String, String);

/// The parameters that take more than one value in a file.
#[derive(Debug, Default)]
pub(super) struct Varying(HashSet<String>);

impl Varying {
    /// Looks at the parameters of all benchmarks of a file.
    pub(super) fn of<'a>(all: impl IntoIterator<Item = &'a Parameter>) -> Self {
        let mut first: HashMap<&str, &str> = HashMap::new();
        let differs = |(name, value): &'a Parameter| {
            let first = *first.entry(name).or_insert(value);
            (first != value).then(|| name.clone())
        };
        Self(all.into_iter().filter_map(differs).collect())
    }

    /// The place of the parameter that is the level, and the level.
    pub(super) fn level(&self, parameters: &[Parameter]) -> Option<(usize, u32)> {
        let levels = parameters.iter().enumerate().filter_map(|(place, (name, value))| {
            let level = value.parse::<u32>().ok().filter(|&level| 1 <= level)?;
            Some((place, level, (is_concurrency(name), self.0.contains(name))))
        });
        // The first of equals.
        levels.rev().max_by_key(|&(_, _, rank)| rank).map(|(place, level, _)| (place, level))
    }

    /// Gives a run its level and axis, and the names that the other parameters are.
    pub(super) fn apply(&self, mut parameters: Vec<Parameter>, run: &mut Run) {
        if let Some((place, level)) = self.level(&parameters) {
            let (name, _) = parameters.remove(place);
            run.concurrency = Some(level);
            run.axis = axis(&name);
        }
        name(parameters, run);
    }
}

/// Gives a run its framework where a parameter names one, and appends the others to its scenario.
pub(super) fn name(mut parameters: Vec<Parameter>, run: &mut Run) {
    if let Some(place) = parameters.iter().position(|(name, _)| is_framework(name))
        && run.framework.is_empty()
    {
        run.framework = parameters.remove(place).1;
    }
    for (name, value) in parameters {
        let part = if name.is_empty() || name == UNNAMED { value } else { format!("{name}={value}") };
        append(&mut run.scenario, &part);
    }
}

/// The axis of a parameter that a tool gives no name.
pub(super) const UNNAMED: &str = "input";

/// The name of the axis whose levels are the values of this parameter; empty for a concurrency.
pub(super) fn axis(name: &str) -> String {
    match name {
        _ if is_concurrency(name) => String::new(),
        "" => UNNAMED.to_owned(),
        _ => name.to_owned(),
    }
}

/// Appends a part to a scenario.
pub(super) fn append(scenario: &mut String, part: &str) {
    if !scenario.is_empty() && !part.is_empty() {
        scenario.push('/');
    }
    scenario.push_str(part);
}

fn is_concurrency(name: &str) -> bool {
    CONCURRENCY.contains(&name.to_ascii_lowercase().as_str())
}

fn is_framework(name: &str) -> bool {
    FRAMEWORK.contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(text: &str) -> Vec<Parameter> {
        let split = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or(("", part));
            (name.to_owned(), value.to_owned())
        };
        text.split_whitespace().map(split).collect()
    }

    #[test]
    fn parameters_find_their_places() {
        // All parameters of the file, those of one benchmark, and its level, axis, framework and scenario.
        let table = [
            ("", "", None, "", "", "s"),
            ("", "threads=8", Some(8), "", "", "s"),
            ("", "n=1000", Some(1000), "n", "", "s"),
            ("", "1000", Some(1000), "input", "", "s"),
            ("", "n=1000 threads=8", Some(8), "", "", "s/n=1000"),
            ("seed=1 n=1 seed=1 n=2", "seed=1 n=2", Some(2), "n", "", "s/seed=1"),
            ("", "a=1 b=2", Some(1), "a", "", "s/b=2"),
            ("", "long", None, "", "", "s/long"),
            ("", "mode=fast n=0", None, "", "", "s/mode=fast/n=0"),
            ("", "fw=gin c=16", Some(16), "", "gin", "s"),
            ("", "ratio=0.5 n=-1", None, "", "", "s/ratio=0.5/n=-1"),
            ("", "n=4294967296", None, "", "", "s/n=4294967296"),
        ];
        for (all, own, level, axis, framework, scenario) in table {
            let mut run = Run { scenario: "s".to_owned(), ..Run::default() };
            Varying::of(&parameters(all)).apply(parameters(own), &mut run);
            let found = (run.concurrency, run.axis.as_str(), run.framework.as_str(), run.scenario.as_str());
            assert_eq!(found, (level, axis, framework, scenario), "{own:?} in {all:?}");
        }
    }
}
