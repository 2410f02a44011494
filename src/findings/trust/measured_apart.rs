//! Frameworks that were measured one after the other, each in one go. What changed on the machine in between is then
//! taken for a difference between them.

use serde_json::json;

use crate::findings::wording::significant;
use crate::findings::{Evidence, Finding, Rule, Severity};
use crate::record::SeriesRuns;

/// The times at which two frameworks were measured do not even touch, and lie far apart.
pub(super) struct MeasuredApart;

/// Within an hour a machine left alone hardly changes; the drift rule sees it if it does. s
const LEAST: f64 = 3600.0;

/// When a framework was measured, µs since 1970.
#[derive(Clone, Copy)]
struct Span<'a> {
    framework: &'a str,
    first: i64,
    last: i64,
}

impl<'a> Span<'a> {
    fn of(series: SeriesRuns<'a>) -> Option<Self> {
        let moments = series.iter().filter(|run| !run.is_dead()).filter_map(|run| run.timestamp);
        Some(Self { framework: &series.key().framework, first: moments.clone().min()?, last: moments.max()? })
    }
}

impl Rule for MeasuredApart {
    fn id(&self) -> &'static str {
        "measured-apart"
    }

    fn check(&self, evidence: &Evidence<'_>) -> Vec<Finding> {
        let scenarios = evidence.runs.scenarios().into_iter();
        let widest = scenarios
            .filter_map(|scenario| widest_gap(evidence.runs.in_scenario(scenario).filter_map(Span::of).collect()));
        let Some((before, after, gap)) = widest.max_by(|a, b| a.2.total_cmp(&b.2)).filter(|(_, _, gap)| LEAST < *gap)
        else {
            return Vec::new();
        };
        let words = evidence.wording();
        let hours = significant(gap / 3600.0, 2);
        vec![Finding::trust(
            self,
            Severity::Notice,
            vec![before.to_owned(), after.to_owned()],
            words.say(
                format!("{after} was measured {hours} hours after {before}, and not in turns with it"),
                format!("{after} 在 {before} 之后 {hours} 小时才测量，两者没有轮流进行"),
            ),
            words.say(
                "What changed on the machine in between looks like a difference between them. Measure them in turns, one pass over all \
                 frameworks after the other.",
                "这期间机器上的任何变化看起来都像是它们之间的差异。请轮流测量，一轮跑完所有框架再开始下一轮。",
            ),
            json!({"gap": gap, "before": before, "after": after}),
        )]
    }
}

/// The longest time between the end of one span and the begin of the next, in which nothing was measured, s; with the
/// frameworks before and after it.
fn widest_gap(mut spans: Vec<Span<'_>>) -> Option<(&str, &str, f64)> {
    spans.sort_by_key(|span| (span.first, span.last));
    let mut latest = spans.first().copied()?;
    let mut widest: Option<(&str, &str, f64)> = None;
    for span in spans.into_iter().skip(1) {
        let gap = span.first.saturating_sub(latest.last) as f64 / 1e6;
        if widest.is_none_or(|(_, _, widest)| widest < gap) {
            widest = Some((latest.framework, span.framework, gap));
        }
        if latest.last < span.last {
            latest = span;
        }
    }
    widest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_between_all_before_and_all_after() {
        let span =
            |framework, first: i64, last: i64| Span { framework, first: first * 1_000_000, last: last * 1_000_000 };
        let gap = |spans: &[Span<'static>]| widest_gap(spans.to_vec());
        assert_eq!(gap(&[span("b", 50, 60), span("a", 0, 10)]), Some(("a", "b", 40.0)));
        assert_eq!(gap(&[span("a", 0, 100), span("b", 10, 20), span("c", 110, 120)]), Some(("a", "c", 10.0)));
        assert_eq!(gap(&[span("a", 0, 100)]), None);
        assert!(gap(&[span("a", 0, 100), span("b", 50, 150)]).is_some_and(|(_, _, gap)| gap < 0.0));
        assert_eq!(gap(&[]), None);
    }
}
