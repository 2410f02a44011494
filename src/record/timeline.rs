//! How the requests of a run lie in time: in bins of equal width, as many as memory that does not grow can hold.
//!
//! Bins lie on a fixed grid, and their width doubles until all requests fit. So the bins depend on the requests alone, and
//! not on their order or on how they were split: time lines merge exactly.

use std::collections::VecDeque;

use super::{Histogram, Precision, RequestTicks};

/// The requests of one run, by when they were sent.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The width of a bin, ns: [`NARROWEST`] times a power of two.
    width: i64,
    /// The first bin on the grid: its lower edge is `first * width`.
    first: i64,
    bins: VecDeque<Bin>,
    /// The bin that was used last, with its edges: neighbouring rows mostly lie in one.
    current: Current,
}

/// The requests that were sent within one bin.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// All requests.
    pub count: u64,
    /// Those that failed.
    pub errors: u64,
    /// The first start in it, ns on the run's clock; above `last_start` where the bin is empty.
    pub first_start: i64,
    /// The last start in it, ns on the run's clock.
    pub last_start: i64,
    /// Latencies of the successful ones, in few bits: within 3 %.
    pub latencies: Histogram,
}

/// A span of time on the clock of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// ns.
    pub from: i64,
    /// ns.
    pub until: i64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Current {
    index: usize,
    from: i64,
    until: i64,
}

/// The width of a bin unless the run is too long for it, ns.
const NARROWEST: i64 = 1_000_000;

/// The most bins; once a run has more, half of this and above are left.
const MOST_BINS: i64 = 64;

impl Timeline {
    /// How finely the histograms in bins tell latencies apart.
    pub const PRECISION: Precision = Precision::bits(5);

    /// No request.
    pub fn new() -> Self {
        Self { width: NARROWEST, first: 0, bins: VecDeque::new(), current: Current::default() }
    }

    /// The time line of one bin, `place` × `width` ns from zero on; those of all bins merge to the whole.
    ///
    /// # Errors
    ///
    /// Where the width is none that a time line has, or where the bin holds no request, one that was not sent within it, or
    /// latencies at another precision.
    pub fn of_bin(width: i64, place: i64, bin: Bin) -> Result<Self, String> {
        let is_width = 0 < width && width % NARROWEST == 0 && (width / NARROWEST).count_ones() == 1;
        if !is_width {
            return Err(format!("expected bins of 1, 2, 4 ... ms, found {width} ns"));
        }
        let is_within = |start: i64| start.div_euclid(width) == place;
        if bin.count == 0 || !is_within(bin.first_start) || !is_within(bin.last_start) {
            return Err(format!("the requests of bin {place} of {width} ns were not sent within it"));
        }
        if bin.latencies.precision() != Self::PRECISION {
            return Err(format!("expected bins at a precision of {}", Self::PRECISION));
        }
        Ok(Self { width, first: place, bins: VecDeque::from([bin]), current: Current::default() })
    }

    /// The bins that hold requests, each with its place on the grid.
    pub fn places(&self) -> impl Iterator<Item = (i64, &Bin)> {
        (self.first..).zip(&self.bins).filter(|(_, bin)| 0 < bin.count)
    }

    /// Adds a request that was sent at `start`, ns; `latency`, ns, is that of a success.
    pub fn record(&mut self, start: i64, latency: Option<u64>, ok: bool) {
        self.record_all(&[RequestTicks { start: Some(start), latency, ok, bytes: None }]);
    }

    /// Adds requests, quicker than one after the other; those without a start lie nowhere in time.
    pub fn record_all(&mut self, mut requests: &[RequestTicks]) {
        while let [request, others @ ..] = requests {
            let Some(start) = request.start else {
                requests = others;
                continue;
            };
            if !self.current.contains(start) {
                self.seek(start);
            }
            let is_here = |request: &RequestTicks| request.start.is_some_and(|start| self.current.contains(start));
            // The first one is, even at the end of time, which no bin has behind it.
            let more = others.iter().position(|request| !is_here(request)).unwrap_or(others.len());
            let (here, rest) = requests.split_at(1 + more);
            if let Some(bin) = self.bins.get_mut(self.current.index) {
                bin.record(here);
            }
            requests = rest;
        }
    }

