//! Tables that read well and can't be right: times in another unit than seconds, and readings of a monitor.

use super::columns::MappingError;
use super::meaning::Meaning;
use super::plan::{Evidence, Measured, Plan, Role};
use super::runs::Made;
use super::value::Value;
use super::{Counted, moment};
use crate::load::shape::{Cell, Table};
use crate::record::Column as C;

/// How far numbers lie apart that differ by a unit of a thousand, with room for what was measured coarsely.
const ABOUT_A_THOUSAND: std::ops::RangeInclusive<f64> = 200.0..=5_000.0;

/// Looks for times whose unit was not given and that can't be seconds.
///
/// # Errors
///
/// When there are some.
pub(super) fn check_units(plan: &Plan, unitless: &[usize], made: &[Made]) -> Result<(), MappingError> {
    let is_unitless = |measured: C| {
        unitless.iter().any(|column| {
            plan.columns.get(*column).is_some_and(
                |planned| matches!(planned.role, Role::Measure(Measured::Column(own), _) if own == measured),
            )
        })
    };
    for made in made {
        let run = &made.run;
        let latency =
            [(C::LatencyMean, run.latency.mean), (C::LatencyP50, run.latency.p50), (C::LatencyMin, run.latency.min)];
        let latency =
            latency.into_iter().find_map(|(column, time)| Some((column, time?)).filter(|_| is_unitless(column)));
        let total_is_read = !run.is_derived(C::TotalTime);
        let total = run.total_time.filter(|_| total_is_read);
        let reason = match (latency, total, run.avg_time_per_request) {
            (Some((column, latency)), Some(total), _)
                if total * 1.5 < latency && ABOUT_A_THOUSAND.contains(&(1e3 * latency / (1e3 * total)).max(200.0)) =>
            {
                Some(format!("{column} is {latency} in a run of {total} s"))
            }
            (Some((column, latency)), _, Some(average)) if 0.0 < average => {
                let in_flight = latency / average;
                let level = run.concurrency.filter(|_| run.axis.is_empty()).map(f64::from);
                level.filter(|level| ABOUT_A_THOUSAND.contains(&(in_flight / level))).map(|level| {
                    format!("{column} is {latency} at {:.6} requests a second, {in_flight:.0} in flight where there are {level}", average.recip())
                })
            }
            _ => None,
        };
        let of_rate = match (
            run.total_time.filter(|_| total_is_read && is_unitless(C::TotalTime)),
            run.requests_count,
            run.avg_time_per_request,
        ) {
            (Some(total), Some(requests), Some(average))
                if 0 < requests && run.is_derived(C::AvgTimePerRequest) && !run.is_derived(C::RequestsCount) =>
            {
                let expected = average * requests as f64;
                let ratio = (total / expected).max(expected / total);
                ABOUT_A_THOUSAND.contains(&ratio).then(|| {
                    format!("total_time is {total} for {requests} requests at {:.6} a second", average.recip())
                })
            }
            _ => None,
        };
        if let Some(reason) = reason.or(of_rate) {
            let planned = unitless.iter().filter_map(|column| plan.columns.get(*column));
            let named: Vec<(&str, String)> = planned
                .filter_map(|planned| match planned.role {
                    Role::Measure(Measured::Column(column), _) => Some((column.name(), planned.name.trim().to_owned())),
                    _ => None,
                })
                .collect();
            return Err(MappingError::DoubtfulUnit {
                reason,
                choices: named.iter().map(|(field, column)| format!("{field}={column}:ms")).collect(),
                columns: named.into_iter().map(|(_, column)| column).collect(),
            });
        }
    }
    Ok(())
}

/// Looks whether rows of one cell are evenly apart in time and say how busy a machine was: those are no runs.
///
/// # Errors
///
/// When they are.
pub(super) fn check_monitor(plan: &Plan, table: &Table) -> Result<(), MappingError> {
    const FEWEST: usize = 5;
    const LONGEST: f64 = 60.0;
    let is_of_machine = table.columns.iter().any(|heading| {
        super::tokens::words(&heading.name())
            .iter()
            .any(|word| matches!(word.as_str(), "cpu" | "mem" | "memory" | "rss" | "load"))
    });
    let has_counts = plan.columns.iter().any(|planned| {
        matches!(planned.role, Role::Failure(Evidence::Count(Counted::Requests)))
            || matches!(planned.role, Role::Measure(Measured::Column(C::TotalTime), _))
    });
    let Some(moments) = plan.columns.iter().position(|planned| planned.role == Role::Moment) else { return Ok(()) };
    let keys: Vec<usize> = (0..plan.columns.len())
        .filter(|column| {
            plan.columns.get(*column).is_some_and(|planned| {
                matches!(planned.role, Role::Framework | Role::Dimension(_) | Role::Level | Role::Repetition(_))
            })
        })
        .collect();
    let one_cell = table.rows.windows(2).all(|rows| match rows {
        [one, other] => super::identity::key(one, &keys) == super::identity::key(other, &keys),
        _ => true,
    });
    if !is_of_machine || has_counts || !one_cell || table.rows.len() < FEWEST {
        return Ok(());
    }
    let times: Vec<f64> = table
        .cells(moments)
        .filter_map(|(_, cell)| Some(moment::microseconds(cell.value()?).ok()? as f64 / 1e6))
        .collect();
    let mut steps: Vec<f64> =
        times.windows(2).filter_map(|pair| if let [one, other] = pair { Some(other - one) } else { None }).collect();
    steps.sort_by(f64::total_cmp);
    let (Some(middle), true) = (steps.get(steps.len() / 2).copied(), times.len() == table.rows.len()) else {
        return Ok(());
    };
    let is_even = steps.iter().filter(|step| (**step - middle).abs() <= 0.5 * middle).count() * 10 >= steps.len() * 9;
    if 0.0 < middle && middle <= LONGEST && is_even { Err(MappingError::Monitor { seconds: middle }) } else { Ok(()) }
}

/// The columns of times whose unit nobody gives: neither a name, nor a column beside, nor a value, nor the user.
pub(super) fn unitless(plan: &Plan, table: &Table, given: impl Fn(usize) -> bool) -> Vec<usize> {
    let is_bare = |column: usize| {
        table
            .cells(column)
            .filter_map(|(_, cell)| match cell {
                Cell::One(value) => Some(value),
                _ => None,
            })
            .all(|value| match value {
                Value::Text(text) => text.trim().chars().all(|c| !c.is_alphabetic() || matches!(c, 'e' | 'E')),
                Value::Seconds(_) => false,
                _ => true,
            })
    };
    let is_time = |column: usize| {
        plan.columns.get(column).is_some_and(|planned| {
            let is_time = matches!(planned.role, Role::Measure(Measured::Column(column), _) if !matches!(column, C::BytesRead | C::Axis | C::Work | C::Derived));
            let is_seconds = matches!(planned.role, Role::Measure(_, scale) if (scale - 1.0).abs() < f64::EPSILON);
            is_time && is_seconds
        })
    };
    let names_unit = |column: usize| {
        table
            .columns
            .get(column)
            .is_some_and(|heading| matches!(Meaning::of(&heading.path), Meaning::Time(time) if time.seconds.is_some()))
    };
    (0..table.columns.len())
        .filter(|column| is_time(*column) && !names_unit(*column) && is_bare(*column) && !given(*column))
        .collect()
}
