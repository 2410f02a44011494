//! Why a chart could not be drawn.

use thiserror::Error;

/// Why a chart could not be drawn.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ChartError {
    /// A length or resolution that is not a positive, finite number.
    #[error("the {what} of a chart must be a positive number, found {value}")]
    NotPositive {
        /// `width`, `height` or `resolution`.
        what: &'static str,
        /// What was given, in inches or dots per inch.
        value: f64,
    },
    /// A length that no paper and no screen has.
    #[error("the {what} of a chart may be at most {limit} inches, found {value}")]
    TooLong {
        /// `width` or `height`.
        what: &'static str,
        /// What was given, in inches.
        value: f64,
        /// The most there may be, in inches.
        limit: f64,
    },
    /// More pixels than a chart can use and a machine should have to hold.
    #[error("a chart may have at most {limit} million pixels, found {width}×{height} = {megapixels:.0} million")]
    TooManyPixels {
        /// Pixels from left to right.
        width: f64,
        /// Pixels from top to bottom.
        height: f64,
        /// Their product, in millions.
        megapixels: f64,
        /// The most there may be, in millions.
        limit: f64,
    },
    /// The texts leave no room for the axes.
    #[error("{width}×{height} inches leave no room for the axes (panels: {panels}, names in the legend: {series})")]
    NoRoom {
        /// Inches from left to right.
        width: f64,
        /// Inches from top to bottom.
        height: f64,
        /// How many panels stand side by side.
        panels: usize,
        /// How many names the legend has.
        series: usize,
    },
    /// The drawing library refused.
    #[error("the chart could not be drawn")]
    Draw(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The picture could not be written as PNG.
    #[error("the picture could not be encoded as PNG")]
    Png(#[from] png::EncodingError),
}
