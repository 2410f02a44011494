//! Broken rows in logs of requests: each loses nothing but itself, and is counted and told with its line and byte.

use std::io::Write as _;

use serde_json::Value;

use crate::command::Workplace;

/// A log of requests.
struct Log {
    name: &'static str,
    before: &'static str,
    /// The row of a request, by its number.
    row: fn(u64) -> String,
    /// A row that goes on over two lines, where the format has such rows.
    long_row: Option<fn(u64) -> String>,
    behind: &'static str,
    /// What is no row of a request, line by line.
    broken: &'static [&'static [u8]],
    /// What may stand at the end, cut off.
    cut_off: &'static [u8],
}

/// ms since 1970.
const DAY: u64 = 1_795_392_000_000;

const LOGS: [Log; 12] = [
    Log {
        name: "a.csv",
        before: "framework,concurrency,start_ms,latency_ms,status\n",
        row: |n| format!("a,10,{},{}.25,200\n", DAY + n, 5 + n % 7),
        long_row: Some(|n| format!("\"a\",10,{},\"5\n\",200\n", DAY + n)),
        behind: "",
        broken: &[
            b"a,10,1795392000000\n",
            b"a,10,1795392000000,5,200,1,2\n",
            b"a,10,1795392000000,fast,200\n",
            b"a,ten,1795392000000,5,200\n",
            b"a\xff,10,1795392000000,5,200\n",
            b"\"a,10,1795392000000,5,200\n",
            b"a,10,\"1795392000000,5,200\n",
        ],
        cut_off: b"a,10,17953",
    },
    Log {
        name: "a.tsv",
        before: "framework\tconcurrency\tstart_ms\tlatency_ms\tstatus\n",
        row: |n| format!("a\t10\t{}\t{}\t200\n", DAY + n, 5 + n % 7),
        long_row: Some(|n| format!("\"a\"\t10\t{}\t\"5\n\"\t200\n", DAY + n)),
        behind: "",
        broken: &[b"a\t10\n", b"a\t10\t1795392000000\t5\t200\t1\n", b"a\t10\t1795392000000\tfast\t200\n", b"\xff\t10\t1\t5\t200\n"],
        cut_off: b"a\t10\t17953",
    },
    Log {
        name: "a.ndjson",
        before: "",
        row: |n| format!("{{\"framework\":\"a\",\"start_ms\":{},\"latency_ms\":{}.5,\"status\":200}}\n", DAY + n, 5 + n % 7),
        long_row: None,
        behind: "",
        broken: &[
            b"{\"framework\":\"a\",\"start_ms\":1795392000000,\"late\n",
            b"{\"framework\":\"a\",\"start_ms\":1795392000000,\"latency_ms\":\"fast\",\"status\":200}\n",
            b"{\"framework\":\"a\",\"start_ms\":1795392000000,\"latency_ms\":true,\"status\":200}\n",
            b"{\"framework\":\"a\xff\",\"start_ms\":1795392000000,\"latency_ms\":5,\"status\":200}\n",
            b"[1,2]\n",
        ],
        cut_off: b"{\"framework\":\"a\",\"sta",
    },
    Log {
        name: "a.jtl",
        before: "timeStamp,elapsed,label,responseCode,responseMessage,success,bytes,allThreads\n",
        row: |n| format!("{},{},GET /,200,OK,true,100,10\n", DAY + n, 5 + n % 7),
        long_row: Some(|n| format!("{},5,GET /,200,\"two\nlines\",true,100,10\n", DAY + n)),
        behind: "",
        broken: &[
            b"1795392000000,5,GET /\n",
            b"1795392000000,fast,GET /,200,OK,true,100,10\n",
            b"yesterday,5,GET /,200,OK,true,100,10\n",
            b"1795392000000,5,GET /,200,OK,perhaps,100,10\n",
            b"1795392000000,5,GET /,200,OK,true,many,10\n",
            b"1795392000000,5,GET \xff,200,OK,true,100,10\n",
            b"1795392000000,5,GET /,200,\"OK,true,100,10\n",
        ],
        cut_off: b"1795392000000,5,GE",
    },
    Log {
        name: "b.jtl",
        before: "<?xml version=\"1.0\"?>\n<testResults version=\"1.2\">\n",
        row: |n| format!("<httpSample t=\"{}\" ts=\"{}\" s=\"true\" lb=\"GET\" rc=\"200\" na=\"10\"/>\n", 5 + n % 7, DAY + n),
        long_row: Some(|n| format!("<httpSample t=\"5\" ts=\"{}\" s=\"true\"\n lb=\"GET\" rc=\"200\" na=\"10\"/>\n", DAY + n)),
        behind: "</testResults>\n",
        broken: &[
            b"<httpSample t=\"fast\" ts=\"1795392000000\" s=\"true\" lb=\"GET\" rc=\"200\" na=\"10\"/>\n",
            b"<httpSample t=\"5\" ts=\"\" s=\"true\" lb=\"GET\" rc=\"200\" na=\"10\"/>\n",
            b"<httpSample t=\"5\" ts=\"1795392000000\" s=\"true\" lb=\"GET\xff\" rc=\"200\" na=\"10\"/>\n",
        ],
        cut_off: b"",
    },
    Log {
        name: "k6.csv",
        before: "metric_name,timestamp,metric_value,status,scenario\n",
        row: |n| format!("http_req_duration,{}000,{}.5,200,s\n", DAY + n, 5 + n % 7),
        long_row: Some(|n| format!("http_req_duration,{}000,5,200,\"s\",\"\n\"\n", DAY + n)),
        behind: "",
        broken: &[
            b"http_req_duration,1795392000000000\n",
            b"http_req_duration,yesterday,5,200,s\n",
            b"http_req_duration,1795392000000000,fast,200,s\n",
            b"http_req_duration,1795392000000000,5,200,\xff\n",
            b"http_req_du\n",
        ],
        cut_off: b"http_req_dur",
    },
    Log {
        name: "k6.json",
        before: "",
        row: |n| k6_point(&format!("2026-11-23T00:{:02}:{:02}.{:03}Z", n / 60_000 % 60, n / 1_000 % 60, n % 1_000), "5.5"),
        long_row: None,
        behind: "",
        broken: &[
            b"{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":\"yesterday\",\"value\":5,\"tags\":{}}}\n",
            b"{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{\"time\":\"2026-11-23T00:00:00Z\",\"value\":\"x\",\"tags\":{}}}\n",
            b"{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"da\n",
            b"{\"metric\":\"http_req_dur\n",
        ],
        cut_off: b"{\"metric\":\"http_re",
    },
    Log {
        name: "results.csv",
        before: "",
        row: |n| format!("{}000000,200,{},0,100,,,a,1,GET,/,\n", DAY + n, 5_000_000 + n % 7),
        long_row: Some(|n| format!("{}000000,200,5000000,0,100,,,a,1,GET,/,\"two\nlines\"\n", DAY + n)),
        behind: "",
        broken: &[b"1795392000000000000,200\n", b"1795392000000000000,200,fast,0,100,,,a,1,GET,/,\n", b"\"1795392000000000000,200,5,0,100,,,a,1,GET,/,\n"],
        cut_off: b"17953920000000",
    },
    Log {
        name: "results.json",
        before: "",
        row: |n| {
            let at = format!("2026-11-23T00:{:02}:{:02}.{:03}Z", n / 60_000 % 60, n / 1_000 % 60, n % 1_000);
            format!("{{\"attack\":\"a\",\"seq\":{n},\"code\":200,\"timestamp\":\"{at}\",\"latency\":5000000,\"bytes_in\":100}}\n")
        },
        long_row: None,
        behind: "",
        broken: &[
            b"{\"attack\":\"a\",\"seq\":1,\"code\":200,\"timestamp\":\"yesterday\",\"latency\":5000000}\n",
            b"{\"attack\":\"a\",\"seq\":1,\"code\":200,\"timestamp\":\"2026-11-23T00:00:00Z\",\"latency\":\"fast\"}\n",
            b"{\"attack\":\"a\xff\",\"seq\":1,\"code\":200,\"timestamp\":\"2026-11-23T00:00:00Z\",\"latency\":5}\n",
            b"{\"attack\":\"a\",\"se\n",
        ],
        cut_off: b"{\"attack\":\"a\",\"s",
    },
    Log {
        name: "simulation.log",
        before: "RUN\tx.Simulation\tx\t1795392000000\t \t3.10.0\n",
        row: |n| format!("REQUEST\t\thome\t{}\t{}\tOK\t \n", DAY + n, DAY + n + 5 + n % 7),
        long_row: None,
        behind: "",
        broken: &[
            b"REQUEST\t\thome\t1795392000000\n",
            b"REQUEST\t\thome\t1795392000000\tlate\tOK\t \n",
            b"REQUEST\t\thome\xff\t1795392000000\t1795392000005\tOK\t \n",
            b"USER\ts\tPAUSE\t1795392000000\n",
        ],
        cut_off: b"REQU",
    },
    Log {
        name: "h2.tsv",
        before: "",
        row: |n| format!("{}000\t200\t{}\n", DAY + n, 5_000 + n % 7),
        long_row: None,
        behind: "",
        broken: &[b"1795392000000000\t200\n", b"1795392000000000\t200\tfast\n", b"1795392000000000\t200\t\xff\n"],
        cut_off: b"1795392000000000\t200\t50",
    },
    Log {
        name: "oha.csv",
        before: "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n",
        row: |n| format!("{}.{:03},0,0,0,0.00{},100,200\n", n / 1_000, n % 1_000, 5 + n % 4),
        long_row: None,
        behind: "",
        broken: &[b"0.5,0,0,0\n", b"0.5,0,0,0,fast,100,200\n", b"0.5,0,0,0,0.005,100,\xff\n"],
        cut_off: b"0.5,0,0,0,0.005,100,20",
    },
];

