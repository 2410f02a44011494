//! What runs vary by.

use benchplot::stats::SplitMix64;

/// A distribution of the time of a run, with a scale of about 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Noise {
    /// The logarithm is normal with this standard deviation.
    Lognormal(f64),
    /// A floor, and above it an exponential tail: the sum has this coefficient of variation.
    Tail(f64),
    /// Lognormal; one run in ten takes half as long again.
    Outliers(f64),
}

impl Noise {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lognormal(_) => "lognormal",
            Self::Tail(_) => "floor and exponential tail",
            Self::Outliers(_) => "lognormal with outliers",
        }
    }

    pub(crate) fn draw(self, random: &mut SplitMix64) -> f64 {
        match self {
            Self::Lognormal(spread) => (spread * normal(random)).exp(),
            Self::Tail(spread) => 1.0 - spread - spread * (1.0 - random.uniform()).ln(),
            Self::Outliers(spread) => {
                let run = (spread * normal(random)).exp();
                if random.below(10) == 0 { 1.5 * run } else { run }
            }
        }
    }

    pub(crate) fn draws(self, count: usize, random: &mut SplitMix64) -> Vec<f64> {
        (0..count).map(|_| self.draw(random)).collect()
    }
}

/// A standard normal number: Box and Muller, Annals of Mathematical Statistics 29 (1958).
fn normal(random: &mut SplitMix64) -> f64 {
    let radius = (-2.0 * (1.0 - random.uniform()).ln()).sqrt();
    radius * (2.0 * std::f64::consts::PI * random.uniform()).cos()
}
