//! Request logs: the same answer from any format, in one piece or in parts, and what is wrong with them is told.

use std::fmt::Write as _;

use crate::command::Workplace;

/// The lines of requests number `from` to `until`, of two frameworks at two levels, with a failure now and then.
fn lines(from: u64, until: u64) -> String {
    let mut lines = String::new();
    for request in from..until {
        let (framework, level) =
            (["asyncio", "threads"][(request / 1_000 % 2) as usize], [10, 50][(request % 2) as usize]);
        let micros = 10_000 + (request * 7_919) % 9_973 + (request * 31) % 401 * (request % 17);
        let status = if request % 97 == 0 { 500 } else { 200 };
        writeln!(
            lines,
            "{framework},{level},1,1790000{:03}.{:06},0.{micros:06},{status},{}",
            request / 100,
            request % 100 * 10_000,
            request % 1_000
        )
        .unwrap();
    }
    lines
}

const HEADER: &str = "framework,concurrency,repetition,start,latency_s,status,bytes\n";

fn log(from: u64, until: u64) -> String {
    HEADER.to_owned() + &lines(from, until)
}

/// The analysis of these arguments.
fn analysis(workplace: &Workplace, arguments: &[&str]) -> serde_json::Value {
    let arguments = [&["analyze", "--chart", "none", "-f", "json", "-q"], arguments].concat();
    let outcome = workplace.run(&arguments);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[test]
fn a_saved_histogram_gives_the_same_report_byte_for_byte() {
    for more in [&[][..], &["--skip-warmup", "30s"]] {
        let workplace = Workplace::with(&[("a.csv", log(0, 20_000).as_bytes())]);
        let first = ["analyze", "a.csv", "--chart", "none", "-q", "--save-histogram", "h.parquet"];
        let first = workplace.run(&[&first, more].concat());
        let files = ["output/analysis.json", "output/report.md"].map(|name| workplace.read(name));
        let is_cut = String::from_utf8_lossy(&files[1]).contains("is left out");
        assert_eq!(is_cut, !more.is_empty());
        for again in [&["analyze", "--from-histogram", "h*.parquet"][..], &["analyze", "h.parquet"]] {
            let again = workplace.run(&[again, &["--chart", "none", "-q"]].concat());
            assert_eq!(again, first);
            assert_eq!(["output/analysis.json", "output/report.md"].map(|name| workplace.read(name)), files);
        }
    }
}

#[test]
fn parts_on_several_machines_add_up_to_the_whole() {
    let whole = Workplace::with(&[("a.csv", log(0, 20_000).as_bytes())]);
    let whole = analysis(&whole, &["a.csv"]);
    for cut in [7_001, 13_500] {
        let parts = [("a.csv", log(0, cut)), ("b.csv", log(cut, 20_000))];
        let workplace = Workplace::with(&parts.each_ref().map(|(name, text)| (*name, text.as_bytes())));
        analysis(&workplace, &["a.csv", "--save-histogram", "h1.parquet"]);
        analysis(&workplace, &["b.csv", "--save-histogram", "h2.parquet"]);
        let merged = analysis(&workplace, &["--from-histogram", "h1.parquet", "--from-histogram", "h2.parquet"]);
        for member in ["cells", "summary", "timelines", "comparisons", "ranking", "findings"] {
            assert_eq!(merged[member], whole[member], "{member} of parts cut at {cut}");
        }
    }
}

#[test]
fn files_of_one_partition_are_parts_of_one_run() {
    let body = |lines: String| {
        let rest = lines.lines().map(|line| line.splitn(4, ',').nth(3).unwrap().to_owned() + "\n");
        "start,latency_s,status,bytes\n".to_owned() + &rest.collect::<String>()
    };
    let parts = [
        ("log/framework=asyncio/concurrency=50/part-0.csv", body(lines(0, 500))),
        ("log/framework=asyncio/concurrency=50/part-1.csv", body(lines(500, 900))),
        ("log/framework=threads/concurrency=50/part-0.csv", body(lines(0, 900))),
    ];
    let workplace = Workplace::with(&parts.each_ref().map(|(name, text)| (*name, text.as_bytes())));
    let analysis = analysis(&workplace, &["log"]);
    let runs: Vec<_> = analysis["runs"].as_array().unwrap().iter().collect();
    assert_eq!(runs.len(), 2);
    assert_eq!(
        [&runs[0]["framework"], &runs[0]["concurrency"]],
        [&serde_json::json!("asyncio"), &serde_json::json!(50)]
    );
    for member in ["requests_count", "error_count", "total_time", "avg_time_per_request"] {
        assert_eq!(runs[0][member], runs[1][member], "{member}");
    }
}

#[test]
fn broken_rows_among_many_are_counted_and_shown_with_their_byte() {
    let mut text = log(0, 20_000);
    let mut expected = Vec::new();
    for broken in ["asyncio,10,1\n", "asyncio,ten,1,1790000000.5,0.01,200,1\n"] {
        for _ in 0..4 {
            expected.push((text.lines().count() + 1, text.len()));
            text.push_str(broken);
            text.push_str(&lines(0, 1_000));
        }
    }
    text.push_str("threads,50,1,17900");
    let workplace = Workplace::with(&[("a.csv", text.as_bytes())]);
    let analysis = analysis(&workplace, &["a.csv"]);
    let places: Vec<&str> =
        analysis["diagnostics"].as_array().unwrap().iter().filter_map(|told| told["place"].as_str()).collect();
    for (line, byte) in expected {
        let place = format!("line {line} at byte {byte}");
        assert!(places.contains(&place.as_str()), "{place} among {places:?}");
    }
    let strict = workplace.run(&["analyze", "a.csv", "--strict", "--chart", "none", "-q"]);
    assert_eq!(strict.exit_code, Some(3));
}

#[test]
fn a_text_in_a_number_is_fatal_where_that_is_asked() {
    for (from, to) in [(",1790000000.000000,", ",soon,"), (",200,", ",2x0,"), (",0.010", ",O.010"), (",7\n", ",7k\n")] {
        let text = log(0, 100).replacen(from, to, 1);
        assert_ne!(text, log(0, 100), "{to}");
        let workplace = Workplace::with(&[("a.csv", text.as_bytes())]);
        let exit_code =
            |more: &[&str]| workplace.run(&[&["analyze", "a.csv", "--chart", "none", "-q"], more].concat()).exit_code;
        assert_eq!((exit_code(&[]), exit_code(&["--strict"])), (Some(0), Some(3)), "{to}");
    }
}

#[test]
fn the_same_content_twice_is_noticed() {
    let text = log(0, 1_000);
    let workplace = Workplace::with(&[("a.csv", text.as_bytes()), ("b.csv", text.as_bytes())]);
    let analysis = analysis(&workplace, &["a.csv", "b.csv"]);
    let codes: Vec<&str> =
        analysis["diagnostics"].as_array().unwrap().iter().filter_map(|told| told["code"].as_str()).collect();
    assert!(codes.contains(&"same-content") && codes.contains(&"duplicate-run"), "{codes:?}");
}

#[test]
fn a_precision_is_kept() {
    let workplace = Workplace::with(&[("a.csv", log(0, 20_000).as_bytes())]);
    let p99 = |arguments: &[&str]| {
        let analysis = analysis(&workplace, arguments);
        let cells = analysis["cells"].as_array().unwrap().clone();
        let cell = cells.into_iter().find(|cell| cell["metric"] == "latency_p99").unwrap();
        cell["mean"].as_f64().unwrap()
    };
    let exact = p99(&["a.csv", "--precision", "exact"]);
    for bits in [5, 10, 14] {
        let read = p99(&["a.csv", "--precision", &bits.to_string()]);
        assert!((read - exact).abs() <= exact * f64::from(-bits).exp2() + 1e-9, "{bits}: {read} for {exact}");
    }
    assert_eq!(workplace.run(&["analyze", "a.csv", "--precision", "15"]).exit_code, Some(2));
}
