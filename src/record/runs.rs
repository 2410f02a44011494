//! All runs, grouped once: by series, and within it by level.
//!
//! Whatever needs runs by framework, scenario or level goes over [`Runs::series`] or [`Runs::cells`] and groups nothing itself.

use indexmap::{Equivalent, IndexMap, IndexSet};

use super::{CellKey, Column, Run, SeriesKey};

/// All runs in the order in which they were read, and their series and cells.
///
/// Runs can't be changed in here, so the groups always agree with them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Runs {
    runs: Vec<Run>,
    series: IndexMap<SeriesKey, Vec<CellRows>>,
    /// The places of the series of each scenario.
    scenarios: IndexMap<String, Vec<usize>>,
}

/// The places of the runs of a cell.
#[derive(Debug, Clone, PartialEq)]
struct CellRows {
    key: CellKey,
    rows: Vec<usize>,
}

/// The runs of one series.
#[derive(Debug, Clone, Copy)]
pub struct SeriesRuns<'r> {
    key: &'r SeriesKey,
    runs: &'r [Run],
    cells: &'r [CellRows],
}

/// The runs of one cell; at least one.
#[derive(Debug, Clone, Copy)]
pub struct CellRuns<'r> {
    key: &'r CellKey,
    runs: &'r [Run],
    rows: &'r [usize],
}

/// A key that is looked up and not kept. Hashes as [`SeriesKey`] does.
#[derive(Hash)]
struct Names<'a> {
    framework: &'a str,
    scenario: &'a str,
}

impl Equivalent<SeriesKey> for Names<'_> {
    fn equivalent(&self, key: &SeriesKey) -> bool {
        self.framework == key.framework && self.scenario == key.scenario
    }
}

impl Runs {
    /// Groups runs: series in the order in which they are first seen, levels ascending with the unknown one last, and the
    /// runs of a cell in the order given.
    pub fn new(runs: Vec<Run>) -> Self {
        let mut grouped: IndexMap<SeriesKey, IndexMap<Option<u32>, Vec<usize>>> = IndexMap::new();
        for (row, run) in runs.iter().enumerate() {
            let names = Names { framework: &run.framework, scenario: &run.scenario };
            let place = grouped.get_index_of(&names).unwrap_or_else(|| {
                grouped.insert_full(SeriesKey::new(&run.framework, &run.scenario), IndexMap::new()).0
            });
            if let Some((_, levels)) = grouped.get_index_mut(place) {
                levels.entry(run.concurrency).or_default().push(row);
            }
        }
        let cells = |(series, mut levels): (SeriesKey, IndexMap<Option<u32>, Vec<usize>>)| {
            levels.sort_unstable_by_key(|level, _| (level.is_none(), *level));
            let cells = levels.into_iter().map(|(level, rows)| CellRows { key: series.at(level), rows }).collect();
            (series, cells)
        };
        let series: IndexMap<SeriesKey, Vec<CellRows>> = grouped.into_iter().map(cells).collect();
        let mut scenarios: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (place, key) in series.keys().enumerate() {
            scenarios.entry(key.scenario.clone()).or_default().push(place);
        }
        Self { runs, series, scenarios }
    }

    /// Every run, in the order in which they were read.
    pub fn iter(&self) -> std::slice::Iter<'_, Run> {
        self.runs.iter()
    }

    /// How many runs there are.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether there is no run.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Every series, in the order in which they are first seen.
    pub fn series(&self) -> impl Iterator<Item = SeriesRuns<'_>> + Clone {
        self.series.iter().map(|(key, cells)| self.of_cells(key, cells))
    }

    /// Every cell: series by series, with levels ascending and the unknown one last.
    pub fn cells(&self) -> impl Iterator<Item = CellRuns<'_>> + Clone {
        self.series().flat_map(|series| series.cells())
    }

    /// The runs of a framework in a scenario; `None` where it has none.
    pub fn of(&self, framework: &str, scenario: &str) -> Option<SeriesRuns<'_>> {
        let (_, key, cells) = self.series.get_full(&Names { framework, scenario })?;
        Some(self.of_cells(key, cells))
    }

    /// The runs of a cell; `None` where it has none.
    pub fn at(&self, key: &CellKey) -> Option<CellRuns<'_>> {
        self.of(key.framework(), key.scenario())?.at(key.concurrency)
    }

    /// The series of a scenario, in the order in which they are first seen.
    pub fn in_scenario(&self, scenario: &str) -> impl Iterator<Item = SeriesRuns<'_>> + Clone {
        let places = self.scenarios.get(scenario).into_iter().flatten();
        places.filter_map(|place| self.series.get_index(*place)).map(|(key, cells)| self.of_cells(key, cells))
    }

    fn of_cells<'r>(&'r self, key: &'r SeriesKey, cells: &'r [CellRows]) -> SeriesRuns<'r> {
        SeriesRuns { key, runs: &self.runs, cells }
    }

    /// The runs that are to be kept, grouped anew.
    #[must_use]
    pub fn filter(self, keep: impl FnMut(&Run) -> bool) -> Self {
        let mut runs = self.runs;
        runs.retain(keep);
        Self::new(runs)
    }

    /// The frameworks, in the order in which they are first seen.
    pub fn frameworks(&self) -> Vec<&str> {
        self.series.keys().map(|key| key.framework.as_str()).collect::<IndexSet<_>>().into_iter().collect()
    }

    /// The scenarios, in the order in which they are first seen; one empty name where there is only one.
    pub fn scenarios(&self) -> Vec<&str> {
        self.scenarios.keys().map(String::as_str).collect()
    }

    /// The known levels of all series, ascending.
    pub fn levels(&self) -> Vec<u32> {
        let mut levels: Vec<u32> = self.cells().filter_map(|cell| cell.key.concurrency).collect();
        levels.sort_unstable();
        levels.dedup();
        levels
    }

    /// What the levels are: `concurrency`, or the name of a parameter; several names, with a comma between them, where runs
    /// differ.
    pub fn axis(&self) -> String {
        let with_level = self.runs.iter().filter(|run| run.concurrency.is_some());
        let named =
            |run: &'_ Run| if run.axis.is_empty() { Column::Concurrency.name().to_owned() } else { run.axis.clone() };
        let names: IndexSet<String> = with_level.map(named).collect();
        if names.is_empty() {
            return Column::Concurrency.name().to_owned();
        }
        names.into_iter().collect::<Vec<_>>().join(", ")
    }
}

