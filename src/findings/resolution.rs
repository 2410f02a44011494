//! How finely a clock ticks, as its readings show: they are all whole multiples of one step.

use crate::record::Latency;

/// The steps that clocks tick in and tools print, s, the largest first.
const STEPS: [f64; 7] = [1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6];

/// How far a reading may lie from a whole multiple of the step, over the reading: what is lost when a decimal becomes
/// a float, or what a latency histogram loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readings {
    /// As the tool wrote them.
    Exact,
    /// Through a histogram, which is off by at most 2^-10.
    Histogram,
}

/// The largest step that all readings are multiples of. `None` where there are fewer than `least` readings that could
/// tell it from a finer one.
pub(super) fn step(readings: impl Iterator<Item = f64> + Clone, kind: Readings, least: usize) -> Option<f64> {
    let tolerance = match kind {
        Readings::Exact => 1e-9,
        Readings::Histogram => 1.0 / 1024.0,
    };
    // A reading of so many steps would be taken for a multiple of anything.
    let most_steps = 0.05 / tolerance;
    STEPS.into_iter().find(|step| {
        let steps = || readings.clone().map(|reading| reading / step);
        let is_multiple = |steps: f64| (steps - steps.round()).abs() <= tolerance * steps.max(1.0);
        let telling = steps().filter(|steps| 0.5 < *steps && *steps < most_steps).count();
        least <= telling && steps().all(is_multiple)
    })
}

/// Every latency of a run's summary but the mean and the deviation, which are computed and come in any size.
pub(super) fn read(latency: &Latency) -> impl Iterator<Item = f64> + Clone + use<> {
    [latency.min, latency.p50, latency.p75, latency.p90, latency.p95, latency.p99, latency.p99_9, latency.max]
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(readings: &[f64]) -> Option<f64> {
        step(readings.iter().copied(), Readings::Exact, 3)
    }

    #[test]
    fn the_step_is_the_largest_that_fits_all() {
        assert_eq!(exact(&[0.001, 0.002, 0.017]), Some(1e-3));
        assert_eq!(exact(&[0.01, 0.02, 0.37]), Some(0.01));
        assert_eq!(exact(&[0.387, 0.157, 0.136]), Some(1e-3));
        assert_eq!(exact(&[0.001_234_567_89, 0.002, 0.017]), None);
        assert_eq!(exact(&[0.001, 0.002]), None);
        assert_eq!(exact(&[]), None);
    }

    #[test]
    fn a_histogram_hides_no_step() {
        let readings = [0.001, 0.07003, 0.015, 0.029_01];
        assert_eq!(step(readings.into_iter(), Readings::Histogram, 3), Some(1e-3));
        // Beside readings of so many steps a histogram loses more than a step.
        assert_eq!(step([0.000_68, 0.001_32, 0.009_97].into_iter(), Readings::Histogram, 3), None);
    }
}
