//! The line `JSON: {…}` that a Lua script prints behind a report of wrk, with figures that wrk itself does not print.
//!
//! Every such script has names of its own, so the words in them count: `latency_p99_us`, `{"latency": {"p99": …}}`. A
//! unit in a name holds. Without one it is microseconds, which is what wrk gives to scripts, unless the greatest latency
//! in the report says otherwise; where no unit agrees with the report nothing is taken.

use serde_json::Value;

use super::super::report::above_zero;
use crate::load::format::prelude::*;
use crate::load::tabular::units;

/// What wrk gives to scripts.
const MICROSECOND: f64 = 1e-6;

/// How far the greatest latency of the script may lie from the one in the report, which has three digits.
const TOLERANCE: f64 = 0.02;

/// The latencies of a script.
#[derive(Debug, Default, Clone)]
pub(super) struct Summary {
    /// In seconds where the name says the unit.
    named: Latency,
    /// As printed where it does not.
    bare: Latency,
}

/// The JSON behind its label.
pub(super) fn labelled_json(line: &str) -> Option<&str> {
    let (label, json) = line.trim().split_once(':')?;
    let json = json.trim_start();
    (label.eq_ignore_ascii_case("json") && json.starts_with('{')).then_some(json)
}

impl Summary {
    /// Reads the line; `None` where it is no JSON.
    pub(super) fn from_json(json: &str) -> Option<Self> {
        let mut summary = Self::default();
        summary.take("", None, &serde_json::from_str(json).ok()?);
        Some(summary)
    }

    fn take(&mut self, path: &str, unit: Option<f64>, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let name = name.to_ascii_lowercase();
                    let (name, own_unit) = units::split_name(&name);
                    let path = if path.is_empty() { name.to_owned() } else { format!("{path}_{name}") };
                    self.take(&path, own_unit.or(unit), value);
                }
            }
            Value::Number(number) => {
                let latency = if unit.is_some() { &mut self.named } else { &mut self.bare };
                if let Some(slot) = slot(latency, path) {
                    *slot = above_zero(number.as_f64(), unit.map_or(1.0, f64::recip)).or(*slot);
                }
            }
            _ => {}
        }
    }

    /// Fills what the report lacks.
    pub(super) fn complete(self, latency: &mut Latency, place: &Place, sink: &mut Sink<'_>) {
        let unit = match (self.bare.max, latency.max) {
            (Some(bare), Some(printed)) => {
                [MICROSECOND, 1e-3, 1.0].into_iter().find(|unit| (bare * unit - printed).abs() <= TOLERANCE * printed)
            }
            _ => Some(MICROSECOND),
        };
        let agrees = match (self.named.max, latency.max) {
            (Some(named), Some(printed)) => (named - printed).abs() <= TOLERANCE * printed,
            _ => true,
        };
        let Some(unit) = unit.filter(|_| agrees) else {
            let message = "the JSON line behind the report gives another greatest latency".to_owned();
            let help = "nothing is taken from it; name the unit in its keys, as latency_max_us";
            sink.report(Severity::Warning, "script-disagrees", place, message, Some(help));
            return;
        };
        for (target, named, bare) in [
            (&mut latency.min, self.named.min, self.bare.min),
            (&mut latency.p50, self.named.p50, self.bare.p50),
            (&mut latency.p75, self.named.p75, self.bare.p75),
            (&mut latency.p90, self.named.p90, self.bare.p90),
            (&mut latency.p95, self.named.p95, self.bare.p95),
            (&mut latency.p99, self.named.p99, self.bare.p99),
            (&mut latency.p99_9, self.named.p99_9, self.bare.p99_9),
        ] {
            *target = target.or(named).or(above_zero(bare, unit.recip()));
        }
    }
}

/// The latency that a path of names means.
fn slot<'l>(latency: &'l mut Latency, path: &str) -> Option<&'l mut Option<f64>> {
    let rest = path.replace(['.', '(', ')', '-', ' '], "_");
    let word = rest.rsplit("latency").next().unwrap_or_default().trim_matches('_');
    let is_latency = rest.contains("latency") || word.starts_with('p');
    let percentile = word.trim_start_matches("percentiles").trim_start_matches("percentile").trim_matches('_');
    match percentile.strip_prefix('p').unwrap_or(percentile).trim_matches('_') {
        _ if !is_latency => None,
        "min" => Some(&mut latency.min),
        "max" => Some(&mut latency.max),
        "50" | "median" => Some(&mut latency.p50),
        "75" => Some(&mut latency.p75),
        "90" => Some(&mut latency.p90),
        "95" => Some(&mut latency.p95),
        "99" => Some(&mut latency.p99),
        "99_9" | "999" => Some(&mut latency.p99_9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_scripts() {
        let table = [
            (r#"{"latency_p95_us": 5000}"#, Some(0.005), None),
            (r#"{"latency": {"p95": 5000, "max": 9000}}"#, None, Some(5000.0)),
            (r#"{"latency_ms": {"95": 5.5}}"#, Some(0.0055), None),
            (r#"{"p95": 7}"#, None, Some(7.0)),
            (r#"{"latency": {"percentiles": {"p95": 7}}}"#, None, Some(7.0)),
            (r#"{"requests": 95, "errors": {"status": 0}}"#, None, None),
            (r#"{"latency": {"p95": "n/a"}}"#, None, None),
        ];
        for (json, named, bare) in table {
            let summary = Summary::from_json(json).unwrap();
            assert_eq!((summary.named.p95, summary.bare.p95), (named, bare), "{json}");
        }
    }

    #[test]
    fn a_line_has_a_label() {
        assert_eq!(labelled_json("JSON: {\"a\": 1}"), Some("{\"a\": 1}"));
        assert_eq!(labelled_json("{\"a\": 1}"), None);
        assert_eq!(labelled_json("JSON: none"), None);
    }
}
