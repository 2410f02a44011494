//! Whether the two sides of a comparison can be compared at all. These are no rules of their own: they look at two sets of
//! runs, where a rule looks at one.

use std::collections::BTreeSet;

use serde_json::json;

use super::wording::{Wording, members};
use super::{Finding, Kind, Severity};
use crate::compare::{Basis, MeasuredSide, Outcome, SideChanges};
use crate::language::Language;
use crate::record::{Column, Run};

/// What speaks against comparing these two sides, and how far: other tools, levels or numbers of requests, one run a side,
/// the same runs on both.
pub fn between_sides(
    baseline: &MeasuredSide,
    candidate: &MeasuredSide,
    found: &SideChanges,
    language: Language,
) -> Vec<Finding> {
    let words = Words {
        wording: Wording { language, axis: Column::Concurrency.name() },
        baseline: &baseline.label,
        candidate: &candidate.label,
    };
    let mut findings: Vec<Finding> = [
        words.same_runs(baseline, candidate),
        words.single_runs(found),
        words.iterations(found),
        words.machines(baseline, candidate),
        words.tools(baseline, candidate),
        words.levels(baseline, candidate),
        words.requests(baseline, candidate),
        words.one_sided(found),
        words.by_scenario(found),
    ]
    .into_iter()
    .flatten()
    .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// How many names a sentence lists.
const NAMED: usize = 5;

struct Words<'a> {
    wording: Wording<'a>,
    baseline: &'a str,
    candidate: &'a str,
}

