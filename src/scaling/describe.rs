//! One record per framework and scenario, put together from the fit, the levels and what follows from both.

use super::acceptance::{Quality, quality, reject_fit, reject_levels};
use super::choice::{Bound, Chosen, choose};
use super::data::Data;
use super::knee::knee;
use super::levels::{efficiency, saturation};
use super::series::{Level, Series, series};
use super::uncertainty::{Estimate, Uncertainty, curve, residual_variance};
use super::{Aicc, Law, Rejection, Residuals, Scaling};
use crate::language::Language;
use crate::record::Runs;
use crate::stats::log_ratio;

/// Beyond so many times the highest level nothing is said without saying that it is extrapolated.
const MEASURED_REACH: f64 = 2.0;

/// How every framework scales in every scenario, in the order of their first runs. Intervals have the level `1 - alpha`.
///
/// Only runs whose level is a concurrency count. Cells and frameworks that mostly fail are no points, and a framework
/// without any point has no record. Explanations are in the `language`.
pub fn describe_scaling(runs: &Runs, alpha: f64, language: Language) -> Vec<Scaling> {
    series(runs).iter().map(|series| describe(series, alpha, language)).collect()
}

fn describe(series: &Series<'_>, alpha: f64, language: Language) -> Scaling {
    let mut record = without_law(series, alpha);
    let Some(data) = Data::new(&series.levels) else { return record };
    if let Some(rejection) = reject_levels(&data) {
        return rejected(record, rejection, language);
    }
    let Some(chosen) = choose(&data, alpha) else { return rejected(record, Rejection::DidNotConverge, language) };
    let quality = quality(&data, &chosen);
    with_fit(&mut record, &data, &chosen, &quality, alpha);
    match reject_fit(&data, &chosen, &quality) {
        Some(rejection) => rejected(record, rejection, language),
        None => {
            record.explanation = reduction(&chosen, language);
            with_consequences(&mut record, &data, &chosen, &quality, alpha);
            record
        }
    }
}

/// What the levels say by themselves.
fn without_law(series: &Series<'_>, alpha: f64) -> Scaling {
    let efficiency = efficiency(&series.levels);
    let saturation = saturation(&efficiency);
    let points: Vec<(f64, f64)> =
        efficiency.iter().map(|level| (f64::from(level.concurrency), level.throughput)).collect();
    let knee = knee(&points).and_then(|index| efficiency.get(index)).map(|level| level.concurrency);
    Scaling {
        framework: series.key.framework.clone(),
        scenario: series.key.scenario.clone(),
        metric: series.metric,
        levels: series.levels.len(),
        points: series.levels.iter().map(|level| level.values.count()).sum(),
        model: None,
        accepted: false,
        reason: None,
        explanation: None,
        residuals: None,
        lambda: None,
        sigma: None,
        kappa: None,
        lambda_se: None,
        sigma_se: None,
        kappa_se: None,
        lambda_ci_low: None,
        lambda_ci_high: None,
        sigma_ci_low: None,
        sigma_ci_high: None,
        kappa_ci_low: None,
        kappa_ci_high: None,
        r_squared: None,
        residual_standard_error: None,
        aicc: Aicc::default(),
        peak_concurrency: None,
        peak_ci_low: None,
        peak_ci_high: None,
        peak_throughput: None,
        optimal_concurrency: None,
        limit_throughput: None,
        is_peak_extrapolated: None,
        is_fall_measured: falls(&series.levels, alpha),
        is_told_from_plateau: None,
        is_optimal_extrapolated: None,
        is_limit_extrapolated: None,
        knee,
        saturation_concurrency: saturation.map(|level| level.concurrency),
        saturation_throughput: saturation.map(|level| level.throughput),
        efficiency_base: efficiency.first().map(|level| level.concurrency),
        efficiency,
        curve: Vec::new(),
    }
}

