//! Tables that have the names of metrics in a column: one row for each metric of a run.

use indexmap::IndexMap;

use super::table::{Cell, Fields, Heading, Table};
use crate::load::place::Place;
use crate::load::tabular::{Meaning, Value};

/// Names of a column that holds names of metrics.
const METRICS: [&str; 10] =
    ["metric", "metric_name", "measure", "measurement", "kpi", "statistic", "stat", "metrics", "indicator", "variable"];

/// Names of the column that holds their values.
const VALUES: [&str; 8] =
    ["value", "val", "result", "values", "metric_value", "amount", "reading", "measurement_value"];

/// Names of a column that holds their units.
const UNITS: [&str; 3] = ["unit", "units", "metric_unit"];

/// The same table with a row for each run, where its rows are metrics; `None` where they are not.
pub(crate) fn pivoted(table: &Table) -> Option<Table> {
    let named = |names: &[&str]| {
        table.columns.iter().position(|heading| names.contains(&heading.name().trim().to_lowercase().as_str()))
    };
    let metric = named(&METRICS)?;
    let text = |column: usize, row: usize| match table.rows.get(row)?.cells.get(column)?.value()? {
        Value::Text(text) => Some(text.trim().to_owned()),
        _ => None,
    };
    let names: Vec<Option<String>> = (0..table.rows.len()).map(|row| text(metric, row)).collect();
    let is_known = |name: &Option<String>| name.as_ref().is_some_and(|name| Meaning::of_name(name).is_known());
    let known = names.iter().filter(|name| is_known(name)).count();
    if known == 0 || 2 * known < names.iter().flatten().count() {
        return None;
    }
    let value = named(&VALUES);
    let statistics: Vec<usize> = (0..table.columns.len())
        .filter(|column| *column != metric && table.columns.get(*column).is_some_and(|heading| crate::load::tabular::is_bare_statistic(&heading.name()) || matches!(Meaning::of_name(&heading.name()), Meaning::Time(time) if time.statistic.is_some() && time.seconds.is_none())))
        .collect();
    if value.is_none() && statistics.is_empty() {
        return None;
    }
    let unit = named(&UNITS);
    let is_key = |column: &usize| {
        *column != metric
            && Some(*column) != value
            && Some(*column) != unit
            && !(value.is_none() && statistics.contains(column))
            && !table
                .columns
                .get(*column)
                .is_some_and(|heading| matches!(Meaning::of(&heading.path), Meaning::Label | Meaning::Moment(_)))
    };
    let keys: Vec<usize> = (0..table.columns.len()).filter(is_key).collect();
    let mut runs: IndexMap<(Vec<String>, usize), (Place, Fields)> = IndexMap::new();
    let mut seen: IndexMap<(Vec<String>, String), usize> = IndexMap::new();
    for (row, name) in table.rows.iter().zip(&names) {
        let Some(name) = name else { continue };
        let key: Vec<String> = keys
            .iter()
            .map(|column| row.cells.get(*column).map(|cell| format!("{cell:?}")).unwrap_or_default())
            .collect();
        let times = seen.entry((key.clone(), name.clone())).or_default();
        let (_, fields) = runs.entry((key, *times)).or_insert_with(|| {
            let own = keys
                .iter()
                .filter_map(|column| Some((table.columns.get(*column)?.clone(), row.cells.get(*column)?.clone())));
            (row.place.clone(), own.collect())
        });
        *times += 1;
        let unit = unit.and_then(|unit| row.cells.get(unit)?.value()).and_then(|unit| unit.name().ok());
        let with_unit = |path: Vec<String>| match (&unit, path.split_first()) {
            (Some(unit), Some((first, rest))) if !unit.is_empty() && rest.is_empty() => {
                vec![format!("{first} ({unit})")]
            }
            _ => path,
        };
        match value {
            Some(value) => {
                let cell = row.cells.get(value).cloned().unwrap_or(Cell::Absent);
                fields.push((Heading::new(with_unit(vec![name.clone()])), cell));
            }
            None => {
                for column in &statistics {
                    let (Some(heading), Some(cell)) = (table.columns.get(*column), row.cells.get(*column)) else {
                        continue;
                    };
                    // The unit stands at the end of a name.
                    let (stem, bracket) =
                        name.rsplit_once('(').map_or((name.as_str(), ""), |(stem, unit)| (stem.trim(), unit));
                    let unit = if bracket.is_empty() { String::new() } else { format!(" ({bracket}") };
                    let name = format!("{stem} {}{unit}", heading.name());
                    fields.push((Heading::new(vec![name]), cell.clone()));
                }
            }
        }
    }
    Some(Table::of(runs.into_values().collect()))
}
