//! The answer in one sentence: the headline of the main chart, and of whatever else begins with it.

use super::{Analysis, Answer};
use crate::compare::Verdict;

impl Analysis {
    /// Who is fastest, and from which level on; `None` where several scenarios have an answer each, or none has one.
    pub fn headline(&self) -> Option<String> {
        let [answer] = &self.answers[..] else { return None };
        let leader = &answer.leader;
        let lead = self.lead(answer)?;
        let slowest = answer.rivals.iter().rfind(|rival| rival.verdict == Verdict::Worse);
        let Some((rival, factor)) = slowest.and_then(|rival| Some((rival, rival.factor?))).filter(|_| lead.is_sure)
        else {
            return Some(lead.sentence);
        };
        let times = shown(factor);
        let name = &rival.framework;
        Some(self.language.pick(
            format!("{}; {name} takes {times} times as long as {leader}", lead.sentence),
            format!("{}; {name}的用时是{leader}的{times}倍", lead.sentence),
        ))
    }

    fn lead(&self, answer: &Answer) -> Option<Lead> {
        let Answer { leader, rivals, levels, has_repetitions, .. } = answer;
        let of = |is_sure, english, chinese| Some(Lead { is_sure, sentence: self.language.pick(english, chinese) });
        let undecided = rivals.iter().find(|rival| rival.verdict != Verdict::Worse);
        if rivals.is_empty() {
            return None;
        }
        if !has_repetitions {
            return of(
                false,
                format!("{leader} measured fastest; single runs can't tell whether that is real"),
                format!("{leader}测得最快; 单次运行无法判断是否真实"),
            );
        }
        let all = levels.len();
        let clear = levels.iter().filter(|level| level.is_clear).count();
        let at_the_end = levels.iter().rev().take_while(|level| level.is_clear);
        // Levels that are all above those where nothing can be said.
        let from = at_the_end.clone().last().filter(|_| at_the_end.count() == clear).map(|level| level.concurrency);
        match from {
            _ if clear == all && 1 < all => {
                of(true, format!("{leader} is fastest at every level"), format!("{leader}在所有级别都最快"))
            }
            Some(from) if 1 < all => {
                of(true, format!("{leader} is fastest from {from} on"), format!("{leader}从{from}起最快"))
            }
            None if 0 < clear && 1 < all => of(
                true,
                format!("{leader} is fastest at {clear} of {all} levels"),
                format!("{leader}在{all}个级别中的{clear}个最快"),
            ),
            _ => match undecided {
                None => of(true, format!("{leader} is fastest"), format!("{leader}最快")),
                Some(rival) => {
                    let name = &rival.framework;
                    of(
                        false,
                        format!("{leader} leads, but can't be told from {name}"),
                        format!("{leader}领先, 但与{name}没有可区分的差异"),
                    )
                }
            },
        }
    }
}

/// A sentence about the leader, and whether its lead is real.
struct Lead {
    is_sure: bool,
    sentence: String,
}

/// A factor with two digits behind the point below 10, and one or none above.
fn shown(factor: f64) -> String {
    match factor {
        small if small < 10.0 => format!("{small:.2}"),
        medium if medium < 100.0 => format!("{medium:.1}"),
        large => format!("{large:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{AnalysisOptions, LevelLead, Rival, analyze};
    use crate::language::Language;
    use crate::load::{Input, LoadOptions, load};
    use crate::record::Metric;

    fn headline(clear: &[bool], verdict: Verdict, has_repetitions: bool) -> Option<String> {
        let file = format!("{}/sample-data/results.json", env!("CARGO_MANIFEST_DIR"));
        let loaded = load(&[Input::parse(&file)], &LoadOptions::default(), &|_, _| {}).unwrap();
        let mut analysis = analyze(&loaded, &AnalysisOptions::default()).unwrap();
        let levels = clear.iter().enumerate().map(|(index, is_clear)| LevelLead {
            concurrency: 1 << index,
            factor: 2.0,
            is_clear: *is_clear,
            beaten_by: Vec::new(),
        });
        let rival = Rival { framework: "b".to_owned(), factor: Some(2.0), ci_low: None, ci_high: None, verdict };
        analysis.language = Language::English;
        analysis.answers = vec![Answer {
            scenario: String::new(),
            metric: Metric::AvgTimePerRequest,
            leader: "a".to_owned(),
            rivals: vec![rival],
            levels: levels.collect(),
            has_repetitions,
        }];
        analysis.headline()
    }

    #[test]
    fn no_more_is_said_than_the_levels_show() {
        let slower = "; b takes 2.00 times as long as a";
        let of = |clear: &[bool], verdict| headline(clear, verdict, true).unwrap();
        assert_eq!(of(&[true, true], Verdict::Worse), format!("a is fastest at every level{slower}"));
        assert_eq!(of(&[false, true, true], Verdict::Worse), format!("a is fastest from 2 on{slower}"));
        assert_eq!(of(&[true, false, true], Verdict::Worse), format!("a is fastest at 2 of 3 levels{slower}"));
        assert_eq!(of(&[], Verdict::Worse), format!("a is fastest{slower}"));
        assert_eq!(of(&[false, false], Verdict::Inconclusive), "a leads, but can't be told from b");
        let single = headline(&[true], Verdict::Inconclusive, false);
        assert_eq!(single.as_deref(), Some("a measured fastest; single runs can't tell whether that is real"));
    }
}
