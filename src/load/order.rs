//! Whether the rows of a log stand in the order in which requests were sent or answered. No result depends on it, but a log
//! that was put together from others, or written by a clock that was set back, may hold what its reader does not expect.

use super::diagnostic::{Diagnostic, Severity};
use super::place::Place;
use crate::record::RequestTicks;

/// Tools write a request when it is sent or when it has ended, and so an earlier one can't stand behind one that was sent
/// after its end. By less than this, ns, buffers and clocks with whole seconds explain it.
const EXPLAINED: i64 = 1_000_000_000;

/// When the request of a run was sent that was read last, ns.
#[derive(Debug, Clone)]
pub(super) struct Order {
    start: i64,
}

/// The requests that ended long before the one above them began.
#[derive(Debug, Default)]
pub(super) struct OutOfOrder {
    count: u64,
    /// The first one whose place is known.
    first: Option<Place>,
}

impl Order {
    /// Before the first request of an input, or of a piece of it: pieces are read side by side, and the one that was read before
    /// need not stand above.
    pub(super) fn new() -> Self {
        Self { start: i64::MIN }
    }

    /// Goes on to the next request of the run; returns whether it ended long before the one above it began.
    #[inline]
    pub(super) fn goes_back(&mut self, request: &RequestTicks) -> bool {
        let Some(start) = request.start else { return false };
        let before = std::mem::replace(&mut self.start, start);
        let end = start.saturating_add_unsigned(request.latency.unwrap_or(0));
        end.saturating_add(EXPLAINED) < before
    }
}

impl OutOfOrder {
    /// Adds so many, of which the first stands at `place`, if that is known.
    pub(super) fn add(&mut self, count: u64, place: Option<&Place>) {
        self.count += count;
        if let Some(place) = place
            && self.first.as_ref().is_none_or(|first| place.order() < first.order())
        {
            self.first = Some(place.clone());
        }
    }

    /// Adds those of another part of the input.
    pub(super) fn merge(&mut self, other: &Self) {
        self.add(other.count, other.first.as_ref());
    }

    /// What there is to say of them; `None` where there are none.
    pub(super) fn told(&self, input: &str) -> Option<Diagnostic> {
        if self.count == 0 {
            return None;
        }
        let requests = if self.count == 1 { "1 request".to_owned() } else { format!("{} requests", self.count) };
        let message = format!("the rows are out of order: {requests} ended 1 s or more before the one above began");
        let help = "no result depends on it; if logs were put together, see that nothing is in there twice";
        let diagnostic = Diagnostic::new(Severity::Notice, "out-of-order", input, message).help(help);
        Some(match &self.first {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_requests_in_flight_explain_is_in_order() {
        const SECOND: i64 = 1_000_000_000;
        let request = |start: i64, latency: u64| RequestTicks {
            start: Some(start),
            latency: Some(latency),
            ok: true,
            bytes: None,
        };
        let table = [
            // By its end: the slow one was sent 9 s before and answered now.
            ([request(9 * SECOND, 1), request(0, 9_000_000_000)], false),
            // A buffer that was late.
            ([request(SECOND, 1), request(0, 0)], false),
            ([request(SECOND + 1, 1), request(0, 0)], true),
            ([request(0, 1), request(SECOND * 9, 1)], false),
        ];
        for ([first, second], expected) in table {
            let mut order = Order::new();
            assert!(!order.goes_back(&first));
            assert_eq!(order.goes_back(&second), expected, "{first:?} {second:?}");
        }
    }
}
