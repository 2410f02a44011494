//! From the rows of a table and its plan to runs and requests.

use std::collections::BTreeSet;

use super::fields::Field;
use super::interpret::BadField;
use super::meaning::{Counted, Rate};
use super::moment;
use super::numbers::{Written, written};
use super::outcome::Failures;
use super::plan::{Evidence, Measured, Plan, Planned, Role, Shown};
use super::profile::shown;
use super::units;
use super::value::{Unfit, Value};
use super::vocabulary as known;
use crate::load::place::Place;
use crate::load::shape::{Cell, Row, Table};
use crate::record::{Column, Run, Slot, Unit, Work};

/// What a row became.
#[derive(Debug)]
pub(super) struct Made {
    /// Where it stands.
    pub(super) place: Place,
    /// The run, with the failures of its row.
    pub(super) run: Run,
    /// How it failed, where nobody understands it.
    pub(super) unclear: Option<String>,
    /// The latencies of its requests, s, and whether each succeeded; empty for a run that is known in sum.
    pub(super) requests: Vec<(Option<f64>, bool)>,
    /// Fields that do not hold what they should.
    pub(super) bad: Vec<BadField>,
    /// Whether there is anything measured in it.
    pub(super) is_measured: bool,
}

impl Plan {
    /// The rows that are made of the other rows, such as a total.
    pub(super) fn summaries(&self, table: &Table) -> BTreeSet<usize> {
        let of_role = |wanted: fn(&Role) -> bool| -> Vec<usize> {
            self.columns
                .iter()
                .enumerate()
                .filter(|(_, planned)| wanted(&planned.role))
                .map(|(column, _)| column)
                .collect()
        };
        let names = of_role(|role| matches!(role, Role::Framework | Role::Dimension(_)));
        let levels = of_role(|role| *role == Role::Level);
        let is_present = |row: &Row, column: &usize| row.cells.get(*column).is_some_and(Cell::is_present);
        let has_levels = table.rows.iter().any(|row| levels.iter().any(|column| is_present(row, column)));
        let is_summary = |row: &Row| {
            let is_named = names.iter().any(|column| match row.cells.get(*column) {
                Some(Cell::One(Value::Text(text))) => {
                    known::SUMMARY_ROWS.contains(&text.trim().trim_matches('*').to_lowercase().as_str())
                }
                _ => false,
            });
            is_named && !(has_levels && levels.iter().any(|column| is_present(row, column)))
        };
        let found: BTreeSet<usize> =
            table.rows.iter().enumerate().filter(|(_, row)| is_summary(row)).map(|(index, _)| index).collect();
        if found.len() < table.rows.len() { found } else { BTreeSet::new() }
    }