fn k6_point(time: &str, value: &str) -> String {
    format!(
        "{{\"metric\":\"http_req_duration\",\"type\":\"Point\",\"data\":{{\"time\":\"{time}\",\"value\":{value},\"tags\":{{\"status\":\"200\"}}}}}}\n"
    )
}

/// A log with its broken rows at many places, and where these are: line and byte.
struct Built {
    text: Vec<u8>,
    good: u64,
    broken: Vec<(u64, u64)>,
}

/// Puts a broken row behind every so many good ones, up to this size; every seventh good one is long.
fn build(log: &Log, between: u64, size: usize) -> Built {
    let mut built = Built { text: log.before.as_bytes().to_vec(), good: 0, broken: Vec::new() };
    let mut next_broken = log.broken.iter().cycle();
    while built.text.len() < size || built.good < 2 * between {
        let n = built.good;
        let long = log.long_row.filter(|_| n % 7 == 3);
        built.text.extend_from_slice(long.unwrap_or(log.row)(n).as_bytes());
        built.good += 1;
        // Which of two rows a quote belongs to can't be told where neither is whole by itself.
        if built.good.is_multiple_of(between) {
            built.text.extend_from_slice((log.row)(built.good).as_bytes());
            built.good += 1;
            put(&mut built, next_broken.next().unwrap());
            // Lines of nothing are no rows and count as lines.
            if log.name != "simulation.log" {
                built.text.extend_from_slice(b"\n\n");
            }
            built.text.extend_from_slice((log.row)(built.good).as_bytes());
            built.good += 1;
        }
    }
    built.text.extend_from_slice(log.behind.as_bytes());
    if !log.cut_off.is_empty() {
        put(&mut built, log.cut_off);
    }
    built
}

