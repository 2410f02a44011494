//! How the work done per second grows with concurrency, and where it stops growing: laws fitted to the levels, what
//! follows from them, what can be said without them, and how far an objective for latency and errors carries.
//!
//! Knows neither files nor drawing, and gives no advice. Everything that a chart needs is computed here.

mod acceptance;
mod capacity;
mod choice;
mod data;
mod describe;
mod fit;
mod flat;
mod knee;
mod law;
mod levels;
mod series;
mod slo;
#[cfg(test)]
mod tests;
mod uncertainty;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use capacity::{FAILING, find_capacity};
pub use describe::describe_scaling;
pub use slo::{Slo, SloError};

/// How one framework scales in one scenario.
///
/// The law is X(N) = λN / (1 + σ(N−1) + κN(N−1)), with N requests in flight (Gunther, *Guerrilla Capacity Planning*,
/// Springer 2007). Amdahl's law has κ = 0, and linear scaling σ = κ = 0. Everything that follows from a law is null where
/// the fit is not `accepted`; what was measured (`efficiency`, `saturation_…`, `knee`) does not depend on a law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scaling {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// What "throughput" means in this record.
    pub metric: ScalingMetric,
    /// How many levels there are.
    pub levels: usize,
    /// How many runs there are.
    pub points: usize,
    /// The law that describes the levels best; null where none could be fitted.
    pub model: Option<Law>,
    /// Whether the law may be relied on.
    pub accepted: bool,
    /// Why the fit is rejected; null where it is accepted.
    pub reason: Option<Rejection>,
    /// What there is to know of the fit, in words: why it is rejected, or how the law was reduced.
    pub explanation: Option<String>,
    /// What the residuals are, and with them `residual_standard_error`; null where no law was fitted.
    pub residuals: Option<Residuals>,
    /// λ: throughput of one request in flight at a time, 1/s.
    pub lambda: Option<f64>,
    /// σ: the share of the work that can't be done side by side (contention), from 0 to 1.
    pub sigma: Option<f64>,
    /// κ: what keeping each pair of requests consistent costs (coherency).
    pub kappa: Option<f64>,
    /// Standard error of λ; null where it can't be told. Standard errors and intervals are those of the law with all three
    /// parameters, whichever law was chosen, as the choice itself is not certain.
    pub lambda_se: Option<f64>,
    /// Standard error of σ.
    pub sigma_se: Option<f64>,
    /// Standard error of κ.
    pub kappa_se: Option<f64>,
    /// Lower end of the interval of λ.
    pub lambda_ci_low: Option<f64>,
    /// Upper end of the interval of λ.
    pub lambda_ci_high: Option<f64>,
    /// Lower end of the interval of σ, not below 0.
    pub sigma_ci_low: Option<f64>,
    /// Upper end of the interval of σ.
    pub sigma_ci_high: Option<f64>,
    /// Lower end of the interval of κ, not below 0.
    pub kappa_ci_low: Option<f64>,
    /// Upper end of the interval of κ.
    pub kappa_ci_high: Option<f64>,
    /// The share of the variance of the throughput that the law explains.
    pub r_squared: Option<f64>,
    /// Standard deviation of the residuals; 1/s, or relative, as `residuals` says.
    pub residual_standard_error: Option<f64>,
    /// Akaike's criterion for each law, with the correction for few points.
    pub aicc: Aicc,
    /// The concurrency of the highest throughput, √((1−σ)/κ), rounded down; null where κ is 0.
    pub peak_concurrency: Option<u64>,
    /// Lower end of the interval of the peak's concurrency.
    pub peak_ci_low: Option<f64>,
    /// Upper end of the interval of the peak's concurrency; null where κ can't be told from 0, so that there may be no peak.
    pub peak_ci_high: Option<f64>,
    /// The highest throughput that the law predicts, at `peak_concurrency`, 1/s.
    pub peak_throughput: Option<f64>,
    /// 1/σ, where linear growth would meet the limit, or where a plateau begins; more in flight than this mostly waits.
    pub optimal_concurrency: Option<f64>,
    /// λ/σ, the throughput that contention alone never lets pass, or that of a plateau, 1/s.
    pub limit_throughput: Option<f64>,
    /// Whether the peak lies above the highest level, where nothing was measured; null where there is none.
    pub is_peak_extrapolated: Option<bool>,
    /// Whether a level above the best one is lower by more than noise; null without repetitions at these levels.
    pub is_fall_measured: Option<bool>,
    /// Whether the law describes the levels clearly better than a plateau would, so that σ and κ say what holds it back.
    pub is_told_from_plateau: Option<bool>,
    /// Whether the optimal concurrency is more than twice the highest level.
    pub is_optimal_extrapolated: Option<bool>,
    /// Whether the limit is more than twice the best throughput that was measured.
    pub is_limit_extrapolated: Option<bool>,
    /// The level at which growth bends off the most, by the Kneedle algorithm; null where there is no such bend.
    pub knee: Option<u32>,
    /// The lowest level with at least 95 % of the best throughput measured.
    pub saturation_concurrency: Option<u32>,
    /// The mean throughput at that level, 1/s.
    pub saturation_throughput: Option<f64>,
    /// The lowest level, which efficiencies are relative to. With another one than 1 they say nothing of what is lost
    /// below it.
    pub efficiency_base: Option<u32>,
    /// Every level, ascending.
    pub efficiency: Vec<LevelEfficiency>,
    /// The accepted law from the lowest to the highest level, ascending; empty where the fit is rejected.
    pub curve: Vec<CurvePoint>,
}