    pub(super) fn row(&self, row: &Row) -> Vec<Made> {
        let mut made = Made {
            place: row.place.clone(),
            run: Run::default(),
            unclear: None,
            requests: Vec::new(),
            bad: Vec::new(),
            is_measured: false,
        };
        let mut failures = Failures::default();
        let mut scenario: Vec<(&str, String)> = Vec::new();
        let mut framework: Vec<String> = Vec::new();
        let mut throughput: Option<(usize, f64)> = None;
        let mut ranks: [usize; Column::ALL.len()] = [usize::MAX; Column::ALL.len()];
        let mut times: Vec<f64> = Vec::new();
        for (planned, cell) in self.columns.iter().zip(&row.cells) {
            let value = cell.value().filter(|value| !value.is_missing());
            match (planned.role, cell) {
                (Role::Framework, _) => match value.map(Value::name) {
                    Some(Ok(name)) => framework.push(plain(&name)),
                    Some(Err(unfit)) => made.bad.push(BadField { field: Field::Column(Column::Framework), unfit }),
                    None => {}
                },
                (Role::Dimension(how), _) => {
                    if let Some(value) = value {
                        let value = plain(&shown(value));
                        scenario.push((
                            &planned.name,
                            if how == Shown::Named { format!("{}={value}", planned.name.trim()) } else { value },
                        ));
                    }
                }
                (Role::Level, _) => {
                    if let Some(value) = value.filter(|_| made.run.concurrency.is_none()) {
                        let level = self
                            .number(value)
                            .map_or_else(|| value.level(), |written| Value::Float(written.number).level());
                        match level {
                            Ok(level) => made.run.concurrency = Some(level),
                            Err(_) => made.bad.push(BadField {
                                field: Field::Column(Column::Concurrency),
                                unfit: value.unfit("a whole number from 1 to 4294967295"),
                            }),
                        }
                    }
                }
                (Role::Repetition(first), _) => {
                    let number = first
                        .zip(value.and_then(|value| value.count().ok()).and_then(|number| u32::try_from(number).ok()));
                    made.run.repetition = number.map(|(_, number)| number);
                }
                (Role::Moment, _) => made.run.timestamp = value.and_then(|value| moment::microseconds(value).ok()),
                (Role::Measure(Measured::Throughput, per_second), _) => {
                    made.is_measured |= !matches!(cell, Cell::Absent);
                    let Some(value) = value else { continue };
                    match self.rate(value, per_second) {
                        Ok(rate) if throughput.is_none_or(|(rank, _)| planned.rank < rank) => {
                            throughput = Some((planned.rank, rate))
                        }
                        Ok(_) => {}
                        Err(unfit) => made.bad.push(BadField { field: Field::Throughput, unfit }),
                    }
                }
                (Role::Measure(Measured::Column(column), scale), _) => {
                    let is_own = matches!(column, Column::Axis | Column::Work | Column::Derived);
                    made.is_measured |= !matches!(cell, Cell::Absent) && !is_own;
                    let Some(value) = value else { continue };
                    let slot =
                        Column::ALL.iter().position(|other| *other == column).and_then(|place| ranks.get_mut(place));
                    let Some(rank) = slot.filter(|rank| planned.rank < **rank) else { continue };
                    match self.set(&mut made.run, column, value, scale) {
                        Ok(()) => *rank = planned.rank,
                        Err(unfit) => made.bad.push(BadField { field: Field::Column(column), unfit }),
                    }
                }
                (Role::Open(metric, scale), _) => {
                    let Some(value) = value else { continue };
                    let number = match metric.unit() {
                        Unit::Seconds => self.time(value, scale),
                        _ => self
                            .number(value)
                            .map(|written| written.number * scale)
                            .ok_or_else(|| value.unfit("a number")),
                    };
                    let set = number.and_then(|number| {
                        if made.run.open.set(metric, number) {
                            Ok(())
                        } else {
                            Err(value.unfit("a number from zero on"))
                        }
                    });
                    made.bad.extend(set.err().map(|unfit| BadField { field: Field::Open, unfit }));
                    made.is_measured = true;
                }
                (Role::Failure(evidence), _) => {
                    if let Err(unfit) = self.failure(&mut failures, planned, evidence, cell) {
                        made.bad.push(unfit);
                    }
                }
                (Role::Latencies(seconds), Cell::List(values)) => {
                    made.is_measured = true;
                    made.requests.extend(values.iter().map(|value| (self.time(value, seconds).ok(), true)));
                }
                (Role::Latencies(seconds), _) => {
                    if let Some(value) = value {
                        made.is_measured = true;
                        made.requests.push((self.time(value, seconds).ok(), true));
                    }
                }
                (Role::Times(seconds), Cell::List(values)) => {
                    times.extend(values.iter().filter_map(|value| self.time(value, seconds).ok()))
                }
                (Role::Times(seconds), _) => times.extend(value.and_then(|value| self.time(value, seconds).ok())),
                (Role::Unit | Role::Constant | Role::Unused, _) => {}
            }
        }
        scenario.sort();
        made.run.scenario = scenario.into_iter().map(|(_, part)| part).collect::<Vec<_>>().join("/");
        made.run.framework = framework.join("/");
        let names_framework = self.columns.iter().any(|planned| planned.role == Role::Framework);
        if names_framework && made.run.framework.is_empty() && !made.bad.iter().any(BadField::spoils_record) {
            made.bad.push(BadField { field: Field::Column(Column::Framework), unfit: Value::Null.unfit("a name") });
        }
        let rate = throughput.map(|(_, rate)| rate);
        made.is_measured |= throughput.is_some() || !times.is_empty();
        if let (None, Some(rate)) = (made.run.avg_time_per_request, rate.filter(|rate| 0.0 < *rate)) {
            made.run.avg_time_per_request = Some(rate.recip());
            made.run.mark_derived(Column::AvgTimePerRequest);
        }
        made.unclear = failures.settle(&mut made.run, rate, &mut made.requests);
        repetitions(made, &times)
    }

    /// The number in a value, with its unit.
    fn number<'v>(&self, value: &'v Value<'_>) -> Option<Written<'v>> {
        match value {
            Value::Text(text) => written(text, self.comma),
            _ => value.number().ok().map(|number| Written { number, unit: "" }),
        }
    }

    fn time(&self, value: &Value<'_>, scale: f64) -> Result<f64, Unfit> {
        if let Value::Text(text) = value
            && let Some(written) = written(text, self.comma)
        {
            let scale = match (written.unit, units::seconds_in(written.unit)) {
                ("", _) => scale,
                (_, Some(seconds)) => seconds,
                _ => return value.time(scale),
            };
            return Value::Float(written.number).time(scale).map_err(|unfit| value.unfit(unfit.expected));
        }
        value.time(scale)
    }

