//! Lengths in points, made smaller together where a canvas is too small for full size.

use crate::chart::canvas::TWIPS_PER_POINT;

/// Turns lengths in points into twips at one scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::chart) struct Ruler {
    scale: f64,
}

impl Ruler {
    /// All scales from full size down to half of it, below which nobody can read the letters.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..=10).map(|step| Self { scale: 1.0 - 0.05 * f64::from(step) })
    }

    /// `length` in twips.
    pub(in crate::chart) fn points(&self, length: f64) -> i32 {
        (length * TWIPS_PER_POINT * self.scale).round() as i32
    }
}
