//! Where what rules look at stands, by scenario and by pair: rules that go over all scenarios must not go over everything
//! for each of them.

use std::collections::HashMap;

use super::Evidence;
use crate::compare::Comparison;
use crate::record::{Metric, SeriesKey};
use crate::scaling::Scaling;
use crate::stats::CellValues;

/// What there is of each scenario, and where the comparisons stand that the analysis keeps.
#[derive(Debug, Clone)]
pub(crate) struct Index<'a> {
    scenarios: HashMap<&'a str, OfScenario<'a>>,
    none: OfScenario<'a>,
    series: HashMap<&'a SeriesKey, Vec<&'a CellValues>>,
    kept: HashMap<PairKey<'a>, usize>,
}

/// What there is of one scenario, each in the order of all.
#[derive(Debug, Clone, Default)]
pub(super) struct OfScenario<'a> {
    pub(super) cells: Vec<&'a CellValues>,
    pub(super) comparisons: Vec<&'a Comparison>,
    /// With their places in the analysis.
    pub(super) scaling: Vec<(usize, &'a Scaling)>,
}

/// A pair whichever of the two is the baseline, at one level or over all, by one metric.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct PairKey<'a> {
    scenario: &'a str,
    metric: Metric,
    concurrency: Option<u32>,
    names: [&'a str; 2],
}

impl<'a> PairKey<'a> {
    fn of(row: &'a Comparison) -> Self {
        let mut names = [row.baseline.as_str(), row.candidate.as_str()];
        names.sort_unstable();
        Self { scenario: &row.scenario, metric: row.metric, concurrency: row.concurrency, names }
    }
}

impl<'a> Index<'a> {
    pub(super) fn of(evidence: &Evidence<'a>) -> Self {
        let mut scenarios: HashMap<&str, OfScenario<'_>> = HashMap::new();
        let mut series: HashMap<&SeriesKey, Vec<&CellValues>> = HashMap::new();
        for cell in evidence.cells {
            series.entry(&cell.key.series).or_default().push(cell);
            scenarios.entry(cell.key.scenario()).or_default().cells.push(cell);
        }
        for row in evidence.comparisons {
            scenarios.entry(&row.scenario).or_default().comparisons.push(row);
        }
        for (place, scaling) in evidence.scaling.iter().enumerate() {
            scenarios.entry(&scaling.scenario).or_default().scaling.push((place, scaling));
        }
        let mut kept = HashMap::new();
        for (place, row) in evidence.kept_comparisons.iter().enumerate() {
            kept.entry(PairKey::of(row)).or_insert(place);
        }
        Self { scenarios, none: OfScenario::default(), series, kept }
    }

    pub(super) fn in_scenario(&self, scenario: &str) -> &OfScenario<'a> {
        self.scenarios.get(scenario).unwrap_or(&self.none)
    }

    pub(super) fn cells_of(&self, series: &SeriesKey) -> &[&'a CellValues] {
        self.series.get(series).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn place_of(&self, row: &Comparison) -> Option<usize> {
        self.kept.get(&PairKey::of(row)).copied()
    }
}
