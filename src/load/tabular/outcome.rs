//! How many requests of a run failed, from everything that its row says of it.

use super::meaning::Counted;
use super::value::{Unfit, Value};
use super::vocabulary as known;
use crate::record::{Column, Run};

/// What a row says of failures, as it was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Failures {
    requests: Option<(usize, u64)>,
    successes: Option<(usize, u64)>,
    failures: Option<(usize, u64)>,
    kinds: Option<u64>,
    share: Option<f64>,
    rate: Option<f64>,
    /// Whether the run as a whole succeeded.
    whole: Option<bool>,
    /// Responses by status: all, and those that failed.
    responses: Option<(u64, u64)>,
    unclear: Option<String>,
}

impl Failures {
    /// Takes a count; of several of one kind the one with the smallest rank.
    pub(super) fn count(&mut self, counted: Counted, count: u64, rank: usize) {
        let slot = match counted {
            Counted::Requests => &mut self.requests,
            Counted::Successes => &mut self.successes,
            Counted::Failures => &mut self.failures,
            Counted::KindOfFailure => {
                self.kinds = Some(self.kinds.unwrap_or(0).saturating_add(count));
                return;
            }
        };
        match slot {
            // Failures that are counted twice are at least as many as the larger count says.
            Some((known, other)) if *known == rank && counted == Counted::Failures => *other = (*other).max(count),
            Some((known, _)) if *known <= rank => {}
            _ => *slot = Some((rank, count)),
        }
    }

    /// Takes an empty field: an error that is none.
    pub(super) fn empty(&mut self, counted: Counted) {
        if counted == Counted::Failures && self.whole.is_none() && self.failures.is_none() {
            self.whole = Some(true);
        }
    }

    /// Takes a word or a truth in the place of a count; returns what is wrong with it where it is neither.
    pub(super) fn word(&mut self, counted: Counted, value: &Value<'_>, name: &str) -> Option<Unfit> {
        let truth = match value {
            Value::Bool(truth) => Some(*truth),
            _ => outcome(value),
        };
        match (counted, truth, value) {
            (Counted::Successes, Some(truth), _) => self.end(truth),
            // `error: true`, but also `error: "ok"`.
            (Counted::Failures | Counted::KindOfFailure, Some(truth), Value::Bool(_)) => self.end(!truth),
            (Counted::Failures | Counted::KindOfFailure, Some(true), _) => self.end(true),
            (Counted::Failures | Counted::KindOfFailure, _, Value::Text(_)) if !value.is_like_number() => {
                self.end(false)
            }
            (Counted::Requests, ..) => return Some(value.unfit("a whole number from 0 to 2^53")),
            (_, _, value) => {
                if !value.is_like_number() || value.number().is_ok_and(|number| number.abs() > 0.0) {
                    self.unclear(name, value);
                }
                return Some(value.unfit("a whole number from 0 to 2^53"));
            }
        }
        None
    }

    /// Takes a share of failures or successes, of 1.
    pub(super) fn share(&mut self, counted: Counted, share: f64, name: &str) {
        let failed = if counted == Counted::Successes { 1.0 - share } else { share };
        // A share that was rounded may lie a little outside.
        if (-1e-6..=1.0 + 1e-6).contains(&failed) {
            let failed = failed.clamp(0.0, 1.0);
            self.share = Some(self.share.map_or(failed, |known| known.max(failed)));
        } else {
            self.unclear.get_or_insert_with(|| format!("{name} is {share}, which is no share"));
        }
    }

    /// Takes failures a second.
    pub(super) fn rate(&mut self, rate: f64) {
        self.rate = Some(rate);
    }

