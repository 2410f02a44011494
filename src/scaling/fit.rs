//! Least squares: the parameters with which a law comes closest to the levels.
//!
//! Levenberg, Quarterly of Applied Mathematics 2 (1944); Marquardt, SIAM Journal 11 (1963); here as in MINPACK (Moré 1978),
//! by the crate `levenberg-marquardt`. Each level enters as the mean of its runs, with its runs as its weight: what
//! repetitions differ from their mean does not depend on the parameters.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt, TerminationReason};
use nalgebra::storage::Owned;
use nalgebra::{DMatrix, DVector, Dyn, Matrix3, Vector3};

use super::Residuals;
use super::data::Data;
use super::law::{PARAMETERS, Parameters};

/// A law that was fitted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fit {
    pub(super) parameters: Parameters,
    /// Which of ln λ, σ and κ, or the ceiling in its place, were fitted, and not held.
    pub(super) free: [bool; PARAMETERS],
    /// The sum of squares of all runs' residuals.
    pub(super) squares: f64,
}

/// What σ and κ are held at; `None` is free.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Held {
    pub(super) sigma: Option<f64>,
    pub(super) kappa: Option<f64>,
}

/// A residual that no step is taken for.
const IMPOSSIBLE: f64 = 1e9;

/// Residuals of this size, relative to the largest throughput, are those of the arithmetic and not of a measurement.
const ARITHMETIC: f64 = 1e-9;

impl Fit {
    /// How many parameters were fitted.
    pub(super) fn parameters_count(&self) -> usize {
        self.free.iter().filter(|free| **free).count()
    }

    /// What the levels alone contribute to the squares.
    pub(super) fn lack_of_fit(&self, data: &Data) -> f64 {
        (self.squares - data.pure_error).max(0.0)
    }

    /// The inverse of JᵀJ, with rows of zeros for what was held; `None` where a parameter has no effect of its own. Times
    /// the variance of a residual it is the covariance of the parameters.
    pub(super) fn unscaled_covariance(&self, data: &Data) -> Option<Matrix3<f64>> {
        let mut normal = Matrix3::zeros();
        for level in &data.levels {
            let row = Vector3::from(gradient(data.residuals, &self.parameters, level.concurrency)?);
            normal += row * row.transpose() * level.runs;
        }
        // Parameters differ by many orders of magnitude, so the matrix is inverted with ones on its diagonal.
        let mut scales = Vector3::repeat(1.0);
        for index in 0..PARAMETERS {
            if self.free[index] {
                scales[index] = normal[(index, index)].sqrt();
            }
        }
        if scales.iter().any(|scale| !scale.is_normal()) {
            return None;
        }
        for row in 0..PARAMETERS {
            for column in 0..PARAMETERS {
                let is_free = self.free[row] && self.free[column];
                let identity = if row == column { 1.0 } else { 0.0 };
                let entry = &mut normal[(row, column)];
                *entry = if is_free { *entry / (scales[row] * scales[column]) } else { identity };
            }
        }
        let inverse = normal.cholesky()?.inverse();
        let covariance = Matrix3::from_fn(|row, column| {
            let is_free = self.free[row] && self.free[column];
            if is_free { inverse[(row, column)] / (scales[row] * scales[column]) } else { 0.0 }
        });
        covariance.iter().all(|entry| entry.is_finite()).then_some(covariance)
    }
}

/// Fits the law whose σ and κ are free where they are not held; neither is kept within its bounds. `None` where no minimum
/// is found.
pub(super) fn fit(data: &Data, held: Held) -> Option<Fit> {
    let starts = [linearised(data), Some(from_the_lowest(data))];
    starts.into_iter().flatten().find_map(|start| fit_from(data, held, start))
}

fn fit_from(data: &Data, held: Held, start: Parameters) -> Option<Fit> {
    let start =
        Parameters { sigma: held.sigma.unwrap_or(start.sigma), kappa: held.kappa.unwrap_or(start.kappa), ..start };
    let free = [true, held.sigma.is_none(), held.kappa.is_none()];
    let problem = Problem { data, parameters: start.to_array(), free };
    let (solved, report) = LevenbergMarquardt::new().minimize(problem);
    // No improvement possible is to be at the minimum, as far as digits go.
    let is_found = report.termination.was_successful()
        || matches!(report.termination, TerminationReason::NoImprovementPossible(_));
    let parameters = Parameters::from_array(solved.parameters);
    of_parameters(data, parameters, free).filter(|_| is_found)
}

