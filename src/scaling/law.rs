//! The laws themselves: what they predict, and how the prediction changes with each parameter.

use super::Law;

impl Law {
    /// The name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usl => "usl",
            Self::Amdahl => "amdahl",
            Self::Linear => "linear",
        }
    }
}

/// How many parameters the widest law has.
pub(super) const PARAMETERS: usize = 3;

/// A law with numbers in it. λ is kept as its logarithm, as a throughput is never negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parameters {
    pub(super) log_lambda: f64,
    pub(super) sigma: f64,
    pub(super) kappa: f64,
}

impl Parameters {
    /// λ, in the unit of the throughput.
    pub(super) fn lambda(&self) -> f64 {
        self.log_lambda.exp()
    }

    /// What linear growth is divided by at a concurrency; 1 where nothing is lost.
    fn loss(&self, concurrency: f64) -> f64 {
        let others = concurrency - 1.0;
        1.0 + self.sigma * others + self.kappa * concurrency * others
    }

    /// The throughput at a concurrency; `None` where the parameters make no sense there.
    pub(super) fn throughput(&self, concurrency: f64) -> Option<f64> {
        self.log_throughput(concurrency).map(f64::exp).filter(|throughput| throughput.is_finite())
    }

    /// The logarithm of the throughput at a concurrency.
    pub(super) fn log_throughput(&self, concurrency: f64) -> Option<f64> {
        let loss = self.loss(concurrency);
        let is_possible = 0.0 < loss && loss.is_finite() && self.log_lambda.is_finite();
        is_possible.then(|| self.log_lambda + concurrency.ln() - loss.ln())
    }

    /// The derivatives of the logarithm of the throughput by ln λ, σ and κ.
    pub(super) fn log_gradient(&self, concurrency: f64) -> [f64; PARAMETERS] {
        let others = concurrency - 1.0;
        let loss = self.loss(concurrency);
        [1.0, -others / loss, -concurrency * others / loss]
    }

    /// The concurrency of the highest throughput, √((1−σ)/κ); `None` where throughput never falls.
    pub(super) fn peak(&self) -> Option<f64> {
        let peak = ((1.0 - self.sigma) / self.kappa).sqrt();
        (0.0 < self.kappa && self.sigma < 1.0 && peak.is_finite()).then_some(peak)
    }

    /// The parameters in their order: ln λ, σ, κ.
    pub(super) fn to_array(self) -> [f64; PARAMETERS] {
        [self.log_lambda, self.sigma, self.kappa]
    }

    /// The opposite of [`Self::to_array`].
    pub(super) fn from_array([log_lambda, sigma, kappa]: [f64; PARAMETERS]) -> Self {
        Self { log_lambda, sigma, kappa }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_agree_with_differences() {
        let law = Parameters { log_lambda: 1.2, sigma: 0.05, kappa: 0.002 };
        for concurrency in [1.0, 7.0, 64.0] {
            for (index, derivative) in law.log_gradient(concurrency).into_iter().enumerate() {
                let step = 1e-6;
                let at = |sign: f64| {
                    let mut moved = law.to_array();
                    moved[index] += sign * step;
                    Parameters::from_array(moved).log_throughput(concurrency).unwrap()
                };
                let difference = (at(1.0) - at(-1.0)) / (2.0 * step);
                assert!((difference - derivative).abs() < 1e-6 * derivative.abs().max(1.0), "{concurrency} {index}");
            }
        }
    }

    #[test]
    fn the_peak_is_where_gunther_has_it() {
        // Gunther, Guerrilla Capacity Planning, chapter 4: N* = √((1−α)/β).
        let law = Parameters { log_lambda: 0.0, sigma: 0.02, kappa: 0.0005 };
        assert!((law.peak().unwrap() - 44.271_887_242_357_31).abs() < 1e-9);
        assert_eq!(Parameters { kappa: 0.0, ..law }.peak(), None);
        assert_eq!(Parameters { sigma: 1.0, ..law }.peak(), None);
    }
}