impl Words<'_> {
    fn finding(
        &self,
        id: &str,
        severity: Severity,
        [english, chinese]: [String; 2],
        [advice, advice_chinese]: [&str; 2],
        evidence: serde_json::Value,
    ) -> Finding {
        let mut evidence = members(evidence);
        evidence.insert("baseline".into(), self.baseline.into());
        evidence.insert("candidate".into(), self.candidate.into());
        Finding {
            id: id.to_owned(),
            kind: Kind::Trust,
            severity,
            frameworks: Vec::new(),
            rests_on: Vec::new(),
            message: self.wording.say(english, chinese),
            advice: self.wording.say(advice, advice_chinese),
            evidence,
        }
    }

    fn names<T: ToString>(&self, items: &[T]) -> String {
        let mut names: Vec<String> = items.iter().take(NAMED).map(T::to_string).collect();
        if NAMED < items.len() {
            let more = items.len() - NAMED;
            names.push(self.wording.say(format!("{more} more"), format!("另外 {more} 个")));
        }
        self.wording.list(names)
    }

    /// A copy of the baseline is no candidate.
    fn same_runs(&self, baseline: &MeasuredSide, candidate: &MeasuredSide) -> Option<Finding> {
        let measures =
            |run: &Run| (run.total_time.map(f64::to_bits), run.avg_time_per_request.map(f64::to_bits), run.timestamp);
        let of = |side: &MeasuredSide| -> Vec<_> { side.runs.iter().map(measures).collect() };
        let (a, b) = (of(baseline), of(candidate));
        let says_something = a.iter().any(|(total, average, _)| total.is_some() || average.is_some());
        (says_something && a == b).then(|| {
            let runs = a.len();
            self.finding(
                "same-runs",
                Severity::Warning,
                [
                    format!("{} and {} hold the same {runs} runs: nothing is compared", self.baseline, self.candidate),
                    format!("{} 与 {} 是相同的 {runs} 次运行：没有可比较的内容", self.baseline, self.candidate),
                ],
                ["Check which files the two sides are read from.", "检查两侧读取的是哪些文件。"],
                json!({"runs": runs}),
            )
        })
    }

    /// One run a side is no evidence.
    fn single_runs(&self, found: &SideChanges) -> Option<Finding> {
        let rows = || found.changes.iter().filter(|row| row.is_overall() && row.basis == Basis::Runs);
        let both = || rows().filter(|row| row.baseline.is_some() && row.candidate.is_some());
        let untested: BTreeSet<String> =
            both().filter(|row| !row.is_tested()).map(|row| row.key().to_string()).collect();
        let all: BTreeSet<String> = both().map(|row| row.key().to_string()).collect();
        (!untested.is_empty()).then(|| {
            let (count, of) = (untested.len(), all.len());
            let names = self.names(&untested.iter().collect::<Vec<_>>());
            self.finding(
                "no-repetitions",
                if count == of { Severity::Critical } else { Severity::Warning },
                [
                    format!("{count} of {of} series can't be told from noise, as a side has one run or runs without any spread: {names}"),
                    format!("{of} 个系列中有 {count} 个无法与噪声区分，因为一侧只有一次运行或各次运行毫无波动：{names}"),
                ],
                [
                    "Run both sides at least 5 times, best in turn, and give benchplot all results.",
                    "两侧至少各运行 5 次，最好交替进行，并把全部结果交给 benchplot。",
                ],
                json!({"series": of, "untested": count}),
            )
        })
    }

    /// Iterations of one process do not show how processes differ.
    fn iterations(&self, found: &SideChanges) -> Option<Finding> {
        let rows = found.changes.iter().filter(|row| row.is_overall() && row.basis == Basis::Samples);
        let count = rows.count();
        (0 < count).then(|| {
            self.finding(
                "single-process",
                Severity::Warning,
                [
                    format!("{count} series have one run a side, and their iterations are compared: how much one process differs from the next isn't seen"),
                    format!("{count} 个系列每侧只有一次运行，比较的是其中的各次迭代：看不到进程之间的差异"),
                ],
                [
                    "Run the benchmark several times on each side and give benchplot all files; then whole runs are compared.",
                    "每侧多次运行基准测试，并把全部文件交给 benchplot；这样比较的就是完整的运行。",
                ],
                json!({"series": count}),
            )
        })
    }

    fn machines(&self, baseline: &MeasuredSide, candidate: &MeasuredSide) -> Option<Finding> {
        let (a, b) = (&baseline.machines, &candidate.machines);
        (!a.is_empty() && !b.is_empty() && a != b).then(|| {
            let list = |machines: &BTreeSet<String>| machines.iter().cloned().collect::<Vec<_>>().join("; ");
            let (of_a, of_b) = (list(a), list(b));
            self.finding(
                "different-machines",
                Severity::Critical,
                [
                    format!(
                        "{} was measured on {of_a} and {} on {of_b}: the difference may be that of the machines",
                        self.baseline, self.candidate
                    ),
                    format!(
                        "{} 在 {of_a} 上测量，{} 在 {of_b} 上测量：差异可能来自机器本身",
                        self.baseline, self.candidate
                    ),
                ],
                ["Measure both sides on the same machine.", "在同一台机器上测量两侧。"],
                json!({"of_baseline": a, "of_candidate": b}),
            )
        })
    }

    fn tools(&self, baseline: &MeasuredSide, candidate: &MeasuredSide) -> Option<Finding> {
        let tools = |side: &MeasuredSide| side.runs.iter().map(|run| run.tool.clone()).collect::<BTreeSet<String>>();
        let (a, b) = (tools(baseline), tools(candidate));
        (a != b).then(|| {
            let (of_a, of_b) = (self.wording.list(&a), self.wording.list(&b));
            self.finding(
                "different-tools",
                Severity::Warning,
                [
                    format!(
                        "{} was measured by {of_a} and {} by {of_b}: tools differ in what they count and time",
                        self.baseline, self.candidate
                    ),
                    format!(
                        "{} 由 {of_a} 测量，{} 由 {of_b} 测量：不同工具的计数与计时方式不同",
                        self.baseline, self.candidate
                    ),
                ],
                ["Measure both sides with the same tool and options.", "用相同的工具和选项测量两侧。"],
                json!({"of_baseline": a, "of_candidate": b}),
            )
        })
    }

    fn levels(&self, baseline: &MeasuredSide, candidate: &MeasuredSide) -> Option<Finding> {
        let levels =
            |side: &MeasuredSide| side.runs.iter().filter_map(|run| run.concurrency).collect::<BTreeSet<u32>>();
        let (a, b) = (levels(baseline), levels(candidate));
        let only_a: Vec<u32> = a.difference(&b).copied().collect();
        let only_b: Vec<u32> = b.difference(&a).copied().collect();
        (!only_a.is_empty() || !only_b.is_empty()).then(|| {
            let (of_a, of_b) = (self.names(&only_a), self.names(&only_b));
            self.finding(
                "different-levels",
                Severity::Warning,
                [
                    format!(
                        "{} alone has the levels {of_a}, and {} alone {of_b}: the others are compared",
                        self.baseline, self.candidate
                    ),
                    format!(
                        "仅 {} 有的级别：{of_a}；仅 {} 有的级别：{of_b}。只比较其余级别",
                        self.baseline, self.candidate
                    ),
                ],
                ["Measure both sides at the same levels.", "在相同的级别上测量两侧。"],
                json!({"only_baseline": only_a, "only_candidate": only_b}),
            )
        })
    }

    /// Other amounts of work, where a run is a fixed amount of it: benchmarks choose their iterations themselves.
    fn requests(&self, baseline: &MeasuredSide, candidate: &MeasuredSide) -> Option<Finding> {
        let counts = |side: &MeasuredSide| -> Option<BTreeSet<u64>> {
            let counts: BTreeSet<u64> =
                side.runs.iter().filter(|run| !run.is_dead()).filter_map(|run| run.requests_count).collect();
            // Many different numbers are those of runs of a fixed time.
            (!counts.is_empty() && counts.len() <= NAMED).then_some(counts)
        };
        let (a, b) = (counts(baseline)?, counts(candidate)?);
        (a != b).then(|| {
            let list = |counts: &BTreeSet<u64>| self.wording.list(counts);
            self.finding(
                "different-requests",
                Severity::Notice,
                [
                    format!(
                        "runs of {} made {} requests and those of {} {}: total times are not compared unless asked for",
                        self.baseline,
                        list(&a),
                        self.candidate,
                        list(&b)
                    ),
                    format!(
                        "{} 的运行发出 {} 个请求，{} 的运行发出 {} 个：除非指定，否则不比较总时间",
                        self.baseline,
                        list(&a),
                        self.candidate,
                        list(&b)
                    ),
                ],
                ["Give both sides the same work.", "让两侧完成相同的工作量。"],
                json!({"of_baseline": a, "of_candidate": b}),
            )
        })
    }

    fn one_sided(&self, found: &SideChanges) -> Option<Finding> {
        let of = |outcome: Outcome| -> BTreeSet<String> {
            found.changes.iter().filter(|row| row.outcome == outcome).map(|row| row.key().to_string()).collect()
        };
        let missing = of(Outcome::Missing);
        (!missing.is_empty()).then(|| {
            let names = self.names(&missing.iter().collect::<Vec<_>>());
            self.finding(
                "missing-series",
                Severity::Warning,
                [
                    format!("{} lacks {} of what {} has: {names}", self.candidate, missing.len(), self.baseline),
                    format!("{} 缺少 {} 中的 {} 项：{names}", self.candidate, self.baseline, missing.len()),
                ],
                [
                    "If names changed, say so with --rename or --match; if a benchmark is gone, look why.",
                    "如果名称有变，请用 --rename 或 --match 说明；如果基准测试消失，请查明原因。",
                ],
                json!({"missing": missing.len()}),
            )
        })
    }

    fn by_scenario(&self, found: &SideChanges) -> Option<Finding> {
        found.is_by_scenario.then(|| {
            self.finding(
                "matched-by-scenario",
                Severity::Info,
                [
                    "each side has one framework with a name of its own; they are taken for the same".to_owned(),
                    "两侧各有一个名称不同的框架；将其视为同一个".to_owned(),
                ],
                ["Say it with --rename if it is not so.", "如果并非如此，请用 --rename 说明。"],
                json!({}),
            )
        })
    }
}
