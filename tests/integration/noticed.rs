//! What is odd about logs of requests and changes no result: their order, copies in other clothes, runs at the same time.

use std::io::Write as _;

use serde_json::Value;

use crate::command::Workplace;

/// Rows of a run of 20 s with 100 requests a second, from `begin` on, s.
fn rows(framework: &str, begin: u64) -> Vec<String> {
    let row = |n: u64| format!("{framework},10,{}.{:02},0.0{},200\n", begin + n / 100, n % 100, 11 + n % 70);
    (0..2_000).map(row).collect()
}

fn log(rows: &[String]) -> String {
    format!("framework,concurrency,start,latency,status\n{}", rows.concat())
}

fn analysis(workplace: &Workplace, inputs: &[&str]) -> Value {
    let outcome = workplace.run(&[&["analyze", "--chart", "none", "-f", "json", "-q"], inputs].concat());
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn told<'a>(analysis: &'a Value, code: &str) -> Vec<&'a Value> {
    analysis["diagnostics"].as_array().unwrap().iter().filter(|told| told["code"] == code).collect()
}

#[test]
fn rows_out_of_order_are_told_and_change_nothing() {
    let in_order = rows("a", 0);
    let late: Vec<String> = in_order[1_000..].iter().chain(&in_order[..1_000]).cloned().collect();
    let shuffled: Vec<String> = (0..2_000).map(|n| in_order[n * 1_003 % 2_000].clone()).collect();
    let text = log(&late);
    let byte = text.match_indices('\n').nth(1_000).unwrap().0 + 1;
    let workplace = Workplace::with(&[
        ("a.csv", log(&in_order).as_bytes()),
        ("late/a.csv", text.as_bytes()),
        ("shuffled/a.csv", log(&shuffled).as_bytes()),
    ]);
    let [first, late, shuffled] = ["a.csv", "late/a.csv", "shuffled/a.csv"].map(|input| analysis(&workplace, &[input]));
    assert_eq!(told(&first, "out-of-order"), Vec::<&Value>::new());
    let told_of_late = told(&late, "out-of-order");
    let [one] = told_of_late.as_slice() else { panic!("{told_of_late:?}") };
    // The header and a thousand rows stand above.
    assert_eq!(one["place"], format!("line 1002 at byte {byte}"));
    assert!(one["message"].as_str().unwrap().contains("1 request ended"), "{one}");
    assert_eq!(one["severity"], "notice");
    // Each row is 1003 places behind the one above, or 997 before it: 9.97 s.
    let back = (1..2_000).filter(|n| n * 1_003 % 2_000 < (n - 1) * 1_003 % 2_000).count();
    let message = told(&shuffled, "out-of-order")[0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains(&format!("{back} requests ended")), "{message}");
    for other in [&late, &shuffled] {
        for member in ["cells", "summary", "timelines", "distributions", "findings"] {
            assert_eq!(other[member], first[member], "{member}");
        }
    }
}

#[test]
fn requests_in_flight_and_answers_out_of_turn_are_in_order() {
    // In the order of their ends, a slow request stands 9 s behind those that were sent after it.
    let mut text = log(&rows("a", 0)[..1_000]);
    text.push_str("a,10,0.5,9.6,200\n");
    let workplace = Workplace::with(&[("a.csv", text.as_bytes())]);
    assert_eq!(told(&analysis(&workplace, &["a.csv"]), "out-of-order"), Vec::<&Value>::new());
}

#[test]
fn copies_are_noticed_however_they_are_compressed_and_called() {
    let text = log(&rows("a", 0));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let files: [(&str, &[u8]); 4] =
        [("a.csv", text.as_bytes()), ("a.csv.gz", &gzip), ("copy/a.csv", text.as_bytes()), ("copy/b.csv.gz", &gzip)];
    let workplace = Workplace::with(&files);
    let analysis = analysis(&workplace, &["a.csv", "a.csv.gz", "copy"]);
    // Starts since the test began name no moment, and there is no repetition; the requests alone tell.
    assert_eq!((analysis["runs_count"].as_u64(), told(&analysis, "same-content").len()), (Some(1), 3));
    let message = told(&analysis, "duplicate-run")[0]["message"].as_str().unwrap().to_owned();
    assert_eq!(message, "1 run is also in a.csv, and is counted once; the same in 2 more files");
}

#[test]
fn another_run_of_the_same_length_is_no_copy() {
    let other = log(&rows("a", 0)).replace(",0.012,", ",0.0121,");
    let workplace = Workplace::with(&[("a.csv", log(&rows("a", 0)).as_bytes()), ("b.csv", other.as_bytes())]);
    let analysis = analysis(&workplace, &["a.csv", "b.csv"]);
    assert_eq!((analysis["runs_count"].as_u64(), told(&analysis, "duplicate-run").len()), (Some(2), 0));
}

#[test]
fn logs_that_overlap_in_time_are_found_and_logs_in_turn_are_not() {
    const DAY: u64 = 1_795_392_000;
    let overlaps = |second_begin: u64| {
        let workplace = Workplace::with(&[
            ("a.csv", log(&rows("a", DAY)).as_bytes()),
            ("b.csv", log(&rows("b", DAY + second_begin)).as_bytes()),
        ]);
        let analysis = analysis(&workplace, &["a.csv", "b.csv"]);
        analysis["findings"].as_array().unwrap().iter().any(|finding| finding["id"] == "overlapping-runs")
    };
    assert!(overlaps(5));
    assert!(!overlaps(21));
}
