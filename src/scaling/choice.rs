//! Which of the laws describes the levels best.
//!
//! By Akaike's criterion with the correction for few points (Hurvich and Tsai, Biometrika 76, 1989). With few points that
//! correction is so large, or not even defined, that it would keep a narrow law against all evidence; so a law is not kept
//! either where a wider one reduces the residuals by more than chance would (the extra-sum-of-squares F test; Bates and
//! Watts, *Nonlinear Regression Analysis*, Wiley 1988, section 3.10).

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::data::Data;
use super::fit::{Fit, Held, fit};
use super::flat::{corner, pool};
use super::{Aicc, Law, Residuals};

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
    /// Whether a plateau would describe the levels clearly worse, so that the law says why throughput ends.
    pub(super) is_told_from_plateau: bool,
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
    let plateau = better(data.runs, corner(data, false), corner(data, true));
    let pool = pool(data);
    let aicc = Aicc {
        usl: criterion(&usl),
        amdahl: criterion(&amdahl),
        linear: criterion(&linear),
        plateau: criterion(&plateau),
        pool: criterion(&pool),
    };

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
    let (law, fit, of_smooth) = chosen?;
    let is_pool = match (&plateau, &pool) {
        (Some(plateau), Some(pool)) => is_preferred(data.runs, pool, plateau),
        (plateau, _) => plateau.is_none(),
    };
    let (flat_law, flat) = if is_pool { (Law::Pool, pool) } else { (Law::Plateau, plateau) };
    let Some(flat) = flat else {
        return Some(Chosen { law, fit, aicc, unbounded, bound, is_told_from_plateau: true });
    };
    let is_needed = is_wider_needed(data.runs, &flat, &fit, alpha) || falls_level_by_level(data, alpha);
    let is_told_from_plateau = match (of_smooth, criterion(&Some(flat.clone()))) {
        (Some(smooth), Some(flat)) => smooth + CLEARLY <= flat || (is_needed && smooth < flat),
        _ => is_needed,
    };
    if is_preferred(data.runs, &fit, &flat) || is_needed {
        return Some(Chosen { law, fit, aicc, unbounded, bound, is_told_from_plateau });
    }
    Some(Chosen { law: flat_law, fit: flat, aicc, unbounded: None, bound: None, is_told_from_plateau: false })
}

/// Whether throughput falls from the best level on to each next one, so many times that chance does not explain it: of k
/// levels one order in k! does. Repetitions say more than that.
fn falls_level_by_level(data: &Data, alpha: f64) -> bool {
    let best = data.levels.iter().map(|level| level.mean).fold(f64::NEG_INFINITY, f64::max);
    let from_best = data.levels.iter().map(|level| level.mean).skip_while(|mean| *mean < best);
    let on_it: Vec<f64> = from_best.filter(|_| data.residuals == Residuals::Absolute).collect();
    let orders: f64 = (1..=on_it.len()).map(|level| level as f64).product();
    on_it.windows(2).all(|two| matches!(two, [before, after] if after < before)) && orders.recip() < alpha
}

/// Criteria that differ by this much leave the worse law a likelihood of 5 % of the better one: e^(−6/2).
const CLEARLY: f64 = 6.0;

/// Whether the first of two laws describes the levels better by Akaike's criterion; where it is not defined for both, by
/// what is left.
fn is_preferred(runs: usize, one: &Fit, other: &Fit) -> bool {
    match (aicc(runs, one), aicc(runs, other)) {
        (Some(one), Some(other)) => one + TIE < other,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => one.squares < other.squares,
    }
}

/// The better of two fits of the same law, of which the second has a parameter more.
fn better(runs: usize, narrow: Option<Fit>, wide: Option<Fit>) -> Option<Fit> {
    match (narrow, wide) {
        (Some(narrow), Some(wide)) => Some(if is_preferred(runs, &wide, &narrow) { wide } else { narrow }),
        (narrow, wide) => narrow.or(wide),
    }
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
