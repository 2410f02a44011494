//! siege: the summary that it prints, as JSON (from 4.0.5 on) or in its older form, alone or amid its verbose output.
//!
//! Verbose lines go to one stream and the summary to another, so that in a log the summary may begin in the middle of a
//! line, and lines may be coloured. So what counts are the names, wherever in a line they stand.
//!
//! Times have two decimals: seconds in the JSON, seconds or milliseconds in the text ([`src/main.c`][upstream]). A 0.00
//! is below that and is left empty. `concurrency` is the measured mean of requests in flight and not what was asked for,
//! so the concurrency is known only where "Preparing … concurrent users" stands before. There are no percentiles.
//!
//! Successful transactions are answers with a status below 400, failed ones all others; together they are the requests.
//!
//! [upstream]: https://github.com/JoeDog/siege/blob/master/src/main.c

mod log;

pub(super) use log::SIEGE_LOG;

use super::report::{
    Lossy, Report, Unfinished, above_zero, count, duration, hand_over, level, number, read_reports, without_escapes,
};
use crate::load::format::prelude::*;

/// What siege prints.
pub(super) static SIEGE: Format = Format {
    name: "siege",
    about: "the summary that siege prints, also amid its verbose output",
    recognised_by: "\"elapsed_time\" with \"transaction_rate\", the same in words, or siege's own messages",
    marks: Marks::Text(recognises),
    read: |source, _, sink| read_reports::<SiegeReport>(source, sink),
    ..Format::BASE
};

/// A name of the summary in both forms.
struct Name {
    json: &'static str,
    text: &'static str,
}

const TRANSACTIONS: Name = Name { json: "\"transactions\":", text: "Transactions:" };
const ELAPSED: Name = Name { json: "\"elapsed_time\":", text: "Elapsed time:" };
const DATA: Name = Name { json: "\"data_transferred\":", text: "Data transferred:" };
const RESPONSE: Name = Name { json: "\"response_time\":", text: "Response time:" };
const SUCCESSFUL: Name = Name { json: "\"successful_transactions\":", text: "Successful transactions:" };
const FAILED: Name = Name { json: "\"failed_transactions\":", text: "Failed transactions:" };
const LONGEST: Name = Name { json: "\"longest_transaction\":", text: "Longest transaction:" };
const SHORTEST: Name = Name { json: "\"shortest_transaction\":", text: "Shortest transaction:" };

impl Name {
    /// What stands behind this name, wherever in the line it stands.
    fn value_in<'l>(&self, line: &'l str) -> Option<&'l str> {
        let behind = |name: &str| line.find(name).and_then(|start| line.get(start + name.len()..));
        let value = behind(self.json).or_else(|| behind(self.text))?;
        Some(value.trim().trim_end_matches(','))
    }
}

fn recognises(text: &str) -> bool {
    let has = |mark| text.contains(mark);
    let is_json = has("\"transactions\":\t") && has("\"availability\":\t")
        || has("\"elapsed_time\":") && has("\"transaction_rate\":") && has("\"longest_transaction\":");
    let is_text = has("Elapsed time:") && has("Transaction rate:") && has("Longest transaction:");
    let is_message = has("The server is now under siege") || text.lines().take(VERBOSE_LINES).any(is_verbose);
    is_json || is_text || is_message
}

/// How many lines are looked at for one of verbose output.
const VERBOSE_LINES: usize = 20;

/// `HTTP/1.1 200     0.00 secs:      53 bytes ==> GET  /json`, or an error of siege's socket layer.
fn is_verbose(line: &str) -> bool {
    let line = without_escapes(line);
    (line.starts_with("HTTP/") && line.contains(" secs:") && line.contains(" bytes ==> "))
        || (line.starts_with("[error] socket: ") && line.contains(" sock.c:"))
}

#[derive(Default)]
struct SiegeReport {
    users: Option<u64>,
    is_summary: bool,
    is_ended: bool,
    is_json: bool,
    total_time: Option<f64>,
    success: Option<u64>,
    failed: Option<u64>,
    bytes_read: Option<u64>,
    latency: Latency,
}

