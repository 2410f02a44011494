//! `go test -bench`: a line for each measurement, `BenchmarkSum/n=10-8  4357869  3.963 ns/op  0 B/op`.
//!
//! A line is a run of so many iterations; `-count 10` gives ten lines of the same name, which are its repetitions. Behind
//! the iterations stand pairs of value and unit, of which `ns/op` alone is a time; what a benchmark reports with
//! `b.ReportMetric` is not.
//!
//! The name ends in GOMAXPROCS, unless that is 1: `BenchmarkSum-8`. A benchmark may be called so itself, so the number is
//! only taken off where all lines have one, or where the rest is a name of its own, as it is with `-cpu 1,2,4`. It is the
//! level where `-cpu` gave several, and where the benchmark has no parameter of its own. Sub-benchmarks called
//! `key=value` are parameters.
//!
//! Nothing names a framework but a parameter such as `lib=gin`: the file stands for it, as `old.txt` and `new.txt` do for
//! benchstat. See <https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md>.

mod json;
mod text;

pub(super) use json::GO_BENCH_JSON;
pub(super) use text::GO_BENCH;

use std::collections::HashSet;

use super::document::measured;
use super::parameters::{self, Parameter, UNNAMED, Varying};
use crate::load::format::prelude::*;

/// The axis whose level is the number of threads that run Go code at once.
const GOMAXPROCS: &str = "GOMAXPROCS";

/// What the lines of an output hold, as they come.
#[derive(Default)]
struct Lines {
    package: String,
    /// The operating system, the architecture and the processor, as far as they are told.
    machine: [String; 3],
    /// A name whose numbers stand on a later line, as something was printed between them.
    pending: Option<String>,
    measurements: Vec<Measurement>,
    failures: Vec<(Place, String)>,
    without_time: Vec<(Place, String)>,
}

/// One line of numbers.
struct Measurement {
    place: Place,
    package: String,
    name: String,
    iterations: Option<u64>,
    /// Seconds; `None` where the benchmark failed.
    time: Option<f64>,
}

impl Lines {
    /// Takes one line.
    fn take(&mut self, line: &str, place: Place) {
        let line = line.trim_end();
        if let Some(package) = line.strip_prefix("pkg:") {
            self.package = package.trim().to_owned();
            return;
        }
        for (key, value) in ["goos:", "goarch:", "cpu:"].into_iter().zip(&mut self.machine) {
            if let Some(told) = line.strip_prefix(key) {
                *value = told.trim().to_owned();
                return;
            }
        }
        // Its name may stand before it, as the numbers were to follow.
        if let Some((_, failed)) = line.split_once("--- FAIL: Benchmark") {
            let name = failed.split_whitespace().next().unwrap_or_default();
            self.pending = None;
            self.failures.push((place.clone(), format!("Benchmark{name}")));
            self.push(place, name.to_owned(), None, None);
            return;
        }
        if line.starts_with("panic: ") || line.starts_with("FAIL") || line.starts_with("exit status") {
            self.pending = None;
            if line.starts_with("panic: ") {
                self.failures.push((place, line.to_owned()));
            }
            return;
        }
        let (name, numbers) = match line.strip_prefix("Benchmark") {
            Some(rest) => match rest.split_once(|c: char| c.is_whitespace()) {
                Some((name, numbers)) => (name.to_owned(), numbers),
                None => (rest.to_owned(), ""),
            },
            None => match &self.pending {
                Some(name) => (name.clone(), line),
                None => return,
            },
        };
        let mut fields = numbers.split_whitespace();
        let Some(iterations) = fields.next().and_then(|field| field.parse().ok()) else {
            if line.starts_with("Benchmark") {
                self.pending = Some(name);
            }
            return;
        };
        let fields: Vec<&str> = fields.collect();
        let time = fields.chunks_exact(2).find_map(|pair| match pair {
            [value, "ns/op"] => measured(value.parse().ok()).map(|nanoseconds| nanoseconds / 1e9),
            _ => None,
        });
        if fields.len() < 2 {
            return;
        }
        self.pending = None;
        match time {
            Some(_) => self.push(place, name, Some(iterations), time),
            None => self.without_time.push((place, name)),
        }
    }

    fn push(&mut self, place: Place, name: String, iterations: Option<u64>, time: Option<f64>) {
        self.measurements.push(Measurement { place, package: self.package.clone(), name, iterations, time });
    }

