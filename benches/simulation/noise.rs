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
    /// Half of the runs take 15 % longer, and vary by 1 % beside that.
    TwoModes,
    /// [`Self::Tail`] with a geometric mean of 1, that of lognormal noise.
    CentredTail(f64),
}

impl Noise {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lognormal(_) => "lognormal",
            Self::Tail(_) => "floor and exponential tail",
            Self::Outliers(_) => "lognormal with outliers",
            Self::TwoModes => "two modes",
            Self::CentredTail(_) => "floor and exponential tail, centred",
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
            Self::TwoModes => {
                let run = (0.01 * normal(random)).exp();
                if random.below(2) == 0 { 1.15 * run } else { run }
            }
            Self::CentredTail(spread) => Self::Tail(spread).draw(random) / tail_mean(spread),
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

/// The geometric mean of [`Noise::Tail`], by the midpoints of a thousand equal parts of its probability.
fn tail_mean(spread: f64) -> f64 {
    const PARTS: u32 = 1_000;
    let part = |index: u32| {
        let p = (f64::from(index) + 0.5) / f64::from(PARTS);
        (1.0 - spread - spread * (1.0 - p).ln()).ln()
    };
    ((0..PARTS).map(part).sum::<f64>() / f64::from(PARTS)).exp()
}
