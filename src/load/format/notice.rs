//! What several formats have to say of their inputs, in the same words.

use crate::load::format::prelude::*;

/// Says what the tool did not write down, and how more is to be had; once a file.
pub(super) fn lossy(sink: &mut Sink<'_>, lost: &str, remedy: &str) {
    sink.report(Severity::Notice, "lossy", &Place::Whole, lost.to_owned(), Some(remedy));
}

/// Says that the latencies are of all requests, the failed ones too, where some of these runs had failures and did not
/// fail altogether.
pub(super) fn failures_in_latencies<'r>(sink: &mut Sink<'_>, runs: impl IntoIterator<Item = &'r Run>) {
    let failures = |run: &Run| match (run.requests_count, run.success_count, run.error_count) {
        (_, _, Some(errors)) => errors,
        (Some(requests), Some(success), None) => requests.saturating_sub(success),
        _ => 0,
    };
    let alive = runs.into_iter().filter(|run| !run.is_dead());
    let errors = alive.map(failures).fold(0, u64::saturating_add);
    if 0 < errors {
        let message = format!("the latencies are of all requests, and {errors} of them failed");
        let help = "a request that fails fast makes them look better; compare error rates first";
        sink.report(Severity::Warning, "failures-in-latencies", &Place::Whole, message, Some(help));
    }
}

/// Says that a run was not at its level most of the time.
pub(super) fn varying_concurrency(sink: &mut Sink<'_>, place: &Place, what: &str, maximum: u32) {
    let message = format!("{what} varies; the run is listed at its maximum of {maximum}");
    let help = "measure each level in a run of its own, long enough that the start and the end do not count";
    sink.report(Severity::Warning, "varying-concurrency", place, message, Some(help));
}

/// Says that requests were left out since they were made while the level changed.
pub(super) fn ramps_left_out(sink: &mut Sink<'_>, what: &str, requests: u64) {
    if 0 < requests {
        let message = format!("{requests} requests were made while {what} changed, and belong to no step");
        let help = "they are left out; hold each level for a few seconds to have it as a run";
        sink.report(Severity::Notice, "ramp-left-out", &Place::Whole, message, Some(help));
    }
}
