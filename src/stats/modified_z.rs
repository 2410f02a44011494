//! How far each number lies from the rest, on a scale that the far ones do not stretch.

use super::Values;

/// From this modified z-score on, a number is usually called an outlier.
pub const OUTLIER: f64 = 3.5;

/// The median absolute deviation of a normal distribution with a standard deviation of 1.
const NORMAL_MAD: f64 = 0.674_489_750_196_081_7;
/// The inverse of its mean absolute deviation: the square root of π/2.
const NORMAL_MEAN_DEVIATION: f64 = 1.253_314_137_315_500_3;

/// How far numbers lie from their median.
#[derive(Debug, Clone, PartialEq)]
pub enum ModifiedZ {
    /// In units of the median absolute deviation, for each number in ascending order.
    OfMedianDeviation(Vec<f64>),
    /// In units of the mean absolute deviation, as more than half of the numbers are equal and the median deviation is 0.
    OfMeanDeviation(Vec<f64>),
    /// All numbers are equal, or there is only one.
    NoSpread,
}

/// The modified z-scores of numbers. Of a normal distribution they are ordinary z-scores.
///
/// Iglewicz and Hoaglin, "How to Detect and Handle Outliers", ASQC (1993), which also has the limit [`OUTLIER`].
pub fn modified_z(values: &Values) -> ModifiedZ {
    let median = values.median();
    let deviations = || values.as_slice().iter().map(move |number| number - median);
    let Some(sizes) = Values::new(deviations().map(f64::abs)) else { return ModifiedZ::NoSpread };
    let scores = |scale: f64| deviations().map(|deviation| deviation / scale).collect();
    let (median_deviation, mean_deviation) = (sizes.median(), sizes.mean());
    if 0.0 < median_deviation {
        ModifiedZ::OfMedianDeviation(scores(median_deviation / NORMAL_MAD))
    } else if 0.0 < mean_deviation {
        ModifiedZ::OfMeanDeviation(scores(mean_deviation * NORMAL_MEAN_DEVIATION))
    } else {
        ModifiedZ::NoSpread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(numbers: &[f64]) -> ModifiedZ {
        modified_z(&Values::new(numbers.iter().copied()).unwrap())
    }

    #[test]
    fn scores_as_in_scipy() {
        // scipy 1.17: (x - median(x)) / median_abs_deviation(x, scale="normal")
        let ModifiedZ::OfMedianDeviation(found) = scores(&[2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3]) else {
            panic!("there is a median deviation")
        };
        let expected = [-1.574, -1.574, -0.674, -0.674, -0.225, 0.225, 0.674, 0.674, 25.855, 26.305];
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 5e-4), "{found:?}");
        assert_eq!(found.iter().filter(|score| OUTLIER <= score.abs()).count(), 2);
    }

    #[test]
    fn a_median_deviation_of_zero_is_no_division_by_zero() {
        // The deviations are 0, 0, 0 and 4, and their mean is 1.
        let ModifiedZ::OfMeanDeviation(found) = scores(&[1.0, 1.0, 1.0, 5.0]) else { panic!("a mean deviation") };
        assert!((found.last().unwrap() - 4.0 / NORMAL_MEAN_DEVIATION).abs() < 1e-12, "{found:?}");
        assert_eq!(scores(&[1.0, 1.0]), ModifiedZ::NoSpread);
        assert_eq!(scores(&[1.0]), ModifiedZ::NoSpread);
    }
}
