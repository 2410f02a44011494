//! Sentences on data whose truth is known: each says what the data shows, and no more. The data lies in `tests/data/claims`.

use serde_json::Value;

use crate::command::Workplace;

/// The analysis of files of one folder.
fn analysis(folder: &str, files: &[&str], args: &[&str]) -> Value {
    let read = |file: &&str| {
        let path = format!("{}/tests/data/claims/{folder}/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let contents: Vec<Vec<u8>> = files.iter().map(read).collect();
    let inputs: Vec<(&str, &[u8])> =
        files.iter().zip(&contents).map(|(file, bytes)| (*file, bytes.as_slice())).collect();
    let workplace = Workplace::with(&inputs);
    let all = [&["analyze"], files, &["--chart", "none", "-q", "-f", "json"], args].concat();
    let outcome = workplace.run(&all);
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {}", outcome.stderr))
}

/// The findings of a rule.
fn found<'a>(analysis: &'a Value, id: &str) -> Vec<&'a Value> {
    analysis["findings"].as_array().unwrap().iter().filter(|finding| finding["id"] == id).collect()
}

fn text<'a>(finding: &'a Value, member: &str) -> &'a str {
    finding[member].as_str().unwrap()
}

#[test]
fn a_rise_that_is_sure_is_called_that() {
    let analysis = analysis("total-time-rises-log-as-ratio", &["db.json"], &[]);
    let [finding] = found(&analysis, "total-time-rises")[..] else { panic!("{analysis}") };
    assert_eq!(finding["severity"], "notice");
    assert!(!text(finding, "message").contains("sure") && text(finding, "advice").contains("run it at about 10"));
    let end = |name: &str| format!("{:.3}", finding["evidence"][name].as_f64().unwrap());
    assert_eq!([end("ratio_ci_low"), end("ratio_ci_high")], ["1.297", "1.303"]);
}

#[test]
fn every_objective_has_a_finding_of_its_own() {
    let slos = ["--slo", "errors<1%", "--slo", "p99<200ms"];
    let analysis = analysis("several-objectives-in-one-sentence", &["api.json", "svc.json"], &slos);
    let [errors, latency] = found(&analysis, "capacity")[..] else { panic!("{analysis}") };
    assert!(text(errors, "message").starts_with("errors<1% holds for api up to"), "{errors}");
    assert!(text(errors, "message").ends_with("for svc at every level measured, up to 800"), "{errors}");
    // api was measured up to 200.
    assert!(text(latency, "message").starts_with("p99<200ms holds for api at every level measured, up to 200;"));
    assert!(text(latency, "message").contains("for svc up to concurrency 56"), "{latency}");
    assert_eq!(
        text(latency, "advice"),
        "Under this objective api carries the most. Measure api above 200 to find where it ends."
    );
}

#[test]
fn who_meets_an_objective_everywhere_is_not_boundless() {
    let analysis = analysis("several-objectives-in-one-sentence", &["one.json"], &["--slo", "p99<200ms"]);
    let [finding] = found(&analysis, "capacity")[..] else { panic!("{analysis}") };
    assert!(text(finding, "message").contains("for small at every level measured, up to 100; for large up to"));
    assert_eq!(
        text(finding, "advice"),
        "Which of small and large carries the most can't be told from these levels. Measure small above 100 to find where \
         it ends."
    );
}

#[test]
fn levels_that_fail_were_measured() {
    let analysis =
        analysis("levels-that-fail-are-called-not-measured", &["errors.json"], &["--slo", "p99<30ms,errors<1%"]);
    let limits = found(&analysis, "scaling-limit");
    assert_eq!(limits.len(), 2);
    for limit in limits {
        assert!(!text(limit, "message").contains("not measured"), "{limit}");
        assert!(text(limit, "advice").starts_with("Run it below 100"), "{limit}");
    }
    for next in found(&analysis, "measure-next") {
        assert!(!text(next, "message").contains("400"), "{next}");
    }
    let [fastest] = found(&analysis, "fastest-overall")[..] else { panic!("{analysis}") };
    assert_eq!(text(fastest, "advice"), "None of them is for a load as at concurrency 400: all fail there.");
}

#[test]
fn there_is_nothing_below_one_request_at_a_time() {
    let analysis = analysis("measure-below-1", &["z.json"], &[]);
    for limit in found(&analysis, "scaling-limit") {
        assert!(!text(limit, "advice").contains("below 1 "), "{limit}");
        assert!(text(limit, "message").contains("one request at a time already gives all"), "{limit}");
    }
}

#[test]
fn the_ragged_end_of_a_run_is_no_stall() {
    let analysis = analysis("end-of-a-run-is-no-stall", &["requests.csv"], &["--slo", "p99<200ms"]);
    assert!(found(&analysis, "stall").is_empty(), "{analysis}");
}

#[test]
fn commands_have_no_requests_and_one_time() {
    let analysis = analysis("hyperfine-words", &["hf.json"], &[]);
    assert_eq!(analysis["ranking"][0]["metric"], "total_time");
    let sentences = analysis["findings"].to_string();
    for word in ["requests", "--map concurrency", "avg_time_per_request"] {
        assert!(!sentences.contains(word), "{word}: {sentences}");
    }
}

#[test]
fn repetitions_may_be_counted_from_zero() {
    let analysis = analysis("repetition-from-0", &["zero_based.json"], &["--strict"]);
    assert_eq!(analysis["diagnostics"].as_array().unwrap().len(), 0);
    assert_eq!(analysis["runs"][0]["repetition"], 0);
}

