//! What the path of an input says of the runs in it: by a pattern that the user gives, or by a guess at the usual
//! spellings, which is always told.

use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

/// What the path, or the user, says of all runs of one input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// From `LABEL=PATH`, a name pattern or a sidecar.
    pub framework: Option<String>,
    /// From a name pattern.
    pub scenario: Option<String>,
    /// From a name pattern.
    pub concurrency: Option<u32>,
    /// From a name pattern.
    pub repetition: Option<u32>,
    /// What the path looks like, where neither the content nor the user says anything.
    pub guess: Guess,
}

/// What the usual spellings of a file's name say of all runs in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guess {
    /// The part of the file's name that looks like one; all of the name where nothing looks like a level.
    pub framework: String,
    /// From `_c16`, `-128c`, `_16vus` and the like.
    pub concurrency: Option<u32>,
    /// From `_r2`, `_run2`, `_rep2` at the end.
    pub repetition: Option<u32>,
}

/// What may stand for a level in a file's name, behind or before its number.
const LEVEL_BEFORE: [&str; 10] =
    ["c", "conc", "concurrency", "conn", "connections", "clients", "threads", "users", "vus", "u"];
const LEVEL_BEHIND: [&str; 9] = ["c", "conc", "conn", "conns", "connections", "clients", "threads", "users", "vus"];
const REPETITION: [&str; 5] = ["r", "rep", "run", "repetition", "iter"];

impl Guess {
    /// What the name of a file looks like: `node_c16.txt`, `fastapi-128c.json`, `gin_c8_run2.csv`.
    ///
    /// The first part that looks like a level ends the framework's name, and what follows it is of no interest beside a
    /// repetition. A bare number is no level, as it may be a date, a port or a version.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let stem = without_endings(&name);
        let parts: Vec<(usize, &str)> =
            stem.split(['_', '-', '.']).map(|part| (part.as_ptr() as usize - stem.as_ptr() as usize, part)).collect();
        // The first part is always of the framework's name.
        let level = parts.iter().enumerate().skip(1).find_map(|(index, (start, part))| {
            let behind = LEVEL_BEHIND.iter().find_map(|word| number(part.strip_suffix(word)?));
            let before = || LEVEL_BEFORE.iter().find_map(|word| number(part.strip_prefix(word)?));
            Some((index, *start, behind.or_else(before)?))
        });
        let Some((index, start, concurrency)) = level else {
            let framework = if stem.is_empty() { "input" } else { stem };
            return Self { framework: framework.to_owned(), ..Self::default() };
        };
        let repetition = parts
            .iter()
            .skip(index + 1)
            .find_map(|(_, part)| REPETITION.iter().find_map(|word| number(part.strip_prefix(word)?)));
        let framework = stem.get(..start).unwrap_or_default().trim_end_matches(['_', '-', '.']).to_owned();
        Self { framework, concurrency: Some(concurrency), repetition }
    }
}

/// A whole number from 1.
fn number(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    digits.parse().ok().filter(|number| is_number && 1 <= *number)
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

impl Names {
    /// Takes from others what is not said yet.
    pub(super) fn fill(&mut self, others: Self) {
        self.framework = self.framework.take().or(others.framework);
        self.scenario = self.scenario.take().or(others.scenario);
        self.concurrency = self.concurrency.or(others.concurrency);
        self.repetition = self.repetition.or(others.repetition);
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
        let mut names = Names { guess: Guess::of(path), ..Names::default() };
        fit(&self.pieces, &parts.join("/"), &mut names).then_some(names)
    }
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
    fn usual_spellings_are_guessed() {
        let table = [
            ("out/node_c16.txt", "node", Some(16), None),
            ("fastapi-128c.json", "fastapi", Some(128), None),
            ("gin_c8_run2.csv.gz", "gin", Some(8), Some(2)),
            ("aiohttp_c4_stats_history.csv", "aiohttp", Some(4), None),
            ("aiohttp_c1.gnuplot.tsv", "aiohttp", Some(1), None),
            ("my-app_v2_50vus.json", "my-app_v2", Some(50), None),
            ("results.json.gz", "results", None, None),
            ("run_2026-11-22.json", "run_2026-11-22", None, None),
            ("c16.txt", "c16", None, None),
            ("node_c0.txt", "node_c0", None, None),
            ("框架_c4.csv", "框架", Some(4), None),
            (".json", ".json", None, None),
            ("", "input", None, None),
        ];
        for (path, framework, concurrency, repetition) in table {
            let expected = Guess { framework: framework.to_owned(), concurrency, repetition };
            assert_eq!(Guess::of(Path::new(path)), expected, "{path}");
        }
    }
}
