//! A table of rows with named columns.

use indexmap::IndexMap;

use crate::load::place::Place;
use crate::load::tabular::Value;

/// Rows, and the columns that they have together.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Table {
    /// The columns, in the order in which they were first seen.
    pub(crate) columns: Vec<Heading>,
    /// The rows, each with a cell for every column.
    pub(crate) rows: Vec<Row>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Heading {
    /// The names of the objects that it stands in, and its own.
    pub(crate) path: Vec<String>,
    /// Whether it was made of the names of objects: its own is not in the document then.
    pub(crate) is_made: bool,
    /// Which of the columns of this name it is in its record, from 0.
    pub(crate) occurrence: usize,
}

impl Heading {
    /// A column of the document.
    pub(crate) fn new(path: Vec<String>) -> Self {
        Self { path, is_made: false, occurrence: 0 }
    }

    /// A column that is made of the names of objects.
    pub(crate) fn made(name: &str) -> Self {
        Self { path: vec![name.to_owned()], is_made: true, occurrence: 0 }
    }

    /// What it is called on the command line and in messages.
    pub(crate) fn name(&self) -> String {
        self.path.join("_")
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// Where it stands.
    pub(crate) place: Place,
    /// Its cells.
    pub(crate) cells: Vec<Cell>,
}

/// What stands in a row under a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// The row has no such column.
    Absent,
    /// A single value, perhaps an empty one.
    One(Value<'static>),
    /// Several values.
    List(Vec<Value<'static>>),
    /// Values by name: how often each was met.
    Counts(Vec<(String, Value<'static>)>),
}

impl Cell {
    /// The value, where it is a single one.
    pub(crate) fn value(&self) -> Option<&Value<'static>> {
        match self {
            Self::One(value) => Some(value),
            Self::Absent | Self::List(_) | Self::Counts(_) => None,
        }
    }

    /// Whether there is something in it.
    pub(crate) fn is_present(&self) -> bool {
        match self {
            Self::Absent => false,
            Self::One(value) => !value.is_missing(),
            Self::List(_) | Self::Counts(_) => true,
        }
    }
}

/// The fields of a row, before the columns of all rows are known.
pub(super) type Fields = Vec<(Heading, Cell)>;

impl Table {
    /// Puts rows together.
    pub(super) fn of(rows: Vec<(Place, Fields)>) -> Self {
        let mut columns: IndexMap<Heading, usize> = IndexMap::new();
        let mut drafts = Vec::with_capacity(rows.len());
        for (place, fields) in rows {
            let mut draft: Vec<(usize, Cell)> = Vec::with_capacity(fields.len());
            for (mut heading, cell) in fields {
                loop {
                    let next = columns.len();
                    let column = *columns.entry(heading.clone()).or_insert(next);
                    if !draft.iter().any(|(other, _)| *other == column) {
                        draft.push((column, cell));
                        break;
                    }
                    heading.occurrence += 1;
                }
            }
            drafts.push((place, draft));
        }
        let width = columns.len();
        let row = |(place, draft): (Place, Vec<(usize, Cell)>)| {
            let mut cells = vec![Cell::Absent; width];
            for (column, cell) in draft {
                if let Some(slot) = cells.get_mut(column) {
                    *slot = cell;
                }
            }
            Row { place, cells }
        };
        Self { columns: columns.into_keys().collect(), rows: drafts.into_iter().map(row).collect() }
    }

    /// The cells of a column, with the number of their row.
    pub(crate) fn cells(&self, column: usize) -> impl Iterator<Item = (usize, &Cell)> {
        self.rows.iter().enumerate().filter_map(move |(row, cells)| Some((row, cells.cells.get(column)?)))
    }

    /// The names of all columns.
    pub(crate) fn names(&self) -> Vec<String> {
        self.columns.iter().map(Heading::name).collect()
    }
}