fn put(built: &mut Built, broken: &[u8]) {
    let line = built.text.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
    built.broken.push((line, built.text.len() as u64));
    built.text.extend_from_slice(broken);
}

/// Holds what is told of a log against where its broken rows are.
fn check(workplace: &Workplace, input: &str, built: &Built) {
    let outcome = workplace.run(&["analyze", input, "--chart", "none", "-f", "json", "-q"]);
    assert_eq!(outcome.exit_code, Some(0), "{input}: {}", outcome.stderr);
    let analysis: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let runs = analysis["runs"].as_array().unwrap();
    let requests: u64 = runs.iter().map(|run| run["requests_count"].as_u64().unwrap()).sum();
    assert_eq!(requests, built.good, "{input}: {}", analysis["diagnostics"]);
    let told = analysis["diagnostics"].as_array().unwrap().iter().filter(|told| told["severity"] == "error");
    let mut count = 0;
    let expected: Vec<String> = built.broken.iter().map(|(line, byte)| format!("line {line} at byte {byte}")).collect();
    for told in told {
        let place = told["place"].as_str().unwrap_or_default();
        assert!(expected.iter().any(|expected| expected == place), "{input}: {told} is not at one of {expected:?}");
        let more = told["message"].as_str().unwrap().rsplit_once("; and ");
        count += 1 + more.map_or(0, |(_, more)| more.split(' ').next().unwrap().parse::<usize>().unwrap());
    }
    assert_eq!(count, built.broken.len(), "{input}: {}", analysis["diagnostics"]);
    let first = format!("line {} at byte {}", built.broken[0].0, built.broken[0].1);
    assert!(analysis["diagnostics"].to_string().contains(&first), "{input}: {first}");
}

