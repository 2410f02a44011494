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
    /// The line of a text that it points at.
    #[serde(skip)]
    pub excerpt: Option<Excerpt>,
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
            excerpt: None,
        }
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
    kept: Vec<Diagnostic>,
    seen: HashMap<(String, String), Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    count: u64,
    /// Where the last one that is shown stands in `kept`.
    last_kept: usize,
}

impl Diagnostics {
    /// How many of one kind and input are kept whole.
    pub const KEPT: u64 = 5;

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let seen = self.seen.entry((diagnostic.source.clone(), diagnostic.code.clone())).or_default();
        seen.count += 1;
        if seen.count <= Self::KEPT {
            seen.last_kept = self.kept.len();
            self.kept.push(diagnostic);
        }
    }

    /// Adds all of another collection, whose counts go on from its own.
    pub fn append(&mut self, other: Self) {
        for diagnostic in other.finish() {
            self.push(diagnostic);
        }
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.kept.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The ones that were kept, in the order of their coming; the last of a kind says how many more there were, and a
    /// notice that several inputs share stands at the first of them.
    pub fn finish(self) -> Vec<Diagnostic> {
        let mut kept = self.kept;
        for seen in self.seen.into_values().filter(|seen| Self::KEPT < seen.count) {
            if let Some(last) = kept.get_mut(seen.last_kept) {
                last.message.push_str(&format!("; and {} more like this", seen.count - Self::KEPT));
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
