//! Every exit code of `compare` and `gate`, every key of a policy, and every way of failing closed.

use crate::command::{Outcome, Workplace};
use crate::compare::{csv, json};

/// A workplace with a baseline and a candidate whose rows are these.
fn sides(old: &[(&str, u32, f64, u32)], new: &[(&str, u32, f64, u32)]) -> Workplace {
    Workplace::with(&[("old.csv", csv(old).as_bytes()), ("new.csv", csv(new).as_bytes())])
}

fn compare(workplace: &Workplace, args: &[&str]) -> Outcome {
    workplace.run(&[&["compare", "old.csv", "new.csv", "-q", "-f", "json"], args].concat())
}

#[track_caller]
fn assert_exit(workplace: &Workplace, args: &[&str], code: i32) {
    let outcome = compare(workplace, args);
    assert_eq!(outcome.exit_code, Some(code), "{args:?}\n{}", outcome.text());
}

fn with_policy(workplace: &Workplace, policy: &str) -> Outcome {
    std::fs::write(workplace.path("benchplot.toml"), policy).unwrap();
    compare(workplace, &[])
}

#[track_caller]
fn assert_policy(workplace: &Workplace, policy: &str, code: i32) {
    let outcome = with_policy(workplace, policy);
    assert_eq!(outcome.exit_code, Some(code), "{policy}\n{}", outcome.text());
}

const GIN: (&str, u32, f64, u32) = ("gin", 10, 4.0, 0);
const SLOW: (&str, u32, f64, u32) = ("gin", 10, 4.8, 0);
const ECHO: (&str, u32, f64, u32) = ("echo", 10, 5.0, 0);

#[test]
fn nothing_fails_where_nothing_was_to_fail() {
    assert_exit(&sides(&[GIN], &[SLOW]), &[], 0);
    assert_exit(&sides(&[GIN, ECHO], &[GIN]), &[], 0);
}

#[test]
fn what_is_worse_fails_and_what_is_better_or_the_same_does_not() {
    assert_exit(&sides(&[GIN], &[SLOW]), &["--fail-on", "worse"], 1);
    assert_exit(&sides(&[SLOW], &[GIN]), &["--fail-on", "worse"], 0);
    assert_exit(&sides(&[GIN], &[GIN]), &["--fail-on", "worse"], 0);
    let gate = sides(&[GIN], &[SLOW]);
    assert_eq!(gate.run(&["gate", "old.csv", "new.csv", "-q"]).exit_code, Some(1));
    assert_eq!(gate.run(&["gate", "new.csv", "old.csv", "-q"]).exit_code, Some(0));
}

#[test]
fn errors_that_grow_are_worse() {
    let more = ("gin", 10, 4.0, 12);
    assert_exit(&sides(&[GIN], &[more]), &["--fail-on", "worse"], 1);
    assert_exit(&sides(&[more], &[GIN]), &["--fail-on", "worse"], 0);
    assert_exit(&sides(&[GIN], &[more]), &["--fail-on", "worse", "--metric", "total_time"], 0);
}

#[test]
fn what_the_data_does_not_say_fails_with_its_own_code() {
    // 6 % more, where the margin is 5 % and the noise 1 %: real, but the interval reaches into the margin.
    let open = sides(&[GIN], &[("gin", 10, 4.16, 0)]);
    assert_exit(&open, &["--fail-on", "worse"], 0);
    assert_exit(&open, &["--fail-on", "inconclusive"], 4);
    // What is worse weighs more.
    let both = sides(&[GIN, ECHO], &[("gin", 10, 4.16, 0), ("echo", 10, 6.0, 0)]);
    assert_exit(&both, &["--fail-on", "inconclusive", "--fail-on", "worse"], 1);
}

#[test]
fn a_missing_series_or_level_fails_under_every_gate() {
    let gone = sides(&[GIN, ECHO], &[GIN]);
    for args in [["--fail-on", "missing"], ["--fail-on", "worse"], ["--limit", "avg < 1s"]] {
        assert_exit(&gone, &args, 1);
    }
    assert_exit(&gone, &["--fail-on", "worse", "--allow", "echo until 9999-01-01 because it was taken out"], 0);
    let level = sides(&[GIN, ("gin", 50, 3.0, 0)], &[GIN]);
    assert_exit(&level, &["--fail-on", "worse"], 1);
    // A candidate that only fails has no times.
    let dead = sides(&[GIN, ECHO], &[GIN, ("echo", 10, 0.1, 400)]);
    assert_exit(&dead, &["--fail-on", "worse", "--metric", "avg"], 1);
}

