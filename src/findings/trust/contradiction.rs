//! Records that contradict themselves: times, counts and averages that can't all be true.

use serde_json::json;

use crate::findings::places::frameworks;
use crate::findings::wording::{Wording, count, significant};
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::{CellKey, Column, Run};
use crate::stats::is_close;

/// The numbers of a record do not fit together.
pub(super) struct Contradiction;

/// How many records a message names.
const NAMED: usize = 3;

impl Rule for Contradiction {
    fn id(&self) -> &'static str {
        "contradiction"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let words = evidence.wording();
        let reason = |run| average(run, words).or_else(|| counts(run, words));
        let found: Vec<(&Run, String)> = evidence.runs.iter().filter_map(|run| Some((run, reason(run)?))).collect();
        let Some((_, first)) = found.first() else { return Vec::new() };
        let frameworks = frameworks(found.iter().map(|(run, _)| CellKey::of(run)), evidence);
        let named = words.list(found.iter().take(NAMED).map(|(run, _)| run.source.as_str()));
        let and_more = match found.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => words.say(format!(" and {more} more"), format!(" 等 {} 处", found.len())),
        };
        vec![Finding::trust(
            self,
            Severity::Warning,
            frameworks,
            words.say(
                format!(
                    "{} with numbers that can't all be true, at {named}{and_more}; in the first, {first}",
                    count(found.len(), "record")
                ),
                format!("{} 条记录的数字自相矛盾，位于 {named}{and_more}；第一条中，{first}", found.len()),
            ),
            words.say(
                "The records are used as they are. Check what their columns mean and which unit they have; a unit can \
                 be part of a column's name (total_time_ms) or be given with --map (total_time=COLUMN:ms).",
                "记录按原样使用。请检查各列的含义和单位；单位可以写在列名中（total_time_ms），也可以用 --map 指定\
                 （total_time=COLUMN:ms）。",
            ),
            json!({
                "records": found
                    .iter()
                    .map(|(run, reason)| json!({"source": run.source, "reason": reason}))
                    .collect::<Vec<_>>(),
            }),
        )]
    }
}

/// `avg_time_per_request × requests_count` is `total_time`, or times the concurrency where the average is a latency;
/// the latter is settled when a record is read.
fn average(run: &Run, words: Wording<'_>) -> Option<String> {
    let is_read = ![Column::TotalTime, Column::RequestsCount, Column::AvgTimePerRequest]
        .into_iter()
        .any(|column| run.is_derived(column));
    let (average, total, requests) = (run.avg_time_per_request?, run.total_time?, run.requests_count? as f64);
    if !is_read || is_close(average * requests, total) {
        return None;
    }
    let factor = average * requests / total;
    let unit = [1e-6, 1e-3, 1e3, 1e6].into_iter().find(|unit| is_close(factor, *unit));
    // Near a concurrency of a thousand a mistaken unit and a mean latency look alike, and neither is taken for granted.
    let is_latency = run.concurrency.is_some_and(|concurrency| is_close(factor, f64::from(concurrency)));
    let hint = unit.map_or_else(String::new, |unit| {
        let (what, name) = if unit < 1.0 { ("total_time", unit.recip()) } else { ("avg_time_per_request", unit) };
        let (unit, chinese) = if name < 1e4 { ("milliseconds", "毫秒") } else { ("microseconds", "微秒") };
        if is_latency {
            return words.say(
                format!(", so {what} is either in {unit} or a mean latency, concurrency × total_time / requests_count"),
                format!("，看来 {what} 的单位是{chinese}，或者它是平均延迟，即并发数 × total_time / requests_count"),
            );
        }
        words.say(format!(", so {what} seems to be in {unit}"), format!("，看来 {what} 的单位是{chinese}"))
    });
    let [product, total, factor] =
        [(average * requests, 4), (total, 4), (factor, 3)].map(|(number, digits)| significant(number, digits));
    Some(words.say(
        format!(
            "avg_time_per_request × requests_count is {product} s and total_time {total} s, {factor} times as far{hint}"
        ),
        format!(
            "avg_time_per_request × requests_count 为 {product} s，而 total_time 为 {total} s，相差 {factor} 倍{hint}"
        ),
    ))
}

fn counts(run: &Run, words: Wording<'_>) -> Option<String> {
    let requests = run.requests_count?;
    let success = run.success_count.filter(|success| requests < *success);
    let errors = run.error_count.filter(|errors| requests < *errors);
    let sum = run.success_count.zip(run.error_count).and_then(|(success, errors)| success.checked_add(errors));
    match (success, errors, sum) {
        (Some(success), _, _) => Some(words.say(
            format!("{success} of {requests} requests succeeded"),
            format!("{requests} 个请求中有 {success} 个成功"),
        )),
        (_, Some(errors), _) => {
            Some(words.say(
                format!("{errors} of {requests} requests failed"),
                format!("{requests} 个请求中有 {errors} 个失败"),
            ))
        }
        (_, _, Some(sum)) if sum != requests => Some(words.say(
            format!("success_count and error_count add up to {sum} and requests_count is {requests}"),
            format!("success_count 与 error_count 之和为 {sum}，而 requests_count 为 {requests}"),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    const ENGLISH: Wording<'_> = Wording { language: Language::English, axis: "concurrency" };

    fn run(average: f64, total: f64, requests: u64) -> Run {
        Run {
            avg_time_per_request: Some(average),
            total_time: Some(total),
            requests_count: Some(requests),
            ..Run::default()
        }
    }

    #[test]
    fn an_average_that_fits_is_no_contradiction() {
        for run in [run(0.1, 4.0, 40), run(0.102, 4.1, 40), run(0.1, 4.7, 40)] {
            assert_eq!(average(&run, ENGLISH), None, "{run:?}");
        }
    }

    #[test]
    fn a_unit_that_was_mistaken_is_named() {
        assert!(
            average(&run(100.0, 4.0, 40), ENGLISH)
                .unwrap()
                .ends_with("avg_time_per_request seems to be in milliseconds")
        );
        assert!(average(&run(0.1, 4000.0, 40), ENGLISH).unwrap().ends_with("total_time seems to be in milliseconds"));
        assert!(average(&run(1.0, 4.0, 40), ENGLISH).unwrap().ends_with("10 times as far"));
    }

    #[test]
    fn near_a_thousand_a_unit_and_a_mean_latency_look_alike() {
        let unsure = Run { concurrency: Some(1000), ..run(100.0, 4.0, 40) };
        assert!(average(&unsure, ENGLISH).unwrap().contains("either in milliseconds or a mean latency"));
        let latency = Run { concurrency: Some(1000), ..run(0.1, 4000.0, 40) };
        assert!(average(&latency, ENGLISH).unwrap().ends_with("total_time seems to be in milliseconds"));
    }

    #[test]
    fn counts_must_add_up() {
        let counted = |success, errors| Run {
            requests_count: Some(10),
            success_count: success,
            error_count: errors,
            ..Run::default()
        };
        assert_eq!(counts(&counted(Some(9), Some(1)), ENGLISH), None);
        assert_eq!(counts(&counted(None, None), ENGLISH), None);
        assert!(counts(&counted(Some(11), None), ENGLISH).is_some());
        assert!(counts(&counted(None, Some(11)), ENGLISH).is_some());
        assert!(counts(&counted(Some(9), Some(2)), ENGLISH).is_some());
    }
}
