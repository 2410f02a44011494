//! Documents of tools that benchplot has no reader for. They read like records and mean something else: a percentile is no
//! run, and a time may be in any unit.

use std::collections::HashSet;

use super::node::Node;

/// What a document is, with names that stand together in no other.
const MARKS: &[(&str, &[&str])] = &[
    ("results of pyperf", &["benchmarks", "runs", "warmups"]),
    ("results of pyperf", &["benchmarks", "runs", "calibrate_loops"]),
    ("results of pyperf", &["benchmarks", "runs", "perf_version"]),
    ("results of inference-perf", &["load_summary", "schedule_delay"]),
    ("results of rewrk", &["latency_avg", "requests_avg", "transfer_rate"]),
    ("results of guidellm", &["benchmarks", "scheduler_metrics"]),
    ("results of guidellm", &["benchmarks", "run_stats", "requests_per_second"]),
    ("results of guidellm", &["Run Id", "Successful Requests", "Successful Requests per second mean"]),
    ("results of Vitest's bench", &["files", "groups", "fullName"]),
    ("a part of Criterion's results; name its folder instead", &["group_id", "function_id", "full_id"]),
    ("a part of Criterion's results; name its folder instead", &["sample_measured_value", "iteration_count"]),
    ("results of AIPerf", &["aiperf_version"]),
    ("requests of AIPerf", &["x_request_id", "credit_issued_ns"]),
    ("results of AIPerf", &["Metric", "avg", "sum", "p1", "p5"]),
    ("requests of Goose", &["coordinated_omission_elapsed", "final_url"]),
    ("results of fio", &["fio version", "jobs"]),
    ("results of iperf3", &["start", "intervals", "sum_received"]),
    ("results of memtier_benchmark", &["ALL STATS", "configuration"]),
    ("results of mitata", &["layout", "benchmarks"]),
    ("percentiles of one run", &["Percentile", "Avg Latency"]),
];

/// How many records are looked at: those after them are of the same kind.
const LOOKED_AT: usize = 50;

/// What records of these names are, where that is known and they can't be read; names may be column names of a table, too.
pub(crate) fn named<S: AsRef<str>>(names: &[S]) -> Option<&'static str> {
    let names: HashSet<&str> = names.iter().map(|name| name.as_ref().trim()).collect();
    told(&names)
}

/// As [`named`], of the names at any depth of these records.
pub(crate) fn known<'n>(records: impl Iterator<Item = &'n Node>) -> Option<&'static str> {
    let mut names = HashSet::new();
    records.take(LOOKED_AT).for_each(|node| gather(node, &mut names));
    told(&names)
}

fn told(names: &HashSet<&str>) -> Option<&'static str> {
    MARKS.iter().find(|(_, marks)| marks.iter().all(|mark| names.contains(mark))).map(|(what, _)| *what)
}

fn gather<'n>(node: &'n Node, names: &mut HashSet<&'n str>) {
    match node {
        Node::Scalar(_) => {}
        Node::Array(elements) => elements.iter().take(LOOKED_AT).for_each(|element| gather(element, names)),
        Node::Object(members) => {
            for (name, node) in members {
                names.insert(name);
                gather(node, names);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_seen_together_and_at_any_depth() {
        assert_eq!(named(&["latency_avg", "requests_avg", "transfer_rate"]), Some("results of rewrk"));
        assert_eq!(named(&["latency_avg", "requests_avg"]), None);
        let inner = Node::Object(vec![("aiperf_version".to_owned(), Node::Array(Vec::new()))]);
        let outer = Node::Array(vec![Node::Object(vec![("a".to_owned(), inner)])]);
        assert_eq!(known([&outer].into_iter()), Some("results of AIPerf"));
    }
}