/// Adds the law, how sure it is, and how well it fits.
fn with_fit(record: &mut Scaling, data: &Data, chosen: &Chosen, quality: &Quality, alpha: f64) {
    let law = chosen.fit.parameters;
    record.model = Some(chosen.law);
    record.residuals = Some(data.residuals);
    record.lambda = finite(law.lambda() * data.scale);
    record.sigma = finite(law.sigma);
    record.kappa = finite(law.kappa).filter(|_| law.ceiling.is_none());
    record.r_squared = quality.r_squared;
    record.aicc = chosen.aicc;
    record.residual_standard_error = residual_variance(data, &chosen.fit).and_then(|(variance, _)| {
        finite(match data.residuals {
            Residuals::Absolute => variance.sqrt() * data.scale,
            Residuals::Relative => variance.sqrt(),
        })
    });
    let widest = chosen.unbounded.as_ref().unwrap_or(&chosen.fit);
    if let Some(uncertainty) = Uncertainty::of(data, widest, quality.is_systematic, alpha) {
        // An estimate on a bound may lie outside of an interval that knows of none.
        let around = |index: usize, value: f64| {
            let estimate = uncertainty.parameter(widest, index)?;
            Some(Estimate { low: estimate.low.min(value), high: estimate.high.max(value), ..estimate })
        };
        if let Some(estimate) = around(0, law.log_lambda) {
            record.lambda_se = finite(estimate.standard_error * widest.parameters.lambda() * data.scale);
            record.lambda_ci_low = finite(estimate.low.exp() * data.scale);
            record.lambda_ci_high = finite(estimate.high.exp() * data.scale);
        }
        if let Some(estimate) = around(1, law.sigma) {
            record.sigma_se = finite(estimate.standard_error);
            record.sigma_ci_low = finite(estimate.low.max(0.0));
            record.sigma_ci_high = finite(estimate.high);
        }
        if let Some(estimate) = around(2, law.kappa).filter(|_| law.ceiling.is_none()) {
            record.kappa_se = finite(estimate.standard_error);
            record.kappa_ci_low = finite(estimate.low.max(0.0));
            record.kappa_ci_high = finite(estimate.high);
        }
    }
}

/// Adds what follows from a law that is accepted.
fn with_consequences(record: &mut Scaling, data: &Data, chosen: &Chosen, quality: &Quality, alpha: f64) {
    let law = chosen.fit.parameters;
    let highest = data.levels.last().map_or(0.0, |level| level.concurrency);
    let is_extrapolated = |concurrency: f64| MEASURED_REACH * highest < concurrency;
    let uncertainty = Uncertainty::of(data, &chosen.fit, quality.is_systematic, alpha);
    let best = record.efficiency.iter().map(|level| level.throughput).fold(0.0_f64, f64::max);
    record.accepted = true;
    record.is_told_from_plateau = Some(chosen.is_told_from_plateau);
    if let Some(peak) = law.peak() {
        // At least one request is in flight.
        let whole = peak.floor().max(1.0);
        record.peak_concurrency = Some(whole as u64);
        record.peak_throughput = law.throughput(whole).and_then(|throughput| finite(throughput * data.scale));
        record.is_peak_extrapolated = Some(highest < peak);
        let interval = uncertainty.as_ref().and_then(|uncertainty| uncertainty.peak(&chosen.fit));
        record.peak_ci_low = interval.map(|(low, _)| low);
        record.peak_ci_high = interval.and_then(|(_, high)| high);
    }
    if let Some(ceiling) = law.ceiling {
        record.limit_throughput = finite(ceiling.log.exp() * data.scale);
        record.optimal_concurrency = law.corner();
        record.is_optimal_extrapolated = record.optimal_concurrency.map(is_extrapolated);
    } else if 0.0 < law.sigma {
        record.optimal_concurrency = finite(law.sigma.recip());
        record.limit_throughput = finite(law.lambda() * data.scale / law.sigma);
        record.is_optimal_extrapolated = record.optimal_concurrency.map(is_extrapolated);
    }
    record.is_limit_extrapolated = record.limit_throughput.map(|limit| MEASURED_REACH * best < limit);
    record.curve = curve(data, &chosen.fit, uncertainty.as_ref());
}

