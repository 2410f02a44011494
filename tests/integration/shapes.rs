//! One table of results in many shapes: nested, wide, as pandas writes it, with units, separators and names of its own. The same
//! numbers come out of each; and what does not matter changes none.

use std::fmt::Write;

use benchplot::load::{self, ColumnChoice, Input, LoadError, LoadOptions, Wide};
use benchplot::record::Run;
use proptest::prelude::*;

/// Framework, level, requests per second, 99th percentile in s.
const TRUTH: [(&str, u32, f64, f64); 6] = [
    ("kestrel", 1, 1000.0, 0.003),
    ("kestrel", 10, 6300.0, 0.006),
    ("kestrel", 100, 39_800.0, 0.012),
    ("osprey", 1, 800.0, 0.004),
    ("osprey", 10, 5000.0, 0.008),
    ("osprey", 100, 31_800.0, 0.016),
];

/// Reads a text under this name; `map` and `wide` as on the command line.
fn read(name: &str, text: &str, map: &[&str], wide: Option<&str>) -> Result<Vec<Run>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let options = LoadOptions {
        columns: map.iter().map(|choice| choice.parse::<ColumnChoice>().unwrap()).collect(),
        wide: wide.map(|wide| wide.parse::<Wide>().unwrap()),
        ..LoadOptions::default()
    };
    let inputs = [Input { label: None, target: path.display().to_string() }];
    match load::load(&inputs, &options, &|_, _| {}) {
        Ok(loaded) => Ok(loaded.runs.iter().cloned().collect()),
        Err(LoadError::Nothing { diagnostics, .. }) => {
            Err(diagnostics.iter().map(|told| format!("{told}\n")).collect())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Names, level, repetition, requests per second and 99th percentile of all runs, in an order of their own.
fn shown(runs: &[Run]) -> Vec<String> {
    let number = |number: Option<f64>| number.map(|number| format!("{number:.6}")).unwrap_or_default();
    let mut rows: Vec<String> = runs
        .iter()
        .map(|run| {
            let rate = run.avg_time_per_request.map(|time| 1.0 / time);
            format!(
                "{} {:?} {:?} {} {}",
                run.framework,
                run.concurrency,
                run.repetition,
                number(rate),
                number(run.latency.p99)
            )
        })
        .collect();
    rows.sort();
    rows
}

fn truth() -> Vec<String> {
    let mut rows: Vec<String> = TRUTH
        .iter()
        .map(|(framework, level, rate, p99)| format!("{framework} Some({level}) Some(1) {rate:.6} {p99:.6}"))
        .collect();
    rows.sort();
    rows
}

/// A table with a header, and a row that `row` makes of each true one.
fn table(header: &str, row: impl Fn(&str, u32, f64, f64) -> String) -> String {
    let mut text = format!("{header}\n");
    for (framework, level, rate, p99) in TRUTH {
        text.push_str(&row(framework, level, rate, p99));
        text.push('\n');
    }
    text
}

/// An array of what `record` makes of each true row.
fn array(record: impl Fn(&str, u32, f64, f64) -> String) -> String {
    let records: Vec<String> =
        TRUTH.iter().map(|(framework, level, rate, p99)| record(framework, *level, *rate, *p99)).collect();
    format!("[{}]", records.join(","))
}

/// An object by framework, of objects by level, with such a record in each.
fn nested(level_name: impl Fn(u32) -> String, record: impl Fn(f64, f64) -> String) -> String {
    let of = |name: &str| {
        let levels: Vec<String> = TRUTH
            .iter()
            .filter(|(framework, ..)| *framework == name)
            .map(|(_, level, rate, p99)| format!("\"{}\":{}", level_name(*level), record(*rate, *p99)))
            .collect();
        format!("\"{name}\":{{{}}}", levels.join(","))
    };
    format!("{{{},{}}}", of("kestrel"), of("osprey"))
}

fn column(value: impl Fn(&(&str, u32, f64, f64)) -> String, index: bool) -> String {
    let values: Vec<String> = TRUTH
        .iter()
        .enumerate()
        .map(|(place, row)| if index { format!("\"{place}\":{}", value(row)) } else { value(row) })
        .collect();
    values.join(",")
}

fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    match digits.len() {
        4.. => format!("{},{}", &digits[..digits.len() - 3], &digits[digits.len() - 3..]),
        _ => digits,
    }
}

/// Each shape: the name of its file, its text, and what has to be said of it.
fn shapes() -> Vec<(&'static str, String, Vec<&'static str>, Option<&'static str>)> {
    let plain = |framework: &str, level: u32, rate: f64, p99: f64| format!("{framework},{level},{rate},{p99}");
    let mut shapes: Vec<(&'static str, String, Vec<&'static str>, Option<&'static str>)> = Vec::new();
    let mut add = |name, text| shapes.push((name, text, Vec::new(), None));
    for header in [
        "framework,concurrency,rps,p99",
        "server,clients,ops_per_sec,p99_latency_s",
        "Database,Users,Requests/sec,P99 (s)",
        "engine,max_concurrency,request_throughput,latency_p99",
        "library,threads,qps,99th percentile (s)",
        "algorithm,workers,hz,response_time_p99",
        "框架,并发数,每秒请求数,p99延迟",
        "tag,vus,tps,p99_seconds",
        "colour,concurrent_users,throughput,e2e_p99_s",
        "config.framework,config.concurrency,results.throughput_rps,results.latency.p99",
    ] {
        add("a.csv", table(header, plain));
    }
    add(
        "a.csv",
        table("framework,concurrency,rps,p99_ms", |framework, level, rate, p99| {
            format!("{framework},{level},{rate},{}", p99 * 1e3)
        }),
    );
    add(
        "a.csv",
        table("framework,concurrency,krps,p99 [us]", |framework, level, rate, p99| {
            format!("{framework},{level},{},{}", rate / 1e3, p99 * 1e6)
        }),
    );
    add(
        "a.csv",
        table("framework,concurrency,rps,p99", |framework, level, rate, p99| {
            format!("{framework},{level},{rate} req/s,{}ms", p99 * 1e3)
        }),
    );
    add("a.csv", format!("# on box1\n# today\n{}", table("framework,concurrency,rps,p99", plain)));
    add("a.csv", format!("Results of today\n\n{}", table("framework,concurrency,rps,p99", plain)));
    add(
        "a.csv",
        table("framework,c_o,concurrency,rps,p99", |framework, level, rate, p99| {
            format!("{framework},same,{level},{rate},{p99}")
        }),
    );
    add(
        "a.csv",
        table("framework;concurrency;rps;p99", |framework, level, rate, p99| {
            format!("{framework};{level};{rate:.2};{p99}").replace('.', ",")
        }),
    );
    add(
        "a.tsv",
        table("framework\tconcurrency\trps\tp99 (ms)", |framework, level, rate, p99| {
            format!("{framework}\t{level}\t{}\t{:.1}", thousands(rate), p99 * 1e3)
        }),
    );
    add(
        "a.md",
        table(
            "# Results\n\n| framework | concurrency | req/s | p99 (ms) |\n|---|--:|--:|--:|",
            |framework, level, rate, p99| {
                format!("| **{framework}** | {level} | {} | {:.1} |", thousands(rate), p99 * 1e3)
            },
        ),
    );
    let record = |framework: &str, level: u32, rate: f64, p99: f64| {
        format!(r#"{{"framework":"{framework}","concurrency":{level},"rps":{rate},"p99":{p99}}}"#)
    };
    add("a.json", array(record));
    add("a.json", format!(r#"{{"host":"box1","runs":{}}}"#, array(record)));
    add("a.json", format!(r#"{{"meta":{{"by":"me"}},"measured":{{"list":{}}}}}"#, array(record)));
    add("a.ndjson", array(record).trim_matches(['[', ']']).replace("},{", "}\n{"));
    add(
        "a.log",
        array(record)
            .trim_matches(['[', ']'])
            .split("},{")
            .map(|line| format!("INFO 12:00 {{{}}}\n", line.trim_matches(['{', '}'])))
            .collect(),
    );
    add(
        "a.json",
        array(|framework, level, rate, p99| {
            format!(
                r#"{{"config":{{"server":"{framework}","concurrency":{level}}},"results":{{"requests_per_second":{rate},"latency":{{"p99":{},"unit":"ms"}}}}}}"#,
                p99 * 1e3
            )
        }),
    );
    add(
        "a.json",
        array(|framework, level, rate, p99| {
            format!(
                r#"{{"name":"{framework}","users":{level},"throughput":{{"value":{rate},"unit":"req/s"}},"latency_percentiles":{{"50":0.001,"95":0.002,"99":{p99}}}}}"#
            )
        }),
    );
    let inner = |rate: f64, p99: f64| format!(r#"{{"rps":{rate},"p99_ms":{}}}"#, p99 * 1e3);
    add("a.json", nested(|level| level.to_string(), inner));
    add("a.json", nested(|level| format!("c{level}"), inner));
    add("a.json", nested(|level| format!("{level}_users"), inner));
    add("a.json", format!(r#"{{"config":{{"seed":1}},"results":{}}}"#, nested(|level| level.to_string(), inner)));
    for index in [true, false] {
        let (open, close) = if index { ('{', '}') } else { ('[', ']') };
        let mut text = String::from("{");
        let columns = [
            ("framework", column(|row| format!("\"{}\"", row.0), index)),
            ("concurrency", column(|row| row.1.to_string(), index)),
            ("rps", column(|row| row.2.to_string(), index)),
            ("p99", column(|row| row.3.to_string(), index)),
        ];
        for (name, values) in columns {
            write!(text, "{}\"{name}\":{open}{values}{close}", if text.len() == 1 { "" } else { "," }).unwrap();
        }
        add("a.json", text + "}");
    }
    add(
        "a.json",
        format!(
            r#"{{"columns":["framework","concurrency","rps","p99"],"index":[0,1,2,3,4,5],"data":{}}}"#,
            array(|framework, level, rate, p99| format!(r#"["{framework}",{level},{rate},{p99}]"#))
        ),
    );
    add(
        "a.json",
        array(|framework, level, rate, p99| format!(r#"["{framework}",{level},{rate},{p99}]"#)).replacen(
            '[',
            r#"[["framework","concurrency","rps","p99"],"#,
            1,
        ),
    );
    add(
        "a.csv",
        table("framework,concurrency,metric,value,unit", |framework, level, rate, p99| {
            format!("{framework},{level},throughput,{rate},req/s\n{framework},{level},latency_p99,{},ms", p99 * 1e3)
        }),
    );
    let pairs = || TRUTH.iter().take(3).zip(TRUTH.iter().skip(3));
    add(
        "a.csv",
        pairs().fold("concurrency,kestrel_rps,osprey_rps,kestrel_p99,osprey_p99\n".to_owned(), |text, (one, other)| {
            format!("{text}{},{},{},{},{}\n", one.1, one.2, other.2, one.3, other.3)
        }),
    );
    add(
        "a.csv",
        pairs().fold(
            ",rps,rps,p99,p99\nframework,kestrel,osprey,kestrel,osprey\nconcurrency,,,,\n".to_owned(),
            |text, (one, other)| format!("{text}{},{},{},{},{}\n", one.1, one.2, other.2, one.3, other.3),
        ),
    );
    let renamed =
        table("what,many,fast,slow", |framework, level, rate, p99| format!("{framework},{level},{rate},{}", p99 * 1e3));
    shapes.push(("a.csv", renamed, vec!["concurrency=many", "throughput=fast", "latency_p99=slow:ms"], None));
    shapes
}

#[test]
fn one_table_in_many_shapes_gives_the_same_numbers() {
    let shapes = shapes();
    assert!(36 <= shapes.len(), "{}", shapes.len());
    let mut wrong = String::new();
    for (name, text, map, wide) in shapes {
        match read(name, &text, &map, wide) {
            Ok(runs) if shown(&runs) == truth() => {}
            Ok(runs) => writeln!(wrong, "{name}:\n{text}\n{:#?}", shown(&runs)).unwrap(),
            Err(told) => writeln!(wrong, "{name}:\n{text}\n{told}").unwrap(),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_wide_table_is_refused_with_the_option_that_reads_it() {
    let text = "concurrency,kestrel,osprey\n1,1000,800\n10,6300,5000\n100,39800,31800\n";
    let told = read("a.csv", text, &[], None).unwrap_err();
    assert!(told.contains("--wide throughput"), "{told}");
    let without_p99: Vec<String> =
        truth().iter().map(|row| row.rsplit_once(' ').map(|(row, _)| format!("{row} ")).unwrap()).collect();
    assert_eq!(shown(&read("a.csv", text, &[], Some("throughput")).unwrap()), without_p99);
}

#[test]
fn rows_that_differ_in_two_unknown_texts_are_refused_with_the_choice_that_reads_them() {
    let text = "shape,colour,concurrency,rps\nround,red,1,10\nround,blue,1,20\nflat,red,1,30\nflat,blue,1,40\n";
    let told = read("a.csv", text, &[], None).unwrap_err();
    assert!(told.contains("--map framework=shape --map scenario=colour"), "{told}");
    let runs = read("a.csv", text, &["framework=shape", "scenario=colour"], None).unwrap();
    assert_eq!(runs.len(), 4);
    assert!(runs.iter().all(|run| run.repetition == Some(1)), "{runs:?}");
    let joined = read("a.csv", text, &["framework=shape+colour"], None).unwrap();
    assert_eq!(joined[0].framework, "round/red");
}

/// The true table with further columns, its rows and columns in this order.
fn with_columns(rows: &[usize], columns: &[usize], others: &[(&str, &dyn Fn(usize) -> String)]) -> String {
    let header: Vec<&str> =
        ["framework", "concurrency", "rps", "p99"].into_iter().chain(others.iter().map(|(name, _)| *name)).collect();
    let order = |fields: &[String]| {
        columns.iter().filter_map(|place| fields.get(*place).cloned()).collect::<Vec<_>>().join(",")
    };
    let mut text = order(&header.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    for &row in rows {
        let (framework, level, rate, p99) = TRUTH[row];
        let mut fields = vec![framework.to_owned(), level.to_string(), rate.to_string(), p99.to_string()];
        fields.extend(others.iter().map(|(_, value)| value(row)));
        write!(text, "\n{}", order(&fields)).unwrap();
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn neither_orders_nor_names_nor_constants_that_are_not_used_change_a_number(
        rows in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(),
        columns in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(),
        name in "zq[a-z]{3,8}",
    ) {
        let others: [(&str, &dyn Fn(usize) -> String); 2] = [(&name, &|_| "same".to_owned()), ("zwx", &|_| "7".to_owned())];
        let runs = read("a.csv", &with_columns(&rows, &columns, &others), &[], None).unwrap();
        prop_assert_eq!(shown(&runs), truth());
    }

    #[test]
    fn a_column_that_is_not_used_never_makes_repetitions(
        values in prop::collection::vec("[a-c]{1,2}", 12),
        numbers in prop::collection::vec(0..4u32, 12),
        is_text: bool,
    ) {
        let mut text = "framework,concurrency,rps,zqx\n".to_owned();
        for (place, (word, number)) in values.iter().zip(&numbers).enumerate() {
            let (framework, level, rate, _) = TRUTH[place % 6];
            let other = if is_text { word.clone() } else { number.to_string() };
            writeln!(text, "{framework},{level},{rate},{other}").unwrap();
        }
        let without: String = text.lines().map(|line| format!("{}\n", line.rsplit_once(',').unwrap().0)).collect();
        let most = |text: &str| read("a.csv", text, &[], None).unwrap().iter().filter_map(|run| run.repetition).max();
        prop_assert!(most(&text) <= most(&without));
    }
}
