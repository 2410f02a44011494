//! What is kept of the requests of a run: everything that adds up over any split of them, in memory that does not grow.

use super::{Histogram, Precision, RequestTicks, Span, Timeline};

/// The requests of one run, added up.
///
/// Two profiles merge exactly, in any order and over any split of the requests; where their precisions differ, at the
/// coarser one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// All requests.
    pub requests: u64,
    /// Those that failed.
    pub errors: u64,
    /// Those, among all, without a latency that makes sense.
    pub invalid_latencies: u64,
    /// Latencies of the successful requests only: how fast a request fails is not how fast it is served.
    pub latencies: Histogram,
    /// From the first start to the last end, ns on the run's clock; `None` where no request has a start.
    pub span: Option<Span>,
    /// Bytes received, of those requests that say so.
    pub bytes: Option<u64>,
    /// How the requests that have a start lie in time.
    pub timeline: Timeline,
}

impl Profile {
    /// No request, and a histogram of this precision.
    pub fn new(precision: Precision) -> Self {
        Self { latencies: Histogram::new(Histogram::DEFAULT_TICK, precision), ..Self::default() }
    }

    /// Adds one request.
    #[inline]
    pub fn add(&mut self, request: RequestTicks) {
        let RequestTicks { start, latency, ok, bytes } = request;
        self.requests += 1;
        self.errors += u64::from(!ok);
        let served = latency.filter(|_| ok);
        if let Some(latency) = served {
            self.latencies.record_ticks(latency);
        }
        self.invalid_latencies += u64::from(latency.is_none());
        if let Some(start) = start {
            let end = start.saturating_add_unsigned(latency.unwrap_or(0));
            self.extend(Span { from: start, until: end });
            self.timeline.record(start, served, ok);
        }
        if let Some(bytes) = bytes {
            self.bytes = Some(self.bytes.unwrap_or(0).saturating_add(bytes));
        }
    }

    /// Adds all requests of another profile. Returns `false`, and adds nothing, where the ticks differ.
    pub fn merge(&mut self, other: &Self) -> bool {
        if !self.latencies.merge(&other.latencies) {
            return false;
        }
        self.requests += other.requests;
        self.errors += other.errors;
        self.invalid_latencies += other.invalid_latencies;
        if let Some(span) = other.span {
            self.extend(span);
        }
        if let Some(bytes) = other.bytes {
            self.bytes = Some(self.bytes.unwrap_or(0).saturating_add(bytes));
        }
        self.timeline.merge(&other.timeline);
        true
    }

    #[inline]
    fn extend(&mut self, span: Span) {
        let own = self.span.get_or_insert(span);
        own.from = own.from.min(span.from);
        own.until = own.until.max(span.until);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn requests() -> impl Strategy<Value = Vec<RequestTicks>> {
        let start = prop::option::of(0..3_000_000_000_000_i64);
        let latency = prop::option::of(0..100_000_000_000_u64);
        let request = (start, latency, any::<bool>(), prop::option::of(0..1_000_000_u64));
        let request = request.prop_map(|(start, latency, ok, bytes)| RequestTicks { start, latency, ok, bytes });
        prop::collection::vec(request, 0..150)
    }

    fn of(requests: &[RequestTicks], precision: Precision) -> Profile {
        let mut profile = Profile::new(precision);
        requests.iter().for_each(|request| profile.add(*request));
        profile
    }

    proptest! {
        #[test]
        fn merging_is_associative_and_commutative_over_any_split(
            requests in requests(),
            cuts in (0..150usize, 0..150usize),
            bits in prop::option::of(5..15u32),
        ) {
            let precision = bits.map_or(Precision::EXACT, Precision::bits);
            let (first, second) = (cuts.0.min(cuts.1).min(requests.len()), cuts.0.max(cuts.1).min(requests.len()));
            let whole = of(&requests, precision);
            let parts = [&requests[..first], &requests[first..second], &requests[second..]];
            let [a, b, c] = parts.map(|part| of(part, precision));
            let merged = |one: &Profile, other: &Profile| {
                let mut merged = one.clone();
                assert!(merged.merge(other));
                merged
            };
            prop_assert_eq!(&merged(&merged(&a, &b), &c), &whole);
            prop_assert_eq!(&merged(&a, &merged(&b, &c)), &whole);
            prop_assert_eq!(&merged(&c, &merged(&b, &a)), &whole);
        }
    }
}
