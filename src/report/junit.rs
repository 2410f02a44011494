//! JUnit XML: a case for each series, with its evidence where it fails.
//!
//! Valid by the schema of Apache Ant's reports (<https://github.com/windyroad/JUnit-Schema>), which asks for the most, and by
//! Jenkins' own, which asks for less. An analysis knows no clock and no host, so the moment that the schema asks for is the
//! epoch and the host is `localhost`, as the schema says for an unknown one. `time` is what the series took, not the test.

use std::io::{self, Write};

use super::cases::{Case, CaseResult, Suite, suites};
use super::escape::{shortened, xml};
use super::subject::Subject;

/// Texts are not longer than this many characters.
const LONGEST: usize = 4_000;

/// Lines of evidence that are written for one case, and for the passed cases of a suite.
const MOST_LINES: usize = 1_000;

/// Writes the report.
pub(super) fn write_junit(subject: Subject<'_>, sink: &mut dyn Write) -> io::Result<()> {
    writeln!(sink, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>")?;
    for (id, suite) in suites(subject).iter().enumerate() {
        write_suite(suite, id, subject, sink)?;
    }
    writeln!(sink, "</testsuites>")
}

fn text(text: &str) -> String {
    xml(&shortened(text, LONGEST))
}

/// A name that the schema takes: blanks at its ends and line ends are no part of one, and an empty one is none.
fn token(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let name = words.join(" ");
    if name.is_empty() { "-".to_owned() } else { text(&name) }
}

fn write_suite(suite: &Suite, id: usize, subject: Subject<'_>, sink: &mut dyn Write) -> io::Result<()> {
    let count = |is: fn(&CaseResult) -> bool| suite.cases.iter().filter(|case| is(&case.result)).count();
    let failures = count(|result| matches!(result, CaseResult::Failed(..)));
    let errors = count(|result| matches!(result, CaseResult::Error(..)));
    let skipped = count(|result| matches!(result, CaseResult::Skipped(..)));
    let total: f64 = suite.cases.iter().filter_map(|case| case.seconds).sum();
    writeln!(
        sink,
        "<testsuite id=\"{id}\" name=\"{}\" package=\"benchplot\" timestamp=\"1970-01-01T00:00:00\" \
         hostname=\"localhost\" tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" \
         time=\"{}\">",
        token(&suite.name),
        suite.cases.len(),
        decimal(Some(total)),
    )?;
    let generator = subject.generator();
    let version = format!("{} {}", generator.name, generator.version);
    writeln!(sink, "<properties>\n<property name=\"generator\" value=\"{}\"/>\n</properties>", text(&version))?;
    for case in &suite.cases {
        write_case(case, &suite.name, sink)?;
    }
    writeln!(sink, "<system-out>")?;
    let passed = suite.cases.iter().filter(|case| case.result == CaseResult::Passed);
    let lines = passed.flat_map(|case| case.evidence.iter().map(move |line| (case, line)));
    for (case, line) in lines.take(MOST_LINES) {
        writeln!(sink, "{}: {}", token(&case.name), text(line))?;
    }
    writeln!(sink, "</system-out>\n<system-err/>\n</testsuite>")
}

fn write_case(case: &Case, suite: &str, sink: &mut dyn Write) -> io::Result<()> {
    let time = decimal(case.seconds);
    write!(sink, "<testcase name=\"{}\" classname=\"{}\" time=\"{time}\"", token(&case.name), token(suite))?;
    let (element, kind, message) = match &case.result {
        CaseResult::Passed => return writeln!(sink, "/>"),
        CaseResult::Skipped(message) => {
            return writeln!(sink, ">\n<skipped message=\"{}\"/>\n</testcase>", text(message));
        }
        CaseResult::Failed(kind, message) => ("failure", kind, message),
        CaseResult::Error(kind, message) => ("error", kind, message),
    };
    writeln!(sink, ">\n<{element} type=\"{}\" message=\"{}\">", text(kind), text(message))?;
    for line in case.evidence.iter().take(MOST_LINES) {
        writeln!(sink, "{}", text(line))?;
    }
    writeln!(sink, "</{element}>\n</testcase>")
}

/// Seconds as the schema writes decimals: without an exponent, and 0 where nothing is known, as it asks for a number.
fn decimal(seconds: Option<f64>) -> String {
    let seconds = seconds.filter(|seconds| seconds.is_finite()).unwrap_or_default();
    let shown = format!("{seconds:.9}");
    let shown = shown.trim_end_matches('0').trim_end_matches('.');
    if shown.is_empty() || shown == "-0" { "0".to_owned() } else { shown.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_no_exponent() {
        let table =
            [(Some(1e-12), "0"), (Some(0.105), "0.105"), (Some(100.0), "100"), (None, "0"), (Some(f64::INFINITY), "0")];
        for (seconds, expected) in table {
            assert_eq!(decimal(seconds), expected);
        }
    }

    #[test]
    fn names_are_tokens() {
        assert_eq!((token(" a\n b ").as_str(), token("\n").as_str()), ("a b", "-"));
    }
}
