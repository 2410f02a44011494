//! Candidates that are slower or lost something in a way that could hide it: none passes, and equal ones still do.

use serde_json::{Value, json};

use crate::command::Workplace;

/// Alters a run, and says whether it is kept.
type Change = Box<dyn Fn(&mut Value) -> bool>;

/// Two frameworks at two levels with five runs each, whose times vary by a fixed pattern; `change` may alter or drop a run.
fn runs(shift: usize, change: impl Fn(&mut Value) -> bool) -> Value {
    const NOISE: [f64; 7] = [1.0, 1.011, 0.992, 1.004, 0.987, 1.008, 0.996];
    let mut runs = Vec::new();
    for (framework, level, repetition) in ["gin", "axum"]
        .into_iter()
        .flat_map(|name| [10, 100].into_iter().flat_map(move |level| (1..=5).map(move |r| (name, level, r))))
    {
        let noise = NOISE.get((repetition + shift + level) % NOISE.len()).copied().unwrap_or(1.0);
        let time = (0.5 + level as f64 / 100.0) * noise;
        let mut run = json!({
            "framework": framework, "concurrency": level, "repetition": repetition,
            "total_time": time, "requests_count": 1000, "latency_p99": time / 300.0, "error_count": 1,
        });
        if change(&mut run) {
            runs.push(run);
        }
    }
    Value::Array(runs)
}

fn is_hot(run: &Value) -> bool {
    run["framework"] == "gin" && run["concurrency"] == 100
}

fn is_most_of_hot(run: &Value) -> bool {
    is_hot(run) && run["repetition"].as_u64().is_some_and(|repetition| 2 < repetition)
}

/// A change that sets `field` to `value` in the runs that `pick` names.
fn set(pick: fn(&Value) -> bool, field: &'static str, value: Value) -> Change {
    Box::new(move |run| {
        if pick(run) {
            run[field] = value.clone();
        }
        true
    })
}

fn without(field: &'static str) -> Change {
    Box::new(move |run| {
        if let Some(members) = run.as_object_mut() {
            members.remove(field);
        }
        true
    })
}

fn slower(pick: fn(&Value) -> bool) -> Change {
    Box::new(move |run| {
        if pick(run) {
            run["total_time"] = json!(run["total_time"].as_f64().unwrap_or_default() * 3.0);
        }
        true
    })
}

fn code(baseline: &Value, candidate: &Value, args: &[&str]) -> (Option<i32>, String) {
    let (old, new) = (baseline.to_string(), candidate.to_string());
    let workplace = Workplace::with(&[("old.json", old.as_bytes()), ("new.json", new.as_bytes())]);
    let gate = workplace.run(&[&["gate", "old.json", "new.json", "-q", "--chart", "none"], args].concat());
    let compare = workplace
        .run(&[&["compare", "old.json", "new.json", "-q", "--chart", "none", "--fail-on", "worse"], args].concat());
    assert_eq!(gate.exit_code, compare.exit_code, "{}", gate.text());
    (gate.exit_code, gate.text())
}

#[test]
fn what_was_lost_or_strayed_can_not_pass() {
    let baseline = runs(0, |_| true);
    let slow_and = |field: &'static str, value: Value| -> Change {
        let (slower, set) = (slower(is_most_of_hot), set(is_most_of_hot, field, value));
        Box::new(move |run| slower(run) && set(run))
    };
    let cases: Vec<(&str, Change, i32)> = vec![
        ("equal", Box::new(|_| true), 0),
        ("slower", slower(is_hot), 1),
        ("text", set(is_most_of_hot, "total_time", json!("3.0.0")), 3),
        ("NaN", set(is_most_of_hot, "total_time", json!("NaN")), 3),
        ("null", set(is_most_of_hot, "total_time", Value::Null), 3),
        ("infinite", set(is_most_of_hot, "total_time", json!("inf")), 3),
        ("without a level", slow_and("concurrency", Value::Null), 3),
        ("another case", slow_and("framework", json!("Gin")), 3),
        ("a blank behind it", slow_and("framework", json!("gin ")), 3),
        ("no requests", slow_and("requests_count", Value::Null), 1),
        ("no p99 at all", without("latency_p99"), 1),
        ("no errors counted", without("error_count"), 1),
    ];
    for (name, change, expected) in cases {
        let (found, text) = code(&baseline, &runs(3, change), &[]);
        assert_eq!(found, Some(expected), "{name}\n{text}");
    }
}

#[test]
fn no_spread_is_no_proof_of_no_change() {
    let baseline = runs(0, |_| true);
    let one_slow_run = runs(3, |run| {
        let is_kept = !is_hot(run) || run["repetition"] == 1;
        slower(is_hot)(run) && is_kept
    });
    assert_eq!(code(&baseline, &one_slow_run, &[]).0, Some(3));
    let stuck = |time: f64| runs(0, set(is_hot, "total_time", json!(time)));
    assert_eq!(code(&stuck(1.5), &stuck(4.5), &[]).0, Some(3));
    assert_eq!(code(&stuck(1.5), &stuck(1.5), &[]).0, Some(0));
}

#[test]
fn a_limit_on_errors_needs_the_errors_of_every_run() {
    let known_of_two = runs(3, |run| if is_most_of_hot(run) { without("error_count")(run) } else { true });
    let (found, text) = code(&runs(0, |_| true), &known_of_two, &["--limit", "errors < 1%"]);
    assert_eq!(found, Some(3), "{text}");
}

#[test]
fn a_policy_may_allow_a_share_to_be_lost() {
    let baseline = runs(0, |_| true);
    let one_lost = runs(3, |run| {
        if is_hot(run) && run["repetition"] == 5 {
            run["total_time"] = Value::Null;
        }
        true
    });
    let (old, new) = (baseline.to_string(), one_lost.to_string());
    for (policy, expected) in [("", 3), ("lost = '10%'", 0), ("lost = '2%'", 3)] {
        let policy = format!("[gate]\n{policy}\n");
        let files = [("old.json", old.as_bytes()), ("new.json", new.as_bytes()), ("benchplot.toml", policy.as_bytes())];
        let outcome = Workplace::with(&files).run(&["gate", "old.json", "new.json", "-q", "--chart", "none"]);
        assert_eq!(outcome.exit_code, Some(expected), "{policy}\n{}", outcome.text());
    }
}

#[test]
fn a_gate_says_what_it_looked_at() {
    let (old, new) = (runs(0, |_| true).to_string(), runs(3, |_| true).to_string());
    let workplace = Workplace::with(&[("old.json", old.as_bytes()), ("new.json", new.as_bytes())]);
    let text = workplace.run(&["gate", "old.json", "new.json", "-q", "--chart", "none"]).text();
    assert!(text.contains("2 series, 4 cells") && text.contains("20 runs; left out: 0"), "{text}");
}
