//! The laws themselves: what they predict, and how the prediction changes with each parameter.

use super::Law;

impl Law {
    /// The name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usl => "usl",
            Self::Amdahl => "amdahl",
            Self::Linear => "linear",
            Self::Plateau => "plateau",
            Self::Pool => "pool",
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
    /// What throughput never gets beyond; `None` where nothing but σ and κ holds it back.
    pub(super) ceiling: Option<Ceiling>,
}

/// A throughput that is not exceeded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ceiling {
    /// Its logarithm.
    pub(super) log: f64,
    pub(super) approach: Approach,
}

/// How a ceiling is come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Approach {
    /// Growth goes on up to it, and ends in a corner.
    Corner,
    /// Requests queue the more the nearer it is.
    Queue,
}

/// Queues of more than this are full.
const LONGEST_QUEUE: f64 = 100_000.0;

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
        let growth = is_possible.then(|| self.log_lambda + concurrency.ln() - loss.ln())?;
        Some(match self.ceiling {
            None => growth,
            Some(Ceiling { log, approach: Approach::Corner }) => growth.min(log),
            Some(Ceiling { log, approach: Approach::Queue }) => {
                log + (1.0 - idle(concurrency, (log - self.log_lambda).exp())).ln()
            }
        })
    }

    /// The concurrency from which on a ceiling is what holds throughput back; `None` where there is none.
    pub(super) fn corner(&self) -> Option<f64> {
        let ceiling = self.ceiling?.log.exp();
        // λN / (1 + σ(N−1)) = C.
        let corner = ceiling * (1.0 - self.sigma) / (self.lambda() - ceiling * self.sigma);
        (0.0 < corner && corner.is_finite()).then_some(corner)
    }

    /// The derivatives of the logarithm of the throughput by ln λ, σ and κ.
    pub(super) fn log_gradient(&self, concurrency: f64) -> [f64; PARAMETERS] {
        let others = concurrency - 1.0;
        let loss = self.loss(concurrency);
        let growth = [1.0, -others / loss, -concurrency * others / loss];
        match self.ceiling {
            None => growth,
            Some(Ceiling { log, approach: Approach::Corner }) => {
                let is_below = self.log_lambda + concurrency.ln() - loss.ln() <= log;
                if is_below { [growth[0], growth[1], 0.0] } else { [0.0, 0.0, 1.0] }
            }
            Some(Ceiling { log, approach: Approach::Queue }) => {
                // The derivative of Erlang's B by r is B (N/r − 1 + B).
                let r = (log - self.log_lambda).exp();
                let idle = idle(concurrency, r);
                let by_r = -idle * (concurrency - r + r * idle) / (1.0 - idle);
                [-by_r, 0.0, 1.0 + by_r]
            }
        }
    }

    /// The concurrency of the highest throughput, √((1−σ)/κ); `None` where throughput never falls.
    pub(super) fn peak(&self) -> Option<f64> {
        let peak = ((1.0 - self.sigma) / self.kappa).sqrt();
        (0.0 < self.kappa && self.sigma < 1.0 && peak.is_finite()).then_some(peak)
    }

    /// The parameters in their order: ln λ, σ, and κ, or the logarithm of the ceiling where there is one.
    pub(super) fn to_array(self) -> [f64; PARAMETERS] {
        [self.log_lambda, self.sigma, self.ceiling.map_or(self.kappa, |ceiling| ceiling.log)]
    }

    /// The opposite of [`Self::to_array`], without a ceiling.
    pub(super) fn from_array([log_lambda, sigma, kappa]: [f64; PARAMETERS]) -> Self {
        Self { log_lambda, sigma, kappa, ceiling: None }
    }
}

/// The share of the time in which a pool has nothing to do, with N requests going round between it and the world outside,
/// where the pool's rate is r times that at which one of them comes back: Erlang's B, by its recursion B(N) = rB(N−1) /
/// (N + rB(N−1)). It is the machine repair model (Kleinrock, "Queueing Systems", volume 1, 1975, section 3.8).
pub(super) fn idle(concurrency: f64, r: f64) -> f64 {
    if LONGEST_QUEUE < concurrency {
        return (1.0 - concurrency / r).max(0.0);
    }
    let mut share = 1.0;
    let whole = concurrency.floor() as u32;
    for n in 1..=whole {
        share = r * share / (f64::from(n) + r * share);
    }
    // Between whole numbers the throughput is taken to be straight.
    let rest = concurrency - f64::from(whole);
    if rest <= 0.0 {
        return share;
    }
    let next = r * share / (f64::from(whole + 1) + r * share);
    share + rest * (next - share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_agree_with_differences() {
        let law = Parameters { log_lambda: 1.2, sigma: 0.05, kappa: 0.002, ceiling: None };
        let ceiling = |approach| Some(Ceiling { log: 4.2, approach });
        let corner = Parameters { kappa: 0.0, ceiling: ceiling(Approach::Corner), ..law };
        let queue = Parameters { sigma: 0.0, kappa: 0.0, ceiling: ceiling(Approach::Queue), ..law };
        for (law, concurrency) in [law, corner, queue].into_iter().flat_map(|law| [(law, 1.0), (law, 7.0), (law, 64.0)])
        {
            for (index, derivative) in law.log_gradient(concurrency).into_iter().enumerate() {
                let step = 1e-6;
                let at = |sign: f64| {
                    let mut moved = law.to_array();
                    moved[index] += sign * step;
                    let [log_lambda, sigma, last] = moved;
                    let moved = match law.ceiling {
                        None => Parameters::from_array(moved),
                        Some(ceiling) => {
                            Parameters { log_lambda, sigma, ceiling: Some(Ceiling { log: last, ..ceiling }), ..law }
                        }
                    };
                    // The pool has no contention.
                    moved.log_throughput(concurrency).unwrap()
                };
                let difference = (at(1.0) - at(-1.0)) / (2.0 * step);
                assert!((difference - derivative).abs() < 1e-6 * derivative.abs().max(1.0), "{concurrency} {index}");
            }
        }
    }

    #[test]
    fn the_peak_is_where_gunther_has_it() {
        // Gunther, Guerrilla Capacity Planning, chapter 4: N* = √((1−α)/β).
        let law = Parameters { log_lambda: 0.0, sigma: 0.02, kappa: 0.0005, ceiling: None };
        assert!((law.peak().unwrap() - 44.271_887_242_357_31).abs() < 1e-9);
        assert_eq!(Parameters { kappa: 0.0, ..law }.peak(), None);
        assert_eq!(Parameters { sigma: 1.0, ..law }.peak(), None);
    }

    #[test]
    fn erlangs_b_as_in_tables() {
        // Erlang B of 10 lines and 5 erlang is 0.018385, of 20 and 12 0.009797.
        assert!((idle(10.0, 5.0) - 0.018_385).abs() < 1e-6 && (idle(20.0, 12.0) - 0.009_797).abs() < 1e-5);
        assert!((idle(1.0, 3.0) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn a_corner_is_where_growth_meets_the_ceiling() {
        let ceiling = Some(Ceiling { log: 100.0_f64.ln(), approach: Approach::Corner });
        let law = Parameters { log_lambda: 2.0_f64.ln(), sigma: 0.01, kappa: 0.0, ceiling };
        let corner = law.corner().unwrap();
        assert!((law.throughput(corner).unwrap() - 100.0).abs() < 1e-9 && (corner - 99.0).abs() < 1e-9, "{corner}");
        assert!((law.throughput(500.0).unwrap() - 100.0).abs() < 1e-9);
    }
}
