//! Comparisons for the tests of outputs, built as JSON so that a member that is added to the form breaks none of them.

use benchplot::analysis::ChangeAnalysis;
use serde_json::{Value, json};

/// One row: a series at a level or over all, a metric, and what came of it.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) framework: String,
    pub(crate) scenario: String,
    pub(crate) concurrency: Option<u32>,
    pub(crate) metric: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) ratio: f64,
}

impl Row {
    pub(crate) fn new(framework: &str, concurrency: Option<u32>, outcome: &'static str, ratio: f64) -> Self {
        let metric = "avg_time_per_request";
        Self { framework: framework.to_owned(), scenario: String::new(), concurrency, metric, outcome, ratio }
    }

    pub(crate) fn of(self, metric: &'static str) -> Self {
        Self { metric, ..self }
    }

    fn unit(&self) -> &'static str {
        if self.metric == "throughput" { "1/s" } else { "s" }
    }

    fn json(&self) -> Value {
        let values =
            |mean: f64| json!({"n": 5, "mean": mean, "median": mean, "ci_low": mean * 0.98, "ci_high": mean * 1.02});
        let has = |side: &str| self.outcome != side;
        let both = has("missing") && has("new");
        json!({
            "scenario": self.scenario, "framework": self.framework,
            "candidate_framework": null, "candidate_scenario": null,
            "concurrency": self.concurrency, "levels": if self.concurrency.is_some() { 1 } else { 2 },
            "metric": self.metric, "unit": self.unit(),
            "baseline_label": "old", "candidate_label": "new",
            "baseline": has("new").then(|| values(0.1)),
            "candidate": has("missing").then(|| values(0.1 * self.ratio)),
            "basis": "runs", "is_paired": false, "scale": "ratio",
            "ratio": both.then_some(self.ratio), "difference": null,
            "ci_low": both.then_some(self.ratio * 0.95), "ci_high": both.then_some(self.ratio * 1.05),
            "p_value": both.then_some(0.004), "p_adjusted": both.then_some(0.008), "effect_size": null,
            "is_real": self.outcome == "worse" || self.outcome == "better",
            "repetitions_needed": null, "median_ratio": both.then_some(self.ratio),
            "outcome": self.outcome, "reason": null, "method": "welch_log_ratio",
        })
    }

    fn cell(&self, mean: f64) -> Value {
        json!({
            "framework": self.framework, "scenario": self.scenario, "concurrency": self.concurrency,
            "metric": self.metric, "unit": self.unit(), "n": 5, "mean": mean, "min": mean * 0.9, "max": mean * 1.1,
            "std": mean * 0.05, "median": mean, "q25": mean, "q75": mean, "q90": mean,
            "ci_low": mean * 0.98, "ci_high": mean * 1.02, "cv": 0.05, "error_rate": 0.0,
        })
    }
}

/// What a rule does not let pass.
pub(crate) fn violation(row: &Row, result: &str, allowed: Option<&str>) -> Value {
    json!({
        "result": result, "framework": row.framework, "scenario": row.scenario, "concurrency": row.concurrency,
        "metric": row.metric, "side": "new", "message": format!("{} is {}", row.framework, row.outcome),
        "allowed": allowed,
    })
}

/// A rule and what it found.
pub(crate) fn rule(name: &str, result: &str, matched: usize, violations: Vec<Value>) -> Value {
    json!({"rule": name, "kind": "outcome", "matched": matched, "violations": violations, "result": result})
}

/// A gate with these rules.
pub(crate) fn gate(result: &str, rules: Vec<Value>) -> Value {
    json!({"result": result, "rules": rules, "allowances": []})
}

/// A baseline `old` and a candidate `new` with these rows, in English or Chinese.
pub(crate) fn comparison(rows: &[Row], gate: Option<Value>, language: &str) -> ChangeAnalysis {
    let side = |label: &str, lacking: &str, scale: &dyn Fn(&Row) -> f64| {
        let there = rows.iter().filter(|row| row.outcome != lacking && row.concurrency.is_some());
        let cells: Vec<Value> = there.map(|row| row.cell(0.1 * scale(row))).collect();
        json!({
            "label": label, "inputs": [{"name": format!("./runs/{label}.json"), "format": "json", "runs_count": 10}],
            "diagnostics": [], "runs_count": 10, "frameworks": [], "scenarios": [""], "concurrency_levels": [],
            "cells": cells,
            "findings": [{
                "id": "few-repetitions", "kind": "trust", "severity": "warning", "frameworks": ["gin"],
                "message": "gin was measured once", "advice": "Measure more", "rests_on": [], "evidence": {},
            }],
        })
    };
    let overall: Vec<Value> = rows.iter().any(|row| row.concurrency.is_none()).then(|| {
        json!({
            "metric": "avg_time_per_request", "baseline_label": "old", "candidate_label": "new", "series": rows.len(),
            "ratio": 1.1, "median_ratio": 1.1, "baseline_median": 0.1, "candidate_median": 0.11,
            "outcomes": {"worse": 1, "missing": 0, "inconclusive": 0, "new": 0, "equivalent": 1, "better": 0},
        })
    }).into_iter().collect();
    let analysis = json!({
        "schema_version": 1, "generator": {"name": "benchplot", "version": "0.1.0"}, "language": language,
        "alpha": 0.05, "min_effect": 0.05, "metrics": ["avg_time_per_request"], "axis": "concurrency",
        "sides": [side("old", "new", &|_| 1.0), side("new", "missing", &|row| row.ratio)],
        "changes": rows.iter().map(Row::json).collect::<Vec<_>>(), "overall": overall, "findings": [], "gate": gate,
    });
    serde_json::from_value(analysis).unwrap()
}

/// One row of each outcome, and one level.
pub(crate) fn each_outcome() -> Vec<Row> {
    vec![
        Row::new("axum", None, "equivalent", 1.001),
        Row::new("gin", None, "worse", 1.25),
        Row::new("gin", Some(100), "worse", 1.4),
        Row::new("gin", Some(100), "better", 1.3).of("throughput"),
        Row::new("flask", None, "missing", 1.0),
        Row::new("express", None, "inconclusive", 1.07),
        Row::new("actix", None, "new", 1.0),
        Row::new("actix", Some(10), "new", 1.0),
        Row::new("hyper", None, "better", 0.8),
    ]
}

/// Rows of [`each_outcome`] with a gate that fails on `worse` and `missing`, and lets one of them pass for a reason.
pub(crate) fn gated(language: &str) -> ChangeAnalysis {
    let rows = each_outcome();
    let rules = vec![
        rule(
            "fail on worse",
            "tripped",
            9,
            vec![violation(&rows[1], "tripped", None), violation(&rows[2], "tripped", None)],
        ),
        rule("fail on missing", "passed", 9, vec![violation(&rows[4], "tripped", Some("retired until 2027-01-31"))]),
        rule("error_rate < 1%", "unusable", 0, Vec::new()),
    ];
    comparison(&rows, Some(gate("tripped", rules)), language)
}
