//! Apache JMeter: its result log (JTL) as CSV and as XML, and the statistics of its dashboard.
//!
//! A log has one sample a line, in ms, with `timeStamp` at its start (at its end where `sampleresult.timestamp.start` is
//! off, which the log does not say; the total time is then off by the latency of one request). Labels become scenarios.
//!
//! `allThreads` is how many threads were alive when the sample ended: it climbs and falls again within one run, so a run is
//! listed at its maximum over the whole log, and where most samples were taken below it that is told.
//!
//! A transaction controller writes a row of its own over the rows of its requests, known by its message. Such rows are
//! left out, unless the log has nothing else ("generate parent sample").

mod csv;
mod statistics;
mod time;
mod xml;

use indexmap::IndexMap;

pub(super) use self::csv::JMETER_CSV;
pub(super) use self::statistics::JMETER_STATISTICS;
pub(super) use self::xml::JMETER_XML;
use super::notice;
use super::requests::{Request, Requests, is_failure_status};
use crate::load::format::prelude::*;
use crate::load::samples::Profiles;

/// One sample of a log, as it is written.
#[derive(Debug, Default)]
struct Sample<'a> {
    /// µs since 1970.
    start: Option<i64>,
    /// ms.
    elapsed: Option<u64>,
    label: &'a [u8],
    code: &'a [u8],
    message: &'a [u8],
    success: bool,
    bytes: Option<u64>,
    threads: Option<u32>,
    /// Above 1 where a remote server summed samples up before it sent them.
    samples: u64,
    errors: u64,
}

impl Sample<'_> {
    fn is_transaction(&self) -> bool {
        self.message.starts_with(b"Number of samples in transaction")
    }
}

/// The samples of a log, by label.
#[derive(Debug, Default)]
struct Log {
    profiles: Profiles,
    requests: IndexMap<Vec<u8>, Series>,
    transactions: IndexMap<Vec<u8>, Series>,
    threads: Threads,
}

/// How many threads were alive.
#[derive(Debug, Default)]
struct Threads {
    maximum: u32,
    samples: u64,
    samples_at_maximum: u64,
}

/// The samples of one label.
#[derive(Debug)]
struct Series {
    requests: Requests,
    sums: Sums,
}

/// What can be told of samples that were summed up: the counts and the mean, and no distribution.
#[derive(Debug, Default)]
struct Sums {
    requests: u64,
    errors: u64,
    elapsed: u64,
    bytes: u64,
    first: Option<i64>,
    last: Option<i64>,
}

impl Log {
    /// No samples, and profiles as the sink wants them.
    fn new(sink: &Sink<'_>) -> Self {
        Self { profiles: sink.profiles(), ..Self::default() }
    }

    fn add(&mut self, sample: &Sample<'_>) {
        self.threads.add(sample.threads);
        let labels = if sample.is_transaction() { &mut self.transactions } else { &mut self.requests };
        match labels.get_mut(sample.label) {
            Some(series) => series.add(sample),
            None => labels.entry(sample.label.to_vec()).or_insert_with(|| Series::new(&mut self.profiles)).add(sample),
        }
    }

    /// Whether nothing was added.
    fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.transactions.is_empty()
    }

    /// Hands over one run a label. `label` turns the bytes of a label into text.
    fn finish(self, sink: &mut Sink<'_>, label: impl Fn(&[u8]) -> String) {
        const REMEDY: &str = "for finer latencies measure with a tool that keeps microseconds";
        notice::lossy(sink, "the log has latencies in whole milliseconds", REMEDY);
        let concurrency = Some(self.threads.maximum).filter(|&maximum| 0 < maximum);
        if let Some(maximum) = concurrency.filter(|_| self.threads.is_mostly_below_maximum()) {
            notice::varying_concurrency(sink, &Place::Whole, "the number of threads (allThreads)", maximum);
        }
        let kept = if self.requests.is_empty() {
            self.transactions
        } else {
            report_transactions(sink, &self.transactions);
            self.requests
        };
        let mut are_summed = false;
        for (name, series) in kept {
            are_summed |= series.are_summed();
            if let Some(run) = series.into_run(sink) {
                sink.run(&Place::Whole, Run { scenario: label(&name), concurrency, ..run });
            }
        }
        if are_summed {
            let message = "rows stand for several samples (SampleCount), so there are no percentiles".to_owned();
            let help = "log every sample: mode=Standard, not Statistical";
            sink.report(Severity::Notice, "summed-samples", &Place::Whole, message, Some(help));
        }
    }
}

