//! Runs taken apart into rows.

use super::columns::{Counted, Kind, Rows};
use crate::record::{Histogram, Profile, Run, SampleKey};

/// The requests that a histogram tells of, and those that it does not: failures, and successes without a latency.
struct Requests<'a> {
    count: u64,
    errors: u64,
    latencies: &'a Histogram,
    /// What all rows of them have in common.
    common: Counted,
    /// What is known of them together, which stands in one row.
    whole: Counted,
    /// Failures without a latency that makes sense, where it is known.
    invalid_errors: Option<u64>,
    bytes: Option<u64>,
}

/// Adds all rows of a run.
pub(super) fn add_run(run: &Run, rows: &mut Rows) {
    let key = SampleKey::of(run);
    rows.push_run(run.clone());
    if let Some(profile) = &run.profile {
        add_profile(profile, &key, rows);
    }
    for (lo, hi, count) in run.tool_histogram.iter().flat_map(|histogram| histogram.buckets()) {
        let tick = Some(Histogram::DEFAULT_TICK);
        let counted = Counted { tick, lo: Some(lo), hi: Some(hi), count: Some(count), ..Counted::default() };
        rows.push_counted(Kind::ToolHistogram, &key, counted, None);
    }
}

fn add_profile(profile: &Profile, key: &SampleKey, rows: &mut Rows) {
    let without_latency = profile.requests.saturating_sub(profile.errors).saturating_sub(profile.latencies.count());
    let whole = Counted {
        min_start: profile.span.map(|span| span.from),
        max_end: profile.span.map(|span| span.until),
        ..Counted::default()
    };
    let requests = Requests {
        count: profile.requests,
        errors: profile.errors,
        latencies: &profile.latencies,
        common: Counted::default(),
        whole,
        invalid_errors: Some(profile.invalid_latencies.saturating_sub(without_latency)),
        bytes: profile.bytes,
    };
    requests.add(Kind::Requests, key, rows);
    for (place, bin) in profile.timeline.places() {
        let common = Counted { bin: Some(place), bin_width: Some(profile.timeline.width()), ..Counted::default() };
        let (min_start, max_start) = (Some(bin.first_start), Some(bin.last_start));
        let requests = Requests {
            count: bin.count,
            errors: bin.errors,
            latencies: &bin.latencies,
            common,
            whole: Counted { min_start, max_start, ..common },
            invalid_errors: None,
            bytes: None,
        };
        requests.add(Kind::Timeline, key, rows);
    }
    if let Some(cut) = profile.cut {
        let counted = Counted {
            count: Some(cut.requests),
            min_start: Some(cut.first_start),
            max_end: Some(cut.until),
            ..Counted::default()
        };
        rows.push_counted(Kind::LeftOut, key, counted, None);
    }
}

impl Requests<'_> {
    fn add(&self, kind: Kind, key: &SampleKey, rows: &mut Rows) {
        let bits = self.latencies.precision().as_bits();
        let at = |counted: Counted, ok| Counted { tick: Some(self.latencies.tick()), bits, ok: Some(ok), ..counted };
        let served = self.count.saturating_sub(self.errors).saturating_sub(self.latencies.count());
        let moments = self.latencies.moments();
        // Both sums are below 10^38.
        let sum = |sum: u128| i128::try_from(sum).unwrap_or(i128::MAX);
        let whole = Counted {
            count: Some(served),
            invalid: self.invalid_errors.map(|_| served),
            sum: moments.map(|moments| sum(moments.sum)),
            sum_of_squares: moments.map(|moments| sum(moments.sum_of_squares)),
            min: moments.map(|moments| moments.min),
            max: moments.map(|moments| moments.max),
            ..at(Counted { bin: self.common.bin, bin_width: self.common.bin_width, ..self.whole }, true)
        };
        rows.push_counted(kind, key, whole, self.bytes);
        for (lo, hi, count) in self.latencies.counts() {
            let bucket = Counted { lo: Some(lo), hi: Some(hi), count: Some(count), ..at(self.common, true) };
            rows.push_counted(kind, key, bucket, None);
        }
        if 0 < self.errors {
            let failed = Counted { count: Some(self.errors), invalid: self.invalid_errors, ..at(self.common, false) };
            rows.push_counted(kind, key, failed, None);
        }
    }
}