/// A fit with parameters that were found in another way; `None` where they make no sense at one of the levels.
pub(super) fn of_parameters(data: &Data, parameters: Parameters, free: [bool; PARAMETERS]) -> Option<Fit> {
    let squares = squares(data, &parameters).filter(|squares| squares.is_finite())?;
    let floor = data.runs as f64 * ARITHMETIC * ARITHMETIC;
    Some(Fit { parameters, free, squares: (squares + data.pure_error).max(floor) })
}

fn squares(data: &Data, parameters: &Parameters) -> Option<f64> {
    data.levels.iter().try_fold(0.0, |sum, level| {
        let residual = predicted(data.residuals, parameters, level.concurrency)? - level.mean;
        Some(sum + level.runs * residual * residual)
    })
}

/// What the law predicts, in the unit of the residuals.
pub(super) fn predicted(residuals: Residuals, parameters: &Parameters, concurrency: f64) -> Option<f64> {
    match residuals {
        Residuals::Absolute => parameters.throughput(concurrency),
        Residuals::Relative => parameters.log_throughput(concurrency),
    }
}

/// The derivatives of [`predicted`].
fn gradient(residuals: Residuals, parameters: &Parameters, concurrency: f64) -> Option<[f64; PARAMETERS]> {
    let of_logarithm = parameters.log_gradient(concurrency);
    match residuals {
        Residuals::Absolute => {
            let throughput = parameters.throughput(concurrency)?;
            Some(of_logarithm.map(|derivative| derivative * throughput))
        }
        Residuals::Relative => Some(of_logarithm),
    }
}

/// Where to begin: N/X = 1/λ + σ/λ (N−1) + κ/λ N(N−1) is linear, and its relative residuals are nearly ours. `None` where
/// that gives no law.
fn linearised(data: &Data) -> Option<Parameters> {
    let mut normal = Matrix3::zeros();
    let mut right = Vector3::zeros();
    let most = data.levels.last()?.concurrency;
    for level in &data.levels {
        let (n, x) = (level.concurrency, data.throughput(level));
        // Divided by the highest level, so that the columns are of one size.
        let row = Vector3::new(1.0, (n - 1.0) / most, n * (n - 1.0) / (most * most)) * (x / n);
        normal += row * row.transpose() * level.runs;
        right += row * level.runs;
    }
    let solved = normal.lu().solve(&right)?;
    let (base, sigma, kappa) = (solved[0], solved[1] / most, solved[2] / (most * most));
    let start = Parameters { log_lambda: -base.ln(), sigma: sigma / base, kappa: kappa / base, ceiling: None };
    let is_possible = 0.0 < base && data.levels.iter().all(|level| start.log_throughput(level.concurrency).is_some());
    is_possible.then_some(start)
}

/// A dull beginning that is always possible.
fn from_the_lowest(data: &Data) -> Parameters {
    let best = data.levels.iter().map(|level| data.throughput(level) / level.concurrency).fold(0.0_f64, f64::max);
    Parameters { log_lambda: best.max(f64::MIN_POSITIVE).ln(), sigma: 0.05, kappa: 1e-4, ceiling: None }
}

/// The problem as the solver sees it.
struct Problem<'d> {
    data: &'d Data,
    parameters: [f64; PARAMETERS],
    free: [bool; PARAMETERS],
}

impl Problem<'_> {
    fn free_indices(&self) -> impl Iterator<Item = usize> + use<> {
        let free = self.free;
        (0..PARAMETERS).filter(move |index| free[*index])
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Problem<'_> {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, values: &DVector<f64>) {
        for (index, value) in self.free_indices().zip(values.iter()) {
            self.parameters[index] = *value;
        }
    }

    fn params(&self) -> DVector<f64> {
        DVector::from_iterator(self.free_indices().count(), self.free_indices().map(|index| self.parameters[index]))
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let parameters = Parameters::from_array(self.parameters);
        let residual = |level: &super::data::LevelMean| {
            let predicted = predicted(self.data.residuals, &parameters, level.concurrency)?;
            let residual = (predicted - level.mean) * level.runs.sqrt();
            (residual.abs() < IMPOSSIBLE).then_some(residual)
        };
        let residuals = self.data.levels.iter().map(|level| residual(level).unwrap_or(IMPOSSIBLE));
        Some(DVector::from_iterator(self.data.levels.len(), residuals))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let parameters = Parameters::from_array(self.parameters);
        let indices: Vec<usize> = self.free_indices().collect();
        let mut jacobian = DMatrix::zeros(self.data.levels.len(), indices.len());
        for (row, level) in self.data.levels.iter().enumerate() {
            let gradient = gradient(self.data.residuals, &parameters, level.concurrency)?;
            for (column, index) in indices.iter().enumerate() {
                jacobian[(row, column)] = gradient[*index] * level.runs.sqrt();
            }
        }
        Some(jacobian)
    }
}
