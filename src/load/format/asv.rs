//! asv, airspeed velocity: the results of one commit in one environment.
//!
//! A benchmark is a row whose columns `result_columns` names. For benchmarks with parameters, each column has a value for
//! every combination of them, the last parameter changing fastest. `samples`, kept with `--record-samples`, are the times
//! of one call in each repetition, in seconds: each is a run of `stats_number` calls. Where they were not kept, `result` is
//! their median. `null` is a benchmark that failed and `NaN` one that was skipped.
//!
//! Only benchmarks called `time_…` and `timeraw_…` are times; those of memory and of tracked numbers are left out. The
//! commit and the environment are the framework, as commits are what asv compares. The names of the parameters are in
//! `benchmarks.json`, one folder up.
//!
//! Version 1 had values and objects in place of rows. Mirrors
//! <https://github.com/airspeed-velocity/asv/blob/main/asv/results.py>.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::document::{self, measured};
use super::parameters::{Parameter, UNNAMED, Varying};
use crate::load::format::prelude::*;

/// The results that asv stores.
pub(super) static ASV: Format = Format {
    name: "asv",
    about: "asv: the results of a commit",
    recognised_by: "commit_hash and results, with result_columns or requirements",
    marks: Marks::Text(recognises),
    accompanies,
    read,
    ..Format::BASE
};

#[derive(Deserialize)]
struct Stored {
    commit_hash: String,
    env_name: Option<String>,
    #[serde(default)]
    result_columns: Vec<String>,
    results: IndexMap<String, Value>,
}

/// The columns of one benchmark that are read, by name.
type Columns = HashMap<String, Value>;

/// Of `benchmarks.json`, what the results lack.
#[derive(Deserialize)]
#[serde(untagged)]
enum Definition {
    Benchmark { param_names: Vec<String> },
    Other(serde::de::IgnoredAny),
}

fn recognises(text: &str) -> bool {
    let has = |key: &str| text.contains(key);
    has("\"commit_hash\"") && (has("\"result_columns\"") || has("\"requirements\""))
}

/// `benchmarks.json` beside the folders of the machines, and `machine.json` in each of them.
fn accompanies(path: &Path) -> bool {
    let has_machine = |folder: &Path| folder.join("machine.json").is_file();
    match path.file_name().and_then(|name| name.to_str()) {
        Some("machine.json") => {
            path.parent().and_then(Path::parent).is_some_and(|up| up.join("benchmarks.json").is_file())
        }
        Some("benchmarks.json") => path
            .parent()
            .and_then(|folder| folder.read_dir().ok())
            .is_some_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| has_machine(&entry.path())))),
        _ => false,
    }
}

fn read(source: Source, _: &ReadOptions<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let names = source.path().map(parameter_names).unwrap_or_default();
    let stored: Stored = document::read(source, "file of asv results")?;
    let commit: String = stored.commit_hash.chars().take(8).collect();
    let framework = match &stored.env_name {
        Some(environment) if !environment.is_empty() => format!("{commit}-{environment}"),
        _ => commit,
    };
    let mut others = Vec::new();
    let mut times = Vec::new();
    for (index, (name, row)) in stored.results.into_iter().enumerate() {
        if is_time(&name) {
            times.push((document::member("/results", index, &name), name, columns(&stored.result_columns, row)));
        } else {
            others.push(name);
        }
    }
    if let Some(first) = others.first() {
        let message = format!("{} benchmarks are no times, such as {first}", others.len());
        sink.report(Severity::Notice, "no-time", &Place::Whole, message, Some("they are left out"));
    }
    if times.is_empty() {
        return Err(ReadError::NoRecord { expected: "a benchmark called time_… or timeraw_…" });
    }
    let has_results = |columns: &Columns| columns.get("samples").is_none_or(Value::is_null);
    if times.iter().any(|(_, _, columns)| has_results(columns)) {
        sink.report(
            Severity::Notice,
            "lossy",
            &Place::Whole,
            "of some benchmarks there is the median of the samples, and not the samples".to_owned(),
            Some("run asv with --record-samples"),
        );
    }
    for (place, name, columns) in times {
        let names = names.get(&name).map(Vec::as_slice).unwrap_or_default();
        let named = Run { framework: framework.clone(), scenario: name, ..Run::default() };
        read_benchmark(&place, &named, names, &columns, sink);
    }
    Ok(())
}

