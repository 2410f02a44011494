//! The tables of a report as plain cells, the same for the terminal and for Markdown.

mod capacity;
mod change_rows;
mod comparisons;
mod levels;
mod ranking;
mod records;
mod scaling;
mod summary;

pub(super) use capacity::capacity;
pub(super) use change_rows::change_rows;
pub(super) use comparisons::{Shown, comparisons};
pub(super) use levels::{levels, levels_at_a_glance};
pub(super) use ranking::ranking;
pub(super) use records::records;
pub(super) use scaling::scaling;
pub(super) use summary::{Statistics, summary};

use super::words::Words;
use crate::analysis::Analysis;

/// A table: its heads, with numbers on the right, and its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TableData {
    pub(super) heads: Vec<Head>,
    pub(super) rows: Vec<Vec<String>>,
    /// Said below the table.
    pub(super) note: Option<String>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) is_number: bool,
}

fn text(name: impl Into<String>) -> Head {
    Head { name: name.into(), is_number: false }
}

fn number(name: impl Into<String>) -> Head {
    Head { name: name.into(), is_number: true }
}

/// A level as a cell.
fn level(analysis: &Analysis, concurrency: Option<u32>) -> String {
    concurrency.map_or_else(|| Words(analysis.language).unknown().to_owned(), |level| level.to_string())
}

fn has_scenarios(analysis: &Analysis) -> bool {
    analysis.scenarios.iter().any(|scenario| !scenario.is_empty())
}

/// Puts the scenario's column first, where there is one.
fn with_scenario<T>(analysis: &Analysis, scenario: T, mut others: Vec<T>) -> Vec<T> {
    if has_scenarios(analysis) {
        others.insert(0, scenario);
    }
    others
}
