//! What describes a framework over all its runs: an aggregation in polars over one row for each run and metric.

use polars::prelude::{Column, DataFrame, IntoLazy, PolarsResult, col};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Values;
use crate::record::{Metric, Runs, TableError};

/// One metric of one framework and scenario, over all its runs at all levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// What is described.
    pub metric: Metric,
    /// The unit of all its values.
    pub unit: String,
    /// How many runs have a value.
    pub count: usize,
    /// Arithmetic mean.
    pub mean: f64,
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Standard deviation of the sample; null for a single run.
    pub std: Option<f64>,
    /// Median.
    pub median: f64,
}

/// Describes every framework and scenario in each metric that it has: series in the order of [`Runs::series`], metrics in
/// that of [`Metric::of_runs`].
///
/// No number depends on the order of the runs, to the last bit, and equal values have that value as their mean.
///
/// # Errors
///
/// When polars refuses the columns.
pub fn summarize(runs: &Runs) -> Result<Vec<Summary>, TableError> {
    let metrics = Metric::of_runs(runs);
    Ok(summaries(&described(measured(runs, &metrics)?)?, &metrics)?)
}

/// One row for each run and metric that it has: `framework`, `scenario`, `metric` (its place in `metrics`), `value`.
///
/// The values of a group ascend: polars adds up floats in the order of the rows, and its optimizer removes a sort within
/// groups.
fn measured(runs: &Runs, metrics: &[Metric]) -> PolarsResult<DataFrame> {
    let (mut frameworks, mut scenarios, mut places, mut values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for series in runs.series() {
        for (place, metric) in (0_u32..).zip(metrics) {
            let ascending = Values::new(series.iter().filter_map(|run| metric.of(run)));
            for value in ascending.iter().flat_map(Values::as_slice) {
                frameworks.push(series.key().framework.as_str());
                scenarios.push(series.key().scenario.as_str());
                places.push(place);
                values.push(*value);
            }
        }
    }
    let columns = vec![
        Column::new("framework".into(), frameworks),
        Column::new("scenario".into(), scenarios),
        Column::new("metric".into(), places),
        Column::new("value".into(), values),
    ];
    DataFrame::new_infer_height(columns)
}

/// One row for each framework, scenario and metric, in the order of their first rows.
fn described(measured: DataFrame) -> PolarsResult<DataFrame> {
    let value = || col("value");
    // Sums of floats lose less the smaller these are, and nothing where all are equal.
    let above_min = || value() - value().min();
    measured
        .lazy()
        .group_by_stable([col("framework"), col("scenario"), col("metric")])
        .agg([
            value().count().alias("count"),
            (value().min() + above_min().mean()).alias("mean"),
            value().min().alias("min"),
            value().max().alias("max"),
            above_min().std(1).alias("std"),
            value().median().alias("median"),
        ])
        .collect()
}

fn summaries(described: &DataFrame, metrics: &[Metric]) -> PolarsResult<Vec<Summary>> {
    let text = |name: &str| described.column(name)?.str();
    let number = |name: &str| described.column(name)?.f64();
    let (framework, scenario, place) = (text("framework")?, text("scenario")?, described.column("metric")?.u32()?);
    let (mean, min, max, std, median) =
        (number("mean")?, number("min")?, number("max")?, number("std")?, number("median")?);
    let count = described.column("count")?.idx()?;
    let summary = |row: usize| {
        let metric = *metrics.get(place.get(row)? as usize)?;
        let (min, max) = (min.get(row)?, max.get(row)?);
        Some(Summary {
            framework: framework.get(row)?.to_owned(),
            scenario: scenario.get(row)?.to_owned(),
            metric,
            unit: metric.unit().to_string(),
            count: count.get(row)? as usize,
            // Rounding must not put it beyond the values that it is the mean of.
            mean: mean.get(row)?.clamp(min, max),
            min,
            max,
            std: std.get(row),
            median: median.get(row)?,
        })
    };
    Ok((0..described.height()).filter_map(summary).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::Run;

    fn run(framework: &str, total_time: Option<f64>) -> Run {
        Run { framework: framework.to_owned(), total_time, ..Run::default() }
    }

    fn summaries(runs: Vec<Run>) -> Vec<Summary> {
        summarize(&Runs::new(runs)).unwrap()
    }

    #[test]
    fn series_are_in_order_of_first_sight_and_a_metric_that_is_not_there_has_no_row() {
        let runs = vec![
            Run { avg_time_per_request: Some(0.5), ..run("b", Some(2.0)) },
            run("dead", None),
            run("a", Some(1.0)),
            run("b", Some(4.0)),
        ];
        let found: Vec<(String, Metric, usize)> =
            summaries(runs).into_iter().map(|row| (row.framework, row.metric, row.count)).collect();
        let expected = [
            ("b", Metric::TotalTime, 2),
            ("b", Metric::AvgTimePerRequest, 1),
            ("b", Metric::Throughput, 1),
            ("a", Metric::TotalTime, 1),
        ];
        assert_eq!(found, expected.map(|(name, metric, count)| (name.to_owned(), metric, count)));
        assert_eq!(summaries(Vec::new()), []);
    }

    #[test]
    fn equal_values_are_their_mean_and_do_not_vary_and_one_value_has_no_spread() {
        let found = summaries(vec![run("a", Some(0.1)); 7]);
        assert_eq!((found[0].mean, found[0].median, found[0].std), (0.1, 0.1, Some(0.0)));
        assert_eq!(summaries(vec![run("a", Some(0.1))])[0].std, None);
    }

    #[test]
    fn small_differences_between_large_numbers_are_kept() {
        // NIST StRD, NumAcc3: mean 1000000.2, standard deviation 0.1, 1001 numbers.
        let numbers = std::iter::once(1_000_000.2).chain((0..500).flat_map(|_| [1_000_000.1, 1_000_000.3]));
        let found = summaries(numbers.map(|number| run("a", Some(number))).collect());
        assert!((found[0].mean - 1_000_000.2).abs() < 1e-9);
        assert!((found[0].std.unwrap() - 0.1).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_compensated_sums_say_the_same(
            numbers in prop::collection::vec(prop_oneof![1e-9..1e-3f64, 0.1..10.0f64, 1e3..1e9f64], 1..60),
            turn in 0..60usize,
        ) {
            let of = |numbers: &[f64]| summaries(numbers.iter().map(|number| run("a", Some(*number))).collect());
            let mut turned = numbers.clone();
            turned.rotate_left(turn % numbers.len());
            turned.reverse();
            let found = of(&numbers);
            prop_assert_eq!(&of(&turned), &found);

            let expected = Values::new(numbers).unwrap();
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
            prop_assert!(near(found[0].mean, expected.mean()), "{} {}", found[0].mean, expected.mean());
            prop_assert!(near(found[0].median, expected.median()));
            let spread = found[0].std.zip(expected.std());
            prop_assert!(spread.is_none_or(|(a, b)| (a - b).abs() <= 1e-9 * b.abs()), "{spread:?}");
            prop_assert_eq!((found[0].min, found[0].max, found[0].count), (expected.min(), expected.max(), expected.count()));
        }
    }
}
