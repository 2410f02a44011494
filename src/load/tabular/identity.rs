//! What rows are of: which column names what is compared, and which others tell rows of one cell apart.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::MappingError;
use super::meaning::{Counted, Meaning, Sureness};
use super::plan::Shown;
use super::profile::{Profile, shown};
use crate::load::shape::{Cell, Row, Table};

/// Words for work, which objects are called by as often as by what is compared.
const WORK: &[&str] = &[
    "get",
    "post",
    "put",
    "delete",
    "read",
    "write",
    "insert",
    "update",
    "scan",
    "query",
    "lookup",
    "json",
    "db",
    "plaintext",
    "fortunes",
    "fortune",
    "noop",
    "ping",
    "list",
    "small",
    "medium",
    "large",
    "warm",
    "cold",
    "hit",
    "miss",
    "random",
    "sequential",
    "health",
    "login",
    "search",
    "create",
    "set",
    "load",
    "encode",
    "decode",
    "parse",
    "sort",
    "hash",
    "serialize",
    "deserialize",
    "upload",
    "download",
    "select",
    "join",
    "simple",
    "complex",
    "echo",
    "hello",
    "single",
    "batch",
    "queries",
    "updates",
    "index",
    "publish",
    "subscribe",
    "consume",
];

/// A table whose rows are to be named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'t> {
    pub(super) table: &'t Table,
    pub(super) names: &'t [String],
    pub(super) meanings: &'t [Meaning],
    pub(super) profiles: &'t [Profile],
    /// Which columns have a role already.
    pub(super) taken: &'t [bool],
}

/// The column that holds what is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// It is called so.
    Named(usize),
    /// It was taken for want of one that is called so.
    Taken(usize),
    /// None of the columns does.
    None,
}

/// What a row has under some columns.
pub(super) fn key(row: &Row, columns: &[usize]) -> Vec<String> {
    let value = |column: &usize| match row.cells.get(*column) {
        Some(Cell::One(value)) => shown(value),
        Some(Cell::Absent) | None => String::new(),
        Some(other) => format!("{other:?}"),
    };
    columns.iter().map(value).collect()
}