#[test]
fn blocks_in_time_cast_doubt_on_who_is_fastest() {
    let analysis = analysis("measured-in-blocks", &["blocks.json"], &[]);
    let [blocks] = found(&analysis, "measured-in-blocks")[..] else { panic!("{analysis}") };
    assert_eq!(blocks["frameworks"], serde_json::json!(["alpha", "beta", "gamma"]));
    let [fastest] = found(&analysis, "fastest-overall")[..] else { panic!("{analysis}") };
    assert!(fastest["rests_on"].as_array().unwrap().contains(&"measured-in-blocks".into()), "{fastest}");
}

#[test]
fn names_decide_nothing() {
    let [a, b] = ["a.json", "b.json"].map(|file| analysis("names-decide-who-is-fastest", &[file], &[]));
    let renamed = |name: &Value| match name.as_str().unwrap() {
        "a_part" => "part".to_owned(),
        "zhi" => "hi".to_owned(),
        name => name.to_owned(),
    };
    let tiers = |analysis: &Value| -> Vec<Vec<String>> {
        let tiers = analysis["ranking"][0]["tiers"].as_array().unwrap().iter();
        tiers.map(|tier| tier.as_array().unwrap().iter().map(renamed).collect()).collect()
    };
    assert_eq!(tiers(&a), tiers(&b));
    assert_eq!(tiers(&a).concat().len(), 3, "{}", a["ranking"]);
    assert!(!a["findings"].to_string().contains("share no level with these"));
}

#[test]
fn the_same_numbers_have_one_verdict() {
    let analysis = analysis("one-level-two-verdicts", &["chain.json"], &[]);
    let rows: Vec<&Value> = analysis["comparisons"].as_array().unwrap().iter().collect();
    for pair in rows.chunks(2) {
        let [overall, level] = pair else { panic!("{pair:?}") };
        assert_eq!((&overall["verdict"], &overall["p_adjusted"]), (&level["verdict"], &level["p_adjusted"]));
    }
}

#[test]
fn one_ratio_stands_for_one_claim() {
    let analysis =
        analysis("levels-that-fail-are-called-not-measured", &["errors.json"], &["--slo", "p99<30ms,errors<1%"]);
    let [fastest] = found(&analysis, "fastest-overall")[..] else { panic!("{analysis}") };
    let claimed = &fastest["evidence"]["against"][0]["times_as_fast"];
    let is_overall = |row: &&Value| row["concurrency"].is_null() && row["metric"] == "avg_time_per_request";
    let row = analysis["comparisons"].as_array().unwrap().iter().find(is_overall).unwrap();
    let ratio = row["ratio"].as_f64().unwrap();
    let claimed = claimed.as_f64().unwrap();
    assert!((ratio - claimed).abs() < 1e-12 || (ratio * claimed - 1.0).abs() < 1e-12, "{row} {fastest}");
}

#[test]
fn opposite_levels_are_not_averaged() {
    for file in ["absurd.json", "cross.json"] {
        let analysis = analysis("average-over-opposite-levels", &[file], &[]);
        let is_overall = |row: &&Value| row["concurrency"].is_null() && row["metric"] == "avg_time_per_request";
        let row = analysis["comparisons"].as_array().unwrap().iter().find(is_overall).unwrap();
        assert_eq!((&row["verdict"], &row["depends_on_level"]), (&"inconclusive".into(), &true.into()), "{row}");
        assert!(row["repetitions_needed"].is_null(), "{row}");
        let [fastest] = found(&analysis, "fastest-overall")[..] else { panic!("{analysis}") };
        assert!(text(fastest, "message").contains("depends on the level"), "{fastest}");
    }
}

#[test]
fn one_level_that_stands_out_by_chance_is_no_order_by_level() {
    let analysis = analysis("differ-level-by-level", &["levels20.json"], &[]);
    let [fastest] = found(&analysis, "fastest-overall")[..] else { panic!("{analysis}") };
    assert!(!text(fastest, "advice").contains("by the load"), "{fastest}");
    for best in found(&analysis, "best-at-level") {
        assert!(!text(best, "advice").contains("The order depends"), "{best}");
    }
}

#[test]
fn ranks_see_what_outliers_hide() {
    let analysis = analysis("outliers-hide-what-ranks-see", &["out.json"], &[]);
    let row = &analysis["comparisons"][0];
    assert!(row["method"].as_str().unwrap().starts_with("Hodges-Lehmann ratio"), "{row}");
    let verdicts = ["better", "worse"].map(Value::from);
    assert!(verdicts.contains(&row["verdict"]), "{row}");
}

#[test]
fn a_pool_has_no_peak_and_no_cause() {
    let analysis = analysis("usl-peak-of-a-pool", &["pool.json"], &[]);
    let [limit] = found(&analysis, "scaling-limit")[..] else { panic!("{analysis}") };
    let said = format!("{} {}", text(limit, "message"), text(limit, "advice"));
    for word in ["peaks", "coherency", "contention", "less gets done"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
    assert!(text(limit, "message").contains("flattens at about"), "{said}");
}

#[test]
fn a_limit_far_beyond_what_was_measured_is_an_extrapolation() {
    let analysis = analysis("amdahl-limit-is-extrapolated", &["s.json"], &["--slo", "p99<300ms"]);
    for limit in found(&analysis, "scaling-limit") {
        let said = format!("{} {}", text(limit, "message"), text(limit, "advice"));
        assert!(!said.contains("nothing is known") && !said.contains("approaches"), "{said}");
    }
}
