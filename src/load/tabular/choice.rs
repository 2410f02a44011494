//! Columns whose meaning the user gave.

use std::str::FromStr;

use thiserror::Error;

use super::fields::Field;
use super::units;

/// A column of the input that the user gave a meaning: `concurrency=vus`, `total_time=dur:ms`, `scenario=op+size`.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnChoice {
    pub(super) field: Field,
    /// The column as it was written: its name, or several with `+` between them.
    pub(super) column: String,
    pub(super) seconds: Option<f64>,
}

impl ColumnChoice {
    /// Whether both speak of one field or one column, so that only one of them can be meant.
    pub(crate) fn rivals(&self, other: &Self) -> bool {
        self.field == other.field || self.column == other.column
    }

    /// The array whose records are meant, where that is what was chosen.
    pub(crate) fn rows(choices: &[Self]) -> Option<&str> {
        choices.iter().find(|choice| choice.field == Field::Rows).map(|choice| choice.column.as_str())
    }

    /// Whether it says the unit of this one of the columns of these names.
    pub(super) fn gives_unit<S: AsRef<str>>(&self, names: &[S], column: usize) -> bool {
        self.seconds.is_some() && self.places(names).is_some_and(|places| places.contains(&column))
    }

    /// The places of its columns among `names`; `None` where one of them is not there.
    pub(super) fn places<S: AsRef<str>>(&self, names: &[S]) -> Option<Vec<usize>> {
        let place = |column: &str| names.iter().position(|name| name.as_ref().trim() == column.trim());
        if let Some(place) = place(&self.column) {
            return Some(vec![place]);
        }
        let is_joint = self.column.contains('+') && self.field.is_name();
        if is_joint { self.column.split('+').map(place).collect() } else { None }
    }
}

/// Why a `FIELD=COLUMN` is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ColumnChoiceError {
    /// There is no `=` in it, or nothing on one side.
    #[error("expected FIELD=COLUMN, found {0:?}")]
    Form(String),
    /// There is no such field.
    #[error("there is no field {found:?}; the fields are {}", known.join(", "))]
    UnknownField {
        /// What was asked for.
        found: String,
        /// What there is.
        known: Vec<&'static str>,
    },
}

impl FromStr for ColumnChoice {
    type Err = ColumnChoiceError;

    /// Reads `FIELD=COLUMN`, `FIELD=COLUMN:UNIT`, or `FIELD=COLUMN+COLUMN` for a framework or scenario of several columns.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || ColumnChoiceError::Form(text.to_owned());
        let (field, column) = text.split_once('=').ok_or_else(form)?;
        let (field, column) = (field.trim(), column.trim());
        if field.is_empty() || column.is_empty() {
            return Err(form());
        }
        let field = Field::ALL.iter().copied().find(|known| known.name() == field).ok_or_else(|| {
            ColumnChoiceError::UnknownField {
                found: field.to_owned(),
                known: Field::ALL.iter().map(|field| field.name()).collect(),
            }
        })?;
        let with_unit = column.rsplit_once(':').and_then(|(column, unit)| Some((column, units::seconds_in(unit)?)));
        Ok(match with_unit {
            Some((column, seconds)) => Self { field, column: column.to_owned(), seconds: Some(seconds) },
            None => Self { field, column: column.to_owned(), seconds: None },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_must_name_a_field() {
        assert!(matches!("vus".parse::<ColumnChoice>(), Err(ColumnChoiceError::Form(_))));
        assert!(matches!("=vus".parse::<ColumnChoice>(), Err(ColumnChoiceError::Form(_))));
        assert!(matches!("users=vus".parse::<ColumnChoice>(), Err(ColumnChoiceError::UnknownField { .. })));
    }

    #[test]
    fn a_name_may_be_made_of_several_columns() {
        let choice: ColumnChoice = "scenario=op+size".parse().unwrap();
        assert_eq!(choice.places(&["size", "op"]), Some(vec![1, 0]));
        assert_eq!(choice.places(&["op+size", "op"]), Some(vec![0]));
        assert_eq!(choice.places(&["op"]), None);
        let time: ColumnChoice = "total_time=a+b".parse().unwrap();
        assert_eq!(time.places(&["a", "b"]), None);
    }
}
