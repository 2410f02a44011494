//! What the values of one column have in common.

use std::collections::BTreeSet;

use super::moment;
use super::numbers::{Comma, written};
use super::units;
use super::value::Value;
use super::vocabulary as known;
use crate::load::shape::{Cell, Table};

/// What stands under one column.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Profile {
    /// Rows that have a value.
    pub(crate) present: usize,
    /// Values that are numbers, those that are texts with a unit included.
    pub(crate) numbers: usize,
    /// Numbers that are whole and not below zero.
    pub(crate) whole: usize,
    /// Texts that are no numbers.
    pub(crate) texts: usize,
    /// Truths.
    pub(crate) truths: usize,
    /// Lists.
    pub(crate) lists: usize,
    /// Numbers in lists.
    pub(crate) list_numbers: usize,
    /// Counts by name.
    pub(crate) counts: usize,
    /// All values as they are written, in order.
    pub(crate) distinct: BTreeSet<String>,
    /// The smallest number.
    pub(crate) least: Option<f64>,
    /// The largest number.
    pub(crate) most: Option<f64>,
    /// Whether a value is in percent.
    pub(crate) has_percent: bool,
    /// Whether every text is a moment.
    pub(crate) are_moments: bool,
    /// Whether every number is an HTTP status, or 0 or -1 for none, and there is one.
    pub(crate) are_statuses: bool,
    /// Whether every text is a word of success or of failure, and there is one; or there are truths alone.
    pub(crate) are_outcomes: bool,
    /// Whether there are words that programs write for want of a number.
    pub(crate) is_like_number: bool,
}

impl Profile {
    /// Looks at all values of a column.
    pub(crate) fn of(table: &Table, column: usize, comma: Comma) -> Self {
        let mut profile = Self { are_moments: true, are_statuses: true, are_outcomes: true, ..Self::default() };
        for (_, cell) in table.cells(column).filter(|(_, cell)| cell.is_present()) {
            profile.present += 1;
            match cell {
                Cell::One(value) => profile.take(value, comma),
                Cell::List(values) => {
                    profile.lists += 1;
                    profile.list_numbers += values.iter().filter(|value| value.number().is_ok()).count();
                }
                Cell::Counts(_) => profile.counts += 1,
                Cell::Absent => {}
            }
        }
        profile.are_moments &= 0 < profile.texts;
        profile.are_statuses &= 0 < profile.numbers && profile.texts == 0;
        profile.are_outcomes &= 0 < profile.texts + profile.truths;
        profile
    }

    fn take(&mut self, value: &Value<'_>, comma: Comma) {
        self.distinct.insert(shown(value));
        let number = match value {
            Value::Text(text) => written(text, comma).filter(|written| is_unit(written.unit)).map(|written| {
                self.has_percent |= written.unit.starts_with('%');
                written.number
            }),
            Value::Bool(_) => {
                self.truths += 1;
                None
            }
            other => other.number().ok(),
        };
        match (number, value) {
            (Some(number), _) => {
                self.numbers += 1;
                let is_whole = (0.0..9e15).contains(&number) && number.fract().abs() <= 0.0;
                self.whole += usize::from(is_whole);
                self.are_statuses &=
                    is_whole && (100.0..600.0).contains(&number) || number.abs() <= 1.0 && number < 1.0;
                self.least = Some(self.least.map_or(number, |least| least.min(number)));
                self.most = Some(self.most.map_or(number, |most| most.max(number)));
            }
            (None, value) if value.is_like_number() => self.is_like_number = true,
            (None, Value::Text(text)) => {
                self.texts += 1;
                let lower = text.trim().to_lowercase();
                self.are_outcomes &=
                    known::GOOD_WORDS.contains(&lower.as_str()) || known::BAD_WORDS.contains(&lower.as_str());
                self.are_moments &= moment::microseconds(value).is_ok() || is_time_of_day(&lower);
            }
            _ => {}
        }
    }

    /// Whether texts that are no numbers stand in it, and no numbers.
    pub(crate) fn is_text(&self) -> bool {
        0 < self.texts
    }

    /// Whether it holds numbers and nothing else.
    pub(crate) fn is_number(&self) -> bool {
        0 < self.numbers && self.texts == 0 && self.truths == 0
    }
}

/// A value as it is told from others.
pub(crate) fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether what stands after a number is a unit and no name.
pub(crate) fn is_unit(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || text.starts_with('%')
        || units::seconds_in(text).is_some()
        || units::duration(&format!("1{text}")).is_some()
        || super::meaning::byte_factor(text).is_some()
        || super::meaning::Rate::of_unit(text).is_some()
}

fn is_time_of_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    (2..=3).contains(&parts.len())
        && parts.iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '.'))
}