#[test]
fn one_repetition_a_side_can_not_be_evaluated() {
    let one = |time: f64| format!("framework,concurrency,total_time,requests_count\ngin,10,{time},400\n");
    let workplace = Workplace::with(&[("old.csv", one(4.0).as_bytes()), ("new.csv", one(9.0).as_bytes())]);
    assert_exit(&workplace, &[], 0);
    assert_exit(&workplace, &["--fail-on", "worse"], 3);
    assert_exit(&workplace, &["--fail-on", "inconclusive"], 4);
    let outcome = compare(&workplace, &["--fail-on", "worse"]);
    assert_eq!(json(&outcome)["gate"]["result"], "unusable");
}

#[test]
fn trust_findings_fail_where_that_is_asked() {
    let same = sides(&[GIN], &[GIN]);
    assert_exit(&same, &["--fail-on", "trust"], 1);
    let fine =
        Workplace::with(&[("old.csv", csv(&[GIN]).as_bytes()), ("new.csv", csv(&[("gin", 10, 4.01, 0)]).as_bytes())]);
    assert_exit(&fine, &["--fail-on", "worse"], 0);
}

#[test]
fn an_unusable_side_is_never_fine() {
    let workplace = sides(&[GIN], &[GIN]);
    std::fs::write(workplace.path("empty.csv"), "").unwrap();
    std::fs::write(workplace.path("heads.csv"), csv(&[])).unwrap();
    std::fs::create_dir(workplace.path("folder")).unwrap();
    for side in ["empty.csv", "heads.csv", "folder", "absent.csv", "*.nothing"] {
        for sides in [["old.csv", side], [side, "new.csv"]] {
            for gate in [&[][..], &["--fail-on", "worse"]] {
                let outcome = workplace.run(&[&["compare"], &sides[..], &["-q"], gate].concat());
                assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (Some(3), ""), "{sides:?} {}", outcome.stderr);
            }
        }
    }
}

