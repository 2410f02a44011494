//! Rows put together to runs. Rows with equal keys add up, so that what an engine merged or computed is read like what
//! benchplot wrote.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use polars::prelude::{Column, DataFrame};

use super::columns::{CONTEXT, Counted, KIND, Kind, completed};
use super::{Context, SaveError};
use crate::load::samples::profiled_anew;
use crate::load::{Diagnostic, Severity};
use crate::record::{
    Bin, Cut, Histogram, Moments, Precision, Profile, Run, SampleKey, Span, Timeline, ToolHistogram, runs_of,
};

/// What the rows so far tell.
#[derive(Debug, Default)]
pub(super) struct Reading {
    rows: usize,
    context: Context,
    /// In the order of their rows.
    runs: Vec<(SampleKey, Run)>,
    counted: IndexMap<SampleKey, Parts>,
}

/// What is counted of one run.
#[derive(Debug, Default)]
struct Parts {
    /// By the bits of their histograms.
    requests: IndexMap<Option<u32>, Sums>,
    /// By the width of a bin, ns, and its place.
    bins: IndexMap<(i64, i64), Sums>,
    cut: Option<Cut>,
    tool_histogram: ToolHistogram,
}

/// Requests, added up.
#[derive(Debug, Default)]
struct Sums {
    bits: Option<u32>,
    count: u64,
    errors: u64,
    invalid: u64,
    buckets: Vec<(u64, u64)>,
    moments: Option<Moments>,
    min_start: Option<i64>,
    max_start: Option<i64>,
    max_end: Option<i64>,
    bytes: Option<u64>,
}

impl Reading {
    /// Adds some rows.
    pub(super) fn add(&mut self, frame: &DataFrame) -> Result<(), SaveError> {
        let frame = completed(frame)?;
        let kinds = frame.column(KIND)?.str()?.clone();
        let contexts = frame.column(CONTEXT)?.str()?.clone();
        let mut runs = runs_of(&frame)?.into_iter();
        let counted = counted(&frame)?;
        let row_before = self.rows;
        for (row, ((kind, context), counted)) in kinds.iter().zip(contexts.iter()).zip(counted).enumerate() {
            let Some(run) = runs.next() else { break };
            let told = self.add_row(kind, run, counted, context.unwrap_or_default());
            told.map_err(|message| SaveError::Row { row: row_before + row + 1, message })?;
        }
        self.rows += frame.height();
        Ok(())
    }

    fn add_row(&mut self, kind: Option<&str>, run: Run, counted: Counted, context: &str) -> Result<(), String> {
        let kind = kind.and_then(Kind::from_name).ok_or_else(|| {
            format!("expected a kind of row such as {:?}, found {:?}", Kind::Requests.name(), kind.unwrap_or_default())
        })?;
        let json = |error: serde_json::Error| format!("the column {CONTEXT} is damaged: {error}");
        match kind {
            Kind::Input => self.context.inputs.push(serde_json::from_str(context).map_err(json)?),
            Kind::Diagnostic => self.context.diagnostics.push(serde_json::from_str(context).map_err(json)?),
            _ if run.framework.is_empty() => return Err("the run has no framework".to_owned()),
            Kind::Run => self.runs.push((SampleKey::of(&run), run)),
            Kind::Requests | Kind::Timeline | Kind::LeftOut | Kind::ToolHistogram => {
                let tick = counted.tick.unwrap_or(Histogram::DEFAULT_TICK);
                if tick.total_cmp(&Histogram::DEFAULT_TICK).is_ne() {
                    let expected = Histogram::DEFAULT_TICK;
                    return Err(format!(
                        "expected ticks of {expected:e} s, found {tick:e} s; write the rows anew in these"
                    ));
                }
                self.counted.entry(SampleKey::of(&run)).or_default().add(kind, &counted, run.bytes_read)?;
            }
        }
        Ok(())
    }