    /// Takes how often each status was met.
    pub(super) fn statuses(&mut self, counts: &[(String, Value<'static>)]) {
        let (mut all, mut failed) = self.responses.unwrap_or_default();
        for (status, count) in counts {
            let count = count.count().unwrap_or(0);
            all = all.saturating_add(count);
            if !is_good_status(status) {
                failed = failed.saturating_add(count);
            }
        }
        self.responses = Some((all, failed));
    }

    /// Takes the status of a run.
    pub(super) fn status(&mut self, value: &Value<'_>, name: &str) {
        match outcome(value) {
            Some(truth) => self.end(truth),
            None => match value.number() {
                Ok(code) if (100.0..600.0).contains(&code) => self.end(code < 400.0),
                Ok(code) => self.end(code.abs() <= 0.0 && name.contains("exit")),
                Err(_) => self.unclear(name, value),
            },
        }
    }

    fn end(&mut self, is_success: bool) {
        self.whole = Some(self.whole.unwrap_or(true) && is_success);
    }

    fn unclear(&mut self, name: &str, value: &Value<'_>) {
        self.unclear.get_or_insert_with(|| format!("{name} holds {value}"));
    }

    /// Puts what is known into the run. Returns what is not understood: such a run can't be ranked.
    pub(super) fn settle(
        mut self,
        run: &mut Run,
        throughput: Option<f64>,
        requests: &mut [(Option<f64>, bool)],
    ) -> Option<String> {
        run.requests_count = run.requests_count.or(self.requests.map(|(_, count)| count));
        run.success_count = run.success_count.or(self.successes.map(|(_, count)| count));
        let mut failed = run.error_count.or(self.failures.map(|(_, count)| count));
        if let Some(kinds) = self.kinds {
            match failed {
                None => failed = Some(kinds),
                Some(known) if known < kinds => failed = Some(kinds),
                Some(_) => {}
            }
        }
        if let Some((all, bad)) = self.responses {
            let is_all = run.requests_count.is_none_or(|requests| requests <= all);
            run.requests_count = run.requests_count.or(Some(all).filter(|all| 0 < *all));
            failed = match failed {
                Some(known) => Some(known.max(bad)),
                None if is_all || 0 < bad => Some(bad),
                None => None,
            };
        }
        if let (None, Some(rate), Some(throughput)) = (self.share, self.rate, throughput) {
            self.share = (0.0 < throughput).then(|| (rate / throughput).clamp(0.0, 1.0));
        } else if let (None, Some(rate), None) = (self.share, self.rate, failed)
            && 0.0 < rate
        {
            self.unclear.get_or_insert_with(|| format!("{rate} requests a second failed, of an unknown number"));
        }
        if let Some(share) = self.share {
            match (failed, run.requests_count) {
                (None, Some(all)) => {
                    failed = Some((share * all as f64).round() as u64);
                    // A share above zero is at least one failure, even where it was rounded.
                    if 0.0 < share && failed == Some(0) {
                        failed = Some(1.min(all));
                    }
                    run.mark_derived(Column::ErrorCount);
                }
                (None, None) => run.error_share = Some(share),
                (Some(0), Some(_) | None) if 0.0 < share => {
                    self.unclear
                        .get_or_insert_with(|| format!("no failure is counted, and {} % failed", share * 100.0));
                }
                (Some(_), None) => run.error_share = Some(share),
                (Some(_), Some(_)) => {}
            }
        }
        match (self.whole, requests.len()) {
            (Some(false), 1) => {
                if let Some((_, ok)) = requests.first_mut() {
                    *ok = false;
                }
            }
            (Some(false), _) => match (failed, run.success_count, run.requests_count) {
                // A run may have failed as a whole though most of its requests succeeded.
                (Some(failed), _, Some(all)) if failed < all => {
                    self.unclear.get_or_insert_with(|| "the run is marked as failed".to_owned());
                }
                (_, Some(1..), _) => {
                    self.unclear.get_or_insert_with(|| "the run is marked as failed".to_owned());
                }
                _ => {
                    run.error_share = Some(1.0);
                    run.success_count = Some(0);
                }
            },
            (Some(true) | None, _) => {}
        }
        run.error_count = failed;
        if let (Some(failed), false) = (failed, requests.is_empty()) {
            // The latencies that are kept may be those of all requests or of the successful ones.
            if 0 < failed && run.requests_count.is_none() {
                run.requests_count = Some((requests.len() as u64).saturating_add(failed));
            }
        }
        self.unclear
    }
}

/// What a value says of an outcome, where it is a truth or a usual word.
pub(super) fn outcome(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Text(text) => {
            let lower = text.trim().to_lowercase();
            if known::GOOD_WORDS.contains(&lower.as_str()) {
                Some(true)
            } else {
                known::BAD_WORDS.contains(&lower.as_str()).then_some(false)
            }
        }
        _ => None,
    }
}

/// Whether a status, a class of them, or a word for one stands for success.
fn is_good_status(status: &str) -> bool {
    let status = status.trim().to_lowercase();
    let digits: String = status.chars().filter(char::is_ascii_digit).take(3).collect();
    match digits.as_bytes() {
        [b'1'..=b'3', ..] => true,
        [_, ..] => false,
        [] => known::GOOD_WORDS.contains(&status.as_str()),
    }
}
