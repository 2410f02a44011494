//! Columns whose meaning the user gave.

use std::str::FromStr;

use thiserror::Error;

use super::fields::{Field, RUN_FIELDS, SAMPLE_FIELDS};
use super::units;

/// A column of the input that the user gave a meaning: `concurrency=vus`, `total_time=dur:ms`.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnChoice {
    pub(super) field: Field,
    pub(super) column: String,
    pub(super) seconds: Option<f64>,
}

impl ColumnChoice {
    /// Whether both speak of one field or one column, so that only one of them can be meant.
    pub(crate) fn rivals(&self, other: &Self) -> bool {
        self.field == other.field || self.column == other.column
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

    /// Reads `FIELD=COLUMN` or `FIELD=COLUMN:UNIT`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || ColumnChoiceError::Form(text.to_owned());
        let (field, column) = text.split_once('=').ok_or_else(form)?;
        let (field, column) = (field.trim(), column.trim());
        if field.is_empty() || column.is_empty() {
            return Err(form());
        }
        let fields = || RUN_FIELDS.iter().chain(SAMPLE_FIELDS).map(|(field, _)| *field);
        let field = fields().find(|known| known.name() == field).ok_or_else(|| ColumnChoiceError::UnknownField {
            found: field.to_owned(),
            known: fields().map(Field::name).collect(),
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
}
