//! Why the data itself forbids to say more of a series.

use super::change::{Basis, Change};
use crate::language::Language;

/// A reason that does not lie in the numbers but in how they were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// One run on a side.
    OneRun,
    /// No value differs from another.
    NoNoise,
    /// Too few iterations.
    FewIterations,
    /// The sides have different levels.
    NoCommonLevel,
    /// There are runs, and no value that can be compared.
    NothingToCompare,
}

impl Reason {
    /// Why a row has no interval; `None` where it has one.
    pub(super) fn of_untested(row: &Change) -> Option<Self> {
        let fewest = row.baseline?.n.min(row.candidate?.n);
        match row.basis {
            _ if row.is_tested() => None,
            Basis::Samples => Some(Self::FewIterations),
            Basis::Runs if fewest <= row.levels => Some(Self::OneRun),
            Basis::Runs => Some(Self::NoNoise),
            Basis::Requests => None,
        }
    }

    /// The sentence.
    pub(super) fn say(self, language: Language) -> String {
        let (english, chinese) = match self {
            Self::OneRun => {
                ("a side has one run: a difference can't be told from noise", "一侧只有一次运行：无法区分差异与噪声")
            }
            Self::NoNoise => (
                "no run differs from another: nothing is known of the noise",
                "各次运行的数值完全相同：无法知道噪声大小",
            ),
            Self::FewIterations => (
                "too few iterations, or a clock too coarse, to know how much they vary",
                "迭代次数太少，或时钟太粗：无法知道其波动",
            ),
            Self::NoCommonLevel => ("the sides have no level in common", "两侧没有共同的级别"),
            Self::NothingToCompare => (
                "it has runs, and no value that can be compared: all or most requests failed, a time is zero, or the tool does not say",
                "有运行记录，但没有可比较的数值：全部或大多数请求失败，有时间为零，或工具未给出",
            ),
        };
        language.pick(english, chinese).to_owned()
    }
}
