//! How sure the parameters, the peak and the curve are.
//!
//! Standard errors come from the covariance of the parameters, s² (JᵀJ)⁻¹, and intervals from Student's t (Bates and Watts,
//! *Nonlinear Regression Analysis*, Wiley 1988, section 2.3). What is computed from parameters gets its error by the delta
//! method.

use nalgebra::{Matrix3, Vector3};

use super::CurvePoint;
use super::data::Data;
use super::fit::Fit;
use super::law::PARAMETERS;
use crate::stats::t_quantile;

/// How many points a curve has.
const CURVE_POINTS: usize = 60;

/// An estimate with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    pub(super) standard_error: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The covariance of a fit's parameters, with the degrees of freedom of its variance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Uncertainty {
    covariance: Matrix3<f64>,
    quantile: f64,
}

/// The variance of a residual with its degrees of freedom; `None` where none is left.
pub(super) fn residual_variance(data: &Data, fit: &Fit) -> Option<(f64, usize)> {
    let freedom = data.runs.saturating_sub(fit.parameters_count());
    (0 < freedom).then(|| (fit.squares / freedom as f64, freedom))
}

impl Uncertainty {
    /// That of a fit; `None` where no degree of freedom is left, or a parameter has no effect of its own.
    ///
    /// Where levels lie beside the law by more than repetitions explain (`is_systematic`), repetitions no longer tell how
    /// sure it is: then the variance is that between levels.
    pub(super) fn of(data: &Data, fit: &Fit, is_systematic: bool, alpha: f64) -> Option<Self> {
        let (mut variance, mut freedom) = residual_variance(data, fit)?;
        let between = data.levels.len().saturating_sub(fit.parameters_count());
        if is_systematic && 0 < data.pure_error_freedom() && 0 < between {
            (variance, freedom) = (fit.lack_of_fit(data) / between as f64, between);
        }
        let covariance = fit.unscaled_covariance(data)? * variance;
        Some(Self { covariance, quantile: t_quantile(1.0 - alpha / 2.0, freedom as f64)? })
    }

    /// That of one parameter: 0 is ln λ, 1 is σ, 2 is κ.
    pub(super) fn parameter(&self, fit: &Fit, index: usize) -> Option<Estimate> {
        let value = fit.parameters.to_array().get(index).copied()?;
        let standard_error = self.covariance.get((index, index))?.sqrt();
        let half_width = self.quantile * standard_error;
        Some(Estimate { standard_error, low: value - half_width, high: value + half_width })
    }

    /// Half the width of the interval of something with these derivatives by the parameters.
    fn half_width(&self, gradient: [f64; PARAMETERS]) -> Option<f64> {
        let gradient = Vector3::from(gradient);
        let variance = (gradient.transpose() * self.covariance * gradient)[(0, 0)];
        Some(self.quantile * variance.max(0.0).sqrt()).filter(|width| width.is_finite())
    }

    /// The interval of the peak's concurrency, from that of 1/N² = κ/(1−σ), whose error is nearly normal. It has no upper end
    /// where κ can't be told from 0, as then there may be no peak at all.
    pub(super) fn peak(&self, fit: &Fit) -> Option<(f64, Option<f64>)> {
        let law = fit.parameters;
        law.peak()?;
        let share = 1.0 - law.sigma;
        let inverse_square = law.kappa / share;
        let half_width = self.half_width([0.0, inverse_square / share, share.recip()])?;
        let end = |inverse_square: f64| Some(inverse_square.sqrt().recip()).filter(|end| end.is_finite());
        let high = if 0.0 < inverse_square - half_width { end(inverse_square - half_width) } else { None };
        Some((end(inverse_square + half_width)?, high))
    }
}

/// The law from the lowest to the highest level, at even distances of the logarithm, 1/s.
pub(super) fn curve(data: &Data, fit: &Fit, uncertainty: Option<&Uncertainty>) -> Vec<CurvePoint> {
    let (Some(first), Some(last)) = (data.levels.first(), data.levels.last()) else { return Vec::new() };
    let (first, last) = (first.concurrency, last.concurrency);
    let at = |index: usize| match index {
        0 => first,
        index if index + 1 == CURVE_POINTS => last,
        index => first * (last / first).powf(index as f64 / (CURVE_POINTS - 1) as f64),
    };
    let point = |concurrency: f64| {
        let throughput = fit.parameters.throughput(concurrency)? * data.scale;
        // The interval of the logarithm never reaches below zero.
        let width = uncertainty.and_then(|it| it.half_width(fit.parameters.log_gradient(concurrency)));
        let bound = |sign: f64| width.map(|width| throughput * (sign * width).exp()).filter(|bound| bound.is_finite());
        Some(CurvePoint { concurrency, throughput, low: bound(-1.0), high: bound(1.0) })
    };
    (0..CURVE_POINTS).map(at).filter_map(point).collect()
}
