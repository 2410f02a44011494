//! The columns of a file of histograms, and its rows as they lie in memory. `docs/histograms.md` says what they mean.

use std::collections::BTreeSet;

use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, Int128Chunked, IntoColumn, NamedFrom, NewChunkedArray, PolarsError,
    Series,
};

use super::SaveError;
use crate::record::{Column, OPEN_METRICS, OpenMetric, Run, SampleKey, TableError, frame_of, open_metrics};

/// What a row tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An input that was read, as JSON.
    Input,
    /// What was met while reading, as JSON.
    Diagnostic,
    /// A run, with the columns of the run table.
    Run,
    /// Some requests of a run.
    Requests,
    /// Some requests of a run that were sent within one bin of its time line.
    Timeline,
    /// The requests at the beginning of a run that are left out.
    LeftOut,
    /// A bucket of the histogram that a tool kept of a run.
    ToolHistogram,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Input, Self::Diagnostic, Self::Run, Self::Requests, Self::Timeline, Self::LeftOut, Self::ToolHistogram];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Diagnostic => "diagnostic",
            Self::Run => "run",
            Self::Requests => "requests",
            Self::Timeline => "timeline",
            Self::LeftOut => "left_out",
            Self::ToolHistogram => "tool_histogram",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a row counts; a place is `None` where the row does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Counted {
    pub(super) ok: Option<bool>,
    pub(super) tick: Option<f64>,
    pub(super) bits: Option<u32>,
    pub(super) bin: Option<i64>,
    pub(super) bin_width: Option<i64>,
    pub(super) lo: Option<u64>,
    pub(super) hi: Option<u64>,
    pub(super) count: Option<u64>,
    pub(super) invalid: Option<u64>,
    pub(super) sum: Option<i128>,
    pub(super) sum_of_squares: Option<i128>,
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
    pub(super) min_start: Option<i64>,
    pub(super) max_start: Option<i64>,
    pub(super) max_end: Option<i64>,
}

/// Rows to be written.
#[derive(Debug, Default)]
pub(super) struct Rows {
    kinds: Vec<&'static str>,
    runs: Vec<Run>,
    /// The open metrics that have columns.
    open: BTreeSet<OpenMetric>,
    counted: Vec<Counted>,
    contexts: Vec<Option<String>>,
}

pub(super) const KIND: &str = "kind";
pub(super) const CONTEXT: &str = "context";

/// What a file must have to be taken for one of histograms.
pub(super) const MARKS: [&str; 3] = [KIND, "lo", "count"];

/// The columns beyond those of the run table and the kind, in their order.
pub(super) const COLUMNS: [(&str, DataType); 17] = [
    ("ok", DataType::Boolean),
    ("tick", DataType::Float64),
    ("bits", DataType::UInt32),
    ("bin", DataType::Int64),
    ("bin_width", DataType::Int64),
    ("lo", DataType::UInt64),
    ("hi", DataType::UInt64),
    ("count", DataType::UInt64),
    ("invalid", DataType::UInt64),
    ("sum", SUM),
    ("sum_of_squares", SUM),
    ("min", DataType::UInt64),
    ("max", DataType::UInt64),
    ("min_start", DataType::Int64),
    ("max_start", DataType::Int64),
    ("max_end", DataType::Int64),
    (CONTEXT, DataType::String),
];

const DIGITS: usize = 38;
const SUM: DataType = DataType::Decimal(DIGITS, 0);

impl Rows {
    /// No rows yet, with columns of these open metrics.
    pub(super) fn new(open: BTreeSet<OpenMetric>) -> Self {
        Self { open, ..Self::default() }
    }

    /// Takes the rows out.
    pub(super) fn take(&mut self) -> Self {
        let open = self.open.clone();
        std::mem::replace(self, Self::new(open))
    }

    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn push_context(&mut self, kind: Kind, context: String) {
        self.push(kind, Run::default(), Counted::default(), Some(context));
    }

    pub(super) fn push_run(&mut self, run: Run) {
        self.push(Kind::Run, run, Counted::default(), None);
    }