/// What is counted as work done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScalingMetric {
    /// Successful requests per second.
    Goodput,
    /// Completed requests per second, where it is not known which of them succeeded.
    Throughput,
}

/// A law of scaling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// The Universal Scalability Law: contention and coherency.
    Usl,
    /// Amdahl's law: contention only.
    Amdahl,
    /// In proportion to the concurrency.
    Linear,
    /// Linear growth, or Amdahl's law, up to a throughput that is not exceeded: X = min(λN / (1 + σ(N−1)), C).
    Plateau,
    /// A pool that requests queue for: X = C (1 − B(N, C/λ)), with Erlang's B.
    Pool,
}

/// What a residual is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Residuals {
    /// Measured less predicted throughput, 1/s: of levels with single runs.
    Absolute,
    /// The logarithm of measured over predicted throughput: of levels with repetitions, whose noise grows with their size.
    Relative,
}

/// Why a fit is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// There are fewer than four levels with a throughput.
    TooFewLevels,
    /// The highest level is less than four times the lowest.
    NotEnoughRange,
    /// No minimum of the residuals was found.
    DidNotConverge,
    /// Throughput does not grow over the levels measured, so that nothing is known of how it grew before.
    DoesNotGrow,
    /// The levels lie beside the law in a way that chance does not explain, by an amount that matters.
    SystematicResiduals,
    /// The law explains too little of what was measured.
    ExplainsTooLittle,
}

/// Akaike's information criterion with the correction for few points, per law; null where a law could not be fitted, or
/// there are too few points for the correction.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Aicc {
    /// Of the Universal Scalability Law.
    pub usl: Option<f64>,
    /// Of Amdahl's law.
    pub amdahl: Option<f64>,
    /// Of linear scaling.
    pub linear: Option<f64>,
    /// Of growth that ends on a plateau.
    pub plateau: Option<f64>,
    /// Of a pool that requests queue for.
    pub pool: Option<f64>,
}

/// How much of linear growth is left at one level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelEfficiency {
    /// The level.
    pub concurrency: u32,
    /// How many runs there are.
    pub runs: usize,
    /// Mean throughput, 1/s.
    pub throughput: f64,
    /// X(N)·N₀ / (N·X(N₀)), with N₀ the lowest level; null where the throughput there is zero.
    pub efficiency: Option<f64>,
}

/// One point of a law's curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurvePoint {
    /// Requests in flight.
    pub concurrency: f64,
    /// What the law predicts, 1/s.
    pub throughput: f64,
    /// Lower end of the interval of that prediction, 1/s; null where the residuals leave no degree of freedom.
    pub low: Option<f64>,
    /// Upper end of the interval of that prediction, 1/s.
    pub high: Option<f64>,
}

/// How far one framework meets an objective in one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Capacity {
    /// The framework.
    pub framework: String,
    /// The scenario; empty where there is only one.
    pub scenario: String,
    /// The objective, such as `p99<200ms,errors<1%`.
    pub slo: String,
    /// What `concurrency` is.
    pub outcome: CapacityOutcome,
    /// The highest concurrency that meets all conditions, rounded down; null where none does, or it is not known.
    pub concurrency: Option<u32>,
    /// The same with the worst repetition of each level; 0 where not even the lowest level meets it. Null without
    /// repetitions.
    pub low: Option<u32>,
    /// The same with the best repetition of each level; the highest level measured where all meet it. Null without
    /// repetitions.
    pub high: Option<u32>,
    /// The condition that is violated first; of an unknown capacity, the one that has no values. Null where all are met
    /// everywhere.
    pub limited_by: Option<String>,
    /// The lowest level that was measured and violates a condition.
    pub first_violation: Option<u32>,
    /// How many levels could be judged.
    pub levels: usize,
    /// The outcome in words.
    pub explanation: String,
}

/// What is known of a capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapacityOutcome {
    /// It lies between two levels that were measured.
    Between,
    /// Every level meets the objective: the capacity is at least the highest one.
    MetEverywhere,
    /// The lowest level already violates it.
    MetNowhere,
    /// There are no values for one of the conditions.
    Unknown,
}