#[test]
fn broken_rows_are_counted_and_told_with_line_and_byte_in_every_format() {
    for log in &LOGS {
        let built = build(log, 30, 20_000);
        assert!(log.broken.len() < built.broken.len(), "{}", log.name);
        let workplace = Workplace::with(&[(log.name, &built.text)]);
        check(&workplace, log.name, &built);
        let strict = workplace.run(&["analyze", log.name, "--chart", "none", "-q", "--strict"]);
        assert_eq!((strict.exit_code, strict.stdout.as_str()), (Some(3), ""), "{}", log.name);
    }
}

#[test]
fn so_they_are_in_pieces_that_are_read_side_by_side_and_in_compressed_logs() {
    let [csv, _, ndjson, ..] = &LOGS;
    // Without rows over several lines and open quotes no piece ends early.
    let plain = Log { long_row: None, broken: csv.broken.get(..5).unwrap(), ..*csv };
    for (log, is_zipped) in [(&plain, true), (ndjson, true), (csv, false)] {
        let built = build(log, 9_000, 4_400_000);
        let workplace = Workplace::with(&[(log.name, &built.text)]);
        check(&workplace, log.name, &built);
        if is_zipped {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(&built.text).unwrap();
            let zipped = format!("{}.gz", log.name);
            let workplace = Workplace::with(&[(&zipped, &gzip.finish().unwrap())]);
            check(&workplace, &zipped, &built);
        }
    }
}

#[test]
fn a_row_over_several_lines_is_one_wherever_a_piece_ends() {
    // Each row has 64 lines in quotes, so that every piece ends inside of one.
    let row = |n: u64| format!("a,10,{},5,200,\"{}\"\n", DAY + n, "more of it\n".repeat(64));
    let mut text = "framework,concurrency,start_ms,latency_ms,status,note\n".to_owned();
    (0..7_000).for_each(|n| text.push_str(&row(n)));
    let mut built = Built { text: text.into_bytes(), good: 7_000, broken: Vec::new() };
    put(&mut built, b"a,10\n");
    built.text.extend_from_slice(row(8_000).as_bytes());
    built.good += 1;
    assert!(4_800_000 < built.text.len());
    check(&Workplace::with(&[("a.csv", &built.text)]), "a.csv", &built);
}
