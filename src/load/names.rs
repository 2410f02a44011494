//! What the path of an input says of the runs in it.

use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

/// What the path, or the user, says of all runs of one input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// From `LABEL=PATH` or a name pattern.
    pub framework: Option<String>,
    /// From a name pattern.
    pub scenario: Option<String>,
    /// From a name pattern.
    pub concurrency: Option<u32>,
    /// From a name pattern.
    pub repetition: Option<u32>,
    /// The framework where nothing names one: the file's name without its endings.
    pub fallback: String,
}

/// A pattern such as `{framework}_c{concurrency}` for file names, or `{framework}/c{concurrency}/run{repetition}.json`
/// for the last parts of a path.
///
/// `{*}` stands for anything. Endings such as `.json` or `.csv.gz` are left out unless the pattern has a dot in its last
/// part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    pieces: Vec<Piece>,
    parts: usize,
    with_ending: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Framework,
    Scenario,
    Concurrency,
    Repetition,
    Anything,
}

/// Why a name pattern is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NamePatternError {
    /// Something else stands in braces.
    #[error(
        "{{{0}}} is no placeholder; there are {{framework}}, {{scenario}}, {{concurrency}}, {{repetition}} and {{*}}"
    )]
    UnknownPlaceholder(String),
    /// A brace without its other half.
    #[error("a brace is opened and not closed, or closed and not opened, in {0:?}")]
    Brace(String),
    /// There is nothing to take from a name.
    #[error("{0:?} has no placeholder; write for example {{framework}}_c{{concurrency}}")]
    NoPlaceholder(String),
}

impl FromStr for NamePattern {
    type Err = NamePatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let brace = || NamePatternError::Brace(text.to_owned());
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (literal, tail) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
            if literal.contains('}') {
                return Err(brace());
            }
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            let Some(tail) = tail.strip_prefix('{') else { break };
            let (placeholder, tail) = tail.split_once('}').ok_or_else(brace)?;
            pieces.push(match placeholder {
                "framework" => Piece::Framework,
                "scenario" => Piece::Scenario,
                "concurrency" => Piece::Concurrency,
                "repetition" => Piece::Repetition,
                "*" => Piece::Anything,
                other => return Err(NamePatternError::UnknownPlaceholder(other.to_owned())),
            });
            rest = tail;
        }
        if pieces.iter().all(|piece| matches!(piece, Piece::Literal(_) | Piece::Anything)) {
            return Err(NamePatternError::NoPlaceholder(text.to_owned()));
        }
        let last_part = text.rsplit('/').next().unwrap_or(text);
        Ok(Self { pieces, parts: text.matches('/').count() + 1, with_ending: last_part.contains('.') })
    }
}

impl NamePattern {
    /// What the pattern takes from a path; `None` where the path does not fit.
    pub fn names(&self, path: &Path) -> Option<Names> {
        let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let mut parts = parts.get(parts.len().checked_sub(self.parts)?..)?.to_vec();
        if !self.with_ending
            && let Some(last) = parts.last_mut()
        {
            *last = without_endings(last).to_owned();
        }
        let mut names = Names { fallback: fallback(path), ..Names::default() };
        fit(&self.pieces, &parts.join("/"), &mut names).then_some(names)
    }
}

/// The name of a file without its endings: `results` for `runs/results.json.gz`.
pub(super) fn fallback(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = without_endings(&name);
    if stem.is_empty() { "input".to_owned() } else { stem.to_owned() }
}

/// Takes up to two endings off: that of the compression and that of the format.
fn without_endings(name: &str) -> &str {
    let name = [".gz", ".zst"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.chars().all(|c| c.is_ascii_alphanumeric()) => stem,
        _ => name,
    }
}

/// Fits pieces to a text: each placeholder takes as much as it can while the rest still fits.
fn fit(pieces: &[Piece], text: &str, names: &mut Names) -> bool {
    let Some((piece, rest)) = pieces.split_first() else { return text.is_empty() };
    if let Piece::Literal(literal) = piece {
        return text.strip_prefix(literal.as_str()).is_some_and(|text| fit(rest, text, names));
    }
    let is_number = matches!(piece, Piece::Concurrency | Piece::Repetition);
    let belongs = |c: char| if is_number { c.is_ascii_digit() } else { c != '/' };
    let longest = text.find(|c| !belongs(c)).unwrap_or(text.len());
    let ends = text.char_indices().map(|(start, c)| start + c.len_utf8()).take_while(|&end| end <= longest);
    for end in ends.collect::<Vec<_>>().into_iter().rev() {
        let (taken, tail) = text.split_at(end);
        if !fit(rest, tail, names) {
            continue;
        }
        match piece {
            Piece::Framework => names.framework = Some(taken.to_owned()),
            Piece::Scenario => names.scenario = Some(taken.to_owned()),
            Piece::Concurrency => names.concurrency = taken.parse().ok().filter(|&level| 1 <= level),
            Piece::Repetition => names.repetition = taken.parse().ok().filter(|&number| 1 <= number),
            Piece::Literal(_) | Piece::Anything => {}
        }
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pattern: &str, path: &str) -> Option<(Option<String>, Option<u32>, Option<u32>)> {
        let names = pattern.parse::<NamePattern>().unwrap().names(Path::new(path))?;
        Some((names.framework, names.concurrency, names.repetition))
    }

    #[test]
    fn patterns_take_names_from_paths() {
        let some =
            |framework: &str, concurrency, repetition| Some((Some(framework.to_owned()), concurrency, repetition));
        let table = [
            ("{framework}_c{concurrency}", "out/node_c16.txt", some("node", Some(16), None)),
            ("{framework}_c{concurrency}", "my_app_c128.json.gz", some("my_app", Some(128), None)),
            ("{framework}-{concurrency}c", "fastapi-128c.json", some("fastapi", Some(128), None)),
            ("{framework}/c{concurrency}/run{repetition}.json", "a/gin/c8/run2.json", some("gin", Some(8), Some(2))),
            ("{*}_{framework}_{*}", "2026_gin_final.csv", some("gin", None, None)),
            ("{framework}_c{concurrency}", "node_cx.txt", None),
            ("{framework}/c{concurrency}/run{repetition}.json", "run2.json", None),
            ("{framework}_c{concurrency}", "框架_c4.csv", some("框架", Some(4), None)),
        ];
        for (pattern, path, expected) in table {
            assert_eq!(names(pattern, path), expected, "{pattern} on {path}");
        }
    }

    #[test]
    fn patterns_that_make_no_sense_are_refused() {
        for pattern in ["{framwork}", "{framework", "framework}", "results", "{*}"] {
            assert!(pattern.parse::<NamePattern>().is_err(), "{pattern}");
        }
    }

    #[test]
    fn a_file_name_stands_for_a_framework() {
        for (path, name) in [("a/results.json.gz", "results"), ("node", "node"), (".json", ".json"), ("", "input")] {
            assert_eq!(fallback(Path::new(path)), name, "{path}");
        }
    }
}
