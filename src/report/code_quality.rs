//! GitLab's code-quality report: a subset of Code Climate's issues, as
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format> describes it.
//!
//! A fingerprint is made of what a problem is about and not of its numbers: GitLab takes two reports' problems with the
//! same one for the same, so a slowdown that was there before is not told as new.

use std::collections::HashSet;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::escape::shortened;
use super::fingerprint::Fingerprint;
use super::problems::{Level, Problem, problems};
use super::subject::Subject;

/// Descriptions are not longer than this many characters.
const LONGEST: usize = 1_000;

/// Writes all problems as one list.
pub(super) fn write_code_quality(subject: Subject<'_>, root: Option<&str>, sink: &mut dyn Write) -> io::Result<()> {
    let mut taken = HashSet::new();
    let issues: Vec<Value> = problems(subject).iter().map(|problem| issue(problem, root, &mut taken)).collect();
    serde_json::to_writer_pretty(&mut *sink, &issues)?;
    sink.write_all(b"\n")
}

fn issue(problem: &Problem, root: Option<&str>, taken: &mut HashSet<String>) -> Value {
    let path = path(problem.path.as_deref(), root);
    let fingerprint = (1_usize..)
        .map(|count| Fingerprint::of([problem.check.as_str(), &problem.about, &count.to_string()]).to_string())
        .find(|fingerprint| taken.insert(fingerprint.clone()));
    json!({
        "description": shortened(&problem.message, LONGEST),
        "check_name": shortened(&problem.check, LONGEST),
        "fingerprint": fingerprint,
        "severity": match problem.level {
            Level::Error => "critical",
            Level::Warning => "minor",
        },
        "location": { "path": path, "lines": { "begin": problem.line.unwrap_or(1) } },
    })
}

/// A path as GitLab looks it up in the repository: below its root, with `/`, and without a `./` before it. What comes from
/// no file gets the name that standard input has.
fn path(path: Option<&str>, root: Option<&str>) -> String {
    let path = path.unwrap_or("-").replace('\\', "/");
    let below = |root: &str| {
        let root = root.replace('\\', "/");
        Some(path.strip_prefix(root.trim_end_matches('/'))?.strip_prefix('/')?.to_owned())
    };
    let path = root.and_then(below).unwrap_or_else(|| path.clone());
    let mut rest = path.as_str();
    while let Some(after) = rest.strip_prefix("./") {
        rest = after;
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_repository() {
        let table = [
            (Some("././a/b.json"), "a/b.json"),
            (Some("a\\b.json"), "a/b.json"),
            (Some("/builds/x/a.json"), "a.json"),
            (Some("/builds/xy/a.json"), "/builds/xy/a.json"),
            (None, "-"),
        ];
        for (name, expected) in table {
            assert_eq!(path(name, Some("/builds/x")), expected);
        }
    }
}
