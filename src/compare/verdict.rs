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

/// What the interval has to leave out, too, as a share of the margin: a difference of this size is not called better or
/// worse in more than a half of alpha.
const CLEAR: f64 = 0.5;

impl Decision {
    /// The logarithm of the smallest ratio that matters. Its inverse matters too, so that swapping the sides flips a
    /// verdict.
    pub fn margin(&self) -> f64 {
        self.min_effect.ln_1p()
    }

    /// The logarithm of the ratio that an interval has to leave out for a verdict of better or worse.
    pub fn clear_margin(&self) -> f64 {
        CLEAR * self.margin()
    }

    /// Whether an interval lies clear of what is too small to matter, on the side of its estimate.
    pub fn is_clear(&self, estimate: f64, (low, high): (f64, f64)) -> bool {
        let nearest = if estimate < 0.0 { -high } else { low };
        self.clear_margin() < nearest
    }

    /// The verdict on the logarithm of a ratio of candidate over baseline with its interval.
    ///
    /// The candidate is equivalent where the whole interval lies within the margins; it is better or worse where
    /// the difference is real, the ratio itself lies beyond the margins, and the interval is clear of what is too small to
    /// matter. Everything else, a ratio without an interval, and every difference of a metric whose direction is not clear
    /// is inconclusive. `is_real` says whether the difference survives what is asked of it beside the interval.
    pub fn verdict(&self, estimate: f64, interval: Option<(f64, f64)>, is_real: bool, direction: Direction) -> Verdict {
        let Some((low, high)) = interval else { return Verdict::Inconclusive };
        let margin = self.margin();
        if -margin <= low && high <= margin {
            return Verdict::Equivalent;
        }
        let lower = if !is_real || !self.is_clear(estimate, (low, high)) {
            Verdict::Inconclusive
        } else if estimate <= -margin {
            Verdict::Better
        } else if margin <= estimate {
            Verdict::Worse
        } else {
            Verdict::Inconclusive
        };
        match direction {
            Direction::LowerIsBetter => lower,
            Direction::HigherIsBetter => lower.flipped(),
            Direction::Unclear => Verdict::Inconclusive,
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
            (1.10, Some((1.01, 1.2)), Verdict::Inconclusive),
            (0.90, Some((0.80, 1.01)), Verdict::Inconclusive),
            (1.00, Some((0.80, 1.25)), Verdict::Inconclusive),
            (0.50, None, Verdict::Inconclusive),
        ];
        for (ratio, interval, expected) in table {
            let ratio: f64 = ratio;
            let interval = interval.map(|(low, high): (f64, f64)| (low.ln(), high.ln()));
            let verdict =
                |estimate: f64, interval, direction| Decision::default().verdict(estimate, interval, true, direction);
            let found = verdict(ratio.ln(), interval, Direction::LowerIsBetter);
            assert_eq!(found, expected, "{ratio} {interval:?}");
            let throughput = verdict(ratio.ln(), interval, Direction::HigherIsBetter);
            assert_eq!(throughput, expected.flipped(), "{ratio} {interval:?}");
            let swapped = interval.map(|(low, high)| (-high, -low));
            let swapped = verdict(-ratio.ln(), swapped, Direction::LowerIsBetter);
            assert_eq!(swapped, expected.flipped(), "swapped {ratio} {interval:?}");
        }
    }

    #[test]
    fn what_does_not_survive_is_not_called_better_or_worse() {
        let verdict =
            |estimate, interval| Decision::default().verdict(estimate, Some(interval), false, Direction::LowerIsBetter);
        assert_eq!(verdict(0.3, (0.2, 0.4)), Verdict::Inconclusive);
        assert_eq!(verdict(0.0, (-0.01, 0.01)), Verdict::Equivalent);
    }
}
