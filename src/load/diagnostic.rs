//! What was met while reading: each with its file, its place, and the remedy.

use std::collections::HashMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something was taken in a way that is worth knowing.
    Notice,
    /// A value could not be used; its run was.
    Warning,
    /// A record or a file could not be used.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something that was met while reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name for this kind of diagnostic.
    pub code: String,
    /// The input, as it was named on the command line or found in a folder.
    pub source: String,
    /// Where in the input, such as `record 14` or `line 3`; `None` where it is about the whole input.
    pub place: Option<String>,
    /// What was expected and what was found.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// How many of its kind it stands for: of many in one input only the first few are kept.
    #[serde(default = "one")]
    pub count: u64,
    /// The line of a text that it points at.
    #[serde(skip)]
    pub excerpt: Option<Excerpt>,
}

fn one() -> u64 {
    1
}

/// A line of a text, with a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, without its end.
    pub line: String,
    /// From 1.
    pub line_number: u64,
    /// The byte in the line, from 0.
    pub column: usize,
}

impl Diagnostic {
    /// A diagnostic about a whole input, to which a place and a remedy can be added.
    pub fn new(severity: Severity, code: &str, source: &str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code: code.to_owned(),
            source: source.to_owned(),
            place: None,
            message: message.into(),
            help: None,
            count: 1,
            excerpt: None,
        }
    }

    /// Whether it is about something that was not used: a value of a record, a record, a file, or a file of a folder that
    /// looks like data and holds no results.
    pub fn is_loss(&self) -> bool {
        let is_data = || {
            let name = self.source.to_lowercase();
            let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
            DATA_ENDINGS.iter().any(|ending| name.ends_with(ending))
        };
        self.severity == Severity::Error || self.code == INVALID_VALUE || (self.code == NOT_RESULTS && is_data())
    }

    /// The same, at this place.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.place = Some(place.to_string());
        self
    }

    /// The same, with this remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.source)?;
        if let Some(place) = &self.place {
            write!(f, ", {place}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

/// Collects diagnostics. Of each kind it keeps the first few of an input and counts the others, so that a million
/// broken rows take five lines.
#[derive(Debug, Default)]
pub struct Diagnostics {
    /// With where in the input they stand: parts of it may be read side by side.
    kept: Vec<(u64, Diagnostic)>,
    seen: HashMap<(String, String), Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    count: u64,
    /// Whether the first one says enough.
    is_once: bool,
    /// Where the last one that is shown stands in `kept`.
    last_kept: usize,
}

impl Seen {
    fn limit(&self) -> u64 {
        if self.is_once { 1 } else { Diagnostics::KEPT }
    }
}

/// The code of a file in a folder that holds no results.
pub(super) const NOT_RESULTS: &str = "not-results";

/// Endings of files that are expected to hold results.
const DATA_ENDINGS: [&str; 7] = [".json", ".ndjson", ".jsonl", ".csv", ".tsv", ".parquet", ".jtl"];

/// The code of a value that is left empty, though the rest of its record is used.
pub(super) const INVALID_VALUE: &str = "invalid-value";

impl Diagnostics {
    /// How many of one kind and input are kept whole.
    pub const KEPT: u64 = 5;

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.push_at(0, diagnostic, false);
    }

    /// Adds one that stands at `order`, any number that grows along its input. Where `is_once`, only the first of its kind
    /// is kept, and the others are not counted.
    pub(super) fn push_at(&mut self, order: u64, diagnostic: Diagnostic, is_once: bool) {
        let seen = self.seen.entry((diagnostic.source.clone(), diagnostic.code.clone())).or_default();
        seen.is_once |= is_once;
        seen.count += 1;
        if seen.count <= seen.limit() {
            seen.last_kept = self.kept.len();
            self.kept.push((order, diagnostic));
        }
    }

    /// Adds all of another collection, whose counts go on from its own.
    pub fn append(&mut self, other: Self) {
        for diagnostic in other.finish() {
            self.push(diagnostic);
        }
    }

    /// Adds what was met in another part of the same input: the result is as if it had been read in one go.
    pub(super) fn merge(&mut self, other: Self) {
        for (kind, theirs) in other.seen {
            let ours = self.seen.entry(kind).or_default();
            ours.count += theirs.count;
            ours.is_once |= theirs.is_once;
        }
        let mut all = std::mem::take(&mut self.kept);
        all.extend(other.kept);
        all.sort_by_key(|(order, _)| *order);
        let mut kept_of: HashMap<(String, String), u64> = HashMap::new();
        for (order, diagnostic) in all {
            let kind = (diagnostic.source.clone(), diagnostic.code.clone());
            let Some(seen) = self.seen.get_mut(&kind) else { continue };
            let kept = kept_of.entry(kind).or_default();
            *kept += 1;
            if *kept <= seen.limit() {
                seen.last_kept = self.kept.len();
                self.kept.push((order, diagnostic));
            }
        }
    }

    /// Whether one of them tells of something that was not used: a part of an input, or a value of a record.
    pub fn tell_of_loss(&self) -> bool {
        self.kept.iter().any(|(_, told)| told.severity == Severity::Error || told.code == INVALID_VALUE)
    }

    /// The ones that were kept, in the order of their coming; the last of a kind says how many more there were, and a
    /// notice that several inputs share stands at the first of them.
    pub fn finish(self) -> Vec<Diagnostic> {
        let mut kept: Vec<Diagnostic> = self.kept.into_iter().map(|(_, diagnostic)| diagnostic).collect();
        for seen in self.seen.into_values().filter(|seen| Self::KEPT < seen.count && !seen.is_once) {
            if let Some(last) = kept.get_mut(seen.last_kept) {
                last.message.push_str(&format!("; and {} more like this", seen.count - Self::KEPT));
                last.count += seen.count - Self::KEPT;
            }
        }
        share_notices(kept)
    }
}

/// Puts notices about whole inputs that say the same together: what a tool always loses need not be told for each file.
fn share_notices(kept: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut shared: Vec<(Diagnostic, usize)> = Vec::with_capacity(kept.len());
    let mut first: HashMap<(String, String), usize> = HashMap::new();
    for diagnostic in kept {
        let is_shareable = diagnostic.severity == Severity::Notice && diagnostic.place.is_none();
        let place = if is_shareable {
            *first.entry((diagnostic.code.clone(), diagnostic.message.clone())).or_insert(shared.len())
        } else {
            shared.len()
        };
        match shared.get_mut(place) {
            Some((_, more)) => *more += 1,
            None => shared.push((diagnostic, 0)),
        }
    }
    let told = |(mut diagnostic, more): (Diagnostic, usize)| {
        if 0 < more {
            let files = if more == 1 { "file" } else { "files" };
            diagnostic.message.push_str(&format!("; the same in {more} more {files}"));
            diagnostic.count += more as u64;
        }
        diagnostic
    };
    shared.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_of_a_kind_are_counted() {
        let mut diagnostics = Diagnostics::default();
        for line in 1..=1_000 {
            diagnostics.push(Diagnostic::new(Severity::Warning, "negative-time", "a.csv", "below zero").at(line));
        }
        diagnostics.push(Diagnostic::new(Severity::Warning, "negative-time", "b.csv", "below zero"));
        let kept = diagnostics.finish();
        assert_eq!(kept.len(), 6);
        assert_eq!(kept[4].message, "below zero; and 995 more like this");
        assert_eq!(kept[5].message, "below zero");
    }

    #[test]
    fn parts_that_are_read_side_by_side_tell_the_same_as_the_whole() {
        let told = |parts: &[&[u64]]| {
            let mut all = Diagnostics::default();
            for part in parts {
                let mut own = Diagnostics::default();
                for &line in *part {
                    let code = if line % 2 == 0 { "even" } else { "odd" };
                    let diagnostic = Diagnostic::new(Severity::Error, code, "a.csv", "broken");
                    own.push_at(line, diagnostic.at(line), false);
                    let once = Diagnostic::new(Severity::Notice, "once", "a.csv", "read so");
                    own.push_at(line, once.at(line), true);
                }
                all.merge(own);
            }
            all.finish()
        };
        let whole: Vec<u64> = (1..=30).collect();
        let (even, odd): (Vec<u64>, Vec<u64>) = whole.iter().partition(|line| (*line / 3) % 2 == 0);
        assert_eq!(told(&[&odd, &even]), told(&[&whole]));
        assert_eq!(told(&[&whole]).len(), 11);
    }

    #[test]
    fn a_notice_that_inputs_share_is_told_once() {
        let mut diagnostics = Diagnostics::default();
        for file in ["a.txt", "b.txt", "c.txt"] {
            diagnostics.push(Diagnostic::new(Severity::Notice, "lossy", file, "whole milliseconds"));
            diagnostics.push(Diagnostic::new(Severity::Warning, "dead-run", file, "all failed"));
        }
        let told: Vec<_> = diagnostics.finish().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "notice: a.txt: whole milliseconds; the same in 2 more files",
                "warning: a.txt: all failed",
                "warning: b.txt: all failed",
                "warning: c.txt: all failed",
            ]
        );
    }

    #[test]
    fn a_diagnostic_reads_as_one_line() {
        let diagnostic = Diagnostic::new(Severity::Error, "wrong-type", "r.json", "expected a time, found true")
            .at("record 14")
            .help("give it in seconds");
        assert_eq!(
            diagnostic.to_string(),
            "error: r.json, record 14: expected a time, found true (give it in seconds)"
        );
    }
}
