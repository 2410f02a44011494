//! What came of testing a gate.

use std::io::{self, Write};

use super::super::words::Words;
use super::percent;
use crate::compare::{SelfTest, Tested};
use crate::language::Language;

/// Writes what came of the self-test of one candidate's gate.
///
/// # Errors
///
/// When the sink fails.
pub fn write_self_test(test: &SelfTest, candidate: &str, language: Language, mut sink: impl Write) -> io::Result<()> {
    let words = Words(language);
    match test.guarded {
        0 => writeln!(
            sink,
            "{}",
            words.pick(
                format!("{candidate}: there is no series that fails where it is worse and whose noise is known"),
                format!("{candidate}：没有任何系列既受“变差即失败”保护、又已知噪声"),
            )
        )?,
        _ => regression(test, candidate, words, &mut sink)?,
    }
    for rule in &test.rules {
        let tested = match rule.tested {
            Tested::Trips => words.pick("trips", "会触发"),
            Tested::DoesNotTrip => words.pick("does not trip", "不会触发"),
            Tested::NotTested => words.pick("not tested", "未测试"),
        };
        writeln!(sink, "{tested}  {}", rule.rule)?;
    }
    let verdict = if test.is_proven {
        words.pick("the gate can fail", "门禁能够失败")
    } else {
        words.pick("the gate can not be shown to fail", "无法证明门禁能够失败")
    };
    writeln!(sink, "{verdict}")
}

fn regression(test: &SelfTest, candidate: &str, words: Words, sink: &mut impl Write) -> io::Result<()> {
    let (size, seen, guarded) = (percent(test.size), test.seen, test.guarded);
    writeln!(
        sink,
        "{}",
        words.pick(
            format!(
                "{candidate} made slower than the baseline by {size}: seen in {seen} of {guarded} guarded series and metrics"
            ),
            format!("让 {candidate} 比基线慢 {size}：在 {guarded} 个受保护的系列和指标中，发现了 {seen} 个"),
        )
    )?;
    let least = |size: Option<f64>| {
        size.map_or_else(|| words.pick("none up to elevenfold times", "直到十一倍时间都没有").to_owned(), percent)
    };
    let (anywhere, everywhere) = (least(test.smallest_anywhere), least(test.smallest_everywhere));
    writeln!(
        sink,
        "{}",
        words.pick(
            format!("the smallest slowdown that is seen anywhere: {anywhere}; in all of them: {everywhere}"),
            format!("任何一处能发现的最小变慢：{anywhere}；全部都能发现的最小变慢：{everywhere}"),
        )
    )
}
