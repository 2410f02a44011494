//! Frameworks that were measured with different tools. Tools differ in what they count, when they start their clocks and
//! how much load they can make, so such a comparison is also one of tools.

use indexmap::{IndexMap, IndexSet};
use serde_json::json;

use crate::findings::tools::family;
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::SeriesRuns;

/// Not all frameworks of a comparison come from the same tools.
pub(super) struct MixedTools;

impl Rule for MixedTools {
    fn id(&self) -> &'static str {
        "mixed-tools"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let tools_in = |scenario| -> Vec<(&str, IndexSet<&str>)> {
            let all =
                evidence.runs.in_scenario(scenario).map(|series| (series.key().framework.as_str(), tools(series)));
            all.filter(|(_, tools)| !tools.is_empty()).collect()
        };
        let is_mixed = |frameworks: &[(&str, IndexSet<&str>)]| {
            let mut sets = frameworks.iter().map(|(_, tools)| tools);
            let first = sets.next();
            // Either two frameworks differ, or all were measured with the same several tools, which are mixed in each cell.
            sets.any(|tools| Some(tools) != first) || first.is_some_and(|tools| 1 < tools.len())
        };
        let scenarios = evidence.runs.scenarios().into_iter().map(|scenario| (scenario, tools_in(scenario)));
        let mixed: Vec<_> = scenarios.filter(|(_, frameworks)| is_mixed(frameworks)).collect();
        let Some((_, worst)) = mixed.first() else { return Vec::new() };
        let words = evidence.wording();
        let mut by_tools: IndexMap<Vec<&str>, Vec<&str>> = IndexMap::new();
        for (framework, tools) in worst {
            by_tools.entry(tools.iter().copied().collect()).or_default().push(framework);
        }
        let groups: Vec<String> = by_tools
            .iter()
            .map(|(tools, frameworks)| {
                let (tools, frameworks) = (words.list(tools), words.list(frameworks));
                words.say(format!("{frameworks} with {tools}"), format!("{frameworks} 使用 {tools}"))
            })
            .collect();
        let groups = groups.join(&words.say("; ", "；"));
        vec![Finding::trust(
            self,
            Severity::Warning,
            Vec::new(),
            words.say(
                format!("what is compared was measured with different tools: {groups}"),
                format!("所比较的内容由不同工具测得：{groups}"),
            ),
            words.say(
                "Tools count requests, errors and time in their own ways, and differ in the load they can make. Compare runs of \
                 one tool and version; `own` is a table of records that does not name its tool.",
                "各工具对请求、错误和时间的统计方式不同，能产生的负载也不同。请只比较同一工具同一版本的运行；own 表示没有写明工具的\
                 记录表。",
            ),
            json!({
                "scenarios": mixed
                    .iter()
                    .map(|(scenario, frameworks)| json!({
                        "scenario": scenario,
                        "tools": frameworks
                            .iter()
                            .map(|(name, tools)| ((*name).to_owned(), json!(tools.iter().collect::<Vec<_>>())))
                            .collect::<serde_json::Map<_, _>>(),
                    }))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}

/// The tools that a series was measured with.
fn tools(series: SeriesRuns<'_>) -> IndexSet<&str> {
    series.iter().filter(|run| !run.is_dead()).map(family).collect()
}
