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
    /// What is left out at the beginning, and in none of the others; `None` where that is nothing.
    pub cut: Option<Cut>,
}

/// The beginning of a run that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Requests that started before are left out, ns on the run's clock. What has no start is not.
    pub until: i64,
    /// How many were.
    pub requests: u64,
    /// The first start of them, ns on the run's clock; `until` where there are none.
    pub first_start: i64,
}

impl Cut {
    /// What both leave out together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            until: self.until.max(other.until),
            requests: self.requests.saturating_add(other.requests),
            first_start: self.first_start.min(other.first_start),
        }
    }

    fn is_before(self, request: &RequestTicks) -> bool {
        request.start.is_some_and(|start| start < self.until)
    }

    /// Whether a request is left out, which is then counted.
    fn takes(&mut self, request: &RequestTicks) -> bool {
        let Some(start) = request.start.filter(|_| self.is_before(request)) else { return false };
        self.requests += 1;
        self.first_start = self.first_start.min(start);
        true
    }
}

impl Profile {
    /// No request, and a histogram of this precision.
    pub fn new(precision: Precision) -> Self {
        Self { latencies: Histogram::new(Histogram::DEFAULT_TICK, precision), ..Self::default() }
    }

    /// The same, without the requests to come that started before `until`, ns on the run's clock.
    #[must_use]
    pub fn cut_until(self, until: i64) -> Self {
        Self { cut: Some(Cut { until, requests: 0, first_start: until }), ..self }
    }

    /// Whether a request belongs to the beginning that is left out.
    pub fn leaves_out(&self, request: &RequestTicks) -> bool {
        self.cut.is_some_and(|cut| cut.is_before(request))
    }

    /// Adds one request.
    pub fn add(&mut self, request: RequestTicks) {
        self.add_all(&[request]);
    }

    /// Adds requests, but those of the beginning that is left out: quicker than one after the other.
    pub fn add_all(&mut self, requests: &[RequestTicks]) {
        match &mut self.cut {
            None => self.add_rest(requests),
            Some(cut) => {
                let rest: Vec<RequestTicks> = requests.iter().filter(|request| !cut.takes(request)).copied().collect();
                self.add_rest(&rest);
            }
        }
    }

    fn add_rest(&mut self, requests: &[RequestTicks]) {
        self.requests += requests.len() as u64;
        for request in requests {
            self.errors += u64::from(!request.ok);
            self.invalid_latencies += u64::from(request.latency.is_none());
            if let Some(start) = request.start {
                let end = start.saturating_add_unsigned(request.latency.unwrap_or(0));
                self.extend(Span { from: start, until: end });
            }
            if let Some(bytes) = request.bytes {
                self.bytes = Some(self.bytes.unwrap_or(0).saturating_add(bytes));
            }
        }
        self.latencies.record_all(requests.iter().filter_map(RequestTicks::served));
        self.timeline.record_all(requests);
    }

    /// How many requests came, those that are left out included.
    pub fn requests_seen(&self) -> u64 {
        self.requests + self.cut.map_or(0, |cut| cut.requests)
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
        self.cut = match (self.cut, other.cut) {
            (Some(own), Some(cut)) => Some(own.with(cut)),
            (own, cut) => own.or(cut),
        };
        true
    }

    #[inline]
    fn extend(&mut self, span: Span) {
        let own = self.span.get_or_insert(span);
        own.from = own.from.min(span.from);
        own.until = own.until.max(span.until);
    }
}

impl Cut {
    /// The time that is left out, s, from the first start on.
    pub fn seconds(&self) -> f64 {
        self.until.saturating_sub(self.first_start) as f64 / 1e9
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
        of_rest(requests, precision, None)
    }

    fn of_rest(requests: &[RequestTicks], precision: Precision, until: Option<i64>) -> Profile {
        let profile = Profile::new(precision);
        let mut profile = until.into_iter().fold(profile, Profile::cut_until);
        profile.add_all(requests);
        profile
    }

    proptest! {
        #[test]
        fn merging_is_associative_and_commutative_over_any_split(
            requests in requests(),
            cuts in (0..150usize, 0..150usize),
            bits in prop::option::of(5..15u32),
            until in prop::option::of(0..3_000_000_000_000_i64),
        ) {
            let precision = bits.map_or(Precision::EXACT, Precision::bits);
            let (first, second) = (cuts.0.min(cuts.1).min(requests.len()), cuts.0.max(cuts.1).min(requests.len()));
            let whole = of_rest(&requests, precision, until);
            let parts = [&requests[..first], &requests[first..second], &requests[second..]];
            let [a, b, c] = parts.map(|part| of_rest(part, precision, until));
            let merged = |one: &Profile, other: &Profile| {
                let mut merged = one.clone();
                assert!(merged.merge(other));
                merged
            };
            prop_assert_eq!(&merged(&merged(&a, &b), &c), &whole);
            prop_assert_eq!(&merged(&a, &merged(&b, &c)), &whole);
            prop_assert_eq!(&merged(&c, &merged(&b, &a)), &whole);
        }

        #[test]
        fn a_cut_is_as_if_the_beginning_had_not_been_there(
            requests in requests(),
            until in 0..3_000_000_000_000_i64,
        ) {
            let is_left_out = |request: &&RequestTicks| request.start.is_some_and(|start| start < until);
            let (beginning, rest): (Vec<RequestTicks>, Vec<RequestTicks>) =
                requests.iter().partition(is_left_out);
            let profile = of_rest(&requests, Precision::DEFAULT, Some(until));
            let first_start = beginning.iter().filter_map(|request| request.start).min().unwrap_or(until);
            prop_assert_eq!(profile.cut, Some(Cut { until, requests: beginning.len() as u64, first_start }));
            prop_assert_eq!(profile.requests_seen(), requests.len() as u64);
            prop_assert_eq!(Profile { cut: None, ..profile }, of(&rest, Precision::DEFAULT));
        }
    }
}
