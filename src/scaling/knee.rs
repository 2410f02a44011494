//! The level at which growth bends off the most, without a law.
//!
//! Kneedle: Satopää, Albrecht, Irwin, Raghavan, "Finding a 'Kneedle' in a Haystack", ICDCS Workshops 2011. Both axes are
//! brought to 0 to 1; where the curve stands highest above the diagonal, and then falls by more than the sensitivity times
//! the mean distance between levels, is the knee.

/// The sensitivity S that the paper recommends for data that is complete when it is looked at.
const SENSITIVITY: f64 = 1.0;

/// The index of the knee; `None` where the curve does not bend. `points` are level and throughput, levels ascending.
pub(super) fn knee(points: &[(f64, f64)]) -> Option<usize> {
    let (first, last) = (points.first()?.0, points.last()?.0);
    let (low, high) =
        points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, y)| (low.min(*y), high.max(*y)));
    if points.len() < 3 || last <= first || high <= low {
        return None;
    }
    let above: Vec<f64> = points.iter().map(|(x, y)| (y - low) / (high - low) - (x - first) / (last - first)).collect();
    let fall = SENSITIVITY / (points.len() - 1) as f64;
    let mut candidate: Option<(usize, f64)> = None;
    for (index, window) in above.windows(3).enumerate() {
        let [before, here, after] = *window else { continue };
        if before <= here && after <= here && 0.0 < here {
            candidate = Some((index + 1, here - fall));
        }
        if let Some((knee, threshold)) = candidate
            && after < threshold
        {
            return Some(knee);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_knee_of_the_paper() {
        // Figure 2 of the paper: y = −1/(x + 0.1) + 5 at ten points from 0 to 1 has its knee at 0.22.
        let points: Vec<(f64, f64)> =
            (0..10).map(|index| f64::from(index) / 9.0).map(|x| (x, -1.0 / (x + 0.1) + 5.0)).collect();
        assert_eq!(knee(&points), Some(2));
    }

    #[test]
    fn what_does_not_bend_has_no_knee() {
        let line: Vec<(f64, f64)> = (1..8).map(|n| (f64::from(n), f64::from(n) * 3.0)).collect();
        assert_eq!(knee(&line), None);
        let upwards: Vec<(f64, f64)> = (1..8).map(|n| (f64::from(n), f64::from(n).powi(2))).collect();
        assert_eq!(knee(&upwards), None);
        assert_eq!(knee(&[(1.0, 5.0), (2.0, 5.0), (3.0, 5.0)]), None);
        assert_eq!((knee(&[]), knee(&[(1.0, 1.0)]), knee(&[(1.0, 1.0), (2.0, 2.0)])), (None, None, None));
    }

    #[test]
    fn growth_that_stops_at_once_has_its_knee_there() {
        assert_eq!(knee(&[(1.0, 100.0), (2.0, 200.0), (4.0, 400.0), (8.0, 405.0), (16.0, 402.0)]), Some(2));
    }
}
