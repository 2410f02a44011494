//! Counts in time bins and rows of latencies as cells: one shade for counts that are about the same, and one cell for
//! neighbours of one shade.

use super::figure::{HeatCell, SHADES};
use crate::analysis::{LatencyRows, TimeBin};

/// The cells of a run, where a time is `in_time` and a latency `in_latency` on their axes.
///
/// `most` is the largest count of all that are to be compared, as in [`most`].
pub(super) fn cells(
    bins: &[TimeBin],
    rows: &LatencyRows,
    most: u64,
    in_time: impl Fn(f64) -> f64,
    in_latency: impl Fn(f64) -> f64,
) -> Vec<HeatCell> {
    let mut cells = Vec::new();
    for (row, edges) in rows.edges.windows(2).enumerate() {
        let [lower, upper] = edges else { continue };
        let y = (in_latency(*lower), in_latency(*upper));
        let mut open: Option<HeatCell> = None;
        for (bin, column) in bins.iter().zip(&rows.bins) {
            let count = row.checked_sub(column.first_row).and_then(|place| column.counts.get(place));
            let found = shade(count.copied().unwrap_or_default(), most);
            let x = (in_time(bin.start), in_time(bin.end));
            match (&mut open, found) {
                // Bins have no gap between them.
                (Some(cell), Some(shade)) if cell.shade == shade => cell.x.1 = x.1,
                _ => cells.extend(std::mem::replace(&mut open, found.map(|shade| HeatCell { x, y, shade }))),
            }
        }
        cells.extend(open);
    }
    cells
}

/// The largest count in any cell; 0 where there is none.
pub(super) fn most<'a>(rows: impl Iterator<Item = &'a LatencyRows>) -> u64 {
    rows.flat_map(|rows| &rows.bins).flat_map(|column| &column.counts).copied().max().unwrap_or_default()
}

/// The shade of a count, by its logarithm, so that a single slow request is seen beside thousands of usual ones; `None`
/// for no request.
fn shade(count: u64, most: u64) -> Option<usize> {
    let share = (count as f64).ln() / (most as f64 + 1.0).ln();
    // A little slack, as a logarithm may come out just below the edge of a shade.
    (0 < count).then(|| ((share * SHADES as f64 + 1e-9) as usize).min(SHADES - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::LatencyColumn;

    #[test]
    fn shades_go_from_one_request_to_the_most() {
        assert_eq!(shade(0, 1000), None);
        assert_eq!([1, 1000].map(|count| shade(count, 1000)), [Some(0), Some(SHADES - 1)]);
        assert_eq!(shade(1, 1), Some(0));
        let all: Vec<usize> = (1..=1000).filter_map(|count| shade(count, 1000)).collect();
        assert!(all.windows(2).all(|pair| pair[0] <= pair[1] && pair[1] <= pair[0] + 4), "{all:?}");
    }

    #[test]
    fn neighbours_of_one_shade_are_one_cell_and_nothing_is_no_cell() {
        let bin = |start: f64| TimeBin {
            start,
            end: start + 1.0,
            requests_count: 0,
            error_count: 0,
            throughput: None,
            latency_p50: None,
            latency_p99: None,
        };
        let bins: Vec<TimeBin> = [0.0, 1.0, 2.0, 3.0].map(bin).to_vec();
        let column = |first_row, counts: &[u64]| LatencyColumn { first_row, counts: counts.to_vec() };
        let rows = LatencyRows {
            edges: vec![1.0, 2.0, 4.0],
            bins: vec![column(0, &[1, 100]), column(1, &[100]), column(0, &[]), column(1, &[1])],
        };
        let cell = |x, y, shade| HeatCell { x, y, shade };
        let (low, high) = ((10.0, 20.0), (20.0, 40.0));
        assert_eq!(
            cells(&bins, &rows, most(std::iter::once(&rows)), |time| time, |latency| 10.0 * latency),
            [cell((0.0, 1.0), low, 0), cell((0.0, 2.0), high, 11), cell((3.0, 4.0), high, 0)]
        );
    }
}