    fn rate(&self, value: &Value<'_>, per_second: f64) -> Result<f64, Unfit> {
        let written = self.number(value).ok_or_else(|| value.unfit("a number"))?;
        let per_second = if written.unit.is_empty() {
            per_second
        } else {
            Rate::of_unit(written.unit).map_or(per_second, |rate| rate.per_second)
        };
        let rate = written.number * per_second;
        if 0.0 <= rate && rate.is_finite() { Ok(rate) } else { Err(value.unfit("a number from zero")) }
    }

    fn set(&self, run: &mut Run, column: Column, value: &Value<'_>, scale: f64) -> Result<(), Unfit> {
        match run.slot(column) {
            Slot::Text(text) => *text = value.name()?,
            Slot::Level(level) => *level = Some(value.level()?),
            Slot::Moment(moment) => *moment = moment::microseconds(value).ok(),
            Slot::Count(count) => *count = Some(self.count(value)?),
            Slot::Time(time) => *time = Some(self.time(value, scale)?),
            Slot::Work(work) => {
                *work = Work::from_name(value.name()?.trim())
                    .ok_or_else(|| value.unfit("a unit of work such as request"))?;
            }
            Slot::Columns(columns) => *columns = value.name()?.split(',').filter_map(Column::from_name).collect(),
        }
        Ok(())
    }

    pub(super) fn count(&self, value: &Value<'_>) -> Result<u64, Unfit> {
        match value {
            Value::Text(_) => self
                .number(value)
                .and_then(|written| Value::Float(written.number).count().ok())
                .ok_or_else(|| value.unfit("a whole number from 0 to 2^53")),
            _ => value.count(),
        }
    }

    fn failure(
        &self,
        failures: &mut Failures,
        planned: &Planned,
        evidence: Evidence,
        cell: &Cell,
    ) -> Result<(), BadField> {
        let name = planned.name.as_str();
        match (evidence, cell) {
            (_, Cell::Absent) => Ok(()),
            (Evidence::Count(counted), Cell::One(value)) => {
                if value.is_missing() {
                    failures.empty(counted);
                    return Ok(());
                }
                match self.count(value) {
                    Ok(count) if !matches!(value, Value::Bool(_)) => failures.count(counted, count, planned.rank),
                    _ => {
                        if let Some(unfit) = failures.word(counted, value, name) {
                            let field = match counted {
                                Counted::Requests => Column::RequestsCount,
                                Counted::Successes => Column::SuccessCount,
                                Counted::Failures | Counted::KindOfFailure => Column::ErrorCount,
                            };
                            return Err(BadField { field: Field::Column(field), unfit });
                        }
                    }
                }
                Ok(())
            }
            (Evidence::Count(counted), Cell::List(values)) => {
                let count = values.iter().filter(|value| !value.is_missing()).count() as u64;
                failures.count(counted, count, planned.rank);
                Ok(())
            }
            (Evidence::Count(counted), Cell::Counts(counts)) => {
                let sum = counts.iter().filter_map(|(_, value)| value.count().ok()).fold(0, u64::saturating_add);
                failures.count(counted, sum, planned.rank);
                Ok(())
            }
            (Evidence::Share(counted, whole), cell) => {
                if let Some(number) = cell.value().and_then(|value| self.number(value)) {
                    let whole = if number.unit.starts_with('%') { 100.0 } else { whole };
                    failures.share(counted, number.number / whole, name);
                }
                Ok(())
            }
            (Evidence::Rate(per_second), cell) => {
                if let Some(number) = cell.value().and_then(|value| self.number(value)) {
                    failures.rate(number.number * per_second);
                }
                Ok(())
            }
            (Evidence::Status, Cell::Counts(counts)) => {
                failures.statuses(counts);
                Ok(())
            }
            (Evidence::Status, Cell::One(value)) => {
                if !value.is_missing() {
                    failures.status(value, name);
                }
                Ok(())
            }
            (Evidence::Status, Cell::List(values)) => {
                for value in values {
                    failures.status(value, name);
                }
                Ok(())
            }
        }
    }
}

/// A name without the marks that a table in Markdown may have around it.
fn plain(name: &str) -> String {
    let name = name.trim();
    let bare = name.trim_matches('*').trim_matches('`').trim();
    if bare.is_empty() { name.to_owned() } else { bare.to_owned() }
}

/// A run for each of the times that were kept, or the one run where there are none.
fn repetitions(made: Made, times: &[f64]) -> Vec<Made> {
    if times.is_empty() {
        return vec![made];
    }
    let repetition = |time: &f64| {
        let mut run = made.run.clone();
        run.total_time = Some(*time);
        run.repetition = None;
        // What stands beside the times is of all of them together.
        run.latency = crate::record::Latency::default();
        Made {
            place: made.place.clone(),
            run,
            unclear: made.unclear.clone(),
            requests: Vec::new(),
            bad: Vec::new(),
            is_measured: true,
        }
    };
    times.iter().map(repetition).collect()
}