impl Names<'_> {
    /// The column that holds what is compared.
    ///
    /// # Errors
    ///
    /// When several columns may, and none of them follows from another.
    pub(super) fn framework(&self) -> Result<Identity, MappingError> {
        let tier = |wanted: usize| -> Vec<usize> {
            self.open()
                .filter(|column| self.meaning(*column) == Some(&Meaning::Framework(wanted)) && self.present(*column))
                .collect()
        };
        if let Some(column) = tier(0).first() {
            return Ok(Identity::Named(*column));
        }
        let keys: Vec<usize> = self.open().filter(|column| self.is_key(*column)).collect();
        if let Some(column) = self.outermost(&keys) {
            return Ok(Identity::Taken(column));
        }
        for wanted in [1, 2] {
            let varying: Vec<usize> = tier(wanted).into_iter().filter(|column| self.varies(*column)).collect();
            if !varying.is_empty() {
                return self.one_of(&varying).map(Identity::Named);
            }
        }
        let constants: Vec<usize> =
            tier(1).into_iter().chain(tier(2)).filter(|column| self.names_file(*column)).collect();
        let texts: Vec<usize> = self.open().filter(|column| self.is_open_text(*column)).collect();
        if let Some(column) = constants.iter().copied().min_by_key(|column| self.usual(*column)) {
            return Ok(Identity::Named(column));
        }
        if !texts.is_empty() {
            return self.one_of(&texts).map(Identity::Taken);
        }
        Ok(keys.first().map_or(Identity::None, |column| Identity::Named(*column)))
    }

    /// The columns that tell rows of one framework and level apart, in the order of their names, given the columns that do
    /// so already and those that number repetitions.
    pub(super) fn dimensions(
        &self,
        decided: &[usize],
        repetitions: &[usize],
        has_scenario: bool,
    ) -> Vec<(usize, Shown)> {
        let mut keys = decided.to_vec();
        let mut dimensions = Vec::new();
        let scenarios: Vec<usize> = self
            .open()
            .filter(|column| self.meaning(*column) == Some(&Meaning::Scenario) && self.present(*column))
            .collect();
        let varying: Vec<usize> = scenarios.iter().copied().filter(|column| self.varies(*column)).collect();
        let named =
            if varying.is_empty() { scenarios.into_iter().take(usize::from(!has_scenario)).collect() } else { varying };
        for column in named {
            keys.push(column);
            dimensions.push((column, Shown::Bare));
        }
        // What objects are called is a part of what stands in them, even where it is the same in all.
        for column in self.open().filter(|column| self.is_key(*column) && !decided.contains(column)).collect::<Vec<_>>()
        {
            keys.push(column);
            dimensions.push((column, Shown::Bare));
        }
        let mut candidates: Vec<(usize, usize, Shown)> = self
            .open()
            .filter(|column| !keys.contains(column))
            .filter_map(|column| self.candidate(column, decided).map(|(rank, shown)| (rank, column, shown)))
            .collect();
        candidates.sort_by(|(rank, column, _), (other_rank, other, _)| {
            (rank, self.names.get(*column)).cmp(&(other_rank, self.names.get(*other)))
        });
        for (_, column, shown) in candidates {
            if self.tells_apart(column, &keys) && !self.follows(column, repetitions) {
                keys.push(column);
                dimensions.push((column, shown));
            }
        }
        dimensions
    }

    /// Whether a column may be a dimension; texts come before numbers.
    fn candidate(&self, column: usize, decided: &[usize]) -> Option<(usize, Shown)> {
        let (meaning, profile) = (self.meaning(column)?, self.profiles.get(column)?);
        let is_made = self.table.columns.get(column).is_some_and(|heading| heading.is_made);
        match meaning {
            Meaning::Framework(_) => Some((0, if self.names_work(column) { Shown::Bare } else { Shown::Named })),
            Meaning::Unknown | Meaning::Status | Meaning::Parameter | Meaning::Count(..)
                if profile.is_text() || 0 < profile.truths =>
            {
                Some((1, if is_made { Shown::Bare } else { Shown::Named }))
            }
            Meaning::Parameter | Meaning::Level(_) if profile.is_number() && !self.is_measured_by_name(column) => {
                Some((2, Shown::Named))
            }
            Meaning::Unknown | Meaning::Count(Counted::Requests, Sureness::Vague)
                if self.is_balanced(column, decided) =>
            {
                Some((3, Shown::Named))
            }
            _ => None,
        }
    }

    fn names_work(&self, column: usize) -> bool {
        let name = self.names.get(column).map(|name| name.to_lowercase()).unwrap_or_default();
        ["name", "title", "label", "tag", "function", "func", "command", "model"]
            .iter()
            .any(|word| name == *word || name.ends_with(&format!("_{word}")))
    }

    fn is_measured_by_name(&self, column: usize) -> bool {
        const MEASURED: [&str; 15] = [
            "total", "mean", "avg", "average", "sum", "actual", "measured", "used", "cpu", "mem", "memory", "rss",
            "heap", "ram", "percent",
        ];
        let name = self.names.get(column).map(String::as_str).unwrap_or_default();
        super::tokens::words(name).iter().any(|word| MEASURED.contains(&word.as_str()))
    }

    /// Whether a number was rather set than measured: whole, with the same few values for each of what is compared, or each of
    /// them several times.
    fn is_balanced(&self, column: usize, decided: &[usize]) -> bool {
        let Some(profile) = self.profiles.get(column) else { return false };
        if !profile.is_number()
            || profile.whole < profile.numbers
            || profile.distinct.len() < 2
            || self.is_measured_by_name(column)
        {
            return false;
        }
        let mut sets: BTreeMap<Vec<String>, BTreeMap<String, usize>> = BTreeMap::new();
        for row in &self.table.rows {
            let value = key(row, &[column]).concat();
            *sets.entry(key(row, decided)).or_default().entry(value).or_default() += 1;
        }
        let mut each = sets.values().map(|values| values.keys().cloned().collect::<BTreeSet<_>>());
        let first = each.next().unwrap_or_default();
        let are_alike = each.all(|other| other == first) && 1 < first.len();
        let are_repeated = sets.values().all(|values| values.values().all(|count| 1 < *count));
        are_alike && (1 < sets.len() || are_repeated)
    }

    /// Whether rows that are the same under these columns differ in this one.
    fn tells_apart(&self, column: usize, keys: &[usize]) -> bool {
        let mut first: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
        self.table.rows.iter().any(|row| {
            let own = key(row, &[column]);
            first.entry(key(row, keys)).or_insert_with(|| own.clone()) != &own
        })
    }

    /// Whether a column says no more than which repetition a row is.
    fn follows(&self, column: usize, repetitions: &[usize]) -> bool {
        !repetitions.is_empty()
            && self.determines(repetitions, column)
            && repetitions.iter().all(|repetition| self.determines(&[column], *repetition))
    }

    /// Whether the value under `other` is always the same where those under `columns` are.
    fn determines(&self, columns: &[usize], other: usize) -> bool {
        !self.tells_apart(other, columns)
    }

    /// The one of several columns that the others follow from.
    fn one_of(&self, columns: &[usize]) -> Result<usize, MappingError> {
        let is_first =
            |column: &&usize| columns.iter().all(|other| other == *column || self.determines(&[**column], *other));
        match columns.iter().find(is_first) {
            Some(column) => Ok(*column),
            None => {
                let candidates = columns.iter().filter_map(|column| self.names.get(*column).cloned()).collect();
                Err(MappingError::SeveralIdentities { candidates })
            }
        }
    }

    /// Of the columns that were made of names of objects, the outermost in which rows differ; one that holds words for work
    /// is no such one where another does not.
    fn outermost(&self, keys: &[usize]) -> Option<usize> {
        let varying: Vec<usize> = keys.iter().copied().filter(|column| self.varies(*column)).collect();
        let is_of_work = |column: &usize| {
            self.profiles.get(*column).is_some_and(|profile| {
                profile.distinct.iter().all(|name| {
                    name.starts_with('/') || super::tokens::words(name).iter().any(|word| WORK.contains(&word.as_str()))
                })
            })
        };
        varying.iter().copied().find(|column| !is_of_work(column)).or_else(|| varying.first().copied())
    }

    /// Whether a column that says the same of every row says what they are of: neither a setting nor an address does.
    fn names_file(&self, column: usize) -> bool {
        let Some((heading, profile)) = self.table.columns.get(column).zip(self.profiles.get(column)) else {
            return false;
        };
        let name = heading.path.last().map(|name| super::tokens::words(name).join("_")).unwrap_or_default();
        let is_setting = heading.path.iter().any(|part| super::plan::is_setting(part));
        let is_address = profile.distinct.iter().any(|name| name.contains("://") || name.contains("localhost"));
        super::vocabulary::CONSTANT_FRAMEWORKS.contains(&name.as_str()) && !is_setting && !is_address
    }

    /// How usual it is that a column of this name holds what is compared, where all of them say the same of every row.
    fn usual(&self, column: usize) -> (usize, usize) {
        let name = self.names.get(column).map(|name| super::tokens::words(name).join("_")).unwrap_or_default();
        let tiers = super::vocabulary::FRAMEWORKS.iter().enumerate();
        tiers
            .filter_map(|(tier, names)| names.iter().position(|other| *other == name).map(|place| (tier, place)))
            .next()
            .unwrap_or((usize::MAX, 0))
    }

    fn open(&self) -> impl Iterator<Item = usize> {
        self.taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(column, _)| column)
    }

    fn meaning(&self, column: usize) -> Option<&Meaning> {
        self.meanings.get(column)
    }

    fn present(&self, column: usize) -> bool {
        self.profiles.get(column).is_some_and(|profile| 0 < profile.present)
    }

    fn is_key(&self, column: usize) -> bool {
        let is_made = self.table.columns.get(column).is_some_and(|heading| heading.is_made);
        is_made
            && self.meaning(column) == Some(&Meaning::Unknown)
            && self.profiles.get(column).is_some_and(|profile| profile.is_text() || 0 < profile.present)
    }

    fn is_open_text(&self, column: usize) -> bool {
        let is_text = self.profiles.get(column).is_some_and(Profile::is_text);
        is_text && self.meaning(column) == Some(&Meaning::Unknown) && self.varies(column)
    }

    fn varies(&self, column: usize) -> bool {
        self.profiles.get(column).is_some_and(|profile| 1 < profile.distinct.len())
    }
}