    /// Adds all requests of another time line.
    pub fn merge(&mut self, other: &Self) {
        while self.width < other.width {
            self.coarsen();
        }
        for bin in other.bins.iter().filter(|bin| 0 < bin.count) {
            self.seek(bin.first_start);
            if let Some(own) = self.bins.get_mut(self.current.index) {
                own.merge(bin);
            }
        }
    }

    /// The same in at most so many bins, where that is 2 or more.
    #[must_use]
    pub fn coarsened(&self, most: usize) -> Self {
        let mut coarse = self.clone();
        while most.max(2) < coarse.bins.len() {
            coarse.coarsen();
        }
        coarse
    }

    /// The width of a bin, ns.
    pub fn width(&self) -> i64 {
        self.width
    }

    /// The bins in order, with their edges, ns; the first and the last hold requests.
    pub fn bins(&self) -> impl DoubleEndedIterator<Item = (Span, &Bin)> {
        let edge = |index: i64| index.saturating_mul(self.width);
        let bins = (self.first..).zip(&self.bins);
        let bins: Vec<_> =
            bins.map(|(index, bin)| (Span { from: edge(index), until: edge(index.saturating_add(1)) }, bin)).collect();
        bins.into_iter()
    }

    /// From the first start to the last; `None` where there is no request.
    pub fn span(&self) -> Option<Span> {
        let (first, last) = (self.bins.front()?, self.bins.back()?);
        Some(Span { from: first.first_start, until: last.last_start })
    }

    /// The longest time in which nothing was sent, from one start to the next. Exact where it is twice as long as a bin is
    /// wide or longer; a shorter one may be missed. `None` where there are no two starts in different bins.
    pub fn longest_gap(&self) -> Option<Span> {
        let filled: Vec<&Bin> = self.bins.iter().filter(|bin| 0 < bin.count).collect();
        let gaps = filled.windows(2).filter_map(|pair| match pair {
            [before, after] => Some(Span { from: before.last_start, until: after.first_start }),
            _ => None,
        });
        // Of gaps of the same length the first is taken.
        gaps.reduce(|longest, gap| if longest.length() < gap.length() { gap } else { longest })
    }

    /// Makes the bin of `start` the current one, and room for it where there is none.
    #[cold]
    fn seek(&mut self, start: i64) {
        let mut index = start.div_euclid(self.width);
        if self.bins.is_empty() {
            self.first = index;
        }
        loop {
            let last = self.first.saturating_add(self.bins.len() as i64 - 1);
            let (from, until) = (self.first.min(index), last.max(index));
            if until.saturating_sub(from) < MOST_BINS {
                break;
            }
            self.coarsen();
            index = start.div_euclid(self.width);
        }
        while index < self.first {
            self.bins.push_front(Bin::new());
            self.first -= 1;
        }
        while self.first + (self.bins.len() as i64) <= index {
            self.bins.push_back(Bin::new());
        }
        // Both are within MOST_BINS of each other.
        let place = (index - self.first) as usize;
        let from = index.saturating_mul(self.width);
        self.current = Current { index: place, from, until: from.saturating_add(self.width) };
    }

    /// Doubles the width of all bins.
    fn coarsen(&mut self) {
        let bins = std::mem::take(&mut self.bins);
        let first = self.first.div_euclid(2);
        for (index, bin) in (self.first..).zip(bins) {
            let place = (index.div_euclid(2) - first) as usize;
            match self.bins.get_mut(place) {
                Some(own) => own.merge(&bin),
                None => self.bins.push_back(bin),
            }
        }
        self.first = first;
        self.width = self.width.saturating_mul(2);
        self.current = Current::default();
    }
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new()
    }
}

/// Which bin was used last does not count.
impl PartialEq for Timeline {
    fn eq(&self, other: &Self) -> bool {
        (self.width, self.first) == (other.width, other.first) && self.bins == other.bins
    }
}

impl Current {
    #[inline]
    fn contains(&self, start: i64) -> bool {
        self.from <= start && start < self.until
    }
}

