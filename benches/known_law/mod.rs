//! Runs of a known law with noise of a known size, and how often the intervals contain it. Used by the short test and by
//! the long simulation.

use benchplot::language::Language;
use benchplot::record::{Run, Runs};
use benchplot::scaling::{Law, Scaling, describe_scaling};

/// A law, and the noise that is laid over it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) lambda: f64,
    pub(crate) sigma: f64,
    pub(crate) kappa: f64,
    /// Standard deviation of the noise over the throughput.
    pub(crate) cv: f64,
    pub(crate) levels: [u32; 8],
    pub(crate) repetitions: usize,
}

/// What was counted over many data sets.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    pub(crate) data_sets: usize,
    /// How many intervals contain λ, σ and κ.
    pub(crate) covered: [usize; 3],
    /// How many contain the peak, of how many that have one.
    pub(crate) peak: (usize, usize),
    pub(crate) accepted: usize,
    /// How many were described by the full law.
    pub(crate) usl: usize,
}

impl Known {
    pub(crate) fn throughput(&self, n: f64) -> f64 {
        self.lambda * n / (1.0 + self.sigma * (n - 1.0) + self.kappa * n * (n - 1.0))
    }

    /// One data set with lognormal noise, whose median is the law.
    pub(crate) fn runs(&self, random: &mut Random) -> Vec<Run> {
        let spread = (self.cv * self.cv).ln_1p().sqrt();
        let levels = self.levels.iter().flat_map(|level| std::iter::repeat_n(*level, self.repetitions));
        levels
            .map(|level| {
                let throughput = self.throughput(f64::from(level)) * (spread * random.normal()).exp();
                Run {
                    framework: "known".to_owned(),
                    concurrency: Some(level),
                    avg_time_per_request: Some(1.0 / throughput),
                    ..Run::default()
                }
            })
            .collect()
    }

    /// Describes so many data sets and counts.
    pub(crate) fn count(&self, data_sets: usize, seed: u64) -> Counted {
        let mut random = Random(seed);
        let mut counted = Counted { data_sets, ..Counted::default() };
        for _ in 0..data_sets {
            for found in describe_scaling(&Runs::new(self.runs(&mut random)), 0.05, Language::English) {
                self.add(&mut counted, &found);
            }
        }
        counted
    }

    fn add(&self, counted: &mut Counted, found: &Scaling) {
        let contains = |low: Option<f64>, high: Option<f64>, truth: f64| {
            low.is_some_and(|low| low <= truth) && high.is_some_and(|high| truth <= high)
        };
        let covered = [
            contains(found.lambda_ci_low, found.lambda_ci_high, self.lambda),
            contains(found.sigma_ci_low, found.sigma_ci_high, self.sigma),
            contains(found.kappa_ci_low, found.kappa_ci_high, self.kappa),
        ];
        for (count, covered) in counted.covered.iter_mut().zip(covered) {
            *count += usize::from(covered);
        }
        if found.peak_ci_low.is_some() {
            let peak = ((1.0 - self.sigma) / self.kappa).sqrt();
            // Without an upper end it reaches as far as one likes.
            let high = found.peak_ci_high.or(Some(f64::INFINITY));
            counted.peak.0 += usize::from(contains(found.peak_ci_low, high, peak));
            counted.peak.1 += 1;
        }
        counted.accepted += usize::from(found.accepted);
        counted.usl += usize::from(found.model == Some(Law::Usl));
    }
}

/// Random numbers with a seed: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A standard normal number (Box and Muller, Annals of Mathematical Statistics 29, 1958).
    fn normal(&mut self) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}
