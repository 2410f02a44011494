//! Times in which a run stood still.

use crate::record::Timeline;

/// A time in which nothing was sent, where much would have been.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stall {
    /// When it began, s from the first start.
    pub start: f64,
    /// s.
    pub length: f64,
    /// How many requests would have been sent in it at the rate of the rest.
    pub missing: f64,
}

/// A shorter one is the chance of any arrival process: of so many expected requests none comes once in e^30 times.
const LEAST_MISSING: f64 = 30.0;

/// A shorter one costs less than the noise of a run.
const LEAST_SHARE: f64 = 0.02;

/// Finds the longest time in which nothing was sent; `None` where it could be chance, or is below 2 % of the run.
///
/// Of so many connections those that send nothing afterwards may have done their share of the work: near the end of a run
/// the last one waits for its slow answer, and in that time nothing is sent. So only what the others would have sent counts
/// as missing: as many of them as there are requests afterwards, and no more.
///
/// Where requests come one by one at a rate r, as those of a Poisson process, a gap of length t has the probability
/// e^(-rt). Closed loops send more evenly than that.
pub fn stall(timeline: &Timeline, connections: Option<u32>) -> Option<Stall> {
    let span = timeline.span()?;
    let gap = timeline.longest_gap()?;
    // Shorter ones may be missed, and then another one would be called the longest.
    if gap.length() < timeline.width().saturating_mul(2) {
        return None;
    }
    let requests: u64 = timeline.bins().map(|(_, bin)| bin.count).sum();
    let length = gap.length() as f64 / 1e9;
    let busy = (span.length() - gap.length()) as f64 / 1e9;
    if busy <= 0.0 {
        return None;
    }
    let afterwards: u64 =
        timeline.bins().filter(|(_, bin)| gap.until <= bin.first_start).map(|(_, bin)| bin.count).sum();
    let at_work = connections.map_or(1.0, |all| (afterwards as f64 / f64::from(all.max(1))).min(1.0));
    let missing = requests as f64 / busy * length * at_work;
    let is_stall = LEAST_MISSING <= missing && LEAST_SHARE * (busy + length) <= length;
    is_stall.then(|| Stall { start: gap.from.saturating_sub(span.from) as f64 / 1e9, length, missing })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: i64 = 1_000_000;

    fn of(starts: impl Iterator<Item = i64>) -> Timeline {
        let mut timeline = Timeline::new();
        starts.for_each(|start| timeline.record(start * MILLISECOND, Some(5), true));
        timeline
    }

    #[test]
    fn a_stall_is_found_with_what_is_missing() {
        let found = stall(&of((0..5_000).chain(7_000..10_000)), Some(100)).unwrap();
        assert!((found.start - 4.999).abs() < 1e-9 && (found.length - 2.001).abs() < 1e-9, "{found:?}");
        assert!((found.missing - 2_001.0).abs() < 5.0, "{found:?}");
    }

    #[test]
    fn an_even_run_and_a_slow_one_have_none() {
        assert_eq!(stall(&of(0..10_000), None), None);
        assert_eq!(stall(&of((0..20).map(|request| request * 500)), None), None);
        assert_eq!(stall(&Timeline::new(), None), None);
        assert_eq!(stall(&of(std::iter::repeat_n(5, 100)), None), None);
    }

    #[test]
    fn the_ragged_end_of_a_run_is_none() {
        // All but three of fifty connections are through when the others wait for a slow answer.
        let starts = || (0..1_000).chain([1_400, 1_401, 1_402]);
        assert_eq!(stall(&of(starts()), Some(50)), None);
        assert!(stall(&of(starts()), Some(3)).is_some());
    }
}
