//! Every fixture is read, and what comes of it stands beside it in a file that ends in `.golden`: the runs with all
//! columns that have a value, and the diagnostics. `BLESS=1 cargo test` writes these files anew; read the difference.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use benchplot::load::{self, FORMATS, Input, LoadError, LoadOptions, Sniff, Source};
use benchplot::record::{Column, Run, RunValue, ToolHistogram, Work};

const FOLDER: &str = "tests/fixtures";

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The files that are read from a fixture: itself, or those of a folder that do not only go with others.
fn files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let files = sorted(path).iter().flat_map(|path| files(path)).collect::<Vec<_>>();
    files.into_iter().filter(|path| !FORMATS.iter().any(|format| (format.accompanies)(path))).collect()
}

/// Every fixture, a file or a folder of them, with the name of the folder that it stands in, which is that of its format.
pub(crate) fn fixtures() -> Vec<(String, PathBuf)> {
    let mut fixtures = Vec::new();
    for folder in sorted(Path::new(FOLDER)) {
        let format = folder.file_name().unwrap().to_string_lossy().into_owned();
        for path in sorted(&folder) {
            if path
                .extension()
                .is_none_or(|ending| ending != "golden" && (ending != "md" || folder.ends_with("markdown")))
            {
                fixtures.push((format.clone(), path));
            }
        }
    }
    fixtures
}

fn shown(path: &Path) -> String {
    let inputs = [Input { label: None, target: path.display().to_string() }];
    let mut text = String::new();
    let diagnostics = match load::load(&inputs, &LoadOptions::default(), &|_, _| {}) {
        Ok(loaded) => {
            for run in &loaded.runs {
                let histogram = run.tool_histogram.as_deref().map(shown_histogram).unwrap_or_default();
                writeln!(text, "{}{histogram}", shown_run(run)).unwrap();
            }
            loaded.diagnostics
        }
        Err(LoadError::Nothing { diagnostics, .. }) => diagnostics,
        Err(error) => panic!("{}: {error}", path.display()),
    };
    for diagnostic in diagnostics {
        writeln!(text, "{} [{}]", diagnostic, diagnostic.code).unwrap();
    }
    text
}

/// How many latencies in how many buckets, and from where to where, ns.
fn shown_histogram(histogram: &ToolHistogram) -> String {
    let lowest = histogram.buckets().map(|(lower, ..)| lower).min().unwrap_or_default();
    let highest = histogram.buckets().map(|(_, upper, _)| upper).max().unwrap_or_default();
    format!(" tool_histogram={}/{}@{lowest}..{highest}", histogram.count(), histogram.buckets().count())
}

fn shown_run(run: &Run) -> String {
    let mut parts = Vec::new();
    for column in Column::ALL {
        let value = match run.value(column) {
            RunValue::Text("") => None,
            RunValue::Text(text) => Some(text.to_owned()),
            RunValue::Work(work) => (work != Work::default()).then(|| work.name().to_owned()),
            RunValue::Level(level) => level.map(|level| level.to_string()),
            RunValue::Moment(moment) => moment.map(|moment| moment.to_string()),
            RunValue::Count(count) => count.map(|count| count.to_string()),
            RunValue::Time(time) => time.map(|time| time.to_string()),
            RunValue::Columns([]) => None,
            RunValue::Columns(columns) => {
                Some(columns.iter().map(|column| column.name()).collect::<Vec<_>>().join(","))
            }
        };
        parts.extend(value.map(|value| format!("{column}={value}")));
    }
    parts.extend(run.open.iter().map(|(metric, value)| format!("{}={value}", metric.definition())));
    parts.join(" ")
}

#[test]
fn every_fixture_gives_the_runs_and_diagnostics_beside_it() {
    let is_blessed = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (_, path) in fixtures() {
        let golden = PathBuf::from(format!("{}.golden", path.display()));
        let shown = shown(&path);
        if is_blessed {
            std::fs::write(&golden, &shown).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        if let Some(line) = shown.lines().zip(expected.lines()).position(|(found, expected)| found != expected) {
            let at = |text: &str| text.lines().nth(line).unwrap_or_default().to_owned();
            wrong.push(format!(
                "{}:{}\n  expected {}\n  found    {}",
                golden.display(),
                line + 1,
                at(&expected),
                at(&shown)
            ));
        } else if shown.lines().count() != expected.lines().count() {
            let counts = (expected.lines().count(), shown.lines().count());
            wrong.push(format!("{}: expected {} lines, found {}", golden.display(), counts.0, counts.1));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn exactly_its_own_format_claims_a_fixture() {
    let files = fixtures()
        .into_iter()
        .flat_map(|(format, path)| files(&path).into_iter().map(move |path| (format.clone(), path)));
    for (format, path) in files {
        let source = Source::open(&path).unwrap();
        let head = source.head();
        let claims = |sniff: Sniff| -> Vec<&str> {
            FORMATS.iter().filter(|format| format.sniff(&head) == sniff).map(|format| format.name).collect()
        };
        let sure = claims(Sniff::Yes);
        let claimed = if sure.is_empty() { claims(Sniff::Maybe) } else { sure };
        assert!(claimed.is_empty() || claimed == [format.as_str()], "{} is claimed by {claimed:?}", path.display());
    }
}

#[test]
fn every_format_has_a_fixture_that_it_can_read() {
    for format in FORMATS {
        let is_read =
            fixtures().iter().any(|(name, path)| name == format.name && shown(path).starts_with("framework="));
        assert!(is_read, "{} has no fixture in {FOLDER}/{}", format.name, format.name);
    }
}