impl Report for SiegeReport {
    const EXPECTED: &'static str = "the summary that siege prints at its end";
    const LOSSY: Option<Lossy> = Some(Lossy {
        lost: "siege rounds times to two decimals, so that a latency of 0.00 is left empty, and has no percentiles",
        advice: "for fast targets take a tool with a finer clock, such as oha with --output-format json",
    });

    fn begins(&self, line: &str) -> bool {
        let is_waiting = self.users.is_some() && !self.is_summary;
        users(line).is_some() || (TRANSACTIONS.value_in(line).is_some() && !is_waiting)
    }

    fn line(&mut self, line: &str) {
        if let Some(users) = users(line) {
            self.users = Some(users);
        } else if TRANSACTIONS.value_in(line).is_some() {
            self.is_summary = true;
            self.is_json = line.contains(TRANSACTIONS.json);
        } else if let Some(text) = ELAPSED.value_in(line) {
            self.total_time = self.time(text);
        } else if let Some(text) = DATA.value_in(line) {
            self.bytes_read = megabytes(text);
        } else if let Some(text) = RESPONSE.value_in(line) {
            self.latency.mean = self.time(text);
        } else if let Some(text) = LONGEST.value_in(line) {
            self.latency.max = self.time(text);
        } else if let Some(text) = SHORTEST.value_in(line) {
            self.latency.min = self.time(text);
            // In the text the unit ends the summary, in the JSON the bracket does.
            self.is_ended = text.ends_with(|c: char| c.is_ascii_alphabetic());
        } else if let Some(text) = SUCCESSFUL.value_in(line) {
            self.success = count(text);
        } else if let Some(text) = FAILED.value_in(line) {
            self.failed = count(text);
        } else if self.is_json && line.trim_start().starts_with('}') {
            self.is_ended = true;
        }
    }

    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<(), Unfinished> {
        if !self.is_summary {
            return Err(Unfinished("its summary"));
        }
        let (Some(success), Some(failed)) = (self.success, self.failed) else {
            return Err(Unfinished("its numbers of transactions"));
        };
        if !self.is_ended {
            return Err(Unfinished("the end of its summary"));
        }
        let run = Run {
            concurrency: level(self.users),
            total_time: self.total_time,
            success_count: Some(success),
            error_count: Some(failed),
            bytes_read: self.bytes_read,
            latency: self.latency,
            ..Run::default()
        };
        hand_over(run, place, sink);
        Ok(())
    }
}

impl SiegeReport {
    /// The JSON has seconds; the text says which unit it has.
    fn time(&self, text: &str) -> Option<f64> {
        if self.is_json { above_zero(number(text), 1.0) } else { duration(text) }
    }
}

/// `** Preparing 16 concurrent users for battle.`
fn users(line: &str) -> Option<u64> {
    let (_, rest) = line.split_once("Preparing ")?;
    rest.contains("concurrent user").then(|| count(rest)).flatten()
}

/// Megabytes with two decimals, without a unit in the JSON; bytes in siege 2. A zero is below that and not known.
fn megabytes(text: &str) -> Option<u64> {
    let unit = if text.ends_with("bytes") { 1.0 } else { 1024.0 * 1024.0 };
    let bytes = (number(text)? * unit).round();
    (1.0..1e18).contains(&bytes).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_behind_their_names_anywhere_in_a_line() {
        let table = [
            ("{\t\"transactions\":\t\t\t         387,", Some("387")),
            ("HTTP/1.1 2Transactions:\t\t      992 hits", Some("992 hits")),
            ("Successful transactions:         992", None),
        ];
        for (line, expected) in table {
            assert_eq!(TRANSACTIONS.value_in(line), expected, "{line}");
        }
    }

    #[test]
    fn amounts_of_data() {
        let table = [("0.05 MB", Some(52_429)), ("4273708 bytes", Some(4_273_708)), ("0.00", None), ("", None)];
        for (text, expected) in table {
            assert_eq!(megabytes(text), expected, "{text}");
        }
    }
}
