//! What is no good is told, with file, place and remedy, and loses nothing but itself.

use crate::command::Workplace;

const GOOD: &[u8] = include_bytes!("../../sample-data/results.json");

/// What is said when this is the only file, or the only argument.
fn said(name: &str, content: &[u8]) -> String {
    let workplace = Workplace::with(&[(name, content)]);
    let outcome = workplace.run(&["analyze", name]);
    assert_eq!((outcome.exit_code, outcome.stdout.as_str()), (Some(3), ""), "{}", outcome.stderr);
    assert_eq!(workplace.list("output"), [""; 0], "nothing may be written");
    outcome.stderr
}

/// Compares all that was said, but for the list of formats, which grows.
fn assert_said(name: &str, text: &str) {
    insta::with_settings!({filters => vec![("tried json.*|tried [a-z0-9-]+, .*", "tried [formats]")]}, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn files_that_can_not_be_used_are_refused_with_a_reason() {
    let mut text = String::new();
    let cases: [(&str, &[u8]); 12] = [
        ("empty.json", b""),
        ("blank.csv", b"\n  \n"),
        ("empty-array.json", b"[]"),
        (
            "truncated.json",
            b"[\n  {\"framework\": \"a\", \"concurrency\": 10, \"total_time\": 4.2},\n  {\"framework\": \"a\", \"conc",
        ),
        ("not-json.json", b"{\"framework\": asyncio}"),
        ("all-wrong.json", b"[{\"framework\": \"a\", \"concurrency\": 0, \"total_time\": 4.2}]"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("prose.txt", b"Dear reader,\nthese are no results.\n"),
        ("utf16.csv", b"\xff\xfef\0r\0a\0m\0e\0"),
        ("latin1.json", b"[{\"framework\": \"caf\xe9\", \"concurrency\": 10, \"total_time\": 4.2}]"),
        ("broken.parquet", b"PAR1 and then nothing of use"),
        ("header.csv", b"framework,concurrency,total_time\n"),
    ];
    for (name, content) in cases {
        text.push_str(&format!("--- {name}\n{}", said(name, content)));
    }
    assert_said("bad_files", &text);
}

#[test]
fn arguments_that_name_nothing_are_refused_with_a_reason() {
    let mut text = String::new();
    let workplace = Workplace::with(&[("notes/readme.txt", b"no results here")]);
    std::fs::create_dir(workplace.path("empty")).unwrap();
    for target in ["missing.json", "empty", "notes", "*.json", "[.json"] {
        let outcome = workplace.run(&["analyze", target]);
        assert_eq!(outcome.exit_code, Some(3));
        text.push_str(&format!("--- {target}\n{}", outcome.stderr));
    }
    assert_said("bad_arguments", &text);
}

#[test]
fn a_wrong_type_in_record_14_is_told_with_its_number() {
    let record = |number: usize| match number {
        14 => r#"{"framework": "a", "concurrency": 10, "total_time": true}"#.to_owned(),
        _ => format!(r#"{{"framework": "a", "concurrency": 10, "total_time": 4.{number}}}"#),
    };
    let records = format!("[{}]", (1..=20).map(record).collect::<Vec<_>>().join(",\n"));
    let workplace = Workplace::with(&[("results.json", records.as_bytes())]);
    let outcome = workplace.run(&["analyze", "results.json", "--chart", "none"]);
    assert_eq!(outcome.exit_code, Some(0));
    assert!(
        outcome.stderr.contains("results.json, record 14: total_time: expected a time from 0 to 10^15 s, found true")
    );
}

#[test]
fn good_files_among_bad_ones_are_used_unless_strict() {
    let files: [(&str, &[u8]); 3] =
        [("runs/good.json", GOOD), ("runs/bad.json", b"[{\"framework\": "), ("runs/readme.txt", b"not for us")];
    let workplace = Workplace::with(&files);
    let outcome = workplace.run(&["analyze", "runs", "--chart", "none"]);
    assert_eq!(outcome.exit_code, Some(0));
    assert!(outcome.stderr.contains("bad.json, line 1: the JSON ends in the middle of record 1"), "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("8 runs, 2 frameworks"));
    let strict = workplace.run(&["analyze", "runs", "--chart", "none", "--strict"]);
    assert_eq!((strict.exit_code, strict.stdout.as_str()), (Some(3), ""));
}

#[test]
fn results_in_another_encoding_are_an_error_in_a_folder_too() {
    let latin1 = b"[{\"framework\": \"caf\xe9\", \"concurrency\": 10, \"total_time\": 4.2}]";
    let files: [(&str, &[u8]); 4] = [
        ("runs/good.json", GOOD),
        ("runs/latin1.json", latin1),
        ("runs/notes.bin", b"\0\x01\xff"),
        ("runs/package.json", b"{\"name\": \"x\"}"),
    ];
    let workplace = Workplace::with(&files);
    let outcome = workplace.run(&["analyze", "runs", "--chart", "none"]);
    assert_eq!(outcome.exit_code, Some(0));
    assert!(outcome.stderr.contains("x runs/latin1.json: this is neither text in UTF-8"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("> runs/notes.bin: left out"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("> runs/package.json: left out"), "{}", outcome.stderr);
    let strict = workplace.run(&["analyze", "runs", "--chart", "none", "--strict"]);
    assert_eq!((strict.exit_code, strict.stdout.as_str()), (Some(3), ""));
}

#[test]
fn a_guess_between_columns_is_left_to_the_user() {
    let records = b"framework,connections,elapsed,wall_time\na,8,1500,1501\na,16,1200,1203\n";
    let workplace = Workplace::with(&[("results.csv", records)]);
    let refused = workplace.run(&["analyze", "results.csv"]);
    assert_eq!(refused.exit_code, Some(3));
    assert!(refused.stderr.contains(r#"more than one column may hold total_time: "elapsed", "wall_time""#));
    assert!(refused.stderr.contains("--map total_time=elapsed"), "{}", refused.stderr);
    let args = ["analyze", "results.csv", "--map", "total_time=elapsed:ms", "-q"];
    let settled = workplace.run(&args);
    assert_eq!(settled.exit_code, Some(0), "{}", settled.stderr);
    assert!(settled.stdout.contains("2 levels of concurrency (8 to 16)"), "{}", settled.stdout);
}

#[test]
fn arguments_that_make_no_sense_are_a_usage_error() {
    let workplace = Workplace::with(&[("results.json", GOOD)]);
    let cases: [&[&str]; 8] = [
        &["analyze"],
        &["analyse", "results.json"],
        &["analyze", "results.json", "--size", "big"],
        &["analyze", "results.json", "--alpha", "2"],
        &["analyze", "results.json", "--map", "users=vus"],
        &["analyze", "results.json", "--name-pattern", "{framwork}"],
        &["analyze", "results.json", "--reference", "flask"],
        &["convert", "results.json", "-o", "runs.xlsx"],
    ];
    for args in cases {
        let outcome = workplace.run(args);
        assert_eq!(outcome.exit_code, Some(2), "{args:?}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "", "{args:?}");
    }
    assert_eq!(workplace.list("output"), [""; 0]);
}

#[test]
fn filters_that_leave_nothing_say_what_there_is() {
    let workplace = Workplace::with(&[("results.json", GOOD)]);
    let outcome = workplace.run(&["analyze", "results.json", "--framework", "flask"]);
    assert_eq!(outcome.exit_code, Some(3));
    assert!(outcome.stderr.contains("there are the frameworks aiohttp_server, asyncio"), "{}", outcome.stderr);
}
