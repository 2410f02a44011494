//! What the names of sibling objects say: names, levels, or numbers of repetitions.

use std::borrow::Cow;

use super::table::{Cell, Heading};
use crate::load::tabular::{Meaning, Value, words_of};

/// What the names of the members of an object are, where each member is a row or holds rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Keys {
    /// They only number the rows.
    Index,
    /// They are the values of a column.
    Column(Heading),
    /// They are numbers, with or without a word, of this column.
    Numbers(Heading),
}

impl Keys {
    /// What these names are, of an object that is called `parent`.
    pub(super) fn of(keys: &[&str], parent: Option<&str>) -> Self {
        let numbers: Option<Vec<u64>> = keys.iter().map(|key| key.trim().parse().ok()).collect();
        if let Some(numbers) = numbers {
            let is_index = numbers.iter().zip(0..).all(|(number, index)| *number == index);
            return match named(parent) {
                Some(heading) => Self::Numbers(heading),
                None if is_index => Self::Index,
                None => Self::Numbers(Heading::made("concurrency")),
            };
        }
        if let Some(name) = common_word(keys) {
            match Meaning::of_name(&name) {
                Meaning::Level(_) => return Self::Numbers(Heading::made("concurrency")),
                Meaning::Repetition => return Self::Numbers(Heading::made("repetition")),
                Meaning::Parameter => return Self::Numbers(Heading::made(&name)),
                _ => {}
            }
        }
        Self::Column(named(parent).unwrap_or_else(|| Heading::made("key")))
    }

    /// The field that a name gives to a row.
    pub(super) fn field(&self, key: &str) -> Option<(Heading, Cell)> {
        match self {
            Self::Index => None,
            Self::Column(heading) => Some((heading.clone(), Cell::One(Value::Text(Cow::Owned(key.to_owned()))))),
            Self::Numbers(heading) => {
                let number = digits(key).parse().map_or(Value::Null, Value::Integer);
                Some((heading.clone(), Cell::One(number)))
            }
        }
    }
}

/// The column that an object's own name speaks of: `by_concurrency`, `endpoints`.
fn named(parent: Option<&str>) -> Option<Heading> {
    let words = words_of(parent?);
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !matches!(*word, "by" | "per" | "results" | "for" | "each"))
        .collect();
    let name = words.join("_");
    let singular = name.strip_suffix('s').unwrap_or(&name);
    [name.as_str(), singular].into_iter().find_map(|name| match Meaning::of_name(name) {
        Meaning::Level(_) => Some(Heading::made("concurrency")),
        Meaning::Repetition => Some(Heading::made("repetition")),
        Meaning::Framework(_) | Meaning::Scenario => Some(Heading::made(name)),
        Meaning::Parameter if name != "level" => Some(Heading::made(name)),
        _ => None,
    })
}

/// The word that stands beside a number in all of these, where it is the same; `None` where there is none.
fn common_word(keys: &[&str]) -> Option<String> {
    let word = |key: &str| {
        let rest: String = key.chars().map(|c| if c.is_ascii_digit() { '_' } else { c }).collect();
        let is_one_number =
            digits(key).len() == key.chars().filter(char::is_ascii_digit).count() && !digits(key).is_empty();
        is_one_number.then(|| rest.trim_matches(['_', ' ', '-', '=', ':', '(', ')']).to_lowercase())
    };
    let first = word(keys.first()?)?;
    keys.iter().all(|key| word(key).as_ref() == Some(&first)).then_some(first)
}

/// The first digits in a text.
fn digits(text: &str) -> &str {
    let Some(begin) = text.find(|c: char| c.is_ascii_digit()) else { return "" };
    let rest = text.get(begin..).unwrap_or_default();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_siblings_are_told_apart() {
        let table: [(&[&str], Option<&str>, &str); 9] = [
            (&["0", "1", "2"], None, "Index"),
            (&["1", "10", "100"], None, "numbers concurrency"),
            (&["concurrent_1", "concurrent_5"], None, "numbers concurrency"),
            (&["c1", "c16"], None, "numbers concurrency"),
            (&["100_users", "200_users"], None, "numbers concurrency"),
            (&["run_0", "run_1"], None, "numbers repetition"),
            (&["kestrel", "osprey"], None, "column key"),
            (&["server1", "server2"], None, "column key"),
            (&["/a", "/b"], Some("endpoints"), "column endpoint"),
        ];
        for (keys, parent, expected) in table {
            let shown = match Keys::of(keys, parent) {
                Keys::Index => "Index".to_owned(),
                Keys::Column(heading) => format!("column {}", heading.name()),
                Keys::Numbers(heading) => format!("numbers {}", heading.name()),
            };
            assert_eq!(shown, expected, "{keys:?}");
        }
    }
}