impl<'r> IntoIterator for &'r Runs {
    type Item = &'r Run;
    type IntoIter = std::slice::Iter<'r, Run>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Runs {
    type Item = Run;
    type IntoIter = std::vec::IntoIter<Run>;

    fn into_iter(self) -> Self::IntoIter {
        self.runs.into_iter()
    }
}

impl<'r> SeriesRuns<'r> {
    /// Which series this is.
    pub fn key(&self) -> &'r SeriesKey {
        self.key
    }

    /// Its cells, levels ascending and the unknown one last.
    pub fn cells(&self) -> impl Iterator<Item = CellRuns<'r>> + Clone + use<'r> {
        let runs = self.runs;
        self.cells.iter().map(move |cell| CellRuns { key: &cell.key, runs, rows: &cell.rows })
    }

    /// Its runs, cell by cell.
    pub fn iter(&self) -> impl Iterator<Item = &'r Run> + Clone + use<'r> {
        self.cells().flat_map(|cell| cell.iter())
    }

    /// How many runs it has, from 1.
    pub fn count(&self) -> usize {
        self.cells().map(|cell| cell.count()).sum()
    }

    /// Its cell at a level; `None` where it has no run there.
    pub fn at(&self, concurrency: Option<u32>) -> Option<CellRuns<'r>> {
        let place = |level: Option<u32>| (level.is_none(), level);
        let found = self.cells.binary_search_by_key(&place(concurrency), |cell| place(cell.key.concurrency)).ok()?;
        self.cells.get(found).map(|cell| CellRuns { key: &cell.key, runs: self.runs, rows: &cell.rows })
    }
}

impl<'r> CellRuns<'r> {
    /// Which cell this is.
    pub fn key(&self) -> &'r CellKey {
        self.key
    }

    /// Its runs, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &'r Run> + Clone + use<'r> {
        let runs = self.runs;
        self.rows.iter().filter_map(move |row| runs.get(*row))
    }

    /// How many runs it has, from 1.
    pub fn count(&self) -> usize {
        self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(framework: &str, scenario: &str, concurrency: Option<u32>) -> Run {
        Run { framework: framework.into(), scenario: scenario.into(), concurrency, ..Run::default() }
    }

    fn runs() -> Runs {
        let of = [("b", Some(10)), ("a", None), ("b", Some(5)), ("a", Some(1)), ("b", Some(10)), ("a", None)];
        Runs::new(of.into_iter().map(|(framework, level)| run(framework, "", level)).collect())
    }

    #[test]
    fn series_are_in_order_of_first_sight_and_levels_ascend_with_the_unknown_one_last() {
        let runs = runs();
        let cells: Vec<(String, usize)> = runs.cells().map(|cell| (cell.key().to_string(), cell.count())).collect();
        let expected = [("b at 5", 1), ("b at 10", 2), ("a at 1", 1), ("a", 2)];
        assert_eq!(cells, expected.map(|(name, count)| (name.to_owned(), count)));
        assert_eq!(runs.series().map(|series| series.count()).collect::<Vec<_>>(), [3, 3]);
        assert_eq!((runs.frameworks(), runs.scenarios(), runs.levels()), (vec!["b", "a"], vec![""], vec![1, 5, 10]));
    }

    #[test]
    fn series_and_cells_are_found_by_their_names() {
        let runs = runs();
        let a = runs.of("a", "").unwrap();
        assert_eq!((a.count(), a.at(None).unwrap().count(), a.at(Some(1)).unwrap().count()), (3, 2, 1));
        assert!(a.at(Some(5)).is_none() && runs.of("a", "json").is_none());
    }

    #[test]
    fn what_a_filter_leaves_is_grouped_anew() {
        let kept = runs().filter(|run| run.concurrency.is_none());
        assert_eq!(kept.cells().map(|cell| cell.key().clone()).collect::<Vec<_>>(), [CellKey::new("a", "", None)]);
        assert!(kept.filter(|_| false).series().next().is_none());
    }

    #[test]
    fn the_axis_is_that_of_runs_with_a_level() {
        let on = |axis: &str, concurrency| Run { axis: axis.into(), ..run("a", "", concurrency) };
        assert_eq!(Runs::default().axis(), "concurrency");
        assert_eq!(Runs::new(vec![on("n", None), on("", Some(1))]).axis(), "concurrency");
        assert_eq!(Runs::new(vec![on("n", Some(1)), on("", Some(1)), on("n", Some(2))]).axis(), "n, concurrency");
    }
}
