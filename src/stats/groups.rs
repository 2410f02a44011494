//! Rows of the run table that belong together.

use polars::prelude::{GroupsIndicator, PolarsError};
use thiserror::Error;

use crate::record::{Column, RunTable};

/// The run table could not be grouped.
#[derive(Debug, Error)]
#[error("the run table can't be grouped: {0}")]
pub struct GroupError(#[from] PolarsError);

/// The rows that agree in `keys`, group by group. Groups come in the order of their first rows, and rows in the table's
/// order. A null agrees with a null.
///
/// # Errors
///
/// When polars can't group by these columns.
pub fn group_rows(table: &RunTable, keys: &[Column]) -> Result<Vec<Vec<usize>>, GroupError> {
    if table.is_empty() {
        return Ok(Vec::new());
    }
    let grouped = table.frame().group_by_stable(keys.iter().map(|key| key.name()))?;
    let groups = grouped.get_groups();
    Ok((0..groups.len())
        .map(|group| match groups.get(group) {
            GroupsIndicator::Idx((_, rows)) => rows.iter().map(|&row| row as usize).collect(),
            GroupsIndicator::Slice([first, count]) => (first as usize..(first + count) as usize).collect(),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Run;

    #[test]
    fn groups_keep_the_order_of_their_first_rows() {
        let run = |framework: &str, concurrency| Run { framework: framework.into(), concurrency, ..Run::default() };
        let runs = vec![run("b", Some(10)), run("a", None), run("b", Some(5)), run("a", None), run("b", Some(10))];
        let table = RunTable::from_runs(runs).unwrap();
        assert_eq!(group_rows(&table, &[Column::Framework]).unwrap(), [vec![0, 2, 4], vec![1, 3]]);
        let cells = group_rows(&table, &[Column::Framework, Column::Concurrency]).unwrap();
        assert_eq!(cells, [vec![0, 4], vec![1, 3], vec![2]]);
        let empty = RunTable::from_runs(Vec::new()).unwrap();
        assert!(group_rows(&empty, &[Column::Framework]).unwrap().is_empty());
    }
}
