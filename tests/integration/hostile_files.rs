//! Files that were made, or grew, to use up a machine.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::command::Workplace;

fn compressed(beginning: &[u8], repeated: u8, times: usize) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(beginning).unwrap();
    for _ in 0..times {
        gzip.write_all(&[repeated; 1 << 20]).unwrap();
    }
    gzip.finish().unwrap()
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_is_refused_with_a_reason() {
    let header = b"framework,concurrency,total_time,requests_count\n";
    for (name, content) in [("line.csv.gz", compressed(header, b'a', 16)), ("open.json.gz", compressed(b"", b'[', 16))]
    {
        assert!(content.len() < 20_000, "{name} is {} bytes", content.len());
        let workplace = Workplace::with(&[(name, &content)]);
        let outcome = workplace.run(&["analyze", name, "--chart", "none"]);
        assert_eq!(outcome.exit_code, Some(3), "{name}: {}", outcome.text());
        // What is shown of such a file is short.
        assert!(outcome.stderr.len() < 2_000, "{name}: {} bytes", outcome.stderr.len());
    }
}

#[test]
fn nesting_without_end_is_refused_with_a_reason() {
    let depth = 100_000;
    let whole = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    for (name, content) in
        [("arrays.json", "[".repeat(depth)), ("objects.json", whole), ("log.jtl", "<a>".repeat(depth))]
    {
        let workplace = Workplace::with(&[(name, content.as_bytes())]);
        let outcome = workplace.run(&["analyze", name, "--chart", "none"]);
        assert_eq!(outcome.exit_code, Some(3), "{name}: {}", outcome.text());
    }
}

#[cfg(unix)]
#[test]
fn devices_without_end_are_refused_with_a_reason() {
    for device in ["/dev/zero", "/dev/urandom"] {
        let outcome = Workplace::new().run(&["analyze", device, "--chart", "none"]);
        assert_eq!(outcome.exit_code, Some(3), "{device}: {}", outcome.text());
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    use std::os::unix::fs::symlink;

    let workplace =
        Workplace::with(&[("results/good.csv", b"framework,concurrency,total_time,requests_count\na,1,1.5,10\n")]);
    symlink(workplace.path("results"), workplace.path("results/again")).unwrap();
    symlink(workplace.path("results/b"), workplace.path("results/a")).unwrap();
    symlink(workplace.path("results/a"), workplace.path("results/b")).unwrap();
    let folder = workplace.run(&["analyze", "results", "--chart", "none", "-f", "json"]);
    assert_eq!(folder.exit_code, Some(0), "{}", folder.text());
    let analysis: serde_json::Value = serde_json::from_str(&folder.stdout).unwrap();
    assert_eq!(analysis["runs_count"], 1);
    let link = workplace.run(&["analyze", "results/a", "--chart", "none"]);
    assert_eq!(link.exit_code, Some(3), "{}", link.text());
}

#[test]
fn a_sweep_of_thousands_of_frameworks_and_levels_is_analysed() {
    let mut table = "framework,concurrency,total_time,requests_count\n".to_owned();
    for number in 0..1_500 {
        table += &format!("f{number},8,{}.5,1000\n", 1 + number % 7);
        table += &format!("sweep,{},{}.5,1000\n", 10 + number, 1 + number % 7);
    }
    let workplace = Workplace::with(&[("runs.csv", table.as_bytes())]);
    let outcome = workplace.run(&["analyze", "runs.csv", "--chart", "none", "--quiet"]);
    assert_eq!(outcome.exit_code, Some(0), "{}", outcome.stderr);
}