#[test]
fn an_unreadable_file_among_others_fails_under_a_gate() {
    let workplace = Workplace::with(&[
        ("old/1.csv", csv(&[GIN]).as_bytes()),
        ("new/1.csv", csv(&[GIN]).as_bytes()),
        ("new/2.json", br#"[{"framework": "gin", "concurrency": 10, "total_time": 9.0, "#),
    ]);
    let run = |gate: &[&str]| workplace.run(&[&["compare", "old", "new", "-q"], gate].concat());
    assert_eq!(run(&[]).exit_code, Some(0));
    let gated = run(&["--fail-on", "worse"]);
    assert_eq!(gated.exit_code, Some(3), "{}", gated.text());
    assert!(gated.stdout.contains("both sides are complete"), "{}", gated.stdout);
}

#[test]
fn nothing_in_common_is_never_fine() {
    let workplace = sides(&[GIN, ECHO], &[("fiber", 10, 4.0, 0), ("chi", 10, 4.0, 0)]);
    assert_exit(&workplace, &[], 3);
    assert_exit(&workplace, &["--fail-on", "worse"], 3);
    assert_exit(&sides(&[GIN], &[GIN]), &["--match", "nothing"], 3);
    assert_exit(&sides(&[GIN], &[GIN]), &["--metric", "p99"], 3);
    // The same names, and no level that both have.
    assert_exit(&sides(&[GIN], &[("gin", 20, 4.0, 0)]), &["--fail-on", "worse"], 1);
}

#[test]
fn a_rule_that_matches_nothing_is_never_fine() {
    let workplace = sides(&[GIN], &[GIN]);
    assert_exit(&workplace, &["--limit", "avg < 1s @ framework=fiber"], 3);
    assert_exit(&workplace, &["--limit", "avg < 1s @ concurrency=100"], 3);
    assert_exit(&workplace, &["--limit", "p99 < 1s"], 3);
    assert_policy(&workplace, "[[gate.rule]]\nmatch = 'fiber'\nfail-on = ['worse']", 3);
    assert_policy(&workplace, "[[gate.rule]]\nmatch = 'gin'\nmetric = 'p99'", 3);
}

#[test]
fn limits_hold_whatever_was_before() {
    let workplace = sides(&[("gin", 10, 4.8, 2)], &[("gin", 10, 4.0, 2)]);
    for (limit, code) in [
        ("avg < 11ms", 0),
        ("avg < 9ms", 1),
        ("avg < 9ms @ concurrency=10", 1),
        ("total_time <= 4s @ framework=g*", 0),
        ("throughput > 99", 0),
        ("throughput >= 101/s", 1),
        ("errors < 1%", 0),
        ("errors < 0.5%", 1),
    ] {
        assert_exit(&workplace, &["--limit", limit], code);
    }
}

#[test]
fn known_exceptions_end() {
    let workplace = sides(&[GIN, ECHO], &[SLOW, ECHO]);
    let allow = |text: &str| compare(&workplace, &["--fail-on", "worse", "--allow", text]);
    let known = allow("gin until 9999-12-31 because the parser is being mended");
    assert_eq!(known.exit_code, Some(0), "{}", known.text());
    let gate = &json(&known)["gate"];
    assert_eq!(gate["rules"][0]["violations"][0]["allowed"], "the parser is being mended");
    let expired = allow("gin until 2020-12-31 because the parser is being mended");
    assert_eq!(expired.exit_code, Some(1));
    assert_eq!(json(&expired)["gate"]["allowances"][0]["is_expired"], true);
    assert_eq!(allow("echo until 9999-12-31 because of another thing").exit_code, Some(1));
    // The row over all levels is not excused by an exception for one level.
    assert_eq!(allow("gin@50 until 9999-12-31 because of another level").exit_code, Some(1));
}

#[test]
fn every_key_of_a_policy_counts() {
    let workplace = sides(&[GIN, ECHO], &[SLOW, ECHO]);
    for (policy, code) in [
        ("[gate]", 1),
        ("[gate]\nfail-on = ['worse']", 1),
        ("[gate]\nfail-on = ['missing']", 0),
        ("[gate]\nfail-on = ['worse']\nmin-effect = '30%'", 0),
        ("[gate]\nmin_effect = 0.3", 0),
        ("[gate]\nlimit = ['avg < 1ms']", 1),
        ("[gate]\nlimit = ['avg < 1s']", 0),
        ("[gate]\nallow = ['gin until 9999-12-31 because of that']", 0),
        ("[gate]\nallow = ['gin until 2020-12-31 because of that']", 1),
        ("[gate]\nfail-on = ['worse']\n[[gate.rule]]\nmatch = 'gin'\nmin-effect = '30%'", 0),
        ("[gate]\nfail-on = ['worse']\n[[gate.rule]]\nmatch = 'echo'\nmin-effect = '30%'", 1),
        ("[gate]\nfail-on = ['worse']\n[[gate.rule]]\nmatch = 'gin'\nfail-on = []", 0),
        ("[gate]\nfail-on = ['missing']\n[[gate.rule]]\nmatch = 'gin'\nfail-on = ['worse']", 1),
        ("[gate]\nfail-on = ['missing']\n[[gate.rule]]\nmatch = 'gin'\nmetric = 'avg'\nfail-on = ['worse']", 1),
        ("[gate]\nfail-on = ['missing']\n[[gate.rule]]\nmatch = 'gin@10'\nfail-on = ['worse']", 1),
        // Sides are read by the same file, which says nothing of a gate.
        ("scenario = 'json'", 0),
    ] {
        assert_policy(&workplace, policy, code);
    }
}

#[test]
fn unknown_keys_and_values_are_errors_with_the_nearest_key() {
    let workplace = sides(&[GIN], &[GIN]);
    for (policy, part) in [
        ("[gate]\nfail-no = ['worse']", "did you mean fail-on?"),
        ("[gate]\nfail-on = ['slow']", "\"slow\" is nothing to fail on"),
        ("[[gate.rule]]\nmatch = 'gin'\nmin-efect = 0.1", "did you mean min-effect?"),
        ("[gates]\nfail-on = ['worse']", "unknown field `gates`"),
    ] {
        let outcome = with_policy(&workplace, policy);
        assert_eq!(outcome.exit_code, Some(3), "{policy}");
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
}

#[test]
fn a_policy_that_was_named_has_to_be_one() {
    let workplace = sides(&[GIN], &[SLOW]);
    std::fs::write(workplace.path("policy.toml"), "[gate]\nfail-on = ['worse']").unwrap();
    std::fs::write(workplace.path("none.toml"), "scenario = 'json'").unwrap();
    assert_exit(&workplace, &["--policy", "policy.toml"], 1);
    assert_exit(&workplace, &["--policy", "policy.toml", "--min-effect", "30%"], 0);
    assert_exit(&workplace, &["--policy", "none.toml"], 3);
    assert_exit(&workplace, &["--policy", "absent.toml"], 3);
    let two = Workplace::with(&[
        ("a/r.csv", csv(&[GIN]).as_bytes()),
        ("b/r.csv", csv(&[GIN]).as_bytes()),
        ("a/benchplot.toml", b"[gate]\nfail-on = ['worse']"),
        ("b/benchplot.toml", b"[gate]\nfail-on = ['missing']"),
    ]);
    let outcome = two.run(&["compare", "a", "b", "-q"]);
    assert_eq!(outcome.exit_code, Some(3));
    assert!(outcome.stderr.contains("have policies that differ"), "{}", outcome.stderr);
}

#[test]
fn arguments_that_make_no_sense_are_told() {
    let workplace = sides(&[GIN], &[GIN]);
    for args in [
        &["--fail-on", "slower"][..],
        &["--limit", "p99 200ms"],
        &["--limit", "p99 < 200"],
        &["--allow", "gin"],
        &["--min-effect", "much"],
        &["--metric", "speed"],
        &["--match", "("],
        &["--rename", "gin"],
    ] {
        let outcome = compare(&workplace, args);
        assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (Some(2), ""), "{args:?}");
    }
    assert_eq!(workplace.run(&["compare", "old.csv"]).exit_code, Some(2));
    assert_eq!(workplace.run(&["compare", "a=old.csv", "a=new.csv"]).exit_code, Some(2));
}

#[test]
fn a_gate_proves_that_it_can_fail() {
    let proven = |workplace: &Workplace, args: &[&str]| {
        workplace.run(&[&["gate", "--self-test", "old.csv", "new.csv", "-q"], args].concat())
    };
    let fine = sides(&[GIN, ECHO], &[("gin", 10, 3.0, 0), ("echo", 10, 5.1, 0)]);
    let outcome = proven(&fine, &["--limit", "avg < 1s", "--limit", "errors < 1%", "--fail-on", "worse"]);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.text());
    insta::assert_snapshot!(outcome.stdout);
    // One repetition a side: nothing could ever trip it.
    let one = |time: f64| format!("framework,concurrency,total_time,requests_count\ngin,10,{time},400\n");
    let blind = Workplace::with(&[("old.csv", one(4.0).as_bytes()), ("new.csv", one(4.0).as_bytes())]);
    assert_eq!(proven(&blind, &[]).exit_code, Some(1));
    // A rule that matches nothing, and an exception for everything that a rule guards.
    std::fs::write(fine.path("benchplot.toml"), "[[gate.rule]]\nmatch = 'fiber'\nfail-on = ['worse']").unwrap();
    assert_eq!(proven(&fine, &[]).exit_code, Some(1));
    std::fs::remove_file(fine.path("benchplot.toml")).unwrap();
    let excused = proven(&fine, &["--fail-on", "worse", "--allow", "* until 9999-01-01 because of all"]);
    assert_eq!(excused.exit_code, Some(1), "{}", excused.text());
}

#[test]
fn a_reader_that_hangs_up_does_not_turn_a_failure_into_a_success() {
    use std::process::{Command, Stdio};
    let workplace = sides(&[GIN], &[SLOW]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_benchplot"))
        .args(["compare", "old.csv", "new.csv", "-q", "-f", "json", "--fail-on", "worse"])
        .current_dir(workplace.path(""))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
