//! `--skip-warmup`: what is left is what a log without its beginning holds, in any format, order and split.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::command::Workplace;

/// 2026-11-23, ms since 1970.
const DAY: u64 = 1_795_392_000_000;

/// One request, in ms; of every hundred one fails.
#[derive(Clone, Copy)]
struct Request {
    start: u64,
    latency: u64,
    status: u16,
}

/// So many requests, one every 10 ms: 30 ms each in the first 3 s, and then 5, 6 or 7 ms. They stand in an order that has
/// nothing to do with when they were sent.
fn requests(count: u64) -> Vec<Request> {
    let request = |number: u64| Request {
        start: DAY + number * 10,
        latency: if number < 300 { 30 } else { 5 + number % 3 },
        status: if number % 100 == 50 { 500 } else { 200 },
    };
    // Coprime to the counts, so that each comes once.
    (0..count).map(|place| request(place * 7_919 % count)).collect()
}

/// The same without what started before, ms after the first start.
fn rest(requests: &[Request], milliseconds: u64) -> Vec<Request> {
    requests.iter().copied().filter(|request| DAY + milliseconds <= request.start).collect()
}

/// A log of requests in one format, with what stands before and behind them.
type Log = (&'static str, &'static str, fn(&Request) -> String, &'static str);

const LOGS: [Log; 9] = [
    ("a.csv", "framework,concurrency,start_ms,latency_ms,status\n", csv, ""),
    ("a.tsv", "framework\tconcurrency\tstart_ms\tlatency_ms\tstatus\n", |request| csv(request).replace(',', "\t"), ""),
    ("a.ndjson", "", ndjson, ""),
    ("a.jtl", "timeStamp,elapsed,label,responseCode,responseMessage,success,bytes,allThreads\n", jtl, ""),
    ("b.jtl", "<?xml version=\"1.0\"?>\n<testResults version=\"1.2\">\n", jtl_xml, "</testResults>\n"),
    ("k6.csv", "metric_name,timestamp,metric_value,status\n", k6, ""),
    ("results.csv", "", vegeta, ""),
    ("simulation.log", "RUN\tx.Simulation\tx\t1795392000000\t \t3.10.0\n", gatling, ""),
    ("h2.tsv", "", h2load, ""),
];

fn csv(Request { start, latency, status }: &Request) -> String {
    format!("a,10,{start},{latency},{status}\n")
}

fn ndjson(Request { start, latency, status }: &Request) -> String {
    json!({"framework": "a", "concurrency": 10, "start_ms": start, "latency_ms": latency, "status": status}).to_string()
        + "\n"
}

fn jtl(Request { start, latency, status }: &Request) -> String {
    format!("{start},{latency},GET /,{status},OK,{},100,10\n", *status == 200)
}

fn jtl_xml(Request { start, latency, status }: &Request) -> String {
    format!(
        "<httpSample t=\"{latency}\" ts=\"{start}\" s=\"{}\" lb=\"GET\" rc=\"{status}\" na=\"10\"/>\n",
        *status == 200
    )
}

fn k6(Request { start, latency, status }: &Request) -> String {
    // It writes when a request ended.
    format!("http_req_duration,{},{latency},{status}\n", (start + latency) * 1_000)
}

fn vegeta(Request { start, latency, status }: &Request) -> String {
    format!("{start}000000,{status},{latency}000000,0,100,,,a,1,GET,/,\n")
}

fn gatling(Request { start, latency, status }: &Request) -> String {
    format!("REQUEST\t\thome\t{start}\t{}\t{}\t \n", start + latency, if *status == 200 { "OK" } else { "KO" })
}

fn h2load(Request { start, latency, status }: &Request) -> String {
    format!("{start}000\t{status}\t{latency}000\n")
}

fn text(log: &Log, requests: &[Request]) -> String {
    let (_, before, line, behind) = log;
    format!("{before}{}{behind}", requests.iter().map(line).collect::<String>())
}

/// The runs of some inputs, without where they were read from.
fn runs(workplace: &Workplace, arguments: &[&str]) -> Vec<Value> {
    let outcome = workplace.run(&[&["convert", "-o", "-", "--to", "json", "-q"], arguments].concat());
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
    let mut runs: Vec<Value> = serde_json::from_str(&outcome.stdout).unwrap();
    runs.iter_mut().for_each(|run| drop(run.as_object_mut().unwrap().remove("source")));
    runs
}

fn workplace(files: &[(&str, String)]) -> Workplace {
    Workplace::with(&files.iter().map(|(name, text)| (*name, text.as_bytes())).collect::<Vec<_>>())
}

#[test]
fn what_is_left_is_what_a_log_without_the_beginning_holds() {
    let all = requests(2_000);
    let kept = rest(&all, 10_000);
    for log in &LOGS {
        let (name, ..) = log;
        let workplace = workplace(&[(name, text(log, &all)), (&format!("rest/{name}"), text(log, &kept))]);
        let cut = runs(&workplace, &[name, "--skip-warmup", "10s"]);
        assert_eq!(cut, runs(&workplace, &[&format!("rest/{name}")]), "{name}");
        let [run] = cut.as_slice() else { panic!("{name}: one run, not {cut:?}") };
        // The last of a thousand is sent after 9.99 s and takes 5 + 1999 % 3 ms; the slow ones are gone.
        let told = json!({
            "requests_count": run["requests_count"],
            "error_count": run["error_count"],
            "total_time": run["total_time"],
            "latency_max": run["latency_max"],
        });
        let expected = json!({"requests_count": 1_000, "error_count": 10, "total_time": 9.996, "latency_max": 0.007});
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn pieces_that_are_read_side_by_side_and_compressed_logs_are_cut_alike() {
    let [csv, _, ndjson, ..] = &LOGS;
    for (log, count) in [(csv, 180_000), (ndjson, 60_000)] {
        let all = requests(count);
        let kept = rest(&all, 60_000);
        let (name, ..) = log;
        let whole = text(log, &all);
        // Three pieces.
        assert!(4_200_000 < whole.len(), "{}", whole.len());
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(whole.as_bytes()).unwrap();
        let (gzip, zipped, of_rest) = (gzip.finish().unwrap(), format!("zip/{name}.gz"), format!("rest/{name}"));
        let workplace =
            Workplace::with(&[(name, whole.as_bytes()), (&zipped, &gzip), (&of_rest, text(log, &kept).as_bytes())]);
        let expected = runs(&workplace, &[&of_rest]);
        assert_eq!(expected[0]["requests_count"], json!(count - 6_000));
        for input in [name, zipped.as_str()] {
            assert_eq!(runs(&workplace, &[input, "--skip-warmup", "1m"]), expected, "{input}");
        }
    }
}

#[test]
fn parquet_is_cut_as_the_requests_that_it_holds() {
    let workplace = Workplace::new();
    let input = crate::command::sample("study/samples.parquet");
    let whole = runs(&workplace, &[&input]);
    let cut = runs(&workplace, &[&input, "--skip-warmup", "20ms"]);
    assert_eq!(whole.len(), cut.len());
    for (whole, cut) in whole.iter().zip(&cut) {
        let (before, after) = (whole["requests_count"].as_u64().unwrap(), cut["requests_count"].as_u64().unwrap());
        assert!(after < before, "{whole}");
        let shorter = whole["total_time"].as_f64().unwrap() - cut["total_time"].as_f64().unwrap();
        assert!(0.02 - 1e-9 <= shorter, "{shorter} of {whole}");
    }
}

#[test]
fn parts_of_a_run_are_cut_where_the_run_is() {
    let all = requests(2_000);
    let body = |requests: &[Request]| {
        let row = |request: &Request| format!("{},{},{}\n", request.start, request.latency, request.status);
        "start_ms,latency_ms,status\n".to_owned() + &requests.iter().map(row).collect::<String>()
    };
    // The second part has requests of the first 3 s and later ones; the third one has only early ones.
    let (early, late): (Vec<_>, Vec<_>) = all.iter().copied().partition(|request| request.start < DAY + 1_000);
    let (one, other) = late.split_at(700);
    let folder = "log/framework=a/concurrency=10";
    let parts = [("part-0.csv", one), ("part-1.csv", other), ("part-2.csv", early.as_slice())];
    let parts = parts.map(|(name, requests)| (format!("{folder}/{name}"), body(requests)));
    let mut files: Vec<(&str, String)> = parts.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    files.push(("rest/framework=a/concurrency=10/part-0.csv", body(&rest(&all, 3_000))));
    let workplace = workplace(&files);
    assert_eq!(runs(&workplace, &["log", "--skip-warmup", "3s"]), runs(&workplace, &["rest"]));
}

#[test]
fn auto_leaves_out_the_warm_up_that_is_found_and_no_more_is_said_of_it() {
    let workplace = workplace(&[("a.csv", text(&LOGS[0], &requests(2_000)))]);
    let ids = |arguments: &[&str]| {
        let arguments = [&["analyze", "a.csv", "--chart", "none", "-f", "json"], arguments].concat();
        let outcome = workplace.run(&arguments);
        assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
        let analysis: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let findings = analysis["findings"].as_array().unwrap().clone();
        let ids: Vec<String> = findings.iter().map(|finding| finding["id"].as_str().unwrap().to_owned()).collect();
        let warm_up = findings.into_iter().find(|finding| finding["id"].as_str().unwrap().starts_with("warm-up"));
        let of_run = warm_up.map(|finding| finding["evidence"]["runs"][0].clone()).unwrap_or_default();
        (ids, of_run, outcome.stderr, analysis["runs"][0].clone())
    };
    let (whole, found, ..) = ids(&[]);
    assert!(whole.contains(&"warm-up".to_owned()) && !whole.contains(&"warm-up-skipped".to_owned()), "{whole:?}");
    let (rest, evidence, told, run) = ids(&["--skip-warmup", "auto"]);
    assert!(!rest.contains(&"warm-up".to_owned()) && rest.contains(&"warm-up-skipped".to_owned()), "{rest:?}");
    let (length, left_out) = (evidence["length"].as_f64().unwrap(), evidence["requests_left_out"].as_u64().unwrap());
    assert_eq!(evidence["length"], found["length"]);
    assert!((3.0..10.0).contains(&length), "{length}");
    assert_eq!(left_out, (length * 100.0).ceil() as u64);
    assert_eq!(run["requests_count"], json!(2_000 - left_out));
    assert_eq!(evidence["requests_kept"], run["requests_count"]);
    assert!(told.contains(&format!("{left_out} of 2000 requests are left out at the beginning of 1 run")), "{told}");
    let report = String::from_utf8(workplace.read("output/report.md")).unwrap();
    assert!(report.contains("`warm-up-skipped`"), "{report}");
}

#[test]
fn what_can_not_be_cut_is_told_and_kept() {
    let summary = "framework,concurrency,total_time,requests_count\na,10,5,1000\n";
    let timeless = "framework,concurrency,latency_ms,status\na,10,5,200\na,10,6,200\n";
    let steady = text(&LOGS[0], &rest(&requests(2_000), 3_000));
    for (content, skip, reason) in [
        (summary, "10s", "a summary has no single requests"),
        (timeless, "10s", "the requests have no start"),
        (timeless, "auto", "the requests have no start"),
        (&steady, "auto", "no warm-up was found"),
    ] {
        let workplace = Workplace::with(&[("a.csv", content.as_bytes())]);
        let outcome = workplace.run(&["convert", "a.csv", "-o", "cut.json", "--skip-warmup", skip]);
        assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
        assert_eq!(runs(&workplace, &["a.csv", "--skip-warmup", skip]), runs(&workplace, &["a.csv"]), "{reason}");
    }
    let workplace = Workplace::with(&[("a.csv", steady.as_bytes())]);
    workplace.run(&["analyze", "a.csv", "--chart", "none", "--save-histogram", "h.parquet"]);
    let saved = ["convert", "--from-histogram", "h.parquet", "--skip-warmup", "1s", "-o", "cut.json"];
    let outcome = workplace.run(&saved);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("a saved histogram has no single requests"), "{}", outcome.stderr);
}

#[test]
fn a_run_of_which_nothing_is_left_is_left_out() {
    let mut log = text(&LOGS[0], &requests(2_000));
    for place in 0..10 {
        writeln!(log, "short,10,{},5,200", DAY + place * 10).unwrap();
    }
    let workplace = Workplace::with(&[("a.csv", log.as_bytes())]);
    let left = runs(&workplace, &["a.csv", "--skip-warmup", "1s"]);
    assert_eq!(left.iter().map(|run| run["framework"].as_str().unwrap()).collect::<Vec<_>>(), ["a"]);
    let outcome = workplace.run(&["convert", "a.csv", "--skip-warmup", "1s", "-o", "x.csv"]);
    assert!(outcome.stderr.contains("all 10 requests of short at concurrency 10"), "{}", outcome.stderr);
    let strict = workplace.run(&["convert", "a.csv", "--skip-warmup", "1s", "-o", "x.csv", "--strict"]);
    assert_eq!(strict.exit_code, Some(3), "{}", strict.stderr);
    let nothing = workplace.run(&["convert", "a.csv", "--skip-warmup", "1h", "-o", "y.csv"]);
    assert_eq!((nothing.exit_code, workplace.list(".")), (Some(3), vec!["a.csv".to_owned(), "x.csv".to_owned()]));
}

#[test]
fn standard_input_is_refused_as_it_can_be_read_once() {
    let workplace = Workplace::new();
    let log = text(&LOGS[0], &requests(2_000));
    let arguments = ["convert", "-", "-o", "-", "--to", "csv", "--skip-warmup", "1s"];
    let outcome = workplace.run_with_stdin(&arguments, log.as_bytes());
    assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (Some(3), ""));
    assert!(outcome.stderr.contains("write it into a file"), "{}", outcome.stderr);
    for wrong in ["10", "0s", "soon"] {
        assert_eq!(workplace.run(&["convert", "-", "-o", "-", "--skip-warmup", wrong]).exit_code, Some(2), "{wrong}");
    }
}

#[test]
fn a_sidecar_may_say_it_and_the_command_line_says_it_later() {
    let log = text(&LOGS[0], &requests(2_000));
    let workplace = workplace(&[("runs/a.csv", log), ("runs/benchplot.toml", "skip-warmup = '10s'\n".to_owned())]);
    let counts = |arguments: &[&str]| runs(&workplace, arguments)[0]["requests_count"].clone();
    assert_eq!(counts(&["runs"]), json!(1_000));
    assert_eq!(counts(&["runs", "--skip-warmup", "1s"]), json!(1_900));
}

#[test]
fn the_record_of_a_run_gives_way_to_its_requests_without_their_beginning() {
    let record = "framework,concurrency,repetition,total_time,requests_count\na,10,1,20.5,2000\n".to_owned();
    let mut log = LOGS[0];
    log.1 = "framework,concurrency,repetition,start_ms,latency_ms,status\n";
    log.2 = |request| csv(request).replace("a,10,", "a,10,1,");
    let (whole, rest) = (text(&log, &requests(2_000)), text(&log, &rest(&requests(2_000), 10_000)));
    let workplace = workplace(&[("record.csv", record), ("requests.csv", whole), ("rest/requests.csv", rest)]);
    let expected = runs(&workplace, &["rest/requests.csv"]);
    for inputs in [["record.csv", "requests.csv"], ["requests.csv", "record.csv"]] {
        assert_eq!(runs(&workplace, &[inputs[0], inputs[1], "--skip-warmup", "10s"]), expected, "{inputs:?}");
    }
}

#[test]
fn both_sides_of_a_comparison_are_cut() {
    let log = text(&LOGS[0], &requests(2_000));
    let workplace = workplace(&[("old.csv", log.clone()), ("new.csv", log.replace(",200\n", ",201\n"))]);
    let arguments = ["compare", "old.csv", "new.csv", "--skip-warmup", "auto", "--chart", "none", "-f", "json", "-q"];
    let outcome = workplace.run(&arguments);
    let analysis: Value = serde_json::from_str(&outcome.stdout).unwrap();
    for side in analysis["sides"].as_array().unwrap() {
        let findings = side["findings"].as_array().unwrap();
        assert!(findings.iter().any(|finding| finding["id"] == "warm-up-skipped"), "{side}");
    }
}
