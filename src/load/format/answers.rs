//! How the requests of a run ended, where a tool counts them by HTTP status and by error.

use crate::load::format::prelude::*;

/// What oha says of requests that were under way when its time was up.
const CUT_OFF: &str = "aborted due to deadline";

/// How far a printed throughput may lie from the true one.
const PRECISION: f64 = 1e-3;

/// Requests by their end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Answers {
    success: u64,
    error: u64,
    cut_off: u64,
}

impl Answers {
    /// Adds answers with an HTTP status. From 400 on they are errors, whatever the tool calls them.
    pub(super) fn add_status(&mut self, status: u64, count: u64) {
        let counter = if (100..400).contains(&status) { &mut self.success } else { &mut self.error };
        *counter = counter.saturating_add(count);
    }

    /// Adds requests without an answer. Those that the tool itself broke off at the end of its time did not fail.
    pub(super) fn add_error(&mut self, message: &str, count: u64) {
        let counter = if message.trim() == CUT_OFF { &mut self.cut_off } else { &mut self.error };
        *counter = counter.saturating_add(count);
    }

    /// Takes a line of a distribution: `[200] 1000 responses` or `[400] Connection refused`.
    pub(super) fn add_line(&mut self, line: &str, is_status: bool) {
        let Some((number, rest)) = line.trim().strip_prefix('[').and_then(|line| line.split_once(']')) else { return };
        let Ok(number) = number.parse() else { return };
        if is_status {
            let count = rest.split_whitespace().next().and_then(|count| count.parse().ok());
            self.add_status(number, count.unwrap_or(0));
        } else {
            self.add_error(rest, number);
        }
    }

    /// How many requests came to an end.
    pub(super) fn ended(self) -> u64 {
        self.success.saturating_add(self.error)
    }

    /// Whether any was broken off by the tool.
    pub(super) fn cut_off(self) -> u64 {
        self.cut_off
    }

    /// Whether there are as many as a throughput and a time say that were printed in steps of `step` seconds. Where the
    /// end of the distribution is cut off, the errors are missing, as they stand last.
    pub(super) fn are_complete(self, throughput: Option<f64>, total_time: f64, step: f64) -> bool {
        let at_least = throughput.unwrap_or(0.0) * (total_time - step) * (1.0 - PRECISION) - 1.0;
        at_least <= self.ended().saturating_add(self.cut_off) as f64
    }

    /// Fills the counts of a run. Without any request all stays unknown but that none succeeded.
    pub(super) fn fill(self, run: &mut Run) {
        run.success_count = Some(self.success);
        if 0 < self.ended() {
            run.error_count = Some(self.error);
            run.requests_count = Some(self.ended());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_distributions() {
        let mut answers = Answers::default();
        for line in ["  [200] 375 responses", "  [302]\t5 responses", "  [500]\t25 responses", "nothing", "[x] 1"] {
            answers.add_line(line, true);
        }
        for line in ["  [4]\tGet \"http://a/\": EOF", "  [16] aborted due to deadline"] {
            answers.add_line(line, false);
        }
        assert_eq!(answers, Answers { success: 380, error: 29, cut_off: 16 });
        assert_eq!(answers.ended(), 409);
    }
}