impl Bin {
    fn new() -> Self {
        let latencies = Histogram::new(Histogram::DEFAULT_TICK, Timeline::PRECISION);
        Self { count: 0, errors: 0, first_start: i64::MAX, last_start: i64::MIN, latencies }
    }

    fn record(&mut self, requests: &[RequestTicks]) {
        self.count += requests.len() as u64;
        for request in requests {
            self.errors += u64::from(!request.ok);
            if let Some(start) = request.start {
                self.first_start = self.first_start.min(start);
                self.last_start = self.last_start.max(start);
            }
        }
        self.latencies.record_all(requests.iter().filter_map(RequestTicks::served));
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.errors += other.errors;
        self.first_start = self.first_start.min(other.first_start);
        self.last_start = self.last_start.max(other.last_start);
        self.latencies.merge(&other.latencies);
    }
}

impl Span {
    /// ns.
    pub fn length(self) -> i64 {
        self.until.saturating_sub(self.from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn of(starts: &[i64]) -> Timeline {
        let mut timeline = Timeline::new();
        starts.iter().for_each(|&start| timeline.record(start, Some(1_000_000), true));
        timeline
    }

    #[test]
    fn bins_widen_with_the_run() {
        let timeline = of(&(0..600).map(|second| second * SECOND).collect::<Vec<_>>());
        assert_eq!(timeline.width(), 16_384 * NARROWEST);
        assert_eq!(timeline.bins().map(|(_, bin)| bin.count).sum::<u64>(), 600);
        assert_eq!(timeline.bins().count(), 37);
        assert_eq!(timeline.span(), Some(Span { from: 0, until: 599 * SECOND }));
    }

    #[test]
    fn a_stall_is_a_gap() {
        let starts: Vec<i64> = (0..100).chain(150..200).map(|tenth| tenth * SECOND / 10).collect();
        let gap = of(&starts).longest_gap().unwrap();
        assert_eq!((gap.from, gap.until), (99 * SECOND / 10, 15 * SECOND));
        assert_eq!(of(&[5]).longest_gap(), None);
        assert_eq!(Timeline::new().span(), None);
    }

    #[test]
    fn the_edges_of_time_are_no_trouble() {
        let timeline = of(&[i64::MIN, 0, i64::MAX]);
        assert_eq!(timeline.bins().map(|(_, bin)| bin.count).sum::<u64>(), 3);
        assert!(timeline.longest_gap().is_some());
    }

    fn again(timeline: &Timeline) -> Timeline {
        let mut again = Timeline::new();
        for (place, bin) in timeline.places() {
            again.merge(&Timeline::of_bin(timeline.width(), place, bin.clone()).unwrap());
        }
        again
    }

    #[test]
    fn what_is_no_bin_is_refused() {
        let whole = of(&[60 * NARROWEST]);
        let (place, bin) = whole.places().next().unwrap();
        let is_refused = |width, place, bin| Timeline::of_bin(width, place, bin).is_err();
        assert!(!is_refused(whole.width(), place, bin.clone()));
        assert!(is_refused(whole.width(), place + 1, bin.clone()) && is_refused(3 * NARROWEST, place / 3, bin.clone()));
        assert!(is_refused(whole.width(), place, Bin { count: 0, ..bin.clone() }));
        assert!(is_refused(whole.width(), place, Bin { latencies: Histogram::default(), ..bin.clone() }));
    }

    proptest! {
        #[test]
        fn neither_order_nor_split_matters(
            starts in prop::collection::vec(-10 * SECOND..2_000_000_000 * SECOND, 0..60),
            narrow in prop::collection::vec(0..SECOND, 0..60),
            cut in 0..120usize,
        ) {
            for starts in [starts.clone(), narrow.clone(), [starts, narrow].concat()] {
                let whole = of(&starts);
                let (left, right) = starts.split_at(cut.min(starts.len()));
                prop_assert_eq!(&again(&whole), &whole);
                let reversed: Vec<i64> = starts.iter().rev().copied().collect();
                prop_assert_eq!(&of(&reversed), &whole);
                for (mut one, other) in [(of(left), of(right)), (of(right), of(left))] {
                    one.merge(&other);
                    prop_assert_eq!(&one, &whole);
                }
            }
        }
    }
}
