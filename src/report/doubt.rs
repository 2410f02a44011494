//! Trust findings in a few words each, for the first lines of a report.

use super::words::Words;

/// What each rule finds, in English and Chinese.
const SHORT: &[(&str, &str, &str)] = &[
    ("coarse-clock", "a coarse clock", "时钟精度不足"),
    ("contradiction", "contradictory numbers", "数字自相矛盾"),
    ("coordinated-omission", "latencies that leave out waiting", "延迟未计入等待"),
    ("dead-run", "runs without a success", "有的运行没有成功请求"),
    ("drift", "drift over time", "随时间漂移"),
    ("error-rate", "failed requests", "有请求失败"),
    ("errors-in-throughput", "throughput that counts errors", "吞吐量包含错误"),
    ("few-repetitions", "too few repetitions", "重复次数太少"),
    ("high-variation", "high variation", "波动大"),
    ("identical-runs", "identical runs", "运行结果完全相同"),
    ("impossible-latencies", "impossible latencies", "不可能的延迟"),
    ("littles-law", "numbers that contradict Little's law", "违背利特尔法则"),
    ("measured-apart", "frameworks measured at different times", "测量时间相隔太久"),
    ("measured-in-blocks", "frameworks measured one after the other", "框架依次测量而未轮换"),
    ("missing-cell", "missing levels", "缺少级别"),
    ("mixed-axis", "different kinds of levels", "级别含义不同"),
    ("mixed-tools", "different tools", "使用了不同工具"),
    ("one-level", "one level only", "只有一个级别"),
    ("outlier", "outliers", "有离群值"),
    ("overlapping-runs", "overlapping runs", "运行时间重叠"),
    ("shared-plateau", "a limit shared by all frameworks", "各框架有共同上限"),
    ("short-run", "short runs", "运行时间太短"),
    ("stall", "stalls", "出现停顿"),
    ("uncounted-errors", "errors not counted", "未统计错误"),
    ("uneven-answers", "answers of different sizes", "响应大小不同"),
    ("uneven-levels", "uneven levels", "级别不一致"),
    ("uneven-work", "uneven amounts of work", "工作量不同"),
    ("unknown-concurrency", "unknown concurrency", "并发数未知"),
    ("warm-up", "warm-up included", "包含预热阶段"),
    ("warm-up-skipped", "warm-up left out", "已去除预热阶段"),
];

/// The few words for what a rule finds; its id where there are none.
pub(super) fn short(id: &str, words: Words) -> String {
    let known = SHORT.iter().find(|(known, _, _)| *known == id);
    known.map_or_else(|| id.to_owned(), |(_, english, chinese)| words.pick(*english, *chinese).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::trust_rules;

    #[test]
    fn every_rule_on_trust_has_its_few_words() {
        let missing: Vec<&str> = trust_rules().filter(|id| !SHORT.iter().any(|(known, _, _)| known == id)).collect();
        assert!(missing.is_empty(), "SHORT has no words for {missing:?}");
    }
}
