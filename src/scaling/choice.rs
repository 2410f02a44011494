//! Which of the three laws describes the levels best.
//!
//! By Akaike's criterion with the correction for few points (Hurvich and Tsai, Biometrika 76, 1989). With few points that
//! correction is so large, or not even defined, that it would keep a narrow law against all evidence; so a law is not kept
//! either where a wider one reduces the residuals by more than chance would (the extra-sum-of-squares F test; Bates and
//! Watts, *Nonlinear Regression Analysis*, Wiley 1988, section 3.10).

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::data::Data;
use super::fit::{Fit, Held, fit};
use super::{Aicc, Law};

/// The law that was chosen, and what stood beside it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chosen {
    pub(super) law: Law,
    pub(super) fit: Fit,
    pub(super) aicc: Aicc,
    /// The widest law without bounds: its intervals do not depend on the choice.
    pub(super) unbounded: Option<Fit>,
    /// What the bounds made of the widest law.
    pub(super) bound: Option<Bound>,
}

/// The bound that the widest law came to lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// Without it σ would be negative.
    SigmaAtZero,
    /// Without it σ would be above 1.
    SigmaAtOne,
    /// Without it κ would be negative.
    KappaAtZero,
}

/// A wider law that is preferred by less than this differs by nothing but the arithmetic.
const TIE: f64 = 1e-6;

/// Fits the laws and chooses; `None` where none can be fitted.
pub(super) fn choose(data: &Data, alpha: f64) -> Option<Chosen> {
    let unbounded = fit(data, Held::default());
    let widest = bounded(data, unbounded.as_ref(), true);
    let bound = widest.as_ref().and_then(|(_, bound)| *bound);
    let amdahl = bounded(data, fit(data, HELD_KAPPA).as_ref(), false);
    // On the bound of κ the widest law is Amdahl's, and no law of its own.
    let usl = widest.map(|(fit, _)| fit).filter(|fit| fit.free[2]);
    // And without σ Amdahl's law is linear.
    let amdahl = amdahl.map(|(fit, _)| fit).filter(|fit| 0.0 < fit.parameters.sigma);
    let linear = fit(data, Held { sigma: Some(0.0), kappa: Some(0.0) });
    let criterion = |fit: &Option<Fit>| fit.as_ref().and_then(|fit| aicc(data.runs, fit));
    let aicc = Aicc { usl: criterion(&usl), amdahl: criterion(&amdahl), linear: criterion(&linear) };

    let mut chosen: Option<(Law, Fit, Option<f64>)> = None;
    for (law, fit, aicc) in
        [(Law::Linear, linear, aicc.linear), (Law::Amdahl, amdahl, aicc.amdahl), (Law::Usl, usl, aicc.usl)]
    {
        let Some(fit) = fit else { continue };
        let is_better = chosen.as_ref().is_none_or(|(_, narrower, of_narrower)| {
            let is_lower = matches!((aicc, *of_narrower), (Some(wide), Some(narrow)) if wide + TIE < narrow);
            is_lower || is_wider_needed(data.runs, narrower, &fit, alpha)
        });
        if is_better {
            chosen = Some((law, fit, aicc));
        }
    }
    chosen.map(|(law, fit, _)| Chosen { law, fit, aicc, unbounded, bound })
}

const HELD_KAPPA: Held = Held { sigma: None, kappa: Some(0.0) };

/// The best fit with 0 ≤ σ ≤ 1 and 0 ≤ κ, and the bound that it lies on. Where the free fit is outside, the best one is on a
/// bound, so each of them is tried.
fn bounded(data: &Data, unbounded: Option<&Fit>, with_kappa: bool) -> Option<(Fit, Option<Bound>)> {
    let is_inside = |fit: &Fit| (0.0..=1.0).contains(&fit.parameters.sigma) && 0.0 <= fit.parameters.kappa;
    if let Some(inside) = unbounded.filter(|fit| is_inside(fit)) {
        return Some((inside.clone(), None));
    }
    let kappa = if with_kappa { None } else { Some(0.0) };
    let sides = [
        (Held { sigma: Some(0.0), kappa }, Bound::SigmaAtZero),
        (Held { sigma: Some(1.0), kappa }, Bound::SigmaAtOne),
        (HELD_KAPPA, Bound::KappaAtZero),
    ];
    let corners = [
        (Held { sigma: Some(0.0), kappa: Some(0.0) }, Bound::KappaAtZero),
        (Held { sigma: Some(1.0), kappa: Some(0.0) }, Bound::SigmaAtOne),
    ];
    let best = |candidates: &[(Held, Bound)]| {
        let fits = candidates.iter().filter_map(|(held, bound)| Some((fit(data, *held)?, Some(*bound))));
        fits.filter(|(fit, _)| is_inside(fit)).min_by(|(a, _), (b, _)| a.squares.total_cmp(&b.squares))
    };
    best(&sides).or_else(|| best(&corners))
}

/// Akaike's criterion; the variance of the residuals counts as a parameter. `None` where there are too few runs.
fn aicc(runs: usize, fit: &Fit) -> Option<f64> {
    let (n, k) = (runs as f64, (fit.parameters_count() + 1) as f64);
    let spare = n - k - 1.0;
    (0.0 < spare).then(|| n * (fit.squares / n).ln() + 2.0 * k + 2.0 * k * (k + 1.0) / spare)
}

/// Whether a wider law leaves so much less that chance does not explain it.
fn is_wider_needed(runs: usize, narrow: &Fit, wide: &Fit, alpha: f64) -> bool {
    let more = wide.parameters_count().saturating_sub(narrow.parameters_count());
    let freedom = runs.saturating_sub(wide.parameters_count());
    if more == 0 {
        // Neither contains the other, and both cost the same.
        return wide.squares < narrow.squares * (1.0 - TIE);
    }
    let f = (narrow.squares - wide.squares) / more as f64 / (wide.squares / freedom as f64);
    f_tail(f, more, freedom).is_some_and(|p| p < alpha)
}

/// The probability of an F statistic as large as this; `None` where degrees of freedom are missing.
pub(super) fn f_tail(f: f64, above: usize, below: usize) -> Option<f64> {
    let distribution = FisherSnedecor::new(above as f64, below as f64).ok()?;
    f.is_finite().then(|| distribution.sf(f.max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_f_as_in_scipy() {
        // scipy.stats.f.sf(x, a, b)
        for (f, above, below, expected) in [(4.0, 5, 32, 0.006_236_829_352_671), (161.447_638_797, 1, 1, 0.05)] {
            let found = f_tail(f, above, below).unwrap();
            assert!((found - expected).abs() < 1e-9, "{found}");
        }
        assert_eq!((f_tail(f64::NAN, 1, 1), f_tail(1.0, 0, 1)), (None, None));
    }
}