    /// Adds a row that counts something of a run; `bytes` are those received.
    pub(super) fn push_counted(&mut self, kind: Kind, key: &SampleKey, counted: Counted, bytes: Option<u64>) {
        self.push(kind, Run { bytes_read: bytes, ..key.clone().run() }, counted, None);
    }

    fn push(&mut self, kind: Kind, run: Run, counted: Counted, context: Option<String>) {
        self.kinds.push(kind.name());
        self.runs.push(run);
        self.counted.push(counted);
        self.contexts.push(context);
    }

    pub(super) fn into_frame(self) -> Result<DataFrame, TableError> {
        let rows = self.len();
        let mut columns = vec![PolarsColumn::new(KIND.into(), self.kinds)];
        columns.extend(frame_of(&self.runs.iter().collect::<Vec<_>>(), &self.open)?.columns().iter().cloned());
        let counted = self.counted;
        for (name, _) in &COLUMNS {
            columns.push(match *name {
                "ok" => column(name, &counted, |row| row.ok),
                "tick" => column(name, &counted, |row| row.tick),
                "bits" => column(name, &counted, |row| row.bits),
                "bin" => column(name, &counted, |row| row.bin),
                "bin_width" => column(name, &counted, |row| row.bin_width),
                "lo" => column(name, &counted, |row| row.lo),
                "hi" => column(name, &counted, |row| row.hi),
                "count" => column(name, &counted, |row| row.count),
                "invalid" => column(name, &counted, |row| row.invalid),
                "sum" => decimals(name, counted.iter().map(|row| row.sum))?,
                "sum_of_squares" => decimals(name, counted.iter().map(|row| row.sum_of_squares))?,
                "min" => column(name, &counted, |row| row.min),
                "max" => column(name, &counted, |row| row.max),
                "min_start" => column(name, &counted, |row| row.min_start),
                "max_start" => column(name, &counted, |row| row.max_start),
                "max_end" => column(name, &counted, |row| row.max_end),
                _ => PolarsColumn::new((*name).into(), &self.contexts),
            });
        }
        Ok(DataFrame::new(rows, columns)?)
    }
}

fn column<T>(name: &str, rows: &[Counted], of: impl Fn(&Counted) -> Option<T>) -> PolarsColumn
where
    Series: NamedFrom<Vec<Option<T>>, [Option<T>]>,
{
    Series::new(name.into(), rows.iter().map(of).collect::<Vec<_>>()).into_column()
}

fn decimals(name: &str, values: impl Iterator<Item = Option<i128>>) -> Result<PolarsColumn, PolarsError> {
    Ok(Int128Chunked::from_iter_options(name.into(), values).into_decimal(DIGITS, 0)?.into_column())
}

/// Brings a frame to all columns of a file of histograms, with their types. Columns that are not there hold nothing.
///
/// # Errors
///
/// When a column holds something else: text for numbers, floats for whole numbers, or numbers that are too large.
pub(super) fn completed(frame: &DataFrame) -> Result<DataFrame, SaveError> {
    let of_runs = Column::ALL.into_iter().map(|column| (column.name(), column.data_type()));
    let all = [(KIND, DataType::String)].into_iter().chain(of_runs).chain(COLUMNS);
    let columns = all.map(|(name, dtype)| {
        let Ok(found) = frame.column(name) else {
            return Ok(PolarsColumn::full_null(name.into(), frame.height(), &dtype));
        };
        let is_exact = dtype == *found.dtype()
            || found.dtype().is_null()
            || (found.dtype().is_integer() && dtype.is_numeric())
            || (found.dtype().is_temporal() && dtype.is_temporal())
            || (found.dtype().is_decimal() && dtype.is_decimal());
        if !is_exact {
            return Err(SaveError::Column { name, expected: dtype.to_string(), found: found.dtype().to_string() });
        }
        Ok(found.strict_cast(&dtype)?)
    });
    let mut columns: Vec<PolarsColumn> = columns.collect::<Result<_, SaveError>>()?;
    let open = open_metrics(frame)?;
    let of_open = open.iter().map(|metric| metric.name()).chain((!open.is_empty()).then_some(OPEN_METRICS));
    for name in of_open {
        columns.push(frame.column(name)?.clone());
    }
    Ok(DataFrame::new(frame.height(), columns)?)
}
