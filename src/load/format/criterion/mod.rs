//! Criterion.rs: the files of `target/criterion`, and the messages of cargo-criterion.
//!
//! A benchmark has a folder for each baseline: `new` for the last run, and one for each that was saved by name. In it,
//! `sample.json` has the measurements, `benchmark.json` the names and `estimates.json` the statistics:
//!
//! ```text
//! target/criterion/sort/std/1024/new/{benchmark,estimates,sample,tukey}.json
//!                               /v1/…
//!                               /base/…      a copy of new, unless another baseline was compared with
//!                               /change/…    ratios of new to the baseline: no measurements
//!                               /report/…    pages and pictures
//! ```
//!
//! The sample is what is read, and the others go with it without a word. The group is the scenario, the function the
//! framework and the value the level where it is a whole number. Times are in ns: Criterion writes no unit, and a
//! measurement of another kind is not told from a time.
//!
//! A saved baseline is a framework of its own, so that it is compared with the last run: `std` and `std (v1)`. Where a
//! benchmark has no function, the baselines themselves are the frameworks: `new` and `v1`. A `base` that is equal to `new`
//! is passed over in a folder.

mod estimates;
mod messages;
mod sample;

pub(super) use estimates::CRITERION_ESTIMATES;
pub(super) use messages::CARGO_CRITERION;
pub(super) use sample::CRITERION;

use std::fs::{self, File};
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::document;
use super::parameters::{self, Parameter, UNNAMED, Varying};
use crate::load::format::prelude::*;

/// The unit of all files: so many are a second.
const NANOSECONDS: f64 = 1e9;

/// The baseline that is the last run.
const LAST_RUN: &str = "new";

/// `benchmark.json`. Mirrors <https://github.com/bheisler/criterion.rs/blob/master/src/report.rs>.
#[derive(Deserialize)]
struct BenchmarkId {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
}

/// The names of the benchmark whose file this is, from the file beside it; `None` where there is none.
fn names(path: Option<&Path>) -> Option<Run> {
    let id: BenchmarkId = beside(path?, "benchmark.json")?;
    let baseline = path?.parent()?.file_name()?.to_string_lossy().into_owned();
    let framework = match id.function_id {
        Some(function) if baseline == LAST_RUN => function,
        Some(function) => format!("{function} ({baseline})"),
        None => baseline,
    };
    Some(run(framework, id.group_id, id.value_str))
}

/// A run with its names.
fn run(framework: String, group: String, value: Option<String>) -> Run {
    let mut run = Run { framework, scenario: group, ..Run::default() };
    let parameters: Vec<Parameter> = value.into_iter().map(|value| (UNNAMED.to_owned(), value)).collect();
    match Varying::default().level(&parameters) {
        Some((_, level)) => {
            run.concurrency = Some(level);
            run.axis = UNNAMED.to_owned();
        }
        None => parameters.iter().for_each(|(_, value)| parameters::append(&mut run.scenario, value)),
    }
    run
}

/// Reads the file of this name in the same folder.
fn beside<T: DeserializeOwned>(path: &Path, name: &str) -> Option<T> {
    let file = File::open(path.with_file_name(name)).ok()?;
    document::from_reader(io::BufReader::new(file), name).ok()
}

/// Whether a file goes with the sample beside it, or with those of the whole tree.
fn accompanies(path: &Path) -> bool {
    let (Some(name), Some(folder)) = (path.file_name().and_then(|name| name.to_str()), path.parent()) else {
        return false;
    };
    let sample_in = |baseline: &str| folder.with_file_name(baseline).join("sample.json");
    match (folder.file_name().and_then(|name| name.to_str()), name) {
        (Some("change"), "estimates.json") => sample_in(LAST_RUN).is_file(),
        (Some("base"), "sample.json") => is_equal(path, &sample_in(LAST_RUN)),
        (_, "estimates.json") => folder.join("sample.json").is_file(),
        (_, "benchmark.json" | "tukey.json" | "raw.csv") => {
            folder.join("sample.json").is_file() || folder.join("estimates.json").is_file()
        }
        _ if name.ends_with(".html") || name.ends_with(".svg") => {
            let is_report = |folder: &&Path| folder.ends_with("report") && folder.join("index.html").is_file();
            folder.ancestors().take(3).any(|folder| is_report(&folder))
        }
        _ => false,
    }
}

fn is_equal(a: &Path, b: &Path) -> bool {
    matches!((fs::read(a), fs::read(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_with_a_sample_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for path in
            ["new/sample.json", "new/estimates.json", "change/estimates.json", "v1/sample.json", "report/index.html"]
        {
            write(path, "1");
        }
        write("base/sample.json", "1");
        write("v2/estimates.json", "1");
        let table = [
            ("new/sample.json", false),
            ("new/estimates.json", true),
            ("new/raw.csv", true),
            ("new/other.json", false),
            ("change/estimates.json", true),
            ("base/sample.json", true),
            ("v1/sample.json", false),
            ("v2/estimates.json", false),
            ("report/index.html", true),
            ("report/both/pdf.svg", true),
            ("other/pdf.svg", false),
        ];
        for (path, expected) in table {
            assert_eq!(accompanies(&folder.path().join(path)), expected, "{path}");
        }
        write("base/sample.json", "2");
        assert!(!accompanies(&folder.path().join("base/sample.json")));
    }

    #[test]
    fn a_benchmark_is_named_by_the_file_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let named = |baseline: &str, id: &str| {
            let path = folder.path().join(baseline);
            fs::create_dir_all(&path).unwrap();
            fs::write(path.join("benchmark.json"), id).unwrap();
            let run = names(Some(&path.join("sample.json"))).unwrap();
            (run.framework, run.scenario, run.concurrency, run.axis)
        };
        let whole = r#"{"group_id":"sort","function_id":"std","value_str":"1024","throughput":null}"#;
        let text = r#"{"group_id":"io/strings","function_id":null,"value_str":"long"}"#;
        let of = |framework: &str, scenario: &str, level, axis: &str| {
            (framework.to_owned(), scenario.to_owned(), level, axis.to_owned())
        };
        assert_eq!(named("new", whole), of("std", "sort", Some(1024), "input"));
        assert_eq!(named("v1", whole), of("std (v1)", "sort", Some(1024), "input"));
        assert_eq!(named("v1", text), of("v1", "io/strings/long", None, ""));
        assert_eq!(names(Some(&folder.path().join("v3/sample.json"))), None);
        assert_eq!(names(None), None);
    }
}
