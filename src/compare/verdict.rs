//! Better, worse, equivalent or inconclusive.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::Direction;

/// What can be said of a candidate against its baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The difference is real, and large enough to matter.
    Better,
    /// The difference is real, and large enough to matter.
    Worse,
    /// Any difference is too small to matter.
    Equivalent,
    /// The data does not say.
    Inconclusive,
}

impl Verdict {
    /// Its name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Equivalent => "equivalent",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// What it is with the sides swapped.
    pub const fn flipped(self) -> Self {
        match self {
            Self::Better => Self::Worse,
            Self::Worse => Self::Better,
            Self::Equivalent | Self::Inconclusive => self,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a verdict is reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The probability that an interval may miss the truth, between 0 and 1.
    pub alpha: f64,
    /// The smallest relative difference that matters, such as 0.05.
    pub min_effect: f64,
}

impl Decision {
    /// The verdict on a ratio of candidate over baseline with its interval.
    ///
    /// The margins are `1 + min_effect` and its inverse, so that swapping the sides flips the verdict. The candidate is
    /// equivalent where the whole interval lies inside of the margins; it differs where the interval leaves out 1 and the
    /// ratio itself lies outside of the margins. Everything else, and a ratio without an interval, is inconclusive.
    pub fn verdict(&self, ratio: f64, interval: Option<(f64, f64)>, direction: Direction) -> Verdict {
        let Some((low, high)) = interval else { return Verdict::Inconclusive };
        let margin = 1.0 + self.min_effect;
        if margin.recip() <= low && high <= margin {
            return Verdict::Equivalent;
        }
        let lower = if high < 1.0 && ratio <= margin.recip() {
            Verdict::Better
        } else if 1.0 < low && margin <= ratio {
            Verdict::Worse
        } else {
            Verdict::Inconclusive
        };
        match direction {
            Direction::LowerIsBetter => lower,
            Direction::HigherIsBetter => lower.flipped(),
        }
    }
}

impl Default for Decision {
    fn default() -> Self {
        Self { alpha: 0.05, min_effect: 0.05 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_on_times() {
        let table = [
            (0.80, Some((0.75, 0.85)), Verdict::Better),
            (1.25, Some((1.15, 1.35)), Verdict::Worse),
            (1.00, Some((0.97, 1.03)), Verdict::Equivalent),
            (1.02, Some((1.01, 1.03)), Verdict::Equivalent),
            (0.97, Some((0.94, 0.99)), Verdict::Inconclusive),
            (0.90, Some((0.80, 1.01)), Verdict::Inconclusive),
            (1.00, Some((0.80, 1.25)), Verdict::Inconclusive),
            (0.50, None, Verdict::Inconclusive),
        ];
        for (ratio, interval, expected) in table {
            let verdict = Decision::default().verdict(ratio, interval, Direction::LowerIsBetter);
            assert_eq!(verdict, expected, "{ratio} {interval:?}");
            let throughput = Decision::default().verdict(ratio, interval, Direction::HigherIsBetter);
            assert_eq!(throughput, expected.flipped(), "{ratio} {interval:?}");
            let swapped = interval.map(|(low, high): (f64, f64)| (high.recip(), low.recip()));
            let swapped = Decision::default().verdict(ratio.recip(), swapped, Direction::LowerIsBetter);
            assert_eq!(swapped, expected.flipped(), "swapped {ratio} {interval:?}");
        }
    }
}