/// Whether the last part of a name says that it is a time.
fn is_time(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    name.starts_with("time_") || name.starts_with("timeraw_")
}

/// The columns of a row, whichever version wrote it.
fn columns(names: &[String], row: Value) -> Columns {
    match row {
        Value::Array(values) => names.iter().cloned().zip(values).collect(),
        Value::Object(members) => members.into_iter().collect(),
        value => [("result".to_owned(), value)].into(),
    }
}

fn read_benchmark(place: &Place, named: &Run, names: &[String], columns: &Columns, sink: &mut Sink<'_>) {
    let parameters = Parameters::new(names, columns.get("params"));
    let kept = match columns.get("result").map_or(0, kept) {
        0 => columns.get("samples").map_or(0, kept),
        results => results,
    };
    let count = match (kept, parameters.combinations()) {
        // Nothing is kept of a benchmark that failed as a whole.
        (0, Some(all)) if all <= MOST_WITHOUT_RESULT => all,
        (kept, Some(all)) if kept == all => all,
        (kept, all) => {
            let shown = all.map_or_else(|| "more than can be counted".to_owned(), |all| all.to_string());
            let message = format!("{}: {shown} combinations of parameters, and {kept} results", named.scenario);
            let help = "only combinations that have a result are read; run asv again for this commit";
            sink.report(Severity::Error, "wrong-length", place, message, Some(help));
            all.map_or(kept, |all| kept.min(all))
        }
    };
    if MOST_PARAMETERS < parameters.0.len() {
        let message = format!("{} has {} parameters", named.scenario, parameters.0.len());
        let help = format!("it is left out; at most {MOST_PARAMETERS} are read");
        sink.report(Severity::Error, "too-many-parameters", place, message, Some(&help));
        return;
    }
    let varying = Varying::of(parameters.0.iter().flatten());
    // A column of which nothing was kept is `null` as a whole.
    let at = |column: &str, index: usize| match columns.get(column) {
        Some(Value::Array(values)) => values.get(index).unwrap_or(&Value::Null),
        Some(value) if index == 0 => value,
        _ => &Value::Null,
    };
    for index in 0..count {
        let mut run = named.clone();
        varying.apply(parameters.combination(index), &mut run);
        if let Value::Array(samples) = at("samples", index) {
            for sample in samples {
                let calls = document::count(at("stats_number", index).as_f64());
                let time = measured(sample.as_f64());
                sink.run(place, Run { avg_time_per_request: time, requests_count: calls, ..run.clone() });
            }
            continue;
        }
        match at("result", index) {
            Value::Null => {
                let message = format!("{} failed", run.scenario);
                let help = "its run has an error and no times; asv show-stderr may say why";
                sink.report(Severity::Warning, "benchmark-failed", place, message, Some(help));
                sink.run(place, Run { success_count: Some(0), error_count: Some(1), ..run });
            }
            result => match measured(result.as_f64()) {
                Some(median) => sink.run(place, Run { avg_time_per_request: Some(median), ..run }),
                None => {
                    let message = format!("{} was skipped", run.scenario);
                    sink.report(Severity::Notice, "skipped", place, message, Some("it is left out"));
                }
            },
        }
    }
}

/// How many failed runs a benchmark without any result may become. A file of a few lines can name billions of combinations.
const MOST_WITHOUT_RESULT: usize = 10_000;

/// More than any benchmark has. Each is a part of the name of each run.
const MOST_PARAMETERS: usize = 50;

/// How many combinations of parameters a column has something for.
fn kept(column: &Value) -> usize {
    match column {
        Value::Null => 0,
        Value::Array(values) => values.len(),
        _ => 1,
    }
}