/// Whether a level above the best one is lower, by more than noise and by 5 %; `None` where there are no repetitions to tell.
///
/// The best level was chosen by the data, so any two levels could have been told apart by chance.
fn falls(levels: &[Level], alpha: f64) -> Option<bool> {
    let best = levels.iter().max_by(|a, b| a.values.mean().total_cmp(&b.values.mean()))?;
    let pairs = (levels.len() * (levels.len() - 1) / 2).max(1) as f64;
    let above = levels.iter().filter(|level| best.concurrency < level.concurrency);
    let is_lower = |level: &Level| {
        let ratio = log_ratio(&best.values, &level.values)?;
        let (_, high) = ratio.interval(alpha / pairs)?;
        Some(high < 0.0 && ratio.estimate <= -FALL.ln_1p())
    };
    let told: Vec<bool> = above.filter_map(is_lower).collect();
    (!told.is_empty()).then(|| told.contains(&true))
}

/// A fall by less does not matter.
const FALL: f64 = 0.05;

fn rejected(mut record: Scaling, rejection: Rejection, language: Language) -> Scaling {
    record.accepted = false;
    record.reason = Some(rejection);
    record.explanation = Some(rejection.words(language).to_owned());
    record
}

/// How a law came to be simpler than the widest one.
fn reduction(chosen: &Chosen, language: Language) -> Option<String> {
    let (english, chinese) = match (chosen.law, chosen.bound) {
        (Law::Usl, Some(Bound::SigmaAtZero)) => {
            ("no contention is seen: sigma is at its bound of 0", "看不到争用：sigma 位于下界 0")
        }
        (Law::Usl, Some(Bound::SigmaAtOne)) => ("contention is at its bound of 1", "争用位于上界 1"),
        (Law::Usl, _) => return None,
        (Law::Amdahl, Some(Bound::KappaAtZero)) => {
            ("throughput has no peak: kappa is at its bound of 0", "吞吐量没有峰值：kappa 位于下界 0")
        }
        (Law::Amdahl, _) => (
            "kappa is too small to be told from 0, so Amdahl's law describes the levels as well",
            "kappa 太小，无法与 0 区分，因此阿姆达尔定律同样能描述各级别",
        ),
        (Law::Plateau, _) => (
            "throughput grows up to a plateau: no law that grows and falls describes the levels better",
            "吞吐量增长到一个平台：没有先增后减的定律能更好地描述各级别",
        ),
        (Law::Pool, _) => (
            "throughput levels off as where requests queue for a pool: no other law describes the levels better",
            "吞吐量趋平，如同请求在资源池前排队：没有其他定律能更好地描述各级别",
        ),
        (Law::Linear, _) => (
            "neither contention nor coherency can be told from 0, so growth is linear as far as was measured",
            "争用和一致性开销都无法与 0 区分，因此在测量范围内是线性增长",
        ),
    };
    Some(language.pick(english, chinese).to_owned())
}

impl Rejection {
    /// The reason in words.
    pub fn words(self, language: Language) -> &'static str {
        let (english, chinese) = match self {
            Self::TooFewLevels => ("a law needs four levels or more", "拟合定律至少需要四个级别"),
            Self::NotEnoughRange => (
                "the highest level is less than four times the lowest, which is too little to see a law in",
                "最高级别不到最低级别的四倍，范围太小，看不出定律",
            ),
            Self::DidNotConverge => ("no law comes closest to these levels", "拟合没有收敛"),
            Self::DoesNotGrow => (
                "throughput does not grow over the levels measured; measure lower ones",
                "吞吐量在测量的级别上没有增长；请测量更低的级别",
            ),
            Self::SystematicResiduals => (
                "the levels lie beside every law in a way that chance does not explain, by more than 5 %",
                "各级别与定律的偏差超过 5 %，且不能用偶然解释",
            ),
            Self::ExplainsTooLittle => (
                "the law explains less than 80 % of the variance of the throughput",
                "定律只能解释吞吐量方差的不到 80 %",
            ),
        };
        language.pick(english, chinese)
    }
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}
