//! The files that one run of Locust leaves beside each other, told by their names: `PREFIX_stats.csv`,
//! `PREFIX_stats_history.csv`, `PREFIX_failures.csv`, `PREFIX_exceptions.csv`, and often `PREFIX.json`.
//!
//! They speak of one run, and read as several they would look like repetitions of it. So in a folder one of them is read:
//! the history where it held several levels, else the JSON, which is written last, else the statistics.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::super::is_marked;
use super::LOCUST_JSON;
use super::history::levels;

/// Whether a file goes with another one that is read in its place.
pub(super) fn accompanies(path: &Path) -> bool {
    let Some((prefix, ending)) = split(path) else { return false };
    let beside = |ending: &str| path.with_file_name(format!("{prefix}{ending}"));
    let has_steps = || 1 < levels(&beside("_stats_history.csv")).len();
    match ending {
        "_failures.csv" | "_exceptions.csv" => beside("_stats.csv").is_file(),
        "_stats_history.csv" => beside("_stats.csv").is_file() && !has_steps(),
        "_stats.csv" => has_steps() || is_json(&beside(".json")),
        _ => is_json(path) && has_steps(),
    }
}

/// The number of users of the run that a file speaks of, where the history beside it held one.
pub(super) fn level(path: &Path) -> Option<u32> {
    let history: PathBuf = path.with_file_name(format!("{}_stats_history.csv", split(path)?.0));
    match levels(&history).as_slice() {
        [level] => Some(*level),
        _ => None,
    }
}

/// The prefix and the ending of a name that Locust gives.
fn split(path: &Path) -> Option<(&str, &'static str)> {
    const ENDINGS: [&str; 5] = ["_stats_history.csv", "_stats.csv", "_failures.csv", "_exceptions.csv", ".json"];
    let name = path.file_name().and_then(OsStr::to_str)?;
    ENDINGS.iter().find_map(|ending| Some((name.strip_suffix(ending)?, *ending)))
}

fn is_json(path: &Path) -> bool {
    is_marked(path, &LOCUST_JSON)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const HEADER: &str = "Timestamp,User Count,Type,Name,Total Request Count,Total Failure Count\n";

    #[test]
    fn of_the_files_of_one_run_one_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        fs::write(file("a_stats.csv"), "").unwrap();
        fs::write(file("a_stats_history.csv"), format!("{HEADER}1,8,,Aggregated,10,0\n2,8,,Aggregated,20,0\n"))
            .unwrap();
        assert_eq!(level(&file("a_stats.csv")), Some(8));
        assert!(!accompanies(&file("a_stats.csv")));
        assert!(accompanies(&file("a_stats_history.csv")) && accompanies(&file("a_failures.csv")));

        fs::write(file("a.json"), r#"[{"num_requests": 1, "response_times": {}}]"#).unwrap();
        assert!(accompanies(&file("a_stats.csv")) && !accompanies(&file("a.json")));

        let steps = "1,8,,Aggregated,10,0\n2,8,,Aggregated,20,0\n3,9,,Aggregated,30,0\n4,9,,Aggregated,40,0\n";
        fs::write(file("a_stats_history.csv"), format!("{HEADER}{steps}")).unwrap();
        assert_eq!(level(&file("a.json")), None);
        assert!(accompanies(&file("a_stats.csv")) && accompanies(&file("a.json")));
        assert!(!accompanies(&file("a_stats_history.csv")));
    }
}