    /// Hands over the runs.
    fn finish(self, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        for (place, what) in &self.failures {
            let message = format!("{what} failed");
            sink.report(Severity::Warning, "benchmark-failed", place, message, Some("see the output of go test"));
        }
        for (place, name) in &self.without_time {
            let message = format!("Benchmark{name} has no ns/op");
            let help = "the line is left out; its other metrics are no times";
            sink.report(Severity::Notice, "no-time", place, message, Some(help));
        }
        if self.measurements.is_empty() {
            return Err(ReadError::NoRecord { expected: "at least one line with ns/op" });
        }
        let [system, architecture, processor] = &self.machine;
        sink.machine(&[processor, architecture, system]);
        let packages: HashSet<&str> = self.measurements.iter().map(|one| one.package.as_str()).collect();
        let names: Vec<&str> = self.measurements.iter().map(|one| one.name.as_str()).collect();
        let split = procs(&names);
        let distinct: HashSet<u32> = split.iter().map(|(_, procs)| procs.unwrap_or(1)).collect();
        let benchmarks: Vec<(String, Vec<Parameter>)> = split.iter().map(|(name, _)| parts(name)).collect();
        let varying = Varying::of(benchmarks.iter().flat_map(|(_, parameters)| parameters));

        for ((one, (name, parameters)), (_, procs)) in self.measurements.iter().zip(benchmarks).zip(split) {
            let mut run = Run {
                scenario: if 1 < packages.len() { format!("{}.{name}", one.package) } else { name },
                requests_count: one.iterations,
                avg_time_per_request: one.time,
                ..Run::default()
            };
            if 1 < distinct.len() {
                parameters::name(parameters, &mut run);
            } else {
                varying.apply(parameters, &mut run);
            }
            if run.concurrency.is_none() {
                run.concurrency = Some(procs.unwrap_or(1));
                run.axis = GOMAXPROCS.to_owned();
            }
            if one.time.is_none() {
                (run.success_count, run.error_count) = (Some(0), Some(1));
            }
            sink.run(&one.place, run);
        }
        Ok(())
    }
}

/// The names without GOMAXPROCS, and that, where it is sure to be there.
fn procs<'n>(names: &[&'n str]) -> Vec<(&'n str, Option<u32>)> {
    let split = |name: &'n str| -> Option<(&'n str, u32)> {
        let (stem, procs) = name.rsplit_once('-')?;
        Some((stem, procs.parse().ok().filter(|&procs| 1 < procs)?))
    };
    let have_all = names.iter().all(|name| split(name).is_some());
    let bare: HashSet<&str> = names.iter().copied().collect();
    let one = |name: &&'n str| match split(name).filter(|(stem, _)| have_all || bare.contains(stem)) {
        Some((stem, procs)) => (stem, Some(procs)),
        None => (*name, None),
    };
    names.iter().map(one).collect()
}

/// The name of a benchmark and the parameters in it: `Sum/n=10/small` is `Sum/small` with n = 10.
fn parts(name: &str) -> (String, Vec<Parameter>) {
    let mut scenario = String::new();
    let mut parameters = Vec::new();
    for (index, part) in name.split('/').enumerate() {
        match part.split_once('=') {
            Some((key, value)) if !key.is_empty() => parameters.push((key.to_owned(), value.to_owned())),
            _ if 0 < index && part.parse::<u64>().is_ok() => parameters.push((UNNAMED.to_owned(), part.to_owned())),
            _ => parameters::append(&mut scenario, part),
        }
    }
    (scenario, parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gomaxprocs_is_told_from_a_name() {
        let all = procs(&["Sum-8", "Sum/size-16-8"]);
        assert_eq!(all, [("Sum", Some(8)), ("Sum/size-16", Some(8))]);
        // With -cpu 1,2 the first has none.
        assert_eq!(procs(&["Sum", "Sum-2"]), [("Sum", None), ("Sum", Some(2))]);
        // GOMAXPROCS is 1, and one benchmark is called so.
        assert_eq!(procs(&["Sum", "Size-16"]), [("Sum", None), ("Size-16", None)]);
    }

    #[test]
    fn names_hold_parameters() {
        let table = [
            ("Sum", "Sum", ""),
            ("Sum/n=10/fw=gin", "Sum", "n=10 fw=gin"),
            ("Sum/small/1000", "Sum/small", "input=1000"),
            ("Sum/=1", "Sum/=1", ""),
        ];
        for (name, scenario, expected) in table {
            let (found, parameters) = parts(name);
            let parameters: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!((found.as_str(), parameters.join(" ").as_str()), (scenario, expected), "{name}");
        }
    }

    #[test]
    fn numbers_may_stand_below_their_name() {
        let mut lines = Lines::default();
        for (index, line) in
            ["BenchmarkSum-2   \tsome log", "  100\t 20.5 ns/op", "BenchmarkX", "PASS"].iter().enumerate()
        {
            lines.take(line, Place::Line(index as u64));
        }
        let found: Vec<_> =
            lines.measurements.iter().map(|one| (one.name.as_str(), one.iterations, one.time)).collect();
        assert_eq!(found, [("Sum-2", Some(100), Some(20.5e-9))]);
    }
}