fn report_transactions(sink: &mut Sink<'_>, transactions: &IndexMap<Vec<u8>, Series>) {
    let rows: u64 = transactions.values().map(|series| series.requests.count()).sum();
    if 0 < rows {
        let message =
            format!("rows of transaction controllers sum up other rows, and are left out; of these there are {rows}");
        let help = "to compare transactions, log them alone: generate parent sample";
        sink.report(Severity::Notice, "transactions-left-out", &Place::Whole, message, Some(help));
    }
}

impl Threads {
    fn add(&mut self, threads: Option<u32>) {
        let Some(threads) = threads else { return };
        self.samples += 1;
        if self.maximum < threads {
            self.maximum = threads;
            self.samples_at_maximum = 0;
        }
        if threads == self.maximum {
            self.samples_at_maximum += 1;
        }
    }

    fn is_mostly_below_maximum(&self) -> bool {
        self.samples_at_maximum.saturating_mul(2) < self.samples
    }
}

impl Series {
    fn new(profiles: &mut Profiles) -> Self {
        Self { requests: Requests::new(profiles), sums: Sums::default() }
    }

    fn add(&mut self, sample: &Sample<'_>) {
        let ok = sample.success && !is_failure_status(sample.code);
        let sums = &mut self.sums;
        sums.requests = sums.requests.saturating_add(sample.samples);
        sums.errors = sums.errors.saturating_add(if sample.samples == 1 { u64::from(!ok) } else { sample.errors });
        sums.elapsed = sums.elapsed.saturating_add(sample.elapsed.unwrap_or(0));
        sums.bytes = sums.bytes.saturating_add(sample.bytes.unwrap_or(0));
        if let Some(start) = sample.start {
            sums.first = Some(sums.first.map_or(start, |first| first.min(start)));
            sums.last = Some(sums.last.map_or(start, |last| last.max(start)));
        }
        self.requests.add(Request {
            start: sample.start,
            latency: sample.elapsed.map(|elapsed| elapsed as f64 / 1e3),
            ok,
            bytes: sample.bytes,
        });
    }

    fn are_summed(&self) -> bool {
        self.sums.requests != self.requests.count()
    }

    fn into_run(self, sink: &mut Sink<'_>) -> Option<Run> {
        if !self.are_summed() {
            return self.requests.into_run(sink);
        }
        // The stamp of a summed row is when its last sample ended, and its elapsed time the sum of theirs.
        let Sums { requests, errors, elapsed, bytes, first, last } = self.sums;
        let mut run = Run {
            timestamp: first,
            total_time: first.zip(last).map(|(first, last)| last.saturating_sub(first) as f64 / 1e6),
            requests_count: Some(requests),
            error_count: Some(errors),
            latency: Latency {
                mean: (0 < requests).then(|| elapsed as f64 / requests as f64 / 1e3),
                ..Latency::default()
            },
            bytes_read: Some(bytes),
            ..Run::default()
        };
        run.mark_derived(Column::TotalTime);
        Some(run)
    }
}

/// A whole number, zero or above; `None` for anything else.
fn whole(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    if text.is_empty() || 19 < text.len() {
        return None;
    }
    text.iter().try_fold(0, |number: u64, byte| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0')))
}
