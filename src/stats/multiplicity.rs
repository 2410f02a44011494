//! p-values of several tests, adjusted so that they can be held against alpha as if there were only one.

/// Adjusts by Holm's method: with `1 - alpha` no true hypothesis is rejected, whatever the tests have to do with each
/// other. The `i`-th of the result belongs to the `i`-th p-value.
///
/// `family` is how many tests there are in all, where those that are not given are taken to find nothing; with fewer than
/// are given, those given are all. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
/// of Statistics 6 (1979).
pub fn holm(p_values: &[f64], family: usize) -> Vec<f64> {
    let family = family.max(p_values.len());
    let mut largest = 0.0_f64;
    in_order(p_values, ascending(p_values).into_iter().enumerate(), |rank, p| {
        largest = largest.max(p * (family - rank) as f64).min(1.0);
        largest
    })
}

/// Adjusts by the method of Benjamini and Hochberg: among the hypotheses rejected at alpha, a share of at most alpha is
/// expected to be true, if the tests are independent. The `i`-th of the result belongs to the `i`-th p-value.
///
/// Benjamini and Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57 (1995).
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut smallest = 1.0_f64;
    in_order(p_values, ascending(p_values).into_iter().enumerate().rev(), |rank, p| {
        smallest = smallest.min(p * p_values.len() as f64 / (rank + 1) as f64);
        smallest
    })
}

/// The places of p-values, the smallest first.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..p_values.len()).collect();
    let at = |place: &usize| p_values.get(*place).copied().unwrap_or(1.0);
    places.sort_by(|a, b| at(a).total_cmp(&at(b)));
    places
}

/// Calls `adjust` with ranks and p-values in the order given, and puts its results where the p-values stand.
fn in_order(
    p_values: &[f64],
    order: impl Iterator<Item = (usize, usize)>,
    mut adjust: impl FnMut(usize, f64) -> f64,
) -> Vec<f64> {
    let mut adjusted = p_values.to_vec();
    for (rank, place) in order {
        if let Some(p) = adjusted.get_mut(place) {
            *p = adjust(rank, *p);
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_all(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn adjusted_as_in_r() {
        // R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.8), "holm"), and "BH"
        let p = [0.01, 0.04, 0.03, 0.005, 0.8];
        assert_all(&holm(&p, 5), &[0.04, 0.09, 0.09, 0.025, 0.8]);
        assert_all(&benjamini_hochberg(&p), &[0.025, 0.05, 0.05, 0.025, 0.8]);
    }

    #[test]
    fn a_larger_family_is_stricter() {
        assert_all(&holm(&[0.01, 0.02], 10), &[0.1, 0.18]);
        assert_all(&holm(&[0.01, 0.02], 0), &[0.02, 0.02]);
        assert_all(&holm(&[], 3), &[]);
        assert_all(&benjamini_hochberg(&[]), &[]);
        assert_all(&holm(&[0.9, 0.6], 2), &[1.0, 1.0]);
    }
}