    /// All runs, in the order of their first rows, and what else is known.
    pub(super) fn finish(self, file: &str) -> Result<(Vec<Run>, Context), SaveError> {
        let Self { mut context, runs, mut counted, rows: _ } = self;
        let mixed = counted.values().filter(|parts| 1 < parts.requests.len()).count();
        if 0 < mixed {
            let message =
                format!("of {mixed} of the runs there are requests at several precisions; the coarsest is left");
            let help = "give --precision alike when histograms are written";
            context
                .diagnostics
                .push(Diagnostic::new(Severity::Warning, "different-precisions", file, message).help(help));
        }
        let mut times: HashMap<SampleKey, usize> = HashMap::new();
        runs.iter().for_each(|(key, _)| *times.entry(key.clone()).or_default() += 1);
        let mut all = Vec::with_capacity(runs.len());
        for (key, run) in runs {
            let is_merged = 1 < times.get(&key).copied().unwrap_or_default();
            match counted.shift_remove(&key) {
                Some(parts) => all.push(parts.into_run(run, is_merged)?),
                // Its requests are with the first row of the run.
                None if is_merged && all.iter().any(|run| SampleKey::of(run) == key && run.profile.is_some()) => {}
                None => all.push(run),
            }
        }
        // An engine that counted requests knows of no run.
        for (key, parts) in counted {
            all.push(parts.into_run(key.run(), true)?);
        }
        if all.is_empty() { Err(SaveError::NoRun) } else { Ok((all, context)) }
    }
}

/// The columns that count something, row by row.
fn counted(frame: &DataFrame) -> Result<impl Iterator<Item = Counted>, SaveError> {
    let mut rows = vec![Counted::default(); frame.height()];
    macro_rules! fill {
        ($($field:ident: $values:expr),+) => {$(
            let column = frame.column(stringify!($field))?;
            for (row, value) in rows.iter_mut().zip($values(column)?.iter()) {
                row.$field = value;
            }
        )+};
    }
    fill!(ok: Column::bool, tick: Column::f64, bits: Column::u32, bin: Column::i64, bin_width: Column::i64);
    fill!(lo: Column::u64, hi: Column::u64, count: Column::u64, invalid: Column::u64, min: Column::u64, max: Column::u64);
    fill!(min_start: Column::i64, max_start: Column::i64, max_end: Column::i64);
    let sums = |column: &'static str| Ok::<_, SaveError>(frame.column(column)?.decimal()?.physical().clone());
    let (sum, sum_of_squares) = (sums("sum")?, sums("sum_of_squares")?);
    for ((row, sum), sum_of_squares) in rows.iter_mut().zip(sum.iter()).zip(sum_of_squares.iter()) {
        (row.sum, row.sum_of_squares) = (sum, sum_of_squares);
    }
    Ok(rows.into_iter())
}

impl Parts {
    fn add(&mut self, kind: Kind, counted: &Counted, bytes: Option<u64>) -> Result<(), String> {
        let missing = |name: &str| format!("the column {name} is empty");
        if kind == Kind::ToolHistogram {
            let (lo, hi) = (counted.lo.ok_or_else(|| missing("lo"))?, counted.hi.ok_or_else(|| missing("hi"))?);
            if hi < lo {
                return Err(format!("a bucket that begins at {lo} does not end at {hi}"));
            }
            self.tool_histogram.add_ticks(lo, hi, counted.count.ok_or_else(|| missing("count"))?);
            return Ok(());
        }
        if kind == Kind::LeftOut {
            let requests = counted.count.ok_or_else(|| missing("count"))?;
            let first_start = counted.min_start.ok_or_else(|| missing("min_start"))?;
            let until = counted.max_end.ok_or_else(|| missing("max_end"))?;
            let cut = Cut { until, requests, first_start };
            self.cut = Some(self.cut.map_or(cut, |own| own.with(cut)));
            return Ok(());
        }
        let sums = if kind == Kind::Requests {
            self.requests.entry(counted.bits).or_default()
        } else {
            let width = counted.bin_width.ok_or_else(|| missing("bin_width"))?;
            self.bins.entry((width, counted.bin.ok_or_else(|| missing("bin"))?)).or_default()
        };
        sums.bits = counted.bits;
        sums.add(counted, bytes)
    }

    /// A run with what is counted of it. Where its row is missing or several rows are put together, `is_merged`, it takes its
    /// numbers from there.
    fn into_run(self, run: Run, is_merged: bool) -> Result<Run, SaveError> {
        let key = SampleKey::of(&run);
        let damaged = |message| SaveError::Run { name: key.to_string(), message };
        let profile = self.profile().map_err(damaged)?;
        let tool_histogram = (!self.tool_histogram.is_empty()).then(|| Arc::new(self.tool_histogram));
        let run = Run { tool_histogram, ..run };
        Ok(match profile {
            Some(profile) if is_merged => profiled_anew(run, profile),
            profile => Run { profile: profile.map(Arc::new), ..run },
        })
    }

