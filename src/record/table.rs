//! The run table: the polars DataFrame that stands between the importers and everything else.

use polars::prelude::{Column as PolarsColumn, DataFrame, DataType, NamedFrom, PolarsError, Series};
use thiserror::Error;

use super::{Column, Run, Slot};

/// All runs, one a row, in a polars DataFrame with the columns of [`Column::ALL`].
///
/// | columns | dtype |
/// | --- | --- |
/// | `framework`, `scenario`, `axis`, `tool`, `source`, `derived` | str |
/// | `concurrency`, `repetition` | u32 |
/// | `timestamp` | datetime\[µs, UTC\] |
/// | `requests_count`, `success_count`, `error_count`, `bytes_read` | u64 |
/// | all others | f64, s |
///
/// `derived` holds the names of the columns that were derived and not read, with a comma between them.
#[derive(Debug, Clone)]
pub struct RunTable {
    frame: DataFrame,
}

/// A frame that is not a run table.
#[derive(Debug, Error)]
#[error("the run table can't be built or read: {0}")]
pub struct TableError(#[from] PolarsError);

impl RunTable {
    /// The table of these runs, in their order.
    ///
    /// # Errors
    ///
    /// When polars refuses the columns.
    pub fn from_runs(mut runs: Vec<Run>) -> Result<Self, TableError> {
        let columns = Column::ALL.into_iter().map(|column| polars_column(column, &mut runs)).collect();
        Ok(Self { frame: DataFrame::new(runs.len(), columns)? })
    }

    /// The table in a frame that has its columns, among others.
    ///
    /// # Errors
    ///
    /// When a column is not there or has another dtype.
    pub fn from_frame(frame: &DataFrame) -> Result<Self, TableError> {
        let own = frame.select(Column::ALL.map(Column::name))?;
        for column in Column::ALL {
            let found = own.column(column.name())?.dtype();
            if *found != column.data_type() {
                return Err(PolarsError::SchemaMismatch(format!("{column} holds {found}").into()).into());
            }
        }
        Ok(Self { frame: own })
    }

    /// The table as polars has it.
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// How many runs there are.
    pub fn len(&self) -> usize {
        self.frame.height()
    }

    /// Whether there is no run.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows as runs, in the table's order.
    ///
    /// # Errors
    ///
    /// When a column does not have its dtype.
    pub fn runs(&self) -> Result<Vec<Run>, TableError> {
        let mut runs = vec![Run::default(); self.len()];
        for column in Column::ALL {
            read_column(column, self.frame.column(column.name())?, &mut runs)?;
        }
        Ok(runs)
    }
}

/// Moves one column out of the runs.
fn polars_column(column: Column, runs: &mut [Run]) -> PolarsColumn {
    let name = column.name().into();
    let slots = runs.iter_mut().map(|run| run.slot(column));
    match column.data_type() {
        DataType::UInt32 => PolarsColumn::new(
            name,
            slots.map(|slot| if let Slot::Level(level) = slot { *level } else { None }).collect::<Vec<_>>(),
        ),
        DataType::UInt64 => PolarsColumn::new(
            name,
            slots.map(|slot| if let Slot::Count(count) = slot { *count } else { None }).collect::<Vec<_>>(),
        ),
        DataType::Float64 => PolarsColumn::new(
            name,
            slots.map(|slot| if let Slot::Time(time) = slot { *time } else { None }).collect::<Vec<_>>(),
        ),
        // Not cast: for a column of nothing but nulls polars would fill 8 MiB with zeros first.
        DataType::Datetime(unit, zone) => {
            let moments: Vec<_> =
                slots.map(|slot| if let Slot::Moment(moment) = slot { *moment } else { None }).collect();
            Series::new(name, moments).into_datetime(unit, zone).into()
        }
        _ => PolarsColumn::new(name, slots.map(text_of).collect::<Vec<_>>()),
    }
}

fn text_of(slot: Slot<'_>) -> String {
    match slot {
        Slot::Text(text) => std::mem::take(text),
        Slot::Columns(columns) => columns.iter().map(|column| column.name()).collect::<Vec<_>>().join(","),
        Slot::Level(_) | Slot::Moment(_) | Slot::Count(_) | Slot::Time(_) => String::new(),
    }
}

/// Copies one column into the runs.
fn read_column(column: Column, values: &PolarsColumn, runs: &mut [Run]) -> Result<(), PolarsError> {
    let slots = runs.iter_mut().map(|run| run.slot(column));
    match column.data_type() {
        DataType::UInt32 => slots.zip(values.u32()?.iter()).for_each(|(slot, value)| {
            if let Slot::Level(level) = slot {
                *level = value;
            }
        }),
        DataType::UInt64 => slots.zip(values.u64()?.iter()).for_each(|(slot, value)| {
            if let Slot::Count(count) = slot {
                *count = value;
            }
        }),
        DataType::Float64 => slots.zip(values.f64()?.iter()).for_each(|(slot, value)| {
            if let Slot::Time(time) = slot {
                *time = value;
            }
        }),
        DataType::Datetime(..) => slots.zip(values.datetime()?.physical().iter()).for_each(|(slot, value)| {
            if let Slot::Moment(moment) = slot {
                *moment = value;
            }
        }),
        _ => slots.zip(values.str()?.iter()).for_each(|(slot, value)| match slot {
            Slot::Text(text) => *text = value.unwrap_or_default().to_owned(),
            Slot::Columns(columns) => {
                *columns = value.unwrap_or_default().split(',').filter_map(Column::from_name).collect();
            }
            Slot::Level(_) | Slot::Moment(_) | Slot::Count(_) | Slot::Time(_) => {}
        }),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Latency;

    #[test]
    fn runs_survive_the_table_unchanged() {
        let full = Run {
            framework: "asyncio".into(),
            scenario: "json".into(),
            concurrency: Some(10),
            axis: "threads".into(),
            repetition: Some(2),
            timestamp: Some(1_795_335_689_508_449),
            total_time: Some(4.2),
            requests_count: Some(40),
            success_count: Some(39),
            error_count: Some(1),
            avg_time_per_request: Some(0.105),
            latency: Latency { mean: Some(0.1), p99_9: Some(0.9), ..Latency::default() },
            bytes_read: Some(512),
            tool: "json".into(),
            source: "results.json#/0".into(),
            derived: vec![Column::RequestsCount, Column::LatencyMean],
            profile: None,
            origin: None,
            tool_histogram: None,
        };
        let bare = Run { framework: "框架".into(), ..Run::default() };
        let runs = vec![full, bare];
        let table = RunTable::from_runs(runs.clone()).unwrap();
        assert_eq!(table.runs().unwrap(), runs);
    }

    #[test]
    fn the_table_has_the_documented_columns_even_without_a_row() {
        let table = RunTable::from_runs(Vec::new()).unwrap();
        assert!(table.is_empty());
        for column in Column::ALL {
            assert_eq!(table.frame().column(column.name()).unwrap().dtype(), &column.data_type(), "{column}");
        }
    }
}
