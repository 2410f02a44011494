//! Runs as a polars DataFrame, at the edges: Parquet, saved histograms, and users of the library.

use std::borrow::Cow;
use std::collections::BTreeSet;

use polars::prelude::{Column as PolarsColumn, DataFrame, DataType, NamedFrom, PolarsError, Series};
use thiserror::Error;

use super::{Column, OpenMetric, Run, RunValue, Runs, Slot, Work};

/// The column that says what the columns of open metrics are.
pub const OPEN_METRICS: &str = "open_metrics";

/// A frame that is no run table.
#[derive(Debug, Error)]
#[error("the run table can't be built or read: {0}")]
pub struct TableError(#[from] PolarsError);

impl Runs {
    /// The run table: one run a row, in their order, with the columns of [`Column::ALL`].
    ///
    /// | columns | dtype |
    /// | --- | --- |
    /// | `framework`, `scenario`, `axis`, `work`, `tool`, `source`, `derived` | str |
    /// | `concurrency`, `repetition` | u32 |
    /// | `timestamp` | datetime\[µs, UTC\] |
    /// | `requests_count`, `success_count`, `error_count`, `bytes_read` | u64 |
    /// | all others | f64, s |
    ///
    /// `derived` holds the names of the columns that were derived and not read, with a comma between them. Profiles and
    /// histograms have no column.
    ///
    /// Where a run has values of open metrics, each of these is one more column of f64 by its name, and the last column,
    /// [`OPEN_METRICS`], holds for every run the definitions of those that it has, with a blank between them.
    ///
    /// # Errors
    ///
    /// When polars refuses the columns.
    pub fn to_frame(&self) -> Result<DataFrame, TableError> {
        let runs: Vec<&Run> = self.iter().collect();
        frame_of(&runs, &OpenMetric::of_runs(self))
    }

    /// The runs of a table that has the columns of [`Runs::to_frame`], among others.
    ///
    /// # Errors
    ///
    /// When a column is missing or has another dtype.
    pub fn from_frame(frame: &DataFrame) -> Result<Self, TableError> {
        Ok(Self::new(runs_of(frame)?))
    }
}

/// The run table of these runs, in their order, with columns of these open metrics.
pub(crate) fn frame_of(runs: &[&Run], open: &BTreeSet<OpenMetric>) -> Result<DataFrame, TableError> {
    let own = Column::ALL.into_iter().map(|column| polars_column(column, runs));
    Ok(DataFrame::new(runs.len(), own.chain(open_columns(runs, open)).collect())?)
}

/// The columns of open metrics, and what they are; none where there is none.
fn open_columns(runs: &[&Run], open: &BTreeSet<OpenMetric>) -> Vec<PolarsColumn> {
    if open.is_empty() {
        return Vec::new();
    }
    let values = |metric: OpenMetric| runs.iter().map(|run| run.open.get(metric)).collect::<Vec<Option<f64>>>();
    let mut columns: Vec<PolarsColumn> =
        open.iter().map(|metric| PolarsColumn::new(metric.name().into(), values(*metric))).collect();
    let definitions: Vec<String> = runs.iter().map(|run| run.open.definitions()).collect();
    columns.push(PolarsColumn::new(OPEN_METRICS.into(), definitions));
    columns
}

/// The open metrics that a frame has columns of.
pub(crate) fn open_metrics(frame: &DataFrame) -> Result<BTreeSet<OpenMetric>, PolarsError> {
    let Ok(definitions) = frame.column(OPEN_METRICS) else { return Ok(BTreeSet::new()) };
    let definitions = definitions.str()?.iter().flatten().flat_map(str::split_whitespace);
    Ok(definitions.collect::<BTreeSet<&str>>().into_iter().filter_map(OpenMetric::from_definition).collect())
}

/// The rows of a run table as runs, in their order.
pub(crate) fn runs_of(frame: &DataFrame) -> Result<Vec<Run>, TableError> {
    let mut runs = vec![Run::default(); frame.height()];
    for column in Column::ALL {
        let values = frame.column(column.name())?;
        if *values.dtype() != column.data_type() {
            let found = values.dtype();
            return Err(PolarsError::SchemaMismatch(format!("{column} holds {found}").into()).into());
        }
        read_column(column, values, &mut runs)?;
    }
    for metric in open_metrics(frame)? {
        for (run, value) in runs.iter_mut().zip(frame.column(metric.name())?.f64()?.iter()) {
            value.into_iter().for_each(|value| {
                run.open.set(metric, value);
            });
        }
    }
    Ok(runs)
}

fn polars_column(column: Column, runs: &[&Run]) -> PolarsColumn {
    let name = column.name().into();
    let values = runs.iter().map(|run| run.value(column));
    match column.data_type() {
        DataType::UInt32 => PolarsColumn::new(
            name,
            values.map(|value| if let RunValue::Level(level) = value { level } else { None }).collect::<Vec<_>>(),
        ),
        DataType::UInt64 => PolarsColumn::new(
            name,
            values.map(|value| if let RunValue::Count(count) = value { count } else { None }).collect::<Vec<_>>(),
        ),
        DataType::Float64 => PolarsColumn::new(
            name,
            values.map(|value| if let RunValue::Time(time) = value { time } else { None }).collect::<Vec<_>>(),
        ),
        // Not cast: for a column of nothing but nulls polars would fill 8 MiB with zeros first.
        DataType::Datetime(unit, zone) => {
            let moments: Vec<_> =
                values.map(|value| if let RunValue::Moment(moment) = value { moment } else { None }).collect();
            Series::new(name, moments).into_datetime(unit, zone).into()
        }
        _ => PolarsColumn::new(name, values.map(text_of).collect::<Vec<_>>()),
    }
}

fn text_of(value: RunValue<'_>) -> Cow<'_, str> {
    match value {
        RunValue::Text(text) => Cow::Borrowed(text),
        RunValue::Work(work) => Cow::Borrowed(work.name()),
        RunValue::Columns(columns) => {
            Cow::Owned(columns.iter().map(|column| column.name()).collect::<Vec<_>>().join(","))
        }
        RunValue::Level(_) | RunValue::Moment(_) | RunValue::Count(_) | RunValue::Time(_) => Cow::Borrowed(""),
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
            Slot::Work(work) => *work = value.and_then(Work::from_name).unwrap_or_default(),
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
    use crate::record::{Direction, Latency, OpenValues, Unit};

    #[test]
    fn runs_survive_the_table_unchanged() {
        let full = Run {
            framework: "asyncio".into(),
            scenario: "json".into(),
            concurrency: Some(10),
            axis: "threads".into(),
            work: Work::Transaction,
            repetition: Some(2),
            timestamp: Some(1_795_335_689_508_449),
            total_time: Some(4.2),
            requests_count: Some(40),
            success_count: Some(39),
            error_count: Some(1),
            error_share: None,
            unclear_failures: false,
            avg_time_per_request: Some(0.105),
            latency: Latency { mean: Some(0.1), p99_9: Some(0.9), ..Latency::default() },
            bytes_read: Some(512),
            open: OpenValues::default(),
            tool: "json".into(),
            source: "results.json#/0".into(),
            derived: vec![Column::RequestsCount, Column::LatencyMean],
            profile: None,
            origin: None,
            tool_histogram: None,
        };
        let mut bare = Run { framework: "框架".into(), ..Run::default() };
        bare.open.set(OpenMetric::new("kept_ttft", Unit::Seconds, Direction::LowerIsBetter), 0.2);
        bare.open.set(OpenMetric::new("kept_output", "tokens/s".into(), Direction::HigherIsBetter), 1850.0);
        let runs = vec![full, bare];
        let runs = Runs::new(runs);
        assert_eq!(Runs::from_frame(&runs.to_frame().unwrap()).unwrap(), runs);
    }

    #[test]
    fn the_table_has_the_documented_columns_even_without_a_row() {
        let frame = Runs::default().to_frame().unwrap();
        assert!(frame.height() == 0 && frame.column(OPEN_METRICS).is_err());
        for column in Column::ALL {
            assert_eq!(frame.column(column.name()).unwrap().dtype(), &column.data_type(), "{column}");
        }
    }
}
