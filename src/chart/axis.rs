//! From a value to its place on an axis, in our own terms and in those of plotters.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

use super::figure::{Axis, Scale};

/// The range of an axis, prepared for mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct AxisRange {
    scale: Scale,
    /// Both ends; logarithms where the scale is logarithmic, and NaN where the axis has no sensible range.
    low: f64,
    high: f64,
}

impl AxisRange {
    /// The range of `axis`; one that is empty, reversed or not finite holds no value at all.
    pub(super) fn new(axis: &Axis) -> Self {
        let (low, high) = (straighten(axis.scale, axis.min), straighten(axis.scale, axis.max));
        if low.is_finite() && high.is_finite() && low < high {
            Self { scale: axis.scale, low, high }
        } else {
            Self { scale: axis.scale, low: f64::NAN, high: f64::NAN }
        }
    }

    /// Where `value` lies: 0 at the lower end, 1 at the upper, outside of these beyond the ends.
    ///
    /// Zero and negative values lie infinitely far below a logarithmic axis. NaN stays NaN.
    pub(super) fn fraction(&self, value: f64) -> f64 {
        (straighten(self.scale, value) - self.low) / (self.high - self.low)
    }

    /// The value at `fraction`: the inverse of [`Self::fraction`].
    pub(super) fn value(&self, fraction: f64) -> f64 {
        let straight = self.low + fraction * (self.high - self.low);
        match self.scale {
            Scale::Linear | Scale::Rows => straight,
            Scale::Log => straight.exp(),
            Scale::LogWithZero { linear_to } if straight <= 1.0 => straight * linear_to,
            Scale::LogWithZero { linear_to } => (straight - 1.0).exp() * linear_to,
        }
    }

    /// Whether `value` lies on the axis; its ends are forgiven what rounding does to them.
    pub(super) fn contains(&self, value: f64) -> bool {
        (-1e-9..=1.0 + 1e-9).contains(&self.fraction(value))
    }
}

/// Values in which equal distances on the axis are equal differences.
fn straighten(scale: Scale, value: f64) -> f64 {
    match scale {
        Scale::Linear | Scale::Rows => value,
        Scale::Log if value <= 0.0 => f64::NEG_INFINITY,
        Scale::Log => value.ln(),
        // Both parts meet at 1 with the same slope, so that no line gets a kink there.
        Scale::LogWithZero { linear_to } if value <= linear_to => value / linear_to,
        Scale::LogWithZero { linear_to } => 1.0 + (value / linear_to).ln(),
    }
}

/// An axis as plotters wants it: the mapping, with grid lines on the figure's own ticks and nowhere else.
#[derive(Debug, Clone)]
pub(super) struct AxisCoord {
    range: AxisRange,
    ticks: Vec<f64>,
}

impl AxisCoord {
    pub(super) fn new(axis: &Axis) -> Self {
        let range = AxisRange::new(axis);
        let ticks = axis.ticks.iter().map(|tick| tick.value).filter(|value| range.contains(*value)).collect();
        Self { range, ticks }
    }
}

impl Ranged for AxisCoord {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        place(self.range.fraction(*value), start, end)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // plotters asks twice, for bold and for light lines; there are no light ones.
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.range.value(0.0)..self.range.value(1.0)
    }
}

/// The whole number that lies `fraction` of the way from `start` to `end`; NaN counts as `start`.
pub(super) fn place(fraction: f64, start: i32, end: i32) -> i32 {
    // A float becomes the nearest number that the type can hold, so the far outside cannot overflow.
    start.saturating_add((fraction * f64::from(end - start)).round() as i32)
}

#[cfg(test)]
mod tests {
    use plotters::coord::ranged1d::{BoldPoints, LightPoints};

    use super::*;
    use crate::chart::figure::Tick;

    fn axis(scale: Scale, min: f64, max: f64) -> Axis {
        let tick = |value| Tick { value, label: String::new() };
        Axis { label: String::new(), scale, min, max, ticks: [min, f64::NAN, max, 2.0 * max].map(tick).to_vec() }
    }

    #[test]
    fn values_map_to_fractions_and_back() {
        let cases = [
            (Scale::Linear, 0.0, 10.0, 2.5, 0.25),
            (Scale::Linear, -1.0, 1.0, 0.0, 0.5),
            (Scale::Linear, 0.0, 10.0, 20.0, 2.0),
            (Scale::Log, 1.0, 100.0, 10.0, 0.5),
            (Scale::Log, 1e-6, 1e6, 1e-9, -0.25),
            (Scale::LogWithZero { linear_to: 1.0 }, 0.0, 1_f64.exp(), 0.5, 0.25),
            (Scale::LogWithZero { linear_to: 0.1 }, 0.0, 0.1 * 3_f64.exp(), 0.1 * 1_f64.exp(), 0.5),
            (Scale::LogWithZero { linear_to: 0.1 }, 0.0, 0.1, -0.1, -1.0),
        ];
        for (scale, min, max, value, expected) in cases {
            let range = AxisRange::new(&axis(scale, min, max));
            assert!((range.fraction(value) - expected).abs() < 1e-12, "{scale:?} {min}..{max} {value}");
            assert!((range.value(expected) / value - 1.0).abs() < 1e-9 || value.abs() < 1e-9, "{scale:?} {value}");
        }
    }

    #[test]
    fn both_ends_are_on_the_axis_and_what_is_no_number_is_not() {
        for (scale, min, max) in [(Scale::Linear, 0.1, 0.3), (Scale::Log, 1e-6, 3e7), (Scale::Log, 3.0, 7.0)] {
            let range = AxisRange::new(&axis(scale, min, max));
            assert!(range.contains(min) && range.contains(max));
            for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, min - 0.1, max * 1.001] {
                assert!(!range.contains(value), "{scale:?} {value}");
            }
        }
        assert!(!AxisRange::new(&axis(Scale::Log, 1.0, 10.0)).contains(0.0));
    }

    #[test]
    fn a_senseless_range_holds_nothing() {
        let cases = [
            (Scale::Linear, 1.0, 1.0),
            (Scale::Linear, 2.0, 1.0),
            (Scale::Linear, 0.0, f64::INFINITY),
            (Scale::Linear, f64::NAN, 1.0),
            (Scale::Log, 0.0, 1.0),
            (Scale::Log, -1.0, 1.0),
        ];
        for (scale, min, max) in cases {
            let axis = axis(scale, min, max);
            assert!(!AxisRange::new(&axis).contains(min), "{scale:?} {min}..{max}");
            let coord = AxisCoord::new(&axis);
            assert_eq!(coord.map(&min, (10, 20)), 10);
            assert_eq!(coord.key_points(BoldPoints(10)), Vec::<f64>::new());
        }
    }

    #[test]
    fn grid_lines_stand_on_the_ticks_within_the_range() {
        let coord = AxisCoord::new(&axis(Scale::Log, 1.0, 100.0));
        assert_eq!(coord.key_points(BoldPoints(1)), [1.0, 100.0]);
        assert_eq!(coord.key_points(LightPoints::new(1, 10)), Vec::<f64>::new());
        assert_eq!(coord.map(&10.0, (200, 100)), 150);
        assert_eq!(coord.map(&f64::INFINITY, (0, 100)), i32::MAX);
    }
}
