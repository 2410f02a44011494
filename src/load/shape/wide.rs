//! Wide tables: one column for each framework, made long.

use std::borrow::Cow;
use std::str::FromStr;

use indexmap::{IndexMap, IndexSet};
use thiserror::Error;

use super::table::{Cell, Fields, Heading, Table};
use crate::load::tabular::{Meaning, Value, is_time_unit, words_of};

/// What the numbers of a wide table are: a metric and its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wide {
    name: String,
}

/// Why a `METRIC[:UNIT]` is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WideError {
    /// There is no metric of that name.
    #[error("there is no metric {0:?}; say for example throughput, total_time:ms or latency_mean:ms")]
    UnknownMetric(String),
    /// There is no unit of that name.
    #[error("there is no unit {0:?} for it; the units of time are ns, us, ms, s, min, h, d")]
    UnknownUnit(String),
}

impl FromStr for Wide {
    type Err = WideError;

    fn from_str(text: &str) -> Result<Self, WideError> {
        let (metric, unit) = text.split_once(':').map_or((text, None), |(metric, unit)| (metric, Some(unit.trim())));
        let metric = metric.trim();
        let meaning = Meaning::of_name(metric);
        if !meaning.is_measure() {
            return Err(WideError::UnknownMetric(metric.to_owned()));
        }
        match (unit, meaning) {
            (None, _) => Ok(Self { name: metric.to_owned() }),
            (Some(unit), Meaning::Time(_)) if is_time_unit(unit) => Ok(Self { name: format!("{metric} ({unit})") }),
            (Some(unit), Meaning::Rate(_))
                if matches!(Meaning::of_name(&format!("throughput ({unit})")), Meaning::Rate(_)) =>
            {
                Ok(Self { name: format!("{metric} ({unit})") })
            }
            (Some(unit), _) => Err(WideError::UnknownUnit(unit.to_owned())),
        }
    }
}

/// The same table with a row for each number under a column whose name is the one of a framework. `None` where there is no
/// such column.
pub(crate) fn melted(table: &Table, wide: &Wide) -> Option<Table> {
    let is_number =
        |column: usize| table.cells(column).any(|(_, cell)| cell.value().is_some_and(|value| is_numeric(value)));
    let frameworks: Vec<usize> = (0..table.columns.len())
        .filter(|column| {
            let Some(heading) = table.columns.get(*column) else { return false };
            !is_unnamed(&heading.name()) && Meaning::of(&heading.path) == Meaning::Unknown && is_number(*column)
        })
        .collect();
    if frameworks.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    for row in &table.rows {
        let shared = shared_fields(table, row, |column| frameworks.contains(&column));
        for column in &frameworks {
            let (Some(heading), Some(cell)) = (table.columns.get(*column), row.cells.get(*column)) else { continue };
            if !cell.is_present() {
                continue;
            }
            let mut fields = vec![framework(heading.name().trim())];
            fields.extend(shared.iter().cloned());
            fields.push((Heading::new(vec![wide.name.clone()]), cell.clone()));
            rows.push((row.place.clone(), fields));
        }
    }
    Some(Table::of(rows))
}

fn is_numeric(value: &Value<'_>) -> bool {
    match value {
        Value::Text(text) => text.trim().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.')),
        other => other.number().is_ok(),
    }
}

fn framework(name: &str) -> (Heading, Cell) {
    (Heading::made("framework"), Cell::One(Value::Text(Cow::Owned(name.to_owned()))))
}

/// The fields of a row that all of its numbers share. A first column without a name holds the levels, where they are whole.
fn shared_fields(table: &Table, row: &super::Row, is_melted: impl Fn(usize) -> bool) -> Fields {
    let mut fields = Vec::new();
    for (column, (heading, cell)) in table.columns.iter().zip(&row.cells).enumerate() {
        if is_melted(column) || matches!(cell, Cell::Absent) {
            continue;
        }
        let is_level = is_unnamed(&heading.name())
            && table.cells(column).all(|(_, cell)| cell.value().is_some_and(|value| value.level().is_ok()));
        let heading = if is_level { Heading::made("concurrency") } else { heading.clone() };
        fields.push((heading, cell.clone()));
    }
    fields
}

fn is_unnamed(name: &str) -> bool {
    name.trim().is_empty() || name.starts_with("Unnamed:")
}

