//! The F distribution, as far as tests need it.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

/// The probability of an F statistic as large as this; `None` where degrees of freedom are missing.
pub fn f_tail(f: f64, above: f64, below: f64) -> Option<f64> {
    let distribution = FisherSnedecor::new(above, below).ok()?;
    f.is_finite().then(|| distribution.sf(f.max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_as_in_scipy() {
        // scipy.stats.f.sf(x, a, b)
        for (f, above, below, expected) in [(4.0, 5.0, 32.0, 0.006_236_829_352_671), (161.447_638_797, 1.0, 1.0, 0.05)]
        {
            let found = f_tail(f, above, below).unwrap();
            assert!((found - expected).abs() < 1e-9, "{found}");
        }
        assert_eq!((f_tail(f64::NAN, 1.0, 1.0), f_tail(1.0, 0.0, 1.0)), (None, None));
    }
}