/// The values of each parameter, with its name.
struct Parameters(Vec<Vec<Parameter>>);

impl Parameters {
    fn new(names: &[String], params: Option<&Value>) -> Self {
        let all = params.and_then(Value::as_array).into_iter().flatten().enumerate().map(|(index, values)| {
            let name = names.get(index).map_or(UNNAMED, String::as_str);
            let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
            values.iter().map(|value| (name.to_owned(), text(value))).collect()
        });
        // Values may be kept of parameters that were not used, and then there are none of them.
        Self(all.take_while(|values: &Vec<Parameter>| !values.is_empty()).collect())
    }

    /// How many combinations there are; `None` where they can't be counted.
    fn combinations(&self) -> Option<usize> {
        self.0.iter().try_fold(1_usize, |product, values| product.checked_mul(values.len()))
    }

    /// The combination at `index`, the last parameter changing fastest.
    fn combination(&self, index: usize) -> Vec<Parameter> {
        let mut left = index;
        let mut combination: Vec<Parameter> = Vec::with_capacity(self.0.len());
        for values in self.0.iter().rev() {
            combination.extend(values.get(left % values.len()).cloned());
            left /= values.len();
        }
        combination.reverse();
        combination
    }
}

/// A value as Python writes it, without the quotes of a text.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim_matches('\'').to_owned(),
        value => value.to_string(),
    }
}

/// The names of the parameters of all benchmarks, from the file one folder up.
fn parameter_names(results: &Path) -> HashMap<String, Vec<String>> {
    let definitions = || {
        let path = results.parent()?.parent()?.join("benchmarks.json");
        let file = File::open(path).ok()?;
        document::from_reader::<IndexMap<String, Definition>>(io::BufReader::new(file), "list of asv benchmarks").ok()
    };
    let names = |(name, definition)| match definition {
        Definition::Benchmark { param_names } => Some((name, param_names)),
        Definition::Other(_) => None,
    };
    definitions().into_iter().flatten().filter_map(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_parameter_changes_fastest() {
        let params = serde_json::json!([["'a'", "'b'"], [10, 20]]);
        let all = Parameters::new(&["kind".to_owned(), "n".to_owned()], Some(&params));
        assert_eq!(all.combinations(), Some(4));
        let shown: Vec<String> = (0..4)
            .map(|index| all.combination(index))
            .map(|one| one.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(shown, ["kind=a n=10", "kind=a n=20", "kind=b n=10", "kind=b n=20"]);
        let none = Parameters::new(&[], None);
        assert_eq!((none.combinations(), none.combination(0)), (Some(1), Vec::new()));
    }

    #[test]
    fn a_product_of_parameters_makes_no_more_runs_than_there_are_results() {
        let params = serde_json::json!(vec![[1, 2, 3, 4]; 40]);
        let found = |result: Value| {
            let columns = [("result".to_owned(), result), ("params".to_owned(), params.clone())].into();
            let names = crate::load::names::Names::default();
            let mut sink = Sink::new("a.json", "asv", &names);
            read_benchmark(&Place::Whole, &Run::default(), &[], &columns, &mut sink);
            let harvest = sink.finish();
            let codes: Vec<String> = harvest.diagnostics.finish().into_iter().map(|told| told.code).collect();
            (harvest.runs.len(), codes)
        };
        assert_eq!(found(serde_json::json!([0.1, 0.2])), (2, vec!["wrong-length".to_owned()]));
        assert_eq!(found(Value::Null), (0, vec!["wrong-length".to_owned()]));
    }

    #[test]
    fn names_say_what_is_measured() {
        for (name, expected) in [
            ("time_units.time_unit_to", true),
            ("suite.TimeX.timeraw_import", true),
            ("time_units.mem_unit", false),
            ("time_units.track_size", false),
        ] {
            assert_eq!(is_time(name), expected, "{name}");
        }
    }
}