/// The same table with a row for each framework, where the names of columns hold its name and that of a metric:
/// `gin_ms`, `gin_errors`, `express_ms`, `express_errors`. `None` where they do not.
pub(crate) fn parted(table: &Table) -> Option<(Table, Vec<String>)> {
    let mut stems: IndexMap<String, IndexMap<String, usize>> = IndexMap::new();
    for (column, heading) in table.columns.iter().enumerate() {
        let Some((stem, metric)) = parts(&heading.name()) else { continue };
        if !table.cells(column).any(|(_, cell)| cell.value().is_some_and(|value| is_numeric(value))) {
            continue;
        }
        stems.entry(stem).or_default().insert(metric, column);
    }
    let metrics: IndexSet<&String> = stems.values().flat_map(IndexMap::keys).collect();
    let is_full = |own: &IndexMap<String, usize>| own.len() == metrics.len();
    let measures = metrics.iter().any(|metric| Meaning::of_name(metric).is_measure());
    if stems.len() < 2 || !measures || !stems.values().all(is_full) {
        return None;
    }
    let is_melted = |column: usize| stems.values().any(|own| own.values().any(|other| *other == column));
    let measures_otherwise = table
        .columns
        .iter()
        .enumerate()
        .any(|(column, heading)| !is_melted(column) && Meaning::of(&heading.path).is_measure());
    let has_identity = table.columns.iter().enumerate().any(|(column, heading)| {
        let is_text = table
            .cells(column)
            .any(|(_, cell)| matches!(cell.value(), Some(value @ Value::Text(_)) if !is_numeric(value)));
        is_text && matches!(Meaning::of(&heading.path), Meaning::Framework(_))
    });
    if measures_otherwise || has_identity {
        return None;
    }
    let mut rows = Vec::new();
    for row in &table.rows {
        let shared = shared_fields(table, row, is_melted);
        for (stem, own) in &stems {
            let mut fields = vec![framework(stem)];
            fields.extend(shared.iter().cloned());
            for (metric, column) in own {
                let cell = row.cells.get(*column).cloned().unwrap_or(Cell::Absent);
                fields.push((Heading::new(vec![metric.clone()]), cell));
            }
            rows.push((row.place.clone(), fields));
        }
    }
    Some((Table::of(rows), stems.into_keys().collect()))
}

/// A name that says nothing and one that says a metric, which a column's name is made of.
fn parts(name: &str) -> Option<(String, String)> {
    const SEPARATORS: [char; 5] = ['_', ' ', '-', '.', '/'];
    let name = name.trim();
    let is_metric = |text: &str| {
        if is_time_unit(text) {
            return Some(format!("total_time_{text}"));
        }
        let is_said = match Meaning::of_name(text) {
            Meaning::Time(time) => time.subject != crate::load::tabular::Subject::Other,
            Meaning::Rate(rate) => rate.requests.is_some(),
            Meaning::Count(..) | Meaning::Share(..) => true,
            _ => false,
        };
        is_said.then(|| text.to_owned())
    };
    let is_stem = |text: &str| {
        let words = words_of(text);
        Meaning::of_name(text) == Meaning::Unknown
            && !is_time_unit(text)
            && words.iter().all(|word| Meaning::of_name(word) == Meaning::Unknown)
            && !words.is_empty()
    };
    let splits: Vec<usize> = name.match_indices(SEPARATORS).map(|(place, _)| place).collect();
    let at = |place: usize| Some((name.get(..place)?, name.get(place + 1..)?));
    // The longest metric that ends, or begins, a name.
    let ending = splits
        .iter()
        .filter_map(|place| at(*place))
        .find_map(|(stem, metric)| Some((stem.to_owned(), is_metric(metric.trim())?)).filter(|_| is_stem(stem)));
    let beginning = || {
        splits
            .iter()
            .rev()
            .filter_map(|place| at(*place))
            .find_map(|(metric, stem)| Some((stem.to_owned(), is_metric(metric.trim())?)).filter(|_| is_stem(stem)))
    };
    ending.or_else(beginning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_come_apart() {
        let table = [
            ("kestrel_ms", Some(("kestrel", "total_time_ms"))),
            ("kestrel_errors", Some(("kestrel", "errors"))),
            ("kestrel_p99_ms", Some(("kestrel", "p99_ms"))),
            ("rps_kestrel", Some(("kestrel", "rps"))),
            ("throughput kestrel", Some(("kestrel", "throughput"))),
            ("kestrel", None),
            ("total_time_ms", None),
            ("p99_ms", None),
            ("batch_size", None),
        ];
        for (name, expected) in table {
            let found = parts(name);
            assert_eq!(found.as_ref().map(|(stem, metric)| (stem.as_str(), metric.as_str())), expected, "{name}");
        }
    }

    #[test]
    fn a_wide_metric_has_a_unit_that_fits() {
        assert!("throughput".parse::<Wide>().is_ok());
        assert!("latency_mean:ms".parse::<Wide>().is_ok());
        assert!(matches!("colour".parse::<Wide>(), Err(WideError::UnknownMetric(_))));
        assert!(matches!("latency_mean:parsec".parse::<Wide>(), Err(WideError::UnknownUnit(_))));
    }
}
