//! How large a chart is, and in which theme: all that drawing needs beside the figure.

use super::{
    error::ChartError,
    figure::{Figure, Panel, Scale},
    theme::Theme,
};

/// The size, resolution and theme of a chart; every canvas that exists can be drawn on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Canvas {
    width_inches: f64,
    height_inches: f64,
    dpi: u32,
    theme: Theme,
}

impl Canvas {
    /// The most pixels that a canvas may have: 30×12 inches fit at 600 dpi, and 0.8 GB of memory are not exceeded.
    pub const MAX_PIXELS: f64 = 200e6;

    /// The longest that either side may be.
    pub const MAX_INCHES: f64 = 500.0;

    /// A canvas of the given size, with `dpi` pixels per inch where it is drawn as pixels.
    ///
    /// # Errors
    ///
    /// If a length is not positive, not finite or above [`Self::MAX_INCHES`], if `dpi` is zero, or if there would be
    /// more than [`Self::MAX_PIXELS`].
    pub fn new(width_inches: f64, height_inches: f64, dpi: u32, theme: Theme) -> Result<Self, ChartError> {
        let resolution = f64::from(dpi);
        for (what, value) in [("width", width_inches), ("height", height_inches), ("resolution", resolution)] {
            if !value.is_finite() || value <= 0.0 {
                return Err(ChartError::NotPositive { what, value });
            }
        }
        for (what, value) in [("width", width_inches), ("height", height_inches)] {
            if Self::MAX_INCHES < value {
                return Err(ChartError::TooLong { what, value, limit: Self::MAX_INCHES });
            }
        }
        let canvas = Self { width_inches, height_inches, dpi, theme };
        let (width, height) = (canvas.to_pixels(width_inches), canvas.to_pixels(height_inches));
        if Self::MAX_PIXELS < width * height {
            let (megapixels, limit) = (width * height / 1e6, Self::MAX_PIXELS / 1e6);
            return Err(ChartError::TooManyPixels { width, height, megapixels, limit });
        }
        Ok(canvas)
    }

    /// From left to right, in inches.
    #[must_use]
    pub fn width_inches(&self) -> f64 {
        self.width_inches
    }

    /// From top to bottom, in inches.
    #[must_use]
    pub fn height_inches(&self) -> f64 {
        self.height_inches
    }

    /// Pixels per inch.
    #[must_use]
    pub fn dpi(&self) -> u32 {
        self.dpi
    }

    /// The colours.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// This canvas, or a higher one where `figure` has more rows, of names or of panels in two parts, than have room on it.
    ///
    /// The height grows with the rows as far as [`Self::MAX_INCHES`] and [`Self::MAX_PIXELS`] allow.
    #[must_use]
    pub fn with_room_for(&self, figure: &Figure) -> Self {
        let count = |panel: &Panel| if panel.y.scale == Scale::Rows { panel.y.max - panel.y.min } else { 0.0 };
        let rows = figure.panels.iter().map(count).fold(0.0, f64::max);
        let has_two_parts = figure.panels.iter().any(|panel| panel.below.is_some());
        let (width, height) = match rows {
            rows if 0.0 < rows => (LEAST_ROW_WIDTH, rows * INCHES_PER_ROW + 0.5),
            _ if has_two_parts => (LEAST_WIDTH_OF_TWO, INCHES_OF_TWO),
            _ => return *self,
        };
        let most = figure.columns.unwrap_or(figure.panels.len()).max(1) as f64;
        let beside = (self.width_inches / width).floor().clamp(1.0, most);
        let needed = (figure.panels.len() as f64 / beside).ceil() * height + 1.2;
        let most = Self::MAX_INCHES.min(Self::MAX_PIXELS / (self.to_pixels(self.width_inches) * f64::from(self.dpi)));
        Self { height_inches: self.height_inches.max(needed.min(most)), ..*self }
    }

    /// Width and height in pixels, at least one each.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        (self.to_pixels(self.width_inches) as u32, self.to_pixels(self.height_inches) as u32)
    }

    /// Width and height in twips, see [`TWIPS_PER_INCH`].
    pub(super) fn twips(&self) -> (i32, i32) {
        let twips = |inches: f64| (inches * TWIPS_PER_INCH).round() as i32;
        (twips(self.width_inches), twips(self.height_inches))
    }

    fn to_pixels(self, inches: f64) -> f64 {
        (inches * f64::from(self.dpi)).round().max(1.0)
    }
}

impl Default for Canvas {
    /// 15×6 inches at 300 dpi, light: two panels side by side that fill a slide or a page in landscape.
    fn default() -> Self {
        Self { width_inches: 15.0, height_inches: 6.0, dpi: 300, theme: Theme::Light }
    }
}

/// What a row takes where letters have two thirds of their full size, in inches.
const INCHES_PER_ROW: f64 = 0.13;

/// The least width of a panel with rows, in inches.
const LEAST_ROW_WIDTH: f64 = 3.6;

/// The least width of a panel in two parts, in inches.
const LEAST_WIDTH_OF_TWO: f64 = 1.6;

/// The height of a panel in two parts that can be read, in inches.
const INCHES_OF_TWO: f64 = 1.9;

/// A twip is a twentieth of a point.
///
/// Everything is placed on this grid: plotters knows whole numbers only, and pixels would be too coarse for SVG and
/// would let the layout depend on the resolution.
pub(super) const TWIPS_PER_INCH: f64 = 1440.0;

/// Twips in a point.
pub(super) const TWIPS_PER_POINT: f64 = 20.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_inches() {
        let canvas = Canvas::default();
        assert_eq!(canvas.pixels(), (4500, 1800));
        assert_eq!(canvas.twips(), (21_600, 8640));
        assert_eq!(Canvas::new(0.001, 5.0, 72, Theme::Dark).map(|canvas| canvas.pixels()).ok(), Some((1, 360)));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_with_value_and_limit() {
        let message = |width, height, dpi| Canvas::new(width, height, dpi, Theme::Light).unwrap_err().to_string();
        assert_eq!(message(0.0, 6.0, 300), "the width of a chart must be a positive number, found 0");
        assert_eq!(message(15.0, f64::NAN, 300), "the height of a chart must be a positive number, found NaN");
        assert_eq!(message(f64::INFINITY, 6.0, 300), "the width of a chart must be a positive number, found inf");
        assert_eq!(message(501.0, 6.0, 1), "the width of a chart may be at most 500 inches, found 501");
        assert_eq!(message(15.0, 6.0, 0), "the resolution of a chart must be a positive number, found 0");
        assert_eq!(
            message(100.0, 50.0, 600),
            "a chart may have at most 200 million pixels, found 60000×30000 = 1800 million"
        );
    }

    #[test]
    fn the_largest_usual_chart_is_allowed() {
        assert!(Canvas::new(30.0, 12.0, 600, Theme::Light).is_ok());
    }
}
