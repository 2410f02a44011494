//! The latencies of a run over time: how many requests lie in each time bin and row of latencies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::{Bin, Timeline};

/// How many successful requests of a run lie in each time bin and row of latencies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LatencyRows {
    /// The edges of the rows, s, ascending, the upper edge of the last row among them. Six rows make an octave, or three
    /// where there are few requests.
    pub edges: Vec<f64>,
    /// One for each time bin.
    pub bins: Vec<LatencyColumn>,
}

/// The latencies of one time bin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LatencyColumn {
    /// The row, from 0, of the first count.
    pub first_row: usize,
    /// How many requests lie in this row and in those above it, as far as there are any; empty where there are none.
    pub counts: Vec<u64>,
}

/// Where the rows of an octave begin, in 32nds of its lowest latency: as close to equal ratios as the histograms of time
/// bins allow, so that no logarithm decides on which side of an edge a latency lies.
const FINE: &[u64] = &[32, 36, 40, 45, 51, 57];
const COARSE: &[u64] = &[32, 40, 51];

/// Fewer requests in a time bin, on average, would lie in fine rows one by one.
const ENOUGH_FOR_FINE: u64 = 60;

/// The rows of a time line; `None` where no request succeeded.
pub(super) fn latency_rows(timeline: &Timeline) -> Option<LatencyRows> {
    let counts = timeline.bins().map(|(_, bin)| bin.latencies.count()).filter(|count| 0 < *count);
    let (filled, requests) = counts.fold((0, 0), |(filled, sum), count| (filled + 1, sum + count));
    let octave = if ENOUGH_FOR_FINE * filled <= requests { FINE } else { COARSE };
    let columns: Vec<Vec<(usize, u64)>> = timeline.bins().map(|(_, bin)| rows(bin, octave)).collect();
    let ends = || columns.iter().flat_map(|column| column.first().into_iter().chain(column.last()));
    let (first, last) = (ends().map(|(row, _)| *row).min()?, ends().map(|(row, _)| *row).max()?);
    let bins = columns.iter().map(|column| column_of(column, first)).collect();
    Some(LatencyRows { edges: (first..=last + 1).map(|row| lower_edge(row, octave)).collect(), bins })
}

/// The rows of a bin that hold something, ascending, with their counts.
fn rows(bin: &Bin, octave: &[u64]) -> Vec<(usize, u64)> {
    let mut rows: Vec<(usize, u64)> = Vec::new();
    for bucket in bin.latencies.buckets() {
        let row = row_of((bucket.lower / bin.latencies.tick()).round() as u64, octave);
        match rows.last_mut() {
            Some((last, count)) if *last == row => *count += bucket.count,
            _ => rows.push((row, bucket.count)),
        }
    }
    rows
}

fn column_of(rows: &[(usize, u64)], first: usize) -> LatencyColumn {
    let Some((lowest, _)) = rows.first() else { return LatencyColumn { first_row: 0, counts: Vec::new() } };
    let mut counts = Vec::new();
    for (row, count) in rows {
        counts.resize(row - lowest, 0);
        counts.push(*count);
    }
    LatencyColumn { first_row: lowest - first, counts }
}

/// The row of a latency, ns, counted from that of one nanosecond; no time at all lies in the first one.
fn row_of(ticks: u64, octave: &[u64]) -> usize {
    let ticks = ticks.max(1);
    let power = ticks.ilog2();
    let place = (u128::from(ticks) << 5) >> power;
    let within = octave.iter().rposition(|edge| u128::from(*edge) <= place).unwrap_or_default();
    octave.len() * power as usize + within
}

/// The smallest latency of a row, s.
fn lower_edge(row: usize, octave: &[u64]) -> f64 {
    let place = octave.get(row % octave.len()).copied().unwrap_or_default();
    let power = i32::try_from(row / octave.len()).unwrap_or(i32::MAX);
    // Powers of two and their 32nds are exact.
    place as f64 / 32.0 * 2_f64.powi(power) / 1e9
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(requests: &[(i64, u64)]) -> Option<LatencyRows> {
        let mut timeline = Timeline::new();
        requests.iter().for_each(|&(start, latency)| timeline.record(start, Some(latency), true));
        latency_rows(&timeline)
    }

    #[test]
    fn rows_of_an_octave_are_about_as_high_as_each_other() {
        for row in 30..200 {
            let ratio = |octave| lower_edge(row + 1, octave) / lower_edge(row, octave);
            assert!((1.11..1.135).contains(&ratio(FINE)), "row {row}: {}", ratio(FINE));
            assert!((1.24..1.28).contains(&ratio(COARSE)), "row {row}: {}", ratio(COARSE));
        }
        assert!((lower_edge(60, FINE) - 1.024e-6).abs() < 1e-18);
    }

    #[test]
    fn requests_lie_in_the_row_of_their_latency_and_the_bin_of_their_start() {
        let (low, high) = (10_000, 20_000);
        let few = [(0, low), (0, low), (3_000_000, high), (3_000_000, low)];
        let many: Vec<(i64, u64)> = few.iter().flat_map(|request| [*request; 30]).collect();
        for (requests, every, rows_of_octave) in [(&few[..], 1, 3), (&many[..], 30, 6)] {
            let rows = of(requests).unwrap();
            assert_eq!(rows.edges.len(), rows_of_octave + 2, "an octave and a row: {:?}", rows.edges);
            let holds = |row: usize, latency: f64| rows.edges[row] <= latency && latency < rows.edges[row + 1];
            assert!(holds(0, 10e-6) && holds(rows_of_octave, 20e-6), "{:?}", rows.edges);
            let counts: Vec<&[u64]> = rows.bins.iter().map(|column| column.counts.as_slice()).collect();
            let mut last = vec![0; rows_of_octave + 1];
            (last[0], last[rows_of_octave]) = (every, every);
            assert_eq!(counts, [&[2 * every][..], &[], &[], &last]);
        }
    }

    #[test]
    fn without_a_success_there_are_no_rows() {
        let mut timeline = Timeline::new();
        timeline.record(0, None, false);
        assert_eq!(latency_rows(&timeline), None);
        assert_eq!(latency_rows(&Timeline::new()), None);
    }

    proptest! {
        #[test]
        fn every_request_is_in_one_row_that_holds_its_latency(
            requests in prop::collection::vec((0..100_000_000_i64, prop_oneof![0..100_u64, 0..u64::MAX]), 1..40),
        ) {
            let rows = of(&requests).unwrap();
            let counted: u64 = rows.bins.iter().flat_map(|column| &column.counts).sum();
            prop_assert_eq!(counted, requests.len() as u64);
            prop_assert!(rows.bins.iter().all(|column| column.first_row + column.counts.len() < rows.edges.len()));
            prop_assert!(rows.edges.windows(2).all(|pair| pair[0] < pair[1]));
            for (_, latency) in requests {
                let row = row_of(latency, COARSE);
                // The histogram of a bin knows latencies to one part in 32, and so do the rows.
                let latency = latency.max(1) as f64 / 1e9 * (1.0 + 1e-12);
                prop_assert!(lower_edge(row, COARSE) <= latency && latency < lower_edge(row + 1, COARSE) * (1.0 + 1e-9));
            }
        }
    }
}
