//! The histogram that hey and oha draw in their summaries: marks at equal distances, the smallest latency first and the
//! largest last, and behind each how many latencies lie above the mark before it and not above it.

use std::sync::Arc;

use crate::load::tabular::units;
use crate::record::ToolHistogram;

/// The bars of a histogram, as they are printed.
#[derive(Debug, Default)]
pub(super) struct Bars {
    bars: Vec<Bar>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Bar {
    /// s.
    mark: f64,
    /// By how much the mark may have been rounded, s.
    rounded: f64,
    count: u64,
}

impl Bars {
    /// Takes a line; one that is no bar changes nothing.
    pub(super) fn line(&mut self, line: &str) {
        self.bars.extend(Bar::of(line));
    }

    /// Forgets what there was: another histogram begins.
    pub(super) fn clear(&mut self) {
        self.bars.clear();
    }

    /// The histogram, with buckets as wide as the rounding of their marks makes them; `None` where there is no bar.
    pub(super) fn histogram(&self) -> Option<Arc<ToolHistogram>> {
        let mut histogram = ToolHistogram::default();
        let mut lower = None;
        for bar in &self.bars {
            let begin: f64 = lower.unwrap_or(bar.mark - bar.rounded);
            histogram.add(begin.max(0.0), bar.mark + bar.rounded, bar.count);
            lower = Some(bar.mark - bar.rounded);
        }
        (!histogram.is_empty()).then(|| Arc::new(histogram))
    }
}

impl Bar {
    /// `  0.003 [27]\t|■■■`, in seconds, or with a unit: `   1.455 ms [383] |■■■`.
    fn of(line: &str) -> Option<Self> {
        let (mark, rest) = line.split_once('[')?;
        let count = rest.split_once(']')?.0.trim().parse().ok()?;
        let mark = mark.trim();
        let digits = mark.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(mark.len());
        let (number, unit) = mark.split_at(digits);
        let unit = match unit.trim() {
            "" => 1.0,
            unit => units::seconds_in(unit)?,
        };
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let rounded = 0.5 * 10_f64.powi(-i32::try_from(decimals).ok()?);
        let seconds = |number: f64| units::to_seconds(number, unit);
        Some(Self { mark: seconds(number.parse().ok()?), rounded: seconds(rounded), count })
    }
}

/// A histogram of marks, s, each with the count of the latencies above the mark before it and not above it, in any order.
pub(super) fn histogram_of_marks(marks: impl IntoIterator<Item = (f64, u64)>) -> Option<Arc<ToolHistogram>> {
    let mut bars: Vec<Bar> = marks
        .into_iter()
        .filter(|(mark, _)| mark.is_finite())
        .map(|(mark, count)| Bar { mark, rounded: 0.0, count })
        .collect();
    bars.sort_by(|one, other| one.mark.total_cmp(&other.mark));
    Bars { bars }.histogram()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_wide_as_their_marks_are_coarse() {
        let mut bars = Bars::default();
        for line in [
            "Response time histogram:",
            "",
            "  0.000 [1]\t|",
            "  0.001 [255]\t|■■■",
            "  0.003 [0]\t|",
            "  0.004 [32] |",
        ] {
            bars.line(line);
        }
        let histogram = bars.histogram().unwrap();
        let buckets: Vec<_> = histogram.buckets().collect();
        assert_eq!(buckets, [(0, 500_000, 1), (0, 1_500_000, 255), (2_500_000, 4_500_000, 32)]);
        bars.clear();
        assert_eq!(bars.histogram(), None);
    }

    #[test]
    fn marks_may_have_a_unit() {
        let bar = Bar::of("  10.656 ms [16]  |■").unwrap();
        assert_eq!((bar.mark, bar.count), (0.010_656, 16));
        assert!((bar.rounded - 0.5e-6).abs() < 1e-12);
        for line in ["[200] 375 responses", "  1 parsec [3] |", "  NaN ms [0] |", "  1.5 ms [x] |", "1.5 ms"] {
            assert_eq!(Bar::of(line), None, "{line}");
        }
    }

    #[test]
    fn marks_come_in_any_order() {
        let histogram = histogram_of_marks([(0.3, 2), (0.1, 1), (f64::NAN, 5), (0.2, 0)]).unwrap();
        assert_eq!(
            histogram.buckets().collect::<Vec<_>>(),
            [(100_000_000, 100_000_000, 1), (200_000_000, 300_000_000, 2)]
        );
        assert_eq!(histogram_of_marks([]), None);
    }
}