    fn profile(&self) -> Result<Option<Profile>, String> {
        let mut timeline = Timeline::new();
        for (&(width, place), sums) in &self.bins {
            timeline.merge(&Timeline::of_bin(width, place, sums.bin()?)?);
        }
        let mut whole: Option<Profile> = None;
        for sums in self.requests.values() {
            let profile = sums.profile()?;
            match &mut whole {
                Some(whole) => drop(whole.merge(&profile)),
                None => whole = Some(profile),
            }
        }
        if whole.is_none() && !self.bins.is_empty() {
            return Err(format!("it has a time line, and no rows of the kind {:?}", Kind::Requests.name()));
        }
        Ok(whole.map(|profile| Profile { timeline, cut: self.cut, ..profile }))
    }
}

impl Sums {
    fn add(&mut self, counted: &Counted, bytes: Option<u64>) -> Result<(), String> {
        let added = |one: u64, other: u64| one.checked_add(other).ok_or("there are too many requests to count");
        let count = counted.count.ok_or("the column count is empty")?;
        let ok = counted.ok.ok_or("the column ok does not say whether the requests succeeded")?;
        self.count = added(self.count, count)?;
        self.invalid = added(self.invalid, counted.invalid.unwrap_or(0))?;
        if !ok {
            self.errors = added(self.errors, count)?;
        } else if let Some(lo) = counted.lo {
            self.buckets.push((lo, count));
        }
        self.min_start = self.min_start.into_iter().chain(counted.min_start).min();
        self.max_start = self.max_start.max(counted.max_start);
        self.max_end = self.max_end.max(counted.max_end);
        if let Some(bytes) = bytes {
            self.bytes = Some(self.bytes.unwrap_or(0).saturating_add(bytes));
        }
        // How fast requests fail is not how fast they are served.
        let of_values =
            [counted.sum.is_some(), counted.sum_of_squares.is_some(), counted.min.is_some(), counted.max.is_some()];
        if !ok || !of_values.contains(&true) {
            return Ok(());
        }
        let (Some(sum), Some(sum_of_squares), Some(min), Some(max)) =
            (counted.sum, counted.sum_of_squares, counted.min, counted.max)
        else {
            return Err("of the columns sum, sum_of_squares, min and max one is empty and another is not".to_owned());
        };
        let (Ok(sum), Ok(sum_of_squares)) = (u128::try_from(sum), u128::try_from(sum_of_squares)) else {
            return Err(format!("the sums {sum} and {sum_of_squares} are not those of latencies"));
        };
        let moments = Moments { sum, sum_of_squares, min, max };
        self.moments = Some(self.moments.map_or(moments, |own| own.with(moments)));
        Ok(())
    }

    fn latencies(&self) -> Result<Histogram, String> {
        let precision = match self.bits {
            None => Precision::EXACT,
            Some(bits) if Precision::bits(bits).as_bits() == Some(bits) => Precision::bits(bits),
            Some(bits) => return Err(format!("expected 1 to 20 bits of precision, found {bits}")),
        };
        Histogram::from_parts(Histogram::DEFAULT_TICK, precision, self.buckets.iter().copied(), self.moments)
    }

    fn profile(&self) -> Result<Profile, String> {
        if self.count < self.invalid {
            return Err(format!("{} of {} requests can't be without a latency", self.invalid, self.count));
        }
        let span = match (self.min_start, self.max_end) {
            (None, None) => None,
            (Some(from), Some(until)) if from <= until => Some(Span { from, until }),
            (from, until) => return Err(format!("requests do not last from {from:?} to {until:?} ns")),
        };
        Ok(Profile {
            requests: self.count,
            errors: self.errors,
            invalid_latencies: self.invalid,
            latencies: self.latencies()?,
            span,
            bytes: self.bytes,
            timeline: Timeline::new(),
            cut: None,
        })
    }

    fn bin(&self) -> Result<Bin, String> {
        let (Some(first_start), Some(last_start)) = (self.min_start, self.max_start) else {
            return Err("a bin of the time line lacks min_start or max_start".to_owned());
        };
        Ok(Bin { count: self.count, errors: self.errors, first_start, last_start, latencies: self.latencies()? })
    }
}
